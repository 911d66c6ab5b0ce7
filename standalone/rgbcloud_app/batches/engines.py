"""Where the jobs of a batch run: in this process, on all cores, or on a farm.

An engine has two verbs. What it gives back does not depend on which one it is, nor on how many workers it
has, nor on how many of them are lost on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Protocol, TypeVar

from rgbcloud.errors import RgbcloudError
from rgbcloud_app.batches.outcome import CountedJobs, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rgbcloud_app.batches.planning import Job

Result = TypeVar("Result")

_PENDING = 1 << 23  # colours that may wait to be merged: 100 MB


class EngineError(RgbcloudError):
    """What the jobs were to run on is not there, or has gone."""


class Engine(Protocol):
    """What a batch needs of the place that it runs in."""

    def each(self, work: Callable[[Job], Outcome], jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Yield `work(job)` for every job, in order, as soon as it is known."""

    def merge_counts(self, work: Callable[[Job], CountedJobs], jobs: Sequence[Job]) -> Iterator[CountedJobs]:
        """Yield what has been counted from time to time, and at last all of it, merged."""

    def close(self) -> None:
        """Leave nothing running."""


class Here:
    """The process itself, one job after the other, each of them on all cores."""

    def each(self, work: Callable[[Job], Outcome], jobs: Sequence[Job]) -> Iterator[Outcome]:
        """See `Engine.each`."""
        return map(work, jobs)

    def merge_counts(self, work: Callable[[Job], CountedJobs], jobs: Sequence[Job]) -> Iterator[CountedJobs]:
        """See `Engine.merge_counts`."""
        return add_up(map(work, jobs))

    def close(self) -> None:
        """See `Engine.close`."""


def outcome_of_lost(job: Job, reason: str) -> Outcome:
    """Return what became of a job that was never heard of again."""
    return Outcome(job, error=f"{job.source}: {reason}")


def counts_of_lost(job: Job, reason: str) -> CountedJobs:
    """Return the same where colours were to be counted."""
    return CountedJobs(failures=(outcome_of_lost(job, reason),))


def add_up(parts: Iterator[CountedJobs]) -> Iterator[CountedJobs]:
    """Merge what comes in, many at a time: each merge goes through all colours that are there already."""
    whole, waiting = CountedJobs.merge(()), []
    for part in parts:
        waiting.append(part)
        if sum(map(len, waiting)) > max(_PENDING, len(whole)):
            whole, waiting = CountedJobs.merge([whole, *waiting]), []
        yield whole
    yield CountedJobs.merge([whole, *waiting])
