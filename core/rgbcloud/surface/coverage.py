"""How much surface each texel stands for, when a bilinear filter looks texels up all over a mesh.

Each point of a surface looks up four texels, whose weights are bilinear within the cell between their
centres. The integral of these weights over a triangle is a sum over its edges (Green's theorem): an edge
adds what lies to the right of it, in the cells that it crosses by four integrals of polynomials, in all
further cells of the row by sums that run along it. So it is exact, and takes time by the length of edges.

References
----------
Catmull, E. (1978), A hidden-surface algorithm with anti-aliasing, SIGGRAPH, doi:10.1145/800248.807360, for
areas within pixels; Levien, R. (2016), Inside the fastest font renderer in the world, for the running sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.errors import InvalidArgumentError
from rgbcloud.threads import do_in_parallel, in_parallel, slices

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array

_EDGES = 1 << 12  # at a time
_ROWS = 32  # at a time, which fit into a cache
_GAUSS = 0.5 / 3**0.5
_NOTHING = 1e-12  # of the largest: what rounding leaves
_UPRIGHT = 1e-300  # cells: an edge that leans less within a row stands upright
_LONGEST = 1 << 28  # cells that edges may cross, all together
_MIP_SHARE = 0.1  # of the weight, for what smaller levels look up beside the surface's own texels
_DENSE = 99.0  # percent of the texels that are covered: denser ones count like this one


def coverage(
    uvs: npt.ArrayLike,
    triangles: npt.ArrayLike,
    areas: npt.ArrayLike,
    size: tuple[int, int],
    *,
    tile: tuple[int, int] | None = None,
) -> FloatArray:
    """Return how much surface each texel stands for.

    Parameters
    ----------
    uvs : array_like of shape (n, 2), float
        The texture spans 0 … 1, from its lower left corner.
    triangles : array_like of shape (t, 3), int
        Indices of their corners in `uvs`. They may overlap, and turn either way.
    areas : array_like of shape (t,), float
        Of each triangle in the world, in any unit.
    size : tuple of int
        Width and height of the texture.
    tile : tuple of int, optional
        u and v, from 0, of a UDIM tile: what lies in it counts, and texels at its edges are repeated. Left
        out: the texture repeats in all directions.

    Returns
    -------
    ndarray of shape (H, W), float64
        In the unit of `areas`; the sum is the area of all triangles that have an area in UV, and lie in the
        tile. Row 0 is the upper one. Triangles without an area in UV, or with corners that are no
        numbers, are passed over.

    Raises
    ------
    InvalidArgumentError
        If shapes do not fit.

    Examples
    --------
    >>> coverage([(0, 0), (1, 0), (0, 1)], [(0, 1, 2)], [3], (2, 2)).round(3).tolist()
    [[0.75, 0.375], [1.125, 0.75]]
    """
    grid = _Grid(*size, tile)
    edges = _edges_of(uvs, triangles, areas, grid)
    steps = _Steps.of(grid)
    for pieces in in_parallel(
        lambda block: _split(edges.take(block), grid), slices(len(edges.weights), _EDGES)
    ):
        steps.add(pieces)
    return grid.fold(steps.of_texels())


def with_mip_levels(weights: FloatArray, levels: int) -> FloatArray:
    """Return weights of which a tenth is spread over what smaller levels look up: texels around islands.

    Parameters
    ----------
    weights : ndarray of shape (H, W), float64
    levels : int
        How many times the texture is halved; each level gets the same part of the tenth.

    Returns
    -------
    ndarray of shape (H, W), float64
        The sum stays.
    """
    height, width = weights.shape
    spread = np.zeros_like(weights)
    for level in range(1, levels + 1):
        step = 1 << level
        rows, columns = np.arange(0, height, step), np.arange(0, width, step)
        sums = np.add.reduceat(np.add.reduceat(weights, rows, axis=0), columns, axis=1)
        tall, wide = (np.diff([*starts, end]) for starts, end in ((rows, height), (columns, width)))
        spread += (sums / (tall[:, np.newaxis] * wide)).repeat(tall, axis=0).repeat(wide, axis=1)
    return weights if levels == 0 else weights * (1 - _MIP_SHARE) + spread * (_MIP_SHARE / levels)


def as_mask(weights: FloatArray) -> UInt8Array:
    """Return weights as a mask: (H, W), uint8.

    Parameters
    ----------
    weights : ndarray of shape (H, W), float64

    Returns
    -------
    ndarray
        What counts at all is at least 1; the densest hundredth of it is 255.
    """
    seen = weights > 0
    if not seen.any():
        return np.zeros(weights.shape, np.uint8)
    dense = np.percentile(weights[seen], _DENSE)
    levels = np.rint(weights * (255 / dense)).clip(1, 255)
    return np.where(seen, levels, 0).astype(np.uint8)


class _Edges(NamedTuple):
    """Edges from one row to a higher one, in cells: x and y of both ends, and what is right of them."""

    starts: FloatArray  # (n, 2)
    ends: FloatArray  # (n, 2)
    weights: FloatArray  # (n,)

    def take(self, block: slice) -> _Edges:
        return _Edges(self.starts[block], self.ends[block], self.weights[block])


class _Pieces(NamedTuple):
    """What parts of edges, each within one cell, add to the texels of its row, and to those of the next."""

    rows: IntArray
    columns: IntArray
    laps: IntArray  # how often the texture was repeated to the left
    steps: FloatArray  # (2, 3, n): from one texel to the next, to the cell's left, its right and the further
    carried: FloatArray  # (2, n): to each texel of each cell to the right


class _Grid:
    """The cells between the centres of texels; row and column 0 lie before the first texel of a tile."""

    def __init__(self, width: int, height: int, tile: tuple[int, int] | None) -> None:
        self.size = width, height
        self.tile = tile
        more = 0 if tile is None else 1
        self.rows, self.columns = height + more, width + more

    def positions(self, uvs: FloatArray) -> FloatArray:
        """Return where UVs lie, in cells."""
        (width, height), (u, v) = self.size, self.tile or (0, 0)
        shift = -0.5 if self.tile is None else 0.5
        return np.column_stack([(uvs[:, 0] - u) * width + shift, (1 + v - uvs[:, 1]) * height + shift])

    def place(self, pieces: _Pieces) -> _Pieces:
        """Return pieces in the rows and columns that there are; those of a tile have been clipped."""
        if self.tile is None:
            laps, columns = np.divmod(pieces.columns, self.columns)
            return pieces._replace(rows=pieces.rows % self.rows, columns=columns, laps=laps)
        return pieces

    def fold(self, padded: FloatArray) -> FloatArray:
        """Return the sums of texels: (H, W). Those beyond an edge are repeated ones, or the edge's own."""
        if self.tile is None:
            padded[0] += padded[-1]
            padded[:, 0] += padded[:, -1]
            folded = padded[:-1, :-1]
        else:
            padded[1] += padded[0]
            padded[-2] += padded[-1]
            padded[:, 1] += padded[:, 0]
            padded[:, -2] += padded[:, -1]
            folded = padded[1:-1, 1:-1]
        blocks = slices(len(folded), _ROWS)
        least = _NOTHING * max(in_parallel(lambda block: float(folded[block].max(initial=0)), blocks))
        result = np.empty(folded.shape)
        do_in_parallel(
            lambda block: np.multiply(folded[block], folded[block] > least, out=result[block]), blocks
        )
        return result


