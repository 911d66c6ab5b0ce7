"""Colour: spaces, distances between colours, and how different two of them look."""

from rgbcloud.color.codes import FloatArray, UInt8Array, to_codes, to_colors
from rgbcloud.color.difference import delta_e_2000
from rgbcloud.color.distance import DistanceSpace, StoredArray
from rgbcloud.color.nearest import nearest
from rgbcloud.color.spaces import srgb8_to, srgb8_to_linear, to_srgb8

__all__ = [
    "DistanceSpace",
    "FloatArray",
    "StoredArray",
    "UInt8Array",
    "delta_e_2000",
    "nearest",
    "srgb8_to",
    "srgb8_to_linear",
    "to_codes",
    "to_colors",
    "to_srgb8",
]
