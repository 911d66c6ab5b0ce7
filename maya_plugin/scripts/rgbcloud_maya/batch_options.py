"""What the command line of `mayapy -m rgbcloud_maya` takes.

An option that is left out is absent from what is parsed: `Settings` and `CloudOptions` know the defaults,
and what is in range. (They cannot be asked here: --help works in a Maya without numpy, too.)
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

FILE_TYPES = {".ma": "mayaAscii", ".mb": "mayaBinary"}
"""What Maya calls the formats of scenes."""

_EXAMPLES = """\
examples:
  mayapy -m rgbcloud_maya list scene.ma
  mayapy -m rgbcloud_maya reduce scene.ma --colors 16 --output scene_k16.ma
  mayapy -m rgbcloud_maya reduce scene.ma --node file1 --node file2 --folder textures/light -o scene_k16.ma
  mayapy -m rgbcloud_maya reduce scene.ma --palette client.ase --mask 'uv.<UDIM>.png' -o scene_client.ma
  mayapy -m rgbcloud_maya cloud scene.ma --node file1 --colors 7 --output cloud.ma
  mayapy -m rgbcloud_maya revert scene_k16.ma --output scene.ma --overwrite

exit codes: 0 done, 1 a texture or the scene failed, 2 wrong use, 130 interrupted
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
    shared, saved, palette = _shared(), _saved(), _palette()

    reduce = commands.add_parser(
        "reduce", parents=[shared, saved, palette], help="reduce textures and save a scene that shows them"
    )
    reduce.add_argument(
        "--folder", metavar="FOLDER", help="where the images go (default: beside their sources)"
    )
    reduce.add_argument(
        "--force", action="store_true", help="also normal, bump, displacement and Raw textures"
    )
    _add(reduce, "--dither", "none, floyd-steinberg, bayer or blue-noise (default: none)", metavar="HOW")
    _add(reduce, "--dither-strength", "of the dithering, 0 to 1 (default: 1)", type=float, metavar="PART")
    _add(reduce, "--serpentine", "let Floyd-Steinberg turn round at the end of each row", **_SWITCH)
    _add(reduce, "--palette", "take these colours, in their order", metavar="FILE")
    _add(reduce, "--like", "keep the indices of this palette, of the version before", metavar="FILE")
    _add(reduce, "--mask", "let texels count that are white here; may be a set, too", metavar="IMAGE")
    _add(reduce, "--psnr", "choose the fewest colours that reach this quality", type=float, metavar="DB")
    _add(
        reduce, "--delta-e", "choose the fewest colours of no larger mean CIEDE2000", type=float, metavar="X"
    )
    _add(reduce, "--max-bytes", "choose the most colours that fit into this size", type=int, metavar="N")
    _add(reduce, "--knee", "choose as many colours as pay off", action="store_true")
    _add(
        reduce,
        "--recolor",
        "write the second colour where the palette has the first; may stand again",
        action="append",
        dest="recolored",
        nargs=2,
        metavar="COLOR",
    )
    _add(reduce, "--indexed", "palette indices, which are lighter, or RGB texels", **_SWITCH)
    _add(reduce, "--squeeze", "compress PNGs further, for some seconds more", **_SWITCH)

    cloud = commands.add_parser(
        "cloud", parents=[shared, saved, palette], help="add the cloud of the textures' colours"
    )
    _add(cloud, "--parts", "what to build: points, locators, cube (default: all)", nargs="+")
    _add(cloud, "--color-by", "source or cluster: what colours the points", metavar="WHAT")
    _add(cloud, "--size", "edge of the cube in scene units", type=float)
    _add(cloud, "--budget", "how many points there may be", type=int)
    _add(cloud, "--point-size", "pixels, 1 to 60", type=int)
    _add(cloud, "--isolate", "show this cluster alone, by its index from 0", type=int, metavar="INDEX")

    commands.add_parser("revert", parents=[shared, saved], help="bring the original textures back")
    commands.add_parser("list", parents=[shared], help="list the image nodes")
    return top


_SWITCH = {"action": argparse.BooleanOptionalAction}


def _shared() -> argparse.ArgumentParser:
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
    shared.add_argument("--json", metavar="FILE", help="write a report there; - for standard output")
    return shared


def _saved() -> argparse.ArgumentParser:
    """Return the options of commands that save."""
    saved = argparse.ArgumentParser(add_help=False)
    saved.add_argument(
        "-o", "--output", required=True, type=_scene, metavar="SCENE", help="the .ma or .mb file to save"
    )
    saved.add_argument(
        "--overwrite", action="store_true", help="let it take the place of a file that is there"
    )
    return saved


def _palette() -> argparse.ArgumentParser:
    """Return an option for every setting that a palette depends on, named as `rgbcloud reduce` names them."""
    palette = argparse.ArgumentParser(add_help=False)
    _add(palette, "--colors", "1 to 256 (default: 16)", type=int, metavar="K")
    _add(palette, "--seed", "of the random starts of k-means", type=int)
    _add(palette, "--effort", "normal or best, which takes several times as long")
    _add(
        palette,
        "--lock",
        "keep a colour such as #ff8000 in the palette; may stand again",
        action="append",
        dest="locked",
        metavar="COLOR",
    )
    _add(palette, "--weight-power", "below 1, rare colours weigh more; 0 to 1", type=float, metavar="P")
    _add(palette, "--space", "srgb, linear, oklab or cielab: where distances are taken")
    _add(palette, "--kind", "what textures hold: color, data, normal, labels, or auto: what the name says")
    _add(palette, "--linear", "whether colours are stored as linear light", **_SWITCH)
    return palette


def _add(parser: argparse.ArgumentParser, option: str, text: str, **how: Any) -> None:
    parser.add_argument(option, help=text, default=argparse.SUPPRESS, **how)


def _scene(path: str) -> str:
    if Path(path).suffix.lower() not in FILE_TYPES:
        raise argparse.ArgumentTypeError(f"a scene's name must end in .ma or .mb, got {path}")
    return path
