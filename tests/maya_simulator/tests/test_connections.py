"""Connections and what is reached through them.

Sources, named at each test: "docs: X" and "example: X" are Autodesk's command page X; "node page X"
Autodesk's node page X.
"""

from __future__ import annotations

import pytest
from maya import cmds


@pytest.fixture
def pair():
    return cmds.createNode("transform", name="first"), cmds.createNode("transform", name="second")


@pytest.fixture
def shaded():
    """A file texture and its placement, feeding a shader of its own shading group."""
    cmds.shadingNode("file", asTexture=True, isColorManaged=True, name="wood")
    cmds.shadingNode("place2dTexture", asUtility=True, name="place")
    cmds.shadingNode("blinn", asShader=True, name="paint")
    cmds.sets(renderable=True, noSurfaceShader=True, empty=True, name="paintSG")
    cmds.connectAttr("place.outUV", "wood.uvCoord")
    cmds.connectAttr("wood.outColor", "paint.color")
    cmds.connectAttr("paint.outColor", "paintSG.surfaceShader")


def test_a_value_flows_along_a_connection(pair):
    # example: connectAttr
    cmds.connectAttr("first.translate", "second.translate")
    cmds.setAttr("first.translateX", 4)
    assert cmds.getAttr("second.translateX") == 4
    assert cmds.isConnected("first.translate", "second.translate")


def test_a_connected_plug_is_not_connected_again(pair):
    # docs: connectAttr, flag force
    cmds.createNode("transform", name="third")
    cmds.connectAttr("first.translateX", "second.translateX")
    with pytest.raises(RuntimeError, match="already has an incoming connection"):
        cmds.connectAttr("third.translateX", "second.translateX")
    assert cmds.isConnected("first.translateX", "second.translateX")


def test_force_takes_the_place_of_a_connection(pair):
    # docs: connectAttr, flag force, "Forces the connection ... If the destination is already connected, the
    # old connection is broken"
    cmds.createNode("transform", name="third")
    cmds.connectAttr("first.translateX", "second.translateX")
    cmds.connectAttr("third.translateX", "second.translateX", force=True)
    assert cmds.listConnections("second.translateX", source=True, destination=False) == ["third"]


def test_attributes_of_other_types_do_not_connect(pair):
    # docs: connectAttr, "The connected attributes must be of compatible types"
    cmds.createNode("file", name="wood")
    with pytest.raises(RuntimeError, match=r"(?i)connect"):
        cmds.connectAttr("wood.fileTextureName", "second.translateX")
    with pytest.raises(RuntimeError, match=r"(?i)connect"):
        cmds.connectAttr("first.translate", "wood.fileTextureName")


def test_an_output_takes_no_connection(pair):
    # follicle class (index 61456151139): worldMatrix writable=False
    with pytest.raises(RuntimeError, match=r"(?i)connect|writable"):
        cmds.connectAttr("first.worldMatrix[0]", "second.worldMatrix[0]")


def test_a_locked_plug_takes_no_connection(pair):
    # docs: setAttr, flag lock
    cmds.setAttr("second.translateX", lock=True)
    with pytest.raises(RuntimeError, match=r"(?i)locked"):
        cmds.connectAttr("first.translateX", "second.translateX")


@pytest.mark.parametrize(
    ("source", "destination"),
    [("nobody.tx", "second.tx"), ("first.tx", "nobody.tx"), ("first.nothing", "second.tx")],
)
def test_a_missing_end_raises(pair, source, destination):
    with pytest.raises((RuntimeError, ValueError), match=r"nobody|nothing"):
        cmds.connectAttr(source, destination)


def test_disconnectAttr_needs_a_connection(pair):
    # docs: disconnectAttr, "Disconnects two connected attributes"
    cmds.connectAttr("first.tx", "second.tx")
    cmds.disconnectAttr("first.tx", "second.tx")
    assert not cmds.isConnected("first.tx", "second.tx")
    with pytest.raises(RuntimeError, match=r"(?i)no connection"):
        cmds.disconnectAttr("first.tx", "second.tx")


def test_a_value_stays_when_its_connection_goes(pair):
    cmds.setAttr("first.tx", 4)
    cmds.connectAttr("first.tx", "second.tx")
    cmds.disconnectAttr("first.tx", "second.tx")
    assert cmds.getAttr("second.tx") == 4


