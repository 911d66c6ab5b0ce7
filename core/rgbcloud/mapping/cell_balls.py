"""Cells of stored numbers, and the balls in a working space that they lie within."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rgbcloud.color.spaces import ROOTS, SPACES

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.color.distance import DistanceSpace, StoredArray

LEVELS = 256
"""Levels of a channel."""

_MARGIN = 1 / 8  # of the palette's extent, on either side, that is divided evenly, too
_ROUNDING = 2.0**-20  # how far a rounded coordinate may be off, in three dimensions


class CellBalls:
    """Divides stored numbers into levels, three of which make a cell.

    Parameters
    ----------
    palette : ndarray of shape (k, 3)
        Stored values: half of the levels are spread as they are, the other half evenly.
    space : DistanceSpace
        Of the same dtype.
    """

    def __init__(self, palette: StoredArray, space: DistanceSpace) -> None:
        self._space = space
        lowest, highest = _ends_of_codes(np.dtype(space.dtype))
        with np.errstate(invalid="ignore", over="ignore"):  # some codes are no numbers
            finite = np.isfinite(lowest) & np.isfinite(highest)
            ends = [self._channel(numbers) for numbers in (lowest, highest)]
        low, high = (np.where(finite, end, 0) for end in (np.minimum(*ends), np.maximum(*ends)))
        self._levels = np.where(
            finite, _levels(self._even_channels(low), self._even_channels(self._channel(palette))), 0
        )
        self._levels = self._levels.astype(np.uint8)
        self._low, self._high = np.zeros((2, LEVELS))
        codes = np.flatnonzero(finite)
        codes = codes[np.argsort(self._levels[codes], kind="stable")]
        used, starts = np.unique(self._levels[codes], return_index=True)
        self._low[used] = np.minimum.reduceat(low[codes], starts)
        self._high[used] = np.maximum.reduceat(high[codes], starts)

    def _channel(self, numbers: StoredArray) -> FloatArray:
        return self._space.channels(numbers.reshape(-1, 1))[:, 0]

    def _even_channels(self, channel: FloatArray) -> FloatArray:
        """Return channels in which equal steps look about equal."""
        return np.cbrt(channel) if self._is_roots else channel

    @property
    def _is_roots(self) -> bool:
        return self._space.kind == "color" and not self._space.is_each

    def levels(self, values: StoredArray) -> UInt8Array:
        """Return the levels of stored values: ndarray of the same shape, uint8."""
        return self._levels.take(upper_codes(values))

    def coordinates(self, values: StoredArray) -> FloatArray:
        """Return working coordinates, from a table if there is one: ndarray of shape (n, 3), float64."""
        table = self._space.table()
        return self._space.coordinates(values) if table is None else table.take(values.view(np.uint16))

    def of(self, levels: UInt8Array) -> tuple[FloatArray, FloatArray]:
        """Return the balls around cells.

        Parameters
        ----------
        levels : ndarray of shape (n, 3), uint8

        Returns
        -------
        middles : ndarray of shape (n, 3), float64
        radii : ndarray of shape (n,), float64
            Working coordinates of all values of the cell are no farther from the middle.
        """
        low, high = self._low.take(levels), self._high.take(levels)
        middle, half = (low + high) / 2, (high - low) / 2
        if self._space.is_each:
            return middle, _length(half) + _ROUNDING
        if self._space.kind == "normal":
            return _normal_balls(middle, _length(half))
        unit = self._space.unit
        middles = SPACES[self._space.space].from_linear(middle) / unit
        return middles, self._root_radii(low, high) / unit + _ROUNDING

    def _root_radii(self, low: FloatArray, high: FloatArray) -> FloatArray:
        """Return how far from the middle of the light a box of light reaches in Oklab or CIELAB.

        Cones and their roots rise with the light, so that each root lies between those of the box's ends.
        Or, by the mean value theorem: as far as the slopes in the middle lead, and what slopes may differ.
        Where the first is nearer, the box is near black.
        """
        roots = ROOTS[self._space.space]
        cones = [light @ roots.to_cones.T for light in (low, (low + high) / 2, high)]
        ends = [roots.root(cone) for cone in cones]
        lengths = _length(roots.to_space.T)
        far = np.maximum(ends[2] - ends[1], ends[1] - ends[0]) @ lengths
        slopes = roots.slope(cones[0]), roots.slope(cones[2])
        least, most = np.minimum(*slopes), np.maximum(*slopes)
        most[cones[0] * cones[2] <= 0] = roots.steepest
        slope, off, half = (most + least) / 2, (most - least) / 2, (high - low) / 2
        rest = (off * (half @ roots.to_cones.T)) @ lengths
        red, green, blue = (
            (slope * roots.to_cones[:, channel] * half[:, channel, np.newaxis]) @ roots.to_space.T
            for channel in range(3)
        )
        corners = [red + green + blue, red + green - blue, red - green + blue, red - green - blue]
        reach = np.maximum.reduce([_length(corner) for corner in corners]) + rest
        radii: FloatArray = np.fmin(far, reach)
        return radii


def upper_codes(values: StoredArray) -> npt.NDArray[Any]:
    """Return the upper 16 bits of stored numbers, or all that they have: of the same shape."""
    if values.dtype.itemsize == 4:
        return (values.view(np.uint32) >> 16).astype(np.uint16)
    return values if values.dtype.itemsize == 1 else values.view(np.uint16)


def _normal_balls(middle: FloatArray, radius: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return balls around what balls of vectors are at length 1.

    Seen from the origin, a ball of radius r whose middle is m away is arcsin(r / m) wide to either side,
    whose chord is at most √2 r / m. Within the ball any direction may be.
    """
    length = _length(middle)
    outside = length > radius
    scale = np.where(outside, length, 1)
    middles = np.where(outside[:, np.newaxis], middle / scale[:, np.newaxis], [0.0, 0.0, 1.0])
    return middles, np.where(outside, np.sqrt(2) * radius / scale, 2) + _ROUNDING


def _length(vectors: FloatArray) -> FloatArray:
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]  # numpy is slow at summing three numbers
    length: FloatArray = np.sqrt(x * x + y * y + z * z)
    return length


def _levels(numbers: FloatArray, palette: FloatArray) -> npt.NDArray[np.int64]:
    """Return the level of each number."""
    palette = np.sort(palette)
    margin = max((palette[-1] - palette[0]) * _MARGIN, 1e-9)
    even = (numbers - palette[0] + margin) / (palette[-1] - palette[0] + 2 * margin)
    dense = np.interp(numbers, palette, np.linspace(0, 1, len(palette)))
    levels: npt.NDArray[np.int64] = ((even + dense) / 2 * LEVELS).clip(0, LEVELS - 1).astype(np.int64)
    return levels


def _ends_of_codes(dtype: np.dtype[Any]) -> tuple[StoredArray, StoredArray]:
    """Return the stored numbers that begin and end each code, in the order of codes."""
    if dtype.itemsize == 4:
        first = np.arange(1 << 16, dtype=np.uint32) << 16
        return first.view(dtype), (first | 0xFFFF).view(dtype)
    codes = np.arange(1 << 8 * dtype.itemsize, dtype=f"u{dtype.itemsize}")
    return codes.view(dtype), codes.view(dtype)
