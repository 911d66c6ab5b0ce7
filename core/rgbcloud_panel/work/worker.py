"""Background work: a thread for each lane, the newest request wins, answers come back on the main thread."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

from Qt import QtCore

from rgbcloud import CancelledError
from rgbcloud_panel.work.background import FINISHED_LANES

if TYPE_CHECKING:
    from rgbcloud import Progress
    from rgbcloud_panel.work.background import Lane, Result

_TELLING = 0.05  # seconds between two reports of progress


@dataclass(frozen=True, eq=False)
class _Request:
    lane: Lane
    work: Callable[[Progress], Any]
    done: Callable[[Any], object]
    failed: Callable[[Exception], object]
    told: Callable[[float, str], object]


@dataclass(frozen=True, eq=False)
class _Answer:
    request: _Request
    call: Callable[[], object]


class Workers(QtCore.QObject):
    """Fulfils `rgbcloud_panel.work.background.Executor`.

    Work that is overtaken is stopped at its next report of progress; work that never reports runs on
    unheard. In `FINISHED_LANES` it is finished and answered. `close` does not wait for it: Python waits when
    it exits.
    """

    _answered = QtCore.Signal(object)

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: dict[Lane, tuple[_Request, ...]] = {}  # only what is in here, oldest first
        self._lanes: dict[Lane, _LaneThread] = {}
        self._lock = threading.Lock()
        self._is_closed = False
        self._answered.connect(self._deliver)

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
        request = _Request(lane, work, done, failed, told)
        others = self._wanted.get(lane, ()) if lane in FINISHED_LANES else ()
        self._wanted[lane] = (*others, request)
        if lane not in self._lanes:
            self._lanes[lane] = _LaneThread(self, lane)
            self._lanes[lane].start()
        self._lanes[lane].put(request)

    def cancel(self, lane: Lane) -> None:
        """See `rgbcloud_panel.work.background.Executor`."""
        self._wanted.pop(lane, None)

    def close(self) -> None:
        """Stop all work; nothing is answered any more."""
        with self._lock:
            self._is_closed = True
        self._wanted.clear()
        for thread in self._lanes.values():
            thread.stop()

    def wants(self, request: _Request) -> bool:
        """Whether a request has not been overtaken, dropped or closed. Called on any thread."""
        return request in self._wanted.get(request.lane, ())

    def answer(self, request: _Request, call: Callable[[], object]) -> None:
        """Have `call` made on the main thread, if the request is still wanted then. Called on any thread."""
        with self._lock:  # once closed, the Qt object may be gone
            if not self._is_closed:
                self._answered.emit(_Answer(request, call))

    def _deliver(self, answer: object) -> None:
        if isinstance(answer, _Answer) and self.wants(answer.request):
            answer.call()

    def finish(self, request: _Request) -> None:
        """Forget a request that has been answered, and older ones. Called on the main thread."""
        wanted = self._wanted.get(request.lane, ())
        if request in wanted:
            self._wanted[request.lane] = wanted[wanted.index(request) + 1 :]


class _LaneThread(threading.Thread):
    """Works off the requests of one lane, of those waiting the last one only."""

    def __init__(self, workers: Workers, lane: Lane) -> None:
        super().__init__(name=f"rgbcloud {lane}")
        self._workers = workers
        self._waiting: _Request | None = None
        self._is_stopped = False
        self._condition = threading.Condition()

    def put(self, request: _Request) -> None:
        with self._condition:
            self._waiting = request
            self._condition.notify()

    def stop(self) -> None:
        with self._condition:
            self._is_stopped = True
            self._condition.notify()

    def run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._waiting or self._is_stopped)
                if self._is_stopped:
                    return
                request, self._waiting = self._waiting, None
            if request is not None and self._workers.wants(request):
                self._work(request)
            del request  # what it was asked for is large, and the next request may never come

    def _work(self, request: _Request) -> None:
        last_told = 0.0

        def progress(fraction: float, message: str) -> None:
            nonlocal last_told
            if not self._workers.wants(request):
                raise CancelledError("overtaken by a newer request")
            now = time.monotonic()
            if now - last_told >= _TELLING:
                last_told = now
                self._workers.answer(request, lambda: request.told(fraction, message))

        try:
            result = request.work(progress)
        except CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the session tells the user
            failure = error
            self._workers.answer(request, lambda: self._finish(request, request.failed, failure))
        else:
            self._workers.answer(request, lambda: self._finish(request, request.done, result))

    def _finish(self, request: _Request, call: Callable[[Any], object], value: object) -> None:
        self._workers.finish(request)
        call(value)
