"""Colour: spaces, distances between colours, and how different two of them look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array, to_codes, to_colors
from rgbcloud.color.color_space import LINEAR_SRGB, SRGB, ColorSpace
from rgbcloud.color.difference import delta_e_2000
from rgbcloud.color.display import to_srgb8, usual_color_space
from rgbcloud.color.distance import DistanceSpace, StoredArray
from rgbcloud.color.nearest import nearest
from rgbcloud.color.spaces import srgb8_to, srgb8_to_linear
from rgbcloud.lazy_names import lazy_names

if TYPE_CHECKING:
    from rgbcloud.color.color_names import color_space_from_json, find_color_space

__all__ = [
    "LINEAR_SRGB",
    "SRGB",
    "ColorSpace",
    "DistanceSpace",
    "FloatArray",
    "IntArray",
    "StoredArray",
    "UInt8Array",
    "color_space_from_json",
    "delta_e_2000",
    "find_color_space",
    "nearest",
    "srgb8_to",
    "srgb8_to_linear",
    "to_codes",
    "to_colors",
    "to_srgb8",
    "usual_color_space",
]

__getattr__ = lazy_names(__name__, {"color_names": "color_space_from_json find_color_space"})
