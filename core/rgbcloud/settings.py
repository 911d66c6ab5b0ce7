"""How a texture is to be reduced: what command line, panel and a node's attribute fill."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Literal

from rgbcloud.color.spaces import SPACE_NAMES
from rgbcloud.errors import InvalidArgumentError, check_choice

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from rgbcloud.color.spaces import SpaceName

MAX_COLORS = 256
MAX_SEED = (1 << 32) - 1

HEX_COLOR = re.compile(r"#?([0-9a-fA-F]{6})")

EffortName = Literal["normal", "best"]
EFFORT_NAMES: tuple[EffortName, ...] = ("normal", "best")
KindName = Literal["auto", "color", "data", "normal", "labels"]
DitherName = Literal["none", "floyd-steinberg", "bayer", "blue-noise"]
DITHER_NAMES: tuple[DitherName, ...] = ("none", "floyd-steinberg", "bayer", "blue-noise")
KIND_NAMES: tuple[KindName, ...] = ("auto", "color", "data", "normal", "labels")
_DITHER_TAGS: dict[DitherName, str] = {"floyd-steinberg": "fs", "bayer": "bayer", "blue-noise": "blue"}


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
    locked : sequence of str
        Colours like ``"#ff8000"`` that shall be in the palette as they are, first and in this order; k-means
        finds the rest. Distinct, at most `colors`.
    recolored : sequence of (str, str)
        Pairs such as ``("#ff8000", "#00ff00")``: texels that the palette gives the first colour are written
        in the second. Which texels these are does not change. First ones are distinct.
    weight_power : float, default 1
        A colour weighs its count to this power, 0 to 1: below 1 the palette keeps rarer colours.
    squeeze : bool, default False
        Whether to compress PNGs further with oxipng, for some seconds more; the palette keeps its order.
    space : {"srgb", "linear", "oklab", "cielab"}
        What distances between colours are taken in, and means.
    kind : {"auto", "color", "data", "normal", "labels"}
        What the texture holds: colours; numbers that are no colours, such as roughness; normals, whose
        directions are clustered; labels, masks and IDs, which come out as the very numbers that went in.
        "auto" guesses from the file's name, and says so.
    linear : bool or None, default None
        Whether colours are stored as linear light; None: as the file says, of 8-bit files sRGB.
    dither : {"none", "floyd-steinberg", "bayer", "blue-noise"}
        How texels make up for the error of their neighbours. Labels are never dithered.
    dither_strength : float, default 1
        How much of it, 0 to 1.
    serpentine : bool, default False
        Whether Floyd-Steinberg goes back and forth, which breaks up worms and takes some times as long.

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
    locked: tuple[str, ...] = ()
    recolored: tuple[tuple[str, str], ...] = ()
    weight_power: float = 1.0
    space: SpaceName = "srgb"
    kind: KindName = "auto"
    linear: bool | None = None
    dither: DitherName = "none"
    dither_strength: float = 1.0
    serpentine: bool = False

    def __post_init__(self) -> None:
        check_colors(self.colors)
        object.__setattr__(self, "locked", checked_locked(self.locked, self.colors))
        object.__setattr__(self, "recolored", checked_recolored(self.recolored))
        check_part("weight_power", self.weight_power)
        check_seed(self.seed)
        check_choice("effort", self.effort, EFFORT_NAMES)
        check_choice("space", self.space, SPACE_NAMES)
        check_choice("kind", self.kind, KIND_NAMES)
        check_choice("linear", self.linear, (True, False, None))
        check_choice("dither", self.dither, DITHER_NAMES)
        check_part("dither_strength", self.dither_strength)

    def tag(self) -> str:
        """Return what names of reduced files carry: another one for every other settings."""
        parts = [f"k{self.colors}"]
        if self.seed:
            parts.append(f"s{self.seed}")
        if self.effort != "normal":
            parts.append(self.effort)
        if self.weight_power != 1:
            parts.append(f"w{self.weight_power:g}")
        if self.locked:
            parts.append("lock" + _digest(self.locked))
        if self.recolored:
            parts.append("recolor" + _digest(code for pair in self.recolored for code in pair))
        if not self.indexed:
            parts.append("rgb")
        if self.squeeze:
            parts.append("squeezed")
        if self.space != "srgb":
            parts.append(self.space)
        if self.kind != "auto":
            parts.append(self.kind)
        if self.linear is not None:
            parts.append("lin" if self.linear else "nonlin")
        if self.dither != "none":
            parts.append(_DITHER_TAGS[self.dither])
            if self.dither_strength != 1:
                parts.append(f"d{self.dither_strength:g}")
            if self.serpentine:
                parts.append("serpentine")
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
        return cls(**known_values(cls, "settings", text))


def known_values(kind: type[DataclassInstance], name: str, text: str) -> dict[str, Any]:
    """Return those values of a JSON object that a dataclass has fields for.

    Raises
    ------
    InvalidArgumentError
        If the text is no JSON object.
    """
    try:
        values = dict(json.loads(text))
    except (TypeError, ValueError) as error:
        msg = f"{name} must be a JSON object as {kind.__name__}.to_json writes it, got {text!r}"
        raise InvalidArgumentError(msg) from error
    known = {field.name for field in fields(kind)}
    return {field: value for field, value in values.items() if field in known}


def check_part(name: str, value: object) -> None:
    """Raise `InvalidArgumentError` where the value of that name is not a number in 0..1."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) <= 1:
        msg = f"{name} must be a number in 0..1, got {value!r}"
        raise InvalidArgumentError(msg)


