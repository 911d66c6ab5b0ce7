"""How much faster a batch is on two cores than on one, and a set of four tiles than one tile four times.

``python tests/benchmarks/batch.py`` makes its images in a temporary folder: 200 of one megapixel, four of
4096 x 4096; ``--images 40`` is quicker. It runs the command line, start-up and all.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_images

from rgbcloud import Output, Recipe, Texture, reduce_texture


def textures(folder: Path, names: list[str], size: int) -> None:
    """Write photographs, each one shifted, scaled and grained in its own way."""
    folder.mkdir()
    photos = [Image.fromarray(pixels) for pixels in load_sample_images().images]
    for number, name in enumerate(names):
        random = np.random.default_rng(number)
        picture = np.asarray(photos[number % 2].rotate(number).resize((size, size), Image.Resampling.BICUBIC))
        grained = np.clip(picture.astype(np.int16) + random.integers(-3, 4, picture.shape), 0, 255)
        Image.fromarray(grained.astype(np.uint8)).save(folder / name, compress_level=1)


def timed(action) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def command(folder: Path, target: Path, threads: int) -> None:
    options = ["--recursive", "--colors", "16", "--threads", str(threads), "--output-dir", str(target)]
    subprocess.run(
        [sys.executable, "-m", "rgbcloud_app", "reduce", str(folder), *options],
        check=True,
        capture_output=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=200)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        textures(root / "many", [f"t{number:03}.png" for number in range(arguments.images)], 1024)
        one, two = (
            timed(lambda threads=threads: command(root / "many", root / f"on{threads}", threads))
            for threads in (1, 2)
        )
        same = all(
            (root / "on1" / path.name).read_bytes() == path.read_bytes() for path in (root / "on2").iterdir()
        )
        print(f"{arguments.images} x 1 megapixel: {one:.1f} s on one core, {two:.1f} s on two")
        print(f"two cores are {one / two:.2f} times as fast")
        print(f"the same bytes: {same}")
        textures(root / "set", [f"wood.{tile}.png" for tile in range(1001, 1005)], 4096)
        recipe, output = Recipe.of(colors=64), Output(overwrite=True)
        tile, four = (
            timed(lambda name=name: reduce_texture(Texture.find(root / "set" / name), recipe, output))
            for name in ("wood.1001.png", "wood.<UDIM>.png")
        )
        print(
            f"4 tiles of 4096 x 4096, K = 64: {four:.1f} s, one alone {tile:.1f} s: {four / tile:.2f} times"
        )


main()
