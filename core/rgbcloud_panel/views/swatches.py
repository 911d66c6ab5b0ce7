"""The palette: a swatch for every colour, to look at and to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from Qt import QtCore, QtGui, QtWidgets

from rgbcloud.color import srgb8_to_linear
from rgbcloud_panel import qt
from rgbcloud_panel.edits.editing import find_same_color
from rgbcloud_panel.views.color_dialog import choose_color
from rgbcloud_panel.views.session_view import SessionView

if TYPE_CHECKING:
    from rgbcloud import Palette
    from rgbcloud.color import UInt8Array
    from rgbcloud_panel.state.session import Session

_LARGEST, _SMALLEST = 64, 7  # pixels a side
_TEXT_FROM = 40  # pixels a side from which on a swatch says its share
_WIDEST = 2  # times as wide as high
_GAP = 3
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # ITU-R BT.709
_AS_FAR = 0.179  # from black and white, by the contrast of WCAG 2: 4.5 and more to the farther one
_STILL = 5  # pixels that the mouse may move in a click
_TOOLTIP = "Click a swatch to see its texels, double-click to change it, drag to reorder"


class Swatches(SessionView):
    """The palette in its order.

    Click, Space: let a cluster stand out. Ctrl or Shift and click: select several. Double-click, Enter:
    another colour. Drag, Alt and arrows: another place. M: merge, L: lock what is selected.
    Ctrl+C: copy as hex.
    """

    selected = QtCore.Signal()
    """Other swatches are selected."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Palette", _TOOLTIP)
        self._selection: set[int] = set()
        self._current = 0
        self._shown: object = None  # the state that selection and current are of
        self._clusters: Palette | None = None
        self._dragged: int | None = None
        self._drop: int | None = None
        self.setMinimumHeight(76)
        self.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        session.events.subscribe(self._new_palette, "palette")
        session.events.subscribe(self._follow_picked, "picked")
        session.events.subscribe(self.update, "settings")

    @property
    def selection(self) -> tuple[int, ...]:
        """The indices of the selected colours, ascending."""
        return tuple(sorted(self._selection))

    def _follow_picked(self) -> None:
        """Select the cluster that was picked, wherever that was."""
        picked = self._session.state.picked
        if picked is not None and picked < self._count and picked not in self._selection:
            self._current = picked
            self._select({picked})
        self.update()

    def toggle(self, index: int) -> None:
        """Select one more colour, or one less."""
        if 0 <= index < self._count:
            self._current = index
            self._select(self._selection ^ {index})

    def recolor(self, color: UInt8Array) -> None:
        """Give the selected colour, or the current one, the colour of a texel."""
        index = min(self._selection, default=self._current)
        if index < self._count:
            self._session.recolor(index, color.tolist())

    def merge(self) -> None:
        """Make the selected colours one."""
        if len(self._selection) > 1:
            first = min(self._selection)
            self._session.merge(self.selection)
            self._current = first
            self._select({first})

    def lock(self) -> None:
        """Lock the selected colours, or unlock them."""
        self._session.lock(self.selection)

    def copy(self) -> None:
        """Copy the selected colours, or all, as hex: one a line."""
        palette = self._session.palette
        if palette is not None:
            colors = palette.to_hex()
            chosen = self.selection or range(len(colors))
            QtWidgets.QApplication.clipboard().setText("\n".join(colors[index] for index in chosen))

    def edit(self, index: int) -> None:
        """Ask for another colour; the picture follows while it is being chosen."""
        choose_color(self, self._session, index)

    def _new_palette(self) -> None:
        """Keep the same clusters selected, wherever they stand now."""
        edited, before = self._session.state.edited, self._clusters
        self._clusters = None if edited is None else edited.clusters
        if before is None or self._clusters is None or self._shown is not self._session.state:
            self._current, selection = 0, set()
        else:
            selection = {find_same_color(before, self._clusters, index) for index in self._selection}
            # Where no hand has been, keys begin at the first.
            touched = self.hasFocus() or self._selection
            self._current = find_same_color(before, self._clusters, self._current) if touched else 0
        self._shown = self._session.state
        if selection != self._selection:
            self._select(selection)
        self.update()

    def _select(self, indices: set[int]) -> None:
        self._selection = indices
        self.selected.emit()
        self.update()

    # Layout

    @property
    def _count(self) -> int:
        return 0 if self._session.palette is None else len(self._session.palette)

    def _grid(self) -> tuple[int, int, int]:
        """Return width and height of a swatch, and how many stand in a row: the highest that all fit."""
        for height in range(_LARGEST, _SMALLEST, -1):
            columns = max(1, (self.width() + _GAP) // (height + _GAP))
            rows = -(-self._count // columns)
            if rows * (height + _GAP) - _GAP <= self.height():
                break
        columns = max(1, -(-self._count // max(1, rows)))  # rows of equal length
        width = (self.width() + _GAP) // columns - _GAP
        return max(height, min(width, _WIDEST * height)), height, columns

    def swatch_rect(self, index: int, grid: tuple[int, int, int] | None = None) -> QtCore.QRect:
        """Return where a swatch is, in the grid that is given or found."""
        width, height, columns = grid or self._grid()
        row, column = divmod(index, columns)
        return QtCore.QRect(column * (width + _GAP), row * (height + _GAP), width, height)

    def _index_at(self, where: QtCore.QPointF) -> int | None:
        width, height, columns = self._grid()
        column, row = int(where.x() // (width + _GAP)), int(where.y() // (height + _GAP))
        index = row * columns + column
        return index if 0 <= column < columns and 0 <= index < self._count and where.y() >= 0 else None

    # Painting

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw all swatches."""
        painter = QtGui.QPainter(self)
        palette = self._session.palette
        if palette is None:
            self._paint_text(painter, "The palette will stand here")
            return
        font = painter.font()
        font.setPixelSize(max(9, self.fontInfo().pixelSize() - 2))
        painter.setFont(font)
        grid, locked, shares = self._grid(), self._session.locked, palette.shares.tolist()
        for index, color in enumerate(palette.colors):
            rect = self.swatch_rect(index, grid)
            self._paint_swatch(painter, index, rect, color, shares[index])
            if index in locked:
                self._paint_lock(painter, rect)
        if self._drop is not None:
            self._paint_drop(painter, self._drop)

    def _paint_swatch(
        self, painter: QtGui.QPainter, index: int, rect: QtCore.QRect, color: UInt8Array, share: float
    ) -> None:
        picked = self._session.state.picked
        if picked is not None and picked != index:
            painter.setOpacity(0.35)
        painter.fillRect(rect, qt.color_of(color))
        if rect.width() >= _TEXT_FROM:
            light = float(_LUMINANCE @ srgb8_to_linear(color[np.newaxis])[0])
            painter.setPen(QtGui.QColor(0, 0, 0) if light > _AS_FAR else QtGui.QColor(255, 255, 255))
            text = f"{share:.1%}" if share < 0.0995 else f"{share:.0%}"
            flags = QtCore.Qt.AlignmentFlag.AlignHCenter | QtCore.Qt.AlignmentFlag.AlignBottom
            painter.drawText(rect.adjusted(0, 0, 0, -3), int(flags), text)
        painter.setOpacity(1.0)
        role = QtGui.QPalette.ColorRole
        if index in self._selection:
            self._outline(painter, rect, self.palette().color(role.Highlight), 3)
        if index == picked:
            self._outline(painter, rect, self.palette().color(role.BrightText), 2)
        if index == self._current and self.hasFocus():
            painter.setPen(QtGui.QPen(QtGui.QColor(255, 255, 255), 1, QtCore.Qt.PenStyle.DotLine))
            painter.drawRect(rect.adjusted(3, 3, -4, -4))

    def _paint_lock(self, painter: QtGui.QPainter, rect: QtCore.QRect) -> None:
        """Draw a padlock in the upper right corner."""
        body = QtCore.QRectF(rect.right() - 11, rect.top() + 7, 8, 6)
        painter.save()
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        for color, width in ((QtGui.QColor(0, 0, 0, 170), 3.4), (QtGui.QColor(255, 255, 255), 1.4)):
            painter.setPen(QtGui.QPen(color, width))
            painter.drawArc(body.adjusted(1.5, -4, -1.5, 2), 0, 180 * 16)
            painter.drawRect(body)
        painter.fillRect(body, QtGui.QColor(255, 255, 255))
        painter.restore()

    def _outline(self, painter: QtGui.QPainter, rect: QtCore.QRect, color: QtGui.QColor, width: int) -> None:
        pen = QtGui.QPen(color, width)
        pen.setJoinStyle(QtCore.Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        half = width / 2
        painter.drawRect(QtCore.QRectF(rect).adjusted(half, half, -half, -half))

    def _paint_drop(self, painter: QtGui.QPainter, place: int) -> None:
        """Draw a mark before the swatch at `place`, or after the last one."""
        if place < self._count:
            rect = self.swatch_rect(place)
            left = rect.left() - 2
        else:
            rect = self.swatch_rect(place - 1)
            left = rect.right() + 1
        color = self.palette().color(QtGui.QPalette.ColorRole.BrightText)
        painter.fillRect(QtCore.QRect(max(0, left), rect.top(), 2, rect.height()), color)

    # Mouse and keys

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take a swatch."""
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            self._pressed = qt.position(event)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag it; where nothing is dragged, say what a swatch is."""
        where = qt.position(event)
        if self._pressed is None:
            self.setToolTip(self._text_of(self._index_at(where)))
            return
        if self._dragged is None and (where - self._pressed).manhattanLength() >= _STILL:
            self._dragged = self._index_at(self._pressed)
        if self._dragged is not None:
            index = self._index_at(where)
            if index is None:
                self._drop = self._count if where.x() > 0 and where.y() > 0 else None
            else:
                self._drop = index + int(where.x() > self.swatch_rect(index).center().x())
            self.update()

    def _text_of(self, index: int | None) -> str:
        palette = self._session.palette
        if index is None or palette is None:
            return _TOOLTIP
        name, share = palette.to_hex()[index], palette.shares[index]
        return f"{index + 1}: {name}, {palette.populations[index]:,.0f} texels ({share:.2%})"

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drop it, or end a click."""
        pressed, dragged, drop = self._pressed, self._dragged, self._drop
        self._pressed = self._dragged = self._drop = None
        if dragged is not None:
            if drop is not None and drop not in (dragged, dragged + 1):
                place = drop - int(drop > dragged)
                self._select(set())
                self._session.move(dragged, place)
                self._current = place
            self.update()
        elif pressed is not None:
            self._click(self._index_at(pressed), event.modifiers())

    def _click(self, index: int | None, modifiers: QtCore.Qt.KeyboardModifier) -> None:
        flags = QtCore.Qt.KeyboardModifier
        if index is None:
            self._select(set())
            self._session.pick(None)
            return
        if modifiers & flags.ControlModifier:
            self._select(self._selection ^ {index})
        elif modifiers & flags.ShiftModifier:
            self._select(set(range(min(self._current, index), max(self._current, index) + 1)))
        else:
            is_off = index == self._session.state.picked
            self._select(set() if is_off else {index})
            self._session.pick(None if is_off else index)
        self._current = index

    def mouseDoubleClickEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Change the colour."""
        index = self._index_at(qt.position(event))
        if index is not None and event.button() == QtCore.Qt.MouseButton.LeftButton:
            self.edit(index)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See the class."""
        key, keys = event.key(), QtCore.Qt.Key
        arrow = qt.arrow(event)
        if event.matches(QtGui.QKeySequence.StandardKey.Copy):
            self.copy()
        elif self._count == 0:
            super().keyPressEvent(event)
        elif arrow:
            self._go(arrow, event.modifiers())
        elif key == keys.Key_Space:
            self._click(self._current, event.modifiers())
        elif key in (keys.Key_Return, keys.Key_Enter, keys.Key_F2):
            self.edit(self._current)
        elif key == keys.Key_M:
            self.merge()
        elif key == keys.Key_L:
            self._session.lock(self.selection or (self._current,))
        elif key == keys.Key_Escape and (self._selection or self._session.state.picked is not None):
            self._click(None, event.modifiers())
        else:
            super().keyPressEvent(event)

    def _go(self, arrow: tuple[int, int], modifiers: QtCore.Qt.KeyboardModifier) -> None:
        right, down = arrow
        *_, columns = self._grid()
        place = min(max(self._current + right + down * columns, 0), self._count - 1)
        if modifiers & QtCore.Qt.KeyboardModifier.AltModifier:
            self._session.move(self._current, place)
        elif modifiers & QtCore.Qt.KeyboardModifier.ShiftModifier:
            self._select(self._selection | {self._current, place})
        self._current = place
        self.update()

    def focusInEvent(self, event: QtGui.QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the current swatch."""
        super().focusInEvent(event)
        self.update()

    def _show_menu(self, where: QtCore.QPoint) -> None:
        index = self._index_at(QtCore.QPointF(where))
        if index is None:
            return
        if index not in self._selection:
            self._select({index})
        self._current = index
        menu = QtWidgets.QMenu(self)
        menu.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, act in (
            ("Change colour …", lambda: self.edit(index)),
            ("Let it stand out", lambda: self._session.pick(index)),
            ("Lock or unlock selected", self.lock),
            ("Merge selected", self.merge),
            ("Copy as hex", self.copy),
        ):
            action = menu.addAction(text)
            action.triggered.connect(act)
            action.setEnabled(act != self.merge or len(self._selection) > 1)
        menu.popup(self.mapToGlobal(where))
