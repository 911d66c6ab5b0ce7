"""Beside a studio's own modules and packages: neither hides the other's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from maya import cmds

ROOT = Path(__file__).resolve().parents[2] / "maya_plugin"
STAND_IN = Path(__file__).resolve().parents[1] / "maya_simulator"


def mayapy(*arguments, paths=()):
    """Run mayapy in a process of its own, on the stand-in if need be."""
    import maya

    stand_in = [STAND_IN] if STAND_IN in Path(maya.__file__).parents else []
    inherited = filter(None, [os.environ.get("PYTHONPATH")])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [*paths, *stand_in, *inherited]))}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.maya(2025)
def test_a_studio_s_modules_are_not_hidden_from_its_userSetup(tmp_path):
    # `mayapy FOLDER` puts FOLDER first on the path, and Maya runs every userSetup.py on it
    names = sorted(path.parent.name for path in (ROOT / "scripts" / "rgbcloud_maya").glob("*/__init__.py"))
    assert {"batch", "cloud", "commands", "nodes", "scene", "ui"} <= set(names)
    studio = tmp_path / "studio"
    studio.mkdir()
    for name in names:
        (studio / f"{name}.py").touch()
    code = f"import sys, {', '.join(names)}\nfor name in {names}: print(sys.modules[name].__file__)\n"
    (studio / "userSetup.py").write_text(code)
    cmds.file(rename=(tmp_path / "empty.ma").as_posix())
    cmds.file(save=True, type="mayaAscii")
    done = mayapy(ROOT / "scripts" / "rgbcloud_maya", "list", tmp_path / "empty.ma", paths=[studio])
    assert done.returncode == 0, done.stderr
    for name in names:
        assert str(studio / f"{name}.py") in done.stdout
