"""What is done to one texture of a batch, in this process, another one, or on another machine.

Everything here goes through pickle: what is to be done on the way there, what became of it on the way back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud import (
    MAX_PIXELS,
    ColorHistogram,
    Member,
    Texture,
    choose_colors,
    reduce_image,
    reduce_texture,
)
from rgbcloud.counting.cells import DeepCells
from rgbcloud.counting.votes import mask_of, masked, read_mask
from rgbcloud.errors import CancelledError, ImageReadError, InvalidArgumentError, RgbcloudError
from rgbcloud.images.files import check_not_source, check_writable, write_file
from rgbcloud.images.oiio_reading import DeepImage, is_deep
from rgbcloud.images.pillow_writing import FORMATS
from rgbcloud.images.reading import any_format_of, read_any
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.textures.deep_goals import choose_deep_palette
from rgbcloud.textures.deep_palette import DeepPalette, agreed, counted_in, surveyed
from rgbcloud_app.jobs import SAME
from rgbcloud_app.receipts import Receipt, digest_of
from rgbcloud_app.terminal import STANDARD, opened, say_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rgbcloud import Goal, Palette, Report, Settings, SourceImage
    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.images.pillow_reading import Source
    from rgbcloud.images.reading import AnyImage
    from rgbcloud.textures.deep_palette import Frame, Survey
    from rgbcloud_app.jobs import Job


@dataclass(frozen=True)
class Options:
    """What holds for all jobs of a run.

    Attributes
    ----------
    settings : Settings
    goal : Goal or None
        Chooses the number of colours for each texture, instead of `settings.colors`.
    palette, like : Palette or None
        See `rgbcloud.reduce_image`.
    mask : str or None
        An image, or a pattern with tokens: what counts.
    suffix : str
        Of results on standard output; `SAME` for that of the source.
    overwrite, ssim : bool
    max_pixels : int
        See `rgbcloud.reduce_image`.
    receipts : bool
        Whether to make out receipts, which takes a look at every byte of source and result.
    """

    settings: Settings
    goal: Goal | None = None
    palette: Palette | None = None
    like: Palette | None = None
    mask: str | None = None
    suffix: str = ".png"
    overwrite: bool = False
    ssim: bool = False
    max_pixels: int = MAX_PIXELS
    receipts: bool = False

    def key(self) -> str:
        """Return a digest of everything that decides what a result holds, but for the source."""
        palettes = [palette.to_hex() if palette else None for palette in (self.palette, self.like)]
        mask = None if self.mask is None else digest_of(Texture.find(self.mask).paths)
        values = self.palette.values.tobytes().hex() if isinstance(self.palette, DeepPalette) else None
        parts = (self.settings.to_json(), repr(self.goal), repr(palettes), mask, *filter(None, [values]))
        return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """What became of one job.

    Attributes
    ----------
    job : Job
    reports : tuple of Report
        One for each file that was written; none if it failed or was done already.
    palette : tuple of str
        Colours like ``"#ff8000"``.
    notes : tuple of str
    error : str or None
        Why it failed.
    receipt : Receipt or None
        What to remember of it.
    is_unchanged : bool
        Whether it was done already.
    """

    job: Job
    reports: tuple[Report, ...] = ()
    palette: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    error: str | None = None
    receipt: Receipt | None = None
    is_unchanged: bool = False


@dataclass(frozen=True)
class Counted:
    """The colours of some textures, and the outcomes of those that could not be read.

    Attributes
    ----------
    histogram : ColorHistogram
        Of 8-bit files.
    failures : tuple of Outcome
    files : tuple of (str, Survey or None)
        What was read; deep files have a survey.
    cells : DeepCells or None
        The colours of deep files, once it is known between which coordinates all of them lie.
    """

    histogram: ColorHistogram
    failures: tuple[Outcome, ...] = field(default=())
    files: tuple[tuple[str, Survey | None], ...] = field(default=())
    cells: DeepCells | None = None

    @classmethod
    def merged(cls, parts: Iterable[Counted]) -> Counted:
        """Add some up."""
        parts = list(parts)
        histogram = ColorHistogram.merge(part.histogram for part in parts)
        cells = [part.cells for part in parts if part.cells is not None]
        return cls(
            histogram,
            tuple(failure for part in parts for failure in part.failures),
            tuple(file for part in parts for file in part.files),
            DeepCells.merged(cells) if cells else None,
        )

    def __len__(self) -> int:
        return len(self.histogram) + (0 if self.cells is None else len(self.cells))


def count(job: Job, options: Options, frame: Frame | None = None) -> Counted:
    """Count the colours of a job's sources, or survey deep ones; a failure is part of what is returned.

    With a frame, which surveys agreed on, the colours of deep sources are counted in it.
    """
    try:
        if job.problem:
            raise ImageReadError(job.problem)
        return Counted.merged(_counted(member, options, frame) for member in Texture.find(job.source).members)
    except RgbcloudError as error:
        return Counted(ColorHistogram.merge(()), (Outcome(job, error=_sentence(job, error)),))


def _counted(member: Member, options: Options, frame: Frame | None) -> Counted:
    """Count one file."""
    image = read_any(member.path, max_pixels=options.max_pixels)
    mask = _mask(member, options)
    nothing = ColorHistogram.merge(())
    if isinstance(image, DeepImage):
        covered = None if mask is None else read_mask(mask, image, max_pixels=options.max_pixels)
        if frame is not None:
            return Counted(nothing, cells=counted_in(image, frame, covered))
        return Counted(nothing, files=((image.name, surveyed(image, options.settings, covered)),))
    histogram = nothing if frame else ColorHistogram.from_array(_voting(image, mask, options))
    return Counted(histogram, files=((image.name, None),))


def carry_out(job: Job, options: Options, progress: Progress = silent) -> Outcome:
    """Do a job; a failure that is no bug is part of what is returned."""
    try:
        if job.problem:
            raise ImageReadError(job.problem)
        sources = [] if job.source == STANDARD else Texture.find(job.source).paths
        receipt = None
        if options.receipts and STANDARD not in (job.source, job.target):
            receipt = Receipt(options.key(), digest_of(sources))
            if job.receipt is not None and job.receipt.is_valid(job.target):
                if (job.receipt.key, job.receipt.source) == (receipt.key, receipt.source):
                    return Outcome(job, receipt=job.receipt, is_unchanged=True)
                options = replace(options, overwrite=True)  # the result of an earlier run, and nothing else
        if job.is_new:
            options = replace(options, overwrite=True)  # what is there by now was written by a lost worker
        outcome = _set_reduced(job, options, progress) if job.is_set else _reduced(job, options, progress)
        return replace(outcome, receipt=receipt.with_result(job.target) if receipt else None)
    except CancelledError:
        raise
    except RgbcloudError as error:
        return Outcome(job, error=_sentence(job, error))


def _sentence(job: Job, error: RgbcloudError) -> str:
    """Return what to say: errors about a value do not tell whose it is, those about files do."""
    says_whose = not isinstance(error, InvalidArgumentError) or job.source in str(error)
    return str(error) if says_whose else f"{job.source}: {error}"


def _reduced(job: Job, options: Options, progress: Progress) -> Outcome:
    """Reduce one image, from a file or standard input, into a file or standard output."""
    target = None if job.target == STANDARD else Path(job.target)
    if target is not None:
        any_format_of(target)
        if job.source != STANDARD:
            check_not_source(target, Path(job.source))
        check_writable(target, overwrite=options.overwrite)
    progress(0.0, "reading")
    image = read_any(opened(job.source), max_pixels=options.max_pixels)
    file_format = _format_on_standard_output(image, options) if target is None else any_format_of(target)
    mask = _mask(Member(Path(job.source)), options)
    settings, palette, histogram = options.settings, options.palette, None
    colors_before: int | None = None
    notes: tuple[str, ...] = ()
    if options.goal is not None:
        part, progress = portion(progress, 0.0, 0.6), portion(progress, 0.6, 1.0)
        if isinstance(image, DeepImage):
            palette, colors_before, notes = _chosen(image, mask, options.goal, options, file_format, part)
        else:
            histogram = ColorHistogram.from_array(_voting(image, mask, options))
            colors = choose_colors(
                image, histogram, settings, options.goal, file_format=file_format, progress=part
            )
            settings = replace(settings, colors=colors)
    reduction = reduce_image(
        image,
        settings,
        palette=palette,
        like=options.like,
        mask=mask,
        histogram=histogram,
        colors_before=colors_before,
        file_format=file_format,
        max_pixels=options.max_pixels,
        ssim=options.ssim,
        progress=progress,
    )
    if target is None:
        say_bytes(reduction.data)
    else:
        write_file(target, reduction.data, overwrite=options.overwrite)
    notes = (*notes, *reduction.notes)
    return Outcome(job, (reduction.report,), tuple(reduction.palette.to_hex()), notes)


def _format_on_standard_output(image: AnyImage, options: Options) -> str | None:
    """Return the format that options ask for; None is a deep image's own."""
    if isinstance(image, DeepImage):
        return None if options.suffix == SAME or is_deep(image.path) else FORMATS[options.suffix]
    return image.file_format if options.suffix == SAME else FORMATS[options.suffix]


