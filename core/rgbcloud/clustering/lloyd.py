"""Lloyd's algorithm in whole numbers, on all cores: the same result on every machine.

Coordinates are counted in steps of an eighth of a level, from the middle of the cube. Every distance is
then a difference of integers below 2**24, which float32 holds exactly, and every sum of weights and
colours one below 2**53, which float64 holds exactly: neither the order of summation, nor the number of
threads, nor the BLAS changes a bit of it. scikit-learn's KMeans promises that only for one thread of one
build; on large clouds it takes five times as long.

References
----------
Lloyd, S. P. (1982), Least squares quantization in PCM, IEEE Trans. Inf. Theory 28(2),
doi:10.1109/TIT.1982.1056489.
Lee, D., Baek, S. and Sung, K. (1997), Modified k-means algorithm for vector quantizer design, IEEE Signal
Processing Letters 4(1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rgbcloud.color.codes import weight_sums
from rgbcloud.color.nearest import key_projection, nearest_centers
from rgbcloud.threads import SingleThreadedPools, do_in_parallel, slices

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, IntArray

STEPS = 8
"""Steps of a coordinate in one level of a channel."""
MIDDLE = 128
"""The level that coordinates are counted from."""
_DISTANCES = 1 << 19  # computed at a time and thread, of 4 bytes: 2 MB
_SMALL = 1 << 16  # distances, for which preparing shares and their memory takes longer than computing them
_STRIDE = 1.8  # times as far as the mean of its points is where a centre moves

Float32Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Points:
    """Weighted points: distinct colours, or the means of the cells of a grid.

    Attributes
    ----------
    coordinates : ndarray of shape (4, n), float32
        Steps from the middle, integers in [-1024, 1016], and a fourth row of ones.
    weights : ndarray of shape (n,), float64
        Integers.
    moments : ndarray of shape (3, n), float64
        Sums of the colours that a point stands for, in levels from the middle; integers.
    spread : float
        Sum of the weighted squared distances, in levels, of the points to the middle.
    """

    coordinates: Float32Array
    weights: FloatArray
    moments: FloatArray
    spread: float

    @classmethod
    def of(cls, weights: FloatArray, moments: FloatArray) -> Points:
        """Make points of weights and moments."""
        means = moments / weights
        coordinates = np.ones((4, len(weights)), np.float32)
        coordinates[:3] = np.rint(means * STEPS)
        return cls(coordinates, weights, moments, float((moments * means).sum()))

    def __len__(self) -> int:
        return len(self.weights)


def to_steps(colors: FloatArray) -> FloatArray:
    """Return colours, levels in [0, 255], as centres: whole steps from the middle."""
    return np.rint((colors - MIDDLE) * STEPS)


def to_levels(centers: npt.NDArray[np.floating[Any]]) -> FloatArray:
    """Return centres as colours: levels in [0, 255]."""
    return centers.astype(np.float64) / STEPS + MIDDLE


def to_palette(centers: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.uint8]:
    """Return centres as palette colours, rounded."""
    return np.rint(to_levels(centers)).clip(0, 255).astype(np.uint8)


def assign(points: Points, centers: FloatArray) -> IntArray:
    """Return the nearest centre of every point: ndarray of shape (n,), int64; of equals the first."""
    return nearest_centers(points.coordinates[:3].T, centers.astype(np.float32)).astype(np.int64)


@SingleThreadedPools()
def assign_two(points: Points, centers: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the two nearest centres of every point, and how much farther off the second one is.

    Parameters
    ----------
    points : Points
    centers : ndarray of shape (k, 3), float64
        Whole steps, at least two of them.

    Returns
    -------
    first, second : ndarray of shape (n,), int64
        Of equals the first.
    farther : ndarray of shape (n,), float64
        The difference of the squared distances, in steps.
    """
    first, second = np.empty((2, len(points)), np.int64)
    farther = np.empty(len(points))
    # Squared distances, less the square of the point, which all of its distances share.
    projection = np.vstack([-2 * centers.T, (centers**2).sum(axis=1)]).astype(np.float32)

    def search(block: slice) -> None:
        table = points.coordinates[:, block].T @ projection
        rows = np.arange(len(table))
        first[block] = table.argmin(axis=1)
        nearest = table[rows, first[block]].astype(np.float64)
        table[rows, first[block]] = np.inf
        second[block] = table.argmin(axis=1)
        farther[block] = table[rows, second[block]] - nearest

    do_in_parallel(search, slices(len(points), max(64, _DISTANCES // len(centers))))
    return first, second, farther


def refine(
    points: Points, centers: FloatArray, iterations: int, *, fixed: int = 0
) -> tuple[FloatArray, float]:
    """Run Lloyd's iterations: assign every point to its nearest centre, move every centre to its mean.

    All but the last one move it farther, which brings as much as half as many iterations more would (Lee,
    Baek and Sung, 1997).

    Parameters
    ----------
    points : Points
    centers : ndarray of shape (k, 3), float64
        Whole steps. A centre that no point is nearest to stays where it is.
    iterations : int
        At most; it ends sooner where nothing changes any more.
    fixed : int, default 0
        So many centres, the first ones, stay where they are.

    Returns
    -------
    centers : ndarray of shape (k, 3), float64
        Whole steps.
    inertia : float
        In squared levels, of the last assignment to its means, or to fixed centres.
    """
    moved, inertias = refine_all(points, centers[np.newaxis], iterations, fixed=fixed)
    return moved[0], inertias[0]


def refine_all(
    points: Points, centers: FloatArray, iterations: int, *, fixed: int = 0
) -> tuple[FloatArray, list[float]]:
    """Return what `refine` does of some sets of centres: shape (s, k, 3)."""
    for left in reversed(range(iterations)):
        is_small = len(centers) > 1 or len(points) * centers.shape[1] <= _SMALL
        labels = _assign_all(points, centers) if is_small else assign(points, centers[0])[np.newaxis]
        weights, sums = _sums(points, labels, centers.shape[1])
        moved = _means(weights, sums, centers, fixed)
        if left == 0 or np.array_equal(moved, centers):
            return moved, _inertias(points, weights, sums, centers[:, :fixed] / STEPS)
        # Within the cube, where distances are exact.
        centers = (centers + np.trunc(_STRIDE * (moved - centers))).clip(-MIDDLE * STEPS, MIDDLE * STEPS)
    return centers, [math.inf] * len(centers)


def _assign_all(points: Points, centers: FloatArray) -> IntArray:
    """Return the nearest centre of every point in each set: shape (s, n); all at once, as there are few."""
    keys = key_projection(centers) @ points.coordinates.astype(np.float64)
    labels: IntArray = keys.min(axis=1).astype(np.int64) & 0xFF
    return labels


def _sums(points: Points, labels: IntArray, k: int) -> tuple[FloatArray, FloatArray]:
    """Return the weights (s, k) and the moments (s, k, 3) of the clusters of each set."""
    sets = len(labels)
    columns = [points.weights, *points.moments]
    if sets > 1:
        labels = labels + k * np.arange(sets)[:, np.newaxis]
        columns = [np.tile(column, sets) for column in columns]
    groups = labels.ravel()
    weights, *moments = (weight_sums(groups, column, sets * k) for column in columns)
    return weights.reshape(sets, k), np.array(moments).T.reshape(sets, k, 3)


def _means(weights: FloatArray, sums: FloatArray, centers: FloatArray, fixed: int) -> FloatArray:
    """Return each mean in whole steps; the first `fixed` centres and empty clusters stay."""
    means = sums / np.maximum(weights, 1)[..., np.newaxis] * STEPS
    stay = weights == 0
    stay[:, :fixed] = True
    return np.where(stay[..., np.newaxis], centers, np.rint(means))


def _inertias(points: Points, weights: FloatArray, sums: FloatArray, stay: FloatArray) -> list[float]:
    """Return the inertia of each set to the exact means, but to fixed centres, in levels, where they stay.

    |x - c|² summed is the spread less 2 c·sum - w |c|², which is largest, |sum|² / w, at the mean.
    """
    each = np.maximum(weights, 1)[..., np.newaxis]
    saved = sums * (sums / each)
    fixed = stay.shape[1]
    saved[:, :fixed] = 2 * (stay * sums[:, :fixed]) - weights[:, :fixed, np.newaxis] * stay**2
    return [max(points.spread - math.fsum(part.ravel().tolist()), 0.0) for part in saved]
