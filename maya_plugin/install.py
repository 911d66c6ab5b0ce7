"""Install rgbcloud: drag this file into Maya's viewport, or run it with mayapy.

    mayapy install.py                   the module and its packages, for the user who runs it
    mayapy install.py --wheels FOLDER   the same without a network (see `mayapy install.py wheels --help`)
    mayapy install.py uninstall         what this installer put there
    mayapy install.py zip FILE.zip      the module for a studio's share

Needs nothing but Python itself; the work is done by scripts/rgbcloud_setup, beside this file.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

# Maya does not always set __file__ for a file that was dropped; the compiled code knows its file.
ROOT = Path(inspect.getsourcefile(lambda: None) or __file__).absolute().parent


def onMayaDroppedPythonFile(*_objects: object) -> None:  # noqa: N802 (Maya's name)
    """Ask what to do and do it: Maya calls this once the file was dropped into the viewport."""
    with _setup("drop") as drop:
        installed = drop.dropped(ROOT)
    if installed:
        drop.start(installed)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code: 0, 1 for a failure, 2 for wrong use."""
    with _setup("cli") as cli:
        return int(cli.main(ROOT, arguments))


@contextlib.contextmanager
def _setup(name: str) -> Iterator[ModuleType]:
    """Lend a module of the `rgbcloud_setup` beside this file; what a running rgbcloud uses comes back."""
    in_use = _taken_from_memory()
    scripts = str(ROOT / "scripts")
    sys.path.insert(0, scripts)
    try:
        yield importlib.import_module(f"rgbcloud_setup.{name}")
    finally:
        sys.path.remove(scripts)
        _taken_from_memory()
        sys.modules.update(in_use)


def _taken_from_memory() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name.split(".")[0] == "rgbcloud_setup"]
    return {name: sys.modules.pop(name) for name in names}


if __name__ == "__main__":
    sys.exit(main())