def test_listConnections_tells_sources_from_destinations(shaded):
    # docs: listConnections, flags source, destination
    assert cmds.listConnections("paint.color", source=True, destination=False) == ["wood"]
    assert cmds.listConnections("wood.outColor", source=False, destination=True) == ["paint"]
    assert cmds.listConnections("wood.outColor", source=True, destination=False) is None


def test_listConnections_gives_plugs_and_pairs(shaded):
    # docs: listConnections, flags plugs, connections: "The one on the specified object is given first"
    assert cmds.listConnections("paint.color", plugs=True) == ["wood.outColor"]
    assert cmds.listConnections("paint.color", connections=True, plugs=True) == [
        "paint.color",
        "wood.outColor",
    ]


def test_listConnections_filters_by_type(shaded):
    # docs: listConnections, flag type
    assert cmds.listConnections("wood", type="place2dTexture") == ["place"]
    assert cmds.listConnections("wood", type="mesh") is None


def test_listConnections_of_a_missing_plug_raises(shaded):
    with pytest.raises((RuntimeError, ValueError), match="nobody"):
        cmds.listConnections("nobody.color")


def test_listHistory_reaches_textures_and_placements(shaded):
    # docs: listHistory, "traverses backwards"
    found = cmds.listHistory("paint")
    assert found[0] == "paint"
    assert {"wood", "place"} <= set(found)


def test_listHistory_future_goes_the_other_way(shaded):
    # docs: listHistory, flag future
    assert {"paint", "paintSG"} <= set(cmds.listHistory("wood", future=True))


def test_shadingNode_puts_a_texture_on_the_list_of_textures(shaded):
    # node page defaultTextureList: "Connection to this attribute means that you are a texture"
    assert "wood" in cmds.listConnections("defaultTextureList1.textures")
    assert "paint" in cmds.listConnections("defaultShaderList1.shaders")


def test_createNode_puts_nothing_on_a_list():
    # node page defaultTextureList; createNode makes the node alone
    cmds.createNode("file", name="wood")
    assert cmds.listConnections("wood.message") is None


def test_a_new_texture_takes_the_scene_s_color_management(shaded):
    # maya-usd UsdExportTextureTest/TextureTest.ma: :defaultColorMgtGlobals.cme -> file.cme, .wsn -> .ws
    assert cmds.isConnected("defaultColorMgtGlobals.cmEnabled", "wood.colorManagementEnabled")
    assert cmds.isConnected("defaultColorMgtGlobals.workingSpaceName", "wood.workingSpace")


def test_the_next_free_index_is_found(pair):
    # docs: connectAttr, flag nextAvailable
    cmds.addAttr("second", longName="inputs", attributeType="message", multi=True, indexMatters=False)
    cmds.connectAttr("first.message", "second.inputs", nextAvailable=True)
    cmds.createNode("transform", name="third")
    cmds.connectAttr("third.message", "second.inputs", nextAvailable=True)
    assert cmds.listConnections("second.inputs") == ["first", "third"]


def test_a_deleted_source_leaves_its_destination_free(pair):
    cmds.connectAttr("first.tx", "second.tx")
    cmds.delete("first")
    assert cmds.listConnections("second.tx") is None
    cmds.setAttr("second.tx", 2)
    assert cmds.getAttr("second.tx") == 2


def test_a_shading_group_belongs_to_the_render_partition(shaded):
    # node page partition: "The renderPartition defines the collection of shading groups"
    assert cmds.nodeType("paintSG") == "shadingEngine"
    assert cmds.listConnections("paintSG.partition") == ["renderPartition"]


def test_assigning_a_shader_moves_the_object_between_groups(shaded):
    # node page partition: "no member of an objectSet ... will also be a member of another"; docs: sets,
    # flag forceElement
    cmds.polyCube(name="box", constructionHistory=False)
    (shape,) = cmds.listRelatives("box", shapes=True)
    assert cmds.sets(shape, isMember="initialShadingGroup")
    cmds.sets("box", edit=True, forceElement="paintSG")
    assert "paintSG" in cmds.listConnections(shape, type="shadingEngine")
    assert not cmds.sets(shape, isMember="initialShadingGroup")


def test_connectionInfo_tells_the_source(shaded):
    # docs: connectionInfo, flags sourceFromDestination, isDestination
    assert cmds.connectionInfo("paint.color", sourceFromDestination=True) == "wood.outColor"
    assert cmds.connectionInfo("paint.color", isDestination=True)
    assert not cmds.connectionInfo("paint.color", isSource=True)
