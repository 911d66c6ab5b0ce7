"""The palette that the files of a set share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rgbcloud.errors import InvalidArgumentError, PaletteReadError
from rgbcloud.palettes.palette import Palette
from rgbcloud.palettes.palette_files import load_palette
from rgbcloud.textures.texture import Texture
from rgbcloud.textures.tokens import has_tokens

if TYPE_CHECKING:
    from os import PathLike


def load_shared_palette(path: str | PathLike[str]) -> Palette:
    """Return the palette of a file, or the one that the files of a set share.

    Parameters
    ----------
    path : str or path-like
        See `rgbcloud.load_palette`; or a pattern such as ``wood.k16.<UDIM>.png``. Of files without a table of
        colours each holds those that it needs: the palette is then all of these.

    Raises
    ------
    PaletteReadError
        If a file is no palette, or those of a set have more than 256 colours together.
    ImageReadError
        If no file matches the pattern.
    """
    if not has_tokens(path):
        return load_palette(path)
    palettes = [load_palette(file) for file in Texture.find(path).paths]
    if all(palette == palettes[0] for palette in palettes):
        return palettes[0]
    try:
        return Palette.from_hex(dict.fromkeys(code for each in palettes for code in each.to_hex()))
    except InvalidArgumentError as error:
        raise PaletteReadError(f"{path}: its files share no palette: {error}") from error
