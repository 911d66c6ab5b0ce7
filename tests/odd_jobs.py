"""Work for the processes of a batch, which have to be able to import it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from rgbcloud import thread_count
from rgbcloud_app.batches.outcome import Outcome


def die_of_three(job):
    """End the process outright, as a decoder that crashes does, if the job is the one called 3."""
    if job.source == "3":
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome(job)


def leave_work(job):
    """Be told to end while something is done, and once more while that is cleared away."""
    file = Path(job.target, f"{os.getpid()}.part")
    file.touch()
    try:
        signal.raise_signal(signal.SIGHUP)
    finally:
        signal.raise_signal(signal.SIGTERM)
        file.rename(file.with_suffix(".clean"))


def count_threads(job):
    """Note how many threads the process uses."""
    return Outcome(job, notes=(thread_count(),))
