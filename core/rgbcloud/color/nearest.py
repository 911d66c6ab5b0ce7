"""The nearest of a few colours, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rgbcloud.color.codes import to_codes
from rgbcloud.threads import SingleThreadedPools, do_in_parallel, slices

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, UInt8Array

_TABLE = 1 << 20  # bytes of distances computed at a time, so that they stay in the cache
_KEYS = 1 << 16  # computed at a time: they are passed over twice, from the nearest cache
_SHARE = 1 << 20  # distances or keys that are worth another thread
_CACHED = 1 << 15  # squares added up at a time
_FEW = 48  # centres, up to which keys take less time than distances


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
    order = np.argsort(to_codes(palette), kind="stable").astype(np.uint8)
    return order[nearest_centers(colors, palette[order].astype(np.float32))]


@SingleThreadedPools()
def nearest_centers(points: npt.NDArray[Any], centers: npt.NDArray[np.floating[Any]]) -> UInt8Array:
    """Return the nearest of a few centres to each point; of equally near ones the first.

    Parameters
    ----------
    points : ndarray of shape (n, 3)
    centers : ndarray of shape (k, 3), float32 or float64
        1 to 256 of them, in the precision that counts: coordinates are whole numbers below 2**11 for float32,
        as `DistanceSpace.coordinates` returns them for float64.

    Returns
    -------
    ndarray of shape (n,), uint8

    Notes
    -----
    |x - c|² is smallest where |c|² - 2 x·c is. All terms are integers below 2**24, which float32 holds
    exactly, or multiples of 2**-40 below 2**13, which float64 does, so that a matrix product decides without
    rounding, on any processor and BLAS. Of few centres the smallest of `key_projection`'s keys takes half the
    time.
    """
    by_keys = centers.dtype == np.float32 and len(centers) <= _FEW
    projection: npt.NDArray[np.floating[Any]]
    if by_keys:
        projection, most = key_projection(centers.astype(np.float64)), _KEYS
    else:
        projection = np.column_stack([-2 * centers, (centers * centers).sum(axis=1)])
        most = _TABLE // centers.itemsize
    rows = max(64, most // len(centers))
    labels = np.empty(len(points), np.uint8)

    def search(share: slice) -> None:
        # Made once: memory that is new each time takes as long as the product itself.
        homogeneous = np.ones((4, rows), projection.dtype)
        memory = np.empty(rows * len(centers), projection.dtype)
        for start in range(share.start, share.stop, rows):
            block = slice(start, min(start + rows, share.stop))
            some = homogeneous[:, : block.stop - start]
            for axis in range(3):  # numpy is slow at copying three numbers again and again
                some[axis] = points[block, axis]
            table = memory[: some.shape[1] * len(centers)]
            if by_keys:
                keys = np.matmul(projection, some, out=table.reshape(len(centers), -1))
                labels[block] = keys.min(axis=0).astype(np.int64)  # the lowest byte stays
            else:
                distances = np.matmul(some.T, projection.T, out=table.reshape(-1, len(centers)))
                labels[block] = distances.argmin(axis=1)

    do_in_parallel(search, slices(len(points), max(1, _SHARE // (rows * len(centers))) * rows))
    return labels


def key_projection(centers: FloatArray) -> FloatArray:
    """Return what homogeneous coordinates are multiplied by for keys: (..., k, 4), of centres (..., k, 3).

    A key is a squared distance, less the square of the point, times 256, plus the number of the centre: an
    integer below 2**33, so that the smallest key tells the nearest centre, and of equals the first.
    """
    projection = np.empty((*centers.shape[:-1], 4))
    np.multiply(centers, -512, out=projection[..., :3])
    projection[..., 3] = (centers**2).sum(axis=-1) * 256 + np.arange(centers.shape[-2])
    return projection


def squared_distances(
    points: npt.NDArray[Any], centers: npt.NDArray[Any], labels: npt.NDArray[np.integer[Any]]
) -> npt.NDArray[Any]:
    """Return the squared distance of each point to the centre of its label.

    Parameters
    ----------
    points : ndarray of shape (n, 3), uint8 or float64
    centers : ndarray of shape (k, 3)
        Of the same type.
    labels : ndarray of shape (n,), integers

    Returns
    -------
    ndarray of shape (n,), int32 or float64
    """
    dtype: Any = np.int32 if points.dtype == np.uint8 else np.float64
    columns = centers.astype(dtype).T
    squares = np.zeros(len(points), dtype)

    def add_up(block: slice) -> None:
        for axis, column in enumerate(columns):
            off = points[block, axis] - column.take(labels[block])
            off *= off
            squares[block] += off

    do_in_parallel(add_up, slices(len(points), _CACHED))
    return squares
