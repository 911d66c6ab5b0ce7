"""`mayapy install_rgbcloud.py`, in a process of its own, as a TD runs it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from rgbcloud_setup import packages

ROOT = Path(__file__).resolve().parents[2] / "maya_plugin"


@pytest.fixture
def install(modules):
    """Run ``python install_rgbcloud.py ARGUMENTS`` as a Python that has no packages at all."""

    def run(*arguments, script=ROOT / "install_rgbcloud.py", bare=False):
        environment = {**os.environ, "MAYA_APP_DIR": str(modules.parent), "PYTHONDONTWRITEBYTECODE": "1"}
        options = ["-S"] if bare else []
        command = [sys.executable, *options, str(script), *map(str, arguments)]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    return run


def test_one_command_installs_all_and_again_changes_nothing(install, modules, wheels, tree):
    done = install("--wheels", wheels)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        "Start Maya, load rgbcloud_plugin in the Plug-in Manager, and look for the shelf rgbcloud.",
    )
    site = modules / "rgbcloud" / "site-packages" / packages.python_tag()
    assert packages.is_installed(site)
    assert f"packages: {site}" in done.stdout
    assert "pip" in done.stderr
    before = tree(modules)
    again = install("--wheels", wheels)
    assert again.returncode == 0
    assert f"packages: {site} (as they were)" in again.stdout
    assert tree(modules) == before


def test_a_bare_python_installs_the_module(install, modules):
    done = install("--no-packages", bare=True)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "100% module installed")
    assert (modules / "rgbcloud.mod").is_file()


def test_the_installed_copy_updates_and_uninstalls(install, modules, wheels):
    install("--wheels", wheels)
    copy = next((modules / "rgbcloud").glob("0*/install_rgbcloud.py"))
    assert install("--wheels", wheels, script=copy).returncode == 0
    done = install("uninstall", script=copy)
    assert done.returncode == 0
    assert f"removed: {modules / 'rgbcloud.mod'}" in done.stdout
    assert list(modules.iterdir()) == []
    assert "nothing to remove: rgbcloud is not installed in" in install("uninstall").stdout


def test_a_failure_is_one_sentence_and_exit_code_1(install, tmp_path):
    done = install("packages", "--into", tmp_path / "site", "--wheels", tmp_path)
    assert done.returncode == 1
    assert "error: pip failed: ERROR: " in done.stderr
    assert "By hand: " in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("site/site-packages/*py*"))


def test_a_share_gets_the_packages_of_another_python(install, tmp_path, wheels):
    assert install("packages", "--into", tmp_path / "rgbcloud", "--wheels", wheels).returncode == 0
    assert packages.is_installed(tmp_path / "rgbcloud" / "site-packages" / packages.python_tag())


def test_without_its_packages_a_new_version_does_not_take_the_place_of_the_old(
    install, modules, wheels, tree
):
    install("--no-packages")
    before = tree(modules)
    next(wheels.glob("numpy*")).unlink()
    assert install("--wheels", wheels).returncode == 1
    assert tree(modules) == before


def syntax(path):
    """The kinds of syntax that a file uses."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    annotated = [
        node for node in ast.walk(tree) if getattr(node, "annotation", None) or getattr(node, "returns", None)
    ]
    return {type(node).__name__ for node in ast.walk(tree)} | {"annotation" for _ in annotated}


def test_the_file_can_be_read_by_the_pythons_of_every_maya():
    # Maya 2022 has 3.7 (and 2.7, as all before): what they cannot read would be a SyntaxError without a word
    newer = {"JoinedStr", "annotation", "AnnAssign", "NamedExpr", "Nonlocal", "AsyncFunctionDef", "Match"}
    assert not syntax(ROOT / "install_rgbcloud.py") & newer
    assert "annotations" not in (ROOT / "install_rgbcloud.py").read_text(encoding="utf-8")


# Where this machine has them; what they would stumble over, the test before this one finds without them.
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
OLD_PYTHONS = sorted(
    path
    for folder in (Path("/usr/bin"), *PYENV.glob("versions/*/bin"))
    for path in (folder / "python2.7", folder / "python3.7")
    if path.is_file()
)


@pytest.mark.parametrize("python", OLD_PYTHONS, ids=str)
def test_an_older_python_says_that_it_is_too_old(python):
    done = subprocess.run(
        [str(python), str(ROOT / "install_rgbcloud.py")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(
        "error: rgbcloud needs Maya 2023 or newer, with Python 3.9; this Python is "
    )
    assert len(done.stderr.splitlines()) == 1


def test_wrong_use_is_exit_code_2(install):
    done = install("zip")
    assert done.returncode == 2
    assert "the following arguments are required: file" in done.stderr


@pytest.mark.parametrize("command", [[], ["install"], ["packages"], ["wheels"], ["zip"], ["uninstall"]])
def test_every_command_has_help(install, command):
    done = install(*command, "--help")
    assert done.returncode == 0
    assert "usage: mayapy install_rgbcloud.py" in done.stdout
    if not command:
        assert "examples:" in done.stdout
        assert "exit codes:" in done.stdout


def test_a_zip_with_packages_works_where_it_is_unpacked(install, tmp_path, wheels):
    done = install("zip", tmp_path / "share.zip", "--packages", "--wheels", wheels)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "share.zip") as archive:
        archive.extractall(tmp_path / "share")
    scripts = next((tmp_path / "share" / "rgbcloud").glob("0*/scripts"))
    code = "import rgbcloud_maya, Qt; print(Qt.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(scripts)}
    said = subprocess.run(
        [sys.executable, "-S", "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    site = tmp_path / "share" / "rgbcloud" / "site-packages" / packages.python_tag()
    assert said.stdout.strip() == str(site / "Qt.py")
