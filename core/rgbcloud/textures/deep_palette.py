"""One palette for deep images: what they must have in common, their colours added up, the values found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.clustering.cluster import settled
from rgbcloud.color.distance import WorkingSpace
from rgbcloud.counting.cells import Box, DeepCells, box_of, count_deep, united
from rgbcloud.counting.kind import meaning_of
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images.oiio_reading import to_srgb8
from rgbcloud.palettes.matching import stable_order
from rgbcloud.palettes.palette import Palette, hex_to_colors
from rgbcloud.progress import Progress, silent
from rgbcloud.textures.differences import sampled

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from rgbcloud.clustering.samples import Samples
    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.color.distance import StoredArray
    from rgbcloud.images.oiio_reading import DeepImage
    from rgbcloud.settings import KindName, Settings

_LARGEST = 16.0  # coordinates whose squared distances are exact


class Survey(NamedTuple):
    """What must be known of a deep image before its colours can be added to those of others."""

    name: str
    space: WorkingSpace
    kind: KindName
    linear: bool
    box: Box | None  # None: no texel counts
    notes: tuple[str, ...]


class Frame(NamedTuple):
    """What deep images that share a palette are counted and clustered in."""

    space: WorkingSpace
    kind: KindName
    linear: bool
    box: Box


class DeepPalette(Palette):
    """A palette in the numbers of deep images; its `colors` are what a display shows of them.

    Parameters
    ----------
    values : ndarray of shape (k, 3), uint8, uint16, float16 or float32
        1 to 256 of them.
    frame : Frame
        What the images that it is for have in common.
    populations, inertia
        See `Palette`.
    """

    def __init__(
        self,
        values: StoredArray,
        frame: Frame,
        populations: npt.ArrayLike | None = None,
        inertia: float = 0.0,
    ) -> None:
        super().__init__(to_srgb8(values, linear=frame.linear), populations, inertia)
        self.values = values
        self.frame = frame

    def fits(self, image: DeepImage) -> bool:
        """Whether the values are numbers as the image stores them."""
        return image.depth == self.frame.space.dtype


class Votes(NamedTuple):
    """What of a deep image is reduced, and how much it counts."""

    visible: npt.NDArray[np.bool_]  # (H, W)
    coverage: UInt8Array  # (H, W)


def votes_of(image: DeepImage, mask: UInt8Array | None) -> Votes:
    """Return which texels are visible and finite, and how much each counts in 1/255 by alpha and mask."""
    visible = image.finite
    coverage = np.full(visible.shape, 255, np.uint8) if mask is None else mask
    if image.alpha is not None:
        opacity = np.nan_to_num(image.alpha).clip(0, 1)
        visible = visible & (opacity > 0)
        part = np.rint(opacity * coverage)
        coverage = np.maximum(part, (opacity > 0) & (coverage > 0)).astype(np.uint8)
    return Votes(visible, np.where(visible, coverage, np.uint8(0)))


def surveyed(image: DeepImage, settings: Settings, mask: UInt8Array | None) -> Survey:
    """Return what an image holds by settings, name and content, and between which coordinates."""
    coverage = votes_of(image, mask).coverage
    linear = image.linear if settings.linear is None else settings.linear
    voters = np.flatnonzero(coverage)
    some = image.values.reshape(-1, 3)[voters[sampled(len(voters))]]
    distinct, counts = np.unique(some, axis=0, return_counts=True)
    floating = image.values.dtype.kind == "f"
    signed = floating and bool((some < -0.01).any())
    normals = WorkingSpace(meaning="normal", dtype=image.depth, signed=signed)
    meaning = meaning_of(settings, image.name, distinct, counts, space=normals, color_space=image.color_space)
    if meaning.kind == "normal":
        space = normals
    elif meaning.kind == "color":
        space = WorkingSpace(settings.space, linear=linear, dtype=image.depth)
    else:
        largest = float(np.abs(image.values[coverage > 0]).max(initial=0)) if floating else 1.0
        scale = 2.0 ** np.floor(np.log2(_LARGEST / largest)) if largest > 0 else 1.0
        space = WorkingSpace(meaning="data", dtype=image.depth, scale=float(scale))
    box = box_of(image.values, coverage, space)
    return Survey(image.name, space, meaning.kind, linear, box, tuple(meaning.notes))


def agreed(surveys: Sequence[Survey]) -> Frame:
    """Return what images are counted in that are to share a palette, or the only one.

    Raises
    ------
    InvalidArgumentError
        If they differ in depth, meaning, or whether they hold linear light; if no texel of any counts.
    """
    first = surveys[0]
    for other in surveys:
        check_same_depth(first.name, first, other.name, other)
    surveys = [survey for survey in surveys if survey.box is not None]
    if not surveys:
        msg = f"{first.name}: there is no colour to cluster: no texel is visible, finite and unmasked"
        raise InvalidArgumentError(msg)
    first = surveys[0]
    for other in surveys:
        if other.space.meaning != first.space.meaning:
            raise InvalidArgumentError(
                f"{first.name} was taken for {first.kind} and {other.name} for {other.kind}, "
                "which share no palette; set the kind, or reduce them apart"
            )
        if other.space.linear != first.space.linear:
            light = first if first.space.linear else other
            raise InvalidArgumentError(
                f"of {first.name} and {other.name} only {light.name} holds linear light; "
                "say whether both do (linear), or reduce them apart"
            )
    scale = min(survey.space.scale for survey in surveys)
    signed = [survey.space.signed for survey in surveys]
    space = replace(first.space, scale=scale, signed=any(signed))
    # Scales are powers of two: boxes remain exact.
    boxes = [
        Box(*(corner / survey.space.scale * scale for corner in survey.box))
        for survey in surveys
        if survey.box is not None
    ]
    box = united(boxes)
    if box is None or any(signed) != all(signed):
        box = Box(-np.ones(3), np.ones(3))  # of normals
    # Labels of one image that are too many in another are plain data in both.
    kind = first.kind if len({survey.kind for survey in surveys}) == 1 else "data"
    return Frame(space, kind, first.linear, box)


def check_same_depth(first: str, survey: Survey | None, other: str, other_survey: Survey | None) -> None:
    """Raise `InvalidArgumentError` where two files differ in depth; those of 8 bits have no survey."""
    depth, other_depth = ("uint8" if found is None else found.space.dtype for found in (survey, other_survey))
    if depth != other_depth or (survey is None) != (other_survey is None):
        raise InvalidArgumentError(
            f"{first} holds {depth} and {other} {other_depth}; "
            "files that share a palette must have one depth: convert one, or reduce them apart"
        )


def counted_in(
    image: DeepImage, frame: Frame, mask: UInt8Array | None, progress: Progress = silent
) -> DeepCells:
    """Count an image's colours in a frame."""
    return count_deep(image.values, votes_of(image, mask).coverage, frame.space, frame.box, progress)


