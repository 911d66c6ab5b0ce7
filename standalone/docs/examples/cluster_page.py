"""A page of clusters: where in the picture each one is.

The nine clusters of a photograph, one after the other; the rest of the picture is greyed out. That is what
selecting a swatch does in the panel, and a quick way to masks: the index image is one already.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from rgbcloud import quantize
from sheets import photograph, sheet

CLUSTERS = 9


def draw() -> Image.Image:
    """Return a picture for each cluster, the largest first."""
    pixels = photograph(width=400)
    found = quantize(pixels, CLUSTERS)
    grey = pixels.mean(axis=2, keepdims=True).repeat(3, axis=2) * 0.25 + 40
    pictures = {}
    for index, (color, share) in enumerate(zip(found.palette.to_hex(), found.palette.shares)):
        inside = (found.indices == index)[..., None]
        pictures[f"{color}: {share:.0%}"] = np.where(inside, pixels, grey).astype(np.uint8)
    return sheet(pictures)


if __name__ == "__main__":
    draw().save("cluster_page.png")
