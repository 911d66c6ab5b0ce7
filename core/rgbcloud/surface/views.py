"""What a camera sees of triangles: how much of its frame each of their parts fills, and nothing hides.

That is facing, distance and the frame's borders in one figure. Triangles are cut until they are small in the
frame, so that what is nearer counts more within one, too; a depth buffer tells what is hidden.

References
----------
Catmull, E. (1974), A subdivision algorithm for computer display of curved surfaces, University of Utah, for
the buffer; Williams, L. (1978), Casting curved shadows on curved surfaces, SIGGRAPH,
doi:10.1145/800248.807402, for its bias.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.surface.cameras import frame_of
from rgbcloud.surface.coverage import expand_ranges
from rgbcloud.surface.meshes import Surface, triangles_of

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, IntArray

_WIDE = 1024  # pixels of the longer side of the frame
_LONGEST = 16.0  # pixels of an edge of a part
_ROUNDS = 9  # of cutting at most
_MOST_PARTS = 1 << 20
_NEAREST = 1e-6
_COUNTED = 4  # pixels of a part from which on they tell how much of it is seen, and not its middle


def surface_in_view(points: FloatArray, uvs: FloatArray, matrix: FloatArray, aspect: float) -> Surface:
    """Return triangles as a camera sees them: their areas are the parts of its frame that they fill.

    Parameters
    ----------
    points : ndarray of shape (t, 3, 3), float64
        Corners in the world; of all that may hide others, too, whose `uvs` are NaN if they do not count.
    uvs : ndarray of shape (t, 3, 2), float64
    matrix : ndarray of shape (4, 4), float64
        From the world to the frame: rows times it are homogeneous, x and y in -w … w, z larger behind.
    aspect : float
        Width over height of the frame.

    Returns
    -------
    Surface
        Of the parts that are seen; maybe of none. Both sides of a triangle are seen.
    """
    size = np.array([1.0, 1 / aspect] if aspect >= 1 else [aspect, 1.0]) * _WIDE
    size = np.maximum(np.rint(size), 1.0)
    corners = np.concatenate([points, np.ones((*points.shape[:2], 1))], axis=2) @ matrix
    corners, uvs = _cut(corners, uvs, size)
    places = corners[..., :3] / corners[..., 3:]
    places[..., :2] = (places[..., :2] + 1) / 2 * size
    areas = _visible_pixels(places, size.astype(np.int64)) / size.prod()
    counts = (areas > 0) & np.isfinite(uvs).all(axis=(1, 2))
    flat = np.arange(3 * int(counts.sum())).reshape(-1, 3)
    return Surface(uvs[counts].reshape(-1, 2), flat, areas[counts])


def parts_in_view(path: str, camera: str) -> list[tuple[str, Surface]]:
    """Read what a camera of a stage, or of a glTF file, sees of its meshes, at its start.

    Parameters
    ----------
    path : str
    camera : str
        The path of its prim, or its name; see `frame_of`.

    Returns
    -------
    list of (str, Surface)
        What wears each material, by that material's path or name, as `surface_in_view` returns it.

    Raises
    ------
    ImageReadError
        If it cannot be read, or has no such camera.
    MissingDependencyError
        If what reads such files is not installed.
    """
    matrix, aspect = frame_of(path, camera)
    meshes = [mesh for mesh in triangles_of(path) if len(mesh.points)]
    points = np.concatenate([np.empty((0, 3, 3)), *(mesh.points for mesh in meshes)])
    parts = []
    for material in dict.fromkeys(mesh.material for mesh in meshes):
        uvs = [mesh.uvs if mesh.material == material else np.full(mesh.uvs.shape, np.nan) for mesh in meshes]
        parts.append((material, surface_in_view(points, np.concatenate(uvs), matrix, aspect)))
    return parts


def _cut(corners: FloatArray, uvs: FloatArray, size: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return triangles cut into four until they are small in the frame; without what it cannot show."""
    done_corners: list[FloatArray] = []
    done_uvs: list[FloatArray] = []
    for number in range(_ROUNDS + 1):
        depth = corners[..., 3]
        outside = (corners[..., :2] > depth[..., np.newaxis]).all(axis=1) | (
            corners[..., :2] < -depth[..., np.newaxis]
        ).all(axis=1)
        maybe = np.isfinite(corners).all(axis=(1, 2)) & np.any(depth > _NEAREST, axis=1)
        maybe &= ~np.any(outside, axis=1)
        corners, uvs = corners[maybe], uvs[maybe]
        in_front = (corners[..., 3] > _NEAREST).all(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            places = corners[..., :2] / corners[..., 3:] / 2 * size
        edges = np.linalg.norm(places - np.roll(places, 1, axis=1), axis=2)
        whole = in_front & np.all(edges <= _LONGEST, axis=1)
        if number == _ROUNDS or 4 * np.count_nonzero(~whole) > _MOST_PARTS:
            whole = in_front
        done_corners.append(corners[whole])
        done_uvs.append(uvs[whole])
        if number == _ROUNDS or whole.all() or 4 * np.count_nonzero(~whole) > _MOST_PARTS:
            break
        corners, uvs = _quarters(corners[~whole]), _quarters(uvs[~whole])
    return np.concatenate(done_corners), np.concatenate(done_uvs)


def _quarters(corners: FloatArray) -> FloatArray:
    one, two, three = corners[:, 0], corners[:, 1], corners[:, 2]
    first, second, third = (one + two) / 2, (two + three) / 2, (three + one) / 2
    parts = ((one, first, third), (first, two, second), (third, second, three), (first, second, third))
    return np.concatenate([np.stack(part, axis=1) for part in parts])


def _visible_pixels(places: FloatArray, size: IntArray) -> FloatArray:
    """Return how many pixels of the frame show each triangle: (t,)."""
    width, height = size
    sides = places[:, 1:] - places[:, :1]
    doubled = sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]
    flat = np.where(doubled == 0, 1.0, doubled)
    slope_x = (sides[:, 0, 2] * sides[:, 1, 1] - sides[:, 1, 2] * sides[:, 0, 1]) / flat
    slope_y = (sides[:, 1, 2] * sides[:, 0, 0] - sides[:, 0, 2] * sides[:, 1, 0]) / flat
    bias = np.abs(slope_x) + np.abs(slope_y) + 1e-9
    of, column, row = _pixels_in_boxes(places, width, height)
    x, y = column + 0.5 - places[of, 0, 0], row + 0.5 - places[of, 0, 1]
    second = (x * sides[of, 1, 1] - y * sides[of, 1, 0]) / flat[of]
    third = (y * sides[of, 0, 0] - x * sides[of, 0, 1]) / flat[of]
    inside = (second >= 0) & (third >= 0) & (second + third <= 1) & (doubled[of] != 0)
    of, column, row, x, y = of[inside], column[inside], row[inside], x[inside], y[inside]
    depth = places[of, 0, 2] + slope_x[of] * x + slope_y[of] * y
    middles = places.mean(axis=1)
    middle_column, middle_row = np.floor(middles[:, :2]).astype(np.int64).T
    framed = (middle_column >= 0) & (middle_column < width) & (middle_row >= 0) & (middle_row < height)
    pixels, middle = row * width + column, np.where(framed, middle_row * width + middle_column, 0)
    nearest = np.full(width * height, np.inf)
    np.minimum.at(nearest, pixels, depth)
    np.minimum.at(nearest, middle[framed], middles[framed, 2])
    shown = depth <= nearest[pixels] + bias[of]
    found = np.bincount(of, minlength=len(places))
    counted = np.bincount(of, shown, len(places))
    area = np.abs(doubled) / 2
    framed_whole = ((places[..., :2] >= 0) & (places[..., :2] <= size)).all(axis=(1, 2))
    share = counted / np.maximum(np.where(framed_whole, found, np.maximum(found, area)), 1)
    small = np.where(framed & (middles[:, 2] <= nearest[middle] + bias), area, 0.0)
    visible: FloatArray = np.where(found >= _COUNTED, area * share, small)
    return visible


def _pixels_in_boxes(places: FloatArray, width: int, height: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return the pixels in the box around each triangle: its number, column and row."""
    low = np.clip(np.ceil(places[..., :2].min(axis=1) - 0.5), 0, (width, height))
    high = np.clip(np.floor(places[..., :2].max(axis=1) - 0.5) + 1, 0, (width, height))
    of, rows = expand_ranges(low[:, 1], high[:, 1])
    part, columns = expand_ranges(low[of, 0], high[of, 0])
    return of[part], columns.astype(np.int64), rows[part].astype(np.int64)
