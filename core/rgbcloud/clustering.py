"""Weighted k-means over a histogram: the palette that rebuilds a texture with the least error.

Weighting a distinct colour by its count gives k-means the objective that all texels would, at a small part
of the work. scikit-learn's KMeans does the Lloyd iterations. What is ours is the way to a good start, which
matters more than anything else (one random start is up to 42 % worse than a good one):

1. The colours are averaged over the cells of a coarse grid, some 32 of them per palette colour.
2. On these, the best of a few k-means++ starts is taken.
3. Palette colours that are hardly missed are moved to where they are needed most, as long as that helps.
4. The result is refined on finer grids, and at last on all distinct colours.

References
----------
Lloyd, S. P. (1982), Least squares quantization in PCM, IEEE Trans. Inf. Theory 28(2),
doi:10.1109/TIT.1982.1056489.
Arthur, D. and Vassilvitskii, S. (2007), k-means++: the advantages of careful seeding, SODA '07.
Patane, G. and Russo, M. (2001), The enhanced LBG algorithm, Neural Networks 14(9),
doi:10.1016/S0893-6080(01)00104-6: step 3, there called shifting by utility.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans, kmeans_plusplus
from sklearn.exceptions import ConvergenceWarning

from rgbcloud.errors import InvalidArgumentError
from rgbcloud.nearest import nearest, squared_distances
from rgbcloud.palette import MAX_COLORS, Palette
from rgbcloud.pixels import to_codes, to_colors, weight_sums
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.threads import SingleThreadedPools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rgbcloud.histogram import ColorHistogram
    from rgbcloud.pixels import FloatArray, UInt8Array

Labels = npt.NDArray[np.int32]

_CELLS_PER_COLOR = 32
_MIN_CELLS = 500
_COARSEST_BITS = 3


@dataclass(frozen=True)
class _Cloud:
    """What is clustered: weighted points, colours themselves or the means of grid cells."""

    points: FloatArray  # (n, 3), in [0, 255]
    weights: FloatArray  # (n,)


@dataclass(frozen=True)
class _Clusters:
    centers: FloatArray  # (k, 3)
    labels: Labels  # (n,), the cluster of each point
    inertia: float


@SingleThreadedPools()
def cluster(histogram: ColorHistogram, colors: int, *, seed: int = 0, progress: Progress = silent) -> Palette:
    """Return the palette that k-means finds for a histogram.

    Parameters
    ----------
    histogram : ColorHistogram
        Of one texture, or of several that are to share a palette.
    colors : int
        How many colours the palette shall have, 1 to 256.
    seed : int, default 0
        Of the random k-means++ starts, 0 to 2**32 - 1.
    progress : Progress
        Told after every step.

    Returns
    -------
    Palette
        Exactly `colors` distinct colours, every one of which is the nearest of some colour in the
        histogram; if that has no more than `colors`, all of its own. Ordered by population, largest
        first, equal ones by red, green, blue.

    Raises
    ------
    InvalidArgumentError
        If `colors` or `seed` is out of range, or the histogram is empty.

    Notes
    -----
    Deterministic: the same histogram, number and seed give the same palette with any number of threads.
    Distances are Euclidean in sRGB.

    Examples
    --------
    >>> import numpy as np
    >>> from rgbcloud import ColorHistogram
    >>> ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    >>> cluster(ColorHistogram.from_array(ramp), 2).to_hex()
    ['#404040', '#c0c0c0']
    """
    _check(histogram, colors, seed)
    if len(histogram) <= colors:
        return _ordered(histogram.colors, histogram)
    levels = _levels(histogram, colors)
    coarse = levels[0]
    clusters = _best_start(coarse, colors, seed)
    progress(0.2, "clustering")
    clusters = _relocated(coarse, clusters, portion(progress, 0.2, 0.6))
    for number, level in enumerate(levels[1:], start=1):
        clusters = _lloyd(level, clusters.centers, _REFINING_ITERATIONS)
        progress(0.6 + 0.4 * number / len(levels), "refining the palette")
    centers = np.rint(clusters.centers).clip(0, 255).astype(np.uint8)
    palette = _ordered(_completed(centers, histogram, colors), histogram)
    progress(1.0, "refining the palette")
    return palette


def _check(histogram: ColorHistogram, colors: int, seed: int) -> None:
    if isinstance(colors, bool) or not isinstance(colors, Integral) or not 1 <= colors <= MAX_COLORS:
        msg = f"colors must be an int in 1..{MAX_COLORS}, got {colors!r}"
        raise InvalidArgumentError(msg)
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= seed < 1 << 32:
        msg = f"seed must be an int in 0..{(1 << 32) - 1}, got {seed!r}"
        raise InvalidArgumentError(msg)
    if len(histogram) == 0:
        msg = "there is no colour to cluster: every texel is fully transparent"
        raise InvalidArgumentError(msg)


# --- grids ---


def _levels(histogram: ColorHistogram, colors: int) -> list[_Cloud]:
    """Return the clouds to work on, coarse to fine; the last one holds all distinct colours."""
    everything = _Cloud(histogram.colors.astype(np.float64), histogram.counts)
    wanted = max(_MIN_CELLS, _CELLS_PER_COLOR * colors)
    for bits in range(_COARSEST_BITS, 8):
        coarse = _gridded(histogram, bits)
        if len(coarse.points) >= wanted:
            finer = [_gridded(histogram, bits + 1)] if bits < 7 else []
            return [coarse, *finer, everything]
    return [everything]


def _gridded(histogram: ColorHistogram, bits: int) -> _Cloud:
    """Return the mean colour and the weight of every cell of a grid of 2**bits cells a side."""
    colors = histogram.colors >> (8 - bits)
    cells = colors @ (1 << np.array([2 * bits, bits, 0]))
    weights = weight_sums(cells, histogram.counts, 1 << 3 * bits)
    occupied = np.flatnonzero(weights)
    sums = _sums(cells, histogram.colors * histogram.counts[:, np.newaxis], len(weights))
    weights = weights[occupied]
    return _Cloud(sums[occupied] / weights[:, np.newaxis], weights)


def _sums(labels: npt.NDArray[np.integer[Any]], vectors: FloatArray, groups: int) -> FloatArray:
    """Return the sum of the vectors of each label: shape (groups, d)."""
    return np.stack([weight_sums(labels, column, groups) for column in vectors.T], axis=1)


# --- k-means ---

_STARTING_ITERATIONS = 8
_REFINING_ITERATIONS = 5
_START_WORK = 64  # k-means++ starts times palette colours


def _lloyd(cloud: _Cloud, centers: FloatArray, iterations: int) -> _Clusters:
    """Run Lloyd's algorithm from given centres: scikit-learn's, on one thread, so that it is repeatable."""
    engine = KMeans(len(centers), init=centers, n_init=1, max_iter=iterations, tol=0)
    with warnings.catch_warnings():
        # Fewer distinct points than clusters, or iterations used up: both are dealt with later.
        warnings.simplefilter("ignore", ConvergenceWarning)
        engine.fit(cloud.points, sample_weight=cloud.weights)
    return _Clusters(engine.cluster_centers_, engine.labels_, float(engine.inertia_))


def _best_start(cloud: _Cloud, colors: int, seed: int) -> _Clusters:
    """Return the best of several k-means++ starts: the fewer the colours, the more starts it takes."""
    starts = max(1, _START_WORK // colors)
    candidates = []
    for start in range(starts):
        centers, _ = kmeans_plusplus(
            cloud.points,
            colors,
            sample_weight=cloud.weights,
            random_state=np.random.RandomState([seed, start]),
        )
        candidates.append(_lloyd(cloud, centers, _STARTING_ITERATIONS))
    return min(candidates, key=lambda clusters: clusters.inertia)


# --- moving palette colours to where they are needed ---

_TRIAL_ITERATIONS = 4
_LAST_TRIALS = 4  # single moves that may fail before the search ends
_WORTHWHILE = 1 - 1e-6  # of the inertia, at the most, is to be left after a move


@dataclass(frozen=True)
class _Market:
    """What each cluster costs to give up, and what it gains by a second palette colour."""

    costs: FloatArray  # (k,), inertia added if the centre goes and its points fall to their second nearest
    gains: FloatArray  # (k,), inertia saved if the cluster is cut in two
    halves: FloatArray  # (k, 2, 3), the centres of the two
    heirs: Labels  # (n,), the second nearest centre of each point


_Move = tuple[int, int]  # (cluster given up, cluster cut in two)


def _relocated(cloud: _Cloud, clusters: _Clusters, progress: Progress) -> _Clusters:
    """Give up clusters and cut others in two, many at a time at first, as long as the inertia falls."""
    batch = max(1, len(clusters.centers) // 4)
    first = clusters.inertia
    while True:
        market = _market(cloud, clusters)
        for moves in _trials(market, clusters, batch):
            trial = _lloyd(cloud, _moved(clusters.centers, market, moves), _TRIAL_ITERATIONS)
            if trial.inertia < clusters.inertia * _WORTHWHILE:
                clusters, batch = trial, len(moves)
                break
        else:
            return clusters
        progress(1 - clusters.inertia / first, "improving the palette")


def _market(cloud: _Cloud, clusters: _Clusters) -> _Market:
    """Value every cluster. A cut is made at its mean, across its longest axis."""
    points, weights, labels = cloud.points, cloud.weights, clusters.labels
    k = len(clusters.centers)
    rows = np.arange(len(points))
    distances = (clusters.centers**2).sum(axis=1) - 2 * points @ clusters.centers.T
    own = distances[rows, labels]
    distances[rows, labels] = np.inf
    heirs = distances.argmin(axis=1).astype(np.int32)
    costs = weight_sums(labels, weights * (distances[rows, heirs] - own), k)

    populations = weight_sums(labels, weights, k)
    means = _sums(labels, points * weights[:, np.newaxis], k) / _nonzero(populations)
    offsets = points - means[labels]
    products = offsets[:, _ROW] * offsets[:, _COLUMN] * weights[:, np.newaxis]
    covariances = _sums(labels, products, k).reshape(k, 3, 3)
    axes = np.linalg.eigh(covariances)[1][:, :, -1]
    side = labels * 2 + (np.einsum("nc,nc->n", offsets, axes[labels]) > 0)
    half_populations = weight_sums(side, weights, 2 * k)
    shifts = _sums(side, offsets * weights[:, np.newaxis], 2 * k) / _nonzero(half_populations)
    gains = (half_populations * (shifts**2).sum(axis=1)).reshape(k, 2).sum(axis=1)
    halves = means[:, np.newaxis] + shifts.reshape(k, 2, 3)
    return _Market(costs, gains, halves, heirs)


_ROW, _COLUMN = np.divmod(np.arange(9), 3)  # of the entries of a 3 x 3 matrix


def _nonzero(populations: FloatArray) -> FloatArray:
    """Return populations as a column to divide by; nothing divided by an empty one stays nothing."""
    return np.where(populations > 0, populations, 1)[:, np.newaxis]


def _trials(market: _Market, clusters: _Clusters, batch: int) -> Iterator[list[_Move]]:
    """Yield sets of moves to try: as many as `batch` together, then fewer, then other single ones."""
    moves = _independent_moves(market, clusters, batch)
    size = len(moves)
    while size > 0:
        yield moves[:size]
        size //= 2
    cheap = np.argsort(market.costs, kind="stable")[:_LAST_TRIALS]
    needy = np.argsort(-market.gains, kind="stable")[:_LAST_TRIALS]
    singles = [(int(given), int(cut)) for given in cheap for cut in needy if given != cut]
    singles.sort(key=lambda move: market.costs[move[0]] - market.gains[move[1]])
    for move in singles[:_LAST_TRIALS]:
        if [move] != moves[:1]:
            yield [move]


def _independent_moves(market: _Market, clusters: _Clusters, most: int) -> list[_Move]:
    """Pair the cheapest clusters with the neediest, none of which touches another pair."""
    free = np.ones(len(market.costs), bool)
    needy = iter(np.argsort(-market.gains, kind="stable"))
    moves: list[_Move] = []
    for given in np.argsort(market.costs, kind="stable"):
        if len(moves) == most:
            break
        if not free[given]:
            continue
        free[given] = False
        cut = next((candidate for candidate in needy if free[candidate]), None)
        if cut is None or market.gains[cut] <= market.costs[given]:
            break
        free[cut] = False
        free[market.heirs[clusters.labels == given]] = False
        moves.append((int(given), int(cut)))
    return moves


def _moved(centers: FloatArray, market: _Market, moves: list[_Move]) -> FloatArray:
    """Return the centres after some moves."""
    centers = centers.copy()
    for given, cut in moves:
        centers[[given, cut]] = market.halves[cut]
    return centers


# --- from centres to a palette ---


def _completed(colors: UInt8Array, histogram: ColorHistogram, count: int) -> UInt8Array:
    """Return exactly `count` distinct colours, each the nearest of some colour of the histogram.

    Rounded centres may coincide, and a centre may have lost its last point. Such entries are replaced by
    the colours that suffer most. Every turn lowers the inertia, so there is a last one.
    """
    while True:
        colors = to_colors(np.unique(to_codes(colors)))
        indices = nearest(histogram.colors, colors)
        colors = colors[np.bincount(indices, minlength=len(colors)) > 0]
        missing = count - len(colors)
        if missing == 0:
            return colors
        indices = nearest(histogram.colors, colors)
        errors = squared_distances(histogram.colors, colors[indices]) * histogram.counts
        worst = np.argsort(-errors, kind="stable")[:missing]
        colors = np.concatenate([colors, histogram.colors[worst]])


def _ordered(colors: UInt8Array, histogram: ColorHistogram) -> Palette:
    """Return the palette of some colours, by population, then red, green, blue."""
    palette = Palette(to_colors(np.sort(to_codes(colors)))).measured(histogram)
    order = np.argsort(-palette.populations, kind="stable")
    return Palette(palette.colors[order], palette.populations[order], palette.inertia)
