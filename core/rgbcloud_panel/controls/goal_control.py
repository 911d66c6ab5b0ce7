"""Who chooses the number of colours: the user's hand, or a goal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from Qt import QtCore, QtWidgets

from rgbcloud import Goal
from rgbcloud_panel import qt
from rgbcloud_panel.sections import stack

if TYPE_CHECKING:
    from rgbcloud_panel.state.session import Session

_KINDS = {
    "": "By hand",
    "psnr": "For a PSNR",
    "delta_e": "For a difference",
    "max_bytes": "For a file size",
    "knee": "What pays off",
}
_TOOLTIPS = {
    "": "The number of colours is what you choose above",
    "psnr": "The fewest colours that reach this PSNR: higher is closer to the original",
    "delta_e": "The fewest colours whose mean CIEDE2000 is no larger: about 1 is just visible",
    "max_bytes": "The most colours whose file is no larger",
    "knee": "As many colours as pay off: the knee of the curve of errors",
}
_SUFFIXES = {"psnr": " dB", "delta_e": " dE", "max_bytes": " kB"}
_KILO = 1000  # bytes


class GoalControl(QtWidgets.QWidget):
    """A box for what the number of colours is chosen for, and one for the value to reach."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._values = {"psnr": 35.0, "delta_e": 2.0, "max_bytes": 100.0}  # what the box offers first
        self.kind = QtWidgets.QComboBox()
        self.kind.addItems(list(_KINDS.values()))
        for index, tooltip in enumerate(_TOOLTIPS.values()):
            self.kind.setItemData(index, tooltip, QtCore.Qt.ItemDataRole.ToolTipRole)
        self.kind.setAccessibleName("Who chooses the number of colours")
        self.value = QtWidgets.QDoubleSpinBox()
        self.value.setDecimals(1)
        self.value.setKeyboardTracking(False)
        self.value.setAccessibleName("Value to reach")
        stack(self, self.kind, self.value, stretched=[self.kind], across=True)
        self.setFocusProxy(self.kind)
        self.kind.currentIndexChanged.connect(lambda _index: self._choose())
        self.value.valueChanged.connect(lambda _value: self._choose())
        session.events.subscribe(self._show, "goal")
        self._show()

    def _choose(self) -> None:
        kind = tuple(_KINDS)[self.kind.currentIndex()]
        if kind == _kind_of(self._session.goal) and kind in self._values:
            self._values[kind] = self.value.value()
        self._session.set_goal(self._goal(kind))

    def _goal(self, kind: str) -> Goal | None:
        if kind == "max_bytes":
            return Goal(max_bytes=round(_KILO * self._values[kind]))
        return Goal(**{kind: self._values.get(kind, True)}) if kind else None  # type: ignore[arg-type]

    def _show(self) -> None:
        goal = self._session.goal
        kind = _kind_of(goal)
        if goal is not None and kind in self._values:
            value = getattr(goal, kind)
            self._values[kind] = value / _KILO if kind == "max_bytes" else value
        with qt.without_signals(self.kind, self.value):
            self.kind.setCurrentIndex(tuple(_KINDS).index(kind))
            self.value.setSuffix(_SUFFIXES.get(kind, ""))
            self.value.setRange(0.1, 99_999.9 if kind == "max_bytes" else 99.9)
            self.value.setValue(self._values.get(kind, self.value.value()))
        self.kind.setToolTip(_TOOLTIPS[kind])
        self.value.setToolTip(_TOOLTIPS[kind])
        self.value.setVisible(kind in self._values)


def _kind_of(goal: Goal | None) -> str:
    if goal is None:
        return ""
    return "knee" if goal.knee else next(kind for kind in _SUFFIXES if getattr(goal, kind) is not None)
