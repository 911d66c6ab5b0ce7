"""The undo queue, as `undoInfo` documents it.

Every change of the scene goes through `UndoQueue.apply` as a pair of functions that do and undo it. While
a command runs, its steps collect in one entry; when it has ended, the entry goes into the open chunk or
becomes one step of the queue. Off in batch until it is switched on (six public mayapy test suites switch
it on themselves, section 5 of the fact sheet).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Step = Callable[[], None]


@dataclass
class Entry:
    """What one undo takes back: the steps of a command, or of a chunk of commands."""

    name: str
    steps: list[tuple[Step, Step]] = field(default_factory=list)  # (redo, undo)

    def undo(self) -> None:
        for _, undo in reversed(self.steps):
            undo()

    def redo(self) -> None:
        for redo, _ in self.steps:
            redo()


class UndoQueue:
    """The queue, its redo part, the open chunks and the command that is running."""

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled
        self.infinite = True
        self.limit = 50
        self.done: list[Entry] = []
        self.undone: list[Entry] = []
        self.chunk: Entry | None = None
        self.depth = 0  # of open chunks
        self.running: Entry | None = None
        self.muted = 0  # inside a command whose inner changes are its own business
        self.replaying: str | None = None  # "undo" or "redo"
        self.unrecorded = False  # the scene changed behind the back of a queue that holds entries
        self.is_frozen = False

    def apply(self, redo: Step, undo: Step) -> None:
        """Change the scene, and remember how to take it back."""
        if self.is_frozen:
            raise RuntimeError("the scene must not be changed by a script job of Undo or Redo")
        redo()
        if self.running is not None:
            self.running.steps.append((redo, undo))
        elif self.done and not self.replaying:
            self.unrecorded = True

    def frozen(self, function: Step) -> None:
        """Run a function that must not change the scene."""
        self.is_frozen = True
        try:
            function()
        finally:
            self.is_frozen = False

    @contextlib.contextmanager
    def command(self, name: str, undoable: bool) -> Iterator[None]:
        """Run one command: its steps become one entry, or are taken back if it raises."""
        if self.running is not None:  # a command that is part of another
            yield
            return
        entry = Entry(name)
        self.running = entry
        try:
            yield
        except BaseException:
            self.running = None
            entry.undo()
            raise
        self.running = None
        if undoable and not self.muted:
            self.record(entry)
        elif entry.steps and self.done:
            self.unrecorded = True

    def keep(self) -> None:
        """Let what the running command did stay even if it raises: reading a file is not taken back."""
        if self.running is not None:
            self.running.steps.clear()

    @contextlib.contextmanager
    def own_business(self) -> Iterator[None]:
        """Run the doIt of an undoable MPxCommand: what it does through `cmds` is not recorded."""
        running, self.running = self.running, None
        self.muted += 1
        try:
            yield
        finally:
            self.muted -= 1
            self.running = running

    def record(self, entry: Entry) -> None:
        """Put a finished entry on the queue, or into the open chunk."""
        if not self.enabled or not entry.steps or self.replaying:
            return
        if self.chunk is not None:
            self.chunk.steps.extend(entry.steps)
            self.undone.clear()
            return
        self.done.append(entry)
        self.undone.clear()
        if not self.infinite:
            del self.done[: -self.limit]

    def record_command(self, name: str, command: object) -> None:
        """Put an undoable MPxCommand on the queue: it undoes and redoes itself."""
        self.record(Entry(name, [(self._on_its_own(command.redoIt), self._on_its_own(command.undoIt))]))

    def _on_its_own(self, function: Step) -> Step:
        def run() -> None:
            with self.own_business():
                function()

        return run

    def open_chunk(self, name: str) -> None:
        self.depth += 1
        if self.depth == 1:
            self.chunk = Entry(name)

    def close_chunk(self) -> None:
        if self.depth == 0:
            raise RuntimeError("undoInfo: there is no open chunk to close")
        self.depth -= 1
        if self.depth == 0:
            chunk, self.chunk = self.chunk, None
            if chunk.steps:
                self.done.append(chunk)

    def flush(self) -> None:
        self.done.clear()
        self.undone.clear()
        self.unrecorded = False

    def undo(self) -> Entry:
        return self._replay(self.done, self.undone, "undo")

    def redo(self) -> Entry:
        return self._replay(self.undone, self.done, "redo")

    def _replay(self, source: list[Entry], target: list[Entry], what: str) -> Entry:
        if not self.enabled:
            raise RuntimeError(f"{what}: undo is turned off (undoInfo -state on turns it on)")
        if self.chunk is not None:
            raise RuntimeError(f"{what}: an undo chunk is open")
        if not source:
            raise RuntimeError(f"There are no more commands to {what}.")
        entry = source.pop()
        self.replaying = what
        try:
            getattr(entry, what)()
        finally:
            self.replaying = None
        target.append(entry)
        return entry
