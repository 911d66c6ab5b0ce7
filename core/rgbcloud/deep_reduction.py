"""Reducing a deep image: clustered in its own precision, written in its own type."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.clustering import settled
from rgbcloud.deep_histogram import DeepHistogram, count_deep
from rgbcloud.deep_images import DeepImage, encode_deep, to_srgb8
from rgbcloud.differences import differences, sampled
from rgbcloud.dithering import dithered_values
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.meaning import meaning_of
from rgbcloud.palette import Palette, hex_to_colors
from rgbcloud.progress import Progress, portion
from rgbcloud.threads import in_parallel, slices
from rgbcloud.working import WorkingSpace, nearest_values

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.differences import Differences
    from rgbcloud.images import SourceImage
    from rgbcloud.pixels import UInt8Array
    from rgbcloud.settings import KindName, Settings
    from rgbcloud.working import StoredArray

_BLOCK = 1 << 18  # texels mapped at a time
_LARGEST = 16.0  # coordinates whose squared distances are exact


class DeepQuantized(NamedTuple):
    """A deep image's palette in its own numbers and as a display shows it, and what was measured."""

    shown: SourceImage
    palette: Palette
    values: StoredArray  # (k, 3)
    indices: UInt8Array  # (H, W)
    data: bytes
    kind: KindName
    colors_before: int
    differences: Differences
    mse: float
    notes: list[str]


def reduce_deep(
    image: DeepImage,
    settings: Settings,
    palette: Palette | None,
    mask: UInt8Array | None,
    suffix: str,
    progress: Progress,
) -> DeepQuantized:
    """Reduce a deep image to a palette of its own, or to given sRGB colours.

    Texels that are fully transparent, NaN or infinite neither vote nor change.

    Raises
    ------
    InvalidArgumentError
        If there is no other texel.
    """
    linear = image.linear if settings.linear is None else settings.linear
    visible, coverage, notes = _votes(image, mask)
    space, kind = _space(image, settings, linear, coverage, notes)
    histogram = count_deep(
        image.values,
        coverage,
        space,
        _stored(hex_to_colors(settings.locked), image, linear),
        portion(progress, 0.1, 0.4),
    )
    values = _palette_values(image, settings, palette, histogram, kind, linear, portion(progress, 0.4, 0.5))
    indices = _mapped(image, settings, histogram, values, space, visible, kind, portion(progress, 0.5, 0.7))
    progress(0.7, "compressing")
    data = encode_deep(image, values[indices], visible, suffix)
    shown = to_srgb8(values, linear=linear)
    populations = np.bincount(indices.ravel(), coverage.ravel() / 255, len(values))
    progress(0.9, "measuring")
    found, mse = _measured(image, values, indices, coverage, space, linear)
    return DeepQuantized(
        image.shown(linear=linear),
        Palette(shown, populations, mse * float(coverage.sum()) / 255),
        values,
        indices,
        data,
        kind,
        len(histogram.samples),
        found,
        mse,
        notes,
    )


def _votes(image: DeepImage, mask: UInt8Array | None) -> tuple[npt.NDArray[np.bool_], UInt8Array, list[str]]:
    """Return which texels are reduced, how much each counts in 1/255, and what is to be told about them."""
    visible = image.finite
    coverage = np.full(visible.shape, 255, np.uint8) if mask is None else mask
    if image.alpha is not None:
        opacity = np.nan_to_num(image.alpha).clip(0, 1)
        visible = visible & (opacity > 0)
        part = np.rint(opacity * coverage)
        coverage = np.maximum(part, (opacity > 0) & (coverage > 0)).astype(np.uint8)
    coverage = np.where(visible, coverage, np.uint8(0))
    broken = int(image.finite.size - np.count_nonzero(image.finite))
    notes = []
    if broken:
        notes.append(f"{broken:,} texels are NaN or infinite; they were left as they are")
    if not coverage.any():
        msg = f"{image.name}: there is no colour to cluster: no texel is visible, finite and unmasked"
        raise InvalidArgumentError(msg)
    return visible, coverage, notes


