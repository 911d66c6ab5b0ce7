"""MDGMessage, MNodeMessage and MMessage: callbacks of what happens to nodes (Python API 2.0 reference).

Callbacks are called at once, also by undo and redo, and stay until they are removed. `File > New` is told of by
none of them: its nodes are gone without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from maya_standin.api.nodes import MPlug
from maya_standin.api.objects import MObject, node_of
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Node, Plug
from maya_standin.session import current


class Callbacks:
    """All callbacks of a session, by their ids."""

    def __init__(self) -> None:
        self._callbacks: dict[int, tuple[str, Callable[..., Any]]] = {}
        self._next = 1

    def add(self, event: str, function: Callable[..., Any]) -> int:
        number, self._next = self._next, self._next + 1
        self._callbacks[number] = (event, function)
        return number

    def remove(self, number: int) -> None:
        if self._callbacks.pop(number, None) is None:
            raise RuntimeError("(kInvalidParameter): there is no such callback")

    def tell(self, event: str, *things: Any) -> None:
        for heard, function in list(self._callbacks.values()):
            if heard == event:
                function(*things)


class MMessage:
    """Base of all messages."""

    @staticmethod
    def removeCallback(number: int) -> None:
        current().callbacks.remove(number)

    @staticmethod
    def removeCallbacks(numbers: list[int]) -> None:
        for number in numbers:
            current().callbacks.remove(number)


def _check(function: Any) -> None:
    if not callable(function):
        raise TypeError("the callback must be callable")


class MDGMessage(MMessage):
    """Messages of the dependency graph."""

    @staticmethod
    def addNodeAddedCallback(
        function: Callable[..., Any], nodeType: str = "dependNode", clientData: Any = None
    ) -> int:
        return MDGMessage._of_nodes("added", function, nodeType, clientData)

    @staticmethod
    def addNodeRemovedCallback(
        function: Callable[..., Any], nodeType: str = "dependNode", clientData: Any = None
    ) -> int:
        return MDGMessage._of_nodes("removed", function, nodeType, clientData)

    @staticmethod
    def _of_nodes(event: str, function: Callable[..., Any], node_type: str, data: Any) -> int:
        from maya_standin.commands.listing import is_known_type

        _check(function)
        if node_type != "dependNode" and not is_known_type(current(), node_type):
            raise RuntimeError(f"(kInvalidParameter): there is no node type {node_type}")

        def call(node: Node) -> None:
            if node_type == "dependNode" or node.type.isa(node_type):
                function(MObject(node), data)

        return current().callbacks.add(event, call)

    @staticmethod
    def addConnectionCallback(function: Callable[..., Any], clientData: Any = None) -> int:
        """The function is called with source, destination, whether it was made, and the client data."""
        _check(function)

        def call(source: Plug, target: Plug, is_made: bool) -> None:
            function(MPlug(source), MPlug(target), is_made, clientData)

        return current().callbacks.add("connection", call)


class MSceneMessage(MMessage):
    """Messages of files."""

    kBeforeExport, kBeforeSave = 10, 12

    @staticmethod
    def addCallback(message: int, function: Callable[..., Any], clientData: Any = None) -> int:
        """The function is called with the client data."""
        _check(function)
        heard = {MSceneMessage.kBeforeExport: "export", MSceneMessage.kBeforeSave: "save"}
        if message not in heard:
            raise NotSimulatedError(f"MSceneMessage {message}")

        def call(work: str) -> None:
            if work == heard[message]:
                function(clientData)

        return current().callbacks.add("before", call)


class MNodeMessage(MMessage):
    """Messages of one node, or of all with a null object."""

    kConnectionMade, kConnectionBroken, kAttributeEval, kAttributeSet = 0x1, 0x2, 0x4, 0x8
    kIncomingDirection, kOtherPlugSet = 0x800, 0x4000

    @staticmethod
    def addAttributeChangedCallback(
        node: MObject, function: Callable[..., Any], clientData: Any = None
    ) -> int:
        """The function is called with the message, the plug, the other plug, and the client data."""
        _check(function)
        wanted = node_of(node)

        def call(plug: Plug) -> None:
            if plug.node is wanted:
                function(MNodeMessage.kAttributeSet, MPlug(plug), MPlug(), clientData)

        return current().callbacks.add("set", call)

    @staticmethod
    def addNameChangedCallback(node: MObject, function: Callable[..., Any], clientData: Any = None) -> int:
        """The function is called with the node, its name before, and the client data."""
        _check(function)
        wanted = None if node.isNull() else node_of(node)

        def call(renamed: Node, before: str) -> None:
            if wanted is None or renamed is wanted:
                function(MObject(renamed), before, clientData)

        return current().callbacks.add("renamed", call)
