"""Index maps and palette strips beside reduced images, for engines that look colours up themselves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud import read
from rgbcloud.color import LINEAR_SRGB, SRGB
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images import check_writable, write_file
from rgbcloud.palettes import (
    encode_cube,
    encode_indices,
    encode_strip,
    encode_swatches,
    indices_of,
    ramp_material,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import TextureReduction

INDEX_AND_RAMP = "index+ramp"
_SPACES = {SRGB.name: "srgb_texture", LINEAR_SRGB.name: "lin_rec709"}  # as MaterialX calls them


def check_exports(target: str, targets: Sequence[Path], *, overwrite: bool) -> None:
    """Raise `ImageWriteError` where a file is there that must not be replaced."""
    for file in (*map(_index_of, targets), *_ramps_of(target)):
        check_writable(file, overwrite=overwrite)


def export_index_and_ramp(
    reduction: TextureReduction, target: str, *, overwrite: bool, max_pixels: int
) -> tuple[str, ...]:
    """Write the index of each texel, and the palette that it is looked up in; return what to tell.

    Parameters
    ----------
    reduction : TextureReduction
        What was written, of 8 bits.
    target : str
        The result, of a set its pattern: ``wood.png`` leads to ``wood.index.png``, ``wood.ramp.png`` and
        ``wood.ramp.cube``, to the swatches in ``wood.ramp.svg``, and to ``wood.ramp.mtlx`` and
        ``wood.ramp.usda``: a material that looks the indices up, where it is known how they are shaded.
    overwrite : bool
    max_pixels : int
        See `rgbcloud.Limits`.

    Raises
    ------
    InvalidArgumentError
        If the texture has more than 8 bits.
    ImageWriteError
        If a file cannot be written.
    """
    colors = reduction.palette.values
    if colors.dtype != "uint8":
        told = f"{INDEX_AND_RAMP} is of textures of 8 bits, and this one holds {colors.dtype}"
        raise InvalidArgumentError(f"{told}; leave out --export")
    files = []
    for member in reduction.members:
        texels = read(member.target, max_pixels=max_pixels).texels
        file = _index_of(member.target)
        files.append(write_file(file, encode_indices(indices_of(texels, colors)), overwrite=overwrite))
    strip, table, swatches, *materials = _ramps_of(target)
    write_file(strip, encode_strip(colors), overwrite=overwrite)
    write_file(table, encode_cube(colors, Path(target).stem), overwrite=overwrite)
    write_file(swatches, encode_swatches(reduction.palette), overwrite=overwrite)
    names = [strip.name, table.name, swatches.name]
    report, index = reduction.members[0].report, _index_of(Path(target)).name
    space = _SPACES.get(report.color_space) if report.kind == "color" else None
    if space and (len(files) == 1 or "<UDIM>" in index):
        for file in materials:
            more = {"name": Path(target).stem, "color_space": space, "suffix": file.suffix}
            data = ramp_material(index, strip.name, len(colors), **more)
            names.append(write_file(file, data, overwrite=overwrite).name)
    return (f"indices: {', '.join(file.name for file in files)}; ramp: {', '.join(names)}",)


def _index_of(target: Path) -> Path:
    return target.with_name(f"{target.stem}.index.png")


def _ramps_of(target: str) -> list[Path]:
    path = Path(target)
    stem = re.sub(r"[<>#%]", "", path.stem)
    return [path.with_name(f"{stem}.ramp{suffix}") for suffix in (".png", ".cube", ".svg", ".mtlx", ".usda")]
