"""From texels to faces: which cluster a face shows most of, and how far off its texels are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, IntArray

_POINTS = 16  # looked up on each triangle
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
    spread = np.arange(1, _POINTS + 1)[:, np.newaxis] * _GOLDEN % 1
    spread = np.where(spread.sum(axis=1, keepdims=True) > 1, 1 - spread, spread)
    shares = np.column_stack([1 - spread.sum(axis=1), spread])
    points = np.einsum("pc,tcd->tpd", shares, uvs)
    found = np.full(points.shape[:2], np.nan)
    for tile, texels in tiles.items():
        height, width = texels.shape
        inside = np.isfinite(points).all(axis=2)
        if tile is not None:
            inside &= (np.floor(points) == tile).all(axis=2)
        u, v = (points[inside] % 1).T
        rows = np.minimum(((1 - v) * height).astype(np.int64), height - 1)
        columns = np.minimum((u * width).astype(np.int64), width - 1)
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
    wide = np.broadcast_to(groups[:, np.newaxis], labels.shape)
    keys = wide[seen] * count + labels[seen].astype(np.int64)
    votes = np.bincount(keys, weights[seen], len(numbers) * count).reshape(-1, count)
    whole = np.bincount(groups, np.maximum(areas, np.finfo(float).tiny) * labels.shape[1], len(numbers))
    winners = votes.argmax(axis=1)
    most = votes.max(axis=1)
    return numbers, np.where((most > 0) & (most >= threshold * whole), winners, NO_CLUSTER)
