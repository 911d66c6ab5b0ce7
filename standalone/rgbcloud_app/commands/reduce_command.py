"""``rgbcloud reduce``: textures to palettes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from rgbcloud.formats import DEEP_FORMATS, FORMATS
from rgbcloud_app.command_options import (
    as_bytes,
    asset_options,
    example,
    json_option,
    overwrite_option,
    reading_options,
    recipe_options,
    recursive_option,
    share_option,
)
from rgbcloud_app.exit_codes import EXISTS, FAILED, LARGER
from rgbcloud_app.terminal import SAME

if TYPE_CHECKING:
    from rgbcloud import Recipe


@click.command(
    epilog=example(
        "rgbcloud reduce wood.jpg --colors 16",
        "rgbcloud reduce textures --recursive --output-dir lighter --colors 64",
        "rgbcloud reduce 'wood.<UDIM>.png' --palette client.ase",
        "rgbcloud reduce chair.usda --output-dir lighter",
        "rgbcloud reduce textures --recursive --output-dir lighter --total-bytes 200MB",
        "rgbcloud reduce chair.usda --output-dir lighter --total-memory 64MB",
        "rgbcloud reduce textures -r -d lighter --resume --scheduler tcp://farm:8786",
        "cat wood.png | rgbcloud reduce - --colors 7 > wood.k7.png",
    )
)
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True)
@recipe_options()
@click.option("-o", "--output", metavar="FILE", help="Write the only result here; - for standard output.")
@click.option(
    "-d",
    "--output-dir",
    metavar="DIR",
    help="Write results here, named like their sources.  [default: beside these, as wood.k16.png]",
)
@recursive_option
@click.option(
    "--format",
    "suffix",
    type=click.Choice([SAME, *(suffix[1:] for suffix in FORMATS if suffix not in DEEP_FORMATS)]),
    default="png",
    show_default=True,
    help="Of results that --output does not name; same: as the source, which .exr, .hdr and .tx always are.",
)
@click.option("--ssim", is_flag=True, help="Measure structural similarity too, which takes as long again.")
@share_option
@asset_options
@click.option(
    "--total-bytes",
    metavar="BYTES",
    callback=as_bytes,
    help="Let all results together have so many bytes, such as 200MB: each texture gets the number of "
    "colours that lowers the error of all the most.",
)
@click.option(
    "--max-delta-e",
    metavar="X",
    type=click.FloatRange(min=0, min_open=True),
    help="Let all results together differ so much in the mean (CIEDE2000), with the smallest files that do.",
)
@click.option(
    "--total-memory",
    metavar="BYTES",
    callback=as_bytes,
    help="Let all results together take so many bytes in memory, such as 256MB: sides are halved where the "
    "surface shows it least.",
)
@click.option(
    "--plot", metavar="FILE", help="Draw what colours cost each texture, and what a budget chose: a .png."
)
@click.option(
    "--export",
    type=click.Choice(["index+ramp"]),
    help="Write each texel's palette index (wood.index.png) and the palette to look it up in "
    "(wood.ramp.png, .cube, .svg; a material that does that, .mtlx, .usda) beside each result.",
)
@click.option(
    "--error-map",
    is_flag=True,
    help="Draw how different each texel looks (CIEDE2000) beside each result: wood.error.png.",
)
@click.option("--resume", is_flag=True, help="Note what is done, and pass over what such a run did.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Run on the workers of a Dask scheduler: tcp://host:8786."
)
@click.option(
    "--wait",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=60,
    show_default=True,
    help="Wait so long where a scheduler has no worker.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print a line for each of many images, too.")
@click.option("--debug", is_flag=True, help="Print the traceback of what rgbcloud did not expect.")
@overwrite_option
@reading_options
@json_option
def reduce(images: tuple[str, ...], recipe: Recipe, **chosen: Any) -> None:
    """Rebuild images from palettes of K colours.

    An IMAGE may be a set that shares a palette: wood.<UDIM>.png, wood_u<u>_v<v>.png (from 0),
    wood_u<U>_v<V>.png (from 1), sea.####.png, sea.png.####, sea.%04d.png, sea.<f>.png.

    It may be an asset, too: .usd, .usda, .usdc, .usdz, .mtlx, .gltf or .glb. Its textures are reduced by
    what they are plugged into, and --output-dir gets a copy of it that is the same but for these.

    Failures are told at the end, the other images are done, and the exit code is 1. It is 3 where no more was
    wrong than that results are there already, which --overwrite replaces, and 98 where nothing was, but
    --skip-larger left an image as it is.
    """
    from rgbcloud_app.reduce_run import ReduceRun  # which takes a while

    summary = ReduceRun(recipe, **chosen).reduce(images)
    for count, status in ((summary.failed, FAILED), (summary.there, EXISTS), (summary.larger, LARGER)):
        if count:
            raise click.exceptions.Exit(status)
