"""What waits for Maya to be idle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def as_function(script: Any, *args: Any, **kwargs: Any) -> Callable[[], Any]:
    """Return a function for a callable, or for Python source that runs in `__main__`."""
    if callable(script):
        return lambda: script(*args, **kwargs)

    def run() -> None:
        import __main__

        exec(compile(script, "<deferred>", "exec"), __main__.__dict__)

    return run
