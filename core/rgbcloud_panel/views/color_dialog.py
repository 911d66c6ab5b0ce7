"""Another colour for a cluster, by eye or in the numbers that the files store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from Qt import QtCore, QtGui, QtWidgets

from rgbcloud_panel import qt
from rgbcloud_panel.edits.editing import find_same_color

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud_panel.state.session import Session

_DIGITS = 6  # after the point


def choose_color(parent: QtWidgets.QWidget, session: Session, index: int) -> None:
    """Ask for another colour; the picture follows while it is being chosen."""
    state = session.state
    if state.edited is None:
        return
    before, clusters = state.look, state.edited.clusters
    dialog = QtWidgets.QColorDialog(qt.color_of(state.edited.palette.colors[index]), parent)
    dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setOption(QtWidgets.QColorDialog.ColorDialogOption.DontUseNativeDialog)
    dialog.setWindowTitle(f"Colour {index + 1}")
    values = state.edited.palette.values
    numbers = None if values.dtype == np.uint8 else StoredNumbers(values[index], dialog)

    def place() -> int | None:
        """Return where the cluster is now; None where another texture is shown."""
        if session.state is not state or state.edited is None:
            return None
        return find_same_color(clusters, state.edited.clusters, index)

    def recolor(color: QtGui.QColor) -> None:
        at = place()
        if at is not None:
            session.recolor(at, (color.red(), color.green(), color.blue()))
            if numbers is not None and state.edited is not None:
                numbers.show_values(state.edited.palette.values[at])

    def recolor_stored() -> None:
        at = place()
        if at is not None and numbers is not None:
            session.recolor_stored(at, numbers.values)
            with qt.without_signals(dialog):
                dialog.setCurrentColor(qt.color_of(state.edited.palette.colors[at]))  # type: ignore[union-attr]

    dialog.currentColorChanged.connect(recolor)
    dialog.rejected.connect(lambda: session.restore(before) if session.state is state else None)
    layout = dialog.layout()
    if numbers is not None and isinstance(layout, QtWidgets.QBoxLayout):
        numbers.changed.connect(recolor_stored)
        layout.insertWidget(layout.count() - 1, numbers)  # above OK and Cancel
    dialog.open()
    # Beside the picture: not over what is judged by it.
    frame = parent.window().frameGeometry()
    dialog.move(max(frame.left(), frame.right() - dialog.width()), frame.top() + 40)


class StoredNumbers(QtWidgets.QWidget):
    """Three numbers of the files' type (uint16, float16, float32): whole ones up to 65,535, or any."""

    changed = QtCore.Signal()
    """The user has entered others."""

    def __init__(self, values: npt.NDArray[np.generic], parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(QtWidgets.QLabel("As the file stores it:"), 1)
        self.boxes: list[QtWidgets.QSpinBox | QtWidgets.QDoubleSpinBox] = []
        for name in ("Red", "Green", "Blue"):
            box = _whole_box() if values.dtype.kind == "u" else _real_box()
            box.setAccessibleName(f"{name}, as the file stores it")
            box.setToolTip(f"{name} in the file's own numbers")
            layout.addWidget(box)
            self.boxes.append(box)
        self.show_values(values)
        for box in self.boxes:
            box.valueChanged.connect(lambda *_value: self.changed.emit())

    @property
    def values(self) -> list[float]:
        """The numbers."""
        return [box.value() for box in self.boxes]

    def show_values(self, values: npt.NDArray[np.generic]) -> None:
        """Show other numbers, of which nobody is told."""
        with qt.without_signals(*self.boxes):
            for box, value in zip(self.boxes, values.tolist()):
                box.setValue(value)


def _whole_box() -> QtWidgets.QSpinBox:
    box = QtWidgets.QSpinBox()
    box.setRange(0, np.iinfo(np.uint16).max)
    return box


def _real_box() -> QtWidgets.QDoubleSpinBox:
    box = QtWidgets.QDoubleSpinBox()
    box.setDecimals(_DIGITS)
    largest = float(np.finfo(np.float16).max)
    box.setRange(-largest, largest)
    box.setStepType(QtWidgets.QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
    return box
