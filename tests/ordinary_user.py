"""Acting as a user who may not do everything, also where the tests run as root."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

_NOBODY = 65534


@contextlib.contextmanager
def ordinary_user(folder):
    """Let go of root's rights for a while: a folder of the test may then be looked into, and not written to.

    What is imported meanwhile may lie where only root may look: do once before what is done inside.
    """
    if os.name == "nt" or os.geteuid() != 0:
        yield
        return
    for parent in (folder, *folder.parents):
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(parent.stat().st_mode | 0o055)
    os.setegid(_NOBODY)
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
