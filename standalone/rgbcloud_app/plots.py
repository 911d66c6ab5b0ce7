"""Clouds as pictures, drawn with matplotlib."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.cloud import AXES
from rgbcloud.errors import MissingDependencyError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from mpl_toolkits.mplot3d.axes3d import Axes3D

    from rgbcloud import ColorBy, PointCloud
    from rgbcloud.budget import Budget
    from rgbcloud.color import FloatArray

BACKGROUND = "#484b4f"
EDGE = "#a4a8ac"
_AXIS_COLORS = ("#ff5c57", "#5af78e", "#57a8ff")
_LAB_COLORS = ("#ff7ac6", "#ffd34d", "#ffffff")  # towards magenta, towards yellow, towards white
_ELEVATION, _AZIMUTH = 20.0, -58.0
_DPI = 100
_LABELLED = 16  # textures whose names find room
_TICKS = (2, 4, 8, 16, 32, 64, 128, 256)


def cloud_picture(cloud: PointCloud, color_by: ColorBy, *, size: int = 1000) -> bytes:
    """Draw a cloud within the cube of its axes.

    Parameters
    ----------
    cloud : PointCloud
        Points grow with their weight.
    color_by : {"source", "cluster"}
    size : int, default 1000
        Pixels a side.

    Returns
    -------
    bytes
        A PNG file.

    Raises
    ------
    MissingDependencyError
        If matplotlib is not installed.
    """
    figure = new_figure(size, size)
    axes: Axes3D = figure.add_axes((0, 0, 1, 1), projection="3d", facecolor=BACKGROUND)
    axes.set_axis_off()
    axes.set_proj_type("persp", focal_length=1.0)
    axes.view_init(elev=_ELEVATION, azim=_AZIMUTH)
    axes.set_box_aspect((1, 1, 1), zoom=1.05)
    axes.set(xlim=(0, 1), ylim=(0, 1), zlim=(0, 1))
    axes.computed_zorder = False  # edges in front of the points are drawn over them, the others beneath
    _draw_cube(axes, axis_labels(cloud))
    axes.scatter(
        *cloud.positions.T,
        c=cloud.display_colors(color_by) / 255,
        s=point_areas(cloud) * (size / 1000) ** 2,
        depthshade=False,
        linewidths=0,
        zorder=2,
    )
    return png_of(figure)


def curve_picture(errors: FloatArray, knee: int, *, title: str) -> bytes:
    """Draw what error palettes of 2 colours and more have.

    Parameters
    ----------
    errors : ndarray of shape (n,), float64
        See `rgbcloud.Preview.errors`.
    knee : int
        The number of colours to point out.
    title : str

    Returns
    -------
    bytes
        A PNG file of 1000 x 600 pixels.

    Raises
    ------
    MissingDependencyError
        If matplotlib is not installed.
    """
    figure = new_figure(1000, 600)
    axes = figure.add_subplot(facecolor=BACKGROUND)
    colors = np.arange(2, len(errors) + 2)
    axes.plot(colors, np.sqrt(errors / 3), color="#57a8ff", linewidth=2)
    at_knee = float(np.sqrt(errors[knee - 2] / 3))
    axes.plot([knee], [at_knee], "o", color="#ffffff", markersize=9)
    axes.annotate(
        f"knee: {knee} colours",
        (knee, at_knee),
        (12, 12),
        textcoords="offset points",
        color="#ffffff",
        fontsize=13,
    )
    axes.set_xscale("log", base=2)
    axes.set_xticks(_TICKS, [str(tick) for tick in _TICKS])
    axes.set(xlim=(2, max(4, colors[-1])), ylim=(0, None))
    axes.set_title(title, color="#ffffff")
    return _with_labels(figure, axes, "colours", "root mean squared error, levels of a channel")


def _with_labels(figure: Figure, axes: Axes, across: str, up: str) -> bytes:
    """Return a PNG file of a figure, dressed."""
    axes.set_xlabel(across, color="#ffffff")
    axes.set_ylabel(up, color="#ffffff")
    axes.tick_params(colors="#ffffff", labelcolor="#ffffff", which="both")
    axes.grid(color=EDGE, alpha=0.3)
    for spine in axes.spines.values():
        spine.set_color(EDGE)
    figure.tight_layout()
    return png_of(figure)


def budget_picture(budget: Budget) -> bytes:
    """Draw bytes and error of each texture at every number of colours, and those that a budget chose.

    Returns
    -------
    bytes
        A PNG file.

    Raises
    ------
    MissingDependencyError
        If matplotlib is not installed.
    """
    figure = new_figure(1000, 600)
    axes = figure.add_subplot(facecolor=BACKGROUND)
    for number, curve in budget.curves.items():
        place, weight = curve.place_of(budget.colors[number]), curve.texels or 1.0
        label = f"{budget.names[number]}: {budget.colors[number]}"
        (line,) = axes.plot(curve.sizes, curve.errors / weight, linewidth=1.2, label=label)
        axes.plot(curve.sizes[place], curve.errors[place] / weight, "o", color=line.get_color())
    axes.set_xscale("log")
    axes.set_yscale("log")
    if len(budget.curves) <= _LABELLED:
        axes.legend(facecolor=BACKGROUND, edgecolor=EDGE, labelcolor="#ffffff", fontsize=8)
    return _with_labels(figure, axes, "bytes", "dE2000" if budget.figure == "delta_e" else "MSE")


def point_areas(cloud: PointCloud) -> FloatArray:
    """Return the area of each point, 5 … 120: rare colours stay visible, frequent ones do not cover all."""
    weights = cloud.weights
    areas: FloatArray = np.maximum(5, 120 * np.sqrt(weights / weights.max()))
    return areas


def axis_labels(cloud: PointCloud) -> list[tuple[str, str]]:
    """Return name and colour of each axis of a cloud."""
    names = AXES[cloud.axes].names
    return list(zip(names, _AXIS_COLORS if names == AXES["srgb"].names else _LAB_COLORS))


def _draw_cube(axes: Axes3D, labels: list[tuple[str, str]]) -> None:
    """Draw the edges of the cube and name its axes."""
    elevation, azimuth = np.radians((_ELEVATION, _AZIMUTH))
    towards_viewer = np.array(
        [np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)]
    )
    hidden = np.where(towards_viewer > 0, 0, 1)  # the corner behind all others: its three edges are behind
    for corner in itertools.product((0, 1), repeat=3):
        for axis in range(3):
            if corner[axis] or not any(corner):
                continue
            behind = all(corner[other] == hidden[other] for other in range(3) if other != axis)
            _draw_edge(axes, corner, axis, color=EDGE, linewidth=0.8, zorder=1 if behind else 3)
    for axis, (name, color) in enumerate(labels):
        behind = all(hidden[other] == 0 for other in range(3) if other != axis)
        # The points would hide an axis behind them: it shines through, dotted.
        style = ":" if behind else "-"
        _draw_edge(axes, (0, 0, 0), axis, color=color, linewidth=2.0, linestyle=style, zorder=4)
        place = np.zeros(3)
        place[axis] = 1.07
        axes.text(
            *place, name, color=color, fontsize=18, fontweight="bold", ha="center", va="center", zorder=4
        )


def _draw_edge(axes: Axes3D, corner: tuple[int, ...], axis: int, **style: object) -> None:
    """Draw the edge that leads from a corner along an axis."""
    ends = np.array([corner, corner], float)
    ends[1, axis] = 1
    axes.plot(*ends.T, **style)


def new_figure(width: int, height: int) -> Figure:
    """Return a figure of its own, not pyplot's: no display, no state that others share."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MissingDependencyError("pictures need matplotlib: python -m pip install matplotlib") from error
    return Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=BACKGROUND)


def png_of(figure: Figure) -> bytes:
    """Return a figure as a PNG file."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()
