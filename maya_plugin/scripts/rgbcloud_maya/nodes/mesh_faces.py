"""Faces of polygon meshes, as they are selected or named, and the shading groups that these are in.

Read by `MSelectionList.getComponent`, `MFnSingleIndexedComponent.getElements`, `MFnMesh.getConnectedShaders`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from maya.api import OpenMaya

from rgbcloud_maya.scene.scene_errors import SceneError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rgbcloud.color import IntArray


def selected_faces() -> dict[str, IntArray]:
    """Return the numbers of the selected faces by full paths of meshes."""
    chosen: dict[str, IntArray] = {}
    for path, faces in _meshes_in(OpenMaya.MGlobal.getActiveSelectionList()):
        shape = first_path(path.node())
        chosen[shape] = np.union1d(chosen.get(shape, ()), faces).astype(np.int64)
    return chosen


def groups_of_faces(names: Sequence[str]) -> list[str]:
    """Return the shading groups that faces such as ``wall.f[3:9]`` are in, each once.

    Raises
    ------
    SceneError
        If there are no such faces, or they are in no group.
    """
    items = OpenMaya.MSelectionList()
    for name in names:
        try:
            items.add(name)
        except RuntimeError as error:  # noqa: PERF203 (which one it is is to be told)
            raise SceneError(f"there are no faces {name} in the scene; are their names right?") from error
    groups: dict[str, None] = {}
    for path, faces in _meshes_in(items):
        held, slots = groups_by_face(OpenMaya.MFnMesh(path), path)
        groups.update({held[slot]: None for slot in np.unique(slots[faces]).tolist() if slot >= 0})
    if names and not groups:
        raise SceneError(f"{names[0]} has no material; assign one with a texture")
    return list(groups)


def groups_by_face(mesh: OpenMaya.MFnMesh, path: OpenMaya.MDagPath) -> tuple[list[str], IntArray]:
    """Return the shading groups of a mesh in one place, and of each face which it is in: -1 for none."""
    shaders, slots = mesh.getConnectedShaders(path.instanceNumber())
    return [OpenMaya.MFnDependencyNode(shader).name() for shader in shaders], np.array(slots, np.int64)


def first_path(node: OpenMaya.MObject) -> str:
    """Return the full path of an object, the first one if it stands in several places."""
    return str(OpenMaya.MFnDagNode(node).fullPathName())


def _meshes_in(items: OpenMaya.MSelectionList) -> Iterator[tuple[OpenMaya.MDagPath, IntArray]]:
    """Yield meshes and the numbers of their faces that a selection holds."""
    for index in range(items.length()):
        try:
            path, component = items.getComponent(index)
        except (RuntimeError, TypeError):  # no object of the scene, but a node or an attribute
            continue
        if not component.isNull() and component.hasFn(OpenMaya.MFn.kMeshPolygonComponent):
            elements = OpenMaya.MFnSingleIndexedComponent(component).getElements()
            yield path, np.array(elements, np.int64)
