"""Threshold matrices: where an ordered dither puts its dots.

References
----------
Bayer, B. E. (1973), An optimum method for two-level rendition of continuous-tone pictures, ICC '73 (1).
Ulichney, R. A. (1993), The void-and-cluster method for dither array generation, Proc. SPIE 1913,
doi:10.1117/12.152707.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array

_BAYER = 8
_BLUE = 64
_SIGMA = 1.5  # Ulichney's
_DOTS = 10  # one texel in ten is in the pattern that the matrix grows from


def bayer() -> UInt8Array:
    """Return Bayer's 8 x 8 matrix: uint8, every fourth number from 2 on once."""
    ranks = np.zeros((1, 1), np.int64)
    while len(ranks) < _BAYER:
        ranks = np.block([[4 * ranks, 4 * ranks + 2], [4 * ranks + 3, 4 * ranks + 1]])
    return _spread(ranks)


@functools.cache
def blue_noise() -> UInt8Array:
    """Return a 64 x 64 blue-noise matrix: uint8, every number 16 times; it repeats without a seam.

    Computed by void-and-cluster when it is first asked for, which takes a part of a second; always the same.
    """
    dots = np.zeros(_BLUE * _BLUE, bool)
    dots[np.random.RandomState(0).permutation(_BLUE**2)[: _BLUE**2 // _DOTS]] = True
    energy = _Energy(dots)
    while True:  # move the tightest dot into the largest void, until it is the one that left
        cluster = energy.tightest(dots)
        energy.put(cluster, dots, here=False)
        void = energy.emptiest(dots)
        energy.put(void, dots, here=True)
        if void == cluster:
            break
    ranks = np.empty(_BLUE * _BLUE, np.int64)
    rest, fading = dots.copy(), _Energy(dots)
    for rank in reversed(range(int(dots.sum()))):
        cluster = fading.tightest(rest)
        fading.put(cluster, rest, here=False)
        ranks[cluster] = rank
    for rank in range(int(dots.sum()), _BLUE**2):
        # The tightest cluster of zeros, which Ulichney fills from one half on, is the largest void of dots.
        void = energy.emptiest(dots)
        energy.put(void, dots, here=True)
        ranks[void] = rank
    return _spread(ranks.reshape(_BLUE, _BLUE))


def _spread(ranks: IntArray) -> UInt8Array:
    """Return ranks as thresholds, in the middle of equal parts of 0 … 256."""
    matrix = ((ranks * 2 + 1) * 128 // ranks.size).astype(np.uint8)
    matrix.flags.writeable = False
    return matrix


class _Energy:
    """How crowded each place of a torus is with dots: the sum of a Gaussian around each of them."""

    def __init__(self, dots: npt.NDArray[np.bool_]) -> None:
        distance = np.minimum(np.arange(_BLUE), _BLUE - np.arange(_BLUE))
        bell = np.exp(-(distance**2) / (2 * _SIGMA**2))
        self._around = np.tile(np.outer(bell, bell), (2, 2))  # from any place, a window of it
        self._sum: FloatArray = np.zeros((_BLUE, _BLUE))
        for place in np.flatnonzero(dots):
            self._sum += self._window(int(place))

    def _window(self, place: int) -> FloatArray:
        row, column = divmod(place, _BLUE)
        return self._around[_BLUE - row : 2 * _BLUE - row, _BLUE - column : 2 * _BLUE - column]

    def put(self, place: int, dots: npt.NDArray[np.bool_], *, here: bool) -> None:
        """Set or remove a dot."""
        dots[place] = here
        if here:
            self._sum += self._window(place)
        else:
            self._sum -= self._window(place)

    def tightest(self, dots: npt.NDArray[np.bool_]) -> int:
        """Return the dot that is most crowded."""
        return int(np.where(dots, self._sum.ravel(), -np.inf).argmax())

    def emptiest(self, dots: npt.NDArray[np.bool_]) -> int:
        """Return the place without a dot that is least crowded."""
        return int(np.where(dots, np.inf, self._sum.ravel()).argmin())
