"""The Python packages that rgbcloud needs inside Maya: which, where, and whether they are there."""

from __future__ import annotations

import importlib
import json
import os
import platform
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud_setup import precedence

if TYPE_CHECKING:
    from collections.abc import Iterable

IMPORTED = {
    "numpy": ("numpy", "1.25"),
    "scipy": ("scipy", "1.11"),
    "threadpoolctl": ("threadpoolctl", "3.2"),
    "PIL": ("Pillow", "10.1"),
}
"""What is imported, the package's name, and the oldest version that the core works with."""
PANEL = {"Qt": ("Qt.py", "2.0")}
"""The same for what the panel needs beside that."""
INSTALLER = "install_rgbcloud.py"

# Newest versions whose wheels suit old Linuxes too (manylinux2014). Maya 2023 and 2024 have PySide2, which
# goes with numpy 1; so does the PySide6 6.5 of 2025 and 2026. All that is needed is listed, because pip
# runs without resolving: Qt.py would draw in stubs of 20 MB that nothing in Maya reads.
_EVERYWHERE = ("threadpoolctl==3.6.0", "Qt.py==2.0.7")
PINS = {
    (3, 9): ("numpy==1.26.4", "scipy==1.13.1", "Pillow==11.3.0", *_EVERYWHERE),
    (3, 10): ("numpy==1.26.4", "scipy==1.15.3", "Pillow==12.2.0", *_EVERYWHERE),
    (3, 11): ("numpy==1.26.4", "scipy==1.16.3", "Pillow==12.2.0", *_EVERYWHERE),
    (3, 13): ("numpy==2.2.6", "scipy==1.16.3", "Pillow==12.2.0", *_EVERYWHERE),
}
"""Exact versions for the Python of each Maya: 2023, 2024, 2025 and 2026, 2027."""

UNPINNED = tuple(f"{package}>={minimum}" for package, minimum in {**IMPORTED, **PANEL}.values())
"""For a Python that is newer than this table."""

MARKER = "installed-by-rgbcloud.txt"
"""Lies in the folder that an installation owns, above the module of each version."""
STAMP = "rgbcloud-packages.json"


def module_root() -> Path:
    """Return the folder of the Maya module that this file belongs to."""
    return Path(__file__).absolute().parents[2]


def python_tag() -> str:
    """Return the name of this Python's folder: packages with compiled parts suit no other one.

    >>> python_tag()  # doctest: +SKIP
    'py311-linux-x86_64'
    """
    return f"py{sys.version_info[0]}{sys.version_info[1]}-{sys.platform}-{platform.machine().lower()}"


def site_folder(root: Path) -> Path:
    """Return the folder of this Python's packages for the module at `root`, existing or not."""
    return site_folder_in(root.parent if (root.parent / MARKER).is_file() else root)


def site_folder_in(owner: Path) -> Path:
    """Return the folder of this Python's packages below the one that they belong to."""
    return owner / "site-packages" / python_tag()


def activate() -> None:
    """Put the core (in a checkout) and the packages on the path, by the rule of `precedence`."""
    root = module_root()
    core = root.parent / "core"
    if core.is_dir() and str(core) not in sys.path:
        sys.path.append(str(core))
    use(site_folder(root))


def core_problem() -> str | None:
    """Return why rgbcloud's own core is not found and the way out, or None if it is there."""
    try:
        importlib.import_module("rgbcloud")
    except ImportError:
        return (
            f"the package rgbcloud is not beside {module_root()}, nor on this Maya's path; "
            "drag install_rgbcloud.py of a whole copy of the project into the viewport"
        )
    return None


def use(site: Path) -> None:
    """Let the packages in a folder be found where what is on the path falls short."""
    precedence.use(site, {name: minimum for name, (_, minimum) in {**IMPORTED, **PANEL}.items()})


def problem(*, panel: bool = False) -> str | None:
    """Return why rgbcloud cannot compute in this Python and the way out, or None if it can.

    Imports the packages the first time; later calls are quick.

    Parameters
    ----------
    panel : bool, default False
        Whether to ask for what the panel needs as well, which a farm has no use for.
    """
    return core_problem() or packages_problem(panel=panel)


def packages_problem(*, panel: bool = False) -> str | None:
    """Return which packages fall short and the way out, or None if none does; see `problem`."""
    names = (*IMPORTED, *(PANEL if panel else ()))
    troubles: dict[str, str] = {}
    for name in names:
        # Without numpy, what builds on it has no trouble of its own.
        if (name == "numpy" or "numpy" not in troubles) and (trouble := _trouble(name)):
            troubles[name] = trouble
    return f"{'; '.join(troubles.values())}. {_way_out(troubles)}" if troubles else None


def _trouble(module: str) -> str | None:
    """Return what is wrong with a package, None if it can be used.

    One that cannot be imported is tried once more from our folder.
    """
    package, minimum = {**IMPORTED, **PANEL}[module]
    try:
        found = importlib.import_module(module)
    except Exception as error:  # noqa: BLE001 (a package may raise anything: ValueError, OSError ...)
        if precedence.prefer(module):
            return _trouble(module)
        if isinstance(error, ModuleNotFoundError) and error.name == module:
            python = ".".join(map(str, sys.version_info[:2]))
            return f"{package} is not installed for this Maya's Python {python}"
        said = str(error).strip().splitlines() or [type(error).__name__]
        return f"{package} cannot be imported: {said[0]}"
    version = str(getattr(found, "__version__", "0"))
    if precedence.release(version) < precedence.release(minimum):
        return f"{package} {version} in {found.__file__} is older than {minimum}"
    return None


def _way_out(troubles: Iterable[str]) -> str:
    """Return what helps with the packages that are in trouble."""
    site = precedence.our_folder() or site_folder(module_root())
    installer = module_root() / INSTALLER
    by_hand = command_line([*maya_python(), str(installer), "packages"])
    if not is_installed(site):
        return f"Drag {installer} into the viewport, or run: {by_hand}"
    ours = [sys.modules[name] for name in troubles if name in sys.modules]
    if ours and not any(map(precedence.is_ours, ours)):
        # Somebody imported it before us, and Python does not load such a package twice.
        return f"It is in use already, so start Maya with a PYTHONPATH that begins with {site}"
    return f"Remove {site}, then drag {installer} into the viewport, or run: {by_hand}"


def requirements() -> tuple[str, ...]:
    """Return what pip is asked for in this Python."""
    return PINS.get((sys.version_info[0], sys.version_info[1]), UNPINNED)


def is_installed(target: Path) -> bool:
    """Return whether `target` holds what `requirements` asks for, put there by `install`, and still does."""
    try:
        stamp = json.loads((target / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    there = all(precedence.is_in(name, target) for name in (*IMPORTED, *PANEL))
    return there and bool(stamp == {"requirements": list(requirements())})


def maya_python() -> list[str]:
    """Return the command of this process's Python: in Maya's window, of the mayapy beside it."""
    name = "mayapy.exe" if os.name == "nt" else "mayapy"
    here = Path(sys.executable).parent
    folders = [here, here.parent / "bin"]
    if "MAYA_LOCATION" in os.environ:
        folders.append(Path(os.environ["MAYA_LOCATION"], "bin"))
    for folder in folders:
        if (folder / name).is_file():
            return [str(folder / name)]
    return [sys.executable if Path(sys.executable).stem.lower().startswith("python") else "mayapy"]


def command_line(words: Iterable[str]) -> str:
    """Return a command as one line for this system's shell."""
    return subprocess.list2cmdline(list(words)) if os.name == "nt" else shlex.join(words)
