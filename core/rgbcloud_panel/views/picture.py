"""The picture: before and after side by side under one divider, or where they differ."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from Qt import QtCore, QtGui

from rgbcloud_panel import qt
from rgbcloud_panel.views.picture_viewport import SMALLEST, Viewport, dim_texels, paint_note, paint_tag
from rgbcloud_panel.views.session_view import SessionView
from rgbcloud_panel.work.previews import HEAT, HEAT_LIMIT
from rgbcloud_panel.work.pyramid import Region, sample_indices

if TYPE_CHECKING:
    from rgbcloud.color import UInt8Array
    from rgbcloud_panel.state.session import Session

_GRIP = 7  # pixels on either side of the divider where it can be taken


class PictureView(SessionView):
    """Before on the left of the divider, after on the right; zoom and pan are those of both.

    Wheel, + and -: zoom. Drag, arrows: pan. F, 0: fit. 1: one texel a pixel. Shift and arrows: the divider.
    Space: flip before and after. Page Up and Down: another tile.
    Click: pick the texel's cluster. D: the differences.
    """

    also_picked = QtCore.Signal(int)
    """A cluster was clicked with Ctrl."""
    color_picked = QtCore.Signal(object)
    """A texel was clicked whose colour was asked for: ndarray of shape (3,), uint8, as it is before."""

    def __init__(self, session: Session) -> None:
        super().__init__(
            session,
            "Picture",
            "Before | after: drag the divider, wheel zooms, drag pans, F fits, 1 shows texels as pixels.\n"
            "Click a texel to let its cluster stand out.",
        )
        self._picks_color = False
        self._viewport = Viewport()
        self._divider = 0.5
        self._shows_difference = False
        self._drags_divider = False
        self._texel: tuple[int, int] | None = None
        self._images: tuple[object, QtGui.QImage, QtGui.QImage | None, Region] | None = None
        self.setMinimumSize(*SMALLEST)
        session.events.subscribe(self._new_source, "source")
        session.events.subscribe(self.update, "after", "picked", "palette", "difference")

    # What is in view

    @property
    def zoom(self) -> float:
        """Pixels a texel."""
        return self._viewport.zoom

    @property
    def divider(self) -> float:
        """Where the divider is, 0 at the left edge, 1 at the right one."""
        return self._divider

    @property
    def texel_under_cursor(self) -> tuple[int, int] | None:
        """Column and row of the texel that the mouse is over."""
        return self._texel

    @property
    def shows_difference(self) -> bool:
        """Whether the colour difference is shown instead of before and after."""
        return self._shows_difference

    def show_difference(self, shown: bool) -> None:
        """Show the colour difference, or before and after."""
        if shown != self._shows_difference:
            self._shows_difference = shown
            self._session.bench.compare(shown)
            self.update()

    def pick_colors(self, wanted: bool) -> None:
        """Let clicks take the colours of texels from now on, or pick clusters again."""
        self._picks_color = wanted

    def fit(self) -> None:
        """Show the whole image."""
        self._viewport.fit()
        self._follow_view()

    def set_zoom(self, zoom: float, around: QtCore.QPointF | None = None) -> None:
        """Zoom to so many pixels a texel; the texel at `around`, in pixels of the view, stays where it is."""
        if self._state.picture is not None:
            self._viewport.set_zoom(zoom, around)
            self._follow_view()

    def _new_source(self) -> None:
        self._texel = None
        self._images = None
        if self._state.picture is not None:
            self._viewport.image = self._state.picture.pyramid.size
        self.fit()

    def _follow_view(self) -> None:
        """Have the session know what part of the image is in view."""
        if self._state.picture is not None:
            self._session.bench.look_at(self._region())
        self.update()

    def _region(self) -> Region:
        """Return what is in view."""
        assert self._state.picture is not None
        self._viewport.ratio = self.devicePixelRatioF()
        return self._viewport.region(self._state.picture.pyramid)

    # Painting

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the visible part."""
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QtGui.QPalette.ColorRole.Dark))
        if self._state.picture is None:
            self._paint_hint(painter)
            return
        if self._shows_difference:
            self._paint_difference(painter)
        else:
            self._paint_split(painter)
        self._paint_readout(painter)
        self._paint_focus(painter)

    def _paint_hint(self, painter: QtGui.QPainter) -> None:
        if self._session.progress is not None:
            text = "Reading …"
        elif self._session.chosen:
            text = "This texture cannot be read"
        elif self._session.open_files is not None:
            text = "Drop images here"
        else:
            text = "Choose a texture on the left"
        self._paint_text(painter, text)

    def _paint_split(self, painter: QtGui.QPainter) -> None:
        before, after, after_region = self._split_images()
        cut = round(self._divider * self.width())
        region = self._region()
        painter.setClipRect(QtCore.QRect(0, 0, cut if after else self.width(), self.height()))
        self._viewport.paint(painter, before, region)
        if after is not None:
            painter.setClipRect(QtCore.QRect(cut, 0, self.width() - cut, self.height()))
            self._viewport.paint(painter, after, after_region)
        painter.setClipping(False)
        if after is not None:
            self._paint_divider(painter, cut)

    def _split_images(self) -> tuple[QtGui.QImage, QtGui.QImage | None, Region]:
        """Return before and after of what is in view, made anew if that or they have changed."""
        session, region = self._session, self._region()
        key = (
            region,
            session.state.picture,
            session.state.exact,
            session.state.rebuilt,
            session.state.picked,
        )
        if self._images is None or self._images[0] != key:
            assert session.state.picture is not None
            before = region.of(session.state.picture.pyramid.levels)
            after, after_region, labels = self._after(region)
            if session.state.picked is not None and labels is not None:
                after = dim_texels(after, labels != session.state.picked) if after is not None else None
                if after_region == region:
                    before = dim_texels(before, labels != session.state.picked)
            image = None if after is None else qt.rgb_image(after)
            self._images = (key, qt.rgb_image(before), image, after_region)
        return self._images[1], self._images[2], self._images[3]

    def _after(self, region: Region) -> tuple[UInt8Array | None, Region, UInt8Array | None]:
        """Return the rebuilt texels, of which region they are, and their clusters."""
        session = self._session
        if session.state.exact is not None:
            indices = session.state.exact.reduction.indices
            return region.of(session.state.exact.pyramid.levels), region, sample_indices(indices, region)
        if session.state.rebuilt is not None:
            rebuilt = session.state.rebuilt
            return rebuilt.pixels, rebuilt.region, rebuilt.labels
        return None, region, None

    def _paint_difference(self, painter: QtGui.QPainter) -> None:
        difference = self._state.difference
        if difference is not None:
            self._viewport.paint(painter, qt.rgb_image(difference.heat), difference.region)
            text = f"CIEDE2000 in view: mean {difference.mean:.1f}, largest {difference.largest:.1f}"
            note = paint_note(painter, text, self.rect().adjusted(8, 8, -8, -8))
            self._paint_legend(painter, note.bottom() + 4)

    def _paint_legend(self, painter: QtGui.QPainter, top: int) -> None:
        """Draw the colours of differences, and the figures that they stand for."""
        bar = QtCore.QRectF(8, top, 160, 10)
        painter.drawImage(bar, qt.rgb_image(HEAT[np.newaxis]))
        for share in (0.0, 0.25, 0.5, 1.0):
            text = f"{share * HEAT_LIMIT:g}" + ("+" if share == 1 else "")
            left = (
                bar.left() + share * bar.width() - (self.fontMetrics().horizontalAdvance(text) + 10) * share
            )
            paint_tag(painter, text, left, bar.bottom())

    def _paint_divider(self, painter: QtGui.QPainter, cut: int) -> None:
        painter.fillRect(QtCore.QRect(cut - 1, 0, 3, self.height()), QtGui.QColor(0, 0, 0, 120))
        painter.fillRect(QtCore.QRect(cut, 0, 1, self.height()), QtGui.QColor(255, 255, 255, 220))
        grip = QtCore.QRectF(cut - 5, self.height() / 2 - 16, 11, 32)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtGui.QColor(0, 0, 0, 140))
        painter.setBrush(QtGui.QColor(235, 235, 235))
        painter.drawRoundedRect(grip, 4, 4)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, on=False)
        before, after = "before", "after"
        if self._state.exact is None:
            after = "preview"
        metrics = self.fontMetrics()
        paint_tag(painter, before, cut - 12 - metrics.horizontalAdvance(before) - 10, 8)
        paint_tag(painter, after, cut + 12, 8)

    def _paint_readout(self, painter: QtGui.QPainter) -> None:
        """Say what is under the cursor and what becomes of it."""
        session = self._session
        texel = None if self._texel is None else session.state.texel(*self._texel)
        zoom = f"{self.zoom:.0%}"
        top = self.height() - self.fontMetrics().height() - 12
        paint_tag(painter, zoom, self.width() - self.fontMetrics().horizontalAdvance(zoom) - 18, top)
        if texel is None or self._texel is None:
            return
        right = paint_tag(painter, f"{self._texel[0]}, {self._texel[1]}", 8, top)
        right = self._swatch(painter, texel.before, right + 4, top)
        if texel.cluster is not None and texel.after is not None:
            right = paint_tag(painter, "→", right, top)
            right = self._swatch(painter, texel.after, right, top)
            paint_tag(painter, f"colour {texel.cluster + 1}", right, top)

    def _swatch(self, painter: QtGui.QPainter, color: UInt8Array, left: float, top: float) -> float:
        size = self.fontMetrics().height() + 4
        painter.fillRect(QtCore.QRectF(left, top, size, size), qt.color_of(color))
        return paint_tag(painter, qt.color_of(color).name(), left + size, top)

    # Mouse and keys

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take the divider or the picture."""
        super().mousePressEvent(event)
        left = event.button() == QtCore.Qt.MouseButton.LeftButton
        self._drags_divider = left and self._is_on_divider(self._last)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move what was taken; read the texel under the cursor."""
        where = qt.position(event)
        if self._pressed is not None and self._drags_divider:
            self.set_divider(where.x() / max(1, self.width()))
        elif self._pressed is not None:
            if self._is_click(where) and self._last == self._pressed:
                return
            self._viewport.pan(where - self._last)
            self._follow_view()
        self._last = where
        shape = QtCore.Qt.CursorShape
        self.setCursor(shape.SplitHCursor if self._is_on_divider(where) else shape.CrossCursor)
        self._texel = self._texel_at(where)
        self.update()

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go; a click picks the texel's cluster, or none again."""
        where = qt.position(event)
        is_click = self._is_click(where) and not self._drags_divider
        self._pressed = None
        if not is_click:
            return
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            place = self._texel_at(where)
            texel = None if place is None else self._state.texel(*place)
            index = None if texel is None else texel.cluster
            if self._picks_color and texel is not None:
                self.color_picked.emit(texel.before)
                return
            if event.modifiers() & QtCore.Qt.KeyboardModifier.ControlModifier and index is not None:
                self.also_picked.emit(index)
                return
            self._session.pick(None if index == self._state.picked else index)

    def leaveEvent(self, _event: QtCore.QEvent) -> None:  # noqa: N802 - Qt's name
        """No texel is under the cursor any more."""
        self._texel = None
        self.update()

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom around the cursor."""
        if self._state.picture is not None:
            self._viewport.turn_wheel(event, qt.position(event))
            self._follow_view()
        event.accept()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See the class."""
        key, keys = event.key(), QtCore.Qt.Key
        shift = bool(event.modifiers() & QtCore.Qt.KeyboardModifier.ShiftModifier)
        arrow = qt.arrow(event)
        if self._state.picture is not None and self._viewport.press_key(event):
            self._follow_view()
        elif key == keys.Key_Space:
            self.set_divider(0.0 if self._divider >= 0.5 else 1.0)
        elif key == keys.Key_1:
            self.set_zoom(1 / self.devicePixelRatioF())
        elif key in (keys.Key_PageUp, keys.Key_PageDown):
            self._session.turn_to(self._state.number + (1 if key == keys.Key_PageDown else -1))
        elif key == keys.Key_Escape and self._state.picked is not None:
            self._session.pick(None)
        elif arrow and shift:
            self.set_divider(self._divider + 0.02 * arrow[0])
        elif arrow:
            right, down = arrow
            self._viewport.pan(QtCore.QPointF(right, down) * -40)
            self._follow_view()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, _event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep a fitted image fitted."""
        self._viewport.resize(self.size(), self.devicePixelRatioF())
        self._follow_view()

    def set_divider(self, divider: float) -> None:
        """Put the divider somewhere: 0 is the left edge, 1 the right one."""
        self._divider = min(max(divider, 0.0), 1.0)
        self.update()

    def _is_on_divider(self, where: QtCore.QPointF) -> bool:
        has_after = self._state.exact is not None or self._state.rebuilt is not None
        near = abs(where.x() - self._divider * self.width()) <= _GRIP
        return has_after and near and not self._shows_difference

    def _texel_at(self, where: QtCore.QPointF) -> tuple[int, int] | None:
        if self._state.picture is None:
            return None
        width, height = self._state.picture.pyramid.size
        texel = self._viewport.to_texel(where + QtCore.QPointF(0.5, 0.5))  # the pixel's middle
        x, y = math.floor(texel.x()), math.floor(texel.y())
        return (x, y) if 0 <= x < width and 0 <= y < height else None
