"""Node types and their attributes, from the data files in `tests/maya_simulator/nodes`.

Each data file names its sources. A type that PyMEL's hierarchy lists but that has no data file exists for
the stand-in too, with the attributes every node has; asking such a node for anything else says that it is
not simulated.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

NODES = Path(__file__).resolve().parent.parent / "nodes"

NUMERIC = {
    "bool", "long", "short", "byte", "char", "float", "double", "doubleLinear", "doubleAngle", "time", "enum",
    "addr",
}  # fmt: skip
COMPOUND_NUMERIC = {
    "float2": "float", "float3": "float", "double2": "double", "double3": "double", "double4": "double",
    "long2": "long", "long3": "long", "short2": "short", "short3": "short", "reflectance": "float",
    "spectrum": "float",
}  # fmt: skip
ARRAYS = {"vectorArray", "doubleArray", "floatArray", "Int32Array", "pointArray", "stringArray"}
SETTABLE_DATA = ARRAYS | {"string", "matrix", "fltMatrix"}


@dataclass(frozen=True)
class Attribute:
    """One attribute of a node type, or one added to a node."""

    long: str
    short: str
    type: str
    default: Any = None
    min: float | None = None
    max: float | None = None
    soft_min: float | None = None
    soft_max: float | None = None
    enum: dict[str, int] | None = None
    writable: bool = True
    readable: bool = True
    connectable: bool = True
    keyable: bool = False
    storable: bool = True
    hidden: bool = False
    channel_box: bool = False
    multi: bool = False
    used_as_color: bool = False
    cached_internally: bool = True
    internal_set: bool = False
    nice_name: str | None = None
    category: tuple[str, ...] = ()
    parent: str | None = None
    children: tuple[str, ...] = ()
    awaits: int = 0  # how many children an added compound needs before it is there
    dynamic: bool = False
    from_reference: bool = False  # an added attribute that the referenced file brought along

    @property
    def is_compound(self) -> bool:
        return bool(self.children) or self.type == "compound"

    def with_children(self, children: tuple[str, ...]) -> Attribute:
        return replace(self, children=children)


@dataclass(frozen=True)
class NodeType:
    """What all nodes of one type share."""

    name: str
    inherits: tuple[str, ...]
    dag: bool
    attributes: dict[str, Attribute] = field(repr=False)
    plugin: str | None = None
    complete: bool = True
    short_names: dict[str, str] = field(default_factory=dict, repr=False)

    def isa(self, name: str) -> bool:
        return name == self.name or name in self.inherits

    @property
    def is_shape(self) -> bool:
        return self.isa("shape")

    @property
    def is_transform(self) -> bool:
        return self.isa("transform")


@functools.cache
def from_file(name: str) -> NodeType | None:
    """Return the type that has a data file of this name, or None."""
    path = NODES / f"{name}.json"
    if not path.is_file():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    attributes = {long: _attribute(long, entry) for long, entry in content["attributes"].items()}
    return _build(name, tuple(content["inherits"]), content["dag"], attributes, content.get("plugin"))


@functools.cache
def extended(name: str, plugins: frozenset[str]) -> NodeType | None:
    """Return the type with the attributes that loaded plug-ins add to it, or None if it has no data file."""
    known = from_file(name)
    content = json.loads((NODES / f"{name}.json").read_text(encoding="utf-8")) if known else {}
    added = {
        long: _attribute(long, entry)
        for plugin, attributes in content.get("extensions", {}).items()
        if plugin in plugins
        for long, entry in attributes.items()
    }
    if known is None or not added:
        return known
    return _build(name, known.inherits, known.dag, {**known.attributes, **added}, known.plugin)


@functools.cache
def bare(name: str, inherits: tuple[str, ...]) -> NodeType:
    """Return a type that is known by name only, with the attributes that every node (or DAG node) has."""
    dag = "dagNode" in inherits
    model = from_file("transform" if dag else "network")
    shared = from_file("locator").attributes if dag else model.attributes
    attributes = {long: spec for long, spec in model.attributes.items() if long in shared}
    return _build(name, inherits, dag, attributes, None, complete=False)


def _build(
    name: str,
    inherits: tuple[str, ...],
    dag: bool,
    attributes: dict[str, Attribute],
    plugin: str | None,
    complete: bool = True,
) -> NodeType:
    shorts = {spec.short: long for long, spec in attributes.items()}
    return NodeType(name, inherits, dag, attributes, plugin, complete, shorts)


def _attribute(long: str, entry: dict[str, Any]) -> Attribute:
    return Attribute(
        long=long,
        short=entry["short"],
        type=entry["type"],
        default=entry["default"],
        min=entry["min"],
        max=entry["max"],
        soft_min=entry["softMin"],
        soft_max=entry["softMax"],
        enum=entry["enum"],
        writable=entry["writable"],
        readable=entry["readable"],
        connectable=entry["connectable"],
        keyable=entry["keyable"],
        storable=entry["storable"],
        multi=entry["multi"],
        parent=entry["parent"],
        children=tuple(entry["children"]),
    )
