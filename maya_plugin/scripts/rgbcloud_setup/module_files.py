"""The Maya module as files: what belongs to it, copied into a modules folder or a zip, and removed again.

An installation looks like this, whether in a user's modules folder or on a studio's share::

    modules/rgbcloud.mod                      written last; names the version that is in use
    modules/rgbcloud/installed-by-rgbcloud.txt
    modules/rgbcloud/0.2.0-1f0c44b2/          the module: plug-ins, scripts, icons, install_rgbcloud.py ...
    modules/rgbcloud/site-packages/py311-.../ what `rgbcloud_setup.pip_runner` installs

A version's folder never changes once it is there: its name carries a digest of its content.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud_setup.folders import move
from rgbcloud_setup.packages import MARKER
from rgbcloud_setup.setup_errors import SetupError, reason, silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rgbcloud_setup.setup_errors import Report

NAME = "rgbcloud"
MOD_FILE = f"{NAME}.mod"
_MARKER_TEXT = "install_rgbcloud.py made this folder and removes it when uninstalling: keep nothing here.\n"
_FOLDERS = ("plug-ins", "scripts", "icons")
_SINGLE_FILES = ("install_rgbcloud.py", "README.md", "CHECK_IN_MAYA.md")
MAYAS = range(2023, 2028)
"""The versions that are served: a Maya without a line of its own in `rgbcloud.mod` skips the module."""
_OUR_MOD = re.compile(rf"(\s*\+ (MAYAVERSION:\d+ )?{NAME} \S+ \./{NAME}/(?P<version>[^\s/]+)\s*)+")
_VERSION_FOLDER = re.compile(r"\.?\d[^-]*-[0-9a-f]{8}(\..*)?")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of zip files, whose bytes shall depend on nothing but their content


def module_files(root: Path) -> dict[str, Path]:
    """Return what belongs to the module at `root`: the path within the module and the file.

    In a checkout the core's packages lie beside the module, in an installation in its `scripts`.

    Raises
    ------
    SetupError
        If the module at `root` is not complete.
    """
    files = {}
    for folder in _FOLDERS:
        files.update(_files_below(root / folder, folder))
    for package in ("rgbcloud", "rgbcloud_panel"):
        files.update(_files_below(root.parent / "core" / package, f"scripts/{package}"))
    for name in _SINGLE_FILES:
        if (root / name).is_file():
            files[name] = root / name
    for name in ("scripts/rgbcloud/__init__.py", "scripts/rgbcloud_maya/__init__.py", "install_rgbcloud.py"):
        if name not in files:
            raise SetupError(f"the module in {root} has no {name}; unpack or clone it again")
    return dict(sorted(files.items()))


def version(files: dict[str, Path]) -> str:
    """Return `rgbcloud.__version__`, read without importing."""
    path = files["scripts/rgbcloud/__init__.py"]
    found = re.search(r'^__version__ = "([^"]+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SetupError(f"{path} names no version; unpack or clone it again")
    return found.group(1)


def version_folder(files: dict[str, Path]) -> str:
    """Return the name of the folder that holds exactly these files: ``0.2.0-1f0c44b2``."""
    digest = hashlib.sha256()
    for name, path in files.items():
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return f"{version(files)}-{digest.hexdigest()[:8]}"


def mod_text(files: dict[str, Path]) -> str:
    """Return the module description of an installation. A blank line or comment would end a block."""
    block = f"{NAME} {version(files)} ./{NAME}/{version_folder(files)}"
    return "".join(f"+ MAYAVERSION:{year} {block}\n" for year in MAYAS)


def install(root: Path, modules: Path, *, report: Report = silent) -> Path:
    """Install the module at `root` into the folder `modules`; return the installed module's folder.

    The files are complete before `rgbcloud.mod` names them, in one step: an interrupted installation
    leaves the version before it in use. Installing what is installed changes nothing.

    Raises
    ------
    SetupError
        If something of the same name is there that is not ours, or a file cannot be written.
    """
    report(0.0, "reading the module")
    files = module_files(root)
    owned = claim(modules)
    target = owned / version_folder(files)
    try:
        before = _used_version(modules)
        _copy(files, target, report)
        _write(modules / MOD_FILE, mod_text(files))
        _remove_old_versions(owned, keep={target.name, before})
    except OSError as error:
        way_out = "check its rights and the space on the disk"
        raise SetupError(f"cannot write {error.filename or owned}: {reason(error)}; {way_out}") from error
    report(1.0, "module installed")
    return target


def claim(modules: Path) -> Path:
    """Return the folder that an installation owns in the folder `modules`, made and marked as ours.

    Raises
    ------
    SetupError
        If something of the same name is there that is not ours, or the folder cannot be made.
    """
    _check_ours(modules)
    owned = modules / NAME
    try:
        owned.mkdir(parents=True, exist_ok=True)
        if not (owned / MARKER).is_file():
            _write(owned / MARKER, _MARKER_TEXT)
    except OSError as error:
        raise SetupError(f"cannot write {owned}: {reason(error)}; check its rights") from error
    return owned


def uninstall(modules: Path) -> list[Path]:
    """Remove the installation from the folder `modules`, but nothing that somebody else put there.

    Returns
    -------
    list of Path
        What was removed; empty where nothing was installed.

    Raises
    ------
    SetupError
        If what is there is not ours, or cannot be removed.
    """
    _check_ours(modules)
    owned = modules / NAME
    found = [modules / MOD_FILE, *_versions(owned), *(owned / "site-packages").glob("*py[0-9]*-*")]
    # The marker goes last, so that this can be run again where a running Maya locks files.
    removed = [path for path in [*found, owned / MARKER] if path.exists()]
    try:
        for path in removed:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for folder in (owned / "site-packages", owned):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        way_out = "close every Maya and run this again"
        raise SetupError(f"cannot remove {error.filename or owned}: {reason(error)}; {way_out}") from error
    return removed


def make_zip(root: Path, target: Path, *, site_packages: Path | None = None, overwrite: bool = False) -> None:
    """Write an installation of the module at `root` as a zip, to be unpacked on `MAYA_MODULE_PATH`.

    Parameters
    ----------
    root : Path
        The module.
    target : Path
        The zip, which takes the place of nothing unless `overwrite` says so.
    site_packages : Path, optional
        The packages of one Python, which go with it.
    overwrite : bool, default False
        Whether a zip that is there may be replaced.

    Raises
    ------
    SetupError
        If the file is there or cannot be written.
    """
    if target.exists() and not overwrite:
        raise SetupError(f"{target} exists already; allow overwriting (--overwrite) or choose another name")
    files = module_files(root)
    folder = f"{NAME}/{version_folder(files)}"
    content = {f"{folder}/{name}": path for name, path in files.items()}
    if site_packages is not None:
        content.update(_files_below(site_packages, f"{NAME}/site-packages/{site_packages.name}"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _in_place_of(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
            archive.writestr(_entry(MOD_FILE), mod_text(files))
            archive.writestr(_entry(f"{NAME}/{MARKER}"), _MARKER_TEXT)
            for name, path in content.items():
                archive.writestr(_entry(name), path.read_bytes())
    except OSError as error:
        raise SetupError(f"cannot write {target}: {reason(error)}; choose another folder") from error


def _files_below(folder: Path, prefix: str) -> dict[str, Path]:
    """Return the files below a folder that are worth copying."""
    files = {}
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("."):
            files[f"{prefix}/{path.relative_to(folder).as_posix()}"] = path
    return files


def _check_ours(modules: Path) -> None:
    """Raise `SetupError` where our names in the modules folder belong to somebody else."""
    mod_file, owned = modules / MOD_FILE, modules / NAME
    if mod_file.exists() and not _OUR_MOD.fullmatch(mod_file.read_text(encoding="utf-8", errors="replace")):
        raise SetupError(f"{mod_file} was not written by this installer; move it away to go on")
    if owned.exists() and not (owned / MARKER).is_file() and (not owned.is_dir() or any(owned.iterdir())):
        raise SetupError(f"{owned} was not made by this installer; move it away to go on")


def _used_version(modules: Path) -> str | None:
    """Return the folder name of the version that the module description names."""
    try:
        found = _OUR_MOD.fullmatch((modules / MOD_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return None if found is None else found["version"]


def _copy(files: dict[str, Path], target: Path, report: Report) -> None:
    """Copy the files to `target`, which appears once it is complete."""
    if target.is_dir():
        return
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        for number, (name, path) in enumerate(files.items()):
            report(0.9 * number / len(files), "copying the module")
            copy = fresh / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        fresh.chmod(0o755)  # mkdtemp lets nobody but its owner in
        move(fresh, target, lambda: report(0.9, "waiting until the new folder can be used"))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _versions(owned: Path) -> list[Path]:
    """Return the folders of versions, finished or not, in the folder of an installation."""
    return [path for path in owned.glob("*") if path.is_dir() and _VERSION_FOLDER.fullmatch(path.name)]


def _remove_old_versions(owned: Path, keep: set[str | None]) -> None:
    """Remove versions that are no longer used. The one before stays: a running Maya may import from it."""
    for path in _versions(owned):
        if path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    """Write a small text file whole or not at all."""
    with _in_place_of(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def _in_place_of(target: Path) -> Iterator[Path]:
    """Give a file to write, which takes the place of `target` if the block ends well."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)  # mkstemp makes files that only their owner may read
        move(temporary, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
