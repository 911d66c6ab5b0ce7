"""Selected faces of polygon meshes, and the shading groups that these are in.

Read by `MSelectionList.getComponent`, `MFnSingleIndexedComponent.getElements`, `MFnMesh.getConnectedShaders`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from maya.api import OpenMaya

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rgbcloud.color import IntArray


def selected_faces() -> dict[str, IntArray]:
    """Return the numbers of the selected faces by full paths of meshes."""
    chosen: dict[str, IntArray] = {}
    for path, faces in _selected_meshes():
        shape = first_path(path.node())
        chosen[shape] = np.union1d(chosen.get(shape, ()), faces).astype(np.int64)
    return chosen


def groups_of_selected_faces() -> list[str]:
    """Return the shading groups that the selected faces are in, each once."""
    groups: dict[str, None] = {}
    for path, faces in _selected_meshes():
        shaders, slots = OpenMaya.MFnMesh(path).getConnectedShaders(path.instanceNumber())
        for slot in np.unique(np.array(slots, np.int64)[faces]):
            if slot >= 0:  # of those that are in none it is -1
                groups[OpenMaya.MFnDependencyNode(shaders[int(slot)]).name()] = None
    return list(groups)


def first_path(node: OpenMaya.MObject) -> str:
    """Return the full path of an object, the first one if it stands in several places."""
    return str(OpenMaya.MFnDagNode(node).fullPathName())


def _selected_meshes() -> Iterator[tuple[OpenMaya.MDagPath, IntArray]]:
    """Yield meshes and the numbers of faces that are selected of each."""
    items = OpenMaya.MGlobal.getActiveSelectionList()
    for index in range(items.length()):
        try:
            path, component = items.getComponent(index)
        except (RuntimeError, TypeError):  # no object of the scene, but a node or an attribute
            continue
        if not component.isNull() and component.hasFn(OpenMaya.MFn.kMeshPolygonComponent):
            elements = OpenMaya.MFnSingleIndexedComponent(component).getElements()
            yield path, np.array(elements, np.int64)
