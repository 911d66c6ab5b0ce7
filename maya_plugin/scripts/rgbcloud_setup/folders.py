"""Where Maya looks for a user's modules."""

from __future__ import annotations

import os
import sys
from pathlib import Path


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
