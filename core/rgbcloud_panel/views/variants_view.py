"""Four variants side by side, each with its bytes and its error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from Qt import QtCore, QtGui

from rgbcloud_panel import qt
from rgbcloud_panel.state.outputs import file_size
from rgbcloud_panel.state.variants import COUNT
from rgbcloud_panel.views.picture_viewport import SMALLEST, Viewport, paint_note
from rgbcloud_panel.views.session_view import SessionView

if TYPE_CHECKING:
    from rgbcloud_panel.state.session import Session
    from rgbcloud_panel.state.variants import Variant

_GAP = 2  # pixels between two


class VariantsView(SessionView):
    """Variants in two rows; zoom and pan are those of all.

    Click, 1 to 4: take one. Wheel, + and -: zoom. Drag: pan. F, 0: fit. Esc: back to the picture.
    """

    left = QtCore.Signal()
    """One was taken, or none is wanted."""

    def __init__(self, session: Session) -> None:
        tooltip = "Click a variant, or press its number, to go on with it; wheel zooms, drag pans"
        super().__init__(session, "Variants", tooltip)
        self._viewport = Viewport()
        self._hovered: int | None = None
        self.setMinimumSize(*SMALLEST)
        session.events.subscribe(self._new_source, "source")
        session.events.subscribe(self._show, "variants")

    def cell(self, index: int) -> QtCore.QRect:
        """Return where a variant is seen."""
        row, column = divmod(index, 2)
        width, height = (self.width() - _GAP) // 2, (self.height() - _GAP) // 2
        return QtCore.QRect(column * (width + _GAP), row * (height + _GAP), width, height)

    def take(self, index: int) -> None:
        """Go on with a variant."""
        items = self._session.variants.items
        if index < len(items):
            values = items[index].values
            self.left.emit()
            self._session.change(**values)

    def _new_source(self) -> None:
        picture = self._session.state.picture
        if picture is not None:
            self._viewport.image = picture.pyramid.size
            self._viewport.fit()
        self.update()

    def _show(self) -> None:
        lines = [f"{index + 1}: {_describe(item)}" for index, item in enumerate(self._session.variants.items)]
        self.setAccessibleDescription(". ".join(lines))
        self.update()

    # Painting

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw all variants."""
        painter = QtGui.QPainter(self)
        items = self._session.variants.items
        if not items:
            self._paint_text(painter, "Four variants will stand here")
        for index, item in enumerate(items):
            self._paint_variant(painter, index, item)

    def _paint_variant(self, painter: QtGui.QPainter, index: int, item: Variant) -> None:
        cell = self.cell(index)
        painter.save()
        painter.setClipRect(cell)
        painter.fillRect(cell, self.palette().color(QtGui.QPalette.ColorRole.Dark))
        painter.translate(cell.topLeft())
        if item.pyramid is not None:
            self._viewport.ratio = self.devicePixelRatioF()
            region = self._viewport.region(item.pyramid)
            texels = np.ascontiguousarray(region.of(item.pyramid.levels))
            self._viewport.paint(painter, qt.rgb_image(texels), region)
        area = QtCore.QRect(QtCore.QPoint(6, 6), cell.size() - QtCore.QSize(12, 12))
        paint_note(painter, f"{index + 1}   {item.name}", area)
        paint_note(painter, _figures(item), area, at_bottom=True)
        if index == self._hovered:
            painter.setPen(QtGui.QPen(self.palette().color(QtGui.QPalette.ColorRole.Highlight), 2))
            painter.drawRect(QtCore.QRect(QtCore.QPoint(1, 1), cell.size() - QtCore.QSize(2, 2)))
        painter.restore()

    # Mouse and keys

    def _index_at(self, where: QtCore.QPointF) -> int | None:
        point = where.toPoint()
        return next((index for index in range(COUNT) if self.cell(index).contains(point)), None)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move them all."""
        where = qt.position(event)
        if self._pressed is not None and not self._is_click(where):
            self._viewport.pan(where - self._last)
            self._last = where
        self._hovered = self._index_at(where)
        self.update()

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go; a click takes a variant."""
        where = qt.position(event)
        index, is_click = self._index_at(where), self._is_click(where)
        self._pressed = None
        if is_click and index is not None and event.button() == QtCore.Qt.MouseButton.LeftButton:
            self.take(index)

    def leaveEvent(self, _event: QtCore.QEvent) -> None:  # noqa: N802 - Qt's name
        """None is under the cursor any more."""
        self._hovered = None
        self.update()

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom around the cursor."""
        index = self._index_at(qt.position(event))
        if index is not None:
            self._viewport.turn_wheel(event, qt.position(event) - QtCore.QPointF(self.cell(index).topLeft()))
            self.update()
        event.accept()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See the class."""
        keys = QtCore.Qt.Key
        numbers = (keys.Key_1, keys.Key_2, keys.Key_3, keys.Key_4)
        if event.key() in numbers:
            self.take(numbers.index(event.key()))
        elif event.key() == keys.Key_Escape:
            self.left.emit()
        elif self._viewport.press_key(event):
            self.update()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, _event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep fitted pictures fitted."""
        self._viewport.resize(self.cell(0).size(), self.devicePixelRatioF())


def _figures(item: Variant) -> str:
    """Return bytes and error of a variant."""
    if item.problem:
        return item.problem
    report = item.report
    if report is None:
        return "…"
    share = f"{file_size(report.bytes_after)} ({report.bytes_after / report.bytes_before:.0%})"
    error = f"MSE {report.mse:.2f}" if report.delta_e is None else f"dE2000 {report.delta_e:.2f}"
    return f"{share}, {error}"


def _describe(item: Variant) -> str:
    return f"{item.name}, {_figures(item)}"
