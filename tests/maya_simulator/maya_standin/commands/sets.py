"""Sets and shading groups. Membership is a connection, as in Maya."""

from __future__ import annotations

import numpy as np

from maya_standin import faces, new_scene, resolve
from maya_standin.commands.nodes import initialize, namespaced
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command, edit, query
from maya_standin.session import Session

_COMPONENTS = ("objectGrpCompList", None)


def add_member(session: Session, group: Node, member: Node) -> None:
    """Put a node into a set; exclusive sets (shading groups) lose it where it was."""
    if member in members(session, group):
        return
    if group.type.isa("shadingEngine"):
        for other in session.scene.of_type("shadingEngine"):
            if other is not group:
                _take_out(session, other, member)
    _take_out(session, group, member)
    name = "instObjGroups" if member.type.dag else "message"
    for number in range(1 + len(member.others)):
        _join(session, group, Plug(member, ((name, number if member.type.dag else None),)))


def add_faces(session: Session, group: Node, mesh: Node, numbers: np.ndarray) -> None:
    """Put faces of a mesh into a set; shading groups lose them where they were.

    In `iog[0].og[n].gcl` is which they are, as a list of components (scenes: index id 24643632441); of a mesh
    that stands in several places, in each of these.
    """
    held = _faces_in(group, mesh)
    if len(held) == faces.count_of(mesh):
        return
    if group.type.isa("shadingEngine"):
        for other in session.scene.of_type("shadingEngine"):
            if other is not group:
                _take_faces_out(session, other, mesh, numbers)
    _store_faces(session, group, mesh, np.concatenate([held, numbers[~np.isin(numbers, held)]]))


def _store_faces(session: Session, group: Node, mesh: Node, numbers: np.ndarray) -> None:
    _take_out(session, group, mesh)
    if not len(numbers):
        return
    for place in range(1 + len(mesh.others)):
        array = Plug(mesh, (("instObjGroups", place), ("objectGroups", None)))
        taken = array.indices()
        part = array.element(next(i for i in range(len(taken) + 1) if i not in taken))
        session.scene.set_value(Plug(mesh, (*part.path, _COMPONENTS)), tuple(faces.ranges(mesh, numbers)))
        _join(session, group, part)


def _faces_in(group: Node, mesh: Node) -> np.ndarray:
    """Return the numbers of a mesh's faces that are in a set: all, if the mesh is as a whole."""
    parts = [
        source.node.values.get((*source.path, _COMPONENTS))
        for path, source in group.incoming.items()
        if path[0][0] in ("dagSetMembers", "dnSetMembers") and source.node is mesh
    ]
    if None in parts:
        return np.arange(faces.count_of(mesh))
    return faces.numbers_of(item for part in parts for item in part)


def _take_faces_out(session: Session, group: Node, mesh: Node, numbers: np.ndarray) -> None:
    before = _faces_in(group, mesh)
    after = before[~np.isin(before, numbers)]
    if len(after) != len(before):
        _store_faces(session, group, mesh, after)


def _join(session: Session, group: Node, source: Plug) -> None:
    array = Plug(group, (("dagSetMembers" if source.node.type.dag else "dnSetMembers", None),))
    taken = array.indices()
    session.scene.connect(source, array.element(next(i for i in range(len(taken) + 1) if i not in taken)))


def _take_out(session: Session, group: Node, member: Node) -> None:
    """Take a node and all of its faces out of a set."""
    for path, source in list(group.incoming.items()):
        if path[0][0] in ("dagSetMembers", "dnSetMembers") and source.node is member:
            session.scene.disconnect(source, Plug(group, path))
            parts = (*source.path, _COMPONENTS)
            if parts in member.values:
                session.scene.clear_value(Plug(member, parts))


def copy_membership(session: Session, shape: Node, number: int) -> None:
    """Let an instance of a shape be in the sets that the first one is in."""
    for path, targets in list(shape.outgoing.items()):
        if path[0] == ("instObjGroups", 0):
            part = Plug(shape, (("instObjGroups", number), *path[1:]))
            if len(path) > 1:
                held = shape.values[(*path, _COMPONENTS)]
                session.scene.set_value(Plug(shape, (*part.path, _COMPONENTS)), held)
            for target in list(targets):
                _join(session, target.node, part)


