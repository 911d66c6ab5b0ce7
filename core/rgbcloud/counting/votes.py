"""Which texels of an image count, and how much: by alpha, by a mask, and only if they are numbers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import PIL.Image

from rgbcloud.color.color_space import SRGB
from rgbcloud.counting.histogram import OPAQUE, ColorHistogram
from rgbcloud.counting.value_histogram import count_values
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images.image import MAX_PIXELS, opacity8
from rgbcloud.images.pillow.pillow_reading import size_by_header
from rgbcloud.images.reading import read
from rgbcloud.progress import Progress, silent

if TYPE_CHECKING:
    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.counting.value_histogram import Histogram
    from rgbcloud.images.image import Image
    from rgbcloud.images.pillow.pillow_reading import Source


def read_mask(source: Source, image: Image, *, max_pixels: int = MAX_PIXELS) -> UInt8Array:
    """Read the mask of an image.

    Parameters
    ----------
    source : str, path-like or binary file
        An image of the same size and of any depth: white counts, black does not, grey in proportion. Colours
        are taken for their luma (ITU-R BT.601), numbers above 1 for 1.
    image : Image
        What it is to be laid on, in the size of its file; of an animation on each frame.
    max_pixels : int, default 2**28
        See `rgbcloud.read`.

    Returns
    -------
    ndarray of shape (H, W), uint8

    Raises
    ------
    ImageReadError
        If it cannot be read.
    InvalidArgumentError
        If it has another size.
    """
    size = _size_of_frame(image)
    told = size_by_header(source)
    if told is not None and sorted(told) != sorted(size):  # the file may be turned yet
        name = source if isinstance(source, (str, os.PathLike)) else getattr(source, "name", "the mask")
        raise _other_size(str(name), told, image)
    mask = read(source, max_pixels=max_pixels)
    if mask.size != size:
        raise _other_size(mask.name, mask.size, image)
    numbers = mask.to_display(SRGB)[..., :3]  # a mask's numbers are no light
    luma = np.asarray(PIL.Image.fromarray(np.ascontiguousarray(numbers)).convert("L"))
    return np.tile(luma, (image.frames, 1))


def _size_of_frame(image: Image) -> tuple[int, int]:
    width, height = image.full_size or image.size
    return width, height // image.frames


def _other_size(name: str, size: tuple[int, int], image: Image) -> InvalidArgumentError:
    sizes = [f"{width} x {height}" for width, height in (size, _size_of_frame(image))]
    return InvalidArgumentError(
        f"{name} has {sizes[0]} pixels, {image.name} has {sizes[1]}; a mask must be of the same size"
    )


def coverage_of(image: Image, mask: UInt8Array | None = None) -> UInt8Array | None:
    """Return how much each texel counts, in 1/255: (H, W), uint8; None if all count in full.

    Parameters
    ----------
    image : Image
        Alpha counts where it is opacity; texels that are no numbers do not.
    mask : ndarray of shape (H, W), uint8, optional
        Multiplied with alpha, rounded.

    Raises
    ------
    InvalidArgumentError
        If the mask has another size or type.
    """
    if mask is not None and (mask.shape != image.texels.shape[:2] or mask.dtype != np.uint8):
        shape = image.texels.shape[:2]
        msg = f"a mask must be uint8 of shape {shape}, got {mask.dtype} of shape {mask.shape}"
        raise InvalidArgumentError(msg)
    coverage = mask
    if image.opacity is not None:
        opacity = opacity8(image.opacity)
        coverage = opacity if mask is None else _product(opacity, mask)
    if image.finite is None:
        return coverage
    return np.where(image.finite, np.uint8(OPAQUE) if coverage is None else coverage, np.uint8(0))


def histogram_of(image: Image, mask: UInt8Array | None = None, *, progress: Progress = silent) -> Histogram:
    """Count the distinct values of an image, each texel by its alpha and a mask.

    Parameters
    ----------
    image, mask
        See `coverage_of`.
    progress : Progress
        Told from time to time.

    Returns
    -------
    ColorHistogram or ValueHistogram
        Of 8 bits a channel, or of more.
    """
    if image.depth == "uint8" and mask is None and image.opacity is not None:
        return ColorHistogram.from_array(image.texels, progress=progress)  # without a copy
    return count_values(image.values, coverage_of(image, mask), progress=progress)


def hidden_histogram(image: Image) -> Histogram | None:
    """Count the values under full transparency, which have no vote and stay; None if there are none."""
    if image.opacity is None or image.visible is None:
        return None
    hidden = ~image.visible if image.finite is None else ~image.visible & image.finite
    values = image.values[hidden]
    return count_values(values[np.newaxis]) if len(values) else None


def _product(opacity: UInt8Array, mask: UInt8Array) -> UInt8Array:
    return ((opacity.astype(np.uint16) * mask + OPAQUE // 2) // OPAQUE).astype(np.uint8)
