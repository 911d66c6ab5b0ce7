"""One Maya: its version, its scene, its queue, its UI. There is one at a time, as in a process."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from maya_standin import checker, new_scene, tables
from maya_standin.errors import NotSimulatedError
from maya_standin.registry import HANDLERS
from maya_standin.scene import Scene
from maya_standin.undo import UndoQueue
from maya_standin.versions import VERSIONS


class Session:
    """A running Maya."""

    def __init__(self, year: int = 2025, batch: bool = True, workspace: str | None = None) -> None:
        from maya_standin import color_management, plugins, ui, workspaces
        from maya_standin.api.messages import Callbacks

        self.version = VERSIONS[year]
        self.batch = batch
        self.undo = UndoQueue(enabled=not batch)
        self.mel_variables: dict[str, Any] = {}
        self.modules: list[str] = []  # .mod files of `loadModule`
        self.option_vars: dict[str, Any] = {}
        self.workspace = workspaces.Workspace(workspace)
        self.colors = color_management.ColorManagement()
        self.plugins = plugins.Plugins()
        self.ui = ui.UserInterface(batch)
        self.idle: list[Callable[[], None]] = []
        self.output: list[tuple[str, str]] = []  # what the Script Editor shows: (kind, text)
        self.script_jobs: dict[int, tuple[str, Callable[[], None]]] = {}
        self.next_script_job = 1
        self.counters: list[list[str]] = []
        self.indexed_png_readable = True
        self.callbacks = Callbacks()
        self.callbacks.add("selection", lambda: self.happened("SelectionChanged"))
        self.stopped = False
        self.new_scene()

    def new_scene(self) -> None:
        """Open a new scene: the queue is flushed, the defaults are back."""
        self.undo.flush()
        self.undo.chunk, self.undo.depth = None, 0
        self.scene = Scene(self.undo, self.callbacks.tell)
        self.linear_unit = 1.0  # in centimetres
        self.time_unit = "film"
        self.playback = {"min": 1.0, "max": 120.0, "ast": 1.0, "aet": 200.0}
        new_scene.fill(self)

    @property
    def tables(self) -> tables.Tables:
        return tables.load(self.version.table)

    def say(self, kind: str, text: str) -> None:
        """Show a line in the Script Editor."""
        self.output.append((kind, text))

    # --- commands ----------------------------------------------------------------------------------

    def has_command(self, name: str) -> bool:
        return name in self.tables.commands or self.plugins.has_command(name)

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run one command as `maya.cmds` does."""
        require_main_thread(kwargs)
        for counter in self.counters:
            counter.append(name)
        if self.plugins.has_command(name):
            return self.plugins.run(self, name, args, kwargs)
        if name in self.tables.runtime:
            raise NotSimulatedError(f"runtime command {name} is not simulated")
        if self.batch and self._is_ui(name):
            raise RuntimeError(f"{name}: this command needs Maya's user interface, which batch mode lacks.")
        if not any((name, mode) in HANDLERS for mode in ("create", "query", "edit")):
            raise NotSimulatedError(f"{name} is not simulated")
        checked = checker.check(self.tables, name, args, kwargs)
        handler = HANDLERS.get((name, checked.mode))
        if handler is None:
            raise NotSimulatedError(f"{name} in {checked.mode} mode is not simulated")
        handler.check(name, args, checked.flags)
        with self.undo.command(name, handler.undoable):
            return handler.function(self, *args, **checked.flags)

    def _is_ui(self, name: str) -> bool:
        # Commands of the "windows" module that have nothing to do with windows.
        return name in self.tables.ui and name not in {"optionVar", "fileDialog2", "headsUpMessage"}

    def happened(self, event: str) -> None:
        """Let the script jobs of an event run when Maya is idle."""
        jobs = [script for name, script in self.script_jobs.values() if name == event]
        # "Do not change the state of the scene or DG during this callback" (docs of scriptJob -listEvents)
        frozen = event in ("Undo", "Redo")
        self.idle.extend(functools.partial(self.undo.frozen, script) if frozen else script for script in jobs)

    def run_idle(self) -> None:
        """Run what was deferred, as Maya does when it has nothing else to do."""
        waiting, self.idle = self.idle, []
        for function in waiting:
            function()


def require_main_thread(kwargs: dict[str, Any] | None = None) -> None:
    """Raise Maya's misleading error off the main thread (section 0, fact 9)."""
    if threading.current_thread() is not threading.main_thread():
        flag = next(iter(kwargs or {}), "q")
        raise TypeError(f"Flag '{flag}' must be passed a boolean argument")


_current: Session | None = None


def current() -> Session:
    """Return the running Maya.

    Raises
    ------
    RuntimeError
        If none was started (`maya.standalone.initialize`).
    """
    if _current is None:
        raise RuntimeError("Maya is not running: call maya.standalone.initialize() first")
    return _current


def is_running() -> bool:
    return _current is not None and not _current.stopped


def start(session: Session | None) -> None:
    """Make this the running Maya; None ends it."""
    global _current
    _current = session
