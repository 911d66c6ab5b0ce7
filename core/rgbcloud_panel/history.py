"""Undo: what the user has set and edited, now and before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rgbcloud import Settings
    from rgbcloud_panel.editing import EditedPalette
    from rgbcloud_panel.events import Events


@dataclass(frozen=True)
class Look:
    """What undo goes back to: the settings, and the palette if a hand has changed it."""

    settings: Settings
    edited: EditedPalette | None = None

    @property
    def fixed_settings(self) -> Settings:
        """Settings that lead to just these clusters and colours, where a hand has changed them."""
        if self.edited is None:
            return self.settings
        clusters = tuple(self.edited.clusters.to_hex())
        return replace(self.settings, colors=len(clusters), locked=clusters, recolored=self.edited.recolored)


class History:
    """The look that is shown, and those before it and after it.

    Changes that follow each other make one step once they are settled: a slider's whole way.

    Parameters
    ----------
    look : Look
    events : Events
        Told of ``"history"``.
    """

    def __init__(self, look: Look, events: Events) -> None:
        self.look = look
        self._events = events
        self._settled = look
        self._undo: list[Look] = []
        self._redo: list[Look] = []

    def restart(self) -> None:
        """Begin anew, with the settings as they are and no palette edited."""
        self.look = self._settled = replace(self.look, edited=None)
        self._undo, self._redo = [], []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._undo) or self.look != self._settled

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._redo)

    def settle(self) -> None:
        """Make what was changed a step of undo."""
        if self.look != self._settled:
            self._undo.append(self._settled)
            self._redo = []
            self._settled = self.look
            self._events.emit("history")

    def undone(self) -> Look | None:
        """Return the look before the last change, which is settled from now on; None if there is none."""
        self.settle()
        if not self._undo:
            return None
        self._redo.append(self.look)
        self._settled = self._undo.pop()
        return self._settled

    def redone(self) -> Look | None:
        """Return the look that was undone last, which is settled from now on; None if there is none."""
        if not self._redo:
            return None
        self._undo.append(self.look)
        self._settled = self._redo.pop()
        return self._settled
