"""select. The selection is part of undo (section 5)."""

from __future__ import annotations

from maya_standin import resolve
from maya_standin.errors import NotSimulatedError
from maya_standin.faces import Faces
from maya_standin.plugs import Node
from maya_standin.registry import command
from maya_standin.session import Session


@command("select", undoable=True)
def select(
    session: Session, *objects, add=False, replace=False, deselect=False, toggle=False, clear=False,
    noExpand=False, all=False, allDagObjects=False, hierarchy=False, addFirst=False,
):  # fmt: skip
    """``select(objects, replace | add | deselect | toggle=True)``; sets are expanded unless noExpand."""
    scene = session.scene
    texts = resolve.flatten(objects)
    if clear:
        scene.select([])
        return
    if all or allDagObjects:
        scene.select([node for node in scene.roots if not node.default])
        return
    if not texts and not hierarchy and not deselect:
        raise (
            RuntimeError("select: No object was given.")
            if not replace
            else RuntimeError("select: nothing to select.")
        )
    # "select(d=True)" in Autodesk's examples of joint and others: the selection itself is what is deselected.
    items = resolve.given_or_selected(scene, texts)
    if not noExpand:
        from maya_standin.commands import sets

        items = [
            part
            for item in items
            for part in (
                sets.members(session, item)
                if isinstance(item, Node) and item.type.isa("objectSet")
                else [item]
            )
        ]
    if hierarchy:
        items = [part for item in items for part in (item, *item.descendants())]
    items = list(dict.fromkeys(items))
    if (deselect or toggle) and any(isinstance(item, Faces) for item in [*items, *scene.selection]):
        raise NotSimulatedError("select: taking faces off the selection")
    current = list(scene.selection)
    if deselect:
        chosen = [item for item in current if item not in items]
    elif toggle:
        chosen = [item for item in current if item not in items] + [
            item for item in items if item not in current
        ]
    elif addFirst:
        chosen = [*items, *(item for item in current if item not in items)]
    elif add:
        chosen = current + [item for item in items if item not in current]
    else:
        chosen = items
    scene.select(chosen)
    return
