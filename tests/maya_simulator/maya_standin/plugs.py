"""Nodes and plugs: where values and connections live."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from maya_standin.errors import NotSimulatedError
from maya_standin.node_types import COMPOUND_NUMERIC, Attribute, NodeType

if TYPE_CHECKING:
    from maya_standin.references import Reference

_ELEMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[(-?\d+|\*|\d+:\d+)?\])?$")


@dataclass(eq=False)
class Node:
    """One node of the scene."""

    type: NodeType
    name: str  # with its namespace, without its path
    uuid: str
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    others: list[Node] = field(default_factory=list)  # of an instanced shape: its parents but the first
    added: dict[str, Attribute] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)  # to attributes as plugs print them
    values: dict[Path, Any] = field(default_factory=dict)
    incoming: dict[Path, Plug] = field(default_factory=dict)
    outgoing: dict[Path, list[Plug]] = field(default_factory=dict)
    locked_plugs: set[Path] = field(default_factory=set)
    keyable: dict[str, bool] = field(default_factory=dict)
    channel_box: dict[str, bool] = field(default_factory=dict)
    locked: bool = False
    reference: Reference | None = None
    default: bool = False  # made by Maya itself: cannot be deleted or renamed
    alive: bool = True
    unknown_type: str = ""  # of a node that came from a file and whose type this Maya does not know
    raw: list[str] = field(default_factory=list)  # statements of its file that are kept as they are

    def __repr__(self) -> str:
        return f"<{self.type.name} {self.full_path}>"

    @property
    def leaf(self) -> str:
        return self.name.rpartition(":")[2]

    @property
    def namespace(self) -> str:
        return self.name.rpartition(":")[0]

    @property
    def full_path(self) -> str:
        """The DAG path from the root; for other nodes the name."""
        if not self.type.dag:
            return self.name
        above = self.parent.full_path if self.parent else ""
        return f"{above}|{self.name}"

    @property
    def shapes(self) -> list[Node]:
        return [child for child in self.children if child.type.is_shape]

    def ancestors(self) -> list[Node]:
        """Return the nodes above, nearest first."""
        found, node = [], self.parent
        while node:
            found.append(node)
            node = node.parent
        return found

    def descendants(self) -> list[Node]:
        """Return the nodes below, depth first."""
        return [node for child in self.children for node in (child, *child.descendants())]

    def find_attribute(self, name: str) -> Attribute | None:
        """Return the attribute of this long or short name, or None."""
        long = name if name in self.type.attributes else self.type.short_names.get(name)
        if long is not None:
            return self.type.attributes[long]
        added = self.find_added(name)
        return added if added and self.is_whole(added) else None

    def find_added(self, name: str) -> Attribute | None:
        """Return the added attribute of this name, a compound also while it waits for its children."""
        if name in self.added:
            return self.added[name]
        return next((spec for spec in self.added.values() if spec.short == name), None)

    def is_whole(self, spec: Attribute) -> bool:
        """Whether a compound has all its children, and so has the compound that it belongs to."""
        parent = self.added.get(spec.parent or "")
        return len(spec.children) >= spec.awaits and (parent is None or self.is_whole(parent))

    def attribute(self, name: str) -> Attribute:
        """Return the attribute of this long or short name.

        Raises
        ------
        LookupError
            If there is none.
        NotSimulatedError
            If the node's type has no table of attributes here.
        """
        spec = self.find_attribute(name)
        if spec:
            return spec
        if not self.type.complete:
            raise NotSimulatedError(
                f"the attributes of node type {self.type.name} are not simulated: {self.name}.{name}"
            )
        raise LookupError(name)

    def attributes(self) -> list[Attribute]:
        """Return all attributes, static ones first."""
        added = [spec for spec in self.added.values() if self.is_whole(spec)]
        return [*self.type.attributes.values(), *added]


Path = tuple  # of (long name, index or None), from the outermost compound to the leaf


@dataclass(frozen=True)
class Plug:
    """One attribute, or one element of it, on one node."""

    node: Node
    path: Path

    @property
    def spec(self) -> Attribute:
        return self.node.attribute(self.path[-1][0])

    @property
    def index(self) -> int | None:
        return self.path[-1][1]

    @property
    def is_array(self) -> bool:
        """Whether this is a multi attribute as a whole."""
        return self.spec.multi and self.index is None

    @property
    def parent(self) -> Plug | None:
        """The array for an element, the compound for a child."""
        if self.index is not None:
            return Plug(self.node, (*self.path[:-1], (self.path[-1][0], None)))
        return Plug(self.node, self.path[:-1]) if len(self.path) > 1 else None

    def ancestors(self) -> list[Plug]:
        found, plug = [], self.parent
        while plug:
            found.append(plug)
            plug = plug.parent
        return found

    def element(self, index: int) -> Plug:
        return Plug(self.node, (*self.path[:-1], (self.path[-1][0], index)))

    def child(self, name: str) -> Plug:
        return Plug(self.node, (*self.path, (name, None)))

    def children(self) -> list[Plug]:
        return [] if self.is_array else [self.child(name) for name in self.spec.children]

    def indices(self) -> list[int]:
        """Return the existing indices of a multi attribute: those with a value or a connection."""
        depth, head = len(self.path) - 1, self.path[:-1]
        name = self.path[-1][0]
        found = set()
        for path in (*self.node.values, *self.node.incoming, *self.node.outgoing):
            if (
                len(path) > depth
                and path[:depth] == head
                and path[depth][0] == name
                and path[depth][1] is not None
            ):
                found.add(path[depth][1])
        return sorted(found)

    def leaves(self) -> list[Plug]:
        """Return the plugs below that hold values."""
        if self.is_array:
            return [leaf for index in self.indices() for leaf in self.element(index).leaves()]
        children = self.children()
        return [leaf for child in children for leaf in child.leaves()] if children else [self]

    def attribute_path(self, long: bool = True) -> str:
        """Return the attribute as `listConnections` prints it: the leaf, and whatever carries an index."""
        specs = [self.node.attribute(name) for name, _ in self.path]
        first = next(
            (i for i, (_, index) in enumerate(self.path[:-1]) if index is not None), len(self.path) - 1
        )
        parts = []
        for spec, (_, index) in list(zip(specs, self.path))[first:]:
            name = spec.long if long else spec.short
            parts.append(name if index is None else f"{name}[{index}]")
        return ".".join(parts)

    def is_numeric_tuple(self) -> bool:
        return self.spec.type in COMPOUND_NUMERIC


def parse(node: Node, text: str) -> Plug:
    """Return the plug that "a.b[0].c" names on this node.

    Raises
    ------
    LookupError
        If the node has no such attribute.
    """
    path: list[tuple[str, int | None]] = []
    first, dot, rest = text.partition(".")
    for part in f"{node.aliases.get(first, first)}{dot}{rest}".split("."):
        match = _ELEMENT.match(part)
        if not match:
            raise LookupError(text)
        spec = node.attribute(match.group(1))
        _insert_ancestors(node, spec, path, text)
        has_index = "[" in part
        if has_index and not spec.multi:
            raise LookupError(text)
        index = match.group(2)
        if has_index and not (index or "").isdigit():
            raise NotSimulatedError(f"index {part!r} of {node.name}.{text}")
        path.append((spec.long, int(index) if has_index else None))
    return Plug(node, tuple(path))


def _insert_ancestors(node: Node, spec: Attribute, path: list, text: str) -> None:
    """Complete the path down to the parent of an attribute that was named without it."""
    missing = []
    parent = spec.parent
    while parent and not (path and path[-1][0] == parent):
        missing.append(parent)
        parent = node.attribute(parent).parent
    if path and not (parent and path[-1][0] == parent):
        raise LookupError(text)  # "a.b" where b is no child of a
    path.extend((name, 0 if node.attribute(name).multi else None) for name in reversed(missing))
