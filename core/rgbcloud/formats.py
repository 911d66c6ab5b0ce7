"""The formats that can be written, by the suffixes of file names."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud.errors import ImageWriteError

if TYPE_CHECKING:
    from os import PathLike

DEEP_FORMATS = {".exr": "EXR", ".hdr": "HDR", ".tx": "TX"}
"""What is always read and written through OpenImageIO. PNG and TIFF are where they hold more than 8 bits."""

FORMATS = {
    ".png": "PNG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".tga": "TGA",
    ".bmp": "BMP",
    ".gif": "GIF",
    ".webp": "WEBP",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    **DEEP_FORMATS,
}
"""What can be written: file name suffix to the name of the format."""


# What stands for a suffix without being one: a frame, a tile, or the token of one.
_IN_PLACE_OF_A_SUFFIX = re.compile(r"\.(-?\d+|[uUvV]?\d+_[uUvV]?\d+|[^.]*[<>#%][^.]*|_mapid_)", re.IGNORECASE)


def split_suffix(path: str | PathLike[str]) -> tuple[str, str]:
    """Return a file's name without the suffix of its format, and that suffix, which may be empty.

    Notes
    -----
    Frames and tiles may stand behind it, or for it: Maya reads ``name.ext.#`` and ``name.#``.

    Examples
    --------
    >>> split_suffix("wood.1001.png"), split_suffix("sea.png.0001"), split_suffix("sea.####")
    (('wood.1001', '.png'), ('sea.0001', '.png'), ('sea.####', ''))
    """
    name = os.path.basename(path) or Path(path).name  # noqa: PTH119 - of a hundred thousand names, a path is slow
    stem, places = name, ""
    while match := _IN_PLACE_OF_A_SUFFIX.fullmatch(_suffix(stem)):
        stem, places = stem[: -len(match[0])], match[0] + places
    suffix = _suffix(stem)
    if places and suffix.lower() not in FORMATS:
        return name, ""
    return stem[: len(stem) - len(suffix)] + places, suffix


def _suffix(name: str) -> str:
    """Return what `Path.suffix` does."""
    dot = name.rfind(".")
    return name[dot:] if 0 < dot < len(name) - 1 else ""


ANIMATED = ("GIF", "PNG", "WEBP")
"""The formats whose frames are read together."""

LONGEST_SIDES = {"WEBP": 16_383, "JPEG": 65_500, "GIF": 65_535, "TGA": 65_535}
"""Texels across or down that a format can hold, where that is few. Of JPEG it is what its library writes."""


def format_of(path: str | PathLike[str]) -> str:
    """Return the format that a file name asks for.

    Raises
    ------
    ImageWriteError
        If the suffix is none that can be written.
    """
    suffix = split_suffix(path)[1]
    try:
        return FORMATS[suffix.lower()]
    except KeyError:
        choices = " ".join(FORMATS)
        msg = f"{path}: cannot write a {suffix or 'nameless'} file; choose one of {choices}"
        raise ImageWriteError(msg) from None


def result_suffix(source: str | PathLike[str], wanted: str) -> str:
    """Return the suffix of a reduced file: EXR, HDR and .tx keep their own, others get the wanted one."""
    own = split_suffix(source)[1]
    return own if own.lower() in DEEP_FORMATS else wanted
