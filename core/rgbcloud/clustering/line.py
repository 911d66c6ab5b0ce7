"""Clusters of values on a line, such as greys: the very best ones, found by dynamic programming.

References
----------
Wang, H. and Song, M. (2011), Ckmeans.1d.dp: Optimal k-means clustering in one dimension by dynamic
programming, The R Journal 3/2, 29-33. Grønlund, A. et al. (2017), Fast exact k-means, k-medians and Bregman
divergence clustering in 1D, arXiv:1701.07204: the best last cut moves along with the end, so that those of a
whole step are found by halving.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, IntArray


class _Sums(NamedTuple):
    """Sums over the first values, ascending: of weights, weights times places, and times their squares."""

    weights: FloatArray
    places: FloatArray
    squares: FloatArray


def places_on_line(coordinates: FloatArray) -> FloatArray | None:
    """Return where points, of shape (n, 3), lie along a line, or None if they lie on none."""
    origin = coordinates[0]
    farthest = coordinates[np.abs(coordinates - origin).sum(axis=1).argmax()] - origin
    length = float(np.sqrt((farthest**2).sum()))
    if length == 0:
        return None
    direction = farthest / length
    shifted = coordinates - origin
    places: FloatArray = (shifted * direction).sum(axis=1)
    beside = np.abs(shifted - places[:, np.newaxis] * direction).max()
    return places if beside <= 1e-6 * length else None


def clusters_on_line(
    places: FloatArray, weights: FloatArray, count: int, *, step: float | None = None
) -> IntArray:
    """Return the cluster of each value: so many, whose weighted squared distances are the least possible.

    Parameters
    ----------
    places : ndarray of shape (n,), float64
        Distinct, in any order; more than `count`.
    weights : ndarray of shape (n,), float64
        Above 0.
    count : int
    step : float, optional
        Centres are whole multiples of it from any place; anywhere if left out.

    Returns
    -------
    ndarray of shape (n,), int64
        From 0, ascending along the line. Of equally good clusters those whose last cuts come first.
    """
    order = np.argsort(places, kind="stable")
    shift = places[0]
    sorted_places, sorted_weights = places[order] - shift, weights[order]
    sums = _Sums(
        *(np.concatenate([[0.0], np.cumsum(sorted_weights * sorted_places**power)]) for power in range(3))
    )
    ends = np.arange(1, len(places) + 1)
    errors = np.concatenate([[0.0], _error(sums, np.zeros_like(ends), ends, step)])
    cuts = []
    for clusters in range(2, count + 1):
        errors, cut = _one_more(sums, errors, clusters, step)
        cuts.append(cut)
    labels = np.zeros(len(places), np.int64)
    end = len(places)
    for cluster in range(count - 1, 0, -1):
        start = int(cuts[cluster - 1][end])
        labels[order[start:end]] = cluster
        end = start
    return labels


def _error(sums: _Sums, starts: IntArray, ends: IntArray, step: float | None) -> FloatArray:
    """Return the squared error of clusters from some values up to, but not with, others."""
    weight, place, square = (total[ends] - total[starts] for total in sums)
    center = place / weight
    if step is not None:
        center = np.rint(center / step) * step
    return np.maximum(square - center * (2 * place - center * weight), 0)


def _one_more(
    sums: _Sums, errors: FloatArray, clusters: int, step: float | None
) -> tuple[FloatArray, IntArray]:
    """Return the least error of the first values with one cluster more, and where the last one starts.

    Parameters
    ----------
    errors : ndarray of shape (n + 1,)
        That of the first 0, 1, … n values with one cluster less.
    """
    last = len(errors) - 1
    found = np.full(len(errors), np.inf)
    cut = np.zeros(len(errors), np.int64)
    # Between ends that are done lie the next ones; their cuts lie between the cuts of these.
    lows, highs = np.array([clusters]), np.array([last])
    first, final = np.array([clusters - 1]), np.array([last - 1])
    while len(lows):
        ends = (lows + highs) // 2
        stops = np.minimum(final, ends - 1)
        lengths = stops - first + 1
        group_starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        starts = np.arange(lengths.sum()) - np.repeat(group_starts - first, lengths)
        tried = errors[starts] + _error(sums, starts, np.repeat(ends, lengths), step)
        least = np.minimum.reduceat(tried, group_starts)
        at = np.flatnonzero(tried == np.repeat(least, lengths))
        best = starts[at[np.searchsorted(at, group_starts)]]
        found[ends], cut[ends] = least, best
        left, right = lows < ends, ends < highs
        lows, highs, first, final = (
            np.concatenate(parts)
            for parts in (
                (lows[left], ends[right] + 1),
                (ends[left] - 1, highs[right]),
                (first[left], best[right]),
                (best[left], final[right]),
            )
        )
    return found, cut
