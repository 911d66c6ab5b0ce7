"""Floyd-Steinberg error diffusion, whole diagonals at once.

Each texel gets the palette colour nearest to its own colour plus what its neighbours before it were off by;
what it is off by itself goes on to the texels right of it and below, in sixteenths: 7, and 3, 5, 1.

A texel waits for its left neighbour and for three in the row above, so that texels of one "diagonal" (two
columns further left in each row down) do not wait for each other. To have many of those, an image is cut into
tiles that are diffused side by side. A tile begins some rows above itself and some columns to its left, and
those at the edges of the image on reflected texels: so that the errors have come to what they are anywhere
when the tile, or the image, begins. That is also what keeps UDIM tiles from showing seams.

Going back and forth (serpentine), a texel waits for all before it; then only the tiles, which are smaller,
go side by side, and begin some columns to their right, too.

A table of cells has what is taken off a colour in each of them, so that weakening errors takes no time of its
own. Of what no neighbour can make up for, as it is farther off than palette colours are from the middle
between them, a quarter ends where it is made. Passed on in full it would come out as specks of far colours,
which look worse than what they make up for (libimagequant answers that with maps of edges and noise, and
weakens its errors by the same quarter beyond a limit). Of errors in colour that are none in lightness another
quarter does, as `rgbcloud.mapping.dithering` has it: such noise is seen more than what it makes up for.

All are whole numbers: sixteenths are added up, and their sum is rounded down. Results are the same on every
machine.

References
----------
Floyd, R. W. and Steinberg, L. (1976), An adaptive algorithm for spatial greyscale, Proc. SID 17(2).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Callable

import numpy as np
import numpy.typing as npt

from rgbcloud.progress import Progress, silent
from rgbcloud.threads import SingleThreadedPools, do_in_parallel, in_parallel, slices

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array

UNITS = 4096
"""Coordinates are whole numbers from 0 to below this."""

_RUN_UP = 16  # rows and columns that errors are given to come to what they are
_TILES = {False: (128, 256), True: (32, 128)}  # rows and columns of a tile at most; serpentine: True
_SIDE_BY_SIDE = {False: 136, True: 2048}  # tiles at a time, about: the more, the fewer calls of numpy
_BITS = 6  # 2**6 cells of the table of nearest colours, along each axis
_CELLS = 1 << _BITS
_CELL = UNITS // _CELLS
_MOST = UNITS // 2 - _CELL  # of an error: sixteen of them, and half a cell, are a number of 16 bits
# Arrays, not numbers, which numpy makes into arrays each time.
_SIXTEENTHS = np.array([7, 3, 5], np.int16)  # for those ahead, and behind and straight below
_FOUR = np.array(4, np.int16)
_RANGE = np.array(0, np.int16), np.array(UNITS - 1, np.int16)

# A colour's coordinates are three 16-bit fields of one 64-bit number, the first in the lowest. Of the fields,
# multiplied as below, the upper bits come to lie side by side at the upper end, the first field's before the
# others', and all else below.
_LITTLE = sys.byteorder == "little"
_FIELDS = slice(None) if _LITTLE else slice(None, None, -1)
_INDEX = slice(6 if _LITTLE else 1, None, 8)  # of bytes, the fourth field's lower
_UPPER_BITS = np.array((UNITS - _CELL) * (1 | 1 << 16 | 1 << 32), np.uint64)
_TOGETHER = np.array(1 << 52 | 1 << 36 - _BITS | 1 << 20 - 2 * _BITS, np.uint64)
_CODE = np.array(64 - 3 * _BITS, np.uint64)

Int16Array = npt.NDArray[np.int16]
Convert = Callable[[npt.NDArray[Any]], Int16Array]


def diffuse_errors(
    pixels: npt.NDArray[Any],
    convert: Convert,
    picker: Picker,
    *,
    serpentine: bool = False,
    visible: npt.NDArray[np.bool_] | None = None,
    progress: Progress = silent,
) -> UInt8Array:
    """Return a palette index for every texel, so that errors even out over neighbours.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, channels)
    convert : callable
        Returns the coordinates of some rows of them: ndarray of shape (rows, W, 3), int16, in [0, 4096).
    picker : Picker
        Has the palette.
    serpentine : bool
        Whether every other row goes from right to left.
    visible : ndarray of shape (H, W), bool, optional
        Texels that neither take nor spread errors are False.
    progress : Progress
        Told after every group of tiles.

    Returns
    -------
    ndarray of shape (H, W), uint8
        The nearest colour to within a cell of 1/64 of the range; a texel that is a palette colour, and has
        no errors to take, keeps it.
    """
    height, width = pixels.shape[:2]
    rows, columns = (_even(size, most) for size, most in zip((height, width), _TILES[serpentine]))
    down, across = -(-height // rows), -(-width // columns)
    work = _back_and_forth if serpentine else _diagonally
    along = _reflect(np.arange(-_RUN_UP, across * columns + _RUN_UP), width)
    inside = slice(_RUN_UP, _RUN_UP + width)
    indices = np.empty((down * rows, across * columns), np.uint8)

    def diffuse(group: slice) -> None:
        tops = np.arange(group.start, group.stop) * rows - _RUN_UP
        strips = np.zeros((len(tops), len(along)), np.int64)
        parts = np.lib.stride_tricks.sliding_window_view(strips, columns + 2 * _RUN_UP, axis=1)[:, ::columns]
        parts = parts.transpose(2, 0, 1)
        # Colours, and which of them take and spread errors (-1, else 0) where that is not all.
        tiles = np.empty((1 if visible is None else 2, _RUN_UP + rows, *parts.shape), np.int64)
        for row in range(_RUN_UP + rows):  # of all tiles, which stay in the cache
            # The last rows of a tile are the first of the one below.
            new = slice(0 if row < rows else -1, None)
            here = _reflect(tops[new] + row, height)
            if visible is not None:
                strips[new] = -visible[here][:, along].astype(np.int64)
                tiles[1, row, :, new] = parts[:, new]
            colors, converted = fields(strips[new, inside]), convert(pixels[here])
            for channel in range(3):  # numpy is slow at copying three numbers again and again
                colors[..., channel] = converted[..., channel]
            for edge in (slice(0, _RUN_UP), slice(_RUN_UP + width, None)):
                strips[new, edge] = strips[new, along[edge] + _RUN_UP]
            tiles[0, row, :, new] = parts[:, new]
        tiles[:, rows:, :, :-1] = tiles[:, :_RUN_UP, :, 1:]
        found = work(tiles.reshape(*tiles.shape[:3], -1), picker)
        found = found[_RUN_UP:, _RUN_UP:-_RUN_UP].reshape(rows, columns, -1, across)
        place = slice(group.start * rows, group.stop * rows)
        indices[place] = found.transpose(2, 0, 3, 1).reshape(-1, across * columns)

    groups = slices(down, -(-_SIDE_BY_SIDE[serpentine] // across))
    for done, _ in enumerate(in_parallel(diffuse, groups), start=1):
        progress(done / len(groups), "dithering")
    return indices[:height, :width]


def fields(packed: IntArray) -> Int16Array:
    """Return packed colours as a view of their fields: ndarray of shape (..., 4), int16."""
    return packed[..., np.newaxis].view(np.int16)[..., _FIELDS]


def pack(colors: Int16Array) -> IntArray:
    """Return colours packed: ndarray of shape (...), int64, the fourth field of which is 0."""
    packed = np.zeros(colors.shape[:-1], np.int64)
    fields(packed)[..., :3] = colors
    return packed


def _even(size: int, most: int) -> int:
    """Return the length of the fewest equal parts of a size that are no longer than `most`."""
    return -(-size // -(-size // most))


def _reflect(positions: IntArray, size: int) -> IntArray:
    """Return positions beyond either edge as those of the texels that a mirror on that edge shows there."""
    turned = positions % (2 * size)
    return np.minimum(turned, 2 * size - 1 - turned)


def _diagonally(tiles: IntArray, picker: Picker) -> UInt8Array:
    """Diffuse tiles from left to right: step t does the columns t - 2 y of all rows y."""
    _, rows, columns, count = tiles.shape
    found = np.empty((rows, columns, count), np.uint8)
    # What the four neighbours get, of this step and the two before; nobody is above the first row.
    shares = np.zeros((3, 4, rows + 1, count * 4), np.int16)
    spare = np.empty((3, rows * count), np.int64)
    texels, indices = _slanted(tiles), _slanted(found)
    for step in range(columns + 2 * (rows - 1)):
        first, last = max(0, (step - columns) // 2 + 1), min(rows, step // 2 + 1)
        above, now = slice(first, last), slice(first + 1, last + 1)
        one_ago, two_ago, three_ago = shares[(step - 1) % 3], shares[(step - 2) % 3], shares[step % 3]
        room = spare[:, : (last - first) * count].reshape(3, last - first, count)
        sums = room[2].view(np.int16)
        np.add(one_ago[0, now], one_ago[1, above], out=sums)
        sums += two_ago[2, above]
        sums += three_ago[3, above]
        picker.spread(sums, texels[:, step, above], indices[step, above], room[:2], three_ago[:, now])
        if first:  # a row that has come to its end gives nothing
            three_ago[:, first] = 0
    return found


def _slanted(tiles: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a view of (..., rows, columns, tiles) as (..., steps of `_diagonally`, rows, tiles).

    Of a step only the rows that it does are there.
    """
    *more, rows, columns, count = tiles.shape
    *strides, down, right, size = tiles.strides
    shape = (*more, columns + 2 * (rows - 1), rows, count)
    return np.lib.stride_tricks.as_strided(tiles, shape, (*strides, right, down - 2 * right, size))


