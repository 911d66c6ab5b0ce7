"""MDGModifier and MDagModifier: queue operations, do them, undo them.

What a modifier does is on nobody's queue; the MPxCommand that holds it undoes it (section 5).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from maya_standin import new_scene
from maya_standin.api.nodes import MPlug, set_plug
from maya_standin.api.objects import MObject, attribute_of, node_of
from maya_standin.commands import add_attr, connections, dag, nodes
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Node, Plug
from maya_standin.session import current, require_main_thread
from maya_standin.undo import Entry


class MDGModifier:
    """A list of operations on the dependency graph."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], None]] = []
        self._entries: list[Entry] = []
        self._undone: list[Entry] = []

    # --- operations --------------------------------------------------------------------------------

    def createNode(self, type_name: str) -> MObject:
        """Return the new node at once; it joins the scene at doIt."""
        node_type = new_scene.find_type(current(), type_name)
        if node_type.dag:
            raise TypeError(f"{type_name} is a DAG node: use MDagModifier")
        return self._create(node_type, None)

    def _create(self, node_type: Any, parent: Node | None) -> MObject:
        scene = current().scene
        node = Node(node_type, "", scene.new_uuid(), parent=parent, alive=False)
        pending = MObject(node)

        def join() -> None:
            if parent is not None and not parent.alive:
                raise RuntimeError("(kFailure): the parent is not in the scene")
            wanted = node.name or nodes.namespaced(current(), nodes.default_name(node_type, parent))
            node.name = scene.free_name(wanted, node_type, parent)
            scene._apply(lambda: scene._attach(node, None), lambda: scene._detach(node))
            nodes.initialize(current(), node)

        self._waiting.append(join)
        return pending

    def deleteNode(self, obj: MObject) -> MDGModifier:
        node = obj._target

        def delete() -> None:
            nodes.require_deletable(node_of(obj))
            nodes.remove(current(), node)

        self._waiting.append(delete)
        return self

    def renameNode(self, obj: MObject, name: str) -> MDGModifier:
        self._waiting.append(lambda: nodes.rename_node(current(), node_of(obj), name))
        return self

    def connect(self, *ends: Any) -> MDGModifier:
        source, target = _plug_pair(ends)
        self._waiting.append(lambda: connections.connect(current(), source, target))
        return self

    def disconnect(self, *ends: Any) -> MDGModifier:
        source, target = _plug_pair(ends)

        def cut() -> None:
            if target.node.incoming.get(target.path) != source:
                raise RuntimeError("(kFailure): the plugs are not connected")
            connections.disconnect(current(), source, target)

        self._waiting.append(cut)
        return self

    def addAttribute(self, obj: MObject, attribute: MObject) -> MDGModifier:
        spec = attribute_of(attribute)
        self._waiting.append(lambda: add_attr.add(current(), node_of(obj), spec))
        return self

    def removeAttribute(self, obj: MObject, attribute: MObject) -> MDGModifier:
        spec = attribute_of(attribute)
        self._waiting.append(lambda: add_attr.delete(current(), Plug(node_of(obj), ((spec.long, None),))))
        return self

    def _new_value(self, plug: MPlug, value: Any) -> MDGModifier:
        if not isinstance(plug, MPlug):
            raise TypeError(f"expected an MPlug, got {type(plug).__name__}")
        self._waiting.append(lambda: set_plug(plug._plug, value))
        return self

    def newPlugValue(self, plug: MPlug, value: MObject) -> MDGModifier:
        return self._new_value(plug, value._target)

    def newPlugValueBool(self, plug: MPlug, value: bool) -> MDGModifier:
        return self._new_value(plug, bool(value))

    def newPlugValueInt(self, plug: MPlug, value: int) -> MDGModifier:
        return self._new_value(plug, int(value))

    newPlugValueShort = newPlugValueChar = newPlugValueInt

    def newPlugValueDouble(self, plug: MPlug, value: float) -> MDGModifier:
        return self._new_value(plug, float(value))

    newPlugValueFloat = newPlugValueDouble

    def newPlugValueString(self, plug: MPlug, value: str) -> MDGModifier:
        if not isinstance(value, str):
            raise TypeError(f"expected a string, got {type(value).__name__}")
        return self._new_value(plug, value)

    def setNodeLockState(self, obj: MObject, state: bool) -> MDGModifier:
        self._waiting.append(lambda: current().scene.lock_node(node_of(obj), state))
        return self

    def commandToExecute(self, command: str) -> MDGModifier:
        from maya_standin import mel

        if not isinstance(command, str):
            raise TypeError("commandToExecute takes MEL as a string")
        self._waiting.append(lambda: mel.evaluate(current(), command))
        return self

    def pythonCommandToExecute(self, command: Any) -> MDGModifier:
        from maya_standin import deferred

        self._waiting.append(deferred.as_function(command))
        return self

    # --- doing -------------------------------------------------------------------------------------

    def doIt(self) -> MDGModifier:
        """Do what waits, or redo what was undone; what was done before a failure is taken back."""
        require_main_thread()
        if not self._waiting and self._undone:
            for entry in self._undone:
                entry.redo()
            self._entries, self._undone = self._undone, []
            return self
        queue = current().undo
        waiting, self._waiting = self._waiting, []
        entry = Entry("modifier")
        outer, queue.running = queue.running, entry
        try:
            for operation in waiting:
                operation()
        except BaseException:
            queue.running = outer
            entry.undo()
            raise
        queue.running = outer
        self._entries.append(entry)
        if outer is None and not queue.muted and queue.done:
            queue.unrecorded = True
        return self

    def undoIt(self) -> MDGModifier:
        require_main_thread()
        for entry in reversed(self._entries):
            entry.undo()
        self._entries, self._undone = [], self._entries
        return self

    def __getattr__(self, name: str) -> Any:
        raise NotSimulatedError(f"{type(self).__name__}.{name}")


class MDagModifier(MDGModifier):
    """A list of operations that may create and move DAG nodes."""

    def createNode(self, type_name: str, parent: MObject | None = None) -> MObject:
        """Return the new node; for a shape without parent the transform that is made above it."""
        session = current()
        node_type = new_scene.find_type(session, type_name)
        if not node_type.dag:
            return self._create(node_type, None)
        above = parent._target if parent is not None and not parent.isNull() else None
        if node_type.is_shape and above is None:
            transform = self._create(new_scene.find_type(session, "transform"), None)
            self._create(node_type, transform._target)
            return transform
        return self._create(node_type, above)

    def reparentNode(self, obj: MObject, newParent: MObject | None = None) -> MDagModifier:
        target = None if newParent is None or newParent.isNull() else newParent
        self._waiting.append(
            lambda: dag.move_below(
                current(), node_of(obj), node_of(target) if target else None, keep_world=False
            )
        )
        return self


def _plug_pair(ends: tuple[Any, ...]) -> tuple[Plug, Plug]:
    """Two MPlugs, or node, attribute, node, attribute."""
    if len(ends) == 4:
        ends = (MPlug(ends[0], ends[1]), MPlug(ends[2], ends[3]))
    if len(ends) != 2 or not all(isinstance(end, MPlug) for end in ends):
        raise TypeError("connect and disconnect take two plugs")
    return ends[0]._plug, ends[1]._plug
