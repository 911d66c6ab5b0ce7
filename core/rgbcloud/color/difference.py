"""CIEDE2000: how different two colours look.

References
----------
Sharma, G., Wu, W. and Dalal, E. N. (2005), The CIEDE2000 color-difference formula: implementation notes,
supplementary test data, and mathematical observations, Color Research & Application 30(1),
doi:10.1002/col.20070. Symbols and equation numbers are theirs.
CIE 142:2001, Improvement to industrial colour-difference evaluation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray

_25_TO_THE_7 = 25.0**7


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
    lightness_1, a_1, b_1 = np.moveaxis(one, -1, 0)
    lightness_2, a_2, b_2 = np.moveaxis(other, -1, 0)
    # 1. a', C' and h', equations 2 to 7
    chroma_7 = ((np.hypot(a_1, b_1) + np.hypot(a_2, b_2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(chroma_7 / (chroma_7 + _25_TO_THE_7))
    chroma_1, chroma_2 = np.hypot(a_1 * stretch, b_1), np.hypot(a_2 * stretch, b_2)
    hue_1, hue_2 = _hue(a_1 * stretch, b_1), _hue(a_2 * stretch, b_2)
    # 2. the differences, equations 8 to 11; of grey, hue says nothing
    colored = chroma_1 * chroma_2 != 0
    turn = np.where(colored, hue_2 - hue_1, 0)
    turn = np.where(turn > 180, turn - 360, np.where(turn < -180, turn + 360, turn))
    lightness = lightness_2 - lightness_1
    chroma = chroma_2 - chroma_1
    hue = 2 * np.sqrt(chroma_1 * chroma_2) * np.sin(np.radians(turn) / 2)
    # 3. the weights, equations 12 to 21
    mean_lightness, mean_chroma = (lightness_1 + lightness_2) / 2, (chroma_1 + chroma_2) / 2
    mean_hue = _mean_hue(hue_1, hue_2, colored)
    s_l = 1 + 0.015 * (mean_lightness - 50) ** 2 / np.sqrt(20 + (mean_lightness - 50) ** 2)
    s_c = 1 + 0.045 * mean_chroma
    s_h = 1 + 0.015 * mean_chroma * _hue_weight(mean_hue)
    # 4. the sum, equation 22
    scaled_chroma, scaled_hue = chroma / s_c, hue / s_h
    rotation = _rotation(mean_hue, mean_chroma)
    squares = (lightness / s_l) ** 2 + scaled_chroma**2 + scaled_hue**2
    difference: FloatArray = np.sqrt(np.maximum(squares + rotation * scaled_chroma * scaled_hue, 0))
    return difference


def _hue(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the angle in degrees, in [0, 360); 0 of grey."""
    return np.degrees(np.arctan2(b, a)) % 360


def _mean_hue(hue_1: FloatArray, hue_2: FloatArray, colored: FloatArray) -> FloatArray:
    """Return the angle halfway, the short way round; the sum where one of the two is grey (equation 14)."""
    total = hue_1 + hue_2
    far = np.abs(hue_1 - hue_2) > 180
    mean = np.where(far, (total + np.where(total < 360, 360, -360)) / 2, total / 2)
    return np.where(colored, mean, total)


def _hue_weight(hue: FloatArray) -> FloatArray:
    """Return T (equation 15)."""
    weight: FloatArray = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    return weight


def _rotation(hue: FloatArray, chroma: FloatArray) -> FloatArray:
    """Return the term that turns the ellipses of blue (equations 16, 17 and 21)."""
    angle = 30 * np.exp(-(((hue - 275) / 25) ** 2))
    chroma_7 = chroma**7
    rotation: FloatArray = -np.sin(np.radians(2 * angle)) * 2 * np.sqrt(chroma_7 / (chroma_7 + _25_TO_THE_7))
    return rotation
