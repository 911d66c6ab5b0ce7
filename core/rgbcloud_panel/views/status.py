"""The foot of the panel: what is going on, and what there is to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from Qt import QtCore, QtGui, QtWidgets

from rgbcloud.errors import printable
from rgbcloud_panel.sections import stack

if TYPE_CHECKING:
    from rgbcloud_panel.state.session import Session

_PATIENCE = 300  # milliseconds that work may take before its progress is shown


class MessageBar(QtWidgets.QFrame):
    """The session's message, with what can be done about it, until it is closed or replaced."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setAutoFillBackground(True)
        self.mark = QtWidgets.QFrame()
        self.mark.setFixedWidth(4)
        self.mark.setAutoFillBackground(True)
        self.text = QtWidgets.QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(QtCore.Qt.TextFormat.PlainText)  # <UDIM> is no tag
        self.text.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAccessibleName("Message")
        self.action = QtWidgets.QPushButton()
        self.close_button = QtWidgets.QToolButton()
        self.close_button.setText("✕")
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("Close this message")
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.addWidget(self.mark)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.action)
        layout.addWidget(self.close_button)
        self.action.clicked.connect(self._act)
        self.close_button.clicked.connect(lambda: session.tell(None))
        session.events.subscribe(self._show, "message")
        self._show()

    def _show(self) -> None:
        message = self._session.message
        self.setVisible(message is not None)
        if message is None:
            return
        self.text.setText(message.text)
        self.action.setText(message.action)
        self.action.setToolTip(message.action)
        self.action.setVisible(message.act is not None)
        palette = self.mark.palette()
        color = QtGui.QColor(205, 85, 75) if message.is_error else QtGui.QColor(95, 150, 95)
        palette.setColor(QtGui.QPalette.ColorRole.Window, color)
        self.mark.setPalette(palette)
        background = self.palette()
        role = QtGui.QPalette.ColorRole
        background.setColor(role.Window, background.color(role.Base))
        self.setPalette(background)

    def _act(self) -> None:
        message = self._session.message
        self._session.tell(None)
        if message is not None and message.act is not None:
            message.act()


class ProgressRow(QtWidgets.QWidget):
    """How far the work is, and the button that stops it; empty while there is none."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.label = QtWidgets.QLabel()
        self.bar = QtWidgets.QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(10)
        self.bar.setAccessibleName("Progress")
        self.cancel = QtWidgets.QPushButton("Cancel")
        self.cancel.setToolTip("Stop what is being computed; nothing is changed")
        self._patience = QtCore.QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE)
        stack(self, self.label, self.bar, self.cancel, stretched=[self.bar], spacing=6, across=True)
        # Room is kept while the row is empty: what stands above shall not jump.
        self.setFixedHeight(self.sizeHint().height())
        self._patience.timeout.connect(lambda: self._reveal(is_shown=True))
        self.cancel.clicked.connect(session.cancel)
        session.events.subscribe(self._show, "progress")
        self._reveal(is_shown=False)

    def _show(self) -> None:
        progress = self._session.progress
        if progress is None:
            self._patience.stop()
            self._reveal(is_shown=False)
            return
        fraction, text = progress
        self.label.setText(printable(text))
        self.bar.setValue(round(1000 * fraction))
        if not self.cancel.isVisible() and not self._patience.isActive():
            self._patience.start()

    def _reveal(self, *, is_shown: bool) -> None:
        for widget in (self.label, self.bar, self.cancel):
            widget.setVisible(is_shown)
