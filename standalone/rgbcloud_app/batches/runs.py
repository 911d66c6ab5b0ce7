"""A run of many jobs: what is done already is passed over, what fails is kept for the end."""

from __future__ import annotations

import functools
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud import palette_for
from rgbcloud.errors import ImageWriteError, RgbcloudError
from rgbcloud.images import clear_away
from rgbcloud_app.assets.opening import is_asset
from rgbcloud_app.batches.engines import Here
from rgbcloud_app.batches.outcome import CountedJobs, Outcome
from rgbcloud_app.batches.planning import Targets
from rgbcloud_app.batches.work import carry_out, count_job
from rgbcloud_app.terminal import STANDARD, complain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rgbcloud import Progress
    from rgbcloud_app.batches.engines import Engine
    from rgbcloud_app.batches.outcome import Options
    from rgbcloud_app.batches.planning import Job
    from rgbcloud_app.batches.receipts import Receipts

WORTH_PROCESSES = 8
"""Jobs; fewer are done sooner than processes have started."""


def engine_for(jobs: Sequence[Job], threads: int) -> Engine:
    """Return what to run jobs on, on this machine."""
    processes = min(threads, len(jobs))
    piped = any(STANDARD in (job.source, job.target) for job in jobs)
    if processes < 2 or len(jobs) < WORTH_PROCESSES or piped:
        return Here()
    from rgbcloud_app.batches.processes import Cores  # multiprocessing takes a while

    return Cores(processes)


def prepare_jobs(jobs: Sequence[Job], *, is_farm: bool) -> list[Job]:
    """Return the jobs with what is known before they begin: whose target is whose, and what is there."""
    targets = Targets(jobs)
    ready = []
    for job in jobs:
        try:
            targets.claim(job)
        except ImageWriteError as error:
            ready.append(replace(job, problem=str(error)))
            continue
        is_file = job.target not in ("", STANDARD) and not job.is_set
        # On a farm a job may be run twice, and the second time meet with its own result.
        is_new = is_farm and is_file and not os.path.lexists(job.target)
        ready.append(replace(job, is_new=True) if is_new else job)
    return ready


def with_shared_palette(
    jobs: Sequence[Job], options: Options, engine: Engine, progress: Progress
) -> tuple[Options, list[Outcome], tuple[str, ...]]:
    """Return options with one palette for all jobs, the outcomes of those that cannot be read, and notes.

    The notes are about all images together: what they were taken for.

    Raises
    ------
    InvalidArgumentError
        If there is no colour in any of them, or they differ in depth.
    """
    whole = CountedJobs()
    notes: tuple[str, ...] = ()
    for done, part in enumerate(engine.merge_counts(functools.partial(count_job, options=options), jobs)):
        whole = part
        progress(min(1.0, done / len(jobs)), "counting colours")
    if whole.counts is not None:
        progress(1.0, "clustering")
        recipe = options.recipe
        if all(is_asset(job.source) for job in jobs):  # which say what their textures hold: colours
            recipe = replace(recipe, settings=replace(recipe.settings, kind="color"))
        notes = whole.counts.content(recipe).notes
        palette = palette_for(whole.counts, recipe)
        options = replace(options, recipe=replace(options.recipe, palette=palette, like=None))
    return options, list(whole.failures), notes


def outcomes(
    jobs: Sequence[Job], options: Options, engine: Engine, progress: Progress | None = None
) -> Iterator[Outcome]:
    """Do the jobs; first of all those are told that receipts show to be done.

    `progress` is told of each job's own steps, where the engine is this process.
    """
    options = options.with_key()
    left = list(jobs)
    if options.receipts:
        from rgbcloud_app.batches.receipts import FOLDER_NAME, Receipts  # which takes a while

        receipts, left = Receipts(options.folder), []
        for folder in {os.path.dirname(job.target) for job in jobs if job.target != STANDARD}:  # noqa: PTH120
            clear_away(Path(folder))  # what a killed run was writing
            clear_away(Path(folder, FOLDER_NAME))
        for job in jobs:
            if _is_done(job, options, receipts):
                yield Outcome(job, is_unchanged=True)
            else:
                left.append(job)
        for note in receipts.notes:
            complain(note)
    work = functools.partial(carry_out, options=options)
    if progress is not None:
        work = functools.partial(work, progress=progress)
    yield from engine.each(work, left)


def _is_done(job: Job, options: Options, receipts: Receipts) -> bool:
    from rgbcloud_app.batches.resuming import is_done

    try:
        return is_done(job, options, receipts)
    except RgbcloudError:  # told when it is tried
        return False
