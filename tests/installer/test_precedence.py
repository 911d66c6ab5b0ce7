"""Whose packages are used beside a studio's, and that the way out of every message is one.

In Pythons of their own without site-packages, in which the studio's folders are on PYTHONPATH, as they are in
a Maya that a studio starts. Packages are a few lines each.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rgbcloud_setup import packages, pip_runner
from rgbcloud_setup.setup_errors import SetupError, silent

ROOT = Path(__file__).resolve().parents[2] / "maya_plugin"
NEW = {"numpy": "1.26.4", "scipy": "1.15.3", "PIL": "12.2.0"}
OLD_NUMPY = "1.23.5"  # VFX Platform CY2023, of Maya 2024


def make(folder, name, version, code=""):
    """Write a package, or Qt.py."""
    if name == "Qt":
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "Qt.py").write_text(f'__version__ = "{version}"\n{code}\n')
        return
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "__init__.py").write_text(f'__version__ = "{version}"\n{code}\n')
    if name == "scipy":
        (folder / name / "optimize.py").touch()


@pytest.fixture
def root(tmp_path):
    """The folder of a module."""
    return tmp_path / "module"


@pytest.fixture
def site(root):
    """Our packages, installed."""
    folder = packages.site_folder(root)
    for name, version in {**NEW, "threadpoolctl": "3.6.0", "Qt": "2.0.7"}.items():
        make(folder, name, version)
    (folder / packages.STAMP).write_text(json.dumps({"requirements": packages.requirements()}))
    return folder


@pytest.fixture
def studio(tmp_path):
    return tmp_path / "studio"


CODE = """
import importlib, json, sys
from pathlib import Path
sys.path.append(sys.argv[1])
from rgbcloud_setup import packages
packages.module_root = lambda: Path(sys.argv[2])
packages.activate()
problem = packages.packages_problem(panel=sys.argv[3] == "panel")
files = {name: getattr(sys.modules.get(name), "__file__", None) for name in ("numpy", "scipy", "PIL", "Qt")}
print(json.dumps([problem, files]))
"""


def start(root, *paths, before="", panel=False):
    """Return what is wrong in a new Python, and where its packages are from."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    command = [sys.executable, "-S", "-c", before + CODE, str(ROOT / "scripts"), str(root)]
    said = subprocess.run(
        [*command, "panel" if panel else ""], env=environment, capture_output=True, text=True, check=True
    )
    problem, files = json.loads(said.stdout)
    return problem, {name: file and next(part for part in Path(file).parents) for name, file in files.items()}


def source(files, name):
    """The folder that a package is from."""
    return files[name] if name == "Qt" else files[name].parent


def test_without_a_studio_s_packages_ours_are_used(root, site):
    problem, files = start(root)
    assert problem is None
    assert {source(files, name) for name in ("numpy", "scipy", "PIL")} == {site}


def test_a_studio_s_packages_are_used_where_they_will_do(root, site, studio):
    make(studio, "numpy", "1.26.0")
    make(studio, "PIL", "10.4")
    problem, files = start(root, studio)
    assert problem is None
    assert source(files, "numpy") == source(files, "PIL") == studio
    assert source(files, "scipy") == site


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("__init__.py", f"__version__ = '{OLD_NUMPY}'"),
        ("version.py", f'short_version = "x"\nversion = "{OLD_NUMPY}"'),
        (
            "_version.py",
            f'version_json = """\n{{\n "version": "{OLD_NUMPY}"\n}}\n"""',
        ),  # numpy 1.20 on
    ],
)
def test_an_older_numpy_and_what_builds_on_it_are_ours_and_the_rest_the_studio_s(
    root, site, studio, file, text
):
    make(studio, "numpy", OLD_NUMPY)
    (studio / "numpy" / "__init__.py").write_text("from elsewhere import __version__")
    (studio / "numpy" / file).write_text(text)
    make(studio, "scipy", "1.14")
    make(studio, "PIL", "10.4")
    problem, files = start(root, studio)
    assert problem is None
    assert source(files, "numpy") == source(files, "scipy") == site
    assert source(files, "PIL") == studio


