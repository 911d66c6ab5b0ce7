"""How a command says what it does.

A function under `@command` is one mode of one Maya command. Its keyword-only parameters are the flags that
are simulated: a flag that Maya has and the function lacks is refused by name. Positional arguments are not
in Maya's tables, so the signature and the docstring carry them, with their source.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from maya_standin.errors import NotSimulatedError


@dataclass(frozen=True)
class Handler:
    """One mode of one command."""

    function: Callable[..., Any]
    undoable: bool
    flags: frozenset[str]
    takes_any_flag: bool
    max_args: float

    def check(self, name: str, args: tuple[Any, ...], flags: dict[str, Any]) -> None:
        if not self.takes_any_flag:
            for flag in flags:
                if flag not in self.flags:
                    raise NotSimulatedError(f"{name}(..., {flag}=...) is not simulated")
        if len(args) > self.max_args:
            raise RuntimeError(f"Error occurred during execution of {name}: too many arguments.")


HANDLERS: dict[tuple[str, str], Handler] = {}


def command(*names: str, mode: str = "create", undoable: bool = False) -> Callable[[Callable], Callable]:
    """Register a function as one mode of these commands."""

    def register(function: Callable) -> Callable:
        parameters = list(inspect.signature(function).parameters.values())
        flags = frozenset(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
        takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
        many = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        count = sum(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters) - 1  # without the session
        handler = Handler(function, undoable, flags, takes_any, float("inf") if many else count)
        for name in names:
            if (name, mode) in HANDLERS:
                raise ValueError(f"{name} ({mode}) is registered twice")
            HANDLERS[name, mode] = handler
        return function

    return register


def query(*names: str) -> Callable[[Callable], Callable]:
    """Register a function as the query mode of these commands."""
    return command(*names, mode="query")


def edit(*names: str, undoable: bool = True) -> Callable[[Callable], Callable]:
    """Register a function as the edit mode of these commands."""
    return command(*names, mode="edit", undoable=undoable)
