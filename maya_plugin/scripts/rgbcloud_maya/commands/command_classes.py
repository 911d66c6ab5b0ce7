"""The commands that the plug-in registers: they parse flags and leave the work to the functions.

None of them is undoable itself: what they do to the scene goes through `maya.cmds`, which Maya undoes as one
step (see `undo`). The work is imported when a command runs, for two reasons: Maya keeps the first version of
a command's class for a session, and a Maya without numpy still loads the plug-in and can say what to do.
"""

from __future__ import annotations

import importlib
from typing import Any, Callable, ClassVar

from maya.api import OpenMaya

from rgbcloud_maya.commands.command_flags import (
    CLOUD_FLAGS,
    ERROR_FLAGS,
    HELP,
    NO_ARGUMENT,
    PALETTE_FLAGS,
    READERS,
    REDUCE_FLAGS,
    REVERT_FLAGS,
    SELECT_FLAGS,
    Call,
    Flag,
)
from rgbcloud_setup import packages


class _Command(OpenMaya.MPxCommand):
    """A command; subclasses say what it is called, takes and does."""

    NAME: ClassVar[str]
    SUMMARY: ClassVar[str]
    FLAGS: ClassVar[tuple[Flag, ...]]
    ACTION: ClassVar[str]

    @classmethod
    def syntax_creator(cls) -> Callable[[], OpenMaya.MSyntax]:
        """Return what gives Maya the syntax, which is made here: Maya does not survive an error there."""
        syntax = OpenMaya.MSyntax()
        for flag in (*cls.FLAGS, HELP):
            syntax.addFlag(f"-{flag.short}", f"-{flag.long}", flag.kind)
            if flag.many:
                syntax.makeFlagMultiUse(f"-{flag.long}")
        syntax.setObjectType(OpenMaya.MSyntax.kStringObjects)
        syntax.enableQuery = True
        syntax.enableEdit = False
        return lambda: syntax

    @classmethod
    def help_text(cls) -> str:
        """Return what the command does and takes."""
        lines = [f"{cls.NAME} [flags] [nodes or images]", cls.SUMMARY, ""]
        lines += [f"  -{flag.short:<3} -{flag.long:<16} {flag.text}" for flag in (*cls.FLAGS, HELP)]
        return "\n".join(lines)

    def isUndoable(self) -> bool:  # noqa: N802 (Maya's name)
        """Return False: the entries of the undo queue are those of the commands inside."""
        return False

    def doIt(self, args: OpenMaya.MArgList) -> None:  # noqa: N802
        """Run the command."""
        call = self._parse(OpenMaya.MArgDatabase(self.syntax(), args))
        if "helpText" in call.flags:
            self.setResult(self.help_text())
            return
        problem = packages.problem()
        if problem:
            self._fail(f"{self.NAME}: {problem}")
        actions = importlib.import_module("rgbcloud_maya.commands.command_actions")
        try:
            result = getattr(actions, self.ACTION)(call)
        except actions.RgbcloudError as error:
            self._fail(str(error))
        if result is not None:
            self.setResult(result)

    def _parse(self, database: OpenMaya.MArgDatabase) -> Call:
        flags: dict[str, Any] = {}
        is_query = bool(database.isQuery)
        for flag in (*self.FLAGS, HELP):
            if not database.isFlagSet(flag.long):
                continue
            if is_query or flag.kind == NO_ARGUMENT:
                flags[flag.long] = True
            elif flag.many:
                uses = range(database.numberOfFlagUses(flag.long))
                flags[flag.long] = [database.getFlagArgumentList(flag.long, use).asString(0) for use in uses]
            else:
                flags[flag.long] = getattr(database, READERS[flag.kind])(flag.long, 0)
        return Call(list(database.getObjectStrings()), flags, is_query)

    def _fail(self, message: str) -> None:
        """Show an error and end the command, as Maya's own Python commands do (renderSetup)."""
        OpenMaya.MGlobal.displayError(message)
        raise RuntimeError(message)


class RgbCloud(_Command):
    """Builds, rebuilds, removes and applies clouds."""

    NAME = "rgbCloud"
    SUMMARY = (
        "Shows the colours of textures as points in the RGB cube; the selection's, or those of the named\n"
        "nodes or image files. A cloud that is there is rebuilt in place: what is not said stays as it was."
    )
    ACTION = "cloud"
    FLAGS = CLOUD_FLAGS


class RgbCloudReduce(_Command):
    """Reduces the textures of image nodes."""

    NAME = "rgbCloudReduce"
    SUMMARY = (
        "Reduces textures to a palette each and lets their nodes show the lighter files; those of the\n"
        "selection, or of the named nodes, objects or materials. Returns the nodes that changed."
    )
    ACTION = "reduce_textures"
    FLAGS = REDUCE_FLAGS


class RgbCloudRevert(_Command):
    """Brings original textures back."""

    NAME = "rgbCloudRevert"
    SUMMARY = (
        "Brings the original textures back; those of the selection, or of the named nodes, objects or\n"
        "materials. Returns the nodes that changed."
    )
    ACTION = "revert_textures"
    FLAGS = REVERT_FLAGS


class RgbCloudPalette(_Command):
    """Finds palettes."""

    NAME = "rgbCloudPalette"
    SUMMARY = (
        "Returns the palette of textures, largest colour first, as #ff8000 and the like; of the selection,\n"
        "or of the named nodes or image files together. Changes nothing."
    )
    ACTION = "find_palette"
    FLAGS = PALETTE_FLAGS


class RgbCloudSelect(_Command):
    """Selects the faces of a cluster."""

    NAME = "rgbCloudSelect"
    SUMMARY = (
        "Selects the faces that show a cluster of the texture that they wear: of the selection, or of the\n"
        "named node, object or material. By the palette that it was reduced to, or that flags lead to.\n"
        "Returns the faces, or the sets or materials that it made."
    )
    ACTION = "select_faces"
    FLAGS = SELECT_FLAGS


class RgbCloudError(_Command):
    """Shows errors on models."""

    NAME = "rgbCloudError"
    SUMMARY = (
        "Shows how far reduced textures are off (CIEDE2000, bright from 10 on) in their place on the model;\n"
        "called again, they are back. Never saved. Returns the nodes that show their errors now."
    )
    ACTION = "show_errors"
    FLAGS = ERROR_FLAGS


COMMANDS = (RgbCloud, RgbCloudReduce, RgbCloudRevert, RgbCloudPalette, RgbCloudSelect, RgbCloudError)
