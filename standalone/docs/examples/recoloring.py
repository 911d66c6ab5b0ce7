"""Recolouring: one colour of a palette is written as another.

The flower is clustered as it is; what was found stays, and its oranges are written as blues. A palette file
of the recoloured version fits the original's indices, so both can be delivered as one index image.
"""

from __future__ import annotations

import colorsys

from PIL import Image

from rgbcloud import quantize
from sheets import photograph, sheet


def turn_hue(color: str, turn: float) -> str:
    """Return a colour, #rrggbb, with its hue turned by a part of the circle."""
    hue, light, colorfulness = colorsys.rgb_to_hls(*(int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    levels = colorsys.hls_to_rgb((hue + turn) % 1, light, colorfulness)
    return "#" + "".join(f"{round(255 * level):02x}" for level in levels)


def draw() -> Image.Image:
    """Return the flower, its 16 colours, and the same indices with its warm colours turned."""
    pixels = photograph("flower.jpg")
    found = quantize(pixels, 16)
    pictures = {"a photograph": pixels, "16 colours": found.palette.rebuild(found.indices)}
    warm = [color for color in found.palette.to_hex() if int(color[1:3], 16) > int(color[5:7], 16)]
    for name, turn in (("violet", 0.72), ("green", 0.28)):
        palette = found.palette.recolor((color, turn_hue(color, turn)) for color in warm)
        pictures[name] = palette.rebuild(found.indices)
    return sheet(pictures, 2)


if __name__ == "__main__":
    draw().save("recoloring.png")
