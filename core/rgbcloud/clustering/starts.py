"""Where k-means begins: greedy k-means++, many starts at once, as whole arrays of whole numbers.

The starts are looked for among a few hundred points, which stand for all. All numbers are integers below
2**53, and float64 holds these exactly: the order of summation, and with it the BLAS, the processor and the
number of threads, changes nothing. scikit-learn's KMeans does not promise that, and importing it takes
longer than all else that is done to a small texture, so that the core does without: tests and benchmarks
hold its results against scikit-learn's.

References
----------
Arthur, D. and Vassilvitskii, S. (2007), k-means++: the advantages of careful seeding, SODA '07. Greedy, as
they suggest at the end: each centre is the best of 2 + ln k candidates, as in scikit-learn.
"""

from __future__ import annotations

import functools
import math
import random
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.clustering.lloyd import STEPS, Points, refine, refine_all

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray

_TOTAL_WEIGHT = 1 << 27  # times a squared distance, which is below 2**24, it stays below 2**53
_ITERATIONS = 3  # of Lloyd's algorithm, after which the best start is chosen
_CANDIDATES = 32  # for each centre of a start that is not drawn
_FAR = float(1 << 24)  # farther than any point from a centre, squared


def best_starts(
    points: Points, colors: int, starts: int, best: int, numbers: random.Random, fixed: FloatArray
) -> FloatArray:
    """Return the best of several k-means++ starts.

    Parameters
    ----------
    points : Points
        A few thousand at the most.
    colors : int
        How many centres to return, 1 to 256.
    starts : int
        How many starts to draw, at least 1.
    best : int
        How many to return, at most as many.
    numbers : random.Random
        As `random_numbers` makes one.
    fixed : ndarray of shape (m, 3), float64
        Centres that are given, whole steps, at most `colors`: the others are chosen to go with them.

    Returns
    -------
    ndarray of shape (best, colors, 3), float64
        Whole steps; the best start first, and of its centres the fixed ones. Where there are fewer points
        than centres, some are equal.
    """
    coordinates = points.coordinates[:3].T.astype(np.float64)
    weights = np.ceil(points.weights * (_TOTAL_WEIGHT / points.weights.sum()))
    shape = (colors - len(fixed), starts, 2 + int(math.log(colors)))
    draws = np.reshape([numbers.random() for _ in range(math.prod(shape))], shape)
    lengths = np.einsum("nc,nc->n", coordinates, coordinates)
    # Squared distances to the nearest centre of each start; before the first one all are equal.
    nearest = np.full((starts, len(points)), _FAR)
    if len(fixed):
        nearest[:] = _nearest_squares(coordinates, fixed)
    chosen = [np.tile(center, (starts, 1)) for center in fixed]
    for draw in draws:
        candidates = _draw_points(nearest * weights, draw)
        left = _squares(coordinates, lengths, candidates)
        np.minimum(left, nearest[:, np.newaxis], out=left)
        taken = np.arange(starts), (left @ weights).argmin(axis=1)
        nearest = left[taken]
        chosen.append(coordinates[candidates[taken]])
    centers, inertias = refine_all(points, np.stack(chosen, axis=1), _ITERATIONS, fixed=len(fixed))
    return centers[np.argsort(inertias, kind="stable")[:best]]


def steady_start(points: Points, colors: int, power: float, fixed: FloatArray) -> FloatArray:
    """Return a start that is not drawn: each centre is the best of the points that most could be gained at.

    Parameters
    ----------
    points, colors, fixed
        As in `best_starts`.
    power : float
        Of the weights: below 1 rare colours count for more.

    Returns
    -------
    ndarray of shape (colors, 3), float64
        Whole steps, the fixed ones first; without such the first one is the mean.
    """
    coordinates = points.coordinates[:3].T.astype(np.float64)
    weights = (points.weights / points.weights.sum()) ** power
    lengths = np.einsum("nc,nc->n", coordinates, coordinates)
    mean = np.rint(points.moments.sum(axis=1) / points.weights.sum() * STEPS)
    chosen = list(fixed) or [mean]
    nearest = _nearest_squares(coordinates, np.array(chosen))
    while len(chosen) < colors:
        candidates = np.argsort(-nearest * weights, kind="stable")[:_CANDIDATES]
        left = np.minimum(nearest, _squares(coordinates, lengths, candidates[np.newaxis])[0])
        best = (left @ weights).argmin()
        nearest = left[best]
        chosen.append(coordinates[candidates[best]])
    return refine(points, np.array(chosen), _ITERATIONS, fixed=len(fixed))[0]


def random_numbers(seed: int) -> random.Random:
    """Return numbers as `numpy.random.RandomState(seed)` draws them, without loading `numpy.random`.

    Both are the Mersenne Twister; only its seeding (Matsumoto and Nishimura's init_genrand) is another one.
    """
    numbers = random.Random()  # no secret
    numbers.setstate((3, _seeded(seed), None))
    return numbers


@functools.lru_cache(maxsize=16)
def _seeded(seed: int) -> tuple[int, ...]:
    state = [seed]
    for place in range(1, 624):
        state.append((1812433253 * (state[-1] ^ state[-1] >> 30) + place) & 0xFFFFFFFF)
    return (*state, 624)


def _draw_points(shares: FloatArray, draw: FloatArray) -> npt.NDArray[np.intp]:
    """Return points drawn as often as their share in each start: shapes (s, n) and (s, c) to (s, c)."""
    sums = np.cumsum(shares, axis=1)
    wanted = draw * sums[:, -1:]
    drawn = [row.searchsorted(wish, side="right") for row, wish in zip(sums, wanted)]
    return np.asarray(np.minimum(drawn, shares.shape[1] - 1))  # past the end only where no share is left


def _nearest_squares(coordinates: FloatArray, centers: FloatArray) -> FloatArray:
    """Return the squared distance from each point to the nearest centre: (n,)."""
    nearest: FloatArray = ((centers[:, np.newaxis] - coordinates) ** 2).sum(axis=2).min(axis=0)
    return nearest


def _squares(coordinates: FloatArray, lengths: FloatArray, chosen: npt.NDArray[np.intp]) -> FloatArray:
    """Return the squared distances of chosen points, indices of shape (s, c), to all: shape (s, c, n)."""
    squares: FloatArray = (-2 * coordinates[chosen]) @ coordinates.T
    squares += lengths
    squares += lengths[chosen][..., np.newaxis]
    return squares
