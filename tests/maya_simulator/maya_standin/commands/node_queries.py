"""References from the outside: referenceQuery; UUIDs."""

from __future__ import annotations

from maya_standin import resolve
from maya_standin.errors import NotSimulatedError
from maya_standin.registry import command
from maya_standin.session import Session


@command("referenceQuery")
def reference_query(
    session: Session, *names, isNodeReferenced=False, filename=False, referenceNode=False, nodes=False,
    isLoaded=False, namespace=False, withoutCopyNumber=False, editStrings=False, editNodes=False,
):  # fmt: skip
    """``referenceQuery(node, isNodeReferenced=True)`` and others (PyMEL docs of referenceQuery)."""
    name = resolve.flatten(names)[0]
    if isNodeReferenced:
        node = resolve.node(session.scene, name.partition(".")[0], RuntimeError)
        return node.reference is not None
    reference = find_reference(session, name)
    if filename:
        return (
            reference.path
            if withoutCopyNumber or not reference.copy
            else f"{reference.path}{{{reference.copy}}}"
        )
    if referenceNode:
        return reference.node.name
    if nodes:
        return [session.scene.shortest_name(node) for node in reference.members(session)] or None
    if isLoaded:
        return reference.loaded
    if namespace:
        return f":{reference.namespace}"
    if editStrings:
        return reference.edit_strings() or None
    if editNodes:
        return reference.edit_nodes() or None
    raise NotSimulatedError("referenceQuery in this form")


def find_reference(session: Session, name: str):
    """Return the reference of a reference node, a referenced node or a file name."""
    for reference in session.scene.references:
        if name in (reference.node.name, reference.path, f"{reference.path}{{{reference.copy}}}"):
            return reference
    for node in resolve.nodes(session.scene, name.partition(".")[0]):
        if node.reference is not None:
            return node.reference
    raise RuntimeError(f"'{name}' is not a reference: no reference file, node or referenced node matches.")
