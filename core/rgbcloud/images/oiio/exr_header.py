"""Integer channels of OpenEXR files, where what writes them knows only floating-point ones.

References
----------
OpenEXR File Layout, https://openexr.com/en/latest/OpenEXRFileLayout.html: headers, and the attribute of the
type ``chlist``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_HEADERS = 8  # where they begin: after the magic number and the version
_UINT = (0).to_bytes(4, "little")  # a pixel type, of as many bytes as a float
_REST = 16  # bytes of a channel after its name: type, pLinear, sampling


def with_integer_channels(data: bytes, parts: Sequence[Collection[str]]) -> bytes:
    """Return an OpenEXR file some of whose float channels are said to be of 32-bit integers.

    `parts` names these channels, for every part of the file, whose compression must take floats for what they
    are: 32 bits.
    """
    file = bytearray(data)
    place = _HEADERS
    for names in parts:
        while file[place]:  # a header ends with an attribute of no name
            _, place = _text(file, place)
            kind, place = _text(file, place)
            size = int.from_bytes(file[place : place + 4], "little")
            place += 4
            if kind == b"chlist":
                _make_integers(file, place, {name.encode() for name in names})
            place += size
        place += 1
    return bytes(file)


def _make_integers(file: bytearray, place: int, names: Collection[bytes]) -> None:
    while file[place]:
        name, place = _text(file, place)
        if name in names:
            file[place : place + 4] = _UINT
        place += _REST


def _text(file: bytearray, place: int) -> tuple[bytes, int]:
    """Return the text that begins at a place, and the place after the null byte that ends it."""
    end = file.index(0, place)
    return bytes(file[place:end]), end + 1
