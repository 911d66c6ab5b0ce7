"""The nearest of a few colours, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rgbcloud.color.codes import to_codes
from rgbcloud.threads import SingleThreadedPools, in_parallel, slices

if TYPE_CHECKING:
    from rgbcloud.color.codes import UInt8Array

Int32Array = npt.NDArray[np.int32]

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
    """
    return nearest_and_distance(colors, palette)[0]


def nearest_and_distance(colors: UInt8Array, palette: UInt8Array) -> tuple[UInt8Array, Int32Array]:
    """Return what `nearest` returns, and the squared distances: ndarray of shape (n,), int32.

    Notes
    -----
    |x - p|² is smallest where |p|² - 2 x·p is. Both terms are integers below 2**24, which float32 holds
    exactly, so that a matrix product decides without rounding, on any processor and BLAS.
    """
    order = np.argsort(to_codes(palette), kind="stable").astype(np.uint8)
    weights = palette[order].astype(np.float32)
    # Rows: -2 r, -2 g, -2 b, |p|²; a colour gets a fourth coordinate of 1.
    projection = np.vstack([-2 * weights.T, (weights * weights).sum(axis=1)])
    rows = max(64, _DISTANCES // len(palette))
    indices = np.empty(len(colors), np.uint8)
    distances = np.empty(len(colors), np.int32)

    def search(share: slice) -> None:
        for start in range(share.start, share.stop, rows):
            block = slice(start, min(start + rows, share.stop))
            homogeneous = np.ones((block.stop - start, 4), np.float32)
            homogeneous[:, :3] = colors[block]
            table = homogeneous @ projection
            found = table.argmin(axis=1)
            indices[block] = order[found]
            squares = np.einsum("nc,nc->n", homogeneous[:, :3], homogeneous[:, :3])
            distances[block] = squares + table[np.arange(len(found)), found]

    with SingleThreadedPools():
        for _ in in_parallel(search, slices(len(colors), _SHARE)):
            pass
    return indices, distances
