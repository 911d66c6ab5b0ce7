"""Palette: the few colours that stand for all of a texture's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rgbcloud.color.codes import (
    CODES,
    UInt8Array,
    UInt32Array,
    as_rgb,
    check_texels,
    fill_codes,
    row_blocks,
    to_codes,
    to_colors,
    weight_sums,
)
from rgbcloud.color.display import from_srgb8, to_srgb8
from rgbcloud.color.distance import DistanceSpace, distance_space, nearest_values
from rgbcloud.color.nearest import nearest, squared_distances
from rgbcloud.counting.histogram import OPAQUE, ColorHistogram
from rgbcloud.errors import InvalidArgumentError, quote
from rgbcloud.fields import HEX_COLOR
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.settings import MAX_COLORS
from rgbcloud.threads import in_parallel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rgbcloud.color.codes import FloatArray, IntArray
    from rgbcloud.color.distance import AnySpace, StoredArray
    from rgbcloud.counting.value_histogram import Histogram
    from rgbcloud.settings import KindName

_BLOCK = 1 << 18  # texels remapped at a time


class Found(NamedTuple):
    """What a palette was found for.

    Attributes
    ----------
    values : ndarray of shape (k, 3)
        The colours as the images store them.
    space : DistanceSpace
        What these numbers mean, and where distances between them are taken.
    kind : {"color", "data", "normal", "labels"}
        What the images hold.
    """

    values: StoredArray
    space: DistanceSpace
    kind: KindName


class Palette:
    """1 to 256 colours in a fixed order, and what of a texture each one stands for. Immutable.

    A palette that `rgbcloud.cluster` returns is ordered by population, largest first, equal ones by
    red, green, blue. A palette made from colours keeps their order.

    Parameters
    ----------
    colors : array_like of shape (k, 3), uint8
        What a display shows: sRGB, 1 to 256 of them.
    populations : array_like of shape (k,), float, optional
        Texels that each colour stands for; zeros if left out.
    inertia : float, default 0
        Sum over all texels of the squared RGB distance (0 … 195,075) to their palette colour.
    found : Found, optional
        The colours as images store them, and what these hold, where the palette was found for images.
    notes : iterable of str, optional
        What a user should be told of how it was read, a sentence each.

    Raises
    ------
    InvalidArgumentError
        If there are no or too many colours, or the shapes or dtypes are others.

    Examples
    --------
    >>> palette = Palette.from_hex(["#000000", "#ff8000"])
    >>> palette
    <Palette of 2: #000000 #ff8000>
    >>> indices = palette.remap(np.array([[[250, 120, 9], [1, 2, 3]]], np.uint8))
    >>> indices.tolist(), palette.rebuild(indices).tolist()
    ([[1, 0]], [[[255, 128, 0], [0, 0, 0]]])
    """

    def __init__(
        self,
        colors: npt.ArrayLike,
        populations: npt.ArrayLike | None = None,
        inertia: float = 0.0,
        found: Found | None = None,
        notes: Iterable[str] = (),
    ) -> None:
        self.notes = tuple(notes)
        """What a user should be told of how it was read: a sentence each."""
        self.colors = np.array(colors)
        """ndarray of shape (k, 3), uint8."""
        if self.colors.dtype != np.uint8 or self.colors.ndim != 2 or self.colors.shape[1] != 3:
            raise InvalidArgumentError(
                "palette colours must be a uint8 array of shape (k, 3), "
                f"got {self.colors.dtype} of shape {self.colors.shape}"
            )
        if not 1 <= len(self.colors) <= MAX_COLORS:
            msg = f"a palette must have 1 to {MAX_COLORS} colours, got {len(self.colors)}"
            raise InvalidArgumentError(msg)
        self.populations: FloatArray = (
            np.zeros(len(self.colors)) if populations is None else np.array(populations, np.float64)
        )
        """ndarray of shape (k,), float64, texels."""
        if self.populations.shape != (len(self.colors),):
            raise InvalidArgumentError(
                f"populations must be {len(self.colors)} numbers, one per colour, "
                f"got the shape {self.populations.shape}"
            )
        self.inertia = float(inertia)
        self.found = found
        self.colors.flags.writeable = False
        self.populations.flags.writeable = False

    @classmethod
    def of_values(
        cls,
        values: StoredArray,
        space: DistanceSpace,
        kind: KindName,
        populations: npt.ArrayLike | None = None,
        inertia: float = 0.0,
    ) -> Palette:
        """Return the palette of values as images store them.

        Parameters
        ----------
        values : ndarray of shape (k, 3), of the space's dtype
        space : DistanceSpace
            What the values mean, and where distances to them are taken.
        kind : {"color", "data", "normal", "labels"}
            What the images hold.
        populations, inertia
            See the class.
        """
        found = Found(np.array(values), space, kind)
        found.values.flags.writeable = False
        return cls(to_srgb8(found.values, space.color_space), populations, inertia, found)

    def take(self, order: Sequence[int] | IntArray) -> Palette:
        """Return the colours at some indices, in the order of these, with their populations."""
        places = np.asarray(order, np.intp)
        found = self.found and self.found._replace(values=self.found.values[places])
        return Palette(self.colors[places], self.populations[places], self.inertia, found)

    def values_in(self, space: DistanceSpace) -> StoredArray:
        """Return the colours as images store them: ndarray of shape (k, 3), of the space's dtype.

        Those that the palette was found with, where images of the same type hold the same; otherwise what a
        display shows, converted.
        """
        known = self.found and self.found.space
        if known and (known.dtype, known.color_space) == (space.dtype, space.color_space):
            return self.values
        return stored_in(self.colors, space)

    @classmethod
    def from_hex(cls, colors: Iterable[str]) -> Palette:
        """Make a palette of strings like ``"#ff8000"`` or ``"ff8000"``, in their order.

        Raises
        ------
        InvalidArgumentError
            If a string is no such colour, or there are none or more than 256.
        """
        return cls(hex_to_colors(colors))

    def to_hex(self) -> list[str]:
        """Return the colours as strings like ``"#ff8000"``, in order."""
        return [f"#{code:06x}" for code in to_codes(self.colors)]

    @property
    def values(self) -> StoredArray:
        """The colours as the images store them that the palette was found for; of no image `colors`."""
        return self.colors if self.found is None else self.found.values

    @property
    def shares(self) -> FloatArray:
        """The part of all texels that each colour stands for: shape (k,), in [0, 1], sum 1 (or 0)."""
        return self.populations / (self.populations.sum() or 1.0)

    def measure_on(self, histogram: ColorHistogram) -> Palette:
        """Return this palette, in its order, with the populations and inertia that `histogram` gives it."""
        space, kind = (self.found.space, self.found.kind) if self.found else (DistanceSpace(), "color")
        values = self.values_in(space)
        return measure_palette(
            values, histogram, nearest_in_space(histogram.values, values, space), space, kind
        )

    def recolor(self, pairs: Iterable[tuple[str, str]]) -> Palette:
        """Return this palette with some colours exchanged for others, each in its place.

        Parameters
        ----------
        pairs : iterable of (str, str)
            As in `Settings.recolored`.

        Raises
        ------
        InvalidArgumentError
            If the first of a pair is not in this palette, or images do not hold the numbers of the second.
        """
        space = self.found.space if self.found else DistanceSpace()
        colors, values = self.colors.copy(), self.values.copy()
        for before, after in pairs:
            old = hex_to_colors([before])
            new, stored = _written(before, after, space, self.values.dtype)
            places = (self.colors == old).all(axis=1)
            # What is locked may be shown as a neighbour, as the file has no number for it.
            places |= (self.values == stored_in(old, space)).all(axis=1)
            if not places.any():
                names = self.to_hex()
                shown = " ".join(names[:8]) + (" …" if len(names) > 8 else "")
                msg = f"{before}, which shall become {after}, is not in the palette, {shown}"
                raise InvalidArgumentError(f"{msg}; recolour one of these, or lock {before} too")
            colors[places], values[places] = new, stored
        return Palette(
            colors, self.populations, self.inertia, self.found and self.found._replace(values=values)
        )

    def remap(
        self, pixels: npt.ArrayLike, *, space: AnySpace = "srgb", progress: Progress = silent
    ) -> UInt8Array:
        """Return the index of the nearest palette colour of every texel.

        Parameters
        ----------
        pixels : array_like of shape (H, W), (H, W, 3) or (H, W, 4), uint8
            Grey, RGB or RGBA; alpha is not looked at.
        space : {"srgb", "linear", "oklab", "cielab"} or DistanceSpace
            What distances are taken in.
        progress : Progress
            Told from time to time.

        Returns
        -------
        ndarray of shape (H, W), uint8
            Exact: no other palette colour is nearer in the space; of equals the first by red, green, blue.

        Raises
        ------
        InvalidArgumentError
            If `pixels` has another shape or dtype, or no texel, or there is no such space.

        Notes
        -----
        The distinct colours are found first, each one is searched for once, and the answers stand in a
        table of 2**24 entries (16 MB) that the texels look them up in.
        """
        array = as_rgb(check_texels(pixels))
        distinct = ColorHistogram.from_array(array[..., :3], progress=portion(progress, 0.0, 0.6))
        labels = nearest_in_space(distinct.colors, self.colors, distance_space(space))
        return look_up(array, index_table(distinct.codes, labels), progress=portion(progress, 0.6, 1.0))

    def rebuild(self, indices: npt.ArrayLike) -> UInt8Array:
        """Return the colours that indices stand for.

        Parameters
        ----------
        indices : array_like of any shape, integer in [0, k)

        Returns
        -------
        ndarray of shape (..., 3), uint8

        Raises
        ------
        InvalidArgumentError
            If an index is not in the palette.
        """
        array = np.asarray(indices)
        if not np.issubdtype(array.dtype, np.integer):
            raise InvalidArgumentError(f"indices must be integers, got {array.dtype}")
        if array.size and not (array.min() >= 0 and array.max() < len(self)):
            raise InvalidArgumentError(
                f"indices must be in 0..{len(self) - 1}, got {array.min()}..{array.max()}; "
                "they belong to another palette"
            )
        return self.colors.take(array, axis=0)

    def __len__(self) -> int:
        return len(self.colors)

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same colours in the same order, whatever they were measured on."""
        if not isinstance(other, Palette):
            return NotImplemented
        same = np.array_equal(self.colors, other.colors)
        return same and np.array_equal(self.values, other.values)

    def __hash__(self) -> int:
        return hash(self.colors.tobytes())

    def __repr__(self) -> str:
        shown = " ".join(self.to_hex()[:8]) + (" …" if len(self) > 8 else "")
        return f"<Palette of {len(self)}: {shown}>"


