"""``rgbcloud check``: a gate for publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from rgbcloud.settings import FIELDS
from rgbcloud_app.command_options import example, json_option, reading_options, recipe_options
from rgbcloud_app.exit_codes import FAILED
from rgbcloud_app.terminal import complain, say, say_json

if TYPE_CHECKING:
    from rgbcloud import Recipe

_OF_COLORS = ("linear", "color_space", "ocio")


@click.command(
    epilog=example(
        "rgbcloud check wood.k16.png --max-colors 16 --max-bytes 2000000",
        "rgbcloud check 'wood.k16.<UDIM>.png' --palette client.gpl --delta-e 2",
        "rgbcloud check lighter/*.png --receipts --json",
        "rgbcloud check chair.usda lighter/chair.usda",
    )
)
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True)
@click.option(
    "--palette", "palette_file", metavar="FILE", help="Allow the colours of this palette file alone."
)
@click.option(
    "--delta-e",
    metavar="X",
    type=click.FloatRange(min=0),
    default=0.0,
    help="Allow colours that differ so much (CIEDE2000) from the nearest of these.",
)
@click.option("--max-colors", metavar="K", type=click.IntRange(min=1), help="Allow so many colours.")
@click.option("--max-bytes", metavar="N", type=click.IntRange(min=1), help="Allow files of so many bytes.")
@click.option("--receipts", is_flag=True, help="Ask for files that are as `reduce --resume` left them.")
@recipe_options(without=[field.name for field in FIELDS if field.name not in _OF_COLORS])
@reading_options
@json_option
def check(
    images: tuple[str, ...],
    recipe: Recipe,
    palette_file: str | None,
    max_pixels: int,
    as_json: bool,
    **limits: Any,
) -> None:
    """Check images before they are published.

    A set such as wood.<UDIM>.png is checked as one texture. What is wrong is told, colours with their share
    and the nearest one that is allowed, and the exit code is 1. Transparent texels are not looked at.

    Of an asset all textures have to be there, which needs no option; those that hold colours have to keep to
    the rest. What each holds, or why reducing would leave it as it is, is told.
    """
    from rgbcloud import Limits, load_palette
    from rgbcloud.errors import InvalidArgumentError, RgbcloudError
    from rgbcloud_app.assets.opening import is_asset
    from rgbcloud_app.checks import Finding, Rules, check_asset, check_texture

    palette = None if palette_file is None else load_palette(palette_file)
    try:
        rules = Rules(palette, str(palette_file), resolve=all(map(is_asset, images)), **limits)
    except InvalidArgumentError as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    wrong = 0
    for image in images:
        look = check_asset if is_asset(image) else check_texture
        try:
            done = look(image, rules, recipe, Limits(max_pixels))
        except RgbcloudError as error:
            done = Finding(image, (str(error),))
        findings = done if isinstance(done, list) else [done]
        wrong += not all(found.is_well for found in findings)
        for found in findings:
            if as_json:
                say_json(found.as_dict())
            else:
                say(*found.lines())
    if wrong:
        if len(images) > 1:
            complain(f"{wrong} of {len(images)} images are not as they should be")
        raise click.exceptions.Exit(FAILED)
