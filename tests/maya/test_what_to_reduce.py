"""Which textures are found, which should not be reduced, and what is said of those that cannot be."""

from __future__ import annotations

import pytest
from maya import cmds
from scene_tools import checker, differences, material, reverted, snapshot, strip, texture

import rgbcloud_maya
from rgbcloud import Recipe
from rgbcloud_maya import SceneError


@pytest.fixture
def wood(tmp_path):
    return checker(tmp_path / "wood.png")


def reduced_nodes(*names, **options):
    results = rgbcloud_maya.reduce(list(names) or None, Recipe.of(colors=2), **options)
    return [result.node for result in results if result.status == "reduced"]


def test_the_selected_node_is_reduced(wood):
    node = texture("tex", wood)
    texture("other", wood)
    cmds.select(node)
    assert reduced_nodes() == [node]
    assert cmds.ls(selection=True) == [node]


def test_a_material_leads_to_its_textures(wood):
    node = texture("tex", wood)
    shader, group = material(color=node)
    assert reduced_nodes(shader) == [node]
    rgbcloud_maya.revert([group])
    assert reduced_nodes(group) == [node]


def test_an_object_leads_to_the_textures_of_its_materials(wood):
    node = texture("tex", wood)
    _, group = material(color=node)
    cube = cmds.createNode("transform", name="box")
    shape = cmds.createNode("mesh", name="boxShape", parent=cube)
    cmds.sets(shape, edit=True, forceElement=group)
    parent = cmds.group(cube, name="props")
    assert reduced_nodes(parent) == [node]


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        (["strip.f[3]"], ["other"]),
        (["strip.f[0:1]"], ["tex"]),
        (["strip.f[1]", "strip.f[2]"], ["other", "tex"]),
        (["strip"], ["other", "tex"]),
        (["strip.f[3]", "lone"], ["lone", "other"]),
    ],
)
def test_faces_lead_to_the_textures_of_their_own_materials(wood, selected, expected):
    nodes = [texture(name, wood) for name in ("tex", "other", "lone")]
    (_, group), (_, other) = (material(f"{node}Mat", color=node) for node in nodes[:2])
    strip(group=group)
    cmds.sets("strip.f[2:3]", edit=True, forceElement=other)
    cmds.select(selected)
    assert sorted(reduced_nodes()) == expected
    rgbcloud_maya.revert()
    assert sorted(reduced_nodes(*selected)) == expected


def test_faces_without_a_material_are_named(wood):
    group = material(color=texture("tex", wood))[1]
    strip(group=group)
    cmds.sets("strip.f[3]", edit=True, remove=group)
    cmds.select("strip.f[3]")
    for names in (None, ["strip.f[3]"]):
        with pytest.raises(SceneError, match=r"strip.*f\[3\] has no material; assign one with a texture"):
            rgbcloud_maya.reduce(names)


@pytest.mark.parametrize("name", ["strip.f[9]", "nowhere.f[0]"])
def test_faces_that_are_not_there_are_named(wood, name):
    strip(group=material(color=texture("tex", wood))[1])
    with pytest.raises(SceneError, match=r"there are no faces .*; are their names right\?"):
        rgbcloud_maya.reduce([name])


def test_nodes_between_texture_and_material_are_seen_through(wood):
    node = texture("tex", wood)
    between, _ = material("between", color=node)
    shader, _ = material()
    cmds.connectAttr(f"{between}.outColor", f"{shader}.color")
    assert reduced_nodes(shader) == [node]


def test_nothing_selected_says_what_to_select():
    cmds.select(clear=True)
    with pytest.raises(SceneError, match="nothing is selected; select file nodes, or objects or materials"):
        rgbcloud_maya.reduce()


def test_a_node_that_is_not_there_is_named():
    with pytest.raises(SceneError, match="there is no node nowhere1 in the scene; is its name right"):
        rgbcloud_maya.reduce(["nowhere1"])


def test_an_object_without_textures_is_named():
    lonely = cmds.createNode("transform", name="lonely")
    with pytest.raises(SceneError, match="lonely has no texture; select a file node"):
        rgbcloud_maya.reduce([lonely])


def bump(node):
    bump2d = cmds.shadingNode("bump2d", asUtility=True)
    cmds.connectAttr(f"{node}.outAlpha", f"{bump2d}.bumpValue")


def normal(node):
    shader, _ = material()
    cmds.connectAttr(f"{node}.outColor", f"{shader}.normalCamera")


def displacement(node):
    shader = cmds.shadingNode("displacementShader", asShader=True)
    cmds.connectAttr(f"{node}.outAlpha", f"{shader}.displacement")