@pytest.mark.parametrize("package", ["numpy", "scipy", "PIL"])
@pytest.mark.parametrize("error", ["ValueError('dtype size')", "OSError(193, 'no DLL')", "ImportError()"])
def test_one_that_cannot_be_imported_is_ours(root, site, studio, package, error):
    make(studio, package, "99.0", f"raise {error}")
    problem, files = start(root, studio)
    assert problem is None
    assert source(files, package) == site


def test_a_studio_s_older_one_without_ours_is_told_and_installing_helps(root, studio, wheels):
    make(studio, "numpy", OLD_NUMPY)
    make(studio, "scipy", "1.14")
    make(studio, "PIL", "10.4")
    make(studio, "threadpoolctl", "3.6.0")
    problem, _ = start(root, studio)
    assert problem.startswith(
        f"numpy {OLD_NUMPY} in {studio / 'numpy' / '__init__.py'} is older than 1.25. Drag "
    )
    assert problem.endswith("install_rgbcloud.py packages")
    pip_runner.install(packages.site_folder(root), wheels=wheels, report=silent)
    assert start(root, studio)[0] is None


@pytest.mark.parametrize(
    ("package", "old", "panel"), [("numpy", OLD_NUMPY, False), ("PIL", "9.5.0", False), ("Qt", "1.2.6", True)]
)
def test_an_older_one_in_use_already_is_told_and_another_path_helps(root, site, studio, package, old, panel):
    make(studio, package, old)
    problem, _ = start(root, studio, before=f"import {package}", panel=panel)
    assert f"{old} in {studio}" in problem
    assert problem.endswith(f"It is in use already, so start Maya with a PYTHONPATH that begins with {site}")
    assert start(root, site, studio, before=f"import {package}", panel=panel)[0] is None


def test_ours_that_broke_is_told_and_installing_anew_helps(root, site, wheels):
    make(site, "numpy", NEW["numpy"], "raise OSError('truncated file')")
    problem, _ = start(root)
    assert problem.startswith(f"numpy cannot be imported: truncated file. Remove {site}, then drag ")
    shutil.rmtree(site)
    pip_runner.install(site, wheels=wheels, report=silent)
    assert start(root)[0] is None


def test_ours_that_lack_a_package_do_not_count_as_installed(root, site, wheels):
    shutil.rmtree(site / "PIL")
    problem, _ = start(root)
    assert problem.startswith("Pillow is not installed for this Maya's Python")
    assert not packages.is_installed(site)
    pip_runner.install(site, wheels=wheels, report=silent)
    assert packages.is_installed(site)
    assert start(root)[0] is None


class TestQt:
    def test_a_studio_s_older_one_is_not_used(self, root, site, studio):
        make(studio, "Qt", "1.3.7")
        problem, files = start(root, studio, panel=True)
        assert problem is None
        assert source(files, "Qt") == site

    def test_one_that_will_do_is(self, root, site, studio):
        make(studio, "Qt", "2.0.0")
        problem, files = start(root, studio, panel=True)
        assert problem is None
        assert source(files, "Qt") == studio

    def test_without_ours_it_is_told_where_the_panel_is_wanted(self, root, studio):
        for name, version in {**NEW, "threadpoolctl": "3.6.0", "Qt": "1.3.7"}.items():
            make(studio, name, version)
        problem, _ = start(root, studio, panel=True)
        assert problem.startswith(f"Qt.py 1.3.7 in {studio / 'Qt.py'} is older than 2.0. Drag ")
        assert start(root, studio)[0] is None  # a farm has no panel


class TestInstaller:
    """It tries the packages as the product will use them."""

    @pytest.fixture
    def beside(self, studio, monkeypatch):
        monkeypatch.setenv("PYTHONPATH", str(studio))
        make(studio, "numpy", OLD_NUMPY)
        return studio

    def test_beside_an_older_numpy(self, beside, wheels, tmp_path):
        pip_runner.install(tmp_path / "py", wheels=wheels, report=silent)
        assert packages.is_installed(tmp_path / "py")

    def test_beside_one_that_is_in_use_before_ours(self, beside, wheels, tmp_path):
        (beside / "sitecustomize.py").write_text("import numpy")
        # The trial by themselves takes what is in memory as well: only the rule asks for its version.
        with pytest.raises(SetupError, match=rf"do not work beside others: numpy {OLD_NUMPY} in .* is older"):
            pip_runner.install(tmp_path / "py", wheels=wheels, report=silent)
        assert not (tmp_path / "py").exists()
