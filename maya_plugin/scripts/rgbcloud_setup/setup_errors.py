"""What can go wrong while installing, and how long work reports."""

from __future__ import annotations

from typing import Callable

Report = Callable[[float, str], object]
"""Told the fraction done, in [0, 1], and a message; cancels by raising `CancelledError`."""


class SetupError(Exception):
    """Something cannot be installed or removed. The text is for the user: what, why and the way out."""


class CancelledError(SetupError):
    """Raised from a `Report` to stop; nothing is left half-written."""


def silent(fraction: float, message: str) -> None:
    """Report to nobody."""


def reason(error: OSError) -> str:
    """Return what the system says about a file, without its path."""
    return (error.strerror or str(error)).lower()
