"""All tiles of a set as one picture, as they lie in UV space; frames stand in rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from Qt import QtCore, QtGui

from rgbcloud_panel import qt
from rgbcloud_panel.state.tiles import places_of
from rgbcloud_panel.views.picture_viewport import SMALLEST, Viewport, dim_texels, paint_tag
from rgbcloud_panel.views.session_view import SessionView
from rgbcloud_panel.work.pyramid import sample_indices

if TYPE_CHECKING:
    from rgbcloud_panel.state.session import Session
    from rgbcloud_panel.state.tiles import Tile

_LABELLED = 60  # pixels a side from which on a tile says its number


class SetView(SessionView):
    """The set in its new colours, or as it was; the chosen tile is as sharp as its file.

    Wheel, + and -: zoom; where a tile is magnified that is in the middle, it is the chosen one. Drag: move.
    F, 0: all of it. Click, arrows: choose a tile. Space: flip before and after.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(
            session,
            "Set",
            "All tiles in their new colours; Space: as they were. Wheel zooms, drag moves, F shows all.\n"
            "Click a tile to choose it.",
        )
        self._viewport = Viewport()
        self._tiles: list[Tile] = []
        self._cell = (1, 1)  # texels that a tile is wide and high
        self._shows_before = False
        self._images: dict[int, tuple[object, QtGui.QImage, object]] = {}  # by what, and that itself
        self.setMinimumSize(*SMALLEST)
        session.events.subscribe(self._new_set, "chosen", "textures", "source")
        session.events.subscribe(self.update, "tiles", "after", "picked")

    @property
    def zoom(self) -> float:
        """Pixels a texel of the chosen tile."""
        return self._viewport.zoom

    def fit(self) -> None:
        """Show all of it."""
        self._viewport.fit()
        self.update()

    def set_zoom(self, zoom: float) -> None:
        """Zoom to so many pixels a texel."""
        self._viewport.set_zoom(zoom)
        self._choose_middle()

    # Layout

    def _new_set(self) -> None:
        tiles, picture = self._session.tiles, self._session.state.picture
        if tiles != self._tiles:
            self._tiles, self._cell, self._images = tiles, (1, 1), {}
        if picture is not None and self._cell == (1, 1):
            self._cell = picture.pyramid.size
            columns, rows = (1 + max(place[axis] for place in self._places()) for axis in (0, 1))
            self._viewport.image = columns * self._cell[0], rows * self._cell[1]
            self._viewport.fit()
        self.update()

    def _places(self) -> list[tuple[int, int]]:
        return places_of(self._tiles, math.ceil(math.sqrt(len(self._tiles)))) or [(0, 0)]

    def tile_rect(self, index: int) -> QtCore.QRectF:
        """Return where a tile is seen."""
        (column, row), (width, height) = self._places()[index], self._cell
        start = self._viewport.to_view(column * width, row * height)
        return QtCore.QRectF(start, self._viewport.to_view((column + 1) * width, (row + 1) * height))

    def _index_at(self, where: QtCore.QPointF) -> int | None:
        return next((i for i in range(len(self._tiles)) if self.tile_rect(i).contains(where)), None)

    # Painting

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw what is in view."""
        painter, role = QtGui.QPainter(self), QtGui.QPalette.ColorRole
        painter.fillRect(self.rect(), self.palette().color(role.Dark))
        self._viewport.ratio = self.devicePixelRatioF()
        for index, tile in enumerate(self._tiles):
            rect = self.tile_rect(index)
            if not rect.intersects(QtCore.QRectF(self.rect())):
                continue
            self._paint_small(painter, index, rect)
            if index == self._session.state.number:
                self._paint_sharp(painter, index)
            if rect.width() >= _LABELLED:
                paint_tag(painter, tile.label, max(0.0, rect.left()) + 4, max(0.0, rect.top()) + 4)
        if self._session.state.number < len(self._tiles):
            painter.setPen(QtGui.QPen(self.palette().color(role.Highlight), 2))
            painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
            painter.drawRect(self.tile_rect(self._session.state.number))
        text = "before" if self._shows_before else "after"
        paint_tag(painter, text, 8, self.height() - painter.fontMetrics().height() - 12)

    def _paint_small(self, painter: QtGui.QPainter, index: int, rect: QtCore.QRectF) -> None:
        whole, picked = self._session.whole_set, self._session.state.picked
        before, after = whole.before.get(index), whole.after.get(index)
        if before is None or (after is None and not self._shows_before):
            return
        key = id(before), id(after), picked, self._shows_before
        if self._images.get(index, (None,))[0] != key:
            texels = before if self._shows_before or after is None else after.pixels
            if picked is not None and after is not None:
                texels = dim_texels(texels, after.labels != picked)
            self._images[index] = key, qt.rgb_image(texels), (before, after)
        image = self._images[index][1]
        smooth = rect.width() * self.devicePixelRatioF() < image.width()
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(rect, image, QtCore.QRectF(image.rect()))

    def _paint_sharp(self, painter: QtGui.QPainter, index: int) -> None:
        """Draw the chosen tile as the picture has it."""
        state = self._session.state
        if state.picture is None or state.picture.number != index or state.picture.pyramid.size != self._cell:
            return
        shown = state.picture if self._shows_before else state.exact
        if shown is not None:
            pyramid = shown.pyramid
            column, row = self._places()[index]
            part = self._viewport.of_part(column * self._cell[0], row * self._cell[1])
            region = part.region(pyramid)
            texels = region.of(pyramid.levels)
            if state.picked is not None and state.exact is not None:
                labels = sample_indices(state.exact.reduction.indices, region)
                texels = dim_texels(texels, labels != state.picked)
            part.paint(painter, qt.rgb_image(texels), region)

    # Mouse and keys

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move it."""
        where = qt.position(event)
        if self._pressed is None or (self._is_click(where) and self._last == self._pressed):
            return
        self._viewport.pan(where - self._last)
        self._last = where
        self.update()

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go; a click chooses a tile."""
        was_clicked = self._pressed is not None and self._last == self._pressed
        self._pressed = None
        if was_clicked:
            index = self._index_at(qt.position(event))
            if index is not None:
                self._session.turn_to(index)
        else:
            self._choose_middle()

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom around the cursor."""
        self._viewport.turn_wheel(event, qt.position(event))
        self._choose_middle()
        event.accept()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See the class."""
        arrow = qt.arrow(event)
        if self._viewport.press_key(event):
            self._choose_middle()
        elif event.key() == QtCore.Qt.Key.Key_Space:
            self._shows_before = not self._shows_before
            self.update()
        elif arrow and self._tiles:
            self._go(arrow)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, _event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep all of it in view, if it is."""
        self._viewport.resize(self.size(), self.devicePixelRatioF())

    def _go(self, arrow: tuple[int, int]) -> None:
        """Choose the neighbour, and move the view as far if it shows less than all."""
        places = self._places()
        column, row = places[self._session.state.number]
        to = (column + arrow[0], row + arrow[1])
        if to in places:
            rect = self.tile_rect(places.index(to))
            self._session.turn_to(places.index(to))
            if not QtCore.QRectF(self.rect()).contains(rect):
                self._viewport.pan(QtCore.QRectF(self.rect()).center() - rect.center())
            self.update()

    def _choose_middle(self) -> None:
        """Choose the tile in the middle where its small picture is not sharp enough."""
        index = self._index_at(QtCore.QRectF(self.rect()).center())
        small = None if index is None else self._session.whole_set.before.get(index)
        if index is not None and small is not None:
            pixels = self.tile_rect(index).width() * self.devicePixelRatioF()
            if pixels > small.shape[1]:
                self._session.turn_to(index)
        self.update()
