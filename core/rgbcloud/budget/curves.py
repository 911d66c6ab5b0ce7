"""About what error a texture would have with each number of colours, and about how many bytes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.clustering.preview import Preview
from rgbcloud.color.codes import to_codes, to_colors
from rgbcloud.color.nearest import nearest
from rgbcloud.settings import MAX_COLORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.counting.histogram import ColorHistogram

KS = np.arange(2, MAX_COLORS + 1)
"""The numbers of colours of curves."""

_TRIED = (2, 6, 16, 32, 64, 128, 256)  # of which a part is compressed
_BANDS, _TEXELS = 8, 1 << 17  # of the part: bands of whole rows, spread evenly
_CELLS = 4_000  # colours that stand for all
_HEAD, _ENTRY = 69, 3  # bytes of a PNG: signature and chunks, and each colour of a palette


@dataclass(frozen=True, eq=False)
class Curve:
    """What each number of colours costs.

    Attributes
    ----------
    errors : ndarray of shape (255,), float64
        The squared error of all texels together, by how much they count, falling.
    sizes : ndarray of shape (255,), float64
        Bytes of the file, rising; inf of numbers that it cannot have.
    texels : float, default 1
        How many there are, each by how much it counts.
    known : mapping of int to (float, float)
        Numbers of colours whose bytes and mean squared error are no guesses.
    """

    errors: FloatArray
    sizes: FloatArray
    texels: float = 1.0
    known: Mapping[int, tuple[float, float]] = field(default_factory=dict)

    @property
    def least(self) -> int:
        """The smallest number of colours that it can have."""
        return int(KS[np.isfinite(self.sizes)][0])

    def through(self, colors: int, size: float, mse: float) -> Curve:
        """Return the curve with what a file really took and how far it is off; guesses are scaled by that."""
        expected = self.errors[colors - 2]
        errors = self.errors * (mse * self.texels / expected) if expected > 0 else self.errors.copy()
        sizes = self.sizes * (size / self.sizes[colors - 2])
        known = {**self.known, colors: (size, mse)}
        for number, (exact, error) in known.items():
            sizes[number - 2], errors[number - 2] = exact, error * self.texels
        return Curve(errors, sizes, self.texels, known)

    def of_known(self) -> Curve:
        """Return the curve of what is known alone: all else takes endless bytes."""
        numbers = np.array(sorted(self.known)) - 2
        sizes = np.full(len(self.sizes), np.inf)
        sizes[numbers] = self.sizes[numbers]
        return replace(self, sizes=sizes)


def curve_of(histogram: ColorHistogram, shown: UInt8Array, texels: int) -> Curve:
    """Return the curve of a texture.

    Parameters
    ----------
    histogram : ColorHistogram
        Of it, as a display shows it, by how much each texel counts.
    shown : ndarray of shape (H, W, 3), uint8
        The texture, or one of its files, as a display shows it; a part of it is compressed some times.
    texels : int
        Of all its files.
    """
    # Of small textures all files are tried that could be best, and their curves may well be exact.
    preview = Preview(histogram) if texels <= _TEXELS else Preview(histogram, stages=_TRIED, cells=_CELLS)
    height, width = shown.shape[:2]
    starts = np.arange(_BANDS) * height // _BANDS
    rows = min(max(_TEXELS // _BANDS // width, 1), height)
    chosen = np.arange(height) if rows * _BANDS >= height else (starts[:, np.newaxis] + range(rows)).ravel()
    part = shown[chosen, :, :3]
    codes, places = np.unique(to_codes(part), return_inverse=True)
    distinct, places = to_colors(codes), places.reshape(part.shape[:2])
    share = texels / places.size
    tried = [
        _HEAD
        + _ENTRY * colors
        + share * _compressed_size(nearest(distinct, preview.palette(colors).colors)[places], colors)
        for colors in _TRIED
    ]
    sizes = np.exp(np.interp(np.log(KS), np.log(_TRIED), np.log(np.maximum.accumulate(tried))))
    errors = np.minimum.accumulate(preview.errors) * float(histogram.total)
    return Curve(errors, sizes, float(histogram.total))


def _compressed_size(indices: UInt8Array, colors: int) -> int:
    """Return the bytes of indices, packed as PNG does and deflated."""
    bits = 8 if colors > 16 else 4 if colors > 4 else 2 if colors > 2 else 1
    packed = indices
    if bits < 8:
        planes = np.unpackbits(indices[..., np.newaxis], axis=2)[..., 8 - bits :]
        packed = np.packbits(planes.reshape(len(indices), -1), axis=1)
    return len(zlib.compress(packed.tobytes(), 6))
