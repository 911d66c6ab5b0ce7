"""What a hand does to a palette: recolour, merge, reorder. Each returns a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rgbcloud import Palette

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from rgbcloud.pixels import UInt8Array


def recolored(palette: Palette, index: int, color: Sequence[int]) -> Palette:
    """Return the palette with another colour, three ints in 0..255, at `index`."""
    colors = palette.colors.copy()
    colors[index] = color
    return Palette(colors, palette.populations, palette.inertia)


def merged(palette: Palette, indices: Collection[int]) -> Palette:
    """Return the palette with some colours become one: their mean by population, where the first one was."""
    chosen = sorted(indices)
    weights = palette.populations[chosen]
    if not weights.any():
        weights = np.ones(len(chosen))
    colors, populations = palette.colors.copy(), palette.populations.copy()
    colors[chosen[0]] = np.rint(np.average(palette.colors[chosen], axis=0, weights=weights))
    populations[chosen[0]] = palette.populations[chosen].sum()
    rest = chosen[1:]
    return Palette(np.delete(colors, rest, axis=0), np.delete(populations, rest), palette.inertia)


def moved(palette: Palette, index: int, to: int) -> Palette:
    """Return the palette with the colour at `index` taken out and put in again at `to`."""
    order = [other for other in range(len(palette)) if other != index]
    order.insert(to, index)
    return Palette(palette.colors[order], palette.populations[order], palette.inertia)


def closest(palette: Palette, color: UInt8Array) -> int:
    """Return the index of the palette colour that is nearest in RGB."""
    difference = palette.colors.astype(np.int64) - color
    return int((difference**2).sum(axis=1).argmin())
