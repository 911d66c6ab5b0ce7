"""A ramp in eight colours: what dithering does, and what it costs.

Where colours change slowly, few of them make steps. Dithering trades steps for grain: seen from afar it is
right on average. Its strength can be chosen, and a PNG of it compresses less well.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from rgbcloud import Recipe, reduce
from sheets import sheet

if TYPE_CHECKING:
    from sheets import Pixels

HEIGHT, WIDTH, COLORS = 120, 480, 8


def evening() -> Pixels:
    """Return an evening sky that goes over from dark blue by orange to yellow: (H, W, 3), uint8."""
    stops = np.array([[20, 26, 70], [96, 60, 120], [226, 100, 70], [250, 190, 90], [255, 236, 190]])
    where = np.linspace(0, len(stops) - 1, WIDTH)
    row = np.stack([np.interp(where, range(len(stops)), channel) for channel in stops.T], axis=1)
    return np.broadcast_to(np.rint(row).astype(np.uint8), (HEIGHT, WIDTH, 3)).copy()


def draw() -> Image.Image:
    """Return the ramp, and its eight colours with every way of dithering, each with the bytes it takes."""
    stream = io.BytesIO()
    Image.fromarray(evening()).save(stream, "PNG")
    pictures = {f"a ramp of {len(np.unique(evening()[0], axis=0))} colours": evening()}
    for dither in ("none", "floyd-steinberg", "bayer", "blue-noise"):
        done = reduce(io.BytesIO(stream.getvalue()), Recipe.of(colors=COLORS, dither=dither, kind="color"))
        pictures[f"{dither}: {done.report.bytes_after:,} bytes"] = done.to_display()[..., :3]
    half = Recipe.of(colors=COLORS, dither="blue-noise", dither_strength=0.5, kind="color")
    done = reduce(io.BytesIO(stream.getvalue()), half)
    pictures[f"blue-noise, strength 0.5: {done.report.bytes_after:,} bytes"] = done.to_display()[..., :3]
    return sheet(pictures, 2)


if __name__ == "__main__":
    draw().save("ramp.png")
