"""Contract tests of the plug-in: in a real Maya where there is one, on the stand-in otherwise.

See `maya_fixtures` for how, and for what a test may ask for. Beside that:

``loaded_plugin``
    Load the plug-in for the test.
``wood``, ``node``
    An image file, and a `file` node that shows it.
``worn``
    A `file` node on a mesh, and the shading group of that.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from maya_fixtures import (  # noqa: F401 (pytest finds them here)
    _real_maya,
    answer_dialogs,
    count_commands,
    maya_version,
    press_escape,
    project,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_generate_tests,
    script_editor,
    unreadable_indexed_png,
)

sys.path.insert(0, str(Path(__file__).parent))  # scene_tools

PLUGIN = Path(__file__).resolve().parents[2] / "maya_plugin"
if PLUGIN.is_dir():
    sys.path.insert(0, str(PLUGIN / "scripts"))

    from rgbcloud_setup import packages

    packages.activate()  # numpy and Pillow, which a Maya lacks and the tests use, too


@pytest.fixture(autouse=True)
def stop_watching(request):
    """Let go of the script jobs and callbacks that a test may have started, while its Maya is still there."""
    request.getfixturevalue("maya_version")
    yield
    for name in ("scene.viewport", "models.shown_errors"):
        if f"rgbcloud_maya.{name}" in sys.modules:
            sys.modules[f"rgbcloud_maya.{name}"].stop_watching()


@pytest.fixture
def loaded_plugin():
    """The plug-in, loaded; unloaded after the test."""
    from maya import cmds

    cmds.loadPlugin(str(PLUGIN / "plug-ins" / "rgbcloud_plugin.py"), quiet=True)
    yield
    cmds.file(new=True, force=True)
    cmds.unloadPlugin("rgbcloud_plugin")


@pytest.fixture
def wood(tmp_path):
    """An image file."""
    from scene_tools import checker

    return checker(tmp_path / "wood.png")


@pytest.fixture
def node(wood):
    """A `file` node that shows it."""
    from scene_tools import texture

    return texture("tex", wood, "Utility - sRGB - Texture")


@pytest.fixture
def worn(tmp_path):
    """A texture of four bands on a strip of four faces; returns its node and the shading group."""
    from scene_tools import bands, material, strip, texture

    node = texture("tex", bands(tmp_path / "bands.png"))
    _, group = material("skin", node)
    strip(group=group)
    return node, group
