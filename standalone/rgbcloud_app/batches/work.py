"""What is done to one texture of a batch, in this process, another one, or on another machine."""

from __future__ import annotations

import functools
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from click.exceptions import Exit

from rgbcloud import Limits, Output, Texture, count, read, reduce, reduce_texture
from rgbcloud.errors import (
    CancelledError,
    InvalidArgumentError,
    LargerResultError,
    RgbcloudError,
    TargetExistsError,
)
from rgbcloud.images import DEEP_FORMATS, FORMATS, check_writable, format_of, write_file
from rgbcloud.progress import Progress, silent
from rgbcloud_app.assets.opening import is_asset
from rgbcloud_app.batches.outcome import CountedJobs, Outcome
from rgbcloud_app.terminal import SAME, STANDARD, path_or_stdin, say_bytes

if TYPE_CHECKING:
    from rgbcloud import Image
    from rgbcloud_app.batches.outcome import Options
    from rgbcloud_app.batches.planning import Job


def count_job(job: Job, options: Options) -> CountedJobs:
    """Count the colours of a job's sources; a failure is part of what is returned."""
    if job.problem:
        return CountedJobs(failures=(Outcome(job, error=job.problem),))
    try:
        if is_asset(job.source):
            from rgbcloud_app.assets.lighter import count_asset  # only assets need it

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
    recipe = job.recipe or options.recipe
    if job.colors is not None:
        recipe = replace(recipe, settings=replace(recipe.settings, colors=job.colors))
    options = replace(options, recipe=recipe)
    try:
        if is_asset(job.source):
            work = functools.partial(_copy_asset, job, options, progress)
        elif STANDARD in (job.source, job.target):
            return _reduce_stream(job, options, progress)
        else:
            work = functools.partial(_reduce_files, job, options, progress)
        if not options.receipts or job.target == STANDARD:
            return work(None)
        from rgbcloud_app.batches.resuming import resume  # which takes a while

        return resume(job, options, work)
    except LargerResultError as error:
        return Outcome(job, larger=str(error))
    except (CancelledError, Exit):
        raise
    except Exception as error:  # noqa: BLE001 - one bad file is one bad file
        return _failure(job, error)


def _failure(job: Job, error: Exception) -> Outcome:
    """Return what to say: errors about a value do not tell whose it is, those about files do."""
    if isinstance(error, MemoryError):
        told = "there is not enough memory for it; run again with fewer --threads, or make it smaller"
        return Outcome(job, error=f"{job.source}: {told}")
    if not isinstance(error, RgbcloudError):
        told = f"{job.source}: rgbcloud has a bug here ({type(error).__name__}: {error}); --debug shows where"
        return Outcome(job, error=told, bug=traceback.format_exc())
    says_whose = not isinstance(error, InvalidArgumentError) or job.source in str(error)
    is_there = isinstance(error, TargetExistsError)
    return Outcome(job, error=str(error) if says_whose else f"{job.source}: {error}", is_there=is_there)


def _reduce_files(job: Job, options: Options, progress: Progress, resume: frozenset[Path] | None) -> Outcome:
    """Reduce the files of a texture into files; see `Output.resume`."""
    texture = Texture.find(job.source)
    # On a farm, what is there by now was written by a lost worker.
    overwrite = options.overwrite or job.is_new
    targets = tuple(job.targets(texture))
    if options.export:
        from rgbcloud_app.batches.exporting import check_exports, export_index_and_ramp

        check_exports(job.target, targets, overwrite=overwrite)
    if options.error_map:
        from rgbcloud_app.batches.error_maps import check_error_maps, write_error_maps

        check_error_maps(targets, overwrite=overwrite)
    reduction = reduce_texture(
        texture,
        options.recipe,
        Output(targets=targets, overwrite=overwrite, resume=resume),
        ssim=options.ssim,
        limits=options.limits,
        progress=progress,
    )
    if all(member.was_there for member in reduction.members):
        return Outcome(job, notes=reduction.notes, is_unchanged=True)
    reports = tuple(member.report for member in reduction.members)
    notes = reduction.notes
    if options.export:
        notes += export_index_and_ramp(
            reduction, job.target, overwrite=overwrite, max_pixels=options.max_pixels
        )
    if options.error_map:
        notes += write_error_maps(reduction, overwrite=overwrite, max_pixels=options.max_pixels)
    return Outcome(job, reports, tuple(reduction.palette.to_hex()), notes)


def _copy_asset(job: Job, options: Options, progress: Progress, resume: frozenset[Path] | None) -> Outcome:
    """Write a copy of an asset with lighter textures."""
    from rgbcloud_app.assets.lighter import Wish, reduce_asset  # only assets need it

    if job.target == STANDARD:
        raise InvalidArgumentError("an asset is more than one file: name the copy, or use --output-dir")
    overwrite = options.overwrite or job.is_new
    wish = Wish(options.recipe, options.also, overwrite, options.ssim, options.limits, resume, options.camera)
    done = reduce_asset(Path(job.source), Path(job.target), wish, progress)
    if done.was_there and resume is not None:
        return Outcome(job, notes=done.notes, is_unchanged=True)
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
    all_frames = options.recipe.settings.frames == "all"
    image = read(path_or_stdin(job.source), max_pixels=options.max_pixels, all_frames=all_frames)
    file_format = _format_on_standard_output(image, options.suffix) if target is None else format_of(target)
    limits = Limits(folder=None if target is None else target.parent)
    result = reduce(image, options.recipe, file_format=file_format, limits=limits, progress=progress)
    report = replace(result.report, ssim=result.ssim()) if options.ssim else result.report
    if target is None:
        say_bytes(result.data)
    else:
        write_file(target, result.data, overwrite=options.overwrite)
    return Outcome(job, (report,), tuple(result.palette.to_hex()), result.notes)
