"""Options that several commands share; those of a recipe are made from the table of its fields."""

from __future__ import annotations

import functools
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Callable, TypeVar

import click

from rgbcloud.errors import InvalidArgumentError
from rgbcloud.settings import FIELDS, Settings

if TYPE_CHECKING:
    from collections.abc import Collection

    from rgbcloud.fields import Field

Command = TypeVar("Command", bound=Callable[..., Any])

MAX_PIXELS = 1 << 28
_DEFAULTS = {field.name: getattr(Settings(), field.name) for field in fields(Settings)}
_TYPES = {"integer": int, "number": float}
_METAVARS = {"colors": "COLOR", "pairs": "COLOR COLOR", "file": "FILE", "integer": "N", "number": "X"}

OF_PALETTES = ("palette", "source", "goal")
"""The parts of a recipe that a palette depends on."""

OF_COLORS = ("linear", "color_space", "ocio")
"""The fields of a recipe that say what stored numbers are as colours."""

OF_SIZE = ("max_size", "scale")
"""The fields of a recipe that make textures smaller."""


def recipe_options(
    *parts: str, only: Collection[str] = (), without: Collection[str] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add an option for every field of a recipe; the command gets them as `recipe`.

    Parameters
    ----------
    *parts : str
        Those of the recipe (see `rgbcloud.Field`) that the command heeds; all if left out.
    only : collection of str
        Names of fields: it heeds no others.
    without : collection of str
        Names of fields that it does not heed.
    """
    wanted = [field for field in FIELDS if field.name not in without and (not parts or field.part in parts)]
    wanted = [field for field in wanted if not only or field.name in only]

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def with_recipe(**values: Any) -> Any:
            from rgbcloud.textures import Recipe  # which takes a while, and --help does without

            given = {field.name: values.pop(field.name) for field in wanted}
            try:
                recipe = Recipe.of(**given)
            except InvalidArgumentError as error:
                raise click.UsageError(str(error), click.get_current_context()) from error
            return command(recipe=recipe, **values)

        return stack(with_recipe, *map(_option, wanted))

    return decorate


def _option(field: Field) -> Callable[[Any], Any]:
    """Return the option of a field."""
    default = _DEFAULTS.get(field.name)
    how: dict[str, Any] = {"help": field.help, "default": default}
    if field.form in _METAVARS:
        how["metavar"] = "K" if field.name == "colors" else _METAVARS[field.form]
    if field.form in ("switch", "on"):
        name = f"--{field.option}" + (f"/--no-{field.option}" if field.form == "switch" else "")
        if field.form == "on":
            how.update(is_flag=True, default=False)
        return click.option(name, field.name, **how)
    if field.form == "choice":
        how.update(type=click.Choice(field.choices), show_default=True)
    elif field.form in _TYPES:
        how.update(type=_TYPES[field.form], show_default=default is not None)
    elif field.form == "colors":
        how["multiple"] = True
    elif field.form == "pairs":
        how.update(multiple=True, nargs=2)
    names = ("-k",) if field.name == "colors" else ()
    return click.option(*names, f"--{field.option}", field.name, **how)


def stack(command: Command, *options: Callable[[Any], Any]) -> Command:
    """Decorate so that --help lists the options in the order given."""
    for option in reversed(options):
        command = option(command)
    return command


def _set_threads(_context: click.Context, _option: click.Parameter, count: int | None) -> None:
    if count is not None:
        from rgbcloud import set_thread_count

        set_thread_count(count)


def as_bytes(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    """Return the number of bytes that a text such as ``200MB`` names, in powers of 1000."""
    if text is None:
        return None
    from rgbcloud.budget import bytes_of  # which takes a while, and --help does without

    try:
        return bytes_of(text)
    except InvalidArgumentError as error:
        raise click.BadParameter(str(error)) from error


def reading_options(command: Command) -> Command:
    """Add how images are read: the command gets `max_pixels`; the number of threads is set."""
    return stack(
        command,
        click.option(
            "--max-pixels",
            metavar="N",
            type=click.IntRange(min=1),
            default=MAX_PIXELS,
            show_default=True,
            help="Refuse larger images before they are decoded.",
        ),
        click.option(
            "--threads",
            metavar="N",
            type=click.IntRange(min=1),
            callback=_set_threads,
            expose_value=False,
            help="Use so many threads at most.  [default: every core]",
        ),
    )


def asset_options(command: Command) -> Command:
    """Add what is wanted of assets: the command gets `also` and `camera`."""
    return stack(
        command,
        click.option(
            "--also",
            type=click.Choice(["normal", "data"]),
            multiple=True,
            help="Reduce normals or data of assets, too, as what they are; their colours always are.",
        ),
        click.option(
            "--camera",
            metavar="NAME",
            default="",
            help="Let texels of an asset count by what its camera sees, such as /World/Cam, or Cam.",
        ),
    )


recursive_option = click.option(
    "-r", "--recursive", is_flag=True, help="Reduce all images and assets in the folders named, too."
)
share_option = click.option(
    "--shared-palette", "share", is_flag=True, help="Find one palette for all images together."
)
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace files that are there.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print results as JSON, one line each.")


def example(*lines: str) -> str:
    """Return the example that ends the help of a command."""
    return "\n".join(("\b", "Example:", *(f"  {line}" for line in lines)))
