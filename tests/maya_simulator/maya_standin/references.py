"""References: files that the scene shows without owning their nodes, and the edits made to them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maya_standin import new_scene, plugs
from maya_standin.errors import NotSimulatedError
from maya_standin.mel_syntax import Word, quote
from maya_standin.plugs import Node, Plug

if TYPE_CHECKING:
    from maya_standin.ascii_reader import Reader
    from maya_standin.node_types import Attribute
    from maya_standin.session import Session


@dataclass(eq=False)
class Reference:
    """One referenced file."""

    path: str
    namespace: str
    node: Node
    copy: int = 0
    loaded: bool = True
    kind: str = "mayaAscii"  # of the file
    touched: dict[Plug, None] = field(default_factory=dict)  # plugs that were set
    connected: dict[tuple[Plug, Plug], None] = field(default_factory=dict)
    added: dict[tuple[Node, str], Attribute] = field(default_factory=dict)
    own_connections: set[tuple[Plug, Plug]] = field(default_factory=set)  # that its file made

    @property
    def locked(self) -> bool:
        """A locked reference node locks all that it brought (PyMEL docs of file -lockReference)."""
        return bool(self.node.values.get((("locked", None),)))

    def members(self, session: Session) -> list[Node]:
        return [node for node in session.scene.all() if node.reference is self]

    # --- edits -------------------------------------------------------------------------------------

    def note_set(self, session: Session, plug: Plug) -> None:
        self._note(session, self.touched, plug)

    def note_connected(self, session: Session, source: Plug, target: Plug) -> None:
        self._note(session, self.connected, (source, target))

    def note_disconnected(self, session: Session, source: Plug, target: Plug) -> None:
        pair = (source, target)
        if pair in self.connected:
            session.undo.apply(
                lambda: self.connected.pop(pair, None), lambda: self.connected.__setitem__(pair, None)
            )

    def note_added(self, session: Session, node: Node, spec: Attribute) -> None:
        self._note(session, self.added, (node, spec.long), spec)

    def _note(self, session: Session, table: dict, key: object, value: object = None) -> None:
        if key not in table:
            session.undo.apply(lambda: table.__setitem__(key, value), lambda: table.pop(key, None))

    def _set_plugs(self) -> list[Plug]:
        """Return what was set and is still there: an edit goes with the attribute that it is of."""
        return [
            plug
            for plug in self.touched
            if plug.node.alive and all(plug.node.find_attribute(name) for name, _ in plug.path)
        ]

    def edit_strings(self) -> list[str]:
        from maya_standin import ascii_writer

        lines = []
        for node, long in self.added:
            if long in node.added:
                lines.append(ascii_writer.add_attr_line(node.added[long]).rstrip(";") + f" {node.full_path}")
        for plug in self._set_plugs():
            lines.append(
                f"setAttr {plug.node.full_path}.{plug.attribute_path()} {ascii_writer.value_text(plug)}"
            )
        for source, target in self.connected:
            lines.append(
                f'connectAttr "{source.node.full_path}.{source.attribute_path()}" '
                f'"{target.node.full_path}.{target.attribute_path()}"'
            )
        return lines

    def edit_nodes(self) -> list[str]:
        touched = [plug.node for plug in self.touched] + [target.node for _, target in self.connected]
        return [node.full_path for node in dict.fromkeys([*touched, *(node for node, _ in self.added)])]

    # --- files -------------------------------------------------------------------------------------

    def file_lines(self) -> list[str]:
        names = f'-ns "{self.namespace}" {{}}-rfn "{self.node.name}"'
        shared = f'{names} -op "v=0;" -typ "{self.kind}" {quote(self.path)};'
        return [f"file -rdi 1 {shared.format('')}", f"file -r {shared.format('-dr 1 ')}"]

    def edit_lines(self, session: Session) -> list[str]:
        """Return the `.ed` of the reference node: 1 adds an attribute, 2 sets one, 3 connects two."""
        from maya_standin import ascii_writer

        edits = []
        for (node, long), _ in self.added.items():
            if node.alive and long in node.added:
                spec = node.added[long]
                line = ascii_writer.add_attr_line(spec)[len("addAttr ") : -1]
                edits.append(f"1 {node.full_path} {quote(spec.long)} {quote(spec.short)} {quote(' ' + line)}")
        for plug in self._set_plugs():
            edits.append(
                f"2 {quote(plug.node.full_path)} {quote(plug.attribute_path())} "
                f"{quote(' ' + ascii_writer.value_text(plug))}"
            )
        for source, target in self.connected:
            if source.node.alive and target.node.alive:
                first, second = (f"{end.node.full_path}.{end.attribute_path()}" for end in (source, target))
                edits.append(f'3 {quote(first)} {quote(second)} ""')
        if not edits:
            return []
        name = quote(self.node.name)
        return [
            '\tsetAttr ".ed" -type "dataReferenceEdits" ',
            f"\t\t{name}",
            f"\t\t{name} 0",
            f"\t\t{name} {len(edits)}",
            *(f"\t\t{edit}" for edit in edits[:-1]),
            f"\t\t{edits[-1]};",
        ]


def create(
    session: Session, path: str, namespace: str, node_name: str | None = None
) -> tuple[Reference, list[Node]]:
    """Reference a file under a namespace."""
    from maya_standin import ascii_reader

    scene = session.scene
    full = session.workspace.full_path(path)
    if not os.path.isfile(full):
        raise RuntimeError(f'File not found: "{path}"')
    wanted, number = namespace, 0
    while namespace in scene.namespaces:
        number += 1
        namespace = f"{wanted}{number}"
    node = scene.add_node(new_scene.find_type(session, "reference"), node_name or f"{namespace}RN")
    same = [other for other in scene.references if other.path == path]
    reference = Reference(path, namespace, node, copy=len(same))
    scene.references.append(reference)
    scene.add_namespace(namespace)
    new = ascii_reader.Reader(session, namespace, reference, full).read(ascii_reader.read_text(full))
    return reference, new


def why_not_readable(session: Session, path: str, kind: str) -> str | None:
    """Return why a file cannot be referenced here, None if it can."""
    if not os.path.isfile(session.workspace.full_path(path)):
        return f'Reference file not found: "{path}"'
    return None if kind == "mayaAscii" else f'"{path}" is a file of type {kind}, which is not simulated'


def create_unloaded(
    session: Session, path: str, namespace: str, node_name: str | None, kind: str = "mayaAscii"
) -> Reference:
    """Keep a reference whose file cannot be read: its node and its edits stay, nothing is loaded."""
    node = session.scene.add_node(new_scene.find_type(session, "reference"), node_name or f"{namespace}RN")
    reference = Reference(path, namespace, node, loaded=False, kind=kind)
    session.scene.references.append(reference)
    return reference


def remove(session: Session, reference: Reference) -> None:
    """Take a reference and its nodes out of the scene."""
    from maya_standin.commands import nodes

    scene = session.scene
    for node in reversed(reference.members(session)):
        nodes.remove(session, node)
    nodes.remove(session, reference.node)
    scene.references.remove(reference)
    scene.remove_namespace(reference.namespace)


def read_edits(session: Session, node: Node, words: list[Word], outer: Reader | None = None) -> None:
    """Apply the edits that a reference node carries, in the units of the file that is being read."""
    from maya_standin import ascii_reader
    from maya_standin.mel_syntax import statements

    reference = next((r for r in session.scene.references if r.node is node and r.loaded), None)
    if reference is None:  # its file is missing; or the node is sharedReferenceNode, which has none
        raise NotSimulatedError(f"edits of {node.name}, which has loaded no file")
    if not _are_understood(words):
        raise NotSimulatedError(f"the edits of {node.name}")
    position = 5 if len(words) > 4 else len(words)
    while position < len(words):
        kind = words[position]
        if kind == "1":
            owner, long, _, flags = words[position + 1 : position + 5]
            found = _node(session, owner)
            reader = ascii_reader.Reader(session)
            reader.node = found
            for statement in statements(f"addAttr {flags};"):
                reader.add_attr(statement[1:])
            reference.added[found, str(long)] = found.added[str(long)]
            position += 5
        elif kind == "2":
            owner, attribute, value = words[position + 1 : position + 4]
            plug = plugs.parse(_node(session, owner), attribute)
            for statement in statements(f'setAttr "x.y" {value};'):
                flags, rest = ascii_reader.split_flags(session, "setAttr", statement[1:])
                ascii_reader.store(session, plug, flags.get("type"), rest[1:], outer)
            reference.touched[plug] = None
            position += 4
        elif kind == "3":
            ends = []
            for text in words[position + 1 : position + 3]:
                owner, _, attribute = text.partition(".")
                ends.append(plugs.parse(_node(session, owner), attribute))
            session.scene.connect(*ends)
            reference.connected[ends[0], ends[1]] = None
            position += 4


def _are_understood(words: list[Word]) -> bool:
    """Whether all edits are of the kinds 1, 2 and 3, which adding, setting and connecting are."""
    position, sizes = 5, {"1": 5, "2": 4, "3": 4}
    while position < len(words):
        if words[position].quoted or words[position] not in sizes:
            return False
        position += sizes[words[position]]
    return position == len(words) or len(words) <= 4


def _node(session: Session, path: str) -> Node:
    from maya_standin import resolve

    return resolve.node(session.scene, str(path), RuntimeError)
