"""Reading an image by whatever reads it in full: Pillow, or OpenImageIO for more than 8 bits a channel."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Union

from rgbcloud.deep_images import DEEP_FORMATS, DeepImage, is_deep, read_deep
from rgbcloud.encoding import format_of
from rgbcloud.errors import ImageReadError, MissingDependencyError
from rgbcloud.images import MAX_PIXELS, Source, SourceImage, TooDeepError, read_image

AnyImage = Union[SourceImage, DeepImage]


def any_format_of(path: Path) -> str:
    """Return the format that a file name asks for, of 8-bit images or deep ones.

    Raises
    ------
    ImageWriteError
        If the suffix is none that can be written.
    """
    return DEEP_FORMATS.get(path.suffix.lower()) or format_of(path)


def read_any(source: Source, *, max_pixels: int = MAX_PIXELS) -> AnyImage:
    """Read an image file of any depth.

    Parameters
    ----------
    source : str, path-like or binary file
        A deep image must be a file on disk, because what is not reduced is read from it again.
    max_pixels : int, default 2**28
        See `read_image`.

    Raises
    ------
    ImageReadError
        If the file is missing, damaged, too large or no image.
    MissingDependencyError
        If it takes OpenImageIO to read, which is not installed.
    """
    path = Path(source) if isinstance(source, (str, PathLike)) else None
    if path is not None and is_deep(path) and path.is_file():
        return read_deep(path, max_pixels=max_pixels)
    try:
        return read_image(source, max_pixels=max_pixels)
    except TooDeepError:
        if path is None:
            raise
        return read_deep(path, max_pixels=max_pixels)
    except ImageReadError:
        # Pillow takes floating-point RGB in a TIFF for no image at all.
        if path is None or path.suffix.lower() not in (".tif", ".tiff") or not path.is_file():
            raise
        try:
            return read_deep(path, max_pixels=max_pixels)
        except (ImageReadError, MissingDependencyError):
            pass
        raise
