"""The benchmark's figures, measured when the site is built."""

from __future__ import annotations

import os
import platform
import statistics
import time
from typing import Any

import peers
from sklearn.datasets import load_sample_image

import rgbcloud

MARK = "<!--figures-->"
COLORS, ROUNDS, PATIENCE = 16, 3, 0.5  # seconds: who takes longer is not asked again


def fill_in(markdown: str) -> str:
    """Return a page with a table where the mark is.

    Raises
    ------
    ValueError
        If there is no mark.
    """
    before, mark, after = markdown.partition(MARK)
    if not mark:
        raise ValueError(f"the page of the benchmark lacks its {MARK}")
    return before + _table() + after


def _table() -> str:
    pixels = load_sample_image("china.jpg")
    usable = [peer for peer in peers.IN_MEMORY if not peers.missing(peer)]
    times: dict[str, list[float]] = {peer.name: [] for peer in usable}
    errors = {}
    for _ in range(ROUNDS):
        for peer in usable:
            if sum(times[peer.name]) > PATIENCE:
                continue
            start = time.perf_counter()
            palette, indices = peer.run(pixels, COLORS)
            times[peer.name].append(time.perf_counter() - start)
            errors[peer.name] = _mse(pixels, palette[indices])
    ours = statistics.median(times["rgbcloud"])
    lines = [
        f"A photograph of {pixels.shape[1]} x {pixels.shape[0]} pixels to {COLORS} colours; the median of "
        f"{ROUNDS} rounds, one after the other in one run, with rgbcloud {rgbcloud.__version__}, Python "
        f"{platform.python_version()} and {os.cpu_count()} cores, when this page was built.",
        "",
        "| | milliseconds | times ours | error (MSE) |",
        "|---|--:|--:|--:|",
    ]
    for peer in usable:
        median = statistics.median(times[peer.name])
        figures = f"{1000 * median:,.0f} | {median / ours:.2f} | {errors[peer.name]:.1f}"
        lines.append(f"| {peer.name} | {figures} |")
    left_out = [
        f"{peer.name} ({peers.missing(peer)} is not there)" for peer in peers.IN_MEMORY if peers.missing(peer)
    ]
    if left_out:
        lines += ["", "Left out, since the machine lacked it: " + "; ".join(left_out) + "."]
    return "\n".join(lines)


def _mse(one: Any, other: Any) -> float:
    return float(((one.astype(float) - other) ** 2).sum(axis=2).mean())
