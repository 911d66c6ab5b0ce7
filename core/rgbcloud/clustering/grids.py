"""Weighted points at the resolutions that clustering works on, coarse to fine."""

from __future__ import annotations

import itertools
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from rgbcloud.clustering.lloyd import MIDDLE, Points
from rgbcloud.color.codes import radix_order, weight_sums
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rgbcloud.color.codes import FloatArray, IntArray

_HALVINGS = 24  # of the cube, after which a cell is a single 8-bit colour
_COARSEST = 8  # halvings that leave the fewest cells
_SMALL = 18  # halvings that leave few cells whatever the texture: at most 64 a side
_FINEST = 21
_CACHED = 1 << 14  # points whose cells are found at a time
_MANY = 1 << 16  # colours: sorting them takes longer than a table of the small cells
_MOST = 1 << 19  # colours: sorting them takes longer than a table of the finest cells
_ENOUGH = 0.5  # of the points asked for, where more would mean to sort many colours
_SPACINGS = (16, 8, 4, 2)  # levels between the nodes of a lattice
_TOTAL_WEIGHT = 1 << 40  # of all nodes: times a level, it stays below 2**53


class _Grid(NamedTuple):
    """The occupied cells of the cube after it was halved `depth` times, across green, red, blue in turn."""

    depth: int
    cells: IntArray  # (m,), ascending: a bit for each halving, the first one highest
    sums: FloatArray  # (4, m): weight, and moments of red, green, blue, in levels from the middle


class GridPyramid:
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
    def of_levels(cls, levels: FloatArray, weights: FloatArray) -> GridPyramid:
        """Make one of points that lie between the whole levels.

        Parameters
        ----------
        levels : ndarray of shape (n, 3), float64
            From the middle of the cube, in [-127, 127].
        weights : ndarray of shape (n,), float64
        """
        cells = np.empty(levels.shape, np.uint8)
        for block in slices(len(levels), _CACHED):
            cells[block] = levels[block] + MIDDLE
        return cls(cells, weights, levels)

    def __len__(self) -> int:
        """Return the number of distinct colours."""
        return len(self._weights)

    def everything(self) -> Points:
        """Return all distinct colours."""
        return Points.of(self._weights, np.stack([self._moments(channel) for channel in range(3)]))

    def at_least(self, points: int, *, roughly: bool = False) -> Points:
        """Return the coarsest points of which there are so many; all distinct colours if need be.

        Of many colours half as many small cells will do: finer ones take as long as all else. Roughly, half
        as many of the finest do, too.
        """
        if points <= len(self):
            for grid, counts in self._fine_grids():
                if (roughly or grid.depth == _SMALL) and counts[grid.depth] >= _ENOUGH * points:
                    points = min(points, int(counts[grid.depth]))
                for depth in range(_COARSEST, grid.depth + 1):
                    if counts[depth] >= points:
                        if depth not in self._grids:
                            self._grids[depth] = _coarser_grid(grid, depth)
                        return Points.of(self._grids[depth].sums[0], self._grids[depth].sums[1:])
        return self.everything()

    def _moments(self, channel: int) -> FloatArray:
        """Return weight times place in one channel, in levels from the middle: ndarray of shape (n,)."""
        if self._levels is not None:
            return self._levels[:, channel] * self._weights
        return (self._cells[:, channel] - np.float64(MIDDLE)) * self._weights

    def _fine_grids(self) -> Iterator[tuple[_Grid, IntArray]]:
        """Yield the grids that others are made from, and how many cells each depth leaves of them.

        The finest comes last; most searches need but the first.
        """
        if len(self) >= _MANY:
            yield self._small_cells
        yield self._finest_cells

    @cached_property
    def _small_cells(self) -> tuple[_Grid, IntArray]:
        return _with_counts(self._cells_by_table(_SMALL))

    @cached_property
    def _finest_cells(self) -> tuple[_Grid, IntArray]:
        """The colours in the order of the finest cells; those of one cell are added up if there are many."""
        return _with_counts(self._cells_by_table(_FINEST) if len(self) >= _MOST else self._sorted_cells())

    def _sorted_cells(self) -> _Grid:
        cells = self._halvings(_FINEST)
        order = radix_order(cells)

        def column(channel: int) -> FloatArray:
            return (self._weights if channel < 0 else self._moments(channel))[order]

        return _Grid(_FINEST, cells[order], np.stack(list(in_parallel(column, range(-1, 3)))))

    def _cells_by_table(self, depth: int) -> _Grid:
        cells = self._halvings(depth)

        def total(channel: int) -> FloatArray:
            return weight_sums(cells, self._weights if channel < 0 else self._moments(channel), 1 << depth)

        sums = list(in_parallel(total, range(-1, 3)))
        occupied = np.flatnonzero(sums[0])
        return _Grid(depth, occupied, np.stack([column.take(occupied) for column in sums]))

    def _halvings(self, depth: int) -> IntArray:
        return _halvings(self._cells) >> (_HALVINGS - depth)


