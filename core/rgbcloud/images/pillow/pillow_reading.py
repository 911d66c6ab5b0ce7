"""Reading image files of 8 bits a channel with Pillow: texels as a viewer shows them, and ICC profiles."""

from __future__ import annotations

import contextlib
import io
import os
import re
import threading
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Union

import numpy as np
import PIL.Image
from PIL import UnidentifiedImageError

from rgbcloud.errors import ImageReadError, reason_of
from rgbcloud.formats import ANIMATED
from rgbcloud.images.file_colors import colors_by_profile, colors_of_png, fitting_profile
from rgbcloud.images.image import MAX_PIXELS, Image
from rgbcloud.images.pillow.metadata import metadata_of
from rgbcloud.images.pillow.pillow_writing import PILLOW
from rgbcloud.images.png.png_chunks import Chunk, kept_chunks
from rgbcloud.images.png.png_rows import check_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rgbcloud.color.codes import UInt8Array

Source = Union[str, "PathLike[str]", BinaryIO]

_DIRECT_MODES = ("RGB", "RGBA")
_EIGHT_BIT_MODES = ("1", "L", "P", "RGBX", "YCbCr", "HSV")
_GREY_MODES = ("1", "L", "LA", "La")
_ORIENTATION = 0x0112  # of Exif
_SAMPLES_PER_PIXEL = 277  # of TIFF
_SIXTEEN_BITS = re.compile("16[BLNS]|I;16")  # in the names of what Pillow unpacks
_ALPHA_MODES = ("LA", "PA", "La", "RGBa")


class TooDeepError(ImageReadError):
    """An image has more than 8 bits a channel, or further channels, which Pillow would drop."""


class UnknownImageError(ImageReadError):
    """A file is no image that Pillow knows."""


def read_with_pillow(source: Source, *, max_pixels: int = MAX_PIXELS, all_frames: bool = False) -> Image:
    """Read an image file of 8 bits a channel.

    Parameters
    ----------
    source : str, path-like or binary file
        JPEG, PNG, TIFF, TGA, BMP, WebP, GIF or whatever else Pillow reads in 8 bits a channel; of several
        frames the first one.
    max_pixels : int, default 2**28
        Images with more pixels are refused before they are decoded.
    all_frames : bool, default False
        Whether all frames of a GIF, PNG or WebP are read, one below the other.

    Returns
    -------
    Image
        Turned as its EXIF orientation says. Grey, palette and 1-bit images become RGB, CMYK becomes sRGB
        through the file's own profile where it has one.

    Raises
    ------
    ImageReadError
        If the file is missing, empty, damaged, no image, too large, or has more than 8 bits a channel.

    Notes
    -----
    Pillow's own limit of pixels, which is one for the whole process, is lifted while the file is opened,
    because it is lower than a 16K texture.
    """
    name, file_size = _name_and_size(source)
    try:
        with _without_pillow_limit(), PIL.Image.open(_stream_of(source)) as image:
            _check(image, name, max_pixels)
            image.load()
            upright: PIL.Image.Image = image
            if is_turned := image.getexif().get(_ORIENTATION, 1) != 1:
                from PIL import ImageOps  # only turned images need it

                upright = ImageOps.exif_transpose(image)
            texels, profile, notes = _rgb_texels(upright)
            file_format = image.format or "unknown"
            frames = getattr(image, "n_frames", 1)
            chunks: tuple[Chunk, ...] = ()
            if file_format == "PNG":
                with _from_beginning(source) as stream:
                    check_rows(image, stream, name)
                    chunks, problems = kept_chunks(stream, upright=is_turned, name=name)
                notes += problems
                if profile is None:
                    chunks = tuple(chunk for chunk in chunks if chunk.kind != b"iCCP")
            kept = metadata_of(image, chunks, notes, is_turned=is_turned)
            film = None
            if all_frames and frames > 1 and file_format in ANIMATED:
                from rgbcloud.images.pillow.animation import film_of  # only animations need it

                film = film_of(image, name, max_pixels)._replace(metadata=kept)
    except ImageReadError:
        raise
    except UnidentifiedImageError as error:
        raise UnknownImageError(f"{name} is not an image that can be read; is its name right?") from error
    except Exception as error:
        raise ImageReadError(f"{name} is damaged or cut short ({error}); export it again") from error
    if frames > 1 and film is None:
        notes.append(f"of its {frames} frames or pages the first one was read")
    if file_format == "PNG":
        told = colors_of_png(chunks, profile, notes)
    else:
        told = colors_by_profile(profile, notes)
    if film is not None:
        from rgbcloud.images.pillow.animation import ANIMATION

        texels = film.texels
        film = film._replace(texels=texels[:0])  # which the image holds
        tall = Image(texels, name, file_size, file_format, ANIMATION, told, profile, film, tuple(notes))
        return replace(tall, frames=frames)
    return Image(texels, name, file_size, file_format, PILLOW, told, profile, kept, tuple(notes))


