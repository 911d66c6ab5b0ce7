"""Palette indices as the scanlines of a PNG: packed into few bits, and filtered.

References
----------
Portable Network Graphics (PNG) Specification, Third Edition, https://www.w3.org/TR/png-3/: 7.2 (scanlines),
9 (filtering).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rgbcloud.color.codes import UInt8Array

FILTERS = 5
"""How many filter types there are: none, sub, up, average, Paeth."""


@dataclass(frozen=True, eq=False)
class Scanlines:
    """The scanlines of an indexed PNG, made when they are asked for.

    Parameters
    ----------
    indices : ndarray of shape (H, W), uint8
        Below ``2 ** depth``.
    depth : int
        1, 2, 4 or 8 bits a texel.
    filtered : bool
        Whether every row is filtered by the type that leaves the fewest bytes other than 0; otherwise none
        is filtered.
    """

    indices: UInt8Array
    depth: int
    filtered: bool = False

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.indices)

    @property
    def stride(self) -> int:
        """How many bytes a row takes, the one for its filter type included."""
        width: int = self.indices.shape[1]
        return 1 + -(-width * self.depth // 8)

    def rows(self, rows: slice) -> bytes:
        """Return the bytes of some rows."""
        packed_rows = pack_indices(self.indices[rows], self.depth)
        lines = np.zeros((len(packed_rows), self.stride), np.uint8)
        if self.filtered:
            lines[:, 0], lines[:, 1:] = _best_filtered(packed_rows, self._rows_above(rows, packed_rows))
        else:
            lines[:, 1:] = packed_rows
        return lines.tobytes()

    def rows_filtered_by(self, kinds: UInt8Array, rows: slice) -> UInt8Array:
        """Return some rows after filters of given types, one a row, without the bytes that tell the types."""
        packed_rows = pack_indices(self.indices[rows], self.depth)
        if not kinds.any():
            return packed_rows
        up = self._rows_above(rows, packed_rows)
        lines = np.empty_like(packed_rows)
        for kind in np.unique(kinds):
            chosen = kinds == kind
            lines[chosen] = _filter_rows(int(kind), packed_rows[chosen], up[chosen])
        return lines

    def _rows_above(self, rows: slice, packed_rows: UInt8Array) -> UInt8Array:
        """Return the row above each of some rows, packed; zeros above the first one of the image."""
        up = np.zeros_like(packed_rows)
        up[1:] = packed_rows[:-1]
        if rows.start > 0:
            up[0] = pack_indices(self.indices[rows.start - 1 : rows.start], self.depth)
        return up


def pack_indices(indices: UInt8Array, depth: int) -> UInt8Array:
    """Pack indices into bytes, the leftmost one in the highest bits; every row begins with a byte of its own.

    Parameters
    ----------
    indices : ndarray of shape (H, W), uint8
    depth : int
        1, 2, 4 or 8 bits an index.

    Returns
    -------
    ndarray of shape (H, ceil(W * depth / 8)), uint8
        The bits that are left over at a row's end are 0.
    """
    if depth == 8:
        return indices
    if depth == 1:
        return np.packbits(indices, axis=1)
    height, width = indices.shape
    in_a_byte = 8 // depth
    result = np.zeros((height, -(-width // in_a_byte)), np.uint8)
    for place in range(in_a_byte):
        column = indices[:, place::in_a_byte]
        result[:, : column.shape[1]] |= column << (8 - depth * (place + 1))
    return result


def _best_filtered(rows: UInt8Array, up: UInt8Array) -> tuple[UInt8Array, UInt8Array]:
    """Return for each row the filter type that leaves the fewest bytes other than 0, and the filtered row."""
    kinds = np.zeros(len(rows), np.uint8)
    best = rows.copy()
    fewest = np.count_nonzero(rows, axis=1)
    for kind in range(1, FILTERS):
        lines = _filter_rows(kind, rows, up)
        count = np.count_nonzero(lines, axis=1)
        better = count < fewest
        kinds[better], best[better], fewest[better] = kind, lines[better], count[better]
    return kinds, best


def _filter_rows(kind: int, rows: UInt8Array, up: UInt8Array) -> UInt8Array:
    """Return rows after one filter type; in indexed PNGs the left neighbour is one byte away (9.2)."""
    if kind == 0:
        return rows
    if kind == 2:
        return rows - up
    left = _moved_right(rows)
    if kind == 1:
        return rows - left
    if kind == 3:
        return rows - ((left.astype(np.uint16) + up) >> 1).astype(np.uint8)
    return rows - _paeth(left, up, _moved_right(up))


def _moved_right(rows: UInt8Array) -> UInt8Array:
    moved = np.zeros_like(rows)
    moved[:, 1:] = rows[:, :-1]
    return moved


def _paeth(left: UInt8Array, up: UInt8Array, corner: UInt8Array) -> UInt8Array:
    """Return the neighbour that is nearest to left + up - corner; of equal ones the first (9.4)."""
    from_left = np.abs(up.astype(np.int16) - corner)
    from_up = np.abs(left.astype(np.int16) - corner)
    from_corner = np.abs(left.astype(np.int16) + up - 2 * corner.astype(np.int16))
    vertical = np.where(from_up <= from_corner, up, corner)
    return np.where((from_left <= from_up) & (from_left <= from_corner), left, vertical)
