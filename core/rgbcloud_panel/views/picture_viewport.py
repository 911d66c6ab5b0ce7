"""What part of an image a widget shows, and how large: between texels and pixels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from Qt import QtCore, QtGui

from rgbcloud_panel.work.pyramid import Region

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color import UInt8Array
    from rgbcloud_panel.work.pyramid import Pyramid

_WHEEL = 1.0015  # zoom per eighth of a degree of the wheel
_STEP = 1.25  # zoom per key press
_LARGEST = 64.0  # pixels a texel
SMALLEST = 200, 160
"""Width and height of a view, in pixels."""
_CHECKER = 8  # pixels a side
_DIMMED = 0.22  # of their brightness that texels keep which do not stand out


class Viewport:
    """The view of an image: zoom, and the texel in the middle. Fitted at first."""

    def __init__(self) -> None:
        self.size = QtCore.QSize()  # of the view, in pixels
        self.image = (1, 1)  # its width and height, in texels
        self.ratio = 1.0  # pixels of the screen that a pixel of the view has a side
        self.zoom = 1.0  # pixels a texel
        self.center = QtCore.QPointF()  # the texel in the middle
        self._is_fitted = True

    def resize(self, size: QtCore.QSize, ratio: float) -> None:
        """Take note of the view's size; a fitted image stays fitted."""
        self.size, self.ratio = size, ratio
        if self._is_fitted:
            self.fit()

    def fit(self) -> None:
        """Show the whole image."""
        self._is_fitted = True
        width, height = self.image
        if not self.size.isEmpty():
            self.zoom = min(self.size.width() / width, self.size.height() / height)
            self.center = QtCore.QPointF(width / 2, height / 2)

    def set_zoom(self, zoom: float, around: QtCore.QPointF | None = None) -> None:
        """Zoom to so many pixels a texel; the texel at `around`, in pixels of the view, stays where it is."""
        where = around if around is not None else self._middle()
        fixed = self.to_texel(where)
        smallest = min(0.9 * min(self.size.width(), self.size.height()) / max(self.image), 1.0)
        self.zoom = min(max(zoom, smallest), _LARGEST)
        self._is_fitted = False
        self._go_to(self.center + fixed - self.to_texel(where))

    def pan(self, pixels: QtCore.QPointF) -> None:
        """Move the image by so many pixels of the view."""
        self._is_fitted = False
        self._go_to(self.center - pixels / self.zoom)

    def turn_wheel(self, event: QtGui.QWheelEvent, at: QtCore.QPointF) -> None:
        """Zoom around a pixel of the view, as far as the wheel was turned."""
        self.set_zoom(self.zoom * _WHEEL ** event.angleDelta().y(), at)

    def press_key(self, event: QtGui.QKeyEvent) -> bool:
        """Zoom by +, -, 0 and F, and return whether it was one of these."""
        key, keys = event.key(), QtCore.Qt.Key
        if key in (keys.Key_F, keys.Key_0):
            self.fit()
        elif key in (keys.Key_Plus, keys.Key_Equal):
            self.set_zoom(self.zoom * _STEP)
        elif key == keys.Key_Minus:
            self.set_zoom(self.zoom / _STEP)
        else:
            return False
        return True

    def to_texel(self, point: QtCore.QPointF) -> QtCore.QPointF:
        """Return what is seen at a pixel of the view, in texels."""
        return QtCore.QPointF(self.center + (point - self._middle()) / self.zoom)

    def to_view(self, x: float, y: float) -> QtCore.QPointF:
        """Return where a texel is seen, in pixels of the view."""
        return (QtCore.QPointF(x, y) - self.center) * self.zoom + self._middle()

    def of_part(self, left: float, top: float) -> Viewport:
        """Return the same view of an image that stands at a texel of this one."""
        part = Viewport()
        part.size, part.ratio, part.zoom = self.size, self.ratio, self.zoom
        part.center = self.center - QtCore.QPointF(left, top)
        return part

    def region(self, pyramid: Pyramid) -> Region:
        """Return the level of the image's pyramid that has about one texel a pixel, and what is in view."""
        levels = pyramid.levels
        texels_a_pixel = 1 / (self.zoom * self.ratio)
        level = min(max(0, math.floor(math.log2(texels_a_pixel) + 0.3)), len(levels) - 1)
        height, width = levels[level].shape[:2]
        scale = 1 << level
        start = self.to_texel(QtCore.QPointF(0, 0)) / scale
        stop = self.to_texel(QtCore.QPointF(self.size.width(), self.size.height())) / scale
        left, top = max(0, math.floor(start.x())), max(0, math.floor(start.y()))
        right, bottom = min(width, math.ceil(stop.x())), min(height, math.ceil(stop.y()))
        return Region(level, left, top, max(right, left + 1), max(bottom, top + 1))

    def paint(self, painter: QtGui.QPainter, image: QtGui.QImage, region: Region) -> None:
        """Draw the texels of a region where they are seen."""
        scale = 1 << region.level
        start = self.to_view(region.left * scale, region.top * scale)
        stop = self.to_view(region.right * scale, region.bottom * scale)
        target = QtCore.QRectF(start, stop)
        if image.hasAlphaChannel():
            painter.fillRect(target, _checkerboard())
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform, self.zoom * scale < 1)
        painter.drawImage(target, image, QtCore.QRectF(image.rect()))

    def _middle(self) -> QtCore.QPointF:
        """Return the middle of the view, at a whole pixel: texels begin where pixels do."""
        return QtCore.QPointF(self.size.width() // 2, self.size.height() // 2)

    def _go_to(self, center: QtCore.QPointF) -> None:
        width, height = self.image
        x, y = min(max(center.x(), 0.0), float(width)), min(max(center.y(), 0.0), float(height))
        self.center = QtCore.QPointF(x, y)


def dim_texels(pixels: UInt8Array, where: npt.NDArray[np.bool_]) -> UInt8Array:
    """Return texels with those at `where` grey and dark."""
    result = pixels.copy()
    grey = (pixels[..., :3].mean(axis=2, dtype=np.float32) * np.float32(_DIMMED)).astype(np.uint8)
    np.copyto(result[..., :3], (grey + np.uint8(18))[..., np.newaxis], where=where[..., np.newaxis])
    return result


def paint_tag(painter: QtGui.QPainter, text: str, left: float, top: float) -> float:
    """Draw a text on a dark label and return where it ends."""
    metrics = painter.fontMetrics()
    box = QtCore.QRectF(left, top, metrics.horizontalAdvance(text) + 10, metrics.height() + 4)
    painter.fillRect(box, QtGui.QColor(0, 0, 0, 150))
    painter.setPen(QtGui.QColor(235, 235, 235))
    painter.drawText(box, QtCore.Qt.AlignmentFlag.AlignCenter, text)
    return box.right()


def paint_note(
    painter: QtGui.QPainter, text: str, area: QtCore.QRect, *, at_bottom: bool = False
) -> QtCore.QRect:
    """Draw a text on a dark label, in as many lines as an area asks for, and return where that is."""
    flags = int(QtCore.Qt.TextFlag.TextWordWrap | QtCore.Qt.AlignmentFlag.AlignLeft)
    inner = area.adjusted(5, 2, -5, -2)
    box = painter.fontMetrics().boundingRect(inner, flags, text)
    if at_bottom:
        box.moveBottom(inner.bottom())
    label = box.adjusted(-5, -2, 5, 2)
    painter.fillRect(label, QtGui.QColor(0, 0, 0, 150))
    painter.setPen(QtGui.QColor(235, 235, 235))
    painter.drawText(box, flags, text)
    return label


def _checkerboard() -> QtGui.QBrush:
    """Return what shines through transparent texels."""
    tile = QtGui.QPixmap(2 * _CHECKER, 2 * _CHECKER)
    tile.fill(QtGui.QColor(110, 110, 110))
    painter = QtGui.QPainter(tile)
    for corner in (0, _CHECKER):
        painter.fillRect(corner, corner, _CHECKER, _CHECKER, QtGui.QColor(150, 150, 150))
    painter.end()
    return QtGui.QBrush(tile)
