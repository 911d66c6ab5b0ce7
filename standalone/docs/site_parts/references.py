"""The reference, from what the program itself says: help, tables, docstrings."""

from __future__ import annotations

import argparse
import importlib
from typing import TYPE_CHECKING

import click

import rgbcloud
from rgbcloud import FIELDS, Field, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


_FOLDERS = ("textures", "images", "counting", "clustering", "palettes", "cloud")
"""Those of the library that most people look for first, in their order."""


def command_line() -> str:
    """Return the help of every command."""
    from rgbcloud_app.commands import COMMANDS
    from rgbcloud_app.commands import rgbcloud as group

    parts = ["# The command line", "What `--help` prints, command by command.", "## rgbcloud"]
    context = click.Context(group, info_name="rgbcloud", max_content_width=80, terminal_width=80)
    parts.append(_show(group.get_help(context)))
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        with click.Context(command, info_name=name, parent=context, terminal_width=80) as inner:
            parts += [f"## rgbcloud {name}", _show(command.get_help(inner))]
    return "\n\n".join(parts)


def settings() -> str:
    """Return the table of all that a recipe holds, with its names everywhere."""
    usual = Settings()
    rows = []
    for field in FIELDS:
        default = getattr(usual, field.name, None)
        shown = "" if default is None or default == () else f"`{default}`"
        rows.append([f"`{field.name}`", f"`--{field.option}`", f"`-{field.flag}`", shown, _meaning(field)])
    return "\n\n".join(
        [
            "# Settings",
            "What can be asked of a reduction: one table, from which come the arguments of `Recipe.of` "
            "in Python, the command line's options, the flags of Maya's commands, and the panel's controls.",
            _table(["Python", "command line", "Maya", "usual", ""], rows),
        ]
    )


def library() -> str:
    """Return a page that has mkdocstrings show every public name, by the folder that it comes from."""
    folders: dict[str, list[str]] = {folder: [] for folder in _FOLDERS}
    places = sorted((name, module) for module, names in rgbcloud._MODULES.items() for name in names.split())
    for name, module in places:
        folders.setdefault(module.split(".")[0], []).append(f"::: rgbcloud.{module}.{name}")
    parts = [
        "# The library",
        "All that `import rgbcloud` offers. Names are loaded when they are first used.",
    ]
    for folder, entries in folders.items():
        about = importlib.import_module(f"rgbcloud.{folder}").__doc__ or ""
        parts += [f"## {folder}", about.split("\n\n")[0], *entries]
    return "\n\n".join(parts)


def maya() -> str:
    """Return the help of Maya's commands, and of what runs in mayapy."""
    from rgbcloud_maya.batch.batch_options import parser
    from rgbcloud_maya.commands.command_classes import COMMANDS
    from rgbcloud_maya.commands.command_flags import HELP

    parts = [
        "# Maya's commands",
        "The same in MEL and in Python (`cmds.rgbCloudReduce(...)`); each explains itself with `-helpText`.",
    ]
    for command in COMMANDS:
        rows = [[f"`-{flag.long}`", f"`-{flag.short}`", flag.text] for flag in (*command.FLAGS, HELP)]
        parts += [f"## {command.NAME}", command.SUMMARY, _table(["flag", "short", ""], rows)]
    program = parser()
    parts += ["## mayapy -m rgbcloud_maya", _show(program.format_help())]
    (commands,) = (action for action in program._actions if isinstance(action, argparse._SubParsersAction))
    for name, command_parser in commands.choices.items():
        parts += [f"## … {name}", _show(command_parser.format_help())]
    return "\n\n".join(parts)


def _meaning(field: Field) -> str:
    choices = f" One of {', '.join(f'`{choice}`' for choice in field.choices)}." if field.choices else ""
    return field.help + choices


def _show(text: str) -> str:
    return f"```text\n{text}\n```"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def lines() -> Iterator[str]:
        yield "| " + " | ".join(header) + " |"
        yield "|" + "---|" * len(header)
        for row in rows:
            yield "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in row) + " |"

    return "\n".join(lines())
