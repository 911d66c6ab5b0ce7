"""What chosen textures are to look like: settings, the palette that a hand changes, and undo."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from rgbcloud import Recipe, RgbcloudError, load_palette
from rgbcloud.counting import asked_color_space
from rgbcloud_panel.edits.editing import EditedPalette, SortedBy, merged_place, moved_place, order_of
from rgbcloud_panel.edits.history import History, Look
from rgbcloud_panel.state.chosen_textures import ChosenTextures
from rgbcloud_panel.work.background import Message

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from rgbcloud import Goal, Palette, Settings
    from rgbcloud_panel.state.texture_state import TextureState


class Looks(ChosenTextures):
    """Changes the looks of what is chosen, each change a step of undo once the user's hand rests."""

    @property
    def settings(self) -> Settings:
        """What the palette is made with."""
        return self.state.look.settings

    @property
    def goal(self) -> Goal | None:
        """What the number of colours is chosen for; None: it is chosen by hand."""
        return self.state.look.goal

    def change(self, **values: Any) -> None:
        """Change fields of the settings, of all chosen textures."""
        self._change_looks(lambda look: _with_number(look.changed(**values), values), values.keys())

    def give_colors(self, numbers: Mapping[str, int]) -> None:
        """Give chosen textures, by their keys, numbers of colours of their own: one step of undo."""
        states = self._chosen_states()
        looks = [
            replace(state.look.changed(colors=numbers[ref.key]), goal=None)
            if ref.key in numbers
            else state.look
            for ref, state in zip(self.chosen, states)
        ]
        self._show(states, looks)

    def set_goal(self, goal: Goal | None) -> None:
        """Choose the number of colours for something, or leave it to the user's hand."""

        def change(look: Look) -> Look:
            if goal is not None and look.edited is not None:
                look = look.changed(colors=look.settings.colors)
            return replace(look, goal=goal)

        if goal != self.goal:
            self._change_looks(change)

    def _change_looks(self, change: Callable[[Look], Look], values: Collection[str] = ()) -> None:
        states = self._chosen_states()
        before = [state.look for state in states]
        try:
            looks = [change(state.look) for state in states]
            if not {"color_space", "ocio"}.isdisjoint(values):
                asked_color_space(looks[0].settings)  # which says at once that no one knows a name
        except RgbcloudError as error:
            self._failed(self.state, error)
            self.events.emit("settings", "goal")  # controls go back
            return
        self._show(states, looks)
        settings = replace(looks[0].settings, locked=(), recolored=())
        self._states.first = Look(settings, looks[0].goal)
        self._host.remember("recipe", Recipe(settings, goal=looks[0].goal).to_json())
        is_gone = before[0].edited is not None and before[0].edited.is_made and looks[0].edited is None
        if is_gone and not self.watching.is_on:
            text = "Colours were looked for anew; the palette that was loaded or edited is gone."
            act = partial(self._show, states, before)
            self._tell(self.state, Message(text, action="Bring it back", act=act))

    def _show(self, states: Sequence[TextureState], looks: Sequence[Look]) -> None:
        for state, look in zip(states, looks):
            if state is self.state:
                self.bench.show(look)
            elif look != state.look:
                state.history.look = look
                state.forget_exact()

    # The palette

    @property
    def palette(self) -> Palette | None:
        """The colours that are shown."""
        return self.state.palette

    @property
    def is_by_hand(self) -> bool:
        """Whether the palette is one that a hand has changed."""
        return self.state.look.is_by_hand

    @property
    def locked(self) -> frozenset[int]:
        """The indices of the locked colours in the palette that is shown."""
        return frozenset() if self.state.edited is None else self.state.edited.locked_indices

    def recolor(self, index: int, color: Sequence[int]) -> None:
        """Give the texels of a cluster another colour, three ints in 0..255."""
        self._edit(lambda edited: edited.recolor(index, color))

    def recolor_stored(self, index: int, numbers: Sequence[float]) -> None:
        """Give the texels of a cluster another colour, in the numbers that the files store."""
        self._edit(lambda edited: edited.recolor_stored(index, numbers))

    def merge(self, indices: Collection[int]) -> None:
        """Make one palette colour of several."""
        if len(indices) > 1:
            self._edit(lambda edited: edited.merge(indices), lambda place: merged_place(place, indices))

    def move(self, index: int, to: int) -> None:
        """Put a palette colour into another place of the order."""
        if index != to:
            self._edit(lambda edited: edited.move(index, to), lambda place: moved_place(place, index, to))

    def sort(self, by: SortedBy) -> None:
        """Put the palette's colours into an order."""
        if self.state.edited is not None:
            order = order_of(self.state.edited.palette, by)
            self._edit(lambda edited: edited.take(order), order.index)

    def lock(self, indices: Collection[int]) -> None:
        """Keep palette colours as they are, whatever is looked for later; let them go if all are locked."""
        if indices:
            self._edit(lambda edited: edited.lock(indices))

    def _edit(
        self,
        edit: Callable[[EditedPalette], EditedPalette],
        place: Callable[[int], int] | None = None,
    ) -> None:
        if self.state.edited is not None:
            self.bench.show(replace(self.state.look, edited=edit(self.state.edited)), place)

    def load_palette(self, path: Path) -> None:
        """Work with the colours of a palette file."""
        if not self.chosen:
            self.tell(Message(f"{path.name}: choose a texture first, which is to get these colours."))
            return
        self._goes_well(lambda: self.take_palette(load_palette(path)))

    def take_palette(self, palette: Palette) -> None:
        """Work with these colours instead of clustered ones, in all chosen textures."""
        states, edited = self._chosen_states(), EditedPalette(palette, is_made=True)
        self._show(states, [replace(state.look, edited=edited) for state in states])

    def reset(self) -> None:
        """Go back from what a hand has done to the clustered palette."""
        look = self.state.look
        self.bench.show(Look(replace(look.settings, locked=(), recolored=()), look.goal))

    def restore(self, look: Look) -> None:
        """Go back to a look of before, such as that before a dialog was cancelled."""
        self.bench.show(look)

    def pick(self, index: int | None) -> None:
        """Let one cluster stand out in picture, cloud and palette, or none."""
        if index != self.state.picked:
            self.state.picked = index
            self.events.emit("picked")

    # Undo

    def undo(self) -> None:
        """Go back to before the last change (a slider's whole way is one), in all textures it was made in."""
        self._settle_histories()
        self._go(lambda history: history.last, History.undo)

    def redo(self) -> None:
        """Take the last undo back; there is none after another change."""
        self._settle_histories()
        self._go(lambda history: history.next, History.redo)

    def _go(self, number_of: Callable[[History], int | None], go: Callable[[History], Look]) -> None:
        number = number_of(self.state.history)
        if number is not None:
            if self.watching.is_on:
                self.watching.stop(keeps=True)
            states = [state for state in self._chosen_states() if number_of(state.history) == number]
            self._show(states, [go(state.history) for state in states])
            self.events.emit("history")

    def _settle_histories(self) -> None:
        self._steps += 1
        settled = [state.history.settle(self._steps) for state in self._chosen_states()]
        if any(settled):
            self.events.emit("history")

    def settle(self) -> None:
        """Compute the exact result, and make what was changed one step of undo: the user's hand rests."""
        if self.bench.may_settle() and not self.bench.seek():
            self._settle_histories()
            self.bench.reduce_exactly()


def _with_number(look: Look, values: Collection[str]) -> Look:
    """Return a look without its goal, if the number of colours was chosen by hand."""
    return replace(look, goal=None) if "colors" in values else look
