"""The distinct values of images of more than 8 bits a channel, or small ranges of them where they are many.

A number's code is its bits in ascending order of the numbers: 16 bits of half floats and 16-bit integers, 32
of floats. The codes of red, green and blue, bit by bit in turn, are a value's key. Values whose keys agree
but for the lowest bits are neighbours, so that histograms of any images are made coarser alike, and add up.

References
----------
Morton, G. M. (1966), A computer oriented geodetic data base and a new technique in file sequencing, IBM.
"""

from __future__ import annotations

import functools
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Union

import numpy as np

from rgbcloud.color.codes import to_codes, to_colors, weight_sums
from rgbcloud.color.display import to_srgb8
from rgbcloud.counting.histogram import OPAQUE, ColorHistogram
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.progress import Progress, silent
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array
    from rgbcloud.color.color_space import ColorSpace
    from rgbcloud.color.distance import StoredArray

    UInt64Array = npt.NDArray[np.uint64]

_MOST = 1 << 21  # values kept: 100 MB
_BLOCK_BITS = 21  # texels at a time, as a power of 2
_CACHED = 1 << 15  # texels whose keys are made at a time: fresh memory for all of them takes longer than they
_FINE_BITS = 11  # the lowest bits of a float's code, which do not fit into a key of 63 bits


class _Tally(NamedTuple):
    """Values, ascending by key."""

    keys: UInt64Array
    fine: UInt64Array | None  # the lowest bits of floats' codes, as far as they are kept
    coverage: IntArray
    sums: FloatArray | None = (
        None  # (n, 3), values times coverage, where some are counted together; by channel
    )


