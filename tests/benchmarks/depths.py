"""What half floats take, step by step, against their twin of 8 bits; what dithers take against Pillow's."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import images
import numpy as np
from PIL import Image as PillowImage
from processes import cpu_of, in_turn

import rgbcloud
from rgbcloud.clustering.cluster import clustering_of
from rgbcloud.color import srgb8_to_linear
from rgbcloud.images.image import Image
from rgbcloud.images.pillow.pillow_writing import PILLOW
from rgbcloud.mapping.mapping import map_texels

if TYPE_CHECKING:
    import argparse


def depths(arguments: argparse.Namespace) -> list[dict]:
    """Counting, clustering and mapping of 4K, in seconds of the processor; the best of some rounds counts."""
    _, photograph = images.chosen("large")[0]
    pixels = images.enlarged(photograph, 2160, 3840)
    grain = np.random.default_rng(0).uniform(0.998, 1.002, pixels.shape)
    twins = {"8 bits": pixels, "half": (srgb8_to_linear(pixels) * grain).astype(np.float16)}
    rows = []
    for colors in arguments.colors:
        for space in ("srgb", "oklab"):
            recipe = rgbcloud.Recipe.of(colors=colors, space=space)
            best: dict[tuple[str, str], float] = {}
            for _ in range(arguments.rounds):
                for depth, texels in twins.items():
                    for step, seconds in _steps(texels, recipe).items():
                        best[depth, step] = min(seconds, best.get((depth, step), np.inf))
            for step in ("count", "cluster", "map"):
                row = {"K": colors, "space": space, "step": step}
                row.update({f"{depth}, CPU seconds": best[depth, step] for depth in twins})
                row["half to 8 bits"] = best["half", step] / best["8 bits", step]
                rows.append(row)
                print(row, flush=True)
    return rows


def _steps(texels: np.ndarray, recipe: rgbcloud.Recipe) -> dict[str, float]:
    image = Image.of_array(texels, PILLOW)
    times = [time.process_time()]
    counts = rgbcloud.Counts.of(image)
    content = counts.content(recipe)
    times.append(time.process_time())
    palette, labels = clustering_of(counts.histogram, recipe.settings, content.space, content.kind)
    times.append(time.process_time())
    map_texels(image, palette.values, content, recipe.settings, counts.histogram, labels)
    times.append(time.process_time())
    return dict(zip(("count", "cluster", "map"), np.diff(times).tolist()))


def dithers(arguments: argparse.Namespace) -> list[dict]:
    """Floyd and Steinberg's dither of 4K to a palette, in seconds of the processor; the best counts."""
    _, photograph = images.chosen("large")[0]
    pixels = images.enlarged(photograph, 2160, 3840)
    image, picture = Image.of_array(pixels, PILLOW), PillowImage.fromarray(pixels)
    counts = rgbcloud.Counts.of(image)
    rows = []
    for colors in arguments.colors:
        found = rgbcloud.cluster(counts.histogram, colors)
        palette = PillowImage.new("P", (1, 1))
        palette.putpalette(found.colors.tobytes())
        ways = {"Pillow": lambda palette=palette: picture.quantize(palette=palette)}
        for order, serpentine in (("left to right", False), ("serpentine", True)):
            recipe = rgbcloud.Recipe.of(colors=colors, dither="floyd-steinberg", serpentine=serpentine)
            ways[order] = lambda recipe=recipe, values=found.values: map_texels(
                image, values, counts.content(recipe), recipe.settings, counts.histogram
            )
        spent = in_turn({name: lambda way=way: cpu_of(way) for name, way in ways.items()}, arguments.rounds)
        for order in list(ways)[1:]:
            row = {"K": colors, "order": order, "CPU seconds": spent[order]}
            rows.append({**row, "to Pillow": spent[order] / spent["Pillow"]})
            print(rows[-1], flush=True)
    return rows
