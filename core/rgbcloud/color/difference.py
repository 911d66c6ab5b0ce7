"""CIEDE2000: how different two colours look.

No angle is computed but one. Of the two hues only the halfway direction and the distance along the circle
are wanted: the sum of two unit vectors and their cross product say both, and the cosines of two, three and
four times an angle follow from its own. That takes a tenth of the time of arctangents and cosines, and is
the same number: within 1e-6, but where hues are all but opposite. There the formula jumps, and goes by the
book.

References
----------
Sharma, G., Wu, W. and Dalal, E. N. (2005), The CIEDE2000 color-difference formula: implementation notes,
supplementary test data, and mathematical observations, Color Research & Application 30(1),
doi:10.1002/col.20070. Symbols and equation numbers are theirs.
CIE 142:2001, Improvement to industrial colour-difference evaluation.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rgbcloud.color.spaces import TO_XYZ, WHITE, srgb8_to_linear
from rgbcloud.threads import do_in_parallel, slices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rgbcloud.color.codes import FloatArray, UInt8Array

Numbers = npt.NDArray[np.floating[Any]]
Float32Array = npt.NDArray[np.float32]

_25_TO_THE_7 = 25.0**7
_OPPOSITE = 1e-3  # cosines of hue differences below this - 1
_BLOCK = 1 << 13  # pairs at a time, which stay in a core's cache
_SHARE = 1 << 16  # pairs that a thread takes on at a time


def delta_e_2000(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the CIEDE2000 differences of pairs of colours, with kL = kC = kH = 1.

    Parameters
    ----------
    one, other : ndarray of shape (..., 3), float64
        CIELAB: L* in [0, 100].

    Returns
    -------
    ndarray of shape (...), float64
        At least 0; about 1 is a difference that can just be seen.

    Examples
    --------
    >>> import numpy as np
    >>> delta_e_2000(np.array([50.0, 2.5, 0.0]), np.array([73.0, 25.0, -18.0])).round(4).item()
    27.1492
    """
    one, other = np.broadcast_arrays(one, other)
    first, second = one.reshape(-1, 3), other.reshape(-1, 3)
    found = np.empty(len(first))

    def measure(share: slice) -> None:
        for pairs in _blocks(share):
            sides = (_Side.of(np.array(side[pairs].T, np.float64, order="C")) for side in (first, second))
            found[pairs] = _differences(*sides)

    do_in_parallel(measure, slices(len(found), _SHARE))
    opposite = np.flatnonzero(np.isnan(found))
    found[opposite] = _by_the_book(first[opposite].T, second[opposite].T)
    return found.reshape(one.shape[:-1])


def mean_and_percentile(
    lab: Numbers, palette_lab: Numbers, labels: UInt8Array, weights: npt.ArrayLike
) -> tuple[float, float]:
    """Return the mean CIEDE2000 difference of colours from palette colours, and what 95 % stay below.

    Parameters
    ----------
    lab : ndarray of shape (3, n), float32 or float64
        L*, a* and b* of colours, as `srgb8_to_lab_planes` returns them. At least one.
    palette_lab : ndarray of shape (3, k), likewise
    labels : ndarray of shape (n,), integers
        Which palette colour each became.
    weights : array_like of shape (n,)
        How many texels each colour stands for; not all of them 0.

    Returns
    -------
    mean : float
    percentile : float
        The smallest difference that is not exceeded by 95 % of the weights.

    Notes
    -----
    Each difference is taken in float32, and is right to about 1e-4; sums are float64. The mean is right to
    a ten-thousandth of itself.
    """
    palette = _Side.of(palette_lab.astype(np.float32))
    found = np.empty(lab.shape[1], np.float32)

    def measure(share: slice) -> None:
        for pairs in _blocks(share):
            places = labels[pairs].astype(np.intp)
            after = _Side(*(plane.take(places) for plane in palette))
            found[pairs] = _differences(_Side.of(np.array(lab[:, pairs], np.float32)), after)

    do_in_parallel(measure, slices(len(found), _SHARE))
    opposite = np.flatnonzero(np.isnan(found))
    found[opposite] = _by_the_book(lab[:, opposite], palette_lab[:, labels[opposite]])
    masses = np.asarray(weights, np.float64)
    return float(found @ masses) / float(masses.sum()), _percentile(found, masses)


