"""Keys of values of more than 8 bits a channel, which sort and compare faster than three numbers.

A number's code is its bits in ascending order of the numbers: 16 bits of half floats and 16-bit integers, 32
of floats. The codes of red, green and blue, bit by bit in turn, are a value's key. Values whose keys agree
but for the lowest bits are neighbours.

References
----------
Morton, G. M. (1966), A computer oriented geodetic data base and a new technique in file sequencing, IBM.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rgbcloud.threads import slices

if TYPE_CHECKING:
    from rgbcloud.color.distance import StoredArray

UInt64Array = npt.NDArray[np.uint64]

FINE_BITS = 11
"""The lowest bits of a float's code, which do not fit into a key of 63 bits."""
_CACHED = 1 << 15  # texels whose keys are made at a time: fresh memory for all of them takes longer than they


def short_keys(values: StoredArray) -> UInt64Array:
    """Return the keys of values of 16 bits a channel, of shape (n, 3)."""
    tables = _tables(values.dtype.name)
    codes = values.view(np.uint16)
    keys = tables[0].take(codes[:, 0])
    keys |= tables[1].take(codes[:, 1])
    keys |= tables[2].take(codes[:, 2])
    return np.asarray(keys)


def float_keys(values: StoredArray) -> tuple[UInt64Array, UInt64Array]:
    """Return the keys of floats of shape (n, 3), and what does not fit into them."""
    keys, fine = np.zeros((2, len(values)), np.uint64)
    uppers, lowers, lowest = _tables_of_halves()
    for block in slices(len(values), _CACHED):
        bits = (values[block] + np.float32(0)).view(np.uint32)  # -0 is 0
        upper, lower = (bits >> np.uint32(16)).astype(np.uint16), bits.astype(np.uint16)
        lower ^= (upper.view(np.int16) >> 15).view(np.uint16)  # of negative numbers all bits are turned
        for axis in range(3):
            keys[block] |= (uppers.take(upper[:, axis]) | lowers.take(lower[:, axis])) >> np.uint64(axis)
            fine[block] |= lowest.take(lower[:, axis]) >> np.uint64(axis)
    return keys, fine


@functools.cache
def _tables_of_halves() -> tuple[UInt64Array, UInt64Array, UInt64Array]:
    """Return what each upper half of red's bits puts into a key, and each lower one into it and beyond it."""
    codes = np.arange(1 << 16, dtype=np.uint16)
    uppers = _ascending_integers(codes, 16).astype(np.uint64) << np.uint64(16 - FINE_BITS)
    lowest = codes & np.uint16((1 << FINE_BITS) - 1)
    return _spread_bits(uppers, 0), _spread_bits(codes >> FINE_BITS, 0), _spread_bits(lowest, 0)


def numbers_of(keys: UInt64Array, fine: UInt64Array | None, dtype: str) -> list[npt.NDArray[Any]]:
    """Return red, green and blue of values that are counted apart: three ndarrays of shape (n,)."""
    if dtype != "float32":
        codes = _short_codes(keys)
        places = ((codes >> np.uint64(16 * axis) & _LOWEST_16).view(np.int64) for axis in range(3))
        return [_numbers_by_code(dtype).take(place) for place in places]
    numbers = []
    for axis in range(3):
        bits = _gather_bits(keys, axis) << np.uint64(FINE_BITS)
        bits |= np.uint64(0) if fine is None else _gather_bits(fine, axis)
        numbers.append(_bits_of(bits.astype(np.uint32), 32).view(np.float32))
    return numbers


def shift_codes(
    keys: UInt64Array, fine: UInt64Array | None, dtype: str, before: int, after: int
) -> tuple[UInt64Array, UInt64Array | None]:
    """Return keys without the lowest bits of each code."""
    fine_bits = FINE_BITS if dtype == "float32" else 0
    if fine is not None and after < fine_bits:
        return keys, fine >> np.uint64(3 * (after - before))
    down = max(after - fine_bits, 0) - max(before - fine_bits, 0)
    return keys >> np.uint64(3 * down), None


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
