"""Windows, layouts, shelves, menus, panels, progress and dialogs.

A flag given on creation or in edit mode is kept and answers the query of the same name; what a flag does
beside that is written here. Sources: PyMEL docs of each command; deadline-cloud-for-maya shelf.py,
ynput/ayon-maya menu.py, maya-usd layer editor (section 6 of the fact sheet).
"""

from __future__ import annotations

from typing import Any

from maya_standin import deferred
from maya_standin.errors import NotSimulatedError
from maya_standin.registry import command, edit, query
from maya_standin.session import Session
from maya_standin.ui import Control

_LAYOUTS = ("columnLayout", "rowLayout", "formLayout", "frameLayout", "scrollLayout", "shelfLayout")
_CONTROLS = (
    "button",
    "text",
    "separator",
    "shelfButton",
    "iconTextButton",
    "menuItem",
    "progressBar",
    "checkBox",
)
_MENUS = ("menu", "popupMenu")
_KINDS = (*_LAYOUTS, *_CONTROLS, *_MENUS, "window")
_DEFAULTS = {
    "visible": True, "enable": True, "sourceType": "mel", "progress": 0, "maxValue": 100, "minValue": 0,
    "label": "", "annotation": "", "command": "", "image": "", "image1": "", "divider": False, "subMenu": False,
}  # fmt: skip
_MENU_PARENTS = {"menuItem": ("menu", "popupMenu", "menuItem"), "shelfButton": ("shelfLayout",)}


def _create(session: Session, kind: str, name: str | None, flags: dict[str, Any]) -> Any:
    ui = session.ui
    if flags.pop("exists", None):
        if name is None:
            raise RuntimeError(f"{kind}: the exists flag needs a name.")
        return ui.find(name, kind) is not None
    if kind in ("control", "layout", "shelfTabLayout"):
        raise NotSimulatedError(f"{kind}: only exists, query and edit are simulated")
    parent_name = flags.pop("parent", None)
    if kind == "window":
        parent = None
    else:
        parent = ui.get(parent_name) if parent_name else ui.current_parent
        if parent is None:
            raise RuntimeError(f"{kind}: No default parent available.")
        wanted = _MENU_PARENTS.get(kind)
        if wanted and parent.kind not in wanted:
            raise RuntimeError(f"{kind}: {parent.path} is a {parent.kind}, not a {' or '.join(wanted)}.")
    control = ui.add(kind, name, parent)
    _set(session, control, flags)
    if kind.endswith("Layout") or kind in ("window", "menu", "popupMenu") or flags.get("subMenu"):
        ui.current_parent = control
    return control.path


def _set(session: Session, control: Control, flags: dict[str, Any]) -> None:
    values = control.values
    if control.kind == "progressBar":
        _progress(session, values, flags)
    if control.kind == "shelfTabLayout" and "selectTab" in flags:
        _require_tab(control, flags["selectTab"])
    if control.kind == "shelfButton":
        flags = _shelf_button(values, dict(flags))
    for flag, value in flags.items():
        values[flag] = value


def _require_tab(layout: Control, name: str) -> None:
    if name not in [child.name for child in layout.children]:
        raise RuntimeError(f"shelfTabLayout: {layout.path} has no tab {name}.")


def _shelf_button(values: dict[str, Any], flags: dict[str, Any]) -> dict[str, Any]:
    """menuItem and menuItemPython add up: an item, and the index of an item that is Python."""
    if flags.get("sourceType", "mel") not in ("mel", "python"):
        raise RuntimeError(f"shelfButton: sourceType is mel or python, got {flags['sourceType']}.")
    for flag in ("menuItem", "menuItemPython"):
        if flag in flags:
            given = flags.pop(flag)
            values.setdefault(flag, []).extend(given if isinstance(given, list) else [given])
    for index in values.get("menuItemPython", ()):
        if not 0 <= index < len(values.get("menuItem", ())):
            raise RuntimeError(f"shelfButton: menuItemPython {index}: there is no such item.")
    return flags


def _progress(session: Session, values: dict[str, Any], flags: dict[str, Any]) -> None:
    if flags.pop("beginProgress", None):
        values["running"] = True
        values["progress"] = flags.get("minValue", values.get("minValue", 0))
        session.ui.cancelled = False
    if flags.pop("endProgress", None):
        values["running"] = False
    step = flags.pop("step", None)
    if step is not None:
        values["progress"] = min(values.get("progress", 0) + step, values.get("maxValue", 100))


