"""Attributes: types, ranges, locks, dynamic ones, aliases.

Sources, named at each test: "docs: X" and "example: X" are Autodesk's command page X; "node page X"
Autodesk's node page X; "particle class" is the public table of the particle node (text index file
61364337205).
"""

from __future__ import annotations

import pytest
from maya import cmds

NOT_FOUND = (RuntimeError, ValueError)


@pytest.fixture
def node():
    return cmds.createNode("transform", name="node")


@pytest.fixture
def texture():
    return cmds.createNode("file", name="wood")


# --- reading and setting


def test_a_number_is_set_and_read(node):
    # example: setAttr
    cmds.setAttr("node.translateX", 5)
    assert cmds.getAttr("node.translateX") == 5


def test_the_short_name_is_the_same_attribute(node):
    # docs: getAttr; node page transform
    cmds.setAttr("node.tx", 5)
    assert cmds.getAttr("node.translateX") == 5


def test_a_compound_is_set_with_its_type_and_read_as_one_tuple_in_a_list(node):
    # example: setAttr, type="double3"
    cmds.setAttr("node.translate", 1, 2, 3, type="double3")
    assert cmds.getAttr("node.translate") == [(1, 2, 3)]
    assert cmds.getAttr("node.translateY") == 2


def test_a_numeric_compound_needs_no_type(node):
    # docs: setAttr, flag type, "If the -type flag is not present, a numeric type is assumed"
    cmds.setAttr("node.scale", 1, 2, 3)
    assert cmds.getAttr("node.scale") == [(1, 2, 3)]


def test_a_bool_reads_as_bool(node):
    value = cmds.getAttr("node.visibility")
    assert value is True


def test_a_string_is_set_with_its_type(texture):
    # example: getAttr, setAttr('file1.ftn', '$TMPDIR/smile.gif', type='string')
    cmds.setAttr("wood.fileTextureName", "sourceimages/wood.png", type="string")
    assert cmds.getAttr("wood.ftn") == "sourceimages/wood.png"


def test_a_string_without_its_type_is_refused(texture):
    # docs: setAttr, flag type, "a numeric type is assumed"
    with pytest.raises((RuntimeError, TypeError, ValueError), match=r"(?i)wood|numeric|type|string"):
        cmds.setAttr("wood.fileTextureName", "wood.png")
    assert cmds.getAttr("wood.fileTextureName") == ""


def test_text_for_a_number_is_refused(node):
    with pytest.raises((RuntimeError, TypeError, ValueError), match=r"(?i)node|numeric|type|text"):
        cmds.setAttr("node.translateX", "text", type="string")
    assert cmds.getAttr("node.translateX") == 0


def test_too_few_values_for_a_compound_are_refused(node):
    # docs: setAttr, double3 takes three
    with pytest.raises((RuntimeError, TypeError, ValueError), match=r"(?i)node|data|values|arguments"):
        cmds.setAttr("node.translate", 1, 2, type="double3")
    assert cmds.getAttr("node.translate") == [(0, 0, 0)]


def test_a_missing_attribute_cannot_be_read(node):
    with pytest.raises(ValueError, match=r"No object matches name: node.translateW"):
        cmds.getAttr("node.translateW")


def test_a_missing_attribute_cannot_be_set(node):
    with pytest.raises(NOT_FOUND, match=r"node\.translateW"):
        cmds.setAttr("node.translateW", 1)


def test_a_missing_node_cannot_be_set():
    with pytest.raises(NOT_FOUND, match="nobody"):
        cmds.setAttr("nobody.translateX", 1)


def test_getAttr_tells_the_type(node, texture):
    # example: getAttr, type=True -> double3
    assert cmds.getAttr("node.translate", type=True) == "double3"
    assert cmds.getAttr("node.translateX", type=True) == "doubleLinear"
    assert cmds.getAttr("node.rotateX", type=True) == "doubleAngle"
    assert cmds.getAttr("node.visibility", type=True) == "bool"
    assert cmds.getAttr("wood.uvTilingMode", type=True) == "enum"
    assert cmds.getAttr("wood.fileTextureName", type=True) == "string"


def test_angles_are_in_degrees(node):
    # docs: getAttr, "UI units are used where applicable"
    cmds.setAttr("node.rotate", 0, 45, 90, type="double3")
    assert cmds.getAttr("node.rotateY") == pytest.approx(45)


