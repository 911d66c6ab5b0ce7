"""How a texture is to be reduced: what command line, panel and a node's attribute fill."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from numbers import Integral
from typing import Literal

from rgbcloud.errors import InvalidArgumentError

MAX_COLORS = 256
MAX_SEED = (1 << 32) - 1

EffortName = Literal["normal", "best"]
EFFORT_NAMES: tuple[EffortName, ...] = ("normal", "best")


@dataclass(frozen=True)
class Settings:
    """Everything that decides what a reduced texture holds. Equal settings give equal files.

    Attributes
    ----------
    colors : int, default 16
        How many colours the palette shall have, 1 to 256.
    seed : int, default 0
        Of the random k-means++ starts, 0 to 2**32 - 1.
    effort : {"normal", "best"}
        "best" takes several times as long for an error that is a percent or two smaller.
    indexed : bool, default True
        Whether the file may hold palette indices, which is lighter; False writes RGB or RGBA texels.
    squeeze : bool, default False
        Whether to compress PNGs further with oxipng, for some seconds more; the palette keeps its order.

    Raises
    ------
    InvalidArgumentError
        If a value is none of these.

    Examples
    --------
    >>> Settings(7, effort="best").tag()
    'k7.best'
    >>> Settings.from_json(Settings(7).to_json()) == Settings(7)
    True
    """

    colors: int = 16
    seed: int = 0
    effort: EffortName = "normal"
    indexed: bool = True
    squeeze: bool = False

    def __post_init__(self) -> None:
        check_colors(self.colors)
        check_seed(self.seed)
        check_effort(self.effort)

    def tag(self) -> str:
        """Return what names of reduced files carry: another one for every other settings."""
        parts = [f"k{self.colors}"]
        if self.seed:
            parts.append(f"s{self.seed}")
        if self.effort != "normal":
            parts.append(self.effort)
        if not self.indexed:
            parts.append("rgb")
        if self.squeeze:
            parts.append("squeezed")
        return ".".join(parts)

    def to_json(self) -> str:
        """Return the settings as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Return the settings that `to_json` wrote, by this release or another one.

        Values that this release does not know are left out, missing ones take their default.

        Raises
        ------
        InvalidArgumentError
            If the text is not such JSON, or a value is out of range.
        """
        try:
            values = dict(json.loads(text))
        except (TypeError, ValueError) as error:
            msg = f"settings must be a JSON object as Settings.to_json writes it, got {text!r}"
            raise InvalidArgumentError(msg) from error
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


def check_colors(colors: object) -> None:
    """Raise `InvalidArgumentError` where `colors` is not an int in 1..256."""
    if isinstance(colors, bool) or not isinstance(colors, Integral) or not 1 <= int(colors) <= MAX_COLORS:
        msg = f"colors must be an int in 1..{MAX_COLORS}, got {colors!r}"
        raise InvalidArgumentError(msg)


def check_seed(seed: object) -> None:
    """Raise `InvalidArgumentError` where `seed` is not an int in 0..2**32 - 1."""
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= int(seed) <= MAX_SEED:
        msg = f"seed must be an int in 0..{MAX_SEED}, got {seed!r}"
        raise InvalidArgumentError(msg)


def check_effort(effort: object) -> None:
    """Raise `InvalidArgumentError` where `effort` is not the name of one."""
    if effort not in EFFORT_NAMES:
        msg = f"effort must be one of {', '.join(EFFORT_NAMES)}, got {effort!r}"
        raise InvalidArgumentError(msg)
