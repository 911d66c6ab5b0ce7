"""Options that several commands share, and the one place where options become `Settings`."""

from __future__ import annotations

import functools
from typing import Any, Callable, TypeVar

import click

from rgbcloud import MAX_COLORS, MAX_PIXELS, Settings, set_thread_count
from rgbcloud.color.spaces import SPACE_NAMES
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.settings import DITHER_NAMES, EFFORT_NAMES, KIND_NAMES

Command = TypeVar("Command", bound=Callable[..., Any])

_DEFAULTS = Settings()

# An option for every field of Settings, of the same name. Settings itself says what is in range.
_CLUSTERING = {
    "colors": click.option(
        "-k",
        "--colors",
        metavar="K",
        type=int,
        default=_DEFAULTS.colors,
        show_default=True,
        help=f"Colours of the palette, 1 to {MAX_COLORS}.",
    ),
    "seed": click.option(
        "--seed",
        type=int,
        default=_DEFAULTS.seed,
        show_default=True,
        help="Of the random starts; the same seed gives the same result.",
    ),
    "locked": click.option(
        "--lock",
        "locked",
        metavar="COLOR",
        multiple=True,
        default=_DEFAULTS.locked,
        help="Keep this colour, such as #ff8000, in the palette as it is; may be given again.",
    ),
    "weight_power": click.option(
        "--weight-power",
        metavar="P",
        type=float,
        default=_DEFAULTS.weight_power,
        show_default=True,
        help="A colour weighs its count to this power, 0 to 1: below 1, rare colours weigh more.",
    ),
    "effort": click.option(
        "--effort",
        type=click.Choice(EFFORT_NAMES),
        default=_DEFAULTS.effort,
        show_default=True,
        help="best: several times the time for an error a percent or two smaller.",
    ),
    "space": click.option(
        "--space",
        type=click.Choice(SPACE_NAMES),
        default=_DEFAULTS.space,
        show_default=True,
        help="Where distances between colours are taken: oklab and cielab are nearer to what people see.",
    ),
    "kind": click.option(
        "--kind",
        type=click.Choice(KIND_NAMES),
        default=_DEFAULTS.kind,
        show_default=True,
        help="What the image holds; auto: what its name says.",
    ),
    "linear": click.option(
        "--linear/--no-linear",
        default=_DEFAULTS.linear,
        help="Whether colours are stored as linear light.  [default: as the file says]",
    ),
}
_WRITING = {
    "recolored": click.option(
        "--recolor",
        "recolored",
        metavar="COLOR COLOR",
        nargs=2,
        multiple=True,
        default=_DEFAULTS.recolored,
        help="Write the second colour where the palette has the first; may be given again.",
    ),
    "dither": click.option(
        "--dither",
        type=click.Choice(DITHER_NAMES),
        default=_DEFAULTS.dither,
        show_default=True,
        help="Let texels make up for the error of their neighbours.",
    ),
    "dither_strength": click.option(
        "--dither-strength",
        metavar="PART",
        type=float,
        default=_DEFAULTS.dither_strength,
        show_default=True,
        help="How much of it, 0 to 1.",
    ),
    "serpentine": click.option(
        "--serpentine/--no-serpentine",
        default=_DEFAULTS.serpentine,
        show_default=True,
        help="Let floyd-steinberg go back and forth: fewer worms, some times as long.",
    ),
    "indexed": click.option(
        "--indexed/--no-indexed",
        default=_DEFAULTS.indexed,
        show_default=True,
        help="Write palette indices, which is lighter, or RGB(A) texels.",
    ),
    "squeeze": click.option(
        "--squeeze/--no-squeeze",
        default=_DEFAULTS.squeeze,
        show_default=True,
        help="Compress PNGs further, with oxipng, for some seconds more.",
    ),
}


def reduction_settings(command: Command) -> Command:
    """Add an option for every setting; the command gets them as `settings`."""
    return _with_settings(command, {**_CLUSTERING, **_WRITING})


def clustering_settings(command: Command) -> Command:
    """Add an option for every setting that a palette depends on; the command gets them as `settings`."""
    return _with_settings(command, _CLUSTERING)


def _with_settings(command: Command, options: dict[str, Callable[[Any], Any]]) -> Command:
    @functools.wraps(command)
    def with_settings(**values: Any) -> Any:
        fields = {name: values.pop(name) for name in options}
        try:
            settings = Settings(**fields)
        except InvalidArgumentError as error:
            raise click.UsageError(str(error), click.get_current_context()) from error
        return command(settings=settings, **values)

    decorated: Command = _stacked(with_settings, *options.values())  # type: ignore[assignment] # other arguments
    return decorated


def _stacked(command: Command, *options: Callable[[Command], Command]) -> Command:
    """Decorate so that --help lists the options in the order given."""
    for option in reversed(options):
        command = option(command)
    return command


def reading_options(command: Command) -> Command:
    """Add how images are read: the command gets `max_pixels`; the number of threads is set."""
    return _stacked(
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
            callback=lambda _context, _option, count: set_thread_count(count),
            expose_value=False,
            help="Use so many threads at most.  [default: every core]",
        ),
    )


overwrite_option = click.option("--overwrite", is_flag=True, help="Replace files that are there.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print results as JSON, one line each.")


def example(*lines: str) -> str:
    """Return the example that ends the help of a command."""
    return "\n".join(("\b", "Example:", *(f"  {line}" for line in lines)))
