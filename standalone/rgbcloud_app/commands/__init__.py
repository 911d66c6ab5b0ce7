"""The command ``rgbcloud``: a module for each of its commands."""

from __future__ import annotations

import click

import rgbcloud as core
from rgbcloud_app.commands.cloud import cloud
from rgbcloud_app.commands.compare import compare
from rgbcloud_app.commands.demo import demo
from rgbcloud_app.commands.gui import gui
from rgbcloud_app.commands.info import info
from rgbcloud_app.commands.learn import learn
from rgbcloud_app.commands.palette import palette
from rgbcloud_app.commands.reduce import reduce
from rgbcloud_app.options import example


class _InOrder(click.Group):
    """Lists commands in the order they were added in: what most people look for comes first."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=_InOrder,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=example("rgbcloud reduce wood.jpg --colors 16"),
)
@click.version_option(core.__version__, prog_name="rgbcloud")
@click.pass_context
def rgbcloud(context: click.Context) -> None:
    """See textures as clouds of points in RGB space, and reduce them to a few colours.

    Sources are never written to. An IMAGE may be - for standard input.

    Exit codes: 0 done, 1 a job failed, 2 wrong use, 130 interrupted.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(2)


for command in (reduce, cloud, palette, compare, info, gui, learn, demo):
    rgbcloud.add_command(command)
