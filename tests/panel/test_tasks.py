"""The four things that someone who has never seen it does without a hint, with their clicks counted."""

from __future__ import annotations

import shutil

import gui
import pytest
from host_contract import make_image
from Qt import QtCore, QtGui, QtWidgets

from rgbcloud import Settings, load_palette, read
from rgbcloud_app.desktop.files_host import FilesHost
from rgbcloud_app.desktop.window import Window

COLORS = ((10, 20, 30), (200, 60, 40), (240, 220, 190))


class Hand:
    """Does things to a window, and counts its clicks; a click into a list or menu that opens is one more."""

    def __init__(self, window):
        self.window, self.panel, self.session = window, window.panel, window.panel.session
        self.clicks = 0

    def click(self, widget, at=None):
        self.clicks += 1
        gui.click(widget, at)
        gui.settle(self.panel)

    def double_click(self, widget, at):
        self.clicks += 2
        gui.double_click(widget, at)

    def pick(self, box, index):
        """Choose from a list that opens."""
        self.clicks += 2
        box.setCurrentIndex(index)
        gui.settle(self.panel)

    def pick_action(self, button, number):
        """Choose from a menu."""
        self.clicks += 2
        button.menu().actions()[number].trigger()

    def say_ok(self, dialog, *, clicks_before=0):
        """Press OK in a dialog of colours, after so many clicks in it."""
        self.clicks += clicks_before + 1
        box = dialog.findChild(QtWidgets.QDialogButtonBox)
        gui.click(box.button(QtWidgets.QDialogButtonBox.StandardButton.Ok))

    def reduce(self):
        """Press Reduce, and return the files that come of it."""
        self.session.tell(None)
        self.click(self.panel.actions_box.reduce)
        gui.wait_until(lambda: self.session.message is not None and not self.session.is_writing)
        assert not self.session.message.is_error
        (ref,) = self.session.chosen
        return sorted(ref.files[0].parent.glob("*.k*.png"))


@pytest.fixture
def hand(qtbot, tmp_path):
    memory = QtCore.QSettings(str(tmp_path / "memory.ini"), QtCore.QSettings.Format.IniFormat)
    window = Window(FilesHost(memory), tmp_path / "samples")
    qtbot.addWidget(window)
    window.resize(1280, 720)
    window.show()
    yield Hand(window)
    window.close()


@pytest.fixture
def with_image(hand, photos, tmp_path):
    """The same with a photograph opened."""
    (tmp_path / "images").mkdir()
    gui.drop(hand.panel, [shutil.copy(photos[0], tmp_path / "images")])
    gui.settle(hand.panel)
    return hand


def colors_of(path):
    return {tuple(color) for color in read(path).texels[..., :3].reshape(-1, 3).tolist()}


def change_and_lock(hand):
    """Seven colours, one of them green and locked."""
    panel = hand.panel
    hand.click(panel.controls.colors.stops[7])
    hand.double_click(panel.swatches, panel.swatches.swatch_rect(3).center())
    dialog = panel.swatches.findChild(QtWidgets.QColorDialog)
    dialog.setCurrentColor(QtGui.QColor(10, 200, 30))
    hand.say_ok(dialog, clicks_before=1)
    hand.click(panel.lock_button)


def test_seven_colours_one_changed_and_locked_two_dithers_tried_saved(with_image):
    hand, panel, session = with_image, with_image.panel, with_image.session
    change_and_lock(hand)
    hand.click(panel.controls.folds["dither"].heading)
    for _ in range(2):
        gui.QtTest.QTest.keyClick(panel.controls.controls["dither"], gui.KEY.Key_Down)
        gui.settle(panel)
        assert session.palette.to_hex()[3] == "#0ac81e"
        assert session.locked == {3}
    (written,) = hand.reduce()
    assert hand.clicks == 8  # and two presses of a key
    assert len(colors_of(written)) == 7
    assert (10, 200, 30) in colors_of(written)


def test_the_same_with_all_dithers_side_by_side(with_image):
    hand, panel, session = with_image, with_image.panel, with_image.session
    change_and_lock(hand)
    hand.click(panel.variants_button)
    gui.wait_until(lambda: [item for item in session.variants.items if item.report][3:])
    hand.click(panel.variants, panel.variants.cell(2).center())
    assert session.settings.dither == "bayer"
    (written,) = hand.reduce()
    assert hand.clicks == 9
    assert len(colors_of(written)) == 7
    assert (10, 200, 30) in colors_of(written)


def test_the_fewest_colours_for_a_quality(with_image):
    hand = with_image
    hand.pick(hand.panel.controls.goal.kind, 1)
    assert hand.session.goal.psnr == 35
    hand.reduce()
    assert hand.clicks == 3
    assert hand.session.state.report.psnr >= 35
    assert hand.session.settings.colors != Settings().colors


def test_a_set_with_a_clients_palette(hand, tmp_path):
    tiles = [make_image(tmp_path / f"wall.{tile}.png", tile, (32, 32)) for tile in (1001, 1002, 1011)]
    client = tmp_path / "client.gpl"
    client.write_text("GIMP Palette\n" + "".join("{} {} {}\n".format(*color) for color in COLORS))
    assert gui.drop(hand.panel, tiles)
    gui.settle(hand.panel)
    assert gui.drop(hand.panel, [client])
    gui.settle(hand.panel)
    written = hand.reduce()
    assert hand.clicks == 1  # and two drops
    assert len(written) == 3
    named = {tuple(color) for color in load_palette(client).colors.tolist()}
    assert set().union(*map(colors_of, written)) <= named


def test_a_mask_of_one_cluster(with_image, tmp_path):
    hand, panel = with_image, with_image.panel
    hand.click(panel.picture, gui.center_of(panel.picture) + QtCore.QPoint(60, 0))
    hand.pick_action(panel.mask_button, 0)
    dialog = panel.findChild(QtWidgets.QFileDialog)
    hand.clicks += 1  # Save
    dialog.fileSelected.emit(str(tmp_path / "mask.png"))
    dialog.close()
    gui.wait_until(lambda: (tmp_path / "mask.png").is_file())
    assert hand.clicks == 4
    assert set(read(tmp_path / "mask.png").texels.reshape(-1).tolist()) == {0, 255}
