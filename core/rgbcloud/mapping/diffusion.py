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

Errors are whole numbers: what three of the neighbours get is rounded, the right one gets the rest. Of what
no neighbour can make up for, as it is farther off than palette colours are from the middle between them, a
quarter ends where it is made. Passed on in full it would come out as specks of far colours, which look worse
than what they make up for (libimagequant answers that with maps of edges and noise, and weakens its errors
by the same quarter beyond a limit). Results are the same on every machine.

References
----------
Floyd, R. W. and Steinberg, L. (1976), An adaptive algorithm for spatial greyscale, Proc. SID 17(2).
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

import numpy as np
import numpy.typing as npt

from rgbcloud.progress import Progress, silent
from rgbcloud.threads import SingleThreadedPools, in_parallel, slices

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array
    from rgbcloud.settings import Settings

UNITS = 4096
"""Coordinates are whole numbers from 0 to below this."""

_RUN_UP = 16  # rows and columns that errors are given to come to what they are
_TILES = {False: (128, 1024), True: (32, 128)}  # rows and columns of a tile at most; serpentine: True
_SIDE_BY_SIDE = {False: 36, True: 2048}  # tiles at a time, about
_CONVERTED = 16  # rows converted at a time, which stay in the cache
_CELLS = 128  # of the table of nearest colours, along each axis
_CELL = UNITS // _CELLS
_BITS = 7  # 2**7 cells
_SHIFT = 5  # 2**5 units in a cell
_FULL = 256  # strength
# Arrays, not numbers, which numpy makes into arrays each time.
_BELOW = np.array([3, 5, 1], np.int16)  # sixteenths that those behind, straight and ahead below get
_TWO, _FOUR = np.array(2, np.int16), np.array(4, np.int16)

# A colour's coordinates are three 16-bit fields of one 64-bit number, the first in the lowest. Of the fields,
# multiplied with 2**52 + 2**29 + 2**6, the upper 7 bits of 12 come to lie side by side at the upper end, the
# first field's before the others', and all else below.
_LITTLE = sys.byteorder == "little"
_FIELDS = slice(None) if _LITTLE else slice(None, None, -1)
_UPPER_BITS = np.array(0xFE0 | 0xFE0 << 16 | 0xFE0 << 32, np.uint64)
_TOGETHER = np.array(1 << 52 | 1 << 29 | 1 << 6, np.uint64)
_CODE = np.array(64 - 3 * _BITS, np.uint64)

Int16Array = npt.NDArray[np.int16]
Convert = Callable[[npt.NDArray[Any]], Int16Array]


