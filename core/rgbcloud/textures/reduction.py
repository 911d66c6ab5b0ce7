"""The whole job for one texture: read, count, cluster, remap, encode, report, save."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.color.codes import row_blocks
from rgbcloud.counting.cells import DeepCells
from rgbcloud.counting.histogram import OPAQUE, ColorHistogram
from rgbcloud.counting.kind import meaning_of, settings_palette, working_space_of
from rgbcloud.counting.votes import masked, read_mask
from rgbcloud.errors import ImageWriteError, InvalidArgumentError
from rgbcloud.images.files import check_not_source, check_writable, write_file
from rgbcloud.images.oiio_reading import DeepImage, is_deep
from rgbcloud.images.oiio_writing import checked_suffix
from rgbcloud.images.pillow_reading import MAX_PIXELS, Source, SourceImage
from rgbcloud.images.pillow_writing import FORMATS, ReducedImage, encode
from rgbcloud.images.reading import any_format_of, read_any
from rgbcloud.mapping.dithering import dithered
from rgbcloud.mapping.quantize import quantize
from rgbcloud.palettes.matching import with_stable_indices
from rgbcloud.palettes.palette import measured, nearest_colors
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.textures import report as reports
from rgbcloud.textures.deep_palette import agreed, check_same_depth, clustered, counted_in, surveyed
from rgbcloud.textures.deep_reduction import reduce_deep
from rgbcloud.textures.differences import differences, sampled
from rgbcloud.threads import in_parallel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.color.distance import StoredArray, WorkingSpace
    from rgbcloud.palettes.palette import Palette
    from rgbcloud.settings import Settings
    from rgbcloud.textures.deep_palette import Survey
    from rgbcloud.textures.differences import Differences
    from rgbcloud.textures.goals import Goal

_BLOCK = 1 << 20  # texels compared at a time


@dataclass(frozen=True, eq=False)
class Reduction:
    """A texture reduced to a palette, not yet or already saved.

    Attributes
    ----------
    image : ReducedImage
        The source, the palette and every texel's index.
    histogram : ColorHistogram
        The source's colours.
    data : bytes
        The reduced image as a file.
    report : Report
    notes : list of str
        What a user should be told, a sentence each; mostly empty.
    values : ndarray of shape (k, 3), or None
        The palette in the file's own numbers, where these have more than 8 bits; `image`, `histogram` and
        `palette` are then what a display shows.
    """

    image: ReducedImage
    histogram: ColorHistogram
    data: bytes
    report: reports.Report
    notes: list[str]
    values: StoredArray | None = None

    @property
    def palette(self) -> Palette:
        """The palette, measured on this texture."""
        return self.image.palette


def default_target(
    source: str | PathLike[str], settings: Settings, suffix: str = ".png", goal: Goal | None = None
) -> Path:
    """Return the file beside `source` that names how it was reduced: ``wood.jpg`` -> ``wood.k16.png``.

    A goal stands in the place of the number of colours: ``wood.psnr35.png``.
    """
    path = Path(source)
    return path.with_name(f"{path.stem}.{tag_of(settings, goal)}{suffix}")


def tag_of(settings: Settings, goal: Goal | None) -> str:
    """Return what names of reduced files carry: the settings' tag, a goal in the place of its number."""
    tag = settings.tag()
    return tag if goal is None else tag.replace(f"k{settings.colors}", goal.tag(), 1)


def shared_palette(
    sources: Sequence[Source | SourceImage | DeepImage],
    settings: Settings,
    *,
    max_pixels: int = MAX_PIXELS,
    progress: Progress = silent,
) -> Palette:
    """Return one palette for several images, whose histograms are added up.

    Parameters
    ----------
    sources : sequence of str, path-like, binary file, SourceImage or DeepImage
        Read one after the other: one decoded image is in memory at a time. Files of more than 8 bits a
        channel are read twice, because their range must be known before their colours can be added up.
    settings : Settings
    max_pixels : int, default 2**28
        See `read_image`.
    progress : Progress
        Told from time to time.

    Returns
    -------
    Palette
        To be given to `reduce_image` or `reduce_file` for each of them. Of more than 8 bits a channel it
        is a `DeepPalette`, which holds the images' own numbers.

    Raises
    ------
    ImageReadError
        If an image cannot be read.
    InvalidArgumentError
        If every texel of every image is fully transparent, or images differ in depth.
    """
    histogram = ColorHistogram.merge(())
    surveys: list[Survey | None] = []
    names: list[str] = []
    for number, source in enumerate(sources):
        part = portion(progress, 0.8 * number / len(sources), 0.8 * (number + 1) / len(sources))
        part(0.0, "reading")
        image = _read(source, max_pixels)
        names.append(image.name)
        surveys.append(surveyed(image, settings, None) if isinstance(image, DeepImage) else None)
        if isinstance(image, SourceImage):
            histogram += ColorHistogram.from_array(image.pixels, progress=portion(part, 0.5, 1.0))
        check_same_depth(names[0], surveys[0], image.name, surveys[-1])
    rest = portion(progress, 0.8, 1.0)
    if any(surveys):
        frame = agreed([survey for survey in surveys if survey])
        images = (_read(source, max_pixels) for source in sources)
        counted = (counted_in(image, frame, None) for image in images if isinstance(image, DeepImage))
        cells = functools.reduce(lambda whole, part: DeepCells.merged([whole, part]), counted)
        return clustered(cells, frame, settings, progress=rest)
    kind = meaning_of(settings, names[0] if names else "", histogram.colors, histogram.coverage).kind
    return settings_palette(histogram, settings, kind, progress=rest)


