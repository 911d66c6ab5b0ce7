"""Making, naming and removing nodes."""

from __future__ import annotations

from maya_standin import names, new_scene, resolve
from maya_standin.errors import NotSimulatedError
from maya_standin.node_types import NodeType
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command, query
from maya_standin.session import Session

# The transform that a shape is created under is named after the type, except for these
# (`createNode mesh` makes polySurface1: heads of real scenes).
_TRANSFORM_NAMES = {
    "mesh": "polySurface",
    "nurbsCurve": "curve",
    "nurbsSurface": "surface",
    "annotationShape": "annotation",
}


def namespaced(session: Session, name: str) -> str:
    """Return a legal name in the namespace it names, or in the current one."""
    namespace, leaf = names.split_namespace(name)
    stripped = leaf.replace("#", "")
    leaf = names.legal_leaf(stripped) + "#" * ("#" in leaf) if stripped else leaf
    if not namespace and not name.startswith(":"):
        namespace = session.scene.current_namespace
    return f"{namespace}:{leaf}" if namespace else leaf


def default_name(node_type: NodeType, parent: Node | None) -> str:
    """Return what Maya calls a node that was given no name: `transform1`, `particleShape1`."""
    if not node_type.is_shape:
        return f"{node_type.name}1"
    stem = _TRANSFORM_NAMES.get(node_type.name, node_type.name)
    if parent is not None and parent.leaf.startswith(stem):
        suffix = parent.leaf[len(stem) :]
        return f"{stem}Shape{suffix}"
    return f"{stem}Shape1"


def make(session: Session, type_name: str, name: str | None, parent: Node | None) -> Node:
    """Create a node, and a transform above a shape that was given no parent."""
    node_type = new_scene.find_type(session, type_name)
    scene = session.scene
    if parent is not None and not parent.type.dag:
        raise RuntimeError(f"createNode: {parent.name} is no DAG node: nothing can be parented to it.")
    if parent is not None and not node_type.dag:
        raise RuntimeError(f"createNode: {type_name} is no DAG node: it cannot have a parent.")
    if parent is not None and parent.type.is_shape:
        raise RuntimeError(f"createNode: {parent.name} is a shape: nothing can be parented to it.")
    if node_type.is_shape and parent is None:
        stem = _TRANSFORM_NAMES.get(type_name, type_name)
        parent = scene.add_node(new_scene.find_type(session, "transform"), namespaced(session, f"{stem}1"))
    wanted = namespaced(session, name or default_name(node_type, parent))
    node = scene.add_node(node_type, wanted, parent)
    initialize(session, node)
    return node


def initialize(session: Session, node: Node) -> None:
    """Connect a new node as Maya does on creation."""
    from maya_standin.commands import sets

    scene = session.scene
    if node.type.isa("particle"):
        # A legacy particle joins :initialParticleSE and hears the time (MA-long, MA-gol, GN-particle).
        time = scene.by_default_name("time1")
        scene.connect(Plug(time, (("outTime", None),)), Plug(node, (("currentTime", None),)))
        sets.add_member(session, scene.by_default_name("initialParticleSE"), node)
    elif node.type.isa("displayLayer"):
        manager = scene.by_default_name("layerManager")
        array = Plug(manager, (("displayLayerId", None),))
        index = (array.indices() or [0])[-1] + 1
        scene.connect(array.element(index), Plug(node, (("identification", None),)))
    elif node.type.isa("shadingEngine"):
        array = Plug(scene.by_default_name("renderPartition"), (("sets", None),))
        index = (array.indices() or [-1])[-1] + 1
        scene.connect(Plug(node, (("partition", None),)), array.element(index))


@command("createNode", undoable=True)
def create_node(session: Session, node_type, *, name=None, parent=None, shared=False, skipSelect=False):
    """``createNode(type)`` -> name of the node. Selects it unless skipSelect (PyMEL docs of createNode)."""
    scene = session.scene
    if not isinstance(node_type, str):
        raise TypeError("createNode: the node type must be a string")
    if shared and name and scene.at_path(name):
        return None
    above = resolve.node(scene, parent, RuntimeError) if parent else None
    node = make(session, node_type, name, above)
    if not skipSelect:
        scene.select([node])
    return scene.shortest_name(node)


def require_deletable(node: Node) -> None:
    """Raise if Maya would not delete this node (PyMEL docs of lockNode; default nodes are read-only)."""
    if node.default:
        raise RuntimeError(f"Cannot delete: {node.name} is a default node.")
    for part in (node, *node.descendants()):
        if part.locked or part.reference is not None:
            raise RuntimeError(f"Cannot delete locked or read-only node '{part.name}'.")


def remove(session: Session, node: Node) -> None:
    """Delete a node with what lies below it, and what cannot live without it."""
    scene = session.scene
    if not node.alive:
        return
    for child in reversed(list(node.children)):
        if child.others:
            raise NotSimulatedError(f"deleting one of several instances: {node.name}")
        remove(session, child)
    curves = [source.node for source in node.incoming.values() if source.node.type.isa("animCurve")]
    scene.remove_node(node)
    for curve in curves:
        # Maya deletes an animation curve with the last plug that it drives.
        if curve.alive and not curve.outgoing and not curve.locked:
            scene.remove_node(curve)


