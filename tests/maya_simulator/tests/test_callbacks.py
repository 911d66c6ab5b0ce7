"""MDGMessage, MNodeMessage: what the Python API 2.0 reference says of their callbacks."""

from __future__ import annotations

import pytest
from maya import cmds
from maya.api import OpenMaya


@pytest.fixture
def heard():
    """Register callbacks by ``heard(add, …)``; what they were told is in ``heard.told``."""
    numbers = []

    def listen(add, *arguments):
        numbers.append(add(*arguments))

    listen.told = []
    yield listen
    OpenMaya.MMessage.removeCallbacks(numbers)


def name_of(node):
    return OpenMaya.MFnDependencyNode(node).name()


def test_new_and_removed_nodes_of_a_type(heard):
    heard(OpenMaya.MDGMessage.addNodeAddedCallback, lambda node, _: heard.told.append(name_of(node)), "file")
    heard(OpenMaya.MDGMessage.addNodeRemovedCallback, lambda node, _: heard.told.append("gone"), "file")
    node = cmds.createNode("file", name="wood")
    cmds.createNode("lambert")
    cmds.delete(node)
    cmds.undo()
    assert heard.told == ["wood", "gone", "wood"]


def test_renamed_nodes_and_what_they_were_called(heard):
    def tell(node, before, _data):
        heard.told.append((before, name_of(node)))

    node = cmds.createNode("file", name="wood")
    heard(OpenMaya.MNodeMessage.addNameChangedCallback, OpenMaya.MObject.kNullObj, tell)
    cmds.rename(node, "oak")
    cmds.undo()
    assert heard.told == [("wood", "oak"), ("oak", "wood")]


def test_attributes_that_are_set_also_by_undo(heard):
    def tell(message, plug, _other, _data):
        if message & OpenMaya.MNodeMessage.kAttributeSet:
            heard.told.append(plug.partialName(useLongNames=True))

    first, _ = (cmds.createNode("file", name=name) for name in ("wood", "stone"))
    found = OpenMaya.MSelectionList().add(first).getDependNode(0)
    heard(OpenMaya.MNodeMessage.addAttributeChangedCallback, found, tell)
    cmds.setAttr("stone.fileTextureName", "b.png", type="string")
    cmds.setAttr("wood.fileTextureName", "a.png", type="string")
    cmds.undo()
    assert heard.told.count("fileTextureName") == 2


def test_connections_that_are_made_and_broken(heard):
    def tell(source, target, is_made, _data):
        heard.told.append((source.name(), target.name(), is_made))

    cmds.createNode("file", name="wood")
    cmds.createNode("lambert", name="skin")
    heard(OpenMaya.MDGMessage.addConnectionCallback, tell)
    cmds.connectAttr("wood.outColor", "skin.color")
    cmds.disconnectAttr("wood.outColor", "skin.color")
    assert heard.told == [("wood.outColor", "skin.color", True), ("wood.outColor", "skin.color", False)]


def test_a_callback_that_is_not_there_cannot_be_removed():
    number = OpenMaya.MDGMessage.addNodeAddedCallback(lambda *_: None, "file")
    OpenMaya.MMessage.removeCallback(number)
    with pytest.raises(RuntimeError):
        OpenMaya.MMessage.removeCallback(number)
