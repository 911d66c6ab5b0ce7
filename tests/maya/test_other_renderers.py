"""Image nodes of other renderers: the table, and Arnold's node where it is installed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from maya import cmds
from scene_tools import checker, differences, snapshot, texture

import rgbcloud_maya
from rgbcloud import Recipe
from rgbcloud_maya.nodes import image_nodes


@pytest.fixture
def image():
    try:
        cmds.loadPlugin("mtoa", quiet=True)
    except RuntimeError:
        pytest.skip("Arnold is not installed")
    return cmds.createNode("aiImage", name="wood")


def test_arnolds_image_is_reduced_and_reverted(image, tmp_path):
    path = checker(tmp_path / "wood.png")
    cmds.setAttr(f"{image}.filename", str(path), type="string")
    cmds.setAttr(f"{image}.colorSpace", "Utility - sRGB - Texture", type="string")
    before = snapshot()
    (result,) = rgbcloud_maya.reduce([image], Recipe.of(colors=2))
    assert cmds.getAttr(f"{image}.filename") == result.path == f"{tmp_path.as_posix()}/wood.k2.png"
    assert cmds.getAttr(f"{image}.colorSpace") == "Utility - sRGB - Texture"
    assert [ref.node for ref in rgbcloud_maya.textures()] == [image]
    rgbcloud_maya.revert([image])
    assert differences(before, snapshot()) == []


def test_arnolds_tiles_keep_their_token(image, tmp_path):
    for number in (1001, 1002):
        checker(tmp_path / f"wood.{number}.png")
    cmds.setAttr(f"{image}.filename", str(tmp_path / "wood.<udim>.png"), type="string")
    (result,) = rgbcloud_maya.reduce([image], Recipe.of(colors=2))
    assert result.path == f"{tmp_path.as_posix()}/wood.k2.<udim>.png"
    assert (tmp_path / "wood.k2.1002.png").exists()
    assert rgbcloud_maya.reduce([image], Recipe.of(colors=2))[0].status == "unchanged"
    rgbcloud_maya.revert([image])
    assert cmds.getAttr(f"{image}.filename") == str(tmp_path / "wood.<udim>.png")


def test_a_token_that_is_arnolds_own_is_told(image, tmp_path):
    cmds.setAttr(f"{image}.filename", str(tmp_path / "wood.<attr:name>.png"), type="string")
    with pytest.raises(rgbcloud_maya.SceneError, match=r"^wood: .*wood\.<attr:name>\.png"):
        rgbcloud_maya.reduce([image], Recipe.of(colors=2))


def test_a_cloud_of_arnolds_image(image, tmp_path):
    cmds.setAttr(f"{image}.filename", str(checker(tmp_path / "wood.png")), type="string")
    root = rgbcloud_maya.build_cloud(image, Recipe.of(colors=3))
    assert rgbcloud_maya.build_cloud(image, Recipe.of(colors=2)) == root
    assert rgbcloud_maya.apply_locators(root)[0].node == image


def test_renderman_s_token_is_kept(image, tmp_path, monkeypatch):
    """On a node that is there on the stand-in: RenderMan's has the same attribute."""
    kind = replace(image_nodes.IMAGE_KINDS["aiImage"], token=image_nodes.IMAGE_KINDS["PxrTexture"].token)
    monkeypatch.setitem(image_nodes.IMAGE_KINDS, "aiImage", kind)
    for number in (1001, 1002):
        checker(tmp_path / f"wood.{number}.png")
    cmds.setAttr(f"{image}.filename", str(tmp_path / "wood._MAPID_.png"), type="string")
    (result,) = rgbcloud_maya.reduce([image], Recipe.of(colors=2))
    assert result.path == f"{tmp_path.as_posix()}/wood.k2._MAPID_.png"
    assert (tmp_path / "wood.k2.1002.png").exists()


@pytest.mark.parametrize("node_type", ["RedshiftNormalMap", "PxrNormalMap", "PxrBump"])
def test_a_node_for_normals_is_left_alone_whatever_it_feeds(image, tmp_path, monkeypatch, node_type):
    """On a node that is there on the stand-in."""
    kind = replace(image_nodes.IMAGE_KINDS[node_type], path="filename")
    monkeypatch.setitem(image_nodes.IMAGE_KINDS, "aiImage", kind)
    cmds.setAttr(f"{image}.filename", str(checker(tmp_path / "wood.png")), type="string")
    (result,) = rgbcloud_maya.reduce([image], Recipe.of(colors=2))
    assert result.status == "left out"
    assert f"it is a {node_type}, which takes " in result.message
    assert rgbcloud_maya.reduce([image], Recipe.of(colors=2), force=True)[0].status == "reduced"


def test_nodes_that_show_images_and_are_not_reduced_are_named(tmp_path, script_editor):
    node = texture("wood", checker(tmp_path / "wood.png"))
    scene = tmp_path / "layers.ma"
    scene.write_text('//Maya ASCII 2023 scene\nrequires maya "2023";\ncreateNode psdFileTex -n "layers";\n')
    cmds.file(scene.as_posix(), i=True)
    cmds.select([node, "layers"])
    (result,) = rgbcloud_maya.reduce(None, Recipe.of(colors=2))
    assert result.status == "reduced"
    assert script_editor("warning")[0] == (
        "rgbcloud: layers (psdFileTex): rgbcloud does not know how to reduce such images; they stay"
    )
