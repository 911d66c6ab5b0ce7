"""Acting as a user who may not do everything, also where the tests run as root."""

from __future__ import annotations

import contextlib
import os

_NOBODY = 65534


@contextlib.contextmanager
def ordinary_user():
    """Let go of root's rights for a while.

    What is imported meanwhile may lie where only root may look: do once before what is done inside.
    """
    if os.name == "nt" or os.geteuid() != 0:
        yield
        return
    os.setegid(_NOBODY)
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
