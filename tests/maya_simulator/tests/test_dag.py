"""Parents, children and paths.

Sources, named at each test: "docs: X" and "example: X" are Autodesk's command page X; "node page X"
Autodesk's node page X.
"""

from __future__ import annotations

import pytest
from maya import cmds


@pytest.fixture
def twins():
    """Two nodes named `leaf`, under `left` and under `right`."""
    for side in ("left", "right"):
        cmds.createNode("transform", name=side)
        cmds.createNode("transform", name="leaf", parent=side)


def test_children_of_different_parents_may_share_a_name(twins):
    # node page dagNode: "There can be more than one dag node in the dag with the same name"
    assert cmds.objExists("left|leaf")
    assert cmds.objExists("|right|leaf")


def test_siblings_may_not_share_a_name():
    # node page dagNode: "a transform grouping node cannot have two child nodes with the same name"
    cmds.createNode("transform", name="left")
    cmds.createNode("transform", name="leaf", parent="left")
    second = cmds.createNode("transform", name="leaf", parent="left")
    assert second.rsplit("|", 1)[-1] == "leaf1"


def test_createNode_returns_the_shortest_unique_name():
    # docs: ls, flag long, "By default the shortest unique name is returned"
    cmds.createNode("transform", name="left")
    cmds.createNode("transform", name="right")
    assert cmds.createNode("transform", name="leaf", parent="left") == "leaf"
    assert cmds.createNode("transform", name="leaf", parent="right") == "right|leaf"


def test_ls_lists_every_node_that_a_name_matches(twins):
    # example: ls, "Objects with the same name need a qualified path name"
    assert sorted(cmds.ls("leaf")) == ["left|leaf", "right|leaf"]
    assert sorted(cmds.ls("leaf", long=True)) == ["|left|leaf", "|right|leaf"]


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: cmds.getAttr("leaf.translateX"), id="getAttr"),
        pytest.param(lambda: cmds.setAttr("leaf.translateX", 1), id="setAttr"),
        pytest.param(lambda: cmds.select("leaf"), id="select"),
        pytest.param(lambda: cmds.rename("leaf", "twig"), id="rename"),
    ],
)
def test_an_ambiguous_name_is_refused(twins, call):
    # example: ls, "will fail because the object lookup can't resolve which ... object is intended"
    with pytest.raises((RuntimeError, ValueError), match="More than one object matches name: leaf"):
        call()


def test_parent_returns_the_names_of_what_it_moved():
    # FXTD-ODYSSEY/vscode-mayapy, maya/cmds: parent returns string[]
    cmds.createNode("transform", name="group1")
    cmds.createNode("transform", name="leaf")
    assert cmds.parent("leaf", "group1") == ["leaf"]
    assert cmds.listRelatives("group1", children=True) == ["leaf"]


def test_parent_takes_many_and_the_last_is_the_parent():
    # docs: parent, "all the objects are parented to the last object specified"
    names = [cmds.createNode("transform", name=name) for name in ("a", "b", "c")]
    cmds.createNode("transform", name="base")
    cmds.parent(names, "base")
    assert cmds.listRelatives("base", children=True) == names


def test_parent_renames_on_a_collision():
    # docs: parent, "an object in that group with the same name then this command will rename the parented
    # object"
    cmds.createNode("transform", name="group1")
    cmds.createNode("transform", name="leaf", parent="group1")
    cmds.createNode("transform", name="other")
    cmds.createNode("transform", name="leaf", parent="other")
    (moved,) = cmds.parent("other|leaf", "group1")
    assert moved.rsplit("|", 1)[-1] == "leaf1"


def test_parent_keeps_the_place_in_the_world():
    # example: parent, "Note that the circle remains where it is"
    cmds.createNode("transform", name="group1")
    cmds.setAttr("group1.translateX", -5)
    cmds.createNode("transform", name="leaf")
    cmds.parent("leaf", "group1")
    assert cmds.getAttr("leaf.translateX") == pytest.approx(5)


def test_parent_relative_keeps_the_local_values():
    # example: parent, "with the -relative flag. This time the circle will move"
    cmds.createNode("transform", name="group1")
    cmds.setAttr("group1.translateX", -5)
    cmds.createNode("transform", name="leaf")
    cmds.parent("leaf", "group1", relative=True)
    assert cmds.getAttr("leaf.translateX") == 0
    assert cmds.xform("leaf", query=True, translation=True, worldSpace=True)[0] == pytest.approx(-5)


def test_parent_to_the_world():
    # example: parent, world=True
    cmds.createNode("transform", name="group1")
    cmds.createNode("transform", name="leaf", parent="group1")
    cmds.parent("leaf", world=True)
    assert cmds.listRelatives("leaf", parent=True) is None
    assert cmds.ls("leaf", long=True) == ["|leaf"]


def test_parent_under_its_own_child_raises():
    # node page dagNode: the hierarchy is a directed acyclic graph
    cmds.createNode("transform", name="base")
    cmds.createNode("transform", name="leaf", parent="base")
    with pytest.raises(RuntimeError, match=r"(?i)parent|cycle|child"):
        cmds.parent("base", "leaf")
    assert cmds.listRelatives("leaf", parent=True) == ["base"]


def test_parent_under_a_missing_node_raises():
    cmds.createNode("transform", name="leaf")
    with pytest.raises((RuntimeError, ValueError), match="nobody"):
        cmds.parent("leaf", "nobody")


def test_parent_of_a_node_that_is_no_dag_node_raises():
    # docs: parent, flags speak of DAG objects only
    cmds.createNode("file", name="wood")
    cmds.createNode("transform", name="base")
    with pytest.raises((RuntimeError, ValueError), match="wood"):
        cmds.parent("wood", "base")


