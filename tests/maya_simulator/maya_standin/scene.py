"""The scene graph: nodes, names, DAG, connections, selection. Every change is undoable through the queue."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from maya_standin import faces, names
from maya_standin.node_types import Attribute, NodeType
from maya_standin.plugs import Node, Path, Plug
from maya_standin.undo import UndoQueue


class Scene:
    """All nodes of the open file."""

    def __init__(self, undo: UndoQueue, tell: Callable[..., None] = lambda *_event: None) -> None:
        self.undo = undo
        self.tell = tell  # of what happens: its name, and the nodes or plugs that it happens to
        self.nodes: dict[str, Node] = {}  # uuid -> node, in the order of creation
        self.by_name: dict[str, list[Node]] = {}
        self.roots: list[Node] = []
        self.namespaces: dict[str, None] = {"": None, "UI": None, "shared": None}
        self.current_namespace = ""
        self.selection: list[Node | Plug] = []
        self.time = 1.0
        self.path = ""  # of the file; empty for an untitled scene
        self.modified = False
        self.references: list[Any] = []
        self.uv_links: dict[str, dict[str, int]] = {}  # texture -> mesh -> its UV set, by uuid
        self.file_type = "mayaAscii"
        self.file_info: dict[str, str] = {}
        self.raw_requires: list[str] = []  # statements of the opened file that are kept as they are
        self.raw_statements: list[str] = []

    # --- reading ---------------------------------------------------------------------------------

    def named(self, name: str) -> list[Node]:
        return list(self.by_name.get(name, ()))

    def all(self) -> list[Node]:
        return list(self.nodes.values())

    def of_type(self, name: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.type.isa(name)]

    def by_default_name(self, name: str) -> Node:
        """Return one of the nodes that Maya itself makes, as `time1`."""
        return self.by_name[name][0]

    def shortest_name(self, node: Node) -> str:
        """Return the name that Maya prints: as much of the path as it takes to be unique."""
        if not node.type.dag or len(self.by_name.get(node.name, ())) < 2:
            return node.name
        path, above = node.name, node.parent
        while above:
            path = f"{above.name}|{path}"
            above = above.parent
            if len(self.at_path(path)) == 1:
                return path
        return f"|{path}"

    def printed(self, item: Node | Plug, *, long: bool = False) -> str:
        """Return what Maya prints of a node, plug or range of faces: that of its transform (`pCube1.f[0:3]`)."""
        node = item.node if isinstance(item, Plug) else item
        if isinstance(item, faces.Faces) and node.parent is not None:
            node = node.parent
        name = node.full_path if long else self.shortest_name(node)
        return f"{name}.{item.attribute_path()}" if isinstance(item, Plug) else name

    def at_path(self, text: str) -> list[Node]:
        """Return the nodes that a name, a partial or a full DAG path stands for; patterns allowed."""
        rooted = text.startswith("|")
        parts = text.strip("|").split("|")
        parts = [part[1:] if part.startswith(":") else part for part in parts]
        found = []
        for node in self._candidates(parts[-1]):
            if len(parts) == 1 and not rooted:
                found.append(node)
                continue
            if not node.type.dag:
                continue
            for parent in (node.parent, *node.others):  # an instance has a path below each of its parents
                chain = [node, *((parent, *parent.ancestors()) if parent else ())]
                if len(chain) < len(parts) or (rooted and len(chain) != len(parts)):
                    continue
                if all(names.matches(part, above.name) for part, above in zip(reversed(parts), chain)):
                    found.append(node)
                    break
        return found

    def _candidates(self, name: str) -> list[Node]:
        if any(sign in name for sign in "*?["):
            return [node for node in self.nodes.values() if names.matches(name, node.name)]
        return self.named(name)

    # --- changing --------------------------------------------------------------------------------

    def new_uuid(self) -> str:
        return str(uuid.uuid4()).upper()

    def free_name(
        self, wanted: str, node_type: NodeType, parent: Node | None, own: Node | None = None
    ) -> str:
        """Return the name that a new or renamed node gets, numbered if the wanted one is taken.

        DAG nodes share a name with DAG nodes under another parent only.
        """
        namespace, leaf = names.split_namespace(wanted)
        prefix = f"{namespace}:" if namespace else ""

        def taken(candidate: str) -> bool:
            return any(
                other is not own and (not node_type.dag or not other.type.dag or other.parent is parent)
                for other in self.by_name.get(prefix + candidate, ())
            )

        return prefix + names.first_free(leaf, taken)

    def add_node(self, node_type: NodeType, wanted: str, parent: Node | None = None) -> Node:
        """Create a node; `wanted` carries its namespace."""
        namespace = names.split_namespace(wanted)[0]
        if namespace:
            self.add_namespace(namespace)
        node = Node(node_type, self.free_name(wanted, node_type, parent), self.new_uuid(), parent=parent)
        self._apply(lambda: self._attach(node, None), lambda: self._detach(node))
        return node

    def remove_node(self, node: Node) -> None:
        """Take a node out of the scene with its connections; its children must be gone already."""
        for path, source in list(node.incoming.items()):
            self.disconnect(source, Plug(node, path))
        for path, targets in list(node.outgoing.items()):
            for target in list(targets):
                self.disconnect(Plug(node, path), target)
        if node in self.selection or any(
            isinstance(item, Plug) and item.node is node for item in self.selection
        ):
            self.select(
                [
                    item
                    for item in self.selection
                    if (item.node if isinstance(item, Plug) else item) is not node
                ]
            )
        where = self._siblings(node).index(node) if node.type.dag else None
        order = list(self.nodes).index(node.uuid)
        self._apply(lambda: self._detach(node), lambda: self._attach(node, where, order))

    def change_uuid(self, node: Node, new: str) -> None:
        """Give a node that was just read the id that it has in its file."""
        self.nodes = {new if other is node else key: other for key, other in self.nodes.items()}
        node.uuid = new

    def rename(self, node: Node, name: str) -> None:
        before = node.name

        def to(new: str) -> None:
            self._forget_name(node)
            old, node.name = node.name, new
            self.by_name.setdefault(new, []).append(node)
            self.tell("renamed", node, old)

        self._apply(lambda: to(name), lambda: to(before))

    def reparent(self, node: Node, parent: Node | None, position: int | None = None) -> None:
        before, where = node.parent, self._siblings(node).index(node)

        def move(target: Node | None, index: int | None) -> None:
            self._siblings(node).remove(node)
            node.parent = target
            siblings = self._siblings(node)
            siblings.insert(len(siblings) if index is None else index, node)

        self._apply(lambda: move(parent, position), lambda: move(before, where))

    def add_instance(self, shape: Node, parent: Node) -> None:
        """Let a shape stand below one more transform."""

        def add() -> None:
            shape.others.append(parent)
            parent.children.append(shape)

        def take() -> None:
            shape.others.remove(parent)
            parent.children.remove(shape)

        self._apply(add, take)

    def set_value(self, plug: Plug, value: Any) -> None:
        """Store the value of a leaf plug."""
        values, path = plug.node.values, plug.path
        missing = object()
        before = values.get(path, missing)

        def to(new: Any) -> None:
            if new is missing:
                values.pop(path, None)
            else:
                values[path] = new
            self.tell("set", plug)

        self._apply(lambda: to(value), lambda: to(before))

    def clear_value(self, plug: Plug) -> None:
        values, path = plug.node.values, plug.path
        if path in values:
            before = values[path]
            self._apply(lambda: values.pop(path, None), lambda: values.__setitem__(path, before))

    def connect(self, source: Plug, target: Plug) -> None:
        self._apply(lambda: self._link(source, target), lambda: self._unlink(source, target))

    def disconnect(self, source: Plug, target: Plug) -> None:
        position = source.node.outgoing[source.path].index(target)
        self._apply(lambda: self._unlink(source, target), lambda: self._link(source, target, position))

    def add_attribute(self, node: Node, spec: Attribute) -> None:
        self._apply(lambda: node.added.__setitem__(spec.long, spec), lambda: node.added.pop(spec.long, None))

    def replace_attribute(self, node: Node, spec: Attribute) -> None:
        before = node.added[spec.long]
        self._apply(
            lambda: node.added.__setitem__(spec.long, spec), lambda: node.added.__setitem__(spec.long, before)
        )

    def remove_attribute(self, node: Node, spec: Attribute) -> None:
        order = list(node.added)

        def put_back() -> None:
            node.added[spec.long] = spec
            for name in order:
                if name in node.added:
                    node.added[name] = node.added.pop(name)

        self._apply(lambda: node.added.pop(spec.long), put_back)

    def lock_plug(self, plug: Plug, state: bool) -> None:
        before = plug.path in plug.node.locked_plugs
        locked = plug.node.locked_plugs

        def to(value: bool) -> None:
            (locked.add if value else locked.discard)(plug.path)

        self._apply(lambda: to(state), lambda: to(before))

    def set_flag(self, node: Node, which: str, attribute: str, state: bool) -> None:
        """Set a node's own keyable or channelBox state of one attribute."""
        flags = getattr(node, which)
        before = flags.get(attribute)

        def restore() -> None:
            if before is None:
                flags.pop(attribute, None)
            else:
                flags[attribute] = before

        self._apply(lambda: flags.__setitem__(attribute, state), restore)

    def lock_node(self, node: Node, state: bool) -> None:
        before = node.locked
        self._apply(lambda: setattr(node, "locked", state), lambda: setattr(node, "locked", before))

    def select(self, items: list[Node | Plug]) -> None:
        before, after = list(self.selection), faces.merged(items)

        def to(chosen: list[Node | Plug]) -> None:
            self.selection = list(chosen)
            self.tell("selection")

        self._apply(lambda: to(after), lambda: to(before))

    def add_namespace(self, namespace: str) -> None:
        """Add a namespace, and those that it lies in."""
        parts = namespace.split(":")
        for depth in range(1, len(parts) + 1):
            name = ":".join(parts[:depth])
            if name not in self.namespaces:
                self._apply(
                    lambda name=name: self.namespaces.__setitem__(name, None),
                    lambda name=name: self.namespaces.pop(name, None),
                )

    def remove_namespace(self, namespace: str) -> None:
        self._apply(
            lambda: self.namespaces.pop(namespace, None), lambda: self.namespaces.__setitem__(namespace, None)
        )

    # --- the steps themselves --------------------------------------------------------------------

    def _apply(self, redo: Any, undo: Any) -> None:
        self.modified = True
        self.undo.apply(redo, undo)

    def _siblings(self, node: Node) -> list[Node]:
        return node.parent.children if node.parent else self.roots

    def _attach(self, node: Node, position: int | None, order: int | None = None) -> None:
        node.alive = True
        self.nodes[node.uuid] = node
        if order is not None:
            for later in list(self.nodes)[order:-1]:
                self.nodes[later] = self.nodes.pop(later)
        self.by_name.setdefault(node.name, []).append(node)
        if node.type.dag:
            siblings = self._siblings(node)
            siblings.insert(len(siblings) if position is None else position, node)
        self.tell("added", node)

    def _detach(self, node: Node) -> None:
        # Undoing a creation also takes what was put below or connected behind the queue's back.
        for child in list(node.children):
            self._detach(child)
        for path, source in list(node.incoming.items()):
            self._unlink(source, Plug(node, path))
        for path, targets in list(node.outgoing.items()):
            for target in list(targets):
                self._unlink(Plug(node, path), target)
        self.tell("removed", node)
        node.alive = False
        self.nodes.pop(node.uuid, None)
        self._forget_name(node)
        if node.type.dag and node in self._siblings(node):
            self._siblings(node).remove(node)
        self.selection = [
            item for item in self.selection if (item.node if isinstance(item, Plug) else item).alive
        ]

    def _forget_name(self, node: Node) -> None:
        same = self.by_name.get(node.name, [])
        if node in same:
            same.remove(node)
        if not same:
            self.by_name.pop(node.name, None)

    def _link(self, source: Plug, target: Plug, position: int | None = None) -> None:
        target.node.incoming[target.path] = source
        targets = source.node.outgoing.setdefault(source.path, [])
        targets.insert(len(targets) if position is None else position, target)
        self.tell("connection", source, target, True)

    def _unlink(self, source: Plug, target: Plug) -> None:
        target.node.incoming.pop(target.path, None)
        targets = source.node.outgoing.get(source.path, [])
        if target in targets:
            targets.remove(target)
        if not targets:
            source.node.outgoing.pop(source.path, None)
        self.tell("connection", source, target, False)


def incoming_of(plug: Plug) -> Plug | None:
    """Return the source connected to exactly this plug, or None."""
    return plug.node.incoming.get(plug.path)


def paths_below(paths: Any, plug: Plug) -> list[Path]:
    """Return those paths that lie at or below a plug."""
    depth = len(plug.path)
    name, index = plug.path[-1]
    return [
        path
        for path in paths
        if len(path) >= depth
        and path[: depth - 1] == plug.path[:-1]
        and path[depth - 1][0] == name
        and (index is None or path[depth - 1][1] == index)
    ]
