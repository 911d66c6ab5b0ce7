"""Maya's scene as the panel's host: what every host does, and what only this one does."""

from __future__ import annotations

import pytest
from host_contract import HostContract, SceneContract, Stage, make_image, written
from maya import cmds, utils
from scene_tools import material, texture

from rgbcloud import PointCloud, Recipe, RgbcloudError, count, palette_for
from rgbcloud_maya import reduce
from rgbcloud_maya.ui.maya_host import MayaHost


def idle():
    """Let Maya do what it does when nobody does anything."""
    for _ in range(4):
        utils.processIdleEvents()


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
        idle()
    assert told == [["oak"], ["wood"], ["oak"], []]


@pytest.fixture
def told(tmp_path):
    """What the list of a host that watches was each time that it was told of something."""
    texture("wood", make_image(tmp_path / "wood.png"))
    make_image(tmp_path / "oak.png")
    host, told = MayaHost(), []
    host.watch(lambda: told.append(host.textures()))
    yield told
    host.stop_watching()


def path(tmp_path, name):
    return str(tmp_path / f"{name}.png")


@pytest.mark.interactive
@pytest.mark.parametrize(
    ("happen", "listed"),
    [
        (lambda folder: texture("oak", folder / "oak.png"), {"oak": "", "wood": ""}),
        (lambda folder: cmds.delete("wood"), {}),
        (
            lambda folder: cmds.setAttr("wood.fileTextureName", path(folder, "oak"), type="string"),
            {"wood": ""},
        ),
        (lambda folder: cmds.setAttr("wood.colorSpace", "Raw", type="string"), {"wood": ""}),
        (lambda folder: material("skin", color="wood"), {"wood": ""}),
        (lambda folder: reduce(["wood"], Recipe.of(colors=2)), {"wood": "wood.k2.png"}),
    ],
    ids=["new", "deleted", "path", "colour space", "material", "reduced"],
)
def test_it_hears_of_all_that_it_lists(told, tmp_path, happen, listed):
    cmds.undoInfo(openChunk=True)
    happen(tmp_path)
    cmds.undoInfo(closeChunk=True)
    idle()
    assert len(told) == 1  # however many commands it took
    assert {ref.key: ref.reduced for ref in told[0]} == listed
    cmds.undo()
    idle()
    assert {ref.key: ref.reduced for ref in told[-1]} == {"wood": ""}


@pytest.mark.interactive
def test_it_does_not_hear_what_it_does_not_list(told):
    cmds.createNode("transform", name="rig")
    cmds.setAttr("rig.translateX", 2)
    cmds.setAttr("wood.exposure", 1)
    idle()
    assert told == []


@pytest.mark.interactive
def test_many_renamed_nodes_are_one_event_and_look_at_no_file(told, tmp_path, monkeypatch, count_commands):
    nodes = [texture(f"ash{number}", tmp_path / "oak.png") for number in range(10)]
    idle()
    told.clear()
    monkeypatch.setattr("rgbcloud_maya.ui.maya_host.texture_of", None)  # nothing is looked for
    for number, node in enumerate(nodes):
        cmds.rename(node, f"elm{number}")
    with count_commands() as counted:
        idle()
    assert [[ref.key for ref in refs] for refs in told] == [[*(f"elm{n}" for n in range(10)), "wood"]]
    assert len(counted) < 20


@pytest.mark.interactive
def test_nothing_is_heard_after_the_end(tmp_path):
    texture("wood", make_image(tmp_path / "wood.png"))
    host, told = MayaHost(), []
    host.watch(lambda: told.append(1))
    cmds.rename("wood", "oak")
    host.stop_watching()
    cmds.rename("oak", "ash")
    cmds.file(new=True, force=True)
    idle()
    assert told == []


@pytest.mark.interactive
def test_only_the_last_that_watches_is_told():
    host, first, second = MayaHost(), [], []
    host.watch(lambda: first.append(1))
    host.watch(lambda: second.append(1))
    cmds.file(new=True, force=True)
    idle()
    assert (first, second) == ([], [1])
