import maya.cmds as cmds


def test_the_scene_is_new(maya_version):
    assert cmds.about(version=True) == str(maya_version)
    assert cmds.ls(assemblies=True) == ["persp", "top", "front", "side"]
    cmds.createNode("transform")


def test_the_scene_is_new_again():
    assert cmds.ls("transform*") == []