def hex_to_colors(colors: Iterable[str]) -> UInt8Array:
    """Return the colours of strings like ``"#ff8000"`` or ``"ff8000"``: ndarray of shape (n, 3), uint8.

    Raises
    ------
    InvalidArgumentError
        If a string is no such colour.
    """
    codes = []
    for color in colors:
        match = HEX_COLOR.fullmatch(color.strip())
        if not match:
            msg = f"a colour must be six hexadecimal digits such as #ff8000, got {quote(color)}"
            raise InvalidArgumentError(msg)
        codes.append(int(match[1], 16))
    return to_colors(np.array(codes, np.uint32))


def _written(
    before: str, after: str, space: DistanceSpace, dtype: np.dtype[Any]
) -> tuple[UInt8Array, StoredArray]:
    """Return a colour of `Settings.recolored` as a display shows it, and as images store it: (1, 3) both."""
    if HEX_COLOR.fullmatch(after.strip()):
        color = hex_to_colors([after])
        return color, stored_in(color, space)
    numbers = np.array([after.split()], np.float64)
    held: np.iinfo[Any] | np.finfo[Any] = np.iinfo(dtype) if dtype.kind == "u" else np.finfo(dtype)
    is_held = bool((numbers >= float(held.min)).all() and (numbers <= float(held.max)).all())
    if not is_held or (dtype.kind == "u" and (numbers % 1).any()):
        what = (
            f"whole numbers up to {held.max}" if dtype.kind == "u" else f"numbers up to {float(held.max):g}"
        )
        msg = f"{before} shall become {after}, but its images hold {what}; give three of these, or #rrggbb"
        raise InvalidArgumentError(msg)
    stored = numbers.astype(dtype)
    return to_srgb8(stored, space.color_space), stored


