"""Watching k-means find a palette of the texture that is shown: forwards, backwards, from any start."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rgbcloud_panel.work import kmeans_steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import Palette
    from rgbcloud_panel.edits.editing import EditedPalette
    from rgbcloud_panel.edits.history import Look
    from rgbcloud_panel.state.texture_state import TextureState
    from rgbcloud_panel.state.workbench import Workbench


class Watching:
    """The steps of k-means, and which of them is shown: picture, cloud and palette are as after it.

    Each change is told as ``"watching"``.
    """

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._state: TextureState | None = None
        self._before: Look | None = None
        self._steps: list[EditedPalette] = []
        self._errors: list[float] = []
        self._seed = 0
        self.position = 0
        self.note = ""
        """What there is to say about the starts that were tried."""
        bench.events.subscribe(self._follow_texture, "source")
        bench.events.subscribe(self._follow_look, "settings")

    @property
    def is_on(self) -> bool:
        """Whether there are steps to see."""
        return bool(self._steps)

    @property
    def last(self) -> int:
        """The number of the last step."""
        return max(0, len(self._steps) - 1)

    @property
    def text(self) -> str:
        """Which step is shown, and how large its error is."""
        if not self._steps:
            return ""
        iteration, is_update = divmod(self.position, 2)
        name = "update" if is_update else "assign" if iteration else "start"
        error = self._errors[iteration]
        return f"{name}, iteration {iteration + is_update} of {self.last // 2}: MSE {error:.1f}"

    def start(self, *, again: bool = False) -> None:
        """Find the steps from random colours; again: from others."""
        self._seed += int(again)
        self._seek(None)

    def start_badly(self) -> None:
        """Find the steps from a start that leads nowhere near the best palette."""
        counted = self._bench.state.counted
        if counted is not None:
            colors = min(self._bench.state.look.settings.colors, len(counted.histogram))
            self._seek(kmeans_steps.bad_start(counted.histogram, colors))

    def start_from_shown(self) -> None:
        """Find the steps from the colours that are shown, wherever a hand has put them."""
        if self._bench.state.palette is not None:
            self._seek(self._bench.state.palette)

    def try_starts(self) -> None:
        """Find where ten random starts lead to, and the steps of the best."""
        state = self._bench.state
        if state.counted is not None:
            work = partial(kmeans_steps.try_starts, state.counted.histogram, state.look.settings.colors)
            self._bench.background.run("watch", work, self._have_starts, partial(self._bench.failed, state))

    def _seek(self, start: Palette | None) -> None:
        state = self._bench.state
        if state.counted is None:
            return
        colors = len(start) if start is not None else state.look.settings.colors
        work = partial(kmeans_steps.follow, state.counted.histogram, colors, self._seed, start)
        self._bench.background.run("watch", work, self._have_palettes, partial(self._bench.failed, state))

    def _have_starts(self, starts: kmeans_steps.Starts) -> None:
        self._have_palettes(starts.palettes)
        best, worst = min(starts.errors), max(starts.errors)
        self.note = f"{len(starts.errors)} starts: MSE {best:.1f} to {worst:.1f}"
        self.go_to(self.last)

    def _have_palettes(self, palettes: Sequence[Palette]) -> None:
        if self._state is None:
            self._state, self._before = self._bench.state, self._bench.state.look
        self._steps = kmeans_steps.half_steps(palettes)
        self._errors = [kmeans_steps.error_of(palette) for palette in palettes]
        self.note = ""
        self.go_to(0)

    def go_to(self, position: int) -> None:
        """Show the texture as it is after a step."""
        if self._steps:
            self.position = min(max(position, 0), self.last)
            look = replace(self._bench.state.look, edited=self._steps[self.position])
            self._bench.show(look)
        self._bench.events.emit("watching")

    def stop(self, *, keeps: bool = False) -> None:
        """Go back to what was shown before, or keep the palette of the step that is shown."""
        state, before = self._state, self._before
        self._state = self._before = None
        self._steps, self.position, self.note = [], 0, ""
        self._bench.background.drop("watch")
        if not keeps and state is not None and before is not None:
            if state is self._bench.state:
                self._bench.show(before)
            else:
                state.history.look = before
                state.forget_exact()
        self._bench.events.emit("watching")

    def _follow_look(self) -> None:
        """Keep what is changed meanwhile when the steps are left; other colours are found from the start."""
        look = self._bench.state.look
        if self._before is None or self._state is not self._bench.state:
            return
        if look.edited is None:
            self._before = look
            self.start()
        else:
            self._before = replace(look, edited=self._before.edited)

    def _follow_texture(self) -> None:
        if self._state is not None and self._state is not self._bench.state:
            self.stop()
