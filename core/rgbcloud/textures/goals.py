"""How many colours are enough: for an error, for a file size, or by the knee of the curve.

A goal is sought by the very job that is written afterwards, dithering and all. Where texels get their nearest
colours, the error of the distinct colours is that of the file, which saves rebuilding it for every palette.

References
----------
Satopää, V., Albrecht, J., Irwin, D. and Raghavan, B. (2011), Finding a "kneedle" in a haystack: detecting
knee points in system behavior, ICDCS Workshops, doi:10.1109/ICDCSW.2011.20. The whole curve is known here,
so that its knee is the point farthest from the chord (their section III, without the online threshold).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Callable, NamedTuple

import numpy as np

from rgbcloud.clustering.preview import Preview
from rgbcloud.clustering.samples import Samples
from rgbcloud.color.codes import to_codes, to_colors, weight_sums
from rgbcloud.color.color_space import SRGB
from rgbcloud.counting.histogram import OPAQUE, ColorHistogram
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.mapping.mapping import dithers
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.settings import MAX_COLORS
from rgbcloud.textures.counts import Counts, Limits, count
from rgbcloud.textures.differences import Differences, of_histogram
from rgbcloud.textures.job import Plan, find_palette, reduce_image
from rgbcloud.textures.report import psnr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray
    from rgbcloud.palettes.palette import Palette
    from rgbcloud.textures.counts import AnySource
    from rgbcloud.textures.recipe import Goal, Recipe
    from rgbcloud.textures.reduction import Reduction
    from rgbcloud.textures.sets import CountedImage

_MIDDLE = 127  # of levels


def knee(errors: npt.ArrayLike) -> int:
    """Return the number of colours beyond which more of them hardly lower the error.

    Parameters
    ----------
    errors : array_like of shape (n,), float
        Of palettes of 2, 3, … n + 1 colours, falling: `Preview.errors`.

    Returns
    -------
    int
        2 to n + 1: the point of the curve that lies farthest below the line between its ends, both axes
        scaled to [0, 1].

    Examples
    --------
    >>> knee([100, 50, 10, 9, 8, 7, 6])
    4
    """
    curve = np.asarray(errors, np.float64)
    if len(curve) < 3 or curve[0] <= curve[-1]:
        return 2
    across = np.linspace(0, 1, len(curve))
    up = (curve - curve[-1]) / (curve[0] - curve[-1])
    return 2 + int(np.argmax(1 - across - up))


def palette_for(
    images: Iterable[AnySource] | AnySource | Counts,
    recipe: Recipe,
    *,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> Palette:
    """Return one palette for images: found, or the given one, measured on all of them together.

    Parameters
    ----------
    images : image file, pattern, binary file, Image, Texture, a list of these, or Counts
        From one image to ten thousand: one decoded image is in memory at a time. `Counts` of parts that were
        counted elsewhere, added up, give the same palette as the images themselves.
    recipe : Recipe
        A goal is sought among the colours alone; use `reduce` or `reduce_texture` for one that depends on the
        file or on dithering.
    limits : Limits, optional
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`.

    Returns
    -------
    Palette
        It holds the colours as the images store them, and what these hold: to be given to `Recipe.palette`.

    Raises
    ------
    ImageReadError
        If an image cannot be read.
    InvalidArgumentError
        If no texel of any image counts; if images differ in depth; if the goal cannot be reached, or cannot
        be told from the colours alone.
    """
    limits = limits or Limits()
    if not isinstance(images, Counts):
        images = count(images, recipe, limits=limits, progress=portion(progress, 0.0, 0.8))
    plan = plan_for([], images, recipe, "PNG", limits, progress=portion(progress, 0.8, 1.0))
    return plan.clustering.palette


def plan_for(
    counted: Sequence[CountedImage],
    counts: Counts,
    recipe: Recipe,
    file_format: str,
    limits: Limits,
    *,
    progress: Progress,
) -> Plan:
    """Return the palette that images are rebuilt from, of as many colours as the recipe's goal asks for.

    Parameters
    ----------
    counted : sequence of CountedImage
        Without them goals are sought among the colours alone.
    counts : Counts
        Of all of them.
    recipe : Recipe
    file_format : str
        That they are written in.
    limits : Limits
    progress : Progress
        Told after each palette that is tried.

    Returns
    -------
    Plan
        For `psnr` and `delta_e`: the palette of so many colours reaches it, and that of one less does not.
        For `max_bytes`: the file fits, and that of one colour more does not. The curve of `Preview` says
        where to look; for `knee` it is all that is needed.

    Raises
    ------
    InvalidArgumentError
        If not even 256 colours reach the error, or not even one fits into the size; if no texel counts; if a
        colour difference is asked for of what holds no colours, or a file size of several files.
    """
    if recipe.goal is None:
        return find_palette(counts, recipe, progress=progress)
    if len(counts.histogram) == 0:
        return find_palette(counts, recipe)  # which says that there is nothing
    candidates = _Candidates(counted, counts, recipe, file_format, limits)
    return candidates.plan(_fewest_colors(candidates, recipe.goal, progress))


@dataclass(frozen=True, eq=False)
class _Candidates:
    """The palettes that a number of colours is chosen among: made and measured when they are asked for."""

    counted: Sequence[CountedImage]
    counts: Counts
    recipe: Recipe
    file_format: str
    limits: Limits
    plans: dict[int, Plan] = field(default_factory=dict)

    @property
    def least(self) -> int:
        return max(1, len(self.recipe.settings.locked))

    @property
    def most(self) -> int:
        return max(self.least, min(MAX_COLORS, len(self.counts.histogram)))

    def plan(self, colors: int) -> Plan:
        """Return the palette of so many colours, which is made once."""
        if colors not in self.plans:
            recipe = replace(self.recipe, settings=replace(self.recipe.settings, colors=colors))
            self.plans[colors] = find_palette(self.counts, recipe)
        return self.plans[colors]

    def figures(self, colors: int) -> Differences:
        """Return how far the files are from their sources."""
        plan = self.plan(colors)
        palette, labels = plan.clustering
        histogram = self.counts.histogram
        if histogram.is_exact and not dithers(plan.recipe.settings, plan.content, palette.values):
            return of_histogram(histogram, palette.values, labels, plan.content.space)
        if not self.counted:
            why = "its colours are dithered, or more than two million"
            raise InvalidArgumentError(
                f"{self.counts.origin.name}: {self.recipe.goal} has to be measured on the reduced image "
                f"itself, as {why}; reduce it, or say how many colours to take"
            )
        parts = [self._reduce_item(item, plan) for item in self.counted]
        weights = np.array([part.palette.populations.sum() for part in parts])
        mse, delta_e = (
            float(np.average([getattr(part.report, name) or 0.0 for part in parts], weights=weights))
            for name in ("mse", "delta_e")
        )
        return Differences(mse, 0.0, delta_e)

    def file_size(self, colors: int) -> int:
        """Return the bytes of the only file."""
        return len(self._reduce_item(self.counted[0], self.plan(colors)).data)

    def _reduce_item(self, item: CountedImage, plan: Plan) -> Reduction:
        image, mask = item.read(self.limits)
        return reduce_image(image, plan, mask=mask, counts=item.counts, file_format=self.file_format)

    def curve(self, progress: Progress) -> FloatArray:
        """Return about how the squared error of palettes of 2 … 256 colours falls, in any unit."""
        space, histogram = self.counts.content(self.recipe).space, self.counts.histogram
        if not space.is_stored:
            samples = Samples.of(histogram, space, np.empty((0, 3), histogram.dtype))
            levels = np.rint(samples.levels() + _MIDDLE).astype(np.uint8)
            codes, groups = np.unique(to_codes(levels), return_inverse=True)
            coverage = weight_sums(groups, samples.coverage.astype(np.float64), len(codes))
            histogram = ColorHistogram(to_colors(codes), coverage / OPAQUE)
        return Preview(histogram.to_display(SRGB), seed=self.recipe.settings.seed, progress=progress).errors


def _fewest_colors(candidates: _Candidates, goal: Goal, progress: Progress) -> int:
    """Return the number of colours that a goal asks for."""
    tell = _Tries(progress)
    least, most = candidates.least, candidates.most
    limit = goal.max_bytes
    if limit is not None:
        return _most_that_fit(candidates, limit, tell)
    kind = candidates.counts.content(candidates.recipe).kind
    if goal.delta_e is not None and kind != "color":
        msg = f"a goal of delta_e is about colours, but the texture was taken for {kind}"
        raise InvalidArgumentError(f"{msg}; choose another goal")
    curve = candidates.curve(portion(progress, 0.0, 0.2))
    if goal.knee:
        return int(np.clip(knee(curve[: max(most - 1, 1)]), least, most))
    quality = _quality(candidates, goal)

    @functools.cache
    def miss_of(colors: int) -> float:
        tell()
        return quality.missed(colors)

    if not quality.is_enough(miss_of(most)):
        reached = quality.told(miss_of(most))
        raise InvalidArgumentError(
            f"no palette of {most} colours reaches {goal}: it comes to {reached}; ask for less"
        )
    # One palette tells what the curve's unit is.
    middle = min(max(16, least), most)
    unit = float(curve[max(middle, 2) - 2])
    expected = miss_of(middle) * (curve / unit) ** quality.power if unit > 0 else curve
    likely = 2 + int(np.argmax([quality.is_enough(float(figure)) for figure in expected]))
    return _first(lambda colors: quality.is_enough(miss_of(colors)), least, most, likely)


def _most_that_fit(candidates: _Candidates, limit: int, tell: Callable[[], object]) -> int:
    """Return the most colours whose file is no larger than a limit."""
    least, most = candidates.least, candidates.most
    if len(candidates.counted) != 1:
        raise InvalidArgumentError("a goal of max_bytes needs one image, whose file it is about")

    def is_larger(colors: int) -> bool:
        size = candidates.file_size(colors)
        tell()
        return size > limit

    if is_larger(least):
        name, size = candidates.counts.origin.name, candidates.file_size(least)
        raise InvalidArgumentError(
            f"{name}: a file of {least} colours is larger than {limit:,} bytes: it has {size:,}; allow more"
        )
    return _first(is_larger, least, most, (least + most) // 2) - 1 if is_larger(most) else most


class _Quality(NamedTuple):
    """What a goal of quality measures palettes by."""

    missed: Callable[[int], float]  # by the palette of so many colours
    is_enough: Callable[[float], bool]
    told: Callable[[float], str]
    power: float  # of the squared error, which grows as `miss_of` does


def _quality(candidates: _Candidates, goal: Goal) -> _Quality:
    difference, decibels = goal.delta_e, goal.psnr or 0.0
    if difference is not None:
        return _Quality(
            lambda colors: candidates.figures(colors).delta_e or 0.0,
            lambda missed: missed <= difference,
            lambda missed: f"{missed:.2f}",
            0.5,
        )
    return _Quality(
        lambda colors: candidates.figures(colors).mse,
        lambda missed: psnr(missed) >= decibels,
        lambda missed: f"{psnr(missed):.2f} dB",
        1.0,
    )


class _Tries:
    """Tells progress how many palettes were tried; how many it takes nobody knows."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._count = 0

    def __call__(self) -> None:
        self._count += 1
        self._progress(1 - 0.8 * 0.8**self._count, "trying numbers of colours")


def _first(holds: Callable[[int], bool], least: int, most: int, likely: int) -> int:
    """Return the least number from which on a condition holds; it holds for `most`.

    The search gallops away from a likely number and halves what is left: a few tries if it is a good one.
    """
    low, high = least - 1, most  # it does not hold for low (or low is no number), and holds for high
    probe, step = min(max(likely, least), most), 1
    while high - low > 1:
        if not low < probe < high:
            probe = (low + high) // 2
        if holds(probe):
            high, probe = probe, probe - step
        else:
            low, probe = probe, probe + step
        step *= 2
    return high