def _query(session: Session, kind: str, name: str | None, flags: dict[str, Any]) -> Any:
    ui = session.ui
    if flags.pop("exists", None):
        return ui.find(name, kind) is not None
    if name is None:
        raise RuntimeError(f"{kind}: a query needs the name of the object.")
    control = ui.get(name, kind)
    asked = [flag for flag, value in flags.items() if value]
    if len(asked) != 1:
        raise RuntimeError(f"{kind}: query one flag at a time.")
    flag = asked[0]
    children = [child.name for child in control.children]
    special = {
        "childArray": children or None,
        "numberOfChildren": len(children),
        "itemArray": children or None,
        "numberOfItems": len(children),
        "parent": control.parent.path if control.parent else None,
        "fullPathName": control.path,
        "isCancelled": ui.cancelled,
        "tabLabel": [child.values.get("label", child.name) for child in control.children],
        "selectTabIndex": children.index(control.values["selectTab"]) + 1
        if control.values.get("selectTab") in children
        else 0,
        "menuArray": [child.name for child in control.children if child.kind == "menu"] or None,
    }
    if flag in special and not (flag == "childArray" and kind == "menu"):
        return special[flag]
    if flag in control.values:
        return control.values[flag]
    if flag in _DEFAULTS:
        return _DEFAULTS[flag]
    raise NotSimulatedError(f"{kind}(query=True, {flag}=True) of a value that was never set")


def _edit(session: Session, kind: str, name: str | None, flags: dict[str, Any]) -> Any:
    if name is None:
        raise RuntimeError(f"{kind}: an edit needs the name of the object.")
    control = session.ui.get(name, kind)
    if kind == "menu" and flags.pop("deleteAllItems", None):
        for child in list(control.children):
            session.ui.remove(child)
    _set(session, control, flags)
    return control.path


def _register(kind: str) -> None:
    def create_kind(session: Session, name=None, **flags: Any):
        return _create(session, kind, name, flags)

    def query_kind(session: Session, name=None, **flags: Any):
        return _query(session, kind, name, flags)

    def edit_kind(session: Session, name=None, **flags: Any):
        return _edit(session, kind, name, flags)

    command(kind)(create_kind)
    query(kind)(query_kind)
    edit(kind, undoable=False)(edit_kind)


for _kind in (*_KINDS, "control", "layout", "shelfTabLayout"):
    _register(_kind)


@command("workspaceControl")
def workspace_control(
    session: Session,
    name=None,
    *,
    exists=None,
    label=None,
    uiScript=None,
    retain=True,
    floating=None,
    loadImmediately=False,
    requiredPlugin=None,
    checksPlugins=None,
    tabToControl=None,
    dockToControl=None,
    dockToMainWindow=None,
    initialWidth=None,
    initialHeight=None,
    minimumWidth=None,
    visible=True,
    restore=None,
):
    """``workspaceControl(name, uiScript=)`` -> name; uiScript is required and builds the content.

    It runs at once with loadImmediately, else when Maya is idle; retain (the default) keeps a closed control.
    Where Maya has saved the state of a control of that name, its script and place are taken instead of the
    given ones (animkit's window module, text index file 68946860846).
    """
    ui = session.ui
    if name is None:
        raise RuntimeError("workspaceControl: give it a name.")
    found = ui.find(name, "workspaceControl")
    if exists:
        return found is not None
    if found is not None:
        raise RuntimeError(f"Object's name '{name}' is not unique.")
    if not uiScript:
        raise RuntimeError("workspaceControl: the uiScript flag is required.")
    docked = tabToControl or dockToControl or dockToMainWindow
    _check_targets(session, tabToControl, dockToControl)
    control = ui.add("workspaceControl", name, None)
    control.values.update(
        label=label or name, uiScript=uiScript, retain=bool(retain), visible=bool(visible), collapse=False,
        floating=not docked if floating is None else bool(floating), requiredPlugin=requiredPlugin,
        checksPlugins=checksPlugins, initialWidth=initialWidth, initialHeight=initialHeight,
        minimumWidth=minimumWidth,
    )  # fmt: skip
    control.values.update(ui.control_states.get(name, {}))
    if loadImmediately:
        load_content(session, control)
    else:
        session.idle.append(lambda: load_content(session, control) if control in ui.windows else None)
    return name


_SAVED = ("label", "uiScript", "floating", "tabToControl", "dockToControl", "dockToMainWindow")


