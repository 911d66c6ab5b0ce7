"""An ID map: labels are numbers, not colours, and never blend.

Whoever averages the labels 3 and 5 gets 4, which is somebody else's. With the kind `labels` every texel comes
out as a number that went in; where there are fewer colours than labels, the frequent ones stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from rgbcloud import Settings, quantize
from sheets import sheet

if TYPE_CHECKING:
    from sheets import Pixels

LABELS, SIDE = 40, 300


def labels() -> Pixels:
    """Return cells with an ID each: (H, W, 3), uint8."""
    random = np.random.default_rng(5)
    seeds = random.uniform(0, SIDE, (LABELS, 2))
    ids = random.integers(0, 256, (LABELS, 3), dtype=np.uint8)
    grid = np.moveaxis(np.indices((SIDE, SIDE)), 0, 2)
    distances = np.linalg.norm(grid[:, :, None] - seeds, axis=3) + random.uniform(0, 60, LABELS)
    nearest: Pixels = ids[distances.argmin(axis=2)]
    return nearest


def foreign(before: Pixels, after: Pixels) -> int:
    """Return how many different texel values of a result were in no source."""
    known, made = ({tuple(color) for color in image.reshape(-1, 3).tolist()} for image in (before, after))
    return len(made - known)


def draw() -> Image.Image:
    """Return the map, and what 16 values make of it as colours and as labels."""
    source = labels()
    pictures = {f"{len(np.unique(source.reshape(-1, 3), axis=0))} labels": source}
    for kind in ("color", "labels"):
        found = quantize(source, Settings(16, kind=kind))
        result = found.palette.rebuild(found.indices)
        pictures[f"16 as {kind}: {foreign(source, result)} foreign values"] = result
    return sheet(pictures)


if __name__ == "__main__":
    draw().save("id_map.png")
