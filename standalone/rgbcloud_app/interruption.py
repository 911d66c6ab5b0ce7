"""Ctrl-C, SIGTERM and SIGHUP: the first ends the work cleanly, a second one ends the process at once."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has not all of them


class Interruptible:
    """A block in which each of these signals raises `KeyboardInterrupt`, as Ctrl-C does anyway.

    A signal that is ignored when the block begins, as under nohup, is so within it.
    """

    def __init__(self) -> None:
        self._signal = 0
        self._before: dict[int, Any] = {}

    @property
    def status(self) -> int:
        """What a shell shows of a process that a signal has ended: 128 and its number."""
        return 128 + (self._signal or signal.SIGINT)

    @property
    def reason(self) -> str:
        """What to tell whoever looks."""
        is_other = self._signal not in (0, signal.SIGINT)
        return f"interrupted by {signal.Signals(self._signal).name}" if is_other else "interrupted"

    def __enter__(self) -> Interruptible:
        if threading.current_thread() is threading.main_thread():
            for name in _NAMES:
                number = getattr(signal, name, None)
                if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._interrupt)
        return self

    def __exit__(self, *exc_info: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        if self._signal:
            os._exit(128 + number)
        self._signal = number
        raise KeyboardInterrupt
