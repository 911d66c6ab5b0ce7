"""The distinct values of images of more than 8 bits a channel, or small ranges of them where they are many.

Histograms of any images are made coarser alike, and add up; see `rgbcloud.counting.value_keys`.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from rgbcloud.counting import tallies
from rgbcloud.counting.histogram import OPAQUE, ColorHistogram
from rgbcloud.counting.tallies import Tally
from rgbcloud.counting.value_keys import FINE_BITS, numbers_of
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.progress import Progress, silent
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from rgbcloud.color.codes import IntArray, UInt8Array
    from rgbcloud.color.color_space import ColorSpace
    from rgbcloud.color.distance import StoredArray

_BLOCK = 1 << 23  # texels at a time
_FLOATS = 1 << 16  # the same of 32 bits a channel, which are sorted in a core's cache


class ValueHistogram:
    """Distinct values and their counts; like `ColorHistogram`, for uint16, float16 and float32.

    Where there are more than 2**21 distinct values, those that differ in the lowest bits alone are counted
    together, by as many bits as it takes. Made by `from_array`; two of one dtype add up to one.
    """

    def __init__(self, tally: Tally, dtype: str, shift: int) -> None:
        self._tally = tally
        self._dtype = dtype
        self._shift = shift  # bits of each number's code that were given up

    @classmethod
    def from_columns(cls, columns: Mapping[str, npt.NDArray[Any]]) -> ValueHistogram:
        """Return the histogram that `to_columns` has taken apart.

        Raises
        ------
        InvalidArgumentError
            If there is none that would be taken apart like that.
        """
        dtype, shift = str(columns.get("dtype", "")), int(columns.get("shift", np.array(-1)))
        bits = {"uint16": 16, "float16": 16, "float32": 32}.get(dtype, 0)
        if not 0 <= shift < bits:
            raise InvalidArgumentError("a histogram of values must have a dtype and a shift")
        kinds = {"keys": "uint64", "coverage": "int64"}
        if dtype == "float32" and shift < FINE_BITS:
            kinds["fine"] = "uint64"
        if shift:
            kinds["sums"] = "float64"
        parts = {name: columns.get(name, np.empty(0)) for name in kinds}
        length = len(parts["keys"])
        shapes = {name: (length, 3) if name == "sums" else (length,) for name in kinds}
        if any((parts[name].dtype.name, parts[name].shape) != (kinds[name], shapes[name]) for name in kinds):
            raise InvalidArgumentError(f"a histogram of values must have {', '.join(kinds)} of one length")
        tally: Any = Tally(*(parts.get(name) for name in Tally._fields))  # type: ignore[arg-type]
        if length > tallies.MOST or (tally.coverage <= 0).any():
            raise InvalidArgumentError("values must not be too many, and their coverage above 0")
        before, after = slice(None, -1), slice(1, None)
        rises = tally.keys[after] > tally.keys[before]
        if tally.fine is not None:
            same = tally.keys[after] == tally.keys[before]
            rises |= same & (tally.fine[after] > tally.fine[before])
        if not rises.all() or not np.isfinite(parts.get("sums", np.empty(0))).all():
            raise InvalidArgumentError("keys of values must ascend, and their sums be finite")
        return cls(tally, dtype, shift)

    def to_columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return what it is made of, to be written down: arrays by their names."""
        columns = {name: column for name, column in self._tally._asdict().items() if column is not None}
        return {**columns, "dtype": np.array(self._dtype), "shift": np.array(self._shift)}

    @classmethod
    def from_array(
        cls, values: StoredArray, coverage: UInt8Array, *, progress: Progress = silent
    ) -> ValueHistogram:
        """Count the values of an array of texels.

        Parameters
        ----------
        values : ndarray of shape (H, W, 3), uint16, float16 or float32
        coverage : ndarray of shape (H, W), uint8
            How much each texel counts, in 1/255; 0 not at all, and only then may it be NaN or infinite.
        progress : Progress
            Told after each block.
        """
        dtype = values.dtype.name
        shift, block = 0, _BLOCK
        if dtype == "float32":
            shift, block = tallies.shift_at_least(values, coverage), _FLOATS
        rows = slices(len(values), max(1, block // values.shape[1]))

        def count(block: slice) -> ValueHistogram:  # of 16 bits on all cores
            seen = coverage[block] > 0
            texels = values[block].reshape(-1, 3) if seen.all() else values[block][seen]
            weights = coverage[block][seen]
            if dtype == "float32":
                return cls(tallies.count_floats(texels, weights, shift), dtype, shift)
            return cls(tallies.count_short_numbers(texels, weights), dtype, shift)

        parts = in_parallel(count, rows) if dtype == "float32" else map(count, rows)
        pending: list[ValueHistogram] = []
        for done, part in enumerate(parts, start=1):
            pending.append(part)
            if sum(map(len, pending)) > 2 * tallies.MOST or done == len(rows):
                pending = [cls.merge(pending)]
            progress(done / len(rows), "counting colours")
        return pending[0]

    @classmethod
    def merge(cls, histograms: Iterable[ValueHistogram]) -> ValueHistogram:
        """Add up some histograms of one dtype, at least one.

        Raises
        ------
        InvalidArgumentError
            If their dtypes differ.
        """
        parts = list(histograms)
        dtypes = sorted({part.dtype for part in parts})
        if len(dtypes) > 1:
            raise InvalidArgumentError(f"histograms that are added up must have one dtype, got {dtypes}")
        shift = max(part._shift for part in parts)
        dtype = parts[0].dtype
        tally = tallies.sum_of_tallies(
            [tallies.coarser(part._tally, dtype, part._shift, shift) for part in parts]
        )
        more = tallies.excess(tally, dtype, shift)
        return cls(tallies.coarser(tally, dtype, shift, shift + more), dtype, shift + more)

    def __add__(self, other: ValueHistogram) -> ValueHistogram:
        return self.merge((self, other))

    def __len__(self) -> int:
        return len(self._tally.keys)

    @property
    def dtype(self) -> str:
        """How the values are stored: the name of a dtype."""
        return self._dtype

    @cached_property
    def values(self) -> StoredArray:
        """Distinct values, ndarray of shape (n, 3); of those that are counted together the mean."""
        if self.is_exact:
            return np.stack(numbers_of(self._tally.keys, self._tally.fine, self._dtype), axis=1)
        means = self.means
        return (np.rint(means) if self._dtype == "uint16" else means).astype(self._dtype)

    @property
    def means(self) -> npt.NDArray[Any]:
        """The mean of what is counted together, float64; `values` where every value is counted apart."""
        if self._tally.sums is None:
            return self.values
        return self._tally.sums / self._tally.coverage[:, np.newaxis]

    @property
    def is_exact(self) -> bool:
        """Whether every distinct value is counted apart."""
        return self._shift == 0

    @property
    def coverage(self) -> IntArray:
        """255 times the texels of each value: ndarray of shape (n,), int64."""
        return self._tally.coverage

    @property
    def total(self) -> float:
        """The number of texels, each counted by its alpha."""
        return float(self._tally.coverage.sum() / OPAQUE)

    def raise_counts(self, power: float) -> ValueHistogram:
        """Return the same values with their counts to a power; see `ColorHistogram.raise_counts`."""
        coverage = np.maximum(1, np.rint((self.coverage / OPAQUE) ** power * OPAQUE)).astype(np.int64)
        sums = self._tally.sums
        if sums is not None:
            sums = sums / self.coverage[:, np.newaxis] * coverage[:, np.newaxis]
        return ValueHistogram(self._tally._replace(coverage=coverage, sums=sums), self._dtype, self._shift)

    def to_display(self, color_space: ColorSpace) -> ColorHistogram:
        """Return the colours that a display shows, in 8 bits of sRGB.

        Parameters
        ----------
        color_space : ColorSpace
            What the values are.
        """
        return ColorHistogram.of_values(self.values, self.coverage, color_space)


Histogram = Union[ColorHistogram, ValueHistogram]
"""The distinct values of images of any depth. Both have values, coverage, total, +, merge and weighted."""


def count_values(
    values: StoredArray, coverage: UInt8Array | None = None, *, progress: Progress = silent
) -> Histogram:
    """Count the distinct values of texels of any depth.

    Parameters
    ----------
    values : ndarray of shape (H, W, 3)
    coverage : ndarray of shape (H, W), uint8, optional
        How much each texel counts, in 1/255; all in full if left out.
    progress : Progress
        Told from time to time.
    """
    if values.dtype == np.uint8:
        texels = values if coverage is None else np.dstack([values, coverage])
        return ColorHistogram.from_array(texels, progress=progress)
    if coverage is None:
        coverage = np.full(values.shape[:2], OPAQUE, np.uint8)
    return ValueHistogram.from_array(values, coverage, progress=progress)


def added_up(histograms: Iterable[Histogram]) -> Histogram:
    """Return the histogram of all images together; of none of them, the empty one of 8 bits.

    Raises
    ------
    InvalidArgumentError
        If their depths differ.
    """
    parts = list(histograms)
    depths = sorted({part.dtype for part in parts})
    if len(depths) > 1:
        raise InvalidArgumentError(f"images that are counted together must have one depth, got {depths}")
    counter: Any = ValueHistogram if parts and depths != ["uint8"] else ColorHistogram
    merged: Histogram = counter.merge(parts)
    return merged
