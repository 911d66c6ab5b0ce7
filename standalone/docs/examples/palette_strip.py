"""A palette for every frame of a sequence, with indices that stay.

A sun sets on a photograph. Each frame gets the 12 colours that suit it best; `like` keeps the order of the
frame before, so that index 5 is the same thing all the way, and a colour can be keyed like any channel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from rgbcloud import ColorHistogram, Palette, cluster, with_stable_indices
from sheets import photograph, sheet

if TYPE_CHECKING:
    from sheets import Pixels

FRAMES, COLORS = 32, 12


def sunset(frame: int) -> Pixels:
    """Return a frame: (H, W, 3), uint8."""
    part = frame / (FRAMES - 1)
    light = 1 - part * np.array([0.45, 0.7, 0.65])
    return (photograph(width=320) * light).astype(np.uint8)


def palettes() -> tuple[list[Palette], list[Palette]]:
    """Return the palettes of all frames as they are found, and with stable indices."""
    found = [cluster(ColorHistogram.from_array(sunset(frame)), COLORS) for frame in range(FRAMES)]
    stable = found[:1]
    for palette in found[1:]:
        stable.append(with_stable_indices(palette, stable[-1]))
    return found, stable


def draw() -> Image.Image:
    """Return strips: a column for each frame, a row for each index."""
    found, stable = palettes()

    def strip(rows: list[Palette]) -> Pixels:
        colors = np.stack([palette.colors for palette in rows], axis=1)
        return np.kron(colors, np.ones((18, 15, 1), np.uint8))

    ends = {"the first frame": sunset(0), "the last one": sunset(FRAMES - 1)}
    pictures = {name: np.asarray(Image.fromarray(frame).resize((480, 216))) for name, frame in ends.items()}
    return sheet({**pictures, "by size": strip(found), "with stable indices": strip(stable)}, 2)


if __name__ == "__main__":
    draw().save("palette_strip.png")
