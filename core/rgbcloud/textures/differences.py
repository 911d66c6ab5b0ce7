"""How far a rebuilt texture is from its source: in its numbers, where it was clustered, and to the eye."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.color.codes import row_blocks
from rgbcloud.color.color_space import RgbColorSpace
from rgbcloud.color.difference import delta_e_2000
from rgbcloud.counting.histogram import OPAQUE
from rgbcloud.palettes.palette import squared_errors
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array
    from rgbcloud.color.distance import DistanceSpace, StoredArray
    from rgbcloud.counting.value_histogram import Histogram
    from rgbcloud.images.image import Image

_TEXELS = 1 << 17  # measured at most, where not all distinct ones are
_PAIRS = 1 << 14  # measured at a time
_MANY_PAIRS = 1 << 18
_ROWS = 1 << 20  # texels compared at a time
_GOLDEN = (5**0.5 - 1) / 2


class Differences(NamedTuple):
    """Figures over texels, each weighted by how much it counts; None where they say nothing about them.

    Attributes
    ----------
    mse : float
        Squared distance in RGB, in levels of 8-bit sRGB.
    space_mse : float
        Squared distance in the space, in its own units.
    delta_e, delta_e_95 : float or None
        CIEDE2000 of colours: the mean, and what 95 % of the texels stay below.
    angle, angle_95 : float or None
        Degrees between normals, likewise.
    """

    mse: float
    space_mse: float
    delta_e: float | None = None
    delta_e_95: float | None = None
    angle: float | None = None
    angle_95: float | None = None


def of_histogram(
    histogram: Histogram, palette: StoredArray, labels: UInt8Array, space: DistanceSpace
) -> Differences:
    """Compare distinct values with the palette values that they become: exact, where these are all.

    Parameters
    ----------
    histogram : ColorHistogram or ValueHistogram
    palette : ndarray of shape (k, 3)
    labels : ndarray of shape (n,), uint8
        The palette index of each value of the histogram.
    space : DistanceSpace
    """
    weights = histogram.coverage
    mse = (squared_errors(histogram.values, palette[labels], space) * weights).sum() / (weights.sum() or 1)
    return _measured(float(mse), histogram.values, _Mapped(palette, labels), weights, space)


def of_texels(
    image: Image,
    palette: StoredArray,
    indices: UInt8Array,
    coverage: UInt8Array | None,
    space: DistanceSpace,
) -> Differences:
    """Compare texels with what they become: all for the mean squared error, for the rest up to 131,072.

    Parameters
    ----------
    image : Image
    palette : ndarray of shape (k, 3)
    indices : ndarray of shape (H, W), uint8
    coverage : ndarray of shape (H, W), uint8, or None
        How much each texel counts; None: all alike.
    space : DistanceSpace
    """

    def total(rows: slice) -> tuple[float, int]:
        seen = np.ones(indices[rows].shape, bool) if coverage is None else coverage[rows] > 0
        errors = squared_errors(image.values[rows][seen], palette[indices[rows][seen]], space)
        if coverage is None:
            return float(errors.sum(dtype=np.float64)), errors.size
        weights = coverage[rows][seen].astype(np.float64)
        return float(errors @ weights), int(weights.sum())

    totals = list(in_parallel(total, row_blocks(image.texels, _ROWS)))
    mse = sum(error for error, _ in totals) / (sum(weight for _, weight in totals) or 1)
    voters = np.arange(indices.size) if coverage is None else np.flatnonzero(coverage)
    texels = voters[_scattered(len(voters))]
    before = image.texels.reshape(-1, image.texels.shape[2])[texels, :3]
    weights = np.full(len(texels), float(OPAQUE)) if coverage is None else coverage.ravel()[texels]
    return _measured(mse, before, _Mapped(palette, indices.ravel()[texels]), weights, space)


def _scattered(texels: int) -> IntArray:
    """Return which of so many texels to measure: all, or of more than allowed as many, evenly scattered.

    Multiples of the golden ratio leave no gaps and fall into step with no pattern (Weyl's sequence).
    """
    if texels <= _TEXELS:
        return np.arange(texels)
    positions: IntArray = (np.arange(1, _TEXELS + 1) * _GOLDEN % 1 * texels).astype(np.int64)
    return positions


class _Mapped(NamedTuple):
    """Palette values, and the index of the one that each texel becomes."""

    palette: StoredArray  # (k, 3)
    labels: UInt8Array  # (n,)


def _measured(
    mse: float, before: StoredArray, after: _Mapped, weights: npt.ArrayLike, space: DistanceSpace
) -> Differences:
    """Return all figures of texels and what they become."""
    shares = np.asarray(weights, np.float64)
    if len(before) == 0 or not shares.any():
        return Differences(mse, 0.0)
    shares = shares / shares.sum()
    distances, seen = np.empty((2, len(before)))
    shown = replace(space, space="cielab")
    centers, shown_centers = space.coordinates(after.palette), shown.coordinates(after.palette)

    def compare(block: slice) -> None:
        labels = after.labels[block]
        distances[block] = ((space.coordinates(before[block]) - centers[labels]) ** 2).sum(axis=1)
        if space.kind == "color":
            lab = (shown.coordinates(before[block]), shown_centers[labels])
            seen[block] = delta_e_2000(*(side * shown.unit for side in lab))

    # OpenColorIO loads its configuration anew for every call.
    size = _PAIRS if isinstance(space.color_space, RgbColorSpace) else _MANY_PAIRS
    for _ in in_parallel(compare, slices(len(before), size)):
        pass
    space_mse = float(distances @ shares) * space.unit**2
    if space.kind == "normal":
        # Of unit vectors with the distance d between their ends: 2 arcsin(d / 2), exact for small angles.
        angles = np.degrees(2 * np.arcsin(np.minimum(np.sqrt(distances) / 2, 1)))
        return Differences(mse, space_mse, angle=float(angles @ shares), angle_95=_percentile(angles, shares))
    if space.kind == "color":
        return Differences(mse, space_mse, float(seen @ shares), _percentile(seen, shares))
    return Differences(mse, space_mse)


def _percentile(figures: FloatArray, shares: FloatArray) -> float:
    """Return the smallest figure that is not exceeded by 95 % of the whole."""
    order = np.argsort(figures, kind="stable")
    place = np.searchsorted(np.cumsum(shares[order]), 0.95 - 1e-9)
    return float(figures[order[min(int(place), len(order) - 1)]])
