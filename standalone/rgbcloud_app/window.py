"""The desktop window: the panel, and nothing around it."""

from __future__ import annotations

import base64
import sys
from typing import TYPE_CHECKING

from Qt import QtCore, QtGui, QtWidgets

from rgbcloud_app.files_host import FilesHost
from rgbcloud_panel.controls.dialogs import ask_about_work
from rgbcloud_panel.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_GREYS = {
    "Window": 0x444444, "WindowText": 0xD2D2D2, "Base": 0x2B2B2B, "AlternateBase": 0x343434,
    "Text": 0xD2D2D2, "Button": 0x5D5D5D, "ButtonText": 0xE4E4E4, "BrightText": 0xFFFFFF,
    "Light": 0x6A6A6A, "Midlight": 0x575757, "Mid": 0x383838, "Dark": 0x2B2B2B, "Shadow": 0x1C1C1C,
    "Highlight": 0x5285A6, "HighlightedText": 0xFFFFFF, "PlaceholderText": 0x8F8F8F,
    "ToolTipBase": 0x2B2B2B, "ToolTipText": 0xE4E4E4, "Link": 0x7FB2D0, "LinkVisited": 0x7FB2D0,
}  # fmt: skip
_DISABLED = {"WindowText": 0x828282, "Text": 0x7A7A7A, "ButtonText": 0x7E7E7E, "Button": 0x4C4C4C}


class Window(QtWidgets.QMainWindow):
    """A panel on files."""

    def __init__(self, host: FilesHost) -> None:
        super().__init__()
        self._host = host
        self._is_sure = False
        self.panel = Panel(host)
        self.setWindowTitle("rgbcloud")
        self.setCentralWidget(self.panel)
        self.resize(1280, 780)
        geometry = host.recall("geometry")
        if geometry:
            self.restoreGeometry(QtCore.QByteArray(base64.b64decode(geometry)))

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember where the window stood, and stop all work; ask first where something would be lost."""
        session = self.panel.session
        unkept = [] if self._is_sure else session.unkept()
        if unkept:
            event.ignore()
            ask_about_work(self, session, unkept, self._close)
            return
        self._host.remember("geometry", base64.b64encode(self.saveGeometry().data()).decode("ascii"))
        self.panel.shut_down()
        event.accept()

    def _close(self) -> None:
        self._is_sure = True
        self.close()


def dress(app: QtWidgets.QApplication) -> None:
    """Give the program the dark look that artists know from their other tools."""
    app.setStyle("Fusion")
    palette = QtGui.QPalette()
    roles, groups = QtGui.QPalette.ColorRole, QtGui.QPalette.ColorGroup
    for name, value in _GREYS.items():
        palette.setColor(getattr(roles, name), QtGui.QColor(value))
    for name, value in _DISABLED.items():
        palette.setColor(groups.Disabled, getattr(roles, name), QtGui.QColor(value))
    app.setPalette(palette)


def run(paths: Sequence[Path]) -> int:
    """Open the window with some images and return the exit status once it is closed."""
    app = QtWidgets.QApplication(sys.argv[:1])
    app.setApplicationName("rgbcloud")
    dress(app)
    window = Window(FilesHost())
    window.show()
    if paths:
        window.panel.session.open(paths)
    return int(app.exec_())
