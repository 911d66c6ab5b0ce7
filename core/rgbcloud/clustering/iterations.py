"""How k-means finds a palette: what each of Lloyd's iterations makes of a plain start, to be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.clustering.grids import GridPyramid
from rgbcloud.clustering.lloyd import refine, to_palette, to_steps
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.fields import check_value
from rgbcloud.palettes.palette import Palette
from rgbcloud.progress import Progress, silent
from rgbcloud.settings import field_of

if TYPE_CHECKING:
    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.counting.histogram import ColorHistogram

_POINTS = 4_000  # what an animation needs no more than


def iterations(
    histogram: ColorHistogram,
    colors: int,
    *,
    seed: int = 0,
    start: Palette | None = None,
    most: int = 20,
    progress: Progress = silent,
) -> list[Palette]:
    """Return the palettes that Lloyd's iterations go through, from random colours to where they rest.

    `cluster` starts better and goes further; this shows how the algorithm works.

    Parameters
    ----------
    histogram : ColorHistogram
    colors : int
        How many colours the palettes have, 1 to 256; fewer if the histogram has fewer.
    seed : int, default 0
        Of the random start, 0 to 2**32 - 1.
    start : Palette, optional
        Of `colors` colours: where to start instead.
    most : int, default 20
        How many palettes to return at the most, at least 1.
    progress : Progress
        Told after every iteration.

    Returns
    -------
    list of Palette
        The start first. A colour has the same index in all of them: its path can be followed. The colours of
        the last one are ordered by population, largest first. Each palette is measured on the histogram.

    Raises
    ------
    InvalidArgumentError
        If `colors`, `seed`, `start` or `most` is none of the above, or the histogram is empty.

    Notes
    -----
    The start takes distinct colours of the histogram at random, a colour with as many votes as it has texels
    (Forgy's method). Iterations run on the means of a coarse grid of the cube.

    References
    ----------
    Forgy, E. W. (1965), Cluster analysis of multivariate data, Biometrics 21(3), 768.

    Examples
    --------
    >>> from rgbcloud import ColorHistogram
    >>> greys = np.repeat(np.array([[0], [10], [200], [210]], np.uint8), 3, axis=1)
    >>> [palette.to_hex() for palette in iterations(ColorHistogram(greys, [1, 2, 2, 1]), 2, seed=3)]
    [['#c8c8c8', '#0a0a0a'], ['#cbcbcb', '#070707']]
    """
    check_value(field_of("colors"), colors)
    check_value(field_of("seed"), seed)
    if most < 1:
        raise InvalidArgumentError(f"most must be at least 1 iteration, got {most!r}")
    if start is not None and len(start) != colors:
        raise InvalidArgumentError(f"start must have {colors} colours, got {len(start)}")
    if len(histogram) == 0:
        raise InvalidArgumentError("there is no colour to cluster: every texel is fully transparent")
    if len(histogram) <= colors:
        return _by_last_population([Palette(histogram.colors).measure_on(histogram)])
    points = GridPyramid(histogram.colors, histogram.coverage.astype(np.float64)).at_least(_POINTS)
    first = _random_colors(histogram, colors, seed) if start is None else start.colors
    steps = [to_steps(first.astype(np.float64))]
    while len(steps) < most:
        moved, _ = refine(points, steps[-1], 1)
        progress(len(steps) / most, "following k-means")
        if np.array_equal(moved, steps[-1]):
            break
        steps.append(moved)
    palettes = [Palette(to_palette(centers)).measure_on(histogram) for centers in steps]
    progress(1.0, "following k-means")
    return _by_last_population(palettes)


def _random_colors(histogram: ColorHistogram, colors: int, seed: int) -> UInt8Array:
    """Return random distinct colours."""
    random = np.random.RandomState(seed)
    votes = histogram.counts / histogram.total
    chosen = random.choice(len(histogram), colors, replace=False, p=votes)
    return histogram.colors[chosen]


def _by_last_population(palettes: list[Palette]) -> list[Palette]:
    order = np.argsort(-palettes[-1].populations, kind="stable")
    return [palette.take(order) for palette in palettes]
