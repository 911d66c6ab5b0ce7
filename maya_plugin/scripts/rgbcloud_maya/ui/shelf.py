"""The shelf: a tab of our own with a button for each thing that artists do all day.

Maya writes shelves into the user's preferences when it ends, so a shelf outlives the session and even the
module. `install` therefore brings up to date what it finds, and `remove` also takes back what Maya saved.
What the user put on the tab stays.

Sources: deadline-cloud-for-maya shelf.py (layout, buttons, the current tab); Autodesk's deleteShelfTab.mel
as public copies of it show it (option variables and saved files of shelves).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from maya import cmds, mel

from rgbcloud_maya.ui.buttons import PALETTE_SIZES

SHELF = "rgbcloud"
_OURS = "rgbcloud_maya"  # in the command of each of our buttons
_SAVED = ("shelfLoad", "shelfName", "shelfAlign", "shelfFile")  # option variables, each with a tab's number


class Button(NamedTuple):
    """A button: a function of `rgbcloud_maya.ui.buttons`, and what its menu calls it with."""

    label: str
    function: str
    annotation: str
    menu: tuple[tuple[str, str], ...]

    @property
    def image(self) -> str:
        """The icon, which Maya looks for in the module's `icons`."""
        return f"rgbcloud_{self.label.lower()}.svg"

    @property
    def command(self) -> str:
        """What a click runs."""
        return call(self.function)


def call(function: str, argument: object = "") -> str:
    """Return the Python source that calls a function of `rgbcloud_maya.ui.buttons`."""
    return f"from rgbcloud_maya.ui import buttons; buttons.{function}({argument})"


def palette_menu(function: str) -> tuple[tuple[str, str], ...]:
    """Return a menu entry for every size of palette: what it says and the source that it runs."""
    return tuple((f"{size} colours", call(function, size)) for size in PALETTE_SIZES)


BUTTONS = (
    Button(
        "Cloud",
        "cloud",
        "Show the selection's colours in the RGB cube, with a palette of 16. Right-click: other sizes.",
        palette_menu("cloud"),
    ),
    Button(
        "Reduce",
        "reduce",
        "Reduce the selection's textures to 16 colours. Right-click: other sizes.",
        palette_menu("reduce"),
    ),
    Button(
        "Revert",
        "revert",
        "Bring the selection's original textures back. Right-click: all, or reduce them anew.",
        (("All textures of the scene", call("revert_all")), *palette_menu("reduce")),
    ),
    Button(
        "Panel",
        "panel",
        "Look at textures, their colours and what they become, and reduce them there.",
        (("Close the panel", call("close_panel")),),
    ),
)


def install() -> None:
    """Add the shelf, or bring the one that is there up to date. The user's current tab stays in front.

    Where this Maya has no shelves, nothing is done: the menu offers all that they do.
    """
    top = _top()
    if not top:
        return
    tab = cmds.shelfTabLayout(top, query=True, selectTab=True)
    shelf = f"{top}|{SHELF}"
    try:
        if not cmds.shelfLayout(shelf, exists=True):
            cmds.shelfLayout(SHELF, parent=top)
        _delete_buttons(shelf)
        for button in BUTTONS:
            cmds.shelfButton(
                parent=shelf,
                label=button.label,
                annotation=button.annotation,
                image=button.image,
                style="iconOnly",
                command=button.command,
                sourceType="python",
                menuItem=list(button.menu),
                menuItemPython=list(range(len(button.menu))),
            )
    finally:
        if tab:
            cmds.shelfTabLayout(top, edit=True, selectTab=tab)


def remove() -> None:
    """Remove our buttons, and the shelf unless the user has put something else there."""
    top = _top()
    shelf = f"{top}|{SHELF}"
    if not top or not cmds.shelfLayout(shelf, exists=True):
        return
    _delete_buttons(shelf)
    if cmds.shelfLayout(shelf, query=True, childArray=True):
        return
    tabs = cmds.shelfTabLayout(top, query=True, childArray=True)
    _forget_saved(len(tabs))
    cmds.deleteUI(shelf, layout=True)
    _retire_saved_file()


def _top() -> str:
    """Return the layout that holds all shelves; "" where a workspace has none."""
    return str(mel.eval("$rgbcloud_shelves = $gShelfTopLevel"))  # type: ignore[no-untyped-call]


def _delete_buttons(shelf: str) -> None:
    for name in cmds.shelfLayout(shelf, query=True, childArray=True) or ():
        control = f"{shelf}|{name}"
        if cmds.objectTypeUI(control) != "shelfButton":
            continue
        if _OURS in cmds.shelfButton(control, query=True, command=True):
            cmds.deleteUI(control)


def _forget_saved(count: int) -> None:
    """Close the gap that our tab leaves among the option variables of `count` tabs, numbered from 1."""
    numbers = range(1, count + 1)
    names = [cmds.optionVar(query=f"shelfName{number}") for number in numbers]
    if SHELF not in names:
        return
    for number in numbers[names.index(SHELF) :]:
        for name in _SAVED:
            _move_option(f"{name}{number + 1}", f"{name}{number}")


def _move_option(source: str, target: str) -> None:
    if not cmds.optionVar(exists=source):
        cmds.optionVar(remove=target)
        return
    value = cmds.optionVar(query=source)
    if isinstance(value, str):
        cmds.optionVar(stringValue=(target, value))
    else:
        cmds.optionVar(intValue=(target, value))


def _retire_saved_file() -> None:
    """Rename what Maya saved of the shelf, as Maya does when a user deletes one."""
    for folder in cmds.internalVar(userShelfDir=True).split(os.pathsep):
        saved = Path(folder, f"shelf_{SHELF}.mel")
        if saved.is_file():
            saved.replace(saved.with_name(f"{saved.name}.deleted"))
