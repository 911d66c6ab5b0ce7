"""Palettes of Adobe's programs: .aco swatches, .act colour tables, .ase swatch exchange.

Decoders return the colours as an array of shape (n, 3), uint8, add what is to be told of them to notes, and
raise `PaletteReadError` with what is wrong; whoever calls them puts the file's name in front. CMYK, and the
greys of .aco, on whose direction readers disagree, are left out and told, or refused where there is nothing
else: without a profile their RGB would be a guess.

References
----------
Adobe Photoshop File Formats Specification (2019), "Additional File Formats": Color Swatches (.aco), Color
Table (.act), https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/.
Camera, C., ASE File Specification (Adobe has published none), https://carl.camera/default.aspx?id=109.
CIE 15:2018 for L*a*b*; Lindbloom, B. J., RGB/XYZ Matrices: sRGB adapted to D50 by Bradford's method, the
white of Adobe's L*a*b*, http://www.brucelindbloom.com/index.html?Eqn_RGB_XYZ_Matrix.html.
"""

from __future__ import annotations

import colorsys
import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.errors import PaletteReadError, quote
from rgbcloud.settings import MAX_COLORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.palettes.palette import Palette

ASE_MARK = b"ASEF"
ACT_SIZES = (768, 772)
"""Of full colour tables: those that content alone tells."""

_ACO_RGB, _ACO_HSB, _ACO_LAB = 0, 1, 7
_ACO_SPACES = {2: "CMYK", 8: "grey"}
_NO_RGB = "which has no certain RGB"
_ADVICE = "save the swatches as RGB"
_MOST_TOLD = 3
_ASE_COLOR = 0x0001
_ASE_VALUES = {b"RGB ": 3, b"LAB ": 3, b"GRAY": 1}
_D50 = (0.96422, 1.0, 0.82521)
_XYZ_TO_LINEAR = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)


class _Reader:
    """Big-endian values from the front of some bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def read(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def take(self, count: int) -> bytes:
        part = self._data[self._position : self._position + count]
        if len(part) < count:
            raise PaletteReadError(f"it is cut short: {len(self._data):,} bytes end within a swatch")
        self._position += count
        return part


def looks_like_aco(data: bytes) -> bool:
    """Whether the version is 1 or 2 and the length fits the first swatches."""
    if len(data) < 4:
        return False
    version, count = struct.unpack(">HH", data[:4])
    return version in (1, 2) and (count == 0 or data[4:5] == b"\0")


def decode_aco(data: bytes, notes: list[str]) -> UInt8Array:
    """Read Photoshop's swatches: the first section of either version holds all of them."""
    reader = _Reader(data)
    version, count = reader.read(">HH")
    swatches: list[UInt8Array | str] = []
    for _ in range(count):
        space, *values = reader.read(">5H")
        swatches.append(_aco_color(space, values))
        if version == 2:
            reader.read(">H")
            (length,) = reader.read(">H")
            reader.take(2 * length)
    return _known_colors(swatches, notes)


