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
from rgbcloud.errors import (
    CancelledError,
    ImageReadError,
    ImageWriteError,
    InvalidArgumentError,
    RgbcloudError,
    TargetExistsError,
)
from rgbcloud.images import DEEP_FORMATS, FORMATS, check_writable, format_of, write_file
from rgbcloud.progress import Progress, silent
from rgbcloud_app.batches.planning import SAME
from rgbcloud_app.batches.receipts import (
    FileState,
    Receipts,
    are_untouched,
    hold_the_same,
    holds,
    source_names,
)
from rgbcloud_app.terminal import STANDARD, path_or_stdin, say_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rgbcloud import Image, Recipe, Report
    from rgbcloud_app.batches.planning import Job
    from rgbcloud_app.batches.receipts import Receipt


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
    folder : str or None
        That the receipts belong to; see `Receipts`.
    key : str
        Of the recipe, where it is known already: see `with_key`.
    """

    recipe: Recipe
    suffix: str = ".png"
    overwrite: bool = False
    ssim: bool = False
    max_pixels: int = MAX_PIXELS
    receipts: bool = False
    folder: str | None = None
    key: str = ""

    def with_key(self) -> Options:
        """Return the same with what receipts need: found once for all jobs.

        Raises
        ------
        ImageReadError
            If the mask cannot be read.
        """
        return replace(self, key=self.recipe.digest()) if self.receipts else self

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
    is_there : bool
        Whether it failed for nothing but a file that is there and must not be replaced.
    is_unchanged : bool
        Whether it was done already.
    """

    job: Job
    reports: tuple[Report, ...] = ()
    palette: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    error: str | None = None
    bug: str = ""
    is_there: bool = False
    is_unchanged: bool = False


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
        counts = count(Texture.find(job.source), options.recipe, limits=options.limits)
        return CountedJobs(counts)
    except CancelledError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad file is one bad file
        return CountedJobs(failures=(_failure(job, error),))


def is_done(job: Job, options: Options, receipts: Receipts) -> bool:
    """Whether a receipt tells that a job is done and nothing of it was touched since, without reading files.

    Raises
    ------
    RgbcloudError
        If its files cannot be found.
    """
    if job.problem or STANDARD in (job.source, job.target):
        return False
    receipt = receipts.find(job.target)
    if receipt is None or not receipt.is_for(options.key):
        return False
    texture = Texture.find(job.source) if job.is_set else None
    paths = texture.paths if texture else [Path(job.source)]
    return (
        [state.name for state in receipt.sources] == source_names(paths, options.recipe)
        and are_untouched(receipt.sources, paths)
        and are_untouched(receipt.results, job.targets(texture))
    )


def carry_out(job: Job, options: Options, progress: Progress = silent) -> Outcome:
    """Do a job; a failure is part of what is returned."""
    if job.problem:
        return Outcome(job, error=job.problem)
    try:
        if STANDARD in (job.source, job.target):
            return _reduce_stream(job, options, progress)
        return (_resume if options.receipts else _reduce_files)(job, options, progress)
    except (CancelledError, Exit):
        raise
    except Exception as error:  # noqa: BLE001 - one bad file is one bad file
        return _failure(job, error)


def _resume(job: Job, options: Options, progress: Progress) -> Outcome:
    """Do what an earlier run has not done, or not with these sources and this recipe, and write a receipt."""
    texture = Texture.find(job.source)
    targets = job.targets(texture)
    receipts = Receipts(options.folder)
    names = source_names(texture.paths, options.recipe)
    sources = tuple(FileState.of(path, name) for path, name in zip(texture.paths, names))
    found = receipts.find(job.target)
    is_same = found is not None and found.is_for(options.key) and found.is_of(sources)
    if found and is_same and hold_the_same(found.results, targets):
        outcome = Outcome(job, is_unchanged=True)
    else:
        outcome = _reduce_files(job, options, progress, resume=_ours(found, targets))
    try:
        receipts.add(job.target, options.key, sources, targets)
    except (OSError, ImageWriteError) as error:
        told = f"its receipt cannot be written ({getattr(error, 'strerror', None) or error})"
        receipts.notes.append(f"{told}: --resume will look at it again")
    return replace(outcome, notes=(*receipts.notes, *outcome.notes))


def _ours(receipt: Receipt | None, targets: Sequence[Path]) -> frozenset[Path]:
    """Return the targets that may be replaced: results of an earlier run as it left them, or damaged ones."""
    results = {} if receipt is None else {state.name: state for state in receipt.results}
    known = [(target, results[target.name]) for target in targets if target.name in results]
    return frozenset(target for target, state in known if holds(state, target) or _is_damaged(target))


def _is_damaged(path: Path) -> bool:
    """Whether what a file held is lost anyway: no image can be read from it."""
    try:
        read(path)
    except ImageReadError:
        return True
    except RgbcloudError:
        pass
    return False


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


def _reduce_files(
    job: Job, options: Options, progress: Progress, *, resume: frozenset[Path] | None = None
) -> Outcome:
    """Reduce the files of a texture into files; see `Output.resume`."""
    texture = Texture.find(job.source)
    # On a farm, what is there by now was written by a lost worker.
    overwrite = options.overwrite or job.is_new
    reduction = reduce_texture(
        texture,
        options.recipe,
        Output(targets=job.targets(texture), overwrite=overwrite, resume=resume),
        ssim=options.ssim,
        limits=options.limits,
        progress=progress,
    )
    if all(member.was_there for member in reduction.members):
        return Outcome(job, notes=reduction.notes, is_unchanged=True)
    reports = tuple(member.report for member in reduction.members)
    return Outcome(job, reports, tuple(reduction.palette.to_hex()), reduction.notes)


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
    result = reduce(image, options.recipe, file_format=file_format, progress=progress)
    report = replace(result.report, ssim=result.ssim()) if options.ssim else result.report
    if target is None:
        say_bytes(result.data)
    else:
        write_file(target, result.data, overwrite=options.overwrite)
    return Outcome(job, (report,), tuple(result.palette.to_hex()), result.notes)
