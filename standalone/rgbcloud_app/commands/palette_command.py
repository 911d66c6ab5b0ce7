"""``rgbcloud palette``: the colours of textures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import rgbcloud
from rgbcloud.progress import portion
from rgbcloud_app.command_options import (
    OF_PALETTES,
    example,
    json_option,
    overwrite_option,
    reading_options,
    recipe_options,
)
from rgbcloud_app.terminal import STANDARD, progress_bar, say, say_json

if TYPE_CHECKING:
    from rgbcloud import Recipe


@click.command(
    epilog=example(
        "rgbcloud palette wood.jpg --colors 7",
        "rgbcloud palette wood.jpg bark.jpg --colors 7 --output forest.gpl",
        "rgbcloud palette 'wood.<UDIM>.png' --colors 16 --output wood.json",
        "rgbcloud palette wood.jpg --colors 7 --ramp ramp.png --smooth",
        "rgbcloud palette 'sea.####.png' --colors 12 --strip-of-frames shot.png",
    )
)
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True)
@recipe_options(*OF_PALETTES, without=("max_bytes",))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="A .gpl (GIMP), .aco, .act or .ase (Adobe), .pal (JASC), .hex, .json or .png file.  "
    "[default: print it]",
)
@click.option(
    "--ramp", metavar="FILE", help="Draw the colours from dark to light, each as wide as its share: a .png."
)
@click.option(
    "--strip-of-frames",
    "shot",
    metavar="FILE",
    help="Draw a column for each image, such as the frames of a shot, and a row for each index, which stays "
    "with its colour from one to the next: a .png.",
)
@click.option("--swatches", metavar="FILE", help="Draw each colour with its code and its share: an .svg.")
@click.option("--smooth", is_flag=True, help="Let the colours of a ramp blend into each other.")
@overwrite_option
@reading_options
@json_option
def palette(
    images: tuple[str, ...],
    recipe: Recipe,
    output: str | None,
    overwrite: bool,
    max_pixels: int,
    as_json: bool,
    **ramps: Any,
) -> None:
    """Print or save the K colours of images.

    Several images, and the files of a set such as wood.<UDIM>.png, have one palette together. The most
    frequent colour comes first. A .json file keeps what it was found for: `rgbcloud reduce --palette` then
    gives each image the texels that reducing all of them together gives it (say --linear or --color-space
    again).

    Files that `rgbcloud count` has written take the place of the images that they are of.
    """
    from rgbcloud.images import write_file
    from rgbcloud.palettes import SUFFIXES, encode_ramp, encode_shot, encode_swatches, palette_dict
    from rgbcloud.progress import portions
    from rgbcloud.textures import Counts, frame_palettes, open_images
    from rgbcloud_app.named_images import NamedImages

    named = NamedImages(images)
    target = None if output in (None, STANDARD) else output
    if target is not None:
        named.check_output(target, SUFFIXES, overwrite=overwrite)
    if ramps["shot"] is not None:
        named.check_output(ramps["shot"], (".png",), overwrite=overwrite)
    if ramps["swatches"] is not None:
        named.check_output(ramps["swatches"], (".svg",), overwrite=overwrite)
    if ramps["ramp"] is not None:
        named.check_output(ramps["ramp"], (".png",), overwrite=overwrite)
    elif ramps["smooth"]:
        raise click.UsageError("smooth is how a ramp is drawn; add --ramp FILE", click.get_current_context())
    recipe = named.adapt(recipe)
    with progress_bar(named.label) as progress:
        limits = rgbcloud.Limits(max_pixels)
        if ramps["shot"] is None:
            counts = rgbcloud.count(
                named.sources(), recipe, limits=limits, progress=portion(progress, 0.0, 0.8)
            )
        else:
            opened = [image for source in named.sources() for image in open_images(source, recipe)]
            parts = portions(portion(progress, 0.0, 0.5), len(opened))
            frames = [image.count(limits, part) for image, part in zip(opened, parts)]
            counts = Counts.added_up(frames)
            shot = frame_palettes(frames, recipe, progress=portion(progress, 0.5, 0.8))
        colors = rgbcloud.palette_for(counts, recipe, progress=portion(progress, 0.8, 1.0))
    if target is not None:
        rgbcloud.save_palette(target, colors, overwrite=overwrite)
    if ramps["shot"] is not None:
        write_file(ramps["shot"], encode_shot(shot), overwrite=overwrite)
    if ramps["swatches"] is not None:
        write_file(ramps["swatches"], encode_swatches(colors), overwrite=overwrite)
    if ramps["ramp"] is not None:
        write_file(ramps["ramp"], encode_ramp(colors, smooth=ramps["smooth"]), overwrite=overwrite)
    named.tell(counts.content(recipe).notes)
    if as_json:
        say_json({"sources": named.names, "target": target, **palette_dict(colors)})
    elif target is not None:
        say(f"{named.label} -> {target}: {len(colors)} colours")
    else:
        for code in colors.to_hex():
            say(code)
