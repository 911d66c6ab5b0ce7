"""How many colours are enough: for an error, for a file size, or by the knee of the curve.

References
----------
Satopää, V., Albrecht, J., Irwin, D. and Raghavan, B. (2011), Finding a "kneedle" in a haystack: detecting
knee points in system behavior, ICDCS Workshops, doi:10.1109/ICDCSW.2011.20. The whole curve is known here,
so that its knee is the point farthest from the chord (their section III, without the online threshold).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Callable, NamedTuple, Protocol

import numpy as np

from rgbcloud.clustering.cluster import check_not_empty
from rgbcloud.clustering.preview import Preview
from rgbcloud.counting.kind import meaning_of, settings_palette, working_space_of
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.palettes.palette import nearest_colors
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.settings import MAX_COLORS
from rgbcloud.textures.differences import differences
from rgbcloud.textures.reduction import reduce_image
from rgbcloud.textures.report import psnr
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray
    from rgbcloud.color.distance import WorkingSpace
    from rgbcloud.counting.histogram import ColorHistogram
    from rgbcloud.images.pillow_reading import SourceImage
    from rgbcloud.palettes.palette import Palette
    from rgbcloud.settings import KindName, Settings

_COLORS = 1 << 15  # compared at a time


@dataclass(frozen=True)
class Goal:
    """What the number of colours is chosen for: one of these.

    Attributes
    ----------
    psnr : float or None
        The fewest colours that reach so many dB; see `Report`.
    max_bytes : int or None
        The most colours whose file is no larger.
    knee : bool, default False
        As many colours as pay off: the knee of the curve of error against number.
    delta_e : float or None
        The fewest colours whose mean colour difference over all texels (CIEDE2000) is no larger. Reports of
        images of more than 65,536 texels measure a sample, and may differ from it in the third digit.

    Raises
    ------
    InvalidArgumentError
        If none or several are set, or a value is not above 0.
    """

    psnr: float | None = None
    max_bytes: int | None = None
    knee: bool = False
    delta_e: float | None = None

    def __post_init__(self) -> None:
        figures = (self.psnr, self.max_bytes, self.delta_e)
        if sum(figure is not None for figure in figures) + self.knee != 1:
            msg = f"a goal must be one of psnr, max_bytes, knee and delta_e, got {self}"
            raise InvalidArgumentError(msg)
        for name in ("psnr", "max_bytes", "delta_e"):
            value = getattr(self, name)
            if value is not None and not (value > 0 and math.isfinite(value)):
                msg = f"{name} must be a number above 0, got {value!r}"
                raise InvalidArgumentError(msg)

    @classmethod
    def asked(
        cls,
        psnr: float | None = None,
        max_bytes: int | None = None,
        knee: bool = False,
        delta_e: float | None = None,
    ) -> Goal | None:
        """Return the goal that options name, each left out or not; None if all are.

        Raises
        ------
        InvalidArgumentError
            As the class itself.
        """
        if psnr is None and max_bytes is None and delta_e is None and not knee:
            return None
        return cls(psnr, max_bytes, knee, delta_e)

    def tag(self) -> str:
        """Return what names of reduced files carry in the place of the number of colours."""
        if self.psnr is not None:
            return f"psnr{self.psnr:g}"
        if self.delta_e is not None:
            return f"de{self.delta_e:g}"
        return "knee" if self.knee else f"{self.max_bytes}bytes"


def check_one_way(
    palette: Palette | str | None, like: Palette | str | None, goal: Goal | None, *, shared: bool = False
) -> None:
    """Complain about more than one way to come to a palette.

    Parameters
    ----------
    palette, like : Palette, str or None
        See `reduce_texture`; or the files that hold them. None or an empty name: not asked for.
    goal : Goal or None
    shared : bool, default False
        Whether one palette is wanted for several textures together.

    Raises
    ------
    InvalidArgumentError
        If they contradict each other.
    """
    is_given = palette is not None and palette != ""
    if is_given and (like or goal is not None or shared):
        msg = "palette takes its colours as they are; leave out like, a shared palette and goals"
        raise InvalidArgumentError(msg)
    if shared and goal is not None:
        raise InvalidArgumentError("a shared palette needs a number of colours; leave out the goal")


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


def choose_colors(
    source: SourceImage | None,
    histogram: ColorHistogram,
    settings: Settings,
    goal: Goal,
    *,
    file_format: str | None = None,
    progress: Progress = silent,
) -> int:
    """Return the number of colours that a goal asks for.

    Parameters
    ----------
    source : SourceImage or None
        Needed for `Goal.max_bytes` only.
    histogram : ColorHistogram
        Of the source, or of all textures that are to share the palette.
    settings : Settings
        How the palettes are made; its `colors` says nothing, but is the least where colours are locked.
    goal : Goal
    file_format : str, optional
        See `reduce_image`.
    progress : Progress
        Told after each palette that is tried.

    Returns
    -------
    int
        For `psnr` and `delta_e`: the palette of so many colours reaches it, and that of one less does not,
        both clustered and measured in full. For `max_bytes`: the file fits, and that of one colour more does
        not. The curve of `Preview` says where to look; for `knee` it is all that is needed.

    Raises
    ------
    InvalidArgumentError
        If not even 256 colours reach the error, or not even one fits into the size; the histogram is empty;
        a colour difference is asked for of what holds no colours.
    """
    check_not_empty(histogram)
    name = "" if source is None else source.name
    kind = meaning_of(settings, name, histogram.colors, histogram.coverage).kind
    return chosen(_Candidates(source, histogram, settings, kind, file_format), goal, progress)


class Candidates(Protocol):
    """The palettes that a number of colours is chosen among: made and measured when they are asked for."""

    @property
    def name(self) -> str:
        """The image whose file a file size is about; empty if there is none."""

    @property
    def kind(self) -> KindName:
        """What is reduced."""

    @property
    def least(self) -> int:
        """The fewest colours that can be chosen."""

    @property
    def most(self) -> int:
        """The most colours that can be chosen."""

    def curve(self, progress: Progress) -> FloatArray:
        """Return about how the squared error of palettes of 2 … 256 colours falls, in any unit."""

    def mse(self, colors: int) -> float:
        """Return the error of a palette, as in `Report`."""

    def delta_e(self, colors: int) -> float:
        """Return the mean colour difference of a palette (CIEDE2000)."""

    def file_size(self, colors: int) -> int:
        """Return the bytes of the file."""


def chosen(candidates: Candidates, goal: Goal, progress: Progress) -> int:
    """Return the number of colours that a goal asks for; see `choose_colors`."""
    tell = _Tries(progress)
    least, most = candidates.least, candidates.most
    limit = goal.max_bytes
    if limit is not None:
        if not candidates.name:
            msg = "a goal of max_bytes needs one image, whose file it is about"
            raise InvalidArgumentError(msg)

        def is_larger(colors: int) -> bool:
            size = candidates.file_size(colors)
            tell()
            return size > limit

        if is_larger(least):
            raise InvalidArgumentError(
                f"{candidates.name}: a file of {least} colours is larger than {limit:,} bytes; allow more"
            )
        return _first(is_larger, least, most, (least + most) // 2) - 1 if is_larger(most) else most
    if goal.delta_e is not None and candidates.kind != "color":
        msg = f"a goal of delta_e is about colours, but the texture was taken for {candidates.kind}"
        raise InvalidArgumentError(f"{msg}; choose another goal")
    curve = candidates.curve(portion(progress, 0.0, 0.2))
    if goal.knee:
        return int(np.clip(knee(curve[: max(most - 1, 1)]), least, most))
    quality = _quality(candidates, goal)

    @functools.cache
    def missed(colors: int) -> float:
        tell()
        return quality.missed(colors)

    if not quality.is_enough(missed(most)):
        raise InvalidArgumentError(f"no palette of {most} colours reaches {quality.asked}; ask for less")
    # One palette tells what the curve's unit is.
    middle = min(max(16, least), most)
    unit = float(curve[max(middle, 2) - 2])
    expected = missed(middle) * (curve / unit) ** quality.power if unit > 0 else curve
    likely = 2 + int(np.argmax([quality.is_enough(float(figure)) for figure in expected]))
    return _first(lambda colors: quality.is_enough(missed(colors)), least, most, likely)


class _Quality(NamedTuple):
    """What a goal of quality measures palettes by."""

    asked: str
    missed: Callable[[int], float]  # by the palette of so many colours
    is_enough: Callable[[float], bool]
    power: float  # of the squared error, which grows as `missed` does


def _quality(candidates: Candidates, goal: Goal) -> _Quality:
    decibels, difference = goal.psnr, goal.delta_e
    if difference is not None:
        asked = f"a mean dE2000 of {difference:g}"
        return _Quality(asked, candidates.delta_e, lambda missed: missed <= difference, 0.5)
    wanted = decibels or 0.0
    return _Quality(f"a PSNR of {wanted:g} dB", candidates.mse, lambda missed: psnr(missed) >= wanted, 1.0)


@dataclass(frozen=True)
class _Candidates:
    """Palettes of a histogram."""

    source: SourceImage | None
    histogram: ColorHistogram
    settings: Settings
    kind: KindName
    file_format: str | None

    @property
    def name(self) -> str:
        return "" if self.source is None else self.source.name

    @property
    def least(self) -> int:
        return max(1, len(self.settings.locked))

    @property
    def most(self) -> int:
        return max(self.least, min(MAX_COLORS, len(self.histogram)))

    def curve(self, progress: Progress) -> FloatArray:
        return Preview(self.histogram, seed=self.settings.seed, progress=progress).errors

    def mse(self, colors: int) -> float:
        return self._palette(colors).inertia / self.histogram.total

    def delta_e(self, colors: int) -> float:
        space = working_space_of(self.settings, self.kind)
        return mean_delta_e(self.histogram, self._palette(colors), space)

    def file_size(self, colors: int) -> int:
        if self.source is None:
            raise TypeError(self.source)
        options = replace(self.settings, colors=colors)
        reduction = reduce_image(self.source, options, histogram=self.histogram, file_format=self.file_format)
        return len(reduction.data)

    def _palette(self, colors: int) -> Palette:
        return settings_palette(self.histogram, replace(self.settings, colors=colors), self.kind)


def mean_delta_e(histogram: ColorHistogram, palette: Palette, space: WorkingSpace) -> float:
    """Return the mean CIEDE2000 of a histogram's colours to those that they are nearest to in a space."""
    labels = nearest_colors(histogram.colors, palette.colors, space)

    def total(block: slice) -> float:
        weights = histogram.coverage[block]
        after = palette.colors[labels[block]]
        found = differences(histogram.colors[block], after, weights, space).delta_e
        return (found or 0.0) * float(weights.sum())

    blocks = slices(len(histogram), _COLORS)
    return math.fsum(in_parallel(total, blocks)) / float(histogram.coverage.sum())


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
