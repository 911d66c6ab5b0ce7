"""`maya.mel`: MEL as far as shelves, menus and plug-in commands need it."""

from __future__ import annotations

from typing import Any

from maya_standin import mel as _mel
from maya_standin import session as _session


def eval(script: str) -> Any:
    """Run MEL and return the value of its last statement."""
    return _mel.evaluate(_session.current(), script)
