"""Images of more than 8 bits a channel, through OpenImageIO: read with all they hold, written back alike.

Only red, green and blue (or grey) of the first subimage are reduced. Everything else in a file comes
through as it was: alpha, further channels and layers, subimages, types of channels, metadata, profiles.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from os import fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rgbcloud.color.spaces import is_linear, linear_to_srgb
from rgbcloud.errors import ImageReadError, MissingDependencyError
from rgbcloud.images.pillow_reading import MAX_PIXELS, SourceImage

if TYPE_CHECKING:
    from os import PathLike

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.color.distance import StoredArray

DEEP_FORMATS = {".exr": "EXR", ".hdr": "HDR", ".tx": "TX"}
"""What is always read and written through OpenImageIO: file name suffix to the name of the format.

PNG and TIFF are where they hold more than 8 bits.
"""

_TYPES = {"uint8": "uint8", "uint16": "uint16", "half": "float16", "float": "float32"}
_HALVES = np.arange(1 << 16, dtype=np.uint16).view(np.float16)


@dataclass(frozen=True, eq=False)
class DeepImage:
    """What of a deep image is reduced, and where the rest of it is.

    Attributes
    ----------
    values : ndarray of shape (H, W, 3), uint8, uint16, float16 or float32
        As they are stored, but for associated alpha, which colours are divided by. Grey stands three times.
    alpha : ndarray of shape (H, W), float32, or None
        In [0, 1].
    linear : bool
        Whether the file says, or its type means, that values are linear light.
    color_space : str
        What the file calls its colour space; empty if nothing.
    channels : tuple of int
        Where red, green and blue (or grey) stand among the file's channels.
    divided : bool
        Whether colours were divided by alpha.
    path : pathlib.Path
    file_size : int
    file_format : str
        OpenImageIO's name of the format, such as ``"openexr"``.
    name : str
        What messages call it.
    spool : object
        Keeps a temporary file, if it is one, as long as the image needs it.
    """

    values: StoredArray
    alpha: npt.NDArray[np.float32] | None
    linear: bool
    color_space: str
    channels: tuple[int, ...]
    divided: bool
    path: Path
    file_size: int
    file_format: str
    name: str
    spool: object = None

    @property
    def depth(self) -> str:
        """How values are stored: the name of a dtype."""
        return self.values.dtype.name

    @cached_property
    def finite(self) -> npt.NDArray[np.bool_]:
        """Which texels are numbers in all three channels: ndarray of shape (H, W), bool."""
        return np.asarray(np.isfinite(self.values).all(axis=2))

    def shown(self, *, linear: bool) -> SourceImage:
        """Return the image as a display shows it: in 8 bits of sRGB, what is brighter than white clipped.

        Texels that are no numbers are transparent.
        """
        pixels = to_srgb8(self.values, linear=linear)
        opacity = None
        if self.alpha is not None:
            opacity = np.rint(np.nan_to_num(self.alpha).clip(0, 1) * 255).astype(np.uint8)
            opacity = np.maximum(opacity, self.alpha > 0)
        if not self.finite.all():
            opacity = np.where(self.finite, np.uint8(255) if opacity is None else opacity, np.uint8(0))
        if opacity is not None:
            pixels = np.dstack([pixels, opacity])
        return SourceImage(pixels, None, self.file_format, self.name, self.file_size)


def to_srgb8(values: StoredArray, *, linear: bool) -> UInt8Array:
    """Return stored values in 8 bits of sRGB: of the same shape; what is no number is black."""
    if values.dtype == np.uint8 or values.dtype == np.uint16:
        whole = np.iinfo(values.dtype).max
        levels = np.arange(whole + 1) / whole
        codes = values.astype(np.intp)
    else:
        levels = np.nan_to_num(_HALVES.astype(np.float64), nan=0, posinf=1, neginf=0)
        with np.errstate(over="ignore"):  # brighter than the largest half: infinite, and shown white
            codes = values.astype(np.float16).view(np.uint16).astype(np.intp)
    encoded = linear_to_srgb(levels) if linear else levels
    table: UInt8Array = np.rint(encoded.clip(0, 1) * 255).astype(np.uint8)
    return np.asarray(table.take(codes))


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
        msg = "images of more than 8 bits need OpenImageIO: python -m pip install 'rgbcloud[deep]'"
        raise MissingDependencyError(msg) from error
    return OpenImageIO


def is_deep(path: str | PathLike[str]) -> bool:
    """Return whether a file, by its name, is always read through OpenImageIO."""
    return Path(path).suffix.lower() in DEEP_FORMATS


def read_deep(
    path: str | PathLike[str], *, max_pixels: int = MAX_PIXELS, name: str | None = None, spool: object = None
) -> DeepImage:
    """Read an image through OpenImageIO.

    Parameters
    ----------
    path : str or path-like
        OpenEXR, Radiance HDR, .tx, or a PNG or TIFF of 16 or 32 bits.
    max_pixels : int, default 2**28
        Images with more pixels are refused before they are decoded.
    name, spool
        See `DeepImage`; left out, it is called by its path.

    Returns
    -------
    DeepImage
        In memory are the channels that are reduced, and alpha.

    Raises
    ------
    ImageReadError
        If the file is missing, damaged, too large, or holds deep samples or no colour.
    MissingDependencyError
        If OpenImageIO is not installed.
    """
    oiio = openimageio()
    path = Path(path)
    name = str(path) if name is None else name
    if not path.is_file():
        raise ImageReadError(f"{name}: no such file; check the path")
    source = opened_deep(oiio, path, name)
    try:
        spec = source.spec()
        if spec.deep:
            raise ImageReadError(f"{name} holds several samples a pixel (deep data); flatten it first")
        if spec.width * spec.height > max_pixels:
            raise ImageReadError(
                f"{name} has {spec.width} x {spec.height} pixels, more than the limit of {max_pixels:,}; "
                "raise max_pixels if the file can be trusted"
            )
        channels = _color_channels(spec)
        dtype = _dtype(spec, channels, name)
        values, alpha = _colors_and_alpha(source, channels, dtype, name)
        if len(channels) == 1:
            values = np.repeat(values, 3, axis=2)
        file_format = source.format_name()
    finally:
        source.close()
    color_space = str(spec.get_string_attribute("oiio:ColorSpace"))
    straight = bool(spec.get_int_attribute("oiio:UnassociatedAlpha"))
    divided = alpha is not None and values.dtype.kind == "f" and not straight
    if alpha is not None and divided:
        values = _divided(values, alpha)
    return DeepImage(
        values,
        alpha,
        _is_linear(color_space, values.dtype),
        color_space,
        channels,
        divided,
        path,
        path.stat().st_size,
        file_format,
        name,
        spool,
    )


def one_line(message: object) -> str:
    """Return what OpenImageIO says in several lines as one."""
    return "; ".join(line.strip() for line in str(message).splitlines())


def is_texture(path: Path) -> bool:
    """Return whether a file was made by make_texture or maketx, whatever its name is."""
    oiio = openimageio()
    source = oiio.ImageInput.open(fspath(path))
    return source is not None and bool(source.spec().get_string_attribute("textureformat"))


def opened_deep(oiio: Any, path: Path, name: str) -> Any:
    """Return an open file whose colours are as they are stored, whatever its alpha is."""
    config = oiio.ImageSpec()
    config.attribute("oiio:UnassociatedAlpha", 1)
    source = oiio.ImageInput.open(fspath(path), config)
    if source is None:
        reason = one_line(oiio.geterror()).replace(fspath(path), name)
        msg = f"{name} is not an image that can be read ({reason}); export it again"
        raise ImageReadError(msg)
    return source


def _color_channels(spec: Any) -> tuple[int, ...]:
    """Return where red, green and blue stand: of the main layer, else of the first; else grey."""
    names = [str(name).lower() for name in spec.channelnames]
    for prefix in ("", *dict.fromkeys(f"{name.rpartition('.')[0]}." for name in names if "." in name)):
        for letters in (("r", "g", "b"), ("red", "green", "blue")):
            if all(f"{prefix}{letter}" in names for letter in letters):
                return tuple(names.index(f"{prefix}{letter}") for letter in letters)
    return (0, 1, 2) if spec.nchannels >= 3 and spec.alpha_channel not in (0, 1, 2) else (0,)


def _types(spec: Any, channels: tuple[int, ...]) -> set[str]:
    return {str(spec.channelformats[channel] if spec.channelformats else spec.format) for channel in channels}


def _dtype(spec: Any, channels: tuple[int, ...], name: str) -> str:
    """Return OpenImageIO's name of the type that the colour channels have."""
    types = _types(spec, channels)
    if len(types) != 1 or not types <= set(_TYPES):
        raise ImageReadError(
            f"{name} stores colours as {', '.join(sorted(types))}; "
            "convert it to 8 or 16 bits, half or float, the same in every channel"
        )
    return types.pop()


