"""Distinct stored values in a working space: what is clustered where that space is not plain 8-bit sRGB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.clustering.grids import Pyramid
from rgbcloud.clustering.lloyd import STEPS
from rgbcloud.color.codes import weight_sums
from rgbcloud.color.distance import WorkingSpace, nearest_in

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array
    from rgbcloud.color.distance import StoredArray
    from rgbcloud.counting.histogram import ColorHistogram

_REACH = 127.0  # levels from the middle of the cube to the farthest sample
_MOST_TURNS = 64


class Settled(NamedTuple):
    """Palette values, fixed ones first, others by population, and where each sample belongs."""

    values: StoredArray  # (k, 3)
    labels: UInt8Array  # (n,)
    distances: FloatArray  # (n,), squared, in the working space


@dataclass(frozen=True, eq=False)
class Samples:
    """Distinct values of a texture, or one for each of many small cells of the working space.

    Attributes
    ----------
    values : ndarray of shape (n, 3)
        Stored numbers, in ascending order.
    coordinates : ndarray of shape (n, 3), float64
        Of the values, or the means of the cells, in the working space.
    coverage : ndarray of shape (n,), int64
        Sum of the alpha, in 1/255, of the texels that each one stands for.
    space : WorkingSpace
    fixed : ndarray of shape (m, 3)
        Distinct values that shall be in the palette as they are, in this order.
    """

    values: StoredArray
    coordinates: FloatArray
    coverage: IntArray
    space: WorkingSpace
    fixed: StoredArray

    @classmethod
    def of(cls, histogram: ColorHistogram, space: WorkingSpace, fixed: StoredArray) -> Samples:
        """Make samples of all distinct colours of a histogram."""
        return cls(histogram.colors, space.coordinates(histogram.colors), histogram.coverage, space, fixed)

    @property
    def distinct(self) -> int:
        """How many distinct values there are, the fixed ones among them."""
        absent = sum(not (self.values == value).all(axis=1).any() for value in self.fixed)
        return len(self.values) + absent

    def __len__(self) -> int:
        return len(self.values)

    def levels(self) -> FloatArray:
        """Return the samples shifted and scaled to fill the cube of levels, -127 to 127 from its middle.

        One scale serves all three axes, so that distances keep their ratios.
        """
        middle, scale = self._frame()
        return (self.coordinates - middle) * scale

    def pyramid(self) -> Pyramid:
        """Return the samples as points for the search."""
        return Pyramid.of_levels(self.levels(), self.coverage.astype(np.float64))

    def fixed_steps(self) -> FloatArray:
        """Return the fixed values as centres of the search."""
        middle, scale = self._frame()
        steps: FloatArray = np.rint((self.space.coordinates(self.fixed) - middle) * scale * STEPS)
        return steps

    def settled(self, centers: FloatArray, count: int) -> Settled:
        """Return the values that centres of the search stand for, each the nearest of some sample.

        Parameters
        ----------
        centers : ndarray of shape (k, 3), float64
            Whole steps, as `rgbcloud.clustering.lloyd` has them, the fixed ones first.
        count : int
            How many distinct values to deliver, if there are as many.
        """
        middle, scale = self._frame()
        centers = centers / STEPS / scale + middle
        centers[: len(self.fixed)] = self.space.coordinates(self.fixed)
        labels, _ = nearest_in(self.coordinates, centers)
        return self.completed(self._means(labels, len(centers)), count)

    def completed(self, values: StoredArray, count: int) -> Settled:
        """Return `count` distinct values, or as many as can be told apart, each the nearest of some sample.

        Rounded means may coincide, and one may have lost its last sample. Such values are replaced by the
        samples that suffer most. Fixed values stay even if no sample is nearest to them.
        """
        count = min(count, self.distinct)
        for _ in range(_MOST_TURNS):
            values = np.unique(np.concatenate([self.fixed, values]), axis=0)
            labels, distances = nearest_in(self.coordinates, self.space.coordinates(values))
            stays = (np.bincount(labels, minlength=len(values)) > 0) | self.is_fixed(values)
            suffering = distances * self.coverage
            worst = np.argsort(-suffering, kind="stable")[: max(0, count - int(stays.sum()))]
            worst = worst[suffering[worst] > 0]
            if stays.all() and len(worst) == 0:
                break
            values = np.concatenate([values[stays], self.values[worst]])
        return self._ordered(values, labels, distances)

    def is_fixed(self, values: StoredArray) -> npt.NDArray[np.bool_]:
        """Return which values are fixed ones: ndarray of shape (n,), bool."""
        found: npt.NDArray[np.bool_] = (values[:, np.newaxis] == self.fixed).all(axis=2).any(axis=1)
        return found

    def _frame(self) -> tuple[FloatArray, float]:
        everything = np.concatenate([self.coordinates, self.space.coordinates(self.fixed)])
        lowest, highest = everything.min(axis=0), everything.max(axis=0)
        extent = float((highest - lowest).max())
        return (lowest + highest) / 2, 2 * _REACH / extent if extent > 0 else 1.0

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

    def _ordered(self, values: StoredArray, labels: UInt8Array, distances: FloatArray) -> Settled:
        populations = weight_sums(labels, self.coverage.astype(np.float64), len(values))
        places = np.full(len(values), len(self.fixed))
        for place, value in enumerate(self.fixed):
            places[(values == value).all(axis=1)] = place
        order = np.lexsort((-populations, places))
        rank = np.empty(len(order), np.uint8)
        rank[order] = np.arange(len(order))
        return Settled(values[order], rank[labels], distances)
