"""Undo and redo.

Sources, named at each test: "docs: X" and "example: X" are Autodesk's command page X; "vscode-mayapy" is
the copy of the 2019 pages in FXTD-ODYSSEY/vscode-mayapy, which says of each command whether it is undoable.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import maya
import pytest
from maya import cmds


def names():
    return set(cmds.ls())


def test_undo_is_off_in_batch_until_switched_on():
    # mayapy suites switch it on by undoInfo(state=True, infinity=True): text index files 70077520645,
    # 70497430218; asked in a process of its own, because the tests here have it on
    code = """
        import maya.standalone
        maya.standalone.initialize(name="python")
        from maya import cmds
        cmds.createNode("file")
        print("answer", cmds.undoInfo(query=True, state=True), cmds.undoInfo(query=True, undoQueueEmpty=True))
        """
    assert "answer False True" in in_a_new_maya(code)


@functools.cache
def in_a_new_maya(code):
    """What `code` prints in a process with a Maya of its own."""
    path = os.pathsep.join([str(Path(maya.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.stdout + done.stderr


class TestWithUndo:
    def test_undo_takes_a_node_away_and_redo_brings_the_same_back(self):
        # vscode-mayapy: createNode is undoable
        cmds.createNode("file", name="wood")
        uuid = cmds.ls("wood", uuid=True)
        cmds.undo()
        assert not cmds.objExists("wood")
        cmds.redo()
        assert cmds.ls("wood", uuid=True) == uuid

    def test_undo_of_setAttr(self):
        cmds.createNode("transform", name="node")
        cmds.setAttr("node.tx", 1)
        cmds.setAttr("node.tx", 2)
        cmds.undo()
        assert cmds.getAttr("node.tx") == 1
        cmds.undo()
        assert cmds.getAttr("node.tx") == 0
        cmds.redo()
        assert cmds.getAttr("node.tx") == 1

    def test_undo_of_a_vector_array(self):
        cmds.createNode("transform", name="node")
        cmds.addAttr("node", longName="points", dataType="vectorArray")
        cmds.setAttr("node.points", 1, (1, 2, 3), type="vectorArray")
        cmds.setAttr("node.points", 2, (4, 5, 6), (7, 8, 9), type="vectorArray")
        cmds.undo()
        assert cmds.getAttr("node.points") == [(1, 2, 3)]

    def test_undo_of_addAttr_and_deleteAttr(self):
        # vscode-mayapy: addAttr, deleteAttr are undoable
        cmds.createNode("transform", name="node")
        cmds.addAttr("node", longName="mass")
        cmds.setAttr("node.mass", 3)
        cmds.deleteAttr("node.mass")
        cmds.undo()
        assert cmds.getAttr("node.mass") == 3
        cmds.undo()
        cmds.undo()
        assert not cmds.attributeQuery("mass", node="node", exists=True)

    def test_undo_of_rename(self):
        cmds.createNode("file", name="wood")
        cmds.rename("wood", "oak")
        cmds.undo()
        assert cmds.objExists("wood")
        assert not cmds.objExists("oak")

    def test_undo_of_parent(self):
        cmds.createNode("transform", name="base")
        cmds.setAttr("base.tx", 5)
        cmds.createNode("transform", name="leaf")
        cmds.parent("leaf", "base")
        cmds.undo()
        assert cmds.listRelatives("leaf", parent=True) is None
        assert cmds.getAttr("leaf.tx") == 0

    def test_undo_of_connections(self):
        cmds.createNode("transform", name="a")
        cmds.createNode("transform", name="b")
        cmds.createNode("transform", name="c")
        cmds.connectAttr("a.tx", "b.tx")
        cmds.connectAttr("c.tx", "b.tx", force=True)
        cmds.undo()
        assert cmds.listConnections("b.tx") == ["a"]
        cmds.undo()
        assert cmds.listConnections("b.tx") is None
        cmds.redo()
        assert cmds.isConnected("a.tx", "b.tx")

    def test_undo_of_delete_restores_children_values_and_connections(self):
        # vscode-mayapy: delete is undoable
        cmds.createNode("transform", name="base")
        cmds.createNode("transform", name="leaf", parent="base")
        cmds.addAttr("leaf", longName="mass")
        cmds.setAttr("leaf.mass", 3)
        cmds.createNode("transform", name="other")
        cmds.connectAttr("leaf.tx", "other.tx")
        cmds.setAttr("leaf.ty", lock=True)
        uuid = cmds.ls("leaf", uuid=True)
        cmds.delete("base")
        cmds.undo()
        assert cmds.ls("leaf", long=True) == ["|base|leaf"]
        assert cmds.ls("leaf", uuid=True) == uuid
        assert cmds.getAttr("leaf.mass") == 3
        assert cmds.getAttr("leaf.ty", lock=True)
        assert cmds.isConnected("leaf.tx", "other.tx")

    def test_undo_of_delete_restores_the_order_of_children(self):
        cmds.createNode("transform", name="base")
        for name in ("a", "b", "c"):
            cmds.createNode("transform", name=name, parent="base")
        cmds.delete("b")
        cmds.undo()
        assert cmds.listRelatives("base", children=True) == ["a", "b", "c"]

    def test_undo_of_delete_restores_sets(self):
        cmds.createNode("transform", name="a")
        cmds.sets("a", name="chosen")
        cmds.delete("a")
        cmds.undo()
        assert cmds.sets("chosen", query=True) == ["a"]

    def test_selecting_is_a_step(self):
        # vscode-mayapy: select is undoable
        cmds.createNode("transform", name="a")
        cmds.createNode("transform", name="b")
        cmds.select("a")
        cmds.select("b")
        cmds.undo()
        assert cmds.ls(selection=True) == ["a"]

    def test_undo_of_createNode_gives_the_selection_back(self):
        cmds.createNode("transform", name="a")
        cmds.createNode("transform", name="b")
        cmds.undo()
        assert cmds.ls(selection=True) == ["a"]

    def test_undo_of_lockNode(self):
        # vscode-mayapy: lockNode is undoable
        cmds.createNode("file", name="wood")
        cmds.lockNode("wood", lock=True)
        cmds.undo()
        assert cmds.lockNode("wood", query=True, lock=True) == [False]

    def test_undo_of_keys(self):
        # vscode-mayapy: setKeyframe is undoable
        cmds.createNode("transform", name="node")
        cmds.setKeyframe("node", attribute="translateX", time=1, value=5)
        cmds.undo()
        assert not cmds.keyframe("node", attribute="translateX", query=True, keyframeCount=True)
        assert cmds.listConnections("node.translateX") is None

    def test_undo_of_a_particle_object(self):
        # vscode-mayapy: particle is undoable
        before = names()
        cmds.particle(position=[(0, 0, 0)])
        cmds.undo()
        assert names() == before

    def test_undo_of_a_set_and_a_layer(self):
        before = names()
        cmds.createNode("transform", name="a")
        cmds.sets("a", name="chosen")
        cmds.createDisplayLayer("a", name="layer", noRecurse=True)
        for _ in range(3):
            cmds.undo()
        assert names() == before

    def test_the_time_is_not_undone(self):
        # vscode-mayapy: currentTime is NOT undoable
        cmds.currentTime(1)
        cmds.createNode("file", name="wood")
        cmds.currentTime(12)
        cmds.undo()
        assert not cmds.objExists("wood")
        assert cmds.currentTime(query=True) == 12

    def test_asking_is_no_step(self):
        # vscode-mayapy: ls, getAttr, attributeQuery, listConnections, referenceQuery are NOT undoable
        cmds.createNode("transform", name="node")
        length = cmds.undoInfo(query=True)
        cmds.ls()
        cmds.getAttr("node.tx")
        cmds.attributeQuery("tx", node="node", exists=True)
        cmds.listConnections("node")
        assert cmds.undoInfo(query=True) == length

    def test_a_failed_command_is_no_step(self):
        cmds.createNode("transform", name="node")
        with pytest.raises((RuntimeError, ValueError), match="nobody"):
            cmds.setAttr("nobody.tx", 1)
        cmds.undo()
        assert not cmds.objExists("node")

    def test_undo_past_the_beginning_raises(self):
        cmds.flushUndo()
        with pytest.raises(RuntimeError, match=r"(?i)no more commands to undo"):
            cmds.undo()

    def test_redo_past_the_end_raises(self):
        cmds.createNode("file")
        with pytest.raises(RuntimeError, match=r"(?i)no more commands to redo"):
            cmds.redo()

    def test_a_new_command_ends_what_could_be_redone(self):
        # docs: undoInfo, flag redoQueueEmpty
        cmds.createNode("file")
        cmds.undo()
        assert not cmds.undoInfo(query=True, redoQueueEmpty=True)
        cmds.createNode("file")
        assert cmds.undoInfo(query=True, redoQueueEmpty=True)

    def test_a_chunk_is_one_step(self):
        # docs: undoInfo, flag openChunk, "will undo as a single undo operation"
        before = names()
        cmds.undoInfo(openChunk=True)
        cmds.createNode("transform", name="a")
        cmds.createNode("transform", name="b")
        cmds.parent("b", "a")
        cmds.undoInfo(closeChunk=True)
        cmds.undo()
        assert names() == before
        cmds.redo()
        assert cmds.listRelatives("a", children=True) == ["b"]

    def test_a_chunk_in_a_chunk_belongs_to_the_outer_one(self):
        before = names()
        cmds.undoInfo(openChunk=True)
        cmds.createNode("file", name="a")
        cmds.undoInfo(openChunk=True)
        cmds.createNode("file", name="b")
        cmds.undoInfo(closeChunk=True)
        cmds.createNode("file", name="c")
        cmds.undoInfo(closeChunk=True)
        cmds.undo()
        assert names() == before

    def test_a_chunk_has_a_name(self):
        # docs: undoInfo, flags chunkName, undoName
        cmds.undoInfo(openChunk=True, chunkName="reduce texture")
        cmds.createNode("file")
        cmds.undoInfo(closeChunk=True)
        assert "reduce texture" in cmds.undoInfo(query=True, undoName=True)

    def test_a_chunk_closed_after_an_error_undoes_what_was_done(self):
        before = names()
        cmds.undoInfo(openChunk=True)
        try:
            cmds.createNode("file", name="a")
            with pytest.raises(RuntimeError, match="teapotHolder"):
                cmds.createNode("teapotHolder")
        finally:
            cmds.undoInfo(closeChunk=True)
        cmds.undo()
        assert names() == before

    def test_a_chunk_left_open_swallows_what_follows(self):
        # docs: undoInfo, "Improper use of this command can leave the undo queue in a bad state"
        cmds.undoInfo(openChunk=True)
        cmds.createNode("file", name="mine")
        cmds.createNode("file", name="the_artist_s")
        cmds.undoInfo(closeChunk=True)
        cmds.undo()
        assert not cmds.objExists("mine")
        assert not cmds.objExists("the_artist_s")

    def test_switching_off_flushes(self):
        # docs: undoInfo, flag stateWithoutFlush says what state does
        cmds.createNode("file", name="wood")
        cmds.undoInfo(state=False)
        cmds.undoInfo(state=True)
        assert cmds.undoInfo(query=True, undoQueueEmpty=True)

    def test_switching_off_without_flush_keeps_the_queue(self):
        # docs: undoInfo, flag stateWithoutFlush
        cmds.createNode("file", name="wood")
        cmds.undoInfo(stateWithoutFlush=False)
        cmds.createNode("file", name="unrecorded")
        cmds.undoInfo(stateWithoutFlush=True)
        cmds.undo()
        assert not cmds.objExists("wood")
        assert cmds.objExists("unrecorded")

    def test_a_new_scene_empties_the_queue(self):
        # file(new) starts over
        cmds.createNode("file")
        cmds.file(new=True, force=True)
        assert cmds.undoInfo(query=True, undoQueueEmpty=True)

    def test_flushUndo_empties_the_queue(self):
        # docs: flushUndo
        cmds.createNode("file")
        cmds.flushUndo()
        assert cmds.undoInfo(query=True, undoQueueEmpty=True)

    def test_five_times_there_and_back(self):
        # AL_omx AL/omx/tests/test_omxundo.py goes there and back five times
        cmds.createNode("transform", name="base")
        cmds.setAttr("base.tx", 4)
        cmds.undoInfo(openChunk=True)
        cmds.createNode("transform", name="leaf", parent="base")
        cmds.addAttr("leaf", longName="note", dataType="string")
        cmds.setAttr("leaf.note", "text", type="string")
        cmds.connectAttr("base.tx", "leaf.ty")
        cmds.rename("base", "trunk")
        cmds.undoInfo(closeChunk=True)
        for _ in range(5):
            cmds.undo()
            assert cmds.objExists("base")
            assert not cmds.objExists("leaf")
            cmds.redo()
            assert cmds.ls("leaf", long=True) == ["|trunk|leaf"]
            assert cmds.getAttr("leaf.note") == "text"
            assert cmds.getAttr("leaf.ty") == 4

    def test_undo_of_a_path_leaves_the_colour_space_to_be_looked_after(self):
        # path and colour space are two attributes; in one chunk they are undone in the opposite order
        cmds.createNode("file", name="wood")
        cmds.setAttr("wood.fileTextureName", "wood.png", type="string")
        cmds.undo()
        assert cmds.getAttr("wood.fileTextureName") == ""
