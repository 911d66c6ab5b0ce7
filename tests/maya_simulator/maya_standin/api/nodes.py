"""MFnDependencyNode, MFnDagNode, MDagPath and MPlug."""

from __future__ import annotations

from typing import Any

from maya_standin import evaluate, matrices, setting
from maya_standin.api import data
from maya_standin.api.arrays import MMatrix
from maya_standin.api.objects import MObject, MUuid, attribute_of, node_of
from maya_standin.commands import attribute_queries, connections, nodes
from maya_standin.node_types import COMPOUND_NUMERIC
from maya_standin.plugs import Node, Plug
from maya_standin.session import current, require_main_thread


class MFnDependencyNode:
    """Functions of any node."""

    def __init__(self, obj: MObject | MDagPath | None = None) -> None:
        self._object = MObject()
        if obj is not None:
            self.setObject(obj)

    def setObject(self, obj: Any) -> MFnDependencyNode:
        target = obj.node() if isinstance(obj, MDagPath) else obj
        node_of(target)
        self._object = target
        return self

    @property
    def _node(self) -> Node:
        return node_of(self._object)

    def object(self) -> MObject:
        return self._object

    def name(self) -> str:
        return self._node.name

    def absoluteName(self) -> str:
        return f":{self._node.name}"

    def setName(self, name: str) -> str:
        require_main_thread()
        nodes.rename_node(current(), self._node, name)
        return self._node.name

    @property
    def typeName(self) -> str:
        return self._node.type.name

    @property
    def namespace(self) -> str:
        return self._node.namespace

    @property
    def isFromReferencedFile(self) -> bool:
        return self._node.reference is not None

    @property
    def isLocked(self) -> bool:
        return self._node.locked

    @property
    def isDefaultNode(self) -> bool:
        return self._node.default

    def uuid(self) -> MUuid:
        return MUuid(self._node.uuid)

    def hasAttribute(self, name: str) -> bool:
        return self._node.find_attribute(name) is not None

    def attribute(self, name: str) -> MObject:
        spec = self._node.find_attribute(name)
        return MObject(spec) if spec else MObject()

    def attributeCount(self) -> int:
        return len(self._node.attributes())

    def findPlug(self, attribute: str | MObject, wantNetworkedPlug: bool) -> MPlug:
        """Return the plug, or raise "(kInvalidParameter): Cannot find item of required type"."""
        node = self._node
        if isinstance(attribute, MObject):
            attribute = attribute_of(attribute).long
        try:
            return MPlug(Plug(node, attribute_queries.plug_path(node, node.attribute(attribute))))
        except LookupError:
            raise RuntimeError("(kInvalidParameter): Cannot find item of required type") from None


class MFnDagNode(MFnDependencyNode):
    """Functions of DAG nodes."""

    def setObject(self, obj: Any) -> MFnDagNode:
        super().setObject(obj)
        if not self._node.type.dag:
            raise ValueError("(kInvalidParameter): Object is incompatible with this method")
        return self

    def fullPathName(self) -> str:
        return self._node.full_path

    def partialPathName(self) -> str:
        return current().scene.shortest_name(self._node)

    def parentCount(self) -> int:
        return 1

    def parent(self, index: int) -> MObject:
        return MObject(self._node.parent)

    def childCount(self) -> int:
        return len(self._node.children)

    def child(self, index: int) -> MObject:
        return MObject(self._node.children[index])

    def getPath(self) -> MDagPath:
        return MDagPath(self._node)

    def getAllPaths(self) -> list[MDagPath]:
        return MDagPath.getAllPathsTo(self._object)

    def instanceCount(self, indirect: bool) -> int:
        return 1 + len(self._node.others)


class MDagPath:
    """A path to a DAG node."""

    def __init__(self, node: Any = None, instance: int = 0) -> None:
        is_path = isinstance(node, MDagPath)
        self._node = node._node if is_path else node
        self._instance = node._instance if is_path else instance

    @staticmethod
    def getAllPathsTo(obj: MObject) -> list[MDagPath]:
        node = node_of(obj)
        return [MDagPath(node, number) for number in range(1 + len(node.others))]

    def instanceNumber(self) -> int:
        return self._instance

    @property
    def _above(self) -> Node | None:
        return self._node.others[self._instance - 1] if self._instance else self._node.parent

    def isVisible(self) -> bool:
        """Whether its own visibility and that of all above it is on."""
        require_main_thread()
        above = [self._above, *self._above.ancestors()] if self._above else []
        visible = (("visibility", None),)
        return all(evaluate.value_of(current(), Plug(node, visible)) for node in (self._node, *above))

    def inclusiveMatrix(self) -> MMatrix:
        """The matrix from the object's space to the world, which multiplies rows from the left."""
        require_main_thread()
        own = evaluate.local_matrix(current(), self._node)
        return MMatrix(matrices.multiply(own, evaluate.world_matrix(current(), self._above)))

    @staticmethod
    def getAPathTo(obj: MObject) -> MDagPath:
        return MDagPath(node_of(obj))

    def node(self) -> MObject:
        return MObject(self._node)

    def isValid(self) -> bool:
        return self._node is not None and self._node.alive

    def fullPathName(self) -> str:
        return f"{self._above.full_path}|{self._node.name}" if self._instance else self._node.full_path

    def partialPathName(self) -> str:
        return self.fullPathName() if self._node.others else current().scene.shortest_name(self._node)

    def apiType(self) -> int:
        return self.node().apiType()

    def hasFn(self, kind: int) -> bool:
        return self.node().hasFn(kind)

    def childCount(self) -> int:
        return len(self._node.children)

    def child(self, index: int) -> MObject:
        return MObject(self._node.children[index])

    def pop(self, count: int = 1) -> MDagPath:
        for _ in range(count):
            self._node, self._instance = self._above, 0
        return self

    def extendToShape(self, index: int = 0) -> MDagPath:
        shapes = self._node.shapes
        if not shapes:
            raise RuntimeError("(kInvalidParameter): Object is incompatible with this method")
        self._node = shapes[index]
        return self

    def __str__(self) -> str:
        return self.partialPathName()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MDagPath) and self._node is other._node and self._instance == other._instance

    def __hash__(self) -> int:
        return id(self._node)