class _Steps(NamedTuple):
    """Sums of all pieces: what each texel of a row has more than the one to its left."""

    texels: FloatArray  # (rows + 1, columns + 2)
    lasting: FloatArray  # (rows + 1,), for all cells of a row

    @classmethod
    def of(cls, grid: _Grid) -> _Steps:
        return cls(np.zeros((grid.rows + 1, grid.columns + 2)), np.zeros(grid.rows + 1))

    def add(self, pieces: _Pieces) -> None:
        wide, flat = self.texels.shape[1], self.texels.reshape(-1)
        first = pieces.rows * wide + pieces.columns
        for below, (steps, carried) in enumerate(zip(pieces.steps, pieces.carried)):
            for place, values in enumerate(steps):
                np.add.at(flat, first + (below * wide + place), values)
            if pieces.laps.any():
                np.add.at(self.lasting, pieces.rows + below, carried * -pieces.laps)

    def of_texels(self) -> FloatArray:
        """Return the sums of texels, (rows + 1, columns + 1): each is that of two cells, but at the ends."""
        for place, sign in ((0, 1), (1, 1), (-2, -1)):
            self.texels[:, place] += sign * self.lasting
        do_in_parallel(
            lambda block: np.cumsum(self.texels[block], axis=1, out=self.texels[block]),
            slices(len(self.texels), _ROWS),
        )
        return self.texels[:, :-1]