def test_an_enum_is_a_number_and_a_name(texture):
    # docs: getAttr, flag asString
    cmds.setAttr("wood.uvTilingMode", 3)
    assert cmds.getAttr("wood.uvTilingMode") == 3
    assert cmds.getAttr("wood.uvTilingMode", asString=True) == "UDIM (Mari)"


# --- ranges


@pytest.mark.parametrize(
    ("plug", "value"),
    [("wood.preFilterRadius", 10.5), ("wood.preFilterRadius", 0.5), ("wood.hdrExposure", 11)],
)
def test_a_value_past_the_range_is_refused(texture, plug, value):
    # docs: setAttr, flag clamp, "clamp it to the min or max instead of failing"; ranges:
    # maya-mock-completion, file
    before = cmds.getAttr(plug)
    with pytest.raises(RuntimeError, match=r"past its (maximum|minimum) value"):
        cmds.setAttr(plug, value)
    assert cmds.getAttr(plug) == before


def test_clamp_takes_the_nearest_value(texture):
    # docs: setAttr, flag clamp
    cmds.setAttr("wood.preFilterRadius", 20, clamp=True)
    assert cmds.getAttr("wood.preFilterRadius") == 10


def test_a_soft_range_does_not_bind(texture):
    # docs: addAttr, flags softMaxValue; movie class (index 61418001148): alphaGain soft 0..2
    cmds.setAttr("wood.alphaGain", 5)
    assert cmds.getAttr("wood.alphaGain") == 5


def test_an_enum_past_its_fields_is_refused(texture):
    # movie class (index 61418001148): uvTilingMode 0..4
    with pytest.raises(RuntimeError, match=r"(?i)past its maximum value|enum"):
        cmds.setAttr("wood.uvTilingMode", 9)
    assert cmds.getAttr("wood.uvTilingMode") == 0


def test_attributeQuery_tells_the_range(texture):
    # docs: attributeQuery, flags minimum, maximum, range
    assert cmds.attributeQuery("preFilterRadius", node="wood", range=True) == [1, 10]
    assert cmds.attributeQuery("preFilterRadius", node="wood", maximum=True) == [10]


# --- locks


def test_a_locked_attribute_is_not_set(node):
    # example: setAttr, lock=True, "Lock an attribute to prevent further modification"
    cmds.setAttr("node.translateX", lock=True)
    with pytest.raises(RuntimeError, match="locked or connected"):
        cmds.setAttr("node.translateX", 1)
    assert cmds.getAttr("node.translateX") == 0
    assert cmds.getAttr("node.translateX", lock=True)


def test_an_unlocked_attribute_is_set_again(node):
    cmds.setAttr("node.translateX", lock=True)
    cmds.setAttr("node.translateX", lock=False)
    cmds.setAttr("node.translateX", 1)
    assert cmds.getAttr("node.translateX") == 1


def test_a_locked_parent_locks_its_children(node):
    # docs: setAttr, flag lock; getAttr, flag settable
    cmds.setAttr("node.translate", lock=True)
    with pytest.raises(RuntimeError, match="locked or connected"):
        cmds.setAttr("node.translateX", 1)
    assert not cmds.getAttr("node.translateX", settable=True)


def test_a_locked_child_stops_its_parent(node):
    cmds.setAttr("node.translateY", lock=True)
    with pytest.raises(RuntimeError, match="locked or connected"):
        cmds.setAttr("node.translate", 1, 2, 3, type="double3")
    assert cmds.getAttr("node.translate") == [(0, 0, 0)]


def test_settable_tells_free_from_locked_and_connected(node):
    # example: getAttr, settable=True -> 0; docs: getAttr, flag settable
    other = cmds.createNode("transform", name="other")
    assert cmds.getAttr("node.translateX", settable=True)
    cmds.connectAttr(f"{other}.translateX", "node.translateX")
    assert not cmds.getAttr("node.translateX", settable=True)


def test_a_connected_attribute_is_not_set(node):
    cmds.createNode("transform", name="other")
    cmds.connectAttr("other.translateX", "node.translateX")
    with pytest.raises(RuntimeError, match="locked or connected"):
        cmds.setAttr("node.translateX", 1)


def test_an_output_is_not_set(node):
    # follicle class (index 61456151139): worldMatrix writable=False; particle class: count writable=False
    cmds.createNode("particle", name="dust")
    with pytest.raises(RuntimeError, match=r"dust.count"):
        cmds.setAttr("dust.count", 3)
    assert cmds.getAttr("dust.count") == 0


