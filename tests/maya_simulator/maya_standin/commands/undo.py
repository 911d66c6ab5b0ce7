"""undo, redo and undoInfo (PyMEL docs of undoInfo; section 5)."""

from __future__ import annotations

from maya_standin.errors import NotSimulatedError
from maya_standin.registry import command, query
from maya_standin.session import Session


@command("undo")
def undo(session: Session):
    """Take back the last entry of the queue."""
    warn_if_unstable(session, "undo")
    session.undo.undo()
    session.happened("Undo")


@command("redo")
def redo(session: Session):
    """Do again what was undone last."""
    warn_if_unstable(session, "redo")
    session.undo.redo()
    session.happened("Redo")


def warn_if_unstable(session: Session, what: str) -> None:
    """Undoing across changes that are not on the queue is unstable (PyMEL docs of undoInfo)."""
    if session.undo.unrecorded and session.undo.enabled:
        session.say(
            "warning", f"{what}: the scene was changed outside of the undo queue; the result may be wrong."
        )
        session.undo.unrecorded = False


@command("undoInfo")
def undo_info(
    session: Session, *, openChunk=False, closeChunk=False, chunkName=None, state=None,
    stateWithoutFlush=None, infinity=None, length=None,
):  # fmt: skip
    """Open or close a chunk, or set the queue up; state=False flushes it, stateWithoutFlush does not."""
    queue = session.undo
    if openChunk:
        queue.open_chunk(chunkName or "")
    elif closeChunk:
        queue.close_chunk()
    elif chunkName is not None:
        raise RuntimeError("undoInfo: chunkName needs openChunk or closeChunk.")
    if state is not None:
        if not state:
            queue.flush()
        queue.enabled = bool(state)
    if stateWithoutFlush is not None:
        queue.enabled = bool(stateWithoutFlush)
    if infinity is not None:
        queue.infinite = bool(infinity)
    if length is not None:
        queue.limit = length


@query("undoInfo")
def query_undo_info(
    session: Session, *, state=None, stateWithoutFlush=None, infinity=None, length=None, undoName=None,
    redoName=None, undoQueueEmpty=None, redoQueueEmpty=None, chunkName=None, printQueue=None,
):  # fmt: skip
    """Query without other flags returns the length of the queue (section 5)."""
    queue = session.undo
    if state or stateWithoutFlush:
        return queue.enabled
    if infinity:
        return queue.infinite
    if undoName:
        return queue.done[-1].name if queue.done else ""
    if redoName:
        return queue.undone[-1].name if queue.undone else ""
    if undoQueueEmpty:
        return not queue.done
    if redoQueueEmpty:
        return not queue.undone
    if length:
        return queue.limit
    if chunkName:
        return queue.chunk.name if queue.chunk else ""
    if printQueue:
        raise NotSimulatedError("undoInfo(printQueue=True)")
    return len(queue.done)


@command("flushUndo")
def flush_undo(session: Session):
    """Empty the queue."""
    session.undo.flush()
