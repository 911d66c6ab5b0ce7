"""One entry in Maya's undo queue, and a scene that is as it was if anything fails midway.

Everything goes through `maya.cmds` inside an undo chunk: each command undoes itself, the chunk makes them
one step for the user, also when undo was asked for in MEL. (API edits are no entries of the queue, and
`cmds` calls inside an undoable MPxCommand survive its undo, as SXDIST/Maya-ObjectBuilder measured.) Undo
may be switched off, as it is in batch, and a chunk of the caller may be open around ours: so a step that
fails is taken back by commands of its own instead of by Maya's `undo`.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any, Callable

from maya import cmds

from rgbcloud.progress import silent
from rgbcloud_maya.scene.scene_errors import SceneError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rgbcloud import Progress

_MOMENT = 0.05  # seconds


@contextlib.contextmanager
def undo_step(name: str, progress: Progress = silent) -> Iterator[Changes]:
    """Open a chunk of Maya's undo queue; what its body changed is taken back if it raises.

    The user's selection and current frame are the same afterwards.

    Parameters
    ----------
    name : str
        What the user reads in the Edit menu.
    progress : Progress
        Told between changes, every moment; cancels by raising.

    Yields
    ------
    Changes
        To make the changes with.
    """
    changes = Changes(progress)
    before = _View()
    cmds.undoInfo(openChunk=True, chunkName=name)
    try:
        try:
            yield changes
            before.restore()
            changes.delete_leftovers()
        except BaseException:
            changes.take_back()
            before.restore()
            raise
    finally:
        cmds.undoInfo(closeChunk=True)


class Changes:
    """Edits the scene and remembers how to take each edit back.

    Nodes are named by their full DAG paths, or by their unique names where they have none.
    """

    def __init__(self, progress: Progress = silent) -> None:
        self._progress = progress
        self._told = time.monotonic()
        self._new: list[str] = []
        self._leftovers: list[str] = []
        self._undo: list[Callable[[], object]] = []

    def note_created(self, node: str) -> str:
        """Note a new node, and with it all that is in or below it. Returns the node."""
        self._new.append(node)
        self._undo.append(lambda: cmds.delete(node) if cmds.objExists(node) else None)
        self._tell()
        return node

    def note_undo(self, undo: Callable[[], object]) -> None:
        """Note how to take back what is about to be done otherwise."""
        self._undo.append(undo)

    def set(self, plug: str, *values: object, data_type: str = "") -> None:
        """Set an attribute; `data_type` as in the `type` flag of `setAttr`."""
        if not self._is_new(plug):
            before = _arguments_for(cmds.getAttr(plug), data_type)
            self._undo.append(lambda: _set_attr(plug, before, data_type))
        self._tell()
        _set_attr(plug, values, data_type)

    def set_text(self, plug: str, value: str, before: str) -> None:
        """Set a string attribute, of which the caller has read what it holds."""
        if not self._is_new(plug):
            self._undo.append(lambda: _set_attr(plug, (before,), "string"))
        _set_attr(plug, (value,), "string")

    def set_free(self, plug: str, *values: object, data_type: str = "") -> None:
        """Set an attribute unless the user locked, keyed or connected it."""
        if cmds.getAttr(plug, settable=True):
            self.set(plug, *values, data_type=data_type)

    def add_attribute(self, node: str, name: str, **flags: Any) -> None:
        """Add an attribute; `flags` as in `addAttr`."""
        cmds.addAttr(node, longName=name, **flags)
        if not self._is_new(node):
            self._undo.append(lambda: cmds.deleteAttr(f"{node}.{name}"))

    def empty_text_attribute(self, node: str, name: str) -> None:
        """Delete a string attribute of a referenced node, or empty it where the reference has brought it."""
        try:
            self.delete_text_attribute(node, name)
        except RuntimeError:
            plug = f"{node}.{name}"
            self.set_text(plug, "", cmds.getAttr(plug) or "")

    def delete_text_attribute(self, node: str, name: str) -> None:
        """Delete a string attribute that `add_attribute` made."""
        plug = f"{node}.{name}"
        before = cmds.getAttr(plug) or ""
        cmds.deleteAttr(plug)

        def undo() -> None:
            cmds.addAttr(node, longName=name, dataType="string")
            _set_attr(plug, (before,), "string")

        self._undo.append(undo)

    def connect(self, source: str, target: str) -> None:
        """Connect two attributes."""
        cmds.connectAttr(source, target)
        self._undo.append(lambda: cmds.disconnectAttr(source, target))

    def disconnect(self, source: str, target: str) -> None:
        """Disconnect two attributes."""
        cmds.disconnectAttr(source, target)
        self._undo.append(lambda: cmds.connectAttr(source, target))

    def rename(self, node: str, name: str) -> str:
        """Give a DAG node another name, or one like it where that is taken. Returns its full path."""
        parent, _, before = node.rpartition("|")
        given: Any = cmds.rename(node, name)  # type: ignore[func-returns-value] # the new name
        renamed = f"{parent}|{short_name(given)}"
        if not self._is_new(node):
            self._undo.append(lambda: cmds.rename(renamed, before))
        return renamed

    def delete_at_end(self, nodes: Iterable[str]) -> None:
        """Let nodes be deleted when all else is done, since that cannot be taken back."""
        self._leftovers.extend(nodes)

    def delete_leftovers(self) -> None:
        """Delete what was to be deleted at the end."""
        if self._leftovers:
            cmds.delete(self._leftovers)

    def take_back(self) -> None:
        """Undo all changes, the last one first; one that cannot be undone does not keep the others."""
        for undo in reversed(self._undo):
            try:
                undo()
            except (RuntimeError, ValueError, TypeError) as error:  # noqa: PERF203 (what maya.cmds raises)
                cmds.warning(f"rgbcloud could not take a change back: {error}")
        self._undo.clear()

    def _tell(self) -> None:
        if time.monotonic() - self._told >= _MOMENT:
            self._progress(0.0, "changing the scene")
            self._told = time.monotonic()

    def _is_new(self, plug: str) -> bool:
        return any(plug.startswith((node + ".", node + "|")) or plug == node for node in self._new)


def shape_of(transform: str) -> str:
    """Return the full path of a transform's first shape."""
    shapes = cmds.listRelatives(transform, shapes=True, fullPath=True)
    if not shapes:
        raise SceneError(f"{transform} has no shape any more; remove the cloud and build it again")
    return shapes[0]