def _colors_and_alpha(
    source: Any, channels: tuple[int, ...], type_name: str, name: str
) -> tuple[StoredArray, npt.NDArray[np.float32] | None]:
    """Return the colour channels in their type, and alpha as numbers in [0, 1]."""
    spec = source.spec()
    alpha = spec.alpha_channel
    if alpha < 0:
        return _channels(source, channels, type_name, name), None
    if type_name in ("half", "float") and _types(spec, (alpha,)) == {type_name}:
        together = _channels(source, (*channels, alpha), type_name, name)
        return np.ascontiguousarray(together[..., :-1]), together[..., -1].astype(np.float32)
    colors = _channels(source, channels, type_name, name)
    return colors, _channels(source, (alpha,), "float", name)[..., 0]


def _channels(source: Any, channels: tuple[int, ...], type_name: str, name: str) -> StoredArray:
    """Return some channels: read at once where they are neighbours, because each time all are unpacked."""
    first, last = channels[0], channels[-1] + 1
    if channels != tuple(range(first, last)):
        return np.dstack([_channels(source, (channel,), type_name, name) for channel in channels])
    pixels = source.read_image(0, 0, first, last, type_name)
    if pixels is None:
        msg = f"{name} is damaged or cut short ({one_line(source.geterror())})"
        raise ImageReadError(f"{msg}; export it again")
    return np.asarray(pixels)


def _is_linear(color_space: str, dtype: np.dtype[Any]) -> bool:
    """Return whether values are linear light: as the file says, else if they are floating-point."""
    told = is_linear(color_space)
    return dtype.kind == "f" if told is None else told


def _divided(values: StoredArray, alpha: npt.NDArray[np.float32]) -> StoredArray:
    """Return colours without the alpha that they were multiplied with."""
    partial = (alpha > 0) & (alpha < 1)
    if partial.any():
        values = values.copy()
        with np.errstate(over="ignore", invalid="ignore"):
            values[partial] = values[partial] / alpha[partial, np.newaxis]
    return values
