"""Palettes of Microsoft's programs: RIFF .pal, which share their suffix with those of Paint Shop Pro.

References
----------
Microsoft, Multimedia Programming Interface and Data Specifications 1.0 (1991), "Palette File Format"; and
LOGPALETTE, https://learn.microsoft.com/windows/win32/api/wingdi/ns-wingdi-logpalette.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.errors import PaletteReadError

if TYPE_CHECKING:
    from rgbcloud.color.codes import UInt8Array

_MARK = b"RIFF"
_FORM = b"PAL "
_ENTRY = 4  # bytes: red, green, blue, flags


def looks_like_riff(data: bytes) -> bool:
    """Whether it begins as a RIFF file of the form of palettes."""
    return data.startswith(_MARK) and data[8:12] == _FORM


def decode_riff(data: bytes, _notes: list[str]) -> UInt8Array:
    """Read the first chunk of colours: ndarray of shape (n, 3), uint8.

    Raises
    ------
    PaletteReadError
        If there is none, or it is cut short.
    """
    position = 12
    while position + 8 <= len(data):
        kind, size = struct.unpack("<4sI", data[position : position + 8])
        body = data[position + 8 : position + 8 + size]
        if kind == b"data":
            return _entries(body)
        position += 8 + size + size % 2
    raise PaletteReadError("it is cut short: it has no chunk of colours")


def _entries(body: bytes) -> UInt8Array:
    count = struct.unpack("<H", body[2:4])[0] if len(body) >= 4 else 0
    entries = body[4 : 4 + _ENTRY * count]
    if not count or len(entries) < _ENTRY * count:
        raise PaletteReadError(f"it is cut short: {len(entries) // _ENTRY} of {count} colours are there")
    return np.frombuffer(entries, np.uint8).reshape(-1, _ENTRY)[:, :3]
