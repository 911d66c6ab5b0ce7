"""The package for rez, built, resolved and used by rez itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rgbcloud

CHECKOUT = Path(__file__).resolve().parents[2]

SHOW = """
import json, sys
from rez.packages import get_developer_package
package = get_developer_package(sys.argv[1])
variants = [[str(request) for request in variant] for variant in package.variants]
print(json.dumps([str(package.version), variants]))
"""
BUILD = "from rez.cli._main import run; run('build')"
RESOLVE = """
import json, sys
from rez.resolved_context import ResolvedContext
context = ResolvedContext(["rgbcloud", "python-3.11"], package_paths=[sys.argv[1]])
print(json.dumps(context.get_environ(parent_environ={})))
"""


@pytest.fixture
def rez(tmp_path):
    """Run a few lines of Python that use rez, with no settings but ours."""

    def call(script, *arguments, folder=tmp_path):
        environment = {
            **os.environ,
            "REZ_PACKAGES_PATH": str(tmp_path / "packages"),
            "REZ_DISABLE_HOME_CONFIG": "1",
            "RGBCLOUD_INSTALL_OPTIONS": "--no-packages",
        }
        done = subprocess.run(
            [sys.executable, "-c", script, *map(str, arguments)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return call


def test_it_has_the_version_of_the_core_and_a_variant_for_each_maya(rez):
    version, variants = json.loads(rez(SHOW, CHECKOUT / "maya_plugin").splitlines()[-1])
    assert version == rgbcloud.__version__
    assert variants == [["python-3.9"], ["python-3.10"], ["python-3.11"], ["python-3.13"]]


@pytest.mark.skipif(os.name == "nt", reason="rez asks for a shell of POSIX here")
def test_what_it_builds_lets_maya_find_the_module(rez, tmp_path):
    for folder in ("core", "maya_plugin"):
        ignored = shutil.ignore_patterns("__pycache__", "site-packages")
        shutil.copytree(CHECKOUT / folder, tmp_path / "checkout" / folder, ignore=ignored)
    python = tmp_path / "packages" / "python" / "3.11.0"
    python.mkdir(parents=True)
    (python / "package.py").write_text(
        'name = "python"\nversion = "3.11.0"\n'
        f"def commands():\n    env.PATH.prepend({str(Path(sys.executable).parent)!r})\n"
    )
    options = ("--install", "--prefix", tmp_path / "packages", "--variants", 2)
    rez(BUILD, *options, folder=tmp_path / "checkout" / "maya_plugin")
    environment = json.loads(rez(RESOLVE, tmp_path / "packages").splitlines()[-1])
    modules = Path(environment["MAYA_MODULE_PATH"])
    assert (modules / "rgbcloud.mod").read_text().startswith("+ MAYAVERSION:2023 rgbcloud ")
    scripts = Path(environment["PYTHONPATH"])
    assert scripts.is_relative_to(modules)
    assert (scripts / "rgbcloud_maya" / "__main__.py").is_file()
    done = subprocess.run(
        [sys.executable, "-m", "rgbcloud_maya", "--help"],
        env={**os.environ, "PYTHONPATH": str(scripts)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "mayapy -m rgbcloud_maya" in done.stdout
