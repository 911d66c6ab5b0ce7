"""What is done to one texture of a batch, in this process, another one, or on another machine.

Everything here goes through pickle: what is to be done on the way there, what became of it on the way back.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from click.exceptions import Exit

from rgbcloud import MAX_PIXELS, Counts, Limits, Output, Texture, count, read, reduce, reduce_texture
from rgbcloud.errors import CancelledError, InvalidArgumentError, LargerResultError, RgbcloudError
from rgbcloud.images import DEEP_FORMATS, FORMATS, check_writable, format_of, write_file
from rgbcloud.progress import Progress, silent
from rgbcloud.textures import digest_of
from rgbcloud_app.assets import Wish, count_asset, is_asset, reduce_asset
from rgbcloud_app.batches.planning import SAME
from rgbcloud_app.batches.receipts import Receipt, files_of
from rgbcloud_app.terminal import STANDARD, path_or_stdin, say_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rgbcloud import Image, Recipe, Report
    from rgbcloud_app.assets import Meaning
    from rgbcloud_app.batches.planning import Job


@dataclass(frozen=True)
class Options:
    """What holds for all jobs of a run.

    Attributes
    ----------
    recipe : Recipe
    suffix : str
        Of results on standard output; `SAME` for that of the source.
    overwrite, ssim : bool
    max_pixels : int
        See `rgbcloud.Limits`.
    receipts : bool
        Whether to make out receipts, which takes a look at every byte of source and result.
    also : tuple of {"normal", "data"}
        What is to be reduced of assets, beside their colours.
    """

    recipe: Recipe
    suffix: str = ".png"
    overwrite: bool = False
    ssim: bool = False
    max_pixels: int = MAX_PIXELS
    receipts: bool = False
    also: tuple[Meaning, ...] = ()

    @property
    def key(self) -> str:
        """A digest of all that decides what a result holds, but for its source."""
        return "+".join((self.recipe.digest(), *sorted(self.also)))

    @property
    def limits(self) -> Limits:
        """What reading may take."""
        return Limits(self.max_pixels)


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
    bug : str
        The traceback of an error that was not expected; mostly empty.
    receipt : Receipt or None
        What to remember of it.
    is_unchanged : bool
        Whether it was done already.
    larger : str
        Why it was left as it is, where its result would have taken more space; mostly empty.
    asset_bytes : tuple of int or None
        Of all files of an asset, before and after.
    """

    job: Job
    reports: tuple[Report, ...] = ()
    palette: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    error: str | None = None
    bug: str = ""
    receipt: Receipt | None = None
    is_unchanged: bool = False
    larger: str = ""
    asset_bytes: tuple[int, int] | None = None

    @property
    def bytes(self) -> tuple[int, int]:
        """Of all files, before and after."""
        if self.asset_bytes is not None:
            return self.asset_bytes
        reports = self.reports
        return sum(each.bytes_before for each in reports), sum(each.bytes_after for each in reports)


@dataclass(frozen=True)
class CountedJobs:
    """The colours of some textures, and the outcomes of those that could not be read."""

    counts: Counts | None = None
    failures: tuple[Outcome, ...] = field(default=())

    @classmethod
    def merge(cls, parts: Iterable[CountedJobs]) -> CountedJobs:
        """Add some up.

        Raises
        ------
        InvalidArgumentError
            If their depths differ.
        """
        parts = list(parts)
        counts = [part.counts for part in parts if part.counts is not None]
        failures = tuple(failure for part in parts for failure in part.failures)
        return cls(Counts.added_up(counts) if counts else None, failures)

    def __len__(self) -> int:
        return 0 if self.counts is None else len(self.counts.histogram)


def count_job(job: Job, options: Options) -> CountedJobs:
    """Count the colours of a job's sources; a failure is part of what is returned."""
    if job.problem:
        return CountedJobs(failures=(Outcome(job, error=job.problem),))
    try:
        if is_asset(job.source):
            return CountedJobs(count_asset(Path(job.source), options.recipe, options.limits))
        counts = count(Texture.find(job.source), options.recipe, limits=options.limits)
        return CountedJobs(counts)
    except CancelledError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad file is one bad file
        return CountedJobs(failures=(_failure(job, error),))


