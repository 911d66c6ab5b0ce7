"""Reducing a deep image: clustered in its own precision, written in its own type."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.color.distance import WorkingSpace, nearest_values
from rgbcloud.images.oiio_writing import encode_deep
from rgbcloud.mapping.dithering import dithered_values
from rgbcloud.progress import Progress, portion
from rgbcloud.textures.deep_palette import (
    DeepPalette,
    agreed,
    clustered,
    counted_in,
    given,
    surveyed,
    votes_of,
)
from rgbcloud.textures.differences import Differences, differences, sampled
from rgbcloud.threads import SingleThreadedPools, in_parallel, slices

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.color.distance import StoredArray
    from rgbcloud.images.oiio_reading import DeepImage
    from rgbcloud.images.pillow_reading import SourceImage
    from rgbcloud.palettes.palette import Palette
    from rgbcloud.settings import KindName, Settings
    from rgbcloud.textures.deep_palette import Frame

_BLOCK = 1 << 18  # texels mapped at a time


class DeepQuantized(NamedTuple):
    """A deep image's palette in its own numbers and as a display shows it, and what was measured."""

    shown: SourceImage
    palette: DeepPalette
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
    like: Palette | None,
    mask: UInt8Array | None,
    colors_before: int | None,
    suffix: str,
    progress: Progress,
) -> DeepQuantized:
    """Reduce a deep image to a palette of its own, to that of its set, or to given sRGB colours.

    Texels that are fully transparent, NaN or infinite neither vote nor change.

    Raises
    ------
    InvalidArgumentError
        If there is no other texel, unless the palette is that of its set.
    """
    visible, coverage = votes_of(image, mask)
    notes = []
    broken = int(image.finite.size - np.count_nonzero(image.finite))
    if broken:
        notes.append(f"{broken:,} texels are NaN or infinite; they were left as they are")
    if isinstance(palette, DeepPalette) and palette.fits(image):
        frame = palette.frame
    else:
        survey = surveyed(image, settings, mask)
        frame = agreed([survey])
        notes += survey.notes
    if palette is None or colors_before is None:
        cells = counted_in(image, frame, mask, portion(progress, 0.1, 0.4))
        colors_before = len(cells)
    if palette is None:
        palette = clustered(cells, frame, settings, like=like, progress=portion(progress, 0.4, 0.5))
    values = given(palette, frame).values
    indices = mapped(image, settings, frame, values, visible, portion(progress, 0.5, 0.7))
    progress(0.7, "compressing")
    data = encode_deep(image, values[indices], visible, suffix)
    populations = np.bincount(indices.ravel(), coverage.ravel() / 255, len(values))
    progress(0.9, "measuring")
    found, mse = _measured(image, values, indices, coverage, frame)
    return DeepQuantized(
        image.shown(linear=frame.linear),
        DeepPalette(values, frame, populations, mse * float(coverage.sum()) / 255),
        indices,
        data,
        frame.kind,
        colors_before,
        found,
        mse,
        notes,
    )


@SingleThreadedPools()  # for all blocks: lifted and set anew for each, it may take seconds
def mapped(
    image: DeepImage,
    settings: Settings,
    frame: Frame,
    values: StoredArray,
    visible: npt.NDArray[np.bool_],
    progress: Progress,
) -> UInt8Array:
    """Return the palette index of every visible texel, and 0 of others."""
    if settings.dither != "none" and frame.kind != "labels" and len(values) > 1:
        box = (frame.box.lowest, frame.box.highest)
        return dithered_values(image.values, visible, values, settings, frame.space, box, progress=progress)
    indices = np.zeros(visible.shape, np.uint8)
    rows = slices(len(visible), max(1, _BLOCK // visible.shape[1]))

    def nearest(block: slice) -> None:
        seen = visible[block]
        indices[block][seen] = nearest_values(image.values[block][seen], values, frame.space)[0]

    for done, _ in enumerate(in_parallel(nearest, rows), start=1):
        progress(done / len(rows), "finding nearest colours")
    return indices


def _measured(
    image: DeepImage,
    values: StoredArray,
    indices: UInt8Array,
    coverage: npt.NDArray[np.uint8],
    frame: Frame,
) -> tuple[Differences, float]:
    """Compare texels with what they became: in the space, and in levels of 8-bit sRGB, not rounded."""
    voters = np.flatnonzero(coverage)
    if len(voters) == 0:
        return Differences(0.0), 0.0
    texels = voters[sampled(len(voters))]
    before = image.values.reshape(-1, 3)[texels]
    after = values[indices.ravel()[texels]]
    weights = coverage.ravel()[texels]
    seen = seen_space(frame)
    error = ((seen.coordinates(before) - seen.coordinates(after)) ** 2).sum(axis=1) * 255**2
    return differences(before, after, weights, frame.space), float(np.average(error, weights=weights))


def seen_space(frame: Frame) -> WorkingSpace:
    """Return the space that errors are reported in: sRGB, not rounded, and brighter than white, too."""
    return WorkingSpace("srgb", linear=frame.linear, dtype=frame.space.dtype)
