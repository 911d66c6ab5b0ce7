"""From texels to palette indices: nearest colours and dithers."""

from rgbcloud.mapping.mapping import dithers, map_texels

__all__ = [
    "dithers",
    "map_texels",
]
