"""Palettes: their colours, their files, and which colour of one version is which of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rgbcloud.lazy_names import lazy_names

if TYPE_CHECKING:
    from rgbcloud.palettes.matching import ColorChange, palette_difference, with_stable_indices
    from rgbcloud.palettes.palette import Found, Palette, hex_to_colors, nearest_in_space
    from rgbcloud.palettes.palette_files import SUFFIXES, load_palette, save_palette
    from rgbcloud.palettes.palette_text import palette_dict, palette_of_dict
    from rgbcloud.palettes.ramp_materials import ramp_material
    from rgbcloud.palettes.ramps import (
        encode_cube,
        encode_indices,
        encode_ramp,
        encode_shot,
        encode_strip,
        encode_swatches,
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
    "encode_swatches",
    "hex_to_colors",
    "indices_of",
    "load_palette",
    "nearest_in_space",
    "palette_dict",
    "palette_difference",
    "palette_of_dict",
    "ramp_material",
    "save_palette",
    "with_stable_indices",
]

__getattr__ = lazy_names(
    __name__,
    {
        "matching": "ColorChange palette_difference with_stable_indices",
        "palette": "Found Palette hex_to_colors nearest_in_space",
        "palette_files": "SUFFIXES load_palette save_palette",
        "palette_text": "palette_dict palette_of_dict",
        "ramp_materials": "ramp_material",
        "ramps": "encode_cube encode_indices encode_ramp encode_shot encode_strip encode_swatches indices_of",
    },
)
