"""Background work: a thread for each lane, the newest request wins, answers come back on the main thread."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

from Qt import QtCore

from rgbcloud import CancelledError

if TYPE_CHECKING:
    from rgbcloud import Progress
    from rgbcloud_panel.background import Lane, Result

_TELLING = 0.05  # seconds between two reports of progress


@dataclass(frozen=True, eq=False)
class _Task:
    lane: Lane
    work: Callable[[Progress], Any]
    done: Callable[[Any], object]
    failed: Callable[[Exception], object]
    told: Callable[[float, str], object]


@dataclass(frozen=True, eq=False)
class _Answer:
    task: _Task
    call: Callable[[], object]


class Workers(QtCore.QObject):
    """Fulfils `rgbcloud_panel.background.Executor`.

    Work that is overtaken is stopped at its next report of progress; work that never reports runs on
    unheard. `close` does not wait for it: Python waits when it exits.
    """

    _answered = QtCore.Signal(object)

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: dict[Lane, _Task] = {}  # only what is in here is wanted
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
        """See `rgbcloud_panel.background.Executor`."""
        if self._is_closed:
            return
        task = _Task(lane, work, done, failed, told)
        self._newest[lane] = task
        if lane not in self._lanes:
            self._lanes[lane] = _LaneThread(self, lane)
            self._lanes[lane].start()
        self._lanes[lane].put(task)

    def cancel(self, lane: Lane) -> None:
        """See `rgbcloud_panel.background.Executor`."""
        self._newest.pop(lane, None)

    def close(self) -> None:
        """Stop all work; nothing is answered any more."""
        with self._lock:
            self._is_closed = True
        self._newest.clear()
        for thread in self._lanes.values():
            thread.stop()

    def wants(self, task: _Task) -> bool:
        """Whether a task has not been overtaken, dropped or closed. Called on any thread."""
        return self._newest.get(task.lane) is task

    def answer(self, task: _Task, call: Callable[[], object]) -> None:
        """Have `call` made on the main thread, if the task is still wanted then. Called on any thread."""
        with self._lock:  # once closed, the Qt object may be gone
            if not self._is_closed:
                self._answered.emit(_Answer(task, call))

    def _deliver(self, answer: object) -> None:
        if isinstance(answer, _Answer) and self.wants(answer.task):
            answer.call()

    def finish(self, task: _Task) -> None:
        """Forget a task that has been answered. Called on the main thread."""
        if self.wants(task):
            del self._newest[task.lane]


class _LaneThread(threading.Thread):
    """Works off the tasks of one lane, of those waiting the last one only."""

    def __init__(self, workers: Workers, lane: Lane) -> None:
        super().__init__(name=f"rgbcloud {lane}")
        self._workers = workers
        self._waiting: _Task | None = None
        self._is_stopped = False
        self._condition = threading.Condition()

    def put(self, task: _Task) -> None:
        with self._condition:
            self._waiting = task
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
                task, self._waiting = self._waiting, None
            if task is not None and self._workers.wants(task):
                self._work(task)

    def _work(self, task: _Task) -> None:
        last_told = 0.0

        def progress(fraction: float, message: str) -> None:
            nonlocal last_told
            if not self._workers.wants(task):
                raise CancelledError("overtaken by a newer request")
            now = time.monotonic()
            if now - last_told >= _TELLING:
                last_told = now
                self._workers.answer(task, lambda: task.told(fraction, message))

        try:
            result = task.work(progress)
        except CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the session tells the user
            failure = error
            self._workers.answer(task, lambda: self._finish(task, task.failed, failure))
        else:
            self._workers.answer(task, lambda: self._finish(task, task.done, result))

    def _finish(self, task: _Task, call: Callable[[Any], object], value: object) -> None:
        self._workers.finish(task)
        call(value)
