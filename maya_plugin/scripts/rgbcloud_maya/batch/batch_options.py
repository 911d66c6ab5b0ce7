"""What the command line of `mayapy -m rgbcloud_maya` takes.

An option that is left out is absent from what is parsed: `Recipe` and `CloudOptions` know the defaults, and
what is in range. --help works in a Maya without numpy, too.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rgbcloud.settings import FIELDS

OF_PALETTES = ("palette", "source")
"""The parts of a recipe that clouds depend on."""
OF_REDUCTIONS = ("palette", "source", "goal", "texels", "file")
_HOW: dict[str, dict[str, Any]] = {
    "integer": {"type": int, "metavar": "N"},
    "number": {"type": float, "metavar": "X"},
    "switch": {"action": argparse.BooleanOptionalAction},
    "colors": {"action": "append", "metavar": "COLOR"},
    "pairs": {"action": "append", "nargs": 2, "metavar": "COLOR"},
    "on": {"action": "store_true"},
    "file": {"metavar": "FILE"},
    "text": {"metavar": "NAME"},
}
"""What argparse is told of the values that a field takes, by its form."""

FILE_TYPES = {".ma": "mayaAscii", ".mb": "mayaBinary"}
"""What Maya calls the formats of scenes."""

_EXAMPLES = """\
examples:
  mayapy -m rgbcloud_maya list scene.ma
  mayapy -m rgbcloud_maya reduce scene.ma --colors 16 --output scene_k16.ma
  mayapy -m rgbcloud_maya reduce scene.ma --node file1 --node file2 --folder textures/light -o scene_k16.ma
  mayapy -m rgbcloud_maya reduce scene.ma --total-bytes 200MB --surface -o scene_200MB.ma
  mayapy -m rgbcloud_maya reduce scene.ma --palette client.ase --mask 'uv.<UDIM>.png' -o scene_client.ma
  mayapy -m rgbcloud_maya cloud scene.ma --node file1 --colors 7 --output cloud.ma
  mayapy -m rgbcloud_maya collect scene_k16.ma --folder /share/shot010
  mayapy -m rgbcloud_maya revert scene_k16.ma --output scene.ma --overwrite

exit codes: 0 done, 1 a texture or the scene failed, 2 wrong use,
98 done, but a larger result was left out, 130 interrupted
What Maya and its plug-ins print is on standard output, too: let programs read --json FILE.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser; the chosen command is the attribute `command`."""
    top = argparse.ArgumentParser(
        prog="mayapy -m rgbcloud_maya",
        description="Reduce the textures of a Maya scene, or show their colours in it, without a window.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    shared, saved = _shared_options(), _saving_options()
    reduced, clustered = _fields(*OF_REDUCTIONS), _fields(*OF_PALETTES)

    reduce = commands.add_parser(
        "reduce", parents=[shared, saved, reduced], help="reduce textures and save a scene that shows them"
    )
    reduce.add_argument(
        "--folder",
        metavar="FOLDER",
        help="where the images go, a relative one in the project (default: beside their sources)",
    )
    reduce.add_argument(
        "--surface", action="store_true", help="weigh texels by the surface that they show of what wears them"
    )
    reduce.add_argument(
        "--camera", metavar="CAMERA", help="weigh texels by what this camera sees of the surface"
    )
    reduce.add_argument(
        "--total-bytes",
        metavar="SIZE",
        help="divide so many bytes, such as 200MB, among all: each has as many colours as its share pays for",
    )
    reduce.add_argument(
        "--force", action="store_true", help="also normal, bump, displacement and Raw textures"
    )
    cloud = commands.add_parser(
        "cloud", parents=[shared, saved, clustered], help="add the cloud of the textures' colours"
    )
    _add(cloud, "--parts", "what to build: points, locators, cube (default: all)", nargs="+")
    _add(cloud, "--color-by", "source or cluster: what colours the points", metavar="WHAT")
    _add(cloud, "--size", "edge of the cube in scene units", type=float)
    _add(cloud, "--budget", "how many points there may be", type=int)
    _add(cloud, "--point-size", "pixels, 1 to 60", type=int)
    text = "give points their colours in linear light (default), or as sRGB numbers"
    _add(cloud, "--linear-display", text, action=argparse.BooleanOptionalAction)
    _add(cloud, "--axes", "file (default), srgb, linear, oklab or cielab: what x, y, z are", metavar="NAME")
    _add(cloud, "--isolate", "show this cluster alone, by its index from 0", type=int, metavar="INDEX")

    revert = commands.add_parser("revert", parents=[shared, saved], help="bring the original textures back")
    revert.add_argument(
        "--keep-missing", action="store_true", help="keep reduced textures whose originals are missing"
    )
    commands.add_parser("list", parents=[shared], help="list the image nodes")
    collect = commands.add_parser(
        "collect", parents=[shared], help="copy all reduced files into one folder, with a list of them"
    )
    collect.add_argument(
        "--folder", required=True, metavar="FOLDER", help="where they go, a relative one in the project"
    )
    collect.add_argument("--overwrite", action="store_true", help="let them take the place of others")
    return top


def _shared_options() -> argparse.ArgumentParser:
    """Return the options of every command."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("scene", type=_scene, help="a .ma or .mb file; it is only read")
    shared.add_argument(
        "--node",
        action="append",
        dest="nodes",
        metavar="NODE",
        help="an image node, material or object; may stand again; all image nodes of the scene if left out",
    )
    shared.add_argument(
        "--project", metavar="FOLDER", help="default: the nearest folder above the scene with a workspace.mel"
    )
    shared.add_argument(
        "--ignore-errors",
        action="store_true",
        help="go on where Maya opens the scene with errors, and tell them; list and collect always do",
    )
    shared.add_argument("--json", metavar="FILE", help="write a report there; - for standard output")
    return shared


def _saving_options() -> argparse.ArgumentParser:
    """Return the options of commands that save."""
    saved = argparse.ArgumentParser(add_help=False)
    saved.add_argument(
        "-o", "--output", required=True, type=_scene, metavar="SCENE", help="the .ma or .mb file to save"
    )
    saved.add_argument(
        "--overwrite", action="store_true", help="let it take the place of a file that is there"
    )
    return saved


def _fields(*parts: str) -> argparse.ArgumentParser:
    """Return an option for every field of some parts of a recipe, named as `rgbcloud reduce` names them."""
    parser = argparse.ArgumentParser(add_help=False)
    for field in FIELDS:
        if field.part in parts:
            how = {"choices": field.choices} if field.choices else _HOW[field.form]
            _add(parser, f"--{field.option}", field.help.replace("%", "%%"), dest=field.name, **how)
    return parser


def _add(parser: argparse.ArgumentParser, option: str, text: str, **how: Any) -> None:
    parser.add_argument(option, help=text, default=argparse.SUPPRESS, **how)


def _scene(path: str) -> str:
    if Path(path).suffix.lower() not in FILE_TYPES:
        raise argparse.ArgumentTypeError(f"a scene's name must end in .ma or .mb, got {path}")
    return path
