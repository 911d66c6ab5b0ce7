"""Sets and shading groups. Membership is a connection, as in Maya."""

from __future__ import annotations

from maya_standin import new_scene, resolve
from maya_standin.commands.nodes import initialize, namespaced
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command, edit, query
from maya_standin.session import Session


def add_member(session: Session, group: Node, member: Node) -> None:
    """Put a node into a set; exclusive sets (shading groups) lose it where it was."""
    scene = session.scene
    if member in members(session, group):
        return
    if group.type.isa("shadingEngine"):
        for other in scene.of_type("shadingEngine"):
            if other is not group and member in members(session, other):
                remove_member(session, other, member)
    if member.type.dag:
        source, array = Plug(member, (("instObjGroups", 0),)), Plug(group, (("dagSetMembers", None),))
    else:
        source, array = Plug(member, (("message", None),)), Plug(group, (("dnSetMembers", None),))
    taken = array.indices()
    index = next(i for i in range(len(taken) + 1) if i not in taken)
    scene.connect(source, array.element(index))


def remove_member(session: Session, group: Node, member: Node) -> None:
    for path, source in list(group.incoming.items()):
        if path[0][0] in ("dagSetMembers", "dnSetMembers") and source.node is member:
            session.scene.disconnect(source, Plug(group, path))


def members(session: Session, group: Node) -> list[Node]:
    return [
        source.node for path, source in sorted(group.incoming.items(), key=lambda item: (item[0][0][0],
        item[0][0][1] or 0)) if path[0][0] in ("dagSetMembers", "dnSetMembers")
    ]  # fmt: skip


def _set_node(session: Session, name: str) -> Node:
    node = resolve.node(session.scene, name, RuntimeError)
    if not node.type.isa("objectSet"):
        raise TypeError(f"sets: {name} is not a set.")
    return node


def _members_to_add(session: Session, objects, group: Node | None) -> list[Node]:
    nodes = resolve.only_nodes(resolve.items(session.scene, resolve.flatten(objects)), "sets")
    if group is not None and group.type.isa("shadingEngine"):
        # A shading group holds shapes: a transform stands for those below it.
        expanded = []
        for node in nodes:
            expanded += (
                [part for part in (node, *node.descendants()) if part.type.is_shape]
                if node.type.is_transform
                else [node]
            )
        return expanded
    return nodes


@command("sets", undoable=True)
def sets(
    session: Session, *objects, name=None, empty=False, renderable=False, noSurfaceShader=False,
    addElement=None, remove=None, forceElement=None, include=None, clear=None, noWarnings=False,
    isMember=None,
):  # fmt: skip
    """``sets(objects, name=)`` -> the new set; ``sets(objects, addElement | remove | forceElement=set)``."""
    scene = session.scene
    if isMember is not None:
        group = _set_node(session, isMember)
        inside = members(session, group)
        return all(node in inside for node in _members_to_add(session, objects, group))
    for target, action in (
        (addElement, add_member),
        (include, add_member),
        (forceElement, add_member),
        (remove, remove_member),
    ):
        if target is not None:
            group = _set_node(session, target)
            for node in _members_to_add(session, objects, group) if objects else scene.selection:
                action(session, group, node)
            return group.name
    if clear is not None:
        group = _set_node(session, clear)
        for node in members(session, group):
            remove_member(session, group, node)
        return group.name
    kind = "shadingEngine" if renderable else "objectSet"
    found = (
        []
        if empty
        else (_members_to_add(session, objects, None) or [n for n in scene.selection if isinstance(n, Node)])
    )
    group = scene.add_node(new_scene.find_type(session, kind), namespaced(session, name or "set1"))
    initialize(session, group)
    for node in found:
        add_member(session, group, node)
    return group.name


@edit("sets")
def edit_sets(
    session: Session, *objects, addElement=None, remove=None, forceElement=None, include=None, clear=None
):
    """``sets(objects, edit=True, forceElement=set)``."""
    return sets(
        session,
        *objects,
        addElement=addElement,
        remove=remove,
        forceElement=forceElement,
        include=include,
        clear=clear,
    )


@query("sets")
def query_sets(session: Session, *objects, size=None, renderable=None):
    """``sets(set, query=True)`` -> members or None."""
    group = _set_node(session, resolve.flatten(objects)[0])
    inside = members(session, group)
    if size:
        return len(inside)
    if renderable:
        return group.type.isa("shadingEngine")
    return [session.scene.shortest_name(node) for node in inside] or None


@command("listSets")
def list_sets(session: Session, *, object=None, extendToShape=False, type=None, allSets=False):
    """``listSets(object=)`` -> the sets that hold an object, or None; without an object those of the scene.

    Type 1 are rendering sets, 2 those of deformers (PyMEL docs), which use them: objectSet.usedBy.
    """
    scene = session.scene
    if object is None and type is None and not allSets:
        raise RuntimeError("listSets: name an object, or use the type or allSets flag.")
    found = scene.of_type("objectSet")
    if object is not None:
        node = resolve.node(scene, object, RuntimeError)
        wanted = [node, *(node.shapes if extendToShape else ())]
        found = [group for group in found if any(part in members(session, group) for part in wanted)]
    if type is not None:
        found = [group for group in found if _is_of(group, type)]
    return [group.name for group in found] or None


def _is_of(group: Node, kind: int) -> bool:
    if kind not in (1, 2):
        raise RuntimeError(f"listSets: {kind} is no type of sets.")
    is_rendering = group.type.isa("shadingEngine")
    return is_rendering if kind == 1 else any(path[0][0] == "usedBy" for path in group.incoming)
