"""The module's files: complete or not there, and nobody else's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import rgbcloud
from rgbcloud_setup import folders, module_files, packages
from rgbcloud_setup.setup_errors import SetupError

ROOT = Path(__file__).resolve().parents[2] / "maya_plugin"


@pytest.fixture
def root(tmp_path):
    """A checkout of its own, whose files can be changed."""
    checkout = tmp_path / "checkout"
    shutil.copytree(
        ROOT, checkout / "maya_plugin", ignore=shutil.ignore_patterns("__pycache__", "site-packages")
    )
    shutil.copytree(ROOT.parent / "core", checkout / "core", ignore=shutil.ignore_patterns("__pycache__"))
    return checkout / "maya_plugin"


def change(root):
    """Make another version of the module."""
    path = root / "scripts" / "rgbcloud_maya" / "__init__.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")


class TestModFile:
    def test_it_names_this_version_for_every_maya_that_is_served(self):
        # a Maya whose MAYAVERSION no line names does not load the module, nor stumble over its syntax
        lines = (ROOT / "rgbcloud.mod").read_text().splitlines()
        assert lines[::2] == [
            f"+ MAYAVERSION:{year} rgbcloud {rgbcloud.__version__} ." for year in module_files.MAYAS
        ]
        assert set(lines[1::2]) == {"PYTHONPATH+:=../core"}

    def test_its_path_leads_to_the_core(self):
        assert (ROOT / "." / "../core" / "rgbcloud" / "__init__.py").is_file()

    def test_it_has_no_blank_lines_or_comments(self):
        # both end a block: what follows would be ignored
        lines = (ROOT / "rgbcloud.mod").read_text().splitlines()
        assert all(line.strip() and not line.lstrip().startswith("#") for line in lines)

    def test_every_python_of_the_packages_is_that_of_a_served_maya(self):
        assert (module_files.MAYAS[0], module_files.MAYAS[-1]) == (2023, 2027)
        assert sorted(packages.PINS) == [(3, 9), (3, 10), (3, 11), (3, 13)]  # 2025 and 2026 share one

    def test_no_other_file_beside_it_can_be_taken_for_a_module_description(self):
        # Maya parses every text file in a modules folder, whatever its name
        for path in ROOT.iterdir():
            if path.is_file() and path.name != "rgbcloud.mod":
                assert not re.search(r"^\s*\+", path.read_text(encoding="utf-8"), re.MULTILINE), path.name

    def test_the_plug_in_has_the_same_version(self):
        text = (ROOT / "plug-ins" / "rgbcloud_plugin.py").read_text(encoding="utf-8")
        assert f'VERSION = "{rgbcloud.__version__}"' in text


class TestInstall:
    def test_the_folder_is_complete(self, modules):
        installed = module_files.install(ROOT, modules)
        assert sorted(path.name for path in modules.iterdir()) == ["rgbcloud", "rgbcloud.mod"]
        assert installed.parent == modules / "rgbcloud"
        for name in (
            "install_rgbcloud.py",
            "plug-ins/rgbcloud_plugin.py",
            "scripts/rgbcloud/__init__.py",
            "scripts/rgbcloud/py.typed",
            "scripts/rgbcloud_maya/__init__.py",
            "scripts/rgbcloud_setup/packages.py",
        ):
            assert (installed / name).is_file(), name
        assert not list(installed.rglob("__pycache__"))

    def test_its_description_leads_to_it_in_every_maya_that_is_served(self, modules):
        installed = module_files.install(ROOT, modules)
        lines = (modules / "rgbcloud.mod").read_text().splitlines()
        assert len(lines) == len(module_files.MAYAS)
        for year, line in zip(module_files.MAYAS, lines):
            start, path = line.rsplit(" ", 1)
            assert start == f"+ MAYAVERSION:{year} rgbcloud {rgbcloud.__version__}"
            assert modules / path == installed

    def test_it_runs_without_the_checkout(self, modules):
        installed = module_files.install(ROOT, modules)
        code = "import rgbcloud_maya, rgbcloud; print(rgbcloud.__file__)"
        environment = {**os.environ, "PYTHONPATH": str(installed / "scripts"), "PYTHONDONTWRITEBYTECODE": "1"}
        said = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        assert said.stdout.strip() == str(installed / "scripts" / "rgbcloud" / "__init__.py")

    def test_a_new_folder_that_windows_has_locked_is_tried_again(self, modules, locked_for):
        locked_for(3)
        assert module_files.install(ROOT, modules).is_dir()

    def test_one_that_stays_locked_is_told(self, modules, locked_for, monkeypatch):
        monkeypatch.setattr(folders, "_PATIENCE", 0.3)
        locked_for(1_000)
        with pytest.raises(SetupError, match="access is denied; check its rights"):
            module_files.install(ROOT, modules)
        assert not (modules / "rgbcloud.mod").exists()
        assert not list((modules / "rgbcloud").glob("[.0-9]*"))

    def test_again_it_changes_nothing(self, modules, tree):
        module_files.install(ROOT, modules)
        before = {path: path.stat().st_mtime_ns for path in (modules / "rgbcloud").glob("0*/**/*")}
        content = tree(modules)
        module_files.install(ROOT, modules)
        assert tree(modules) == content
        assert {path: path.stat().st_mtime_ns for path in (modules / "rgbcloud").glob("0*/**/*")} == before

    def test_the_installed_copy_installs_itself(self, modules, tree):
        installed = module_files.install(ROOT, modules)
        content = tree(modules)
        assert module_files.install(installed, modules) == installed
        assert tree(modules) == content

    def test_an_update_keeps_the_version_before_for_a_running_maya_and_no_older_one(self, root, modules):
        versions = []
        for _ in range(3):
            versions.append(module_files.install(root, modules))
            change(root)
        assert len(set(versions)) == 3
        assert not versions[0].exists()
        assert versions[1].is_dir()
        assert str(versions[2].name) in (modules / "rgbcloud.mod").read_text()

    def test_an_update_keeps_the_packages(self, root, modules):
        site = packages.site_folder(module_files.install(root, modules))
        site.mkdir(parents=True)
        change(root)
        assert packages.site_folder(module_files.install(root, modules)) == site
        assert site.is_dir()

    def test_an_incomplete_module_is_not_installed(self, root, modules):
        shutil.rmtree(root.parent / "core" / "rgbcloud")
        with pytest.raises(
            SetupError, match=r"has no scripts/rgbcloud/__init__\.py; unpack or clone it again"
        ):
            module_files.install(root, modules)
        assert not modules.exists()

    def test_a_description_of_somebody_else_s_stays(self, modules, tree):
        modules.mkdir(parents=True)
        (modules / "rgbcloud.mod").write_text("+ rgbcloud 0.0.9 D:/checkout/maya_plugin\n")
        with pytest.raises(
            SetupError, match=r"rgbcloud\.mod was not written by this installer; move it away"
        ):
            module_files.install(ROOT, modules)
        assert tree(modules) == {"rgbcloud.mod": b"+ rgbcloud 0.0.9 D:/checkout/maya_plugin\n"}

    def test_a_folder_of_somebody_else_s_stays(self, modules, tree):
        (modules / "rgbcloud").mkdir(parents=True)
        (modules / "rgbcloud" / "notes.txt").write_text("mine")
        with pytest.raises(SetupError, match="rgbcloud was not made by this installer; move it away"):
            module_files.install(ROOT, modules)
        assert tree(modules) == {"rgbcloud/notes.txt": b"mine"}

    def test_a_modules_folder_that_cannot_be_made(self, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(SetupError, match=r"cannot write .*rgbcloud: .*; check its rights"):
            module_files.install(ROOT, tmp_path / "file" / "modules")

    @pytest.mark.parametrize("after", [0, 1, 20])
    def test_a_full_disk_leaves_the_version_before_in_use(self, root, modules, monkeypatch, after, tree):
        module_files.install(root, modules)
        before = tree(modules)
        change(root)
        copied = []
        copy = shutil.copyfile

        def full(source, target):
            copied.append(target)
            if len(copied) > after:
                raise OSError(28, "No space left on device", str(target))
            return copy(source, target)

        monkeypatch.setattr(shutil, "copyfile", full)
        with pytest.raises(SetupError, match=r"cannot write .*: no space left on device; check its rights"):
            module_files.install(root, modules)
        assert tree(modules) == before

    def test_a_crash_before_the_description_is_written_leaves_the_version_before_in_use(
        self, root, modules, monkeypatch
    ):
        module_files.install(root, modules)
        description = (modules / "rgbcloud.mod").read_text()
        change(root)
        replace = Path.replace

        def crash(path, target):
            if Path(target).name == "rgbcloud.mod":
                raise KeyboardInterrupt
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            module_files.install(root, modules)
        assert (modules / "rgbcloud.mod").read_text() == description
        assert (modules / description.split()[-1] / "install_rgbcloud.py").is_file()
        assert sorted(path.name for path in modules.iterdir()) == ["rgbcloud", "rgbcloud.mod"]
        monkeypatch.undo()
        installed = module_files.install(root, modules)
        assert installed.name in (modules / "rgbcloud.mod").read_text()

    def test_progress_never_falls(self, modules):
        told = []
        module_files.install(ROOT, modules, report=lambda fraction, _: told.append(fraction))
        assert told == sorted(told)
        assert told[0] == 0
        assert told[-1] == 1


class TestUninstall:
    def test_nothing_is_left(self, modules, tree):
        site = packages.site_folder(module_files.install(ROOT, modules))
        site.mkdir(parents=True)
        (modules / "other.mod").write_text("+ other 1 .\n")
        removed = module_files.uninstall(modules)
        assert modules / "rgbcloud.mod" in removed
        assert tree(modules.parent) == {"modules/other.mod": b"+ other 1 .\n"}

    def test_what_somebody_put_into_our_folder_stays(self, modules, tree):
        module_files.install(ROOT, modules)
        (modules / "rgbcloud" / "notes.txt").write_text("mine")
        module_files.uninstall(modules)
        assert tree(modules) == {"rgbcloud/notes.txt": b"mine"}

    def test_where_nothing_is_installed_it_does_nothing(self, modules):
        assert module_files.uninstall(modules) == []

    def test_a_checkout_s_description_stays(self, modules):
        modules.mkdir(parents=True)
        (modules / "rgbcloud.mod").write_text("+ rgbcloud 0.1.0 D:/checkout/maya_plugin\n")
        with pytest.raises(SetupError, match="was not written by this installer"):
            module_files.uninstall(modules)
        assert (modules / "rgbcloud.mod").is_file()

    def test_locked_files_are_removed_by_a_second_try(self, modules, monkeypatch, tree):
        site = packages.site_folder(module_files.install(ROOT, modules))
        site.mkdir(parents=True)
        remove = shutil.rmtree

        def locked(path, **options):
            if path == site:
                raise PermissionError(13, "Access is denied", str(site / "numpy.pyd"))
            remove(path, **options)

        monkeypatch.setattr(shutil, "rmtree", locked)
        with pytest.raises(
            SetupError, match=r"cannot remove .*numpy\.pyd: access is denied; close every Maya and"
        ):
            module_files.uninstall(modules)
        assert not (modules / "rgbcloud.mod").exists()
        monkeypatch.undo()
        module_files.uninstall(modules)
        assert tree(modules.parent) == {}
        assert list(modules.iterdir()) == []


class TestZip:
    def test_unpacked_it_is_an_installation(self, modules, tmp_path, tree):
        module_files.install(ROOT, modules)
        module_files.make_zip(ROOT, tmp_path / "share.zip")
        with zipfile.ZipFile(tmp_path / "share.zip") as archive:
            archive.extractall(tmp_path / "share")
        assert tree(tmp_path / "share") == tree(modules)

    def test_the_same_module_gives_the_same_bytes(self, root, tmp_path):
        module_files.make_zip(root, tmp_path / "one.zip")
        (root / "install_rgbcloud.py").touch()
        module_files.make_zip(root, tmp_path / "two.zip")
        assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()

    def test_packages_go_with_it(self, tmp_path):
        site = tmp_path / "site-packages" / packages.python_tag()
        site.mkdir(parents=True)
        (site / "numpy.py").write_text("1")
        module_files.make_zip(ROOT, tmp_path / "share.zip", site_packages=site)
        with zipfile.ZipFile(tmp_path / "share.zip") as archive:
            assert f"rgbcloud/site-packages/{packages.python_tag()}/numpy.py" in archive.namelist()

    def test_a_file_that_is_there_stays_unless_it_may_go(self, tmp_path):
        (tmp_path / "share.zip").write_bytes(b"old")
        with pytest.raises(
            SetupError, match=r"share\.zip exists already; allow overwriting \(--overwrite\) or"
        ):
            module_files.make_zip(ROOT, tmp_path / "share.zip")
        assert (tmp_path / "share.zip").read_bytes() == b"old"
        module_files.make_zip(ROOT, tmp_path / "share.zip", overwrite=True)
        assert zipfile.is_zipfile(tmp_path / "share.zip")

    def test_a_folder_that_cannot_be_written(self, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(SetupError, match=r"cannot write .*share\.zip: .*; choose another folder"):
            module_files.make_zip(ROOT, tmp_path / "file" / "share.zip")
