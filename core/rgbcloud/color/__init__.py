"""Colour: spaces, distances between colours, and how different two of them look."""

from rgbcloud.color.built_in_spaces import LINEAR_SRGB, SRGB
from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array, to_codes, to_colors
from rgbcloud.color.color_names import color_space_from_json, find_color_space
from rgbcloud.color.color_space import ColorSpace
from rgbcloud.color.difference import delta_e_2000
from rgbcloud.color.display import to_srgb8, usual_color_space
from rgbcloud.color.distance import DistanceSpace, StoredArray
from rgbcloud.color.nearest import nearest
from rgbcloud.color.spaces import srgb8_to, srgb8_to_linear

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
