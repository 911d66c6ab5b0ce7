"""Which packages, where, and what is said when they are missing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from rgbcloud_setup import packages, pip_runner
from rgbcloud_setup.setup_errors import CancelledError, SetupError, silent

ROOT = Path(__file__).resolve().parents[2] / "maya_plugin"


# The newest versions that have wheels for each Maya's Python on old and new systems (pip dry runs).
NEWEST = {
    (3, 9): {"numpy": (2, 0, 2), "Pillow": (11, 3, 0), "scipy": (1, 13, 1)},
    (3, 10): {"numpy": (2, 2, 6), "Pillow": (12, 99), "scipy": (1, 15, 3)},
    (3, 11): {"numpy": (2, 2, 6), "Pillow": (12, 2, 0), "scipy": (1, 16, 3)},
    (3, 13): {"numpy": (2, 2, 6), "Pillow": (12, 2, 0), "scipy": (1, 16, 3)},
}


def numbers(version):
    return tuple(map(int, version.split(".")))


def dependencies():
    """The core's dependencies as pyproject.toml has them: name -> oldest version."""
    text = (ROOT.parent / "pyproject.toml").read_text(encoding="utf-8")
    return dict(re.findall(r'"([^">]+)>=([^"]+)"', re.search(r"^dependencies = (.*)$", text, re.M).group(1)))


class TestPins:
    def test_every_maya_from_2023_to_2027_has_its_python(self):
        assert sorted(packages.PINS) == [(3, 9), (3, 10), (3, 11), (3, 13)]

    @pytest.mark.parametrize("python", packages.PINS)
    def test_all_that_the_core_and_the_panel_need_is_listed_with_an_exact_version(self, python):
        names = [requirement.split("==")[0] for requirement in packages.PINS[python]]
        assert set(names) == {*dependencies(), "Qt.py"}  # which need nothing else: "Requires-Dist"
        assert len(names) == len(set(names))

    @pytest.mark.parametrize("python", packages.PINS)
    def test_no_version_is_newer_than_what_has_wheels_or_older_than_the_core_needs(self, python):
        pinned = dict(requirement.split("==") for requirement in packages.PINS[python])
        for name, newest in NEWEST[python].items():
            assert numbers(pinned[name]) <= newest
        for name, oldest in dependencies().items():
            assert numbers(pinned[name]) >= numbers(oldest)

    @pytest.mark.parametrize("python", [(3, 9), (3, 10), (3, 11)])
    def test_numpy_stays_below_2_where_qt_was_built_with_numpy_1(self, python):
        assert "numpy==1.26.4" in packages.PINS[python]

    def test_the_oldest_versions_are_those_of_the_core(self):
        assert dict(packages.IMPORTED.values()) == dependencies()

    def test_a_newer_python_gets_what_pip_finds(self, monkeypatch):
        monkeypatch.setattr(sys, "version_info", (3, 15, 0))
        assert packages.requirements() == packages.UNPINNED
        assert [name.split(">=")[0] for name in packages.UNPINNED] == [*dependencies(), "Qt.py"]


class TestPlaces:
    def test_in_a_checkout_the_packages_lie_in_the_module(self, tmp_path):
        assert packages.site_folder(tmp_path) == tmp_path / "site-packages" / packages.python_tag()

    def test_an_installation_keeps_them_beside_its_versions(self, tmp_path):
        (tmp_path / packages.MARKER).touch()
        expected = tmp_path / "site-packages" / packages.python_tag()
        assert packages.site_folder(tmp_path / "0.1.0-01234567") == expected

    def test_importing_the_plug_in_finds_the_core_of_a_checkout(self):
        code = "import sys; sys.path.insert(0, sys.argv[1]); import rgbcloud_maya; print(sys.path[-1])"
        said = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code, str(ROOT / "scripts")],
            capture_output=True,
            text=True,
            check=True,
        )
        assert said.stdout.strip() == str(ROOT.parent / "core")

    def test_what_is_on_the_path_already_comes_first(self, tmp_path, monkeypatch):
        site = packages.site_folder(tmp_path)
        site.mkdir(parents=True)
        monkeypatch.setattr(packages, "module_root", lambda: tmp_path)
        monkeypatch.setattr(sys, "path", ["studio"])
        packages.activate()
        packages.activate()
        assert sys.path == ["studio", str(site)]


