"""Weighted k-means over a histogram: the palette that rebuilds a texture with the least error.

Weighting a distinct colour by its count gives k-means the objective that all texels would, at a small part
of the work. What matters more than anything else is the start (one random start is up to 42 % worse than a
good one), so that most of the work is done where it costs little:

1. The colours are averaged over the cells of a grid, coarse at first.
2. On the coarsest, scikit-learn's KMeans takes the best of a few k-means++ starts.
3. Palette colours that are hardly missed are moved to where they are needed most, as long as that helps.
4. The result is refined on finer grids, and at last on all distinct colours.

References
----------
Lloyd, S. P. (1982), Least squares quantization in PCM, IEEE Trans. Inf. Theory 28(2),
doi:10.1109/TIT.1982.1056489.
Arthur, D. and Vassilvitskii, S. (2007), k-means++: the advantages of careful seeding, SODA '07.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.clustering.grids import Pyramid
from rgbcloud.clustering.lloyd import Points, refine, to_levels, to_palette, to_steps
from rgbcloud.clustering.relocation import relocate
from rgbcloud.clustering.samples import Samples, Settled
from rgbcloud.clustering.starts import best_start
from rgbcloud.color.codes import to_codes, to_colors
from rgbcloud.color.distance import AnySpace, working_space
from rgbcloud.color.nearest import nearest_and_distance
from rgbcloud.errors import InvalidArgumentError, check_choice
from rgbcloud.palettes.palette import Palette, hex_to_colors, measured
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.settings import (
    EFFORT_NAMES,
    EffortName,
    check_colors,
    check_part,
    check_seed,
    checked_locked,
)
from rgbcloud.threads import SingleThreadedPools

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.counting.histogram import ColorHistogram


class Effort(NamedTuple):
    """How far to go. Points are given as (at the least, per palette colour)."""

    searches: int  # whole searches, of which the best one counts, times palette colours
    starting_points: tuple[int, int]
    starts: int  # k-means++ starts in each search, times palette colours
    moving_points: tuple[int, int]
    moves: int  # sets of moves to try
    refining_points: tuple[int, int]
    refining_iterations: int
    last_work: int  # distances to compute on all distinct colours
    last_iterations: int


_EFFORTS: dict[EffortName, Effort] = {
    "normal": Effort(1, (500, 4), 64, (2_000, 32), 8, (40_000, 200), 3, 16_000_000, 5),
    "best": Effort(32, (500, 16), 32, (12_000, 128), 200, (20_000, 400), 40, 1 << 62, 4),
}


_NONE_LOCKED = np.empty((0, 3), np.uint8)
_NONE_FIXED = np.empty((0, 3), np.float64)


class Clustering(NamedTuple):
    """A palette and where each colour of the histogram belongs."""

    palette: Palette
    labels: UInt8Array  # (n,), the palette colour of each distinct colour


def cluster(
    histogram: ColorHistogram,
    colors: int,
    *,
    seed: int = 0,
    effort: EffortName = "normal",
    locked: Sequence[str] = (),
    weight_power: float = 1.0,
    space: AnySpace = "srgb",
    progress: Progress = silent,
) -> Palette:
    """Return the palette that k-means finds for a histogram.

    Parameters
    ----------
    histogram : ColorHistogram
        Of one texture, or of several that are to share a palette.
    colors : int
        How many colours the palette shall have, 1 to 256.
    seed : int, default 0
        Of the random k-means++ starts, 0 to 2**32 - 1.
    effort : {"normal", "best"}
        "best" takes several times as long for an error that is a percent or two smaller.
    locked : sequence of str
        Distinct colours like ``"#ff8000"`` that shall be in the palette as they are, at most `colors`:
        k-means finds the rest.
    weight_power : float, default 1
        A colour weighs its count to this power, 0 to 1: the lower, the more rare colours weigh.
    space : {"srgb", "linear", "oklab", "cielab"} or WorkingSpace
        What distances and means are taken in.
    progress : Progress
        Told after every step.

    Returns
    -------
    Palette
        Exactly `colors` distinct colours: the locked ones in their order, then others, every one of which
        is the nearest of some colour in the histogram, ordered by population, largest first, equal ones by
        red, green, blue. Fewer, if there are no more in the histogram and among the locked ones.

    Raises
    ------
    InvalidArgumentError
        If an argument is none of the above, or the histogram is empty.

    Notes
    -----
    Deterministic: the same histogram, number and seed give the same palette with any number of threads.
    Distances are Euclidean in the space.

    Examples
    --------
    >>> import numpy as np
    >>> from rgbcloud import ColorHistogram
    >>> ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    >>> cluster(ColorHistogram.from_array(ramp), 2).to_hex()
    ['#404040', '#c0c0c0']
    """
    return clustered(
        histogram,
        colors,
        seed=seed,
        effort=effort,
        locked=locked,
        weight_power=weight_power,
        space=space,
        progress=progress,
    ).palette


@SingleThreadedPools()
def clustered(
    histogram: ColorHistogram,
    colors: int,
    *,
    seed: int = 0,
    effort: EffortName = "normal",
    locked: Sequence[str] = (),
    weight_power: float = 1.0,
    space: AnySpace = "srgb",
    progress: Progress = silent,
) -> Clustering:
    """Return what `cluster` returns, and the index of the nearest palette colour of every distinct one."""
    check_colors(colors)
    check_seed(seed)
    check_choice("effort", effort, EFFORT_NAMES)
    check_part("weight_power", weight_power)
    check_not_empty(histogram)
    fixed = hex_to_colors(checked_locked(locked, colors))
    voters = histogram if weight_power == 1 else histogram.weighted(weight_power)
    space = working_space(space)
    if not space.is_stored:
        samples = Samples.of(voters, space, fixed)
        values, labels, _ = settled(samples, colors, seed=seed, effort=effort, progress=progress)
        return Clustering(measured(values, histogram, labels), labels)
    if _distinct(histogram, fixed) <= colors:
        palette = np.concatenate([fixed, histogram.colors])
    else:
        part = portion(progress, 0.0, 0.9)
        effort_values = _EFFORTS[effort]
        centers = _centers(Pyramid(voters), colors, seed, effort_values, part, fixed=_steps_of(fixed))
        palette = to_palette(centers)
    found = completed(palette, voters, colors, fixed)
    if voters is not histogram:
        found = Clustering(measured(found.palette.colors, histogram, found.labels), found.labels)
    result = ordered(found, fixed)
    progress(1.0, "refining the palette")
    return result


def _distinct(histogram: ColorHistogram, locked: UInt8Array) -> int:
    """Return how many colours there are in a histogram and among the locked ones."""
    codes = np.unique(to_codes(locked))
    place = np.searchsorted(histogram.codes, codes).clip(max=len(histogram) - 1)
    return len(histogram) + int((histogram.codes[place] != codes).sum())


def _steps_of(colors: UInt8Array) -> FloatArray:
    return to_steps(colors.astype(np.float64))


@SingleThreadedPools()
def settled(
    samples: Samples, colors: int, *, seed: int, effort: EffortName, progress: Progress = silent
) -> Settled:
    """Return the palette values that k-means finds for samples in their working space, at least one of them.

    As many as asked for, or as can be told apart: fixed ones first, others by population; see `cluster`.
    """
    if samples.distinct <= colors:
        result = samples.completed(samples.values, colors)
    else:
        part = portion(progress, 0.0, 0.9)
        fixed = samples.fixed_steps()
        centers = _centers(samples.pyramid(), colors, seed, _EFFORTS[effort], part, fixed=fixed)
        result = samples.settled(centers, colors)
    progress(1.0, "refining the palette")
    return result


def check_not_empty(histogram: ColorHistogram) -> None:
    """Raise `InvalidArgumentError` where there is no colour in a histogram."""
    if len(histogram) == 0:
        msg = "there is no colour to cluster: every texel is fully transparent or masked"
        raise InvalidArgumentError(msg)


def _centers(
    pyramid: Pyramid, colors: int, seed: int, effort: Effort, progress: Progress, *, fixed: FloatArray
) -> FloatArray:
    """Return the centres that the given effort finds, in whole steps, the fixed ones first."""
    centers = searched(pyramid, colors, seed, effort, progress, fixed=fixed)
    points = pyramid.at_least(_points(effort.refining_points, colors))
    centers, _ = refine(points, centers, effort.refining_iterations, fixed=len(fixed))
    progress(0.8, "refining the palette")
    work = len(pyramid) * (colors + _WORK_PER_POINT)
    iterations = min(effort.last_iterations, effort.last_work // work)
    if iterations:
        centers, _ = refine(pyramid.everything(), centers, iterations, fixed=len(fixed))
    progress(1.0, "refining the palette")
    return centers


def _points(wanted: tuple[int, int], colors: int) -> int:
    least, per_color = wanted
    return max(least, per_color * colors)


def searched(
    pyramid: Pyramid,
    colors: int,
    seed: int,
    effort: Effort,
    progress: Progress,
    *,
    fixed: FloatArray = _NONE_FIXED,
) -> FloatArray:
    """Return the best of some searches, each of which starts on coarse points and moves on finer ones."""
    coarse = pyramid.at_least(_points(effort.starting_points, colors))
    fine = pyramid.at_least(_points(effort.moving_points, colors))
    random = np.random.RandomState(seed)
    searches = min(_MOST_SEARCHES, max(1, effort.searches // colors))
    found = []
    for search in range(searches):
        part = portion(progress, 0.7 * search / searches, 0.7 * (search + 1) / searches)
        centers = _with_fixed(_start(coarse, colors, effort.starts, random), fixed)
        part(0.3, "clustering")
        centers = relocate(fine, centers, effort.moves, portion(part, 0.3, 1.0), fixed=len(fixed))
        found.append(refine(fine, centers, 1, fixed=len(fixed)))
    return min(found, key=operator.itemgetter(1))[0]


def _with_fixed(centers: FloatArray, fixed: FloatArray) -> FloatArray:
    """Return as many centres, the fixed ones first: each takes the place of one that is near to it."""
    if not len(fixed):
        return centers
    from scipy.optimize import linear_sum_assignment  # it takes a while to import

    far = ((fixed[:, np.newaxis] - centers) ** 2).sum(axis=2)
    return np.concatenate([fixed, np.delete(centers, linear_sum_assignment(far)[1], axis=0)])


_MOST_SEARCHES = 3
_WORK_PER_POINT = 32  # what else an iteration does to a point, in distances that take as long


def _start(points: Points, colors: int, starts: int, random: np.random.RandomState) -> FloatArray:
    """Return the best of several k-means++ starts: the fewer the colours, the more starts it takes."""
    levels = to_levels(points.coordinates[:, :3])
    return to_steps(best_start(levels, points.weights, colors, max(1, starts // colors), random))


def completed(
    colors: UInt8Array, histogram: ColorHistogram, count: int, locked: UInt8Array = _NONE_LOCKED
) -> Clustering:
    """Return `count` distinct colours, or as many as there are, each the nearest of some in the histogram.

    Rounded centres may coincide, and a centre may have lost its last point. Such entries are replaced by
    the colours that suffer most. Every turn lowers the inertia, so there is a last one. Locked colours stay
    even if no colour is nearest to them.
    """
    kept = np.unique(to_codes(locked))
    count = min(count, _distinct(histogram, locked))
    while True:
        codes = np.union1d(to_codes(colors), kept)
        colors = to_colors(codes)
        labels, distances = nearest_and_distance(histogram.colors, colors)
        stays = (np.bincount(labels, minlength=len(colors)) > 0) | np.isin(codes, kept)
        if stays.all() and len(colors) == count:
            return Clustering(measured(colors, histogram, labels, distances), labels)
        # Without those that go every colour keeps its nearest.
        worst = np.argsort(-distances * histogram.coverage, kind="stable")[: count - stays.sum()]
        colors = np.concatenate([colors[stays], histogram.colors[worst]])


def ordered(clustering: Clustering, locked: UInt8Array = _NONE_LOCKED) -> Clustering:
    """Return the same, the locked colours first, others by population, then red, green, blue."""
    palette = clustering.palette
    place = {int(code): place for place, code in enumerate(to_codes(locked))}
    places = np.array([place.get(int(code), len(place)) for code in to_codes(palette.colors)])
    order = np.lexsort((-palette.populations, places))
    rank = np.empty(len(order), np.uint8)
    rank[order] = np.arange(len(order))
    return Clustering(
        Palette(palette.colors[order], palette.populations[order], palette.inertia), rank[clustering.labels]
    )
