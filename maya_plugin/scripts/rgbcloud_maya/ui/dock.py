"""The panel in a dockable control of Maya's.

An ordinary widget is put into a `workspaceControl`, whose uiScript makes it anew after a restart. Sources:
maya-usd's layer editor (control, uiScript, then the widget by `MQtUtil`); for what Maya keeps of a control,
tk-maya's pull request 23 and animkit (text index file 68946860846): the place and the script of a control
outlive it, so one that works is closed and restored, and only one that does not is made from nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from maya import cmds
from maya.OpenMayaUI import MQtUtil
from Qt import QtCompat, QtWidgets

from rgbcloud_maya.scene.scene_errors import SceneError
from rgbcloud_maya.ui.maya_host import MayaHost
from rgbcloud_panel.panel import Panel

if TYPE_CHECKING:
    from Qt import QtGui

CONTROL = "rgbcloudPanelControl"
_SCRIPT = "from rgbcloud_maya.ui import dock; dock.fill()"
_WIDTH, _HEIGHT = 1200, 720


class MayaPanel(Panel):
    """A panel that stops listening to the scene when it goes."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        self._maya = MayaHost()
        super().__init__(self._maya, parent)
        # Maya deletes the widget together with its control, without closing it.
        self.destroyed.connect(self._maya.stop_watching)

    def hideEvent(self, event: QtGui.QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the layout in mind: no close event is sent to a widget in a control."""
        self.remember_layout()
        super().hideEvent(event)


def show() -> None:
    """Show the panel, where the user had it last; in a window of its own the first time.

    Raises
    ------
    SceneError
        If it cannot be made.
    """
    if _panel() is not None:
        cmds.workspaceControl(CONTROL, edit=True, visible=True, restore=True)
        return
    if cmds.workspaceControl(CONTROL, exists=True):
        remove()  # it is empty: its script failed
    _create()
    if _panel() is None:
        remove()  # Maya has run a script that it had saved
        _create()
    if _panel() is None:
        raise SceneError("the panel could not be made; the Script Editor says why")


def close() -> None:
    """Close the control and the panel in it, if they are there; Maya remembers its place."""
    if cmds.workspaceControl(CONTROL, exists=True):
        cmds.workspaceControl(CONTROL, edit=True, close=True)


def remove() -> None:
    """Remove the control with all that Maya remembers of it."""
    if cmds.workspaceControl(CONTROL, exists=True):
        cmds.deleteUI(CONTROL, control=True)
    if cmds.workspaceControlState(CONTROL, exists=True):  # deleting has written it
        cmds.workspaceControlState(CONTROL, remove=True)


def fill() -> None:
    """Make the panel in the control that is being made: what its uiScript runs.

    Maya runs it again for a control that is filled, when another workspace is chosen for instance.
    """
    address = int(MQtUtil.getCurrentParent())
    parent = _widget(address)
    if parent.findChild(MayaPanel) is not None:
        return
    panel = MayaPanel(parent)
    MQtUtil.addWidgetToMayaLayout(int(QtCompat.getCppPointer(panel)), address)  # type: ignore[call-overload]


def _create() -> None:
    cmds.workspaceControl(
        CONTROL,
        label="rgbcloud",
        uiScript=_SCRIPT,
        retain=False,
        floating=True,
        loadImmediately=True,
        initialWidth=_WIDTH,
        initialHeight=_HEIGHT,
    )


def _panel() -> MayaPanel | None:
    """Return the panel in the control, None if there is no control or nothing in it."""
    address = MQtUtil.findControl(CONTROL)
    return cast("MayaPanel | None", _widget(int(address)).findChild(MayaPanel)) if address else None


def _widget(address: int) -> QtWidgets.QWidget:
    return cast("QtWidgets.QWidget", QtCompat.wrapInstance(address, QtWidgets.QWidget))
