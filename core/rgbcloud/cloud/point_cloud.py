"""The cloud: a texture's colours as points in the RGB cube."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from rgbcloud.cloud.cloud_axes import AXES, AxesName, axis_positions
from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array, weight_sums
from rgbcloud.color.color_space import SRGB
from rgbcloud.color.distance import DistanceSpace
from rgbcloud.color.nearest import nearest
from rgbcloud.errors import InvalidArgumentError, quote
from rgbcloud.palettes.palette import nearest_in_space

if TYPE_CHECKING:
    from rgbcloud.color.color_space import ColorSpace
    from rgbcloud.counting.histogram import ColorHistogram
    from rgbcloud.counting.value_histogram import Histogram
    from rgbcloud.palettes.palette import Palette

ColorBy = Literal["source", "cluster"]
DEFAULT_BUDGET = 100_000


@dataclass(frozen=True, eq=False)
class PointCloud:
    """Points in RGB space, one per colour, ordered by red, green, blue.

    Attributes
    ----------
    colors : ndarray of shape (n, 3), uint8
        sRGB, all distinct.
    weights : ndarray of shape (n,), float64
        Texels that each point stands for.
    palette : Palette or None
        The colours that the points were clustered to.
    clusters : ndarray of shape (n,), uint8, or None
        Index into `palette` of each point's nearest colour.
    axes : {"srgb", "linear", "oklab", "cielab", "file"}
        What x, y and z of a point are, see `rgbcloud.cloud.AXES`.
    color_space : ColorSpace
        Of the file: what its numbers are, which are the axes "file".

    Examples
    --------
    >>> from rgbcloud import ColorHistogram, Palette
    >>> histogram = ColorHistogram(np.array([[255, 0, 0], [250, 0, 0], [0, 0, 51]], np.uint8), [5, 1, 3])
    >>> cloud = PointCloud.from_histogram(histogram, Palette.from_hex(["#ff0000", "#000000"]), budget=2)
    >>> cloud.positions.tolist(), cloud.weights.tolist(), cloud.clusters.tolist()
    ([[0.0, 0.0, 0.20000000298023224], [1.0, 0.0, 0.0]], [3.0, 6.0], [1, 0])
    """

    colors: UInt8Array
    weights: FloatArray
    palette: Palette | None = None
    clusters: UInt8Array | None = None
    axes: AxesName = "file"
    color_space: ColorSpace = SRGB

    @classmethod
    def from_histogram(
        cls,
        histogram: Histogram,
        palette: Palette | None = None,
        *,
        budget: int = DEFAULT_BUDGET,
        color_space: ColorSpace = SRGB,
    ) -> PointCloud:
        """Make a cloud of at most `budget` points.

        Parameters
        ----------
        histogram : ColorHistogram or ValueHistogram
            The colours, which stand where a display shows them.
        palette : Palette, optional
            Clusters the points: each one belongs to its nearest colour, in the space that the palette was
            found in.
        budget : int, default 100,000
            At least 1. A histogram of more colours is thinned.
        color_space : ColorSpace, default sRGB
            What the colours are, if no palette tells.

        Returns
        -------
        PointCloud
            Weights add up to the histogram's total.

        Raises
        ------
        InvalidArgumentError
            If `budget` is below 1.

        Notes
        -----
        Thinning keeps the cloud's shape and its rare colours, which a random sample would lose: on the
        finest grid that has no more occupied cells than the budget, every cell keeps its most frequent
        colour. What is left of the budget goes to the heaviest cells of the next finer grid. A colour that
        is dropped adds its weight to the point that stands for its cell. It is deterministic.
        """
        if budget < 1:
            raise InvalidArgumentError(f"the budget must be at least 1 point, got {budget}")
        found = None if palette is None else palette.found
        color_space = color_space if found is None else found.space.color_space
        shown = histogram.to_display(color_space)
        colors, weights = shown.colors, shown.counts
        if len(shown) > budget:
            kept, weights = _drop_rare_colors(shown, budget)
            colors = colors[kept]
        cloud = cls(colors, weights, color_space=color_space)
        if palette is None:
            return cloud
        space = DistanceSpace() if found is None else found.space.of_display
        return replace(cloud, palette=palette, clusters=nearest_in_space(colors, palette.colors, space))

    def with_clusters(self, palette: Palette) -> PointCloud:
        """Return the same points, clustered to another palette by distance in sRGB."""
        return replace(self, palette=palette, clusters=nearest(self.colors, palette.colors))

    def with_axes(self, axes: AxesName) -> PointCloud:
        """Return the same points along other axes.

        Parameters
        ----------
        axes : {"srgb", "linear", "oklab", "cielab", "file"}

        Raises
        ------
        InvalidArgumentError
            If it is none of these.
        """
        if axes not in AXES:
            raise InvalidArgumentError(f"axes must be one of {', '.join(AXES)}, got {axes!r}")
        return replace(self, axes=axes)

    @cached_property
    def positions(self) -> npt.NDArray[np.float32]:
        """Points in the unit cube: ndarray of shape (n, 3), float32; of sRGB x = R, y = G, z = B."""
        return axis_positions(self.colors, self.axes, self.color_space).astype(np.float32)

    def display_colors(self, by: ColorBy = "source") -> UInt8Array:
        """Return the colours to show the points in: their own, or those of their clusters.

        Parameters
        ----------
        by : {"source", "cluster"}

        Returns
        -------
        ndarray of shape (n, 3), uint8

        Raises
        ------
        InvalidArgumentError
            If `by` is neither, or the cloud was made without a palette.
        """
        if by == "source":
            return self.colors
        if by != "cluster":
            raise InvalidArgumentError(f'points can be coloured by "source" or "cluster", got {quote(by)}')
        if self.palette is None or self.clusters is None:
            raise InvalidArgumentError("the cloud has no clusters to be coloured by; make it with a palette")
        return self.palette.rebuild(self.clusters)

    def __len__(self) -> int:
        return len(self.colors)


def _drop_rare_colors(histogram: ColorHistogram, budget: int) -> tuple[IntArray, FloatArray]:
    """Return which colours stay, ascending, and the weight of each."""
    rarest_first = np.argsort(-histogram.counts, kind="stable")[::-1]  # of equal ones, the last colour first
    coarse = _Grid(histogram, rarest_first, 0)
    for bits in range(1, 9):
        fine = _Grid(histogram, rarest_first, bits)
        if len(fine.representatives) > budget:
            break
        coarse = fine
    is_kept = np.zeros(len(histogram), bool)
    is_kept[coarse.representatives] = True
    heaviest = fine.representatives[np.argsort(-fine.weights, kind="stable")]
    is_kept[heaviest[~is_kept[heaviest]][: budget - len(coarse.representatives)]] = True
    stand_in = fine.representatives[fine.cell_of]
    stand_in = np.where(is_kept[stand_in], stand_in, coarse.representatives[coarse.cell_of])
    kept = np.flatnonzero(is_kept)
    return kept, weight_sums(stand_in, histogram.counts, len(histogram))[kept]


class _Grid:
    """The occupied cells of a grid of 2**bits cells a side, and the most frequent colour of each."""

    def __init__(self, histogram: ColorHistogram, rarest_first: IntArray, bits: int) -> None:
        red, green, blue = (histogram.colors >> np.uint8(8 - bits)).T.astype(np.int32)
        cells = red << 2 * bits | green << bits | blue
        foremost = np.full(1 << 3 * bits, -1, np.int32)
        foremost[cells[rarest_first]] = rarest_first  # of a cell's colours the last one stays
        is_occupied = foremost >= 0
        self.representatives: IntArray = foremost[is_occupied].astype(np.int64)
        self.cell_of: IntArray = (np.cumsum(is_occupied, dtype=np.int32) - 1)[cells]
        self.weights = weight_sums(self.cell_of, histogram.counts, len(self.representatives))
