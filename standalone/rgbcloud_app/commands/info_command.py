"""``rgbcloud info``: what there is to know about textures before they are reduced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

import rgbcloud
from rgbcloud.errors import InvalidArgumentError
from rgbcloud_app.command_options import (
    OF_COLORS,
    example,
    json_option,
    overwrite_option,
    reading_options,
    recipe_options,
)
from rgbcloud_app.named_images import NamedImages
from rgbcloud_app.terminal import complain, progress_bar, say, say_json

if TYPE_CHECKING:
    from rgbcloud import Recipe


@click.command(
    epilog=example(
        "rgbcloud info wood.jpg",
        "rgbcloud info 'wood.<UDIM>.png'",
        "rgbcloud info chair.glb",
        "rgbcloud info wood.jpg --curve curve.png",
        "rgbcloud info plate.exr --color-space ACEScg",
    )
)
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True)
@click.option(
    "--curve", metavar="FILE", help="Draw the error at every number of colours, and its knee: a .png."
)
@recipe_options(only=OF_COLORS)
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
    Of several images, and of a set such as wood.<UDIM>.png, it is told of each file, and of one palette for
    all of them. Of an asset it is told what each of its textures is plugged into, and the rest of those that
    hold colours.
    """
    from rgbcloud.images import write_file
    from rgbcloud_app.assets import asset_facts
    from rgbcloud_app.image_facts import FactsOfAll, ImageFacts

    named = NamedImages(images)
    recipe = named.adapt(recipe)
    if curve is not None:
        named.check_output(curve, (".png",), overwrite=overwrite)
    told = [asset_facts(asset) for asset in named.assets]
    together, different = FactsOfAll(), None
    for file in named.files():
        with progress_bar(str(getattr(file, "name", file))) as progress:
            image = rgbcloud.read(file, max_pixels=max_pixels)
            facts = ImageFacts.of(replace(image, name=named.display_name(image)), recipe, progress)
        told.append((facts.as_dict(), facts.lines()))
        for note in facts.notes:
            complain(f"{facts.image.name}: {note}")
        try:
            together.add(facts)
        except InvalidArgumentError as error:
            different = error
    if different is not None and curve is not None:
        raise different
    errors = facts.curve
    if together.files > 1 and different is None:
        with progress_bar(named.label) as progress:
            errors = together.curve(named.label, progress)
        told.append(({"sources": named.names, **together.as_dict(errors)}, together.lines(errors)))
    if curve is not None:
        write_file(curve, errors.picture(named.title), overwrite=overwrite)
    for values, lines in told:
        if as_json:
            say_json(values)
        else:
            say("\n".join(lines))
    named.tell(() if different is None else [str(different)])
