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


class TargetExistsError(ImageWriteError):
    """A file is there already that must not be replaced."""


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
        msg = f"{name} must be one of {', '.join(map(str, choices))}, got {quote(value)}"
        raise InvalidArgumentError(msg)


def reason_of(error: Exception) -> str:
    """Return why the system has refused something, as the end of a sentence has it."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def quote(value: object, most: int = 60) -> str:
    """Return how a value is quoted in a sentence: as Python writes it, cut where it is longer than `most`."""
    try:
        text = repr(value)
    except ValueError:  # an int of more digits than Python writes
        text = "a number of very many digits"
    return text if len(text) <= most else f"{text[:most]}…"


def printable(text: str) -> str:
    r"""Return a text on one line, and what a terminal would act on written out: file names may hold anything.

    Examples
    --------
    >>> print(printable("wood\n\x1b[2J.png"))
    wood\n\x1b[2J.png
    """
    return text if text.isprintable() else "".join(map(_escape, text))


def _escape(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a name that is not UTF-8 (PEP 383)
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
