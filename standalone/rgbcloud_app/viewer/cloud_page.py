"""A cloud as a web page that can be turned, zoomed, and has its clusters switched on and off."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.color import SRGB
from rgbcloud.errors import InvalidArgumentError
from rgbcloud_app.plots import point_areas
from rgbcloud_app.viewer.one_file import one_file

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud import ColorBy, PointCloud

_SCRIPTS = ("coding", "motion", "spaces", "marks", "room", "turning", "cloud_page")
"""In the order in which they build on each other."""


def cloud_page(cloud: PointCloud, color_by: ColorBy, *, title: str) -> bytes:
    """Return a cloud as a page that needs no other file and no network.

    Parameters
    ----------
    cloud : PointCloud
        With a palette: its clusters are what can be switched on and off.
    color_by : {"source", "cluster"}
        How points are coloured at first; a button changes it, and others the space that they lie in.
    title : str

    Returns
    -------
    bytes
        An HTML file of about 17 bytes a point, and 30 KB.

    Raises
    ------
    InvalidArgumentError
        If the cloud was made without a palette.
    """
    if cloud.palette is None or cloud.clusters is None:
        raise InvalidArgumentError("the cloud has no clusters to list; make it with a palette")
    space = "srgb" if cloud.axes == "file" and cloud.color_space == SRGB else cloud.axes
    shares = zip(cloud.palette.to_hex(), cloud.palette.shares)
    return one_file(
        "viewer/cloud_page.html",
        styles=["viewer/cloud_page.css"],
        scripts=[f"viewer/{script}.js" for script in _SCRIPTS],
        data={
            "colors": _text(cloud.colors),
            "weights": _text(cloud.weights.astype("<f8")),
            "areas": _text(np.round(point_areas(cloud)).astype(np.uint8)),
            "clusters": _text(cloud.clusters),
            "palette": [{"color": color, "share": f"{share:.1%}"} for color, share in shares],
            "colorBy": color_by,
            "space": "rgb" if space == "srgb" else space,
            "places": _text(cloud.positions - np.float32(0.5)) if space == "file" else None,
        },
        title=title,
    )


def _text(values: npt.NDArray[np.generic]) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")
