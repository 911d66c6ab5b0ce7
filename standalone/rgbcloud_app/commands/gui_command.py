"""``rgbcloud gui``: the desktop window."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from rgbcloud.errors import MissingDependencyError
from rgbcloud_app.command_options import example


@click.command(epilog=example("rgbcloud gui wood.jpg", "rgbcloud gui 'wood.<UDIM>.png'"))
@click.argument("images", nargs=-1, metavar="[IMAGE]...", type=click.Path(path_type=Path))
@click.pass_context
def gui(context: click.Context, images: tuple[Path, ...]) -> None:
    """Open a window to look at textures and reduce them by hand.

    IMAGE are files, folders of them, or sets by their pattern; more can be dropped onto the window.
    """
    try:
        from rgbcloud_app.desktop.window import run
    except ImportError as error:
        raise MissingDependencyError(
            f'the window needs Qt ({error}); install it with: python -m pip install "rgbcloud[qt]"'
        ) from error
    gc.set_threshold(10_000)  # a window stays: what it no longer shows is to be freed
    context.exit(run(images))
