"""What x, y and z of a cloud are: red, green and blue, or the axes of a space in which clusters are round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from rgbcloud.color.color_space import SRGB
from rgbcloud.color.spaces import SPACES, linear_to_srgb8, srgb8_to, srgb8_to_linear

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.color.color_space import ColorSpace

AxesName = Literal["srgb", "linear", "oklab", "cielab", "file"]


class CloudAxes(NamedTuple):
    """What the axes are called, and which box of the space is shown as the unit cube: all equally long.

    Attributes
    ----------
    names : tuple of str
        Of x, y and z.
    columns : tuple of int
        Which coordinates of the space they are.
    lowest : tuple of float
        The coordinates at x, y and z of 0.
    extent : float
        How much farther those at 1 are.
    """

    names: tuple[str, str, str] = ("R", "G", "B")
    columns: tuple[int, int, int] = (0, 1, 2)
    lowest: tuple[float, float, float] = (0.0, 0.0, 0.0)
    extent: float = 1.0


AXES: dict[AxesName, CloudAxes] = {
    "srgb": CloudAxes(),
    "linear": CloudAxes(),
    # Lightness is z, which points up in pictures and pages; grey runs up the middle.
    "oklab": CloudAxes(("a", "b", "L"), (1, 2, 0), (-0.5, -0.5, 0.0)),
    "cielab": CloudAxes(("a*", "b*", "L*"), (1, 2, 0), (-110.0, -110.0, -60.0), 220.0),
    "file": CloudAxes(),
}
"""The axes by name: of sRGB, of linear light, of Oklab, of CIELAB, or the numbers that the file holds."""


def axis_positions(colors: UInt8Array, axes: AxesName, color_space: ColorSpace) -> FloatArray:
    """Return where colours lie in the unit cube.

    Parameters
    ----------
    colors : ndarray of shape (n, 3), uint8
        sRGB.
    axes : {"srgb", "linear", "oklab", "cielab", "file"}
    color_space : ColorSpace
        Of the file: its numbers for what a display shows.

    Returns
    -------
    ndarray of shape (n, 3), float64
        x, y and z, see `AXES`.
    """
    shown = AXES[axes]
    if axes == "file" and color_space != SRGB:
        places = color_space.from_linear_srgb(srgb8_to_linear(colors))
    else:
        places = srgb8_to("srgb" if axes == "file" else axes, colors)
    if shown == CloudAxes():
        return places
    return np.asarray((places[:, shown.columns] - shown.lowest) / shown.extent)


def axis_colors(places: FloatArray, axes: AxesName, color_space: ColorSpace) -> UInt8Array:
    """Return the colours at places in the unit cube: the inverse of `axis_positions`.

    Parameters
    ----------
    places : ndarray of shape (n, 3), float64
    axes : {"srgb", "linear", "oklab", "cielab", "file"}
    color_space : ColorSpace
        Of the file.

    Returns
    -------
    ndarray of shape (n, 3), uint8
        sRGB; what a display cannot show is clipped.
    """
    shown = AXES[axes]
    if axes == "file":
        return linear_to_srgb8(color_space.to_linear_srgb(np.asarray(places)))
    coordinates = np.empty(np.shape(places))
    coordinates[:, shown.columns] = np.asarray(places) * shown.extent + shown.lowest
    return linear_to_srgb8(SPACES[axes].to_linear(coordinates))