def _read(source: Source | SourceImage | DeepImage, max_pixels: int) -> SourceImage | DeepImage:
    if isinstance(source, (SourceImage, DeepImage)):
        return source
    return read_any(source, max_pixels=max_pixels)


def reduce_image(
    source: Source | SourceImage | DeepImage,
    settings: Settings,
    *,
    palette: Palette | None = None,
    like: Palette | None = None,
    mask: Source | None = None,
    histogram: ColorHistogram | None = None,
    colors_before: int | None = None,
    file_format: str | None = None,
    max_pixels: int = MAX_PIXELS,
    ssim: bool = False,
    progress: Progress = silent,
) -> Reduction:
    """Reduce an image to a palette of its own, or to a given one.

    Parameters
    ----------
    source : str, path-like, binary file, SourceImage or DeepImage
        The image; it is only read. One of more than 8 bits a channel comes out in its own format and type.
    settings : Settings
    palette : Palette, optional
        The colours to take, in their order, instead of clustering; see `shared_palette`.
    like : Palette, optional
        Of the version before: new colours get the indices of those that they stand for.
    mask : str, path-like or binary file, optional
        An image of the same size: white texels count, black ones do not, for palette and report alike.
    histogram : ColorHistogram, optional
        Of this very image and mask, if its colours have been counted already.
    colors_before : int, optional
        The same of an image of more than 8 bits a channel: how many there are.
    file_format : str, optional
        One of the values of `FORMATS`, or of `DEEP_FORMATS` for an
        image of more than 8 bits a channel. Left out: PNG, or the format that such an image has.
    max_pixels : int, default 2**28
        See `read_image`.
    ssim : bool, default False
        Whether to measure SSIM too, which takes about as long as all the rest.
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`.

    Returns
    -------
    Reduction

    Raises
    ------
    ImageReadError
        If the image cannot be read.
    InvalidArgumentError
        If no palette is given and every texel is fully transparent or masked, or the mask has another size.
    ImageWriteError
        If `file_format` cannot hold the image's alpha, or its type.
    MissingDependencyError
        If it takes OpenImageIO to read the image, which is not installed.
    """
    progress(0.0, "reading")
    source = _read(source, max_pixels)
    if isinstance(source, DeepImage):
        return _reduce_deep(
            source,
            settings,
            palette,
            like,
            mask,
            colors_before,
            file_format,
            max_pixels,
            ssim,
            progress,
        )
    file_format = file_format or "PNG"
    if file_format not in FORMATS.values():
        msg = f"{source.name} holds 8 bits a channel, which are not written as {file_format}; write a PNG"
        raise ImageWriteError(msg)
    covered = None if mask is None else read_mask(mask, source, max_pixels=max_pixels)
    voting = source.pixels if covered is None else masked(source.pixels, covered)
    votes = voting[..., 3] if voting.shape[2] == 4 else None
    if histogram is None:
        histogram = ColorHistogram.from_array(voting, progress=portion(progress, 0.1, 0.4))
    kind, notes = meaning_of(settings, source.name, histogram.colors, histogram.coverage)
    dithers = settings.dither != "none" and kind != "labels"
    if palette is None and (like is not None or dithers or kind == "labels"):
        palette = settings_palette(histogram, settings, kind, progress=portion(progress, 0.4, 0.5))
        if like is not None:
            palette = with_stable_indices(palette, like)
    space = working_space_of(settings, kind)
    if dithers and palette is not None:
        labels = nearest_colors(histogram.colors, palette.colors, space)
        palette = measured(palette.colors, histogram, labels)
        rest = portion(progress, 0.5, 0.7)
        indices = dithered(
            source.pixels, palette, settings, space, histogram if covered is None else None, progress=rest
        )
    else:
        _, palette, indices = quantize(
            source.pixels,
            settings.colors,
            seed=settings.seed,
            effort=settings.effort,
            locked=settings.locked,
            weight_power=settings.weight_power,
            space=space,
            palette=palette,
            mask=covered,
            histogram=histogram,
            progress=portion(progress, 0.4 if palette is None else 0.5, 0.7),
        )
    image = ReducedImage(source, palette.recolored(settings.recolored), indices)
    is_nearest = not dithers and not settings.recolored
    progress(0.7, "compressing")
    data, more_notes = encode(image, file_format, indexed=settings.indexed, squeeze=settings.squeeze)
    notes += more_notes
    similarity = (
        reports.ssim(source.pixels, image.pixels, progress=portion(progress, 0.8, 1.0)) if ssim else None
    )
    height, width = indices.shape
    report = reports.Report(
        name=source.name,
        width=width,
        height=height,
        colors_before=len(histogram),
        colors_after=len(palette),
        bytes_before=source.file_size,
        bytes_after=len(data),
        mse=palette.inertia / (histogram.total or 1.0) if is_nearest else _mse(image, votes, histogram),
        ssim=similarity,
        kind=kind,
        space=settings.space,
        **_differences(image, votes, space)._asdict(),
    )
    if len(data) > source.file_size:
        larger = f"{len(data):,} instead of {source.file_size:,} bytes"
        notes.append(f"the result is larger than the source: {larger}")
    progress(1.0, "done")
    return Reduction(image, histogram, data, report, notes)


