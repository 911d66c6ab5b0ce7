"""Moving centres from where they are hardly missed to where they are needed most.

Lloyd's algorithm only slides centres downhill; a centre too many here and one too few there stay for good.
A move removes one centre, whose points fall to their second nearest, and splits another cluster in two.

References
----------
Patane, G. and Russo, M. (2001), The enhanced LBG algorithm, Neural Networks 14(9),
doi:10.1016/S0893-6080(01)00104-6: there called shifting by utility.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.clustering.lloyd import STEPS, Points, assign_two, refine
from rgbcloud.color.codes import weight_sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rgbcloud.color.codes import FloatArray, IntArray
    from rgbcloud.progress import Progress

_ITERATIONS = 2  # of Lloyd's algorithm after a move
_EXPECTED = 0.3  # of what a removal costs must be gained by the split at once; iterations may bring the rest
_SINGLES = 4  # single moves that may fail before the search ends
_SETTLING = 8  # iterations before and after a move that is to be clearly the best
_CLEAR = 1 - 1e-3  # of the inertia, at the most, is to be left after such a move
_WORTHWHILE = 1 - 1e-5  # of the inertia, at the most, is to be left after a move

_Move = tuple[int, int]  # cluster to remove, cluster to split


@dataclass(frozen=True)
class _Clusters:
    """What it costs to remove each cluster, and what is gained by splitting it."""

    labels: IntArray  # (n,), the nearest centre of each point
    second: IntArray  # (n,), the second nearest
    costs: FloatArray  # (k,), inertia added if the centre goes and its points fall to their second nearest
    gains: FloatArray  # (k,), inertia saved if the cluster gets two centres
    halves: FloatArray  # (k, 2, 3), these two, in whole steps


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
    together = max(1, len(centers) // 4)
    tried = 0
    while tried < trials and len(centers) > 1:
        clusters = _measure_clusters(points, centers, fixed)
        for moves in _sets_of_moves(clusters, together):
            moved = _move_centers(centers, clusters, moves, fixed)
            moved, left = refine(points, moved, _ITERATIONS, fixed=fixed)
            tried += 1
            progress(tried / trials, "improving the palette")
            if left < inertia * _WORTHWHILE:
                centers, inertia, together = moved, left, len(moves)
                break
            if tried == trials:
                return centers
        else:
            return centers
    return centers


def relocate_steadily(
    points: Points, centers: FloatArray, progress: Progress, *, fixed: int = 0
) -> FloatArray:
    """Return better centres: of a few promising moves the best is made, as long as it helps clearly.

    `relocate` takes what helps at all, and first what comes first: points that are a little different lead it
    elsewhere. Here few decisions are close ones. What is taken and returned is the same.
    """
    centers, inertia = refine(points, centers, _SETTLING, fixed=fixed)
    for done in range(len(centers) if len(centers) > 1 else 0):
        clusters = _measure_clusters(points, centers, fixed)
        lost = clusters.costs[:, np.newaxis] - clusters.gains
        np.fill_diagonal(lost, np.inf)
        promising = np.argsort(lost, axis=None, kind="stable")[:_SINGLES]
        tried = []
        for move in promising[lost.ravel()[promising] < inertia / 2].tolist():
            moved = _move_centers(centers, clusters, [divmod(move, len(centers))], fixed)
            tried.append(refine(points, moved, _SETTLING, fixed=fixed))
        if not tried or min(left for _, left in tried) >= inertia * _CLEAR:
            break
        centers, inertia = min(tried, key=operator.itemgetter(1))
        progress(done / len(centers), "improving the palette")
    return centers


def split(points: Points, centers: FloatArray, extra: int) -> FloatArray:
    """Return `extra` more centres: the clusters that gain most by it are split.

    Parameters
    ----------
    points : Points
    centers : ndarray of shape (k, 3), float64
        Whole steps, at least two of them.
    extra : int
        0 to k.

    Returns
    -------
    ndarray of shape (k + extra, 3), float64
    """
    clusters = _measure_clusters(points, centers)
    chosen = _largest(clusters.gains)[:extra]
    grown = np.concatenate([centers, clusters.halves[chosen, 1]])
    grown[chosen] = clusters.halves[chosen, 0]
    return grown


def _measure_clusters(points: Points, centers: FloatArray, fixed: int = 0) -> _Clusters:
    """Return the costs and gains of all clusters. The first `fixed` centres cost too much to be removed.

    A split is made at the mean of the cluster, across the channel in which it is widest.
    """
    k = len(centers)
    labels, second, farther = assign_two(points, centers)
    costs = weight_sums(labels, points.weights * farther, k)
    costs[:fixed] = np.inf

    coordinates = points.coordinates[:3].astype(np.float64)
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
    return _Clusters(labels, second, costs / STEPS**2, gains / STEPS**2, halves)


def _largest(values: FloatArray) -> IntArray:
    """Return indices, the one of the largest value first."""
    return np.argsort(-values, kind="stable")


def _sets_of_moves(clusters: _Clusters, together: int) -> Iterator[list[_Move]]:
    """Yield moves to try: at most `together` at once, half as many and so on, then other single ones."""
    moves = _independent_moves(clusters, together)
    size = len(moves)
    while size > 0:
        yield moves[:size]
        size //= 2
    cheap = _largest(-clusters.costs)[:_SINGLES]
    cheap = cheap[np.isfinite(clusters.costs[cheap])]
    rewarding = _largest(clusters.gains)[:_SINGLES]
    singles = [(int(removed), int(cut)) for removed in cheap for cut in rewarding if removed != cut]
    singles.sort(key=lambda move: clusters.costs[move[0]] - clusters.gains[move[1]])
    for move in singles[:_SINGLES]:
        if [move] != moves[:1]:
            yield [move]


def _independent_moves(clusters: _Clusters, most: int) -> list[_Move]:
    """Pair the cheapest removals with the most rewarding splits, so that no pair touches another one."""
    free = np.ones(len(clusters.costs), bool)
    rewarding = iter(_largest(clusters.gains).tolist())
    moves: list[_Move] = []
    for removed in _largest(-clusters.costs).tolist():
        if len(moves) == most:
            break
        if not free[removed]:
            continue
        free[removed] = False
        cut = next((candidate for candidate in rewarding if free[candidate]), None)
        if cut is None or clusters.gains[cut] <= clusters.costs[removed] * _EXPECTED:
            break
        free[cut] = False
        free[clusters.second[clusters.labels == removed]] = False
        moves.append((removed, cut))
    return moves


def _move_centers(centers: FloatArray, clusters: _Clusters, moves: list[_Move], fixed: int) -> FloatArray:
    """Return the centres after some moves; a fixed one that is split stays, beside the farther half."""
    stay = centers[:fixed]
    centers = centers.copy()
    for removed, cut in moves:
        halves = clusters.halves[cut]
        if cut < fixed:
            halves = halves[_largest(((halves - stay[cut]) ** 2).sum(axis=1))]
        centers[[removed, cut]] = halves
    centers[:fixed] = stay
    return centers
