"""A line for every ratio that was ever measured: a step back is seen."""

from __future__ import annotations

import csv
import datetime
import os
import platform
import statistics
import subprocess
from pathlib import Path

HISTORY = Path(__file__).with_name("history.csv")
_COLUMNS = ["date", "commit", "machine", "benchmark", "figure", "ratio"]
# Of each benchmark: the columns that tell its rows apart here, and the ratio; others are averaged over.
_RATIOS = {
    "memory": (("peer", "K"), "to ours"),
    "files": (("peer", "K"), "to ours"),
    "quality": (("effort", "K"), "to one fit"),
    "preview": (("K",), "MSE to exact"),
    "process": (("kind", "megapixels", "peer", "K"), "ours to it"),
    "encoding": (("peer", "K"), "bytes to oxipng's highest"),
    "depths": (("space", "step", "K"), "half to 8 bits"),
    "dithers": (("order", "K"), "to Pillow"),
    "looks": (("figure", "peer", "dithered", "K"), "to libimagequant"),
}


def remember(benchmark: str, rows: list[dict]) -> None:
    """Add the ratios of a run, geometric means of what they are averaged over, to the history."""
    if benchmark not in _RATIOS:
        return
    told_apart_by, ratio = _RATIOS[benchmark]
    ratios: dict[tuple, list[float]] = {}
    for row in rows:
        if row.get(ratio, 0) > 0 and row.get("peer") != "rgbcloud":  # which is 1, to itself
            ratios.setdefault(tuple(row[column] for column in told_apart_by), []).append(row[ratio])
    is_new = not HISTORY.exists()
    with HISTORY.open("a", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        if is_new:
            writer.writerow(_COLUMNS)
        for values, found in ratios.items():
            figure = ", ".join(f"{column} {value}" for column, value in zip(told_apart_by, values))
            today = datetime.datetime.now(datetime.timezone.utc).date()
            mean = f"{statistics.geometric_mean(found):.4g}"
            writer.writerow([today, _commit(), _machine(), benchmark, figure, mean])


def _commit() -> str:
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _machine() -> str:
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.partition(":")[2].strip()
            for line in information.read_text().splitlines()
            if "model name" in line
        ]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"
