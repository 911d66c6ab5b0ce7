"""Maya's own progress bar, where there is one; Esc cancels."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from maya import cmds, mel

from rgbcloud import CancelledError, Progress
from rgbcloud.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEPS = 1000


@contextlib.contextmanager
def main_progress_bar() -> Iterator[Progress]:
    """Show progress in the main window's bar; yields a callback, which does nothing in batch.

    The callback raises `CancelledError` when the user presses Esc.
    """
    if cmds.about(batch=True):
        yield silent
        return
    bar = str(mel.eval("$rgbcloud_bar = $gMainProgressBar"))  # type: ignore[no-untyped-call]

    def report(fraction: float, message: str) -> None:
        if cmds.progressBar(bar, query=True, isCancelled=True):
            raise CancelledError("cancelled; the scene is as it was")
        cmds.progressBar(bar, edit=True, progress=round(fraction * _STEPS), status=f"rgbcloud: {message}")

    cmds.progressBar(bar, edit=True, beginProgress=True, isInterruptable=True, maxValue=_STEPS)
    try:
        yield report
    finally:
        cmds.progressBar(bar, edit=True, endProgress=True)
