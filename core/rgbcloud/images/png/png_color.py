"""What the chunks of a PNG say of its colours, as numbers.

References
----------
Portable Network Graphics (PNG) Specification, Third Edition, https://www.w3.org/TR/png-3/: 11.3.2.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rgbcloud.images.png.png_chunks import Chunk

_LARGEST_PROFILE = 64 << 20  # bytes; real ones take up to some megabytes
_UNIT = 100_000  # gAMA and cHRM count in these parts


class Chromaticities(NamedTuple):
    """CIE xy of the white point and of the primaries."""

    white_x: float
    white_y: float
    red_x: float
    red_y: float
    green_x: float
    green_y: float
    blue_x: float
    blue_y: float


class CodePoints(NamedTuple):
    """Code points of ITU-T H.273, as cICP holds them."""

    primaries: int
    transfer: int
    matrix: int
    full_range: int


def gamma(chunks: Iterable[Chunk], notes: list[str]) -> float | None:
    """Return the exponent that gAMA tells (0.45455 for about 1 / 2.2), or None.

    This function and those below return None where there is no such chunk, and where it is damaged; they
    then append a sentence to `notes`.
    """
    data = _data(chunks, b"gAMA")
    if data is None:
        return None
    value = int.from_bytes(data, "big")
    if len(data) != 4 or not 0 < value < 1 << 31:
        _note_damage("gAMA", "a number above 0 in 4 bytes", data, notes)
        return None
    return value / _UNIT


def chromaticities(chunks: Iterable[Chunk], notes: list[str]) -> Chromaticities | None:
    """Return what cHRM tells, or None, as `gamma` does. A y of 0 counts as damaged: it is divided by."""
    data = _data(chunks, b"cHRM")
    if data is None:
        return None
    numbers = [int.from_bytes(data[place : place + 4], "big", signed=True) for place in range(0, 32, 4)]
    if len(data) != 32 or any(number == 0 for number in numbers[1::2]):
        _note_damage("cHRM", "eight numbers in 32 bytes, no y of 0", data, notes)
        return None
    return Chromaticities(*(number / _UNIT for number in numbers))


def code_points(chunks: Iterable[Chunk], notes: list[str]) -> CodePoints | None:
    """Return what cICP tells, or None, as `gamma` does."""
    data = _data(chunks, b"cICP")
    if data is None:
        return None
    if len(data) != 4 or data[3] > 1:
        _note_damage("cICP", "4 bytes, the last one 0 or 1", data, notes)
        return None
    return CodePoints(*data)


def rendering_intent(chunks: Iterable[Chunk], notes: list[str]) -> int | None:
    """Return the intent (0 to 3) that sRGB tells, or None, as `gamma` does."""
    data = _data(chunks, b"sRGB")
    if data is None:
        return None
    if len(data) != 1 or data[0] > 3:
        _note_damage("sRGB", "one byte, 0 to 3", data, notes)
        return None
    return data[0]


def icc_profile(chunks: Iterable[Chunk], notes: list[str]) -> bytes | None:
    """Return the ICC profile that iCCP holds, or None, as `gamma` does; at most 64 MB are unpacked."""
    data = _data(chunks, b"iCCP")
    if data is None:
        return None
    name, end, rest = data.partition(b"\0")
    inflater = zlib.decompressobj()
    try:
        profile = inflater.decompress(rest[1:], _LARGEST_PROFILE)
    except zlib.error:
        profile = b""
    if not 1 <= len(name) <= 79 or not end or rest[:1] != b"\0" or not inflater.eof or len(profile) < 128:
        _note_damage("iCCP", "a name and a compressed ICC profile", data, notes)
        return None
    return profile


def _data(chunks: Iterable[Chunk], kind: bytes) -> bytes | None:
    return next((chunk.data for chunk in chunks if chunk.kind == kind), None)


def _note_damage(kind: str, expected: str, data: bytes, notes: list[str]) -> None:
    shown = data[:8].hex(" ") + (" ..." if len(data) > 8 else "")
    notes.append(f"its {kind} chunk was ignored: expected {expected}, found {len(data)} bytes ({shown})")
