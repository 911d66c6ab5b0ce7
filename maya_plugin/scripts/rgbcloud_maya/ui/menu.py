"""The menu in the main window: what the shelf offers and what is needed less often."""

from __future__ import annotations

from maya import cmds, mel

from rgbcloud_maya.ui.shelf import call, palette_menu

MENU = "rgbcloudMenu"


def install() -> None:
    """Add the menu; one that is there is made anew."""
    window = str(mel.eval("$rgbcloud_window = $gMainWindow"))  # type: ignore[no-untyped-call]
    remove()
    menu = cmds.menu(MENU, label="rgbcloud", parent=window, tearOff=True)
    _add(menu, "Panel", "panel", "Look at textures, their colours and what they become")
    cmds.menuItem(parent=menu, divider=True)
    _add_sizes(menu, "Reduce Textures", "reduce", "Reduce the selection's textures to so many colours")
    _add(menu, "Apply Locators", "apply_locators", "Rebuild a cloud's textures with its moved colours")
    _add(menu, "Revert Textures", "revert", "Bring the selection's original textures back")
    _add(menu, "Revert All Textures", "revert_all", "Bring all original textures of the scene back")
    cmds.menuItem(parent=menu, divider=True)
    _add_sizes(menu, "Reduce by Surface", "reduce_by_surface", "Texels count as much as models show of them")
    _add(menu, "Show Error on Models", "show_error", "Show how far textures are off; again: the textures")
    cmds.menuItem(parent=menu, divider=True)
    _add_sizes(menu, "Build Cloud", "cloud", "Show the selection's colours as points in the RGB cube")
    _add(menu, "Remove Cloud", "remove_cloud", "Remove the selected cloud, or the only one")


def remove() -> None:
    """Remove the menu if it is there."""
    if cmds.menu(MENU, exists=True):
        cmds.deleteUI(MENU, menu=True)


def _add(menu: str, label: str, function: str, annotation: str) -> None:
    cmds.menuItem(
        parent=menu, label=label, annotation=annotation, command=call(function), sourceType="python"
    )


def _add_sizes(menu: str, label: str, function: str, annotation: str) -> None:
    """Add a submenu with an entry for every size of palette."""
    submenu = cmds.menuItem(parent=menu, label=label, annotation=annotation, subMenu=True)
    for size, command in palette_menu(function):
        cmds.menuItem(parent=submenu, label=size, command=command, sourceType="python")
