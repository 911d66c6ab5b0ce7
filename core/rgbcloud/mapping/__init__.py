"""From texels to palette indices: nearest colours and dithers."""

from rgbcloud.mapping.mapping import dithers, mapped

__all__ = [
    "dithers",
    "mapped",
]
