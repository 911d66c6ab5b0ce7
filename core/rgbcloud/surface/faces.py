"""From texels to faces: which cluster a face shows most of, and how far off its texels are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray

_POINTS = 16  # looked up on each triangle
_PIECE = 4096  # triangles
_GOLDEN = np.array([0.7548776662466927, 0.5698402909980532])  # of two dimensions

NO_CLUSTER = -1
"""What a face has that shows too little of any cluster, or no texel at all."""


def look_up(uvs: FloatArray, tiles: Mapping[tuple[int, int] | None, npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """Return what textures hold at points that are evenly spread over triangles.

    Parameters
    ----------
    uvs : ndarray of shape (t, 3, 2), float64
    tiles : mapping of (int, int) or None to ndarray of shape (H, W)
        The texture's numbers, by UDIM tiles; by None, if it is one that repeats.

    Returns
    -------
    ndarray of shape (t, 16), float64
        NaN where no tile is.
    """
    pieces = [uvs[piece] for piece in slices(len(uvs), _PIECE)]
    found = in_parallel(lambda piece: _look_up(piece, tiles), pieces)
    return np.concatenate([np.empty((0, _POINTS)), *found])


def _look_up(
    uvs: FloatArray, tiles: Mapping[tuple[int, int] | None, npt.NDArray[Any]]
) -> npt.NDArray[np.float64]:
    """Return what `look_up` does, of so few triangles that all of it stays in a processor's cache."""
    spread = np.arange(1, _POINTS + 1)[:, np.newaxis] * _GOLDEN % 1
    spread = np.where(spread.sum(axis=1, keepdims=True) > 1, 1 - spread, spread)
    shares = np.column_stack([1 - spread.sum(axis=1), spread])
    u, v = (uvs[..., side] @ shares.T for side in (0, 1))
    tile_u, tile_v = np.floor(u), np.floor(v)
    u, v = u - tile_u, v - tile_v
    found = np.full(u.shape, np.nan)
    are_places = np.all(np.isfinite(uvs), axis=(1, 2))
    for tile, texels in tiles.items():
        height, width = texels.shape
        inside: slice | npt.NDArray[np.bool_] = slice(None)
        if not np.all(are_places) or tile is not None:
            inside = np.broadcast_to(are_places[:, np.newaxis], u.shape)
        if tile is not None:
            inside = inside & (tile_u == tile[0]) & (tile_v == tile[1])
        rows = np.minimum(((1 - v[inside]) * height).astype(np.int32), height - 1)
        columns = np.minimum((u[inside] * width).astype(np.int32), width - 1)
        found[inside] = texels[rows, columns]
    return found


def clusters_of_faces(
    labels: FloatArray, faces: IntArray, areas: FloatArray, *, threshold: float = 0.0
) -> tuple[IntArray, IntArray]:
    """Return the cluster that each face shows most of.

    Parameters
    ----------
    labels : ndarray of shape (t, n), float64
        Palette indices at points of triangles, as `look_up` returns them.
    faces : ndarray of shape (t,), int64
        The face that each triangle is of.
    areas : ndarray of shape (t,), float64
    threshold : float, default 0
        The part of a face, 0 to 1, that must show the cluster.

    Returns
    -------
    numbers : ndarray of shape (f,), int64
        Of the faces, rising.
    clusters : ndarray of shape (f,), int64
        `NO_CLUSTER` where no cluster takes that part.
    """
    numbers, groups = np.unique(faces, return_inverse=True)
    seen = np.isfinite(labels)
    if not seen.any():
        return numbers, np.full(len(numbers), NO_CLUSTER)
    count = int(np.nanmax(labels)) + 1
    weights = np.broadcast_to(np.maximum(areas, np.finfo(float).tiny)[:, np.newaxis], labels.shape)
    # What is not seen votes for a cluster of its own, which is left out.
    chosen = np.where(seen, labels, count).astype(np.int64)
    keys = groups[:, np.newaxis] * (count + 1) + chosen
    votes = np.bincount(keys.ravel(), weights.ravel(), len(numbers) * (count + 1))
    votes = votes.reshape(-1, count + 1)[:, :count]
    whole = np.bincount(groups, np.maximum(areas, np.finfo(float).tiny) * labels.shape[1], len(numbers))
    winners = votes.argmax(axis=1)
    most = votes.max(axis=1)
    return numbers, np.where((most > 0) & (most >= threshold * whole), winners, NO_CLUSTER)
