"""Which mask images are meant by the one that a user chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rgbcloud import RgbcloudError, Texture
from rgbcloud.textures import TILINGS

if TYPE_CHECKING:
    from pathlib import Path


def mask_for(texture: Texture, path: Path) -> str:
    """Return the mask of a texture as `Recipe.mask` has it.

    If the texture is a set, and the image one of a set that has a mask for each of its tiles or frames, it
    is the pattern of that set; else the image is laid on all of the texture's files.
    """
    for tiling in TILINGS if len(texture.members) > 1 else ():
        try:
            masks = Texture.of_tile(path, tiling)
            for member in texture.members:
                masks.member_like(member)
        except RgbcloudError:
            continue
        return masks.name
    return str(path)