class MPlug:
    """One attribute on one node. Its setters are not undoable."""

    def __init__(self, plug: Any = None, attribute: MObject | None = None) -> None:
        if isinstance(plug, MPlug):
            plug = plug._plug
        elif isinstance(plug, MObject):
            node = node_of(plug)
            plug = Plug(node, attribute_queries.plug_path(node, attribute_of(attribute)))
        self._plug: Plug | None = plug

    @property
    def isNull(self) -> bool:
        return self._plug is None

    def name(self) -> str:
        return connections.printed(current(), self._plug)

    def partialName(self, **options: bool) -> str:
        long = options.pop("useLongNames", False)
        text = self._plug.attribute_path(long=long)
        return f"{self._plug.node.name}.{text}" if options.pop("includeNodeName", False) else text

    def node(self) -> MObject:
        return MObject(self._plug.node)

    def attribute(self) -> MObject:
        return MObject(self._plug.spec)

    @property
    def isArray(self) -> bool:
        return self._plug.is_array

    @property
    def isCompound(self) -> bool:
        return self._plug.spec.is_compound

    @property
    def isLocked(self) -> bool:
        return any(setting.is_locked(part) for part in (self._plug, *self._plug.ancestors()))

    @isLocked.setter
    def isLocked(self, state: bool) -> None:
        current().scene.lock_plug(self._plug, state)

    @property
    def isDestination(self) -> bool:
        return self._plug.path in self._plug.node.incoming

    @property
    def isSource(self) -> bool:
        return bool(self._plug.node.outgoing.get(self._plug.path))

    @property
    def isConnected(self) -> bool:
        return self.isDestination or self.isSource

    def source(self) -> MPlug:
        return MPlug(self._plug.node.incoming.get(self._plug.path))

    def destinations(self) -> list[MPlug]:
        return [MPlug(target) for target in self._plug.node.outgoing.get(self._plug.path, ())]

    def numElements(self) -> int:
        return len(self._plug.indices())

    def elementByLogicalIndex(self, index: int) -> MPlug:
        return MPlug(self._plug.element(index))

    def numChildren(self) -> int:
        return len(self._plug.children())

    def child(self, index: int | MObject) -> MPlug:
        if isinstance(index, MObject):
            return MPlug(self._plug.child(attribute_of(index).long))
        return MPlug(self._plug.children()[index])

    def _value(self) -> Any:
        require_main_thread()
        return evaluate.value_of(current(), self._plug)

    def asBool(self) -> bool:
        return bool(self._value())

    def asInt(self) -> int:
        return int(self._value())

    asShort = asInt

    def asDouble(self) -> float:
        return float(self._value())

    asFloat = asDouble

    def asString(self) -> str:
        return self._value() or ""

    def asMObject(self) -> MObject:
        return MObject(data.Data(self._plug.spec.type, self._value() or []))

    def _set(self, value: Any) -> None:
        set_plug(self._plug, value)

    def setBool(self, value: bool) -> None:
        self._set(bool(value))

    def setInt(self, value: int) -> None:
        self._set(int(value))

    setShort = setInt

    def setDouble(self, value: float) -> None:
        self._set(float(value))

    setFloat = setDouble

    def setString(self, value: str) -> None:
        self._set(value)

    def setMObject(self, obj: MObject) -> None:
        self._set(obj._target)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MPlug) and self._plug == other._plug

    def __hash__(self) -> int:
        return hash(self._plug)

    def __str__(self) -> str:
        return self.name()


def set_plug(plug: Plug, value: Any) -> None:
    """Set a plug through the API, with the checks of setAttr."""
    require_main_thread()
    session = current()
    setting.require_settable(plug, "MPlug")
    if isinstance(value, data.Data):
        if value.kind != plug.spec.type:
            raise RuntimeError(
                f"(kInvalidParameter): {value.kind} data does not fit {setting.plug_name(plug)}"
            )
        setting.store(session, plug, value.value)
    elif isinstance(value, str):
        setting.set_typed(session, plug, "string", [value])
    elif plug.spec.type in COMPOUND_NUMERIC:
        setting.set_tuple(session, plug, list(value))
    else:
        setting.set_number(session, plug, value)
