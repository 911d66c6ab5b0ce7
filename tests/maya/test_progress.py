"""The main progress bar: shown, cancelled with Esc, put away whatever happens."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from maya import cmds, mel
from PIL import Image

import rgbcloud_maya
from rgbcloud import CancelledError, Recipe
from rgbcloud_maya.scene.progress_bar import main_progress_bar
from rgbcloud_maya.scene.waiting import THREAD
from rgbcloud_maya.ui import buttons


@pytest.fixture
def bar():
    return mel.eval("$test_bar = $gMainProgressBar")


def test_no_file_stays_where_it_is_cancelled_before_the_scene_shows_it(node, wood):

    def cancel(_fraction, message):
        if message == "showing":
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        rgbcloud_maya.reduce([node], Recipe.of(colors=3), progress=cancel)
    assert [left.name for left in wood.parent.iterdir()] == [wood.name]
    assert cmds.getAttr(f"{node}.fileTextureName") == str(wood)


@pytest.mark.interactive
class TestBar:
    def test_it_shows_how_far_the_work_is(self, bar):
        with main_progress_bar() as progress:
            progress(0.25, "clustering")
            share = cmds.progressBar(bar, query=True, progress=True) / cmds.progressBar(
                bar, query=True, maxValue=True
            )
            assert share == 0.25
            assert cmds.progressBar(bar, query=True, status=True) == "rgbcloud: clustering"
            assert cmds.progressBar(bar, query=True, isInterruptable=True)

    def test_esc_cancels(self, bar, press_escape):
        with main_progress_bar() as progress:
            progress(0.25, "clustering")
            press_escape()
            with pytest.raises(CancelledError, match="cancelled"):
                progress(0.5, "clustering")

    def test_after_a_failure_it_can_begin_again(self, press_escape):
        def fail():
            with main_progress_bar():
                press_escape()
                raise KeyError("texel")

        with pytest.raises(KeyError, match="texel"):
            fail()
        with main_progress_bar() as progress:
            progress(0.5, "not cancelled any more")

    def test_a_cancelled_reduction_leaves_the_scene_as_it_was(
        self, tmp_path, press_escape, script_editor, monkeypatch
    ):
        path = tmp_path / "wood.png"
        texels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
        Image.fromarray(texels).save(path)
        node = cmds.shadingNode("file", asTexture=True, isColorManaged=True)
        cmds.setAttr(f"{node}.fileTextureName", path.as_posix(), type="string")
        cmds.select(node)
        edit = cmds.progressBar

        def impatient(*arguments, **flags):
            if flags.get("progress"):
                press_escape()
            return edit(*arguments, **flags)

        monkeypatch.setattr(cmds, "progressBar", impatient)
        buttons.reduce(3)
        assert script_editor("warning") == ["rgbcloud: cancelled; the scene is as it was"]
        assert cmds.getAttr(f"{node}.fileTextureName") == path.as_posix()
        for thread in threading.enumerate():
            if thread.name == THREAD:
                thread.join()
        assert [left.name for left in tmp_path.iterdir()] == ["wood.png"]


def test_in_batch_it_is_silent():
    with main_progress_bar() as progress:
        progress(0.5, "working")
