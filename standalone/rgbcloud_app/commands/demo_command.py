"""``rgbcloud demo``: all of it, on a photograph that scikit-learn ships."""

from __future__ import annotations

from pathlib import Path

import click

from rgbcloud_app.command_options import example, overwrite_option
from rgbcloud_app.terminal import progress_bar, say

_FOLDER = "rgbcloud-demo"


@click.command(epilog=example("rgbcloud demo"))
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help=f"The folder to make.  [default: {_FOLDER}, which is made anew]",
)
@overwrite_option
def demo(output: str | None, overwrite: bool) -> None:
    """Show all of it on a photograph.

    Makes a folder with the photograph, its cloud, the photograph rebuilt from 16 and from 3 colours, and the
    page that `rgbcloud learn` writes.
    """
    from rgbcloud.images import check_writable, write_file
    from rgbcloud_app.demo import make_demo  # draws, and so takes a while to import

    folder = Path(output or _FOLDER)
    overwrite = overwrite or output is None
    check_writable(folder / "index.html", overwrite=overwrite)
    with progress_bar("demo") as progress:
        files, table = make_demo(progress)
    for name in files:
        check_writable(folder / name, overwrite=overwrite)
    for name, data in files.items():
        write_file(folder / name, data, overwrite=overwrite)
    say(*table.splitlines(), "", f"Open {folder / 'index.html'}")
