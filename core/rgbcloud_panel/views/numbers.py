"""What the reduction costs and saves: figures, and the curve of error against the number of colours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from Qt import QtCore, QtGui, QtWidgets

from rgbcloud import MAX_COLORS
from rgbcloud_panel import qt
from rgbcloud_panel.state.outputs import file_size
from rgbcloud_panel.views.session_view import SessionView

if TYPE_CHECKING:
    from rgbcloud_panel.state.session import Session

_ROWS = {
    "colours": "Distinct colours of the visible texels, before and after",
    "size": "Bytes of the file, before and after",
    "MSE": "Mean squared distance in RGB, as the literature of colour quantization has it",
    "dE2000": "How different the eye finds texels, on average and at worst of 95 %; 1 can just be seen",
    "PSNR": "Peak signal-to-noise ratio: higher is closer to the original",
    "SSIM": "Structural similarity, 1 for equal images",
}
_SET_ROWS = {
    "whole set": "All files that share the palette, their distinct colours and their bytes",
    "set MSE": "Mean squared distance in RGB over all of them, before dithering",
}
_NONE = "\N{EN DASH}"
_TICKS = (2, 4, 8, 16, 32, 64, 128, 256)


class Numbers(QtWidgets.QWidget):
    """The figures of the exact result; a dash where there is none yet."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        self.values: dict[str, QtWidgets.QLabel] = {}
        self._set_labels: list[QtWidgets.QLabel] = []
        for row, (name, tooltip) in enumerate({**_ROWS, **_SET_ROWS}.items()):
            label, value = QtWidgets.QLabel(name), QtWidgets.QLabel(_NONE)
            value.setAlignment(QtCore.Qt.AlignmentFlag.AlignRight)
            value.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setToolTip(tooltip)
            value.setToolTip(tooltip)
            grid.addWidget(label, row, 0)
            grid.addWidget(value, row, 1)
            if name == "SSIM":
                self.measure = _measure_button(session, tooltip)
                grid.addWidget(self.measure, row, 1, QtCore.Qt.AlignmentFlag.AlignRight)
            self.values[name] = value
            if name in _SET_ROWS:
                self._set_labels += [label, value]
        session.events.subscribe(self._show, "numbers", "tiles", "chosen")
        self._show()

    def _show(self) -> None:
        report, counted = self._session.state.report, self._session.state.counted
        texts = dict.fromkeys((*_ROWS, *_SET_ROWS), _NONE)
        self._tell_of_set(texts)
        if counted is not None:
            texts["colours"] = f"{len(counted.histogram):,}"
        if report is not None:
            change = report.bytes_after / report.bytes_before
            texts["colours"] = f"{report.colors_before:,} → {report.colors_after:,}"
            texts["size"] = (
                f"{file_size(report.bytes_before)} → {file_size(report.bytes_after)} ({change:.0%})"
            )
            if change > 1:
                texts["size"] += ", larger"
            self._warn(change > 1)
            texts["MSE"] = f"{report.mse:.2f}"
            if report.file_mse is not None:
                texts["MSE"] += f" (whole file: {report.file_mse:.2f})"
            if report.delta_e is not None:
                other = f"95 %: {report.delta_e_95:.2f}"
                if report.file_delta_e is not None:
                    other = f"whole file: {report.file_delta_e:.2f}"
                texts["dE2000"] = f"{report.delta_e:.2f} ({other})"
            texts["PSNR"] = "exact" if math.isinf(report.psnr) else f"{report.psnr:.2f} dB"
            texts["SSIM"] = _NONE if report.ssim is None else f"{report.ssim:.4f}"
        for name, text in texts.items():
            self.values[name].setText(text)
        is_asked = report is not None and report.ssim is None
        self.measure.setVisible(is_asked)
        self.values["SSIM"].setVisible(not is_asked)

    def _warn(self, is_larger: bool) -> None:
        """Let a result stand out that is larger than the source."""
        value = self.values["size"]
        value.setStyleSheet("color: #ff9a90; font-weight: bold" if is_larger else "")

    def _tell_of_set(self, texts: dict[str, str]) -> None:
        session, tiles = self._session, self._session.tiles
        for label in self._set_labels:
            label.setVisible(len(tiles) > 1)
        thumbnails = [session.tile_thumbnails.of(tile.path) for tile in tiles]
        size = file_size(sum(known.file_size for known in thumbnails if known))
        texts["whole set"] = f"{len(tiles)} files, {size}" if all(thumbnails) else f"{len(tiles)} files"
        if session.state.counted is not None:
            texts["whole set"] += f", {len(session.state.counted.histogram):,} colours"
        exact = session.state.exact
        if exact is not None and not exact.edited.recolored and exact.edited.clusters.populations.any():
            clusters = exact.edited.clusters
            texts["set MSE"] = f"{clusters.inertia / clusters.populations.sum():.2f}"


