"""Pictures of how different texels look from their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images import check_writable, write_file
from rgbcloud.textures import MOST_ERROR, compare_files, error_picture

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rgbcloud import TextureReduction


def check_error_maps(targets: Sequence[Path], *, overwrite: bool) -> None:
    """Raise an error where maps cannot be written: where a file is there."""
    for target in targets:
        check_writable(error_map_of(target), overwrite=overwrite)


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
    notes = []
    host = reduction.texture.color_space
    for member in reduction.members:
        source, settings = member.member.path, reduction.recipe.settings
        differences = compare_files(source, member.target, settings, host, max_pixels=max_pixels)
        file = write_file(error_map_of(member.target), error_picture(differences), overwrite=overwrite)
        notes.append(
            f"{file.name}: dE2000 up to {differences.max():.1f}; the brightest is {MOST_ERROR:g} and above"
        )
    return tuple(notes)


def error_map_of(target: Path) -> Path:
    """Return the file of a result's map: ``wood.error.png`` of ``wood.png``."""
    return target.with_name(f"{target.stem}.error.png")
