"""Work in a thread while Maya's main thread waits: every moment it shows how far it is and looks for Esc.

What runs there must ask nothing of Maya. The callback of the caller's progress is called on the caller's
thread only, however many threads the work takes.
"""

from __future__ import annotations

import gc
import threading
import time
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from maya import cmds

from rgbcloud import CancelledError
from rgbcloud.progress import silent
from rgbcloud.threads import UncollectedGarbage, in_parallel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import Progress

Item = TypeVar("Item")
Result = TypeVar("Result")

THREAD = "rgbcloud waited for"
_MOMENT = 0.05  # seconds
_LAST_MOMENT = 0.1  # for work that ends at once


def while_waiting(
    work: Callable[[Progress], Result], progress: Progress, *, undo: Callable[[], object] = lambda: None
) -> Result:
    """Return what `work(progress)` returns, or raise what it raises.

    Where `progress` raises (the user pressed Esc, or Ctrl-C in batch), the work ends at its next report, and
    `undo` takes back what it has done by then. In a window nobody waits for that.
    """
    job = _Job(work, undo)
    job.start()
    let_qt_paint = _painter()
    try:
        with UncollectedGarbage():
            while not job.wait(_MOMENT):
                gc.collect(0)  # what is young, in the thread's stead
                progress(*job.told)
                let_qt_paint()
        progress(*job.told)
    except BaseException:
        job.cancel()
        job.wait(_LAST_MOMENT if let_qt_paint is not _paint_nothing else None)
        raise
    return job.result()  # type: ignore[no-any-return]


def repaint_between(progress: Progress = silent) -> Progress:
    """Return a callback for work on the main thread that, every moment, lets windows be drawn as well."""
    let_qt_paint, painted = _painter(), time.monotonic()

    def report(fraction: float, message: str) -> None:
        nonlocal painted
        progress(fraction, message)
        if time.monotonic() - painted >= _MOMENT:
            let_qt_paint()
            painted = time.monotonic()

    return report


class _Job:
    """The work, and what its thread and the waiting one tell each other."""

    def __init__(self, work: Callable[[Progress], Any], undo: Callable[[], object]) -> None:
        self.told = (0.0, "starting")
        self._work = work
        self._undo = undo
        self._lock = threading.Lock()
        self._is_cancelled = self._is_done = False
        self._ended = threading.Event()
        self._result: Any = None
        self._error: BaseException | None = None

    def start(self) -> None:
        threading.Thread(target=self._run, name=THREAD, daemon=True).start()

    def wait(self, seconds: float | None) -> bool:
        """Wait for the end; return whether it has come."""
        return self._ended.wait(seconds)

    def cancel(self) -> None:
        """Let the work end at its next report; take back what it has done, then or, if it has ended, now."""
        with self._lock:
            self._is_cancelled = True
            if self._is_done:
                self._undo()

    def result(self) -> Any:
        """Return the result, once there is one."""
        if self._error is not None:
            raise self._error
        return self._result

    def _run(self) -> None:
        try:
            self._result = self._work(self._report)
        except BaseException as error:  # noqa: BLE001 - raised in the thread that waits
            self._error = error
        with self._lock:
            self._is_done = True
            if self._is_cancelled:
                self._undo()
        self._ended.set()

    def _report(self, fraction: float, message: str) -> None:
        if self._is_cancelled:
            raise CancelledError("cancelled; the scene is as it was")
        self.told = (fraction, message)


def each_in_parallel(
    work: Callable[[Item, Progress], Result], items: Sequence[Item], progress: Progress
) -> list[Result]:
    """Return `work(item, progress)` for every item, in order, with one progress for all of them."""
    fractions = [0.0] * len(items)

    def run(number: int) -> Result:
        def report(fraction: float, message: str) -> None:
            fractions[number] = fraction
            progress(sum(fractions) / len(items), message)

        result = work(items[number], report)
        report(1.0, f"{sum(fraction == 1.0 for fraction in fractions) + 1} of {len(items)}")
        return result

    return list(in_parallel(run, range(len(items))))


def _painter() -> Callable[[], object]:
    """Return what lets windows be drawn: in batch, and where no Qt.py is found, nothing."""
    if cmds.about(batch=True):
        return _paint_nothing
    try:
        from Qt import QtCore, QtWidgets
    except ImportError:
        return lambda: None
    # Nobody can click meanwhile: the scene stays what the work was planned for.
    flags = QtCore.QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
    return lambda: QtWidgets.QApplication.instance() and QtWidgets.QApplication.processEvents(flags)


def _paint_nothing() -> None:
    """Draw no window: there is none."""
