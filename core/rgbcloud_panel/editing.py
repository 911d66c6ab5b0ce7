"""What a hand does to a palette: recolour, merge, reorder. Each returns a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud import Palette

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from rgbcloud.color.codes import UInt8Array


@dataclass(frozen=True)
class EditedPalette:
    """A palette that a hand has changed.

    Attributes
    ----------
    clusters : Palette
        Distinct colours: each texel belongs to the nearest of these.
    palette : Palette
        What texels of each cluster become; as many, in the same order.
    """

    clusters: Palette
    palette: Palette

    @classmethod
    def of(cls, palette: Palette) -> EditedPalette:
        """Return a palette as it is, each colour once."""
        distinct = _taken(palette, _first_places(palette))
        return cls(distinct, distinct)

    @property
    def recolored(self) -> tuple[tuple[str, str], ...]:
        """The clusters that become another colour, as `Settings.recolored` wants them."""
        pairs = zip(self.clusters.to_hex(), self.palette.to_hex())
        return tuple(pair for pair in pairs if pair[0] != pair[1])


def recolored(edited: EditedPalette, index: int, color: Sequence[int]) -> EditedPalette:
    """Let the texels of a cluster become another colour, three ints in 0..255; no texel changes clusters."""
    colors = edited.palette.colors.copy()
    colors[index] = color
    palette = edited.palette
    return EditedPalette(edited.clusters, Palette(colors, palette.populations, palette.inertia))


def merged(edited: EditedPalette, indices: Collection[int]) -> EditedPalette:
    """Make one colour of several: their mean by population, where the first one was."""
    chosen = sorted(indices)
    clusters, palette = _merged(edited.clusters, chosen), _merged(edited.palette, chosen)
    # The mean may be a colour that is there already: then the two are one cluster.
    first = _first_places(clusters)
    return EditedPalette(_taken(clusters, first), _taken(palette, first))


def moved(edited: EditedPalette, index: int, to: int) -> EditedPalette:
    """Take the colour at `index` out and put it in again at `to`."""
    order = [other for other in range(len(edited.palette)) if other != index]
    order.insert(to, index)
    return EditedPalette(_taken(edited.clusters, order), _taken(edited.palette, order))


def closest(palette: Palette, color: UInt8Array) -> int:
    """Return the index of the palette colour that is nearest in RGB."""
    difference = palette.colors.astype(np.int64) - color
    return int((difference**2).sum(axis=1).argmin())


def _first_places(palette: Palette) -> list[int]:
    """Return where each distinct colour stands first."""
    names = palette.to_hex()
    return [names.index(name) for name in dict.fromkeys(names)]


def _merged(palette: Palette, chosen: Sequence[int]) -> Palette:
    weights = palette.populations[list(chosen)]
    if not weights.any():
        weights = np.ones(len(chosen))
    colors, populations = palette.colors.copy(), palette.populations.copy()
    colors[chosen[0]] = np.rint(np.average(palette.colors[list(chosen)], axis=0, weights=weights))
    populations[chosen[0]] = palette.populations[list(chosen)].sum()
    rest = list(chosen[1:])
    return Palette(np.delete(colors, rest, axis=0), np.delete(populations, rest), palette.inertia)


def _taken(palette: Palette, order: Sequence[int]) -> Palette:
    return Palette(palette.colors[list(order)], palette.populations[list(order)], palette.inertia)