def _chosen(
    image: DeepImage,
    mask: Source | None,
    goal: Goal,
    options: Options,
    file_format: str | None,
    progress: Progress,
) -> tuple[DeepPalette, int, tuple[str, ...]]:
    """Return the palette of a deep image that a goal leads to, how many colours it has, and notes."""
    covered = None if mask is None else read_mask(mask, image, max_pixels=options.max_pixels)
    survey = surveyed(image, options.settings, covered)
    frame = agreed([survey])
    cells = counted_in(image, frame, covered, portion(progress, 0.0, 0.3))
    palette = choose_deep_palette(
        cells,
        frame,
        options.settings,
        goal,
        image=image,
        file_format=file_format,
        like=options.like,
        progress=portion(progress, 0.3, 1.0),
    )
    return palette, len(cells), survey.notes


def _set_reduced(job: Job, options: Options, progress: Progress) -> Outcome:
    """Reduce a set of files to one palette."""
    texture = Texture.find(job.source)
    reduction = reduce_texture(
        texture,
        options.settings,
        targets=texture.renamed(job.target),
        overwrite=options.overwrite,
        palette=options.palette,
        like=options.like,
        mask=None if options.mask is None else Texture.find(options.mask),
        goal=options.goal,
        ssim=options.ssim,
        max_pixels=options.max_pixels,
        progress=progress,
    )
    reports = tuple(member.report for member in reduction.members)
    return Outcome(job, reports, tuple(reduction.palette.to_hex()), tuple(reduction.notes))


def _mask(member: Member, options: Options) -> Source | None:
    """Return what masks an image."""
    return None if options.mask is None else mask_of(member, Texture.find(options.mask))


def _voting(image: SourceImage, mask: Source | None, options: Options) -> UInt8Array:
    """Return the texels to count."""
    if mask is None:
        return image.pixels
    return masked(image.pixels, read_mask(mask, image, max_pixels=options.max_pixels))
