"""How much of a surface each texel of a texture shows, as images that `Recipe.mask` takes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import PIL.Image

from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images.files import write_file
from rgbcloud.images.reading import read
from rgbcloud.progress import Progress, portions, silent

if TYPE_CHECKING:
    from pathlib import Path

    from rgbcloud.surface.meshes import Surface
    from rgbcloud.textures.texture import Texture


def write_surface_masks(
    surface: Surface, texture: Texture, place: Path, *, overwrite: bool = False, progress: Progress = silent
) -> str:
    """Write how much each texel of a texture counts, by a surface that wears it.

    Parameters
    ----------
    surface : Surface
    texture : Texture
    place : Path
        The image to write; for a set, its pattern. Frames of one tile share one image.
    overwrite : bool, default False
    progress : Progress
        Told from time to time.

    Returns
    -------
    str
        As `Recipe.mask` has it; empty if all texels count alike: nothing is written then.

    Raises
    ------
    ImageReadError
        If a member cannot be read.
    InvalidArgumentError
        If no texel is on the surface.
    ImageWriteError
        If a mask cannot be written.
    """
    tiles = {member.tile for member in texture.members}
    targets = texture.rename_members(place) if len(tiles) > 1 else [place]
    masks = {}
    for member, target, part in zip(texture.members, targets, portions(progress, len(targets))):
        part(0.0, "weighing texels by the surface")
        masks[target] = surface.weights(read(member.path).size, member.tile)
    if not any(weights.any() for weights in masks.values()):
        raise InvalidArgumentError(f"{texture.name}: the surface shows none of it: its UVs lie elsewhere")
    if all((weights == weights[0, 0]).all() for weights in masks.values()):
        return ""
    for target, weights in masks.items():
        stream = io.BytesIO()
        PIL.Image.fromarray(weights).save(stream, "PNG")
        write_file(target, stream.getvalue(), overwrite=overwrite)
    return str(place)
