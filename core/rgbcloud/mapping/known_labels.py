"""The labels of millions of deep texels whose distinct values have theirs already.

Stored numbers are put into 256 levels a channel, as many values in each. Where all values that lie in a cell
of three levels have one label, a texel that falls into the cell has it, too: nothing is compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.mapping.cell_balls import upper_codes
from rgbcloud.threads import slices

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import IntArray, UInt8Array
    from rgbcloud.color.distance import StoredArray

_BITS = 8  # of a level
_CACHED = 1 << 15  # texels at a time
_SEEN = 1 << 16  # values that tell where levels begin, about
_MINUS_ZERO = 0x8000
_SEVERAL = 0xFFFF  # a cell's labels; of others one more than the label, so that memory of zeros knows none


class KnownLabels:
    """Tells the labels of texels by cells.

    Parameters
    ----------
    values : ndarray of shape (n, 3)
        Of more than 8 bits a channel, at least one.
    labels : ndarray of shape (n,), uint8
    """

    def __init__(self, values: StoredArray, labels: UInt8Array) -> None:
        codes = upper_codes(values)
        self._parts = [_levels(column) << _BITS * axis for axis, column in enumerate(codes.T)]
        if values.dtype.kind == "f":
            for part in self._parts:
                part[_MINUS_ZERO] = part[0]  # they are one value
        self._cells = np.zeros(1 << 3 * _BITS, np.uint16)
        cells, marks = self._cells_of(codes), labels.astype(np.uint16) + np.uint16(1)
        self._cells[cells] = marks
        self._cells[cells[self._cells.take(cells) != marks]] = _SEVERAL

    def labels(self, texels: StoredArray) -> tuple[UInt8Array, IntArray]:
        """Return the labels of texels, and which of them have another one, that has to be found.

        Parameters
        ----------
        texels : ndarray of shape (n, 3)
            All of them among the values.

        Returns
        -------
        labels : ndarray of shape (n,), uint8
        open : ndarray of shape (m,), int64
        """
        labels, several = np.empty(len(texels), np.uint8), np.empty(len(texels), bool)
        for block in slices(len(texels), _CACHED):
            marks = self._cells.take(self._cells_of(upper_codes(texels[block])))
            marks -= np.uint16(1)
            np.greater(marks, 0xFF, out=several[block])
            labels[block] = marks
        return labels, np.flatnonzero(several)

    def _cells_of(self, codes: npt.NDArray[np.uint16]) -> IntArray:
        cells = self._parts[0].take(codes[:, 0])
        cells |= self._parts[1].take(codes[:, 1])
        cells |= self._parts[2].take(codes[:, 2])
        return np.asarray(cells)


def _levels(codes: npt.NDArray[np.uint16]) -> IntArray:
    """Return the level of each code of 16 bits: ndarray of shape (65536,), int64."""
    below = np.bincount(codes[:: -(-len(codes) // _SEEN)], minlength=1 << 16).cumsum()
    return np.asarray((below - 1).clip(0) * (1 << _BITS) // below[-1], np.int64)
