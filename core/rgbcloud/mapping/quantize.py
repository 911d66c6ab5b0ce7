"""Texels in memory to a palette and indices: the heart of a reduction."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.clustering.cluster import clustered
from rgbcloud.color.codes import as_rgb, to_codes, to_colors, validated
from rgbcloud.color.distance import AnySpace, working_space
from rgbcloud.counting.histogram import ColorHistogram
from rgbcloud.counting.votes import masked
from rgbcloud.palettes.palette import Palette, index_table, look_up, measured, nearest_colors
from rgbcloud.progress import Progress, portion, silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.settings import EffortName


class Quantized(NamedTuple):
    """An image's colours, its palette, and the palette index of every texel."""

    histogram: ColorHistogram
    palette: Palette
    indices: UInt8Array  # (H, W)


def quantize(
    pixels: npt.ArrayLike,
    colors: int,
    *,
    seed: int = 0,
    effort: EffortName = "normal",
    locked: Sequence[str] = (),
    weight_power: float = 1.0,
    space: AnySpace = "srgb",
    palette: Palette | None = None,
    mask: UInt8Array | None = None,
    histogram: ColorHistogram | None = None,
    progress: Progress = silent,
) -> Quantized:
    """Count an image's colours, cluster them, and give every texel its nearest palette colour.

    The same as `ColorHistogram.from_array`, `cluster` and `Palette.remap` one after the other, without
    counting and searching twice.

    Parameters
    ----------
    pixels : array_like of shape (H, W), (H, W, 3) or (H, W, 4), uint8
        Grey, RGB or RGBA, sRGB, straight alpha.
    colors : int
        1 to 256.
    seed, effort, locked, weight_power, space
        See `cluster`.
    palette : Palette, optional
        Takes these colours, in their order, instead of clustering; `colors` and what follows it then say
        nothing.
    mask : ndarray of shape (H, W), uint8, optional
        How much each texel counts, times its alpha: 255 in full, 0 not at all.
    histogram : ColorHistogram, optional
        Of these very pixels and mask, if they have been counted already.
    progress : Progress
        Told from time to time.

    Returns
    -------
    Quantized

    Raises
    ------
    InvalidArgumentError
        If a value is out of range, or no palette is given and every texel is fully transparent or masked.
    """
    array = as_rgb(validated(pixels))
    space = working_space(space)
    voting = array if mask is None else masked(array, mask)
    if histogram is None:
        histogram = ColorHistogram.from_array(voting, progress=portion(progress, 0.0, 0.4))
        progress = portion(progress, 0.4, 1.0)
    if palette is None:
        palette, labels = clustered(
            histogram,
            colors,
            seed=seed,
            effort=effort,
            locked=locked,
            weight_power=weight_power,
            space=space,
            progress=portion(progress, 0.0, 0.7),
        )
    else:
        labels = nearest_colors(histogram.colors, palette.colors, space)
        palette = measured(palette.colors, histogram, labels)
    table = index_table(histogram.codes, labels)
    if voting.shape[2] == 4:
        # Texels without a vote are not in the histogram, but get an index, too.
        unseen = np.unique(to_codes(voting[voting[..., 3] == 0]))
        table[unseen] = nearest_colors(to_colors(unseen), palette.colors, space)
    indices = look_up(array, table, progress=portion(progress, 0.7, 1.0))
    return Quantized(histogram, palette, indices)
