"""Reducing the textures of many jobs, in whatever thread: of Maya nothing is asked here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Callable, TypeVar

import numpy as np

from rgbcloud import CancelledError, LargerResultError, RgbcloudError
from rgbcloud.budget import measure
from rgbcloud.progress import portion, portions
from rgbcloud_maya.reducing.reduced_files import ReducedFiles
from rgbcloud_maya.scene.waiting import each_in_parallel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rgbcloud import Progress
    from rgbcloud.budget import Budget, Curve
    from rgbcloud_maya.reducing.node_jobs import NodeJob
    from rgbcloud_maya.reducing.reduced_files import NewFiles

Result = TypeVar("Result")

_SMALL = 4_000_000
"""Bytes of a texture's files: several of these are reduced at once, larger ones need the memory."""


def write_all(
    jobs: Sequence[NodeJob], new_files: NewFiles, progress: Progress
) -> list[ReducedFiles | RgbcloudError]:
    """Reduce textures; return what was written for each, or why nothing was."""
    return _each(lambda job, part: job.write(part, new_files), jobs, progress)


def write_within(
    budget: Budget, jobs: Sequence[NodeJob], new_files: NewFiles, progress: Progress
) -> list[ReducedFiles | RgbcloudError]:
    """Reduce textures into a budget; see `write_all`. Files of numbers of colours that were only tried go.

    Raises
    ------
    InvalidArgumentError
        If not even two colours for each texture fit: nothing is left then.
    """

    def look_at(job: NodeJob, progress: Progress) -> tuple[NodeJob, Curve]:
        ready = job.with_written_mask(new_files, progress)
        return ready, measure(ready.texture, ready.recipe)

    ready: dict[int, NodeJob] = {}
    done: dict[tuple[int, int], ReducedFiles | RgbcloudError] = {}
    failures: dict[int, RgbcloudError] = {}
    for number, found in enumerate(_each(look_at, jobs, portion(progress, 0.0, 0.3))):
        if isinstance(found, RgbcloudError):
            failures[number] = found
        else:
            ready[number], budget.curves[number] = found
    if not ready:
        return [failures[number] for number in range(len(jobs))]

    def attempt(colors: Mapping[int, int], progress: Progress) -> dict[int, tuple[float, float]]:
        costs: dict[int, tuple[float, float]] = {}
        asked = [ready[number].with_colors(k) for number, k in colors.items()]
        for (number, k), files in zip(colors.items(), write_all(asked, new_files, progress)):
            done[number, k] = files
            if isinstance(files, ReducedFiles):
                reports = [member.report for member in files.reduction.members]
                costs[number] = files.sizes[1], float(np.mean([report.mse for report in reports]))
            elif isinstance(files, LargerResultError):  # the original stays
                costs[number] = _size(ready[number]), 0.0
            else:
                failures[number] = files
        return costs

    kept = []
    try:
        budget.fit(attempt, portion(progress, 0.3, 1.0))
        written = [failures.get(n) or done[n, budget.colors[n]] for n in range(len(jobs))]
        kept = [path for files in written if isinstance(files, ReducedFiles) for path in files.paths]
        kept += [file for job in jobs if job.mask for file in job.mask.files]
    finally:
        new_files.remove(but=kept)
    return written


def _each(
    work: Callable[[NodeJob, Progress], Result], jobs: Sequence[NodeJob], progress: Progress
) -> list[Result | RgbcloudError]:
    """Do something for each job; return what came of it, or why nothing did.

    Those whose files would have one name are done one after the other: which has it follows from their order.
    """
    alike: dict[object, list[int]] = {}
    for number, job in enumerate(jobs):
        alike.setdefault((job.target.folder, job.texture.paths[0].stem), []).append(number)
    groups = list(alike.values())
    small = [group for group in groups if sum(_size(jobs[number]) for number in group) <= _SMALL]
    large = [group for group in groups if group not in small]
    share = len(small) / len(groups)

    def do(group: list[int], progress: Progress) -> list[tuple[int, Result | RgbcloudError]]:
        parts = portions(progress, len(group))
        return [(number, _or_error(partial(work, jobs[number], part))) for number, part in zip(group, parts)]

    done = each_in_parallel(do, small, portion(progress, 0.0, share))
    done += [
        do(group, part) for group, part in zip(large, portions(portion(progress, share, 1.0), len(large)))
    ]
    results = dict(pair for group in done for pair in group)
    return [results[number] for number in range(len(jobs))]


def _size(job: NodeJob) -> int:
    return sum(path.stat().st_size for path in job.texture.paths if path.is_file())


def _or_error(work: Callable[[], Result]) -> Result | RgbcloudError:
    try:
        return work()
    except CancelledError:
        raise
    except RgbcloudError as error:
        return error
