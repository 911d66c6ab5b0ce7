"""A cloud as a web page that can be turned, zoomed, and has its clusters switched on and off; with Plotly."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.cloud import AXES
from rgbcloud.color import to_codes
from rgbcloud.errors import InvalidArgumentError, MissingDependencyError
from rgbcloud_app.plots import BACKGROUND, EDGE, axis_labels, point_areas

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from rgbcloud import ColorBy, Palette, PointCloud

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>html, body {{ margin: 0; height: 100%; background: {background}; }}</style>
</head>
<body>
{figure}
</body>
</html>
"""


def cloud_page(cloud: PointCloud, color_by: ColorBy, *, title: str) -> bytes:
    """Return a cloud as a page that needs no other file and no network.

    Parameters
    ----------
    cloud : PointCloud
        With a palette: its clusters are the entries of the legend.
    color_by : {"source", "cluster"}
        How points are coloured at first; a button changes it.
    title : str

    Returns
    -------
    bytes
        An HTML file of about 5 MB, most of which is plotly.js.

    Raises
    ------
    MissingDependencyError
        If Plotly is not installed.
    InvalidArgumentError
        If the cloud was made without a palette.
    """
    try:
        import plotly.graph_objects as plotly
    except ModuleNotFoundError as error:
        msg = "pages with clouds need Plotly: python -m pip install plotly"
        raise MissingDependencyError(msg) from error
    if cloud.palette is None or cloud.clusters is None:
        msg = "the cloud has no clusters to list; make it with a palette"
        raise InvalidArgumentError(msg)

    own = np.array([f"#{code:06x}" for code in to_codes(cloud.colors)])
    groups = [cloud.clusters == cluster for cluster in range(len(cloud.palette))]
    colors: dict[ColorBy, list[Any]] = {
        "cluster": cloud.palette.to_hex(),
        "source": [own[group].tolist() for group in groups],
    }
    figure = plotly.Figure()
    for trace in (*_points(cloud, groups, own, colors[color_by]), *_entries(cloud.palette)):
        figure.add_scatter3d(**trace)
    figure.update_layout(_layout(title, colors, color_by))
    figure.update_layout(scene=_axes(cloud))
    text = figure.to_html(
        full_html=False,
        include_plotlyjs=True,
        div_id="cloud",  # a random one would make every page another file
        default_height="100vh",
        config={"displaylogo": False, "responsive": True},
    )
    page = _PAGE.format(title=html.escape(title), background=BACKGROUND, figure=text)
    return page.encode()


def _points(
    cloud: PointCloud, groups: list[Any], own: npt.NDArray[np.str_], colors: list[Any]
) -> Iterator[dict[str, Any]]:
    """Yield a trace for the points of each cluster."""
    diameters = np.sqrt(point_areas(cloud)) * 0.9
    for cluster, group in enumerate(groups):
        yield {
            **dict(zip("xyz", cloud.positions[group].T)),
            "mode": "markers",
            "legendgroup": cluster,
            "showlegend": False,
            "text": own[group],
            "customdata": cloud.weights[group],
            "hovertemplate": "%{text}, %{customdata:,.0f} texels<extra></extra>",
            "marker": {"color": colors[cluster], "size": diameters[group], "line": {"width": 0}},
        }


def _entries(palette: Palette) -> Iterator[dict[str, Any]]:
    """Yield a trace of no point for each entry of the legend, which shows the colour of the first point."""
    for cluster, (color, share) in enumerate(zip(palette.to_hex(), palette.shares)):
        yield {
            **{axis: [None] for axis in "xyz"},
            "mode": "markers",
            "legendgroup": cluster,
            "name": f"{color}  {share:.1%}",
            "marker": {"color": color, "size": 10},
        }


def _axes(cloud: PointCloud) -> dict[str, Any]:
    """Return the axes of the scene, their ticks in the numbers of the space."""
    shown = AXES[cloud.axes]
    places = np.linspace(0, 1, 6)
    return {
        f"{axis}axis": {
            "title": {"text": name, "font": {"color": color, "size": 20}},
            "range": [0, 1],
            "tickvals": places.tolist(),
            "ticktext": [f"{lowest + place * shown.extent:.3g}" for place in places],
            "color": EDGE,
            "gridcolor": "#5c6064",
            "showbackground": False,
            "zeroline": False,
        }
        for axis, (name, color), lowest in zip("xyz", axis_labels(cloud), shown.lowest)
    }


def _layout(title: str, colors: dict[ColorBy, list[Any]], color_by: ColorBy) -> dict[str, Any]:
    clusters = list(range(len(colors["cluster"])))
    labels: dict[ColorBy, str] = {"source": "Own colours", "cluster": "Cluster colours"}
    buttons = [
        {"label": label, "method": "restyle", "args": [{"marker.color": colors[by]}, clusters]}
        for by, label in labels.items()
    ]
    return {
        "title": {"text": html.escape(title), "x": 0.5},
        "paper_bgcolor": BACKGROUND,
        "font": {"color": "#e8e8e8"},
        "margin": {"l": 0, "r": 0, "t": 48, "b": 0},
        "legend": {
            "tracegroupgap": 0,
            "itemsizing": "constant",
            "title": {"text": "Clusters (click to hide, double-click for one)"},
        },
        "scene": {
            "aspectmode": "cube",
            "dragmode": "orbit",
            "camera": {"eye": {"x": 1.15, "y": -1.8, "z": 0.75}, "center": {"x": 0, "y": 0, "z": -0.1}},
        },
        "updatemenus": [
            {
                "type": "buttons",
                "direction": "right",
                "x": 0.01,
                "xanchor": "left",
                "y": 0.99,
                "yanchor": "top",
                "active": list(labels).index(color_by),
                "bgcolor": "#b8bcc0",
                "font": {"color": "#202224"},
                "buttons": buttons,
            }
        ],
    }
