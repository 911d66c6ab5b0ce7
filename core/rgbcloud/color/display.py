"""Stored numbers as a display shows them, in 8 bits of sRGB, and back."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.color.codes import CODES, to_codes, to_colors
from rgbcloud.color.color_space import LINEAR_SRGB, SRGB
from rgbcloud.color.spaces import linear_to_srgb
from rgbcloud.threads import do_in_parallel, slices

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.color.color_space import ColorSpace

_SHARE = 1 << 16  # colours converted at a time
_MANY = 1 << 20  # 8-bit texels from which on it pays to convert each distinct colour once


def usual_color_space(dtype: str) -> ColorSpace:
    """Return what numbers of a dtype mostly are: floating-point ones linear Rec.709, integers sRGB."""
    return LINEAR_SRGB if dtype.startswith("float") else SRGB


def to_srgb8(values: npt.NDArray[Any], color_space: ColorSpace = SRGB) -> UInt8Array:
    """Return stored numbers as a display shows them, in 8 bits of sRGB.

    Parameters
    ----------
    values : ndarray of shape (..., 3), uint8, uint16, float16 or float32
        Integers stand for 0 … 1.
    color_space : ColorSpace
        What they are.

    Returns
    -------
    ndarray of the same shape, uint8
        What a display cannot show is clipped, what is no number is black.

    Raises
    ------
    InvalidArgumentError
        If the space holds no colour.
    """
    if values.dtype == np.uint8 and color_space == SRGB:
        return values
    if color_space.acts_per_channel:
        codes = values
        if values.dtype.kind == "f":
            with np.errstate(over="ignore"):  # brighter than the largest half: infinite, and shown white
                codes = values.astype(np.float16).view(np.uint16)
        return _table(color_space, values.dtype.kind == "f" or values.dtype.name).take(codes)
    colors = values.reshape(-1, 3)
    if values.dtype != np.uint8 or len(colors) < _MANY:
        return _convert_colors(colors, color_space).reshape(values.shape)
    codes = to_codes(colors)
    is_there = np.zeros(CODES, bool)
    is_there[codes] = True
    distinct = np.flatnonzero(is_there)
    shown = np.empty(CODES, np.uint32)
    shown[distinct] = to_codes(_convert_colors(to_colors(distinct), color_space))
    return to_colors(shown.take(codes)).reshape(values.shape)


def from_srgb8(colors: UInt8Array, color_space: ColorSpace, dtype: str) -> npt.NDArray[Any]:
    """Return 8-bit sRGB colours as files of a colour space store them, rounded and clipped to the type.

    Parameters
    ----------
    colors : ndarray of shape (..., 3), uint8
    color_space : ColorSpace
    dtype : str
        Of 8 or 16 bits, or of floating-point numbers.

    Returns
    -------
    ndarray of the same shape, of that dtype
    """
    if dtype == "uint8" and color_space == SRGB:
        return colors
    numbers = color_space.from_linear_srgb(SRGB.to_linear_srgb(colors))
    if dtype.startswith("float"):
        return numbers.astype(dtype)
    whole = np.iinfo(dtype).max
    return np.rint(numbers * whole).clip(0, whole).astype(dtype)


def out_of_gamut(values: npt.NDArray[Any], color_space: ColorSpace) -> npt.NDArray[np.bool_]:
    """Return which stored colours are more saturated than a display of sRGB shows: shape (...)."""
    encoded = linear_to_srgb(color_space.to_linear_srgb(values))
    return np.asarray((encoded < -0.5 / 255).any(axis=-1))  # more than 8 bits of sRGB round away


def _convert_colors(colors: npt.NDArray[Any], color_space: ColorSpace) -> UInt8Array:
    """Return colours of shape (n, 3), each converted by itself, as a display shows them."""
    shown = np.empty(colors.shape, np.uint8)

    def convert(share: slice) -> None:
        with np.errstate(invalid="ignore", over="ignore"):  # some are no numbers
            shown[share] = _levels(color_space.to_linear_srgb(colors[share]))

    do_in_parallel(convert, slices(len(colors), _SHARE))
    return shown


def _levels(light: FloatArray) -> UInt8Array:
    encoded = linear_to_srgb(np.nan_to_num(light, nan=0, posinf=1, neginf=0))
    levels: UInt8Array = np.rint(encoded.clip(0, 1) * 255).astype(np.uint8)
    return levels


@functools.lru_cache(maxsize=16)
def _table(color_space: ColorSpace, of: str | bool) -> UInt8Array:
    """Return what is shown of every number of an integer type, or (of: True) of the bits of every half."""
    numbers: npt.NDArray[Any]
    if of is True:
        numbers = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float64)
    else:
        numbers = np.arange(np.iinfo(str(of)).max + 1, dtype=str(of))
    with np.errstate(invalid="ignore", over="ignore"):
        table = _levels(color_space.to_linear_srgb(numbers))
    table.flags.writeable = False
    return table
