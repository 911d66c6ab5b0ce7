"""What textures are used for: the inputs that they feed, through whatever stands between, and materials."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from maya import cmds

from rgbcloud import guess_kind
from rgbcloud_maya.nodes.image_nodes import types_of
from rgbcloud_maya.nodes.plug_meanings import KNOWN_TYPES, Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_GUESSES: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (re.compile(r"bump|displac", re.IGNORECASE), "height"),
    (re.compile(r"normal(?!i[sz])", re.IGNORECASE), "normal"),
    (re.compile(r"opaci|transparen|cutout", re.IGNORECASE), "opacity"),
)
"""Of what the table lacks only what would suffer is guessed: by words in names that stand in longer ones,"""
_KINDS: dict[str, Meaning] = {"data": "scalar", "labels": "scalar", "normal": "normal"}
"""by the words for maps, as in names of files,"""
_NUMBERS = ("float", "double", "doubleLinear", "doubleAngle")
"""and of materials by the types of inputs, as `getAttr -type` has them: no colour is a single number."""
_END = "shadingEngine"
_OF_ALPHA = ("outAlpha", "outTransparency")  # of file, by Autodesk's page of that node


class Use(NamedTuple):
    """An input that a texture feeds."""

    plug: str
    meaning: Meaning
    by_alpha: bool
    """Whether it gets the texture's alpha, which a palette leaves as it is."""


@dataclass
class Uses:
    """All that a texture is used for."""

    inputs: list[Use] = field(default_factory=list)
    materials: list[str] = field(default_factory=list)  # the surface materials that it leads to
    groups: list[str] = field(default_factory=list)  # the shading groups

    @property
    def meanings(self) -> set[Meaning]:
        """What it means, all of it."""
        return {use.meaning for use in self.inputs}


def uses_of(nodes: Sequence[str]) -> dict[str, Uses]:
    """Return what each of some image nodes is used for, by the node's name.

    A node between, such as a `reverse`, `multiplyDivide` or `layeredTexture`, is seen through. The
    connections of all nodes are asked for at once, one level of the network after the other.
    """
    network = _Network(nodes)
    return {node: network.uses_of(node) for node in nodes}


class _Edge(NamedTuple):
    """A connection, from an output of a node to an input of another."""

    output: str
    follower: str
    attribute: str


class _Network:
    """All that is downstream of some nodes, as far as their shading groups."""

    def __init__(self, nodes: Sequence[str]) -> None:
        self._types: dict[str, str] = {}
        self._edges: dict[str, list[_Edge]] = {node: [] for node in nodes}
        waiting = list(self._edges)
        while waiting:
            waiting = self._follow(waiting)

    def _follow(self, nodes: list[str]) -> list[str]:
        """Note what nodes feed, and return those of the fed that are to be followed."""
        pairs = (
            cmds.listConnections(nodes, source=False, destination=True, plugs=True, connections=True) or ()
        )
        new: dict[str, None] = {}
        for output, target in zip(pairs[::2], pairs[1::2]):
            node, _, name = output.partition(".")
            follower, _, attribute = target.partition(".")
            if name == "message":
                continue
            self._edges[node].append(_Edge(name, follower, attribute))
            if follower not in self._edges:
                new[follower] = None
        self._note_types(new)
        for follower in new:
            self._edges[follower] = []
        return [follower for follower in new if self._types[follower] not in ("", _END)]

    def _note_types(self, nodes: Iterable[str]) -> None:
        """Note the types of nodes; "" for objects, named by full paths: no use lies behind them."""
        found = types_of(list(nodes))
        for node in nodes:
            self._types[node] = found.get(node, "")

    def uses_of(self, node: str) -> Uses:
        """Return what one node is used for."""
        uses, seen = Uses(), {node}
        waiting: list[tuple[str, bool | None, bool]] = [(node, None, True)]
        while waiting:
            at, by_alpha, is_open = waiting.pop(0)
            for edge in self._edges[at]:
                alpha = edge.output.startswith(_OF_ALPHA) if by_alpha is None else by_alpha
                meaning = self._meaning(edge) if is_open else None
                if meaning is not None:
                    uses.inputs.append(Use(f"{edge.follower}.{edge.attribute}", meaning, alpha))
                if self._types.get(edge.follower) == _END:
                    if edge.follower not in uses.groups:
                        uses.groups.append(edge.follower)
                    if edge.attribute == "surfaceShader" and at not in uses.materials:
                        uses.materials.append(at)
                elif edge.follower not in seen:
                    seen.add(edge.follower)
                    # Beyond an input of known meaning only materials are looked for.
                    waiting.append((edge.follower, alpha, is_open and meaning is None))
        return uses

    def _meaning(self, edge: _Edge) -> Meaning | None:
        node_type = self._types.get(edge.follower, "")
        meaning = meaning_of(node_type, edge.attribute)
        if meaning is not None:
            return meaning
        attribute = edge.attribute.rpartition(".")[2].partition("[")[0]
        if node_type in KNOWN_TYPES:
            node_type = ""  # it says of its own inputs, and of no others, what they take
        for pattern, guess in _GUESSES:
            if pattern.search(attribute) or pattern.search(node_type):
                return guess
        if any(self._types.get(after.follower) == _END for after in self._edges[edge.follower]):
            parents = cmds.attributeQuery(attribute, node=edge.follower, listParent=True)
            kind = guess_kind(str(parents[0]) if parents else attribute)
            if kind in _KINDS:
                return _KINDS[kind]
            if not parents and cmds.getAttr(f"{edge.follower}.{edge.attribute}", type=True) in _NUMBERS:
                return "scalar"
        return None
