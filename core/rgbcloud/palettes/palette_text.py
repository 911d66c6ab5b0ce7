"""Palettes as text: GIMP .gpl, JASC .pal, hexadecimal .hex, .json; all with or without a byte-order mark.

Decoders return the colours as an array of shape (n, 3), uint8, and raise `PaletteReadError` with what is
wrong; whoever calls them puts the file's name in front. None has anything to tell.

References
----------
GIMP: https://developer.gimp.org/core/standards/gpl (version 2 of the format).
JASC: Paint Shop Pro's palette, a header of three lines (``JASC-PAL``, ``0100``, the number of colours).
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.color.distance import DistanceSpace
from rgbcloud.errors import InvalidArgumentError, PaletteReadError, quote
from rgbcloud.fields import check_value
from rgbcloud.palettes.palette import Palette, hex_to_colors
from rgbcloud.settings import MAX_COLORS, field_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rgbcloud.color.codes import UInt8Array

_GPL_MARK = b"GIMP Palette"
_JASC_MARK = b"JASC-PAL"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COLUMNS = 16
_TRIPLE = re.compile(r"\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})(?:\s.*)?", re.ASCII)
_COUNT = re.compile(r"\s*\d{1,9}\s*", re.ASCII)


def looks_like_gpl(data: bytes) -> bool:
    """Whether it begins with GIMP's mark."""
    return _without_mark(data).startswith(_GPL_MARK)


def looks_like_jasc(data: bytes) -> bool:
    """Whether it begins with Paint Shop Pro's mark."""
    return _without_mark(data).startswith(_JASC_MARK)


def looks_like_hex(data: bytes) -> bool:
    """Whether the first line that is not empty is six hexadecimal digits."""
    return re.match(rb"\s*#?[0-9a-fA-F]{6}\s", _without_mark(data[:1000]) + b"\n") is not None


def decode_hex(data: bytes, _notes: list[str]) -> UInt8Array:
    """Read six hexadecimal digits a line, with or without a leading ``#``."""
    return _from_hex(line.strip() for line in _text(data).splitlines() if line.strip())


def encode_hex(palette: Palette, _name: str) -> bytes:
    """Write six hexadecimal digits a line."""
    return "".join(f"{color[1:]}\n" for color in palette.to_hex()).encode("ascii")


def decode_gpl(data: bytes, _notes: list[str]) -> UInt8Array:
    """Read a GIMP palette of either version."""
    lines = _text(data).splitlines()[1:]
    fields = ("name:", "columns:", "channels:")
    return _triples(
        (number, line)
        for number, line in enumerate(lines, start=2)
        if line.strip() and not line.lstrip().startswith("#") and not line.lower().startswith(fields)
    )


def encode_gpl(palette: Palette, name: str) -> bytes:
    """Write a GIMP palette, version 2."""
    name = " ".join(name.split())  # a line of its own
    lines = [_GPL_MARK.decode(), f"Name: {name}", f"Columns: {min(len(palette), _COLUMNS)}", "#"]
    for (red, green, blue), color in zip(palette.colors, palette.to_hex()):
        lines.append(f"{red:3d} {green:3d} {blue:3d}\t{color}")
    return ("\n".join(lines) + "\n").encode()


def decode_jasc(data: bytes, _notes: list[str]) -> UInt8Array:
    """Read a palette of Paint Shop Pro; a fourth number, its alpha, is ignored."""
    lines = _text(data).splitlines()
    if len(lines) < 3:
        raise PaletteReadError("it is cut short: the third line must be the number of colours")
    if not _COUNT.fullmatch(lines[2]):
        raise PaletteReadError(f"its third line must be the number of colours, got {quote(lines[2].strip())}")
    count, rows = int(lines[2]), [(n, line) for n, line in enumerate(lines[3:], start=4) if line.strip()]
    if len(rows) < count:
        raise PaletteReadError(f"it is cut short: {len(rows)} of {count} colours are there")
    return _triples(iter(rows[:count]))


def encode_jasc(palette: Palette, _name: str) -> bytes:
    """Write a palette of Paint Shop Pro."""
    lines = [_JASC_MARK.decode(), "0100", str(len(palette))]
    lines += [f"{red} {green} {blue}" for red, green, blue in palette.colors]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def looks_like_json(data: bytes) -> bool:
    """Whether it begins as an object or a list."""
    return _without_mark(data[:1000]).lstrip()[:1] in (b"{", b"[")


