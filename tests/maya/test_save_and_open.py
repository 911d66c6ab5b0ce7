"""What is kept in the scene's file, also through a reference."""

from __future__ import annotations

from maya import cmds
from scene_tools import reverted, texture

import rgbcloud_maya
from rgbcloud import Recipe
from rgbcloud_maya.ui.maya_host import MayaHost


def save_and_open(path):
    cmds.file(rename=str(path))
    cmds.file(save=True, type="mayaAscii", force=True)
    cmds.file(new=True, force=True)
    cmds.file(str(path), open=True, force=True)


def test_a_reduced_texture_can_be_reverted_after_opening(node, wood, tmp_path):
    rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    save_and_open(tmp_path / "scene.ma")
    assert rgbcloud_maya.textures()[0].recipe == Recipe.of(colors=3)
    assert rgbcloud_maya.reduce([node], Recipe.of(colors=3))[0].status == "unchanged"
    assert reverted([node]) == [node]
    assert cmds.getAttr(f"{node}.fileTextureName") == str(wood)
    assert cmds.getAttr(f"{node}.colorSpace") == "Utility - sRGB - Texture"


def test_what_was_made_in_the_panel_comes_back_with_the_scene(node, wood, tmp_path):
    cmds.file(modified=False)
    MayaHost().scene.keep(MayaHost().textures()[0], "what was made")
    assert cmds.file(query=True, modified=True)
    save_and_open(tmp_path / "scene.ma")
    assert [ref.work for ref in MayaHost().textures()] == ["what was made"]
    cmds.setAttr(f"{node}.fileTextureName", str(wood.with_name("other.png")), type="string")
    assert [ref.work for ref in MayaHost().textures()] == [""]  # it was another texture's


def test_what_was_made_of_a_referenced_texture_stands_beside_the_reference(node, tmp_path):
    cmds.file(rename=str(tmp_path / "asset.ma"))
    cmds.file(save=True, type="mayaAscii", force=True)
    cmds.file(new=True, force=True)
    cmds.file(str(tmp_path / "asset.ma"), reference=True, namespace="asset")
    MayaHost().scene.keep(MayaHost().textures()[0], "what was made")
    assert not cmds.listAttr("asset:tex", userDefined=True)
    save_and_open(tmp_path / "shot.ma")
    assert [ref.work for ref in MayaHost().textures()] == ["what was made"]
    cmds.file(str(tmp_path / "asset.ma"), open=True, force=True)
    assert [ref.work for ref in MayaHost().textures()] == [""]


def test_what_others_keep_with_the_scene_is_left_alone(node):
    for value in ("no note of ours", "bm90ZQ=="):
        cmds.fileInfo(f"rgbcloud {node}", value)
        assert [ref.work for ref in MayaHost().textures()] == [""]


def test_a_cloud_is_whole_after_opening_and_can_be_rebuilt_and_applied(node, tmp_path):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=3))
    shape = cmds.ls(type="particle", long=True)[0]
    held = {name: cmds.getAttr(f"{shape}.{name}") for name in ("position0", "rgbPP0", "rgbcloudCluster0")}
    save_and_open(tmp_path / "scene.ma")
    assert rgbcloud_maya.clouds() == [root]
    shape = cmds.ls(type="particle", long=True)[0]
    assert {name: cmds.getAttr(f"{shape}.{name}") for name in held} == held
    assert rgbcloud_maya.build_cloud(node, Recipe.of(colors=2)) == root
    assert rgbcloud_maya.apply_locators(root)[0].node == node


def test_the_file_holds_no_node_of_a_plug_in(node, tmp_path):
    rgbcloud_maya.build_cloud(node, Recipe.of(colors=3))
    rgbcloud_maya.show_iterations(most=2)
    cmds.file(rename=str(tmp_path / "scene.ma"))
    cmds.file(save=True, type="mayaAscii", force=True)
    lines = (tmp_path / "scene.ma").read_text().splitlines()
    made = {line.split()[1] for line in lines if line.startswith("createNode ")}
    ours = {"transform", "particle", "locator", "nurbsCurve", "animCurveTL", "animCurveTU"}
    assert ours <= made
    assert not any(line.startswith("requires") and "rgbcloud" in line for line in lines)


def test_a_referenced_texture_is_reduced_and_reverted(node, wood, tmp_path):
    cmds.file(rename=str(tmp_path / "asset.ma"))
    cmds.file(save=True, type="mayaAscii", force=True)
    cmds.file(new=True, force=True)
    cmds.file(str(tmp_path / "asset.ma"), reference=True, namespace="asset")
    (result,) = rgbcloud_maya.reduce(["asset:tex"], Recipe.of(colors=3))
    assert result.status == "reduced"
    assert reverted(["asset:tex"]) == ["asset:tex"]
    assert cmds.getAttr("asset:tex.fileTextureName") == str(wood)
    assert rgbcloud_maya.textures()[0].recipe is None
    cmds.file(rename=str(tmp_path / "shot.ma"))
    cmds.file(save=True, type="mayaAscii", force=True)
    assert "rgbcloud" not in (tmp_path / "shot.ma").read_text()  # nothing is left behind


def test_a_reduced_texture_of_a_reference_takes_one_attribute(node, wood, tmp_path):
    cmds.file(rename=str(tmp_path / "asset.ma"))
    cmds.file(save=True, type="mayaAscii", force=True)
    cmds.file(new=True, force=True)
    cmds.file(str(tmp_path / "asset.ma"), reference=True, namespace="asset")
    rgbcloud_maya.reduce(["asset:tex"], Recipe.of(colors=3))
    assert cmds.listAttr("asset:tex", userDefined=True) == ["rgbcloudReduction"]


def test_a_texture_that_was_reduced_in_the_reference_can_be_reverted(node, wood, tmp_path):
    rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    cmds.file(rename=str(tmp_path / "asset.ma"))
    cmds.file(save=True, type="mayaAscii", force=True)
    cmds.file(new=True, force=True)
    cmds.file(str(tmp_path / "asset.ma"), reference=True, namespace="asset")
    assert reverted(["asset:tex"]) == ["asset:tex"]
    assert cmds.getAttr("asset:tex.fileTextureName") == str(wood)
    (result,) = rgbcloud_maya.reduce(["asset:tex"], Recipe.of(colors=2))
    assert result.status == "reduced"


def test_a_texture_of_a_locked_reference_is_left_and_the_others_are_done(node, wood, tmp_path):
    cmds.file(rename=str(tmp_path / "asset.ma"))
    cmds.file(save=True, type="mayaAscii", force=True)
    cmds.file(new=True, force=True)
    cmds.file(str(tmp_path / "asset.ma"), reference=True, namespace="asset")
    cmds.setAttr(f"{cmds.referenceQuery('asset:tex', referenceNode=True)}.locked", True)
    own = texture("own", wood)
    first, second = rgbcloud_maya.reduce(["asset:tex", own], Recipe.of(colors=3))
    assert (first.status, second.status) == ("failed", "reduced")
    assert first.message.startswith("asset:tex.fileTextureName is")
