"""Install rgbcloud: drag this file into Maya's viewport, or run it with mayapy.

    mayapy install.py                   the module and its packages, for the user who runs it
    mayapy install.py --wheels FOLDER   the same without a network (see `mayapy install.py wheels --help`)
    mayapy install.py uninstall         what this installer put there
    mayapy install.py zip FILE.zip      the module for a studio's share

Needs nothing but Python itself; the work is done by scripts/rgbcloud_setup, beside this file.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

# Maya does not always set __file__ for a file that was dropped; the compiled code knows its file.
ROOT = Path(inspect.getsourcefile(lambda: None) or __file__).absolute().parent


def onMayaDroppedPythonFile(*_objects: object) -> None:  # noqa: N802 (Maya's name)
    """Ask what to do and do it: Maya calls this once the file was dropped into the viewport."""
    _setup("drop").dropped(ROOT)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code: 0, 1 for a failure, 2 for wrong use."""
    cli: ModuleType = _setup("cli")
    return int(cli.main(ROOT, arguments))


def _setup(name: str) -> ModuleType:
    """Import a module of the `rgbcloud_setup` beside this file, whatever another version left in memory."""
    import importlib

    scripts = str(ROOT / "scripts")
    for loaded in [module for module in sys.modules if module.split(".")[0] == "rgbcloud_setup"]:
        del sys.modules[loaded]
    sys.path.insert(0, scripts)
    try:
        return importlib.import_module(f"rgbcloud_setup.{name}")
    finally:
        sys.path.remove(scripts)


if __name__ == "__main__":
    sys.exit(main())
