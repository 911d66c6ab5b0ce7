"""A heading that says what was decided, and controls below it that can be folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from Qt import QtCore, QtGui, QtWidgets

from rgbcloud_panel.sections import stack

if TYPE_CHECKING:
    from collections.abc import Sequence


_ARROW = 48  # pixels of the arrow and of margins


class Fold(QtWidgets.QWidget):
    """A heading, whose title has a mnemonic, and rows of names and controls.

    A control without a name takes the whole width. `summary` returns what was decided, which stands after
    the title; see `update_summary`.
    """

    toggled = QtCore.Signal(bool)
    """It was opened or folded by a hand."""

    def __init__(
        self, title: str, rows: Sequence[tuple[str, QtWidgets.QWidget]], summary: Callable[[], str]
    ) -> None:
        super().__init__()
        self._title, self._summary = title, summary
        self.heading = QtWidgets.QToolButton()
        self.heading.setCheckable(True)
        self.heading.setAutoRaise(True)
        self.heading.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        policy = QtWidgets.QSizePolicy.Policy
        self.heading.setSizePolicy(policy.Ignored, policy.Fixed)
        self.content = QtWidgets.QWidget()
        self.labels: dict[QtWidgets.QWidget, QtWidgets.QLabel] = {}
        form = QtWidgets.QFormLayout(self.content)
        form.setContentsMargins(18, 0, 0, 4)
        form.setVerticalSpacing(4)
        form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, control in rows:
            if name:
                self.labels[control] = QtWidgets.QLabel(name)
                self.labels[control].setToolTip(control.toolTip())
                form.addRow(self.labels[control], control)
            else:
                form.addRow(control)
        stack(self, self.heading, self.content, spacing=2)
        self.heading.toggled.connect(self._show)
        self._first = rows[0][1] if rows else None
        self.heading.clicked.connect(self._tell)
        self._show(False)
        self.update_summary()

    @property
    def is_open(self) -> bool:
        """Whether its controls are shown."""
        return self.heading.isChecked()

    def open(self, is_open: bool) -> None:
        """Show its controls, or fold them away."""
        self.heading.setChecked(is_open)

    def _tell(self) -> None:
        """Tell that a hand was here; what was opened is what the next keys are for."""
        if self.is_open and self._first is not None:
            self._first.setFocus()
        self.toggled.emit(self.is_open)

    def _show(self, is_open: bool) -> None:
        arrows = QtCore.Qt.ArrowType
        self.heading.setArrowType(arrows.DownArrow if is_open else arrows.RightArrow)
        self.content.setVisible(is_open)

    def _metrics(self) -> QtGui.QFontMetrics:
        return self.heading.fontMetrics()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Shorten the summary to what fits."""
        super().resizeEvent(event)
        self.update_summary()

    def update_summary(self) -> None:
        """Say again what was decided."""
        summary = self._summary()
        room = self.heading.width() - self._metrics().horizontalAdvance(self._title) - _ARROW
        elided = self._metrics().elidedText(summary, QtCore.Qt.TextElideMode.ElideRight, max(room, 0))
        shown = elided.replace("&", "&&")
        self.heading.setText(f"{self._title}: {shown}" if summary else self._title)
        title = self._title.replace("&", "")
        plain = f"{title}: {summary}" if summary else title
        self.heading.setToolTip(plain)
        self.heading.setAccessibleName(plain)
