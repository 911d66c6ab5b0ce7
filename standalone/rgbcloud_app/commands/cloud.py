"""``rgbcloud cloud``: a texture's colours as points in space."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rgbcloud import ColorHistogram, PointCloud, save_cloud
from rgbcloud.cloud.cloud_files import SUFFIXES
from rgbcloud.cloud.point_cloud import DEFAULT_BUDGET
from rgbcloud.counting.kind import meaning_of, settings_palette, distance_space_of
from rgbcloud.images.files import write_file
from rgbcloud.images.oiio_reading import DeepImage
from rgbcloud.images.reading import read_any
from rgbcloud.progress import portion
from rgbcloud.textures.deep_palette import agreed, clustered, counted_in, surveyed
from rgbcloud_app.options import clustering_settings, example, json_option, overwrite_option, reading_options
from rgbcloud_app.terminal import check_output, complain, opened, progress_bar, say, say_json

if TYPE_CHECKING:
    from rgbcloud import Palette, Settings
    from rgbcloud.cloud.point_cloud import ColorBy

# A picture of more points shows no more, a page of more is slow to turn.
_BUDGETS = {".png": 50_000, ".html": 30_000, **dict.fromkeys(SUFFIXES, DEFAULT_BUDGET)}


@click.command(
    epilog=example(
        "rgbcloud cloud wood.jpg --colors 7 --output cloud.html",
        "rgbcloud cloud wood.jpg --colors 3 --color-by cluster --output cloud.png",
    )
)
@click.argument("image")
@clustering_settings
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
    "--points",
    metavar="N",
    type=click.IntRange(min=1),
    help="Show so many points at most, rare colours among them.  [default: "
    + f"50,000 in a picture, 30,000 in a page, {DEFAULT_BUDGET:,} elsewhere"
    + "]",
)
@overwrite_option
@reading_options
@json_option
def cloud(
    image: str,
    settings: Settings,
    output: str,
    color_by: ColorBy,
    points: int | None,
    overwrite: bool,
    max_pixels: int,
    as_json: bool,
) -> None:
    """Show an image's colours as points in space.

    Red, green and blue are x, y and z; points belong to K clusters. Images of more than 8 bits a channel
    are clustered in full and drawn as a display shows them.
    """
    suffix = check_output(output, image, tuple(_BUDGETS), overwrite=overwrite)
    with progress_bar(image) as progress:
        source = read_any(opened(image), max_pixels=max_pixels)
        part = portion(progress, 0.4, 0.8)
        if isinstance(source, DeepImage):
            survey = surveyed(source, settings, None)
            frame, notes = agreed([survey]), list(survey.notes)
            palette: Palette = clustered(counted_in(source, frame, None), frame, settings, progress=part)
            source, kind = source.shown(linear=frame.linear), frame.kind
            histogram = ColorHistogram.from_array(source.pixels)
        else:
            histogram = ColorHistogram.from_array(source.pixels, progress=portion(progress, 0.1, 0.4))
            kind, notes = meaning_of(settings, source.name, histogram.colors, histogram.coverage)
            palette = settings_palette(histogram, settings, kind, progress=part)
        progress(0.8, "drawing")
        shown = PointCloud.from_histogram(
            histogram,
            palette,
            budget=points or _BUDGETS[suffix],
            space=distance_space_of(settings, kind),
        )
        _save(output, shown, color_by, title=Path(source.name).name, overwrite=overwrite)
    for note in notes:
        complain(f"{source.name}: {note}")
    if as_json:
        say_json(
            {"source": image, "target": output, "points": len(shown), "palette": palette.to_hex()},
        )
    else:
        say(f"{source.name} -> {output}: {len(shown):,} points, {len(palette)} clusters")


def _save(target: str, cloud: PointCloud, color_by: ColorBy, *, title: str, overwrite: bool) -> None:
    suffix = Path(target).suffix.lower()
    if suffix in SUFFIXES:
        save_cloud(target, cloud, color_by=color_by, overwrite=overwrite)
    elif suffix == ".png":
        from rgbcloud_app.plots import cloud_picture

        write_file(target, cloud_picture(cloud, color_by), overwrite=overwrite)
    else:
        from rgbcloud_app.page import cloud_page

        write_file(target, cloud_page(cloud, color_by, title=title), overwrite=overwrite)
