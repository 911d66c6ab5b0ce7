"""Namespaces."""

from __future__ import annotations

from maya_standin import names
from maya_standin.commands import nodes
from maya_standin.registry import command
from maya_standin.session import Session


def _absolute(session: Session, name: str) -> str:
    if name.startswith(":"):
        return name.strip(":")
    current = session.scene.current_namespace
    return f"{current}:{name}".strip(":") if current else name.strip(":")


@command("namespace", undoable=True)
def namespace(
    session: Session, *, add=None, set=None, exists=None, removeNamespace=None, moveNamespace=None,
    parent=None, deleteNamespaceContent=False, mergeNamespaceWithRoot=False,
    mergeNamespaceWithParent=False, setNamespace=None, addNamespace=None,
    validateName=None,
):  # fmt: skip
    """``namespace(add=)`` -> name; ``set``, ``exists``, ``removeNamespace``, ``moveNamespace``."""
    scene = session.scene
    add, set = add or addNamespace, set if set is not None else setNamespace
    if validateName is not None:
        return names.legal_leaf(validateName)
    if exists is not None:
        return _absolute(session, exists) in scene.namespaces
    if add is not None:
        full = _absolute(session, f"{parent}:{add}" if parent else add)
        if full in scene.namespaces:
            raise RuntimeError(f"The namespace '{add}' already exists.")
        if not all(part and names.legal_leaf(part) == part for part in full.split(":")):
            raise RuntimeError(f"The namespace '{add}' has illegal characters.")
        scene.add_namespace(full)
        return full
    if set is not None:
        full = _absolute(session, set) if set != ":" else ""
        if full not in scene.namespaces:
            raise RuntimeError(f"The namespace '{set}' does not exist.")
        before = scene.current_namespace
        session.undo.apply(
            lambda: setattr(scene, "current_namespace", full),
            lambda: setattr(scene, "current_namespace", before),
        )
        return full or ":"
    if removeNamespace is not None:
        return _remove(
            session,
            _absolute(session, removeNamespace),
            deleteNamespaceContent,
            mergeNamespaceWithRoot or mergeNamespaceWithParent,
        )
    if moveNamespace is not None:
        source, target = (_absolute(session, name) for name in moveNamespace)
        for node in _content(session, source):
            scene.rename(
                node,
                scene.free_name(
                    f"{target}:{node.leaf}" if target else node.leaf, node.type, node.parent, own=node
                ),
            )
        return None
    raise RuntimeError("namespace: nothing to do.")


def _content(session: Session, full: str):
    return [
        node
        for node in session.scene.all()
        if node.namespace == full or node.namespace.startswith(f"{full}:")
    ]


def _remove(session: Session, full: str, delete: bool, merge: bool):
    scene = session.scene
    if full not in scene.namespaces or full in ("", "UI", "shared"):
        raise RuntimeError(f"The namespace '{full}' does not exist or cannot be removed.")
    inside = _content(session, full)
    if inside and not (delete or merge):
        raise RuntimeError(f"The namespace '{full}' is not empty.")
    for node in inside:
        if delete:
            nodes.require_deletable(node)
            nodes.remove(session, node)
        else:
            scene.rename(node, scene.free_name(node.leaf, node.type, node.parent, own=node))
    for name in [name for name in scene.namespaces if name == full or name.startswith(f"{full}:")]:
        scene.remove_namespace(name)


@command("namespaceInfo")
def namespace_info(
    session: Session, name=None, *, currentNamespace=False, listNamespace=False, listOnlyNamespaces=False,
    listOnlyDependencyNodes=False, recurse=False, absoluteName=False, dagPath=False,
    parent=False, isRootNamespace=False, baseName=False, shortName=False, listObjects=False,
):  # fmt: skip
    """``namespaceInfo(name, <what>=True)``; without flags the current namespace."""
    scene = session.scene
    full = _absolute(session, name) if name else scene.current_namespace
    if full not in scene.namespaces:  # Autodesk's example: "sample:sun" while :sample is the current one
        full = (name or "").strip(":")
    if full not in scene.namespaces:
        raise RuntimeError(f"The namespace '{name}' does not exist.")
    mark = ":" if absoluteName else ""
    if isRootNamespace:
        return full == ""
    children = [
        other for other in scene.namespaces
        if other and (not full or other.startswith(f"{full}:"))
        and (recurse or ":" not in other[len(full) + 1 if full else 0 :])
    ]  # fmt: skip
    if listOnlyNamespaces:
        return [mark + child for child in children] or None
    inside = [
        node
        for node in scene.all()
        if node.namespace == full or (recurse and node.namespace.startswith(f"{full}:"))
    ]
    listed = [mark + (node.full_path if dagPath else scene.shortest_name(node)) for node in inside]
    if listOnlyDependencyNodes or listObjects:
        return listed or None
    if listNamespace:
        return [*(mark + child for child in children), *listed] or None
    if parent:
        return names.split_namespace(full)[0] or ":"
    if baseName or shortName:
        return full.rpartition(":")[2]
    return mark + full if full else ":"
