"""Pixels as numbers: one colour, one 24-bit code.

A colour's code is 0xRRGGBB. Codes sort, compare and index tables faster than triples, and their order
(by red, then green, then blue) is the order of all colours in this library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rgbcloud.errors import InvalidArgumentError
from rgbcloud.threads import slices

if TYPE_CHECKING:
    from collections.abc import Sequence

UInt8Array = npt.NDArray[np.uint8]
UInt32Array = npt.NDArray[np.uint32]
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

DEPTHS = ("uint8", "uint16", "float16", "float32")
"""How texels may be stored: names of dtypes."""
CODES = 1 << 24
"""How many colours there are in 8 bits a channel."""


def check_texels(pixels: npt.ArrayLike, depths: Sequence[str] = ("uint8",)) -> npt.NDArray[Any]:
    """Return `pixels` as an array if it is one that rgbcloud works on.

    Parameters
    ----------
    pixels : array_like of shape (H, W), (H, W, 3) or (H, W, 4)
        Grey, RGB or RGBA texels.
    depths : sequence of str
        Names of the dtypes that they may have.

    Returns
    -------
    ndarray of the same shape
        The same memory where `pixels` was an array already.

    Raises
    ------
    InvalidArgumentError
        If the shape or dtype is another one, or there is no texel in it.
    """
    array = np.asarray(pixels)
    if array.dtype.name not in depths:
        raise InvalidArgumentError(
            f"pixels must be {', '.join(depths)}, got {array.dtype}; "
            "scale and round them first, as in np.rint(pixels * 255).astype(np.uint8)"
        )
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))):
        msg = f"pixels must have the shape (H, W), (H, W, 3) or (H, W, 4), got {array.shape}"
        raise InvalidArgumentError(msg)
    if array.size == 0:
        raise InvalidArgumentError(f"an image must have at least one pixel, got the shape {array.shape}")
    return array


def row_blocks(pixels: UInt8Array, texels: int) -> list[slice]:
    """Cut an image into slices of whole rows of about `texels` texels, at least one row each."""
    height, width = pixels.shape[:2]
    return slices(height, max(1, texels // width))


def to_codes(colors: UInt8Array) -> UInt32Array:
    """Return the codes of colours.

    Parameters
    ----------
    colors : ndarray of shape (..., 3) or (..., 4), uint8
        RGB; a fourth channel is ignored.

    Returns
    -------
    ndarray of shape (...), uint32
        0xRRGGBB.
    """
    codes = np.empty(colors.shape[:-1], np.uint32)
    fill_codes(colors, codes)
    return codes


def fill_codes(colors: UInt8Array, codes: npt.NDArray[np.uint32] | npt.NDArray[np.int64]) -> None:
    """Write the codes of colours into `codes`, as `to_codes` returns them.

    Four bytes from a colour's red on, read as one big-endian number, hold its code and one byte that is
    shifted out: twice as fast as putting three channels together.
    """
    bytes_each = colors.shape[-1]
    flat = np.ascontiguousarray(colors).reshape(-1)
    target = codes.reshape(-1)
    if len(target) == 0:
        return
    whole = len(target) if bytes_each == 4 else len(target) - 1  # the last RGB is followed by no byte
    words = np.ndarray(whole, ">u4", flat, strides=(bytes_each,))
    np.right_shift(words, 8, out=target[:whole], casting="unsafe")
    if whole < len(target):
        red, green, blue = (int(channel) for channel in flat[-3:])
        target[-1] = red << 16 | green << 8 | blue


def to_colors(codes: npt.NDArray[np.integer[Any]]) -> UInt8Array:
    """Return the colours of codes: ndarray of shape (..., 3), uint8."""
    colors = np.empty((*codes.shape, 3), np.uint8)
    for channel, shift in enumerate((16, 8, 0)):
        colors[..., channel] = codes >> shift & 0xFF
    return colors


def as_rgb(pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return grey texels as RGB, and RGB(A) texels as they are, without a copy."""
    if pixels.ndim == 2:
        return np.broadcast_to(pixels[..., np.newaxis], (*pixels.shape, 3))
    return pixels


def weight_sums(groups: npt.NDArray[np.integer[Any]], weights: FloatArray, count: int) -> FloatArray:
    """Return the sum of the weights in each of `count` groups: ndarray of shape (count,), float64."""
    return np.bincount(groups, weights, count).astype(np.float64, copy=False)


def radix_order(keys: npt.NDArray[np.integer[Any]]) -> IntArray:
    """Return the order that sorts whole numbers of shape (n,), equal ones as they are.

    By 16 bits at a time, of as many as they differ in, for which numpy has a radix sort: some times as fast
    as to compare all bits, on any processor.
    """
    if len(keys) == 0:
        return np.empty(0, np.int64)
    apart = keys - keys.min()
    order: IntArray = np.argsort(apart.astype(np.uint16), kind="stable")
    for digit in range(1, -(-int(apart.max()).bit_length() // 16)):
        digits = (apart >> apart.dtype.type(16 * digit)).astype(np.uint16)
        order = order.take(np.argsort(digits.take(order), kind="stable"))
    return order


def run_starts(
    keys: npt.NDArray[np.integer[Any]], fine: npt.NDArray[np.integer[Any]] | None = None
) -> IntArray:
    """Return where runs of equal keys of shape (n,) begin, or of equal keys whose `fine` are equal, too."""
    first = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    if fine is not None:
        first[1:] |= fine[1:] != fine[:-1]
    return np.flatnonzero(first)


def distinct_rows(rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return each row of finite numbers once, ascending, as `numpy.unique` does, which loads `numpy.ma`."""
    ordered = rows[np.lexsort(rows.T[::-1])]
    is_first = np.ones(len(rows), bool)
    np.any(ordered[1:] != ordered[:-1], axis=1, out=is_first[1:])
    return ordered[is_first]
