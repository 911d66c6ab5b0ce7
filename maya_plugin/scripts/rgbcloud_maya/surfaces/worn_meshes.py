"""The polygon meshes that wear a texture: their triangles in the UV set that it looks up, and in the world.

Read through the API, each mesh once: `MFnMesh.getTriangleOffsets`, `getVertices`, `getPoints`,
`getAssignedUVs`, `getUVs` and `getConnectedShaders`, `MFnDagNode.getAllPaths`, `MDagPath.instanceNumber`,
`inclusiveMatrix` and `isVisible` as Autodesk's reference has them. Which UV set a texture looks up `uvLink`
tells: for each mesh a plug with the name of the set.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from maya import cmds
from maya.api import OpenMaya

from rgbcloud.progress import silent
from rgbcloud.surface import Surface, surface_in_view
from rgbcloud_maya.nodes.mesh_faces import first_path, groups_by_face
from rgbcloud_maya.nodes.texture_uses import uses_of
from rgbcloud_maya.scene.scene_errors import SceneError
from rgbcloud_maya.scene.waiting import while_waiting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import numpy.typing as npt

    from rgbcloud import Progress
    from rgbcloud.color import FloatArray, IntArray
    from rgbcloud_maya.surfaces.camera_frames import CameraFrame

_PIECE = 50_000  # numbers that are read at a time
_PLAIN = {
    "coverage": (1.0, 1.0),
    "translateFrame": (0.0, 0.0),
    "rotateFrame": 0.0,
    "mirrorU": False,
    "mirrorV": False,
    "stagger": False,
    "rotateUV": 0.0,
    "noiseUV": (0.0, 0.0),
}
"""What a place2dTexture has that only repeats and shifts (attributes: Autodesk's page of that node)."""


class WornMesh(NamedTuple):
    """The triangles of one mesh, in one place, that wear a texture."""

    shape: str  # its full path; of an instance the first one's, whose faces it has
    path: str  # its full path in this place
    faces: IntArray  # (t,), int64: the face that each triangle is of
    points: FloatArray  # (t, 3, 3), float64: their corners in the world; empty, where these are not asked for
    uvs: FloatArray  # (t, 3, 2), float64: naN where a face has none


@dataclass
class Meshes:
    """The meshes of the scene, each read once.

    Maya is asked on its main thread, which tells `progress` between the pieces of a large mesh.
    """

    progress: Progress = silent
    _read: dict[str, _Mesh] = field(default_factory=dict)

    def meshes_wearing(self, texture: str, *, placed: bool = True) -> list[WornMesh]:
        """Return the triangles that wear a texture, by meshes and their instances; with points, if placed.

        Raises
        ------
        SceneError
            If there are none, none has UVs, or the texture is looked up in a way that is not followed.
        """
        groups = uses_of([texture])[texture].groups
        shapes = self._shapes_in(groups)
        if not shapes:
            raise SceneError(f"{texture} is worn by no polygon mesh; assign its material to one")
        scale, shift = _placement_of(texture)
        linked = _linked_sets(texture)
        wanted = set(groups)
        found = [
            self._mesh(shape).in_groups(wanted, linked.get(shape, ""), placed=placed) for shape in shapes
        ]
        worn = [part._replace(uvs=part.uvs * scale + shift) for parts in found for part in parts]
        if not any(np.isfinite(part.uvs[:, 0, 0]).any() for part in worn):
            names = ", ".join(shape.rpartition("|")[2] for shape in shapes[:8])
            raise SceneError(f"{texture} is worn by {names}, which has no UVs; lay them out first")
        return worn

    def surface_of(self, textures: Iterable[str], camera: CameraFrame | None = None) -> Surface:
        """Return what wears some textures, which show one image; by a camera, what its frame shows of it."""
        worn = [part for texture in textures for part in self.meshes_wearing(texture)]
        if camera is None:
            return while_waiting(
                lambda _told: Surface.joined(Surface.of_corners(part.points, part.uvs) for part in worn),
                self.progress,
            )
        wearing = {part.shape for part in worn}
        hiding = [
            part
            for shape in first_paths(cmds.ls(type="mesh", noIntermediate=True, long=True) or ())
            for part in self._mesh(shape).in_groups(None, "")
            if shape not in wearing
        ]

        def seen(_told: Progress) -> Surface:
            points = np.concatenate([part.points for part in [*worn, *hiding]])
            none = [np.full(part.uvs.shape, np.nan) for part in hiding]
            uvs = np.concatenate([*(part.uvs for part in worn), *none])
            return surface_in_view(points, uvs, camera.matrix, camera.aspect)

        return while_waiting(seen, self.progress)

    def _shapes_in(self, groups: Sequence[str]) -> list[str]:
        """Return the meshes that have faces in shading groups, by full paths."""
        if not groups:
            return []
        held = cmds.listConnections(groups, source=True, destination=False, type="mesh", shapes=True) or ()
        names = cmds.ls(list(dict.fromkeys(held)), noIntermediate=True, long=True) if held else ()
        return first_paths(names)

    def _mesh(self, shape: str) -> _Mesh:
        if shape not in self._read:
            self._read[shape] = _Mesh(shape, self.progress)
        return self._read[shape]


def first_paths(names: Iterable[str]) -> list[str]:
    """Return the full paths of objects, each once: of those that stand in several places the first."""
    nodes = [OpenMaya.MSelectionList().add(name).getDependNode(0) for name in names]
    return list(dict.fromkeys(map(first_path, nodes)))


class _Mesh:
    """What a mesh holds, as arrays."""

    def __init__(self, shape: str, progress: Progress) -> None:
        self._shape = shape
        self._progress = progress
        path = OpenMaya.MSelectionList().add(shape).getDagPath(0)
        self._mesh = OpenMaya.MFnMesh(path)
        counts, offsets = self._mesh.getTriangleOffsets()
        self._faces = np.repeat(np.arange(len(counts)), self._array(counts, np.int64))
        self._corners = self._array(offsets, np.int64).reshape(-1, 3)
        sizes, vertices = self._mesh.getVertices()
        self._sizes, self._vertices = self._array(sizes, np.int64), self._array(vertices, np.int64)
        self._uvs: dict[str, FloatArray] = {}

    def _array(self, held: Iterable[Any], kind: type[Any]) -> npt.NDArray[Any]:
        """Return an array of Maya's, told of piece by piece."""
        numbers = iter(held)
        pieces = [np.empty(0, kind)]
        while True:
            self._tell()
            pieces.append(np.fromiter(itertools.islice(numbers, _PIECE), kind))
            if len(pieces[-1]) < _PIECE:
                return np.concatenate(pieces)

    def _tell(self) -> None:
        self._progress(0.0, f"reading {self._shape.rpartition('|')[2]}")

    @functools.cached_property
    def _points(self) -> FloatArray:
        """The corners of all triangles in the mesh's own space: (t, 3, 4)."""
        held: Any = self._mesh.getPoints()
        points = self._array(itertools.chain.from_iterable(held), np.float64).reshape(-1, 4)
        del held  # which takes a moment, too
        self._tell()
        corners: FloatArray = points[self._vertices[self._corners]]
        self._tell()
        return corners

    def in_groups(
        self, groups: Collection[str] | None, uv_set: str, *, placed: bool = True
    ) -> list[WornMesh]:
        """Return the triangles of faces in some shading groups, for each instance; of all visible, if None.

        UVs are those of a set; of the first one if the mesh has no such set.
        """
        uvs = self._uvs_of(uv_set)
        parts = []
        paths: Any = self._mesh.getAllPaths()
        for path in paths:
            if groups is None and not path.isVisible():
                continue
            chosen = np.ones(len(self._faces), bool)
            if groups is not None:
                names, slots = groups_by_face(self._mesh, path)
                wanted = np.array([name in groups for name in names] + [False])  # the last one for slot -1
                chosen = wanted[slots][self._faces]
            points = np.empty((0, 3, 3))
            if placed:
                matrix = np.array(list(path.inclusiveMatrix())).reshape(4, 4)
                points = (self._points[chosen] @ matrix)[..., :3]
            self._tell()
            parts.append(WornMesh(self._shape, path.fullPathName(), self._faces[chosen], points, uvs[chosen]))
        return parts

    def _uvs_of(self, wanted: str) -> FloatArray:
        """Return the UVs of all corners of triangles: (t, 3, 2)."""
        names = list(self._mesh.getUVSetNames())
        name = wanted if wanted in names else names[0] if names else ""
        if name not in self._uvs:
            ids = np.full(int(self._sizes.sum()), -1)
            places = np.full((1, 2), np.nan)  # of corners without UVs, at -1
            if name:
                counts, assigned = self._mesh.getAssignedUVs(name)
                has_some = np.repeat(self._array(counts, np.int64) > 0, self._sizes)
                ids[has_some] = self._array(assigned, np.int64)
                u, v = (self._array(side, np.float64) for side in self._mesh.getUVs(name))
                places = np.concatenate([np.column_stack([u, v]), places])
            self._uvs[name] = places[ids[self._corners]]
        return self._uvs[name]


def _linked_sets(texture: str) -> dict[str, str]:
    """Return the UV set that a texture looks up, by the full paths of meshes."""
    try:
        plugs = cmds.uvLink(query=True, texture=texture) or ()
    except RuntimeError:  # a node that takes no UV coordinates from Maya
        return {}
    linked = {}
    for plug in plugs:
        for shape in cmds.ls(str(plug).partition(".")[0], long=True, dagObjects=True, type="mesh") or ():
            linked[first_paths([shape])[0]] = str(cmds.getAttr(plug))
    return linked


def _placement_of(texture: str) -> tuple[FloatArray, FloatArray]:
    """Return what UVs are multiplied by, and what is added, before they are looked up."""
    still = np.ones(2), np.zeros(2)
    if not cmds.attributeQuery("uvCoord", node=texture, exists=True):
        return still
    sources = cmds.listConnections(f"{texture}.uvCoord", source=True, destination=False) or ()
    if not sources:
        return still
    place = sources[0]
    if cmds.nodeType(place) != "place2dTexture":
        raise SceneError(f"{texture} is looked up by {place}, which is not followed; leave out surface")
    for attribute, plain in _PLAIN.items():
        value = cmds.getAttr(f"{place}.{attribute}")
        if (value[0] if isinstance(value, list) else value) != plain:
            raise SceneError(f"{place}.{attribute} is set, which is not followed; leave out surface")
    repeat, offset = (cmds.getAttr(f"{place}.{attribute}")[0] for attribute in ("repeatUV", "offset"))
    return np.array(repeat), np.array(offset)
