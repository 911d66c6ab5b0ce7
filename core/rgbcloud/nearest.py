"""The nearest of a few colours, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.pixels import to_codes
from rgbcloud.threads import SingleThreadedPools, in_parallel, slices

if TYPE_CHECKING:
    from rgbcloud.pixels import IntArray, UInt8Array

_SHARE = 1 << 16  # colours that a thread takes on at a time
_DISTANCES = 1 << 18  # computed at a time: 1 MB, so that they stay in the cache


def nearest(colors: UInt8Array, palette: UInt8Array) -> UInt8Array:
    """Return which palette colour is nearest to each colour, in squared Euclidean RGB distance.

    Parameters
    ----------
    colors : ndarray of shape (n, 3), uint8
    palette : ndarray of shape (k, 3), uint8
        1 to 256 colours.

    Returns
    -------
    ndarray of shape (n,), uint8
        Indices into `palette`. Of equally near colours the first by red, green, blue is taken, so that
        the order of a palette changes nothing about which colour a texel gets.

    Notes
    -----
    |x - p|² is smallest where |p|² - 2 x·p is. Both terms are integers below 2**24, which float32 holds
    exactly, so that a matrix product decides without rounding, on any processor and BLAS.
    """
    order = np.argsort(to_codes(palette), kind="stable").astype(np.uint8)
    weights = palette[order].astype(np.float32)
    # Rows: -2 r, -2 g, -2 b, |p|²; a colour gets a fourth coordinate of 1.
    projection = np.vstack([-2 * weights.T, (weights * weights).sum(axis=1)])
    rows = _DISTANCES // len(palette)
    result = np.empty(len(colors), np.uint8)

    def search(share: slice) -> None:
        for start in range(share.start, share.stop, rows):
            block = slice(start, min(start + rows, share.stop))
            homogeneous = np.ones((block.stop - start, 4), np.float32)
            homogeneous[:, :3] = colors[block]
            result[block] = order[(homogeneous @ projection).argmin(axis=1)]

    with SingleThreadedPools():
        for _ in in_parallel(search, slices(len(colors), _SHARE)):
            pass
    return result


def squared_distances(colors: UInt8Array, others: UInt8Array) -> IntArray:
    """Return the squared RGB distance of each colour to its counterpart, both of shape (n, 3)."""
    difference = colors.astype(np.int64)
    difference -= others
    squared: IntArray = np.einsum("nc,nc->n", difference, difference)
    return squared
