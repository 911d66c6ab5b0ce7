"""Maya's scene as the panel's host: what every host does, and what only this one does."""

from __future__ import annotations

import pytest
from host_contract import HostContract, SceneContract, Stage, make_image, written
from maya import cmds, utils
from scene_tools import material, texture

from rgbcloud import PointCloud, Recipe, RgbcloudError, count, palette_for
from rgbcloud_maya.maya_host import MayaHost


class TestMayaHost(HostContract, SceneContract):
    @pytest.fixture
    def stage(self, tmp_path):
        for number, name in enumerate(("ash", "oak")):
            texture(name, make_image(tmp_path / f"{name}.png", number))
        return Stage(MayaHost(), MayaHost, cmds.undo)


def test_a_texture_says_what_uses_it_and_what_speaks_against_reducing_it(tmp_path):
    color = texture("color", make_image(tmp_path / "color.png"))
    height = texture("height", make_image(tmp_path / "height.png"), "Raw")
    shader, _ = material("skin", color=color)
    bump = cmds.shadingNode("bump2d", asUtility=True)
    cmds.connectAttr(f"{height}.outAlpha", f"{bump}.bumpValue")
    cmds.connectAttr(f"{bump}.outNormal", f"{shader}.normalCamera")
    refs = {ref.key: ref for ref in MayaHost().textures()}
    assert refs["color"].users == refs["height"].users == ("skin",)
    assert refs["color"].warning == ""
    assert "its colour space is Raw" in refs["height"].warning
    assert refs["height"].color_space == "Raw"


def test_tiles_are_one_texture(tmp_path):
    files = tuple(make_image(tmp_path / f"wood.{number}.png", number) for number in (1001, 1002))
    texture("wood", files[0], uvTilingMode=3)
    host = MayaHost()
    (ref,) = host.textures()
    assert ref.files == files
    host.adopt(written(host, [ref]))
    assert host.textures()[0].reduced == "wood.k3.1001.png"


def test_a_node_that_was_deleted_since_keeps_all_from_being_adopted(tmp_path):
    for name in ("ash", "oak"):
        texture(name, make_image(tmp_path / f"{name}.png"))
    host = MayaHost()
    before = host.textures()
    results = written(host, before)
    cmds.delete("oak")
    with pytest.raises(RgbcloudError, match="there is no node oak"):
        host.adopt(results)
    assert host.textures() == before[:1]


def test_textures_that_are_missing_are_listed_and_say_so(tmp_path):
    texture("gone", tmp_path / "gone.png")
    (ref,) = MayaHost().textures()
    assert ref.files == ()
    assert ref.problem.startswith("gone: ")
    assert "gone.png: no such file or directory; check the path" in ref.problem
    with pytest.raises(RgbcloudError, match=r"gone\.png: no such file"):
        MayaHost().plan(ref, Recipe.of(colors=3))


def test_moved_locators_are_the_palette(tmp_path):

    texture("wood", make_image(tmp_path / "wood.png"))
    host = MayaHost()
    (ref,) = host.textures()
    counts = count(ref.files[0])
    cloud = PointCloud.from_histogram(counts.histogram, palette_for(counts, Recipe.of(colors=2)))
    host.scene.show_cloud(ref, Recipe.of(colors=2), cloud, "source")
    locator = next(name for name in cmds.ls(type="transform") if name.startswith("c_"))
    cmds.setAttr(f"{locator}.translate", 10, 0, 0)
    palette = host.scene.locator_palette(ref)
    assert palette.to_hex()[0] == "#ff0000"
    host.adopt(written(host, [ref], Recipe.of(colors=2, locked=palette.to_hex())))
    assert host.textures()[0].reduced.startswith("wood.k2.lock")


@pytest.mark.interactive
def test_it_tells_of_what_happens_in_the_scene(tmp_path):
    texture("wood", make_image(tmp_path / "wood.png"))
    host, told = MayaHost(), []
    host.watch(lambda: told.append([ref.key for ref in host.textures()]))
    for happen in (
        lambda: cmds.rename("wood", "oak"),
        cmds.undo,
        cmds.redo,
        lambda: cmds.file(new=True, force=True),
    ):
        happen()
        utils.processIdleEvents()
    assert told == [["oak"], ["wood"], ["oak"], []]


@pytest.mark.interactive
def test_only_the_last_that_watches_is_told():
    host, first, second = MayaHost(), [], []
    host.watch(lambda: first.append(1))
    host.watch(lambda: second.append(1))
    cmds.file(new=True, force=True)
    utils.processIdleEvents()
    assert (first, second) == ([], [1])
