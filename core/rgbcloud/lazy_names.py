"""Public names that are loaded when they are first used (PEP 562): most users need but a few."""

from __future__ import annotations

import importlib
import sys
from typing import Any, Callable


def lazy_names(package: str, modules: dict[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package.

    Parameters
    ----------
    package : str
        Its name.
    modules : dict of str to str
        By modules within it, the names that each one has, with spaces between them. None of the names may be
        that of a module.
    """
    places = {name: module for module, names in modules.items() for name in names.split()}

    def load(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{package}.{places[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load