def spread(points: Points, least: int) -> Points:
    """Return the nodes of a lattice among which points are shared, each among the eight around it.

    Other than the cells of a grid, nodes hardly change where a point moves a little: the same colours with
    other errors of rounding give nearly the same nodes.

    Parameters
    ----------
    points : Points
    least : int
        How many nodes to return: those of the widest lattice that has so many, or of the narrowest one.
    """
    places = points.moments / points.weights + MIDDLE
    weights = points.weights * (_TOTAL_WEIGHT / points.weights.sum())
    for spacing in _SPACINGS:
        side = 256 // spacing + 2
        base = np.floor(places / spacing).astype(np.int64)
        beyond = places / spacing - base
        total = np.zeros(side**3)
        for corner in itertools.product((0, 1), repeat=3):
            share = weights.copy()
            for far, part in zip(corner, beyond):
                share *= part if far else 1 - part
            red, green, blue = base + np.array(corner)[:, np.newaxis]
            total += weight_sums((red * side + green) * side + blue, np.rint(share), side**3)
        nodes = np.flatnonzero(total)
        if len(nodes) >= least:
            break
    levels = np.stack(np.unravel_index(nodes, (side,) * 3)) * np.float64(spacing) - MIDDLE
    return Points.of(total[nodes], levels * total[nodes])


def _with_counts(grid: _Grid) -> tuple[_Grid, IntArray]:
    """Return a grid, and how many cells each number of halvings leaves: ndarray of shape (depth + 1,)."""
    # Neighbours whose highest different bit is the n-th from below are in one cell without the n last.
    _, bits = np.frexp((grid.cells[1:] ^ grid.cells[:-1]).astype(np.float64))
    counts = 1 + np.cumsum(np.bincount(bits, minlength=grid.depth + 1)[:0:-1])
    return grid, np.concatenate([[1], counts])


def _coarser_grid(grid: _Grid, depth: int) -> _Grid:
    """Return the grid of fewer halvings: cells that become one are added up."""
    cells = grid.cells >> (grid.depth - depth)
    first = np.diff(cells, prepend=-1) > 0
    group = np.cumsum(first) - 1
    occupied = cells[first]
    sums = np.stack([weight_sums(group, row, len(occupied)) for row in grid.sums])
    return _Grid(depth, occupied, sums)


def _halvings(colors: npt.NDArray[np.uint8]) -> IntArray:
    """Return on which side of each halving colours lie: 24 bits, g7 r7 b7 g6 r6 b6 … (a Morton code)."""
    bits = np.arange(8)
    spread = ((np.arange(256)[:, np.newaxis] >> bits & 1) << 3 * bits).sum(axis=1)
    halvings: IntArray = (spread << 2).take(colors[:, 1])
    halvings |= (spread << 1).take(colors[:, 0])
    halvings |= spread.take(colors[:, 2])
    return halvings
