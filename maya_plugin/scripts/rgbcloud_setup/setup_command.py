"""The installer's command line."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud_setup import module_files, packages, pip_runner
from rgbcloud_setup.folders import user_modules_folder
from rgbcloud_setup.setup_errors import SetupError

if TYPE_CHECKING:
    from rgbcloud_setup.setup_errors import Report

_EXAMPLES = """\
examples:
  mayapy install_rgbcloud.py                              for this user, packages from the network
  mayapy install_rgbcloud.py wheels D:/wheels             download the packages where there is a network ...
  mayapy install_rgbcloud.py install --wheels D:/wheels   ... and install from there where there is none
  mayapy install_rgbcloud.py packages --into S:/maya/modules/rgbcloud
  mayapy install_rgbcloud.py zip S:/maya/rgbcloud.zip --packages
  mayapy install_rgbcloud.py uninstall

exit codes: 0 done, 1 failed, 2 wrong use
"""


def main(root: str, arguments: list[str] | None = None) -> int:
    """Run one command on the module at `root`; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(Path(root), options))
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("error: interrupted; nothing was left half-installed", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mayapy install_rgbcloud.py",
        description="Install rgbcloud for Maya. Run it with the mayapy of the Maya it is for.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    install = commands.add_parser("install", help="install the module and its packages (the default)")
    for target in (parser, install):
        _add_modules(target)
        _add_wheels(target)
        target.add_argument("--no-packages", action="store_true", help="the module alone")
    parser.set_defaults(run=_install)

    only_packages = commands.add_parser("packages", help="install the Python packages alone")
    into = "below the folder rgbcloud of a share, instead of this module"
    only_packages.add_argument("--into", type=Path, metavar="FOLDER", help=into)
    _add_wheels(only_packages)
    only_packages.set_defaults(run=_packages)

    wheels = commands.add_parser("wheels", help="download the packages as wheels, for --wheels")
    wheels.add_argument("folder", type=Path)
    wheels.set_defaults(run=_wheels)

    archive = commands.add_parser("zip", help="make a zip of the module for a studio's share")
    archive.add_argument("file", type=Path)
    archive.add_argument("--packages", action="store_true", help="with the packages of this Python")
    archive.add_argument("--overwrite", action="store_true", help="replace the file if it is there")
    _add_wheels(archive)
    archive.set_defaults(run=_zip)

    uninstall = commands.add_parser("uninstall", help="remove what this installer put there")
    _add_modules(uninstall)
    uninstall.set_defaults(run=_uninstall)
    return parser


def _add_modules(parser: argparse.ArgumentParser) -> None:
    what = "where to, instead of the user's modules folder"
    parser.add_argument("--modules", type=Path, metavar="FOLDER", help=what)


def _add_wheels(parser: argparse.ArgumentParser) -> None:
    what = "install from these wheels, without a network"
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help=what)


def _install(root: Path, options: argparse.Namespace) -> int:
    modules = options.modules or user_modules_folder()
    if not options.no_packages:
        # First, so that a failure leaves what was in use as it was.
        _install_packages(packages.site_folder_in(module_files.claim(modules)), options.wheels)
    installed = module_files.install(root, modules, report=_reporter())
    print(f"module: {installed}")
    print("Start Maya, load rgbcloud_plugin in the Plug-in Manager, and look for the shelf rgbcloud.")
    return 0


def _packages(root: Path, options: argparse.Namespace) -> int:
    into = options.into
    target = packages.site_folder_in(into) if into else packages.site_folder(root)
    _install_packages(target, options.wheels)
    return 0


def _wheels(_root: Path, options: argparse.Namespace) -> int:
    pip_runner.download(options.folder, report=_reporter())
    print(f"wheels: {options.folder}")
    return 0


def _zip(root: Path, options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as temporary:
        site_packages = None
        if options.packages:
            site_packages = packages.site_folder(root)
            if not packages.is_installed(site_packages):
                site_packages = Path(temporary, packages.python_tag())
                pip_runner.install(site_packages, wheels=options.wheels, report=_reporter())
        module_files.make_zip(root, options.file, site_packages=site_packages, overwrite=options.overwrite)
    print(f"zip: {options.file}")
    return 0


def _uninstall(_root: Path, options: argparse.Namespace) -> int:
    modules = options.modules or user_modules_folder()
    removed = module_files.uninstall(modules)
    for path in removed:
        print(f"removed: {path}")
    if not removed:
        print(f"nothing to remove: rgbcloud is not installed in {modules}")
    return 0


def _install_packages(target: Path, wheels: Path | None) -> None:
    if packages.is_installed(target):
        print(f"packages: {target} (as they were)")
        return
    pip_runner.install(target, wheels=wheels, report=_reporter())
    print(f"packages: {target}")


def _reporter() -> Report:
    """Return a callback that shows messages on stderr, each once."""
    shown = ""

    def report(fraction: float, message: str) -> None:
        nonlocal shown
        if message != shown:
            shown = message
            print(f"{fraction:4.0%} {message}", file=sys.stderr)

    return report
