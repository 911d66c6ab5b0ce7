"""Background work: a thread for each lane, the newest request wins, answers come back on the main thread.

What belongs to Qt may be freed on the main thread only, and Python frees what it uses last wherever that is.
So threads are given work, which is numbers, and hold nothing else: who wants to know stays on the main
thread, and garbage is collected there while threads run. They end when their lane has nothing more to do, so
that none is left for Python to wait for when it exits.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import itertools
import threading
import time
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from Qt import QtCore

from rgbcloud import CancelledError
from rgbcloud.threads import UncollectedGarbage
from rgbcloud_panel.work.background import FINISHED_LANES

if TYPE_CHECKING:
    from rgbcloud import Progress
    from rgbcloud_panel.work.background import Lane, Result

_TELLING = 0.05  # seconds between two reports of progress


@dataclass(frozen=True, eq=False)
class _Request:
    """Who wants to know. On the main thread only."""

    queue: _LaneQueue
    done: Callable[[Any], object]
    failed: Callable[[Exception], object]
    told: Callable[[float, str], object]


class _Post(NamedTuple):
    """What a thread tells of a request."""

    number: int
    """Of the request; 0 where the thread is done."""
    kind: str
    """``"done"``, ``"failed"``, ``"told"`` or ``"ended"``."""
    values: tuple[Any, ...]


class Workers:
    """Fulfils `rgbcloud_panel.work.background.Executor`. Made, used and closed on the main thread.

    Work that is overtaken is stopped at its next report of progress; work that never reports runs on
    unheard. In `FINISHED_LANES` it is finished and answered. `close` does not wait for it: Python waits when
    it exits.
    """

    def __init__(self) -> None:
        self._desk = _desk()
        self._queues: dict[Lane, _LaneQueue] = {}
        self._is_closed = False

    def submit(
        self,
        lane: Lane,
        work: Callable[[Progress], Result],
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
        told: Callable[[float, str], object],
    ) -> None:
        """See `rgbcloud_panel.work.background.Executor`."""
        if self._is_closed:
            return
        queue = self._queues.setdefault(lane, _LaneQueue(lane))
        if lane not in FINISHED_LANES:
            self.cancel(lane)
        number = self._desk.note(_Request(queue, done, failed, told))
        queue.wanted = (*queue.wanted, number)
        if queue.put(number, work):
            self._desk.start_thread(queue)

    def cancel(self, lane: Lane) -> None:
        """See `rgbcloud_panel.work.background.Executor`."""
        if lane in self._queues:
            self._desk.forget(self._queues[lane].wanted)
            self._queues[lane].wanted = ()

    def close(self) -> None:
        """Stop all work; nothing is answered any more."""
        self._is_closed = True
        for lane in self._queues:
            self.cancel(lane)


class _LaneQueue:
    """What the main thread and the thread of a lane know of each other."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.wanted: tuple[int, ...] = ()
        """Numbers of requests, oldest first; set on the main thread."""
        self._waiting: tuple[int, Callable[[Progress], Any]] | None = None
        self._is_worked_off = False
        self._lock = threading.Lock()

    def put(self, number: int, work: Callable[[Progress], Any]) -> bool:
        """Let this be next, in place of what waits; return whether a thread must be started for it."""
        with self._lock:
            self._waiting = number, work
            needs_thread, self._is_worked_off = not self._is_worked_off, True
        return needs_thread

    def take(self) -> tuple[int, Callable[[Progress], Any]] | None:
        """Return what is next; None: nothing is, and the thread ends."""
        with self._lock:
            taken, self._waiting = self._waiting, None
            self._is_worked_off = taken is not None
        return taken

    def wants(self, number: int) -> bool:
        """Whether a request has not been overtaken, dropped or closed, and Python is not about to exit."""
        return number in self.wanted and threading.main_thread().is_alive()


class _Desk(QtCore.QObject):
    """Where answers come in, on the main thread. One for the process, for good: threads tell it any time."""

    _rung = QtCore.Signal()

    def __init__(self) -> None:
        super().__init__()
        self._numbers = itertools.count(1)
        self._requests: dict[int, _Request] = {}
        self._posts: SimpleQueue[_Post] = SimpleQueue()
        self._threads: set[threading.Thread] = set()
        self._while_threads_run = contextlib.ExitStack()
        self._rung.connect(self._take_post, QtCore.Qt.ConnectionType.QueuedConnection)

    def note(self, request: _Request) -> int:
        """Take a request, and return its number."""
        number = next(self._numbers)
        self._requests[number] = request
        return number

    def forget(self, numbers: tuple[int, ...]) -> None:
        """Let requests go."""
        for number in numbers:
            self._requests.pop(number, None)

    def start_thread(self, queue: _LaneQueue) -> None:
        """Have a queue worked off."""
        if not self._threads:
            self._while_threads_run.enter_context(UncollectedGarbage())
        thread = threading.Thread(target=_work_off, args=(queue, self.tell), name=f"rgbcloud {queue.lane}")
        self._threads.add(thread)
        thread.start()

    def tell(self, post: _Post) -> None:
        """Have the main thread hear of something. Called on any thread."""
        self._posts.put(post)
        self._rung.emit()

    def _take_post(self) -> None:
        number, kind, values = self._posts.get()
        request = self._requests.get(number)
        if kind == "ended":
            (thread,) = values
            thread.join()
            self._threads.discard(thread)
            if not self._threads:
                self._while_threads_run.close()
            return
        gc.collect(0)  # what is young, in the threads' stead
        if request is None:
            return
        if kind == "told":
            request.told(*values)
            return
        older = request.queue.wanted.index(number) + 1
        self.forget(request.queue.wanted[:older])
        request.queue.wanted = request.queue.wanted[older:]
        (request.done if kind == "done" else request.failed)(*values)


@functools.cache
def _desk() -> _Desk:
    return _Desk()


def _work_off(queue: _LaneQueue, tell: Callable[[_Post], object]) -> None:
    """Do what a queue asks for until it asks for nothing."""
    while True:
        taken = queue.take()
        if taken is None:
            break
        if queue.wants(taken[0]):
            _work(queue, *taken, tell)
        del taken  # what it was asked for is large
    tell(_Post(0, "ended", (threading.current_thread(),)))


def _work(
    queue: _LaneQueue, number: int, work: Callable[[Progress], Any], tell: Callable[[_Post], object]
) -> None:
    last_told = 0.0

    def progress(fraction: float, message: str) -> None:
        nonlocal last_told
        if not queue.wants(number):
            raise CancelledError("overtaken by a newer request")
        now = time.monotonic()
        if now - last_told >= _TELLING:
            last_told = now
            tell(_Post(number, "told", (fraction, message)))

    try:
        result = work(progress)
    except CancelledError:
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, the session tells the user
        tell(_Post(number, "failed", (error,)))
    else:
        tell(_Post(number, "done", (result,)))