def carry_out(job: Job, options: Options, progress: Progress = silent) -> Outcome:
    """Do a job; a failure is part of what is returned."""
    if job.problem:
        return Outcome(job, error=job.problem)
    try:
        receipt = None
        if options.receipts and STANDARD not in (job.source, job.target):
            receipt = Receipt(options.key, digest_of(files_of(job.source)))
            if job.receipt is not None and job.receipt.is_valid(job.target):
                if (job.receipt.key, job.receipt.source) == (receipt.key, receipt.source):
                    return Outcome(job, receipt=job.receipt, is_unchanged=True)
                options = replace(options, overwrite=True)  # the result of an earlier run, and nothing else
        if job.is_new:
            options = replace(options, overwrite=True)  # what is there by now was written by a lost worker
        piped = STANDARD in (job.source, job.target)
        work = _copy_asset if is_asset(job.source) else _reduce_stream if piped else _reduce_files
        outcome = work(job, options, progress)
        return replace(outcome, receipt=receipt.with_result(job.target) if receipt else None)
    except LargerResultError as error:
        return Outcome(job, larger=str(error))
    except (CancelledError, Exit):
        raise
    except Exception as error:  # noqa: BLE001 - one bad file is one bad file
        return _failure(job, error)


def _failure(job: Job, error: Exception) -> Outcome:
    """Return what to say: errors about a value do not tell whose it is, those about files do."""
    if not isinstance(error, RgbcloudError):
        told = f"{job.source}: rgbcloud has a bug here ({type(error).__name__}: {error}); --debug shows where"
        return Outcome(job, error=told, bug=traceback.format_exc())
    says_whose = not isinstance(error, InvalidArgumentError) or job.source in str(error)
    return Outcome(job, error=str(error) if says_whose else f"{job.source}: {error}")


def _reduce_files(job: Job, options: Options, progress: Progress) -> Outcome:
    """Reduce the files of a texture into files."""
    texture = Texture.find(job.source)
    targets = tuple(texture.rename_members(job.target)) if job.is_set else (Path(job.target),)
    reduction = reduce_texture(
        texture,
        options.recipe,
        Output(targets=targets, overwrite=options.overwrite),
        ssim=options.ssim,
        limits=options.limits,
        progress=progress,
    )
    reports = tuple(member.report for member in reduction.members)
    return Outcome(job, reports, tuple(reduction.palette.to_hex()), reduction.notes)


def _copy_asset(job: Job, options: Options, progress: Progress) -> Outcome:
    """Write a copy of an asset with lighter textures."""
    if job.target == STANDARD:
        raise InvalidArgumentError("an asset is more than one file: name the copy, or use --output-dir")
    wish = Wish(options.recipe, options.also, options.overwrite, options.ssim, options.limits)
    done = reduce_asset(Path(job.source), Path(job.target), wish, progress)
    return Outcome(job, done.reports, done.palette, done.notes, asset_bytes=done.bytes)


def _format_on_standard_output(image: Image, suffix: str) -> str:
    """Return the format that an image is written in: EXR and the like stay what they are."""
    own = image.codec.check_format(image, None)
    if own in DEEP_FORMATS.values():
        return own
    if suffix != SAME:
        return FORMATS[suffix]
    return image.file_format if image.file_format in FORMATS.values() else own


def _reduce_stream(job: Job, options: Options, progress: Progress) -> Outcome:
    """Reduce one image from standard input, or to standard output, or both."""
    target = None if job.target == STANDARD else Path(job.target)
    if target is not None:
        format_of(target)
        check_writable(target, overwrite=options.overwrite)
    progress(0.0, "reading")
    image = read(path_or_stdin(job.source), max_pixels=options.max_pixels)
    file_format = _format_on_standard_output(image, options.suffix) if target is None else format_of(target)
    limits = Limits(folder=None if target is None else target.parent)
    result = reduce(image, options.recipe, file_format=file_format, limits=limits, progress=progress)
    report = replace(result.report, ssim=result.ssim()) if options.ssim else result.report
    if target is None:
        say_bytes(result.data)
    else:
        write_file(target, result.data, overwrite=options.overwrite)
    return Outcome(job, (report,), tuple(result.palette.to_hex()), result.notes)
