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


def only(value):
    """Return a result that Maya may give as itself or as a list of one."""
    (one,) = value if isinstance(value, list) else [value]
    return one


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
def test_the_command_of_the_checks_runs_tests_and_writes_a_report(tmp_path):
    command = re.search(r"mayapy (tests/check_in_maya\.py) --figures --report (\S+)", CHECKS)
    tests = tmp_path / "test_two.py"
    tests.write_text("def test_good():\n    pass\n\n\ndef test_bad():\n    assert 1 == 2\n")
    report = tmp_path / command[2]
    arguments = [sys.executable, command[1], "--report", report, tests, "tests/maya/test_cloud_file.py"]
    ended = subprocess.run(list(map(str, arguments)), cwd=TOP, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    text = report.read_text(encoding="utf-8")
    assert text.startswith("# rgbcloud checked in ")
    assert "numpy " in text
    assert "1 failed" in text
    assert "::test_bad: assert 1 == 2" in text


def test_checks_are_numbered():
    steps = re.findall(r"^(\d+)\. ", CHECKS, re.MULTILINE)
    assert [int(step) for step in steps] == list(range(1, len(steps) + 1))
    assert len(steps) > 20
    assert len(CHECKS.splitlines()) < 80  # a page


@pytest.mark.usefixtures("loaded_plugin")
def test_checks_name_flags_that_there_are():
    for command, flag in re.findall(r"`(rgbCloud\w*) -(\w+)", CHECKS):
        assert f"-{flag} " in only(getattr(cmds, command)(helpText=True))
