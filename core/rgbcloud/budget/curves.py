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

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array
    from rgbcloud.counting.histogram import ColorHistogram

KS = np.arange(2, MAX_COLORS + 1)
"""The numbers of colours of curves."""

_TRIED = (2, 6, 16, 32, 64, 128, 256)  # of which a part is compressed
_BANDS, _TEXELS = 8, 1 << 17  # of the part: bands of whole rows, spread evenly
_CELLS = 4_000  # colours that stand for all
_LEAST = 1e-9  # bytes, or error, that logarithms are taken of
_HEAD, _ENTRY = 69, 3  # bytes of a PNG: signature and chunks, and each colour of a palette


@dataclass(frozen=True, eq=False)
class Curve:
    """What each number of colours costs, or each other choice.

    Attributes
    ----------
    errors : ndarray of shape (n,), float64
        The squared error of all texels together, by how much they count, falling.
    sizes : ndarray of shape (n,), float64
        Bytes of the file, or in memory, rising; inf of choices that there are not.
    texels : float, default 1
        How many there are, each by how much it counts.
    known : mapping of int to (float, float)
        Choices whose bytes and mean error of a texel are no guesses.
    choices : ndarray of shape (n,), int64
        Numbers of colours, if nothing else is said.
    """

    errors: FloatArray
    sizes: FloatArray
    texels: float = 1.0
    known: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    choices: IntArray = field(default_factory=KS.copy)

    def place_of(self, choice: int) -> int:
        """Return where a choice stands in the other arrays."""
        return int(np.flatnonzero(self.choices == choice)[0])

    def weighted(self, factor: float) -> Curve:
        """Return the curve of a texture that counts so many times as much."""
        return replace(self, errors=self.errors * factor, texels=self.texels * factor)

    def turned(self) -> Curve:
        """Return the curve whose errors are its sizes, and the other way round, in the other order."""
        back = slice(None, None, -1)
        return replace(self, errors=self.sizes[back], sizes=self.errors[back], choices=self.choices[back])

    @property
    def least(self) -> int:
        """The smallest number of colours that it can have."""
        return int(self.choices[np.isfinite(self.sizes)][0])

    def through(self, colors: int, size: float, error: float) -> Curve:
        """Return the curve with what a file really took and how far it is off; guesses are scaled by that.

        Between numbers of colours that are known, by what lies between.
        """
        known = {**self.known, colors: (size, error)}
        places = [self.place_of(choice) for choice in sorted(known)]
        exact = np.array([known[choice] for choice in sorted(known)]).T * [[1.0], [self.texels]]
        curves = []
        for values, found in zip((self.sizes, self.errors), exact):
            off = np.log(np.maximum(found, _LEAST) / np.maximum(values[places], _LEAST))
            scaled = values * np.exp(np.interp(np.log(self.choices), np.log(self.choices[places]), off))
            scaled[places] = found
            curves.append(scaled)
        return replace(self, sizes=curves[0], errors=curves[1], known=known)

    def of_known(self) -> Curve:
        """Return the curve of what is known alone: all else takes endless bytes."""
        numbers = [self.place_of(choice) for choice in self.known]
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
