"""All tiles of a set side by side, as they lie in UV space, to walk through; frames stand in rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from Qt import QtCore, QtGui

from rgbcloud.errors import printable
from rgbcloud_panel import qt
from rgbcloud_panel.state.tiles import places_of
from rgbcloud_panel.views.session_view import SessionView

if TYPE_CHECKING:
    from rgbcloud_panel.state.session import Session
    from rgbcloud_panel.state.tiles import Tile

_LARGEST, _SMALLEST = 64, 14  # pixels a side
_HIGHEST = 136  # pixels of all rows
_LABELLED = 40  # pixels a side from which on a tile says its number
_GAP = 2
_TOOLTIP = "The files that share the palette; click one to see it in the picture"


class TileMap(SessionView):
    """Hidden unless several files share a palette. Click, arrows: show a tile in the picture."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Tiles", _TOOLTIP)
        self._tiles: list[Tile] = []
        self._is_needed = True
        self._images: dict[object, QtGui.QImage] = {}
        session.events.subscribe(self._list, "chosen", "textures")
        session.events.subscribe(self.update, "tiles", "source")
        self._list()

    def need(self, needed: bool) -> None:
        """Stand there for sets, or give the room to a larger view of them."""
        self._is_needed = needed
        self._list()

    def _list(self) -> None:
        self._tiles = self._session.tiles
        self._images = {}
        self.setVisible(self._is_needed and len(self._tiles) > 1)
        self._fit()

    def _fit(self) -> None:
        places = self._places()
        rows = 1 + max((row for _, row in places), default=0)
        self.setFixedHeight(max(1, min(rows * (self._cell() + _GAP), _HIGHEST + _GAP)))
        self.update()

    # Layout

    def _places(self) -> list[tuple[int, int]]:
        columns = max(1, self.width() // (_LARGEST + _GAP))
        if len(self._tiles) > 2 * columns:
            columns = max(1, self.width() // (_LARGEST // 2 + _GAP))
        return places_of(self._tiles, columns)

    def _cell(self) -> int:
        places = self._places()
        columns, rows = (1 + max((place[axis] for place in places), default=0) for axis in (0, 1))
        side = min(self.width() // columns, _HIGHEST // rows) - _GAP
        return max(_SMALLEST, min(side, _LARGEST))

    def tile_rect(self, index: int) -> QtCore.QRect:
        """Return where a tile is drawn; rows that find no room are passed by as the shown one asks for it."""
        cell, places = self._cell() + _GAP, self._places()
        column, row = places[index]
        shown = places[self._session.state.number][1] if self._session.state.number < len(places) else 0
        hidden = max(0, (shown + 1) * cell - self.height())
        return QtCore.QRect(column * cell, row * cell - hidden, cell - _GAP, cell - _GAP)

    # Painting

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw all tiles."""
        painter = QtGui.QPainter(self)
        role = QtGui.QPalette.ColorRole
        for index, tile in enumerate(self._tiles):
            rect = self.tile_rect(index)
            if not rect.intersects(self.rect()):
                continue
            painter.fillRect(rect, self.palette().color(role.Dark))
            image = self._image(tile)
            if image is not None:
                painter.drawImage(rect, image)
            if rect.width() >= _LABELLED:
                self._paint_label(painter, rect, tile.label)
            if index == self._session.state.number:
                pen = QtGui.QPen(self.palette().color(role.Highlight), 3)
                pen.setJoinStyle(QtCore.Qt.PenJoinStyle.MiterJoin)
                painter.setPen(pen)
                painter.drawRect(QtCore.QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5))

    def _paint_label(self, painter: QtGui.QPainter, rect: QtCore.QRect, label: str) -> None:
        metrics = self.fontMetrics()
        text = metrics.elidedText(printable(label), QtCore.Qt.TextElideMode.ElideMiddle, rect.width() - 4)
        box = QtCore.QRect(rect.left(), rect.bottom() - metrics.height(), rect.width(), metrics.height() + 1)
        painter.fillRect(box, QtGui.QColor(0, 0, 0, 170))
        painter.setPen(QtGui.QColor(240, 240, 240))
        painter.drawText(box, int(QtCore.Qt.AlignmentFlag.AlignCenter), text)

    def _image(self, tile: Tile) -> QtGui.QImage | None:
        thumbnail = self._session.tile_thumbnails.of(tile.path)
        if thumbnail is None:
            return None
        if tile.path not in self._images:
            self._images[tile.path] = qt.rgb_image(thumbnail.pixels)
        return self._images[tile.path]

    # Mouse and keys

    def _index_at(self, where: QtCore.QPoint) -> int | None:
        return next((i for i in range(len(self._tiles)) if self.tile_rect(i).contains(where)), None)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Name a tile as its tooltip."""
        index = self._index_at(qt.position(event).toPoint())
        self.setToolTip(_TOOLTIP if index is None else printable(self._tiles[index].path.name))

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the tile under the cursor."""
        index = self._index_at(qt.position(event).toPoint())
        if index is not None:
            self._session.turn_to(index)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the neighbour."""
        arrow = qt.arrow(event)
        if arrow is None or not self._tiles:
            super().keyPressEvent(event)
            return
        places = self._places()
        column, row = places[self._session.state.number]
        to = (column + arrow[0], row + arrow[1])
        if to in places:
            self._session.turn_to(places.index(to))

    def resizeEvent(self, _event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let the tiles fit."""
        self._fit()
