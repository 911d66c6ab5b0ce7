"""Palettes as files that other programs open."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import numpy as np
from PIL import Image

from rgbcloud.errors import ImageWriteError
from rgbcloud.files import write_file

if TYPE_CHECKING:
    from os import PathLike

    from rgbcloud.palette import Palette

_SWATCH = 32  # pixels a side
_COLUMNS = 16


def save_palette(path: str | PathLike[str], palette: Palette, *, overwrite: bool = False) -> Path:
    """Write a palette as .hex, .gpl, .json or .png, as the suffix says.

    Parameters
    ----------
    path : str or path-like
        ``.hex``: six digits a line. ``.gpl``: a GIMP palette, version 2
        (https://developer.gimp.org/core/standards/gpl). ``.json``: colours, populations, shares, inertia.
        ``.png``: swatches of 32 x 32 pixels, 16 a row.
    palette : Palette
    overwrite : bool, default False
        Whether a file that is there may be replaced.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ImageWriteError
        If the suffix is another one or the file cannot be written.
    """
    target = Path(path)
    try:
        encode = _ENCODERS[target.suffix.lower()]
    except KeyError:
        msg = f"{target}: a palette is written as {', '.join(_ENCODERS)}, got {target.suffix!r}"
        raise ImageWriteError(msg) from None
    return write_file(target, encode(palette, target.stem), overwrite=overwrite)


def palette_dict(palette: Palette) -> dict[str, object]:
    """Return a palette as what its JSON file holds."""
    return {
        "colors": palette.to_hex(),
        "populations": palette.populations.tolist(),
        "shares": palette.shares.tolist(),
        "inertia": palette.inertia,
    }


def _hex(palette: Palette, _name: str) -> bytes:
    return "".join(f"{color[1:]}\n" for color in palette.to_hex()).encode("ascii")


def _gpl(palette: Palette, name: str) -> bytes:
    lines = ["GIMP Palette", f"Name: {name}", f"Columns: {min(len(palette), _COLUMNS)}", "#"]
    for (red, green, blue), color in zip(palette.colors, palette.to_hex()):
        lines.append(f"{red:3d} {green:3d} {blue:3d}\t{color}")
    return ("\n".join(lines) + "\n").encode()


def _json(palette: Palette, _name: str) -> bytes:
    return (json.dumps(palette_dict(palette), indent=2) + "\n").encode("ascii")


def _png(palette: Palette, _name: str) -> bytes:
    columns = min(len(palette), _COLUMNS)
    rows = -(-len(palette) // columns)
    swatches = np.zeros((rows * columns, 4), np.uint8)  # what is left of the last row is transparent
    swatches[: len(palette), :3] = palette.colors
    swatches[: len(palette), 3] = 255
    image = swatches.reshape(rows, columns, 4).repeat(_SWATCH, axis=0).repeat(_SWATCH, axis=1)
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return stream.getvalue()


_ENCODERS: dict[str, Callable[[Palette, str], bytes]] = {
    ".hex": _hex,
    ".gpl": _gpl,
    ".json": _json,
    ".png": _png,
}

SUFFIXES = tuple(_ENCODERS)
"""What a palette file's name may end with."""
