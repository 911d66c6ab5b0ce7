"""Shelf and menu as one: added when the plug-in is loaded, removed when it is unloaded, absent in batch."""

from __future__ import annotations

from maya import cmds, utils  # type: ignore[attr-defined] # the stubs lack it

_wanted = False


def install_ui() -> None:
    """Add the shelf and the menu once Maya is idle.

    A plug-in that loads by itself does so before there are shelves.
    """
    global _wanted  # whether the plug-in is still loaded when Maya gets to it
    _wanted = not cmds.about(batch=True)
    if _wanted:
        utils.executeDeferred(_install)


def remove_ui() -> None:
    """Remove the shelf and the menu, and stop listening to undo."""
    from rgbcloud_maya.scene import viewport
    from rgbcloud_maya.ui import menu, shelf

    global _wanted
    _wanted = False
    if not cmds.about(batch=True):
        viewport.stop_watching()
        menu.remove()
        shelf.remove()


def _install() -> None:
    from rgbcloud_maya.scene import messages, viewport
    from rgbcloud_maya.ui import menu, shelf

    if not _wanted:
        return
    menu.install()  # first: it offers all that the shelf does
    try:
        shelf.install()
    except RuntimeError as error:
        messages.warning(f"rgbcloud could not make its shelf ({error}); its menu offers the same")
    viewport.watch()
    _leave_a_core()


def _leave_a_core() -> None:
    """Keep one core out of rgbcloud's work, for Maya's interface; a farm has none to keep."""
    try:
        from rgbcloud import set_thread_count, thread_count
    except ImportError:  # no numpy yet: the commands say what to do
        return
    set_thread_count(None)  # when the plug-in is loaded again, count from all cores
    set_thread_count(max(1, thread_count() - 1))
