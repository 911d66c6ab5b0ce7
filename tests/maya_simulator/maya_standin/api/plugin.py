"""MFnPlugin and MPxCommand."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from maya_standin.api.objects import MObject
from maya_standin.api.syntax import MSyntax
from maya_standin.errors import NotSimulatedError
from maya_standin.session import current


class MPxCommand:
    """Base of a plug-in's commands."""

    kLong, kDouble, kString, kNoArg = range(4)

    _syntax: MSyntax | None = None
    _result: Any = None  # of the command that is running

    def doIt(self, args: Any) -> None:
        raise NotImplementedError

    def undoIt(self) -> None:
        return None

    def redoIt(self) -> None:
        return None

    def isUndoable(self) -> bool:
        return False

    def hasSyntax(self) -> bool:
        return self._syntax is not None

    def syntax(self) -> MSyntax:
        if self._syntax is None:
            raise RuntimeError("(kFailure): the command was registered without a syntax")
        return self._syntax

    @staticmethod
    def setResult(value: Any) -> None:
        _check_result(value)
        MPxCommand._result = list(value) if isinstance(value, (list, tuple)) else value

    @staticmethod
    def appendToResult(value: Any) -> None:
        _check_result(value)
        before = MPxCommand._result
        MPxCommand._result = [
            *(before if isinstance(before, list) else [] if before is None else [before]),
            value,
        ]

    @staticmethod
    def clearResult() -> None:
        MPxCommand._result = None

    @staticmethod
    def currentResult() -> Any:
        return MPxCommand._result

    @staticmethod
    def isCurrentResultArray() -> bool:
        return isinstance(MPxCommand._result, list)

    @staticmethod
    def displayInfo(message: str) -> None:
        current().say("info", message)

    @staticmethod
    def displayWarning(message: str, showLineNumber: bool = False) -> None:
        current().say("warning", message)

    @staticmethod
    def displayError(message: str, showLineNumber: bool = False) -> None:
        current().say("error", message)


def _check_result(value: Any) -> None:
    """Results are numbers, strings, or lists of one kind."""
    items = value if isinstance(value, (list, tuple)) else [value]
    kinds = {str if isinstance(item, str) else float if isinstance(item, float) else int for item in items}
    if (
        not all(isinstance(item, (bool, int, float, str)) for item in items)
        or len(kinds - {int} | kinds & {str}) > 1
    ):
        raise TypeError(f"setResult takes a number, a string or a list of one kind of them, got {value!r}")


class MFnPlugin:
    """What `initializePlugin` registers with."""

    def __init__(
        self, obj: MObject, vendor: str = "Unknown", version: str = "Unknown", apiVersion: str = "Any"
    ) -> None:
        plugin = obj._target if isinstance(obj, MObject) else None
        if plugin is None or not hasattr(plugin, "commands"):
            raise TypeError("MFnPlugin takes the MObject that initializePlugin was given")
        self._plugin = plugin
        if vendor != "Unknown":
            plugin.vendor = vendor
        if version != "Unknown":
            plugin.version = version

    def registerCommand(
        self, name: str, creator: Callable[[], MPxCommand], syntaxCreator: Callable[[], MSyntax] | None = None
    ) -> None:
        """Register a command; its syntax is created at the first call (section 5)."""
        plugins = current().plugins
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise RuntimeError(f"(kInvalidParameter): {name} is no name for a command")
        if plugins.has_command(name) or name in current().tables.commands:
            raise RuntimeError(f"(kFailure): there is a command {name} already")
        if not callable(creator):
            raise TypeError("registerCommand takes a function that creates the command")
        entry = Registered(name, creator, syntaxCreator)
        plugins.commands[name] = entry
        self._plugin.commands[name] = entry

    def deregisterCommand(self, name: str) -> None:
        if name not in self._plugin.commands:
            raise RuntimeError(f"(kInvalidParameter): {name} is not registered by this plug-in")
        del self._plugin.commands[name]
        del current().plugins.commands[name]

    @property
    def version(self) -> str:
        return self._plugin.version

    def vendor(self) -> str:
        return self._plugin.vendor

    def name(self) -> str:
        return self._plugin.name

    def loadPath(self) -> str:
        return self._plugin.path.rpartition("/")[0]

    def apiVersion(self) -> str:
        return str(current().version.api)

    @staticmethod
    def findPlugin(name: str) -> MObject:
        return MObject(current().plugins.loaded.get(name))

    def __getattr__(self, name: str) -> Any:
        raise NotSimulatedError(f"MFnPlugin.{name}")


class Registered:
    """One registered command."""

    def __init__(self, name: str, creator: Callable[[], MPxCommand], syntax_creator: Any) -> None:
        self.name = name
        self.creator = creator
        self.syntax_creator = syntax_creator
        self._syntax: MSyntax | None = None

    def syntax(self) -> MSyntax | None:
        """Return the syntax, created at the first call."""
        if self._syntax is None and self.syntax_creator is not None:
            self._syntax = self.syntax_creator()
            if not isinstance(self._syntax, MSyntax):
                raise TypeError(f"{self.name}: the syntax creator returned {self._syntax!r}, no MSyntax")
        return self._syntax
