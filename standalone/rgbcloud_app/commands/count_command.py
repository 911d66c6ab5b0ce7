"""``rgbcloud count``: a part of a palette's work, to be added up elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import rgbcloud
from rgbcloud_app.command_options import (
    OF_COLORS,
    OF_SIZE,
    example,
    json_option,
    overwrite_option,
    reading_options,
    recipe_options,
)
from rgbcloud_app.named_images import NamedImages
from rgbcloud_app.terminal import progress_bar, say, say_json

if TYPE_CHECKING:
    from rgbcloud import Recipe

_HEEDED = ("mask", "kind", "alpha", *OF_SIZE, *OF_COLORS)


@click.command(
    epilog=example(
        "rgbcloud count wood.10*.png --output a.npz",
        "rgbcloud count wood.11*.png --output b.npz",
        "rgbcloud palette a.npz b.npz --colors 16 --output wood.json",
    )
)
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True)
@recipe_options(only=_HEEDED)
@click.option("-o", "--output", metavar="FILE", required=True, help="A .npz file.")
@overwrite_option
@reading_options
@json_option
def count(
    images: tuple[str, ...], recipe: Recipe, output: str, overwrite: bool, max_pixels: int, as_json: bool
) -> None:
    """Count the colours of images into a file that `rgbcloud palette` adds up.

    A set of ten thousand tiles needs no one machine: each counts a part of it, and the palette of all these
    files is that of all the images, colour by colour.
    """
    named = NamedImages(images)
    named.check_output(output, (".npz",), overwrite=overwrite)
    with progress_bar(named.label) as progress:
        counts = rgbcloud.count(
            named.sources(), named.adapt(recipe), limits=rgbcloud.Limits(max_pixels), progress=progress
        )
    counts.save(output, overwrite=overwrite)
    named.tell(())
    colors, texels = len(counts.histogram), counts.histogram.total
    if as_json:
        say_json({"sources": named.names, "target": output, "colors": colors, "texels": texels})
    else:
        say(f"{named.label} -> {output}: {colors:,} colours of {texels:,.0f} texels")
