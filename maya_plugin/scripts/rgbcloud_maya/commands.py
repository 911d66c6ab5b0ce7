"""The commands that the plug-in registers: they parse flags and leave the work to the functions.

None of them is undoable itself: what they do to the scene goes through `maya.cmds`, which Maya undoes as one
step (see `undo`). The work is imported when a command runs, for two reasons: Maya keeps the first version of
a command's class for a session, and a Maya without numpy still loads the plug-in and can say what to do.
"""

from __future__ import annotations

import importlib
from typing import Any, Callable, ClassVar, NamedTuple

from maya.api import OpenMaya

from rgbcloud_setup import packages

INTEGER = OpenMaya.MSyntax.kLong
NUMBER = OpenMaya.MSyntax.kDouble
TEXT = OpenMaya.MSyntax.kString
SWITCH = OpenMaya.MSyntax.kBoolean
NO_ARGUMENT = OpenMaya.MSyntax.kNoArg

_READERS = {
    INTEGER: "flagArgumentInt",
    NUMBER: "flagArgumentDouble",
    TEXT: "flagArgumentString",
    SWITCH: "flagArgumentBool",
}


class Flag(NamedTuple):
    """A flag of a command: short names have up to three letters, long ones four and more."""

    short: str
    long: str
    kind: int
    text: str
    many: bool = False


_PALETTE_FLAGS = (
    Flag("cl", "colors", INTEGER, "how many colours the palette has, 1 to 256; 16 if left out"),
    Flag("sd", "seed", INTEGER, "of the random starts of k-means"),
    Flag("ef", "effort", TEXT, '"normal" or "best", which takes longer'),
    Flag("lk", "locked", TEXT, "a colour such as #ff8000 to take as it is; may stand again", many=True),
    Flag("wp", "weightPower", NUMBER, "below 1 the palette keeps rarer colours; 0 to 1"),
    Flag("spc", "space", TEXT, 'what distances are taken in: "srgb", "linear", "oklab" or "cielab"'),
    Flag("kd", "kind", TEXT, 'what textures hold: "auto", "color", "data", "normal" or "labels"'),
    Flag("stl", "storedLinear", SWITCH, "whether colours are stored as linear light"),
)
_HELP = Flag("hlp", "helpText", NO_ARGUMENT, "returns this text")


class Call(NamedTuple):
    """What a command was called with."""

    objects: list[str]
    flags: dict[str, Any]
    """By long name; of flags without an argument True, of those that may stand several times a list."""
    is_query: bool


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
        for flag in (*cls.FLAGS, _HELP):
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
        lines += [f"  -{flag.short:<3} -{flag.long:<16} {flag.text}" for flag in (*cls.FLAGS, _HELP)]
        return "\n".join(lines)

    def isUndoable(self) -> bool:  # noqa: N802 (Maya's name)
        """Return False: the entries of the undo queue are those of the commands inside."""
        return False

    def doIt(self, args: OpenMaya.MArgList) -> None:  # noqa: N802
        """Run the command."""
        call = self._parsed(OpenMaya.MArgDatabase(self.syntax(), args))
        if "helpText" in call.flags:
            self.setResult(self.help_text())
            return
        problem = packages.problem()
        if problem:
            self._fail(f"{self.NAME}: {problem}")
        actions = importlib.import_module("rgbcloud_maya.actions")
        try:
            result = getattr(actions, self.ACTION)(call)
        except actions.USER_ERRORS as error:
            self._fail(str(error))
        if result is not None:
            self.setResult(result)

    def _parsed(self, database: OpenMaya.MArgDatabase) -> Call:
        flags: dict[str, Any] = {}
        is_query = bool(database.isQuery)
        for flag in (*self.FLAGS, _HELP):
            if not database.isFlagSet(flag.long):
                continue
            if is_query or flag.kind == NO_ARGUMENT:
                flags[flag.long] = True
            elif flag.many:
                uses = range(database.numberOfFlagUses(flag.long))
                flags[flag.long] = [database.getFlagArgumentList(flag.long, use).asString(0) for use in uses]
            else:
                flags[flag.long] = getattr(database, _READERS[flag.kind])(flag.long, 0)
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
    FLAGS = (
        *_PALETTE_FLAGS,
        Flag("pt", "parts", TEXT, '"points", "locators", "cube": what to build; may stand again', many=True),
        Flag("cb", "colorBy", TEXT, '"source" or "cluster": what colours the points'),
        Flag("sz", "size", NUMBER, "edge of the cube in scene units; 10 if left out"),
        Flag("bg", "budget", INTEGER, "how many points there may be; 100,000 if left out"),
        Flag("ps", "pointSize", INTEGER, "pixels, 1 to 60"),
        Flag("iso", "isolate", INTEGER, "shows one cluster alone, by its index; -1 shows all"),
        Flag("lin", "linearDisplay", SWITCH, "gives Maya colours in linear light"),
        Flag("al", "applyLocators", NO_ARGUMENT, "rebuilds the textures with the colours of moved locators"),
        Flag("fd", "folder", TEXT, "where applyLocators writes the images"),
        Flag("it", "iterations", INTEGER, "lays so many iterations of k-means out over frames"),
        Flag("sf", "startFrame", NUMBER, "frame of the first iteration; the current one if left out"),
        Flag("fs", "frameStep", NUMBER, "frames from one iteration to the next; 10 if left out"),
        Flag("hi", "hideIterations", NO_ARGUMENT, "removes the iterations again"),
        Flag("rm", "remove", NO_ARGUMENT, "removes the cloud"),
        Flag("ls", "clouds", NO_ARGUMENT, "in a query: the scene's clouds"),
    )