def srgb8_to_lab_planes(colors: UInt8Array, *, linear: bool = False) -> Float32Array:
    """Return L*, a* and b* of 8-bit colours, (n, 3): ndarray of shape (3, n), float32, right to 1e-4.

    They are sRGB, or linear light if told so.
    """
    levels = np.arange(256, dtype=np.uint8)
    light = (levels / 255.0 if linear else srgb8_to_linear(levels)).astype(np.float32)
    matrix = (TO_XYZ / WHITE[:, np.newaxis]).astype(np.float32)
    planes = np.empty((3, len(colors)), np.float32)

    def convert(share: slice) -> None:
        for block in _blocks(share):
            red, green, blue = light.take(np.array(colors[block].T, np.intp))
            ratios = (x * red + y * green + z * blue for x, y, z in matrix)
            f_x, f_y, f_z = (np.where(r > 216 / 24389, np.cbrt(r), r * (841 / 108) + 4 / 29) for r in ratios)
            planes[0, block] = 116 * f_y - 16
            planes[1, block] = 500 * (f_x - f_y)
            planes[2, block] = 200 * (f_y - f_z)

    do_in_parallel(convert, slices(len(colors), _SHARE))
    return planes


def _blocks(share: slice) -> Iterator[slice]:
    """Cut the pairs of a thread into slices that stay in a core's cache."""
    for start in range(share.start, share.stop, _BLOCK):
        yield slice(start, min(start + _BLOCK, share.stop))


def _percentile(figures: Float32Array, masses: FloatArray) -> float:
    """Return the smallest figure that is not exceeded by 95 % of the masses.

    Figures of at least 0 sort as their bits do, so that the masses of the upper bits say where to look.
    """
    bins = figures.view(np.int32) >> 14
    reached = np.cumsum(np.bincount(bins, masses))
    wanted = (0.95 - 1e-9) * reached[-1]
    place = int(np.searchsorted(reached, wanted))
    inside = np.flatnonzero(bins == place)
    inside = inside[np.argsort(figures[inside], kind="stable")]
    before = reached[place - 1] if place else 0.0
    last = np.searchsorted(before + np.cumsum(masses[inside]), wanted)
    return float(figures[inside[min(int(last), len(inside) - 1)]])


class _Side(NamedTuple):
    """The colours on one side of pairs: arrays of shape (n,)."""

    lightness: Numbers
    a: Numbers
    b: Numbers
    chroma: Numbers

    @classmethod
    def of(cls, planes: Numbers) -> _Side:
        lightness, a, b = planes
        chroma = np.sqrt(a * a + b * b)
        grey = chroma < np.finfo(chroma.dtype).tiny ** 0.25  # so near to it that squares come out as 0
        if grey.any():
            a, b, chroma = (np.where(grey, 0, plane) for plane in (a, b, chroma))
        return cls(lightness, a, b, chroma)


def _differences(one: _Side, other: _Side) -> Numbers:
    """Return the differences of pairs, NaN where hues are all but opposite: of shape (n,), of their dtype."""
    # 1. a' and C', equations 2 to 6
    stretch = 1.5 - 0.5 * _of_chroma((one.chroma + other.chroma) * 0.5)
    a_1, a_2, b_1, b_2 = one.a * stretch, other.a * stretch, one.b, other.b
    chroma_1, chroma_2 = np.sqrt(a_1 * a_1 + b_1 * b_1), np.sqrt(a_2 * a_2 + b_2 * b_2)
    product = chroma_1 * chroma_2
    # C1' C2' cos² of half the difference in hue; of grey, hue says nothing, and this is 0
    near = (product + (a_1 * a_2 + b_1 * b_2)) * 0.5
    nearest = product * (0.5 * _OPPOSITE)
    opposite = near < nearest
    root = np.sqrt(np.maximum(near, nearest))
    least = np.finfo(root.dtype).tiny ** 0.75
    # 2. the differences, equations 8 to 11
    lightness = other.lightness - one.lightness
    chroma = chroma_2 - chroma_1
    hue = (a_1 * b_2 - a_2 * b_1) / np.maximum(root, least)
    # 3. the weights, equations 12 to 21; the halfway direction, of length 1, in place of the mean hue
    length = np.maximum(2 * root * np.sqrt(product), least)
    cosine, sine = (a_1 * chroma_2 + a_2 * chroma_1) / length, (b_1 * chroma_2 + b_2 * chroma_1) / length
    squared = (one.lightness + other.lightness) * 0.5 - 50
    squared *= squared
    mean_chroma = (chroma_1 + chroma_2) * 0.5
    lightness /= 1 + 0.015 * squared / np.sqrt(20 + squared)
    chroma /= 1 + 0.045 * mean_chroma
    hue /= 1 + 0.015 * mean_chroma * _hue_weight(cosine, sine)
    # 4. the sum, equation 22
    rotation = _rotation(cosine, sine, mean_chroma)
    squares = lightness * lightness + chroma * chroma + hue * hue + rotation * chroma * hue
    differences: Numbers = np.sqrt(np.maximum(squares, 0))
    differences[opposite] = np.nan
    return differences


