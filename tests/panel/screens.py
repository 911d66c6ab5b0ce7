"""Draw the panel's main states into PNG files, to be looked at: ``python tests/panel/screens.py FOLDER``.

Set QT_SCALE_FACTOR=2 for a screen of twice the density. Prints what does not fit, a line each.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import gui
from memory_host import MemoryHost
from PIL import Image
from Qt import QtCore, QtWidgets
from sklearn.datasets import load_sample_image

from rgbcloud import Texture
from rgbcloud_panel.panel import Panel

SIZES = [(1280, 780), (1100, 700)]


def panel_of(folder):
    """Return a panel on two photographs."""
    files = []
    for name in ("flower", "china"):
        files.append(Path(folder) / f"{name}.png")
        Image.fromarray(load_sample_image(f"{name}.jpg")).resize((320, 213)).save(files[-1])
    return Panel(MemoryHost({f"{file.stem}1": Texture.of_files([file]) for file in files}))


def states(panel):
    """Bring the panel from one main state to the next; yields the name of each."""
    yield "empty"
    gui.choose(panel, 0)
    gui.settle(panel)
    yield "reduced"
    gui.click(panel.controls.controls["colors"].stops[256])
    gui.settle(panel)
    yield "256-colours"
    gui.click(panel.controls.controls["colors"].stops[7])
    gui.settle(panel)
    panel.session.recolor(2, (10, 200, 30))
    gui.click(panel.swatches, panel.swatches.swatch_rect(2).center())
    gui.click(panel.cluster_button)
    gui.settle(panel)
    yield "recoloured"
    gui.click(panel.difference_button)
    gui.wait_until(lambda: panel.session.state.difference is not None)
    yield "difference"
    panel.session.load_palette(Path("a folder") / "with a long name" / "that holds no palette.gpl")
    yield "error"


def misfits(panel):
    """Return what is cut off or too narrow for its text."""
    found = []
    for widget in panel.findChildren(QtWidgets.QWidget):
        if not widget.isVisible() or widget.window() is not panel.window():
            continue
        corner = widget.mapTo(panel, QtCore.QPoint(0, 0))
        inside = panel.rect().contains(QtCore.QRect(corner, widget.size()))
        in_list = any(isinstance(above, QtWidgets.QAbstractScrollArea) for above in _above(widget, panel))
        if not inside and not in_list:
            found.append(f"{_name(widget)} is cut off")
        text = widget.text() if isinstance(widget, (QtWidgets.QAbstractButton, QtWidgets.QLabel)) else ""
        wraps = isinstance(widget, QtWidgets.QLabel) and widget.wordWrap()
        if text and not wraps and widget.width() < widget.minimumSizeHint().width():
            found.append(f"{_name(widget)} is too narrow")
    return found


def _above(widget, panel):
    while widget is not panel:
        widget = widget.parentWidget()
        yield widget


def _name(widget):
    text = widget.text() if hasattr(widget, "text") else ""
    return f"{type(widget).__name__} {text!r}"


def main(folder):
    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as images:
        panel = panel_of(images)
        panel.show()
        for state in states(panel):
            for width, height in SIZES:
                panel.resize(width, height)
                application.processEvents()
                panel.grab().save(str(folder / f"{state}-{width}.png"))
                for misfit in misfits(panel):
                    sys.stdout.write(f"{state} at {width} x {height}: {misfit}\n")
        panel.close()


if __name__ == "__main__":
    main(sys.argv[1])