@command("delete", undoable=True)
def delete(session: Session, *objects, channels=False, constructionHistory=False):
    """``delete(objects)`` or the selection; connections go, children go (PyMEL docs of delete)."""
    scene = session.scene
    found = resolve.only_nodes(resolve.given_or_selected(scene, objects), "delete")
    if channels:
        for node in found:
            for source in list(node.incoming.values()):
                if source.node.alive and source.node.type.isa("animCurve"):
                    remove(session, source.node)
        return
    if constructionHistory:
        return  # the stand-in's shapes have no history
    for node in found:
        require_deletable(node)
    for node in found:
        parent = node.parent
        remove(session, node)
        if parent is not None and node.type.is_shape:
            continue


@command("duplicate", undoable=True)
def duplicate(session: Session, *objects, name=None, returnRootsOnly=False):
    """``duplicate(objects)`` -> names of the copies; connections are not copied (PyMEL docs of duplicate)."""
    scene = session.scene
    roots = [
        _copy(session, node, node.parent, name)
        for node in resolve.only_nodes(resolve.given_or_selected(scene, objects), "duplicate")
    ]
    scene.select(list(roots))
    copies = roots if returnRootsOnly else [part for root in roots for part in (root, *root.descendants())]
    return [
        scene.shortest_name(copy)
        for copy in copies
        if returnRootsOnly or copy in roots or not copy.type.is_shape
    ]


def _copy(session: Session, node: Node, parent: Node | None, name: str | None) -> Node:
    scene = session.scene
    if node.parent is parent:
        wanted = namespaced(session, name) if name else node.name
    else:
        wanted = node.name
        if node.type.is_shape and node.parent and node.name.startswith(f"{node.parent.name}Shape"):
            wanted = f"{parent.name}Shape{node.name[len(node.parent.name) + 5 :]}"
    copy = scene.add_node(node.type, wanted, parent)
    for spec in node.added.values():
        scene.add_attribute(copy, spec)
    for path, value in node.values.items():
        scene.set_value(Plug(copy, path), value)
    initialize(session, copy)
    for child in node.children:
        _copy(session, child, copy, None)
    return copy


@command("rename", undoable=True)
def rename(session: Session, *args, ignoreShape=False):
    """``rename(object, newName)`` or ``rename(newName)`` for the selection -> the name it got."""
    scene = session.scene
    resolve.check_strings(args, "rename")
    if len(args) not in (1, 2):
        raise RuntimeError("rename: give an object and its new name.")
    node = resolve.node(scene, args[0], RuntimeError) if len(args) == 2 else _only_selected(session)
    rename_node(session, node, args[-1], ignoreShape)
    session.happened("NameChanged")
    return scene.shortest_name(node)


def require_renamable(node: Node) -> None:
    if node.locked or node.default or node.reference is not None:
        raise RuntimeError(f"Cannot rename a read only node: {node.name}")


def rename_node(session: Session, node: Node, name: str, ignore_shape: bool = False) -> None:
    """Rename a node and the shape that is named after it (PyMEL docs of rename -ignoreShape)."""
    scene = session.scene
    require_renamable(node)
    if not name:
        raise RuntimeError("rename: the new name is empty.")  # "not legal" (PyMEL docs of rename)
    if "|" in name:
        raise RuntimeError(f"rename: the new name must not hold a path: {name}")
    old = node.name
    wanted = namespaced(session, name)
    if ":" in wanted and names.split_namespace(wanted)[0] not in scene.namespaces:
        raise RuntimeError(f"rename: namespace of '{name}' does not exist.")
    scene.rename(node, scene.free_name(wanted, node.type, node.parent, own=node))
    if not node.type.is_transform or ignore_shape:
        return
    for shape in node.shapes:
        prefix = f"{old}Shape"
        suffix = shape.name[len(prefix) :]
        if shape.name.startswith(prefix) and (suffix == "" or suffix.isdigit()) and not shape.locked:
            scene.rename(shape, scene.free_name(f"{node.name}Shape{suffix}", shape.type, node, own=shape))
        elif _named_after(shape, old):
            stem = names.numbered(old, 0)[:-1]
            scene.rename(
                shape, scene.free_name(f"{node.name}Shape", shape.type, node, own=shape)
            ) if stem else None


def _named_after(shape: Node, transform: str) -> bool:
    """`particleShape1` is named after `particle1`: the number stands behind "Shape"."""
    stem = transform.rstrip("0123456789")
    return shape.name == f"{stem}Shape{transform[len(stem) :]}"


def _only_selected(session: Session) -> Node:
    found = resolve.only_nodes(session.scene.selection, "rename")
    if len(found) != 1:
        raise RuntimeError("rename: select exactly one object.")
    return found[0]


@command("lockNode", undoable=True)
def lock_node(session: Session, *objects, lock=True):
    """Lock nodes against deletion, renaming and changes of their attribute list (PyMEL docs of lockNode)."""
    for node in resolve.only_nodes(resolve.given_or_selected(session.scene, objects), "lockNode"):
        if node.reference is not None:
            raise RuntimeError(f"lockNode: {node.name} is referenced: its lock cannot be changed.")
        session.scene.lock_node(node, bool(lock))
    return


@query("lockNode")
def query_lock_node(session: Session, *objects, lock=None):
    """``lockNode(nodes, query=True, lock=True)`` -> list of bools."""
    return [
        node.locked
        for node in resolve.only_nodes(resolve.given_or_selected(session.scene, objects), "lockNode")
    ]
