"""What a cloud costs in Maya commands and in Python, and how long a UDIM set takes from node to node.

    python tests/benchmarks/maya_cloud.py
    mayapy tests/benchmarks/maya_cloud.py

Runs in the Maya that starts it, or on the stand-in, whose own time is counted apart: what remains is ours.
"""

from __future__ import annotations

import argparse
import functools
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import images
import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "maya_plugin" / "scripts"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, nargs="+", default=[1_000, 10_000, 100_000], metavar="N")
    parser.add_argument("--colors", type=int, default=16, metavar="K")
    parser.add_argument("--tile", type=int, default=4096, metavar="SIZE")
    arguments = parser.parse_args()
    commands = start_maya()
    with tempfile.TemporaryDirectory() as folder:
        clouds(Path(folder), arguments, commands)
        udim_set(Path(folder), arguments, commands)


def start_maya() -> Commands:
    """Start Maya, or the stand-in where there is none."""
    sys.path.insert(0, str(SCRIPTS))
    try:
        import maya.standalone
    except ImportError:
        sys.path.insert(0, str(ROOT / "tests" / "maya_simulator"))
        import maya.standalone
    maya.standalone.initialize(name="python")
    return Commands()


class Commands:
    """Counts the calls of `maya.cmds`, and the time that is spent in them."""

    def __init__(self) -> None:
        from maya import cmds

        self.calls: Counter[str] = Counter()
        self.seconds = 0.0
        used = {
            name
            for file in (SCRIPTS / "rgbcloud_maya").glob("*.py")
            for name in re.findall(r"\bcmds\.(\w+)\(", file.read_text())
        }
        for name in used:
            setattr(cmds, name, self._counted(name, getattr(cmds, name)))

    def _counted(self, name, command):
        def run(*args, **flags):
            self.calls[name] += 1
            start = time.perf_counter()
            try:
                return command(*args, **flags)
            finally:
                self.seconds += time.perf_counter() - start

        return run

    def measure(self, function):
        """Return the number of commands, the seconds in them and the seconds outside of them."""
        self.calls.clear()
        self.seconds = 0.0
        start = time.perf_counter()
        function()
        total = time.perf_counter() - start
        return sum(self.calls.values()), self.seconds, total - self.seconds


def clouds(folder: Path, arguments: argparse.Namespace, commands: Commands) -> None:
    """Build, rebuild and recolour clouds of more and more points."""
    import rgbcloud_maya
    from rgbcloud import Recipe
    from rgbcloud_maya import CloudOptions

    pixels = np.random.default_rng(1).integers(0, 256, (1024, 1024, 3), np.uint8)
    path = folder / "colors.png"
    Image.fromarray(pixels).save(path)
    print(f"{'points':>8} {'operation':<22} {'commands':>8} {'in Maya s':>10} {'Python s':>9}")
    recipes = (Recipe.of(colors=arguments.colors), Recipe.of(colors=max(1, arguments.colors // 2)))
    for points in arguments.points:
        options = CloudOptions(budget=points)
        for name, recipe in zip(("build", "rebuild, half of K"), recipes):
            build = functools.partial(rgbcloud_maya.build_cloud, str(path), recipe, options)
            count, inside, outside = commands.measure(build)
            print(f"{points:>8,} {name:<22} {count:>8} {inside:>10.2f} {outside:>9.2f}")
        rgbcloud_maya.remove_cloud()


def udim_set(folder: Path, arguments: argparse.Namespace, commands: Commands) -> None:
    """Reduce a set of four tiles, again, and revert it."""
    from maya import cmds

    import rgbcloud_maya
    from rgbcloud import Recipe

    _, photograph = images.chosen("large")[0]
    base = images.enlarged(photograph, arguments.tile, arguments.tile)
    for number in range(4):
        Image.fromarray(np.rot90(base, number)).save(folder / f"wood.{1001 + number}.png", compress_level=1)
    node = cmds.shadingNode("file", asTexture=True, name="wood")
    cmds.setAttr(f"{node}.fileTextureName", str(folder / "wood.1001.png"), type="string")
    cmds.setAttr(f"{node}.uvTilingMode", 3)
    print(f"\nfour tiles of {arguments.tile} x {arguments.tile}")
    for name, function in (
        ("reduce, K = 64", lambda: rgbcloud_maya.reduce([node], Recipe.of(colors=64))),
        ("reduce, the same", lambda: rgbcloud_maya.reduce([node], Recipe.of(colors=64))),
        ("revert", lambda: rgbcloud_maya.revert([node])),
    ):
        count, inside, outside = commands.measure(function)
        print(f"{name:<31} {count:>8} {inside:>10.2f} {outside:>9.2f}")


if __name__ == "__main__":
    main()
