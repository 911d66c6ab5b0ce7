"""Meshes from files: the corners of their triangles in UV, and the triangles' areas in the world."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rgbcloud.errors import ImageReadError, MissingDependencyError, reason_of
from rgbcloud.surface.coverage import as_mask, coverage, with_mip_levels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array

USD_SUFFIXES = (".usd", ".usda", ".usdc", ".usdz")
GLTF_SUFFIXES = (".gltf", ".glb")
MESH_SUFFIXES = (".obj", *GLTF_SUFFIXES, ".ply", ".dae", ".off", *USD_SUFFIXES)
"""What names of mesh files end with that can have UVs."""

_MIP_LEVELS = 4


@dataclass(frozen=True, eq=False)
class Surface:
    """Triangles that wear a texture.

    Attributes
    ----------
    uvs : ndarray of shape (n, 2), float64
    triangles : ndarray of shape (t, 3), int64
        Indices of their corners in `uvs`.
    areas : ndarray of shape (t,), float64
        In the world; instances of a mesh count each.
    """

    uvs: FloatArray
    triangles: IntArray
    areas: FloatArray

    @classmethod
    def joined(cls, parts: Iterable[Surface]) -> Surface:
        """Return several as one."""
        uvs: list[FloatArray] = [np.empty((0, 2))]
        triangles: list[IntArray] = [np.empty((0, 3), np.int64)]
        areas: list[FloatArray] = [np.empty(0)]
        count = 0
        for part in parts:
            uvs.append(part.uvs)
            triangles.append(part.triangles + count)
            areas.append(part.areas)
            count += len(part.uvs)
        return cls(np.concatenate(uvs), np.concatenate(triangles), np.concatenate(areas))

    @classmethod
    def of_corners(cls, points: FloatArray, uvs: FloatArray) -> Surface:
        """Return triangles by their corners.

        Parameters
        ----------
        points : ndarray of shape (t, 3, 3)
            In the world.
        uvs : ndarray of shape (t, 3, 2)
        """
        flat = uvs.reshape(-1, 2)
        order = np.lexsort(flat.T[::-1])  # np.unique of rows is slower, and holds up all threads
        ranked = flat[order]
        is_first = np.ones(len(flat), bool)
        is_first[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
        corners = np.empty(len(flat), np.int64)
        corners[order] = np.cumsum(is_first) - 1
        return cls(ranked[is_first], corners.reshape(-1, 3), triangle_areas(points))

    def weights(self, size: tuple[int, int], tile: tuple[int, int] | None = None) -> UInt8Array:
        """Return how much texels count: (H, W), uint8; see `as_mask`.

        Parameters
        ----------
        size : tuple of int
            Width and height.
        tile : tuple of int, optional
            See `coverage`.
        """
        texels = coverage(self.uvs, self.triangles, self.areas, size, tile=tile)
        return as_mask(with_mip_levels(texels, _MIP_LEVELS))


def triangle_areas(points: FloatArray) -> FloatArray:
    """Return the areas, (t,), of triangles by their corners: (t, 3, 3), float64."""
    sides = points[:, 1:] - points[:, :1]
    areas: FloatArray = np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1) / 2
    return areas


def mesh_parts(path: str) -> list[tuple[str, Surface]]:
    """Read the meshes of a file.

    Parameters
    ----------
    path : str
        One of `MESH_SUFFIXES`.

    Returns
    -------
    list of (str, Surface)
        What wears each material, by that material's name, in USD by its path; "" where there is none.

    Raises
    ------
    ImageReadError
        If it cannot be read, or none of its meshes has UVs.
    MissingDependencyError
        If what reads such files is not installed.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix not in MESH_SUFFIXES:
        raise ImageReadError(f"{path} is no mesh that can be read; choose one of {' '.join(MESH_SUFFIXES)}")
    try:
        file.stat()
    except (OSError, ValueError) as error:
        raise ImageReadError(f"{path}: {reason_of(error)}; check the path") from error
    found = [mesh for mesh in triangles_of(path) if not np.isnan(mesh.uvs).all()]
    parts = [(mesh.material, Surface.of_corners(mesh.points, mesh.uvs)) for mesh in found]
    if not any(len(surface.triangles) for _, surface in parts):
        raise ImageReadError(f"{path} has no triangles with UVs, so that nothing in it wears a texture")
    return parts


