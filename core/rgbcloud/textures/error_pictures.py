"""How different texels look from their sources, as a picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import PIL.Image

from rgbcloud.color.distance import DistanceSpace
from rgbcloud.counting.kind import Origin, color_space_of
from rgbcloud.images.reading import read
from rgbcloud.textures.counts import Limits, Opened
from rgbcloud.textures.differences import delta_e_map

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.images.image import Image
    from rgbcloud.settings import Settings

MOST_ERROR = 10.0
"""CIEDE2000 at the bright end of the scale of pictures of errors."""
_SCALE = ((0, 0, 4), (59, 15, 112), (140, 41, 129), (222, 73, 104), (254, 159, 109), (252, 253, 191))


def heat_colors() -> UInt8Array:
    """Return 256 colours from dark to bright whose lightness rises evenly: (256, 3).

    Straight lines between six colours of magma (van der Walt and Smith, 2015, CC0).
    """
    places = np.linspace(0, len(_SCALE) - 1, 256)
    scale = np.array(_SCALE, float)
    planes = [np.interp(places, np.arange(len(_SCALE)), channel) for channel in scale.T]
    colors: UInt8Array = np.rint(np.stack(planes, axis=-1)).astype(np.uint8)
    return colors


def error_picture(differences: npt.NDArray[np.float32]) -> bytes:
    """Draw the CIEDE2000 of texels, black for none, bright for `MOST_ERROR` and above; return a PNG."""
    levels = np.rint(differences * (255 / MOST_ERROR)).clip(0, 255).astype(np.uint8)
    picture = PIL.Image.fromarray(levels)
    picture.putpalette(heat_colors().tobytes())
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def compare_files(
    before: Path, after: Path, settings: Settings, host: str = "", *, max_pixels: int = 1 << 28
) -> npt.NDArray[np.float32]:
    """Return how different a result looks from its source (CIEDE2000): (H, W), see `delta_e_map`.

    The source is made as small first as the settings had it, and enlarged texels are compared once.

    Parameters
    ----------
    before, after : Path
        Of one type.
    settings : Settings
        What it was reduced by, which may say what its colours are.
    host : str
        What the host that shows it calls its colour space.
    max_pixels : int

    Raises
    ------
    ImageReadError
        If one cannot be read.
    """
    image = Opened(before, settings, host=host).read(Limits(max_pixels))
    times = settings.enlarge
    written = read(after, max_pixels=max_pixels).texels[::times, ::times]
    return delta_e_map(image, written, space_of(image, settings, host))


def space_of(image: Image, settings: Settings, host: str = "") -> DistanceSpace:
    """Return the space that says how an image's texels look."""
    origin = Origin(image.name, image.colors.space, image.colors.by, host)
    return DistanceSpace(color_space=color_space_of(settings, origin, image.depth), dtype=image.depth)
