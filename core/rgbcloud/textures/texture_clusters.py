"""Which texels of a texture are in which of its clusters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Optional

import numpy as np

from rgbcloud.counting.votes import histogram_of
from rgbcloud.mapping.mapping import map_texels
from rgbcloud.progress import Progress, portion, portions, silent
from rgbcloud.textures.counts import Limits, count, open_images
from rgbcloud.textures.differences import delta_e_map
from rgbcloud.textures.goals import palette_for
from rgbcloud.textures.job import find_palette

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.images.image import Image
    from rgbcloud.palettes.palette import Palette
    from rgbcloud.textures.recipe import Recipe
    from rgbcloud.textures.texture import Texture

Tile = Optional[tuple[int, int]]
"""u and v of a UDIM tile, from 0; None of what repeats."""


@dataclass(frozen=True, eq=False)
class ClusteredTexture:
    """A texture's palette, and its texels by cluster.

    Attributes
    ----------
    palette : Palette
    labels : dict of (int, int) or None to ndarray of shape (H, W), float64
        By UDIM tiles: the palette index that texels get, NaN where nothing is visible. Of frames, the first.
    errors : dict of (int, int) or None to ndarray of shape (H, W), float64
        Likewise: the CIEDE2000 of what texels become; empty unless asked for.
    """

    palette: Palette
    labels: dict[Tile, FloatArray]
    errors: dict[Tile, FloatArray]


def cluster_texture(
    texture: Texture,
    recipe: Recipe,
    *,
    with_errors: bool = False,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> ClusteredTexture:
    """Find the palette of a texture as reducing it does, and which texels get which of its colours.

    Parameters
    ----------
    texture : Texture
    recipe : Recipe
    with_errors : bool, default False
        Of a texture of colours.
    limits : Limits, optional
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`.

    Raises
    ------
    ImageReadError, InvalidArgumentError
        As `reduce_texture`.
    """
    limits = limits or Limits()
    counts = count(texture, recipe, limits=limits, progress=portion(progress, 0.0, 0.3))
    palette = recipe.palette
    if palette is None:
        palette = palette_for(counts, recipe, limits=limits, progress=portion(progress, 0.3, 0.6))
    fixed = replace(recipe, palette=palette, like=None, goal=None)
    plan = find_palette(counts, fixed)
    values = plan.clustering.palette.values
    written = plan.clustering.palette.recolor(fixed.settings.recolored).values
    labels: dict[Tile, FloatArray] = {}
    errors: dict[Tile, FloatArray] = {}
    for opened, part in zip(
        open_images(texture, fixed), portions(portion(progress, 0.6, 1.0), len(texture.members))
    ):
        tile = opened.member.tile if opened.member else None
        if tile in labels:
            continue
        image = opened.read(limits)
        counted = histogram_of(image)
        indices = map_texels(image, values, plan.content, fixed.settings, counted, None, progress=part)
        labels[tile] = visible_labels(image, indices)
        if with_errors:
            errors[tile] = delta_e_map(image, written[indices], plan.content.space).astype(np.float64)
    return ClusteredTexture(plan.clustering.palette, labels, errors)


def visible_labels(image: Image, indices: UInt8Array) -> FloatArray:
    """Return the palette index of each texel of an image: (H, W), float64, NaN where nothing is visible."""
    visible = True if image.visible is None else image.visible
    return np.where(visible, indices.astype(np.float64), np.nan)
