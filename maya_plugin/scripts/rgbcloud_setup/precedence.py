"""Which of two packages is used: what is on the path already, or ours where that falls short.

One rule, for the installer, which tries it in a process of its own, and for the product: our folder comes
last on the path, so that what a studio provides is used; but a package that is older there than we need, as
VFX Platform's numpy for Maya 2023 to 2025 is, and what builds on it, is found in our folder first.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

_BUILDS_ON = {
    "numpy": ("scipy",),
}
"""What comes from the same folder as a package: it is built for it, or for what it needs."""

_VERSION = re.compile(r"""["']?\b_*version_*["']?\s*[:=]\s*["'](\d+\.\d[^"']*)["']""")
_VERSION_FILES = ("version.py", "_version.py", "__init__.py")


class OurFinder:
    """Finds some packages in our folder before the path is searched."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.names: set[str] = set()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a package is, None for all that is not ours to find."""
        if path is not None or name not in self.names or self.folder is None:
            return None
        return PathFinder.find_spec(name, [str(self.folder)])


_finder = OurFinder()


def use(folder: Path, minimums: dict[str, str]) -> None:
    """Append a folder of packages to `sys.path`, and prefer it for those that fall short before it.

    Parameters
    ----------
    folder : Path
        It need not exist.
    minimums : dict of str to str
        Names as they are imported, and the oldest versions that will do.
    """
    if not folder.is_dir():
        return
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    _finder.folder = folder
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    for name, minimum in minimums.items():
        version = None if name in sys.modules else _version_on_path(name)
        if version is not None and release(version) < release(minimum):
            prefer(name)


def prefer(name: str) -> bool:
    """Find a package, and what builds on it, in our folder from now on; what is in memory of it is dropped.

    Returns
    -------
    bool
        Whether that changes anything: our folder has the package, and it was not preferred yet.
    """
    if name in _finder.names or not is_in(name, _finder.folder):
        return False
    _finder.names.add(name)
    _finder.names.update(other for other in _BUILDS_ON.get(name, ()) if is_in(other, _finder.folder))
    for module in [module for module in sys.modules if module.split(".")[0] == name]:
        del sys.modules[module]
    return True


def is_in(name: str, folder: Path | None) -> bool:
    """Return whether a folder has a package of this name."""
    return folder is not None and PathFinder.find_spec(name, [str(folder)]) is not None


def is_ours(found: ModuleType) -> bool:
    """Return whether a module that was imported is from our folder."""
    file = getattr(found, "__file__", None)
    return file is not None and _finder.folder is not None and _finder.folder in Path(file).parents


def our_folder() -> Path | None:
    """Return the folder that is used, None if there is none."""
    return _finder.folder


def release(version: str) -> tuple[int, ...]:
    """Return the first two numbers of a version."""
    return tuple(int("".join(filter(str.isdigit, part)) or 0) for part in version.split(".")[:2])


def _version_on_path(name: str) -> str | None:
    """Return the version of what would be imported, read from its files; None if they do not tell."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None or spec.origin is None:
        return None
    origin = Path(spec.origin)
    files = [origin]
    if spec.submodule_search_locations:
        files = [origin.with_name(file) for file in _VERSION_FILES]
    for file in files:
        try:
            found = _VERSION.search(file.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            continue
        if found:
            return found.group(1)
    return None