class ValueHistogram:
    """Distinct values and their counts; like `ColorHistogram`, for uint16, float16 and float32.

    Where there are more than 2**21 distinct values, those that differ in the lowest bits alone are counted
    together, by as many bits as it takes. Made by `from_array`; two of one dtype add up to one.
    """

    def __init__(self, tally: _Tally, dtype: str, shift: int) -> None:
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
        if dtype == "float32" and shift < _FINE_BITS:
            kinds["fine"] = "uint64"
        if shift:
            kinds["sums"] = "float64"
        parts = {name: columns.get(name, np.empty(0)) for name in kinds}
        length = len(parts["keys"])
        shapes = {name: (length, 3) if name == "sums" else (length,) for name in kinds}
        if any((parts[name].dtype.name, parts[name].shape) != (kinds[name], shapes[name]) for name in kinds):
            raise InvalidArgumentError(f"a histogram of values must have {', '.join(kinds)} of one length")
        tally: Any = _Tally(*(parts.get(name) for name in _Tally._fields))  # type: ignore[arg-type]
        if length > _MOST or (tally.coverage <= 0).any():
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
        shift, block_bits = 0, _BLOCK_BITS
        if dtype == "float32":
            shift = _shift_at_least(values, coverage)
            block_bits = max(16, min(_BLOCK_BITS, 64 - _key_bits(dtype, shift)))
        rows = slices(len(values), max(1, (1 << block_bits) // values.shape[1]))

        def count(block: slice) -> ValueHistogram:
            seen = coverage[block] > 0
            texels = values[block].reshape(-1, 3) if seen.all() else values[block][seen]
            weights = coverage[block][seen]
            if dtype == "float32":
                return cls(_count_floats(texels, weights, shift), dtype, shift)
            return cls(_count_short_numbers(texels, weights), dtype, shift)

        pending: list[ValueHistogram] = []
        for done, part in enumerate(in_parallel(count, rows), start=1):
            pending.append(part)
            if sum(map(len, pending)) > 2 * _MOST or done == len(rows):
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
        tally = _sum_of_tallies([_coarser(part._tally, dtype, part._shift, shift) for part in parts])
        more = _excess(tally, dtype, shift)
        return cls(_coarser(tally, dtype, shift, shift + more), dtype, shift + more)

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
            return np.stack(_numbers_of(self._tally, self._dtype), axis=1)
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
        codes, groups = np.unique(to_codes(to_srgb8(self.values, color_space)), return_inverse=True)
        coverage = weight_sums(groups, self.coverage.astype(np.float64), len(codes))
        return ColorHistogram(to_colors(codes), coverage / OPAQUE)


def _count_short_numbers(texels: StoredArray, weights: UInt8Array) -> _Tally:
    """Count texels of 16 bits a channel, of shape (n, 3), that all count.

    Key and weight are one number: numbers are sorted sooner than places by them, and tell all that is needed.
    """
    packed = np.empty(len(texels), np.uint64)
    for block in slices(len(texels), _CACHED):
        np.left_shift(_short_keys(texels[block]), np.uint64(8), out=packed[block])
        packed[block] |= weights[block]
    packed.sort()
    starts = _run_starts(packed)
    distinct = packed[starts]
    counts = np.diff(starts, append=len(packed)) * (distinct & np.uint64(0xFF)).astype(np.int64)
    return _merge_runs(_Tally(distinct >> np.uint64(8), None, counts))


def _count_floats(texels: StoredArray, weights: UInt8Array, shift: int) -> _Tally:
    """Count texels of 32 bits a channel, of shape (n, 3), that all count."""
    keys, fine = _shift_codes(*_float_keys(texels), "float32", 0, shift)
    bits = _key_bits("float32", shift)
    if bits <= 64 - len(keys).bit_length():
        # Key and place in one number: to sort numbers is several times as fast as to sort places by them.
        index_bits = np.uint64(64 - bits)
        packed = keys << index_bits
        packed |= np.arange(len(keys), dtype=np.uint64)
        packed.sort()
        keys = packed >> index_bits
        order = (packed & np.uint64((1 << int(index_bits)) - 1)).astype(np.int64)
    else:
        order = np.argsort(keys, kind="stable") if fine is None else np.lexsort((fine, keys))
        keys, fine = keys[order], None if fine is None else fine[order]
    each = weights.astype(np.int64)[order]
    sums = None
    if shift:
        sums = np.stack([column[order].astype(np.float64) * each for column in texels.T]).T
    return _merge_runs(_Tally(keys, fine, each, sums))


def _merge_runs(tally: _Tally) -> _Tally:
    """Add up neighbours of equal keys."""
    keys, fine, coverage, sums = tally
    starts = _run_starts(keys, fine)
    if len(starts) == len(keys):
        return tally
    return _Tally(
        keys[starts],
        None if fine is None else fine[starts],
        np.add.reduceat(coverage, starts),
        None if sums is None else np.stack([np.add.reduceat(column, starts) for column in sums.T]).T,
    )


def _run_starts(keys: UInt64Array, fine: UInt64Array | None = None) -> IntArray:
    """Return where runs of equal keys begin."""
    first = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    if fine is not None:
        first[1:] |= fine[1:] != fine[:-1]
    return np.flatnonzero(first)


def _sum_of_tallies(tallies: list[_Tally]) -> _Tally:
    """Add up tallies that are as coarse as each other."""
    if len(tallies) == 1:
        return tallies[0]
    joined: Any = (None if column[0] is None else np.concatenate(column) for column in zip(*tallies))
    keys, fine, coverage, sums = joined
    # A stable sort merges ascending parts.
    order = np.argsort(keys, kind="stable") if fine is None else np.lexsort((fine, keys))
    ordered: Any = (  # the sums channel by channel, as they lie in memory
        None if column is None else column.T.take(order, axis=-1).T for column in (keys, fine, coverage, sums)
    )
    return _merge_runs(_Tally(*ordered))


def _coarser(tally: _Tally, dtype: str, before: int, after: int) -> _Tally:
    """Give up the lowest bits of each code, some of which were given up before."""
    if before == after:
        return tally
    keys, fine = _shift_codes(tally.keys, tally.fine, dtype, before, after)
    starts = _run_starts(keys, fine)
    if tally.sums is None:
        weights = tally.coverage.astype(np.float64)
        columns = [numbers * weights for numbers in _numbers_of(tally, dtype)]
    else:
        columns = list(tally.sums.T)
    return _Tally(
        keys[starts],
        None if fine is None else fine[starts],
        np.add.reduceat(tally.coverage, starts),
        np.stack([np.add.reduceat(column, starts) for column in columns]).T,
    )


def _shift_codes(
    keys: UInt64Array, fine: UInt64Array | None, dtype: str, before: int, after: int
) -> tuple[UInt64Array, UInt64Array | None]:
    """Return keys without the lowest bits of each code."""
    fine_bits = _FINE_BITS if dtype == "float32" else 0
    if fine is not None and after < fine_bits:
        return keys, fine >> np.uint64(3 * (after - before))
    down = max(after - fine_bits, 0) - max(before - fine_bits, 0)
    return keys >> np.uint64(3 * down), None


def _key_bits(dtype: str, shift: int) -> int:
    """Return how many bits keys and what does not fit into them have together."""
    return 3 * ((32 if dtype == "float32" else 16) - shift)


def _excess(tally: _Tally, dtype: str, shift: int) -> int:
    """Return by how many more bits values must be counted together so that there are not too many."""
    if len(tally.keys) <= _MOST:
        return 0
    return _bits_too_many(tally.keys, tally.fine, dtype, shift)


def _bits_too_many(keys: UInt64Array, fine: UInt64Array | None, dtype: str, shift: int) -> int:
    """Return how many more bits of each code leave no more than `_MOST` cells: of many ascending keys."""
    differ = keys[1:] ^ keys[:-1]
    differ_finely = None if fine is None else fine[1:] ^ fine[:-1]
    more = 0
    while True:
        cells, rest = _shift_codes(differ, differ_finely, dtype, shift, shift + more)
        if np.count_nonzero(cells if rest is None else cells | rest) < _MOST:
            return more
        more += 1


def _shift_at_least(values: StoredArray, coverage: UInt8Array) -> int:
    """Return how many bits of floats must be given up at the least, as some of the texels tell."""
    if coverage.size <= _MOST:
        return 0
    step = -(-coverage.size // (2 * _MOST))
    seen = coverage[::step] > 0
    keys, fine = _float_keys(values[::step][seen])
    order = np.argsort(keys)
    keys = keys[order]
    first = np.append(True, keys[1:] != keys[:-1])
    if np.count_nonzero(first) > _MOST:
        return _FINE_BITS + _bits_too_many(keys, None, "float32", _FINE_BITS)
    # The number of each key and what is fine, in one: sorted in a fraction of the time that both would take.
    packed = np.cumsum(first, dtype=np.uint64) << np.uint64(3 * _FINE_BITS) | fine[order]
    packed.sort()
    packed[1:] ^= packed[:-1].copy()
    shift = 0
    while np.count_nonzero(packed[1:] >> np.uint64(3 * shift)) >= _MOST:
        shift += 1
    return shift


def _short_keys(values: StoredArray) -> UInt64Array:
    """Return the keys of values of 16 bits a channel, of shape (n, 3)."""
    tables = _tables(values.dtype.name)
    codes = values.view(np.uint16)
    keys = tables[0].take(codes[:, 0])
    keys |= tables[1].take(codes[:, 1])
    keys |= tables[2].take(codes[:, 2])
    return np.asarray(keys)


def _float_keys(values: StoredArray) -> tuple[UInt64Array, UInt64Array]:
    """Return the keys of floats of shape (n, 3), and what does not fit into them."""
    keys, fine = np.zeros((2, len(values)), np.uint64)
    for block in slices(len(values), _CACHED):
        codes = _ascending_integers((values[block] + np.float32(0)).view(np.uint32), 32)  # -0 is 0
        for axis in range(3):
            keys[block] |= _spread_bits(codes[:, axis] >> np.uint32(_FINE_BITS), axis)
            fine[block] |= _spread_bits(codes[:, axis] & np.uint32((1 << _FINE_BITS) - 1), axis)
    return keys, fine


def _numbers_of(tally: _Tally, dtype: str) -> list[npt.NDArray[Any]]:
    """Return red, green and blue of values that are counted apart: three ndarrays of shape (n,)."""
    if dtype != "float32":
        codes = _short_codes(tally.keys)
        places = ((codes >> np.uint64(16 * axis) & _LOWEST_16).view(np.int64) for axis in range(3))
        return [_numbers_by_code(dtype).take(place) for place in places]
    numbers = []
    for axis in range(3):
        bits = _gather_bits(tally.keys, axis) << np.uint64(_FINE_BITS)
        bits |= np.uint64(0) if tally.fine is None else _gather_bits(tally.fine, axis)
        numbers.append(_bits_of(bits.astype(np.uint32), 32).view(np.float32))
    return numbers


def _short_codes(keys: UInt64Array) -> UInt64Array:
    """Return the codes of 16 bits of which keys were made: red's lowest, then green's and blue's."""
    table = _gathered_twelve()
    codes = table.take((keys & _LOWEST_12).view(np.int64))  # numpy 1 takes by no uint64
    for part in range(1, 4):
        places = (keys >> np.uint64(12 * part) & _LOWEST_12).view(np.int64)
        codes |= table.take(places) << np.uint64(4 * part)
    return np.asarray(codes)


_LOWEST_12, _LOWEST_16 = np.uint64(0xFFF), np.uint64(0xFFFF)


@functools.cache
def _gathered_twelve() -> UInt64Array:
    """Return which four bits each channel has of twelve bits of a key."""
    bits = np.arange(1 << 12, dtype=np.uint64)
    red, green, blue = (_gather_bits(bits, axis) for axis in range(3))
    return np.asarray(red | green << np.uint64(16) | blue << np.uint64(32))


@functools.cache
def _numbers_by_code(dtype: str) -> npt.NDArray[Any]:
    """Return the number of each code of 16 bits."""
    codes = np.arange(1 << 16, dtype=np.uint16)
    return codes if dtype == "uint16" else _bits_of(codes, 16).view(np.float16)


@functools.cache
def _tables(dtype: str) -> tuple[UInt64Array, ...]:
    """Return what each number of 16 bits, by its bits, puts into a key, for red, green and blue."""
    bits = np.arange(1 << 16, dtype=np.uint16)
    if dtype == "float16":
        bits = _ascending_integers(np.where(bits == 0x8000, 0, bits).astype(np.uint16), 16)  # -0 is 0
    return tuple(_spread_bits(bits, axis) for axis in range(3))


def _ascending_integers(bits: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    """Return the bits of floating-point numbers as integers that ascend as the numbers do."""
    sign = bits.dtype.type(1 << (size - 1))
    return np.where(bits & sign, ~bits, bits | sign).astype(bits.dtype)


def _bits_of(ascending: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    """Return the bits of floating-point numbers; see `_ascending_integers`."""
    sign = ascending.dtype.type(1 << (size - 1))
    return np.where(ascending & sign, ascending ^ sign, ~ascending).astype(ascending.dtype)


# Bits of a number are moved apart, half of them at a time, until two zeros are between any two.
_SPREADING = (
    (32, 0x001F00000000FFFF),
    (16, 0x001F0000FF0000FF),
    (8, 0x100F00F00F00F00F),
    (4, 0x10C30C30C30C30C3),
    (2, 0x1249249249249249),
)


def _spread_bits(codes: npt.NDArray[Any], axis: int) -> UInt64Array:
    """Return codes with every third bit, from that of the axis on, holding one of theirs."""
    bits = codes.astype(np.uint64)
    for distance, kept in _SPREADING:
        bits = (bits | bits << np.uint64(distance)) & np.uint64(kept)
    return np.asarray(bits << np.uint64(2 - axis))


def _gather_bits(keys: UInt64Array, axis: int) -> UInt64Array:
    """Return the codes of which `_spread_bits` made keys."""
    bits = keys >> np.uint64(2 - axis) & np.uint64(0x1249249249249249)
    masks = [mask for _, mask in _SPREADING[-2::-1]] + [(1 << 21) - 1]
    for (distance, _), kept in zip(_SPREADING[::-1], masks):
        bits = (bits | bits >> np.uint64(distance)) & np.uint64(kept)
    return np.asarray(bits)


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
