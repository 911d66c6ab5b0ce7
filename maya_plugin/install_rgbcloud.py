"""Install rgbcloud: drag this file into Maya's viewport, or run it with mayapy.

    mayapy install_rgbcloud.py                   the module and its packages, for the user who runs it
    mayapy install_rgbcloud.py --wheels FOLDER   the same without a network (see `wheels --help`)
    mayapy install_rgbcloud.py uninstall         what this installer put there
    mayapy install_rgbcloud.py zip FILE.zip      the module for a studio's share

Needs nothing but Python itself; the work is done by scripts/rgbcloud_setup, beside this file. This file alone
can be read by every Python that a Maya came with, so that older ones say what is wrong with them.

Maya imports a dropped file by its stem and keeps the module: hence a name that no other tool's installer has,
and a module that takes itself out of memory.
"""

import contextlib
import importlib
import inspect
import os
import sys
import types  # noqa: F401 (in a type comment)

OLDEST_MAYA = 2023
OLDEST_PYTHON = (3, 9)  # of that Maya

# Maya does not always set __file__ for a file that was dropped; the compiled code knows its file.
ROOT = os.path.dirname(os.path.abspath(inspect.getsourcefile(lambda: None) or __file__))


def onMayaDroppedPythonFile(*_objects):  # type: (*object) -> None  # noqa: N802 (Maya's name)
    """Ask what to do and do it: Maya calls this once the file was dropped into the viewport."""
    try:
        if sys.version_info < OLDEST_PYTHON:
            _tell_in_window(_too_old())
            return
        with _setup("drop") as drop:
            installed = drop.handle_drop(ROOT)
        if installed:
            drop.start(installed)
    finally:
        if __name__ != "__main__":
            sys.modules.pop(__name__, None)  # the next file of this name is read, whatever it holds by then


def main(arguments=None):  # type: (list[str] | None) -> int
    """Run the command line; return its exit code: 0, 1 for a failure, 2 for wrong use."""
    if sys.version_info < OLDEST_PYTHON:
        sys.stderr.write("error: {}\n".format(_too_old()))
        return 1
    with _setup("setup_command") as setup_command:
        return int(setup_command.main(ROOT, arguments))


def _too_old():  # type: () -> str
    return "rgbcloud needs Maya {} or newer, with Python {}; this Python is {}".format(
        OLDEST_MAYA, ".".join(map(str, OLDEST_PYTHON)), ".".join(map(str, sys.version_info[:2]))
    )


def _tell_in_window(message):  # type: (str) -> None
    from maya import cmds

    cmds.confirmDialog(title="rgbcloud", message=message, button=["Close"])


@contextlib.contextmanager
def _setup(name):  # type: ignore[no-untyped-def] # old Pythons know no types of generators
    """Lend a module of the `rgbcloud_setup` beside this file; what a running rgbcloud uses comes back."""
    in_use = _taken_from_memory()
    scripts = os.path.join(ROOT, "scripts")
    sys.path.insert(0, scripts)
    try:
        yield importlib.import_module("rgbcloud_setup." + name)
    finally:
        sys.path.remove(scripts)
        _taken_from_memory()
        sys.modules.update(in_use)


def _taken_from_memory():  # type: () -> dict[str, types.ModuleType]
    names = [name for name in sys.modules if name.split(".")[0] == "rgbcloud_setup"]
    return {name: sys.modules.pop(name) for name in names}


if __name__ == "__main__":
    sys.exit(main())
