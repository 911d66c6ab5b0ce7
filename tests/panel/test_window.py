"""The desktop window, by hand: drops, dialogs, saving."""

from __future__ import annotations

import subprocess
import sys

import gui
import pytest
from host_contract import make_image
from Qt import QtCore, QtWidgets

from rgbcloud import read
from rgbcloud_app.files_host import FilesHost
from rgbcloud_app.window import Window


@pytest.fixture
def memory(tmp_path):
    return QtCore.QSettings(str(tmp_path / "memory.ini"), QtCore.QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot, memory):
    window = Window(FilesHost(memory))
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


@pytest.fixture
def image(tmp_path):
    (tmp_path / "images").mkdir()
    return make_image(tmp_path / "images" / "wood.png", size=(64, 48))


def test_drop_change_a_colour_and_save(window, image, tmp_path):
    """The minute of someone who has never seen it: 7 colours, one of them changed, saved."""
    panel = window.panel
    assert gui.drop(panel, [image])
    gui.settle(panel)
    gui.click(panel.controls.controls["colors"].stops[7])
    gui.settle(panel)
    gui.double_click(panel.swatches, panel.swatches.swatch_rect(3).center())
    dialog = panel.swatches.findChild(QtWidgets.QColorDialog)
    red, green, blue = (int(value) for value in panel.session.palette.colors[3])
    dialog.setCurrentColor(dialog.currentColor().fromRgb(red, green, (blue + 20) % 256))
    dialog.accept()
    gui.click(panel.actions_box.save_as)
    files = panel.findChild(QtWidgets.QFileDialog)
    files.fileSelected.emit(str(tmp_path / "out.png"))
    files.close()
    gui.wait_until(lambda: panel.session.message is not None)
    assert panel.session.message.text.startswith("out.png: ")
    colors = {tuple(color) for color in read(tmp_path / "out.png").values.reshape(-1, 3).tolist()}
    assert len(colors) == 7
    assert (red, green, (blue + 20) % 256) in colors


def test_reduce_asks_before_it_replaces_a_file(window, image):
    panel = window.panel
    gui.drop(panel, [image])
    gui.settle(panel)
    target = image.with_name("wood.k16.png")
    target.write_bytes(b"somebody's work")
    gui.click(panel.actions_box.reduce)
    gui.wait_until(panel.message.isVisible)
    assert panel.message.text.text() == "wood.k16.png is there already."
    assert target.read_bytes() == b"somebody's work"
    gui.click(panel.message.action)
    gui.wait_until(lambda: panel.session.message is not None)
    assert read(target).texels.shape == (48, 64, 3)
    panel.session.tell(None)
    gui.click(panel.actions_box.reduce)
    gui.wait_until(lambda: panel.session.message is not None)
    assert panel.session.message.text.startswith("wood.k16.png: ")


def test_what_is_no_image_is_named_and_the_rest_is_opened(window, image, tmp_path):
    (tmp_path / "notes.txt").write_text("no image")
    gui.drop(window.panel, [tmp_path / "notes.txt", image])
    assert "no image to open: notes.txt; choose files" in window.panel.message.text.text()
    assert [ref.name for ref in window.panel.session.textures] == ["wood.png"]


def test_a_transparent_image_tells_that_there_is_nothing_to_cluster(window, tmp_path):
    from PIL import Image

    Image.new("RGBA", (8, 8)).save(tmp_path / "clear.png")
    gui.drop(window.panel, [tmp_path / "clear.png"])
    gui.wait_until(window.panel.message.isVisible)
    assert "there is no colour to cluster: no texel is visible" in window.panel.message.text.text()


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (700, 1)])
def test_odd_images_are_shown(window, tmp_path, size):
    gui.drop(window.panel, [make_image(tmp_path / "odd.png", size=size)])
    gui.settle(window.panel)
    assert not window.grab().isNull()


def test_the_cloud_is_exported(window, image, tmp_path):
    panel = window.panel
    gui.drop(panel, [image])
    gui.settle(panel)
    gui.click(panel.actions_box.export_cloud)
    files = panel.findChild(QtWidgets.QFileDialog)
    files.fileSelected.emit(str(tmp_path / "wood.ply"))
    files.close()
    gui.wait_until(lambda: panel.session.message is not None)
    assert (tmp_path / "wood.ply").read_bytes().startswith(b"ply\n")


def test_close_takes_a_file_off_the_list(window, image):
    panel = window.panel
    gui.drop(panel, [image])
    gui.click(panel.close_button)
    assert panel.session.textures == ()
    assert panel.textures.list.count() == 0


def test_a_window_comes_back_as_it_was(window, memory, qtbot):
    window.resize(window.minimumSizeHint().width(), 650)
    size = window.size()
    window.close()
    memory.sync()
    other = Window(FilesHost(memory))
    qtbot.addWidget(other)
    assert other.height() == size.height() == 650
    other.close()


def test_without_qt_the_command_says_what_to_install():
    script = """
import sys
sys.modules.update(dict.fromkeys(["Qt", "PySide2", "PySide6"]))
from rgbcloud_app.cli import main
main(["gui"])
"""
    pytest.importorskip("click", reason="the lanes of the panel alone have no command line")
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert 'python -m pip install "rgbcloud[qt]"' in ended.stderr
    assert "Traceback" not in ended.stderr
