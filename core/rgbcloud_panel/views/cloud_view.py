"""The cloud: a texture's colours in the RGB cube, to be turned in the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from Qt import QtCore, QtGui

from rgbcloud.cloud import AXES, CloudAxes, axis_colors, axis_positions
from rgbcloud.color import SRGB
from rgbcloud_panel import qt
from rgbcloud_panel.views.session_view import SessionView
from rgbcloud_panel.views.splatting import Camera, splat

if TYPE_CHECKING:
    from rgbcloud import ColorBy, Palette, PointCloud
    from rgbcloud.cloud import AxesName
    from rgbcloud.color import ColorSpace, FloatArray
    from rgbcloud_panel.state.session import Session
    from rgbcloud_panel.views.splatting import Float32Array

_CORNERS = np.array([[r, g, b] for r in (0, 1) for g in (0, 1) for b in (0, 1)], np.float32)
_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if bin(a ^ b).count("1") == 1]
_REACH = 9  # pixels from the cursor within which a point is picked
_DEGREES = 0.4  # turned per pixel
_STEP = 6.0  # degrees per key press
_POINT = 2  # pixels a side
_ALL_OUTLINED = 32  # palettes up to this size have every colour marked


class CloudView(SessionView):
    """Points in their own colours or their clusters', and the palette's colours as discs.

    Drag, arrows: orbit. Drag the disc that stands out: another colour. Wheel, + and -: zoom. F, 0: the first
    view again. Click: pick a cluster; with Ctrl: select one more.
    """

    also_picked = QtCore.Signal(int)
    """A cluster was clicked with Ctrl."""

    def __init__(self, session: Session) -> None:
        super().__init__(
            session,
            "Cloud",
            "The texture's colours: red to the right, green up, blue towards you.\n"
            "Drag turns, wheel zooms, F resets. Click a point to let its cluster stand out.",
        )
        self._camera = Camera()
        self._color_by: ColorBy = "source"
        self._points: tuple[object, QtGui.QImage] | None = None
        self._placed: tuple[object, PointCloud] | None = None
        self._axes: AxesName | None = None  # those of the space that clusters are found in
        self._dragged: int | None = None
        self.setMinimumSize(160, 160)
        session.events.subscribe(self.update, "cloud", "palette", "picked", "source", "settings")

    @property
    def camera(self) -> Camera:
        """Where the cube is looked at from."""
        return self._camera

    @property
    def color_by(self) -> ColorBy:
        """What points are coloured by."""
        return self._color_by

    @property
    def axes(self) -> AxesName:
        """What the axes are: those that were chosen, or of the space that clusters are found in."""
        space = self._session.settings.space
        return self._axes or ("file" if space == "srgb" else space)

    @property
    def _color_space(self) -> ColorSpace:
        """What the file's numbers are."""
        cloud = self._state.cloud
        return SRGB if cloud is None else cloud.color_space

    def choose_axes(self, axes: AxesName | None) -> None:
        """Show these axes whatever space clusters are found in, or that space."""
        self._axes = axes
        self.update()

    def _places(self, palette: Palette) -> Float32Array:
        """Return where a palette's colours are."""
        return _with_lightness_up(axis_positions(palette.colors, self.axes, self._color_space), self.axes)

    def _placed_cloud(self) -> PointCloud | None:
        """Return the cloud along the axes, which it takes a moment to find the places of."""
        cloud = self._state.cloud
        if cloud is None:
            return None
        key = (cloud, self.axes)
        if self._placed is None or self._placed[0] != key:
            self._placed = (key, cloud.with_axes(self.axes))
        return self._placed[1]

    def place_of(self, index: int) -> QtCore.QPoint:
        """Return where a palette colour is seen."""
        if self._session.palette is None:
            raise IndexError(index)
        seen = self._camera.project(self._places(self._session.palette)[[index]], self.width(), self.height())
        return QtCore.QPoint(round(float(seen[0, 0])), round(float(seen[1, 0])))

    def set_color_by(self, color_by: ColorBy) -> None:
        """Colour the points by their source or their cluster."""
        self._color_by = color_by
        self.update()

    def set_camera(self, camera: Camera) -> None:
        """Look from somewhere else."""
        pitch = min(max(camera.pitch, -89.0), 89.0)
        self._camera = Camera(camera.yaw % 360, pitch, min(max(camera.zoom, 0.3), 20.0))
        self.update()

    # Painting

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the back of the cube, the points, the palette and the front of the cube."""
        painter = QtGui.QPainter(self)
        painter.drawImage(self.rect(), self._point_image())
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        corners = self._camera.project(_CORNERS, self.width(), self.height())
        self._paint_edges(painter, corners)
        self._paint_palette(painter)
        self._paint_axis_names(painter, corners)
        self._paint_focus(painter)

    def _point_image(self) -> QtGui.QImage:
        """Return the points on their background, drawn anew if anything about them has changed."""
        session, ratio = self._session, self.devicePixelRatioF()
        cloud = self._placed_cloud()
        clusters = None if cloud is None else cloud.clusters
        # While a preview's palette is shown, the points still belong to the one before.
        is_current = cloud is not None and cloud.palette == session.palette
        picked = session.state.picked if is_current else None
        background = self.palette().color(QtGui.QPalette.ColorRole.Dark).rgb()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        key = (cloud, picked, self._camera, self._color_by, width, height, background)
        if self._points is None or self._points[0] != key:
            canvas = np.full((max(1, height), max(1, width)), background, np.uint32)
            if cloud is not None:
                by = self._color_by if clusters is not None else "source"
                splat(
                    canvas,
                    self._camera.project(_with_lightness_up(cloud.positions, self.axes), width, height),
                    cloud.display_colors(by),
                    size=max(1, round(_POINT * ratio)),
                    standing_out=None if picked is None or clusters is None else np.equal(clusters, picked),
                )
            self._points = (key, qt.canvas_image(canvas))
        return self._points[1]

    def _paint_edges(self, painter: QtGui.QPainter, corners: Float32Array) -> None:
        for start, stop in _EDGES:
            line = QtCore.QLineF(*map(float, (*corners[:2, start], *corners[:2, stop])))
            gradient = QtGui.QLinearGradient(line.p1(), line.p2())
            nearness = float(corners[2, start] + corners[2, stop]) / 2
            alpha = int(min(max(90 + 90 * nearness, 30), 170))
            for place, corner in ((0.0, start), (1.0, stop)):
                is_rgb = AXES[self.axes] == CloudAxes()
                light = _CORNERS[corner] * 190 + 65 if is_rgb else np.full(3, 150)
                color = qt.color_of(light.astype(np.uint8))
                color.setAlpha(alpha)
                gradient.setColorAt(place, color)
            painter.setPen(QtGui.QPen(QtGui.QBrush(gradient), 1.2))
            painter.drawLine(line)

    def _paint_palette(self, painter: QtGui.QPainter) -> None:
        palette, picked = self._session.palette, self._state.picked
        if palette is None:
            return
        seen = self._camera.project(self._places(palette), self.width(), self.height())
        radii = 3.0 + 9.0 * np.sqrt(palette.shares)
        for index in np.argsort(seen[2], kind="stable"):
            if picked is not None and index != picked:
                continue
            outline = QtGui.QColor(0, 0, 0, 200)
            if index == picked:
                outline = self.palette().color(QtGui.QPalette.ColorRole.BrightText)
            elif len(palette) > _ALL_OUTLINED:
                outline.setAlpha(110)
            painter.setPen(QtGui.QPen(outline, 1.4))
            painter.setBrush(qt.color_of(palette.colors[index]))
            radius = float(radii[index])
            painter.drawEllipse(QtCore.QPointF(float(seen[0, index]), float(seen[1, index])), radius, radius)

    def _paint_axis_names(self, painter: QtGui.QPainter, corners: Float32Array) -> None:
        metrics = self.fontMetrics()
        x, y, z = AXES[self.axes].names if AXES[self.axes] == CloudAxes() else _turned_names(self.axes)
        for corner, name in ((4, x), (2, y), (1, z)):
            middle = corners[:2].mean(axis=1)
            outwards = corners[:2, corner] - middle
            outwards *= 1 + 12 / max(1.0, float(np.hypot(*outwards)))
            place = QtCore.QPointF(*map(float, middle + outwards))
            is_rgb = AXES[self.axes] == CloudAxes()
            light = _CORNERS[corner] * 155 + 100 if is_rgb else np.full(3, 220)
            painter.setPen(qt.color_of(light.astype(np.uint8)))
            painter.drawText(
                place - QtCore.QPointF(metrics.horizontalAdvance(name) / 2, -metrics.ascent() / 2), name
            )

    # Mouse and keys

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the cube."""
        super().mousePressEvent(event)
        palette, picked = self._session.palette, self._state.picked
        self._dragged = None
        if palette is not None and picked is not None and self.axes == "file":
            away = self._last - QtCore.QPointF(self.place_of(picked))
            self._dragged = picked if away.manhattanLength() <= _REACH else None

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Turn it."""
        where = qt.position(event)
        if self._pressed is None:
            return
        if self._dragged is not None:
            if not self._is_click(where):
                self._drag_color(self._dragged, where)
            return
        moved = where - self._last
        self._last = where
        camera = self._camera
        yaw, pitch = camera.yaw - moved.x() * _DEGREES, camera.pitch + moved.y() * _DEGREES
        self.set_camera(Camera(yaw, pitch, camera.zoom))

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go; a click picks the cluster of the nearest point, or none."""
        where = qt.position(event)
        is_click = self._is_click(where)
        self._pressed = self._dragged = None
        if not is_click:
            return
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            index = self._cluster_at(where)
            if event.modifiers() & QtCore.Qt.KeyboardModifier.ControlModifier and index is not None:
                self.also_picked.emit(index)
                return
            self._session.pick(None if index == self._state.picked else index)

    def _drag_color(self, index: int, where: QtCore.QPointF) -> None:
        """Give a palette colour the one that is under the cursor, as far from the eye as it was."""
        palette = self._session.palette
        if palette is None or index >= len(palette):
            return
        seen = self._camera.project(self._places(palette)[[index]], self.width(), self.height())
        nearness = float(seen[2, 0])
        place = self._camera.place(where.x(), where.y(), nearness, self.width(), self.height())
        color = axis_colors(np.array([place]), self.axes, self._color_space)[0]
        self._session.recolor(index, color.tolist())

    def _cluster_at(self, where: QtCore.QPointF) -> int | None:
        """Return the cluster of the disc or else the foremost point within reach."""
        palette, cloud = self._session.palette, self._placed_cloud()
        if palette is None:
            return None
        index = self._hit(self._places(palette), where)
        if index is not None or cloud is None or cloud.clusters is None or cloud.palette != palette:
            return index
        point = self._hit(_with_lightness_up(cloud.positions, self.axes), where)
        return None if point is None else int(cloud.clusters[point])

    def _hit(self, positions: Float32Array, where: QtCore.QPointF) -> int | None:
        seen = self._camera.project(positions, self.width(), self.height())
        distances = np.hypot(seen[0] - where.x(), seen[1] - where.y())
        near = np.flatnonzero(distances <= _REACH)
        if not len(near):
            return None
        return int(near[np.argmin(distances[near] - 4 * seen[2][near])])

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom."""
        camera = self._camera
        self.set_camera(Camera(camera.yaw, camera.pitch, camera.zoom * 1.0015 ** event.angleDelta().y()))
        event.accept()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See the class."""
        key, keys, camera = event.key(), QtCore.Qt.Key, self._camera
        arrow = qt.arrow(event)
        if arrow:
            right, down = arrow
            self.set_camera(Camera(camera.yaw - right * _STEP, camera.pitch + down * _STEP, camera.zoom))
        elif key in (keys.Key_Plus, keys.Key_Equal):
            self.set_camera(Camera(camera.yaw, camera.pitch, camera.zoom * 1.2))
        elif key == keys.Key_Minus:
            self.set_camera(Camera(camera.yaw, camera.pitch, camera.zoom / 1.2))
        elif key in (keys.Key_F, keys.Key_0):
            self.set_camera(Camera())
        elif key == keys.Key_Escape and self._state.picked is not None:
            self._session.pick(None)
        else:
            super().keyPressEvent(event)


def _with_lightness_up(places: FloatArray | Float32Array, axes: AxesName) -> Float32Array:
    """Return places with lightness upwards, where it is an axis."""
    if AXES[axes] != CloudAxes():
        places = places[:, [0, 2, 1]]
    return np.asarray(places, np.float32)


def _turned_names(axes: AxesName) -> tuple[str, str, str]:
    x, y, z = AXES[axes].names
    return x, z, y