def encode_aco(palette: Palette, _name: str) -> bytes:
    """Write both versions one after the other, as Photoshop 7 and later do."""
    swatches = [struct.pack(">5H", _ACO_RGB, *(257 * int(v) for v in color), 0) for color in palette.colors]
    names = [_utf16(name) for name in palette.to_hex()]
    count = len(palette)
    parts = [struct.pack(">HH", 1, count), *swatches, struct.pack(">HH", 2, count)]
    for swatch, name in zip(swatches, names):
        parts += [swatch, struct.pack(">HH", 0, len(name) // 2), name]
    return b"".join(parts)


def decode_act(data: bytes, _notes: list[str]) -> UInt8Array:
    """Read a colour table: up to 256 colours of three bytes; after them may stand how many there are."""
    size = len(data)
    has_count = size % 3 == 1 and size > 4  # and which one is transparent: four bytes
    colors = np.frombuffer(data[: size - 4 if has_count else size - size % 3], np.uint8).reshape(-1, 3)
    if len(colors) > MAX_COLORS or size % 3 == 2:
        msg = f"a colour table has three bytes for each of up to {MAX_COLORS} colours, and 4 more at most"
        raise PaletteReadError(f"{msg}, got {size:,}")
    return colors[: struct.unpack(">H", data[-4:-2])[0]] if has_count else colors


def encode_act(palette: Palette, _name: str) -> bytes:
    """Write a colour table of 772 bytes: no transparent colour, unused entries 0."""
    table: bytes = palette.colors.tobytes().ljust(768, b"\0")
    return table + struct.pack(">HH", len(palette), 0xFFFF)


def decode_ase(data: bytes, notes: list[str]) -> UInt8Array:
    """Read Illustrator's, InDesign's and Photoshop's exchange of swatches; groups are read through."""
    reader = _Reader(data)
    reader.take(len(ASE_MARK))
    _major, _minor, blocks = reader.read(">HHI")
    swatches: list[UInt8Array | str] = []
    for _ in range(blocks):
        kind, length = reader.read(">HI")
        block = reader.take(length)
        if kind == _ASE_COLOR:
            swatches.append(_ase_color(_Reader(block), len(swatches) + 1))
    return _known_colors(swatches, notes)


def encode_ase(palette: Palette, _name: str) -> bytes:
    """Write global RGB swatches without a group."""
    parts = [ASE_MARK, struct.pack(">HHI", 1, 0, len(palette))]
    for color, name in zip(palette.colors, map(_utf16, palette.to_hex())):
        values = struct.pack(">4s3fH", b"RGB ", *(int(value) / 255 for value in color), 0)
        body = struct.pack(">H", len(name) // 2) + name + values
        parts += [struct.pack(">HI", _ASE_COLOR, len(body)), body]
    return b"".join(parts)


def _utf16(text: str) -> bytes:
    """Return a terminated string."""
    return text.encode("utf-16-be") + b"\0\0"


def _known_colors(swatches: Sequence[UInt8Array | str], notes: list[str]) -> UInt8Array:
    """Return the swatches that have an RGB, and tell of the others, of which the kind is given."""
    known = [swatch for swatch in swatches if not isinstance(swatch, str)]
    unknown = [(number, swatch) for number, swatch in enumerate(swatches, 1) if isinstance(swatch, str)]
    if unknown and not known:
        raise PaletteReadError(f"its swatches are {unknown[0][1]}, {_NO_RGB}; {_ADVICE}")
    for number, kind in unknown[:_MOST_TOLD]:
        notes.append(f"its swatch {number} is {kind}, {_NO_RGB}, and was left out; {_ADVICE}")
    if len(unknown) > _MOST_TOLD:
        notes.append(f"{len(unknown) - _MOST_TOLD} more of its swatches were left out like that")
    return np.array(known, np.uint8).reshape(-1, 3)


def _aco_color(space: int, values: list[int]) -> UInt8Array | str:
    if space == _ACO_RGB:
        return _round_to_codes(np.array(values[:3]) / 65535)
    if space == _ACO_HSB:
        hue, saturation, brightness, _ = values
        return _round_to_codes(
            np.array(colorsys.hsv_to_rgb(hue / 65536, saturation / 65535, brightness / 65535))
        )
    if space == _ACO_LAB:
        lightness, *opponents, _ = np.array(values, np.uint16).astype(np.int16).tolist()
        return _lab_to_srgb8(lightness / 100, *(value / 100 for value in opponents))
    return _ACO_SPACES.get(space, f"of colour space {space}")


def _ase_color(block: _Reader, number: int) -> UInt8Array | str:
    (length,) = block.read(">H")
    block.take(2 * length)
    model = block.take(4).upper()
    if model not in _ASE_VALUES:
        return quote(model.decode("latin-1").strip()).strip("'")
    values = block.read(f">{_ASE_VALUES[model]}f")
    if not np.isfinite(values).all():
        raise PaletteReadError(f"swatch {number} is damaged: its values are {values}")
    if model == b"LAB ":
        return _lab_to_srgb8(100 * values[0], values[1], values[2])
    return _round_to_codes(np.resize(np.array(values), 3))


def _lab_to_srgb8(lightness: float, a: float, b: float) -> UInt8Array:
    """Return the sRGB of L* in 0..100, a* and b*, clipped to what sRGB can show."""
    middle = (lightness + 16) / 116
    cubes = np.array([middle + a / 500, middle, middle - b / 200])
    xyz = _D50 * np.where(cubes > 6 / 29, cubes**3, (cubes - 4 / 29) * 3 * (6 / 29) ** 2)
    linear = (_XYZ_TO_LINEAR @ xyz).clip(0, 1)
    values: npt.NDArray[np.float64] = np.where(
        linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear
    )
    return _round_to_codes(values)


def _round_to_codes(values: npt.NDArray[np.float64]) -> UInt8Array:
    rounded: UInt8Array = np.rint(values.clip(0, 1) * 255).astype(np.uint8)
    return rounded
