"""Weighted k-means over a histogram: the palette that rebuilds a texture with the least error.

Weighting a distinct colour by its count gives k-means the objective that all texels would, at a small part
of the work. What matters more than anything else is the start (one random start is up to 42 % worse than a
good one), so that most of the work is done where it costs little:

1. The colours are averaged over the cells of a grid, coarse at first.
2. On the coarsest, the best of a few k-means++ starts is taken.
3. Palette colours that are hardly missed are moved to where they are needed most, as long as that helps.
4. The result is refined on finer grids, and at last on all distinct colours.

Where a picture may be stored in other numbers, as in other primaries, no start is drawn and colours are
shared among the nodes of a lattice: what each way of storing them has rounded would be enough to find
another palette. That holds for a few colours; of many, palettes as good as each other are too many.

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

from rgbcloud.clustering.grids import spread
from rgbcloud.clustering.lloyd import refine
from rgbcloud.clustering.relocation import relocate, relocate_steadily
from rgbcloud.clustering.samples import Samples
from rgbcloud.clustering.starts import best_starts, random_numbers, steady_start
from rgbcloud.color.color_space import SRGB
from rgbcloud.color.distance import DistanceSpace
from rgbcloud.counting.kind import asked_color_space
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.palettes.palette import Palette, hex_to_colors, measure_palette, nearest_in_space, stored_in
from rgbcloud.progress import Progress, portion, portions, silent
from rgbcloud.settings import MAX_COLORS, EffortName, KindName, Settings
from rgbcloud.threads import SingleThreadedPools

if TYPE_CHECKING:
    from rgbcloud.clustering.grids import GridPyramid
    from rgbcloud.clustering.lloyd import Points
    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.color.distance import StoredArray
    from rgbcloud.counting.value_histogram import Histogram


class Effort(NamedTuple):
    """How far to go. Points are given as (at the least, per palette colour)."""

    most_searches: int  # whole searches, of which the best one counts
    search_work: int  # points times palette colours in all of them, beyond the first one
    starting_points: tuple[int, int]
    starts: int  # k-means++ starts, times palette colours; of several searches twice as many for each
    moving_points: tuple[int, int]
    moves: int  # sets of moves to try
    refining_points: tuple[int, int]
    refining_iterations: int
    last_work: int  # distances to compute on all distinct colours
    last_iterations: int


_EFFORTS: dict[EffortName, Effort] = {
    "normal": Effort(2, 32_000, (500, 2), 64, (6_000, 40), 12, (40_000, 200), 4, 16_000_000, 5),
    "best": Effort(10, 2_400_000, (500, 4), 64, (12_000, 128), 200, (20_000, 400), 40, 1 << 62, 4),
}


_STEADY_COLORS = 16
_STEADY_POINTS = 3000
_MOST_BLUR = 0.25  # of the inertia, that the nodes of a lattice may have added
_FEW_POINTS = 12_000  # which are searched as they are
_STEADY_POWERS = (1.0, 0.5)  # of the weights, for one start each
_LINE_WORK = 1 << 20  # values times clusters on a line, which take a second or two
_NONE_FIXED = np.empty((0, 3), np.float64)


class Clustering(NamedTuple):
    """A palette, measured, and where each distinct value of the histogram belongs."""

    palette: Palette
    labels: UInt8Array  # (n,)


def cluster(
    histogram: Histogram,
    settings: Settings | int,
    space: DistanceSpace | None = None,
    *,
    progress: Progress = silent,
) -> Palette:
    """Return the palette that k-means finds for a histogram.

    Parameters
    ----------
    histogram : ColorHistogram or ValueHistogram
        Of one texture, or of several that are to share a palette.
    settings : Settings or int
        `colors`, `seed`, `effort`, `locked` and `weight_power` count; a number is that of the colours.
    space : DistanceSpace, optional
        What distances and means are taken in; as the settings say if left out.
    progress : Progress
        Told after every step.

    Returns
    -------
    Palette
        Exactly as many distinct colours as asked for: the locked ones in their order, then others, every one
        of which is the nearest of some value in the histogram, ordered by population, largest first, equal
        ones by red, green, blue. Fewer, if no more can be told apart in the histogram and among the locked
        ones.

    Raises
    ------
    InvalidArgumentError
        If an argument is none of the above, or the histogram is empty.

    Notes
    -----
    Deterministic: the same histogram, settings and space give the same palette with any number of threads.
    Distances are Euclidean in the space.

    Examples
    --------
    >>> import numpy as np
    >>> from rgbcloud import ColorHistogram
    >>> ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    >>> cluster(ColorHistogram.from_array(ramp), 2).to_hex()
    ['#3f3f3f', '#bfbfbf']
    """
    settings = settings if isinstance(settings, Settings) else Settings(settings)
    if space is None:
        space = DistanceSpace(
            settings.space, color_space=asked_color_space(settings) or SRGB, dtype=histogram.dtype
        )
    return clustering_of(histogram, settings, space, progress=progress).palette


@SingleThreadedPools()
def clustering_of(
    histogram: Histogram,
    settings: Settings,
    space: DistanceSpace,
    kind: KindName = "color",
    *,
    progress: Progress = silent,
) -> Clustering:
    """Return what `cluster` returns, and the palette index of every distinct value.

    Of labels the palette is not clustered: a label must come out as the very number that went in. The most
    frequent ones are taken, equal ones by red, green, blue. Should there be more labels than colours, texels
    of the others take the nearest of those kept, as antialiased edges want it. Values on a line, such as
    greys, are clustered as well as can be; see `rgbcloud.clustering.line`.
    """
    check_not_empty(histogram)
    voters = histogram if settings.weight_power == 1 else histogram.raise_counts(settings.weight_power)
    samples = Samples.of(voters, space, stored_in(hex_to_colors(settings.locked), space))
    if kind == "labels":
        values = _most_frequent(samples, settings.colors)
        labels = nearest_in_space(histogram.values, values, space)
        return Clustering(measure_palette(values, histogram, labels, space, kind), labels)
    if len(samples.fixed) == settings.colors:
        found = samples.fill_up(samples.fixed, settings.colors)
    elif samples.has_at_most(settings.colors):
        found = samples.fill_up(samples.values, settings.colors)
    else:
        on_line = None if kind == "normal" else _labels_on_line(samples, settings.colors)
        if on_line is None:
            centers = _centers(samples, settings, portion(progress, 0.0, 0.9))
            found = samples.assign(centers, settings.colors)
        else:
            found = samples.assign_means(on_line, settings.colors)
    palette = measure_palette(found.values, histogram, found.labels, space, kind)
    result = order_clusters(Clustering(palette, found.labels), samples.fixed)
    progress(1.0, "refining the palette")
    return result


def _labels_on_line(samples: Samples, count: int) -> UInt8Array | None:
    """Return the best cluster of each sample where all lie on a line, as greys do; else None."""
    if len(samples.fixed) or len(samples) * count > _LINE_WORK:
        return None
    from rgbcloud.clustering.line import clusters_on_line, places_on_line  # which takes a while

    places = places_on_line(samples.coordinates)
    if places is None:
        return None
    step = None
    if samples.space.is_stored and (samples.values == samples.values[:, :1]).all():
        places, step = samples.values[:, 0].astype(np.float64), 1.0  # palettes hold whole levels
    labels = clusters_on_line(places, samples.coverage.astype(np.float64), count, step=step)
    return labels.astype(np.uint8)


def _most_frequent(samples: Samples, count: int) -> StoredArray:
    """Return the fixed values and those that most texels have."""
    free = np.flatnonzero(~samples.is_fixed(samples.values))
    columns = samples.values[free].T[::-1]
    order = free[np.lexsort((*columns, -samples.coverage[free]))][: count - len(samples.fixed)]
    return np.concatenate([samples.fixed, samples.values[order]])


def check_not_empty(histogram: Histogram) -> None:
    """Raise `InvalidArgumentError` where there is no colour in a histogram."""
    if len(histogram) == 0:
        msg = "there is no colour to cluster: no texel is visible, finite and unmasked"
        raise InvalidArgumentError(msg)


def _centers(samples: Samples, settings: Settings, progress: Progress) -> FloatArray:
    """Return the centres that the given effort finds, in whole steps, the fixed ones first."""
    pyramid, fixed, colors = samples.pyramid(), samples.fixed_steps(), settings.colors
    effort = _EFFORTS[settings.effort]
    refining_points = _points(effort.refining_points, colors)
    centers = None
    if settings.effort == "normal" and is_steady(samples, colors, settings.seed):
        nearly_all = pyramid.at_least(refining_points, roughly=True)
        centers = steady_centers(nearly_all, colors, effort, progress, fixed)
    if centers is None:
        centers = search_centers(pyramid, colors, settings.seed, effort, progress, fixed=fixed)
    points = pyramid.at_least(refining_points)
    centers, _ = refine(points, centers, effort.refining_iterations, fixed=len(fixed))
    progress(0.8, "refining the palette")
    work = len(pyramid) * (colors + _WORK_PER_POINT)
    iterations = min(effort.last_iterations, effort.last_work // work)
    if iterations:
        centers, _ = refine(pyramid.everything(), centers, iterations, fixed=len(fixed))
    progress(1.0, "refining the palette")
    return centers


def is_steady(samples: Samples, colors: int, seed: int) -> bool:
    """Return whether one picture shall get one palette however it is stored.

    Stored numbers that distances are taken of as they are have no twins; a seed, or more effort, asks for
    starts that are drawn.
    """
    return seed == 0 and colors <= _STEADY_COLORS and not samples.space.is_stored


def steady_centers(
    points: Points, colors: int, effort: Effort, progress: Progress, fixed: FloatArray = _NONE_FIXED
) -> FloatArray | None:
    """Return the best of some searches of which nothing is drawn, on nodes that hardly depend on rounding.

    None where the nodes blur the colours too much: where nearly all of these lie in a few places.
    """
    coarse, fine = (
        points if len(points) <= _FEW_POINTS else spread(points, least)
        for least in (effort.starting_points[0], _STEADY_POINTS)
    )
    found = []
    for power, part in zip(_STEADY_POWERS, portions(portion(progress, 0.0, 0.7), len(_STEADY_POWERS))):
        centers = steady_start(coarse, colors, power, fixed)
        centers = relocate_steadily(fine, centers, part, fixed=len(fixed))
        found.append(refine(fine, centers, 2, fixed=len(fixed)))
    centers, inertia = min(found, key=operator.itemgetter(1))
    blur = fine.spread - points.spread * (fine.weights.sum() / points.weights.sum())
    return centers if blur <= _MOST_BLUR * inertia else None


def _points(wanted: tuple[int, int], colors: int) -> int:
    return max(wanted[0], wanted[1] * colors)


def search_centers(
    pyramid: GridPyramid,
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
    searches = min(effort.most_searches, max(1, effort.search_work // (len(fine) * colors)))
    tried = max(1, effort.starts // colors) * (2 * searches if searches > 1 else 1)
    starts = best_starts(coarse, colors, tried, searches, random_numbers(seed), fixed)
    progress(0.2, "clustering")
    found = []
    for centers, part in zip(starts, portions(portion(progress, 0.2, 0.7), searches)):
        centers = relocate(fine, centers, effort.moves, part, fixed=len(fixed))
        found.append(refine(fine, centers, 1, fixed=len(fixed)))
    return min(found, key=operator.itemgetter(1))[0]


_WORK_PER_POINT = 32  # what else an iteration does to a point, in distances that take as long


def order_clusters(clustering: Clustering, fixed: StoredArray | None = None) -> Clustering:
    """Return the same, the fixed values first, others by population, then red, green, blue."""
    palette, labels = clustering
    values = palette.values
    places = np.full(len(palette), MAX_COLORS)
    for place, value in enumerate(() if fixed is None else fixed):
        places[(values == value).all(axis=1)] = place
    order = np.lexsort((-palette.populations, places))
    rank = np.empty(len(order), np.uint8)
    rank[order] = np.arange(len(order))
    return Clustering(palette.take(order), rank[labels])
