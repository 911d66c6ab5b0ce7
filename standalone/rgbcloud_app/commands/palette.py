"""``rgbcloud palette``: the colours of a texture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rgbcloud import save_palette, shared_palette
from rgbcloud.palettes.palette_files import SUFFIXES
from rgbcloud.palettes.palette_text import palette_dict
from rgbcloud_app.options import clustering_settings, example, json_option, overwrite_option, reading_options
from rgbcloud_app.terminal import STANDARD, check_output, opened, progress_bar, say, say_json

if TYPE_CHECKING:
    from rgbcloud import Settings


@click.command(
    epilog=example(
        "rgbcloud palette wood.jpg --colors 7",
        "rgbcloud palette wood.jpg --colors 7 --output wood.gpl",
    )
)
@click.argument("image")
@clustering_settings
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="A .gpl (GIMP), .aco, .act or .ase (Adobe), .pal (JASC), .hex, .json or .png file.  "
    "[default: print it]",
)
@overwrite_option
@reading_options
@json_option
def palette(
    image: str,
    settings: Settings,
    output: str | None,
    overwrite: bool,
    max_pixels: int,
    as_json: bool,
) -> None:
    """Print or save the K colours of an image.

    The most frequent one comes first.
    """
    target = None if output in (None, STANDARD) else output
    if target is not None:
        check_output(target, image, SUFFIXES, overwrite=overwrite)
    with progress_bar(image) as progress:
        colors = shared_palette([opened(image)], settings, max_pixels=max_pixels, progress=progress)
    if target is not None:
        save_palette(target, colors, overwrite=overwrite)
    if as_json:
        say_json({"source": image, "target": target, **palette_dict(colors)})
    elif target is not None:
        say(f"{image} -> {target}: {len(colors)} colours")
    else:
        for code in colors.to_hex():
            say(code)
