"""The installer inside Maya's window: questions, progress and messages."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from maya import cmds
from maya.api import OpenMaya

from rgbcloud_setup import module_files, packages, pip_runner
from rgbcloud_setup.folders import user_modules_folder
from rgbcloud_setup.setup_errors import CancelledError, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rgbcloud_setup.setup_errors import Report

PLUGIN = "rgbcloud_plugin"
_TITLE = "rgbcloud"
_CONTROL = "rgbcloudPanelControl"  # of rgbcloud_maya.ui.dock, which may not load any more


def handle_drop(root: str) -> Path | None:
    """Ask what to do with the module at `root`, and do it.

    Returns
    -------
    Path or None
        The module that was installed, for `start`.
    """
    modules = user_modules_folder()
    there = (modules / module_files.MOD_FILE).exists()
    choices = ["Update", "Uninstall", "Cancel"] if there else ["Install", "Cancel"]
    python = ".".join(map(str, sys.version_info[:2]))
    question = (
        f"rgbcloud for this user, in\n{modules}\n\nwith numpy, scipy and Pillow for Python {python} "
        "in a folder of its own (about 240 MB)."
    )
    answer = _ask(question, choices)
    try:
        if answer in ("Install", "Update"):
            return _install(Path(root), modules)
        if answer == "Uninstall":
            _uninstall(modules)
    except CancelledError:
        OpenMaya.MGlobal.displayWarning("rgbcloud: cancelled; nothing was left half-installed")
    except SetupError as error:
        OpenMaya.MGlobal.displayError(f"rgbcloud: {error}")
        _ask(f"{error}\n\nThe Script Editor has this text to copy.", ["Close"])
    return None


def start(installed: Path) -> None:
    """Load the plug-in of a module that Maya did not find when it started, now and from now on."""
    if "rgbcloud_maya" in sys.modules:
        _ask("Installed. Start Maya anew: the version before is still loaded.", ["Close"])
        return
    description = installed.parent.parent / module_files.MOD_FILE
    cmds.loadModule(load=description.as_posix())
    # That reaches neither Python's path nor the environment at once (NCCA's notes on modules).
    scripts = (installed / "scripts").as_posix()
    if scripts not in sys.path:
        sys.path.append(scripts)
    _find_icons((installed / "icons").as_posix())
    cmds.loadPlugin((installed / "plug-ins" / f"{PLUGIN}.py").as_posix())
    cmds.pluginInfo(PLUGIN, edit=True, autoload=True)
    OpenMaya.MGlobal.displayInfo("rgbcloud is installed: see the shelf and the menu of that name")


def _install(root: Path, modules: Path) -> Path:
    with _progress_window() as report:
        # The packages first, so that a failure leaves what was in use as it was.
        site = packages.site_folder_in(module_files.claim(modules))
        if not packages.is_installed(site):
            pip_runner.install(site, report=report)
        return module_files.install(root, modules, report=report)


def _uninstall(modules: Path) -> None:
    if cmds.pluginInfo(PLUGIN, query=True, loaded=True):
        # A Maya that still loads the plug-in when it starts would complain each time.
        cmds.pluginInfo(PLUGIN, edit=True, autoload=False)
        cmds.unloadPlugin(PLUGIN)
    _remove_panel()
    module_files.uninstall(modules)
    OpenMaya.MGlobal.displayInfo("rgbcloud is uninstalled")


def _remove_panel() -> None:
    """Remove the panel's control, which Maya would fill anew when it starts, and all that is saved of it."""
    if cmds.workspaceControl(_CONTROL, exists=True):
        cmds.deleteUI(_CONTROL, control=True)
    if cmds.workspaceControlState(_CONTROL, exists=True):
        cmds.workspaceControlState(_CONTROL, remove=True)


def _find_icons(folder: str) -> None:
    """Let Maya find a folder's icons in this session; on Linux %B stands for the name of the icon."""
    entry = f"{folder}/%B" if sys.platform.startswith("linux") else folder
    entries = [path for path in os.environ.get("XBMLANGPATH", "").split(os.pathsep) if path]
    if entry not in entries:
        os.environ["XBMLANGPATH"] = os.pathsep.join([*entries, entry])


def _ask(message: str, choices: list[str]) -> str:
    """Show a dialog; return the button that was pressed, the last one for Escape."""
    last = choices[-1]
    return str(
        cmds.confirmDialog(
            title=_TITLE,
            message=message,
            button=choices,
            defaultButton=choices[0],
            cancelButton=last,
            dismissString=last,
        )
    )


@contextlib.contextmanager
def _progress_window() -> Iterator[Report]:
    """Show a progress window with Cancel for the time of the block."""
    cmds.progressWindow(title=_TITLE, status="starting", maxValue=100, isInterruptable=True)

    def report(fraction: float, message: str) -> None:
        if cmds.progressWindow(query=True, isCancelled=True):
            raise CancelledError("cancelled")
        cmds.progressWindow(edit=True, progress=int(100 * fraction), status=message)

    try:
        yield report
    finally:
        cmds.progressWindow(endProgress=True)