def bump_behind_another_node(node):
    between = cmds.createNode("network")
    for name in ("height", "scaled"):
        cmds.addAttr(between, longName=name, attributeType="double")
    bump2d = cmds.shadingNode("bump2d", asUtility=True)
    cmds.connectAttr(f"{node}.outColorR", f"{between}.height")
    cmds.connectAttr(f"{between}.scaled", f"{bump2d}.bumpValue")


def raw(node):
    cmds.setAttr(f"{node}.colorSpace", "Raw", type="string")


@pytest.mark.parametrize("use", [bump, normal, displacement, bump_behind_another_node, raw])
def test_what_holds_no_colours_is_left_out_unless_forced(wood, use):
    node, plain = texture("heights", wood), texture("plain", wood)
    use(node)
    first, second = rgbcloud_maya.reduce([node, plain], Recipe.of(colors=2))
    assert (first.status, second.status) == ("left out", "reduced")
    assert "heights was left out: it" in first.message
    assert "force it" in first.message
    assert cmds.getAttr(f"{node}.fileTextureName") == str(wood)
    assert reduced_nodes(node, force=True) == [node]


def test_leaving_everything_out_is_no_error(wood):
    node = texture("tex", wood, "Raw")
    before = snapshot()
    (result,) = rgbcloud_maya.reduce([node])
    assert result.status == "left out"
    assert differences(before, snapshot()) == []


def test_a_colour_texture_beside_a_bump_is_reduced(wood):
    color, height = texture("color", wood), texture("height", wood)
    bump(height)
    shader, _ = material(color=color)
    cmds.connectAttr(f"{cmds.ls(type='bump2d')[0]}.outNormal", f"{shader}.normalCamera")
    assert reduced_nodes(color) == [color]


def lock(node, tmp_path):
    cmds.setAttr(f"{node}.fileTextureName", lock=True)


def connect(node, tmp_path):
    driver = cmds.createNode("network", name="driver")
    cmds.addAttr(driver, longName="path", dataType="string")
    cmds.setAttr(f"{driver}.path", str(tmp_path / "wood.png"), type="string")
    cmds.connectAttr(f"{driver}.path", f"{node}.fileTextureName")


def lock_node(node, tmp_path):
    cmds.lockNode(node, lock=True)


def miss(node, tmp_path):
    cmds.setAttr(f"{node}.fileTextureName", str(tmp_path / "gone.png"), type="string")


def empty(node, tmp_path):
    cmds.setAttr(f"{node}.fileTextureName", "", type="string")


def unsupported(node, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    cmds.setAttr(f"{node}.fileTextureName", str(tmp_path / "notes.txt"), type="string")


def folder(node, tmp_path):
    cmds.setAttr(f"{node}.fileTextureName", str(tmp_path), type="string")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lock, "broken.fileTextureName is locked; unlock it first"),
        (connect, "broken.fileTextureName is driven by driver.path; disconnect it, or change the path there"),
        (lock_node, "broken is locked; unlock it first"),
        (miss, "broken: .*gone.png: no such file or directory; check the path"),
        (empty, "broken names no image; choose one"),
        (unsupported, "broken: .*notes.txt is not an image that can be read"),
        (folder, "broken: .* is a folder; name an image file"),
    ],
)
def test_what_cannot_be_reduced_is_named_and_the_others_are_done(wood, tmp_path, spoil, message):
    broken, whole = texture("broken", wood), texture("whole", checker(tmp_path / "stone.png"))
    spoil(broken, tmp_path)
    first, second = rgbcloud_maya.reduce([broken, whole], Recipe.of(colors=2))
    assert (first.status, second.status) == ("failed", "reduced")
    with pytest.raises(SceneError, match=message):
        raise SceneError(first.message)
    with pytest.raises(SceneError, match=message):
        rgbcloud_maya.reduce([broken], Recipe.of(colors=2))


def test_a_node_without_a_path_is_named_with_the_types_that_have_one(wood):
    place = cmds.createNode("place2dTexture", name="place")
    with pytest.raises(SceneError, match="place has no texture"):
        rgbcloud_maya.reduce([place])


def test_a_locked_colour_space_is_left_as_it_is(wood):
    node = texture("tex", wood, "ACEScg")
    cmds.setAttr(f"{node}.colorSpace", lock=True)
    assert reduced_nodes(node) == [node]
    assert cmds.getAttr(f"{node}.colorSpace") == "ACEScg"
    assert reverted([node]) == [node]


def test_a_path_that_was_locked_after_reducing_is_not_reverted(wood):
    node = texture("tex", wood)
    reduced_nodes(node)
    cmds.setAttr(f"{node}.fileTextureName", lock=True)
    before = snapshot()
    with pytest.raises(SceneError, match=r"tex.fileTextureName is locked"):
        rgbcloud_maya.revert([node])
    assert differences(before, snapshot()) == []
