"""The workers of a Dask scheduler, one thread a job."""

from __future__ import annotations

import contextlib
import logging
import socket
import time
import warnings
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, TypeVar
from urllib.parse import urlsplit

from rgbcloud import set_thread_count
from rgbcloud.errors import MissingDependencyError
from rgbcloud_app.batches.engines import EngineError, add_up, counts_of_lost, outcome_of_lost
from rgbcloud_app.batches.outcome import CountedJobs
from rgbcloud_app.farm.crew import LATE, PATIENCE, Crew
from rgbcloud_app.farm.written import Written, look_at_results, outcome_as_seen_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rgbcloud_app.batches.outcome import Outcome
    from rgbcloud_app.batches.planning import Job

Item = TypeVar("Item")
Result = TypeVar("Result")

_TOGETHER = 8  # images, at the most, that one task counts and merges
_BEAT = 0.2  # seconds between looks at who has come or gone
_AHEAD = 4096  # results that may wait for an earlier one


class Farm:
    """The workers of a Dask scheduler that see the same files by the same paths.

    Parameters
    ----------
    address : str
        Such as ``tcp://farm:8786``, or ``tls://…`` with certificates as Dask's configuration names them.
    jobs : sequence of Job
        What is to be done; see `rgbcloud_app.farm.proofs`.
    wait : float
        How many seconds to wait where there is no worker.

    Raises
    ------
    EngineError
        If no scheduler answers there.
    MissingDependencyError
        If Dask is not installed.
    ImageWriteError
        If a folder of results cannot be written to.
    """

    def __init__(self, address: str, jobs: Sequence[Job], wait: float) -> None:
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            msg = "farms need distributed: python -m pip install distributed"
            raise MissingDependencyError(msg) from error
        _keep_logs_off_the_terminal()
        self._address, self._wait = address, wait
        try:
            _knock(address)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about other versions of what Dask builds on
                self._client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, *LATE) as error:
            msg = f"no scheduler answers at {address}; start one with `dask scheduler`, or check the address"
            raise EngineError(msg) from error
        try:
            self._crew = Crew(self._client, jobs)
        except BaseException:
            self._client.close()
            raise

    def each(self, work: Callable[[Job], Outcome], jobs: Sequence[Job]) -> Iterator[Outcome]:
        """See `Engine.each`. A job whose worker is lost is run again on another one."""

        def lost(job: Job, reason: str) -> Written:
            return Written(outcome_of_lost(job, reason), (), "")

        for written in self._results(look_at_results, work, jobs, lost):
            yield outcome_as_seen_here(written)

    def merge_counts(self, work: Callable[[Job], CountedJobs], jobs: Sequence[Job]) -> Iterator[CountedJobs]:
        """See `Engine.merge_counts`. Some images are counted and merged by one task."""
        threads = max(1, sum(self._client.nthreads().values()))
        size = max(1, min(_TOGETHER, len(jobs) // (4 * threads)))
        groups = [jobs[start : start + size] for start in range(0, len(jobs), size)]

        def lost(group: Sequence[Job], reason: str) -> CountedJobs:
            return CountedJobs.merge(counts_of_lost(job, reason) for job in group)

        return add_up(self._results(_count_group, work, groups, lost))

    def close(self) -> None:
        """See `Engine.close`: jobs that have begun are done to their end, all others are called back."""
        self._crew.close()
        with contextlib.suppress(OSError, *LATE):
            self._client.close(timeout=PATIENCE)

    def _results(
        self,
        task: Callable[[Any, Any], Result],
        work: Any,
        items: Sequence[Item],
        lost: Callable[[Item, str], Result],
    ) -> Iterator[Result]:
        """Yield `task(work, item)` of every item, in order."""
        from distributed import wait

        flights: dict[Any, _Flight] = {}
        early: dict[int, Result] = {}
        waiting = list(range(len(items)))[::-1]
        yielded = 0
        seen = time.monotonic()
        try:
            while yielded < len(items):
                crew = self._crew.trusted()
                seen = time.monotonic() if crew else seen
                self._check_patience(seen)
                waiting += [flights.pop(future).place for future in _call_back_stranded(flights, crew)]
                while waiting and len(flights) < 2 * sum(crew.values()) and waiting[-1] < yielded + _AHEAD:
                    index = waiting.pop()
                    future = self._client.submit(task, work, items[index], workers=list(crew), pure=False)
                    flights[future] = _Flight(index, frozenset(crew))
                if flights:
                    with contextlib.suppress(*LATE), self._client.as_current():
                        wait(list(flights), timeout=_BEAT, return_when="FIRST_COMPLETED")
                else:
                    time.sleep(_BEAT)
                for future in [future for future in flights if future.done()]:
                    index = flights[future].place
                    with contextlib.suppress(*LATE):  # it went with its worker, and is done once more
                        early[index] = _result_of(future, items[index], lost, max(self._wait, PATIENCE))
                        del flights[future]
                while yielded in early:
                    yield early.pop(yielded)
                    yielded += 1
        except (EngineError, OSError) as error:
            reason = str(error) if isinstance(error, EngineError) else "the scheduler has gone"
            for index in range(yielded, len(items)):
                yield early[index] if index in early else lost(items[index], f"not done: {reason}")
        finally:
            with contextlib.suppress(OSError, *LATE):
                self._client.cancel(list(flights))

    def _check_patience(self, seen: float) -> None:
        """Raise where no worker has been seen for too long."""
        if time.monotonic() - seen > self._wait:
            msg = f"no worker of {self._address} took it within {self._wait:g} s"
            start = f"start some with `dask worker {self._address}`"
            raise EngineError(f"{msg}; {start}, and run again with --resume")


class _Flight(NamedTuple):
    """A job that is under way, and the workers that may do it."""

    place: int
    workers: frozenset[str]


def _call_back_stranded(flights: dict[Any, _Flight], crew: dict[str, int]) -> list[Any]:
    """Call back, and return, the futures that wait for workers that have all gone."""
    stranded = [future for future, flight in flights.items() if not flight.workers.intersection(crew)]
    for future in stranded:
        future.cancel()
    return stranded


def _result_of(future: Any, item: Any, lost: Callable[[Any, str], Result], wait: float) -> Result:
    """Return what a job has come to; raise one of `LATE` where that does not arrive."""
    from distributed import CancelledError, KilledWorker

    try:
        result: Result = future.result(timeout=wait)
    except KilledWorker:
        told = "several workers of the farm died of it, which mostly means that memory ran out"
        return lost(item, f"{told}; run again with --resume on workers with more")
    except CancelledError as error:
        raise EngineError("the scheduler has gone; start it again, and run again with --resume") from error
    return result


def _count_group(work: Callable[[Job], CountedJobs], group: Sequence[Job]) -> CountedJobs:
    """Count, on a worker, some images one after the other."""
    set_thread_count(1)
    *_, whole = add_up(map(work, group))
    return whole


def _knock(address: str) -> None:
    """Raise where nobody is at home: Dask's client would go on trying.

    Raises
    ------
    OSError, ValueError
        If there is no such address, or nothing that accepts connections.
    """
    place = urlsplit(address)
    if not place.scheme or not place.hostname or not place.port:
        raise EngineError(f"the address of a scheduler must be like tcp://host:8786, got {address!r}")
    socket.create_connection((place.hostname, place.port), PATIENCE).close()


def _keep_logs_off_the_terminal() -> None:
    """Whatever matters to the user is told in our own words."""
    for name in [*logging.root.manager.loggerDict, "distributed", "tornado", "asyncio"]:
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logger = logging.getLogger(name)
            logger.handlers[:] = [logging.NullHandler()]
            logger.propagate = False
