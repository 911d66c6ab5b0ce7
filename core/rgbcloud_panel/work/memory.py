"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rgbcloud import Progress

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
"""Of glibc; other C libraries have none."""


def give_back(progress: Progress) -> None:
    """Give the system back what the C library keeps for arrays to come, where it keeps any.

    That of Linux keeps arrays of up to 32 MB, in a heap for each thread: hundreds of MB after some large
    textures.
    """
    progress(0.0, "tidying up")
    if _trim is not None:
        _trim(0)
