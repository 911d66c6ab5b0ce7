"""What a click does and says. Run as Maya runs it: the source of the button or the entry."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from maya import cmds
from PIL import Image

from rgbcloud_maya.ui.shelf import BUTTONS, call


def click(source):
    exec(source, {})


def button(label):
    return next(button for button in BUTTONS if button.label == label)


@pytest.fixture
def wood(tmp_path):
    """A texture of many colours."""
    texels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    path = tmp_path / "wood.png"
    Image.fromarray(texels).save(path)
    return path


@pytest.fixture
def node(wood):
    """A file node that shows it, selected."""
    made = cmds.shadingNode("file", asTexture=True, isColorManaged=True, name="wood")
    cmds.setAttr(f"{made}.fileTextureName", wood.as_posix(), type="string")
    cmds.select(made)
    return made


def shown(node):
    return Path(cmds.getAttr(f"{node}.fileTextureName")).name


class TestReduce:
    def test_a_click_takes_16_colours_and_says_what_it_saved(self, node, script_editor):
        click(button("Reduce").command)
        assert shown(node).startswith("wood.k16.")
        (text,) = [text for text in script_editor("info") if text.startswith("rgbcloud: ")]
        assert text.startswith("rgbcloud: textures: 1 reduced to 16 colours; 12.")
        assert " kB -> " in text

    @pytest.mark.parametrize("number", range(5))
    def test_its_menu_takes_other_sizes(self, node, number):
        text, source = button("Reduce").menu[number]
        click(source)
        assert shown(node).startswith(f"wood.k{text.split()[0]}.")

    def test_it_is_one_undo_step(self, node, wood):
        click(button("Reduce").command)
        cmds.undo()
        assert shown(node) == wood.name
        assert cmds.ls(selection=True) == [node]

    def test_again_it_says_that_nothing_changed(self, node, script_editor):
        click(button("Reduce").command)
        click(button("Reduce").command)
        assert script_editor("info")[-1] == "rgbcloud: textures: 1 as they were"

    def test_what_was_left_out_is_counted(self, node, script_editor):
        bump = cmds.shadingNode("bump2d", asUtility=True)
        other = cmds.duplicate(node)[0]
        cmds.connectAttr(f"{other}.outAlpha", f"{bump}.bumpValue")
        cmds.select([node, other])
        click(button("Reduce").command)
        assert "textures: 1 reduced to 16 colours, 1 left out; " in script_editor("info")[-1]


class TestWhatGoesWrong:
    def test_nothing_selected_is_told_not_raised(self, script_editor):
        cmds.select(clear=True)
        click(button("Reduce").command)
        (text,) = script_editor("error")
        assert text.startswith("rgbcloud: ")
        assert "select" in text

    def test_a_missing_file_is_told_not_raised(self, node, wood, script_editor):
        wood.unlink()
        click(button("Cloud").command)
        (text,) = script_editor("error")
        assert "wood" in text

    @pytest.mark.parametrize(
        "source", [b.command for b in BUTTONS] + [call("revert_all"), call("apply_locators")]
    )
    def test_without_numpy_every_button_says_what_to_do(self, node, script_editor, monkeypatch, source):
        monkeypatch.setitem(sys.modules, "numpy", None)
        click(source)
        (text,) = script_editor("error")
        assert text.startswith("rgbcloud: numpy is not installed for this Maya's Python")
        assert "Drag " in text


class TestRevert:
    def test_the_selection(self, node, wood, script_editor):
        click(button("Reduce").command)
        click(button("Revert").command)
        assert shown(node) == wood.name
        assert script_editor("info")[-1] == "rgbcloud: 1 texture shows its original again"

    def test_nothing_to_revert(self, node, script_editor):
        click(button("Revert").command)
        assert script_editor("info")[-1] == "rgbcloud: all of them show their originals already"

    def test_the_whole_scene_from_its_menu(self, node, wood):
        click(button("Reduce").command)
        cmds.select(clear=True)
        text, source = button("Revert").menu[0]
        assert text == "All textures of the scene"
        click(source)
        assert shown(node) == wood.name


class TestCloud:
    def test_built_and_rebuilt_with_another_palette(self, node, script_editor):
        click(button("Cloud").command)
        assert script_editor("info")[-1].endswith(" shows the colours of the selection and its palette of 16")
        locators = len(cmds.ls(type="locator"))
        click(button("Cloud").menu[1][1])
        assert len(cmds.ls(type="locator")) == locators - 16 + 7

    def test_removed(self, node, script_editor):
        click(button("Cloud").command)
        click(call("remove_cloud"))
        assert cmds.ls(type="particle") == []
        assert script_editor("info")[-1] == "rgbcloud: the cloud is removed"

    def test_locators_applied(self, node, wood, script_editor):
        click(button("Cloud").menu[0][1])
        click(call("apply_locators"))
        assert shown(node) != wood.name
        assert script_editor("info")[-1].startswith("rgbcloud: textures: 1 reduced to 3 colours; ")


@pytest.mark.interactive
class TestInTheViewport:
    def test_what_was_done_is_shown_there(self, node, script_editor):
        click(button("Reduce").command)
        (text,) = script_editor("inView")
        assert text.startswith("rgbcloud: textures: 1 reduced to 16 colours; ")
        assert "-&gt;" in text  # the message is HTML

    def test_unless_the_user_does_not_want_that(self, node, script_editor):
        cmds.optionVar(intValue=("inViewMessageEnable", 0))
        click(button("Reduce").command)
        cmds.optionVar(remove="inViewMessageEnable")
        assert script_editor("inView") == []
        assert script_editor("info")[-1].startswith("rgbcloud: ")
