"""Values of plugs: stored, driven by a connection, or computed by the node."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from maya_standin import matrices
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Node, Plug

if TYPE_CHECKING:
    from maya_standin.session import Session

Computation = Callable[["Session", Plug], Any]
_COMPUTED: dict[tuple[str, str], Computation] = {}

# What a node computes and we do not: a plain `getAttr` on it is refused.
_OPAQUE = {"mesh", "nurbsCurve", "nurbsSurface", "lightData", "generic", "typed", "lattice", "subd"}


def computed(node_type: str, *attributes: str) -> Callable[[Computation], Computation]:
    """Register how a node type computes some of its attributes."""

    def register(function: Computation) -> Computation:
        for attribute in attributes:
            _COMPUTED[node_type, attribute] = function
        return function

    return register


def value_of(session: Session, plug: Plug) -> Any:
    """Return the value of a plug at the current time.

    Tuples for numeric compounds, lists for array data, None for data that was never set.
    """
    source = plug.node.incoming.get(plug.path)
    if source is not None:
        return _converted(plug, value_of(session, source))
    for above in plug.ancestors():
        source = plug.node.incoming.get(above.path)
        if source is not None:
            return _part_of(value_of(session, source), above, plug)
    function = _computation(plug)
    if function:
        return function(session, plug)
    spec = plug.spec
    if spec.is_compound and not plug.is_array:
        return tuple(value_of(session, child) for child in plug.children())
    if plug.is_array:
        return [value_of(session, plug.element(index)) for index in plug.indices()]
    if plug.path in plug.node.values:
        return plug.node.values[plug.path]
    return default_of(plug)


def _converted(plug: Plug, value: Any) -> Any:
    """Numbers take the type of the plug that they arrive at."""
    kind = plug.spec.type
    if kind == "bool":
        return bool(value)
    if kind in ("long", "short", "byte", "char", "enum") and isinstance(value, float):
        return round(value)
    return float(value) if kind in ("float", "double", "doubleLinear", "doubleAngle") else value


def default_of(plug: Plug) -> Any:
    """Return what a plug holds before it is set."""
    spec = plug.spec
    if spec.default is not None:
        return copy.copy(spec.default)
    if spec.type in ("matrix", "fltMatrix"):
        return list(matrices.IDENTITY)
    return _SIMPLE_DEFAULTS.get(spec.type)


_SIMPLE_DEFAULTS = {
    "bool": False, "long": 0, "short": 0, "byte": 0, "char": 0, "float": 0.0, "double": 0.0,
    "doubleLinear": 0.0, "doubleAngle": 0.0, "time": 0.0, "enum": 0, "addr": 0,
}  # fmt: skip


def refuse_opaque(plug: Plug) -> None:
    """Raise if this plug's data is of a kind that only Maya computes."""
    if plug.spec.type in _OPAQUE:
        raise NotSimulatedError(
            f"the value of {plug.node.name}.{plug.attribute_path()} ({plug.spec.type}) is not simulated"
        )


def _computation(plug: Plug) -> Computation | None:
    name = plug.path[-1][0]
    for kind in (plug.node.type.name, *plug.node.type.inherits):
        function = _COMPUTED.get((kind, name))
        if function:
            return function
    return None


def _part_of(value: Any, above: Plug, plug: Plug) -> Any:
    """Pick a child's value out of the value of its connected compound."""
    depth = len(above.path)
    for name, index in plug.path[depth:]:
        children = above.spec.children
        value = value[children.index(name)]
        above = above.child(name)
        if index is not None:
            value, above = value[index], above.element(index)
    return value


# --- computed attributes -----------------------------------------------------------------------------


def local_matrix(session: Session, node: Node) -> list[float]:
    """Return a transform's matrix, 16 floats in row order."""
    if not node.type.is_transform:
        return list(matrices.IDENTITY)

    def get(name: str) -> Any:
        return value_of(session, Plug(node, ((name, None),)))

    return matrices.compose(get("translate"), get("rotate"), get("scale"), get("shear"), get("rotateOrder"))


def world_matrix(session: Session, node: Node | None) -> list[float]:
    """Return the matrix from a node's space to the world."""
    result = list(matrices.IDENTITY)
    while node:
        result = matrices.multiply(result, local_matrix(session, node))
        node = node.parent
    return result


@computed("transform", "matrix", "xformMatrix")
def _matrix(session: Session, plug: Plug) -> Any:
    return local_matrix(session, plug.node)


@computed("dagNode", "worldMatrix", "parentMatrix", "worldInverseMatrix", "parentInverseMatrix")
def _world_matrix(session: Session, plug: Plug) -> Any:
    name = plug.path[-1][0]
    node = plug.node.parent if name.startswith("parent") else plug.node
    matrix = world_matrix(session, node)
    return matrices.inverse(matrix) if "Inverse" in name else matrix


@computed("locator", "worldPosition", "worldPositionX", "worldPositionY", "worldPositionZ")
def _locator_world_position(session: Session, plug: Plug) -> Any:
    local = value_of(session, Plug(plug.node, (("localPosition", None),)))
    point = matrices.transform_point(local, world_matrix(session, plug.node))
    name = plug.path[-1][0]
    return point["XYZ".index(name[-1])] if name[-1] in "XYZ" else tuple(point)


@computed("particle", "count")
def _particle_count(session: Session, plug: Plug) -> int:
    return len(value_of(session, Plug(plug.node, (("position", None),))) or ())


@computed("time", "outTime")
def _out_time(session: Session, plug: Plug) -> float:
    return session.scene.time


@computed("animCurve", "output")
def _curve_output(session: Session, plug: Plug) -> float:
    from maya_standin import animation

    return animation.evaluate(plug.node, session.scene.time)


@computed("file", "computedFileTextureNamePattern")
def _file_pattern(session: Session, plug: Plug) -> str:
    """The tagged pattern of the path that is set (section 4: read cfnp for the pattern; write ftn)."""
    node = plug.node

    def get(name: str) -> Any:
        return value_of(session, Plug(node, ((name, None),)))

    explicit = get("fileTextureNamePattern")
    if explicit:
        return explicit
    return tagged_pattern(get("fileTextureName") or "", bool(get("useFrameExtension")), get("uvTilingMode"))


def tagged_pattern(path: str, use_frame_extension: bool, tiling: int) -> str:
    """Replace the tile and frame numbers of a path by Maya's tokens.

    `maya.app.general.fileTexturePathResolver.getFilePatternString`, as maya-mock-completion describes it.
    """
    folder, name = os.path.split(path)
    if tiling == 1:
        name = re.sub(r"u\d+_v\d+", "u<u>_v<v>", name)
    elif tiling == 2:
        name = re.sub(r"u\d+_v\d+", "u<U>_v<V>", name)
    elif tiling == 3:
        name = re.sub(r"(?<!\d)1\d{3}(?!\d)", "<UDIM>", name, count=1)
    if use_frame_extension:
        matches = list(re.finditer(r"(?<![\d])\d+(?=\.[^.]+$)", name))
        if matches:
            name = name[: matches[-1].start()] + "<f>" + name[matches[-1].end() :]
    return f"{folder}/{name}" if folder and folder != "/" else folder + name
