"""Masks: which texels of a texture count. What no UV shell covers need not take palette colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from rgbcloud.color.codes import as_rgb
from rgbcloud.counting.histogram import OPAQUE
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images.pillow_reading import MAX_PIXELS, Source, SourceImage, read_image

if TYPE_CHECKING:
    from pathlib import Path

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.images.oiio_reading import DeepImage
    from rgbcloud.textures.texture import Member, Texture


def read_mask(source: Source, image: SourceImage | DeepImage, *, max_pixels: int = MAX_PIXELS) -> UInt8Array:
    """Read the mask of an image.

    Parameters
    ----------
    source : str, path-like or binary file
        An image of the same size: white counts, black does not, grey in proportion. Colours are taken for
        their luma (ITU-R BT.601).
    image : SourceImage or DeepImage
        What it is to be laid on.
    max_pixels : int, default 2**28
        See `read_image`.

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
    mask = read_image(source, max_pixels=max_pixels)
    texels = image.pixels if isinstance(image, SourceImage) else image.values
    sizes = [f"{pixels.shape[1]} x {pixels.shape[0]}" for pixels in (mask.pixels, texels)]
    if sizes[0] != sizes[1]:
        raise InvalidArgumentError(
            f"{mask.name} has {sizes[0]} pixels, {image.name} has {sizes[1]}; a mask must be of the same size"
        )
    return np.asarray(Image.fromarray(np.ascontiguousarray(mask.rgb)).convert("L"))


def masked(pixels: UInt8Array, mask: UInt8Array) -> UInt8Array:
    """Return the texels with the votes that a mask leaves them for their alpha.

    Parameters
    ----------
    pixels : ndarray of shape (H, W), (H, W, 3) or (H, W, 4), uint8
    mask : ndarray of shape (H, W), uint8

    Returns
    -------
    ndarray of shape (H, W, 4), uint8
        For counting only: alpha times mask, rounded.

    Raises
    ------
    InvalidArgumentError
        If the sizes differ.
    """
    array = as_rgb(pixels)
    if mask.shape != array.shape[:2] or mask.dtype != np.uint8:
        msg = f"a mask must be uint8 of shape {array.shape[:2]}, got {mask.dtype} of shape {mask.shape}"
        raise InvalidArgumentError(msg)
    voting = np.empty((*mask.shape, 4), np.uint8)
    voting[..., :3] = array[..., :3]
    if array.shape[2] == 4:
        voting[..., 3] = (array[..., 3].astype(np.uint16) * mask + OPAQUE // 2) // OPAQUE
    else:
        voting[..., 3] = mask
    return voting


def mask_of(member: Member, mask: Texture) -> Path:
    """Return the file that masks a member of a set: that of its tile and frame, or the only one there is.

    Raises
    ------
    InvalidArgumentError
        If the mask has none for it.
    """
    for candidate in mask.members:
        if len(mask.members) == 1 or candidate[2:] == member[2:]:
            return candidate.path
    raise InvalidArgumentError(
        f"{mask.name} has no mask for {member.path.name}; add it or leave the mask out"
    )
