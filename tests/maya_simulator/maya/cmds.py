"""`maya.cmds`: every command of Maya's tables, checked against them.

Empty until `maya.standalone.initialize()` was called, as in mayapy (section 7 of the fact sheet).
"""

from __future__ import annotations

from typing import Any

import maya_standin.commands  # noqa: F401  registers them
from maya_standin import session as _session


def __getattr__(name: str) -> Any:
    if name.startswith("__") or not _session.is_running() or not _session.current().has_command(name):
        raise AttributeError(f"module 'maya.cmds' has no attribute {name!r}")

    def command(*args: Any, **kwargs: Any) -> Any:
        return _session.current().call(name, args, kwargs)

    command.__name__ = command.__qualname__ = name
    return command


def __dir__() -> list[str]:
    if not _session.is_running():
        return []
    running = _session.current()
    return sorted({*running.tables.commands, *running.plugins.commands})
