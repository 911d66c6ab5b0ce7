"""What a worker says that it wrote, held against what is seen here."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Callable, NamedTuple

from rgbcloud import set_thread_count
from rgbcloud.errors import RgbcloudError
from rgbcloud.textures import digest_of
from rgbcloud_app.batches.resuming import result_files
from rgbcloud_app.terminal import STANDARD

if TYPE_CHECKING:
    from rgbcloud_app.batches.outcome import Outcome
    from rgbcloud_app.batches.planning import Job

_TRIES = 20  # with a pause between two: shared folders show new files a while later


class Written(NamedTuple):
    """What became of a job, the files that it left, and their digest."""

    outcome: Outcome
    files: tuple[str, ...]
    digest: str


def look_at_results(work: Callable[[Job], Outcome], job: Job) -> Written:
    """Do a job on a worker, and look at what it has written."""
    set_thread_count(1)
    outcome = work(job)
    if outcome.error is not None or job.target == STANDARD:
        return Written(outcome, (), "")
    targets = result_files(job)
    return Written(outcome, tuple(map(str, targets)), digest_of(targets))


def outcome_as_seen_here(written: Written, pause: float = 0.25) -> Outcome:
    """Return what became of a job: a failure where its files are not here, or are others."""
    for attempt in range(_TRIES):
        if not written.files or _digest_here(written.files) == written.digest:
            return written.outcome
        time.sleep(pause if attempt < _TRIES - 1 else 0)
    job = written.outcome.job
    told = f"{job.target} is not here as a worker says that it wrote it; mount the same folder there"
    return replace(written.outcome, error=f"{job.source}: {told}", reports=(), is_unchanged=False)


def _digest_here(files: tuple[str, ...]) -> str:
    try:
        return digest_of([Path(file) for file in files])
    except RgbcloudError:
        return ""
