"""Faces of polygon meshes, as selections and sets hold them: ranges such as `pPlane1.f[3:9]`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from maya_standin.errors import NotSimulatedError
from maya_standin.node_types import Attribute
from maya_standin.plugs import Node, Plug

GEOMETRY = (("cached", None),)
"""Where a mesh node holds its points, polygons and UVs: a dictionary, see `api.meshes`."""


@dataclass(frozen=True)
class Faces(Plug):
    """A range of faces of a mesh node; `path` is ``(("f", (first, last)),)``."""

    @property
    def spec(self) -> Attribute:
        raise NotSimulatedError(f"attributes of components: {self.node.name}.{self.attribute_path()}")

    @property
    def bounds(self) -> tuple[int, int]:
        return self.path[0][1]

    def attribute_path(self, long: bool = True) -> str:
        first, last = self.bounds
        return f"f[{first}]" if first == last else f"f[{first}:{last}]"


def geometry_of(mesh: Node) -> dict[str, Any]:
    """Return what `MFnMesh.create` stored of a mesh."""
    if GEOMETRY not in mesh.values:
        raise NotSimulatedError(f"{mesh.name}: the geometry of meshes that MFnMesh.create did not make")
    return mesh.values[GEOMETRY]


def count_of(mesh: Node) -> int:
    """Return how many faces a mesh has; of a primitive without geometry none."""
    return len(mesh.values[GEOMETRY]["counts"]) if GEOMETRY in mesh.values else 0


def ranges(mesh: Node, numbers: Any) -> list[Faces]:
    """Return face numbers, of which none is there twice, as ranges, rising."""
    numbers = np.sort(np.asarray(numbers, np.int64))
    if not len(numbers):
        return []
    cuts = np.flatnonzero(np.diff(numbers) > 1)
    firsts, lasts = numbers[np.r_[0, cuts + 1]], numbers[np.r_[cuts, len(numbers) - 1]]
    return [Faces(mesh, (("f", pair),)) for pair in zip(firsts.tolist(), lasts.tolist())]


def numbers_of(items: Iterable[Faces]) -> np.ndarray:
    """Return the numbers of ranges of faces."""
    bounds = np.array([item.bounds for item in items], np.int64).reshape(-1, 2)
    if not len(bounds):
        return np.empty(0, np.int64)
    steps = np.zeros(bounds.max() + 2, np.int64)  # up where a range begins, down behind its end
    np.add.at(steps, bounds[:, 0], 1)
    np.add.at(steps, bounds[:, 1] + 1, -1)
    return np.flatnonzero(np.cumsum(steps))


def grouped(items: Iterable[Node | Plug]) -> list[Node | Plug | list[Faces]]:
    """Return items, the faces of each mesh together as one list of merged ranges, where the first stood."""
    result: list[Any] = []
    found: dict[Node, list[Faces]] = {}
    for item in items:
        if not isinstance(item, Faces):
            result.append(item)
        elif item.node in found:
            found[item.node].append(item)
        else:
            found[item.node] = [item]
            result.append(found[item.node])
    for mesh, held in found.items():
        held[:] = ranges(mesh, numbers_of(held))
    return result


def merged(items: Iterable[Node | Plug]) -> list[Node | Plug]:
    """Return items with ranges of faces that touch or overlap made one."""
    return [part for item in grouped(items) for part in (item if isinstance(item, list) else [item])]
