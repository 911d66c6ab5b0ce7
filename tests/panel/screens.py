"""Draw the panel as users see it into PNG files to look at: ``python tests/panel/screens.py FOLDER [SIDE]``.

Dark, in its window, at the sizes of small and large screens; set QT_SCALE_FACTOR=2 for one of twice the
density. Prints what does not fit, a line each.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.append(str(Path(__file__).parents[1]))  # for host_contract

import gui
from host_contract import make_image
from PIL import Image
from Qt import QtCore, QtWidgets
from sklearn.datasets import load_sample_image

from rgbcloud_app.desktop.files_host import FilesHost
from rgbcloud_app.desktop.window import Window, dress

SIZES = [(1024, 700), (1280, 720), (1366, 768), (1920, 1080)]


def window_of(folder, side):
    """Return a window, and two photographs and a set to open in it, of so many texels a side."""
    files = []
    for name in ("flower", "china"):
        files.append(Path(folder) / f"{name}.png")
        Image.fromarray(load_sample_image(f"{name}.jpg")).resize((side, 2 * side // 3)).save(files[-1])
    files += [make_image(Path(folder) / f"wall.{tile}.png", tile, (64, 64)) for tile in (1001, 1002, 1011)]
    memory = QtCore.QSettings(str(Path(folder) / "memory.ini"), QtCore.QSettings.Format.IniFormat)
    return Window(FilesHost(memory)), files


def states(window, files):
    """Bring the panel from one main state to the next; yields the name of each."""
    panel = window.panel
    yield "empty"
    panel.session.open(files)
    panel.session.tell(None)
    gui.settle(panel)
    yield "reduced"
    gui.click(panel.controls.colors.stops[256])
    gui.settle(panel)
    yield "256-colours"
    gui.click(panel.controls.colors.stops[32])
    gui.settle(panel)
    gui.click(panel.variants_button)
    gui.wait_until(lambda: [item.report for item in panel.session.variants.items if item.report][3:])
    yield "variants"
    gui.click(panel.split_button)
    gui.click(panel.controls.colors.stops[7])
    gui.settle(panel)
    panel.session.recolor(2, (10, 200, 30))
    gui.click(panel.swatches, panel.swatches.swatch_rect(2).center())
    gui.click(panel.cluster_button)
    gui.settle(panel)
    yield "recoloured"
    for fold in panel.controls.folds.values():
        fold.open(True)
    gui.click(panel.difference_button)
    gui.wait_until(lambda: panel.session.state.difference is not None)
    yield "unfolded"
    gui.click(panel.split_button)
    gui.choose(panel, 2)
    gui.settle(panel)
    yield "set"
    gui.click(panel.set_button)
    gui.wait_until(lambda: len(panel.session.whole_set.after) == len(panel.session.tiles))
    yield "set-as-one"
    gui.click(panel.split_button)
    panel.session.load_palette(Path("a folder") / "with a long name" / "that holds no palette.gpl")
    yield "error"


def misfits(window):
    """Return what is cut off or too narrow for its text."""
    found = []
    for widget in window.findChildren(QtWidgets.QWidget):
        if not widget.isVisible() or widget.window() is not window:
            continue
        corner = widget.mapTo(window, QtCore.QPoint(0, 0))
        inside = window.rect().contains(QtCore.QRect(corner, widget.size()))
        inside = inside and widget.parentWidget().rect().contains(widget.geometry())
        in_list = any(isinstance(above, QtWidgets.QAbstractScrollArea) for above in _above(widget, window))
        if not inside and not in_list:
            found.append(f"{_name(widget)} is cut off")
        text = widget.text() if isinstance(widget, (QtWidgets.QAbstractButton, QtWidgets.QLabel)) else ""
        wraps = isinstance(widget, QtWidgets.QLabel) and widget.wordWrap()
        if text and not wraps and widget.width() < widget.minimumSizeHint().width():
            found.append(f"{_name(widget)} is too narrow")
    return found


def _above(widget, window):
    while widget is not window:
        widget = widget.parentWidget()
        yield widget


def _name(widget):
    text = widget.text() if hasattr(widget, "text") else ""
    return f"{type(widget).__name__} {text!r}"


def main(folder, side=320):
    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
    dress(application)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as images:
        window, files = window_of(images, int(side))
        window.show()
        for state in states(window, files):
            for width, height in SIZES:
                window.resize(width, height)
                application.processEvents()
                application.processEvents()
                window.grab().save(str(folder / f"{state}-{width}.png"))
                if (window.width(), window.height()) != (width, height):
                    sys.stdout.write(f"{state}: the window does not fit {width} x {height}\n")
                for misfit in misfits(window):
                    sys.stdout.write(f"{state} at {width} x {height}: {misfit}\n")
        window.panel.shut_down()


if __name__ == "__main__":
    main(*sys.argv[1:])
