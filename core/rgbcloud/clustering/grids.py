"""Weighted points at the resolutions that clustering works on, coarse to fine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from rgbcloud.clustering.lloyd import MIDDLE, Points
from rgbcloud.color.codes import weight_sums
from rgbcloud.threads import in_parallel

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, IntArray

_COARSEST = 8  # halvings of the cube
_COUNTED = 18  # the finest grid that is small whatever the texture: 64 cells a side
_FINEST = 22
_SPARSE = 3  # cells for every colour


class _Grid(NamedTuple):
    """The occupied cells of the cube after it was halved `depth` times, across green, red, blue in turn."""

    depth: int
    cells: IntArray  # (m,), ascending: a bit for each halving, the first one highest
    sums: FloatArray  # (4, m): weight, and moments of red, green, blue, in levels from the middle


class Pyramid:
    """Grids of weighted points, made when they are asked for.

    Parameters
    ----------
    cells : ndarray of shape (n, 3), uint8
        The whole levels that the points lie at, or just above.
    weights : ndarray of shape (n,), float64
    levels : ndarray of shape (n, 3), float64, optional
        Where they lie exactly, from the middle of the cube; at whole levels if left out.
    """

    def __init__(
        self, cells: npt.NDArray[np.uint8], weights: FloatArray, levels: FloatArray | None = None
    ) -> None:
        self._cells = cells
        self._levels = levels
        self._weights = weights
        self._grids: dict[int, _Grid] = {}

    @classmethod
    def of_levels(cls, levels: FloatArray, weights: FloatArray) -> Pyramid:
        """Make one of points that lie between the whole levels.

        Parameters
        ----------
        levels : ndarray of shape (n, 3), float64
            From the middle of the cube, in [-127, 127].
        weights : ndarray of shape (n,), float64
        """
        return cls(np.floor(levels + MIDDLE).astype(np.uint8), weights, levels)

    def __len__(self) -> int:
        """Return the number of distinct colours."""
        return len(self._weights)

    def everything(self) -> Points:
        """Return all distinct colours."""
        moments = np.stack([self._from_middle(channel) for channel in range(3)]) * self._weights
        return Points.of(self._weights, moments)

    def _from_middle(self, channel: int) -> FloatArray:
        """Return where the colours lie in one channel, in levels from the middle."""
        if self._levels is not None:
            return self._levels[:, channel]
        return self._cells[:, channel] - np.float64(MIDDLE)

    def at_least(self, points: int) -> Points:
        """Return the coarsest points of which there are so many; all distinct colours if need be."""
        for depth in range(_COARSEST, _FINEST + 1) if points <= len(self) else ():
            grid = self._grid(depth)
            if len(grid.cells) >= points:
                return Points.of(grid.sums[0], grid.sums[1:])
        return self.everything()

    def _grid(self, depth: int) -> _Grid:
        if depth not in self._grids:
            self._grids[depth] = _merged(self._grid(depth + 1)) if depth < _COUNTED else self._counted(depth)
        return self._grids[depth]

    def _counted(self, depth: int) -> _Grid:
        cells = _halvings(self._cells) >> (24 - depth)
        occupied, count = None, 1 << depth
        if _SPARSE * len(cells) < count:  # sorting takes less time than a table that is mostly empty
            occupied, cells = np.unique(cells, return_inverse=True)
            count = len(occupied)

        def total(channel: int | None) -> FloatArray:
            weights = self._weights
            if channel is not None:
                weights = weights * self._from_middle(channel)
            return weight_sums(cells, weights, count)

        sums = np.stack(list(in_parallel(total, (None, 0, 1, 2))))
        if occupied is None:
            occupied = np.flatnonzero(sums[0])
            sums = sums[:, occupied]
        return _Grid(depth, occupied, sums)


def _merged(grid: _Grid) -> _Grid:
    """Return the grid of one halving less: neighbours are added up."""
    cells = grid.cells >> 1
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    return _Grid(grid.depth - 1, cells[starts], np.add.reduceat(grid.sums, starts, axis=1))


def _halvings(colors: npt.NDArray[np.uint8]) -> IntArray:
    """Return on which side of each halving colours lie: 24 bits, g7 r7 b7 g6 r6 b6 … (a Morton code)."""
    bits = np.arange(8)
    spread = ((np.arange(256)[:, np.newaxis] >> bits & 1) << 3 * bits).sum(axis=1)
    halvings: IntArray = spread[colors[:, 1]] << 2
    halvings |= spread[colors[:, 0]] << 1
    halvings |= spread[colors[:, 2]]
    return halvings