def load_surface(path: str) -> Surface:
    """Return all meshes of a file as one; see `mesh_parts`."""
    return Surface.joined(surface for _, surface in mesh_parts(path))


def surface_mask(path: str, size: tuple[int, int], tile: tuple[int, int] | None = None) -> UInt8Array:
    """Return how much texels count by a mesh file: (H, W), uint8; see `Surface.weights`.

    Raises
    ------
    ImageReadError, MissingDependencyError
        See `mesh_parts`; or if no texel of a texture without tiles is shown.
    """
    state = Path(path).stat() if Path(path).exists() else None
    return _mask_of(path, state and (state.st_mtime_ns, state.st_size), size, tile)


@functools.lru_cache(maxsize=2)
def _mask_of(path: str, _state: object, size: tuple[int, int], tile: tuple[int, int] | None) -> UInt8Array:
    """Return a mask; the last ones are kept, as every image is looked at more than once."""
    mask = _surface_of(path, _state).weights(size, tile)
    if tile is None and not mask.any():
        msg = f"{path} shows nothing of a texture: its triangles have no area in UV"
        raise ImageReadError(f"{msg}, or corners that are no numbers; lay its UVs out first")
    mask.setflags(write=False)
    return mask


@functools.lru_cache(maxsize=1)
def _surface_of(path: str, _state: object) -> Surface:
    return load_surface(path)


class Triangles(NamedTuple):
    """Triangles that wear one material."""

    material: str  # its name, in USD its path; "" where there is none
    points: FloatArray  # (t, 3, 3), float64: their corners in the world
    uvs: FloatArray  # (t, 3, 2), float64: NaN where a mesh has none


def triangles_of(path: str) -> Iterator[Triangles]:
    """Yield the triangles of a file; see `mesh_parts`."""
    if path.lower().endswith(USD_SUFFIXES):
        for part in usd_meshes(path):
            yield Triangles(part.material, part.points, part.uvs)
        return
    try:
        import trimesh
    except ModuleNotFoundError as error:
        raise MissingDependencyError("meshes need trimesh: python -m pip install trimesh") from error
    try:
        scene: Any = trimesh.load(path, force="scene", process=False)
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ImageReadError(f"{path} cannot be read as a mesh: {reason}") from error
    for node in scene.graph.nodes_geometry:
        matrix, name = scene.graph[node]
        mesh = scene.geometry[name]
        if not hasattr(mesh, "faces"):
            continue
        points = _transform(np.asarray(mesh.vertices, np.float64), np.asarray(matrix).T)
        found, corners = getattr(mesh.visual, "uv", None), np.asarray(mesh.faces)
        uvs = np.full((len(points), 2), np.nan) if found is None else np.asarray(found, np.float64)
        material = str(getattr(getattr(mesh.visual, "material", None), "name", None) or "")
        yield Triangles(material, points[corners], uvs[corners])


class UsdMesh(NamedTuple):
    """The faces of one mesh of a stage that wear one material, cut into triangles.

    Attributes
    ----------
    prim, material : str
        Paths; the latter is empty where no material is bound.
    faces : ndarray of shape (t,), int64
        The face that each triangle is of.
    points : ndarray of shape (t, 3, 3), float64
        Their corners in the world.
    uvs : ndarray of shape (t, 3, 2), float64
    is_instance : bool
        Whether it is the like of a prototype, over which no layer may say anything.
    """

    prim: str
    material: str
    faces: IntArray
    points: FloatArray
    uvs: FloatArray
    is_instance: bool


