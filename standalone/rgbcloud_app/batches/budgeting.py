"""One budget of bytes for many textures: each gets as many colours as its share pays for.

Bytes are told by a model first, which a part of each texture was compressed for, and then by the files
themselves: these are written to a folder for the time being, and moved into place when all of them fit.
"""

from __future__ import annotations

import functools
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud import MAX_COLORS, Texture, count
from rgbcloud.budget import FEW, curve_of, divide, gain_of_more
from rgbcloud.errors import InvalidArgumentError, RgbcloudError, TargetExistsError
from rgbcloud.images import check_writable
from rgbcloud.textures import open_images
from rgbcloud_app.assets.opening import is_asset
from rgbcloud_app.batches.asset_budgets import AssetShare, kept_bytes
from rgbcloud_app.batches.outcome import Outcome
from rgbcloud_app.batches.work import carry_out
from rgbcloud_app.terminal import STANDARD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import Progress
    from rgbcloud.budget import Curve
    from rgbcloud_app.batches.engines import Engine
    from rgbcloud_app.batches.outcome import Options
    from rgbcloud_app.batches.planning import Job

_ROUNDS = 16
_CLOSE = 0.985  # of the budget: near enough
_AIM = 0.995  # of it, as the model errs a little
_SMALL = 1 << 18  # texels
_COPIES = 4  # of an asset at most
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Share:
    """What one texture got of a budget."""

    source: str
    colors: int
    bytes: int
    mse: float


