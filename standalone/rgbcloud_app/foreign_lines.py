"""Keeping lines off standard error that libraries print there by themselves: libpng, libtiff, libjpeg."""

from __future__ import annotations

import os
import sys
import warnings

_SHOWS_THEM = ("--debug", "gui")  # Qt says there why no window opens


def keep_foreign_lines_off() -> None:
    """Give this program standard error for itself: what libraries of C write to file 2 goes nowhere.

    Once for the process, before its work begins: to turn file 2 away and back while others write would lose
    their lines. Python's warnings are left out, too.
    """
    if sys.stderr is None or any(word in sys.argv for word in _SHOWS_THEM):
        return
    try:
        sys.stderr.flush()
        own = os.dup(2)
    except (OSError, ValueError):  # there is no standard error
        return
    sys.stderr = open(  # noqa: PTH123, SIM115 # for as long as the process lives
        own, "w", buffering=1, encoding=sys.stderr.encoding, errors=sys.stderr.errors
    )
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    warnings.filterwarnings("ignore")
