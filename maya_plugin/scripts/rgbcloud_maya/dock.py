"""The panel in a dockable control of Maya's.

An ordinary widget is put into a `workspaceControl`, whose uiScript makes it anew after a restart. Sources:
maya-usd's layer editor (control, uiScript, then the widget by `MQtUtil`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from maya import cmds
from maya.OpenMayaUI import MQtUtil
from Qt import QtCompat, QtWidgets

from rgbcloud_maya.maya_host import MayaHost
from rgbcloud_panel.panel import Panel

if TYPE_CHECKING:
    from Qt import QtGui

CONTROL = "rgbcloudPanelControl"
_SCRIPT = "from rgbcloud_maya import dock; dock.fill()"
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
    """Show the panel in a control of its own; one that is there is made anew."""
    close()
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


def close() -> None:
    """Remove the control and the panel in it, if they are there."""
    if cmds.workspaceControl(CONTROL, exists=True):
        cmds.deleteUI(CONTROL, control=True)


def fill() -> None:
    """Make the panel in the control that is being made: what its uiScript runs."""
    address = int(MQtUtil.getCurrentParent())
    parent = QtCompat.wrapInstance(address, QtWidgets.QWidget)
    panel = MayaPanel(cast("QtWidgets.QWidget", parent))
    MQtUtil.addWidgetToMayaLayout(int(QtCompat.getCppPointer(panel)), address)  # type: ignore[call-overload]
