"""Moving palette colours from where they are hardly missed to where they are needed most.

Lloyd's algorithm only slides centres downhill; a centre too many here and one too few there stay for good.
A move gives one cluster up, to the second nearest centres of its points, and cuts another in two.

References
----------
Patane, G. and Russo, M. (2001), The enhanced LBG algorithm, Neural Networks 14(9),
doi:10.1016/S0893-6080(01)00104-6: there called shifting by utility.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.clustering.lloyd import STEPS, Points, blocks, distances, refine
from rgbcloud.color.codes import weight_sums
from rgbcloud.threads import SingleThreadedPools, in_parallel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rgbcloud.color.codes import FloatArray, IntArray
    from rgbcloud.progress import Progress

_ITERATIONS = 2  # of Lloyd's algorithm after a move
_HOPE = 0.3  # of a move's cost is to be gained at once; the iterations after it may bring the rest
_SINGLES = 4  # single moves that may fail before the search ends
_WORTHWHILE = 1 - 1e-5  # of the inertia, at the most, is to be left after a move

_Move = tuple[int, int]  # cluster given up, cluster cut in two


@dataclass(frozen=True)
class _Market:
    """What each cluster costs to give up, and what it gains by a second palette colour."""

    labels: IntArray  # (n,), the nearest centre of each point
    heirs: IntArray  # (n,), the second nearest
    costs: FloatArray  # (k,), inertia added if the centre goes and its points fall to their heirs
    gains: FloatArray  # (k,), inertia saved if the cluster is cut in two
    halves: FloatArray  # (k, 2, 3), the centres of the two, in whole steps


def relocate(
    points: Points, centers: FloatArray, trials: int, progress: Progress, *, fixed: int = 0
) -> FloatArray:
    """Return better centres: moves are tried, many together at first, and kept if the inertia falls.

    Parameters
    ----------
    points : Points
    centers : ndarray of shape (k, 3), float64
        Whole steps.
    trials : int
        How many sets of moves to try at most.
    progress : Progress
        Told after each trial.
    fixed : int, default 0
        So many centres, the first ones, stay where they are.

    Returns
    -------
    ndarray of shape (k, 3), float64
        Whole steps.
    """
    centers, inertia = refine(points, centers, 1, fixed=fixed)
    batch = max(1, len(centers) // 4)
    tried = 0
    while tried < trials:
        market = _market(points, centers, fixed)
        for moves in _candidates(market, batch):
            moved, left = refine(points, _moved(centers, market, moves, fixed), _ITERATIONS, fixed=fixed)
            tried += 1
            progress(tried / trials, "improving the palette")
            if left < inertia * _WORTHWHILE:
                centers, inertia, batch = moved, left, len(moves)
                break
            if tried == trials:
                return centers
        else:
            return centers
    return centers


def split(points: Points, centers: FloatArray, extra: int) -> FloatArray:
    """Return `extra` more centres: the clusters that gain most by it are cut in two.

    Parameters
    ----------
    points : Points
    centers : ndarray of shape (k, 3), float64
        Whole steps.
    extra : int
        0 to k.

    Returns
    -------
    ndarray of shape (k + extra, 3), float64
    """
    market = _market(points, centers)
    needy = np.argsort(-market.gains, kind="stable")[:extra]
    grown = np.concatenate([centers, market.halves[needy, 1]])
    grown[needy] = market.halves[needy, 0]
    return grown


def _market(points: Points, centers: FloatArray, fixed: int = 0) -> _Market:
    """Value every cluster. A cut is made at its mean, across the channel in which it is widest.

    The first `fixed` centres are beyond price.
    """
    k = len(centers)
    labels, heirs, penalties = _two_nearest(points, centers)
    costs = weight_sums(labels, points.weights * penalties, k)
    costs[:fixed] = np.inf

    coordinates = points.coordinates[:, :3].T.astype(np.float64)
    weights = weight_sums(labels, points.weights, k)
    sums = np.stack([weight_sums(labels, points.weights * column, k) for column in coordinates])
    means = sums / np.maximum(weights, 1)
    offsets = coordinates - means[:, labels]
    variances = [weight_sums(labels, points.weights * offset**2, k) for offset in offsets]
    widest = np.argmax(variances, axis=0)
    sides = 2 * labels + (offsets[widest[labels], np.arange(len(labels))] > 0)
    side_weights = weight_sums(sides, points.weights, 2 * k)
    shifts = np.stack([weight_sums(sides, points.weights * offset, 2 * k) for offset in offsets])
    shifts /= np.maximum(side_weights, 1)
    gains = (side_weights * (shifts**2).sum(axis=0)).reshape(k, 2).sum(axis=1)
    halves = np.rint(np.repeat(means, 2, axis=1) + shifts).T.reshape(k, 2, 3)
    return _Market(labels, heirs, costs / STEPS**2, gains / STEPS**2, halves)


@SingleThreadedPools()
def _two_nearest(points: Points, centers: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the two nearest centres of every point, and how much farther off, squared, the second is."""
    labels, heirs = np.empty((2, len(points)), np.int64)
    penalties = np.empty(len(points))

    def search(block: slice) -> None:
        table = distances(points.coordinates[block], centers)
        rows = np.arange(len(table))
        first = table.argmin(axis=1)
        nearest = table[rows, first]
        table[rows, first] = np.inf
        second = table.argmin(axis=1)
        labels[block], heirs[block] = first, second
        penalties[block] = table[rows, second] - nearest

    for _ in in_parallel(search, blocks(points, centers)):
        pass
    return labels, heirs, penalties


def _candidates(market: _Market, batch: int) -> Iterator[list[_Move]]:
    """Yield sets of moves to try: as many as `batch` together, then fewer, then other single ones."""
    moves = _independent_moves(market, batch)
    size = len(moves)
    while size > 0:
        yield moves[:size]
        size //= 2
    cheap = np.argsort(market.costs, kind="stable")[:_SINGLES]
    needy = np.argsort(-market.gains, kind="stable")[:_SINGLES]
    cheap = cheap[np.isfinite(market.costs[cheap])]
    singles = [(int(given), int(cut)) for given in cheap for cut in needy if given != cut]
    singles.sort(key=lambda move: market.costs[move[0]] - market.gains[move[1]])
    for move in singles[:_SINGLES]:
        if [move] != moves[:1]:
            yield [move]


def _independent_moves(market: _Market, most: int) -> list[_Move]:
    """Pair the cheapest clusters with the neediest, none of which touches another pair."""
    free = np.ones(len(market.costs), bool)
    needy = iter(np.argsort(-market.gains, kind="stable").tolist())
    moves: list[_Move] = []
    for given in np.argsort(market.costs, kind="stable").tolist():
        if len(moves) == most:
            break
        if not free[given]:
            continue
        free[given] = False
        cut = next((candidate for candidate in needy if free[candidate]), None)
        if cut is None or market.gains[cut] <= market.costs[given] * _HOPE:
            break
        free[cut] = False
        free[market.heirs[market.labels == given]] = False
        moves.append((given, cut))
    return moves


def _moved(centers: FloatArray, market: _Market, moves: list[_Move], fixed: int) -> FloatArray:
    """Return the centres after some moves; a fixed one that is cut stays, beside the farther half."""
    stay = centers[:fixed]
    centers = centers.copy()
    for given, cut in moves:
        halves = market.halves[cut]
        if cut < fixed:
            halves = halves[np.argsort(-((halves - stay[cut]) ** 2).sum(axis=1), kind="stable")]
        centers[[given, cut]] = halves
    centers[:fixed] = stay
    return centers
