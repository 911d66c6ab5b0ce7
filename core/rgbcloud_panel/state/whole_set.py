"""All tiles of a set at once, before and after, small enough to be kept in memory together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rgbcloud_panel.work import loading, previews

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rgbcloud.color import UInt8Array
    from rgbcloud_panel.state.workbench import Workbench
    from rgbcloud_panel.work.previews import Rebuilt

_TEXELS = 16_000_000  # of all small pictures
_SIDE = 1024  # texels of one


class WholeSet:
    """Small pictures of the files that share a palette, read and rebuilt while they are looked at.

    Each change is told as ``"tiles"``.
    """

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._is_on = False
        self._of: object = None  # how colours were counted that are shown
        self.before: dict[int, UInt8Array] = {}
        """By number, as a display shows them: (h, w, 3) or (h, w, 4)."""
        self.after: dict[int, Rebuilt] = {}
        """The same in the palette's colours, not dithered."""
        bench.events.subscribe(self._follow, "counted", "source", "palette")

    def show(self, wanted: bool) -> None:
        """Read and rebuild from now on, or give up what is there."""
        self._is_on = wanted
        self._follow()

    def _follow(self) -> None:
        counted = self._bench.state.counted if self._is_on else None
        if counted is not self._of:
            self._bench.background.drop("set", "set view")
            self._of = counted
            self.before, self.after = {}, {}
            self._bench.events.emit("tiles")
            self._read_next()
        self._rebuild()

    def _read_next(self) -> None:
        state = self._bench.state
        if state.counted is None or self._of is None:
            return
        count = len(state.counted.images)
        missing = [number for number in range(count) if number not in self.before]
        if missing:
            number = min(missing, key=lambda number: abs(number - state.number))
            side = min(_SIDE, int((_TEXELS / count) ** 0.5))
            work = partial(loading.load_small, self._bench.sources, state.look.settings, number, side)
            keep = partial(self._have_read, number)
            # Counting has told what is wrong.
            self._bench.background.run("set", work, keep, lambda _error: None)

    def _have_read(self, number: int, texels: UInt8Array) -> None:
        self.before[number] = texels
        self._bench.events.emit("tiles")
        self._rebuild()
        self._read_next()

    def _rebuild(self) -> None:
        """Give those the colours that are shown which have others, or none yet."""
        state, edited = self._bench.state, self._bench.state.edited
        if state.counted is None or edited is None or self._of is None:
            return
        stale = {
            number: texels
            for number, texels in self.before.items()
            if number not in self.after or self.after[number].edited is not edited
        }
        if stale:
            work = partial(previews.rebuild_tiles, stale, state.counted, (state.look, edited))
            # What is wrong, the picture's own preview tells.
            self._bench.background.run("set view", work, self._have_rebuilt, lambda _error: None)

    def _have_rebuilt(self, rebuilt: Mapping[int, Rebuilt]) -> None:
        self.after.update(rebuilt)
        self._bench.events.emit("tiles")