def stored_in(colors: UInt8Array, space: DistanceSpace) -> StoredArray:
    """Return 8-bit sRGB colours as images of a space store them: ndarray of shape (n, 3)."""
    return from_srgb8(colors, space.color_space, space.dtype)


def nearest_in_space(values: StoredArray, palette: StoredArray, space: DistanceSpace) -> UInt8Array:
    """Return which palette value is nearest to each value in a space: ndarray of shape (n,)."""
    if space.is_stored:
        return nearest(values, palette)
    return nearest_values(values, palette, space)


def measure_palette(
    values: StoredArray, histogram: Histogram, labels: UInt8Array, space: DistanceSpace, kind: KindName
) -> Palette:
    """Return the palette of some values, measured on a histogram.

    Parameters
    ----------
    values : ndarray of shape (k, 3), of the space's dtype
    histogram : ColorHistogram or ValueHistogram
        Of n distinct values.
    labels : ndarray of shape (n,), uint8
        The palette index of each of them.
    space : DistanceSpace
    kind : {"color", "data", "normal", "labels"}

    Returns
    -------
    Palette
        Of 8-bit images sums are made of integers: the same on every machine.
    """
    coverage = histogram.coverage
    populations = weight_sums(labels, coverage.astype(np.float64), len(values)) / OPAQUE
    errors = squared_errors(histogram.values, values, labels, space, is_kept=True)
    return Palette.of_values(values, space, kind, populations, (errors * coverage).sum() / OPAQUE)


