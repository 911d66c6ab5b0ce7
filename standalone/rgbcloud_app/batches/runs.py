"""A run of many jobs: what is done already is passed over, what fails is kept for the end."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rgbcloud import palette_for
from rgbcloud.errors import ImageWriteError
from rgbcloud.textures import psnr
from rgbcloud_app.assets import is_asset
from rgbcloud_app.batches.engines import Cores, Farm, Here
from rgbcloud_app.batches.planning import Targets
from rgbcloud_app.batches.work import CountedJobs, Outcome, carry_out, count_job
from rgbcloud_app.terminal import STANDARD, complain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rgbcloud import Progress
    from rgbcloud_app.batches.engines import Engine
    from rgbcloud_app.batches.planning import Job
    from rgbcloud_app.batches.receipts import Receipts
    from rgbcloud_app.batches.work import Options

_WORTH_PROCESSES = 8  # jobs; fewer are done sooner than processes have started


def engine_for(jobs: Sequence[Job], threads: int, scheduler: str | None) -> Engine:
    """Return what to run jobs on.

    Raises
    ------
    EngineError
        See `Farm`.
    """
    if scheduler is not None:
        return Farm(scheduler)
    processes = min(threads, len(jobs))
    piped = any(STANDARD in (job.source, job.target) for job in jobs)
    return Here() if processes < 2 or len(jobs) < _WORTH_PROCESSES or piped else Cores(processes)


def prepare_jobs(jobs: Sequence[Job], receipts: Receipts | None, *, is_farm: bool) -> list[Job]:
    """Return the jobs with what is known before they begin: whose target is whose, what was done before."""
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
        ready.append(replace(job, is_new=is_new, receipt=receipts.of(job.target) if receipts else None))
    return ready


def with_shared_palette(
    jobs: Sequence[Job], options: Options, engine: Engine, progress: Progress
) -> tuple[Options, list[Outcome]]:
    """Return options with one palette for all jobs, and the outcomes of those that cannot be read.

    Raises
    ------
    InvalidArgumentError
        If there is no colour in any of them, or they differ in depth.
    """
    whole = CountedJobs()
    for done, part in enumerate(engine.merge_counts(functools.partial(count_job, options=options), jobs)):
        whole = part
        progress(min(1.0, done / len(jobs)), "counting colours")
    if whole.counts is not None:
        progress(1.0, "clustering")
        recipe = options.recipe
        if all(is_asset(job.source) for job in jobs):  # which say what their textures hold: colours
            recipe = replace(recipe, settings=replace(recipe.settings, kind="color"))
        palette = palette_for(whole.counts, recipe)
        options = replace(options, recipe=replace(options.recipe, palette=palette, like=None))
    return options, list(whole.failures)


def outcomes(
    jobs: Sequence[Job],
    options: Options,
    engine: Engine,
    receipts: Receipts | None,
    progress: Progress | None = None,
) -> Iterator[Outcome]:
    """Do the jobs, and write a receipt for each that is done.

    `progress` is told of each job's own steps, where the engine is this process.
    """
    work = functools.partial(carry_out, options=options)
    if progress is not None:
        work = functools.partial(work, progress=progress)
    can_write = True
    for outcome in engine.each(work, jobs):
        if receipts is not None and outcome.receipt is not None and not outcome.is_unchanged and can_write:
            try:
                receipts.add(outcome.job.target, outcome.receipt)
            except OSError as error:
                can_write = False
                complain(f"receipts cannot be written ({error.strerror}): --resume will do these jobs again")
        yield outcome


@dataclass
class Summary:
    """The figures of a run."""

    reduced: int = 0
    unchanged: int = 0
    larger: int = 0
    failed: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    worst: float = 0.0
    best: float = float("inf")

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        if outcome.error is not None:
            self.failed += 1
        elif outcome.is_unchanged:
            self.unchanged += 1
        elif outcome.larger:
            self.larger += 1
        else:
            self.reduced += 1
        before, after = outcome.bytes
        self.bytes_before, self.bytes_after = self.bytes_before + before, self.bytes_after + after
        for report in outcome.reports:
            self.worst, self.best = max(self.worst, report.mse), min(self.best, report.mse)

    def lines(self) -> list[str]:
        """Return a table."""
        rows = [("reduced", f"{self.reduced:,}")]
        if self.unchanged:
            rows.append(("unchanged", f"{self.unchanged:,}"))
        if self.larger:
            rows.append(("larger", f"{self.larger:,} left as they are"))
        if self.failed:
            rows.append(("failed", f"{self.failed:,}"))
        if self.reduced:
            share = f"{self.bytes_after / self.bytes_before:.0%}"
            rows.append(("bytes", f"{self.bytes_before:,} -> {self.bytes_after:,} ({share})"))
        if self.best <= self.worst:
            rows.append(("PSNR", f"{_decibels(self.worst)} to {_decibels(self.best)}"))
        return [f"{name:<10} {value}" for name, value in rows]


def _decibels(mse: float) -> str:
    return "exact" if mse == 0 else f"{psnr(mse):.2f} dB"
