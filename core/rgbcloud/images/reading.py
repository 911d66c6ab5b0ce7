"""Reading an image by whatever reads it in full: Pillow, or OpenImageIO for more than 8 bits a channel."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import stat
import weakref
from os import PathLike
from pathlib import Path
from typing import BinaryIO, Callable

from rgbcloud.errors import ImageReadError, MissingDependencyError, RgbcloudError, reason_of
from rgbcloud.formats import DEEP_FORMATS, split_suffix
from rgbcloud.images.image import MAX_PIXELS, Image
from rgbcloud.images.pillow.pillow_reading import Source, TooDeepError, UnknownImageError, read_with_pillow

_MOST_PIPED = 1 << 30  # bytes

# What the files begin with that can be deep.
_BEGINNINGS = {
    b"\x76\x2f\x31\x01": ".exr",
    b"#?": ".hdr",
    b"\x89PNG": ".png",
    b"II*\0": ".tif",
    b"MM\0*": ".tif",
    b"II+\0": ".tif",  # of more than 4 GB
    b"MM\0+": ".tif",
}


def read(source: Source, *, max_pixels: int = MAX_PIXELS, all_frames: bool = False) -> Image:
    """Read an image file of any depth.

    Parameters
    ----------
    source : str, path-like or binary file
        What is not reduced of a deep image is read again when it is written: of a binary file from a
        temporary copy, which goes with the image.
    max_pixels : int, default 2**28
        Images with more pixels are refused before they are decoded.
    all_frames : bool, default False
        Whether all frames of an animated GIF, PNG or WebP are read, one below the other.

    Returns
    -------
    Image
        Of several frames, pages or layers the first one; upright where Pillow reads it.

    Raises
    ------
    ImageReadError
        If the file is missing, damaged, too large or no image; if there is no room for a temporary copy.
    MissingDependencyError
        If it takes OpenImageIO to read, which is not installed.
    """
    deep: Callable[[], Image]
    if isinstance(source, (str, PathLike)):
        source = _path_or_pipe(Path(source))
    if isinstance(source, (str, PathLike)):
        path = Path(source)
        suffix = split_suffix(path)[1].lower()
        deep = functools.partial(_read_deep, path, max_pixels)
    else:
        suffix = _suffix_of(source)
        deep = functools.partial(_read_spooled, source, suffix, max_pixels)
    if suffix in DEEP_FORMATS and not (isinstance(source, Path) and source.is_dir()):
        return deep()
    try:
        return read_with_pillow(source, max_pixels=max_pixels, all_frames=all_frames)
    except TooDeepError:
        return deep()
    except UnknownImageError:
        # Pillow takes floating-point RGB in a TIFF for no image at all.
        if suffix not in (".tif", ".tiff") or _suffix_at(source) != ".tif":
            raise
        return deep()
    except ImageReadError as error:
        if suffix not in (".tif", ".tiff"):
            raise
        with contextlib.suppress(ImageReadError, MissingDependencyError):
            return deep()
        raise error from None


class PipedFile(io.BytesIO):
    """What came through a pipe, which cannot be rewound, as images have to be.

    Parameters
    ----------
    stream : binary file
        Read to its end.
    name : str
        What messages call it.

    Raises
    ------
    ImageReadError
        If there is more than 1 GB.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        data = stream.read(_MOST_PIPED + 1)
        if len(data) > _MOST_PIPED:
            msg = f"{name} goes on after {_MOST_PIPED >> 30} GB; save it as a file, and read that"
            raise ImageReadError(msg)
        super().__init__(data)
        self.name = name


def _path_or_pipe(path: Path) -> Path | PipedFile:
    """Return a path that can be read again and again, or what comes through the pipe that it names.

    Raises
    ------
    ImageReadError
        If there is no such file, or it must not be read.
    """
    try:
        if not path.is_dir():
            with path.open("rb") as stream:
                if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                    return PipedFile(stream, str(path))
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        advice = "allow reading it" if isinstance(error, PermissionError) else "check the path"
        raise ImageReadError(f"{path}: {reason_of(error)}; {advice}") from error
    return path


def _read_deep(path: Path, max_pixels: int, name: str | None = None, spool: object = None) -> Image:
    """Read an image with OpenImageIO, which raises anything where a file is damaged."""
    from rgbcloud.images.oiio.oiio_files import one_line
    from rgbcloud.images.oiio.oiio_reading import read_with_oiio  # only deep images need it

    try:
        return read_with_oiio(path, max_pixels=max_pixels, name=name, spool=spool)
    except RgbcloudError:
        raise
    except Exception as error:
        msg = f"{name or path} is damaged or cut short ({one_line(error)}); export it again"
        raise ImageReadError(msg) from error


def _suffix_of(stream: BinaryIO) -> str:
    """Return the suffix of files that begin like a stream; empty if it could be several or none."""
    stream.seek(0)
    beginning = stream.read(4)
    return next((suffix for magic, suffix in _BEGINNINGS.items() if beginning.startswith(magic)), "")


def _suffix_at(source: Source) -> str:
    """Return the suffix of files that begin like a source."""
    if not isinstance(source, (str, PathLike)):
        return _suffix_of(source)
    with Path(source).open("rb") as stream:
        return _suffix_of(stream)


def _read_spooled(stream: BinaryIO, suffix: str, max_pixels: int) -> Image:
    """Read a deep image from a file that a stream is written to, and that goes together with the image."""
    from rgbcloud.images.oiio.oiio_files import is_texture, openimageio  # only deep images need it

    name = str(getattr(stream, "name", "the image"))
    openimageio()  # without which it need not be written
    spool = _spooled(stream, suffix, name)
    if suffix == ".tif" and is_texture(spool.path):
        spool.path = spool.path.replace(spool.path.with_suffix(".tx"))
    return _read_deep(spool.path, max_pixels, name, spool)


def _spooled(stream: BinaryIO, suffix: str, name: str) -> _Spool:
    """Return a temporary file of what a stream holds, in the first folder that has room for it.

    Raises
    ------
    ImageReadError
        If none has.
    """
    from rgbcloud.images.temporary import scratch_folders  # only deep images need it

    usual, *others = scratch_folders()
    for folder in (usual, *others):
        try:
            return _Spool(stream, suffix, folder)
        except OSError as error:  # noqa: PERF203 (there are two at the most)
            problem = error
    msg = f"{name} does not fit into {usual} ({problem.strerror})"
    raise ImageReadError(f"{msg}; let TMPDIR name a folder with more room") from problem


class _Spool:
    """A temporary file of what a stream holds; it goes when nothing refers to this, or the process ends."""

    def __init__(self, stream: BinaryIO, suffix: str, parent: Path) -> None:
        import shutil
        import tempfile  # only streams need it

        folder = tempfile.mkdtemp(prefix="rgbcloud", dir=parent)
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.path = Path(folder, f"image{suffix}")
        stream.seek(0)
        with self.path.open("wb") as file:
            shutil.copyfileobj(stream, file)
