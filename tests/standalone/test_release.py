"""What is released: wheel and sdist hold what they should, and work where they are installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image

import rgbcloud

ROOT = Path(__file__).parents[2]
PACKAGES = {
    **dict.fromkeys(("rgbcloud", "rgbcloud_panel"), "core"),
    "rgbcloud_app": "standalone",
    **dict.fromkeys(("rgbcloud_maya", "rgbcloud_setup"), "maya_plugin/scripts"),
}


def call(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def built(source, folder):
    call(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=source)
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Wheel and sdist of this very checkout."""
    return built(ROOT, tmp_path_factory.mktemp("dist"))


def files_of_packages():
    names = set()
    for package, place in PACKAGES.items():
        for path in (ROOT / place / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                names.add(path.relative_to(ROOT / place).as_posix())
    return names


@pytest.mark.slow
class TestRelease:
    """Built, listed, installed."""

    def test_the_wheel_holds_the_packages_and_nothing_else(self, release):
        wheel, _ = release
        assert wheel.name == f"rgbcloud-{rgbcloud.__version__}-py3-none-any.whl"
        names = set(zipfile.ZipFile(wheel).namelist())
        info = f"rgbcloud-{rgbcloud.__version__}.dist-info"
        added = {f"{info}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt")}
        assert names == files_of_packages() | added | {f"{info}/licenses/LICENSE"}
        assert {"rgbcloud/py.typed", "rgbcloud_app/learn/learn.html", "rgbcloud_app/viewer/room.js"} <= names

    def test_the_sdist_is_enough_to_build_the_same_wheel(self, release, tmp_path):
        wheel, sdist = release
        with tarfile.open(sdist) as archive:
            archive.extractall(tmp_path)
        (source,) = tmp_path.iterdir()
        for name in (
            "README.md",
            "CHANGELOG.md",
            "tests",
            "standalone/docs/mkdocs.yml",
            ".github/CONTRIBUTING.md",
        ):
            assert (source / name).exists(), name
        again, _ = built(source, tmp_path / "dist")
        with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
            assert one.namelist() == other.namelist()
            assert all(one.read(name) == other.read(name) for name in one.namelist())

    def test_the_wheel_works_where_it_is_installed(self, release, tmp_path):
        wheel, _ = release
        place = tmp_path / "installed"
        pip = (
            sys.executable,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "install",
            "--no-index",
            "--no-deps",
        )
        call(*pip, "--target", place, wheel)
        Image.linear_gradient("L").resize((16, 16)).convert("RGB").save(tmp_path / "ramp.png")
        environment = {**os.environ, "PYTHONPATH": str(place)}
        program = (sys.executable, "-m", "rgbcloud_app")
        assert call(*program, "--version", cwd=tmp_path, env=environment).split()[-1] == rgbcloud.__version__
        call(*program, "reduce", "ramp.png", "-k", "4", cwd=tmp_path, env=environment)
        call(*program, "cloud", "ramp.png", "-o", "cloud.html", cwd=tmp_path, env=environment)
        assert (tmp_path / "ramp.k4.png").is_file()
        where = call(
            sys.executable, "-c", "import rgbcloud; print(rgbcloud.__file__)", cwd=tmp_path, env=environment
        )
        assert Path(where.strip()).is_relative_to(place)


def test_notes_and_citation_are_of_this_version():
    newest = re.search(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    citation = (ROOT / ".github" / "CITATION.cff").read_text("utf-8")
    assert newest[1] == rgbcloud.__version__
    assert f"\nversion: {newest[1]}\ndate-released: {newest[2]}\n" in citation
