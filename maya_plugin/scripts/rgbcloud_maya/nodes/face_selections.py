"""Faces that are selected or named, ``wall.f[3:9]``, and the shading groups that they have.

What is selected is read by `MSelectionList.getComponent` and `MFnSingleIndexedComponent.getElements`, what
faces wear by `MFnMesh.getConnectedShaders`, as Autodesk's reference has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maya.api import OpenMaya

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def is_face(name: str) -> bool:
    """Return whether a name is that of faces of a mesh."""
    return ".f[" in name


def faces_in(items: OpenMaya.MSelectionList) -> Iterator[tuple[OpenMaya.MDagPath, list[int]]]:
    """Yield the meshes of which a list holds faces, and the numbers of these."""
    for index in range(items.length()):
        try:
            path, component = items.getComponent(index)
        except (RuntimeError, TypeError):  # no object of the scene, but a node or an attribute
            continue
        if not component.isNull() and component.hasFn(OpenMaya.MFn.kMeshPolygonComponent):
            faces: Any = OpenMaya.MFnSingleIndexedComponent(component).getElements()
            yield path, list(faces)


def groups_of_faces(names: Sequence[str]) -> list[str]:
    """Return the shading groups of some faces, each once."""
    items = OpenMaya.MSelectionList()
    for name in names:
        items.add(name)
    groups: dict[str, None] = {}
    for path, faces in faces_in(items):
        shaders, slots = OpenMaya.MFnMesh(path).getConnectedShaders(path.instanceNumber())
        for slot in sorted({slots[face] for face in faces} - {-1}):
            groups[OpenMaya.MFnDependencyNode(shaders[slot]).name()] = None
    return list(groups)