def clustered(
    cells: DeepCells,
    frame: Frame,
    settings: Settings,
    *,
    like: Palette | None = None,
    progress: Progress = silent,
) -> DeepPalette:
    """Return the palette of counted colours: clustered, or the most frequent labels."""
    found = clustered_samples(samples_of(cells, frame, settings), frame, settings, progress=progress)
    return with_indices_of(found, like)


def samples_of(cells: DeepCells, frame: Frame, settings: Settings) -> Samples:
    """Return counted colours as samples, the locked ones fixed."""
    return cells.samples(frame.space, as_stored(hex_to_colors(settings.locked), frame))


def clustered_samples(
    samples: Samples, frame: Frame, settings: Settings, *, progress: Progress = silent
) -> DeepPalette:
    """Return the palette of samples; see `clustered`."""
    if frame.kind == "labels":
        free = np.flatnonzero(~samples.is_fixed(samples.values))
        frequent = free[np.argsort(-samples.coverage[free], kind="stable")]
        values = np.concatenate([samples.fixed, samples.values[frequent]])[: settings.colors]
    else:
        if settings.weight_power != 1:
            weights = np.rint((samples.coverage / 255) ** settings.weight_power * 255)
            samples = replace(samples, coverage=np.maximum(1, weights).astype(np.int64))
        values = settled(
            samples, settings.colors, seed=settings.seed, effort=settings.effort, progress=progress
        ).values
    return DeepPalette(values, frame)


def with_indices_of(palette: DeepPalette, like: Palette | None) -> DeepPalette:
    """Return a palette with its colours at the indices of those that they stand for, if there are such."""
    if like is None:
        return palette
    return DeepPalette(palette.values[stable_order(palette, like)], palette.frame)


def given(palette: Palette, frame: Frame) -> DeepPalette:
    """Return a palette as images of a frame store it: a deep one's own values, or those of sRGB colours."""
    if isinstance(palette, DeepPalette) and palette.frame.space.dtype == frame.space.dtype:
        return DeepPalette(palette.values, frame)
    return DeepPalette(as_stored(palette.colors, frame), frame)


def as_stored(colors: UInt8Array, frame: Frame) -> StoredArray:
    """Return 8-bit sRGB colours as the images of a frame store them: ndarray of shape (n, 3)."""
    dtype = frame.space.dtype
    light: FloatArray = WorkingSpace("linear").coordinates(colors)
    stored = WorkingSpace("linear", linear=frame.linear, dtype=dtype)
    return stored.values(light) if len(colors) else np.empty((0, 3), dtype)
