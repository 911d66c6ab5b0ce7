"""How results look to people: colour difference, FLIP and SSIMULACRA2, dithered and not, image by image.

References
----------
Andersson, P. et al. (2020), FLIP: a difference evaluator for alternating images, HPG '20: flip-evaluator.
Sneyers, J. (2022), SSIMULACRA 2, https://github.com/cloudinary/ssimulacra2: the package ssimulacra2.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import images
import numpy as np
import peers
from PIL import Image

import rgbcloud
from rgbcloud.color import delta_e_2000, srgb8_to

if TYPE_CHECKING:
    import argparse

Way = Callable[[np.ndarray, int], np.ndarray]
HIGHER_IS_BETTER = {"MSE": False, "CIEDE2000": False, "FLIP": False, "SSIMULACRA2": True}


def looks(arguments: argparse.Namespace) -> list[dict]:
    """Every way on every CQ100 photograph, and against libimagequant."""
    rows = []
    for name, pixels in images.chosen("small"):
        for colors in arguments.colors:
            for dithered in (False, True):
                for way, run in _ways(dithered).items():
                    row = {"image": name, "K": colors, "dithered": dithered, "peer": way}
                    row.update(_figures(pixels, run(pixels, colors)))
                    rows.append(row)
                    print(row, flush=True)
    found = summary(rows)
    for row in found:
        print(row)
    return found


def summary(rows: list[dict]) -> list[dict]:
    """Return how each way does against libimagequant: on which images it is worse, and the mean ratio."""
    keys = ("image", "K", "dithered")
    theirs = {tuple(row[key] for key in keys): row for row in rows if row["peer"] == "libimagequant"}
    groups: dict[tuple, list[tuple[dict, dict]]] = {}
    for row in rows:
        if row["peer"] != "libimagequant":
            pair = row, theirs[tuple(row[key] for key in keys)]
            groups.setdefault((row["K"], row["dithered"], row["peer"]), []).append(pair)
    found = []
    for (colors, dithered, peer), pairs in groups.items():
        for figure, higher in HIGHER_IS_BETTER.items():
            values = np.array([[side[figure] for side in pair] for pair in pairs])
            by = (values[:, 0] - values[:, 1]) * (1 if higher else -1)
            row = {"K": colors, "dithered": dithered, "peer": peer, "figure": figure}
            row.update({"better on": int((by > 0).sum()), "of": len(pairs)})
            row["worse on"] = " ".join(pair[0]["image"] for pair, gain in zip(pairs, by) if gain < 0)
            row["mean"] = float(values[:, 0].mean())
            row["libimagequant"] = float(values[:, 1].mean())
            # SSIMULACRA2 is 100 at best, and below 0 at times: of what is missing to 100 there is a ratio.
            lacks = [100 - row[side] if higher else row[side] for side in ("mean", "libimagequant")]
            row["to libimagequant"] = lacks[0] / lacks[1]
            found.append(row)
    return found


def _ways(dithered: bool) -> dict[str, Way]:
    dither = "floyd-steinberg" if dithered else "none"

    def ours(space: str) -> Way:
        def run(pixels: np.ndarray, colors: int) -> np.ndarray:
            found = rgbcloud.quantize(pixels, rgbcloud.Settings(colors, space=space, dither=dither))
            return found.palette.rebuild(found.indices)

        return run

    def libimagequant(pixels: np.ndarray, colors: int) -> np.ndarray:
        palette, indices = peers.imagequant(pixels, colors, 1.0 if dithered else 0.0)
        return palette[indices]

    ways = {"rgbcloud srgb": ours("srgb"), "rgbcloud oklab": ours("oklab"), "libimagequant": libimagequant}
    if shutil.which("pngquant"):
        ways["pngquant"] = lambda pixels, colors: _pngquant(pixels, colors, [] if dithered else ["--nofs"])
    return ways


def _pngquant(pixels: np.ndarray, colors: int, options: list[str]) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source.png"), Path(folder, "target.png")
        Image.fromarray(pixels).save(source, compress_level=1)
        command = ["pngquant", *options, "--force", "--output", target, str(colors), source]
        subprocess.run(command, check=True)
        with Image.open(target) as picture:
            return np.asarray(picture.convert("RGB"))


def _figures(before: np.ndarray, after: np.ndarray) -> dict[str, float]:
    import flip_evaluator  # optional
    import ssimulacra2  # optional

    flat = before.reshape(-1, 3), after.reshape(-1, 3)
    error = ((flat[0].astype(np.int32) - flat[1]) ** 2).sum(axis=1).mean()
    seen = delta_e_2000(*(srgb8_to("cielab", side) for side in flat)).mean()
    _, flip, _ = flip_evaluator.evaluate(
        *(np.float32(side / 255) for side in (before, after)), "LDR", applyMagma=False
    )
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder, f"{name}.png")) for name in ("before", "after")]
        for path, pixels in zip(paths, (before, after)):
            Image.fromarray(pixels).save(path, compress_level=1)
        similar = ssimulacra2.compute_ssimulacra2(*paths)
    return {"MSE": float(error), "CIEDE2000": float(seen), "FLIP": float(flip), "SSIMULACRA2": float(similar)}
