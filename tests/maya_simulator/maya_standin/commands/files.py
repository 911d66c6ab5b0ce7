"""file: new, open, save, import and references."""

from __future__ import annotations

from maya_standin.errors import NotSimulatedError
from maya_standin.registry import command, query
from maya_standin.session import Session


@command("file")
def file(session: Session, *args, newFile=False, force=False):
    """``file(new=True, force=True)`` flushes the undo queue (section 5)."""
    if not newFile:
        raise NotSimulatedError("file in this form")
    if session.scene.modified and not force:
        raise RuntimeError("Unsaved changes.")
    session.new_scene()
    return "untitled"


@query("file")
def query_file(session: Session, *args, sceneName=None, modified=None):
    """``file(query=True, sceneName=True)``."""
    if sceneName:
        return session.scene.path
    return session.scene.modified
