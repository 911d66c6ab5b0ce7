"""The desktop window, by hand: drops, dialogs, saving."""

from __future__ import annotations

import subprocess
import sys

import gui
import numpy as np
import pytest
from host_contract import make_image
from Qt import QtCore, QtWidgets

from rgbcloud import read
from rgbcloud.color import srgb8_to_linear
from rgbcloud_app.desktop.files_host import FilesHost
from rgbcloud_app.desktop.window import GREYS, Window


@pytest.fixture
def memory(tmp_path):
    return QtCore.QSettings(str(tmp_path / "memory.ini"), QtCore.QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot, memory, tmp_path):
    window = Window(FilesHost(memory), tmp_path / "samples")
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
    gui.settle(window.panel)  # alpha that is 0 throughout is taken for a channel
    gui.press(gui.unfold(window.panel, "alpha"), gui.KEY.Key_Down)
    assert window.panel.session.settings.alpha == "opacity"
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


def test_an_empty_window_says_how_to_begin(window, memory, qtbot, tmp_path):
    panel, welcome = window.panel, window.welcome
    assert welcome.isVisible()
    assert not any(button.isVisible() for button in welcome.recent)
    gui.click(welcome.samples["pebbles_normal.png"])
    gui.settle(panel)
    assert not welcome.isVisible()
    assert panel.controls.folds["type"].heading.toolTip() == "Texture type: normal map (from its name)"
    gui.click(panel.close_button)
    assert welcome.isVisible()
    assert welcome.recent[0].text() == "pebbles_normal.png"
    gui.click(welcome.recent[0])
    gui.settle(panel)
    window.recent_menu.aboutToShow.emit()
    assert [action.text() for action in window.recent_menu.actions()] == [
        str(tmp_path / "samples" / "pebbles_normal.png")
    ]
    gui.click(panel.close_button)
    gui.click(welcome.open_button)
    panel.findChild(QtWidgets.QFileDialog).close()


def test_samples_that_cannot_be_written_say_so(window, tmp_path):
    (tmp_path / "samples").write_text("no folder")
    gui.click(window.welcome.samples["sunset.png"])
    assert "sunset.png cannot be written" in window.panel.message.text.text()


def test_the_window_fits_its_screen(window):
    screen = QtWidgets.QApplication.primaryScreen().availableGeometry()
    least = window.minimumSizeHint()
    assert window.width() <= max(screen.width(), least.width())
    assert window.height() <= max(screen.height(), least.height())
    window.resize(1, 1)
    assert window.width() <= 1000
    assert window.height() <= 600


def test_the_whole_screen_and_back(window):
    window.switch_full_screen()
    assert window.isFullScreen()
    window.switch_full_screen()
    assert not window.isFullScreen()


def test_no_letter_is_the_mnemonic_of_two(window):
    texts = [action.text() for action in window.menuBar().actions()]
    texts += [label.text() for label in window.findChildren(QtWidgets.QLabel) if label.buddy()]
    texts += [button.text() for button in window.findChildren(QtWidgets.QAbstractButton)]
    letters = [text.split("&", 1)[1][0].lower() for text in texts if "&" in text.replace("&&", "")]
    assert len(letters) > 12
    assert sorted(letters) == sorted(set(letters))


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2 has it."""
    lights = []
    for color in (one, other):
        linear = srgb8_to_linear(np.array([[color >> 16, color >> 8 & 255, color & 255]], np.uint8))[0]
        lights.append(float(linear @ [0.2126, 0.7152, 0.0722]) + 0.05)
    return max(lights) / min(lights)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("WindowText", "Window"),
        ("Text", "Base"),
        ("PlaceholderText", "Base"),
        ("ButtonText", "Button"),
        ("HighlightedText", "Highlight"),
        ("ToolTipText", "ToolTipBase"),
        ("Link", "Base"),
    ],
)
def test_texts_can_be_read(text, ground):
    assert contrast(GREYS[text], GREYS[ground]) >= 4.5


def test_every_control_has_a_name_for_screen_readers(window):
    kinds = (
        QtWidgets.QAbstractButton, QtWidgets.QAbstractSlider, QtWidgets.QAbstractSpinBox,
        QtWidgets.QComboBox, QtWidgets.QLineEdit, QtWidgets.QListWidget, QtWidgets.QProgressBar,
    )  # fmt: skip
    controls = [widget for kind in kinds for widget in window.findChildren(kind)]
    named = [
        widget
        for widget in controls
        if not isinstance(widget, QtWidgets.QScrollBar)
        and not isinstance(widget.parent(), (QtWidgets.QAbstractSpinBox, QtWidgets.QLineEdit))
        and not widget.objectName().startswith("qt_")
        and widget is not window.panel.message.action  # it has a text as soon as it is shown
        and widget not in window.welcome.recent  # the same
    ]
    assert len(named) > 40
    nameless = [w for w in named if not (w.accessibleName() or getattr(w, "text", str)())]
    assert nameless == []


def test_a_palette_that_is_dropped_before_a_texture_says_what_it_wants(window, tmp_path):
    (tmp_path / "two.gpl").write_text("GIMP Palette\n16 32 48\n224 192 128\n")
    gui.drop(window.panel, [tmp_path / "two.gpl"])
    assert window.panel.message.text.text().startswith("two.gpl: choose a texture first")
