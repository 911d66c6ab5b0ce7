"""MSelectionList and MGlobal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from maya_standin import faces, resolve
from maya_standin.api.nodes import MDagPath, MPlug
from maya_standin.api.objects import MObject, node_of
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Node, Plug
from maya_standin.session import current, require_main_thread


class MSelectionList:
    """A list of nodes and plugs."""

    def __init__(self, items: Iterable[Node | Plug] | MSelectionList = ()) -> None:
        self._items = list(items._items) if isinstance(items, MSelectionList) else faces.grouped(items)

    def add(self, item: Any, mergeWithExisting: bool = False) -> MSelectionList:
        """Add by name, MObject, MDagPath or MPlug; a name that matches nothing raises RuntimeError."""
        if isinstance(item, str):
            try:
                found = resolve.items(current().scene, [item], RuntimeError)
            except RuntimeError:
                raise RuntimeError(f"(kInvalidParameter): Object does not exist: {item}") from None
        elif isinstance(item, MPlug):
            found = [item._plug]
        elif isinstance(item, MDagPath):
            found = [node_of(item.node())]
        else:
            found = [node_of(item)]
        self._items += [one for one in faces.grouped(found) if not (mergeWithExisting and one in self._items)]
        return self

    def length(self) -> int:
        return len(self._items)

    __len__ = length

    def isEmpty(self) -> bool:
        return not self._items

    def clear(self) -> MSelectionList:
        self._items.clear()
        return self

    def _at(self, index: int) -> Node | Plug | list[faces.Faces]:
        if not 0 <= index < len(self._items):
            raise IndexError("index out of range")
        return self._items[index]

    def getDependNode(self, index: int) -> MObject:
        item = self._at(index)
        if isinstance(item, list):
            return MObject(item[0].node)
        return MObject(item if isinstance(item, Node) else item.node)

    def getDagPath(self, index: int) -> MDagPath:
        return self.getComponent(index)[0]

    def getComponent(self, index: int) -> tuple[MDagPath, MObject]:
        """Return the path, and which parts of it: a null object where it is there as a whole."""
        item = self._at(index)
        if isinstance(item, list):
            return MDagPath(item[0].node), MObject(item)
        if not isinstance(item, Node) or not item.type.dag:
            raise TypeError("item is not a DAG path")
        return MDagPath(item), MObject()

    def getPlug(self, index: int) -> MPlug:
        item = self._at(index)
        if not isinstance(item, Plug):
            raise TypeError("item is not a plug")
        return MPlug(item)

    def getSelectionStrings(self, index: int | None = None) -> tuple[str, ...]:
        chosen = self._items if index is None else [self._at(index)]
        scene = current().scene
        return tuple(
            scene.printed(part) for item in chosen for part in (item if isinstance(item, list) else [item])
        )


class MGlobal:
    """Static functions of the session."""

    kInteractive, kBatch, kLibraryApp, kBaseUIMode = range(4)
    kReplaceList, kXORWithList, kAddToList, kRemoveFromList, kAddToHeadOfList = range(5)

    @staticmethod
    def displayInfo(message: str) -> None:
        current().say("info", _text(message))

    @staticmethod
    def displayWarning(message: str) -> None:
        current().say("warning", _text(message))

    @staticmethod
    def displayError(message: str) -> None:
        current().say("error", _text(message))

    @staticmethod
    def mayaState() -> int:
        return MGlobal.kLibraryApp if current().batch else MGlobal.kInteractive

    @staticmethod
    def mayaVersion() -> str:
        return str(current().version.year)

    @staticmethod
    def apiVersion() -> int:
        return current().version.api

    @staticmethod
    def isUndoing() -> bool:
        return current().undo.replaying == "undo"

    @staticmethod
    def isRedoing() -> bool:
        return current().undo.replaying == "redo"

    @staticmethod
    def getActiveSelectionList(orderedSelectionIfAvailable: bool = False) -> MSelectionList:
        require_main_thread()
        return MSelectionList(current().scene.selection)

    @staticmethod
    def setActiveSelectionList(selection: MSelectionList, listAdjustment: int = 0) -> None:
        require_main_thread()
        if listAdjustment != MGlobal.kReplaceList:
            raise NotSimulatedError("MGlobal.setActiveSelectionList with an adjustment")
        items = [part for item in selection._items for part in (item if isinstance(item, list) else [item])]
        current().scene.select(items)

    @staticmethod
    def getSelectionListByName(name: str) -> MSelectionList:
        return MSelectionList().add(name)

    @staticmethod
    def clearSelectionList() -> None:
        current().scene.select([])

    @staticmethod
    def executeCommandOnIdle(command: str, displayEnabled: bool = False) -> None:
        from maya_standin import mel

        session = current()
        session.idle.append(lambda: mel.evaluate(session, command))

    @staticmethod
    def optionVarExists(name: str) -> bool:
        return name in current().option_vars

    @staticmethod
    def optionVarIntValue(name: str) -> int:
        return int(current().option_vars.get(name, 0))

    @staticmethod
    def optionVarStringValue(name: str) -> str:
        return str(current().option_vars.get(name, ""))


def _text(message: Any) -> str:
    if not isinstance(message, str):
        raise TypeError(f"expected a string, got {type(message).__name__}")
    return message
