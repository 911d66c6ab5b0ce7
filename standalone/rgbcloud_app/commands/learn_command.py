"""``rgbcloud learn``: what k-means does, to be watched and touched."""

from __future__ import annotations

from pathlib import Path

import click

from rgbcloud_app.command_options import example, overwrite_option, reading_options
from rgbcloud_app.terminal import STANDARD, check_output, path_or_stdin, progress_bar, say

_FILE = "rgbcloud-learn.html"


@click.command(epilog=example("rgbcloud learn wood.jpg"))
@click.argument("image", required=False)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help=f"The .html page to write.  [default: {_FILE}, which is made anew]",
)
@overwrite_option
@reading_options
def learn(image: str | None, output: str | None, overwrite: bool, max_pixels: int) -> None:
    """Show what k-means does, on a page to play with.

    One file that needs no network: a picture, its colours as a cloud, and the clusters in it, step by step.
    Left out, IMAGE is a photograph that scikit-learn ships.
    """
    from rgbcloud.images import write_file
    from rgbcloud_app.learn.lesson_page import CREDIT, lesson_page, photograph

    target = output or _FILE
    overwrite = overwrite or output is None
    sources = [] if image in (None, STANDARD) else [Path(image)]
    check_output(target, sources, (".html",), overwrite=overwrite)
    with progress_bar(image or "learn") as progress:
        page = lesson_page(
            photograph() if image is None else path_or_stdin(image),
            credit=CREDIT if image is None else "",
            max_pixels=max_pixels,
            progress=progress,
        )
    write_file(target, page, overwrite=overwrite)
    say(f"Open {target}")
