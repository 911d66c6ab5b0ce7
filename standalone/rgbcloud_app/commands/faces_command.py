"""``rgbcloud faces``: the clusters of a texture on the model that wears it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rgbcloud_app.command_options import (
    OF_PALETTES,
    example,
    json_option,
    overwrite_option,
    reading_options,
    recipe_options,
)
from rgbcloud_app.terminal import check_output, complain, progress_bar, say, say_json

if TYPE_CHECKING:
    from rgbcloud import Recipe


@click.command(
    epilog=example(
        "rgbcloud faces chair.usda --colors 4 --output chair-sets.usda",
        "rgbcloud faces chair.usda --colors 4 --output chair-sets.usda --picture chair.png",
    )
)
@click.argument("asset", metavar="ASSET")
@recipe_options(*OF_PALETTES, without=("max_bytes", "mask"))
@click.option("-o", "--output", metavar="FILE", required=True, help="A .usda or .usdc layer over the stage.")
@click.option(
    "--threshold",
    metavar="X",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Leave out faces that show less than this part of a cluster.",
)
@click.option(
    "--picture",
    metavar="FILE",
    help="Draw the model in the colours of its sets, and beside it how far its texture is off: a .png.",
)
@overwrite_option
@reading_options
@json_option
def faces(
    asset: str,
    recipe: Recipe,
    output: str,
    threshold: float,
    picture: str | None,
    overwrite: bool,
    max_pixels: int,
    as_json: bool,
) -> None:
    """Make sets of the faces of a USD stage that show each cluster.

    For each mesh the layer has a GeomSubset for every cluster of the texture of colours that the mesh wears,
    with the colour in its custom data; the stage itself is not written to.
    """
    from rgbcloud import Limits
    from rgbcloud.images import write_file
    from rgbcloud_app.assets.face_sets import cluster_faces, count_unsorted, save_face_sets

    source = Path(asset)
    check_output(output, [source], (".usda", ".usdc"), overwrite=overwrite)
    if picture is not None:
        check_output(picture, [source], (".png",), overwrite=overwrite)
    with progress_bar(asset) as progress:
        limits = Limits(max_pixels)
        found, notes = cluster_faces(source, recipe, threshold=threshold, limits=limits, progress=progress)
    sets = save_face_sets(Path(output), source, found, overwrite=overwrite)
    if picture is not None:
        from rgbcloud_app.model_picture import model_picture

        write_file(picture, model_picture(found), overwrite=overwrite)
    for note in notes:
        complain(f"{asset}: {note}")
    number, left = sum(len(each.faces) for each in found), count_unsorted(found)
    if as_json:
        say_json({"source": asset, "target": output, "sets": sets, "faces": number, "left": left})
    else:
        say(f"{asset} -> {output}: {sets} sets of {number - left:,} faces, {left:,} in none")
