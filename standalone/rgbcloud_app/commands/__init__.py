"""The command ``rgbcloud``: a module for each of its commands, loaded when that is called."""

from __future__ import annotations

import importlib

import click

import rgbcloud as core
from rgbcloud_app.command_options import example

COMMANDS = {
    "reduce": "Rebuild images from palettes of K colours.",
    "cloud": "Show the colours of images as points in space.",
    "palette": "Print or save the K colours of images.",
    "farm": "Make a job for a render farm.",
    "count": "Count the colours of images into a file.",
    "compare": "Print what became of a palette's colours.",
    "check": "Check images before they are published.",
    "faces": "Make sets of the faces of a USD stage that show each cluster.",
    "info": "Print what is known about images.",
    "gui": "Open a window to look at textures and reduce them.",
    "learn": "Show what k-means does, on a page to play with.",
    "demo": "Show all of it on a photograph.",
}
"""What each command does, in the order in which most people look for them."""


class _Commands(click.Group):
    """Finds a command in the module of its name: to list them all, none has to be loaded."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"rgbcloud_app.commands.{name}_command")
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=example("rgbcloud reduce wood.jpg --colors 16"),
)
@click.version_option(core.__version__, prog_name="rgbcloud")
@click.pass_context
def rgbcloud(context: click.Context) -> None:
    """See textures as clouds of points in RGB space, and reduce them to a few colours.

    Sources are never written to. An IMAGE may be a set, as wood.<UDIM>.png, or - for standard input.

    Exit codes: 0 done, 1 a job failed, 2 wrong use, 3 a file is there already, 130 interrupted.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(2)
