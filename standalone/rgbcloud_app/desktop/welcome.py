"""What an empty window shows: how to begin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Callable

from Qt import QtCore, QtGui, QtWidgets

from rgbcloud import RgbcloudError
from rgbcloud.errors import printable
from rgbcloud_app.desktop.sample_pictures import SAMPLES, sample_picture
from rgbcloud_panel.work.background import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud_app.desktop.files_host import FilesHost
    from rgbcloud_panel.state.session import Session

_MOST_RECENT = 4  # files that are offered; the menu has more


def samples_folder() -> Path:
    """Return where the pictures to try are put: among the user's own, so that results are found again."""
    places = QtCore.QStandardPaths
    found = places.writableLocation(places.StandardLocation.PicturesLocation)
    return (Path(found) if found else Path.home()) / "rgbcloud"


def open_sample(session: Session, name: str, folder: Path) -> None:
    """Open a picture to try, which is made first if need be."""
    try:
        session.open([sample_picture(name, folder)])
    except RgbcloudError as error:
        session.tell(Message.of_error(error))


class Welcome(QtWidgets.QFrame):
    """Drop, open, try a picture, take up one of the last files; hidden while a texture is open.

    Parameters
    ----------
    session : Session
    host : FilesHost
    ask : callable
        Asks for images to open.
    samples : Path
        Where pictures to try are put.
    """

    def __init__(self, session: Session, host: FilesHost, ask: Callable[[], object], samples: Path) -> None:
        super().__init__()
        self._session, self._host = session, host
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QtGui.QPalette.ColorRole.Window)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(8, 12, 8, 12)
        title = QtWidgets.QLabel("Drop images here")
        font = title.font()
        font.setPointSizeF(1.4 * font.pointSizeF())
        title.setFont(font)
        title.setWordWrap(True)
        hint = QtWidgets.QLabel("Textures, all tiles of a set, a folder, or a palette.")
        hint.setWordWrap(True)
        self.open_button = QtWidgets.QPushButton("Open images …")
        self.open_button.setToolTip("Choose image files (Ctrl+O)")
        self.open_button.clicked.connect(lambda: ask())
        layout.addWidget(title)
        layout.addWidget(hint)
        layout.addWidget(self.open_button)
        layout.addSpacing(8)
        layout.addWidget(QtWidgets.QLabel("Or try one of these:"))
        self.samples: dict[str, QtWidgets.QPushButton] = {}
        for name in SAMPLES:
            button = self._button(name, f"Make this picture in {samples} and open it")
            button.clicked.connect(lambda _checked=False, name=name: open_sample(session, name, samples))
            self.samples[name] = button
            layout.addWidget(button)
        layout.addSpacing(8)
        self._recent_title = QtWidgets.QLabel("Opened last:")
        layout.addWidget(self._recent_title)
        self.recent: list[QtWidgets.QPushButton] = []
        for _ in range(_MOST_RECENT):
            button = self._button("", "")
            button.clicked.connect(lambda _checked=False, button=button: self._open(button))
            self.recent.append(button)
            layout.addWidget(button)
        session.events.subscribe(self._show, "textures")
        self._show()

    def _button(self, text: str, tooltip: str) -> QtWidgets.QPushButton:
        button = QtWidgets.QPushButton(text)
        button.setToolTip(tooltip)
        button.setFlat(True)
        return button

    def _open(self, button: QtWidgets.QPushButton) -> None:
        self._session.open([Path(button.toolTip())])

    def _show(self) -> None:
        self.setVisible(not self._session.textures)
        recent: Sequence[Path] = self._host.recent()[:_MOST_RECENT]
        self._recent_title.setVisible(bool(recent))
        for number, button in enumerate(self.recent):
            button.setVisible(number < len(recent))
            if number < len(recent):
                button.setText(printable(recent[number].name).replace("&", "&&"))
                button.setToolTip(str(recent[number]))
