"""``--resume``: doing what an earlier run has not done, or not with these sources and this recipe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from rgbcloud import Texture, read
from rgbcloud.errors import ImageReadError, ImageWriteError, RgbcloudError
from rgbcloud_app.assets.opening import is_asset
from rgbcloud_app.batches.outcome import Outcome
from rgbcloud_app.batches.receipts import (
    FileState,
    Receipts,
    are_untouched,
    hold_the_same,
    holds,
    result_name,
    source_names,
)
from rgbcloud_app.terminal import STANDARD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud_app.batches.outcome import Options
    from rgbcloud_app.batches.planning import Job
    from rgbcloud_app.batches.receipts import Receipt


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
    sources = source_files(job)
    return (
        [state.name for state in receipt.sources] == source_names(sources, options.recipe)
        and are_untouched(receipt.sources, sources)
        and are_untouched(receipt.results, result_files(job))
    )


def resume(job: Job, options: Options, reduce: Callable[[frozenset[Path]], Outcome]) -> Outcome:
    """Do a job unless it is done, and write a receipt.

    Parameters
    ----------
    job : Job
    options : Options
    reduce : callable
        Does it, given the files that it may replace.
    """
    receipts = Receipts(options.folder)
    files = source_files(job)
    names = source_names(files, options.recipe)
    sources = tuple(FileState.of(path, name) for path, name in zip(files, names))
    found = receipts.find(job.target)
    results = result_files(job)
    is_same = found is not None and found.is_for(options.key) and found.is_of(sources)
    if found and is_same and hold_the_same(found.results, results):
        outcome = Outcome(job, is_unchanged=True)
    else:
        outcome = reduce(_ours(found, job, results))
        results = result_files(job)
    try:
        receipts.add(job.target, options.key, sources, results)
    except (OSError, ImageWriteError) as error:
        told = f"its receipt cannot be written ({getattr(error, 'strerror', None) or error})"
        receipts.notes.append(f"{told}: --resume will look at it again")
    return replace(outcome, notes=(*receipts.notes, *outcome.notes))


def source_files(job: Job) -> list[Path]:
    """Return the files of a job's image, set or asset.

    Raises
    ------
    RgbcloudError
        If there is none, or it cannot be opened.
    """
    if is_asset(job.source):
        return _asset_files(job.source)
    return Texture.find(job.source).paths if job.is_set else [Path(job.source)]


def result_files(job: Job) -> list[Path]:
    """Return the files that a job leads to; of an asset, those that are there."""
    if is_asset(job.source):
        return _asset_files(job.target) if Path(job.target).exists() else []
    return job.targets(Texture.find(job.source) if job.is_set else None)


def _asset_files(source: str) -> list[Path]:
    from rgbcloud_app.assets.lighter import asset_files  # only assets need it

    return asset_files(source)[0]


def _ours(receipt: Receipt | None, job: Job, files: Sequence[Path]) -> frozenset[Path]:
    """Return the files that may be replaced: results of an earlier run as it left them, or damaged ones."""
    known = {} if receipt is None else {state.name: state for state in receipt.results}
    ours = [(file, known[name]) for file in files if (name := result_name(file, job.target)) in known]
    return frozenset(file for file, state in ours if holds(state, file) or _is_damaged(file))


def _is_damaged(path: Path) -> bool:
    """Whether what a file held is lost anyway: no image can be read from it."""
    try:
        read(path)
    except ImageReadError:
        return True
    except RgbcloudError:
        pass
    return False
