"""Image nodes of other renderers: the table, and Arnold's node where it is installed."""

from __future__ import annotations

import pytest
from maya import cmds
from scene_tools import checker, differences, snapshot

import rgbcloud_maya
from rgbcloud import Recipe


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
