"""Lengths, angles and times, as bare numbers in the scene's units or as strings that carry their own.

Names and frame rates: PyMEL docs of currentUnit. Strings such as "2sec" and "1in": Autodesk's examples of
currentTime, playbackOptions, keyframe, curve, move, rotate and spaceLocator.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maya_standin.session import Session

CENTIMETRES = {
    "mm": 0.1, "cm": 1.0, "m": 100.0, "km": 100_000.0, "in": 2.54, "ft": 30.48, "yd": 91.44, "mi": 160_934.4,
}  # fmt: skip
LONG_NAMES = {
    "millimeter": "mm", "centimeter": "cm", "meter": "m", "kilometer": "km", "inch": "in", "foot": "ft",
    "yard": "yd", "mile": "mi",
}  # fmt: skip
FRAMES_PER_SECOND = {
    "game": 15.0, "film": 24.0, "pal": 25.0, "ntsc": 30.0, "show": 48.0, "palf": 50.0, "ntscf": 60.0,
}  # fmt: skip
_SECONDS = {"hour": 3600.0, "min": 60.0, "sec": 1.0, "millisec": 0.001}
_DEGREES = {"deg": 1.0, "degree": 1.0, "rad": math.degrees(1), "radian": math.degrees(1)}
_WITH_UNIT = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([a-z]*)\s*")


def length(session: Session, value: Any) -> float:
    """Return centimetres."""
    number, unit = _split(value)
    if not unit:
        return number * session.linear_unit
    return number * CENTIMETRES[_known(LONG_NAMES.get(unit, unit), CENTIMETRES, value)]


def name_of_length(centimetres: float, long: bool = False) -> str:
    """Return the name of the unit that is so long."""
    short = next(name for name, size in CENTIMETRES.items() if size == centimetres)
    return next(name for name, other in LONG_NAMES.items() if other == short) if long else short


def angle(value: Any) -> float:
    """Return degrees, the unit of a bare number."""
    number, unit = _split(value)
    return number * _DEGREES[_known(unit, _DEGREES, value)] if unit else number


def frames(session: Session, value: Any) -> float:
    """Return a time in the scene's unit, which a bare number is in."""
    number, unit = _split(value)
    rate = frames_per_second(session.time_unit)
    if not unit:
        return number
    if unit in _SECONDS:
        return number * _SECONDS[unit] * rate
    if unit.endswith("fps"):
        raise _unknown(value)
    return number / FRAMES_PER_SECOND[_known(unit, FRAMES_PER_SECOND, value)] * rate


def frames_per_second(unit: str) -> float:
    """Return how many units of time a second has."""
    return 1.0 / _SECONDS[unit] if unit in _SECONDS else FRAMES_PER_SECOND[unit]


def is_time_unit(name: str) -> bool:
    return name in _SECONDS or name in FRAMES_PER_SECOND


def time_range(session: Session, value: Any) -> tuple[float, float]:
    """Return first and last frame of a time argument: a time, (t,), (first, last), "first:last", () for all.

    As Autodesk's examples of keyframe explain them.
    """
    low, high = float("-inf"), float("inf")
    if value is None or value is True or value == ():
        return low, high
    if isinstance(value, (list, tuple)):
        if len(value) == 1:
            return time_range(session, value[0])
        first, last = value
    elif isinstance(value, str) and ":" in value:
        first, last = value.split(":")
    else:
        first = last = value
    return (
        low if first in (None, "") else frames(session, first),
        high if last in (None, "") else frames(session, last),
    )


def _split(value: Any) -> tuple[float, str]:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value), ""
    match = _WITH_UNIT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _unknown(value)
    return float(match.group(1)), match.group(2)


def _known(unit: str, table: dict[str, float], value: Any) -> str:
    if unit not in table:
        raise _unknown(value)
    return unit


def _unknown(value: Any) -> TypeError:
    return TypeError(f"{value!r} is neither a number nor one with a unit")
