"""The formats that can be written, by the suffixes of file names."""

from __future__ import annotations

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


def format_of(path: str | PathLike[str]) -> str:
    """Return the format that a file name asks for.

    Raises
    ------
    ImageWriteError
        If the suffix is none that can be written.
    """
    suffix = Path(path).suffix
    try:
        return FORMATS[suffix.lower()]
    except KeyError:
        choices = " ".join(FORMATS)
        msg = f"{path}: cannot write a {suffix or 'nameless'} file; choose one of {choices}"
        raise ImageWriteError(msg) from None


def result_suffix(source: str | PathLike[str], wanted: str) -> str:
    """Return the suffix of a reduced file: EXR, HDR and .tx keep their own, others get the wanted one."""
    own = Path(source).suffix
    return own if own.lower() in DEEP_FORMATS else wanted
