"""Reading images of more than 8 bits a channel with OpenImageIO.

Only red, green and blue (or grey) of the first subimage are reduced. Everything else in a file comes
through as it was: alpha, further channels and layers, subimages, types of channels, metadata, profiles.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rgbcloud.errors import ImageReadError
from rgbcloud.formats import split_suffix
from rgbcloud.images.file_colors import colors_of_attributes, colors_of_png, fitting_profile
from rgbcloud.images.image import MAX_PIXELS, ColorsTold, Image
from rgbcloud.images.oiio.oiio_files import error_of, opened_with_oiio, openimageio
from rgbcloud.images.oiio.oiio_specs import orientation_of, turned_upright
from rgbcloud.images.oiio.oiio_writing import OIIO
from rgbcloud.images.png.png_chunks import kept_chunks

if TYPE_CHECKING:
    from os import PathLike

    from rgbcloud.color.distance import StoredArray

_TYPES = {"uint8": "uint8", "uint16": "uint16", "half": "float16", "float": "float32"}


@dataclass(frozen=True, eq=False)
class OiioFile:
    """Where all of an image is that is not reduced: its `Image.extra`."""

    path: Path
    channels: tuple[int, ...]  # where red, green and blue (or grey) stand among the file's channels
    others: tuple[str, ...]  # the channels beside colour and alpha
    is_turned: bool  # whether it was turned upright
    premultiplied: bool  # whether the file holds colours multiplied with its alpha, if that is opacity
    other_values: StoredArray | None = None
    """(H, W, 3): the colours of the file as they are when alpha is taken for what it is not taken for now;
    None if they are the same."""
    spool: object = None  # keeps a temporary file, if it is one, as long as the image needs it


def read_with_oiio(
    path: str | PathLike[str], *, max_pixels: int = MAX_PIXELS, name: str | None = None, spool: object = None
) -> Image:
    """Read an image through OpenImageIO.

    Parameters
    ----------
    path : str or path-like
        OpenEXR, Radiance HDR, .tx, or a PNG or TIFF of 16 or 32 bits.
    max_pixels : int, default 2**28
        Images with more pixels are refused before they are decoded.
    name : str, optional
        What messages call it; left out, it is called by its path.
    spool : object
        See `OiioFile`.

    Returns
    -------
    Image
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
    source = opened_with_oiio(oiio, path, name)
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
        values = turned_upright(values, spec)
        alpha = None if alpha is None else turned_upright(alpha[..., np.newaxis], spec)[..., 0]
        if len(channels) == 1:
            values = np.repeat(values, 3, axis=2)
        elif len(channels) == 2:
            values = np.dstack([values, np.zeros_like(values[..., :1])])
        file_format = source.format_name()
        layers = spec.get_int_attribute("oiio:subimages", 1)
    finally:
        source.close()
    straight = bool(spec.get_int_attribute("oiio:UnassociatedAlpha"))
    premultiplied = alpha is not None and values.dtype.kind == "f" and not straight
    stored = values
    if alpha is not None and premultiplied:
        values = _divide_by_alpha(values, alpha)
    texels = values if alpha is None else np.dstack([values, _stored_alpha(alpha, values.dtype)])
    is_turned = orientation_of(spec) != 1
    others = tuple(
        str(channel)
        for place, channel in enumerate(spec.channelnames)
        if place not in (*channels, spec.alpha_channel)
    )
    extra = OiioFile(
        path, channels, others, is_turned, premultiplied, None if values is stored else stored, spool
    )
    notes = [] if layers == 1 else [f"of its {layers} parts or pages the first one is reduced"]
    raw = spec.getattribute("ICCProfile")
    profile = fitting_profile(None if raw is None else bytes(raw), notes, grey=len(channels) == 1)
    told = _colors_told(spec, path, str(values.dtype), profile, notes)
    size = path.stat().st_size
    return Image(texels, name, size, file_format, OIIO, told, profile, extra, tuple(notes))


def _colors_told(spec: Any, path: Path, dtype: str, profile: bytes | None, notes: list[str]) -> ColorsTold:
    """Return what a file says of its colours."""
    if split_suffix(path)[1].lower() != ".png":
        return colors_of_attributes(spec, dtype, profile, notes)
    with path.open("rb") as stream:
        return colors_of_png(kept_chunks(stream).chunks, profile, notes)


def _stored_alpha(alpha: npt.NDArray[np.float32], dtype: np.dtype[Any]) -> StoredArray:
    """Return alpha, which is in [0, 1], in the type of the colours; what is above 0 stays above 0."""
    if dtype.kind == "f":
        least = np.finfo(dtype).tiny
        return np.where((alpha > 0) & (alpha < least), least, alpha).astype(dtype)
    whole = np.iinfo(dtype).max
    levels = np.rint(np.nan_to_num(alpha).clip(0, 1).astype(np.float64) * whole)
    return np.maximum(levels, alpha > 0).astype(dtype)


def _color_channels(spec: Any) -> tuple[int, ...]:
    """Return where red, green and blue stand: of the main layer, else of the first; else grey, or two."""
    names = [str(name).lower() for name in spec.channelnames]
    for prefix in ("", *dict.fromkeys(f"{name.rpartition('.')[0]}." for name in names if "." in name)):
        for letters in (("r", "g", "b"), ("red", "green", "blue")):
            if all(f"{prefix}{letter}" in names for letter in letters):
                return tuple(names.index(f"{prefix}{letter}") for letter in letters)
    colors = [place for place in range(spec.nchannels) if place != spec.alpha_channel]
    return tuple(colors[:3]) if len(colors) != 2 or colors == [0, 1] else (colors[0],)


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
        msg = f"{name} is damaged or cut short ({error_of(source)})"
        raise ImageReadError(f"{msg}; export it again")
    return np.asarray(pixels)


def _divide_by_alpha(values: StoredArray, alpha: npt.NDArray[np.float32]) -> StoredArray:
    """Return colours without the alpha that they were multiplied with."""
    partial = (alpha > 0) & (alpha < 1)
    if partial.any():
        values = values.copy()
        with np.errstate(over="ignore", invalid="ignore"):
            values[partial] = values[partial] / alpha[partial, np.newaxis]
    return values
