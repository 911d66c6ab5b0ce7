"""The flags of the commands. What a recipe is made of has its flags from the core's own table.

Needs neither numpy nor, to be imported, the core: a Maya that lacks them loads the plug-in and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from maya.api import OpenMaya

try:
    from rgbcloud.settings import FIELDS
except ImportError:  # the commands say what to do
    FIELDS = ()  # type: ignore[assignment]

if TYPE_CHECKING:
    from rgbcloud import Field

INTEGER = OpenMaya.MSyntax.kLong
NUMBER = OpenMaya.MSyntax.kDouble
TEXT = OpenMaya.MSyntax.kString
SWITCH = OpenMaya.MSyntax.kBoolean
NO_ARGUMENT = OpenMaya.MSyntax.kNoArg

READERS = {
    INTEGER: "flagArgumentInt",
    NUMBER: "flagArgumentDouble",
    TEXT: "flagArgumentString",
    SWITCH: "flagArgumentBool",
}
_KINDS = {"integer": INTEGER, "number": NUMBER, "switch": SWITCH, "on": NO_ARGUMENT}


class Flag(NamedTuple):
    """A flag of a command: short names have up to three letters, long ones four and more."""

    short: str
    long: str
    kind: int
    text: str
    many: bool = False


class Call(NamedTuple):
    """What a command was called with."""

    objects: list[str]
    flags: dict[str, Any]
    """By long name; of flags without an argument True, of those that may stand several times a list."""
    is_query: bool

    def values(self, *parts: str) -> dict[str, Any]:
        """Return what is said of the fields of some parts, by their names, as `Recipe.of` takes it."""
        values = {
            field.name: self.flags[field.flag]
            for field in FIELDS
            if field.part in parts and field.flag in self.flags
        }
        if "recolored" in values:
            values["recolored"] = [text.split("=") for text in values["recolored"]]
        return values


def _flag(field: Field) -> Flag:
    text = f"{field.help} One of {', '.join(field.choices)}." if field.choices else field.help
    if field.form == "pairs":
        text += " #ff8000=#00ff00; may be given again."
    kind = _KINDS.get(field.form, TEXT)
    return Flag(field.short, field.flag, kind, text, many=field.form in ("colors", "pairs"))


def _flags(*parts: str) -> tuple[Flag, ...]:
    return tuple(_flag(field) for field in FIELDS if field.part in parts)


OF_PALETTES = ("palette", "source")
"""The parts of a recipe that clouds and palettes depend on."""
OF_REDUCTIONS = ("palette", "source", "goal", "texels", "file")

HELP = Flag("hlp", "helpText", NO_ARGUMENT, "Returns this text.")
_FOLDER = "Where the images go, a relative one in the project; beside their sources if left out."

CLOUD_FLAGS = (
    *_flags(*OF_PALETTES),
    Flag("pt", "parts", TEXT, "points, locators, cube: what to build; may be given again.", many=True),
    Flag("cb", "colorBy", TEXT, "source or cluster: what colours the points."),
    Flag("sz", "size", NUMBER, "Edge of the cube in scene units; 10 if left out."),
    Flag("bg", "budget", INTEGER, "How many points there may be; 100,000 if left out."),
    Flag("ps", "pointSize", INTEGER, "Pixels, 1 to 60."),
    Flag("iso", "isolate", INTEGER, "Shows one cluster alone, by its index; -1 shows all."),
    Flag("lin", "linearDisplay", SWITCH, "Gives points their colours in linear light; on if left out."),
    Flag("ax", "axes", TEXT, "file, srgb, linear, oklab or cielab: what x, y and z are; file if left out."),
    Flag("al", "applyLocators", NO_ARGUMENT, "Rebuilds the textures with the colours of moved locators."),
    Flag("fd", "folder", TEXT, f"Of applyLocators. {_FOLDER}"),
    Flag("it", "iterations", INTEGER, "Lays so many iterations of k-means out over frames."),
    Flag("sf", "startFrame", NUMBER, "Frame of the first iteration; the current one if left out."),
    Flag("fs", "frameStep", NUMBER, "Frames from one iteration to the next; 10 if left out."),
    Flag("hi", "hideIterations", NO_ARGUMENT, "Removes the iterations again."),
    Flag("rm", "remove", NO_ARGUMENT, "Removes the cloud."),
    Flag("ls", "clouds", NO_ARGUMENT, "In a query: the scene's clouds."),
)
REDUCE_FLAGS = (
    *_flags(*OF_REDUCTIONS),
    Flag("fd", "folder", TEXT, _FOLDER),
    Flag("sfc", "surface", NO_ARGUMENT, "Weighs texels by the surface that they show of what wears them."),
    Flag("cam", "camera", TEXT, "Weighs texels by what this camera sees of the surface, at this frame."),
    Flag("tb", "totalBytes", TEXT, "Divides so many bytes, such as 200MB, among all: each has its colours."),
    Flag("all", "allTextures", NO_ARGUMENT, "Of all nodes of the scene."),
    Flag("fc", "force", NO_ARGUMENT, "Also reduces normal, bump, displacement and Raw textures."),
    Flag("rd", "reduced", NO_ARGUMENT, "In a query: the nodes that show reduced textures."),
    Flag("op", "originalPath", NO_ARGUMENT, "In a query: the path of a node's original."),
)
REVERT_FLAGS = (
    Flag("all", "allTextures", NO_ARGUMENT, "Of all nodes of the scene."),
    Flag("km", "keepMissing", NO_ARGUMENT, "Keeps reduced textures whose originals are missing."),
)
SELECT_FLAGS = (
    Flag("cr", "cluster", INTEGER, "Index in the palette: selects the faces that show it most."),
    Flag("sts", "sets", NO_ARGUMENT, "Makes an object set of the faces of each cluster instead."),
    Flag("mat", "materials", NO_ARGUMENT, "Gives the faces of each cluster a material of its colour."),
    Flag("th", "threshold", NUMBER, "Leaves out faces that show less than this part of a cluster, 0 to 1."),
    *_flags(*OF_PALETTES),
)
ERROR_FLAGS = (Flag("sh", "shown", NO_ARGUMENT, "In a query: the nodes that show their errors."),)
PALETTE_FLAGS = (
    *_flags(*OF_PALETTES),
    Flag("sh", "shares", NO_ARGUMENT, "Returns the share of texels of each colour instead."),
    Flag("sv", "saveAs", TEXT, "Also writes a palette file: .gpl, .hex, .json, .ase, .png …"),
)