def diffuse_errors(
    pixels: npt.NDArray[Any],
    convert: Convert,
    palette: Int16Array,
    settings: Settings,
    *,
    limits: Int16Array | None = None,
    visible: npt.NDArray[np.bool_] | None = None,
    progress: Progress = silent,
) -> UInt8Array:
    """Return a palette index for every texel, so that errors even out over neighbours.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, channels)
    convert : callable
        Returns the coordinates of some rows of them: ndarray of shape (rows, W, 3), int16, in [0, 4096).
    palette : ndarray of shape (k, 3), int16
        Coordinates of 1 to 256 colours.
    settings : Settings
        Its `dither_strength`, in steps of 1/256, and `serpentine`.
    limits : ndarray of shape (3,), int16, optional
        Coordinates that colours with their errors may not exceed; they may not be below 0 either.
    visible : ndarray of shape (H, W), bool, optional
        Texels that neither take nor spread errors are False.
    progress : Progress
        Told after every group of tiles.

    Returns
    -------
    ndarray of shape (H, W), uint8
        The nearest colour to within a cell of 1/128 of the range; a texel that is a palette colour, and has
        no errors to take, keeps it.
    """
    height, width = pixels.shape[:2]
    rows, columns = (_even(size, most) for size, most in zip((height, width), _TILES[settings.serpentine]))
    down, across = -(-height // rows), -(-width // columns)
    picker = Picker(palette, limits)
    work = _back_and_forth if settings.serpentine else _diagonally
    along = _reflect(np.arange(-_RUN_UP, across * columns + _RUN_UP), width)
    indices = np.empty((down * rows, across * columns), np.uint8)

    def diffuse(group: slice) -> None:
        below = _reflect(np.arange(group.start * rows - _RUN_UP, group.stop * rows), height)
        cut = functools.partial(_cut, rows=rows, columns=columns)
        packed = np.zeros((len(below), len(along)), np.int64)
        inside = slice(_RUN_UP, _RUN_UP + width)
        for block in slices(len(below), _CONVERTED):
            colors, converted = fields(packed[block, inside]), convert(pixels[below[block]])
            for channel in range(3):  # numpy is slow at copying three numbers again and again
                colors[..., channel] = converted[..., channel]
        for edge in (slice(0, _RUN_UP), slice(_RUN_UP + width, None)):
            packed[:, edge] = packed[:, along[edge] + _RUN_UP]
        takes = None if visible is None else cut(-visible[below][:, along].astype(np.int64))
        found = work(_Tiles(cut(packed), takes), picker, round(settings.dither_strength * _FULL))
        found = found[_RUN_UP:, _RUN_UP:-_RUN_UP].reshape(rows, columns, -1, across)
        place = slice(group.start * rows, group.stop * rows)
        indices[place] = found.transpose(2, 0, 3, 1).reshape(-1, across * columns)

    groups = slices(down, -(-_SIDE_BY_SIDE[settings.serpentine] // across))
    for done, _ in enumerate(in_parallel(diffuse, groups), start=1):
        progress(done / len(groups), "dithering")
    return indices[:height, :width]


class _Tiles(NamedTuple):
    """Tiles side by side: arrays of shape (rows, columns, tiles), int64."""

    levels: IntArray  # packed
    takes: IntArray | None  # -1 where errors are taken and spread, else 0


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


def _cut(padded: IntArray, rows: int, columns: int) -> IntArray:
    """Return tiles as a view, each with its run-up above and to both sides: (rows, columns, down, across)."""
    shape = (_RUN_UP + rows, _RUN_UP + columns + _RUN_UP)
    windows = np.lib.stride_tricks.sliding_window_view(padded, shape)[::rows, ::columns]
    return windows.transpose(2, 3, 0, 1)


def _diagonally(tiles: _Tiles, picker: Picker, strength: int) -> UInt8Array:
    """Diffuse tiles from left to right: step t does the columns t - 2 y of all rows y."""
    rows, columns = tiles.levels.shape[:2]
    count = tiles.levels[0, 0].size
    steps = columns + 2 * (rows - 1)
    levels = _skew(tiles.levels, steps)
    takes = None if tiles.takes is None else _skew(tiles.takes, steps)
    found = np.empty((steps, rows, count), np.uint8)
    # What the four neighbours get, of this step and the two before; nobody is above the first row.
    shares = np.zeros((3, 4, rows + 1, count * 4), np.int16)
    error, product = np.empty((2, rows, count * 4), np.int16)
    for step in range(steps):
        first, last = max(0, (step - columns) // 2 + 1), min(rows, step // 2 + 1)
        above, now = slice(first, last), slice(first + 1, last + 1)
        one_ago, two_ago, three_ago = shares[(step - 1) % 3], shares[(step - 2) % 3], shares[step % 3]
        wanted, spare = error[above], product[above]
        np.add(levels[step, above].view(np.int16), one_ago[0, now], out=wanted)
        wanted += one_ago[1, above]
        wanted += two_ago[2, above]
        wanted += three_ago[3, above]
        picker.pick(wanted, spare, found[step, above])
        picker.rein_in(wanted, spare)
        _weaken(wanted, strength, None if takes is None else takes[step, above])
        _share(wanted, three_ago[:, now])
        three_ago[:, first] = 0  # a row that has come to its end gives nothing
    indices = np.empty((rows, columns, count), np.uint8)
    for row in range(rows):
        indices[row] = found[2 * row : 2 * row + columns, row]
    return indices


def _skew(tiles: IntArray, steps: int) -> IntArray:
    """Return tiles, each row two steps later than the one above: ndarray of shape (steps, rows, tiles)."""
    rows, columns = tiles.shape[:2]
    skewed = np.empty((steps, rows, *tiles.shape[2:]), np.int64)
    for row in range(rows):
        skewed[2 * row : 2 * row + columns, row] = tiles[row]
    return skewed.reshape(steps, rows, -1)


def _back_and_forth(tiles: _Tiles, picker: Picker, strength: int) -> UInt8Array:
    """Diffuse tiles row by row, every other one from right to left."""
    rows, columns = tiles.levels.shape[:2]
    count = tiles.levels[0, 0].size
    found = np.empty((rows, columns, count), np.uint8)
    below = np.zeros((columns + 2, count * 4), np.int16)  # a column too many on either side
    wanted = np.empty_like(below)
    shares = np.zeros((4, count * 4), np.int16)
    spare = np.empty(count * 4, np.int16)
    for row in range(rows):
        levels = np.ascontiguousarray(tiles.levels[row]).view(np.int16).reshape(columns, count * 4)
        np.add(levels, below[1:-1], out=wanted[1:-1])
        takes = None if tiles.takes is None else tiles.takes[row].reshape(columns, count)
        below[:] = 0
        shares[0] = 0
        ahead = 1 if row % 2 == 0 else -1
        for column in range(1, columns + 1)[::ahead]:
            error = wanted[column]
            error += shares[0]
            picker.pick(error, spare, found[row, column - 1])
            picker.rein_in(error, spare)
            _weaken(error, strength, None if takes is None else takes[column - 1])
            _share(error, shares)
            three = below[column - 1 : column + 2]
            three += shares[1:][::ahead]
    return found


def _weaken(error: Int16Array, strength: int, takes: IntArray | None) -> None:
    """Leave the part of an error that goes on."""
    if strength != _FULL:
        error[:] = error.astype(np.int32) * strength >> 8
    if takes is not None:
        packed = error.view(np.int64)
        packed &= takes


def _share(error: Int16Array, shares: Int16Array) -> None:
    """Write what the four neighbours get: 7, and 3, 5 and 1 sixteenths, together all of it."""
    straight_ahead, *below = shares
    np.multiply.outer(_BELOW, error, out=shares[1:])
    np.right_shift(shares[1:], _FOUR, out=shares[1:])
    np.subtract(error, below[0], out=straight_ahead)
    straight_ahead -= below[1]
    straight_ahead -= below[2]


class Picker:
    """Finds the nearest palette colours of many texels in a table of cells.

    Parameters
    ----------
    palette : ndarray of shape (k, 3), int16
        Coordinates in [0, 4096).
    limits : ndarray of shape (3,), int16, optional
        See `diffuse_errors`.
    """

    def __init__(self, palette: Int16Array, limits: Int16Array | None = None) -> None:
        # The fourth field is clipped to 0, whatever has been added to it.
        highest = np.full(3, UNITS - 1) if limits is None else limits
        reach = _reach(palette)
        self._limits = np.zeros((4, 4), np.int16)
        self._limits[1:, :3] = np.stack([highest, np.full(3, -reach), np.full(3, reach)])
        table = _nearest_of_cells(palette.astype(np.float64))
        cells = palette.astype(np.int64) >> _SHIFT
        own = (cells[:, 0] << _BITS | cells[:, 1]) << _BITS | cells[:, 2]
        table[own[::-1]] = np.arange(len(palette))[::-1]
        self._table = table
        self._colors = pack(palette)

    def pick(self, wanted: Int16Array, spare: Int16Array, indices: UInt8Array) -> None:
        """Write the index of the nearest palette colour, and leave in `wanted` by how much it is off.

        Parameters
        ----------
        wanted : ndarray of shape (..., n * 4), int16
            Packed colours, clipped to the limits first. Their fourth field means nothing.
        spare : ndarray of the same shape, int16
            Is written over.
        indices : ndarray of shape (..., n), uint8
        """
        lowest, highest, _, _ = self._box(wanted)
        np.minimum(wanted, highest, out=wanted)
        np.maximum(wanted, lowest, out=wanted)
        cells = np.bitwise_and(wanted.view(np.uint64), _UPPER_BITS, out=spare.view(np.uint64))
        cells *= _TOGETHER
        cells >>= _CODE
        # Of the indices alone, a table stays in the cache: neighbours in this order lie far apart.
        self._table.take(cells.view(np.int64), out=indices, mode="clip")
        wanted -= self._colors.take(indices, mode="clip").view(np.int16)

    def rein_in(self, error: Int16Array, spare: Int16Array) -> None:
        """Take a quarter off what of errors, as `pick` leaves them, is beyond the reach of the palette."""
        _, _, lowest, highest = self._box(error)
        np.minimum(error, highest, out=spare)
        np.maximum(spare, lowest, out=spare)
        np.subtract(error, spare, out=spare)
        np.right_shift(spare, _TWO, out=spare)
        error -= spare

    def _box(self, wanted: Int16Array) -> Int16Array:
        """Return the limits of as many colours: numpy takes five times as long to repeat one number."""
        box = self._limits
        if box.shape[1] < wanted.size:
            box = self._limits = np.tile(box[:, :4], wanted.size // 4)
        return box[:, : wanted.size].reshape(4, *wanted.shape)


def _reach(palette: Int16Array) -> int:
    """Return half the distance that a quarter of the colours have to their nearest, in the widest channel."""
    apart = np.abs(palette[:, np.newaxis].astype(np.int64) - palette).max(axis=2)
    np.fill_diagonal(apart, UNITS)
    nearest = np.sort(apart.min(axis=1))
    return int(nearest[len(nearest) // 4] + 1) // 2


@SingleThreadedPools()
def _nearest_of_cells(palette: FloatArray) -> UInt8Array:
    """Return which palette colour is nearest to the middle of each cell: ndarray of shape (128**3,).

    Blocks of 16 x 16 x 16 cells are looked at first: for a point x within h of the middle c of a block in
    every channel, |x - p|² - |x - q|² is at the least |c - p|² - |c - q|² - 2 h |p - q|₁, which tells the
    colours that need not be looked at again. What is compared is by how much |x - p|² exceeds that of the
    colour q that is nearest to c: whole numbers below 2**24, which float32 holds exactly.
    """
    side = 16
    blocks = _CELLS // side
    apart = np.abs(palette[:, np.newaxis] - palette).sum(axis=2)
    inner = (_grid(np.arange(side)) * _CELL + (_CELL - side * _CELL) / 2).T.astype(np.float32)
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

    for _ in in_parallel(fill, range(blocks)):
        pass
    cubes = table.reshape((blocks,) * 3 + (side,) * 3)
    return cubes.transpose(0, 3, 1, 4, 2, 5).reshape(-1)


def _grid(axis: IntArray) -> IntArray:
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
