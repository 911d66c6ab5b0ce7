"""Loading plug-ins and running the commands that they register."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any

from maya_standin.plugins import BUNDLED, Plugin

if TYPE_CHECKING:
    from maya_standin.session import Session


def stem(path: str) -> str:
    """Return the name that a plug-in of this path goes by."""
    name = path.replace("\\", "/").rpartition("/")[2]
    return name.removesuffix(".py")


def load(session: Session, path: str, name: str | None = None) -> list[str]:
    """Load a plug-in by its path, or by its name from MAYA_PLUG_IN_PATH and MAYA_MODULE_PATH.

    "To load a Python plugin you must explicitly supply the '.py' extension" (PyMEL docs of loadPlugin).
    """
    name = name or stem(path)
    if session.plugins.is_loaded(name):
        return []
    if name in BUNDLED:
        session.plugins.loaded[name] = Plugin(name, path)
        return [name]
    file = _find(path)
    if file is None:
        raise RuntimeError(f'Plug-in, "{path}", was not found on MAYA_PLUG_IN_PATH.')
    spec = importlib.util.spec_from_file_location(f"_maya_plugin_{name}", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    plugin = Plugin(name, file.replace(os.sep, "/"), module)
    try:
        spec.loader.exec_module(module)
        _require_new_api(module, name)
        module.initializePlugin(_handle(plugin))
    except Exception as error:
        for command in list(plugin.commands):
            session.plugins.commands.pop(command, None)
        raise RuntimeError(f"Unable to load plug-in {name}: initializePlugin failed: {error}") from error
    session.plugins.loaded[name] = plugin
    return [name]


def unload(session: Session, name: str, force: bool = False) -> list[str]:
    """Unload a plug-in; its commands on the queue cannot be undone any more, so the queue is flushed."""
    name = stem(name)
    plugin = session.plugins.loaded.get(name)
    if plugin is None:
        raise RuntimeError(f'Plug-in, "{name}", cannot be unloaded: it is not loaded.')
    if plugin.module is not None:
        try:
            plugin.module.uninitializePlugin(_handle(plugin))
        except Exception as error:
            raise RuntimeError(
                f"Unable to unload plug-in {name}: uninitializePlugin failed: {error}"
            ) from error
        for command in list(plugin.commands):
            session.plugins.commands.pop(command, None)
            session.say("warning", f"{name} did not deregister its command {command}")
        session.undo.flush()
    del session.plugins.loaded[name]
    return [name]


def run(session: Session, entry: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run a plug-in's command.

    One that is not undoable leaves the queue to the commands that it calls; for one that is, what it does
    through `cmds` is not recorded, and undo calls its undoIt (section 5, [m2027 SX-claude]).
    """
    from maya_standin.api.plugin import MPxCommand
    from maya_standin.api.syntax import MArgList, MArgParser

    flags = dict(kwargs)
    mode = "create"
    for short, long in (("q", "query"), ("e", "edit")):
        for key in (short, long):
            if key in flags and flags.pop(key):
                mode = long
    syntax = entry.syntax()
    command = entry.creator()
    if not isinstance(command, MPxCommand):
        raise RuntimeError(f"{entry.name}: the creator returned {command!r}, no MPxCommand")
    command._syntax = syntax
    arguments = MArgList(args, flags, mode)
    if syntax is not None:
        MArgParser(syntax, arguments)  # Maya refuses what the syntax does not allow before doIt runs
    elif flags:
        raise TypeError(f"Invalid flag '{next(iter(flags))}'")
    MPxCommand._result = None
    if not command.isUndoable():
        command.doIt(arguments)
        return _result(MPxCommand._result)
    with session.undo.own_business():
        command.doIt(arguments)
    result = MPxCommand._result
    if command.isUndoable():
        session.undo.record_command(entry.name, command)
    return _result(result)


def _result(value: Any) -> Any:
    """A string result comes back as a list of one, as measured under mayapy (section 5)."""
    return [value] if isinstance(value, str) else value


def _handle(plugin: Plugin) -> Any:
    from maya_standin.api.objects import MObject

    return MObject(plugin)


def _require_new_api(module: Any, name: str) -> None:
    if not hasattr(module, "maya_useNewAPI"):
        raise RuntimeError(f"{name} does not say maya_useNewAPI: it would get the objects of API 1.0")
    for function in ("initializePlugin", "uninitializePlugin"):
        if not callable(getattr(module, function, None)):
            raise RuntimeError(f"{name} has no function {function}")


def _find(path: str) -> str | None:
    candidates = [path]
    folders = os.environ.get("MAYA_PLUG_IN_PATH", "").split(os.pathsep)
    folders += [
        os.path.join(folder, "plug-ins")
        for folder in os.environ.get("MAYA_MODULE_PATH", "").split(os.pathsep)
        if folder
    ]
    for folder in filter(None, folders):
        candidates.append(os.path.join(folder, path))
    return next((candidate for candidate in candidates if os.path.isfile(candidate)), None)
