"""Nodes, their names and their namespaces.

Sources, named at each test: "docs: X" is Autodesk's command page X and "example: X" the example on it (both
also in PyMEL's mayaCmdsDocs2025 and mayaCmdsExamples2025); "node page X" is Autodesk's node page X.
"""

from __future__ import annotations

import contextlib

import pytest
from maya import cmds

# What every new scene holds: the nodes that the scenes of Autodesk/maya-usd connect to with a leading colon.
DEFAULT_NODES = (
    ("time1", "time"),
    ("initialShadingGroup", "shadingEngine"),
    ("initialParticleSE", "shadingEngine"),
    ("lambert1", "lambert"),
    ("renderPartition", "partition"),
    ("defaultTextureList1", "defaultTextureList"),
    ("defaultShaderList1", "defaultShaderList"),
    ("defaultColorMgtGlobals", "colorManagementGlobals"),
    ("persp", "transform"),
    ("perspShape", "camera"),
)


@pytest.mark.parametrize(("name", "node_type"), DEFAULT_NODES)
def test_a_new_scene_holds_the_default_nodes(name, node_type):
    # maya-usd UsdExportTextureTest/TextureTest.ma: select -ne :time1, :initialShadingGroup,
    # :defaultColorMgtGlobals ...
    assert cmds.objExists(name)
    assert cmds.nodeType(name) == node_type


def test_a_default_node_stays_when_it_is_deleted():
    # docs: ls, flag undeletable; docs: ls, flag defaultNodes
    with contextlib.suppress(RuntimeError):
        cmds.delete("time1")
    assert cmds.objExists("time1")


def test_createNode_numbers_names_from_the_type():
    # example: createNode
    assert cmds.createNode("transform") == "transform1"
    assert cmds.createNode("transform") == "transform2"


def test_createNode_on_an_unknown_type_raises():
    # docs: createNode, "a new node ... of the specified type"; message as quoted in users' reports
    with pytest.raises(RuntimeError, match="Unknown object type: teapotHolder"):
        cmds.createNode("teapotHolder")


def test_createNode_that_raises_leaves_no_node():
    before = set(cmds.ls())
    with pytest.raises(RuntimeError, match="Unknown object type"):
        cmds.createNode("teapotHolder", name="pot")
    assert set(cmds.ls()) == before


def test_createNode_makes_a_taken_name_unique():
    # docs: rename, "the object will be given a unique name based on the supplied name"
    assert cmds.createNode("file", name="wood") == "wood"
    assert cmds.createNode("file", name="wood") == "wood1"


def test_createNode_counts_on_from_a_trailing_number():
    cmds.createNode("file", name="wood7")
    assert cmds.createNode("file", name="wood7") == "wood8"


def test_createNode_selects_what_it_made():
    # example: createNode, "This transform will be selected when created"
    node = cmds.createNode("transform", name="selectedTransform")
    assert cmds.ls(selection=True) == [node]


def test_createNode_with_skipSelect_keeps_the_selection():
    # example: createNode, "'selectedTransform' will still be selected"
    node = cmds.createNode("transform", name="selectedTransform")
    cmds.createNode("transform", skipSelect=True)
    assert cmds.ls(selection=True) == [node]


def test_createNode_makes_a_namespace_that_its_name_asks_for():
    # example: createNode, "Create node under new namespace"
    assert cmds.createNode("transform", name="newNS:transform1") == "newNS:transform1"
    assert cmds.namespace(exists="newNS")


def test_createNode_of_a_shape_makes_its_transform():
    # node page transform: "All dagNodes that are not transform nodes must exist as a child of some
    # transform node"
    shape = cmds.createNode("locator")
    (parent,) = cmds.listRelatives(shape, parent=True)
    assert cmds.nodeType(shape) == "locator"
    assert cmds.nodeType(parent) == "transform"


def test_createNode_under_a_parent():
    # example: createNode, p='transform1'
    cmds.createNode("transform", name="holder")
    shape = cmds.createNode("locator", name="holderShape", parent="holder")
    assert cmds.listRelatives("holder", shapes=True) == [shape]


def test_createNode_under_a_missing_parent_raises():
    with pytest.raises((RuntimeError, ValueError), match="nobody"):
        cmds.createNode("transform", parent="nobody")


