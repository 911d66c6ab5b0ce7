"""Palettes as ramps: strips and tables that engines look indices up in, and ramps for toon shading."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from rgbcloud.color.spaces import linear_to_srgb8, srgb8_to, srgb8_to_linear
from rgbcloud.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array
    from rgbcloud.palettes.palette import Palette

RAMP_SIZE = (256, 8)
"""Width and height of ramps for shading."""

_SWATCH, _SWATCHES = (240, 28), 32  # pixels of each with its text, and how many stand in a column


def encode_strip(colors: UInt8Array) -> bytes:
    """Return a PNG of K x 1 texels, one for each of K colours, (K, 3): read it unfiltered."""
    return _png(colors[np.newaxis])


def encode_cube(colors: UInt8Array, title: str) -> bytes:
    """Return K colours, (K, 3), as a one-dimensional .cube table: index i stands at i / (K - 1).

    Notes
    -----
    Adobe (2013), Cube LUT Specification 1.0: a table has at least two entries; one colour stands twice.
    """
    rows = colors if len(colors) > 1 else colors.repeat(2, axis=0)
    printable = "".join(letter if letter.isprintable() and letter != '"' else " " for letter in title)
    lines = [" ".join(f"{value / 255:.9g}" for value in row) for row in rows]
    return "\n".join([f'TITLE "{printable}"', f"LUT_1D_SIZE {len(lines)}", *lines, ""]).encode()


def encode_ramp(palette: Palette, *, smooth: bool = False) -> bytes:
    """Return a PNG of the palette's colours from dark to light, each as wide as its share.

    Parameters
    ----------
    palette : Palette
        Every colour is one texel wide at least.
    smooth : bool, default False
        Whether to blend from the middle of one colour to that of the next, in linear light.
    """
    width, height = RAMP_SIZE
    order = np.argsort(srgb8_to("cielab", palette.colors)[:, 0], kind="stable")
    colors = palette.colors[order]
    widths = _widths(palette.populations[order], width)
    row: UInt8Array = colors.repeat(widths, axis=0)
    if smooth:
        middles = np.cumsum(widths) - widths / 2
        light = srgb8_to_linear(colors)
        places = np.arange(width) + 0.5
        row = linear_to_srgb8(np.column_stack([np.interp(places, middles, channel) for channel in light.T]))
    return _png(np.broadcast_to(row, (height, width, 3)))


def encode_shot(palettes: Sequence[Palette]) -> bytes:
    """Return a PNG of a column for each palette and a row for each index; one not used stays as it was."""
    height = max(map(len, palettes))
    columns = np.zeros((height, len(palettes), 3), np.uint8)
    for place, palette in enumerate(palettes):
        columns[:, place] = columns[:, max(place - 1, 0)]
        columns[: len(palette), place] = palette.colors
    return _png(columns)


def encode_swatches(palette: Palette) -> bytes:
    """Return an SVG picture of the palette's colours, in their order, each with its code and its share."""
    width, height = _SWATCH
    columns = -(-len(palette) // _SWATCHES)
    size = f'width="{columns * width}" height="{min(len(palette), _SWATCHES) * height}"'
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="monospace" font-size="14">']
    for place, (code, share) in enumerate(zip(palette.to_hex(), palette.shares)):
        column, row = divmod(place, _SWATCHES)
        x, y = column * width, row * height
        lines.append(f'<rect x="{x}" y="{y}" width="{height * 2}" height="{height}" fill="{code}"/>')
        told = f"{code}  {share:7.2%}"
        lines.append(f'<text x="{x + height * 2 + 8}" y="{y + 19}" xml:space="preserve">{told}</text>')
    return "\n".join([*lines, "</svg>", ""]).encode()


def encode_indices(indices: UInt8Array) -> bytes:
    """Return palette indices as a grey PNG of 8 bits: read it raw and unfiltered."""
    return _png(indices)


def indices_of(texels: UInt8Array, colors: UInt8Array) -> UInt8Array:
    """Return the index of each texel's colour.

    Parameters
    ----------
    texels : ndarray of shape (H, W, 3) or (H, W, 4), uint8
        Fully transparent ones get index 0 where their colour is none of these.
    colors : ndarray of shape (K, 3), uint8

    Returns
    -------
    ndarray of shape (H, W), uint8

    Raises
    ------
    InvalidArgumentError
        If a texel that can be seen has another colour.
    """
    codes, known = (_codes(values) for values in (texels[..., :3], colors))
    order = np.argsort(known, kind="stable")
    places = np.minimum(np.searchsorted(known[order], codes), len(known) - 1)
    found = order[places]
    strange = known[found] != codes
    seen = strange if texels.shape[2] == 3 else strange & (texels[..., 3] > 0)
    if seen.any():
        raise InvalidArgumentError(f"{int(seen.sum()):,} texels have a colour that is none of the palette")
    indices: UInt8Array = np.where(strange, 0, found).astype(np.uint8)
    return indices


def _codes(colors: UInt8Array) -> IntArray:
    wide = colors.astype(np.int64)
    codes: IntArray = (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]
    return codes


def _widths(shares: FloatArray, width: int) -> IntArray:
    """Return whole widths that add up, about as the shares do, by largest remainders; at least 1 each."""
    total = float(shares.sum())
    rest = width - len(shares)
    exact = shares / total * rest if total > 0 else np.full(len(shares), rest / len(shares))
    widths = np.floor(exact).astype(np.int64)
    left = rest - int(widths.sum())
    widths[np.argsort(widths - exact, kind="stable")[:left]] += 1
    return widths + 1


def _png(pixels: UInt8Array) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(stream, "PNG", optimize=True)
    return stream.getvalue()
