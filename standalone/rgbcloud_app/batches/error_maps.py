"""Pictures of how different texels look from their sources."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from rgbcloud import Limits, read
from rgbcloud.color import DistanceSpace
from rgbcloud.errors import InvalidArgumentError, MissingDependencyError
from rgbcloud.images import check_writable, write_file
from rgbcloud.textures import delta_e_map, open_images

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from rgbcloud import TextureReduction
    from rgbcloud.color import UInt8Array

MOST = 10.0
"""CIEDE2000 at the bright end of the scale."""


def check_error_maps(targets: Sequence[Path], *, overwrite: bool) -> None:
    """Raise an error where maps cannot be written: where a file is there, or nothing can draw."""
    for target in targets:
        check_writable(error_map_of(target), overwrite=overwrite)
    _scale()


def write_error_maps(reduction: TextureReduction, *, overwrite: bool, max_pixels: int) -> tuple[str, ...]:
    """Draw the CIEDE2000 of each texel, black for none, bright for 10 and above; return what to tell.

    Raises
    ------
    InvalidArgumentError
        If the texture holds no colours.
    ImageWriteError
        If a file cannot be written.
    """
    if reduction.members[0].report.kind != "color":
        told = f"{reduction.texture.name} holds no colours, so that none look different"
        raise InvalidArgumentError(f"{told}; leave out --error-map")
    found = reduction.palette.found
    notes = []
    sources = {item.member: item for item in open_images(reduction.texture, reduction.recipe)}
    for member in reduction.members:
        image = sources[member.member].read(Limits(max_pixels))
        times = reduction.recipe.settings.enlarge
        after = read(member.target, max_pixels=max_pixels).texels[::times, ::times]
        color_space = image.color_space if found is None else found.space.color_space
        space = DistanceSpace(color_space=color_space, dtype=image.depth)
        differences = delta_e_map(image, after, space)
        file = write_file(error_map_of(member.target), _picture(differences), overwrite=overwrite)
        notes.append(
            f"{file.name}: dE2000 up to {differences.max():.1f}; the brightest is {MOST:g} and above"
        )
    return tuple(notes)


def error_map_of(target: Path) -> Path:
    """Return the file of a result's map: ``wood.error.png`` of ``wood.png``."""
    return target.with_name(f"{target.stem}.error.png")


def _scale() -> UInt8Array:
    """Return 256 colours from dark to bright whose lightness rises evenly."""
    try:
        import matplotlib as mpl
    except ModuleNotFoundError as error:
        msg = "error maps need matplotlib: python -m pip install matplotlib"
        raise MissingDependencyError(msg) from error
    colors: UInt8Array = np.rint(mpl.colormaps["magma"](np.linspace(0, 1, 256))[:, :3] * 255).astype(np.uint8)
    return colors


def _picture(differences: npt.NDArray[np.float32]) -> bytes:
    levels = np.rint(differences * (255 / MOST)).clip(0, 255).astype(np.uint8)
    picture = Image.fromarray(levels)
    picture.putpalette(_scale().tobytes())
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()
