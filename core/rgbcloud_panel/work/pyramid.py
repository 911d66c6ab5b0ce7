"""An image in halves, quarters, eighths …: what a view that is smaller than the image shows quickly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from rgbcloud.color import UInt8Array

_SMALLEST = 256  # texels of the longer side, where halving ends


class Region(NamedTuple):
    """A rectangle of texels of one level, left and top included, right and bottom not."""

    level: int
    left: int
    top: int
    right: int
    bottom: int

    def of(self, levels: tuple[UInt8Array, ...]) -> UInt8Array:
        """Return the rectangle's texels, a view."""
        return levels[self.level][self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True, eq=False)
class Pyramid:
    """The levels of an image, each half as wide and high as the one before, rounded up."""

    levels: tuple[UInt8Array, ...]
    """Tuple of ndarray of shape (h, w, 3) or (h, w, 4), uint8: The first is the image itself."""

    @classmethod
    def of(cls, pixels: UInt8Array) -> Pyramid:
        """Make the pyramid of an image: every texel is the rounded mean of four."""
        levels = [pixels]
        while max(levels[-1].shape[:2]) > _SMALLEST:
            levels.append(_halve(levels[-1]))
        return cls(tuple(levels))

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height of the image."""
        height, width = self.levels[0].shape[:2]
        return width, height


def sample_indices(indices: UInt8Array, region: Region) -> UInt8Array:
    """Return the indices at the texels of a region of a coarser level: each the first of its square."""
    step = 1 << region.level
    rows = slice(region.top * step, region.bottom * step, step)
    columns = slice(region.left * step, region.right * step, step)
    return indices[rows, columns]


def _halve(pixels: UInt8Array) -> UInt8Array:
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    total = pixels[0::2, 0::2].astype(np.uint16)
    for corner in (pixels[0::2, 1::2], pixels[1::2, 0::2], pixels[1::2, 1::2]):
        total += corner
    total += 2
    total >>= 2
    return total.astype(np.uint8)
