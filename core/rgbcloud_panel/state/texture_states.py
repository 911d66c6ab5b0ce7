"""What the panel knows of all textures: each keeps what was made of it, some what was computed."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from rgbcloud import InvalidArgumentError
from rgbcloud_panel.edits.history import History, Look
from rgbcloud_panel.edits.kept_work import Work
from rgbcloud_panel.state.texture_state import TextureState
from rgbcloud_panel.work.background import Message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from rgbcloud_panel.host import PanelTexture

_BUDGET = 1 << 30  # bytes that are kept of textures which are not shown


class TextureStates:
    """States by textures, and by groups of them that share a palette.

    `first` is the look of textures that were not seen before.
    """

    def __init__(self, first: Look) -> None:
        self.first = first
        self._states: dict[tuple[str, ...], TextureState] = {}  # by keys; the one shown last stands last

    def of(self, refs: Sequence[PanelTexture]) -> TextureState:
        """Return what is known of a texture, or of several that share a palette."""
        keys = _keys(refs)
        if keys not in self._states:
            self._states[keys] = self._first_state(refs)
        return self._states[keys]

    def _first_state(self, refs: Sequence[PanelTexture]) -> TextureState:
        """Return the state of textures that were not seen yet: as they were left, if that is known."""
        work = refs[0].work if len(refs) == 1 else ""
        if not work:
            return TextureState(History(self.first))
        try:
            left = Work.of_text(work)
        except InvalidArgumentError as error:
            text = f"{refs[0].name}: what was made of it before cannot be taken up again: {error}"
            return TextureState(History(self.first), kept=work, greeting=Message(text, is_error=True))
        greeting = Message(f"{refs[0].name} is shown as it was left.")
        return TextureState(History(left.look), mask=left.mask, kept=left.to_text(), greeting=greeting)

    def work_on(self, ref: PanelTexture) -> str:
        """Return what was made of a texture, on its own or else with others; see `Work.to_text`."""
        own = self.of((ref,))
        shared = (
            Work(state.look, own.mask)
            for keys, state in reversed(list(self._states.items()))
            if ref.key in keys and len(keys) > 1
        )
        return next((text for text in (own.work.to_text(), *(work.to_text() for work in shared)) if text), "")

    def textures_to_keep(self, refs: Iterable[PanelTexture]) -> list[PanelTexture]:
        """Return the textures on which there is work that is not kept."""
        return [ref for ref in refs if self.work_on(ref) != self.of((ref,)).kept]

    def is_broken(self, ref: PanelTexture) -> bool:
        """Whether a texture could not be read; one that was not looked at yet is not broken."""
        return any(state.is_broken for keys, state in self._states.items() if keys == (ref.key,))

    def forget(self, keys: Collection[str]) -> None:
        """Give up all that is known of some textures."""
        self._states = {names: state for names, state in self._states.items() if not set(names) & set(keys)}

    def show(self, refs: Sequence[PanelTexture]) -> tuple[TextureState, bool]:
        """Return the state of what is shown from now on, and whether files and masks are those of before.

        What was computed of others is given up, and of those that were not shown for the longest time where
        it takes too much memory.
        """
        state, keys = self.of(refs), _keys(refs)
        files, masks = (
            [(ref.texture, *_stamps(ref.files)) for ref in refs],
            [self.of((ref,)).mask for ref in refs],
        )
        is_same = (state.files, state.masks) == (files, masks)
        if state.files != files:
            state.forget_computed()
            state.number, state.is_broken = 0, False
        elif not is_same:
            state.forget_colors()
        state.files, state.masks = files, masks
        self._states[keys] = self._states.pop(keys)
        total = 0
        for other in list(self._states.values())[-2::-1]:
            total += other.size
            if total > _BUDGET:
                other.forget_computed()
        return state, is_same


def _keys(refs: Sequence[PanelTexture]) -> tuple[str, ...]:
    return tuple(sorted(ref.key for ref in refs))


def _stamps(files: Iterable[Path]) -> list[object]:
    """Return when files were written, and their sizes."""
    stamps: list[object] = []
    for path in files:
        with contextlib.suppress(OSError):  # reading it tells why
            status = path.stat()
            stamps.append((path, status.st_mtime_ns, status.st_size))
    return stamps
