"""A palette that a hand has changed, and what a hand does to it: recolour, merge, reorder, lock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from rgbcloud import DistanceSpace, InvalidArgumentError, Palette
from rgbcloud.color import srgb8_to, to_srgb8

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from rgbcloud.color import UInt8Array


_GREY = 5.0  # CIELAB's chroma below which a colour is taken for grey


@dataclass(frozen=True)
class EditedPalette:
    """Clusters, and what texels of each of them become."""

    clusters: Palette  # each texel belongs to the nearest of these
    recolored: tuple[tuple[str, str], ...] = ()
    """Clusters that become another colour; see `rgbcloud.Settings`."""
    locked: tuple[str, ...] = ()  # clusters that stay as they are when others are looked for
    is_made: bool = False
    """Whether the clusters were loaded, merged or reordered, so that no clustering leads to them."""

    @cached_property
    def palette(self) -> Palette:
        """What texels of each cluster become; as many colours, in the same order."""
        return self.clusters.recolor(self.recolored)

    @property
    def kept(self) -> tuple[str, ...]:
        """The clusters that are locked or recoloured, in the palette's order, each once."""
        kept = {*self.locked, *dict(self.recolored)}
        return tuple(dict.fromkeys(name for name in self.clusters.to_hex() if name in kept))

    def check_can_cluster(self) -> None:
        """Raise `InvalidArgumentError` if a clustering could not keep what is to be kept.

        It knows such colours by their hex names.
        """
        kept = self.kept
        for index, name in enumerate(self.clusters.to_hex()):
            problem = beyond_display(self.clusters, index) if name in kept else ""
            if problem:
                msg = f"{problem}, and cannot stay as it is when colours are looked for anew"
                raise InvalidArgumentError(f"{msg}; unlock it (L) or undo its change first")

    @property
    def locked_indices(self) -> frozenset[int]:
        """Where the locked clusters are."""
        if not self.locked:
            return frozenset()
        return frozenset(index for index, name in enumerate(self.clusters.to_hex()) if name in self.locked)

    def recolor(self, index: int, color: Sequence[int]) -> EditedPalette:
        """Return it with another colour for a cluster, three ints in 0..255; no texel changes clusters."""
        return self._write(index, "#{:02x}{:02x}{:02x}".format(*color))

    def recolor_stored(self, index: int, numbers: Sequence[float]) -> EditedPalette:
        """Return it with another colour for a cluster, in the numbers that the images store."""
        return self._write(index, " ".join(f"{number:.9g}" for number in numbers))

    def _write(self, index: int, after: str) -> EditedPalette:
        clusters = _told_apart(self.clusters, index)
        name = clusters.to_hex()[index]
        pairs = {**dict(self.recolored), name: after}
        recolored = tuple(pair for pair in pairs.items() if pair[0] != pair[1])
        return replace(self, clusters=clusters, recolored=recolored)

    def lock(self, indices: Collection[int]) -> EditedPalette:
        """Return it with some clusters locked, or unlocked if all of them are locked."""
        clusters = self.clusters
        for index in indices:
            clusters = _told_apart(clusters, index)
        names = clusters.to_hex()
        chosen = dict.fromkeys(names[index] for index in sorted(indices))
        locked = tuple(name for name in self.locked if name not in chosen)
        if not chosen.keys() <= set(self.locked):
            locked = tuple(dict.fromkeys((*self.locked, *chosen)))
        return replace(self, clusters=clusters, locked=locked)

    def move(self, index: int, to: int) -> EditedPalette:
        """Return it with the colour at `index` taken out and put in again at `to`."""
        order = [other for other in range(len(self.clusters)) if other != index]
        order.insert(to, index)
        return replace(self, clusters=self.clusters.take(order), is_made=True)

    def take(self, order: Sequence[int]) -> EditedPalette:
        """Return it with all colours in another order."""
        return replace(self, clusters=self.clusters.take(list(order)), is_made=True)

    def merge(self, indices: Collection[int]) -> EditedPalette:
        """Return it with one colour instead of several: their mean by population, where the first one was."""
        names, chosen = self.clusters.to_hex(), sorted(indices)
        clusters = _merge_colors(self.clusters, chosen)
        left = clusters.to_hex()
        pairs = {before: after for before, after in self.recolored if before in left}
        if not dict(self.recolored).keys().isdisjoint(names[index] for index in chosen):
            pairs[left[chosen[0]]] = _merge_colors(self.palette, chosen).to_hex()[chosen[0]]
        locked = tuple(name for name in self.locked if name in left)
        return EditedPalette(clusters, tuple(pairs.items()), locked, is_made=True)


