"""What OpenImageIO says of a subimage: its orientation, which is applied, and what may be left out.

References
----------
Exif 2.32 (CIPA DC-008-2019), 4.6.4: Orientation.
"""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

_ORIENTATION = "Orientation"
# What decides how texels are stored, where they lie and what their colours are; all else may be stripped.
_NEEDED = frozenset(
    (
        *("compression", "chromaticities", "ICCProfile", "Orientation", "planarconfig", "textureformat"),
        *("wrapmodes", "fovcot", "worldtocamera", "worldtoscreen", "name", "view", "DateTime"),
    )
)
_NEEDED_BEGINNINGS = ("oiio:", "openexr:", "tiff:", "png:", "hdr:")


def orientation_of(spec: Any) -> int:
    """Return how a subimage must be turned to stand upright, as Exif counts; 1 if it need not be.

    One whose texels are only a part of what is to be seen stays as it is.
    """
    number = int(spec.get_int_attribute(_ORIENTATION, 1))
    window = (spec.x, spec.y, spec.width, spec.height)
    is_whole = window == (spec.full_x, spec.full_y, spec.full_width, spec.full_height)
    return number if is_whole and spec.x == spec.y == 0 and 1 <= number <= 8 else 1


def turned_upright(block: Any, spec: Any) -> Any:
    """Return texels of shape (H, W, n) upright."""
    turned: dict[int, Callable[[Any], Any]] = {
        2: lambda texels: texels[:, ::-1],
        3: lambda texels: texels[::-1, ::-1],
        4: lambda texels: texels[::-1],
        5: lambda texels: texels.swapaxes(0, 1),
        6: lambda texels: np.rot90(texels, -1),
        7: lambda texels: texels[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90,
    }
    number = orientation_of(spec)
    return block if number == 1 else np.ascontiguousarray(turned[number](block))


def spec_upright(spec: Any) -> Any:
    """Return what is said of a subimage once it stands upright; the same one is changed."""
    number = orientation_of(spec)
    if number == 1:
        return spec
    if number >= 5:
        spec.width, spec.height = spec.height, spec.width
        spec.full_width, spec.full_height = spec.full_height, spec.full_width
        spec.tile_width, spec.tile_height = spec.tile_height, spec.tile_width
    spec.attribute(_ORIENTATION, 1)
    return spec


def strip_attributes(spec: Any) -> None:
    """Leave out what says nothing of texels and colours."""
    for name in [attribute.name for attribute in spec.extra_attribs]:
        if name not in _NEEDED and not name.startswith(_NEEDED_BEGINNINGS):
            spec.erase_attribute(name)
    spec.erase_attribute("DateTime")
