"""`maya.standalone`: start and end Maya in mayapy (section 7 of the fact sheet)."""

from __future__ import annotations

import os
import sys
import traceback

from maya_standin import session as _session


def initialize(name: str = "python") -> None:
    """Start Maya in batch mode. A second start in one process fails."""
    if _session.is_running():
        raise RuntimeError("maya.standalone is already initialized")
    running = _session.Session(batch=True) if _session._current is None else _session.current()
    running.stopped = False
    _session.start(running)
    _execute_user_setups()


def _execute_user_setups() -> None:
    """Run every userSetup.py on the path in `__main__`, as maya.app.startup.basic does (text index 31220544249)."""
    if os.environ.get("MAYA_SKIP_USERSETUP_PY"):
        return
    import __main__

    for folder in sys.path[:]:
        script = os.path.join(folder, "userSetup.py")
        if not os.path.isfile(script):
            continue
        try:
            with open(script, "rb") as file:
                exec(compile(file.read(), script, "exec"), __main__.__dict__)
        except Exception:  # noqa: BLE001 (somebody's script)
            sys.stderr.write("Failed to execute userSetup.py\n")
            traceback.print_exc()


def uninitialize() -> None:
    """End Maya."""
    _session.current().stopped = True
