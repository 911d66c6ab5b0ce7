"""The state of Maya's user interface."""

from __future__ import annotations


class UserInterface:
    """Filled in by the commands of the UI family."""

    def __init__(self, batch: bool) -> None:
        self.batch = batch

    def mel_globals(self) -> dict[str, str]:
        """The variables in which Maya keeps the names of its own layouts; empty strings in batch."""
        return {
            "$gMainWindow": "" if self.batch else "MayaWindow",
            "$gShelfTopLevel": "" if self.batch else "ShelfLayout",
            "$gMainProgressBar": "" if self.batch else "mainProgressBar",
        }
