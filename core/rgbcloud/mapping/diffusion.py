"""Floyd-Steinberg error diffusion, whole diagonals at once.

Each texel gets the palette colour nearest to its own colour plus what its neighbours before it were off by;
what it is off by itself goes on to the texels right of it and below, in sixteenths: 7, and 3, 5, 1.

A texel waits for its left neighbour and for three in the row above, so that texels of one "diagonal" (two
columns further left in each row down) do not wait for each other. To have many of those, an image is cut into
strips of rows that are diffused side by side. A strip begins some rows above itself, and every row some
columns before the image, on reflected texels at its edges: so that the errors have come to what they are
anywhere when the strip, or the image, begins. That is also what keeps UDIM tiles from showing seams.

Going back and forth (serpentine), a texel waits for all before it; then only the strips go side by side.

Errors are whole numbers and none gets lost: what three of the neighbours get is rounded, the right one gets
the rest. Results are the same on every machine.

References
----------
Floyd, R. W. and Steinberg, L. (1976), An adaptive algorithm for spatial greyscale, Proc. SID 17(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, NamedTuple

import numpy as np
import numpy.typing as npt

from rgbcloud.progress import Progress, silent
from rgbcloud.threads import SingleThreadedPools, in_parallel, slices

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array

UNITS = 4096
"""Coordinates are whole numbers from 0 to below this."""

_RUN_UP = 16  # rows and columns that errors are given to come to what they are
_STRIP = 128  # rows of a strip
_SIDE_BY_SIDE = 32  # strips at a time
_CONVERTED = 16  # rows converted at a time, which stay in the cache
_SERPENTINE_STRIP = 16
_SERPENTINE_SIDE_BY_SIDE = 512
_CELLS = 128  # of the table of nearest colours, along each axis
_CELL = UNITS // _CELLS
_BITS = 7  # 2**7 cells
_SHIFT = 5  # 2**5 units in a cell
_FULL = 256  # strength

Int16Array = npt.NDArray[np.int16]
Convert = Callable[[npt.NDArray[Any]], Int16Array]


def diffused(
    pixels: npt.NDArray[Any],
    convert: Convert,
    palette: Int16Array,
    *,
    limits: Int16Array | None = None,
    visible: npt.NDArray[np.bool_] | None = None,
    strength: float = 1.0,
    serpentine: bool = False,
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
    limits : ndarray of shape (3,), int16, optional
        Coordinates that colours with their errors may not exceed; they may not be below 0 either.
    visible : ndarray of shape (H, W), bool, optional
        Texels that neither take nor spread errors are False.
    strength : float, default 1
        The part of the error that goes on, 0 to 1, in steps of 1/256.
    serpentine : bool, default False
        Whether every other row goes from right to left, which breaks up worms and takes some times as long.
    progress : Progress
        Told after every group of strips.

    Returns
    -------
    ndarray of shape (H, W), uint8
        The nearest colour to within a cell of 1/128 of the range; a texel that is a palette colour, and has
        no errors to take, keeps it.
    """
    height, width = pixels.shape[:2]
    rows = _SERPENTINE_STRIP if serpentine else _STRIP
    beside = _SERPENTINE_SIDE_BY_SIDE if serpentine else _SIDE_BY_SIDE
    strips = -(-height // rows)
    picker = Picker(palette, limits)
    work = _back_and_forth if serpentine else _diagonally
    across = _reflected(np.arange(-_RUN_UP, width + _RUN_UP), width)
    indices = np.empty((strips, rows, width), np.uint8)

    def diffuse(group: slice) -> None:
        down = _reflected(np.arange(group.start * rows - _RUN_UP, group.stop * rows), height)
        padded = np.empty((len(down), len(across), 3), np.int16)
        for block in slices(len(down), _CONVERTED):
            padded[block, _RUN_UP:-_RUN_UP] = convert(pixels[down[block]])
        for edge in (slice(0, _RUN_UP), slice(-_RUN_UP, None)):
            padded[:, edge] = padded[:, across[edge] + _RUN_UP]
        levels = _cut(padded, rows)
        takes = None if visible is None else _cut(visible[down][:, across].astype(np.int16), rows)
        found = work(_Strips(levels, takes), picker, round(strength * _FULL))
        indices[group] = found[:, _RUN_UP:, _RUN_UP:-_RUN_UP]

    groups = slices(strips, beside)
    for done, _ in enumerate(in_parallel(diffuse, groups), start=1):
        progress(done / len(groups), "dithering")
    return indices.reshape(-1, width)[:height]


class _Strips(NamedTuple):
    levels: Int16Array  # (strips, rows, columns, 3)
    takes: Int16Array | None  # (strips, rows, columns): 1 where errors are taken and spread, else 0


def _reflected(positions: IntArray, size: int) -> IntArray:
    """Return positions beyond either edge as those of the texels that a mirror on that edge shows there."""
    turned = positions % (2 * size)
    return np.minimum(turned, 2 * size - 1 - turned)


def _cut(padded: npt.NDArray[Any], rows: int) -> npt.NDArray[Any]:
    """Return strips of rows as a view, each with the rows of its run-up above it."""
    windows = np.lib.stride_tricks.sliding_window_view(padded, _RUN_UP + rows, axis=0)[::rows]
    strips: npt.NDArray[Any] = np.moveaxis(windows, -1, 1)
    return strips


def _diagonally(strips: _Strips, picker: Picker, strength: int) -> UInt8Array:
    """Diffuse strips from left to right: step t does the columns t - 2 y of all rows y."""
    count, rows, columns = strips.levels.shape[:3]
    steps = columns + 2 * (rows - 1)
    levels = np.zeros((steps, 3, rows, count), np.int16)
    takes = None if strips.takes is None else np.zeros((steps, rows, count), np.int16)
    for row in range(rows):
        at = slice(2 * row, 2 * row + columns)
        levels[at, :, row] = strips.levels[:, row].transpose(1, 2, 0)
        if takes is not None and strips.takes is not None:
            takes[at, row] = strips.takes[:, row].T
    found = np.empty((steps, rows, count), np.uint8)
    # Errors that wait for this step and the next three; below the last row there is one that nobody takes.
    waiting = np.zeros((4, 3, rows + 1, count), np.int16)
    for step in range(steps):
        first, last = max(0, (step - columns) // 2 + 1), min(rows, step // 2 + 1)
        now, below = slice(first, last), slice(first + 1, last + 1)
        error = levels[step, :, now]
        error += waiting[step % 4, :, now]
        found[step, now] = picker.pick(error)
        error = _weakened(error, strength, None if takes is None else takes[step, now])
        soon, later = waiting[(step + 1) % 4], waiting[(step + 2) % 4]
        right, left_below, straight_below, right_below = _shares(error)
        soon[:, now] += right
        soon[:, below] += left_below
        later[:, below] += straight_below
        waiting[(step + 3) % 4, :, first] = 0
        waiting[(step + 3) % 4, :, below] = right_below
    indices = np.empty((count, rows, columns), np.uint8)
    for row in range(rows):
        indices[:, row] = found[2 * row : 2 * row + columns, row].T
    return indices


def _back_and_forth(strips: _Strips, picker: Picker, strength: int) -> UInt8Array:
    """Diffuse strips row by row, every other one from right to left."""
    count, rows, columns = strips.levels.shape[:3]
    indices = np.empty((count, rows, columns), np.uint8)
    found = np.empty((columns, count), np.uint8)
    below = np.zeros((columns + 2, 3, count), np.int16)  # a column too many on either side
    for row in range(rows):
        wanted = np.zeros((columns + 2, 3, count), np.int16)
        wanted[1:-1] = strips.levels[:, row].transpose(1, 2, 0) + below[1:-1]
        takes = None if strips.takes is None else np.ascontiguousarray(strips.takes[:, row].T)
        below = np.zeros_like(below)
        ahead = 1 if row % 2 == 0 else -1
        for column in range(1, columns + 1)[::ahead]:
            error = wanted[column]
            found[column - 1] = picker.pick(error)
            error = _weakened(error, strength, None if takes is None else takes[column - 1])
            straight_ahead, behind_below, straight_below, ahead_below = _shares(error)
            wanted[column + ahead] += straight_ahead
            below[column - ahead] += behind_below
            below[column] += straight_below
            below[column + ahead] += ahead_below
        indices[:, row] = found.T
    return indices


def _weakened(error: Int16Array, strength: int, takes: Int16Array | None) -> Int16Array:
    """Return the part of an error that goes on."""
    if strength != _FULL:
        error = (error.astype(np.int32) * strength // _FULL).astype(np.int16)
    return error if takes is None else error * takes


def _shares(error: Int16Array) -> tuple[Int16Array, Int16Array, Int16Array, Int16Array]:
    """Return what the four neighbours get: 7, 3, 5 and 1 sixteenths, together all of it."""
    least = error >> 4
    third = (error * 3) >> 4
    fifth = (error * 5) >> 4
    return error - least - third - fifth, third, fifth, least


class Picker:
    """Finds the nearest palette colours of many texels in a table of cells.

    Parameters
    ----------
    palette : ndarray of shape (k, 3), int16
        Coordinates in [0, 4096).
    limits : ndarray of shape (3,), int16, optional
        See `diffused`.
    """

    def __init__(self, palette: Int16Array, limits: Int16Array | None = None) -> None:
        self._limits = np.full(3, UNITS - 1, np.int16) if limits is None else limits
        self._palette = np.ascontiguousarray(palette.T)
        self._table = _nearest_of_cells(palette.astype(np.float64))
        cells = palette.astype(np.int64) >> _SHIFT
        own = (cells[:, 0] << _BITS | cells[:, 1]) << _BITS | cells[:, 2]
        self._table[own[::-1]] = np.arange(len(palette))[::-1]

    def pick(self, wanted: Int16Array) -> UInt8Array:
        """Return the index of the nearest palette colour, and leave in `wanted` by how much it is off.

        Parameters
        ----------
        wanted : ndarray of shape (3, ...), int16
            Clipped to the limits first.

        Returns
        -------
        ndarray of shape (...), uint8
        """
        limits = self._limits.reshape(3, *(1,) * (wanted.ndim - 1))
        np.minimum(wanted, limits, out=wanted)  # np.clip takes twice as long with limits for each channel
        np.maximum(wanted, np.int16(0), out=wanted)
        cells = wanted >> _SHIFT
        codes = cells[0].astype(np.intp)
        codes <<= _BITS
        codes |= cells[1]
        codes <<= _BITS
        codes |= cells[2]
        indices: UInt8Array = self._table.take(codes, mode="clip")
        wanted -= self._palette.take(indices, axis=1, mode="clip")
        return indices


@SingleThreadedPools()
def _nearest_of_cells(palette: FloatArray) -> UInt8Array:
    """Return which palette colour is nearest to the middle of each cell: ndarray of shape (128**3,).

    Blocks of 16 x 16 x 16 cells are looked at first: for a point x within h of the middle c of a block in
    every channel, |x - p|² - |x - q|² is at the least |c - p|² - |c - q|² - 2 h |p - q|₁, which tells the
    colours that need not be looked at again.
    """
    side = 16
    blocks = _CELLS // side
    apart = np.abs(palette[:, np.newaxis] - palette).sum(axis=2)
    inner = _grid(np.arange(side)) * _CELL + _CELL / 2
    table = np.empty((blocks,) * 3 + (side,) * 3, np.uint8)

    def fill(layer: int) -> None:
        for across, deep in np.ndindex(blocks, blocks):
            corner = np.array([layer, across, deep]) * (side * _CELL)
            squares = ((palette - corner - side * _CELL / 2) ** 2).sum(axis=1)
            nearest = int(squares.argmin())
            near = np.flatnonzero(squares - squares[nearest] <= side * _CELL * apart[nearest])
            found = near[0]
            if len(near) > 1:
                candidates = palette[near] - corner
                distances = (candidates**2).sum(axis=1) - 2 * inner @ candidates.T
                found = near[distances.argmin(axis=1)].reshape((side,) * 3)
            table[layer, across, deep] = found

    for _ in in_parallel(fill, range(blocks)):
        pass
    return table.transpose(0, 3, 1, 4, 2, 5).reshape(-1)


def _grid(axis: IntArray) -> IntArray:
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