def test_a_locked_node_is_not_deleted(texture):
    # example: lockNode, "Error: Cannot delete locked nodes."
    cmds.lockNode("wood")
    with pytest.raises(RuntimeError, match=r"(?i)locked"):
        cmds.delete("wood")
    assert cmds.objExists("wood")
    cmds.lockNode("wood", lock=False)
    cmds.delete("wood")
    assert not cmds.objExists("wood")


def test_a_locked_node_is_not_renamed(texture):
    # docs: lockNode, "It may not be renamed"
    cmds.lockNode("wood", lock=True)
    with pytest.raises(RuntimeError, match=r"(?i)locked|read.?only"):
        cmds.rename("wood", "oak")
    assert cmds.objExists("wood")


def test_a_locked_node_takes_no_attributes(texture):
    # docs: lockNode, "Attributes may not be added to or removed from it"
    cmds.lockNode("wood", lock=True)
    with pytest.raises(RuntimeError, match=r"(?i)locked|attribute"):
        cmds.addAttr("wood", longName="note", dataType="string")
    assert not cmds.attributeQuery("note", node="wood", exists=True)


def test_a_locked_node_may_still_have_its_values_set(texture):
    # docs: lockNode, "an unlocked attribute of a locked node may still have its value set"
    cmds.lockNode("wood", lock=True)
    cmds.setAttr("wood.fileTextureName", "wood.png", type="string")
    assert cmds.getAttr("wood.fileTextureName") == "wood.png"


def test_lockNode_is_asked_for_with_query(texture):
    # docs: lockNode, flag lock, queryable; FXTD-ODYSSEY/vscode-mayapy
    cmds.lockNode("wood", lock=True)
    assert cmds.lockNode("wood", query=True, lock=True) == [True]


# --- dynamic attributes


def test_addAttr_makes_a_double_by_default(node):
    # docs: addAttr, "If neither a dataType nor an attributeType is specified, a double attribute"; example:
    # mass
    cmds.addAttr("node", shortName="ms", longName="mass", defaultValue=1.0, minValue=0.001, maxValue=10000)
    assert cmds.getAttr("node.mass") == 1
    assert cmds.getAttr("node.ms", type=True) == "double"
    with pytest.raises(RuntimeError, match="past its minimum value"):
        cmds.setAttr("node.mass", 0)


def test_addAttr_without_a_name_raises(node):
    # docs: addAttr, "Either the longName or the shortName or both must be specified"
    with pytest.raises(RuntimeError, match=r"(?i)attribute"):
        cmds.addAttr("node", attributeType="double")


def test_addAttr_of_an_unknown_type_raises(node):
    # docs: addAttr, table of types
    with pytest.raises(RuntimeError, match=r"(?i)type"):
        cmds.addAttr("node", longName="mass", attributeType="decimal")
    assert not cmds.attributeQuery("mass", node="node", exists=True)


def test_addAttr_of_data_as_attributeType_raises(node):
    # docs: addAttr, table of types: vectorArray is -dt only
    with pytest.raises(RuntimeError, match=r"(?i)type"):
        cmds.addAttr("node", longName="points", attributeType="vectorArray")


def test_addAttr_of_a_taken_name_raises(node):
    # devhelp "Attributes": names must be unique across the node
    cmds.addAttr("node", longName="mass")
    with pytest.raises(RuntimeError, match=r"(?i)attribute"):
        cmds.addAttr("node", longName="mass")
    with pytest.raises(RuntimeError, match=r"(?i)attribute"):
        cmds.addAttr("node", longName="translateX")


def test_addAttr_on_a_missing_node_raises():
    with pytest.raises(NOT_FOUND, match="nobody"):
        cmds.addAttr("nobody", longName="mass")


def test_addAttr_of_an_enum(node):
    # docs: addAttr, flag enumName
    cmds.addAttr("node", longName="space", attributeType="enum", enumName="rgb:oklab:lab")
    cmds.setAttr("node.space", 1)
    assert cmds.getAttr("node.space", asString=True) == "oklab"
    assert cmds.attributeQuery("space", node="node", listEnum=True) == ["rgb:oklab:lab"]


