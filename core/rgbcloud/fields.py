"""What a field of a recipe is, and which values it has: numbers, choices, colours and pairs of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal

from rgbcloud.errors import InvalidArgumentError, check_choice, quote

HEX_COLOR = re.compile(r"#?([0-9a-fA-F]{6})")
_NUMBERS = re.compile(r"\s*[,\s]\s*")  # what stands between them


FieldForm = Literal["integer", "number", "choice", "switch", "text", "colors", "pairs", "on", "file"]
FieldPart = Literal["palette", "texels", "file", "source", "goal"]


@dataclass(frozen=True)
class Field:
    """One thing that can be asked of a reduction.

    Attributes
    ----------
    name : str
        Of the attribute of `Settings`, or of what `Recipe.of` takes beside these.
    form : {"integer", "number", "choice", "switch", "text", "colors", "pairs", "on", "file"}
        What values are: "switch" is on or off, "on" can only be asked for, "pairs" are pairs of colours.
    part : {"palette", "texels", "file", "source", "goal"}
        What it decides: how a palette is found; which texels get which of its colours; how the file is
        written; what the palette is taken from; what the number of colours is chosen for.
    help : str
        A sentence for users.
    short : str
        Of Maya's flags, which have up to three letters.
    choices : tuple of str
        Of a choice.
    least, most : float or None
        Of a number.
    option : str
        Of command lines, without its dashes; like the name if left out.
    flag : str
        Of Maya's commands, long; like the name if left out.
    """

    name: str
    form: FieldForm
    part: FieldPart
    short: str
    help: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    option: str = ""
    flag: str = ""

    def __post_init__(self) -> None:
        first, *words = self.name.split("_")
        object.__setattr__(self, "option", self.option or self.name.replace("_", "-"))
        object.__setattr__(self, "flag", self.flag or first + "".join(word.capitalize() for word in words))


def check_value(field: Field, value: object) -> None:
    """Raise `InvalidArgumentError` where a value is none that a field has.

    Colours and pairs of them are looked at by `checked_locked` and `checked_recolored`.
    """
    if field.form == "choice":
        check_choice(field.name, value, field.choices)
    elif field.form == "switch":
        optional = (None,) if field.name == "linear" else ()
        check_choice(field.name, value, (True, False, *optional))
    elif field.form == "text":
        if not isinstance(value, str):
            raise InvalidArgumentError(f"{field.name} must be a text, got {quote(value)}")
    elif field.form in ("integer", "number"):
        _check_number(field, value)


def plain_number(field: Field, value: Any) -> Any:
    """Return a number as an int or a float, as its field has it: equal ones look alike in JSON then."""
    if field.form == "integer":
        return int(value)
    return float(value) if field.form == "number" else value


def _is_finite(number: float) -> bool:
    """Whether a number is finite, and no int that is larger than any float."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _check_number(field: Field, value: object) -> None:
    number = Integral if field.form == "integer" else Real
    is_number = isinstance(value, number) and not isinstance(value, bool)
    least = field.least if field.least is not None else -math.inf
    most = field.most if field.most is not None else math.inf
    if not (is_number and _is_finite(value) and least <= value <= most):  # type: ignore[arg-type,operator]
        called = "an int" if field.form == "integer" else "a number"
        bounds = f"in {least:g}..{most:.10g}" if field.most is not None else f"above {least:g}"
        raise InvalidArgumentError(f"{field.name} must be {called} {bounds}, got {quote(value)}")


def checked_locked(locked: object, colors: int) -> tuple[str, ...]:
    """Return locked colours as ``#rrggbb``.

    Raises
    ------
    InvalidArgumentError
        If they are no colours, not distinct, or more than the palette shall have.
    """
    if isinstance(locked, str) or not isinstance(locked, Iterable):
        msg = f"locked must be a sequence of colours such as #ff8000, got {quote(locked)}"
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
    """Return pairs of colours as ``#rrggbb``, the second one maybe as three numbers with spaces between.

    Raises
    ------
    InvalidArgumentError
        If they are no pairs of colours, or two of them begin with the same.
    """
    if isinstance(recolored, str) or not isinstance(recolored, Iterable):
        msg = f"recolored must be a sequence of pairs of colours, got {quote(recolored)}"
        raise InvalidArgumentError(msg)
    pairs = []
    for pair in recolored:
        if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
            msg = f"recolored must be pairs of colours such as (#ff8000, #00ff00), got {quote(pair)}"
            raise InvalidArgumentError(msg)
        pairs.append((_checked_code("recolored", pair[0]), _checked_target(pair[1])))
    _check_distinct("recolored must give each colour one other colour", [before for before, _ in pairs])
    return tuple(pairs)


def _checked_target(color: object) -> str:
    """Return what a colour becomes: ``#rrggbb``, or three numbers as files store them."""
    numbers = _NUMBERS.split(color.strip()) if isinstance(color, str) else []
    if len(numbers) != 3:
        return _checked_code("recolored", color)
    try:
        values = [float(number) for number in numbers]
    except ValueError:
        values = [math.nan]
    if not all(map(math.isfinite, values)):
        msg = f"recolored must be colours such as #ff8000, or three numbers, got {quote(color)}"
        raise InvalidArgumentError(msg)
    return " ".join(str(int(value)) if value.is_integer() else repr(value) for value in values)


def _checked_code(name: str, color: object) -> str:
    match = HEX_COLOR.fullmatch(color.strip()) if isinstance(color, str) else None
    if not match:
        msg = f"{name} must be colours of six hexadecimal digits such as #ff8000, got {quote(color)}"
        raise InvalidArgumentError(msg)
    return f"#{match[1].lower()}"


def _check_distinct(rule: str, codes: Sequence[str]) -> None:
    for number, code in enumerate(codes):
        if code in codes[:number]:
            msg = f"{rule}, got {code} twice"
            raise InvalidArgumentError(msg)
