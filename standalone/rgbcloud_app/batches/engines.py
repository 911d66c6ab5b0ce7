"""Where the jobs of a batch run: in this process, on all cores (joblib), on a farm (Dask).

An engine has two verbs. What it gives back, and in which order, does not depend on which one it is, nor on
how many workers it has, nor on how many of them are lost on the way.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
from typing import TYPE_CHECKING, Any, Callable, Protocol, TypeVar
from urllib.parse import urlsplit

import rgbcloud
from rgbcloud import set_thread_count
from rgbcloud.errors import MissingDependencyError, RgbcloudError
from rgbcloud_app.batches.work import CountedJobs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")

_PENDING = 1 << 23  # colours that may wait to be merged: 100 MB
_TOGETHER = 8  # histograms that one task of a farm merges
_PATIENCE = 5  # seconds to wait for an answer
_LATE = (TimeoutError, asyncio.TimeoutError)  # one class from Python 3.11 on


class EngineError(RgbcloudError):
    """What the jobs were to run on is not there, or has gone."""


class Engine(Protocol):
    """What a batch needs of the place that it runs in."""

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """Yield `work(item)` for every item, in order, as soon as it is known."""

    def merge_counts(
        self, work: Callable[[Item], CountedJobs], items: Sequence[Item]
    ) -> Iterator[CountedJobs]:
        """Yield what has been counted from time to time, and at last all of it, merged."""


class Here:
    """The process itself, one job after the other, each of them on all cores."""

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """See `Engine.each`."""
        return map(work, items)

    def merge_counts(
        self, work: Callable[[Item], CountedJobs], items: Sequence[Item]
    ) -> Iterator[CountedJobs]:
        """See `Engine.merge_counts`."""
        return _added_up(self.each(work, items))


class Cores:
    """Processes of this machine, one thread each.

    Parameters
    ----------
    processes : int
        At least 2.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """See `Engine.each`."""
        try:
            from joblib import Parallel, delayed
            from joblib.externals.loky.process_executor import TerminatedWorkerError
        except ModuleNotFoundError as error:
            raise _explain_missing("joblib", "batches") from error
        pool = Parallel(self._processes, return_as="generator")
        try:
            yield from pool(delayed(_on_one_thread)(work, item) for item in items)
        except TerminatedWorkerError as error:
            msg = (
                "a worker process was killed, which mostly means that memory ran out; "
                "run again with --resume and fewer --threads"
            )
            raise EngineError(msg) from error

    def merge_counts(
        self, work: Callable[[Item], CountedJobs], items: Sequence[Item]
    ) -> Iterator[CountedJobs]:
        """See `Engine.merge_counts`."""
        return _added_up(self.each(work, items))


class Farm:
    """The workers of a Dask scheduler, one thread a job. They must see the same files by the same paths.

    Parameters
    ----------
    address : str
        Such as ``tcp://farm:8786``.

    Raises
    ------
    EngineError
        If no scheduler answers there, it has no workers, or these have no or another rgbcloud.
    MissingDependencyError
        If Dask is not installed.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise _explain_missing("distributed", "farms") from error
        try:
            _knock(address)
            self._client = Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, *_LATE) as error:
            msg = f"no scheduler answers at {address}; start one with `dask scheduler`, or check the address"
            raise EngineError(msg) from error
        try:
            self._check_workers(address)
        except BaseException:
            self.close()
            raise

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """See `Engine.each`. A job whose worker is lost is run again on another one."""
        futures: list[Any] = self._client.map(functools.partial(_on_one_thread, work), items, pure=False)
        with _cancel_rest(futures):
            for index, future in enumerate(futures):
                yield self._result(future)
                futures[index] = None  # lets the scheduler forget it

    def merge_counts(
        self, work: Callable[[Item], CountedJobs], items: Sequence[Item]
    ) -> Iterator[CountedJobs]:
        """See `Engine.merge_counts`. Histograms are merged on the workers, as a tree."""
        level = self._client.map(functools.partial(_on_one_thread, work), items, pure=False)
        with _cancel_rest(level):
            while len(level) > 1:
                groups = [level[start : start + _TOGETHER] for start in range(0, len(level), _TOGETHER)]
                level[:] = [self._client.submit(CountedJobs.merge, group, pure=False) for group in groups]
            yield self._result(level[0]) if level else CountedJobs.merge(())

    def close(self) -> None:
        """Leave the farm."""
        self._client.close()

    def _result(self, future: Any) -> Any:
        from distributed import CancelledError, KilledWorker

        try:
            return future.result()
        except KilledWorker as error:
            msg = "several workers of the farm died of one job, which mostly means that memory ran out"
            raise EngineError(f"{msg}; run again with --resume on workers with more") from error
        except (OSError, CancelledError) as error:
            msg = "the scheduler has gone; start it again and run again with --resume"
            raise EngineError(msg) from error

    def _check_workers(self, address: str) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except _LATE as error:
            msg = f"the scheduler at {address} has no workers; start some with `dask worker {address}`"
            raise EngineError(msg) from error
        try:
            versions = self._client.run(_version)
        except Exception as error:
            msg = f"a worker of {address} cannot import rgbcloud_app ({error}); install rgbcloud there"
            raise EngineError(msg) from error
        for worker, version in versions.items():
            if version != rgbcloud.__version__:
                msg = f"the worker {worker} has rgbcloud {version}, this is {rgbcloud.__version__}"
                raise EngineError(f"{msg}; install the same release everywhere")


def _on_one_thread(work: Callable[[Item], Result], item: Item) -> Result:
    """Run a job where there are as many processes as cores already."""
    set_thread_count(1)
    return work(item)


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
    socket.create_connection((place.hostname, place.port), _PATIENCE).close()


def _version() -> str:
    return rgbcloud.__version__


def _added_up(parts: Iterator[CountedJobs]) -> Iterator[CountedJobs]:
    """Merge what comes in, many at a time: each merge goes through all colours that are there already."""
    whole, waiting = CountedJobs.merge(()), []
    for part in parts:
        waiting.append(part)
        if sum(map(len, waiting)) > max(_PENDING, len(whole)):
            whole, waiting = CountedJobs.merge([whole, *waiting]), []
        yield whole
    yield CountedJobs.merge([whole, *waiting])


@contextlib.contextmanager
def _cancel_rest(futures: list[Any]) -> Iterator[None]:
    """Call back whatever is still to be done if the caller stops early."""
    try:
        yield
    except BaseException:
        for future in futures:
            if future is not None:
                future.cancel()
        raise


def _explain_missing(package: str, what: str) -> MissingDependencyError:
    return MissingDependencyError(f"{what} need {package}: python -m pip install {package}")
