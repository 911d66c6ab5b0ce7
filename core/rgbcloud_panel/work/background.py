"""The session's work in the background: what runs, how far it is, and what there is to say about it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Literal, Protocol, TypeVar

from rgbcloud import CancelledError, RgbcloudError
from rgbcloud.errors import printable

if TYPE_CHECKING:
    from rgbcloud import Progress
    from rgbcloud_panel.work.events import Events

_log = logging.getLogger(__name__)
Result = TypeVar("Result")

Lane = Literal[
    "load", "view", "points", "choose", "exact", "difference", "write", "thumbnail", "tiles", "watch",
    "memory", "variants", "curve", "set", "set view",
]  # fmt: skip
"""In each lane one piece of work runs at a time, and of those that wait the newest is next."""
FINISHED_LANES: frozenset[Lane] = frozenset(("view", "difference", "set view"))
"""Lanes whose work is finished and answered though a newer request waits: the picture follows the hand."""
_SHOWN_LANES: tuple[Lane, ...] = ("write", "load", "choose", "watch", "exact")


class Executor(Protocol):
    """Runs work in the background and answers on the main thread."""

    def submit(
        self,
        lane: Lane,
        work: Callable[[Progress], Result],
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
        told: Callable[[float, str], object],
    ) -> None:
        """Run `work`, in place of what waits in the lane, which gets no answer any more.

        What runs in the lane gets none either, except in `FINISHED_LANES`.
        """

    def cancel(self, lane: Lane) -> None:
        """Drop all that the lane was asked for: it gets no answer."""


@dataclass(frozen=True)
class Message:
    """One sentence or a few for the user, and what can be done about it."""

    text: str
    is_error: bool = False
    action: str = ""
    act: Callable[[], object] | None = None

    def __post_init__(self) -> None:
        """Names of files may hold anything."""
        object.__setattr__(self, "text", printable(self.text))

    @classmethod
    def of_error(cls, error: Exception) -> Message | None:
        """Return what to tell of an error; None where the user has cancelled the work."""
        if isinstance(error, CancelledError):
            return None
        if isinstance(error, RgbcloudError):
            return cls(str(error), is_error=True)
        _log.error("an error that rgbcloud did not expect", exc_info=error)
        return cls(f"rgbcloud has a bug here ({error}); the log tells more", is_error=True)


class Background:
    """Work in lanes, and its progress, which is told as ``"progress"``."""

    def __init__(self, executor: Executor, events: Events) -> None:
        self._executor = executor
        self._events = events
        self._progress: dict[Lane, tuple[float, str]] = {}

    def run(
        self,
        lane: Lane,
        work: Callable[[Progress], Result],
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Run `work` in place of what the lane was asked for before."""

        def succeed(result: Result) -> None:
            self._forget(lane)
            done(result)

        def fail(error: Exception) -> None:
            self._forget(lane)
            failed(error)

        def tell(fraction: float, text: str) -> None:
            if lane in _SHOWN_LANES:
                self.show(lane, fraction, text)

        self._executor.submit(lane, work, succeed, fail, tell)

    def drop(self, *lanes: Lane) -> None:
        """Give up what lanes were asked for."""
        for lane in lanes:
            self._executor.cancel(lane)
            self._forget(lane)

    def show(self, lane: Lane, fraction: float, text: str) -> None:
        """Show how far the work of a lane is, in [0, 1], and what it does."""
        self._progress[lane] = (fraction, text)
        self._events.emit("progress")

    def is_shown(self, lane: Lane) -> bool:
        """Whether the user is told of the work of a lane."""
        return lane in self._progress

    @property
    def progress(self) -> tuple[float, str] | None:
        """How far the work is that the user waits for, in [0, 1], and what it does; None if there is none."""
        return next((self._progress[lane] for lane in _SHOWN_LANES if lane in self._progress), None)

    def cancel(self) -> Lane | None:
        """Stop what the user waits for, and return its lane; what is written already stays."""
        lane = next((lane for lane in _SHOWN_LANES if lane in self._progress), None)
        if lane is not None:
            self.drop(lane)
        return lane

    def _forget(self, lane: Lane) -> None:
        if self._progress.pop(lane, None):
            self._events.emit("progress")
