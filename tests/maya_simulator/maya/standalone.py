"""`maya.standalone`: start and end Maya in mayapy (section 7 of the fact sheet)."""

from __future__ import annotations

from maya_standin import session as _session


def initialize(name: str = "python") -> None:
    """Start Maya in batch mode. A second start in one process fails."""
    if _session.is_running():
        raise RuntimeError("maya.standalone is already initialized")
    running = _session.Session(batch=True) if _session._current is None else _session.current()
    running.stopped = False
    _session.start(running)


def uninitialize() -> None:
    """End Maya."""
    _session.current().stopped = True
