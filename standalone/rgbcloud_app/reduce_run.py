"""What ``rgbcloud reduce`` does: its options, the jobs that they lead to, and what is told of these."""

from __future__ import annotations

import contextlib
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rgbcloud import Settings, thread_count
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images import check_writable, write_file
from rgbcloud_app.assets.opening import is_asset
from rgbcloud_app.batches.engines import Here
from rgbcloud_app.batches.outcome import Options
from rgbcloud_app.batches.planning import Places, plan_jobs
from rgbcloud_app.batches.runs import (
    WORTH_PROCESSES,
    engine_for,
    outcomes,
    prepare_jobs,
    with_shared_palette,
)
from rgbcloud_app.batches.telling import Summary, tell
from rgbcloud_app.terminal import SAME, STANDARD, complain, progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rgbcloud import Recipe
    from rgbcloud_app.assets.asset import Meaning
    from rgbcloud_app.batches.engines import Engine
    from rgbcloud_app.batches.outcome import Outcome
    from rgbcloud_app.batches.planning import Job


@dataclass(frozen=True)
class ReduceRun:
    """What a command line asks for beside the images; see the options of ``rgbcloud reduce``."""

    recipe: Recipe
    output: str | None
    output_dir: str | None
    recursive: bool
    suffix: str
    ssim: bool
    share: bool
    also: tuple[Meaning, ...]
    camera: str
    total_bytes: int | None
    total_memory: int | None
    max_delta_e: float | None
    plot: str | None
    export: str | None
    error_map: bool
    resume: bool
    scheduler: str | None
    wait: float
    verbose: bool
    debug: bool
    overwrite: bool
    max_pixels: int
    as_json: bool

    def reduce(self, images: tuple[str, ...]) -> Summary:
        """Reduce images, and tell what becomes of them.

        Raises
        ------
        click.UsageError
            If options contradict each other.
        EngineError
            If a scheduler was named that cannot be reached.
        """
        self.check(images)
        if self.total_memory is not None:
            self._check_size()
        if self.plot is not None:
            check_writable(Path(self.plot), overwrite=self.overwrite)
        planned = list(plan_jobs(images, self.places, recursive=self.recursive, tell=complain))
        jobs = prepare_jobs(planned, is_farm=self.scheduler is not None)
        with contextlib.closing(self.engine(jobs)) as engine:
            return _do_jobs(jobs, self, engine)

    @functools.cached_property
    def places(self) -> Places:
        """Where results go."""
        suffix = self.suffix if self.suffix == SAME else f".{self.suffix}"
        return Places(self.recipe.tag(), suffix, self.output, self.output_dir)

    @property
    def writes_beside(self) -> str:
        """The option that has further files written; mostly empty."""
        return "--export" if self.export else "--error-map" if self.error_map else ""

    @property
    def budget(self) -> str:
        """The option that divides something among all textures; mostly empty."""
        options = ("total_bytes", "max_delta_e", "total_memory")
        found = next((name for name in options if getattr(self, name) is not None), "")
        return found and f"--{found.replace('_', '-')}"

    @property
    def divides_colors(self) -> bool:
        """Whether numbers of colours are chosen for all textures together."""
        return self.total_bytes is not None or self.max_delta_e is not None

    @property
    def options(self) -> Options:
        """What each job is to heed."""
        return Options(
            recipe=self.recipe,
            suffix=self.places.suffix,
            overwrite=self.overwrite,
            ssim=self.ssim,
            max_pixels=self.max_pixels,
            receipts=self.resume,
            folder=self.output_dir,
            also=self.also,
            camera=self.camera,
            export=self.export or "",
            error_map=self.error_map,
        )

    def engine(self, jobs: Sequence[Job]) -> Engine:
        """Return what the jobs run on."""
        if self.scheduler is None:
            return engine_for(jobs, thread_count())
        from rgbcloud_app.farm.dask_farm import Farm  # which takes a while

        return Farm(self.scheduler, jobs, self.wait)

    def _check_size(self) -> None:
        from rgbcloud.budget import check_size  # which takes a while

        try:
            check_size(self.recipe)
        except InvalidArgumentError as error:
            raise click.UsageError(str(error), click.get_current_context()) from error

    def check(self, images: tuple[str, ...]) -> None:
        """Complain about options that contradict each other."""
        several = len(images) > 1 or self.recursive
        piped = self.output == STANDARD or (STANDARD in images and self.output is None)
        for is_wrong, told in (
            (
                self.share and self.recipe.palette is not None,
                "palette takes its colours as they are; leave out --shared-palette",
            ),
            (
                self.share and self.recipe.goal is not None,
                "a shared palette needs a number of colours; leave out the goal",
            ),
            (
                self.output is not None and several,
                "--output takes the result of one image; use --output-dir for several",
            ),
            (
                self.output is not None and self.output_dir is not None,
                "--output and --output-dir exclude each other",
            ),
            (
                self.recursive and self.output_dir is None,
                "--recursive needs --output-dir, so that results do not get among the sources",
            ),
            (
                self.total_bytes is not None and self.max_delta_e is not None,
                "--total-bytes and --max-delta-e both choose the number of colours; leave out one",
            ),
            (
                self.divides_colors and (self.recipe.palette is not None or self.share),
                "a budget chooses the number of colours of each image; leave out the palette",
            ),
            (
                self.divides_colors and self.recipe.goal is not None,
                "a budget chooses the number of colours; leave out the goal",
            ),
            (
                self.divides_colors and self.recipe.settings.colors != Settings().colors,
                "a budget chooses the number of colours; leave out --colors",
            ),
            (
                self.max_delta_e is not None and bool(self.also),
                "--max-delta-e is about colours; leave out --also",
            ),
            (
                self.total_memory is not None and self.share,
                "a budget of memory is of each texture alone; leave out --shared-palette",
            ),
            (
                bool(self.budget) and (self.resume or self.output_dir is None),
                "a budget is for all results in --output-dir, made anew; leave out --resume",
            ),
            (
                self.plot is not None and not (self.divides_colors and self.plot.lower().endswith(".png")),
                "--plot draws what colours cost as a .png; add --total-bytes or --max-delta-e",
            ),
            (
                self.writes_beside and (self.resume or bool(self.budget)),
                f"{self.writes_beside} writes beside results that are made anew; "
                f"leave out --resume and {self.budget or '--total-bytes'}",
            ),
            (
                self.writes_beside and (piped or any(map(is_asset, images))),
                f"{self.writes_beside} writes beside results that are files of images; leave it out",
            ),
            (
                self.camera and (self.recursive or not all(map(is_asset, images))),
                "--camera is one of an asset; leave it out for images",
            ),
            (images.count(STANDARD) > 1, "standard input can be read once"),
            (
                STANDARD in images and self.output_dir is not None,
                "the result of standard input has no name for --output-dir; use --output FILE",
            ),
            (
                piped and (self.as_json or len(images) > 1),
                "the image goes to standard output, where nothing else may go; use --output FILE",
            ),
        ):
            if is_wrong:
                raise click.UsageError(told, click.get_current_context())


