"""What the installer's tests need: wheels that pip takes for the real ones, and folders to install into.

pip is the real one, without a network.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from rgbcloud_setup import packages, precedence

MODULES = {
    "numpy": ["numpy/__init__.py"],
    "scipy": ["scipy/__init__.py", "scipy/optimize.py"],
    "threadpoolctl": ["threadpoolctl.py"],
    "Pillow": ["PIL/__init__.py"],
    "Qt.py": ["Qt.py"],
}


@pytest.fixture(autouse=True)
def _own_precedence(monkeypatch):
    """Whose packages are used in this process is none of the next test's business."""
    monkeypatch.setattr(sys, "meta_path", sys.meta_path[:])
    monkeypatch.setattr(precedence, "_finder", precedence.OurFinder())


def _make_wheel(folder, requirement, code=""):
    """Write a wheel of a requirement such as ``numpy==1.26.4`` whose modules hold `code`."""
    name, _, version = requirement.partition("==")
    stem = f"{name.replace('-', '_')}-{version}"
    metadata = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files = dict.fromkeys(MODULES[name], f"__version__ = '{version}'\n{code}")
    files.update({f"{stem}.dist-info/{path}": text for path, text in metadata.items()})
    files[f"{stem}.dist-info/RECORD"] = "".join(f"{path},,\n" for path in files)
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


@pytest.fixture
def wheels(tmp_path, monkeypatch):
    """A folder of small wheels, one for everything that this Python's pip is asked for."""
    monkeypatch.delenv("PIP_NO_INDEX", raising=False)
    folder = tmp_path / "folder of wheels"
    for requirement in packages.requirements():
        _make_wheel(folder, requirement)
    return folder


@pytest.fixture
def modules(tmp_path):
    """The modules folder of a user, which is not there yet."""
    return tmp_path / "home of Zoë" / "maya" / "modules"


def _tree(folder):
    """Return all files below a folder, and what they hold."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture
def locked_for(monkeypatch):
    """``locked_for(3)``: the first renamings of everything fail as Windows lets them, for a scanner."""
    replace = Path.replace

    def lock(times):
        left = {}

        def replaced(path, target):
            left[path] = left.get(path, times) - 1
            if left[path] >= 0:
                error = PermissionError(13, "Access is denied", str(path))
                error.winerror = 5  # which only Windows sets
                raise error
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", replaced)

    return lock


@pytest.fixture
def make_wheel():
    return _make_wheel


@pytest.fixture
def tree():
    return _tree
