"""Models as pictures: their faces in the colours of their clusters, and how far texels are off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.surface import NO_CLUSTER
from rgbcloud_app.plots import BACKGROUND, EDGE, new_figure, png_of

if TYPE_CHECKING:
    from rgbcloud.color import FloatArray
    from rgbcloud_app.assets.face_sets import ClusteredMesh

_WIDTH, _HEIGHT = 1400, 700
_LIGHT = np.array([0.45, -0.7, 0.55])
_AMBIENT = 0.45
_LEFT_OUT = (0.35, 0.35, 0.35)
_MOST = 10.0  # CIEDE2000 at the upper end of the scale


def model_picture(meshes: list[ClusteredMesh]) -> bytes:
    """Draw a model twice: in the colours of its clusters, and by the error of its texture.

    Parameters
    ----------
    meshes : list of ClusteredMesh

    Returns
    -------
    bytes
        A PNG file.

    Raises
    ------
    MissingDependencyError
        If matplotlib is not installed.
    """
    figure = new_figure(_WIDTH, _HEIGHT)
    import matplotlib as mpl

    scale = mpl.colormaps["magma"]
    points = np.concatenate([each.mesh.points for each in meshes])
    clusters = np.concatenate([_cluster_colors(each) for each in meshes])
    errors = np.concatenate([each.errors for each in meshes])
    shade = _shades(points)
    panels = (
        ("faces by cluster", clusters),
        (f"error, CIEDE2000: mean {errors.mean():.1f}", scale(errors / _MOST)[:, :3]),
    )
    for number, (title, colors) in enumerate(panels):
        axes: Any = figure.add_axes((number / 2, 0, 0.5, 0.93), projection="3d", facecolor=BACKGROUND)
        _draw(axes, points, colors * (shade if number == 0 else np.sqrt(shade)))
        figure.text(number / 2 + 0.25, 0.94, title, color="white", ha="center", fontsize=15)
    bar = figure.add_axes((0.955, 0.2, 0.012, 0.5))
    norm = mpl.colors.Normalize(0, _MOST)
    figure.colorbar(mpl.cm.ScalarMappable(norm, scale), cax=bar, extend="max")
    bar.tick_params(colors="white")
    bar.yaxis.set_tick_params(color=EDGE)
    return png_of(figure)


def _cluster_colors(each: ClusteredMesh) -> FloatArray:
    """Return the colour of each triangle: (t, 3), 0 to 1."""
    place = np.searchsorted(each.faces, each.mesh.faces)
    clusters = each.clusters[place]
    colors: FloatArray = np.where(
        (clusters == NO_CLUSTER)[:, np.newaxis], _LEFT_OUT, each.colors[np.maximum(clusters, 0)] / 255.0
    )
    return colors


def _shades(points: FloatArray) -> FloatArray:
    """Return how bright triangles are under one lamp: (t, 1)."""
    sides = points[:, 1:] - points[:, :1]
    normals = np.cross(sides[:, 0], sides[:, 1])
    length = np.maximum(np.linalg.norm(normals, axis=1), np.finfo(float).tiny)
    facing = (normals @ _LIGHT / (np.linalg.norm(_LIGHT) * length)).clip(0, 1)
    shades: FloatArray = (_AMBIENT + (1 - _AMBIENT) * facing)[:, np.newaxis]
    return shades


def _draw(axes: Any, points: FloatArray, colors: FloatArray) -> None:
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    shown = colors.clip(0, 1)
    axes.add_collection3d(Poly3DCollection(points, facecolors=shown, edgecolors=shown, linewidths=0.2))
    low, high = points.reshape(-1, 3).min(axis=0), points.reshape(-1, 3).max(axis=0)
    middle, reach = (low + high) / 2, (high - low).max() / 2
    sides = [(float(center - reach), float(center + reach)) for center in middle]
    axes.set(xlim=sides[0], ylim=sides[1], zlim=sides[2])
    axes.set_box_aspect((1, 1, 1), zoom=1.35)
    axes.view_init(elev=24, azim=-58)
    axes.set_axis_off()
