"""What the stand-in raises beside what Maya raises."""

from __future__ import annotations


class NotSimulatedError(NotImplementedError):
    """Maya can do this, the stand-in cannot: it refuses instead of pretending."""
