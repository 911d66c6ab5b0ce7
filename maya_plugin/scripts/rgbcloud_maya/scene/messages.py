"""What the user is told: in the viewport for a moment, in the Script Editor for good."""

from __future__ import annotations

import html

from maya import cmds
from maya.api import OpenMaya


def done(text: str) -> None:
    """Say that something is done."""
    OpenMaya.MGlobal.displayInfo(text)
    if _wants_messages_in_view():
        shown = html.escape(text, quote=False).replace("\n", "<br>")
        cmds.inViewMessage(assistMessage=shown, position="topCenter", fade=True)


def warning(text: str) -> None:
    """Say what the user should know but need not act on."""
    OpenMaya.MGlobal.displayWarning(text)


def error(text: str) -> None:
    """Say what went wrong, with the way out."""
    OpenMaya.MGlobal.displayError(text)


def _wants_messages_in_view() -> bool:
    """Return whether there is a view, and the user's preferences let messages appear in it."""
    if cmds.about(batch=True):
        return False
    preference = "inViewMessageEnable"
    return not cmds.optionVar(exists=preference) or bool(cmds.optionVar(query=preference))
