"""Palettes: their colours, their files, and which colour of one version is which of another."""

from rgbcloud.palettes.matching import ColorChange, palette_difference, with_stable_indices
from rgbcloud.palettes.palette import Found, Palette, hex_to_colors, nearest_in_space
from rgbcloud.palettes.palette_files import SUFFIXES, load_palette, save_palette
from rgbcloud.palettes.palette_text import palette_dict, palette_of_dict
from rgbcloud.palettes.ramps import (
    encode_cube,
    encode_indices,
    encode_ramp,
    encode_shot,
    encode_strip,
    indices_of,
)

__all__ = [
    "SUFFIXES",
    "ColorChange",
    "Found",
    "Palette",
    "encode_cube",
    "encode_indices",
    "encode_ramp",
    "encode_shot",
    "encode_strip",
    "hex_to_colors",
    "indices_of",
    "load_palette",
    "nearest_in_space",
    "palette_dict",
    "palette_difference",
    "palette_of_dict",
    "save_palette",
    "with_stable_indices",
]
