"""Where Maya looks for a user's modules, and how folders are moved."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Callable

_PATIENCE = 10.0  # seconds
_LOCKED = (5, 32)  # ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION


def user_modules_folder() -> Path:
    """Return the modules folder of this user, which every version of Maya reads.

    A running Maya is asked. Without one: `MAYA_APP_DIR`, else the default of the system.
    """
    try:
        from maya import cmds
    except ImportError:
        pass
    else:
        # In a mayapy that has not started Maya, maya.cmds is an empty module.
        if hasattr(cmds, "internalVar"):
            return Path(cmds.internalVar(userAppDir=True), "modules")
    if os.environ.get("MAYA_APP_DIR"):
        return Path(os.environ["MAYA_APP_DIR"], "modules")
    return _default_app_folder() / "modules"


def move(source: Path, target: Path, waiting: Callable[[], object] = lambda: None) -> None:
    """Rename a folder, or let a file take another's place; try again for ten seconds what Windows has locked.

    Virus scanners and indexers open what was just made: beeware/briefcase issue 1780, conan-io/conan 6560,
    sabnzbd 1569 and LibraryOfCongress/bagit-python 191 met "access is denied" there.

    Parameters
    ----------
    source, target : Path
        On one disk.
    waiting : callable, optional
        Called ten times a second meanwhile; may raise, to give up.

    Raises
    ------
    OSError
        If it cannot be renamed.
    """
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            source.replace(target)
        except OSError as error:
            if getattr(error, "winerror", None) not in _LOCKED or time.monotonic() > end:
                raise
        else:
            return
        waiting()
        time.sleep(0.1)


def _default_app_folder() -> Path:
    if sys.platform == "win32":
        return _windows_documents() / "maya"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Preferences" / "Autodesk" / "maya"
    return Path.home() / "maya"


def _windows_documents() -> Path:
    """Return the documents folder, which OneDrive and administrators move elsewhere."""
    import ctypes
    from ctypes import wintypes

    documents, current = 5, 0  # CSIDL_PERSONAL, SHGFP_TYPE_CURRENT
    path = ctypes.create_unicode_buffer(wintypes.MAX_PATH)
    if ctypes.windll.shell32.SHGetFolderPathW(None, documents, None, current, path) == 0:  # type: ignore[attr-defined,unused-ignore]
        return Path(path.value)
    return Path.home() / "Documents"
