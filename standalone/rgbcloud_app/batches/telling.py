"""What a batch tells: a line for each job, or a figure of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rgbcloud.textures import psnr
from rgbcloud_app.terminal import STANDARD, complain, say, say_json

if TYPE_CHECKING:
    from rgbcloud_app.batches.outcome import Outcome


@dataclass
class Summary:
    """The figures of a run."""

    reduced: int = 0
    unchanged: int = 0
    larger: int = 0
    there: int = 0
    failed: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    worst: float = 0.0
    best: float = float("inf")

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        if outcome.is_there:
            self.there += 1
        elif outcome.error is not None:
            self.failed += 1
        elif outcome.is_unchanged:
            self.unchanged += 1
        elif outcome.larger:
            self.larger += 1
        else:
            self.reduced += 1
        before, after = outcome.bytes
        self.bytes_before, self.bytes_after = self.bytes_before + before, self.bytes_after + after
        for report in outcome.reports:
            self.worst, self.best = max(self.worst, report.mse), min(self.best, report.mse)

    def lines(self) -> list[str]:
        """Return a table."""
        rows = [("reduced", f"{self.reduced:,}")]
        if self.unchanged:
            rows.append(("unchanged", f"{self.unchanged:,}"))
        if self.larger:
            rows.append(("larger", f"{self.larger:,} left as they are"))
        if self.there:
            rows.append(("there", f"{self.there:,} (and not to be replaced)"))
        if self.failed:
            rows.append(("failed", f"{self.failed:,}"))
        if self.reduced:
            share = f"{self.bytes_after / self.bytes_before:.0%}"
            rows.append(("bytes", f"{self.bytes_before:,} -> {self.bytes_after:,} ({share})"))
        if self.best <= self.worst:
            rows.append(("PSNR", f"{_decibels(self.worst)} to {_decibels(self.best)}"))
        return [f"{name:<10} {value}" for name, value in rows]


def _decibels(mse: float) -> str:
    return "exact" if mse == 0 else f"{psnr(mse):.2f} dB"


def tell(outcome: Outcome, *, as_json: bool, is_brief: bool = False) -> None:
    """Print what became of a job: on standard output, unless the image itself went there.

    Notes are told in any case, and failures at the end of all; `is_brief` leaves the rest to the summary.
    """
    source, target = outcome.job.source, outcome.job.target
    for note in outcome.notes:
        complain(f"{_display_name(source)}: {note}")
    if as_json:
        say_json(_as_dict(outcome))
        return
    if outcome.larger:
        complain(outcome.larger)
        return
    if outcome.error is not None or is_brief:
        return  # told at the end
    if outcome.is_unchanged:
        lines = [f"{source} -> {target}: unchanged"]
    elif outcome.job.is_set or outcome.asset_bytes:
        before, after = outcome.bytes
        count, colors = len(outcome.reports), len(outcome.palette)
        files = f"{count} files, {colors} colours" if outcome.job.is_set else f"textures reduced: {count}"
        lines = [f"{source} -> {target}: {files}, bytes {before:,} -> {after:,} ({after / before:.0%})"]
        lines += [f"  {report.name}: {report.summary()}" for report in outcome.reports]
    else:
        lines = [f"{outcome.reports[0].name} -> {target}: {outcome.reports[0].summary()}"]
    (complain if target == STANDARD else say)(*lines)


def _display_name(source: str) -> str:
    return "standard input" if source == STANDARD else source


def _as_dict(outcome: Outcome) -> dict[str, object]:
    """Return what is printed as JSON."""
    job = outcome.job
    if outcome.error is not None:
        return {"source": job.source, "error": outcome.error}
    if outcome.larger:
        return {"source": job.source, "larger": outcome.larger}
    reports = [report.as_dict() for report in outcome.reports]
    result: dict[str, object] = {"source": job.source, "target": job.target}
    if outcome.is_unchanged:
        return {**result, "unchanged": True}
    if outcome.asset_bytes is not None:
        result.update(zip(("bytes_before", "bytes_after"), outcome.asset_bytes))
    is_one = not job.is_set and outcome.asset_bytes is None
    result.update({"report": reports[0]} if is_one else {"reports": reports})
    return {**result, "palette": list(outcome.palette), "notes": list(outcome.notes)}
