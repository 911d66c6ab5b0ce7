"""Pixel art in one command: few texels, few colours, a pattern that mixes them, and edges that stay sharp.

    rgbcloud reduce china.jpg --max-size 96 --colors 12 --dither bayer --enlarge 5

The picture is made smaller in linear light before its colours are counted. Enlarged at last, without
a filter, each texel is a square of 25 of the same colour.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from rgbcloud import Recipe, reduce
from sheets import photograph, sheet


def draw() -> Image.Image:
    """Return a photograph, and it as pixel art of some palettes."""
    stream = io.BytesIO()
    Image.fromarray(photograph()).save(stream, "PNG")
    pictures = {"a photograph": photograph()}
    for colors, dither in ((12, "bayer"), (4, "bayer"), (12, "none")):
        recipe = Recipe.of(max_size=96, colors=colors, dither=dither, enlarge=5, kind="color")
        done = reduce(io.BytesIO(stream.getvalue()), recipe)
        with Image.open(io.BytesIO(done.data)) as picture:
            caption = f"{colors} colours, dither {dither}: {done.report.bytes_after:,} bytes"
            pictures[caption] = np.asarray(picture.convert("RGB"))
    return sheet(pictures, 2)


if __name__ == "__main__":
    draw().save("pixel_art.png")
