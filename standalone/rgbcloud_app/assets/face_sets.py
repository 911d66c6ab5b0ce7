"""The clusters of a texture as sets of faces of the meshes that wear it, in a layer over a USD stage."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud import Limits, Recipe, Texture
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images import write_file
from rgbcloud.progress import portion
from rgbcloud.surface import NO_CLUSTER, UsdMesh, clusters_of_faces, look_up, triangle_areas, usd_meshes
from rgbcloud.textures import cluster_texture
from rgbcloud_app.assets.asset import AssetError, AssetTexture, find_colored
from rgbcloud_app.assets.lighter import check_recipe, recipe_for
from rgbcloud_app.assets.opening import opened_asset

if TYPE_CHECKING:
    from rgbcloud import Progress
    from rgbcloud.color import FloatArray, UInt8Array

SUFFIXES = (".usd", ".usda", ".usdc", ".usdz")


@dataclass(frozen=True, eq=False)
class ClusteredMesh:
    """A mesh, or the part of it that wears one texture, by the clusters of that texture."""

    mesh: UsdMesh
    texture: str
    colors: UInt8Array  # (k, 3), uint8: of the clusters, as a display shows them
    # (f,), int64: the numbers of its faces, and the cluster that each shows most of; `NO_CLUSTER` if too
    # little.
    faces: Any
    clusters: Any
    errors: FloatArray  # (t,), float64: the mean CIEDE2000 of each triangle


def cluster_faces(
    source: Path, recipe: Recipe, *, threshold: float, limits: Limits, progress: Progress
) -> tuple[list[ClusteredMesh], list[str]]:
    """Cluster the textures of a stage, and find the faces that show each cluster.

    Parameters
    ----------
    source : Path
    recipe : Recipe
    threshold : float
        The part of a face, 0 to 1, that must show a cluster.
    limits : Limits
    progress : Progress

    Returns
    -------
    meshes : list of ClusteredMesh
    notes : list of str
        What a user should be told.

    Raises
    ------
    AssetError
        If the stage cannot be read, or none of its meshes wears a texture of colours.
    """
    check_recipe(recipe)
    if source.suffix.lower() not in SUFFIXES:
        raise AssetError(
            f"{source} is no USD stage: sets of faces are layers over one ({' '.join(SUFFIXES)})"
        )
    with tempfile.TemporaryDirectory(prefix="rgbcloud-") as scratch:
        asset = opened_asset(source, Path(scratch))
        meshes = [mesh for mesh in usd_meshes(str(source)) if len(mesh.faces)]
        textures = [(texture, _meshes_of(texture, meshes)) for texture in find_colored(asset)]
        textures = [(texture, worn) for texture, worn in textures if worn]
        if not textures:
            raise AssetError(f"{source} has no mesh with UVs that wears a texture of colours")
        found: list[ClusteredMesh] = []
        notes = []
        for number, (texture, worn) in enumerate(textures):
            part = portion(progress, number / len(textures), (number + 1) / len(textures))
            again = {mesh.mesh.prim for mesh in found}.intersection(mesh.prim for mesh in worn)
            if again:
                notes.append(f"{texture.name} gives no sets to {', '.join(sorted(again))}: another one did")
            rest = [mesh for mesh in worn if mesh.prim not in again]
            found += _cluster_texture(texture, rest, recipe, threshold, limits, part) if rest else []
    instances = sorted({each.mesh.prim for each in found if each.mesh.is_instance})
    if instances:
        notes.append(f"no layer can say anything over instances: {', '.join(instances)} get no sets")
    return found, notes


def _meshes_of(texture: AssetTexture, meshes: list[UsdMesh]) -> list[UsdMesh]:
    materials = {use.material for use in texture.uses} - {""}
    return [mesh for mesh in meshes if mesh.material in materials]


def _cluster_texture(
    texture: AssetTexture,
    meshes: list[UsdMesh],
    recipe: Recipe,
    threshold: float,
    limits: Limits,
    progress: Progress,
) -> list[ClusteredMesh]:
    """Cluster one texture, and look it up on the meshes that wear it."""
    found = Texture.find(texture.path)
    own, _ = recipe_for(texture, recipe)
    made = cluster_texture(found, own, with_errors=True, limits=limits, progress=progress)
    clustered = []
    for mesh in meshes:
        seen, off = look_up(mesh.uvs, made.labels), look_up(mesh.uvs, made.errors)
        areas = triangle_areas(mesh.points)
        faces, clusters = clusters_of_faces(seen, mesh.faces, areas, threshold=threshold)
        means = np.nan_to_num(off).mean(axis=1)
        clustered.append(ClusteredMesh(mesh, texture.name, made.palette.colors, faces, clusters, means))
    return clustered


def save_face_sets(target: Path, source: Path, meshes: list[ClusteredMesh], *, overwrite: bool) -> int:
    """Write a layer over a stage, in which every cluster is a `GeomSubset` of each mesh that shows it.

    Parameters
    ----------
    target : Path
        A .usda or .usdc file, which refers to `source` by a relative path.
    source : Path
    meshes : list of ClusteredMesh
    overwrite : bool

    Returns
    -------
    int
        The number of sets.

    Raises
    ------
    InvalidArgumentError
        If the name ends with something else.
    ImageWriteError
        If it cannot be written.
    """
    from pxr import Sdf, Usd, UsdGeom, Vt

    suffix = target.suffix.lower()
    if suffix not in (".usda", ".usdc"):
        raise InvalidArgumentError(f"cannot write {target}: a layer of face sets is a .usda or .usdc file")
    below = Path(os.path.relpath(source.resolve(), target.parent.resolve())).as_posix()
    with tempfile.TemporaryDirectory(prefix="rgbcloud-") as scratch:
        place = Path(scratch, f"sets{suffix}")
        layer = Sdf.Layer.CreateNew(str(place))
        stage = Usd.Stage.Open(layer, Usd.Stage.LoadNone)
        sets = 0
        for each in meshes:
            if each.mesh.is_instance:
                continue
            mesh = UsdGeom.Mesh(stage.OverridePrim(each.mesh.prim))
            for cluster, color in enumerate(each.colors):
                faces = each.faces[each.clusters == cluster]
                if not len(faces):
                    continue
                name = f"cluster_{cluster:03d}"
                subset = UsdGeom.Subset.CreateGeomSubset(
                    mesh, name, UsdGeom.Tokens.face, Vt.IntArray(faces.astype(int).tolist()), "clusters"
                )
                code = "#" + "".join(f"{channel:02x}" for channel in color)
                subset.GetPrim().SetCustomDataByKey("rgbcloud:color", code)
                sets += 1
            UsdGeom.Subset.SetFamilyType(mesh, "clusters", UsdGeom.Tokens.nonOverlapping)
        del stage  # which would look for the stage below
        for each in meshes:
            for path in Sdf.Path(each.mesh.prim).GetPrefixes():
                if spec := layer.GetPrimAtPath(path):
                    spec.specifier = Sdf.SpecifierOver
        layer.subLayerPaths.append(below if below.startswith(".") else f"./{below}")
        default = Sdf.Layer.FindOrOpen(str(source)).defaultPrim
        if default:
            layer.defaultPrim = default
        layer.Save()
        write_file(target, place.read_bytes(), overwrite=overwrite)
    return sets


def count_unsorted(meshes: list[ClusteredMesh]) -> int:
    """Return how many faces are in no set."""
    return sum(int((each.clusters == NO_CLUSTER).sum()) for each in meshes)
