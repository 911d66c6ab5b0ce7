"""Awkward names of nodes and files, and paths as Maya resolves them."""

from __future__ import annotations

import pytest
from maya import cmds
from scene_tools import checker, colors_in, differences, material, reverted, snapshot, texture

import rgbcloud_maya
from rgbcloud import Recipe
from rgbcloud_maya import SceneError


def reduced(node, **options):
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=2), **options)
    assert result.status == "reduced"
    return result.path


@pytest.mark.parametrize(
    "name",
    [
        "wood grain (final).png",
        "Holz-Maserung_Größe.png",
        "木目.png",
        "wood.v002.png",
        "wood'quote\".png",
        "wood%20.png",
        ".wood.png",
        "wood",
    ],
)
def test_file_names_that_are_awkward(tmp_path, name):
    source = checker(tmp_path / "wood.png").rename(tmp_path / name)
    node = texture("tex", source)
    path = reduced(node)
    assert len(colors_in(path)) == 2
    rgbcloud_maya.revert([node])
    assert cmds.getAttr(f"{node}.fileTextureName") == str(source)


def test_folders_that_are_awkward(tmp_path):
    source = checker(tmp_path / "Größe & Maß" / "日本 語" / "wood.png")
    assert len(colors_in(reduced(texture("tex", source)))) == 2


def test_a_node_in_a_namespace(tmp_path):
    cmds.namespace(add="prop")
    cmds.namespace(add="prop:skin")
    node = texture("prop:skin:tex", checker(tmp_path / "wood.png"))
    assert node == "prop:skin:tex"
    reduced(node)
    assert reverted([node]) == [node]


def test_objects_of_one_name_under_different_parents(tmp_path):
    nodes = []
    for parent, name in (("left", "oak"), ("right", "ash")):
        node = texture(name, checker(tmp_path / f"{name}.png"))
        _, group = material(f"{name}_material", color=node)
        cmds.createNode("transform", name=parent)
        transform = cmds.createNode("transform", name="plank", parent=parent)
        shape = cmds.createNode("mesh", name="plankShape", parent=transform)
        cmds.sets(shape, edit=True, forceElement=group)
        nodes.append(node)
    (result,) = rgbcloud_maya.reduce(["|right|plank"], Recipe.of(colors=2))
    assert result.node == "ash"
    cmds.select("|left|plank")
    (result,) = rgbcloud_maya.reduce(None, Recipe.of(colors=2))
    assert result.node == "oak"


def test_a_cloud_in_a_scene_where_its_names_are_taken(tmp_path):
    for name in ("rgbcloud", "points", "locators", "cube", "cube_red", "c_ff0000"):
        cmds.createNode("transform", name=name)
    path = checker(tmp_path / "wood.png", noise=0)
    root = rgbcloud_maya.build_cloud(str(path), Recipe.of(colors=4))
    assert rgbcloud_maya.build_cloud(str(path), Recipe.of(colors=2)) == root
    before = snapshot()
    rgbcloud_maya.remove_cloud(root)
    assert not [node for node in snapshot()[0] if node.startswith(root + "|")]
    assert [node for node in before[0] if not node.startswith(root)] == list(snapshot()[0])


def test_a_cloud_while_a_namespace_is_current(tmp_path):
    cmds.namespace(add="fx")
    cmds.namespace(set="fx")
    path = checker(tmp_path / "wood.png")
    root = rgbcloud_maya.build_cloud(str(path), Recipe.of(colors=3))
    assert rgbcloud_maya.build_cloud(str(path), Recipe.of(colors=2)) == root
    cmds.namespace(set=":")
    assert rgbcloud_maya.clouds() == [root]
    rgbcloud_maya.remove_cloud()
    assert rgbcloud_maya.clouds() == []


def test_a_path_in_the_project_stays_relative(project):
    checker(project / "sourceimages" / "wood.png")
    node = texture("tex", "sourceimages/wood.png")
    assert reduced(node) == "sourceimages/wood.k2.png"
    assert (project / "sourceimages" / "wood.k2.png").exists()
    rgbcloud_maya.revert([node])
    assert cmds.getAttr(f"{node}.fileTextureName") == "sourceimages/wood.png"


def test_a_bare_name_is_looked_for_among_the_source_images(project):
    checker(project / "sourceimages" / "wood.png")
    assert reduced(texture("tex", "wood.png")) == "wood.k2.png"
    assert (project / "sourceimages" / "wood.k2.png").exists()


def test_a_variable_stays_a_variable(tmp_path, monkeypatch):
    checker(tmp_path / "library" / "wood.png")
    monkeypatch.setenv("TEXTURE_LIBRARY", str(tmp_path / "library"))
    node = texture("tex", "$TEXTURE_LIBRARY/wood.png")
    assert reduced(node) == "$TEXTURE_LIBRARY/wood.k2.png"
    assert (tmp_path / "library" / "wood.k2.png").exists()
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=2))
    assert result.status == "unchanged"


@pytest.fixture
def mapped(tmp_path):
    """A directory map from a Windows server to a folder of this machine."""
    cmds.dirmap(mapDirectory=("//server/textures", str(tmp_path)))
    cmds.dirmap(enable=True)
    yield tmp_path
    cmds.dirmap(enable=False)
    cmds.dirmap(unmapDirectory="//server/textures")


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("//server/textures/wood.png", "//server/textures/wood.k2.png"),
        (r"\\server\textures\wood.png", r"\\server\textures\wood.k2.png"),
    ],
)
def test_a_mapped_server_path_stays_one(mapped, path, result):
    checker(mapped / "wood.png")
    node = texture("tex", path)
    assert reduced(node) == result
    assert (mapped / "wood.k2.png").exists()
    rgbcloud_maya.revert([node])
    assert cmds.getAttr(f"{node}.fileTextureName") == path


@pytest.mark.parametrize("path", ["C:/textures/wood.png", r"\\server\textures\wood.png"])
def test_a_path_of_another_machine_is_told_and_kept(path):
    node = texture("tex", path)
    before = snapshot()
    with pytest.raises(SceneError, match=r"tex: .*wood.png: no such file or directory; check the path"):
        rgbcloud_maya.reduce([node])
    assert differences(before, snapshot()) == []


def test_a_project_that_moved_still_knows_its_originals(tmp_path, project):
    checker(project / "sourceimages" / "wood.png")
    node = texture("tex", "sourceimages/wood.png")
    reduced(node)
    project.rename(tmp_path / "moved")
    cmds.workspace(str(tmp_path / "moved"), openWorkspace=True)
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert result.path == "sourceimages/wood.k3.png"
    assert rgbcloud_maya.textures()[0].original == f"{tmp_path.as_posix()}/moved/sourceimages/wood.png"
