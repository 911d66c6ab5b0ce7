"""What README.md and CHECK_IN_MAYA.md tell people to type does what they say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from maya import cmds, mel
from PIL import Image

TOP = Path(__file__).resolve().parents[2]
README = (TOP / "maya_plugin" / "README.md").read_text(encoding="utf-8")
CHECKS = (TOP / "maya_plugin" / "CHECK_IN_MAYA.md").read_text(encoding="utf-8")


def block(language):
    return re.search(rf"```{language}\n(.*?)```", README, re.DOTALL).group(1)


@pytest.fixture
def node(tmp_path):
    path = tmp_path / "wood.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)).save(path)
    made = cmds.shadingNode("file", asTexture=True, isColorManaged=True, name="file1")
    cmds.setAttr(f"{made}.fileTextureName", path.as_posix(), type="string")
    return made


def test_the_python_of_the_readme_runs(node, capsys):
    exec(block("python"), {})
    assert capsys.readouterr().out.startswith("file1 ")
    assert cmds.ls(type="particle")


def test_the_mel_of_the_readme_runs(node, monkeypatch):
    plugin = TOP / "maya_plugin" / "plug-ins" / "rgbcloud_plugin.py"
    mel.eval(block("mel").replace("rgbcloud_plugin.py", plugin.as_posix(), 1))
    assert cmds.ls(type="particle")
    assert Path(cmds.getAttr("file1.fileTextureName")).name == "wood.png"
    cmds.file(new=True, force=True)
    cmds.unloadPlugin("rgbcloud_plugin")


@pytest.mark.maya(2025)
def test_every_check_by_pytest_selects_tests():
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests/maya"]
    listed = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True).stdout.splitlines()
    checks = re.findall(r'`pytest (tests/maya/[^ `]*)(?: -k "?([^"`]*)"?)?`', CHECKS)
    assert len(checks) >= 10
    for path, words in checks:
        assert any(test.startswith(path) and words in test for test in listed), (path, words)


@pytest.mark.maya(2025)
def test_checks_are_numbered_and_say_how_and_what_to_expect():
    rows = [line.strip("|").split("|") for line in CHECKS.splitlines() if re.match(r"\| \d", line)]
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
    assert all(len(row) == 4 and all(cell.strip() for cell in row) for row in rows)