def _do_jobs(jobs: Sequence[Job], run: ReduceRun, engine: Engine) -> Summary:
    """Do all jobs, tell what became of each and, at the end, of all."""
    summary, options = Summary(), run.options
    is_brief = len(jobs) >= WORTH_PROCESSES and not run.verbose
    failed: list[Outcome] = []
    if run.share:
        with progress_bar("one palette for all") as progress:
            options, failed, notes = with_shared_palette(jobs, options, engine, progress)
        for note in notes:
            complain(f"all images together: {note}")
        unreadable = {outcome.job.source for outcome in failed}
        jobs = [job for job in jobs if job.source not in unreadable]
    for outcome in failed:
        summary.add(outcome)
        tell(outcome, as_json=run.as_json)
    total = len(jobs) + len(failed)
    each = _within_budget if run.budget else _each
    for outcome in each(jobs, run, options, engine):
        summary.add(outcome)
        tell(outcome, as_json=run.as_json, is_brief=is_brief)
        if outcome.error is not None:
            failed.append(outcome)
    if total > 1 and not run.as_json:
        for line in summary.lines():
            complain(line)
    for outcome in failed:
        complain(outcome.error)
        if run.debug and outcome.bug:
            complain(*outcome.bug.splitlines())
    if failed and total > 1:
        complain(f"{len(failed)} of {total} images could not be reduced")
    return summary


def _within_budget(
    jobs: Sequence[Job], run: ReduceRun, options: Options, engine: Engine
) -> Iterator[Outcome]:
    """Yield outcomes that together take no more than there is, and tell how that was divided."""
    from rgbcloud.budget import Budget, MemoryBudget, QualityBudget
    from rgbcloud_app.batches.budgeting import BudgetRun  # which takes a while

    budget: Budget | None = None
    if run.max_delta_e is not None:
        budget = QualityBudget(run.max_delta_e)
    elif run.total_bytes is not None:
        budget = Budget(run.total_bytes)
    memory = None if run.total_memory is None else MemoryBudget(run.total_memory)
    divided = BudgetRun(jobs, options, engine, budget, memory)
    with progress_bar(f"{len(jobs)} images") as progress:
        done = divided.reduce(Path(run.output_dir or "."), progress)
    yield from done
    if run.plot is not None and budget is not None and budget.colors:
        from rgbcloud_app.plots import budget_picture  # draws, and so takes a while to import

        write_file(run.plot, budget_picture(budget), overwrite=run.overwrite)
    lines = divided.lines()
    if lines and not run.as_json:
        complain(*lines)


def _each(jobs: Sequence[Job], _run: ReduceRun, options: Options, engine: Engine) -> Iterator[Outcome]:
    """Yield outcomes, with one progress display: of the image if there is one, else of the batch."""
    if len(jobs) == 1 and isinstance(engine, Here):
        with progress_bar(jobs[0].source) as progress:
            yield from outcomes(jobs, options, engine, progress)
        return
    with progress_bar(f"{len(jobs)} images") as progress:
        failures = 0
        for done, outcome in enumerate(outcomes(jobs, options, engine), start=1):
            failures += outcome.error is not None
            progress(done / len(jobs), f"{done} done" + (f", {failures} failed" if failures else ""))
            yield outcome
