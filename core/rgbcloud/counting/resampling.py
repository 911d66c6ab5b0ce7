"""Fewer texels before anything is counted: colours as light, normals as directions, labels as they are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.counting.kind import Origin, content_of
from rgbcloud.counting.votes import histogram_of
from rgbcloud.images.scaling import area_means, as_stored, majority, mean_values, scale_texels

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.color.distance import DistanceSpace, StoredArray
    from rgbcloud.images.image import Image
    from rgbcloud.images.scaling import Part
    from rgbcloud.settings import Settings


def scaled_size(size: tuple[int, int], settings: Settings) -> tuple[int, int]:
    """Return the width and height that settings make of those of a texture.

    Examples
    --------
    >>> from rgbcloud import Settings
    >>> scaled_size((4096, 1025), Settings(max_size=2048)), scaled_size((64, 5), Settings(scale="1/4"))
    ((2048, 513), (16, 1))
    """
    width, height = size
    divisor = int(settings.scale.partition("/")[2] or 1)
    if divisor > 1:
        return max(1, width // divisor), max(1, height // divisor)
    longest, most = max(size), settings.max_size
    if not 0 < most < longest:
        return size
    return tuple(max(1, (2 * side * most + longest) // (2 * longest)) for side in size)  # type: ignore[return-value]


def resample(image: Image, settings: Settings, host: str = "") -> Image:
    """Return an image in the size that settings ask for.

    Parameters
    ----------
    image : Image
        Its alpha taken for what it is.
    settings : Settings
    host : str
        What the host that shows it calls its colour space.

    Returns
    -------
    Image
        Colours are means of linear light, weighted by opacity; normals are means of directions, of length 1
        again; labels are majorities of whole texels; all other numbers are their means. Texels that are no
        numbers do not count beside others.
    """
    size = scaled_size(image.size, settings)
    if size == image.size:
        return image
    origin = Origin(image.name, image.colors.space, image.colors.by, host)
    content = content_of(histogram_of(image), settings, origin)
    shrink = majority
    if content.kind != "labels":
        shrink = partial(_means, space=content.space, has_opacity=image.opacity is not None)
    return image.codec.with_texels(image, scale_texels(image.texels, size, shrink))


def resample_mask(mask: UInt8Array, size: tuple[int, int]) -> UInt8Array:
    """Return a mask of shape (H, W) in another size, of which 255 is still all."""
    return (
        mask if mask.shape == size[::-1] else scale_texels(mask[..., np.newaxis], size, mean_values)[..., 0]
    )


def _means(block: StoredArray, part: Part, space: DistanceSpace, *, has_opacity: bool) -> StoredArray:
    """Return the means of a block, for `scale_texels`."""
    values, alpha = block[..., :3], block[..., 3:]
    with np.errstate(invalid="ignore", over="ignore"):
        numbers = _to_numbers(values, space)
        means = area_means(numbers, part)
        weights = _weights(block, has_opacity=has_opacity)
        if (weights != 1).any():
            counted = np.where(weights > 0, numbers, 0) * weights
            whole = area_means(weights, part)
            np.divide(area_means(counted, part), whole, out=means, where=whole > 0)
        colors = _from_numbers(means.astype(np.float64), space, block.dtype)
        return (
            np.concatenate([colors, as_stored(area_means(alpha, part), block.dtype)], axis=2)
            if alpha.size
            else colors
        )


def _weights(block: StoredArray, *, has_opacity: bool) -> npt.NDArray[np.float32]:
    """Return how much texels count: (h, w, 1), 0 where they are no numbers."""
    weights = np.ones((*block.shape[:2], 1), np.float32)
    if has_opacity:
        whole = 1 if block.dtype.kind == "f" else np.iinfo(block.dtype).max
        weights = np.nan_to_num(block[..., 3:].astype(np.float32) / np.float32(whole), posinf=1).clip(0, 1)
    if block.dtype.kind == "f":
        weights = weights * np.isfinite(block[..., :3]).all(axis=2, keepdims=True)
    return weights


def _to_numbers(values: StoredArray, space: DistanceSpace) -> npt.NDArray[np.floating]:
    """Return numbers that may be averaged: light, directions, or what is stored."""
    if space.kind == "normal":
        return space.vectors(values)
    if space.kind == "data" or space.color_space.is_linear:
        return values.astype(np.float32)
    return space.color_space.to_linear_srgb(values)


def _from_numbers(means: FloatArray, space: DistanceSpace, dtype: np.dtype) -> StoredArray:
    if space.kind == "normal":
        return space.values(means.reshape(-1, 3)).reshape(means.shape)
    if space.kind == "data" or space.color_space.is_linear:
        return as_stored(means, dtype)
    whole = 1 if dtype.kind == "f" else np.iinfo(dtype).max
    return as_stored(space.color_space.from_linear_srgb(means) * whole, dtype)