def _reduce_deep(
    image: DeepImage,
    settings: Settings,
    palette: Palette | None,
    like: Palette | None,
    mask: Source | None,
    colors_before: int | None,
    file_format: str | None,
    max_pixels: int,
    ssim: bool,
    progress: Progress,
) -> Reduction:
    """Reduce an image of more than 8 bits a channel."""
    suffix = checked_suffix(file_format, image)
    if settings.recolored:
        msg = f"{image.name} has more than 8 bits a channel; recoloured are palettes of 8-bit images only"
        raise InvalidArgumentError(msg)
    covered = None if mask is None else read_mask(mask, image, max_pixels=max_pixels)
    part = portion(progress, 0.1, 0.9)
    found = reduce_deep(image, settings, palette, like, covered, colors_before, suffix, part)
    shown = ReducedImage(found.shown, found.palette, found.indices)
    similarity = reports.ssim(found.shown.pixels, shown.pixels) if ssim else None
    height, width = found.indices.shape
    report = reports.Report(
        name=image.name,
        width=width,
        height=height,
        colors_before=found.colors_before,
        colors_after=len(found.palette),
        bytes_before=image.file_size,
        bytes_after=len(found.data),
        mse=found.mse,
        ssim=similarity,
        kind=found.kind,
        space=settings.space,
        **found.differences._asdict(),
    )
    histogram = ColorHistogram.from_array(found.shown.pixels, progress=portion(progress, 0.9, 1.0))
    progress(1.0, "done")
    return Reduction(shown, histogram, found.data, report, found.notes, found.palette.values)


def _mse(image: ReducedImage, votes: UInt8Array | None, histogram: ColorHistogram) -> float:
    """Return the mean squared error of all texels, by how much each of them counts."""

    def total(rows: slice) -> int:
        error = image.source.rgb[rows].astype(np.int32) - image.palette.colors[image.indices[rows]]
        squares = np.einsum("hwc,hwc->hw", error, error).astype(np.int64)
        return int((squares * (OPAQUE if votes is None else votes[rows])).sum())

    rows = row_blocks(image.source.pixels, _BLOCK)
    return sum(in_parallel(total, rows)) / OPAQUE / (histogram.total or 1.0)


def _differences(image: ReducedImage, votes: UInt8Array | None, space: WorkingSpace) -> Differences:
    """Compare the texels of an image that count with their palette colours."""
    before = image.source.pixels.reshape(-1, image.source.pixels.shape[2])
    texels = sampled(len(before))
    if votes is not None:
        counted = np.flatnonzero(votes)
        texels = counted[sampled(len(counted))]
    weights = np.ones(len(texels)) if votes is None else votes.reshape(-1)[texels]
    after = image.palette.colors[image.indices.reshape(-1)[texels]]
    return differences(before[texels, :3], after, weights, space)


def reduce_file(
    source: str | PathLike[str],
    target: str | PathLike[str] | None = None,
    *,
    settings: Settings,
    palette: Palette | None = None,
    like: Palette | None = None,
    mask: Source | None = None,
    overwrite: bool = False,
    max_pixels: int = MAX_PIXELS,
    ssim: bool = False,
    progress: Progress = silent,
) -> Reduction:
    """Reduce an image file and save the result under another name.

    Parameters
    ----------
    source : str or path-like
        The image; it is only read.
    target : str or path-like, optional
        Where to save; the suffix chooses the format. Left out: see `default_target`.
    overwrite : bool, default False
        Whether a file that is there may be replaced. The source never is.
    settings, palette, like, mask, max_pixels, ssim, progress
        See `reduce_image`.

    Returns
    -------
    Reduction

    Raises
    ------
    ImageWriteError
        If `target` is the source, is there already, or cannot be written: told before the work begins
        where that can be known.
    ImageReadError, InvalidArgumentError
        See `reduce_image`.
    """
    if target is None:
        target = default_target(source, settings, Path(source).suffix if is_deep(source) else ".png")
    path = Path(target)
    file_format = any_format_of(path)
    check_not_source(path, Path(source))
    check_writable(path, overwrite=overwrite)
    reduction = reduce_image(
        source,
        settings,
        palette=palette,
        like=like,
        mask=mask,
        file_format=file_format,
        max_pixels=max_pixels,
        ssim=ssim,
        progress=progress,
    )
    write_file(path, reduction.data, overwrite=overwrite)
    return reduction
