"""`maya.utils`: work for the idle loop and for the main thread (section 6 of the fact sheet)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from maya_standin import deferred
from maya_standin import session as _session

_PATIENCE = 10.0  # seconds that a thread waits for the main thread before the stand-in gives up


def executeDeferred(script: Callable[..., Any] | str, *args: Any, **kwargs: Any) -> None:
    """Run a function, or Python source, in the main thread when Maya is idle."""
    _session.current().idle.append(deferred.as_function(script, *args, **kwargs))


def executeInMainThreadWithResult(script: Callable[..., Any] | str, *args: Any, **kwargs: Any) -> Any:
    """Run in the main thread and wait for the result.

    In mayapy there is no event loop to run it: a thread would wait for ever (fact 9). The stand-in raises.
    """
    if isinstance(script, str):
        source = script
        script = lambda: eval(source)  # noqa: E731
    if threading.current_thread() is threading.main_thread():
        return script(*args, **kwargs)
    running = _session.current()
    if running.batch:
        raise RuntimeError(
            "executeInMainThreadWithResult from a thread never returns in batch: there is no event loop"
        )
    done, outcome = threading.Event(), {}

    def work() -> None:
        try:
            outcome["result"] = script(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001  handed over to the thread that waits
            outcome["error"] = error
        done.set()

    running.idle.append(work)
    if not done.wait(_PATIENCE):
        raise RuntimeError("executeInMainThreadWithResult: the main thread processed no idle events")
    if "error" in outcome:
        raise outcome["error"]
    return outcome["result"]


def processIdleEvents() -> None:
    """Run what was deferred."""
    _session.require_main_thread()
    _session.current().run_idle()
