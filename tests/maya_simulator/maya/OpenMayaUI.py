"""`maya.OpenMayaUI`: `MQtUtil` as far as docking needs it: addresses of Qt objects."""

from __future__ import annotations

from typing import Any

from maya_standin import qt
from maya_standin.errors import NotSimulatedError
from maya_standin.session import current, require_main_thread


class MQtUtil:
    """Between Maya's names of controls and Qt's widgets. Without a user interface everything is None."""

    @staticmethod
    def mainWindow() -> int | None:
        return MQtUtil._address("MayaWindow", "window")

    @staticmethod
    def findControl(name: str) -> int | None:
        return MQtUtil._address(name)

    findLayout = findWindow = findMenuItem = findControl

    @staticmethod
    def getCurrentParent() -> int | None:
        parent = current().ui.current_parent
        return qt.address(qt.widget_of(parent)) if parent else None

    @staticmethod
    def fullName(address: int) -> str:
        for control in current().ui.all():
            if control.widget is not None and qt.address(control.widget) == int(address):
                return control.path
        return ""

    @staticmethod
    def addWidgetToMayaLayout(widget: int, layout: int) -> None:
        require_main_thread()
        qt.put_into(int(widget), int(layout))

    @staticmethod
    def _address(name: str, kind: str | None = None) -> int | None:
        require_main_thread()
        session = current()
        if session.batch:
            return None
        control = session.ui.find(name, kind)
        return qt.address(qt.widget_of(control)) if control else None


def __getattr__(name: str) -> Any:
    if name.startswith("M"):
        raise NotSimulatedError(f"maya.OpenMayaUI.{name} is not simulated")
    raise AttributeError(f"module 'maya.OpenMayaUI' has no attribute {name!r}")
