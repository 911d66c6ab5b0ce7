"""Hold a call against Maya's command tables before anything else happens.

Messages as Maya words them (section 9.2 of the fact sheet): ``Invalid flag 'x'``, ``Invalid arguments for
flag 'x'.  Expected int, got str``, ``Flag 'x' must be passed a boolean argument``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from maya_standin import mode_exceptions
from maya_standin.tables import Tables

# `optionVar.query` is a str flag in the tables: the name that it asks for is its value (section 9.2).
VALUED_QUERY = {"optionVar"}


@dataclass
class Call:
    """One checked call: flags by their long names."""

    command: str
    mode: str
    args: tuple[Any, ...]
    flags: dict[str, Any] = field(default_factory=dict)


def check(tables: Tables, command: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
    """Return the call with long flag names, or raise what Maya raises."""
    info = tables.commands[command]
    known = info.get("flags", {})
    given: dict[str, Any] = {}
    for flag, value in kwargs.items():
        long = long_name(info, command, flag)
        if long in given:
            raise TypeError(f"Flag '{flag}' is given twice to {command}: as its long and its short name")
        given[long] = value
    mode = "create"
    for name in ("query", "edit"):
        if name not in given or command in VALUED_QUERY:
            continue
        if not isinstance(given[name], (bool, int)):
            raise TypeError(f"Flag '{name}' must be passed a boolean argument")
        if given.pop(name):
            if mode != "create":
                raise RuntimeError(f"{command}: cannot use the query and edit flags at once.")
            mode = name
    flags = {}
    for long, value in given.items():
        spec = known[long]
        _check_mode(command, long, spec, mode)
        checked = _check_value(long, spec, value, mode)
        if checked is not None:
            flags[long] = checked
    return Call(command, mode, args, flags)


def long_name(info: dict[str, Any], command: str, flag: str) -> str:
    """Return the long name of a flag of one command of the tables."""
    known = info.get("flags", {})
    if flag in known:
        return flag
    long = info.get("shortFlags", {}).get(flag)
    if flag in mode_exceptions.SHORT_NAMES.get(command, {}):
        long = mode_exceptions.SHORT_NAMES[command][flag]
    if long in known:
        return long
    raise TypeError(f"Invalid flag '{flag}'")


def _check_mode(command: str, flag: str, spec: dict[str, Any], mode: str) -> None:
    modes = spec.get("modes")
    if not modes:  # 1,694 flags list no mode at all: unknown, so allowed
        return
    if mode in modes or mode_exceptions.allows(command, flag, mode):
        return
    raise TypeError(
        f"{command}: flag '{flag}' cannot be used in {mode} mode (Maya's tables list {', '.join(modes)})"
    )


def _check_value(flag: str, spec: dict[str, Any], value: Any, mode: str) -> Any:
    """Return the value as the command gets it; None for a switch that is off."""
    modes = spec.get("modes", ())
    count = spec["numArgs"]
    if (mode == "query" and "query" in modes) or count == 0:
        if mode == "query" and count and not isinstance(value, (bool, int)):
            # A few queries take the flag's own argument: `fileRuleEntry='sourceImages'`.
            return _check_argument(flag, spec["args"], value) if count == 1 else value
        if not isinstance(value, (bool, int)):
            if "multiuse" in modes and isinstance(value, (list, tuple)):
                return list(value)
            raise TypeError(f"Flag '{flag}' must be passed a boolean argument")
        return value or None
    if count == 1:
        if isinstance(value, (list, tuple)) and not _is_range(spec["args"]):
            if "multiuse" not in modes:
                raise TypeError(
                    f"Invalid arguments for flag '{flag}'.  Expected {_type_name(spec['args'])}, got [ "
                    + ", ".join(type(item).__name__ for item in value)
                    + " ]"
                )
            return [_check_argument(flag, spec["args"], item) for item in value]
        return _check_argument(flag, spec["args"], value)
    types = spec["args"] if isinstance(spec["args"], list) else [spec["args"]] * count
    if "multiuse" in modes and value and all(isinstance(item, (list, tuple)) for item in value):
        return [_check_tuple(flag, types, item) for item in value]
    return _check_tuple(flag, types, value)


def _check_tuple(flag: str, types: list[str], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)) or len(value) != len(types):
        got = f"{len(value)}" if isinstance(value, (list, tuple)) else type(value).__name__
        raise TypeError(
            f"Invalid arguments for flag '{flag}'.  "
            f"Expected ( {', '.join(map(_type_name, types))} ), got {got}"
        )
    return tuple(_check_argument(flag, kind, item) for kind, item in zip(types, value))


def _is_range(kind: str) -> bool:
    return kind in ("timerange", "floatrange", "time")


def _check_argument(flag: str, kind: str, value: Any) -> Any:
    accepted = {
        "<type str>": str,
        "<type bool>": (bool, int),
        "<type int>": int,
        "<type float>": (int, float),
        "PyNode": str,
    }.get(kind)
    if kind == "script":
        if not isinstance(value, str) and not callable(value):
            raise TypeError(
                f"Invalid arguments for flag '{flag}'.  "
                f"Expected a string or a function, got {type(value).__name__}"
            )
        return value
    if _is_range(kind):
        if not isinstance(value, (int, float, str, tuple, list)):
            raise TypeError(
                f"Invalid arguments for flag '{flag}'.  Expected {kind}, got {type(value).__name__}"
            )
        return value
    if accepted is None:  # prose or a foreign type in the tables: nothing to hold it against
        return value
    if not isinstance(value, accepted):
        if kind == "<type float>" and isinstance(value, str) and _is_unit_string(value):
            return value
        raise TypeError(
            f"Invalid arguments for flag '{flag}'.  Expected {_type_name(kind)}, got {type(value).__name__}"
        )
    return value


def _is_unit_string(value: str) -> bool:
    """Lengths, angles and times may be strings with a unit, as "10cm" (createNode docs: linear, angle)."""
    number = value.rstrip("abcdefghijklmnopqrstuvwxyz'\"")
    try:
        float(number)
    except ValueError:
        return False
    return number != value


def _type_name(kind: str) -> str:
    # Maya calls a bool an int in this message (section 9.2).
    return {
        "<type str>": "string",
        "<type bool>": "int",
        "<type int>": "int",
        "<type float>": "float",
        "PyNode": "string",
    }.get(kind, kind)
