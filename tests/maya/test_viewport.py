"""What the viewport is told to show anew: previews of tiles, replaced files, points after undo."""

from __future__ import annotations

import numpy as np
import pytest
from host_contract import written
from maya import cmds, utils
from scene_tools import checker, texture

import rgbcloud_maya
from rgbcloud import Recipe
from rgbcloud_maya import CloudOptions
from rgbcloud_maya.scene import viewport
from rgbcloud_maya.ui.maya_host import MayaHost

UDIM = 3


@pytest.fixture
def told(monkeypatch):
    """What `ogs` is told, as flags and values."""
    calls, ogs = [], cmds.ogs

    def tell(**flags):
        calls.extend(flags.items())
        return ogs(**flags)

    monkeypatch.setattr(cmds, "ogs", tell)
    return calls


@pytest.fixture
def tiles(tmp_path):
    """A `file` node of two tiles."""
    for number in (1001, 1002):
        checker(tmp_path / f"skin.{number}.png")
    return texture("skin", tmp_path / "skin.1001.png", uvTilingMode=UDIM)


def previews(told):
    return [value for flag, value in told if flag == "regenerateUVTilePreview"]


@pytest.mark.interactive
class TestInAWindow:
    def test_a_set_of_tiles_gets_a_new_preview(self, tiles, told):
        # Autodesk, "Loading multi-tiled UV textures"; ayon-maya's api/lib.py
        viewport.show_textures([tiles])
        assert previews(told) == [tiles]

    def test_windows_are_drawn_between_the_previews_of_many_sets(self, tiles, told, monkeypatch):
        copy = cmds.duplicate(tiles)[0]
        drawn = []
        monkeypatch.setattr(
            viewport, "repaint_between", lambda: lambda *_now: drawn.append(len(previews(told)))
        )
        viewport.show_textures([tiles, copy])
        assert len(previews(told)) == 2
        assert drawn == [0, 1]

    @pytest.mark.parametrize("attribute", ["uvTilingMode", "uvTileProxyQuality"])
    def test_what_shows_no_tiles_gets_none(self, tiles, told, attribute):
        cmds.setAttr(f"{tiles}.{attribute}", 0)
        viewport.show_textures([tiles])
        assert told == []

    def test_a_node_of_another_type_gets_none(self, told):
        cmds.loadPlugin("mtoa", quiet=True)
        viewport.show_textures([cmds.createNode("aiImage")])
        viewport.show_textures([])
        assert told == []

    def test_replaced_files_are_read_before_previews_are_made_of_them(self, tiles, told):
        viewport.show_textures([tiles], replaced=True)
        assert told == [("reloadTextures", True), ("regenerateUVTilePreview", tiles)]

    def test_undo_and_redo_make_a_new_one(self, tiles, told, tmp_path):
        cmds.setAttr(f"{tiles}.fileTextureName", str(tmp_path / "skin.k4.1001.png"), type="string")
        viewport.show_textures([tiles])
        cmds.undo()
        utils.processIdleEvents()
        utils.processIdleEvents()  # what the script job left for later
        assert previews(told) == [tiles] * 2
        cmds.redo()
        utils.processIdleEvents()
        utils.processIdleEvents()
        assert previews(told) == [tiles] * 3

    def test_everything_that_changes_what_a_set_shows_makes_a_new_one(self, tiles, told):
        rgbcloud_maya.reduce([tiles], Recipe.of(colors=4))
        assert previews(told) == [tiles]
        rgbcloud_maya.revert([tiles])
        assert previews(told) == [tiles] * 2
        rgbcloud_maya.build_cloud(tiles, Recipe.of(colors=2))
        rgbcloud_maya.apply_locators()
        assert previews(told) == [tiles] * 3
        host = MayaHost()
        host.adopt(written(host, host.textures()))
        assert previews(told) == [tiles] * 4
        cmds.undo()
        utils.processIdleEvents()
        utils.processIdleEvents()
        assert previews(told) == [tiles] * 5
        assert "reloadTextures" not in dict(told)

    def test_undoing_something_else_makes_none(self, tiles, told):
        viewport.show_textures([tiles])
        cmds.setAttr(f"{tiles}.colorGain", 0.5, 0.5, 0.5)
        cmds.undo()
        utils.processIdleEvents()
        utils.processIdleEvents()
        assert previews(told) == [tiles]

    def test_renamed_or_deleted_nodes_are_found_or_forgotten(self, tiles, told, tmp_path):
        cmds.setAttr(f"{tiles}.fileTextureName", str(tmp_path / "skin.k4.1001.png"), type="string")
        viewport.show_textures([tiles])
        cmds.undoInfo(stateWithoutFlush=False)
        renamed = cmds.rename(tiles, "face")
        cmds.undoInfo(stateWithoutFlush=True)
        cmds.undo()
        utils.processIdleEvents()
        utils.processIdleEvents()
        assert previews(told) == [tiles, renamed]
        cmds.delete(renamed)
        cmds.undo()
        cmds.redo()
        utils.processIdleEvents()
        utils.processIdleEvents()
        assert len(previews(told)) == 2

    @pytest.mark.parametrize(
        ("recipe", "options"),
        [
            (Recipe.of(colors=4), CloudOptions(budget=20)),
            (Recipe.of(colors=4), CloudOptions(budget=50, size=2.0)),
        ],
    )
    def test_undoing_another_cloud_shows_the_points_of_the_one_before(self, node, told, recipe, options):
        root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(budget=50))
        (shape,) = cmds.ls(root, dagObjects=True, type="particle", long=True)
        before = cmds.getAttr(f"{shape}.position")
        rgbcloud_maya.build_cloud(node, recipe, options)
        after = cmds.getAttr(f"{shape}.position")
        assert not np.array_equal(before, after)
        for undo, wanted in ((cmds.undo, before), (cmds.redo, after), (cmds.undo, before)):
            undo()
            utils.processIdleEvents()
            utils.processIdleEvents()
            assert cmds.getAttr(f"{shape}.position") == wanted
            assert not cmds.getAttr(f"{shape}.isDynamic")

    def test_nothing_is_watched_twice_or_after_the_plug_in_is_gone(self, tiles, told):
        for _ in range(2):
            viewport.watch()
        listed = list(viewport._jobs)
        assert len(listed) == 2
        viewport.stop_watching()
        assert not any(cmds.scriptJob(exists=job) for job in listed)


def test_without_a_window_nothing_is_told(tiles, told):
    viewport.show_textures([tiles], replaced=True)
    assert told == []
