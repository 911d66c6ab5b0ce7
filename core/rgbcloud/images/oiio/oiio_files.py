"""Opening files with OpenImageIO, which is optional."""

from __future__ import annotations

from os import fspath
from typing import TYPE_CHECKING, Any

from rgbcloud.errors import ImageReadError, MissingDependencyError

if TYPE_CHECKING:
    from pathlib import Path


def openimageio() -> Any:
    """Return the module OpenImageIO.

    Raises
    ------
    MissingDependencyError
        If it is not installed; the message holds the command that installs it.
    """
    try:
        import OpenImageIO
    except ImportError as error:
        msg = "images of more bits or channels need OpenImageIO: python -m pip install 'rgbcloud[deep]'"
        raise MissingDependencyError(msg) from error
    return OpenImageIO


def one_line(message: object) -> str:
    """Return what OpenImageIO says in several lines as one."""
    return "; ".join(line.strip() for line in str(message).splitlines())


def error_of(source: Any) -> str:
    """Return what OpenImageIO, or one of its objects, says went wrong, on one line."""
    try:
        return one_line(source.geterror())
    except UnicodeDecodeError:  # it quotes bytes of a damaged file
        return "what is wrong with it has no name in letters"


def is_texture(path: Path) -> bool:
    """Return whether a file was made by make_texture or maketx, whatever its name is."""
    oiio = openimageio()
    source = oiio.ImageInput.open(fspath(path))
    return source is not None and bool(source.spec().get_string_attribute("textureformat"))


def opened_with_oiio(oiio: Any, path: Path, name: str) -> Any:
    """Return an open file whose colours are as they are stored, whatever its alpha is."""
    config = oiio.ImageSpec()
    config.attribute("oiio:UnassociatedAlpha", 1)
    source = oiio.ImageInput.open(fspath(path), config)
    if source is None:
        reason = error_of(oiio).replace(fspath(path), name)
        raise ImageReadError(f"{name} is not an image that can be read ({reason}); export it again")
    return source