class TestProblem:
    def test_none_where_all_is_there(self):
        assert packages.problem() is None

    @pytest.mark.parametrize(
        ("module", "package"), [("numpy", "numpy"), ("scipy", "scipy"), ("PIL", "Pillow")]
    )
    def test_a_missing_package_is_named_with_the_way_out(self, monkeypatch, module, package):
        monkeypatch.setitem(sys.modules, module, None)
        said = packages.problem()
        python = ".".join(map(str, sys.version_info[:2]))
        assert said.startswith(f"{package} is not installed for this Maya's Python {python}. Drag ")
        assert f"{packages.module_root() / 'install_rgbcloud.py'} into the viewport, or run: " in said
        assert said.endswith("install_rgbcloud.py packages")

    def test_an_old_one_earlier_on_the_path_is_named_with_its_place(self, monkeypatch):
        old = SimpleNamespace(__version__="1.20.3", __file__="/studio/numpy/__init__.py")
        monkeypatch.setitem(sys.modules, "numpy", old)
        assert packages.problem().startswith(
            "numpy 1.20.3 in /studio/numpy/__init__.py is older than 1.25. Drag "
        )

    def test_one_that_is_there_but_broken(self, tmp_path, monkeypatch):
        (tmp_path / "PIL.py").write_text("raise ImportError('DLL load failed\\nand more')")
        monkeypatch.delitem(sys.modules, "PIL", raising=False)
        monkeypatch.syspath_prepend(tmp_path)
        assert packages.problem().startswith("Pillow cannot be imported: DLL load failed. Drag ")


class TestMayaPython:
    def test_is_the_mayapy_beside_the_running_maya(self, tmp_path, monkeypatch):
        name = "mayapy.exe" if sys.platform == "win32" else "mayapy"
        (tmp_path / name).touch()
        monkeypatch.setattr(sys, "executable", str(tmp_path / "maya.bin"))
        assert packages.maya_python() == [str(tmp_path / name)]

    def test_on_macos_it_is_in_the_bundle_s_bin(self, tmp_path, monkeypatch):
        name = "mayapy.exe" if sys.platform == "win32" else "mayapy"
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / name).touch()
        monkeypatch.setattr(sys, "executable", str(tmp_path / "MacOS" / "Maya"))
        assert packages.maya_python() == [str(tmp_path / "bin" / name)]

    def test_a_plain_python_is_itself(self):
        assert packages.maya_python() == [sys.executable]


def test_packages_are_installed_and_known_to_be(wheels, tmp_path):
    target, told = tmp_path / "site" / "py", []
    assert not packages.is_installed(target)
    pip_runner.install(target, wheels=wheels, report=lambda *report: told.append(report))
    assert packages.is_installed(target)
    for module in ("numpy/__init__.py", "scipy/optimize.py", "PIL/__init__.py", "Qt.py", "threadpoolctl.py"):
        assert (target / module).is_file()
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert told[-1] == (1.0, "packages installed")
    assert [path.name for path in target.parent.iterdir()] == ["py"]


def test_other_pins_take_the_place_of_what_was_there(wheels, tmp_path):
    target = tmp_path / "py"
    target.mkdir()
    (target / "left_over.py").touch()
    (target / packages.STAMP).write_text(json.dumps({"requirements": ["numpy==1.20"]}))
    assert not packages.is_installed(target)
    pip_runner.install(target, wheels=wheels, report=silent)
    assert packages.is_installed(target)
    assert not (target / "left_over.py").exists()


@pytest.fixture
def old(tmp_path):
    """Packages of an earlier installation."""
    folder = tmp_path / "py"
    folder.mkdir()
    (folder / "old.py").write_text("old")
    return folder


def assert_only_old(folder):
    assert [path.name for path in folder.iterdir()] == ["old.py"]
    assert sorted(path.name for path in folder.parent.glob("*py*")) == ["py"]
    assert not list(folder.parent.glob(".py*"))


