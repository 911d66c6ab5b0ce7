"""The distinct values of a deep image, or the small cells that they fall into where there are too many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.pixels import weight_sums
from rgbcloud.samples import Samples
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from rgbcloud.pixels import FloatArray, IntArray
    from rgbcloud.progress import Progress
    from rgbcloud.working import StoredArray, WorkingSpace

_BITS = 21  # of each coordinate in a key of 63
_MOST = 1 << 21  # cells kept: 170 MB
_BLOCK = 1 << 19  # texels at a time


class _Tally(NamedTuple):
    """Cells, ascending by key."""

    keys: npt.NDArray[np.uint64]
    coverage: IntArray
    sums: FloatArray  # (n, 3), coordinates times coverage
    values: StoredArray  # (n, 3), of the first texel in the cell


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
        total = _coarser(_joined([part.tally for part in parts]), shift)
        while len(total.keys) > _MOST:
            shift += 1
            total = _coarser(total, shift)
        return cls(total, shift)

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
        seen = values[block][coverage[block] > 0]
        if len(seen) == 0:
            return None
        coordinates = space.coordinates(seen)
        return Box(coordinates.min(axis=0), coordinates.max(axis=0))

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
    most = (1 << _BITS) - 1
    extent = float((box.highest - box.lowest).max())
    scale = most / extent if extent > 0 else 0.0

    def tally(block: slice) -> DeepCells:
        seen = coverage[block] > 0
        texels = values[block][seen]
        coordinates = space.coordinates(texels)
        places = np.rint((coordinates - box.lowest) * scale).clip(0, most).astype(np.uint64)
        keys = places[:, 0] << np.uint64(2 * _BITS) | places[:, 1] << np.uint64(_BITS) | places[:, 2]
        weights = coverage[block][seen].astype(np.int64)
        return DeepCells(_reduced(_Tally(keys, weights, coordinates * weights[:, np.newaxis], texels)), 0)

    pending: list[DeepCells] = []
    for done, part in enumerate(in_parallel(tally, rows), start=1):
        pending.append(part)
        if sum(map(len, pending)) > 2 * _MOST or done == len(rows):
            pending = [DeepCells.merged(pending)]
        progress(done / len(rows), "counting colours")
    return pending[0]


def _rows(values: StoredArray) -> list[slice]:
    return slices(len(values), max(1, _BLOCK // values.shape[1]))


def _joined(tallies: list[_Tally]) -> _Tally:
    return _reduced(_Tally(*(np.concatenate(columns) for columns in zip(*tallies))))


def _coarser(tally: _Tally, shift: int) -> _Tally:
    """Drop the lowest bits of each coordinate, and merge what falls into one cell then."""
    if shift == 0:
        return tally
    keep = np.uint64(sum(((1 << _BITS) - (1 << shift)) << (_BITS * axis) for axis in range(3)))
    return _reduced(tally._replace(keys=tally.keys & keep))


def _reduced(tally: _Tally) -> _Tally:
    """Add up equal keys; the first texel's value stands for all."""
    keys, first, groups = np.unique(tally.keys, return_index=True, return_inverse=True)
    coverage = weight_sums(groups, tally.coverage.astype(np.float64), len(keys)).astype(np.int64)
    sums = np.stack([weight_sums(groups, column, len(keys)) for column in tally.sums.T], axis=1)
    return _Tally(keys, coverage, sums, tally.values[first])
