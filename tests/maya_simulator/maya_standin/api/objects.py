"""MObject and its kin: handles to nodes, attributes and data."""

from __future__ import annotations

from typing import Any

from maya_standin.api.constants import MFn
from maya_standin.errors import NotSimulatedError
from maya_standin.node_types import Attribute
from maya_standin.plugs import Node
from maya_standin.session import current


class MObject:
    """A handle to a node, an attribute or a piece of data."""

    def __init__(self, target: Any = None) -> None:
        if isinstance(target, MObject):
            target = target._target
        self._target = target

    def isNull(self) -> bool:
        return self._target is None

    def apiType(self) -> int:
        return MFn.of(self._target)

    @property
    def apiTypeStr(self) -> str:
        return MFn.name_of(self.apiType())

    def hasFn(self, kind: int) -> bool:
        return MFn.fits(self._target, kind)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MObject) and self._target is other._target

    def __hash__(self) -> int:
        return id(self._target)


MObject.kNullObj = MObject()


class MObjectHandle:
    """Tells whether an MObject still lives."""

    def __init__(self, obj: MObject | None = None) -> None:
        self._object = obj or MObject()

    def object(self) -> MObject:
        return self._object

    def isAlive(self) -> bool:
        return not self._object.isNull()

    def isValid(self) -> bool:
        target = self._object._target
        return isinstance(target, Node) and target.alive

    def hashCode(self) -> int:
        return hash(self._object)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MObjectHandle) and self._object == other._object

    def __hash__(self) -> int:
        return self.hashCode()


class MUuid:
    """A node's UUID."""

    def __init__(self, text: Any = "") -> None:
        self._text = text._text if isinstance(text, MUuid) else str(text)

    def asString(self) -> str:
        return self._text

    def valid(self) -> bool:
        return len(self._text) == 36

    def __str__(self) -> str:
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MUuid) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


def node_of(obj: Any) -> Node:
    """Return the living node behind an MObject.

    Raises
    ------
    RuntimeError
        "(kInvalidParameter): Object does not exist", as Maya says of a handle whose node is gone.
    """
    if not isinstance(obj, MObject):
        raise TypeError(f"expected an MObject, got {type(obj).__name__}")
    target = obj._target
    if not isinstance(target, Node):
        raise RuntimeError("(kInvalidParameter): Object is incompatible with this method")
    if not target.alive:
        raise RuntimeError("(kInvalidParameter): Object does not exist")
    return target


def attribute_of(obj: Any) -> Attribute:
    if not isinstance(obj, MObject) or not isinstance(obj._target, Attribute):
        raise RuntimeError("(kInvalidParameter): Object is incompatible with this method")
    return obj._target


class MNamespace:
    """Namespaces of the scene."""

    @staticmethod
    def currentNamespace() -> str:
        return f":{current().scene.current_namespace}"

    @staticmethod
    def namespaceExists(name: str) -> bool:
        return name.strip(":") in current().scene.namespaces

    @staticmethod
    def rootNamespace() -> str:
        return ":"

    def __getattr__(self, name: str) -> Any:
        raise NotSimulatedError(f"MNamespace.{name}")
