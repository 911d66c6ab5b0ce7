"""One palette for a set, so that no seam shows.

Two neighbouring tiles, reduced one by one, get two palettes, and the sky changes its colour where they meet.
Counted together they get one. Histograms add up: a farm counts tiles anywhere, one task clusters the sum.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from rgbcloud import ColorHistogram, cluster, quantize
from sheets import photograph, sheet

COLORS = 8


def draw() -> Image.Image:
    """Return two tiles side by side: as they are, with a palette each, and with one for both."""
    pixels = photograph()
    tiles = np.array_split(pixels, 2, axis=1)
    alone = [quantize(tile, COLORS) for tile in tiles]
    left, right = (ColorHistogram.from_array(tile) for tile in tiles)
    shared = cluster(left + right, COLORS)
    pictures = {
        "two tiles": tiles,
        f"{COLORS} colours each": [one.palette.rebuild(one.indices) for one in alone],
        f"{COLORS} colours for both": [shared.rebuild(shared.remap(tile)) for tile in tiles],
    }
    return sheet({name: np.concatenate(parts, axis=1) for name, parts in pictures.items()})


if __name__ == "__main__":
    draw().save("shared_palette.png")