def _check_targets(session: Session, *targets) -> None:
    for target in targets:
        if target and not _is_maya_panel(target[0]) and session.ui.find(target[0]) is None:
            raise RuntimeError(f"workspaceControl: there is no control {target[0]}.")


def _is_maya_panel(name: str) -> bool:
    return name in ("AttributeEditor", "ChannelBoxLayerEditor", "Outliner", "ToolSettings", "NEXDockControl")


def load_content(session: Session, control: Control) -> None:
    """Run the uiScript with the control as the parent of what it makes, once."""
    script = control.values["uiScript"]
    if control.values.get("loaded") or not control.values["visible"]:
        return
    control.values["loaded"] = True
    before, session.ui.current_parent = session.ui.current_parent, control
    try:
        deferred.as_function(script)()
    finally:
        session.ui.current_parent = before


@query("workspaceControl")
def query_workspace_control(session: Session, name=None, **flags: Any):
    """Answers what was given on creation."""
    return _query(session, "workspaceControl", name, flags)


@edit("workspaceControl", undoable=False)
def edit_workspace_control(
    session: Session, name=None, *, label=None, uiScript=None, visible=None, restore=None, close=None,
    retain=None, floating=None, tabToControl=None, dockToControl=None, dockToMainWindow=None,
    requiredPlugin=None, checksPlugins=None, collapse=None, initialWidth=None, initialHeight=None,
    minimumWidth=None,
):  # fmt: skip
    """``close`` hides a retained control and deletes another; ``restore`` shows it again."""
    ui = session.ui
    control = ui.get(name, "workspaceControl")
    _check_targets(session, tabToControl, dockToControl)
    if tabToControl or dockToControl or dockToMainWindow:
        floating = False
    given = {
        "label": label, "uiScript": uiScript, "visible": visible, "retain": retain, "floating": floating,
        "collapse": collapse, "requiredPlugin": requiredPlugin, "checksPlugins": checksPlugins,
        "tabToControl": tabToControl, "dockToControl": dockToControl, "dockToMainWindow": dockToMainWindow,
        "initialWidth": initialWidth, "initialHeight": initialHeight, "minimumWidth": minimumWidth,
    }  # fmt: skip
    control.values.update({flag: value for flag, value in given.items() if value is not None})
    if close:
        if control.values["retain"]:
            control.values["visible"] = False
        else:
            delete(session, control)
    if restore or visible:
        control.values["visible"] = True
        session.idle.append(lambda: load_content(session, control) if control in ui.windows else None)


@command("workspaceControlState")
def workspace_control_state(session: Session, name, *, exists=None, remove=None):
    """``workspaceControlState(name, exists=True)`` -> bool, ``remove=True``; "created when … closed" (docs)."""
    states = session.ui.control_states
    if exists:
        return name in states
    if not remove:
        raise NotSimulatedError("workspaceControlState: only exists and remove are simulated")
    if name not in states:
        raise RuntimeError(f"Object '{name}' not found.")
    del states[name]
    return None


def delete(session: Session, control: Control) -> None:
    """Remove a control with its Qt side; of a workspace control the state stays."""
    if control.kind == "workspaceControl":
        kept = {flag: control.values[flag] for flag in _SAVED if control.values.get(flag) is not None}
        session.ui.control_states[control.name] = kept
    if control.widget is not None:
        control.widget.deleteLater()
    session.ui.remove(control)


@command("deleteUI")
def delete_ui(
    session: Session,
    *names,
    control=False,
    layout=False,
    menu=False,
    menuItem=False,
    window=False,
    panel=False,
):
    """``deleteUI(names)``; what is not there raises."""
    from maya_standin import resolve

    if session.batch:
        raise RuntimeError("deleteUI: this command needs Maya's user interface, which batch mode lacks.")
    for name in resolve.flatten(names):
        delete(session, session.ui.get(name))


@command("objectTypeUI")
def object_type_ui(session: Session, name=None, *, isType=None):
    """``objectTypeUI(name)`` -> its type; ``isType=`` -> bool (PyMEL docs of objectTypeUI)."""
    _require_ui(session, "objectTypeUI")
    if name is None:
        raise RuntimeError("objectTypeUI: give it the name of an object.")
    kind = session.ui.get(name).kind
    return kind if isType is None else kind == isType


@command("setParent")
def set_parent(session: Session, name=None, *, upLevel=False):
    """``setParent(layout)``: where the next control goes."""
    _require_ui(session, "setParent")
    ui = session.ui
    if upLevel or name == "..":
        ui.current_parent = ui.current_parent.parent if ui.current_parent else None
    elif name is not None:
        ui.current_parent = ui.get(name) if name else None  # setParent("") in Autodesk's example of window
    return ui.current_parent.path if ui.current_parent else ""


