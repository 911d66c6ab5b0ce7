"""Palettes as pictures: a sheet of swatches, or any image whose colours are to be taken."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from rgbcloud.color.codes import to_codes
from rgbcloud.errors import ImageReadError, MissingDependencyError, PaletteReadError
from rgbcloud.images.reading import read

if TYPE_CHECKING:
    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.palettes.palette import Palette

_SWATCH = 32  # pixels a side
_COLUMNS = 16


def encode_swatches(palette: Palette, _name: str) -> bytes:
    """Write a PNG of swatches, sixteen a row; what is left of the last row is transparent."""
    columns = min(len(palette), _COLUMNS)
    rows = -(-len(palette) // columns)
    swatches = np.zeros((rows * columns, 4), np.uint8)
    swatches[: len(palette), :3] = palette.colors
    swatches[: len(palette), 3] = 255
    image = swatches.reshape(rows, columns, 4).repeat(_SWATCH, axis=0).repeat(_SWATCH, axis=1)
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return stream.getvalue()


def decode_image(data: bytes, _notes: list[str]) -> UInt8Array:
    """Return the colours of an image.

    Of a sheet that `encode_swatches` wrote, every swatch; of an image with a palette, its entries in their
    order; of any other, the colours in the order in which they are met, left to right and down. Fully
    transparent ones are left out, and, but on our own sheets, repeated ones.
    """
    entries = _palette_entries(data)
    if entries is None:
        try:
            pixels = read(io.BytesIO(data)).to_display()
        except (ImageReadError, MissingDependencyError) as error:
            raise PaletteReadError(str(error).replace("the image", "it", 1)) from error
        sheet = _swatches(pixels)
        if sheet is not None:
            return sheet
        entries = pixels.reshape(-1, pixels.shape[2])
    if entries.shape[1] == 4:
        entries = entries[entries[:, 3] > 0]
    colors = np.ascontiguousarray(entries[:, :3])
    _, first = np.unique(to_codes(colors), return_index=True)
    return colors[np.sort(first)]


def _palette_entries(data: bytes) -> UInt8Array | None:
    """Return the RGBA entries of an image with a palette, None for other images."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.mode != "P":
                return None
            image.load()
            image.apply_transparency()  # to the entries
            entries = image.getpalette("RGBA")
            used = int(np.asarray(image).max()) + 1  # those after it only fill the palette up
    except Exception:  # noqa: BLE001 # Pillow raises anything; reading then says what is wrong
        return None
    return np.array(entries, np.uint8).reshape(-1, 4)[:used]


def _swatches(pixels: UInt8Array) -> UInt8Array | None:
    """Return the colours of one of our sheets, None if it is another picture."""
    height, width, channels = pixels.shape
    if height % _SWATCH or width % _SWATCH or width > _SWATCH * _COLUMNS or channels != 4:
        return None
    cells = pixels[::_SWATCH, ::_SWATCH]
    if not np.array_equal(cells.repeat(_SWATCH, axis=0).repeat(_SWATCH, axis=1), pixels):
        return None
    flat = cells.reshape(-1, 4)
    return flat[flat[:, 3] > 0][:, :3]
