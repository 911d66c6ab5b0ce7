"""What views of a session share: a name, the mouse, and what is drawn in all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from Qt import QtCore, QtGui, QtWidgets

from rgbcloud_panel import qt

if TYPE_CHECKING:
    from rgbcloud_panel.state.session import Session
    from rgbcloud_panel.state.texture_state import TextureState

_STILL = 4  # pixels that the mouse may move in a click


class SessionView(QtWidgets.QWidget):
    """A view that mouse and keys work on."""

    def __init__(self, session: Session, name: str, tooltip: str) -> None:
        super().__init__()
        self._session = session
        self._pressed: QtCore.QPointF | None = None  # where the mouse went down, while it is
        self._last = QtCore.QPointF()  # where it was dragged to
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        self.setToolTip(tooltip)

    @property
    def _state(self) -> TextureState:
        return self._session.state

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of what is seen."""
        self._pressed = self._last = qt.position(event)

    def _is_click(self, where: QtCore.QPointF) -> bool:
        """Return whether the mouse is down, and has hardly moved since."""
        return self._pressed is not None and (where - self._pressed).manhattanLength() < _STILL

    def _paint_text(self, painter: QtGui.QPainter, text: str) -> None:
        """Say in the middle what will stand here."""
        painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.PlaceholderText))
        painter.drawText(self.rect(), QtCore.Qt.AlignmentFlag.AlignCenter, text)

    def _paint_focus(self, painter: QtGui.QPainter) -> None:
        """Frame the view that keys are for."""
        if self.hasFocus():
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, on=False)
            painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.Highlight))
            painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
