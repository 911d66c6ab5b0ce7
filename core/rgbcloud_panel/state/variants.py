"""Four variants of the texture that is shown, to choose one from: each computed as it would be saved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Callable

from rgbcloud import MAX_COLORS
from rgbcloud_panel.work import exact_result

if TYPE_CHECKING:
    from rgbcloud import Report
    from rgbcloud_panel.state.texture_state import TextureState
    from rgbcloud_panel.state.workbench import Workbench
    from rgbcloud_panel.work.exact_result import Exact
    from rgbcloud_panel.work.pyramid import Pyramid

COUNT = 4
_DITHERS = {
    "none": "not dithered",
    "floyd-steinberg": "Floyd-Steinberg",
    "bayer": "Bayer",
    "blue-noise": "blue noise",
}


@dataclass(eq=False)
class Variant:
    """What other settings would make."""

    name: str
    values: dict[str, object]  # what would be changed of the settings
    # The figures, and the rebuilt image as a display shows it; None until they are there:
    report: Report | None = None
    pyramid: Pyramid | None = None
    problem: str = ""  # why there are none, as a sentence; mostly empty


class Variants:
    """The variants of what is shown, made anew when that is another one.

    Each change is told as ``"variants"``.
    """

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._of: object = None  # what they are variants of
        self.is_on = False
        """Whether they are looked at."""
        self.items: list[Variant] = []
        bench.events.subscribe(self._follow, "source", "after")

    def start(self) -> None:
        """Make variants of what is shown, from now on."""
        self.is_on = True
        self._follow()
        self._bench.events.emit("variants")

    def stop(self) -> None:
        """Make none any more, and give up those that are there."""
        self._bench.background.drop("variants")
        self.is_on, self._of, self.items = False, None, []
        self._bench.events.emit("variants")

    def _follow(self) -> None:
        """Begin once the exact result is there: it is the first of them."""
        state = self._bench.state
        if not self.is_on:
            return
        if self.items and (state.picture is None or self._of != (state.picture, state.look)):
            self._bench.background.drop("variants")
            self._of, self.items = None, []
            self._bench.events.emit("variants")
        if state.exact is not None and not self.items:
            self._of = state.picture, state.look
            self.items = _variants_of(state)
            self._take_result(self.items[0], state.exact)

    def _take_result(self, variant: Variant, exact: Exact) -> None:
        variant.report, variant.pyramid = exact.reduction.report, exact.pyramid
        self._go_on()

    def _fail(self, variant: Variant, error: Exception) -> None:
        variant.problem = str(error)
        self._go_on()

    def _go_on(self) -> None:
        """Make the next one."""
        self._bench.events.emit("variants")
        state = self._bench.state
        missing = [item for item in self.items if item.report is None and not item.problem]
        if missing and state.picture is not None and state.counted is not None:
            look = state.look.changed(**missing[0].values)
            work = partial(exact_result.reduce_exactly, state.picture, state.counted, look)
            done: Callable[[Exact], object] = partial(self._take_result, missing[0])
            self._bench.background.run("variants", work, done, partial(self._fail, missing[0]))


def _variants_of(state: TextureState) -> list[Variant]:
    """Return what is shown and three others: half and twice the colours, and another dither.

    A palette that a hand has changed stays: it is dithered in all ways. Where one would be another's twin, or
    cannot be dithered, another number of colours stands in for it.
    """
    look, colors = state.look, state.look.settings.colors
    first = Variant(f"{len(state.palette or ())} colours, as it is", {})
    dithers = [
        Variant(name, {"dither": dither})
        for dither, name in _DITHERS.items()
        if dither != look.settings.dither and look.settings.kind != "labels"
    ]
    if look.edited is not None:
        return [first, *dithers]
    sizes = [colors // 2, colors * 2, colors // 4, colors * 4, colors * 8]
    least = max(1, len(look.settings.locked))
    sizes = list(dict.fromkeys(size for size in sizes if least <= size <= MAX_COLORS))
    others = [Variant(f"{size} colours", {"colors": size}) for size in sizes]
    return [first, *others[:2], *dithers[:1], *others[2:]][:COUNT]
