"""MFnMesh and MFnSingleIndexedComponent: polygons, their UV sets, their shaders, and which faces are meant.

As Autodesk's reference describes the methods (PyPI pymel, mayaApi2025: MFnMesh); the forms of the Python API
2.0 as public code calls them: `getTriangleOffsets`, `getAssignedUVs`, `getUVs` (index id 70143290415),
`getConnectedShaders` (66838812048, 71084770714). Nothing that they change is undoable.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from maya_standin import faces, new_scene
from maya_standin.api.arrays import MFloatArray, MIntArray, MPointArray
from maya_standin.api.nodes import MFnDagNode
from maya_standin.api.objects import MObject, node_of
from maya_standin.commands.nodes import default_name
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Plug
from maya_standin.session import current, require_main_thread

_FIRST_SET = "map1"


class MFnMesh(MFnDagNode):
    """Functions of polygon meshes."""

    def setObject(self, obj: Any) -> MFnMesh:
        super().setObject(obj)
        if not self._node.type.isa("mesh"):
            raise ValueError("(kInvalidParameter): Object is incompatible with this method")
        return self

    def create(self, vertices: Any, polygonCounts: Any, polygonConnects: Any, parent: MObject) -> MObject:
        """Make a mesh below a transform; it has a UV set without UVs, and is in no shading group."""
        require_main_thread()
        counts, corners = (np.array(list(numbers), np.int64) for numbers in (polygonCounts, polygonConnects))
        points = np.array([list(point)[:3] for point in vertices], float).reshape(-1, 3)
        if counts.sum() != len(corners) or (counts < 3).any():
            raise RuntimeError("(kInvalidParameter): polygonCounts and polygonConnects do not fit")
        if len(corners) and not 0 <= corners.min() <= corners.max() < len(points):
            raise RuntimeError("(kInvalidParameter): polygonConnects names vertices that are not there")
        session, above = current(), node_of(parent)
        kind = new_scene.find_type(session, "mesh")
        node = session.scene.add_node(kind, default_name(kind, above), above)
        geometry = {"points": points, "counts": counts, "corners": corners, "uvs": {}, "ids": {}}
        session.scene.set_value(Plug(node, faces.GEOMETRY), geometry)
        self._object = MObject(node)
        self.createUVSet(_FIRST_SET)
        return self._object

    def createUVSet(self, name: str) -> str:
        node = self._node
        index = len(self.getUVSetNames())
        current().scene.set_value(Plug(node, (("uvSet", index), ("uvSetName", None))), name)
        return name

    def setUVs(self, uValues: Any, vValues: Any, uvSet: str = _FIRST_SET) -> MFnMesh:
        u, v = (np.array(list(values), np.float32) for values in (uValues, vValues))
        if len(u) != len(v):
            raise RuntimeError("(kInvalidParameter): as many u as v")
        self._geometry["uvs"][self._index(uvSet)] = u, v
        return self

    def assignUVs(self, uvCounts: Any, uvIds: Any, uvSet: str = _FIRST_SET) -> MFnMesh:
        """A face has either none or as many UVs as corners."""
        counts, ids = (np.array(list(numbers), np.int64) for numbers in (uvCounts, uvIds))
        wrong = (counts != 0) & (counts != self._geometry["counts"])
        if len(counts) != self.numPolygons or wrong.any() or counts.sum() != len(ids):
            raise RuntimeError("(kInvalidParameter): uvCounts and uvIds do not fit the polygons")
        self._geometry["ids"][self._index(uvSet)] = counts, ids
        return self

    @property
    def _geometry(self) -> dict[str, Any]:
        require_main_thread()
        return faces.geometry_of(self._node)

    def _index(self, name: str) -> int:
        names = self.getUVSetNames()
        if name not in names:
            raise RuntimeError("(kInvalidParameter): there is no such UV set")
        return names.index(name)

    @property
    def numPolygons(self) -> int:
        return len(self._geometry["counts"])

    def getUVSetNames(self) -> list[str]:
        values = self._node.values
        indices = Plug(self._node, (("uvSet", None),)).indices()
        return [values[(("uvSet", index), ("uvSetName", None))] for index in indices]

    def getPoints(self, space: int | None = None) -> MPointArray:
        if space is not None:
            raise NotSimulatedError("MFnMesh.getPoints in other spaces than the object's")
        points = self._geometry["points"]
        return MPointArray.of(list(zip(*points.T.tolist(), [1.0] * len(points))))

    def getVertices(self) -> tuple[MIntArray, MIntArray]:
        geometry = self._geometry
        return MIntArray.of(geometry["counts"].tolist()), MIntArray.of(geometry["corners"].tolist())

    def getTriangleOffsets(self) -> tuple[MIntArray, MIntArray]:
        """How many triangles each face has, and which of all faces' corners each has."""
        counts = self._geometry["counts"]
        starts, triangles = np.cumsum(counts) - counts, counts - 2
        firsts = np.repeat(starts, triangles)  # each face is a fan around its first corner
        steps = 1 + np.arange(len(firsts)) - np.repeat(np.cumsum(triangles) - triangles, triangles)
        corners = np.stack([firsts, firsts + steps, firsts + steps + 1], axis=1)
        return MIntArray.of(triangles.tolist()), MIntArray.of(corners.ravel().tolist())

    def getAssignedUVs(self, uvSet: str = _FIRST_SET) -> tuple[MIntArray, MIntArray]:
        none = np.zeros(self.numPolygons, np.int64), np.empty(0, np.int64)
        counts, ids = self._geometry["ids"].get(self._index(uvSet), none)
        return MIntArray.of(counts.tolist()), MIntArray.of(ids.tolist())

    def getUVs(self, uvSet: str = _FIRST_SET) -> tuple[MFloatArray, MFloatArray]:
        u, v = self._geometry["uvs"].get(self._index(uvSet), ((), ()))
        return MFloatArray.of(np.asarray(u, float).tolist()), MFloatArray.of(np.asarray(v, float).tolist())

    def getConnectedShaders(self, instanceNumber: int) -> tuple[list[MObject], MIntArray]:
        """The shading groups of an instance, and for each face which of them it is in, or -1."""
        node, slots = self._node, np.full(self.numPolygons, -1)
        groups = []
        for path, targets in node.outgoing.items():
            for target in targets:
                if path[0] != ("instObjGroups", instanceNumber) or not target.node.type.isa("shadingEngine"):
                    continue
                if target.node not in groups:
                    groups.append(target.node)
                held = node.values.get((*path, ("objectGrpCompList", None)))
                slots[slice(None) if held is None else faces.numbers_of(held)] = groups.index(target.node)
        return [MObject(group) for group in groups], MIntArray.of(slots.tolist())


class MFnSingleIndexedComponent:
    """Functions of components that have one index, such as faces."""

    def __init__(self, obj: MObject) -> None:
        if not isinstance(obj, MObject) or not isinstance(obj._target, list):
            raise ValueError("(kInvalidParameter): Object is incompatible with this method")
        self._faces: list[faces.Faces] = obj._target

    def getElements(self) -> MIntArray:
        return MIntArray.of(faces.numbers_of(self._faces).tolist())
