"""Maya's own command tables, as PyMEL ships them, read as data.

`pymel/cache/mayaCmdsList<year>.py` holds `version` and `data`, a tuple of (commands, node hierarchy,
UI classes, node commands, modules); section 9.1 of the fact sheet describes them. PyMEL itself is never
imported: it wants a Maya.
"""

from __future__ import annotations

import functools
import importlib.util
from dataclasses import dataclass
from importlib.metadata import distribution
from typing import Any


@dataclass(frozen=True)
class Tables:
    """What Maya's documentation of one release says."""

    commands: dict[str, dict[str, Any]]
    ancestors: dict[str, tuple[str, ...]]  # node type -> its base types, nearest first
    runtime: frozenset[str]  # MEL runtime commands: known by name only
    ui: frozenset[str]  # commands of Maya's "windows" and "context" modules


@functools.cache
def load(year: int) -> Tables:
    """Read the tables of one year; about 0.7 s the first time."""
    commands, hierarchy, _, _, modules = _module(f"mayaCmdsList{year}").data
    return Tables(
        commands=commands,
        ancestors={name: tuple(parents) for name, parents, _ in hierarchy},
        runtime=frozenset(modules["runtime"]),
        ui=frozenset(modules["windows"]) | frozenset(modules["context"]),
    )


def examples(year: int) -> dict[str, str]:
    """Return Autodesk's own example of each command."""
    return _module(f"mayaCmdsExamples{year}").data


def _module(name: str) -> Any:
    # An import by path, so that Python's own cache of compiled modules saves most of the time.
    path = distribution("pymel").locate_file(f"pymel/cache/{name}.py")
    spec = importlib.util.spec_from_file_location(f"pymel_cache_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
