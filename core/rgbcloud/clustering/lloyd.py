"""Lloyd's algorithm in whole numbers, on all cores: the same result on every machine.

Coordinates are counted in steps of an eighth of a level, from the middle of the cube. Every distance is
then a difference of integers below 2**24, which float32 holds exactly, and every sum of weights and
colours one below 2**53, which float64 holds exactly: neither the order of summation, nor the number of
threads, nor the BLAS changes a bit of it. scikit-learn's KMeans, which finds the starts, promises that
only for one thread of one build; on large clouds it takes five times as long.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rgbcloud.color.codes import weight_sums
from rgbcloud.threads import SingleThreadedPools, in_parallel, slices

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, IntArray

STEPS = 8
"""Steps of a coordinate in one level of a channel."""
MIDDLE = 128
"""The level that coordinates are counted from."""
_DISTANCES = 1 << 19  # computed at a time and thread: 2 MB

Float32Array = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Points:
    """Weighted points: distinct colours, or the means of the cells of a grid.

    Attributes
    ----------
    coordinates : ndarray of shape (n, 4), float32
        Steps from the middle, integers in [-1024, 1016], and a fourth column of ones.
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
        coordinates = np.ones((len(weights), 4), np.float32)
        coordinates[:, :3] = np.rint(means * STEPS).T
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


def distances(coordinates: Float32Array, centers: FloatArray) -> Float32Array:
    """Return squared distances in steps, less the square of the point: shape (n, k), exact."""
    projection = np.vstack([-2 * centers.T, (centers**2).sum(axis=1)]).astype(np.float32)
    return coordinates @ projection


def blocks(points: Points, centers: FloatArray) -> list[slice]:
    """Cut points so that their distances to the centres fit into the cache."""
    return slices(len(points), max(64, _DISTANCES // len(centers)))


@SingleThreadedPools()
def assign(points: Points, centers: FloatArray) -> IntArray:
    """Return the nearest centre of every point: ndarray of shape (n,), int64; of equals the first."""
    labels = np.empty(len(points), np.int64)

    def search(block: slice) -> None:
        labels[block] = distances(points.coordinates[block], centers).argmin(axis=1)

    for _ in in_parallel(search, blocks(points, centers)):
        pass
    return labels


def refine(
    points: Points, centers: FloatArray, iterations: int, *, fixed: int = 0
) -> tuple[FloatArray, float]:
    """Run Lloyd's iterations: assign every point to its nearest centre, move every centre to its mean.

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
    inertia = math.inf
    for _ in range(iterations):
        labels = assign(points, centers)
        moved, inertia = means(points, labels, centers, fixed)
        if np.array_equal(moved, centers):
            break
        centers = moved
    return centers, inertia


def means(points: Points, labels: IntArray, centers: FloatArray, fixed: int = 0) -> tuple[FloatArray, float]:
    """Return the mean of each cluster in whole steps, and the inertia to the exact means.

    The first `fixed` centres are returned as they are, and their inertia is the one to where they stand.
    """
    k = len(centers)
    weights = weight_sums(labels, points.weights, k)
    sums = np.stack([weight_sums(labels, moment, k) for moment in points.moments], axis=1)
    inertia = points.spread
    stay = centers[:fixed] / STEPS
    # |x - c|² summed is the spread less 2 c·sum - w |c|², which is largest, |sum|² / w, at the mean.
    saved = 2 * (stay * sums[:fixed]) - weights[:fixed, np.newaxis] * stay**2
    filled = weights > 0
    filled[:fixed] = False
    sums, weights = sums[filled], weights[filled, np.newaxis]
    moved = centers.copy()
    moved[filled] = np.rint(sums / weights * STEPS)
    inertia -= math.fsum([*(sums * (sums / weights)).ravel().tolist(), *saved.ravel().tolist()])
    return moved, max(inertia, 0.0)
