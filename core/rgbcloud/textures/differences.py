"""How far a rebuilt texture is from its source: in the space it was clustered in, and as people see it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.color.difference import delta_e_2000

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray
    from rgbcloud.color.distance import StoredArray, WorkingSpace

_TEXELS = 1 << 16  # measured at most
_GOLDEN = (5**0.5 - 1) / 2


class Differences(NamedTuple):
    """Figures over texels, each weighted by its alpha; None where they say nothing about the texture."""

    space_mse: float
    delta_e: float | None = None
    delta_e_95: float | None = None
    angle: float | None = None
    angle_95: float | None = None


def sampled(texels: int) -> IntArray:
    """Return which of so many texels to measure: all up to 65,536, of more as many, evenly scattered.

    Multiples of the golden ratio leave no gaps and fall into step with no pattern (Weyl's sequence).
    """
    if texels <= _TEXELS:
        return np.arange(texels)
    positions: IntArray = (np.arange(1, _TEXELS + 1) * _GOLDEN % 1 * texels).astype(np.int64)
    return positions


def differences(
    before: StoredArray, after: StoredArray, weights: npt.ArrayLike, space: WorkingSpace
) -> Differences:
    """Measure pairs of stored values.

    Parameters
    ----------
    before, after : ndarray of shape (n, 3)
    weights : array_like of shape (n,)
        Not all of them 0.
    space : WorkingSpace
        What the values mean, and the space that the mean squared error is taken in.

    Returns
    -------
    Differences
        CIEDE2000 of colours, degrees of normals: the mean, and what 95 % of the texels stay below. Of no
        pair, nothing.
    """
    if len(before) == 0:
        return Differences(0.0)
    shares = np.asarray(weights, np.float64)
    shares = shares / shares.sum()
    one, other = space.coordinates(before), space.coordinates(after)
    space_mse = float(((one - other) ** 2).sum(axis=1) @ shares) * space.unit**2
    if space.meaning == "normal":
        # Of unit vectors with the distance d between their ends: 2 arcsin(d / 2), exact for small angles.
        chord = np.sqrt(((one - other) ** 2).sum(axis=1))
        angles = np.degrees(2 * np.arcsin(np.minimum(chord / 2, 1)))
        return Differences(space_mse, angle=float(angles @ shares), angle_95=_percentile(angles, shares))
    if space.meaning == "color":
        seen = replace(space, space="cielab")
        lab = (seen.coordinates(before) * seen.unit, seen.coordinates(after) * seen.unit)
        seen_differences = delta_e_2000(*lab)
        mean = float(seen_differences @ shares)
        return Differences(space_mse, mean, _percentile(seen_differences, shares))
    return Differences(space_mse)


def _percentile(figures: FloatArray, shares: FloatArray) -> float:
    """Return the smallest figure that is not exceeded by 95 % of the whole."""
    order = np.argsort(figures, kind="stable")
    place = np.searchsorted(np.cumsum(shares[order]), 0.95 - 1e-9)
    return float(figures[order[min(int(place), len(order) - 1)]])
