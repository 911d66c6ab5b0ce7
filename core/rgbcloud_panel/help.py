"""The keys, and what this program is."""

from __future__ import annotations

import platform

from Qt import QtCore, QtWidgets

import rgbcloud

KEYS = {
    "Everywhere": {
        "?": "this list",
        "Ctrl+Z, Ctrl+Shift+Z": "undo, redo",
        "D": "before and after, or where they differ",
        "V": "four variants side by side; 1 to 4: go on with one, Esc: with none",
        "S": "all tiles of a set as one picture; arrows or a click: another tile",
        "F11": "the whole screen, and back",
        "Tab": "the next control; Alt and an underlined letter: that control",
    },
    "Textures": {
        "Up, Down": "another texture",
        "Shift or Ctrl": "several",
        "Page Up, Page Down": "in the picture: another tile of a set",
    },
    "Picture": {
        "Space": "flip before and after",
        "+, -, wheel": "zoom",
        "0 or F": "all of it",
        "1": "a texel a pixel",
        "Arrows": "move it; with Shift: the divider",
        "Esc": "let no cluster stand out",
    },
    "Cloud": {
        "Arrows": "turn it",
        "+, -, wheel": "zoom",
        "0 or F": "as at the beginning",
    },
    "Palette": {
        "Arrows": "another swatch; with Shift: select several; with Alt: move it",
        "Space": "let its cluster stand out",
        "Enter": "change the colour",
        "L": "lock it, or let it go",
        "M": "merge the selected ones",
        "Ctrl+C": "copy as hex",
    },
}
"""What keys do, by where the focus is."""


def keys_as_html() -> str:
    """Return the list of keys as rich text."""
    rows = ""
    for place, keys in KEYS.items():
        rows += f"<tr><td colspan=2><b>{place}</b></td></tr>"
        rows += "".join(
            f"<tr><td>{key}&nbsp;&nbsp;&nbsp;</td><td>{text}</td></tr>" for key, text in keys.items()
        )
    return f"<table>{rows}</table>"


def about_as_html() -> str:
    """Return what runs here, in which versions, as rich text."""
    versions = f"Python {platform.python_version()}, Qt {QtCore.qVersion()}, {platform.system()}"
    return (
        f"<h3>rgbcloud {rgbcloud.__version__}</h3>"
        "<p>Textures as clouds of points in RGB space: count, cluster, rebuild, look.</p>"
        f"<p>{versions}</p><p>MIT licence</p>"
    )


def show_text(parent: QtWidgets.QWidget, title: str, html: str) -> QtWidgets.QMessageBox:
    """Show a text in a window of its own, without stopping the event loop."""
    box = QtWidgets.QMessageBox(parent)
    box.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    box.setTextFormat(QtCore.Qt.TextFormat.RichText)
    box.setText(html)
    box.addButton(QtWidgets.QMessageBox.StandardButton.Close)
    box.open()
    return box