def _back_and_forth(tiles: IntArray, picker: Picker) -> UInt8Array:
    """Diffuse tiles row by row, every other one from right to left."""
    _, rows, columns, count = tiles.shape
    found = np.empty((rows, columns, count), np.uint8)
    # What a row gets, with a column too many on either side.
    sums, below = np.zeros((2, columns + 2, count * 4), np.int16)
    shares = np.zeros((4, count * 4), np.int16)
    room = np.empty((2, count), np.int64)
    for row in range(rows):
        sums, below = below, sums
        below[:] = 0
        shares[0] = 0
        ahead = 1 if row % 2 == 0 else -1
        for column in range(columns)[::ahead]:
            wanted = sums[column + 1]
            wanted += shares[0]
            picker.spread(wanted, tiles[:, row, column], found[row, column], room, shares)
            three = below[column : column + 3]
            three += shares[1:][::ahead]
    return found


class Picker:
    """Finds the nearest palette colours of many texels in a table of cells.

    Parameters
    ----------
    palette : ndarray of shape (k, 3), int16
        Coordinates in [0, 4096).
    passed : ndarray of shape (3, 3), float64, optional
        What errors are multiplied with, as they are in the middle of a cell: in steps of 1/1024.
    limits : ndarray of shape (3,), int16, optional
        Coordinates that colours with their errors may not exceed; they may not be below 0 either.
    """

    def __init__(
        self, palette: Int16Array, passed: FloatArray | None = None, limits: Int16Array | None = None
    ) -> None:
        middles = (np.indices((_CELLS,) * 3, np.int16) * _CELL + _CELL // 2).reshape(3, -1)
        nearest = _nearest_of_cells(palette.astype(np.float64))
        highest = np.full(3, UNITS - 1, np.int16) if limits is None else limits
        error = np.minimum(middles, highest[:, np.newaxis]) - palette.T.take(nearest, axis=1)
        reach = np.int16(_reach(palette))
        error -= (error - error.clip(-reach, reach)) >> 2
        if passed is not None:
            error = np.rint(np.einsum("ij,in", passed.astype(np.float32), error.astype(np.float32)))
        self._entries = np.empty(len(nearest), np.int64)
        entries = fields(self._entries)
        # What is taken off a colour in this cell, and the index of the one that it gets.
        entries[:, :3] = (middles - error.clip(-_MOST, _MOST).astype(np.int16)).T
        entries[:, 3] = nearest
        own = (palette // _CELL).astype(np.int64) @ [_CELLS**2, _CELLS, 1]
        entries[own[::-1], :3] = palette[::-1]
        entries[own[::-1], 3] = np.arange(len(palette))[::-1]

    def spread(
        self,
        sums: Int16Array,
        texels: IntArray,
        indices: UInt8Array,
        spare: IntArray,
        shares: Int16Array,
    ) -> None:
        """Write the index of the nearest palette colour, and what the four neighbours get of what it is off.

        Parameters
        ----------
        sums : ndarray of shape (..., n * 4), int16
            Packed sums of what texels get, in sixteenths. Are written over.
        texels : ndarray of shape (1 or 2, ..., n), int64
            Packed colours, and -1 where errors go on, else 0.
        indices : ndarray of shape (..., n), uint8
        spare : ndarray of shape (2, ..., n), int64
            Is written over.
        shares : ndarray of shape (4, ..., n * 4), int16
            Sixteenths for those ahead, and behind, straight and ahead below. Fourth fields mean nothing.
        """
        levels, *masks = texels
        sums >>= _FOUR
        sums += levels.view(np.int16)
        sums.clip(*_RANGE, out=sums)
        cells, entries = spare
        codes = cells.view(np.uint64)
        np.bitwise_and(sums.view(np.uint64), _UPPER_BITS, out=codes)
        codes *= _TOGETHER
        codes >>= _CODE
        self._entries.take(cells, out=entries, mode="clip")
        indices[:] = entries.view(np.uint8)[..., _INDEX]
        error = np.subtract(sums, entries.view(np.int16), out=shares[3])
        for mask in masks:
            packed = error.view(np.int64)
            packed &= mask
        np.multiply.outer(_SIXTEENTHS, error, out=shares[:3])


def _reach(palette: Int16Array) -> int:
    """Return half the distance that a quarter of the colours have to their nearest, in the widest channel."""
    apart = np.abs(palette[:, np.newaxis].astype(np.int64) - palette).max(axis=2)
    np.fill_diagonal(apart, UNITS)
    nearest = np.sort(apart.min(axis=1))
    return int(nearest[len(nearest) // 4] + 1) // 2


@SingleThreadedPools()
def _nearest_of_cells(palette: FloatArray) -> UInt8Array:
    """Return which palette colour is nearest to the middle of each cell: ndarray of shape (64**3,).

    Blocks of 16 x 16 x 16 cells are looked at first: for a point x within h of the middle c of a block in
    every channel, |x - p|² - |x - q|² is at the least |c - p|² - |c - q|² - 2 h |p - q|₁, which tells the
    colours that need not be looked at again. What is compared is by how much |x - p|² exceeds that of the
    colour q that is nearest to c: whole numbers below 2**24, which float32 holds exactly.
    """
    side = min(16, _CELLS)
    blocks = _CELLS // side
    apart = np.abs(palette[:, np.newaxis] - palette).sum(axis=2)
    inner = (np.indices((side,) * 3).reshape(3, -1) * _CELL + (_CELL - side * _CELL) / 2).astype(np.float32)
    table = np.empty((blocks,) * 3 + (side**3,), np.uint8)

    def fill(layer: int) -> None:
        for across, deep in np.ndindex(blocks, blocks):
            middle = (np.array([layer, across, deep]) + 0.5) * (side * _CELL)
            squares = ((palette - middle) ** 2).sum(axis=1)
            nearest = int(squares.argmin())
            squares -= squares[nearest]
            near = np.flatnonzero(squares <= side * _CELL * apart[nearest])
            directions = (palette[near] - palette[nearest]).astype(np.float32)
            distances = squares[near, np.newaxis].astype(np.float32) - 2 * directions @ inner
            found = table[layer, across, deep]
            found[:] = near[0]
            least = distances[0]
            for index, distance in zip(near[1:], distances[1:]):
                np.copyto(found, index, where=distance < least, casting="unsafe")
                np.minimum(least, distance, out=least)

    do_in_parallel(fill, range(blocks))
    cubes = table.reshape((blocks,) * 3 + (side,) * 3)
    return cubes.transpose(0, 3, 1, 4, 2, 5).reshape(-1)
