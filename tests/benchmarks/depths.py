"""What a texture of half floats takes, step by step, against its twin of 8 bits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import images
import numpy as np

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