def remove_member(session: Session, group: Node, member: Node | Plug) -> None:
    if isinstance(member, faces.Faces):
        _take_faces_out(session, group, member.node, faces.numbers_of([member]))
    else:
        _take_out(session, group, member)


def members(session: Session, group: Node) -> list[Node | Plug]:
    """Return the nodes, and ranges of faces, that are in a set."""
    found: dict[Node | Plug, None] = {}
    order = sorted(group.incoming.items(), key=lambda item: (item[0][0][0], item[0][0][1] or 0))
    for path, source in order:
        if path[0][0] in ("dagSetMembers", "dnSetMembers"):
            found.update(dict.fromkeys(source.node.values.get((*source.path, _COMPONENTS), [source.node])))
    return list(found)


def _set_node(session: Session, name: str) -> Node:
    node = resolve.node(session.scene, name, RuntimeError)
    if not node.type.isa("objectSet"):
        raise TypeError(f"sets: {name} is not a set.")
    return node


def _members_to_add(session: Session, objects, group: Node | None) -> list[Node | list[faces.Faces]]:
    """Return nodes, and the faces of each mesh together."""
    found = faces.grouped(resolve.items(session.scene, resolve.flatten(objects)))
    resolve.only_nodes([item for item in found if not isinstance(item, list)], "sets")
    if group is not None and group.type.isa("shadingEngine"):
        # A shading group holds shapes: a transform stands for those below it.
        expanded: list[Node | list[faces.Faces]] = []
        for item in found:
            is_above = isinstance(item, Node) and item.type.is_transform
            parts = (
                [part for part in (item, *item.descendants()) if part.type.is_shape] if is_above else [item]
            )
            expanded += parts
        return expanded
    return found


def _add(session: Session, group: Node, item: Node | list[faces.Faces]) -> None:
    if isinstance(item, list):
        add_faces(session, group, item[0].node, faces.numbers_of(item))
    else:
        add_member(session, group, item)


def _remove(session: Session, group: Node, item: Node | list[faces.Faces]) -> None:
    for part in item if isinstance(item, list) else [item]:
        remove_member(session, group, part)


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
        asked = _members_to_add(session, objects, group)
        if any(isinstance(item, list) for item in asked):
            raise NotSimulatedError("sets(faces, isMember=)")
        return all(node in inside for node in asked)
    for target, action in (
        (addElement, _add),
        (include, _add),
        (forceElement, _add),
        (remove, _remove),
    ):
        if target is not None:
            group = _set_node(session, target)
            chosen = _members_to_add(session, objects, group) if objects else faces.grouped(scene.selection)
            for item in chosen:
                action(session, group, item)
            return group.name
    if clear is not None:
        group = _set_node(session, clear)
        for node in members(session, group):
            remove_member(session, group, node)
        return group.name
    kind = "shadingEngine" if renderable else "objectSet"
    found = [] if empty else (_members_to_add(session, objects, None) or faces.grouped(scene.selection))
    group = scene.add_node(new_scene.find_type(session, kind), namespaced(session, name or "set1"))
    initialize(session, group)
    for item in found:
        _add(session, group, item)
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
    return [session.scene.printed(item) for item in inside] or None


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
        found = [
            group
            for group in found
            if any((i.node if isinstance(i, Plug) else i) in wanted for i in members(session, group))
        ]
    if type is not None:
        found = [group for group in found if _is_of(group, type)]
    return [group.name for group in found] or None


def _is_of(group: Node, kind: int) -> bool:
    if kind not in (1, 2):
        raise RuntimeError(f"listSets: {kind} is no type of sets.")
    is_rendering = group.type.isa("shadingEngine")
    return is_rendering if kind == 1 else any(path[0][0] == "usedBy" for path in group.incoming)