def beyond_display(palette: Palette, index: int) -> str:
    """Return what a display does not show of a colour, and no hex name says; empty if it is all there."""
    value, color_space = (
        palette.values[index],
        None if palette.found is None else palette.found.space.color_space,
    )
    if color_space is None or not np.issubdtype(value.dtype, np.floating):
        return ""
    # White itself, a little darker, is shown as less than 255.
    is_above = bool((to_srgb8(value[np.newaxis] * value.dtype.type(0.98), color_space) == 255).any())
    if not is_above and value.min() >= -0.01:
        return ""
    numbers = ", ".join(f"{number:.3g}" for number in value)
    return f"colour {index + 1} ({numbers}) is {'brighter than white' if is_above else 'below black'}"


SortedBy = Literal["share", "hue", "lightness"]


def order_of(palette: Palette, by: SortedBy) -> list[int]:
    """Return the indices of colours, sorted: the largest share, the first hue or the darkest colour first.

    Greys, which have no hue to speak of, stand after all others, dark ones first.
    """
    if by == "share":
        keys = [(-float(population), 0.0) for population in palette.populations]
    else:
        lab = srgb8_to("cielab", palette.colors)
        lightness, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
        hue = np.arctan2(lab[:, 2], lab[:, 1]) % (2 * np.pi)
        hue[chroma < _GREY] = 2 * np.pi
        first = lightness if by == "lightness" else hue
        keys = list(zip(first.tolist(), lightness.tolist()))
    return sorted(range(len(palette)), key=keys.__getitem__)


def moved_place(index: int, moved: int, to: int) -> int:
    """Return where a colour is after another one, or it, was moved."""
    if index == moved:
        return to
    without = index - int(index > moved)
    return without + int(without >= to)


def merged_place(index: int, merged: Collection[int]) -> int:
    """Return where a colour is after some were merged."""
    first, *rest = sorted(merged)
    return first if index in merged else index - sum(other < index for other in rest)


def closest(palette: Palette, color: UInt8Array) -> int:
    """Return the index of the palette colour that is nearest in RGB."""
    difference = palette.colors.astype(np.int64) - color
    return int((difference**2).sum(axis=1).argmin())


def find_same_color(before: Palette, after: Palette, index: int) -> int:
    """Return which colour of another palette stands for one of this: the same where they are the same."""
    if np.array_equal(before.colors, after.colors) or np.array_equal(before.values, after.values):
        return index
    return closest(after, before.colors[index])


def _told_apart(palette: Palette, index: int) -> Palette:
    """Return a palette whose colour at `index` has a name of its own.

    Numbers that are brighter than white all look the same. What stands for the stored number is then shown
    by some levels of blue less; the number itself stays.
    """
    same = np.flatnonzero((palette.colors == palette.colors[index]).all(axis=1))
    if (palette.values[same] == palette.values[index]).all():
        return palette
    colors, names = palette.colors.copy(), set(palette.to_hex())
    while "#{:02x}{:02x}{:02x}".format(*colors[index]) in names:
        colors[index, 2] = (int(colors[index, 2]) - 1) % 256
    return Palette(colors, palette.populations, palette.inertia, palette.found)


def _merge_colors(palette: Palette, chosen: Sequence[int]) -> Palette:
    """Return a palette with the mean of some colours, in the space it was found in, for all of them."""
    first, rest, found = chosen[0], list(chosen[1:]), palette.found
    space = DistanceSpace() if found is None else found.space
    weights = palette.populations[list(chosen)]
    if not weights.any():
        weights = np.ones(len(chosen))
    colors, values, populations = palette.colors.copy(), palette.values.copy(), palette.populations.copy()
    mean = np.average(space.coordinates(values[list(chosen)]), axis=0, weights=weights)
    values[first] = space.values(mean[np.newaxis])[0]
    colors[first] = to_srgb8(values[[first]], space.color_space)[0]
    populations[first] = palette.populations[list(chosen)].sum()
    colors, values = np.delete(colors, rest, axis=0), np.delete(values, rest, axis=0)
    kept = found and found._replace(values=values)
    return Palette(colors, np.delete(populations, rest), palette.inertia, kept)