def decode_json(data: bytes, _notes: list[str]) -> Palette:
    """Read what `encode_json` writes, or a mere list of ``"#rrggbb"``."""
    try:
        content = json.loads(_text(data))
    except (ValueError, RecursionError) as error:
        raise PaletteReadError(f"it is cut short or no JSON ({str(error)[:80]})") from error
    if isinstance(content, list):
        content = {"colors": content}
    colors = content.get("colors") if isinstance(content, dict) else None
    if not isinstance(colors, list) or not all(isinstance(color, str) for color in colors):
        raise PaletteReadError('it must hold "colors", a list of strings like "#ff8000"')
    if not 1 <= len(colors) <= MAX_COLORS:
        raise PaletteReadError(f"it holds {len(colors):,} colours, and a palette must have 1 to {MAX_COLORS}")
    try:
        return palette_of_dict(content)
    except InvalidArgumentError as error:
        raise PaletteReadError(str(error)) from error


def encode_json(palette: Palette, _name: str) -> bytes:
    """Write colours, populations, shares and inertia."""
    return (json.dumps(palette_dict(palette), indent=2) + "\n").encode("ascii")


def palette_dict(palette: Palette) -> dict[str, Any]:
    """Return a palette as what its JSON file holds; what it was found for, too, if that is known."""
    content: dict[str, Any] = {
        "colors": palette.to_hex(),
        "populations": palette.populations.tolist(),
        "shares": palette.shares.tolist(),
        "inertia": palette.inertia,
    }
    if palette.found is not None:
        values = palette.found.values.astype(np.float64).tolist()  # which holds all types exactly
        space = palette.found.space
        numbers = {field.name: getattr(space, field.name) for field in fields(space)}
        numbers["color_space"] = space.color_space.to_json()
        content["found"] = {**numbers, "values": values, "holds": palette.found.kind}
    return content


def palette_of_dict(content: dict[str, Any]) -> Palette:
    """Return the palette that `palette_dict` wrote.

    Raises
    ------
    InvalidArgumentError
        If something of it is missing, or no such thing.
    """
    from rgbcloud.color.color_names import color_space_from_json  # which takes a while

    try:
        colors = hex_to_colors(content["colors"])
        figures = content.get("populations"), float(content.get("inertia", 0.0))
        found = content.get("found")
        if found is None:
            return Palette(colors, *figures)
        found = dict(found)
        values, kind = found.pop("values"), found.pop("holds")
        color_space = color_space_from_json(found.pop("color_space"))
        space = DistanceSpace(color_space=color_space, **found)
        check_value(field_of("kind"), kind)
        check_value(field_of("space"), space.space)
        stored = np.array(values, np.float64).reshape(len(colors), 3).astype(space.dtype)
        palette = Palette.of_values(stored, space, kind, *figures)
    except InvalidArgumentError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        msg = f"a palette must be as a palette's JSON file has it ({quote(error)} was missing or wrong)"
        raise InvalidArgumentError(msg) from error
    return Palette(colors, palette.populations, palette.inertia, palette.found)


def _without_mark(data: bytes) -> bytes:
    """Return a text without its byte-order mark."""
    return data[len(_BYTE_ORDER_MARK) :] if data.startswith(_BYTE_ORDER_MARK) else data


def _text(data: bytes) -> str:
    try:
        return _without_mark(data).decode()
    except UnicodeDecodeError:
        return _without_mark(data).decode("latin-1")  # names of colours in old palettes


def _from_hex(colors: Iterable[str]) -> UInt8Array:
    try:
        return hex_to_colors(colors)
    except InvalidArgumentError as error:
        raise PaletteReadError(str(error)) from error


def _triples(lines: Iterable[tuple[int, str]]) -> UInt8Array:
    """Read lines of red, green, blue and whatever follows."""
    colors = []
    for number, line in lines:
        match = _TRIPLE.fullmatch(line)
        color = [int(value) for value in match.groups()] if match else [256]
        if max(color) > 255:
            msg = f"line {number} must be red, green and blue in 0..255, got {quote(line.strip())}"
            raise PaletteReadError(msg)
        colors.append(color)
    return np.array(colors, np.uint8).reshape(-1, 3)
