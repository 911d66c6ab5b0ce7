"""The distinct values of a deep image, or the small cells that they fall into where there are too many.

References
----------
Morton, G. M. (1966), A computer oriented geodetic data base and a new technique in file sequencing, IBM:
cells are numbered so that those of any coarser grid are next to each other, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.clustering.samples import Samples
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array
    from rgbcloud.color.distance import StoredArray, WorkingSpace
    from rgbcloud.progress import Progress

_BITS = 21  # of each coordinate in a key of 63
_MOST = 1 << 21  # cells kept: 190 MB
_BLOCK = 1 << 19  # texels at a time


class _Tally(NamedTuple):
    """Cells, ascending by key."""

    keys: npt.NDArray[np.uint64]
    coverage: IntArray
    sums: FloatArray  # (n, 3), coordinates times coverage
    values: StoredArray  # (n, 3), of the first texel in the cell
    places: IntArray  # of that texel: the farther on, the greater


class Box(NamedTuple):
    """Corners of a box of coordinates: ndarrays of shape (3,), float64."""

    lowest: FloatArray
    highest: FloatArray


@dataclass(frozen=True, eq=False)
class DeepCells:
    """Cells of a box that texels fall into. Those of several images, counted in one box, add up.

    Attributes
    ----------
    tally : _Tally
    shift : int
        How many of the lowest bits of each coordinate were given up, so that there are not too many.
    """

    tally: _Tally
    shift: int

    @classmethod
    def merged(cls, parts: Iterable[DeepCells]) -> DeepCells:
        """Add up some cells of one box, at least one."""
        parts = list(parts)
        shift = max(part.shift for part in parts)
        total = _joined([_coarser(part.tally, shift - part.shift) for part in parts])
        more = _excess(total.keys)
        return cls(_coarser(total, more), shift + more)

    def __len__(self) -> int:
        return len(self.tally.keys)

    def samples(self, space: WorkingSpace, fixed: StoredArray) -> Samples:
        """Return the cells as samples of the space that they were counted in.

        As many as there are distinct values, to within 2**-21 of the range, if these are no more than 2**21;
        else as many cells as that allows.

        Parameters
        ----------
        space : WorkingSpace
        fixed : ndarray of shape (m, 3)
            See `Samples`.
        """
        total = self.tally
        means = total.sums / total.coverage[:, np.newaxis]
        order = np.lexsort(total.values.T[::-1])
        stored = total.values[order]
        coordinates = space.coordinates(stored) if self.shift == 0 else means[order]
        return Samples(stored, coordinates, total.coverage[order], space, fixed)


def box_of(values: StoredArray, coverage: npt.NDArray[np.uint8], space: WorkingSpace) -> Box | None:
    """Return the lowest and highest coordinates of the texels that count; None if none does.

    Parameters
    ----------
    values, coverage, space
        See `count_deep`.
    """

    def corners(block: slice) -> Box | None:
        coordinates = space.coordinates(_counting(values[block], coverage[block]))
        if len(coordinates) == 0:
            return None
        columns = coordinates.T
        return Box(
            np.array([column.min() for column in columns]), np.array([column.max() for column in columns])
        )

    return united(box for box in in_parallel(corners, _rows(values)) if box is not None)


def united(boxes: Iterable[Box]) -> Box | None:
    """Return the box around some; None around none."""
    boxes = list(boxes)
    if not boxes:
        return None
    return Box(np.min([box.lowest for box in boxes], axis=0), np.max([box.highest for box in boxes], axis=0))


def count_deep(
    values: StoredArray, coverage: npt.NDArray[np.uint8], space: WorkingSpace, box: Box, progress: Progress
) -> DeepCells:
    """Count what texels there are.

    Parameters
    ----------
    values : ndarray of shape (H, W, 3)
    coverage : ndarray of shape (H, W), uint8
        How much each texel counts; 0 not at all.
    space : WorkingSpace
    box : Box
        Around all of their coordinates, and those of images that they are to be added up with.
    progress : Progress
        Told after each block.
    """
    rows = _rows(values)
    grid = _Grid(space, box)
    shift = _least_shift(values, coverage, grid)

    def tally(block: slice) -> DeepCells:
        texels = _counting(values[block], coverage[block])
        weights = coverage[block][coverage[block] > 0]
        coordinates = space.coordinates(texels)
        keys = grid.keys(texels, coordinates) >> np.uint64(3 * shift)
        order = np.argsort(keys)
        keys, starts = _runs(keys[order])
        weights = weights[order].astype(np.int64)
        sums = [np.add.reduceat(column[order] * weights, starts) for column in coordinates.T]
        first = np.minimum.reduceat(order, starts)
        places = first + block.start * values.shape[1]
        found = _Tally(keys, np.add.reduceat(weights, starts), np.stack(sums, axis=1), texels[first], places)
        return DeepCells(found, shift)

    pending: list[DeepCells] = []
    for done, part in enumerate(in_parallel(tally, rows), start=1):
        pending.append(part)
        if sum(map(len, pending)) > 2 * _MOST or done == len(rows):
            pending = [DeepCells.merged(pending)]
        progress(done / len(rows), "counting colours")
    return pending[0]


class _Grid:
    """The finest cells of a box, each with a key.

    Parameters
    ----------
    space : WorkingSpace
    box : Box
    """

    def __init__(self, space: WorkingSpace, box: Box) -> None:
        self.space = space
        extent = float((box.highest - box.lowest).max())
        self._lowest = box.lowest
        self._scale = ((1 << _BITS) - 1) / extent if extent > 0 else 0.0
        table = space.table()
        self._tables = None
        if table is not None:
            numbers = np.nan_to_num(table).clip(box.lowest.min(), box.highest.max())
            self._tables = [self._keys(numbers, axis) for axis in range(3)]

    def keys(self, texels: StoredArray, coordinates: FloatArray) -> npt.NDArray[np.uint64]:
        """Return the keys of texels, whose coordinates are known."""
        if self._tables is None:
            red, green, blue = (self._keys(coordinates[:, axis], axis) for axis in range(3))
        else:
            codes = texels.view(np.uint16)
            red, green, blue = (table.take(codes[:, axis]) for axis, table in enumerate(self._tables))
        keys: npt.NDArray[np.uint64] = red | green
        keys |= blue
        return keys

    def _keys(self, coordinates: FloatArray, axis: int) -> npt.NDArray[np.uint64]:
        """Return what coordinates of one axis put into a key: every third bit."""
        steps = np.rint((coordinates - self._lowest[axis]) * self._scale)
        bits = steps.clip(0, (1 << _BITS) - 1).astype(np.uint64)
        for distance, kept in _SPREADING:
            bits = (bits | bits << np.uint64(distance)) & np.uint64(kept)
        bits <<= np.uint64(2 - axis)
        return np.asarray(bits)


# Bits of a number are moved apart, half of them at a time, until two zeros are between any two.
_SPREADING = (
    (32, 0x001F00000000FFFF),
    (16, 0x001F0000FF0000FF),
    (8, 0x100F00F00F00F00F),
    (4, 0x10C30C30C30C30C3),
    (2, 0x1249249249249249),
)


def _least_shift(values: StoredArray, coverage: UInt8Array, grid: _Grid) -> int:
    """Return by how much cells must be coarser at the least, as some of the texels tell."""
    step = -(-coverage.size // (2 * _MOST))
    if coverage.size <= _MOST:
        return 0
    texels = _counting(values[::step], coverage[::step])
    keys = grid.keys(texels, grid.space.coordinates(texels))
    keys.sort()
    return _excess(keys)


def _excess(keys: npt.NDArray[np.uint64]) -> int:
    """Return by how much cells must be coarser so that there are not too many, given ascending keys."""
    steps = keys[1:] ^ keys[:-1]
    shift = 0
    while np.count_nonzero(steps >> np.uint64(3 * shift)) >= _MOST:
        shift += 1
    return shift


def _counting(texels: StoredArray, coverage: UInt8Array) -> StoredArray:
    """Return the texels that count: ndarray of shape (n, 3)."""
    seen = coverage > 0
    return texels.reshape(-1, 3) if seen.all() else texels[seen]


def _rows(values: StoredArray) -> list[slice]:
    return slices(len(values), max(1, _BLOCK // values.shape[1]))


def _runs(keys: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.uint64], IntArray]:
    """Return distinct keys and where they begin among ascending ones."""
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))[: len(keys)]
    return keys[starts], starts


def _joined(tallies: list[_Tally]) -> _Tally:
    """Add up tallies of one grid, the later ones being farther on."""
    if len(tallies) == 1:
        return tallies[0]
    offset, places = 0, []
    for tally in tallies:
        places.append(tally.places + offset)
        offset += int(tally.places.max(initial=-1)) + 1
    keys, coverage, sums, values, _ = (np.concatenate(columns) for columns in zip(*tallies))
    order = np.argsort(keys, kind="stable")  # which merges ascending parts, and keeps their order
    keys, starts = _runs(keys[order])
    first = order[starts]
    return _Tally(
        keys,
        np.add.reduceat(coverage[order], starts),
        np.stack([np.add.reduceat(column[order], starts) for column in sums.T], axis=1),
        values[first],
        np.concatenate(places)[first],
    )


def _coarser(tally: _Tally, shift: int) -> _Tally:
    """Drop the lowest bits of each coordinate, and merge what falls into one cell then."""
    if shift == 0:
        return tally
    keys, starts = _runs(tally.keys >> np.uint64(3 * shift))
    places = np.minimum.reduceat(tally.places, starts)
    is_first = tally.places == np.repeat(places, np.diff(np.append(starts, len(tally.places))))
    return _Tally(
        keys,
        np.add.reduceat(tally.coverage, starts),
        np.add.reduceat(tally.sums, starts, axis=0),
        tally.values[is_first],
        places,
    )