def test_a_missing_wheel_leaves_what_was_there_and_says_how_to_go_on(wheels, old):
    next(wheels.glob("scipy*")).unlink()
    with pytest.raises(
        SetupError, match=r"(?s)pip failed: ERROR: .*scipy.*--wheels FOLDER.*By hand: .*-m pip inst"
    ):
        pip_runner.install(old, wheels=wheels, report=silent)
    assert_only_old(old)


def test_packages_that_cannot_be_imported_do_not_take_the_place(wheels, old, make_wheel):
    numpy = next(requirement for requirement in packages.requirements() if requirement.startswith("numpy"))
    make_wheel(wheels, numpy, code="raise ImportError('wrong architecture')")
    with pytest.raises(
        SetupError, match=r"installed but cannot be imported: ImportError: wrong architecture\. By"
    ):
        pip_runner.install(old, wheels=wheels, report=silent)
    assert_only_old(old)


@pytest.mark.parametrize("when", [0.0, 0.3, 0.9])
def test_cancelling_leaves_what_was_there(wheels, old, when):
    def report(fraction, _message):
        if fraction >= when:
            raise CancelledError("cancelled")

    with pytest.raises(CancelledError, match="cancelled"):
        pip_runner.install(old, wheels=wheels, report=report)
    assert_only_old(old)


def test_packages_in_use_are_not_half_replaced(wheels, old, monkeypatch):
    replace = Path.replace

    def locked(path, target):
        if path == old:
            raise PermissionError(13, "Access is denied", str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(
        SetupError, match=r"py cannot be replaced \(access is denied\); close every Maya that uses"
    ):
        pip_runner.install(old, wheels=wheels, report=silent)
    assert_only_old(old)


def test_folders_that_windows_has_locked_for_a_moment_are_tried_again(wheels, old, locked_for):
    locked_for(3)
    told = []
    pip_runner.install(old, wheels=wheels, report=lambda *report: told.append(report))
    assert packages.is_installed(old)
    assert [message for _, message in told].count("waiting until the folders can be used") == 6
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)


def test_waiting_for_a_locked_folder_can_be_cancelled(wheels, old, locked_for):
    locked_for(1_000)

    def report(_fraction, message):
        if message.startswith("waiting"):
            raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        pip_runner.install(old, wheels=wheels, report=report)
    assert_only_old(old)


def test_a_failure_while_taking_the_place_puts_the_old_ones_back(wheels, old, monkeypatch):
    replace = Path.replace

    def failing(path, target):
        if Path(target) == old and path.name != "replaced":
            raise OSError(28, "No space left on device", str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(SetupError, match=r"cannot write .*py: no space left on device\. By hand: "):
        pip_runner.install(old, wheels=wheels, report=silent)
    assert_only_old(old)


def test_settings_of_the_user_s_pip_do_not_interfere(wheels, tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_REQUIRE_VIRTUALENV", "1")
    pip_runner.install(tmp_path / "py", wheels=wheels, report=silent)
    assert packages.is_installed(tmp_path / "py")


def test_wheels_must_be_a_folder(tmp_path):
    with pytest.raises(SetupError, match=r"the folder of wheels must be a folder, got .*nowhere"):
        pip_runner.install(tmp_path / "py", wheels=tmp_path / "nowhere", report=silent)


def test_a_maya_without_pip_or_python(tmp_path, monkeypatch):
    monkeypatch.setattr(pip_runner, "maya_python", lambda: [str(tmp_path / "no mayapy")])
    with pytest.raises(SetupError, match=r"cannot start .*no mayapy: no such file.*By hand: "):
        pip_runner.install(tmp_path / "py", report=silent)
    assert not list(tmp_path.glob("*py*"))


def test_downloading_asks_for_the_same(tmp_path, wheels, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", wheels.as_uri())
    pip_runner.download(tmp_path / "copies", report=silent)
    assert sorted(path.name for path in (tmp_path / "copies").iterdir()) == sorted(
        path.name for path in wheels.iterdir()
    )
