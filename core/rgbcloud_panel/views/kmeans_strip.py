"""k-means to watch, under the cloud: start, step, back, run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from Qt import QtCore, QtWidgets

from rgbcloud_panel import qt
from rgbcloud_panel.sections import FlowLayout, stack, tool_button

if TYPE_CHECKING:
    from rgbcloud_panel.state.session import Session

_PACE = 400  # milliseconds a step


class KmeansStrip(QtWidgets.QWidget):
    """Buttons for the steps, a slider over all of them, and what is shown. Hidden until it is asked for."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._watching = session.watching
        self._pace = QtCore.QTimer(self)
        self._pace.setInterval(_PACE)
        self._pace.timeout.connect(self._run_on)
        self.slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Step of k-means")
        self.slider.setToolTip("All steps: the picture, the cloud and the palette follow")
        self.slider.valueChanged.connect(self._watching.go_to)
        self.label = QtWidgets.QLabel()
        self.label.setWordWrap(True)
        self.label.setAccessibleName("What k-means does")
        buttons = QtWidgets.QWidget()
        self._row = FlowLayout(buttons)
        watching = self._watching
        self.restart = self._add("New start", "From other random colours", lambda: watching.start(again=True))
        self.back = self._add("Back", "One step back", lambda: watching.go_to(watching.position - 1))
        self.step = self._add(
            "Step",
            "Assign texels to their nearest centre, or update centres to the mean of theirs",
            lambda: watching.go_to(watching.position + 1),
        )
        self.run = self._add("Run", "All steps, one after the other; again: stop")
        qt.show_checked(self.run)
        self.run.toggled.connect(self._run_or_stop)
        self.bad = self._add("Bad start", "All centres in the darkest corner", watching.start_badly)
        self.ten = self._add("Ten starts", "Ten random starts, and the best of them", watching.try_starts)
        self.here = self._add(
            "From here",
            "From the centres as they are now: drag them first",
            watching.start_from_shown,
        )
        self.take = self._add("Keep", "Go on with this palette", lambda: watching.stop(keeps=True))
        stack(self, self.slider, self.label, buttons, spacing=2)
        session.events.subscribe(self._show, "watching")
        self._show()

    def _add(self, text: str, tooltip: str, act: Callable[[], object] | None = None) -> QtWidgets.QToolButton:
        button = tool_button(text, tooltip, act)
        self._row.addWidget(button)
        return button

    def _show(self) -> None:
        watching = self._watching
        self.setVisible(watching.is_on)
        with qt.without_signals(self.slider):
            self.slider.setRange(0, watching.last)
            self.slider.setValue(watching.position)
        note = f" ({watching.note})" if watching.note else ""
        self.label.setText(watching.text + note)
        self.back.setEnabled(watching.position > 0)
        self.step.setEnabled(watching.position < watching.last)
        if not watching.is_on or watching.position == watching.last:
            self.run.setChecked(False)

    def _run_or_stop(self, is_running: bool) -> None:
        if is_running and self._watching.position == self._watching.last:
            self._watching.go_to(0)
            self.run.setChecked(True)
        if is_running:
            self._pace.start()
        else:
            self._pace.stop()

    def _run_on(self) -> None:
        self._watching.go_to(self._watching.position + 1)
