"""What is simulated of the first API: enough to evaluate a particle object.

Methods fill objects that they are given, and names are long (PyMEL's mayaApi2025, classes MSelectionList, MTime
and MFnParticleSystem; abrahamADSK/maya-mcp's maya_build.py calls them from Python).
"""

from __future__ import annotations

from maya_standin import evaluate, resolve
from maya_standin.commands import particles
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Node, Plug
from maya_standin.session import current, require_main_thread


class MObject:
    """A handle to a node."""

    def __init__(self, other: MObject | None = None) -> None:
        self._node: Node | None = other._node if other else None

    def isNull(self) -> bool:
        return self._node is None


class MSelectionList:
    """A list of nodes."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []

    def add(self, name: str) -> None:
        try:
            found = resolve.items(current().scene, [name], RuntimeError)
        except RuntimeError:
            raise RuntimeError(f"(kInvalidParameter): Object does not exist: {name}") from None
        if any(isinstance(item, Plug) for item in found):
            raise NotSimulatedError("plugs in a MSelectionList of the first API")
        self._nodes += found

    def length(self) -> int:
        return len(self._nodes)

    def getDependNode(self, index: int, obj: MObject) -> None:
        if not isinstance(obj, MObject):
            raise TypeError("in method 'MSelectionList_getDependNode', argument 3 of type 'MObject &'")
        if not 0 <= index < len(self._nodes):
            raise RuntimeError("(kInvalidParameter): Argument is out of range")
        obj._node = self._nodes[index]


class MTime:
    """A time in some unit; the stand-in knows the scene's own."""

    _UNITS = ("", "hour", "min", "sec", "millisec", "game", "film", "pal", "ntsc", "show", "palf", "ntscf")

    def __init__(self, value: float = 0.0, unit: int | None = None) -> None:
        if unit not in (None, self.uiUnit()):
            raise NotSimulatedError("an MTime in another unit than the scene's (MTime.uiUnit())")
        self._value = float(value)

    @staticmethod
    def uiUnit() -> int:
        return MTime._UNITS.index(current().time_unit)

    def value(self) -> float:
        return self._value


class MFnParticleSystem:
    """A particle object."""

    def __init__(self, obj: MObject | None = None) -> None:
        self._node: Node | None = None
        if obj is not None:
            self.setObject(obj)

    def setObject(self, obj: MObject) -> None:
        node = obj._node
        if node is None or not node.alive or not node.type.isa("particle"):
            raise RuntimeError("(kInvalidParameter): Object is incompatible with this method")
        self._node = node

    def _shape(self) -> Node:
        require_main_thread()
        if self._node is None or not self._node.alive:
            raise RuntimeError("(kFailure): Unexpected Internal Failure")
        return self._node

    def count(self) -> int:
        return int(evaluate.value_of(current(), Plug(self._shape(), (("count", None),))))

    def evaluateDynamics(self, to: MTime, runupFromStart: bool) -> None:
        """Run the object up to a time, from the start of its simulation or from where it is.

        Autodesk/maya-usd calls it so for legacy particles: particleWriter.cpp.
        """
        if not isinstance(to, MTime):
            raise TypeError("in method 'MFnParticleSystem_evaluateDynamics', argument 2 of type 'MTime &'")
        particles.run_up(current(), self._shape(), to.value(), bool(runupFromStart))

    def __getattr__(self, name: str) -> object:
        raise NotSimulatedError(f"MFnParticleSystem.{name} is not simulated")
