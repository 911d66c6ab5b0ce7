"""Palette colours as Maya takes and names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rgbcloud.color import srgb8_to_linear

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def display_values(colors: npt.NDArray[np.uint8], *, linear: bool) -> npt.NDArray[np.float64]:
    """Return sRGB colours as the numbers that Maya is to show.

    Parameters
    ----------
    colors : ndarray of shape (n, 3), uint8
        sRGB.
    linear : bool
        Whether the numbers are linear light instead of sRGB.

    Returns
    -------
    ndarray of shape (n, 3), float64, in [0, 1]
    """
    return srgb8_to_linear(colors) if linear else colors / 255.0


def node_name(hex_color: str) -> str:
    """Return the name of a colour's locator, since names have no #: "#ff8000" gives "c_ff8000"."""
    return f"c_{hex_color.lstrip('#')}"
