"""Whole commands as a person waits for them: rgbcloud and pngquant, PNG to PNG, cold and warm.

Seconds are of the processor, user and system together, which other work on the machine changes little; the
best of some rounds counts. Commands take turns. Python finds modules compiled, as an installation leaves
them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import images
import numpy as np
import peers
from PIL import Image

if TYPE_CHECKING:
    import argparse

SIZES = {0.4: (536, 760), 4: (1704, 2352), 16: (3408, 4704)}
"""Height and width by megapixels."""


def processes(arguments: argparse.Namespace) -> list[dict]:
    """Commands from start to end, cold, and their work in a process that is warm."""
    rows = []
    _, photograph = images.chosen("large")[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for megapixels, (height, width) in SIZES.items():
            source = folder / f"{megapixels}.png"
            pixels = images.enlarged(photograph, height, width)
            if megapixels < 1:  # a whole photograph, not the corner of a large one
                pixels = np.asarray(Image.fromarray(photograph).resize((width, height), Image.Resampling.BOX))
            Image.fromarray(pixels).save(source)
            for colors in arguments.colors:
                for kind, ways in (("cold", _commands(source, colors)), ("warm", _calls(source, colors))):
                    spent = in_turn(ways, arguments.rounds)
                    for peer, seconds in spent.items():
                        row = {"megapixels": megapixels, "K": colors, "kind": kind, "peer": peer}
                        row.update({"CPU seconds": seconds, "ours to it": spent["rgbcloud"] / seconds})
                        rows.append(row)
                        print(row, flush=True)
    return rows


def in_turn(ways: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Return the fewest seconds that each way has told."""
    told: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            told[name].append(way())
    return {name: min(seconds) for name, seconds in told.items()}


def _commands(source: Path, colors: int) -> dict[str, Callable[[], float]]:
    target = source.with_name("target.png")
    options = ["--colors", str(colors), "--output", target, "--overwrite"]
    ours = [sys.executable, "-m", "rgbcloud_app", "reduce", source, *options]
    ways = {"rgbcloud": lambda: cpu_seconds(ours)}
    program = shutil.which("pngquant")
    if program is None:
        print("pngquant: not here; python -m pip install pngquant-cli")
    else:
        theirs = [program, "--nofs", "--force", "--output", target, str(colors), source]
        ways["pngquant --nofs"] = lambda: cpu_seconds(theirs)
    return ways


def _calls(source: Path, colors: int) -> dict[str, Callable[[], float]]:
    target = source.with_name("target.png")

    def libimagequant() -> None:
        with Image.open(source) as picture:
            palette, indices = peers.imagequant(np.asarray(picture.convert("RGB")), colors)
        reduced = Image.fromarray(indices, "P")
        reduced.putpalette(palette.tobytes())
        reduced.save(target)

    ways = {"rgbcloud": lambda: cpu_of(lambda: peers.our_file(source, target, colors))}
    if peers.missing(next(peer for peer in peers.IN_MEMORY if peer.name == "libimagequant")) is None:
        ways["libimagequant and Pillow"] = lambda: cpu_of(libimagequant)
    return ways


def cpu_seconds(command: list[object]) -> float:
    """Return the user's and the system's seconds of a command that must succeed."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "rgbcloud-compiled"))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return usage.ru_utime + usage.ru_stime


def cpu_of(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin
