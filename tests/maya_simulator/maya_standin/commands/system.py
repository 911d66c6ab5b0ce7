"""about, workspace, optionVar, plug-ins and the rest of the house."""

from __future__ import annotations

import os
import tempfile

from maya_standin import plugin_commands, units
from maya_standin.errors import NotSimulatedError
from maya_standin.registry import command, edit, query
from maya_standin.session import Session


@command("about")
def about(
    session: Session, *, batch=False, version=False, apiVersion=False, qtVersion=False,
    installedVersion=False, product=False, operatingSystem=False, linux=False, linux64=False, windows=False,
    win64=False, macOS=False, macOSx86=False, ntOS=False, macOSASi=False, arm64=False,
    majorVersion=False, minorVersion=False, preferences=False, uiLanguage=False, ltVersion=False,
    application=False,
):  # fmt: skip
    """``about(<what>=True)`` (PyMEL docs of about)."""
    maya = session.version
    answers = (
        (batch, session.batch),
        (version, str(maya.year)),
        (apiVersion, maya.api),
        (qtVersion, maya.qt),
        (installedVersion, f"Maya {maya.year}"),
        (product, f"Maya {maya.year}"),
        (operatingSystem, "linux64"),
        (linux, True),
        (linux64, True),
        (windows or win64 or ntOS or macOS or macOSx86 or macOSASi or ltVersion, False),
        (arm64, False),
        (majorVersion, str(maya.year)),
        (minorVersion, "0"),
        (preferences, os.path.join(user_folder(session), str(maya.year)).replace(os.sep, "/")),
        (uiLanguage, "en_US"),
        (application, "maya"),
    )
    asked = [answer for flag, answer in answers if flag]
    if len(asked) != 1:
        raise NotSimulatedError("about in this form")
    return asked[0]


@query("about")
def query_about(session: Session, **flags):
    """Real code adds query=True (section 9.2)."""
    return about(session, **flags)


def user_folder(session: Session) -> str:
    return os.environ.get("MAYA_APP_DIR") or os.path.join(tempfile.gettempdir(), "maya")


@command("internalVar")
def internal_var(
    session: Session, *, userAppDir=False, userPrefDir=False, userScriptDir=False, userShelfDir=False,
    userBitmapsDir=False, userTmpDir=False, userWorkspaceDir=False,
):  # fmt: skip
    """``internalVar(userAppDir=True)`` -> a folder with a slash at its end."""
    root = user_folder(session).replace(os.sep, "/")
    own = f"{root}/{session.version.year}"
    answers = (
        (userAppDir, f"{root}/"),
        (userPrefDir, f"{own}/prefs/"),
        (userScriptDir, f"{own}/scripts/"),
        (userShelfDir, f"{own}/prefs/shelves/"),
        (userBitmapsDir, f"{own}/prefs/icons/"),
        (userTmpDir, f"{tempfile.gettempdir()}/".replace(os.sep, "/")),
        (userWorkspaceDir, f"{root}/projects/"),
    )
    asked = [answer for flag, answer in answers if flag]
    if len(asked) != 1:
        raise NotSimulatedError("internalVar in this form")
    return asked[0]


@command("workspace")
def workspace(
    session: Session, *args, expandName=None, projectPath=None, rootDirectory=False, fullName=False,
    openWorkspace=False, fileRule=None, fileRuleEntry=None, directory=False, newWorkspace=False,
    saveWorkspace=False, create=None,
):  # fmt: skip
    """``workspace(expandName=path)``, ``workspace(folder, openWorkspace=True)`` … (section 4)."""
    project = session.workspace
    if expandName is not None:
        return project.full_path(expandName)
    if projectPath is not None:
        return project.project_path(projectPath)
    if isinstance(fileRuleEntry, str):
        return project.rules.get(fileRuleEntry, "")
    if isinstance(fileRule, (list, tuple)):
        key, value = fileRule[-2:] if not isinstance(fileRule[0], (list, tuple)) else fileRule[-1]
        project.rules[key] = value
        return None
    if openWorkspace or newWorkspace:
        if not args or (openWorkspace and not os.path.isdir(args[0])):
            raise RuntimeError(f"workspace: the project {args[0] if args else ''} does not exist.")
        project.root = args[0].replace(os.sep, "/").rstrip("/")
        return None
    if rootDirectory:
        return f"{project.root}/"
    if fullName or directory:
        return project.root
    if create is not None:
        os.makedirs(project.full_path(create), exist_ok=True)
        return None
    if saveWorkspace:
        return None
    raise NotSimulatedError("workspace in this form")


@query("workspace")
def query_workspace(
    session: Session,
    *args,
    rootDirectory=None,
    fullName=None,
    fileRuleEntry=None,
    fileRuleList=None,
    directory=None,
    expandName=None,
    projectPath=None,
):
    """``workspace(query=True, rootDirectory=True)`` -> folder with a slash; fullName without."""
    if fileRuleList:
        return list(session.workspace.rules)
    return workspace(
        session, *args, rootDirectory=bool(rootDirectory), fullName=bool(fullName),
        fileRuleEntry=fileRuleEntry, directory=bool(directory), expandName=expandName,
        projectPath=projectPath,
    )  # fmt: skip


@command("optionVar")
def option_var(
    session: Session, *, query=None, exists=None, intValue=None, floatValue=None, stringValue=None,
    remove=None, stringValueAppend=None, intValueAppend=None, floatValueAppend=None, clearArray=None,
    removeFromArray=None, list=False,
):  # fmt: skip
    """``optionVar(intValue=(name, value))``; ``optionVar(query=name)`` (section 6).

    An unknown name is answered by 0 (PyMEL docs of optionVar).
    """
    store = session.option_vars
    if query is not None:
        return store.get(query, 0)
    if exists is not None:
        return exists in store
    if list:
        return sorted(store)
    for pairs, kind in ((intValue, int), (floatValue, float), (stringValue, str)):
        for name, value in _pairs(pairs):
            store[name] = kind(value)
    for pairs, kind in ((intValueAppend, int), (floatValueAppend, float), (stringValueAppend, str)):
        for name, value in _pairs(pairs):
            present = store.get(name, [])
            store[name] = [*(present if isinstance(present, type([])) else [present]), kind(value)]
    for name in [clearArray] if isinstance(clearArray, str) else clearArray or ():
        store[name] = []
    for name, index in _pairs(removeFromArray):
        del store[name][index]
    for name in [remove] if isinstance(remove, str) else remove or ():
        store.pop(name, None)
    return None


def _pairs(given):
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


@command("loadPlugin")
def load_plugin(session: Session, *names, quiet=False, name=None):
    """``loadPlugin(path)`` -> list of the names that were loaded. Not undoable."""
    if not names:
        raise RuntimeError("loadPlugin: no plug-in was given.")
    return [plugin for path in names for plugin in plugin_commands.load(session, path, name)]


@command("unloadPlugin")
def unload_plugin(session: Session, *names, force=False):
    """``unloadPlugin(name)`` -> list of the names that were unloaded."""
    return [plugin for name in names for plugin in plugin_commands.unload(session, name, force)]


@query("pluginInfo")
def plugin_info(
    session: Session, name=None, *, loaded=None, listPlugins=None, command=None, version=None, vendor=None,
    path=None, autoload=None, registered=None, apiVersion=None,
):  # fmt: skip
    """``pluginInfo(name, query=True, loaded=True)`` and others."""
    plugins = session.plugins
    if listPlugins:
        return list(plugins.loaded) or None
    found = plugins.loaded.get(plugin_commands.stem(name or ""))
    if loaded or registered:
        return found is not None
    if found is None:
        raise RuntimeError(f"pluginInfo: the plug-in {name} is not registered.")
    if command:
        return list(found.commands) or None
    if autoload:
        return found.autoload
    return (
        found.version
        if version
        else found.vendor
        if vendor
        else found.path
        if path
        else str(session.version.api)
    )


@edit("pluginInfo", undoable=False)
def edit_plugin_info(session: Session, name, *, autoload=None):
    """``pluginInfo(name, edit=True, autoload=True)``."""
    found = session.plugins.loaded.get(plugin_commands.stem(name))
    if found is None:
        raise RuntimeError(f"pluginInfo: the plug-in {name} is not registered.")
    found.autoload = bool(autoload)


@command("warning")
def warning(session: Session, text, *, noContext=False, showLineNumber=False):
    """Show a warning."""
    session.say("warning", text)


@command("error")
def error(session: Session, text, *, noContext=False, showLineNumber=False):
    """Show an error and stop: raises RuntimeError."""
    session.say("error", text)
    raise RuntimeError(text)


@command("evalDeferred")
def eval_deferred(session: Session, script, *, lowestPriority=False, lowPriority=False, evaluateNext=False):
    """Run a function, or Python source, when Maya is idle."""
    from maya_standin import deferred

    session.idle.append(deferred.as_function(script))


@command("dirmap")
def dirmap(
    session: Session, *, enable=None, mapDirectory=None, convertDirectory=None, getMappedDirectory=None,
    unmapDirectory=None,
):  # fmt: skip
    """Map folders, when enabled; case counts (section 4)."""
    maps = session.workspace.maps
    if enable is not None:
        session.workspace.mapping = bool(enable)
    if mapDirectory is not None:
        for source, target in [mapDirectory] if isinstance(mapDirectory, tuple) else mapDirectory:
            maps[source] = target
    if unmapDirectory is not None:
        maps.pop(unmapDirectory, None)
    if convertDirectory is not None:
        return session.workspace.mapped(convertDirectory)
    if getMappedDirectory is not None:
        return maps.get(getMappedDirectory, "")
    return None


@query("dirmap")
def query_dirmap(session: Session, *, enable=None):
    """``dirmap(query=True, enable=True)``."""
    return session.workspace.mapping


@command("currentUnit", undoable=True)
def current_unit(session: Session, *, linear=None, angle=None, time=None, updateAnimation=None):
    """``currentUnit(linear="m")``: from now on `setAttr`, `getAttr` and `xform` take and give metres."""
    if (angle or "deg") not in ("deg", "degree"):
        raise NotSimulatedError("currentUnit: angles other than degrees")
    if time is not None and time != session.time_unit:
        raise NotSimulatedError("currentUnit: another unit of time, which moves the keys of a scene")
    if linear is None:
        return time or angle
    unit = units.LONG_NAMES.get(linear, linear)
    if unit not in units.CENTIMETRES:
        raise RuntimeError(f"currentUnit: {linear} is no unit of length.")
    before = session.linear_unit
    session.undo.apply(
        lambda: setattr(session, "linear_unit", units.CENTIMETRES[unit]),
        lambda: setattr(session, "linear_unit", before),
    )
    return linear


@query("currentUnit")
def query_current_unit(session: Session, *, linear=None, angle=None, time=None, fullName=None):
    """``currentUnit(query=True, linear=True)`` -> "cm", with fullName "centimeter"."""
    if linear:
        return units.name_of_length(session.linear_unit, long=bool(fullName))
    return ("degree" if fullName else "deg") if angle else session.time_unit


@command("loadModule")
def load_module(session: Session, *, load=None):
    """``loadModule(load="x.mod")`` -> None. Paths and environment stay as they are (section 11: NCCA's notes)."""
    if load is None:
        raise NotSimulatedError("loadModule without load")
    if not os.path.isfile(load):
        raise RuntimeError(f"loadModule: {load} was not found.")
    with open(load, encoding="utf-8") as file:
        lines = [line.split() for line in file if line.startswith("+")]
    if any(_is_for(session, words) for words in lines):
        session.modules.append(load)


def _is_for(session: Session, words: list[str]) -> bool:
    """Whether ``+ MAYAVERSION:2025 PLATFORM:win64 name version path`` is for this Maya, on Linux."""
    conditions = dict(word.split(":", 1) for word in words[1:-3])
    year = conditions.get("MAYAVERSION", str(session.version.year))
    return year == str(session.version.year) and conditions.get("PLATFORM", "linux") == "linux"


@query("loadModule")
def query_load_module(session: Session, *, allModules=None, scan=None):
    """``loadModule(query=True, allModules=True)`` -> the loaded .mod files."""
    return list(session.modules)


@command("moduleInfo")
def module_info(session: Session, *, listModules=False):
    """Modules that were on MAYA_MODULE_PATH at the start: none."""
    if listModules:
        return [os.path.splitext(os.path.basename(path))[0] for path in session.modules]
    raise NotSimulatedError("moduleInfo in this form")
