"""oxipng, kept from stopping all other threads: it holds Python's lock as long as it works."""

from __future__ import annotations

import importlib
import sys
import threading
from pathlib import Path
from typing import Any, Protocol, cast

_OPTIONS: dict[str, Any] = {
    "level": 4,  # level 2 is up to 4 % larger, level 6 no smaller
    "bit_depth_reduction": False,  # both depths are tried
    "color_type_reduction": False,
    "grayscale_reduction": False,
    "palette_reduction": False,  # it would put the palette in another order
}
_SCRIPT = f"""
import os, sys
if hasattr(os, "nice"):
    os.nice(10)
sys.path.insert(0, sys.argv[1])
import oxipng
squeezed = oxipng.optimize_from_memory(sys.stdin.buffer.read(), **{_OPTIONS!r})
sys.stdout.buffer.write(squeezed)
"""


class Oxipng(Protocol):
    """The part of the package that is used."""

    __file__: str

    def optimize_from_memory(self, data: bytes, **options: Any) -> bytes:
        """Return a PNG compressed further."""


def find_oxipng() -> Oxipng | None:
    """Return the optional package, or None where it is not installed."""
    try:
        return cast("Oxipng", importlib.import_module("oxipng"))
    except ImportError:
        return None


def squeeze_png(png: bytes, oxipng: Oxipng) -> bytes:
    """Return a PNG compressed further, with the same palette and depth.

    Beside the main thread, such as behind a window, it is done by a process of its own, where Python can be
    found to run it; the window's needs come before it, since oxipng works on all cores.
    """
    python = _python()
    if python is not None and threading.current_thread() is not threading.main_thread():
        import subprocess  # only squeezing needs it

        command = [str(python), "-I", "-c", _SCRIPT, str(Path(oxipng.__file__).parent.parent)]
        low = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # Windows has it
        done = subprocess.run(command, input=png, capture_output=True, check=False, creationflags=low)
        if done.returncode == 0 and done.stdout:
            return done.stdout
    return oxipng.optimize_from_memory(png, **_OPTIONS)


def _python() -> Path | None:
    """Return the program that runs Python; inside Maya that is its mayapy."""
    program = Path(sys.executable or "")
    if program.stem.lower().startswith("python"):
        return program
    beside = program.with_name(f"mayapy{program.suffix}")
    return beside if beside.is_file() else None