@query("setParent")
def query_set_parent(session: Session, name=None):
    """``setParent(query=True)`` -> path."""
    _require_ui(session, "setParent")
    return session.ui.current_parent.path if session.ui.current_parent else ""


def _require_ui(session: Session, name: str) -> None:
    if session.batch:
        raise RuntimeError(f"{name}: this command needs Maya's user interface, which batch mode lacks.")


@command("lsUI")
def ls_ui(
    session: Session,
    *names,
    type=None,
    long=False,
    windows=False,
    menus=False,
    menuItems=False,
):
    """``lsUI(type=)`` -> names."""
    _require_ui(session, "lsUI")
    wanted = [type] if isinstance(type, str) else list(type or ())
    wanted += [
        kind for kind, given in (("window", windows), ("menu", menus), ("menuItem", menuItems)) if given
    ]
    return [c.path if long else c.name for c in session.ui.all() if not wanted or c.kind in wanted] or None


@command("showWindow")
def show_window(session: Session, name=None):
    """Show a window: "if no window is specified then the most recently created window is used" (docs)."""
    made = [
        window for window in session.ui.windows if window.kind == "window" and window.name != "MayaWindow"
    ]
    if name is None and not made:
        raise RuntimeError("showWindow: there is no window to show.")
    window = made[-1] if name is None else session.ui.get(name, "window")
    window.values["visible"] = True
    return window.name


@command("inViewMessage")
def in_view_message(
    session: Session, *, assistMessage=None, message=None, statusMessage=None, position="topCenter",
    fade=False, fadeStayTime=None, fadeInTime=None, fadeOutTime=None, alpha=None,
    backColor=None, dragKill=None,
):  # fmt: skip
    """``inViewMessage(assistMessage=, position=, fade=True)``."""
    text = assistMessage or message or statusMessage
    if text:
        session.say("inView", text)


@command("confirmDialog")
def confirm_dialog(
    session: Session, *, title=None, message=None, button=None, defaultButton=None, cancelButton=None,
    dismissString=None, icon=None, messageAlign=None, parent=None,
):  # fmt: skip
    """``confirmDialog(button=[...])`` -> the button that was pressed: the next answer of the test."""
    buttons = [button] if isinstance(button, str) else list(button or ["Confirm"])
    session.say("dialog", message or "")
    if not session.ui.answers:
        raise RuntimeError("confirmDialog: nobody is there to answer: use the fixture answer_dialogs")
    answer = session.ui.answers.pop(0)
    if answer not in (*buttons, dismissString or "dismiss"):
        raise RuntimeError(f"confirmDialog: there is no button {answer!r} among {buttons}")
    return answer


@command("progressWindow")
def progress_window(
    session: Session, *, title=None, status=None, progress=None, minValue=None, maxValue=None,
    isInterruptable=None, endProgress=None, step=None,
):  # fmt: skip
    """The one progress window: ``endProgress=True`` closes it. A second one is refused -> False."""
    ui = session.ui
    control = ui.find("progressWindow", "window")
    if endProgress:
        if control is not None:
            ui.remove(control)
        return True
    if control is not None:
        return False
    ui.cancelled = False
    control = ui.add("window", "progressWindow", None)
    control.values.update(
        status=status,
        progress=progress or 0,
        minValue=minValue or 0,
        maxValue=100 if maxValue is None else maxValue,
    )
    return True


@edit("progressWindow", undoable=False)
def edit_progress_window(
    session: Session, *, title=None, status=None, progress=None, maxValue=None, step=None, minValue=None
):
    """Set the status and the progress."""
    values = session.ui.get("progressWindow", "window").values
    if step is not None:
        values["progress"] += step
    values.update(
        {
            k: v
            for k, v in (("status", status), ("progress", progress), ("maxValue", maxValue))
            if v is not None
        }
    )


@query("progressWindow")
def query_progress_window(
    session: Session, *, isCancelled=None, progress=None, maxValue=None, minValue=None, status=None
):
    """``progressWindow(query=True, isCancelled=True)``."""
    if isCancelled:
        return session.ui.cancelled
    values = session.ui.get("progressWindow", "window").values
    return (
        values["progress"]
        if progress
        else values["maxValue"]
        if maxValue
        else values["minValue"]
        if minValue
        else values["status"]
    )
