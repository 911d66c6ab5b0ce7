"""Loaded plug-ins and the commands that they registered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maya_standin.session import Session

# Plug-ins that add nothing but node types here.
BUNDLED = {"mtoa"}


@dataclass(eq=False)
class Plugin:
    """One loaded plug-in."""

    name: str
    path: str
    module: Any = None
    vendor: str = "Unknown"
    version: str = "Unknown"
    autoload: bool = False
    commands: dict[str, Any] = field(default_factory=dict)


class Plugins:
    """What `loadPlugin` has loaded."""

    def __init__(self) -> None:
        self.loaded: dict[str, Plugin] = {}
        self.commands: dict[str, Any] = {}

    def is_loaded(self, name: str) -> bool:
        return name in self.loaded

    def has_command(self, name: str) -> bool:
        return name in self.commands

    def run(self, session: Session, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        from maya_standin import plugin_commands

        return plugin_commands.run(session, self.commands[name], args, kwargs)

    def flag_shape(self, name: str, flag: str, querying: bool) -> tuple[int, bool]:
        """Return how many arguments a flag of a plug-in's command takes in MEL, and whether it repeats."""
        if flag in ("q", "query", "e", "edit"):
            return 0, False
        syntax = self.commands[name].syntax()
        if syntax is None:
            raise TypeError(f"Invalid flag '{flag}'")
        try:
            long = syntax._long(flag)
        except RuntimeError:
            raise TypeError(f"Invalid flag '{flag}'") from None
        if querying and long not in syntax._query_with_arguments:
            return 0, False
        return len(syntax._flags[long][1]), long in syntax._multi
