"""ImageMagick, where it is: what it writes is tested there; what OpenImageIO and Pillow write, anywhere."""

from __future__ import annotations

import shutil
import subprocess

import pytest


def _found():
    """Return the program, if something of its name is really it."""
    for name in ("magick", "convert"):
        program = shutil.which(name)
        if program is not None:
            answer = subprocess.run([program, "-version"], capture_output=True, check=False).stdout
            if b"ImageMagick" in answer:
                return program
    return None


PROGRAM = _found()
needed = pytest.mark.skipif(PROGRAM is None, reason="ImageMagick is not on this machine")


def magick(*arguments):
    """Run it, and return what it writes to standard output."""
    return subprocess.run([PROGRAM, *map(str, arguments)], check=True, capture_output=True).stdout
