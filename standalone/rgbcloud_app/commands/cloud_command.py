"""``rgbcloud cloud``: the colours of textures as points in space."""

from __future__ import annotations

from dataclasses import dataclass
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
from rgbcloud_app.terminal import progress_bar, say, say_json

if TYPE_CHECKING:
    from rgbcloud import ColorBy, PointCloud, Recipe
    from rgbcloud.cloud import AxesName
    from rgbcloud_app.named_images import NamedImages

# A picture of more points shows no more, a page of more is slow to turn.
_BUDGETS = {".png": 50_000, ".html": 30_000}
_BUDGET = 100_000


@click.command(
    epilog=example(
        "rgbcloud cloud wood.jpg --colors 7 --output cloud.html",
        "rgbcloud cloud 'wood.<UDIM>.png' --colors 3 --color-by cluster --output cloud.png",
        "rgbcloud cloud wood.jpg --space oklab --axes oklab --output cloud.html",
    )
)
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True)
@recipe_options(*OF_PALETTES, without=("max_bytes",))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    help="A .png picture, an .html page to turn and zoom, a .ply or .csv file, a .usda or .usdc stage, "
    "or a Maya scene (.ma).",
)
@click.option(
    "--color-by",
    type=click.Choice(["source", "cluster"]),
    default="source",
    show_default=True,
    help="Show points in their own colours or those of their clusters.",
)
@click.option(
    "--axes",
    type=click.Choice(["file", "srgb", "linear", "oklab", "cielab"]),
    default="file",
    show_default=True,
    help="What x, y and z are; clusters are round in the space that they were found in. "
    "file: the numbers that the file holds of what a display shows.",
)
@click.option(
    "--points",
    metavar="N",
    type=click.IntRange(min=1),
    help="Show so many points at most, rare colours among them.  [default: "
    + f"{_BUDGETS['.png']:,} in a picture, {_BUDGETS['.html']:,} in a page, {_BUDGET:,} elsewhere]",
)
@overwrite_option
@reading_options
@json_option
def cloud(images: tuple[str, ...], recipe: Recipe, max_pixels: int, as_json: bool, **drawing: Any) -> None:
    """Show the colours of images as points in space.

    Red, green and blue are x, y and z, if --axes names no others; points belong to K clusters. Several
    images, and the files of a set such as wood.<UDIM>.png, make one cloud. Images of more than 8 bits a
    channel are clustered in full and drawn as a display shows them.
    """
    from rgbcloud_app.named_images import NamedImages  # which takes a while

    named, target = NamedImages(images), _Target(**drawing)
    budget = target.check(named)
    recipe = named.adapt(recipe)
    with progress_bar(named.label) as progress:
        limits, part = rgbcloud.Limits(max_pixels), portion(progress, 0.0, 0.4)
        counts = rgbcloud.count(named.sources(), recipe, limits=limits, progress=part)
        palette = rgbcloud.palette_for(counts, recipe, progress=portion(progress, 0.4, 0.8))
        progress(0.8, "drawing")
        shown = rgbcloud.PointCloud.from_histogram(counts.histogram, palette, budget=budget)
        shown = shown.with_axes(target.axes)
        target.write(shown, named.title)
    named.tell(counts.content(recipe).notes)
    if as_json:
        figures = {"points": len(shown), "palette": palette.to_hex()}
        say_json({"sources": named.names, "target": target.output, **figures})
    else:
        say(f"{named.label} -> {target.output}: {len(shown):,} points, {len(palette)} clusters")


@dataclass(frozen=True)
class _Target:
    """The file to write, and what the cloud is to look like in it."""

    output: str
    color_by: ColorBy
    axes: AxesName
    points: int | None
    overwrite: bool

    def check(self, named: NamedImages) -> int:
        """Return how many points it may have, having complained of a file that cannot be written."""
        from rgbcloud.cloud import SUFFIXES

        suffix = named.check_output(self.output, (*_BUDGETS, *SUFFIXES), overwrite=self.overwrite)
        return self.points or _BUDGETS.get(suffix, _BUDGET)

    def write(self, cloud: PointCloud, title: str) -> None:
        """Write the file."""
        from rgbcloud.images import write_file

        if self.output.lower().endswith(".png"):
            from rgbcloud_app.plots import cloud_picture

            write_file(self.output, cloud_picture(cloud, self.color_by), overwrite=self.overwrite)
        elif self.output.lower().endswith(".html"):
            from rgbcloud_app.viewer.cloud_page import cloud_page

            page = cloud_page(cloud, self.color_by, title=title)
            write_file(self.output, page, overwrite=self.overwrite)
        else:
            rgbcloud.save_cloud(self.output, cloud, color_by=self.color_by, overwrite=self.overwrite)