@contextlib.contextmanager
def _from_beginning(source: Source) -> Iterator[BinaryIO]:
    """Yield a source from its beginning."""
    if isinstance(source, (str, PathLike)):
        with Path(source).open("rb") as stream:
            yield stream
    else:
        source.seek(0)
        yield source


def _name_and_size(source: Source) -> tuple[str, int]:
    """Return what to call a source and its size in bytes; complain if there is nothing to open."""
    if not isinstance(source, (str, PathLike)):
        name = str(getattr(source, "name", "the image"))
        size = source.seek(0, io.SEEK_END)
        source.seek(0)
        if size == 0:
            raise ImageReadError(f"{name} is empty; export it again")
        return name, size
    path = Path(source)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ImageReadError(f"{path}: {reason_of(error)}; check the path") from error
    if path.is_dir():
        raise ImageReadError(f"{path} is a folder; name an image file")
    if size == 0:
        raise ImageReadError(f"{path} is empty; export it again")
    return str(path), size


def size_by_header(source: Source) -> tuple[int, int] | None:
    """Return the width and height that a file says it has, before it is turned upright, or None."""
    if isinstance(source, (str, PathLike)) and not os.path.isfile(source):  # noqa: PTH113 # names of no file
        return None
    try:
        with _from_beginning(source) as stream, _without_pillow_limit(), PIL.Image.open(stream) as image:
            return image.size
    except Exception:  # noqa: BLE001 # Pillow raises anything; reading then says what is wrong
        return None


def _stream_of(source: Source) -> str | BinaryIO:
    return fspath(source) if isinstance(source, (str, PathLike)) else source


def _check(image: PIL.Image.Image, name: str, max_pixels: int) -> None:
    """Complain about what must not, or cannot, be decoded."""
    width, height = image.size
    if width * height == 0:
        raise ImageReadError(f"{name} has no pixels ({width} x {height}); export it again")
    if width * height > max_pixels:
        raise ImageReadError(
            f"{name} has {width} x {height} pixels, more than the limit of {max_pixels:,}; "
            "raise max_pixels if the file can be trusted"
        )
    supported = image.mode in (*_DIRECT_MODES, *_EIGHT_BIT_MODES, *_ALPHA_MODES, "CMYK")
    if not supported or _is_deep(image):
        raise TooDeepError(
            f"{name} does not hold 8-bit RGB, grey or CMYK (its mode is {image.mode}); "
            "convert it to 8 bits a channel first"
        )
    channels = int(getattr(image, "tag_v2", {}).get(_SAMPLES_PER_PIXEL, 0))
    if channels > len(image.getbands()):
        raise TooDeepError(
            f"{name} holds {channels} channels, of which {len(image.getbands())} are of colour and alpha; "
            "leave out the others"
        )


def _is_deep(image: PIL.Image.Image) -> bool:
    """Return whether numbers of 16 bits are stored: Pillow calls such files RGB, too, and drops low bytes.

    Not so BGR;16, which are 5, 6 and 5 bits.
    """
    for tile in getattr(image, "tile", ()):
        arguments = tile[3] if isinstance(tile[3], tuple) else (tile[3],)
        if any(_SIXTEEN_BITS.search(str(argument)) for argument in arguments[:1]):
            return True
        if tile[0] == "ppm" and any(isinstance(number, int) and number > 255 for number in arguments):
            return True
    return False


def _rgb_texels(image: PIL.Image.Image) -> tuple[UInt8Array, bytes | None, list[str]]:
    """Return RGB or RGBA texels, the profile that describes them, and what to tell of it."""
    profile: bytes | None = image.info.get("icc_profile") or None
    notes: list[str] = []
    if image.mode == "CMYK":
        return np.asarray(_cmyk_to_srgb(image, profile, notes)), None, notes
    profile = fitting_profile(profile, notes, grey=image.mode in _GREY_MODES)
    if image.mode in _ALPHA_MODES or (image.mode != "RGBA" and "transparency" in image.info):
        image = image.convert("RGBA")
    elif image.mode not in _DIRECT_MODES:
        image = image.convert("RGB")
    return np.asarray(image), profile, notes


def _cmyk_to_srgb(image: PIL.Image.Image, profile: bytes | None, notes: list[str]) -> PIL.Image.Image:
    from PIL import ImageCms  # only CMYK needs it

    converted = None
    if profile is not None:
        try:
            converted = ImageCms.profileToProfile(
                image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            notes.append("its ICC profile is damaged or not one of CMYK; colours were converted without it")
    return converted or image.convert("RGB")


_pillow_limit = threading.RLock()


@contextlib.contextmanager
def _without_pillow_limit() -> Iterator[None]:
    with _pillow_limit:
        limit = PIL.Image.MAX_IMAGE_PIXELS
        PIL.Image.MAX_IMAGE_PIXELS = None
        try:
            yield
        finally:
            PIL.Image.MAX_IMAGE_PIXELS = limit