def test_createNode_under_a_node_that_is_no_dag_node_raises():
    # docs: createNode, flag parent, "the parent in the DAG"
    cmds.createNode("file", name="wood")
    with pytest.raises((RuntimeError, ValueError), match="wood"):
        cmds.createNode("transform", parent="wood")


@pytest.mark.parametrize(
    ("node_type", "bases"),
    [
        ("transform", ["containerBase", "entity", "dagNode", "transform"]),
        ("file", ["shadingDependNode", "texture2d", "file"]),
        ("particle", ["shape", "geometryShape", "deformableShape", "particle"]),
    ],
)
def test_nodeType_inherited_lists_the_bases_down_to_the_type(node_type, bases):
    # docs: nodeType, flag inherited; order as PyMEL's node hierarchy and a public test have it
    # (containerBase ... transform)
    node = cmds.createNode(node_type)
    found = cmds.nodeType(node, inherited=True)
    assert [name for name in found if name in bases] == bases
    assert found[-1] == node_type


def test_nodeType_of_a_missing_node_raises():
    with pytest.raises((RuntimeError, ValueError), match="nobody"):
        cmds.nodeType("nobody")


def test_objExists_is_about_nodes_and_plugs():
    # docs: objExists
    cmds.createNode("file", name="wood")
    assert cmds.objExists("wood")
    assert cmds.objExists("wood.fileTextureName")
    assert not cmds.objExists("wood.fileTexture")
    assert not cmds.objExists("oak")


def test_every_node_has_its_own_uuid_and_is_found_by_it():
    # docs: ls, flag uuid
    first, second = cmds.createNode("file"), cmds.createNode("file")
    (one,), (other,) = cmds.ls(first, uuid=True), cmds.ls(second, uuid=True)
    assert one != other
    assert cmds.ls(one) == [first]


def test_rename_returns_the_new_name():
    # docs: rename
    cmds.createNode("file", name="wood")
    assert cmds.rename("wood", "oak") == "oak"
    assert not cmds.objExists("wood")


def test_rename_keeps_the_uuid():
    # docs: rename, flag uuid
    cmds.createNode("file", name="wood")
    before = cmds.ls("wood", uuid=True)
    cmds.rename("wood", "oak")
    assert cmds.ls("oak", uuid=True) == before


def test_rename_to_a_taken_name_makes_it_unique():
    # docs: rename, "If the new name conflicts ... a unique name"
    cmds.createNode("file", name="wood")
    cmds.createNode("file", name="oak")
    assert cmds.rename("wood", "oak") == "oak1"


def test_rename_replaces_a_trailing_hash_by_a_number():
    # docs: rename, "ends in a single '#'"
    cmds.createNode("file", name="wood")
    assert cmds.rename("wood", "tile#") == "tile1"


def test_rename_of_a_transform_takes_its_shape_along():
    # docs: rename, "any shape nodes beneath the transform that have the same prefix ... are renamed"
    cmds.createNode("transform", name="spot")
    cmds.createNode("locator", name="spotShape", parent="spot")
    cmds.rename("spot", "mark")
    assert cmds.listRelatives("mark", shapes=True) == ["markShape"]


def test_rename_with_ignoreShape_leaves_the_shape():
    # docs: rename, flag ignoreShape
    cmds.createNode("transform", name="spot")
    cmds.createNode("locator", name="spotShape", parent="spot")
    cmds.rename("spot", "mark", ignoreShape=True)
    assert cmds.listRelatives("mark", shapes=True) == ["spotShape"]


def test_rename_without_a_node_takes_the_selected_one():
    # docs: rename, "If only one argument is supplied the command will rename the (first) selected object"
    cmds.createNode("file", name="wood")
    cmds.select("wood", replace=True)
    assert cmds.rename("oak") == "oak"


def test_rename_to_nothing_raises():
    # docs: rename, "not legal to rename an object to the empty string"
    cmds.createNode("file", name="wood")
    with pytest.raises((RuntimeError, ValueError), match=r"(?i)name"):
        cmds.rename("wood", "")
    assert cmds.objExists("wood")


def test_rename_of_a_missing_node_raises():
    with pytest.raises((RuntimeError, ValueError), match=r"nobody|No object matches name"):
        cmds.rename("nobody", "somebody")


