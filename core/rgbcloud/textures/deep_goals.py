"""How many colours are enough for deep images: palettes in their own numbers, measured on counted cells."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.clustering.preview import Preview
from rgbcloud.color.codes import to_codes, to_colors, weight_sums
from rgbcloud.color.distance import nearest_in
from rgbcloud.counting.histogram import OPAQUE, ColorHistogram
from rgbcloud.images.oiio_writing import checked_suffix, encode_deep
from rgbcloud.progress import Progress, silent
from rgbcloud.settings import MAX_COLORS
from rgbcloud.textures.deep_palette import clustered_samples, samples_of, votes_of, with_indices_of
from rgbcloud.textures.deep_reduction import mapped, seen_space
from rgbcloud.textures.differences import differences
from rgbcloud.textures.goals import chosen
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    from typing import Callable

    from rgbcloud.clustering.samples import Samples
    from rgbcloud.color.codes import FloatArray
    from rgbcloud.color.distance import StoredArray
    from rgbcloud.counting.cells import DeepCells
    from rgbcloud.images.oiio_reading import DeepImage
    from rgbcloud.palettes.palette import Palette
    from rgbcloud.settings import KindName, Settings
    from rgbcloud.textures.deep_palette import DeepPalette, Frame
    from rgbcloud.textures.goals import Goal

_CELLS = 1 << 15  # compared at a time
_MIDDLE = 127  # of levels


def choose_deep_palette(
    cells: DeepCells,
    frame: Frame,
    settings: Settings,
    goal: Goal,
    *,
    image: DeepImage | None = None,
    file_format: str | None = None,
    like: Palette | None = None,
    progress: Progress = silent,
) -> DeepPalette:
    """Return the palette of as many colours as a goal asks for.

    Parameters
    ----------
    cells : DeepCells
        Of the image, or of all images that are to share the palette.
    frame : Frame
        What they were counted in.
    settings : Settings
        See `choose_colors`.
    goal : Goal
    image : DeepImage, optional
        Needed for `Goal.max_bytes` only.
    file_format : str, optional
        See `reduce_image`.
    like : Palette, optional
        See `reduce_image`.
    progress : Progress
        Told after each palette that is tried.

    Returns
    -------
    DeepPalette
        The curve that says where to look, and where its knee is, is that of the cells, which the working
        space, between its lowest and highest coordinates, is cut into for it: 256 to a side.

    Raises
    ------
    InvalidArgumentError
        See `choose_colors`.
    """
    suffix = "" if image is None else checked_suffix(file_format, image)
    candidates = _DeepCandidates(samples_of(cells, frame, settings), frame, settings, image, suffix)
    return with_indices_of(candidates.palette(chosen(candidates, goal, progress)), like)


@dataclass(frozen=True, eq=False)
class _DeepCandidates:
    """Palettes of counted cells; see `rgbcloud.textures.goals.Candidates`."""

    samples: Samples
    frame: Frame
    settings: Settings
    image: DeepImage | None
    suffix: str
    made: dict[int, DeepPalette] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return "" if self.image is None else self.image.name

    @property
    def kind(self) -> KindName:
        return self.frame.kind

    @property
    def least(self) -> int:
        return max(1, len(self.settings.locked))

    @property
    def most(self) -> int:
        return max(self.least, min(MAX_COLORS, self.samples.distinct))

    def curve(self, progress: Progress) -> FloatArray:
        levels = np.rint(self.samples.levels() + _MIDDLE).astype(np.uint8)
        codes, groups = np.unique(to_codes(levels), return_inverse=True)
        coverage = weight_sums(groups, self.samples.coverage.astype(np.float64), len(codes))
        histogram = ColorHistogram(to_colors(codes), coverage / OPAQUE)
        return Preview(histogram, seed=self.settings.seed, progress=progress).errors

    def mse(self, colors: int) -> float:
        space = seen_space(self.frame)
        seen = self._seen

        def total(block: slice, after: StoredArray) -> float:
            errors = ((seen[block] - space.coordinates(after)) ** 2).sum(axis=1)
            return float(errors @ self.samples.coverage[block])

        return 255**2 * self._mean(colors, total)

    def delta_e(self, colors: int) -> float:
        def total(block: slice, after: StoredArray) -> float:
            weights = self.samples.coverage[block]
            found = differences(self.samples.values[block], after, weights, self.frame.space).delta_e
            return (found or 0.0) * float(weights.sum())

        return self._mean(colors, total)

    def file_size(self, colors: int) -> int:
        if self.image is None:
            raise TypeError(self.image)
        values = self.palette(colors).values
        visible = votes_of(self.image, None).visible
        indices = mapped(self.image, self.settings, self.frame, values, visible, silent)
        return len(encode_deep(self.image, values[indices], visible, self.suffix))

    def palette(self, colors: int) -> DeepPalette:
        """Return the palette of so many colours, which is made once."""
        if colors not in self.made:
            settings = replace(self.settings, colors=colors)
            self.made[colors] = clustered_samples(self.samples, self.frame, settings)
        return self.made[colors]

    @cached_property
    def _seen(self) -> FloatArray:
        """The cells' values in levels of sRGB, 0 … 1, as reports compare them."""
        return seen_space(self.frame).coordinates(self.samples.values)

    def _mean(self, colors: int, total: Callable[[slice, StoredArray], float]) -> float:
        """Return the mean of what is summed up over cells and the palette values nearest to them."""
        values = self.palette(colors).values
        labels, _ = nearest_in(self.samples.coordinates, self.frame.space.coordinates(values))
        blocks = slices(len(self.samples), _CELLS)
        totals = in_parallel(lambda block: total(block, values[labels[block]]), blocks)
        return math.fsum(totals) / float(self.samples.coverage.sum())
