"""What can go wrong, in sentences that can be shown to a user as they stand.

Every message names its subject, what was expected, what was found and the way out. Whoever hosts the
core (command line, panel, Maya) catches `RgbcloudError` and shows its text; any other exception is a bug
and keeps its traceback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


class RgbcloudError(Exception):
    """Base of all errors that rgbcloud raises on purpose."""


class InvalidArgumentError(RgbcloudError, ValueError):
    """A value is outside of what a function accepts."""


class ImageReadError(RgbcloudError):
    """An image file is missing, damaged, too large or of a kind that cannot be read."""


class ImageWriteError(RgbcloudError):
    """A file cannot be written, or must not be."""


class LargerResultError(RgbcloudError):
    """A result would take more space than its source, and was not to be written then."""


class PaletteReadError(RgbcloudError):
    """A palette file is missing, damaged, of another format than its name, or of too few or many colours."""


class MissingDependencyError(RgbcloudError, ImportError):
    """An optional package is not installed."""


class CancelledError(RgbcloudError):
    """Raised from within a progress callback to stop the work; nothing is left half-written."""


def check_choice(name: str, value: object, choices: Collection[object]) -> None:
    """Raise `InvalidArgumentError` where the value of that name is none of some."""
    if value not in choices:
        msg = f"{name} must be one of {', '.join(map(str, choices))}, got {value!r}"
        raise InvalidArgumentError(msg)
