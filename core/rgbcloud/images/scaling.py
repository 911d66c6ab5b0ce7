"""Fewer texels: each new one is the mean, or the majority, of those whose place it takes.

Pillow filters planes of 32-bit floats: with the box where sizes are divided by whole numbers, so that of
halved ones every texel is the plain mean of four, else with Hamming's window, which has no steps. Neither has
negative weights: nothing rings, nothing is brighter than what was there, flat parts stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, NamedTuple

import numpy as np
import PIL.Image

from rgbcloud.threads import do_in_parallel, slices

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.distance import StoredArray

_SHARE = 1 << 20  # texels that a thread takes on at a time


class Part(NamedTuple):
    """Some rows of the result, and of which block of rows of the source they are made."""

    # Both of the result:
    width: int
    rows: slice
    first: int  # the block's first row in the source
    heights: tuple[int, int]  # of source and result

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of these rows."""
        return self.width, self.rows.stop - self.rows.start

    def box(self, width: int) -> tuple[float, float, float, float]:
        """Return where the rows lie in a block so wide: left, top, right, bottom."""
        old, new = self.heights
        return 0, self.rows.start * old / new - self.first, width, self.rows.stop * old / new - self.first


def scale_texels(
    texels: StoredArray, size: tuple[int, int], shrink: Callable[[StoredArray, Part], StoredArray]
) -> StoredArray:
    """Return an image of another size, computed some rows at a time.

    Parameters
    ----------
    texels : ndarray of shape (H, W, n)
    size : tuple of int
        Width and height of the result, no larger.
    shrink : callable
        Returns one part of it, of the texels' dtype: of a block of rows, and of where in it the part lies.
    """
    old, new = texels.shape[0], size[1]
    result = np.empty((new, size[0], *texels.shape[2:]), texels.dtype)

    def work(rows: slice) -> None:
        more = -(-old // new)  # rows that the filter reaches beyond
        first, last = max(rows.start * old // new - more, 0), -(-rows.stop * old // new) + more
        result[rows] = shrink(texels[first:last], Part(size[0], rows, first, (old, new)))

    do_in_parallel(work, slices(new, max(1, _SHARE * new // (texels.shape[1] * old))))
    return result


def area_means(planes: npt.NDArray[Any], part: Part) -> npt.NDArray[np.float32]:
    """Return the mean around each new texel: of (h, w, n) numbers, float32 of shape (h', w', n)."""
    box = part.box(planes.shape[1])
    old, new = part.heights
    is_whole = old % new == planes.shape[1] % part.width == 0
    kernel = PIL.Image.Resampling.BOX if is_whole else PIL.Image.Resampling.HAMMING
    means = np.empty((*part.size[::-1], planes.shape[2]), np.float32)
    for place in range(planes.shape[2]):
        plane = PIL.Image.fromarray(np.ascontiguousarray(planes[..., place], np.float32))
        means[..., place] = np.asarray(plane.resize(part.size, kernel, box))
    return means


def mean_values(block: StoredArray, part: Part) -> StoredArray:
    """Return means of stored numbers, channel by channel, for `scale_texels`."""
    return as_stored(area_means(block, part), block.dtype)


def as_stored(numbers: npt.NDArray[Any], dtype: np.dtype[Any]) -> StoredArray:
    """Return numbers in a type, rounded and clipped to it."""
    if dtype.kind != "f":
        numbers = np.rint(numbers).clip(0, np.iinfo(dtype).max)
    with np.errstate(over="ignore"):
        return numbers.astype(dtype)


def majority(block: StoredArray, part: Part) -> StoredArray:
    """Return the values that most texels of each area have, by their middles, for `scale_texels`.

    Of several that equally many have, the one of the smallest bytes.
    """
    width, height = part.size
    old, new = part.heights
    rows = (2 * (np.arange(len(block)) + part.first) + 1) * new // (2 * old) - part.rows.start
    columns = (2 * np.arange(block.shape[1]) + 1) * width // (2 * block.shape[1])
    inside = (rows >= 0) & (rows < height)
    cells = rows[inside, np.newaxis] * width + columns
    texels = np.ascontiguousarray(block[inside]).reshape(-1, block.shape[2])
    values, labels = np.unique(_as_words(texels), return_inverse=True)
    pairs, votes = np.unique(cells.ravel() * len(values) + labels.ravel(), return_counts=True)
    places, winners = np.divmod(pairs, len(values))
    order = np.lexsort((winners, -votes, places))
    _, first = np.unique(places[order], return_index=True)
    found = values[winners[order[first]]]
    result: StoredArray = found.view(block.dtype).reshape(height, width, -1)[..., : block.shape[2]]
    return result


def enlarge_texels(texels: StoredArray, times: int) -> StoredArray:
    """Return texels of shape (H, W, ...) so many times as wide and as high, without a filter."""
    return texels if times == 1 else texels.repeat(times, axis=0).repeat(times, axis=1)


def _as_words(texels: StoredArray) -> npt.NDArray[Any]:
    """Return texels of shape (n, c) as one number each, or as bytes where there are too many for that."""
    bytes_each = texels.shape[1] * texels.itemsize
    whole = next((size for size in (4, 8) if bytes_each <= size), bytes_each)
    padded = np.zeros((len(texels), whole), np.uint8)
    padded[:, :bytes_each] = texels.view(np.uint8).reshape(len(texels), -1)
    words: npt.NDArray[Any] = padded.view(np.dtype(f"u{whole}" if whole <= 8 else f"V{whole}"))[:, 0]
    return words