def _edges_of(uvs: npt.ArrayLike, triangles: npt.ArrayLike, areas: npt.ArrayLike, grid: _Grid) -> _Edges:
    """Return the edges of triangles; what lies on both sides of one alike needs none."""
    points, corners = np.asarray(uvs, np.float64), np.asarray(triangles, np.int64)
    surface = np.asarray(areas, np.float64)
    if points.shape[1:] != (2,) or corners.shape[1:] != (3,) or surface.shape != corners.shape[:1]:
        shapes = f"{points.shape}, {corners.shape} and {surface.shape}"
        raise InvalidArgumentError(f"uvs, triangles and areas must be (n, 2), (t, 3) and (t,), got {shapes}")
    if len(corners) and not 0 <= corners.min() <= corners.max() < len(points):
        raise InvalidArgumentError(f"triangles must be indices of {len(points)} uvs")
    places = grid.positions(points)
    first, second, third = (places[corners[:, corner]] for corner in range(3))
    (one_x, one_y), (two_x, two_y) = (second - first).T, (third - first).T
    doubled = one_x * two_y - one_y * two_x
    counts = np.isfinite(doubled) & (doubled != 0) & np.isfinite(surface) & (surface > 0)
    if grid.tile is not None:
        low, high = (reach.reduce([first, second, third]) for reach in (np.minimum, np.maximum))
        counts &= (high > 0).all(axis=1) & (low < (grid.columns, grid.rows)).all(axis=1)
    corners, density = corners[counts], (2 * surface[counts] / doubled[counts])
    starts, ends = corners.ravel(), np.roll(corners, -1, axis=1).ravel()
    forward = starts < ends
    keys = np.minimum(starts, ends) * len(points) + np.maximum(starts, ends)
    both, groups = np.unique(keys, return_inverse=True)
    signed = np.repeat(density, 3)
    weights = np.bincount(groups, np.where(forward, signed, -signed), len(both))
    largest = np.bincount(groups, np.abs(signed), len(both))
    start, end = (places[index] for index in np.divmod(both, max(len(points), 1)))
    matters = (np.abs(weights) > _NOTHING * largest) & (start[:, 1] != end[:, 1])
    start, end, weights = start[matters], end[matters], weights[matters]
    falls = start[:, 1] > end[:, 1]
    # Of a triangle that turns clockwise in rows that count downwards, the surface is right of what falls.
    weights = np.where(falls, weights, -weights)
    start[falls], end[falls] = end[falls].copy(), start[falls].copy()
    edges = _Edges(start, end, weights)
    if grid.tile is not None:
        width, height = grid.size
        edges = _clip(edges, np.array([0.5, 0.5]), np.array([width + 0.5, height + 0.5]))
    if np.abs(edges.ends - edges.starts).sum() > _LONGEST:
        raise InvalidArgumentError("uvs span too many repetitions of the texture to be looked at")
    return edges