@dataclass
class Budget:
    """A budget that is being divided.

    Attributes
    ----------
    total : int
        Bytes of all results together.
    jobs : list of Job
    options : Options
        For all of them; the recipe's number of colours says nothing.
    engine : Engine
    """

    total: int
    jobs: Sequence[Job]
    options: Options
    engine: Engine
    entries: list[tuple[AssetShare | None, range]] = field(default_factory=list)
    curves: dict[int, Curve] = field(default_factory=dict)
    colors: dict[int, int] = field(default_factory=dict)
    tried: dict[tuple[int, int], Outcome] = field(default_factory=dict)
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
            If not even two colours for each texture fit, or a job is a stream.
        """
        if any(STANDARD in (job.source, job.target) for job in self.jobs):
            raise InvalidArgumentError("a budget is divided among files, and one of these is a pipe")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".rgbcloud-budget-") as stage:
            self._open_assets(Path(stage))
            self._measure(progress)
            self._fit_copies(Path(stage), progress)
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

    @property
    def _rest(self) -> int:
        """Bytes of assets that are no reduced textures."""
        return sum(share.rest for share, _ in self.entries if share)

    @property
    def _left(self) -> int:
        """Bytes that there are for textures."""
        return max(self.total - self._rest, 1)

    def _fit_copies(self, stage: Path, progress: Progress) -> None:
        """Fit files, and what else assets take, which is known once there are copies."""
        for attempt in range(_COPIES):
            if self.curves:
                self._fit(stage, progress)
            before = self._rest
            for number, (share, numbers) in enumerate(self.entries):
                if share is not None:
                    target = stage / f"copy{attempt}-{number}" / Path(share.job.target).name
                    share.copy_to(target, self._outcomes_made(share, numbers), overwrite=True)
            if abs(self._rest - before) <= (1 - _AIM) * self.total and self._spent() <= self.total:
                return
        self._check_spent()

    def _outcomes_made(self, share: AssetShare, numbers: range) -> dict[int, Outcome]:
        """Return what was made of an asset's textures, by their places in it."""
        return {
            place: self.tried[number, self.colors[number]]
            for place, number in zip(share.jobs, numbers)
            if number in self.colors
        }

    def _settle_asset(self, share: AssetShare, numbers: range) -> Outcome:
        """Write the copy of an asset."""
        failure = next((self.failures[number] for number in numbers if number in self.failures), None)
        if failure is not None:
            return replace(failure, job=share.job, error=share.in_its_words(failure.error or ""))
        overwrite = self.options.overwrite or share.job.is_new
        return share.copy_to(Path(share.job.target), self._outcomes_made(share, numbers), overwrite=overwrite)

    def _measure(self, progress: Progress) -> None:
        """Find the curves of all textures."""
        work = functools.partial(_measure_job, options=self.options)
        for number, found in enumerate(self.engine.each(work, self.jobs)):
            progress(0.3 * (number + 1) / len(self.jobs), "looking at what colours cost")
            if found.curve is None:
                self.failures[number] = found
            else:
                self.curves[number] = found.curve
        for share, numbers in self.entries:
            if share is not None and not self.failures.keys().isdisjoint(numbers):  # there will be no copy
                share.rest = 0
                for number in numbers:
                    self.curves.pop(number, None)

    def _fit(self, stage: Path, progress: Progress) -> None:
        """Reduce textures, and those again whose share changes, until files fit and hardly more would."""
        for attempt in range(_ROUNDS):
            is_new = self._try(self._divide(), stage)
            progress(0.3 + 0.7 * (attempt + 1) / _ROUNDS, "fitting files into the budget")
            self._choose()
            if not is_new and self._is_small():
                is_new = self._try_neighbors(stage)
            is_close = _CLOSE * self.total <= self._spent() <= self.total
            if not is_new or (is_close and not self._is_small()):
                break
        while self._spent() > self.total and max(self.colors.values()) > 2:
            self._try({number: max(2, colors * 3 // 4) for number, colors in self.colors.items()}, stage)
            self._choose()
        self._check_spent()

    def _check_spent(self) -> None:
        if self._spent() > self.total:
            least = f"with 2 colours each the files have {self._spent():,}"
            raise InvalidArgumentError(f"{self.total:,} bytes are too few: {least}; allow more")

    def _is_small(self) -> bool:
        """Whether trying more costs next to nothing."""
        return len(self.curves) <= FEW and sum(curve.texels for curve in self.curves.values()) <= _SMALL

    def _try_neighbors(self, stage: Path) -> bool:
        """Try some more and fewer colours of each; return whether any of these was not tried before."""
        near = [
            {number: min(max(colors + step, 2), MAX_COLORS) for number, colors in self.colors.items()}
            for step in (-3, -2, -1, 1, 2, 3)
        ]
        is_new = [self._try(colors, stage) for colors in near]
        self._choose()
        return any(is_new)

    def _divide(self) -> dict[int, int]:
        """Return what the curves, as far as they are known, say about shares."""
        numbers = list(self.curves)
        is_small = self._is_small()  # all may be changed, as trying costs next to nothing
        start = None if is_small or not self.colors else [self.colors[number] for number in numbers]
        found = divide(list(self.curves.values()), self._left * (1 if is_small else _AIM), start)
        return dict(zip(numbers, found))

    def _choose(self) -> None:
        """Choose among what was written."""
        known = {number: curve.of_known() for number, curve in self.curves.items()}
        self.colors = dict(zip(known, divide(list(known.values()), self._left)))

    def _try(self, colors: dict[int, int], stage: Path) -> bool:
        """Reduce textures to numbers of colours that were not tried before; return whether there were any."""
        left = [number for number in colors if (number, colors[number]) not in self.tried]
        jobs = []
        for number in left:
            job, name = self.jobs[number], f"{number}-{colors[number]}"
            target = stage / name / Path(job.target).name
            jobs.append(replace(job, target=str(target), colors=colors[number]))
        work = functools.partial(carry_out, options=replace(self.options, overwrite=True))
        of_assets = {number for share, numbers in self.entries if share for number in numbers}
        for number, outcome in zip(left, self.engine.each(work, jobs)):
            self.tried[number, colors[number]] = outcome
            if outcome.error is not None:
                del self.curves[number]
                self.failures[number] = replace(outcome, job=self.jobs[number])
            else:
                size = kept_bytes(outcome) if number in of_assets or outcome.larger else outcome.bytes[1]
                error = float(np.mean([report.mse for report in outcome.reports] or [0.0]))
                self.curves[number] = self.curves[number].through(colors[number], size, error)
        return bool(left)

    def _spent(self) -> int:
        return self._rest + sum(share.bytes for share in self.shares())

    def _settle(self, number: int) -> Outcome:
        """Move the files of a texture into place."""
        if number in self.failures:
            return self.failures[number]
        outcome, job = self.tried[number, self.colors[number]], self.jobs[number]
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

    def shares(self) -> list[Share]:
        """Return what each texture got."""
        names = {
            number: share.name_of(place)
            for share, numbers in self.entries
            if share
            for place, number in zip(share.jobs, numbers)
        }
        shares = []
        for number, curve in sorted(self.curves.items()):
            colors = self.colors[number]
            size, mse = curve.known[colors]
            shares.append(Share(names.get(number, self.jobs[number].source), colors, round(size), mse))
        return shares

    def lines(self) -> list[str]:
        """Return a table of the same, and what one more megabyte would buy."""
        shares = self.shares()
        wide = max((len(share.source) for share in shares), default=0)
        lines = [f"{'texture':<{wide}} {'colours':>8} {'bytes':>12} {'MSE':>10}"]
        lines += [
            f"{share.source:<{wide}} {share.colors:>8} {share.bytes:>12,} {share.mse:>10.2f}"
            for share in shares
        ]
        spent = self._spent()
        if self._rest:
            lines.append(f"{'all else of assets':<{wide}} {'':>8} {self._rest:>12,}")
        lines.append(
            f"{'together':<{wide}} {'':>8} {spent:>12,} ({spent / self.total:.1%} of {self.total:,})"
        )
        curves, colors = list(self.curves.values()), [self.colors[number] for number in self.curves]
        gain = gain_of_more(curves, colors, _MEGABYTE)
        lines.append(f"one more megabyte would lower the error by {gain:.1%}")
        return lines


def _measure_job(job: Job, options: Options) -> Outcome:
    """Find the curve of a texture, or why there is none."""
    if job.problem:
        return Outcome(job, error=job.problem)
    try:
        texture, recipe = Texture.find(job.source), job.recipe or options.recipe
        counts = count(texture, recipe, limits=options.limits)
        space = counts.content(recipe).space.color_space
        histogram = counts.histogram.to_display(space)
        image = next(iter(open_images(texture, recipe))).read(options.limits)
        texels = image.size[0] * image.size[1] * len(texture.members)
        curve = curve_of(histogram, image.to_display(space), texels)
        return Outcome(job, curve=curve)
    except RgbcloudError as error:
        return Outcome(job, error=str(error))
