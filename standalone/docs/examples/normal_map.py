"""A normal map: directions, not colours.

A normal's three numbers are a direction on the sphere. Means of directions are shorter than 1, and distances
of colours mean nothing; with the kind `normal` clusters are made on the sphere and come out as unit vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from rgbcloud import Settings, quantize
from sheets import sheet

if TYPE_CHECKING:
    import numpy.typing as npt

    from sheets import Pixels

SIDE, COLORS = 320, 24


def waves() -> Pixels:
    """Return the normals of a rippled surface: (H, W, 3), uint8."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE - 0.5
    height = 0.05 * np.cos(40 * np.hypot(x, y)) + 0.03 * np.sin(25 * x + 9 * y)
    slopes = np.gradient(height, 1 / SIDE)
    normals = np.dstack([-slopes[1], -slopes[0], np.ones_like(x)])
    normals /= np.linalg.norm(normals, axis=2, keepdims=True)
    return np.rint((normals + 1) * 127.5).astype(np.uint8)


def directions(texels: Pixels) -> npt.NDArray[np.float64]:
    """Return the vectors that texels stand for, as long as they are."""
    return texels.astype(float) / 127.5 - 1


def draw() -> Image.Image:
    """Return the map, and what 24 values make of it as colours and as normals, with lengths and angles."""
    source = waves()
    pictures = {"a normal map": source}
    for kind in ("color", "normal"):
        found = quantize(source, Settings(COLORS, kind=kind))
        result = found.palette.rebuild(found.indices)
        one, other = directions(source), directions(result)
        lengths = np.linalg.norm(other, axis=2)
        cosines = (one * other).sum(axis=2) / np.linalg.norm(one, axis=2) / lengths
        angle = np.degrees(np.arccos(cosines.clip(-1, 1))).mean()
        pictures[f"as {kind}: {angle:.2f}° off, shortest {lengths.min():.3f}"] = result
    return sheet(pictures)


if __name__ == "__main__":
    draw().save("normal_map.png")