def squared_errors(
    before: StoredArray,
    palette: StoredArray,
    labels: UInt8Array,
    space: DistanceSpace,
    *,
    is_kept: bool = False,
) -> npt.NDArray[Any]:
    """Return squared distances in levels of 8-bit sRGB, not rounded, as reports have them: shape (n,).

    Of 8-bit sRGB they are int32. Brighter than white counts, too. If told so, what the values `before` are
    there is kept, as `DistanceSpace.kept_coordinates` does.
    """
    if space.is_srgb8:
        return squared_distances(before, palette, labels)
    seen = DistanceSpace("srgb", color_space=space.color_space, dtype=space.dtype)
    there = seen.kept_coordinates(before) if is_kept else seen.coordinates(before)
    return squared_distances(there, seen.coordinates(palette), labels) * 255.0**2


def index_table(codes: UInt32Array, labels: UInt8Array) -> UInt8Array:
    """Return a table of 2**24 entries that holds `labels` at `codes`, and anything elsewhere."""
    table = np.empty(CODES, np.uint8)
    table[codes] = labels
    return table


def look_up(array: UInt8Array, table: UInt8Array, *, progress: Progress = silent) -> UInt8Array:
    """Return the table's entry for every texel.

    Parameters
    ----------
    array : ndarray of shape (H, W, 3) or (H, W, 4), uint8
    table : ndarray of shape (2**24,), uint8
    progress : Progress
        Told after each block.

    Returns
    -------
    ndarray of shape (H, W), uint8
    """
    result = np.empty(array.shape[:2], np.uint8)

    def look_up_rows(rows: slice) -> None:
        codes = np.empty(result[rows].shape, np.int64)  # what numpy indexes with
        fill_codes(array[rows], codes)
        table.take(codes, out=result[rows], mode="wrap")  # "raise" would go through a copy

    blocks = row_blocks(array, _BLOCK)
    for done, _ in enumerate(in_parallel(look_up_rows, blocks), start=1):
        progress(done / len(blocks), "finding nearest colours")
    return result