def test_a_compound_is_there_when_its_last_child_is(node):
    # docs: addAttr, "are not actually added to the node until all of the children are defined"; example:
    # rainbow
    cmds.addAttr("node", longName="rainbow", usedAsColor=True, attributeType="float3")
    cmds.addAttr("node", longName="redBow", attributeType="float", parent="rainbow")
    cmds.addAttr("node", longName="greenBow", attributeType="float", parent="rainbow")
    assert not cmds.attributeQuery("rainbow", node="node", exists=True)
    cmds.addAttr("node", longName="blueBow", attributeType="float", parent="rainbow")
    cmds.setAttr("node.rainbow", 0.25, 0.5, 0.75, type="float3")
    assert cmds.getAttr("node.greenBow") == 0.5
    assert cmds.getAttr("node.rainbow") == [(0.25, 0.5, 0.75)]


def test_a_multi_attribute_knows_its_indices(node):
    # docs: addAttr, flag multi; example: getAttr, multiIndices=True
    cmds.addAttr("node", longName="weights", attributeType="double", multi=True)
    cmds.setAttr("node.weights[3]", 0.5)
    assert cmds.getAttr("node.weights", multiIndices=True) == [3]
    assert cmds.getAttr("node.weights[3]") == 0.5


def test_an_unset_string_holds_no_text(node):
    # docs: getAttr, "No result is returned if the attribute contains no data"
    cmds.addAttr("node", longName="note", dataType="string")
    assert not cmds.getAttr("node.note")
    cmds.setAttr("node.note", 'é\n"quoted" \\ ü', type="string")
    assert cmds.getAttr("node.note") == 'é\n"quoted" \\ ü'


def test_deleteAttr_takes_dynamic_attributes_only(node):
    # docs: deleteAttr, "Static attributes cannot be deleted"
    cmds.addAttr("node", longName="mass")
    cmds.deleteAttr("node.mass")
    assert not cmds.attributeQuery("mass", node="node", exists=True)
    with pytest.raises(RuntimeError, match=r"(?i)attribute|static"):
        cmds.deleteAttr("node.translateX")


def test_listAttr_userDefined_lists_the_dynamic_ones(node):
    # docs: listAttr, flag userDefined
    assert cmds.listAttr("node", userDefined=True) is None
    cmds.addAttr("node", longName="mass")
    cmds.addAttr("node", longName="note", dataType="string")
    assert cmds.listAttr("node", userDefined=True) == ["mass", "note"]


def test_attributeQuery_on_a_missing_attribute(node):
    # docs: attributeQuery, flag exists
    assert cmds.attributeQuery("translateX", node="node", exists=True)
    assert not cmds.attributeQuery("mass", node="node", exists=True)
    with pytest.raises(RuntimeError, match="mass"):
        cmds.attributeQuery("mass", node="node", minimum=True)


def test_attributeQuery_knows_both_names(node):
    # docs: attributeQuery, flags longName, shortName
    assert cmds.attributeQuery("tx", node="node", longName=True) == "translateX"
    assert cmds.attributeQuery("translateX", node="node", shortName=True) == "tx"


def test_attributeQuery_knows_the_default(node):
    # docs: attributeQuery, flag listDefault
    cmds.addAttr("node", longName="mass", defaultValue=2.5)
    assert cmds.attributeQuery("mass", node="node", listDefault=True) == [2.5]


def test_attributeQuery_knows_what_can_be_written(node):
    # docs: attributeQuery, flags writable, readable
    assert cmds.attributeQuery("translateX", node="node", writable=True)
    assert not cmds.attributeQuery("worldMatrix", node="node", writable=True)
    assert cmds.attributeQuery("worldMatrix", node="node", readable=True)


def test_an_attribute_is_made_keyable_and_shown(node):
    # example: setAttr, keyable=False; docs: setAttr, flags keyable, channelBox
    cmds.setAttr("node.translateZ", keyable=False)
    assert not cmds.getAttr("node.translateZ", keyable=True)
    cmds.setAttr("node.translateZ", channelBox=True)
    assert cmds.getAttr("node.translateZ", channelBox=True)


def test_an_alias_is_another_name(node):
    # example: aliasAttr, 'roll' for 'elbow.rx'; docs: "may freely use either the alias or the original name"
    cmds.aliasAttr("roll", "node.rotateX")
    cmds.setAttr("node.roll", 30)
    assert cmds.getAttr("node.rotateX") == pytest.approx(30)
    assert cmds.aliasAttr("node", query=True) == ["roll", "rotateX"]
    cmds.aliasAttr("node.roll", remove=True)
    assert not cmds.objExists("node.roll")


