"""The distinct values of a deep image, or the small cells that they fall into where there are too many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.pixels import weight_sums
from rgbcloud.samples import Samples
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
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


@dataclass(frozen=True, eq=False)
class DeepHistogram:
    """Cells of the working space that texels fall into, and how much each is covered.

    Attributes
    ----------
    samples : Samples
        As many as there are distinct values, to within 2**-21 of the range, if these are no more than 2**21;
        else as many cells as that allows.
    exact : bool
        Whether they are distinct values.
    lowest, highest : ndarray of shape (3,), float64
        Corners of the box of coordinates.
    """

    samples: Samples
    exact: bool
    lowest: FloatArray
    highest: FloatArray


def count_deep(
    values: StoredArray,
    coverage: npt.NDArray[np.uint8],
    space: WorkingSpace,
    fixed: StoredArray,
    progress: Progress,
) -> DeepHistogram:
    """Count what texels there are.

    Parameters
    ----------
    values : ndarray of shape (H, W, 3)
    coverage : ndarray of shape (H, W), uint8
        How much each texel counts; 0 not at all. Some count.
    space : WorkingSpace
    fixed : ndarray of shape (m, 3)
        See `Samples`.
    progress : Progress
        Told after each block.
    """
    rows = slices(len(values), max(1, _BLOCK // values.shape[1]))

    def corners(block: slice) -> tuple[FloatArray, FloatArray] | None:
        seen = values[block][coverage[block] > 0]
        if len(seen) == 0:
            return None
        coordinates = space.coordinates(seen)
        return coordinates.min(axis=0), coordinates.max(axis=0)

    found = [pair for pair in in_parallel(corners, rows) if pair is not None]
    lowest = np.min([low for low, _ in found], axis=0)
    highest = np.max([high for _, high in found], axis=0)
    extent = float((highest - lowest).max())
    scale = ((1 << _BITS) - 1) / extent if extent > 0 else 0.0

    def tally(block: slice) -> _Tally:
        seen = coverage[block] > 0
        texels = values[block][seen]
        coordinates = space.coordinates(texels)
        places = np.rint((coordinates - lowest) * scale).astype(np.uint64)
        keys = places[:, 0] << np.uint64(2 * _BITS) | places[:, 1] << np.uint64(_BITS) | places[:, 2]
        weights = coverage[block][seen].astype(np.int64)
        return _reduced(_Tally(keys, weights, coordinates * weights[:, np.newaxis], texels))

    pending: list[_Tally] = []
    shift = 0
    for done, part in enumerate(in_parallel(tally, rows), start=1):
        pending.append(part)
        if sum(len(waiting.keys) for waiting in pending) > 2 * _MOST or done == len(rows):
            total = _coarser(_joined(pending), shift)
            while len(total.keys) > _MOST:
                shift += 1
                total = _coarser(total, shift)
            pending = [total]
        progress(done / len(rows), "counting colours")
    total = pending[0]
    order = np.lexsort(total.values.T[::-1])
    means = (total.sums / total.coverage[:, np.newaxis])[order]
    stored = total.values[order]
    coordinates = space.coordinates(stored) if shift == 0 else means
    samples = Samples(stored, coordinates, total.coverage[order], space, fixed)
    return DeepHistogram(samples, shift == 0, lowest, highest)


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