def test_group_empty_returns_a_name():
    # example: group, em=True; FXTD-ODYSSEY/vscode-mayapy: group returns string
    assert cmds.group(empty=True, name="null1") == "null1"
    assert cmds.nodeType("null1") == "transform"


def test_group_puts_nodes_under_a_new_transform():
    # example: group
    cmds.createNode("transform", name="a")
    cmds.createNode("transform", name="b")
    assert cmds.group("a", "b", name="group1") == "group1"
    assert cmds.listRelatives("group1", children=True) == ["a", "b"]


def test_group_under_a_parent():
    # example: group, parent='null1'
    cmds.group(empty=True, name="null1")
    cmds.createNode("transform", name="a")
    made = cmds.group("a", parent="null1")
    assert cmds.listRelatives("null1", children=True) == [made]


def test_listRelatives_returns_names_and_None_when_there_are_none():
    # docs: listRelatives, "this command does not return a unique path but simply returns the object's name"
    cmds.createNode("transform", name="base")
    cmds.createNode("transform", name="leaf", parent="base")
    assert cmds.listRelatives("base") == ["leaf"]
    assert cmds.listRelatives("leaf") is None
    assert cmds.listRelatives("base", parent=True) is None


def test_listRelatives_with_fullPath():
    # docs: listRelatives, flag fullPath
    cmds.createNode("transform", name="base")
    cmds.createNode("transform", name="leaf", parent="base")
    assert cmds.listRelatives("base", children=True, fullPath=True) == ["|base|leaf"]


def test_listRelatives_tells_shapes_from_children():
    # docs: listRelatives, flags shapes and children
    cmds.createNode("transform", name="base")
    cmds.createNode("locator", name="baseShape", parent="base")
    cmds.createNode("transform", name="leaf", parent="base")
    assert cmds.listRelatives("base", shapes=True) == ["baseShape"]
    assert sorted(cmds.listRelatives("base", children=True)) == ["baseShape", "leaf"]
    assert cmds.listRelatives("base", children=True, type="transform") == ["leaf"]


def test_listRelatives_goes_all_the_way_down():
    # docs: listRelatives, flag allDescendents
    cmds.createNode("transform", name="base")
    cmds.createNode("transform", name="middle", parent="base")
    cmds.createNode("transform", name="leaf", parent="middle")
    assert sorted(cmds.listRelatives("base", allDescendents=True)) == ["leaf", "middle"]


def test_listRelatives_refuses_two_directions_at_once():
    # docs: listRelatives, "are mutually exclusive. Only one can be used in a command"
    cmds.createNode("transform", name="base")
    with pytest.raises((RuntimeError, TypeError), match=r"(?i)exclusive|one|flag"):
        cmds.listRelatives("base", children=True, parent=True)


def test_delete_takes_children_along():
    # node page dagNode: children are defined relative to their parent
    cmds.createNode("transform", name="base")
    cmds.createNode("locator", name="leaf", parent="base")
    cmds.delete("base")
    assert not cmds.objExists("leaf")


def test_xform_sets_and_tells_a_place():
    # docs: xform, flags translation, worldSpace
    cmds.createNode("transform", name="base")
    cmds.setAttr("base.translate", 1, 2, 3, type="double3")
    cmds.createNode("transform", name="leaf", parent="base")
    cmds.xform("leaf", translation=(1, 1, 1))
    assert cmds.xform("leaf", query=True, translation=True) == pytest.approx([1, 1, 1])
    assert cmds.xform("leaf", query=True, translation=True, worldSpace=True) == pytest.approx([2, 3, 4])


def test_matrices_are_read_as_sixteen_numbers():
    # example: getAttr, 'loxTank.matrix'; node page transform: translation is the last row
    cmds.createNode("transform", name="base")
    cmds.setAttr("base.translate", 1, 2, 3, type="double3")
    assert cmds.getAttr("base.matrix") == pytest.approx([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 2, 3, 1])


def test_a_world_matrix_multiplies_along_the_path():
    # node page transform: matrices are post-multiplied
    cmds.createNode("transform", name="base")
    cmds.setAttr("base.translateX", 1)
    cmds.setAttr("base.scale", 2, 2, 2, type="double3")
    cmds.createNode("transform", name="leaf", parent="base")
    cmds.setAttr("leaf.translateX", 3)
    assert cmds.getAttr("leaf.worldMatrix[0]")[12:15] == pytest.approx([7, 0, 0])


def test_lengths_and_angles_may_be_strings_that_carry_their_unit():
    # examples: curve p=[('0cm', '0cm', '0cm'), ('3in', ...), ...], rotate('45deg', ...), spaceLocator
    curve = cmds.curve(degree=1, point=[("0cm", "0cm", "0cm"), ("3in", "5in", "6in"), ("1ft", "1m", 9)])
    assert cmds.exactWorldBoundingBox(curve)[3:] == pytest.approx([30.48, 100, 15.24])
    cmds.xform(curve, translation=("1in", 0, "2mm"), rotation=("45deg", 0, 0))
    assert cmds.getAttr(f"{curve}.translate") == [pytest.approx((2.54, 0, 0.2))]
    assert cmds.getAttr(f"{curve}.rotateX") == pytest.approx(45)


def test_the_scene_s_unit_can_be_miles():
    # docs: currentUnit, flag linear: mi | mile
    cmds.currentUnit(linear="mi")
    assert cmds.currentUnit(query=True, linear=True, fullName=True) == "mile"
    cmds.currentUnit(linear="cm")