def _measure_button(session: Session, tooltip: str) -> QtWidgets.QToolButton:
    button = QtWidgets.QToolButton()
    button.setText("Measure")
    button.setToolTip(f"{tooltip}; takes some seconds for a large texture")
    button.setAccessibleName("Measure SSIM")
    button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
    button.setAutoRaise(True)
    button.clicked.connect(lambda: session.bench.measure_similarity())
    return button


class ErrorCurve(SessionView):
    """MSE against the number of colours, both in logarithms. Click, drag or arrows: choose the number."""

    def __init__(self, session: Session) -> None:
        super().__init__(
            session,
            "Error against the number of colours",
            "The error of palettes of 2 to 256 colours, dithered as the picture is: click to choose a number",
        )
        self._hovered: int | None = None
        self._is_pressed = False
        self.setMinimumSize(160, 80)
        session.events.subscribe(self.update, "counted", "settings")

    def _plot(self) -> QtCore.QRectF:
        line = self.fontMetrics().height()
        return QtCore.QRectF(self.rect()).adjusted(8, line + 2, -8, -line - 4)

    def _x(self, colors: float) -> float:
        plot = self._plot()
        return plot.left() + plot.width() * math.log(colors / 2) / math.log(MAX_COLORS / 2)

    def _colors_at(self, x: float) -> int:
        plot = self._plot()
        share = min(max((x - plot.left()) / plot.width(), 0.0), 1.0)
        colors: float = 2 * (MAX_COLORS / 2) ** share
        return round(colors)

    def paintEvent(self, _event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw curve, scale and the current number."""
        painter = QtGui.QPainter(self)
        role = QtGui.QPalette.ColorRole
        painter.fillRect(self.rect(), self.palette().color(role.Dark))
        dim = self.palette().color(role.PlaceholderText)
        plot = self._plot()
        font = painter.font()
        font.setPixelSize(max(9, self.fontInfo().pixelSize() - 2))
        painter.setFont(font)
        for tick in _TICKS:
            x = self._x(tick)
            painter.setPen(QtGui.QColor(255, 255, 255, 18))
            painter.drawLine(QtCore.QPointF(x, plot.top()), QtCore.QPointF(x, plot.bottom()))
            painter.setPen(dim)
            box = QtCore.QRectF(x - 14, plot.bottom() + 1, 28, self.fontMetrics().height())
            box.moveLeft(min(max(box.left(), 0.0), self.width() - box.width()))
            painter.drawText(box, QtCore.Qt.AlignmentFlag.AlignCenter, str(tick))
        errors = self._session.state.errors
        if errors is not None:
            self._paint_curve(painter, plot, errors)
        self._paint_focus(painter)

    def _paint_curve(self, painter: QtGui.QPainter, plot: QtCore.QRectF, errors: np.ndarray) -> None:
        heights = np.log(np.maximum(errors, 0.1))
        lowest, highest = float(heights.min()), float(heights.max())
        ys = plot.bottom() - (heights - lowest) / max(highest - lowest, 1e-9) * plot.height()
        points = [QtCore.QPointF(self._x(colors), float(y)) for colors, y in enumerate(ys, start=2)]
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtGui.QPen(self.palette().color(QtGui.QPalette.ColorRole.Highlight).lighter(130), 1.6))
        painter.drawPolyline(QtGui.QPolygonF(points))
        colors = max(2, self._session.settings.colors)
        self._mark(painter, points[colors - 2], QtGui.QColor(255, 255, 255), 4)
        shown = colors
        if self._hovered is not None and self._hovered != colors:
            shown = self._hovered
            self._mark(painter, points[shown - 2], QtGui.QColor(255, 255, 255, 120), 3)
        painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.WindowText))
        text = f"{shown} colours: MSE about {errors[shown - 2]:.3g}"
        box = QtCore.QRectF(8, 1, self.width() - 16, self.fontMetrics().height())
        painter.drawText(box, QtCore.Qt.AlignmentFlag.AlignRight, text)

    def _mark(self, painter: QtGui.QPainter, at: QtCore.QPointF, color: QtGui.QColor, radius: float) -> None:
        painter.save()
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(at, radius, radius)
        painter.restore()

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the number under the cursor."""
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            self._is_pressed = True
            self._session.change(colors=self._colors_at(qt.position(event).x()))

    def mouseReleaseEvent(self, _event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Keep what was chosen."""
        self._is_pressed = False

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the error at the number under the cursor; with a button down, choose it."""
        self._hovered = self._colors_at(qt.position(event).x())
        if self._is_pressed:
            self._session.change(colors=self._hovered)
        self.update()

    def leaveEvent(self, _event: QtCore.QEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the error at the chosen number again."""
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the next number."""
        arrow = qt.arrow(event)
        if arrow is None:
            super().keyPressEvent(event)
            return
        step = arrow[0] - arrow[1]
        self._session.change(colors=min(max(self._session.settings.colors + step, 2), MAX_COLORS))
