"""What users are asked, without stopping the event loop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Callable

from Qt import QtCore, QtWidgets

from rgbcloud.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rgbcloud_panel.host import PanelTexture
    from rgbcloud_panel.state.session import Session


def kinds_of(name: str, suffixes: Iterable[str], *, others: bool = False) -> str:
    """Return what a dialog offers to show: files with one of some suffixes; where asked for, all others."""
    return f"{name} ({' '.join(f'*{suffix}' for suffix in suffixes)})" + (";;All files (*)" if others else "")


def ask_for_file(
    parent: QtWidgets.QWidget, title: str, suggestion: str, kinds: str, answer: Callable[[Path], object]
) -> QtWidgets.QFileDialog:
    """Ask where to save, without stopping the event loop; `answer` gets the path."""
    dialog = QtWidgets.QFileDialog(parent, title, suggestion, kinds)
    dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QtWidgets.QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(kinds.split("*.")[1].split()[0].rstrip(")"))
    dialog.fileSelected.connect(lambda path: answer(Path(path)))
    dialog.open()
    return dialog


def ask_for_open(
    parent: QtWidgets.QWidget, title: str, kinds: str, answer: Callable[[list[Path]], object]
) -> QtWidgets.QFileDialog:
    """Ask for files to open, without stopping the event loop; `answer` gets their paths."""
    dialog = QtWidgets.QFileDialog(parent, title, "", kinds)
    dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda paths: answer([Path(path) for path in paths]))
    dialog.open()
    return dialog


def ask_about_work(
    parent: QtWidgets.QWidget,
    session: Session,
    refs: Sequence[PanelTexture],
    go_on: Callable[[], object],
) -> QtWidgets.QMessageBox:
    """Ask whether what was made of some textures is to be kept or given up, then go on; or do nothing."""
    box = QtWidgets.QMessageBox(parent)
    box.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QtWidgets.QMessageBox.Icon.Question)
    box.setWindowTitle("rgbcloud")
    others = f" and {len(refs) - 1} more have" if len(refs) > 1 else " has"
    box.setText(printable(f"{refs[0].name}{others} changes that are not kept yet."))
    box.setInformativeText("Kept in a small file beside the picture, they are there when it is opened again.")
    roles = QtWidgets.QMessageBox.ButtonRole
    keep = box.addButton("&Keep them", roles.AcceptRole)
    give_up = box.addButton("&Give them up", roles.DestructiveRole)
    box.addButton("Cancel", roles.RejectRole)
    box.setDefaultButton(keep)

    def act(button: QtWidgets.QAbstractButton) -> None:
        if button is give_up or (button is keep and session.keep(refs)):
            go_on()

    box.buttonClicked.connect(act)
    box.open()
    return box
