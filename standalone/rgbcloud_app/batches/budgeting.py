"""One budget for many textures: each gets the size, and as many colours, as its share pays for.

Bytes are told by a model first, which a part of each texture was compressed for, and then by the files
themselves: these are written to a folder for the time being, and moved into place when all of them fit.
"""

from __future__ import annotations

import functools
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Literal

import numpy as np

from rgbcloud import Texture
from rgbcloud.budget import FRAME, measure, measure_scales, with_scale
from rgbcloud.errors import InvalidArgumentError, RgbcloudError, TargetExistsError
from rgbcloud.images import check_writable
from rgbcloud.progress import portion
from rgbcloud_app.assets.opening import is_asset
from rgbcloud_app.batches.asset_budgets import AssetShare, kept_bytes
from rgbcloud_app.batches.outcome import Outcome
from rgbcloud_app.batches.work import carry_out
from rgbcloud_app.terminal import STANDARD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rgbcloud import Progress, Recipe
    from rgbcloud.budget import Budget, Curve, MemoryBudget
    from rgbcloud_app.batches.engines import Engine
    from rgbcloud_app.batches.outcome import Options
    from rgbcloud_app.batches.planning import Job

_COPIES = 4  # of an asset at most
_NEAR = 0.005  # of the budget: what copies may take more or less than those before, to be the last ones