class RgbCloudReduce(_Command):
    """Reduces the textures of image nodes."""

    NAME = "rgbCloudReduce"
    SUMMARY = (
        "Reduces textures to a palette each and lets their nodes show the lighter files; those of the\n"
        "selection, or of the named nodes, objects or materials. Returns the nodes that changed."
    )
    ACTION = "reduce_textures"
    FLAGS = (
        *_PALETTE_FLAGS,
        Flag("dit", "dither", TEXT, '"none", "floyd-steinberg", "bayer" or "blue-noise"'),
        Flag("ds", "ditherStrength", NUMBER, "how much of the error dithering spreads, 0 to 1"),
        Flag("srp", "serpentine", SWITCH, "whether Floyd-Steinberg turns round at the end of each row"),
        Flag("pal", "palette", TEXT, "a palette file whose colours are taken, in their order"),
        Flag("lke", "like", TEXT, "a palette file, of the version before, whose indices are kept"),
        Flag("msk", "mask", TEXT, "an image, or a set by its pattern: what is white in it counts"),
        Flag("psn", "psnr", NUMBER, "chooses the fewest colours that reach so many dB"),
        Flag("dle", "deltaE", NUMBER, "chooses the fewest colours of no larger mean CIEDE2000"),
        Flag("mxb", "maxBytes", INTEGER, "chooses the most colours whose file is no larger"),
        Flag("kne", "knee", NO_ARGUMENT, "chooses as many colours as pay off"),
        Flag("ix", "indexed", SWITCH, "whether files may hold palette indices, which is lighter"),
        Flag("rcl", "recolored", TEXT, "#ff8000=#00ff00 writes one colour as another", many=True),
        Flag("sq", "squeeze", SWITCH, "whether to compress files further, for some seconds more"),
        Flag("fd", "folder", TEXT, "where the images go; beside their sources if left out"),
        Flag("fc", "force", NO_ARGUMENT, "also reduces normal, bump, displacement and Raw textures"),
        Flag("rd", "reduced", NO_ARGUMENT, "in a query: the nodes that show reduced textures"),
        Flag("op", "originalPath", NO_ARGUMENT, "in a query: the path of a node's original"),
    )


class RgbCloudRevert(_Command):
    """Brings original textures back."""

    NAME = "rgbCloudRevert"
    SUMMARY = (
        "Brings the original textures back; those of the selection, or of the named nodes, objects or\n"
        "materials. Returns the nodes that changed."
    )
    ACTION = "revert_textures"
    FLAGS = (Flag("all", "allTextures", NO_ARGUMENT, "of all nodes of the scene"),)


class RgbCloudPalette(_Command):
    """Finds palettes."""

    NAME = "rgbCloudPalette"
    SUMMARY = (
        "Returns the palette of textures, largest colour first, as #ff8000 and the like; of the selection,\n"
        "or of the named nodes or image files together. Changes nothing."
    )
    ACTION = "find_palette"
    FLAGS = (
        *_PALETTE_FLAGS,
        Flag("sh", "shares", NO_ARGUMENT, "returns the share of texels of each colour instead"),
        Flag("sv", "saveAs", TEXT, "also writes a palette file: .gpl, .hex, .json, .ase, .png …"),
    )


COMMANDS = (RgbCloud, RgbCloudReduce, RgbCloudRevert, RgbCloudPalette)
