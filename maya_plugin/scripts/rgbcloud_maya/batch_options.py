"""What the command line of `mayapy -m rgbcloud_maya` takes."""

from __future__ import annotations

import argparse
from pathlib import Path

_EXAMPLES = """\
examples:
  mayapy -m rgbcloud_maya list scene.ma
  mayapy -m rgbcloud_maya reduce scene.ma --colors 16 --output scene_k16.ma
  mayapy -m rgbcloud_maya reduce scene.ma --node file1 --node file2 --folder textures/light -o scene_k16.ma
  mayapy -m rgbcloud_maya cloud scene.ma --node file1 --colors 7 --output cloud.ma
  mayapy -m rgbcloud_maya revert scene_k16.ma --output scene.ma --overwrite

exit codes: 0 done, 1 a texture or the scene failed, 2 wrong use
What Maya and its plug-ins print is on standard output, too: let programs read --json FILE.
"""
FILE_TYPES = {".ma": "mayaAscii", ".mb": "mayaBinary"}
"""What Maya calls the formats of scenes."""
PARTS = ("points", "locators", "cube")
COLOR_BY = ("source", "cluster")
EFFORTS = ("normal", "best")


def parser() -> argparse.ArgumentParser:
    """Return the parser; the chosen command is the attribute `command`."""
    top = argparse.ArgumentParser(
        prog="mayapy -m rgbcloud_maya",
        description="Reduce the textures of a Maya scene, or show their colours in it, without a window.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
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

    saved = argparse.ArgumentParser(add_help=False)
    saved.add_argument(
        "-o", "--output", required=True, type=_scene, metavar="SCENE", help="the .ma or .mb file to save"
    )
    saved.add_argument(
        "--overwrite", action="store_true", help="let it take the place of a file that is there"
    )

    palette = argparse.ArgumentParser(add_help=False)
    palette.add_argument("--colors", type=int, default=16, metavar="K", help="1 to 256 (default: 16)")
    palette.add_argument("--seed", type=int, default=0, help="of the random starts of k-means (default: 0)")
    palette.add_argument(
        "--effort", choices=EFFORTS, default="normal", help="best takes several times as long"
    )

    reduce = commands.add_parser(
        "reduce", parents=[shared, saved, palette], help="reduce textures and save a scene that shows them"
    )
    reduce.add_argument(
        "--folder", metavar="FOLDER", help="where the images go (default: beside their sources)"
    )
    reduce.add_argument("--rgb", action="store_true", help="write RGB texels instead of palette indices")
    reduce.add_argument(
        "--force", action="store_true", help="also normal, bump, displacement and Raw textures"
    )

    cloud = commands.add_parser(
        "cloud", parents=[shared, saved, palette], help="add the cloud of the textures' colours"
    )
    cloud.add_argument(
        "--parts", nargs="+", choices=PARTS, default=PARTS, help="what to build (default: all)"
    )
    cloud.add_argument("--color-by", choices=COLOR_BY, default="source", help="(default: source)")
    cloud.add_argument(
        "--size", type=float, default=10.0, help="edge of the cube in scene units (default: 10)"
    )
    cloud.add_argument("--budget", type=int, default=100_000, help="how many points (default: 100000)")

    commands.add_parser("revert", parents=[shared, saved], help="bring the original textures back")
    commands.add_parser("list", parents=[shared], help="list the image nodes")
    return top


def _scene(path: str) -> str:
    if Path(path).suffix.lower() not in FILE_TYPES:
        raise argparse.ArgumentTypeError(f"a scene's name must end in .ma or .mb, got {path}")
    return path
