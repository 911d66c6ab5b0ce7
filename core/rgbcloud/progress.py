"""How long work reports where it stands, and how it is cancelled."""

from __future__ import annotations

from typing import Callable

Progress = Callable[[float, str], object]
"""Called with the fraction done, in [0, 1] and never falling, and a short message.

To cancel, raise `rgbcloud.errors.CancelledError` from it: the work stops there, cleans up and lets the
error through. It is always called on the thread that called the function.
"""


def silent(fraction: float, message: str) -> None:
    """Report to nobody: the default of every `progress` parameter."""


def portions(progress: Progress, count: int) -> list[Progress]:
    """Return a callback for each of `count` equal parts of a job, one after the other."""
    return [portion(progress, number / count, (number + 1) / count) for number in range(count)]


def portion(progress: Progress, start: float, stop: float) -> Progress:
    """Return a callback whose 0 … 1 is `start` … `stop` of `progress`.

    Parameters
    ----------
    progress : Progress
        The callback of the whole job.
    start, stop : float
        The part of the job, in [0, 1], that the returned callback covers.

    Returns
    -------
    Progress
        What to hand to the function that does this part.
    """

    def report(fraction: float, message: str) -> None:
        progress(start + (stop - start) * fraction, message)

    return report