@dataclass
class BudgetRun:
    """A budget that is being divided."""

    jobs: Sequence[Job]
    options: Options  # for all of them; if there is a budget the recipe's number of colours says nothing
    engine: Engine
    budget: Budget | None = None  # of all results together
    memory: MemoryBudget | None = None  # that all results together take in memory
    entries: list[tuple[AssetShare | None, range]] = field(default_factory=list)
    tried: dict[tuple[int, int | None], Outcome] = field(default_factory=dict)
    failures: dict[int, Outcome] = field(default_factory=dict)

    def reduce(self, folder: Path, progress: Progress) -> list[Outcome]:
        """Reduce all textures into the budget, each with as many colours as its share pays for.

        Parameters
        ----------
        folder : Path
            Where results are kept until they fit; it must be on the disk that they go to.
        progress : Progress

        Returns
        -------
        list of Outcome
            Of all jobs, in their order. What cannot be read is a failure, and left out of the budget.

        Raises
        ------
        InvalidArgumentError
            If not even the least of each texture fits, or a job is a stream.
        """
        if any(STANDARD in (job.source, job.target) for job in self.jobs):
            raise InvalidArgumentError("a budget is divided among files, and one of these is a pipe")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".rgbcloud-budget-") as stage:
            self._open_assets(Path(stage))
            if self.memory is not None:
                self._choose_sizes(self.memory, portion(progress, 0.0, 0.3))
            if self.budget is not None:
                self.budget.rest_name = "all else of assets"
                self.budget.names = self._names()
                self._measure(self.budget, portion(progress, 0.3, 0.5))
                self._fit_copies(self.budget, Path(stage), portion(progress, 0.5, 1.0))
            else:
                wanted = [number for number in range(len(self.jobs)) if number not in self.failures]
                self._try(dict.fromkeys(wanted), portion(progress, 0.3, 1.0), Path(stage))
            return [
                self._settle(numbers[0]) if share is None else self._settle_asset(share, numbers)
                for share, numbers in self.entries
            ]

    def _open_assets(self, stage: Path) -> None:
        """Put the jobs of their textures into the place of assets."""
        jobs, self.jobs = self.jobs, []
        for number, job in enumerate(jobs):
            share, found = None, [job]
            if not job.problem and is_asset(job.source):
                try:
                    share = AssetShare.of(job, self.options, stage / f"asset{number}")
                    found = list(share.jobs.values())
                except RgbcloudError as error:
                    found = [replace(job, problem=str(error))]
            self.entries.append((share, range(len(self.jobs), len(self.jobs) + len(found))))
            self.jobs = [*self.jobs, *found]

    def _fit_copies(self, budget: Budget, stage: Path, progress: Progress) -> None:
        """Fit files, and what else assets take, which is known once there are copies."""
        for attempt in range(_COPIES if budget.figure == "mse" else 1):  # an error has no rest
            budget.rest = before = self._rest
            budget.fit(functools.partial(self._try, stage=stage), progress)
            for number, (share, numbers) in enumerate(self.entries):
                if share is not None:
                    target = stage / f"copy{attempt}-{number}" / Path(share.job.target).name
                    share.copy_to(target, self._outcomes_made(share, numbers), overwrite=True)
            budget.rest = self._rest
            if abs(budget.rest - before) <= _NEAR * budget.total and budget.spent <= budget.total:
                return
        budget.check()

    @property
    def _rest(self) -> int:
        """Bytes of assets that are no reduced textures."""
        return sum(share.rest for share, _ in self.entries if share)

    def _outcomes_made(self, share: AssetShare, numbers: range) -> dict[int, Outcome]:
        """Return what was made of an asset's textures, by their places in it."""
        places = zip(share.jobs, numbers)
        return {place: self._outcome_of(number) for place, number in places if number not in self.failures}

    def _outcome_of(self, number: int) -> Outcome:
        """Return what was made of a texture, and fits."""
        return self.tried[number, None if self.budget is None else self.budget.colors[number]]

    def _settle_asset(self, share: AssetShare, numbers: range) -> Outcome:
        """Write the copy of an asset."""
        failure = next((self.failures[number] for number in numbers if number in self.failures), None)
        if failure is not None:
            return replace(failure, job=share.job, error=share.in_its_words(failure.error or ""))
        overwrite = self.options.overwrite or share.job.is_new
        return share.copy_to(Path(share.job.target), self._outcomes_made(share, numbers), overwrite=overwrite)

    def _choose_sizes(self, memory: MemoryBudget, progress: Progress) -> None:
        """Choose how large textures are to be, and have their jobs heed that."""
        memory.names = self._names()
        work = functools.partial(_measure_scales, options=self.options)
        memory.curves = self._curves(work, progress, "looking at what sizes cost")
        memory.rest = sum(share.memory_of_rest() for share, _ in self.entries if share)
        memory.divide()
        jobs = list(self.jobs)
        for number, divisor in memory.divisors.items():
            recipe = with_scale(jobs[number].recipe or self.options.recipe, divisor)
            jobs[number] = replace(jobs[number], recipe=recipe)
        self.jobs = jobs

    def _measure(self, budget: Budget, progress: Progress) -> None:
        """Find the curves of all textures."""
        work = functools.partial(_measure_job, options=self.options, figure=budget.figure)
        budget.curves = self._curves(work, progress, "looking at what colours cost")

    def _curves(self, work: Callable[[Job], Outcome], progress: Progress, told: str) -> dict[int, Curve]:
        """Return the curves of textures that can be read; those of an asset count by how much it shows."""
        curves: dict[int, Curve] = {}
        for number, found in enumerate(self.engine.each(work, self.jobs)):
            progress((number + 1) / len(self.jobs), told)
            if found.curve is not None:
                curves[number] = found.curve
            else:
                self.failures.setdefault(number, found)
        for share, numbers in self.entries:
            if share is not None and not self.failures.keys().isdisjoint(numbers):  # there will be no copy
                share.rest = 0
                for number in numbers:
                    curves.pop(number, None)
            known = {number: self.jobs[number].area for number in numbers if number in curves}
            areas = {number: area for number, area in known.items() if area is not None}
            votes, whole = sum(curves[number].texels for number in areas), sum(areas.values())
            for number, area in areas.items():
                factor = area / whole * votes / curves[number].texels if whole else 1.0
                curves[number] = curves[number].weighted(factor)
        return curves

    def _try(
        self, colors: Mapping[int, int] | Mapping[int, None], _progress: Progress, stage: Path
    ) -> dict[int, tuple[float, float]]:
        """Reduce textures to numbers of colours; see `rgbcloud.budget.fitting.Attempt`."""
        figure = "mse" if self.budget is None else self.budget.figure
        jobs = []
        for number, k in colors.items():
            job = self.jobs[number]
            target = stage / f"{number}-{k}" / Path(job.target).name
            jobs.append(replace(job, target=str(target), colors=k))
        work = functools.partial(carry_out, options=replace(self.options, overwrite=True))
        of_assets = {number for share, numbers in self.entries if share for number in numbers}
        found: dict[int, tuple[float, float]] = {}
        for (number, k), outcome in zip(colors.items(), self.engine.each(work, jobs)):
            self.tried[number, k] = outcome
            if outcome.error is not None:
                self.failures[number] = replace(outcome, job=self.jobs[number])
            else:
                size = kept_bytes(outcome) if number in of_assets or outcome.larger else outcome.bytes[1]
                errors = [getattr(report, figure) or 0.0 for report in outcome.reports]
                found[number] = size, float(np.mean(errors or [0.0]))
        return found

    def _settle(self, number: int) -> Outcome:
        """Move the files of a texture into place."""
        if number in self.failures:
            return self.failures[number]
        outcome, job = self._outcome_of(number), self.jobs[number]
        if outcome.larger:
            return replace(outcome, job=job)
        try:
            folder = Path(job.target).parent
            files = sorted(Path(outcome.job.target).parent.iterdir())
            for file in files:
                check_writable(folder / file.name, overwrite=self.options.overwrite or job.is_new)
            folder.mkdir(parents=True, exist_ok=True)
            for file in files:
                file.replace(folder / file.name)
        except TargetExistsError as error:
            return Outcome(job, error=str(error), is_there=True)
        except (OSError, RgbcloudError) as error:
            return Outcome(job, error=str(error))
        return replace(outcome, job=job)

    def _names(self) -> dict[int, str]:
        """Return what tables call the textures."""
        names = {number: job.source for number, job in enumerate(self.jobs)}
        for share, numbers in self.entries:
            if share is not None:
                names.update((number, share.name_of(place)) for place, number in zip(share.jobs, numbers))
        return names

    def lines(self) -> list[str]:
        """Return tables of what each texture got, and what more would buy."""
        divided = [each for each in (self.memory, self.budget) if each is not None and each.curves]
        return [line for each in divided for line in each.lines()]


def _measure_job(job: Job, options: Options, figure: Literal["mse", "delta_e"]) -> Outcome:
    """Find the curve of a texture, or why there is none."""
    return _with_curve(job, options, lambda found, recipe: measure(found, recipe, options.limits, figure))


def _measure_scales(job: Job, options: Options) -> Outcome:
    """Find what the scales of a texture cost, or why there are none."""
    pixels = job.area * FRAME if options.camera and job.area is not None else None
    return _with_curve(
        job, options, lambda found, recipe: measure_scales(found, recipe, options.limits, pixels=pixels)
    )


def _with_curve(job: Job, options: Options, look: Callable[[Texture, Recipe], Curve]) -> Outcome:
    if job.problem:
        return Outcome(job, error=job.problem)
    try:
        return Outcome(job, curve=look(Texture.find(job.source), job.recipe or options.recipe))
    except RgbcloudError as error:
        return Outcome(job, error=str(error))
