"""The Qt side of controls, made when somebody asks for it: PySide6 or PySide2, whichever is installed."""

from __future__ import annotations

from typing import Any

from maya_standin.ui import Control


def _binding() -> tuple[Any, Any]:
    """Return QtWidgets and shiboken.

    Raises
    ------
    RuntimeError
        If no binding is installed, or no QApplication runs: in Maya one always does.
    """
    try:
        import shiboken6 as shiboken
        from PySide6 import QtWidgets
    except ImportError:
        import shiboken2 as shiboken
        from PySide2 import QtWidgets
    if QtWidgets.QApplication.instance() is None:
        raise RuntimeError("no QApplication runs: a test with widgets has to start one before")
    return QtWidgets, shiboken


def widget_of(control: Control) -> Any:
    """Return the widget of a control: a main window for Maya's, a plain widget with a layout for others."""
    if control.widget is None:
        widgets, _ = _binding()
        if control.path == "MayaWindow":
            control.widget = widgets.QMainWindow()
        else:
            control.widget = widgets.QWidget(widget_of(control.parent) if control.parent else None)
            layout = widgets.QVBoxLayout(control.widget)
            layout.setContentsMargins(0, 0, 0, 0)
        control.widget.setObjectName(control.name)
    return control.widget


def address(widget: Any) -> int:
    """Return the address of the C++ object, what `wrapInstance` takes."""
    return int(_binding()[1].getCppPointer(widget)[0])


def put_into(widget: int, parent: int) -> None:
    """Make one widget a child of another, in its layout."""
    widgets, shiboken = _binding()
    child = shiboken.wrapInstance(widget, widgets.QWidget)
    above = shiboken.wrapInstance(parent, widgets.QWidget)
    if above.layout() is None:
        widgets.QVBoxLayout(above)
    above.layout().addWidget(child)