def _of_chroma(chroma: Numbers) -> Numbers:
    """Return the root of C⁷ / (C⁷ + 25⁷)."""
    chroma = np.minimum(chroma, 1e5)  # the root is 1 long before, and a seventh power ends at 3e38
    square = chroma * chroma
    seventh = square * square * square * chroma
    root: Numbers = np.sqrt(seventh / (seventh + _25_TO_THE_7))
    return root


def _hue_weight(cosine: Numbers, sine: Numbers) -> Numbers:
    """Return T (equation 15) of the cosine and sine of the mean hue."""
    double_cosine, double_sine = 2 * cosine * cosine - 1, 2 * sine * cosine
    triple_cosine, triple_sine = cosine * (2 * double_cosine - 1), sine * (2 * double_cosine + 1)
    fourfold_cosine, fourfold_sine = 2 * double_cosine * double_cosine - 1, 2 * double_sine * double_cosine
    # a cos(h - p) = a cos(p) cos(h) + a sin(p) sin(h)
    weight = 1 + 0.24 * double_cosine
    for factor, phase, a, b in (
        (-0.17, 30, cosine, sine),
        (0.32, -6, triple_cosine, triple_sine),
        (-0.20, 63, fourfold_cosine, fourfold_sine),
    ):
        weight += factor * math.cos(math.radians(phase)) * a + factor * math.sin(math.radians(phase)) * b
    return weight


def _rotation(cosine: Numbers, sine: Numbers, chroma: Numbers) -> Numbers:
    """Return the term that turns the ellipses of blue (equations 16, 17 and 21)."""
    blue = math.radians(275)
    along = math.cos(blue) * cosine + math.sin(blue) * sine
    away = np.arccos(np.minimum(np.maximum(along, -1), 1)) * (180 / math.pi / 25)
    angle = math.radians(60) * np.exp(-away * away)
    angle[(cosine > 0) & (sine >= 0)] = 0  # the book's angles do not go past 360 degrees into red
    rotation: Numbers = -2 * np.sin(angle) * _of_chroma(chroma)
    return rotation


def _by_the_book(one: Numbers, other: Numbers) -> FloatArray:
    """Return the differences of pairs from their hues as angles: which way round is nearer hangs on them.

    `one` and `other` are of shape (3, n), and in no pair is a grey.
    """
    (lightness_1, a_1, b_1), (lightness_2, a_2, b_2) = one.astype(np.float64), other.astype(np.float64)
    stretch = 1.5 - 0.5 * _of_chroma((np.hypot(a_1, b_1) + np.hypot(a_2, b_2)) * 0.5)
    a_1, a_2 = a_1 * stretch, a_2 * stretch
    chroma_1, chroma_2 = np.hypot(a_1, b_1), np.hypot(a_2, b_2)
    hue_1, hue_2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a_1, b_1), (a_2, b_2)))
    turn = hue_2 - hue_1
    turn = np.where(turn > 180, turn - 360, np.where(turn < -180, turn + 360, turn))
    total = hue_1 + hue_2
    far = np.abs(hue_1 - hue_2) > 180
    mean_hue = np.radians(np.where(far, (total + np.where(total < 360, 360, -360)) / 2, total / 2))
    squared = ((lightness_1 + lightness_2) / 2 - 50) ** 2
    mean_chroma = (chroma_1 + chroma_2) / 2
    cosine, sine = np.cos(mean_hue), np.sin(mean_hue)
    lightness = (lightness_2 - lightness_1) / (1 + 0.015 * squared / np.sqrt(20 + squared))
    chroma = (chroma_2 - chroma_1) / (1 + 0.045 * mean_chroma)
    hue = 2 * np.sqrt(chroma_1 * chroma_2) * np.sin(np.radians(turn) / 2)
    hue /= 1 + 0.015 * mean_chroma * _hue_weight(cosine, sine)
    squares = lightness**2 + chroma**2 + hue**2 + _rotation(cosine, sine, mean_chroma) * chroma * hue
    differences: FloatArray = np.sqrt(np.maximum(squares, 0))
    return differences
