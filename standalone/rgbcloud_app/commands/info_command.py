"""``rgbcloud info``: what there is to know about textures before they are reduced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rgbcloud_app.command_options import (
    OF_COLORS,
    OF_SIZE,
    example,
    json_option,
    overwrite_option,
    reading_options,
    recipe_options,
)
from rgbcloud_app.exit_codes import FAILED
from rgbcloud_app.terminal import complain, say, say_json

if TYPE_CHECKING:
    from rgbcloud import Recipe


@click.command(
    epilog=example(
        "rgbcloud info wood.jpg",
        "rgbcloud info 'wood.<UDIM>.png'",
        "rgbcloud info chair.glb",
        "rgbcloud info fire.gif --frames all",
        "rgbcloud info wood.jpg --curve curve.png",
        "rgbcloud info plate.exr --color-space ACEScg",
        "rgbcloud info wood.jpg --max-size 1024",
    )
)
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True)
@click.option(
    "--curve", metavar="FILE", help="Draw the error at every number of colours, and its knee: a .png."
)
@recipe_options(only=("frames", *OF_SIZE, *OF_COLORS))
@overwrite_option
@reading_options
@json_option
def info(
    images: tuple[str, ...],
    curve: str | None,
    recipe: Recipe,
    overwrite: bool,
    max_pixels: int,
    as_json: bool,
) -> None:
    """Print what is known about images.

    Their size, colours, what these are and how that is known, alpha and profile, and about what error
    palettes of K colours would have; of more than 8 bits a channel that error is of what a display shows.
    Of several images, and of a set such as wood.<UDIM>.png, it is told of each file that can be read, and of
    one palette for all of them. Of an asset it is told what each of its textures is plugged into, and the
    rest of those that hold colours.
    """
    from rgbcloud.images import write_file
    from rgbcloud_app.named_images import NamedImages
    from rgbcloud_app.survey import Survey

    named = NamedImages(images, keep_going=len(images) > 1)
    if curve is not None:
        named.check_output(curve, (".png",), overwrite=overwrite)
    survey = Survey(named, named.adapt(recipe), max_pixels)
    if curve is not None and not survey.failures:
        write_file(curve, survey.curve().picture(named.title), overwrite=overwrite)
    for values, lines in survey.told:
        if as_json:
            say_json(values)
        else:
            say(*lines)
    named.tell(survey.notes)
    for failure in survey.failures:
        complain(failure)
    if survey.failures:
        raise click.exceptions.Exit(FAILED)