def _split(edges: _Edges, grid: _Grid) -> _Pieces:
    """Cut edges where rows and columns end, and integrate over what is right of each part."""
    (start_x, start_y), (end_x, end_y) = edges.starts.T, edges.ends.T
    first = np.floor(start_y)
    of, row = expand_ranges(first, np.maximum(np.ceil(end_y), first + 1))
    lean, y = ((end_x - start_x) / (end_y - start_y))[of], start_y[of]
    upper, lower = np.maximum(y, row), np.minimum(end_y[of], row + 1)
    x_upper, x_lower = (start_x[of] + (each - y) * lean for each in (upper, lower))
    left, right = np.minimum(x_upper, x_lower), np.maximum(x_upper, x_lower)
    right = np.where(right - left > _UPRIGHT, right, left)
    from_left = x_upper <= x_lower
    b_left, b_right = np.where(from_left, upper, lower) - row, np.where(from_left, lower, upper) - row
    weights = np.where(from_left, edges.weights[of], -edges.weights[of])
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(right > left, (b_right - b_left) / (right - left), 0)
    first = np.floor(left)
    part, column = expand_ranges(first, np.maximum(np.ceil(right), first + 1))
    whole, slope, b_left = left[part], slope[part], b_left[part]
    begin, stop = np.maximum(column, whole), np.minimum(column + 1, right[part])
    b0, b1 = b_left + (begin - whole) * slope, b_left + (stop - whole) * slope
    b1 = np.where(slope == 0, b_right[part], b1)
    steps, carried = _integrals(begin - column, stop - column, b0, b1, weights[part])
    rows, columns = row.astype(np.int64)[part], column.astype(np.int64)
    return grid.place(_Pieces(rows, columns, np.zeros(len(rows), np.int64), steps, carried))


def _integrals(
    a0: FloatArray, a1: FloatArray, b0: FloatArray, b1: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return what the surface right of an edge, in its cell and in those to the right, adds to texels.

    In a cell the edge leads from (a0, b0) to (a1, b1). Integrands are cubic: two Gaussian points, which lie
    as far from the middle (a, b) on both sides, are exact.
    """
    height = (b1 - b0) * weights
    a, b, away = (a0 + a1) / 2, (b0 + b1) / 2, (a1 - a0) * _GAUSS
    square, both = away * away, away * (b1 - b0) * _GAUSS
    left = ((1 - a) ** 2 + square) / 2
    right = (1 - a * a - square) / 2
    lower = np.stack([left * b - (1 - a) * both, right * b - a * both, b / 2]) * height
    upper = np.stack([left, right, np.full(len(a), 0.5)]) * height - lower
    steps = np.empty((2, 3, len(a)))
    for (to_left, to_right, carried), (one, two, three) in zip((upper, lower), steps):
        one[:] = to_left
        np.subtract(to_right + carried, to_left, out=two)
        np.subtract(carried, to_right, out=three)
    return steps, np.stack([upper[2], lower[2]])


def _clip(edges: _Edges, low: FloatArray, high: FloatArray) -> _Edges:
    """Return edges within a box, for what is right of them and in it.

    What is above and below falls away; what is beyond a side is as good as an edge along that side.
    """
    starts, ends, weights = edges
    rise = ends[:, 1] - starts[:, 1]
    cut = [((limit - starts[:, 1]) / rise).clip(0, 1)[:, np.newaxis] for limit in (low[1], high[1])]
    starts, ends = (starts + share * (ends - starts) for share in cut)
    run = ends[:, 0] - starts[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = [np.nan_to_num((limit - starts[:, 0]) / run).clip(0, 1) for limit in (low[0], high[0])]
    shares = np.sort(np.stack([np.zeros(len(run)), *crossings, np.ones(len(run))]), axis=0)
    points = (starts + shares[..., np.newaxis] * (ends - starts)).clip(low, high)
    begin, stop = points[:-1].reshape(-1, 2), points[1:].reshape(-1, 2)
    rises = stop[:, 1] > begin[:, 1]
    return _Edges(begin[rises], stop[rises], np.tile(weights, 3)[rises])


def expand_ranges(first: FloatArray, stop: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return, for ranges of whole numbers, the range that each number is of, and the number."""
    counts = (stop - first).astype(np.int64)
    of = np.repeat(np.arange(len(counts)), counts)
    shift = first - (np.cumsum(counts) - counts)
    return of, shift[of] + np.arange(len(of))