def usd_meshes(path: str) -> Iterator[UsdMesh]:
    """Yield the meshes of a stage as they stand at its start, those of several materials in parts.

    Raises
    ------
    ImageReadError
        If it cannot be read.
    MissingDependencyError
        If usd-core is not installed.
    """
    try:
        from pxr import Tf, Usd, UsdGeom, UsdShade
    except ModuleNotFoundError as error:
        raise MissingDependencyError("USD files need usd-core: python -m pip install usd-core") from error
    try:
        stage = Usd.Stage.Open(path)
    except Tf.ErrorException as error:
        raise ImageReadError(f"{path} cannot be read as a stage") from error
    cache = UsdGeom.XformCache(Usd.TimeCode.EarliestTime())
    for prim in Usd.PrimRange.Stage(stage, Usd.TraverseInstanceProxies()):
        if not prim.IsA(UsdGeom.Mesh):
            continue
        found = _usd_faces(UsdGeom.Mesh(prim), np.array(cache.GetLocalToWorldTransform(prim)))
        if found is None:
            continue
        faces, points, uvs = found
        own, is_instance = str(prim.GetPath()), prim.IsInstanceProxy()
        rest = np.ones(len(faces), bool)
        for subset in UsdShade.MaterialBindingAPI(prim).GetMaterialBindSubsets():
            chosen = np.isin(faces, np.array(subset.GetIndicesAttr().Get(), np.int64))
            rest &= ~chosen
            material = _material_path(subset.GetPrim())
            yield UsdMesh(own, material, faces[chosen], points[chosen], uvs[chosen], is_instance)
        yield UsdMesh(own, _material_path(prim), faces[rest], points[rest], uvs[rest], is_instance)


def _material_path(prim: Any) -> str:
    from pxr import UsdShade

    material, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
    if not material:
        return ""
    own = material.GetPrim()
    return str((own.GetPrimInPrototype() if own.IsInstanceProxy() else own).GetPath())


def _usd_faces(mesh: Any, matrix: FloatArray) -> tuple[IntArray, FloatArray, FloatArray] | None:
    """Return the triangles of a mesh: the face of each, its corners in the world, and in UV."""
    from pxr import Sdf, Usd, UsdGeom

    start = Usd.TimeCode.EarliestTime()
    primvars = UsdGeom.PrimvarsAPI(mesh).FindPrimvarsWithInheritance()
    wanted = [each for each in primvars if each.GetTypeName() == Sdf.ValueTypeNames.TexCoord2fArray]
    wanted.sort(key=lambda each: each.GetPrimvarName() != "st")
    if not wanted or mesh.GetPointsAttr().Get(start) is None:
        return None
    points = _transform(np.array(mesh.GetPointsAttr().Get(start), np.float64), matrix)
    counts = np.array(mesh.GetFaceVertexCountsAttr().Get(start), np.int64)
    indices = np.array(mesh.GetFaceVertexIndicesAttr().Get(start), np.int64)
    uvs = np.array(wanted[0].ComputeFlattened(start), np.float64)
    faces, corners = triangulate(counts)
    vertices = indices[corners]
    if wanted[0].GetInterpolation() == UsdGeom.Tokens.faceVarying:
        return faces, points[vertices], uvs[corners]
    return (faces, points[vertices], uvs[vertices]) if len(uvs) == len(points) else None


def triangulate(counts: npt.ArrayLike) -> tuple[IntArray, IntArray]:
    """Return the fans that polygons are cut into.

    Parameters
    ----------
    counts : array_like of shape (f,), int
        How many corners each polygon has; those of less than three have no triangle.

    Returns
    -------
    faces : ndarray of shape (t,)
        The polygon of each triangle.
    corners : ndarray of shape (t, 3)
        Indices into the corners of all polygons, one polygon after the other.
    """
    sizes = np.asarray(counts, np.int64)
    fans = np.maximum(sizes - 2, 0)
    faces = np.repeat(np.arange(len(sizes)), fans)
    first = (np.cumsum(sizes) - sizes)[faces]
    step = np.arange(len(faces)) - (np.cumsum(fans) - fans)[faces]
    return faces, np.column_stack([first, first + step + 1, first + step + 2])


def _transform(points: FloatArray, matrix: FloatArray) -> FloatArray:
    """Return points times a matrix of rows, as USD has it."""
    moved: FloatArray = points @ matrix[:3, :3] + matrix[3, :3]
    return moved