def checked_locked(locked: object, colors: int) -> tuple[str, ...]:
    """Return locked colours as ``#rrggbb``.

    Raises
    ------
    InvalidArgumentError
        If they are no colours, not distinct, or more than the palette shall have.
    """
    if isinstance(locked, str) or not isinstance(locked, Iterable):
        msg = f"locked must be a sequence of colours such as #ff8000, got {locked!r}"
        raise InvalidArgumentError(msg)
    codes = [_checked_code("locked", color) for color in locked]
    _check_distinct("locked must be distinct colours", codes)
    if len(codes) > colors:
        msg = (
            f"locked must be no more colours than the palette has, which is {colors}, got {len(codes)}; "
            f"set colors to {len(codes)} or more, or lock fewer"
        )
        raise InvalidArgumentError(msg)
    return tuple(codes)


def checked_recolored(recolored: object) -> tuple[tuple[str, str], ...]:
    """Return pairs of colours as ``#rrggbb``.

    Raises
    ------
    InvalidArgumentError
        If they are no pairs of colours, or two of them begin with the same.
    """
    if isinstance(recolored, str) or not isinstance(recolored, Iterable):
        msg = f"recolored must be a sequence of pairs of colours, got {recolored!r}"
        raise InvalidArgumentError(msg)
    pairs = []
    for pair in recolored:
        if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
            msg = f"recolored must be pairs of colours such as (#ff8000, #00ff00), got {pair!r}"
            raise InvalidArgumentError(msg)
        pairs.append((_checked_code("recolored", pair[0]), _checked_code("recolored", pair[1])))
    _check_distinct("recolored must give each colour one other colour", [before for before, _ in pairs])
    return tuple(pairs)


def _checked_code(name: str, color: object) -> str:
    match = HEX_COLOR.fullmatch(color.strip()) if isinstance(color, str) else None
    if not match:
        msg = f"{name} must be colours of six hexadecimal digits such as #ff8000, got {color!r}"
        raise InvalidArgumentError(msg)
    return f"#{match[1].lower()}"


def _check_distinct(rule: str, codes: Sequence[str]) -> None:
    for number, code in enumerate(codes):
        if code in codes[:number]:
            msg = f"{rule}, got {code} twice"
            raise InvalidArgumentError(msg)


def _digest(codes: Iterable[str]) -> str:
    return hashlib.sha1("".join(codes).encode()).hexdigest()[:6]


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
