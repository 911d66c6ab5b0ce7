"""Structural similarity: how much of what is seen in an image is still there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rgbcloud.color.codes import as_rgb, check_texels
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.progress import Progress, silent
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    from rgbcloud.color.codes import UInt8Array

SSIM_WINDOW = 7
"""Texels a side of the window that SSIM compares."""
_OVERLAP = SSIM_WINDOW - 1
_ROWS, _COLUMNS = 64, 340  # windows looked at together: their sums stay in a core's cache

Int16Array = npt.NDArray[np.int16]
Int32Array = npt.NDArray[np.int32]


def ssim(before: npt.ArrayLike, after: npt.ArrayLike, *, progress: Progress = silent) -> float | None:
    """Return the mean structural similarity of two images, over their red, green and blue.

    Parameters
    ----------
    before, after : array_like of shape (H, W), (H, W, 3) or (H, W, 4), uint8
        Of equal height and width; alpha is not looked at.
    progress : Progress
        Told after every 64 rows.

    Returns
    -------
    float or None
        In [-1, 1], 1 for equal images; None if a side is shorter than the window of 7 texels.

    Raises
    ------
    InvalidArgumentError
        If the sizes differ, or the arrays are no images.

    Notes
    -----
    A uniform window, sample covariances, and the mean over all windows that lie within the image: what
    scikit-image's ``structural_similarity(before, after, channel_axis=2)`` computes. Window sums are
    exact integers; the quotient of each window is taken in float32, so that the mean is within 1e-6.

    References
    ----------
    Wang, Z., Bovik, A. C., Sheikh, H. R. and Simoncelli, E. P. (2004), Image quality assessment: from error
    visibility to structural similarity, IEEE Trans. Image Process. 13(4), doi:10.1109/TIP.2003.819861.
    """
    one, other = (check_texels(image) for image in (before, after))
    if one.shape[:2] != other.shape[:2]:
        sizes = " and ".join(f"{image.shape[1]} x {image.shape[0]}" for image in (one, other))
        raise InvalidArgumentError(f"images to compare must be of one size, got {sizes}")
    if one.ndim == other.ndim == 2:
        one, other = one[..., np.newaxis], other[..., np.newaxis]
    else:
        one, other = as_rgb(one)[..., :3], as_rgb(other)[..., :3]
    down, across, channels = one.shape[0] - _OVERLAP, one.shape[1] - _OVERLAP, one.shape[2]
    if min(down, across) < 1:
        return None

    def total(rows: slice) -> float:
        rows = slice(rows.start, rows.stop + _OVERLAP)
        tiles = (
            (rows, slice(columns.start, columns.stop + _OVERLAP)) for columns in slices(across, _COLUMNS)
        )
        return math.fsum(_sum_of_similarities(one[tile], other[tile]) for tile in tiles)

    totals, strips = [], slices(down, _ROWS)
    for part in in_parallel(total, strips):
        totals.append(part)
        progress(len(totals) / len(strips), "comparing structure")
    mean: float = math.fsum(totals) / (down * across * channels)
    return mean


def _sum_of_similarities(one: UInt8Array, other: UInt8Array) -> float:
    """Return the sum of the similarities of all windows of two images of shape (H, W, channels).

    Rows lie one behind the other, and channels side by side: sums over windows are sums of one flat array
    with itself, shifted. Windows that run on from one row into the next are left out at the end.
    """
    height, width, channels = one.shape
    row = width * channels
    a, b = (image.astype(np.int16, order="C").reshape(-1) for image in (one, other))
    off = b - a
    products, squares = (_wide(a * b), _wide(off * off))
    sum_a, sum_off = (_window_sums(part, row, channels).astype(np.int32) for part in (a, off))
    # n² times the covariance (twice), and times the sum of the variances: a² + b² = (b - a)² + 2 a b
    n = SSIM_WINDOW**2
    product, square = sum_a * (sum_a + sum_off), sum_off * sum_off
    covariance = 2 * (n * _window_sums(products, row, channels) - product)
    variances = n * _window_sums(squares, row, channels) - square + covariance
    product *= 2
    c1, c2 = np.float32((0.01 * 255) ** 2 * n**2), np.float32((0.03 * 255) ** 2 * n * (n - 1))
    similarity = np.empty((height - _OVERLAP) * row, np.float32)
    found = similarity[: len(product)]
    np.multiply(_plus(product, c1), _plus(covariance, c2), out=found)
    found /= _plus(product + square, c1)
    found /= _plus(variances, c2)
    windows = similarity.reshape(height - _OVERLAP, row)[:, : row - _OVERLAP * channels]
    return float(windows.sum())


def _wide(products: Int16Array) -> Int32Array:
    """Return products of levels, which fill 16 bits without a sign, as 32-bit integers."""
    return products.view(np.uint16).astype(np.int32)


def _plus(integers: Int32Array, constant: np.float32) -> npt.NDArray[np.float32]:
    numbers = integers.astype(np.float32)
    numbers += constant
    return numbers


def _window_sums(flat: npt.NDArray[Any], row: int, channels: int) -> npt.NDArray[Any]:
    """Return the sum of the window that begins at each number of a flat image, as far as windows go."""
    return _sums_of_seven(_sums_of_seven(flat, row), channels)


def _sums_of_seven(flat: npt.NDArray[Any], step: int) -> npt.NDArray[Any]:
    """Return the sum of each number and the six that follow it, a step from one to the next."""
    pairs = flat[:-step] + flat[step:]
    count = len(flat) - _OVERLAP * step
    sums: npt.NDArray[Any] = pairs[:count] + pairs[2 * step : 2 * step + count]
    sums += pairs[4 * step : 4 * step + count]
    sums += flat[_OVERLAP * step :]
    return sums