def _space(
    image: DeepImage, settings: Settings, linear: bool, coverage: npt.NDArray[np.uint8], notes: list[str]
) -> tuple[WorkingSpace, KindName]:
    """Return what the image is clustered in, and what it was taken for."""
    voters = np.flatnonzero(coverage)
    some = image.values.reshape(-1, 3)[voters[sampled(len(voters))]]
    distinct, counts = np.unique(some, axis=0, return_counts=True)
    floating = image.values.dtype.kind == "f"
    signed = floating and bool((some < -0.01).any())
    normals = WorkingSpace(meaning="normal", dtype=image.depth, signed=signed)
    meaning = meaning_of(settings, image.name, distinct, counts, space=normals, color_space=image.color_space)
    notes += meaning.notes
    if meaning.kind == "normal":
        return normals, meaning.kind
    if meaning.kind == "color":
        return WorkingSpace(settings.space, linear=linear, dtype=image.depth), meaning.kind
    largest = float(np.abs(image.values[coverage > 0]).max()) if floating else 1.0
    scale = 2.0 ** np.floor(np.log2(_LARGEST / largest)) if largest > 0 else 1.0
    return WorkingSpace(meaning="data", dtype=image.depth, scale=float(scale)), meaning.kind


def _stored(colors: UInt8Array, image: DeepImage, linear: bool) -> StoredArray:
    """Return 8-bit sRGB colours as the image stores them."""
    srgb = WorkingSpace("linear")
    stored = WorkingSpace("linear", linear=linear, dtype=image.depth)
    return stored.values(srgb.coordinates(colors)) if len(colors) else np.empty((0, 3), image.depth)


def _palette_values(
    image: DeepImage,
    settings: Settings,
    palette: Palette | None,
    histogram: DeepHistogram,
    kind: KindName,
    linear: bool,
    progress: Progress,
) -> StoredArray:
    samples = histogram.samples
    if palette is not None:
        return _stored(palette.colors, image, linear)
    if kind == "labels":
        frequent = np.argsort(-samples.coverage, kind="stable")[: settings.colors]
        return samples.values[frequent]
    if settings.weight_power != 1:
        weights = np.rint((samples.coverage / 255) ** settings.weight_power * 255)
        samples = replace(samples, coverage=np.maximum(1, weights).astype(np.int64))
    return settled(
        samples, settings.colors, seed=settings.seed, effort=settings.effort, progress=progress
    ).values


def _mapped(
    image: DeepImage,
    settings: Settings,
    histogram: DeepHistogram,
    values: StoredArray,
    space: WorkingSpace,
    visible: npt.NDArray[np.bool_],
    kind: KindName,
    progress: Progress,
) -> UInt8Array:
    """Return the palette index of every visible texel, and 0 of others."""
    if settings.dither != "none" and kind != "labels" and len(values) > 1:
        box = (histogram.lowest, histogram.highest)
        return dithered_values(image.values, visible, values, settings, space, box, progress=progress)
    indices = np.zeros(visible.shape, np.uint8)
    rows = slices(len(visible), max(1, _BLOCK // visible.shape[1]))

    def nearest(block: slice) -> None:
        seen = visible[block]
        indices[block][seen] = nearest_values(image.values[block][seen], values, space)[0]

    for done, _ in enumerate(in_parallel(nearest, rows), start=1):
        progress(done / len(rows), "finding nearest colours")
    return indices


def _measured(
    image: DeepImage,
    values: StoredArray,
    indices: UInt8Array,
    coverage: npt.NDArray[np.uint8],
    space: WorkingSpace,
    linear: bool,
) -> tuple[Differences, float]:
    """Compare texels with what they became: in the space, and in levels of 8-bit sRGB, not rounded."""
    voters = np.flatnonzero(coverage)
    texels = voters[sampled(len(voters))]
    before = image.values.reshape(-1, 3)[texels]
    after = values[indices.ravel()[texels]]
    weights = coverage.ravel()[texels]
    seen = WorkingSpace("srgb", linear=linear, dtype=image.depth)
    error = ((seen.coordinates(before) - seen.coordinates(after)) ** 2).sum(axis=1) * 255**2
    return differences(before, after, weights, space), float(np.average(error, weights=weights))
