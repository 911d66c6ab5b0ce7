"""Distinct stored values in the space that they are clustered in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rgbcloud.clustering.grids import GridPyramid
from rgbcloud.clustering.lloyd import MIDDLE, STEPS, to_palette
from rgbcloud.color.codes import distinct_rows, weight_sums
from rgbcloud.color.nearest import nearest, nearest_centers, squared_distances

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array
    from rgbcloud.color.distance import DistanceSpace, StoredArray
    from rgbcloud.counting.value_histogram import Histogram

_REACH = 127.0  # levels from the middle of the cube to the farthest sample
_MOST_TURNS = 64
_MARGIN = 1.05  # times the extent of the samples is that of their frame
_FRAMES = 8  # sizes of a frame between one and its double


class Assigned(NamedTuple):
    """Distinct palette values, ascending, and the one that is nearest to each sample."""

    values: StoredArray  # (k, 3)
    labels: UInt8Array  # (n,)


@dataclass(frozen=True, eq=False)
class Samples:
    """Distinct values of a texture, or one for each of many small cells of the distance space.

    Attributes
    ----------
    values : ndarray of shape (n, 3)
        Stored numbers, distinct.
    coverage : ndarray of shape (n,), int64
        Sum of the alpha, in 1/255, of the texels that each one stands for.
    space : DistanceSpace
    fixed : ndarray of shape (m, 3)
        Distinct values that shall be in the palette as they are, in this order.
    means : ndarray of shape (n, 3)
        Where each sample lies: the value itself, or the mean of those that are counted together.
    """

    values: StoredArray
    coverage: IntArray
    space: DistanceSpace
    fixed: StoredArray
    means: npt.NDArray[Any]

    @classmethod
    def of(cls, histogram: Histogram, space: DistanceSpace, fixed: StoredArray) -> Samples:
        """Make samples of all distinct values of a histogram."""
        return cls(histogram.values, histogram.coverage, space, fixed, histogram.means)

    @cached_property
    def coordinates(self) -> FloatArray:
        """Where the samples lie in the space: ndarray of shape (n, 3), float64."""
        return self.space.kept_coordinates(self.means)

    def has_at_most(self, count: int) -> bool:
        """Return whether there are no more distinct values than so many, the fixed ones among them."""
        return len(self) <= count and self._distinct <= count

    @property
    def _distinct(self) -> int:
        absent = sum(not (self.values == value).all(axis=1).any() for value in self.fixed)
        return len(self) + absent

    def __len__(self) -> int:
        return len(self.values)

    def levels(self) -> FloatArray:
        """Return the samples shifted and scaled to fill the cube of levels, -127 to 127 from its middle.

        One scale serves all three axes, so that distances keep their ratios.
        """
        middle, scale = self._frame
        return (self.coordinates - middle) * scale

    def pyramid(self) -> GridPyramid:
        """Return the samples as points for the search."""
        weights = self.coverage.astype(np.float64)
        if self.space.is_stored:
            return GridPyramid(self.values, weights)
        return GridPyramid.of_levels(self.levels(), weights)

    def fixed_steps(self) -> FloatArray:
        """Return the fixed values as centres of the search."""
        middle, scale = self._frame
        steps: FloatArray = np.rint((self.space.coordinates(self.fixed) - middle) * scale * STEPS)
        return steps

    def assign(self, centers: FloatArray, count: int) -> Assigned:
        """Return the values that centres of the search stand for, each the nearest of some sample.

        Parameters
        ----------
        centers : ndarray of shape (k, 3), float64
            Whole steps, as `rgbcloud.clustering.lloyd` has them, the fixed ones first.
        count : int
            How many distinct values to deliver, if there are as many.
        """
        if self.space.is_stored:
            return self.fill_up(to_palette(centers), count)
        middle, scale = self._frame
        centers = centers / STEPS / scale + middle
        centers[: len(self.fixed)] = self.space.coordinates(self.fixed)
        labels = nearest_centers(self.coordinates, centers)
        return self.fill_up(self._means(labels, len(centers)), count)

    def assign_means(self, labels: UInt8Array, count: int) -> Assigned:
        """Return the values of clusters' means, of which none is fixed, each the nearest of some sample."""
        return self.fill_up(self._means(labels, count), count)

    def fill_up(self, values: StoredArray, count: int) -> Assigned:
        """Return `count` distinct values, or as many as can be told apart, each the nearest of some sample.

        Rounded means may coincide, and one may have lost its last sample. Such values are replaced by the
        samples that suffer most. Fixed values stay even if no sample is nearest to them.
        """
        if len(self) < count:
            count = min(count, self._distinct)
        for _ in range(_MOST_TURNS):
            values = distinct_rows(np.concatenate([self.fixed, values]))
            labels = self._nearest(values)
            stays = (np.bincount(labels, minlength=len(values)) > 0) | self.is_fixed(values)
            worst = self._suffering_most(values, labels, count - int(stays.sum()))
            if stays.all() and len(worst) == 0:
                break
            values = np.concatenate([values[stays], self.values[worst]])
        return Assigned(values, labels)

    def _nearest(self, values: StoredArray) -> UInt8Array:
        """Return which value is nearest to each sample."""
        if self.space.is_stored:  # whole numbers of 24 bits, in half the time
            return nearest(self.values, values)
        return nearest_centers(self.coordinates, self.space.coordinates(values))

    def _suffering_most(self, values: StoredArray, labels: UInt8Array, count: int) -> npt.NDArray[np.intp]:
        """Return at most `count` samples that are not their own value, the one that suffers most first."""
        if count <= 0:  # mostly; sorting all samples takes a while
            return np.empty(0, np.intp)
        if self.space.is_stored:
            distances = squared_distances(self.values, values, labels)
        else:
            distances = squared_distances(self.coordinates, self.space.coordinates(values), labels)
        suffering = distances * self.coverage
        worst = np.argsort(-suffering, kind="stable")[:count]
        return worst[suffering[worst] > 0]

    def is_fixed(self, values: StoredArray) -> npt.NDArray[np.bool_]:
        """Return which values are fixed ones: ndarray of shape (n,), bool."""
        found: npt.NDArray[np.bool_] = (values[:, np.newaxis] == self.fixed).all(axis=2).any(axis=1)
        return found

    @cached_property
    def _frame(self) -> tuple[FloatArray, float]:
        """The middle of the samples, and how many levels a unit of the space is."""
        if self.space.is_stored:
            return np.full(3, MIDDLE / 255), 255.0
        parts = [part for part in (self.coordinates, self.space.coordinates(self.fixed)) if len(part)]
        # By column: numpy takes ten times as long to compare rows of three.
        lowest = np.min([[column.min() for column in part.T] for part in parts], axis=0)
        highest = np.max([[column.max() for column in part.T] for part in parts], axis=0)
        extent = float((highest - lowest).max()) * _MARGIN
        if extent == 0:
            return lowest, 1.0
        # Rounded, so that one picture that is stored in two ways is framed alike.
        extent = 2 ** (math.ceil(math.log2(extent) * _FRAMES) / _FRAMES)
        step = extent * (1 - 1 / _MARGIN)
        return np.rint((lowest + highest) / 2 / step) * step, 2 * _REACH / extent

    def _means(self, labels: UInt8Array, count: int) -> StoredArray:
        """Return the value of each cluster's mean; of a cluster of one sample that sample's own.

        Clusters of fixed values are left out.
        """
        weights = weight_sums(labels, self.coverage.astype(np.float64), count)
        sums = np.stack(
            [weight_sums(labels, column * self.coverage, count) for column in self.coordinates.T], axis=1
        )
        weights[: len(self.fixed)] = 0
        filled = np.flatnonzero(weights)
        values = self.space.values(sums[filled] / weights[filled, np.newaxis])
        alone = np.flatnonzero((np.bincount(labels, minlength=count)[labels] == 1) & (weights[labels] > 0))
        values[np.searchsorted(filled, labels[alone])] = self.values[alone]
        return values