# --- array data


@pytest.fixture
def arrays(node):
    for name in ("vectorArray", "doubleArray", "Int32Array", "pointArray", "stringArray"):
        cmds.addAttr("node", longName=name[0].lower() + name[1:] + "Data", dataType=name)
    return node


def test_a_vector_array_is_set_with_its_count_and_read_as_tuples(arrays):
    # maya-usd test of WriteUtil; Cortex FromMayaPlugConverter test
    cmds.setAttr("node.vectorArrayData", 2, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6), type="vectorArray")
    assert cmds.getAttr("node.vectorArrayData") == [(0.1, 0.2, 0.3), (0.4, 0.5, 0.6)]


def test_a_vector_array_without_its_count_is_refused(arrays):
    # docs: setAttr, vectorArray: "the first argument must be the number of elements"
    with pytest.raises(
        (RuntimeError, TypeError, ValueError), match=r"(?i)vectorArray|data|node|argument|int"
    ):
        cmds.setAttr("node.vectorArrayData", (0.1, 0.2, 0.3), (0.4, 0.5, 0.6), type="vectorArray")


def test_a_vector_array_with_a_wrong_count_is_refused(arrays):
    with pytest.raises((RuntimeError, TypeError, ValueError), match=r"(?i)vectorArray|data|node|argument"):
        cmds.setAttr("node.vectorArrayData", 3, (0.1, 0.2, 0.3), type="vectorArray")


def test_a_vector_array_with_another_type_is_refused(arrays):
    with pytest.raises((RuntimeError, TypeError, ValueError), match=r"(?i)type|data|node"):
        cmds.setAttr("node.vectorArrayData", [1.0, 2.0], type="doubleArray")


def test_double_and_int_arrays_are_one_list(arrays):
    # Cortex FromMayaPlugConverter test: setAttr(plug, [..], type="doubleArray")
    cmds.setAttr("node.doubleArrayData", [0.5, 1.5], type="doubleArray")
    cmds.setAttr("node.int32ArrayData", [1, 2, 3], type="Int32Array")
    assert cmds.getAttr("node.doubleArrayData") == [0.5, 1.5]
    assert cmds.getAttr("node.int32ArrayData") == [1, 2, 3]


def test_a_point_array_is_set_with_its_count(arrays):
    # docs: setAttr, pointArray
    cmds.setAttr("node.pointArrayData", 1, (1, 2, 3, 1), type="pointArray")
    assert cmds.getAttr("node.pointArrayData") == [(1, 2, 3, 1)]


def test_a_string_array_is_set_with_its_count(arrays):
    # docs: setAttr, stringArray
    cmds.setAttr("node.stringArrayData", 2, "a", "b c", type="stringArray")
    assert cmds.getAttr("node.stringArrayData") == ["a", "b c"]


def test_an_array_that_was_never_set_holds_nothing(arrays):
    # docs: getAttr, "No result is returned if the attribute contains no data"
    assert not cmds.getAttr("node.vectorArrayData")


def test_the_range_of_an_integer_is_told_in_floats(node):
    # example: attributeQuery, egRange of type long: "Result: [0.0, 5.0]", egMin: "[2.0]"
    cmds.addAttr(node, longName="egRange", attributeType="long", minValue=0, maxValue=5, defaultValue=2)
    assert repr(cmds.attributeQuery("egRange", node=node, range=True)) == "[0.0, 5.0]"
    assert repr(cmds.attributeQuery("egRange", node=node, minimum=True)) == "[0.0]"


def test_the_size_of_what_is_no_array_is_1(node):
    # docs: getAttr, flag size, "Returns 1 if non-multi"
    cmds.addAttr(node, longName="many", dataType="vectorArray")
    cmds.setAttr(f"{node}.many", 2, (0, 0, 0), (1, 1, 1), type="vectorArray")
    assert cmds.getAttr(f"{node}.many", size=True) == 1


def test_an_attribute_tells_its_categories(node):
    # example: attributeQuery, "Result: ['fowl']"
    cmds.addAttr(node, longName="myEnum", attributeType="enum", enumName="chicken:turkey", category="fowl")
    assert cmds.attributeQuery("myEnum", node=node, categories=True) == ["fowl"]
