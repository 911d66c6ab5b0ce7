"""Where PySide2 and PySide6 differ, and images from arrays."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np
from Qt import QtCore, QtGui, QtWidgets

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from rgbcloud.color import UInt8Array


def position(event: QtGui.QMouseEvent | QtGui.QWheelEvent) -> QtCore.QPointF:
    """Return where in the widget a mouse or wheel event happened."""
    # Mouse events of Qt 5 have the one; all events of Qt 6, and wheel events of Qt 5.14, have the other.
    name = "position" if hasattr(event, "position") else "localPos"
    place: QtCore.QPointF = getattr(event, name)()
    return place


def rgb_image(pixels: UInt8Array) -> QtGui.QImage:
    """Return texels of shape (h, w, 3) or (h, w, 4), uint8, as an image that owns its memory."""
    height, width, channels = pixels.shape
    formats = {3: QtGui.QImage.Format.Format_RGB888, 4: QtGui.QImage.Format.Format_RGBA8888}
    packed = np.ascontiguousarray(pixels)
    image = QtGui.QImage(packed.data, width, height, width * channels, formats[channels])
    return image.copy()


def canvas_image(canvas: npt.NDArray[np.uint32]) -> QtGui.QImage:
    """Return a canvas of shape (h, w), uint32, 0xffRRGGBB, as an image that owns its memory."""
    height, width = canvas.shape
    image = QtGui.QImage(canvas.data, width, height, width * 4, QtGui.QImage.Format.Format_RGB32)
    return image.copy()


def color_of(rgb: UInt8Array) -> QtGui.QColor:
    """Return one RGB triple as Qt's colour."""
    return QtGui.QColor(int(rgb[0]), int(rgb[1]), int(rgb[2]))


_ARROWS = {
    int(QtCore.Qt.Key.Key_Left): (-1, 0),
    int(QtCore.Qt.Key.Key_Right): (1, 0),
    int(QtCore.Qt.Key.Key_Up): (0, -1),
    int(QtCore.Qt.Key.Key_Down): (0, 1),
}


def arrow(event: QtGui.QKeyEvent) -> tuple[int, int] | None:
    """Return the direction of an arrow key, as steps to the right and down; None of other keys."""
    return _ARROWS.get(int(event.key()))


def show_checked(button: QtWidgets.QToolButton) -> None:
    """Make a checkable button stand out while it is on, which some styles hardly show."""
    button.setCheckable(True)
    plain = button.palette()
    role = QtGui.QPalette.ColorRole
    lit = button.palette()
    lit.setColor(role.Button, lit.color(role.Highlight))
    lit.setColor(role.ButtonText, lit.color(role.HighlightedText))
    button.toggled.connect(lambda on: button.setPalette(lit if on else plain))


@contextlib.contextmanager
def without_signals(*widgets: QtCore.QObject) -> Iterator[None]:
    """Keep widgets from sending signals: what changes them does not come from the user."""
    before = [widget.blockSignals(True) for widget in widgets]
    try:
        yield
    finally:
        for widget, was_blocked in zip(widgets, before):
            widget.blockSignals(was_blocked)