def short_name(node: Any) -> str:
    """Return a node's name without its path."""
    return str(node).rpartition("|")[2]


def _set_attr(plug: str, values: Sequence[object], data_type: str) -> None:
    if data_type:
        cmds.setAttr(plug, *values, type=data_type)
    else:
        cmds.setAttr(plug, *values)


def _arguments_for(value: Any, data_type: str) -> Sequence[object]:
    """Return what `setAttr` takes to set a value that `getAttr` returned."""
    if data_type == "vectorArray":
        return (len(value or ()), *(value or ()))
    if data_type == "doubleArray":
        return (list(value or ()),)
    if data_type == "string":
        return (value or "",)
    if isinstance(value, list):  # a compound: one tuple in a list
        compound: tuple[object, ...] = value[0]
        return compound
    return (value,)


class _View:
    """The selection, which creating and parenting change, and the frame, which no undo brings back."""

    def __init__(self) -> None:
        self._selection: list[str] = cmds.ls(selection=True, long=True) or []
        self._frame = cmds.currentTime(query=True)

    def restore(self) -> None:
        """Bring both back."""
        if cmds.currentTime(query=True) != self._frame:
            cmds.currentTime(self._frame)
        if (cmds.ls(selection=True, long=True) or []) == self._selection:
            return
        existing = [item for item in self._selection if cmds.objExists(item)]
        if existing:
            cmds.select(existing, replace=True)
        else:
            cmds.select(clear=True)
