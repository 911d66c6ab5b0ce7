"""The number of colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from Qt import QtCore, QtWidgets

from rgbcloud import MAX_COLORS
from rgbcloud_panel import qt

if TYPE_CHECKING:
    from rgbcloud_panel.state.session import Session

USUAL_SIZES = (3, 7, 16, 32, 64, 128, 256)
SLIDER_SIZES = (*range(1, 17), *range(18, 33, 2), *range(36, 65, 4), *range(72, 129, 8), *range(144, 257, 16))
"""What the slider's positions stand for: finer where palettes are small."""


class ColorsControl(QtWidgets.QWidget):
    """The number of colours: a slider, a spin box for any other number, and buttons for the usual ones."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(SLIDER_SIZES) - 1)
        self.slider.setPageStep(4)
        self.slider.setAccessibleName("Number of colours, slider")
        self.slider.setToolTip("How many colours the palette has; the picture follows while you drag")
        self.spin = QtWidgets.QSpinBox()
        self.spin.setRange(1, MAX_COLORS)
        self.spin.setKeyboardTracking(False)
        self.spin.setAccessibleName("Number of colours")
        self.spin.setToolTip("How many colours the palette has, 1 to 256")
        stops = QtWidgets.QHBoxLayout()
        stops.setSpacing(2)
        self.stops: dict[int, QtWidgets.QToolButton] = {}
        for size in USUAL_SIZES:
            self.stops[size] = self._stop(size)
            stops.addWidget(self.stops[size], 1)
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.slider, 0, 0)
        grid.addWidget(self.spin, 0, 1)
        grid.addLayout(stops, 1, 0, 1, 2)
        self.slider.valueChanged.connect(lambda place: session.change(colors=SLIDER_SIZES[place]))
        self.spin.valueChanged.connect(lambda colors: session.change(colors=colors))
        session.events.subscribe(self._show, "settings")
        self._show()

    def _stop(self, size: int) -> QtWidgets.QToolButton:
        button = QtWidgets.QToolButton()
        button.setText(str(size))
        qt.show_checked(button)
        button.setToolTip(f"{size} colours")
        button.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self._choose(size))
        return button

    def _choose(self, size: int) -> None:
        self._session.change(colors=size)
        self._show()

    def _show(self) -> None:
        colors = self._session.settings.colors
        place = min(range(len(SLIDER_SIZES)), key=lambda index: abs(SLIDER_SIZES[index] - colors))
        with qt.without_signals(self.slider, self.spin):
            self.slider.setValue(place)
            self.spin.setValue(colors)
        for size, button in self.stops.items():
            button.setChecked(size == colors)
