"""Undo: what the user has set and edited, now and before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from rgbcloud import Recipe

if TYPE_CHECKING:
    from rgbcloud import Goal, Settings
    from rgbcloud_panel.edits.editing import EditedPalette

_OF_CLUSTERING = frozenset(("colors", "seed", "effort", "weight_power", "locked"))
"""Settings that look for colours anew; all others leave an edited palette as it is."""


@dataclass(frozen=True)
class Look:
    """What undo goes back to."""

    settings: Settings
    """Where a palette was edited and others are looked for since, its locked and recoloured clusters are
    locked and recoloured here."""
    goal: Goal | None = None  # what the number of colours is chosen for; None: by hand
    edited: EditedPalette | None = None  # the palette, if a hand has changed or loaded it

    def recipe(self, mask: str = "") -> Recipe:
        """Return what the texture is reduced by once the number of colours is known."""
        if self.edited is None:
            return Recipe(self.settings, mask=mask)
        settings = replace(self.settings, recolored=self.edited.recolored)
        return Recipe(settings, self.edited.clusters, mask=mask)

    def goal_recipe(self, mask: str = "") -> Recipe:
        """Return what leads to the number of colours."""
        return Recipe(replace(self.settings, recolored=()), mask=mask, goal=self.goal)

    def changed(self, **values: Any) -> Look:
        """Return it with other settings.

        Where these look for colours anew, of an edited palette the locked and recoloured clusters stay.

        Raises
        ------
        InvalidArgumentError
            If a value is none of its field's, or a cluster cannot stay.
        """
        edited, settings = self.edited, self.settings
        if not values.keys().isdisjoint(_OF_CLUSTERING):
            if edited is not None:
                edited.check_can_cluster()
                values = {"locked": edited.kept, "recolored": edited.recolored, **values}
                edited = None
            locked = values.get("locked", settings.locked)
            pairs = values.get("recolored", settings.recolored)
            values = {**values, "recolored": tuple(pair for pair in pairs if pair[0] in locked)}
        return replace(self, settings=replace(settings, **values), edited=edited)

    @property
    def is_by_hand(self) -> bool:
        """Whether a hand has decided more than the settings."""
        return self.edited is not None or bool(self.settings.locked)


class _Step(NamedTuple):
    look: Look
    number: int


class History:
    """The look that is shown, and those before it and after it.

    Changes that follow each other make one step once `settle` is called: a slider's whole way.
    """

    def __init__(self, look: Look) -> None:
        self.look = look
        self._settled = look
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._undo) or self.look != self._settled

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._redo) and self.look == self._settled

    @property
    def last(self) -> int | None:
        """The number of the step that is undone next."""
        return self._undo[-1].number if self._undo else None

    @property
    def next(self) -> int | None:
        """The number of the step that is done again next; None if there is none."""
        return self._redo[-1].number if self._redo else None

    def settle(self, number: int) -> bool:
        """Make what was changed a step of undo, of a number, and return whether there was anything."""
        if self.look == self._settled:
            return False
        self._undo.append(_Step(self._settled, number))
        self._redo = []
        self._settled = self.look
        return True

    def undo(self) -> Look:
        """Return the look before the last step, which is settled from now on."""
        return self._go(self._undo, self._redo)

    def redo(self) -> Look:
        """Return the look that was undone last, which is settled from now on."""
        return self._go(self._redo, self._undo)

    def _go(self, steps: list[_Step], others: list[_Step]) -> Look:
        step = steps.pop()
        others.append(_Step(self._settled, step.number))
        self._settled = step.look
        return step.look
