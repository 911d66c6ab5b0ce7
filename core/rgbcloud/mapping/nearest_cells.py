"""The nearest palette value of millions of deep texels, each cell of the space decided once.

Stored numbers are put into 256 levels a channel, closer together where the palette is dense. A cell of three
levels lies within a ball in the working space. Where only one palette value can be nearest within the ball,
all texels of the cell have that label; where two can, a texel is on one side or the other of the plane
between them; the few others are compared with the whole palette. Every test is exact, so that labels are
those of `nearest_values`. Cells are decided when a texel first falls into them, and remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.color.codes import fill_codes, run_starts, to_colors
from rgbcloud.color.nearest import nearest_centers
from rgbcloud.mapping.cell_balls import LEVELS, CellBalls
from rgbcloud.threads import SingleThreadedPools, do_in_parallel, slices

if TYPE_CHECKING:
    from rgbcloud.color.codes import IntArray, UInt8Array
    from rgbcloud.color.distance import DistanceSpace, StoredArray

_SHARE = 1 << 17  # texels that a thread takes on at a time
_DISTANCES = 1 << 15  # computed at a time, which stay in a core's cache
_FEW = 1 << 20  # texels times palette values up to which cells do not pay
_ROUNDING = 1e-11  # of differences of squared distances
# What is known of a cell, as two labels in 16 bits: the same twice, the lower and the higher of two, or
_MANY = 0x0200  # more of them, which the higher label first says.
_UNKNOWN = 0x0100  # All are stored exclusive-or this, so that memory of zeros knows nothing.


class NearestCells:
    """Finds the nearest palette value of stored values, and remembers what it has found of their cells.

    Parameters
    ----------
    palette : ndarray of shape (k, 3)
        1 to 256 stored values, in any order.
    space : DistanceSpace
        Of the same dtype.
    """

    def __init__(self, palette: StoredArray, space: DistanceSpace) -> None:
        order = np.lexsort(palette.T[::-1])
        self._order = order.astype(np.uint8)
        self._space = space
        self._centers = space.coordinates(palette[order])
        self._balls = CellBalls(palette, space)
        squares = (self._centers**2).sum(axis=1)
        self._projection = np.vstack([-2 * self._centers.T, squares])
        self._apart = np.sqrt(((self._centers[:, np.newaxis] - self._centers) ** 2).sum(axis=2))
        # x·n + d > 0 where the second of a pair is nearer
        normals = 2 * (self._centers - self._centers[:, np.newaxis])
        offsets = squares[:, np.newaxis] - squares
        self._planes = np.concatenate([normals, offsets[..., np.newaxis]], axis=2).reshape(-1, 4)
        self._cells = np.zeros(LEVELS**3, np.uint16)

    def labels(self, values: StoredArray) -> UInt8Array:
        """Return which palette value is nearest to each value.

        Parameters
        ----------
        values : ndarray of shape (n, 3)
            Finite, of the space's dtype. May be called by several threads.

        Returns
        -------
        ndarray of shape (n,), uint8
            Indices into the palette; of equally near values the first by red, green, blue.
        """
        if len(self._centers) == 1:
            return np.zeros(len(values), np.uint8)
        if len(values) * len(self._centers) <= _FEW:
            return self._order.take(nearest_centers(self._space.coordinates(values), self._centers))
        labels = np.empty(len(values), np.uint8)

        def find(share: slice) -> None:
            labels[share] = self._order.take(self._find_places(np.ascontiguousarray(values[share])))

        with SingleThreadedPools():
            do_in_parallel(find, slices(len(values), _SHARE))
        return labels

    def _find_places(self, values: StoredArray) -> UInt8Array:
        """Return places among the palette's values as they are sorted."""
        cells = np.empty(len(values), np.int64)
        fill_codes(self._balls.levels(values), cells)
        known = self._cells.take(cells)
        new = np.flatnonzero(known == 0)
        if len(new):
            self._decide(_distinct(cells[new]))
            known[new] = self._cells.take(cells[new])
        known ^= _UNKNOWN
        first, second = (known >> 8).astype(np.uint8), known.astype(np.uint8)
        open_ = np.flatnonzero(first != second)
        if len(open_):
            first[open_] = self._nearer_places(values[open_], first[open_], second[open_])
        return first

    def _nearer_places(self, values: StoredArray, first: UInt8Array, second: UInt8Array) -> UInt8Array:
        """Return the nearer of two for each value, or the nearest of all."""
        coordinates = self._balls.coordinates(values)
        plane = self._planes.take(first.astype(np.intp) * len(self._centers) + second, axis=0, mode="clip")
        side = plane[:, 3]
        for axis in range(3):
            side += coordinates[:, axis] * plane[:, axis]
        labels = np.where(side > 0, second, first)
        many = np.flatnonzero(first > second)
        if len(many):
            labels[many] = nearest_centers(coordinates[many], self._centers)
        return labels

    def _decide(self, cells: IntArray) -> None:
        """Find which palette values can be nearest to a point of each cell.

        For x within r of the middle c, |x - p|² - |x - q|² is at least |c - p|² - |c - q|² - 2 r |p - q|.
        """
        for block in slices(len(cells), max(64, _DISTANCES // len(self._centers))):
            middles, radii = self._balls.of(to_colors(cells[block]))
            table = np.column_stack([middles, np.ones(len(middles))]) @ self._projection
            rows, nearest = np.arange(len(table)), table.argmin(axis=1)
            reach = self._apart.take(nearest, axis=0)
            reach *= 2 * radii[:, np.newaxis]
            reach += (table[rows, nearest] + _ROUNDING)[:, np.newaxis]
            near = table <= reach
            first, last = near.argmax(axis=1), near.shape[1] - 1 - near[:, ::-1].argmax(axis=1)
            near[rows, first] = near[rows, last] = False
            found = np.where(near.any(axis=1), _MANY, first << 8 | last)
            self._cells[cells[block]] = found ^ _UNKNOWN


def _distinct(cells: IntArray) -> IntArray:
    """Return each cell once; of 24 bits, numpy sorts them in a tenth of the time of `numpy.unique`."""
    ordered = np.sort(cells.astype(np.int32))
    return np.asarray(ordered[run_starts(ordered)], np.int64)
