"""Texels in memory to a palette and indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rgbcloud.images.image import Image
from rgbcloud.images.pillow.pillow_writing import PILLOW
from rgbcloud.mapping.mapping import dithers, map_texels
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.settings import Settings
from rgbcloud.textures.counts import Counts
from rgbcloud.textures.job import find_palette
from rgbcloud.textures.recipe import Recipe

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.counting.value_histogram import Histogram
    from rgbcloud.palettes.palette import Palette


class Quantized(NamedTuple):
    """An image's values, its palette, and the palette index of every texel."""

    histogram: Histogram
    palette: Palette
    indices: UInt8Array  # (H, W)


def quantize(
    texels: npt.ArrayLike,
    settings: Settings | int,
    *,
    palette: Palette | None = None,
    mask: UInt8Array | None = None,
    progress: Progress = silent,
) -> Quantized:
    """Count the colours of texels, cluster them, and give every texel its palette colour.

    Parameters
    ----------
    texels : array_like of shape (H, W), (H, W, 3) or (H, W, 4), uint8, uint16, float16 or float32
        Grey, RGB or RGBA, straight alpha. Integers are sRGB, floating-point numbers linear light, unless the
        settings say else.
    settings : Settings or int
        A number is that of the colours.
    palette : Palette, optional
        Takes these colours, in their order, instead of clustering.
    mask : ndarray of shape (H, W), uint8, optional
        How much each texel counts, times its alpha: 255 in full, 0 not at all.
    progress : Progress
        Told from time to time.

    Raises
    ------
    InvalidArgumentError
        If a value is out of range, or no palette is given and no texel counts.

    Examples
    --------
    >>> import numpy as np
    >>> checker = np.array([[[255, 0, 0], [0, 0, 0]], [[0, 0, 0], [255, 0, 0]]], np.uint8)
    >>> quantize(checker, 2).indices.tolist()
    [[1, 0], [0, 1]]
    """
    image = Image.of_array(texels, PILLOW)
    counts = Counts.of(image, mask, progress=portion(progress, 0.0, 0.4))
    recipe = Recipe(settings if isinstance(settings, Settings) else Settings(settings), palette)
    plan = find_palette(counts, recipe, progress=portion(progress, 0.4, 0.8))
    found, labels = plan.clustering
    histogram = counts.histogram
    if dithers(recipe.settings, plan.content, found.values) and mask is not None:
        histogram = Counts.of(image).histogram
    part = portion(progress, 0.8, 1.0)
    indices = map_texels(image, found.values, plan.content, recipe.settings, histogram, labels, progress=part)
    return Quantized(counts.histogram, found, indices)
