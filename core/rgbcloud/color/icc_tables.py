"""ICC profiles of tables: colours by interpolation in a grid, and back by search.

The tables are read here rather than by littlecms, since Pillow hands its results out in 8 bits.

References
----------
ICC.1:2022, clauses 10.10 (lut8), 10.11 (lut16), 10.12 (lutAToB) and 6.3.4 (how the connection space is
encoded).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Callable

import numpy as np

from rgbcloud.color.icc_bytes import (
    DamagedProfileError,
    Profile,
    parse_curve,
    parse_profile,
    read_fixed,
    unsigned,
)
from rgbcloud.color.primaries import multiply_colors
from rgbcloud.color.transfer_curves import LinearCurve

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray

    Step = Callable[[FloatArray], FloatArray]

_PCS_WHITE = np.array([0.9642, 1.0, 0.8249])  # D50 as 7.2.16 has it
_OF_XYZ = 1 + 32767 / 32768  # what an encoded 1 stands for


def table_tag(profile: Profile) -> bytes | None:
    """Return the table that leads from colours to the connection space; None if the profile has none.

    The colorimetric one, then the perceptual one, as littlecms chooses them for relative colorimetry.
    """
    return profile.tags.get("A2B1") or profile.tags.get("A2B0")


@functools.lru_cache(maxsize=8)
def steps_to_xyz(profile: bytes) -> tuple[Step, ...]:
    """Return the steps from numbers in [0, 1] to CIE XYZ of white D50, each of arrays of shape (n, 3).

    Raises
    ------
    DamagedProfileError
        If the table is cut short, of another kind or not of three channels.
    """
    parts = parse_profile(profile)
    tag = table_tag(parts)
    if tag is None or len(tag) < 32:
        raise DamagedProfileError("is cut short")
    if (tag[8], tag[9]) != (3, 3):
        raise DamagedProfileError(f"has a table from {tag[8]} to {tag[9]} channels")
    kind = tag[:4]
    if kind not in _PARSERS or parts.connection not in ("XYZ ", "Lab "):
        raise DamagedProfileError("has a table of an unknown kind")
    if parts.connection == "XYZ ":
        return (*_PARSERS[kind](tag), lambda numbers: numbers * _OF_XYZ)
    # 16 bits of lut16 have 0xFF00 for L* = 100 (10.11), all others all bits.
    whole = 65535 / 65280 if kind == b"mft2" else 1.0
    return (*_PARSERS[kind](tag), lambda numbers: _lab_to_xyz(numbers * whole))


def _lab_to_xyz(encoded: FloatArray) -> FloatArray:
    """Return XYZ of encoded CIELAB (CIE 15:2018, 8.2.1)."""
    lightness = (encoded[:, 0] * 100 + 16) / 116
    a, b = encoded[:, 1] * 255 - 128, encoded[:, 2] * 255 - 128
    root = np.stack([lightness + a / 500, lightness, lightness - b / 200], axis=1)
    ratio = np.where(root > 6 / 29, root**3, (root - 4 / 29) * (108 / 841))
    return np.asarray(ratio * _PCS_WHITE)


def _parse_lut(tag: bytes) -> list[Step]:
    """Return the steps of lut8 and lut16: tables, a grid, tables."""
    if tag[:4] == b"mft2":
        entries, exits = (int(number) for number in unsigned(tag, 48, 2, ">u2"))
        start, dtype, whole = 52, ">u2", 65535
    else:
        entries, exits, start, dtype, whole = 256, 256, 48, "u1", 255
    size, width = tag[10], np.dtype(dtype).itemsize
    if min(entries, exits, size) < 2 or max(entries, exits) > 4096:
        raise DamagedProfileError("has a table of no size")
    steps: list[Step] = []
    numbers = unsigned(tag, start, 3 * entries, dtype) / whole
    steps.append(functools.partial(_through_tables, numbers.reshape(3, entries)))
    start += 3 * entries * width
    numbers = unsigned(tag, start, 3 * size**3, dtype) / whole
    steps.append(functools.partial(_through_grid, numbers.reshape(size, size, size, 3)))
    start += 3 * size**3 * width
    numbers = unsigned(tag, start, 3 * exits, dtype) / whole
    steps.append(functools.partial(_through_tables, numbers.reshape(3, exits)))
    return steps


def _parse_a_to_b(tag: bytes) -> list[Step]:
    """Return the steps of lutAToB: A curves, a grid, M curves, a matrix, B curves; only B must be there."""
    b_start, matrix, m_start, grid, a_start = (int(number) for number in unsigned(tag, 12, 5, ">u4"))
    steps: list[Step] = []
    if a_start and grid:
        steps += [_parse_curves(tag, a_start), _parse_grid(tag, grid)]
    if m_start and matrix:
        numbers = read_fixed(tag, matrix, 12)
        steps += [
            _parse_curves(tag, m_start),
            functools.partial(_through_matrix, numbers[:9].reshape(3, 3), numbers[9:]),
        ]
    if not b_start:
        raise DamagedProfileError("is cut short")
    return [*steps, _parse_curves(tag, b_start)]


def _parse_grid(tag: bytes, start: int) -> Step:
    sizes = tuple(int(number) for number in unsigned(tag, start, 3, "u1"))
    precision = int(unsigned(tag, start + 16, 1, "u1")[0])
    if min(sizes) < 2 or precision not in (1, 2):
        raise DamagedProfileError("has a table of no size")
    count = 3 * sizes[0] * sizes[1] * sizes[2]
    numbers = unsigned(tag, start + 20, count, "u1" if precision == 1 else ">u2")
    grid = (numbers / (255 if precision == 1 else 65535)).reshape(*sizes, 3)
    return functools.partial(_through_grid, grid)


def _parse_curves(tag: bytes, start: int) -> Step:
    """Return the step of three curves that follow each other, each from a multiple of four bytes on."""
    tables = []
    for _ in range(3):
        curve, length = parse_curve(tag, start)
        start += length + -length % 4
        samples = 2 if isinstance(curve, LinearCurve) else 4096
        tables.append(curve.to_light(np.linspace(0, 1, samples)))
    return functools.partial(_through_curves, tables)


def _through_curves(tables: list[FloatArray], numbers: FloatArray) -> FloatArray:
    result = np.empty(numbers.shape)
    for place, table in enumerate(tables):
        result[:, place] = np.interp(numbers[:, place], np.linspace(0, 1, len(table)), table)
    return result


def _through_tables(tables: FloatArray, numbers: FloatArray) -> FloatArray:
    return _through_curves(list(tables), numbers)


def _through_matrix(matrix: FloatArray, offset: FloatArray, numbers: FloatArray) -> FloatArray:
    return multiply_colors(matrix, numbers) + offset


def _through_grid(grid: FloatArray, numbers: FloatArray) -> FloatArray:
    """Return what lies between the eight corners of a cell of the grid, linearly in each channel."""
    last = np.array(grid.shape[:3]) - 1
    place = np.clip(np.nan_to_num(numbers), 0, 1) * last
    cell = np.minimum(place.astype(np.int64), last - 1)
    share = place - cell
    result = np.zeros(numbers.shape)
    for corner in np.ndindex(2, 2, 2):
        weight = np.where(corner, share, 1 - share).prod(axis=1)
        red, green, blue = (cell + corner).T
        result += weight[:, np.newaxis] * grid[red, green, blue]
    return result


_PARSERS: dict[bytes, Callable[[bytes], list[Step]]] = {
    b"mft1": _parse_lut,
    b"mft2": _parse_lut,
    b"mAB ": _parse_a_to_b,
}
