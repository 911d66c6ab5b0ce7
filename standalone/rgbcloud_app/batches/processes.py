"""All cores of this machine: processes of one thread each, that end when whoever started them does."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from multiprocessing import connection
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, TypeVar

from rgbcloud import set_thread_count
from rgbcloud_app.batches.engines import EngineError, add_up, counts_of_lost, outcome_of_lost

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from rgbcloud_app.batches.outcome import CountedJobs, Outcome
    from rgbcloud_app.batches.planning import Job

Result = TypeVar("Result")

_READY = "ready"
_ATTEMPTS = 2  # of a job whose process dies
_AHEAD = 256  # results that may wait for an earlier one, for each process; of counts, which are large, _FEW
_FEW = 2
_PATIENCE = 5  # seconds that a process has to clean up
_SPAWN = multiprocessing.get_context("spawn")  # forks inherit locks of threads that they do not have


class Cores:
    """Processes of this machine, one thread each. They start with the first job.

    Parameters
    ----------
    processes : int
        At least 2.
    """

    def __init__(self, processes: int) -> None:
        self._count = processes
        self._workers: list[_Worker] = []

    def each(self, work: Callable[[Job], Outcome], jobs: Sequence[Job]) -> Iterator[Outcome]:
        """See `Engine.each`. A job whose process dies twice has failed."""
        return self._results(work, jobs, outcome_of_lost, self._count * _AHEAD)

    def merge_counts(self, work: Callable[[Job], CountedJobs], jobs: Sequence[Job]) -> Iterator[CountedJobs]:
        """See `Engine.merge_counts`."""
        return add_up(self._results(work, jobs, counts_of_lost, self._count * _FEW))

    def close(self) -> None:
        """See `Engine.close`."""
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.pipe.close()
            worker.process.terminate()
        for worker in workers:
            worker.process.join(_PATIENCE)
            worker.process.kill()
            worker.process.join()

    def _results(
        self,
        work: Callable[[Job], Result],
        jobs: Sequence[Job],
        lost: Callable[[Job, str], Result],
        ahead: int,
    ) -> Iterator[Result]:
        """Yield results in the order of their jobs."""
        run = _Run(work, jobs, lost)
        while len(self._workers) < min(self._count, len(jobs)):
            self._workers.append(_start_worker())
        for worker in self._workers:
            run.give_work(worker, ahead)
        while run.yielded < len(jobs):
            for worker in self._wait_for_answers():
                if not run.take_result(worker):
                    self._workers[self._workers.index(worker)] = _replace_worker(worker)
            yield from run.next_results()
            for worker in self._workers:
                run.give_work(worker, ahead)

    def _wait_for_answers(self) -> list[_Worker]:
        """Wait until some processes have said something, or have died; return them."""
        ready = connection.wait([worker.pipe for worker in self._workers])
        return [worker for worker in self._workers if worker.pipe in ready]


class _Worker:
    """A process, and the pipe that jobs and results go through."""

    def __init__(self, process: BaseProcess, pipe: Connection[Any, Any]) -> None:
        self.process = process
        self.pipe = pipe
        self.is_ready = False
        self.knows: object = None  # the work that it does
        self.task: _Task | None = None


class _Task(NamedTuple):
    """A job's place among all, and how often its process has died."""

    place: int
    deaths: int = 0


class _Run:
    """Which jobs wait, which are under way, and which results came too early."""

    def __init__(
        self, work: Callable[[Job], Any], jobs: Sequence[Job], lost: Callable[[Job, str], Any]
    ) -> None:
        self.yielded = 0
        self._work, self._jobs, self._lost = work, jobs, lost
        self._next = 0
        self._again: list[_Task] = []
        self._early: dict[int, Any] = {}

    def give_work(self, worker: _Worker, ahead: int) -> None:
        """Send a job to a process that has none."""
        if worker.task is not None or not worker.is_ready:
            return
        if self._again:
            task = self._again.pop()
        elif self._next < min(len(self._jobs), self.yielded + ahead):
            task = _Task(self._next)
            self._next += 1
        else:
            return
        worker.task = task
        is_new = worker.knows is not self._work
        worker.knows = self._work
        with contextlib.suppress(BrokenPipeError, ConnectionError):  # it has died, and will be found dead
            worker.pipe.send((self._work if is_new else None, self._jobs[task.place]))

    def take_result(self, worker: _Worker) -> bool:
        """Keep what a process has to say; return whether it still lives."""
        task = worker.task
        try:
            answer = worker.pipe.recv()
        except (EOFError, ConnectionError):
            self._bury(worker)
            return False
        if not worker.is_ready:
            worker.is_ready = True
            return True
        worker.task = None
        if isinstance(answer, BaseException):
            raise answer
        assert task is not None
        self._early[task.place] = answer
        return True

    def next_results(self) -> Iterator[Any]:
        """Yield the results whose turn it is."""
        while self.yielded in self._early:
            result = self._early.pop(self.yielded)
            self.yielded += 1
            yield result

    def _bury(self, worker: _Worker) -> None:
        if not worker.is_ready:
            msg = "a process that was to do a part of the work ended at once; run with --threads 1"
            raise EngineError(msg)
        if worker.task is None:
            return
        task = worker.task._replace(deaths=worker.task.deaths + 1)
        if task.deaths < _ATTEMPTS:
            self._again.append(task)
            return
        reason = (
            f"{task.deaths} processes died of it, which mostly means that memory ran out or that the file is "
            "damaged; look at it, or run again with fewer --threads"
        )
        self._early[task.place] = self._lost(self._jobs[task.place], reason)


def _start_worker() -> _Worker:
    """Start a process that heeds no Ctrl-C: whoever started it does, and ends it."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_serve, args=(theirs,), name="rgbcloud", daemon=True)
    with _blocked_interrupts():
        process.start()
    theirs.close()  # so that the end of the process closes the pipe
    return _Worker(process, ours)


def _replace_worker(worker: _Worker) -> _Worker:
    worker.pipe.close()
    worker.process.join(_PATIENCE)
    return _start_worker()


@contextlib.contextmanager
def _blocked_interrupts() -> Iterator[None]:
    """Let Ctrl-C wait, also in processes that are started: it would end them loudly while they load."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _State:
    """What the signal handlers of a process have to know: whether there is something to leave cleanly."""

    is_working = False
    is_leaving = False


def _serve(pipe: Connection[Any, Any]) -> None:
    """Do one job after the other, until nobody asks for more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    set_thread_count(1)
    work: Any = None
    with contextlib.suppress(KeyboardInterrupt, EOFError, ConnectionError):
        pipe.send(_READY)
        while True:
            new_work, job = pipe.recv()
            work = new_work or work
            answer: Any
            _State.is_working = True
            try:
                answer = work(job)
            except Exception as error:  # noqa: BLE001 - whoever sent the job is to be told
                answer = error
            _State.is_working = False
            pipe.send(answer)


def _end(_number: int, _frame: object) -> None:
    """Leave the work, whose temporary files are cleaned up on the way, or end at once.

    A hang-up goes to all processes, and is followed by the main one's request to end: that changes nothing.
    """
    if _State.is_leaving:
        return
    if not _State.is_working:
        os._exit(0)
    _State.is_leaving = True
    raise KeyboardInterrupt


def _end_with_parent() -> None:
    """Wait for the end of whoever started this process, and end, too."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        if os.name != "nt":
            os.kill(os.getpid(), signal.SIGTERM)
            threading.Event().wait(_PATIENCE)
        os._exit(1)
