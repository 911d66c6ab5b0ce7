"""Tallies: which keys of values were seen, and how often; made coarser where they are too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, NamedTuple

import numpy as np

from rgbcloud.color.codes import radix_order, run_starts
from rgbcloud.counting.value_keys import FINE_BITS, float_keys, numbers_of, shift_codes, short_keys
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array
    from rgbcloud.color.distance import StoredArray
    from rgbcloud.counting.value_keys import UInt64Array

MOST = 1 << 21
"""Values kept: 100 MB."""
_DEALT = 1 << 16  # texels dealt out to buckets at a time
_BUCKET = 1 << 14  # texels that a bucket is to have at the least
_SAMPLED = 64  # texels of each bucket that are looked at to tell where it begins
_SUMMED = 1 << 13  # cells that are added up at a time
_TABLE_BITS = 24  # the table of cells has at most as many


class Tally(NamedTuple):
    """Values, ascending by key."""

    keys: UInt64Array
    fine: UInt64Array | None  # the lowest bits of floats' codes, as far as they are kept
    coverage: IntArray
    sums: FloatArray | None = (
        None  # (n, 3), values times coverage, where some are counted together; by channel
    )


def count_short_numbers(texels: StoredArray, weights: UInt8Array) -> Tally:
    """Count texels of 16 bits a channel, of shape (n, 3), that all count.

    They are dealt out to buckets of ascending keys, each of which is sorted for itself, in a core's cache.
    """
    if len(texels) == 0:
        return Tally(np.empty(0, np.uint64), None, np.empty(0, np.int64))
    buckets = _Buckets(texels)
    even = weights.min() == weights.max()

    dealt, shares = np.empty(len(texels), np.uint64), weights if even else np.empty_like(weights)

    def deal(block: slice) -> list[int]:
        keys = short_keys(texels[block])
        order, ends = buckets.deal(keys)
        keys.take(order, out=dealt[block], mode="clip")
        if not even:
            weights[block].take(order, out=shares[block], mode="clip")
        return [block.start + end for end in ends]

    bounds = list(in_parallel(deal, slices(len(texels), _DEALT)))

    def count(bucket: int) -> Tally:
        parts = [slice(*ends[bucket : bucket + 2]) for ends in bounds]
        keys = np.concatenate([dealt[part] for part in parts])
        order = radix_order(keys)
        keys = keys.take(order)
        starts = run_starts(keys)
        if even:
            coverage = np.diff(starts, append=len(keys)) * int(weights[0])
        else:
            each = np.concatenate([shares[part] for part in parts]).take(order)
            coverage = np.add.reduceat(each, starts, dtype=np.int64)
        return Tally(keys[starts], None, coverage)

    return _joined(in_parallel(count, range(len(buckets))))


class _Buckets:
    """Ranges of ascending keys that hold about as many texels each, as some of the texels tell.

    Parameters
    ----------
    texels : ndarray of shape (n, 3)
        Of 16 bits a channel.
    """

    def __init__(self, texels: StoredArray) -> None:
        self._table = np.zeros(1, np.uint8)  # the bucket of each cell of keys
        self._shift, self._first = np.uint64(0), np.int64(0)
        count = min(256, len(texels) // _BUCKET)
        if count < 2:
            return
        sample = np.sort(short_keys(texels[:: len(texels) // (count * _SAMPLED)]))
        bits = int(sample[0] ^ sample[-1]).bit_length()
        self._shift = np.uint64(max(0, bits - _TABLE_BITS))
        cells = (sample >> self._shift).view(np.int64)
        self._first = cells[0]
        cells -= self._first
        cuts = cells[:: -(-len(cells) // count)]
        cuts = cuts[np.diff(cuts, prepend=0) > 0]
        sizes = np.diff(cuts, prepend=0, append=cells[-1] + 1)
        self._table = np.repeat(np.arange(len(sizes), dtype=np.uint8), sizes)

    def __len__(self) -> int:
        return int(self._table[-1]) + 1

    def deal(self, keys: UInt64Array) -> tuple[IntArray, list[int]]:
        """Return an order of keys by bucket, and where each bucket ends in it, after a 0."""
        cells = (keys >> self._shift).view(np.int64)
        cells -= self._first
        places = self._table.take(cells, mode="clip")  # beyond the sample: the first, or the last
        ends = np.bincount(places, minlength=len(self)).cumsum()
        return np.argsort(places, kind="stable"), [0, *ends.tolist()]


def count_floats(texels: StoredArray, weights: UInt8Array, shift: int) -> Tally:
    """Count texels of 32 bits a channel, of shape (n, 3), that all count."""
    keys, fine = shift_codes(*float_keys(texels), "float32", 0, shift)
    order = _order(keys, fine, radix_order)
    keys, fine = keys[order], None if fine is None else fine[order]
    each = weights.astype(np.int64)[order]
    sums = None
    if shift:
        sums = np.stack([column[order].astype(np.float64) * each for column in texels.T]).T
    return _merge_runs(Tally(keys, fine, each, sums))


def _order(keys: UInt64Array, fine: UInt64Array | None, sort: Callable[[UInt64Array], IntArray]) -> IntArray:
    """Return the stable order of values, by two sorts of whole numbers, or one if the keys tell all."""
    order = sort(keys)
    if fine is None or not fine.any():
        return order
    return order[sort(_packed(keys[order], fine[order]))]


def _packed(keys: UInt64Array, fine: UInt64Array) -> UInt64Array:
    """Return the number of each of ascending keys, and what is fine, in one."""
    numbers = np.cumsum(np.append(True, keys[1:] != keys[:-1]), dtype=np.uint64)
    return np.asarray(numbers << np.uint64(3 * FINE_BITS) | fine)


def _merge_runs(tally: Tally) -> Tally:
    """Add up neighbours of equal keys."""
    keys, fine, coverage, sums = tally
    starts = run_starts(keys, fine)
    if len(starts) == len(keys):
        return tally
    return Tally(
        keys[starts],
        None if fine is None else fine[starts],
        np.add.reduceat(coverage, starts),
        None if sums is None else np.stack([np.add.reduceat(column, starts) for column in sums.T]).T,
    )


def _joined(tallies: Iterable[Tally]) -> Tally:
    """Return tallies one after the other."""
    columns: Any = (None if column[0] is None else np.concatenate(column) for column in zip(*tallies))
    return Tally(*columns)


def sum_of_tallies(tallies: list[Tally]) -> Tally:
    """Add up tallies that are as coarse as each other."""
    if len(tallies) == 1:
        return tallies[0]
    keys, fine, coverage, sums = _joined(tallies)
    order = _order(keys, fine, lambda parts: parts.argsort(kind="stable"))  # which merges ascending parts
    ordered: Any = (  # the sums channel by channel, as they lie in memory
        None if column is None else column.T.take(order, axis=-1).T for column in (keys, fine, coverage, sums)
    )
    return _merge_runs(Tally(*ordered))


def coarser(tally: Tally, dtype: str, before: int, after: int) -> Tally:
    """Give up the lowest bits of each code, some of which were given up before."""
    if before == after:
        return tally
    keys, fine = shift_codes(tally.keys, tally.fine, dtype, before, after)
    starts = run_starts(keys, fine)
    ends = np.append(starts, len(keys))

    def add_up(block: slice) -> Tally:  # of cells, whose numbers stay in the cache
        part = slice(ends[block.start], ends[block.stop])
        cells = starts[block]
        coverage = tally.coverage[part]
        if tally.sums is None:
            numbers = numbers_of(tally.keys[part], None if tally.fine is None else tally.fine[part], dtype)
            weights = coverage.astype(np.float64)
            columns = [column * weights for column in numbers]
        else:
            columns = list(tally.sums[part].T)
        return Tally(
            keys[cells],
            None if fine is None else fine[cells],
            np.add.reduceat(coverage, cells - part.start),
            np.stack([np.add.reduceat(column, cells - part.start) for column in columns]).T,
        )

    return _joined(in_parallel(add_up, slices(len(starts), _SUMMED) or [slice(0, 0)]))


def excess(tally: Tally, dtype: str, shift: int) -> int:
    """Return by how many more bits values must be counted together so that there are not too many."""
    if len(tally.keys) <= MOST:
        return 0
    return _bits_too_many(tally.keys, tally.fine, dtype, shift)


def _bits_too_many(keys: UInt64Array, fine: UInt64Array | None, dtype: str, shift: int) -> int:
    """Return how many more bits of each code leave no more than `MOST` cells: of many ascending keys."""
    differ = keys[1:] ^ keys[:-1]
    differ_finely = None if fine is None else fine[1:] ^ fine[:-1]
    more = 0
    while True:
        cells, rest = shift_codes(differ, differ_finely, dtype, shift, shift + more)
        if np.count_nonzero(cells if rest is None else cells | rest) < MOST:
            return more
        more += 1


def shift_at_least(values: StoredArray, coverage: UInt8Array) -> int:
    """Return how many bits of floats must be given up at the least, as some of the texels tell."""
    if coverage.size <= MOST:
        return 0
    step = -(-coverage.size // (2 * MOST))
    seen = coverage[::step] > 0
    keys, fine = float_keys(values[::step][seen])
    ordered = np.sort(keys)
    if np.count_nonzero(ordered[1:] != ordered[:-1]) >= MOST:
        return FINE_BITS + _bits_too_many(ordered, None, "float32", FINE_BITS)
    shift = 0
    if fine.any():
        order = np.argsort(keys)
        packed = _packed(ordered, fine[order])
        packed.sort()  # several times as fast as by two keys
        packed[1:] ^= packed[:-1].copy()
        while np.count_nonzero(packed[1:] >> np.uint64(3 * shift)) >= MOST:
            shift += 1
    return shift
