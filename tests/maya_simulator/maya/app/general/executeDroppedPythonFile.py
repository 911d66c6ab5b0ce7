"""What Maya does with a Python file that is dropped into the viewport, the same in 2022 to 2026.

It puts the file's folder first on the path, imports it by its stem, which gives the module that is in memory
under that name already, and takes the first folder off the path again, whichever that is by then. As three
installers describe it: text index files 54578151548, 68849073546 and 70950209255.
"""

from __future__ import annotations

import importlib
import os
import sys


def executeDroppedPythonFile(droppedFile: str, obj: object) -> None:
    """Import a file and let its `onMayaDroppedPythonFile` know what it was dropped on."""
    folder, name = os.path.split(droppedFile)
    sys.path.insert(0, folder)
    try:
        module = importlib.import_module(os.path.splitext(name)[0])
        if hasattr(module, "onMayaDroppedPythonFile"):
            module.onMayaDroppedPythonFile(obj)
    finally:
        sys.path.pop(0)
