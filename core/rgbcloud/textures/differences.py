"""How far a rebuilt texture is from its source: in its numbers, where it was clustered, and to the eye."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rgbcloud.color.codes import row_blocks
from rgbcloud.color.color_space import LINEAR_SRGB, SRGB
from rgbcloud.color.difference import delta_e_2000, mean_and_percentile, srgb8_to_lab_planes
from rgbcloud.color.nearest import squared_distances
from rgbcloud.counting.histogram import OPAQUE
from rgbcloud.palettes.palette import squared_errors
from rgbcloud.threads import do_in_parallel, in_parallel, slices

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array
    from rgbcloud.color.distance import DistanceSpace, StoredArray
    from rgbcloud.counting.value_histogram import Histogram
    from rgbcloud.images.image import Image

_TEXELS = 1 << 17  # measured at most, where not all distinct ones are
_PAIRS = 1 << 14  # measured at a time
_ROWS = 1 << 20  # texels compared at a time
_GOLDEN = (5**0.5 - 1) / 2


class Differences(NamedTuple):
    """Figures over texels, each weighted by how much it counts; None where they say nothing about them."""

    mse: float  # squared distance in RGB, in levels of 8-bit sRGB
    space_mse: float  # squared distance in the space, in its own units
    # CIEDE2000 of colours: the mean, and what 95 % of the texels stay below.
    delta_e: float | None = None
    delta_e_95: float | None = None
    # Degrees between normals, likewise.
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
    errors = squared_errors(histogram.values, palette, labels, space, is_kept=True)
    mse = float((errors * weights).sum() / (weights.sum() or 1))
    if space.kind != "color" or not len(histogram):
        return _measure_pairs(mse, histogram.values, palette[labels], weights.astype(np.float64), space)
    # Of the palette, each colour is converted but once.
    lab, palette_lab = (_lab_planes(values, space) for values in (histogram.values, palette))
    delta_e, delta_e_95 = mean_and_percentile(lab, palette_lab, labels, weights)
    if space.space == "srgb":
        return Differences(mse, mse / 255**2, delta_e, delta_e_95)
    off = squared_distances(space.kept_coordinates(histogram.values), space.coordinates(palette), labels)
    space_mse = float(off @ (weights / weights.sum())) * space.unit**2
    return Differences(mse, space_mse, delta_e, delta_e_95)


def _lab_planes(values: StoredArray, space: DistanceSpace) -> npt.NDArray[Any]:
    """Return L*, a* and b* of stored values: ndarray of shape (3, n)."""
    if space.dtype == "uint8" and space.color_space in (SRGB, LINEAR_SRGB):
        return srgb8_to_lab_planes(values, linear=space.color_space == LINEAR_SRGB)
    planes = np.empty((3, len(values)), np.float32)

    def convert(block: slice) -> None:
        planes[:, block] = space.cielab(values[block]).T

    do_in_parallel(convert, slices(len(values), _PAIRS))
    return planes


def of_texels(
    image: Image,
    palette: StoredArray,
    indices: npt.NDArray[Any],
    coverage: UInt8Array | None,
    space: DistanceSpace,
) -> Differences:
    """Compare texels with what they become: all for the mean squared error, for the rest up to 131,072.

    Parameters
    ----------
    image : Image
    palette : ndarray of shape (k, 3)
    indices : ndarray of shape (H, W), integers
    coverage : ndarray of shape (H, W), uint8, or None
        How much each texel counts; None: all alike.
    space : DistanceSpace
    """

    def total(rows: slice) -> tuple[float, int]:
        seen = np.ones(indices[rows].shape, bool) if coverage is None else coverage[rows] > 0
        errors = squared_errors(image.values[rows][seen], palette, indices[rows][seen], space)
        if coverage is None:
            return float(errors.sum(dtype=np.float64)), errors.size
        weights = coverage[rows][seen].astype(np.float64)
        return float(errors @ weights), int(weights.sum())

    totals = list(in_parallel(total, row_blocks(image.texels, _ROWS)))
    mse = sum(error for error, _ in totals) / (sum(weight for _, weight in totals) or 1)
    voters = np.arange(indices.size) if coverage is None else np.flatnonzero(coverage)
    texels = voters[_texels_to_measure(len(voters))]
    before = image.texels.reshape(-1, image.texels.shape[2])[texels, :3]
    weights = np.full(len(texels), float(OPAQUE)) if coverage is None else coverage.ravel()[texels]
    return _measure_pairs(mse, before, palette[indices.ravel()[texels]], weights, space)


def delta_e_map(image: Image, after: StoredArray, space: DistanceSpace) -> npt.NDArray[np.float32]:
    """Return how different each texel of an image looks from what it becomes (CIEDE2000).

    Parameters
    ----------
    image : Image
        Of colours.
    after : ndarray of shape (H, W, 3) or (H, W, 4)
        Of its type.
    space : DistanceSpace

    Returns
    -------
    ndarray of shape (H, W), float32
        0 where none is visible.
    """
    differences = np.zeros(image.texels.shape[:2], np.float32)

    def compare(rows: slice) -> None:
        pair = (space.cielab(side[rows, :, :3].reshape(-1, 3)) for side in (image.texels, after))
        differences[rows] = delta_e_2000(*pair).reshape(differences[rows].shape)

    do_in_parallel(compare, row_blocks(image.texels, _ROWS))
    return differences if image.visible is None else np.where(image.visible, differences, np.float32(0))


def _texels_to_measure(texels: int) -> IntArray:
    """Return which of so many texels to measure: all, or of more than allowed as many, evenly scattered.

    Multiples of the golden ratio leave no gaps and fall into step with no pattern (Weyl's sequence).
    """
    if texels <= _TEXELS:
        return np.arange(texels)
    positions: IntArray = (np.arange(1, _TEXELS + 1) * _GOLDEN % 1 * texels).astype(np.int64)
    return positions


def _measure_pairs(
    mse: float,
    before: StoredArray,
    after: StoredArray,
    weights: npt.ArrayLike,
    space: DistanceSpace,
) -> Differences:
    """Return all figures of pairs of stored values."""
    shares = np.asarray(weights, np.float64)
    if len(before) == 0 or not shares.any():
        return Differences(mse, 0.0)
    shares = shares / shares.sum()
    distances, seen = np.empty((2, len(before)))

    def compare(block: slice) -> None:
        one, other = space.coordinates(before[block]), space.coordinates(after[block])
        off = one - other
        distances[block] = np.einsum("nc,nc->n", off, off)
        if space.kind == "color":
            seen[block] = delta_e_2000(*(space.cielab(side[block]) for side in (before, after)))

    do_in_parallel(compare, slices(len(before), _PAIRS))
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