def test_delete_of_a_missing_node_raises():
    with pytest.raises((RuntimeError, ValueError), match="nobody"):
        cmds.delete("nobody")


def test_namespace_is_added_set_and_asked_for():
    # example: namespace
    cmds.namespace(add="FOO")
    cmds.namespace(set="FOO")
    assert cmds.namespaceInfo(currentNamespace=True) == "FOO"
    assert cmds.createNode("file", name="wood") == "FOO:wood"
    assert cmds.namespace(exists=":FOO")
    assert not cmds.namespace(exists=":BAR")


def test_namespace_under_a_namespace():
    # example: namespace, add="A:B"; add="C:D", parent="A:B"
    cmds.namespace(add="A:B")
    cmds.namespace(add="C:D", parent="A:B")
    assert cmds.namespace(exists=":A:B:C:D")


def test_namespace_that_is_there_already_cannot_be_added():
    # docs: namespace, "the names of namespaces must be unique within another namespace"
    cmds.namespace(add="FOO")
    with pytest.raises(RuntimeError, match="FOO"):
        cmds.namespace(add="FOO")


def test_namespace_that_holds_nodes_cannot_be_removed():
    # example: namespace, "remove the namespace FRED (it must be empty)"
    cmds.createNode("file", name="FRED:wood")
    with pytest.raises(RuntimeError, match="FRED"):
        cmds.namespace(removeNamespace="FRED")
    cmds.delete("FRED:wood")
    cmds.namespace(removeNamespace="FRED")
    assert not cmds.namespace(exists=":FRED")


def test_namespace_validates_a_name():
    # example: namespace, "Result: name_space"
    assert cmds.namespace(validateName="name$space") == "name_space"


def test_rename_moves_between_namespaces():
    # example: rename, nsA:sphere2 -> nsB:sphere2 and, from inside nsB, :nsA:sphere2
    cmds.namespace(add="nsA")
    cmds.namespace(add="nsB")
    cmds.createNode("file", name="nsA:wood")
    assert cmds.rename("nsA:wood", "nsB:wood") == "nsB:wood"
    cmds.namespace(set="nsB")
    assert cmds.rename("nsB:wood", ":nsA:wood") == "nsA:wood"


def test_rename_is_relative_to_the_current_namespace():
    # example: rename, "move the object to current namespace": Result: nsB:sphere4
    cmds.namespace(add="nsA")
    cmds.namespace(add="nsB")
    cmds.createNode("file", name="nsA:wood")
    cmds.namespace(set=":nsB")
    assert cmds.rename("nsA:wood", "oak") == "nsB:oak"


def test_a_bare_name_does_not_find_a_node_in_a_namespace():
    # docs: select, "without a qualified namespace, name lookup is limited to objects in the root namespace"
    cmds.createNode("file", name="foo:bar", skipSelect=True)
    assert not cmds.objExists("bar")
    with pytest.raises(ValueError, match="bar"):
        cmds.select("bar")
    cmds.select("foo:bar")
    assert cmds.ls(selection=True) == ["foo:bar"]


def test_equal_names_live_in_different_namespaces():
    # docs: namespace, "you can have two objects with the same name, as long as they are contained in
    # different namespaces"
    cmds.createNode("file", name="wood")
    assert cmds.createNode("file", name="foo:wood") == "foo:wood"


def test_sets_are_listed_by_type_without_an_object():
    # docs and example: listSets, type 1 rendering sets, 2 deformer sets
    cmds.sets(name="mine", empty=True)
    assert "initialShadingGroup" in cmds.listSets(type=1)
    assert "mine" not in cmds.listSets(type=1)
    assert not cmds.listSets(type=2)
    assert "mine" in cmds.listSets(allSets=True)


def test_a_namespace_is_found_from_the_root_as_well():
    # example: namespaceInfo("sample:sun", absoluteName=True) while :sample is current; "result: :sample:sun"
    cmds.namespace(add="sample")
    cmds.namespace(set=":sample")
    cmds.namespace(add="sun")
    assert cmds.namespaceInfo("sample:sun", absoluteName=True) == ":sample:sun"
    cmds.namespace(set=":")
