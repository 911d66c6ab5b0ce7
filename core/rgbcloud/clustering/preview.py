"""Palettes while a slider moves: any number of colours at once, and the error at every number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.clustering.cluster import (
    Clustering,
    Effort,
    check_not_empty,
    is_steady,
    order_clusters,
    search_centers,
    steady_centers,
)
from rgbcloud.clustering.grids import GridPyramid
from rgbcloud.clustering.lloyd import refine, to_palette
from rgbcloud.clustering.relocation import relocate, split
from rgbcloud.clustering.samples import Samples
from rgbcloud.color.codes import FloatArray, to_codes, to_colors, weight_sums
from rgbcloud.color.distance import DistanceSpace
from rgbcloud.color.nearest import nearest, squared_distances
from rgbcloud.counting.histogram import OPAQUE, ColorHistogram
from rgbcloud.fields import check_value
from rgbcloud.palettes.palette import measure_palette
from rgbcloud.progress import Progress, silent
from rgbcloud.settings import MAX_COLORS, field_of
from rgbcloud.threads import SingleThreadedPools

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud.palettes.palette import Palette

_CELLS = 16_000  # colours that stand for all
_SEARCHED = 32  # palettes up to this size are searched for afresh, larger ones grow out of each other
_SEARCH = Effort(1, 0, (300, 4), 32, (1_000, 16), 5, (0, 0), 0, 0, 0)
STAGES = (2, 3, 4, 6, 8, 11, 16, 23, 32, 40, 50, 63, 78, 98, 110, 123, 138, 154, 173, 194, 223, 256)
_GROWING_POINTS = 8_000
_TRIALS = 3
_ITERATIONS = 2


class Preview:
    """A histogram made ready for quick palettes of any size.

    It works on the mean colours of some 16,000 cells. Palettes come close to those of `cluster` (their
    error on photographs is within 3 % of it), at a small part of the time; what is saved to a file should
    come from `cluster`.

    Parameters
    ----------
    histogram : ColorHistogram
        Not empty.
    seed : int, default 0
        As in `cluster`.
    stages : sequence of int
        The numbers of colours of the palettes that the others grow out of, rising: fewer are sooner there.
    cells : int
        About how many.
    progress : Progress
        Told after each of the stages; it takes about half a second.

    Raises
    ------
    InvalidArgumentError
        If the histogram is empty or the seed out of range.
    """

    @SingleThreadedPools()
    def __init__(
        self,
        histogram: ColorHistogram,
        *,
        seed: int = 0,
        stages: Sequence[int] = STAGES,
        cells: int = _CELLS,
        progress: Progress = silent,
    ) -> None:
        check_value(field_of("seed"), seed)
        check_not_empty(histogram)
        self._histogram = histogram
        self._seed = seed
        self._cells, lost = _mean_colors(histogram, cells)
        self._pyramid = GridPyramid(self._cells.colors, self._cells.coverage.astype(np.float64))
        self._centers: dict[int, FloatArray] = {}
        self._last: tuple[Samples, GridPyramid] | None = None  # of the space that was asked for last
        errors = []
        stages = [stage for stage in stages if stage < len(self._cells)]
        for number, stage in enumerate(stages, start=1):
            self._centers[stage] = (
                self._split_centers(stage)
                if stage > _SEARCHED
                else search_centers(self._pyramid, stage, seed, _SEARCH, silent)
            )
            palette = to_palette(self._centers[stage])
            colors = self._cells.colors
            distances = squared_distances(colors, palette, nearest(colors, palette))
            errors.append((distances * self._cells.coverage).sum() / OPAQUE + lost)
            progress(number / len(stages), "preparing the preview")
        self._stages = np.array(stages)
        self._errors = np.array(errors) / histogram.total

    @property
    def errors(self) -> FloatArray:
        """MSE of palettes of 2 … 256 colours, as in `Report`: ndarray of shape (255,), float64.

        Computed for the stages, interpolated between them (in logarithms, in which the curve is almost
        straight), and some percent too high for large palettes; 0 where a palette holds every colour.
        """
        sizes = np.arange(2, MAX_COLORS + 1)
        exact = sizes >= len(self._histogram)
        if not len(self._stages):
            return np.zeros(len(sizes))
        # Distinct colours fewer than the last stage: from there on straight down to nothing.
        known = np.log(np.maximum(self._errors, np.finfo(float).tiny))
        errors: FloatArray = np.exp(np.interp(np.log(sizes), np.log(self._stages), known))
        return np.where(exact, 0.0, errors)

    @SingleThreadedPools()
    def palette(self, colors: int, space: DistanceSpace | None = None) -> Palette:
        """Return a palette of 1 to 256 colours, or of all colours there are if these are fewer.

        Parameters
        ----------
        colors : int
        space : DistanceSpace, optional
            Where distances are taken, sRGB if left out. Another one takes some times as long.

        Returns
        -------
        Palette
            Ordered like that of `cluster`; populations and inertia are those of the cells' mean colours.

        Raises
        ------
        InvalidArgumentError
            If `colors` is out of range.
        """
        check_value(field_of("colors"), colors)
        samples, pyramid = self._in_space(space or DistanceSpace())
        if len(self._cells) <= colors:
            found = samples.fill_up(self._cells.colors, colors)
        else:
            is_known = samples.space.is_stored and (colors > _SEARCHED or colors in self._centers)
            points, centers = pyramid.everything(), None
            if is_known:
                centers = self._split_centers(colors)
            elif is_steady(samples, colors, self._seed):  # as `cluster` does then
                centers = steady_centers(points, colors, _SEARCH, silent)
            if centers is None:
                centers = search_centers(pyramid, colors, self._seed, _SEARCH, silent)
            centers, _ = refine(points, centers, _ITERATIONS)
            found = samples.assign(centers, colors)
        palette = measure_palette(found.values, self._cells, found.labels, samples.space, "color")
        return order_clusters(Clustering(palette, found.labels)).palette

    def _in_space(self, space: DistanceSpace) -> tuple[Samples, GridPyramid]:
        if self._last is None or self._last[0].space != space:
            samples = Samples.of(self._cells, space, np.empty((0, 3), np.uint8))
            self._last = samples, self._pyramid if space.is_stored else samples.pyramid()
        return self._last

    def _split_centers(self, colors: int) -> FloatArray:
        """Return the centres of the next smaller stage, with as many cut in two as are missing."""
        if colors in self._centers:
            return self._centers[colors]
        smaller = max(stage for stage in self._centers if stage < colors)
        points = self._pyramid.at_least(_GROWING_POINTS)
        centers = split(points, self._centers[smaller], colors - smaller)
        centers, _ = refine(points, centers, _ITERATIONS)
        return relocate(points, centers, _TRIALS if colors in STAGES else 1, silent)


def _mean_colors(histogram: ColorHistogram, count: int) -> tuple[ColorHistogram, float]:
    """Return a histogram of the mean colours of cells, and the inertia that is lost within these."""
    pyramid = GridPyramid(histogram.colors, histogram.coverage.astype(np.float64))
    points = pyramid.at_least(count)
    if len(points) == len(histogram):
        return histogram, 0.0
    codes, cells = np.unique(to_codes(to_palette(points.coordinates[:3].T)), return_inverse=True)
    weights = weight_sums(cells, points.weights, len(codes))
    lost = (pyramid.everything().spread - points.spread) / OPAQUE
    return ColorHistogram(to_colors(codes), weights / OPAQUE), lost
