"""The desktop window: the panel, its menus, and how to begin."""

from __future__ import annotations

import base64
import sys
from functools import partial
from typing import TYPE_CHECKING, Callable

from Qt import QtCore, QtGui, QtWidgets

from rgbcloud_app.desktop.files_host import FilesHost
from rgbcloud_app.desktop.sample_pictures import SAMPLES
from rgbcloud_app.desktop.welcome import Welcome, open_sample, samples_folder
from rgbcloud_panel.controls.dialogs import ask_about_work
from rgbcloud_panel.help import about_as_html, show_text
from rgbcloud_panel.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GREYS = {
    "Window": 0x444444, "WindowText": 0xD2D2D2, "Base": 0x2B2B2B, "AlternateBase": 0x343434,
    "Text": 0xD2D2D2, "Button": 0x5D5D5D, "ButtonText": 0xE4E4E4, "BrightText": 0xFFFFFF,
    "Light": 0x6A6A6A, "Midlight": 0x575757, "Mid": 0x383838, "Dark": 0x2B2B2B, "Shadow": 0x1C1C1C,
    "Highlight": 0x3F7396, "HighlightedText": 0xFFFFFF, "PlaceholderText": 0x9C9C9C,
    "ToolTipBase": 0x2B2B2B, "ToolTipText": 0xE4E4E4, "Link": 0x7FB2D0, "LinkVisited": 0x7FB2D0,
}  # fmt: skip
_DISABLED = {"WindowText": 0x828282, "Text": 0x7A7A7A, "ButtonText": 0x7E7E7E, "Button": 0x4C4C4C}


_FRAME = 40  # pixels that a window's frame and a bar of the desktop may take


class Window(QtWidgets.QMainWindow):
    """A panel on files, with menus.

    Parameters
    ----------
    host : FilesHost
    samples : Path, optional
        Where pictures to try are put.
    """

    def __init__(self, host: FilesHost, samples: Path | None = None) -> None:
        super().__init__()
        self._host = host
        self._samples = samples or samples_folder()
        self._is_sure = False
        self.panel = Panel(host)
        self.setWindowTitle("rgbcloud")
        self.setWindowIcon(_icon())
        self.setCentralWidget(self.panel)
        self.welcome = Welcome(self.panel.session, host, self.panel.ask_for_images, self._samples)
        middle = QtWidgets.QVBoxLayout(self.panel.picture)
        middle.addWidget(self.welcome, 0, QtCore.Qt.AlignmentFlag.AlignCenter)
        self._add_menus()
        available = QtGui.QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(1280, available.width() - _FRAME), min(780, available.height() - _FRAME))
        geometry = host.recall("geometry")
        if geometry:
            self.restoreGeometry(QtCore.QByteArray(base64.b64decode(geometry)))

    def _add_menus(self) -> None:
        panel, bar = self.panel, self.menuBar()
        file = bar.addMenu("&Files")
        _add(file, "Open …", panel.ask_for_images)
        self.recent_menu = file.addMenu("Open recent")
        self.recent_menu.aboutToShow.connect(self._list_recent)
        samples = file.addMenu("Try a picture")
        for name in SAMPLES:
            _add(samples, name, partial(open_sample, panel.session, name, self._samples))
        file.addSeparator()
        _add(file, "Quit", self.close, "Ctrl+Q")
        view = bar.addMenu("Vie&w")
        _add(view, "Full screen", self.switch_full_screen, "F11")
        help_menu = bar.addMenu("&Help")
        _add(help_menu, "Keys", panel.show_keys)
        _add(help_menu, "About rgbcloud", lambda: show_text(self, "About rgbcloud", about_as_html()))

    def _list_recent(self) -> None:
        self.recent_menu.clear()
        for path in self._host.recent():
            _add(self.recent_menu, str(path).replace("&", "&&"), partial(self.panel.session.open, [path]))

    def switch_full_screen(self) -> None:
        """Take the whole screen, or give it back."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember where the window stood, and stop all work; ask first where something would be lost."""
        session = self.panel.session
        unkept = [] if self._is_sure else session.textures_to_keep()
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


def _add(menu: QtWidgets.QMenu, text: str, act: Callable[[], object], keys: str = "") -> None:
    action = menu.addAction(text)
    action.triggered.connect(lambda: act())
    if keys:
        action.setShortcut(QtGui.QKeySequence(keys))


def _icon() -> QtGui.QIcon:
    """Return three colours of a cloud."""
    drawn = QtGui.QPixmap(64, 64)
    drawn.fill(QtGui.QColor(0, 0, 0, 0))
    painter = QtGui.QPainter(drawn)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    painter.setPen(QtCore.Qt.PenStyle.NoPen)
    for color, x, y, radius in (("#e25b4b", 21, 41, 17), ("#58b368", 32, 21, 15), ("#4b8fe2", 44, 42, 14)):
        painter.setBrush(QtGui.QColor(color))
        painter.drawEllipse(QtCore.QPointF(x, y), radius, radius)
    painter.end()
    return QtGui.QIcon(drawn)


def dress(app: QtWidgets.QApplication) -> None:
    """Give the program the dark look that artists know from their other tools."""
    app.setStyle("Fusion")
    palette = QtGui.QPalette()
    roles, groups = QtGui.QPalette.ColorRole, QtGui.QPalette.ColorGroup
    for name, value in GREYS.items():
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
