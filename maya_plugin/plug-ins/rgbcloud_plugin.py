"""rgbcloud for Maya: registers its commands and, where there is a user, its menu and shelf."""

from __future__ import annotations

import sys

from maya.api import OpenMaya

from rgbcloud_maya.commands import command_classes
from rgbcloud_setup import packages

VERSION = "0.2.0"


def maya_useNewAPI() -> None:  # noqa: N802 (the name that Maya looks for)
    """Tell Maya that this plug-in uses the Python API 2.0."""


def initializePlugin(plugin: OpenMaya.MObject) -> None:  # noqa: N802
    """Register the commands; called by Maya when the plug-in is loaded."""
    registry = OpenMaya.MFnPlugin(plugin, "rgbcloud", VERSION)
    done: list[str] = []
    try:
        for command in command_classes.COMMANDS:
            registry.registerCommand(command.NAME, command, command.syntax_creator())
            done.append(command.NAME)
    except RuntimeError:
        for name in done:
            registry.deregisterCommand(name)
        raise
    problem = packages.core_problem()
    if problem:  # the commands have hardly any flags then
        OpenMaya.MGlobal.displayWarning(f"rgbcloud: {problem}")
    if _has_user():
        from rgbcloud_maya.ui import shelf_and_menu

        shelf_and_menu.install_ui()


def uninitializePlugin(plugin: OpenMaya.MObject) -> None:  # noqa: N802
    """Deregister the commands; called by Maya when the plug-in is unloaded."""
    if _has_user():
        from rgbcloud_maya.ui import shelf_and_menu

        shelf_and_menu.remove_ui()
    if "rgbcloud_maya.models.shown_errors" in sys.modules:
        sys.modules["rgbcloud_maya.models.shown_errors"].stop_watching()
    registry = OpenMaya.MFnPlugin(plugin)
    for command in command_classes.COMMANDS:
        registry.deregisterCommand(command.NAME)


def _has_user() -> bool:
    return OpenMaya.MGlobal.mayaState() in (OpenMaya.MGlobal.kInteractive, OpenMaya.MGlobal.kBaseUIMode)
