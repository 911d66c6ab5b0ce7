"""Nothing an artist made is lost: edits across restarts, and questions before something closes."""

from __future__ import annotations

import json
from dataclasses import replace

import gui
import pytest
from at_once import look_at
from host_contract import make_image
from Qt import QtCore, QtWidgets

from rgbcloud import Goal, InvalidArgumentError, Palette, Recipe, Settings
from rgbcloud_app.desktop.files_host import FilesHost
from rgbcloud_app.desktop.window import Window
from rgbcloud_panel.edits.editing import EditedPalette
from rgbcloud_panel.edits.history import Look
from rgbcloud_panel.edits.kept_work import Work
from rgbcloud_panel.state.session import Session


@pytest.fixture
def memory(tmp_path):
    return QtCore.QSettings(str(tmp_path / "memory.ini"), QtCore.QSettings.Format.IniFormat)


@pytest.fixture
def open_window(qtbot, memory):
    """Return a function that opens a window on images, as the program does when it starts."""

    def open_window(*paths):
        window = Window(FilesHost(memory))
        qtbot.addWidget(window)
        window.show()
        window.panel.session.open(paths)
        if paths:
            gui.settle(window.panel)
        return window

    return open_window


@pytest.fixture
def image(tmp_path):
    (tmp_path / "images").mkdir()
    return make_image(tmp_path / "images" / "wood.png", size=(48, 32))


def recolor_and_lock(panel):
    gui.click(panel.controls.controls["colors"].stops[7])
    gui.settle(panel)
    gui.double_click(panel.swatches, panel.swatches.swatch_rect(3).center())
    dialog = panel.swatches.findChild(QtWidgets.QColorDialog)
    dialog.setCurrentColor(dialog.currentColor().fromRgb(10, 200, 30))
    dialog.accept()
    gui.press(panel.swatches, gui.KEY.Key_L)
    gui.settle(panel)
    return panel.session.palette.to_hex()


def test_what_a_hand_made_comes_back_after_a_restart(open_window, image):
    window = open_window(image)
    made = recolor_and_lock(window.panel)
    window.close()
    assert window.isVisible()  # it asks
    gui.answer(window, "Keep them")
    assert not window.isVisible()
    window = open_window(image)
    panel = window.panel
    session = panel.session
    assert session.palette.to_hex() == made
    assert made[3] == "#0ac81e"
    assert session.locked == {3}
    assert "as it was left" in panel.message.text.text()
    gui.click(panel.message.action)
    gui.settle(panel)
    assert "#0ac81e" not in session.palette.to_hex()
    assert session.settings.colors == 7


def test_cancel_leaves_the_window_and_giving_up_closes_it(open_window, image):
    window = open_window(image)
    recolor_and_lock(window.panel)
    window.close()
    gui.answer(window, "Cancel")
    assert window.isVisible()
    assert window.panel.session.is_by_hand
    window.close()
    gui.answer(window, "Give them up")
    assert not window.isVisible()
    assert [path.name for path in image.parent.iterdir()] == ["wood.png"]


def test_nothing_is_asked_where_nothing_was_made_by_hand(open_window, image):
    window = open_window(image)
    gui.click(window.panel.controls.controls["colors"].stops[3])
    gui.settle(window.panel)
    window.close()
    assert not window.isVisible()


def test_closing_a_texture_asks_too(open_window, image):
    window = open_window(image)
    recolor_and_lock(window.panel)
    gui.click(window.panel.close_button)
    assert window.panel.session.textures
    gui.answer(window, "Keep them")
    assert window.panel.session.textures == ()
    window.close()
    assert not window.isVisible()


def test_reducing_keeps_the_work_beside_the_result(open_window, image):
    window = open_window(image)
    made = recolor_and_lock(window.panel)
    gui.click(window.panel.actions_box.reduce)
    gui.wait_until(lambda: window.panel.session.message is not None)
    kept = image.with_name("wood.png.rgbcloud.json")
    assert json.loads(kept.read_text())["locked"]
    window.close()
    assert not window.isVisible()
    window = open_window(image)
    assert window.panel.session.palette.to_hex() == made
    gui.click(window.panel.reset_button)
    gui.settle(window.panel)
    window.close()
    gui.answer(window, "Keep them")  # that is, that there is nothing any more
    assert not kept.exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"recipe": {}}', '"text"', "{}"])
def test_a_broken_file_of_work_is_named_and_left_alone(open_window, image, text):
    kept = image.with_name("wood.png.rgbcloud.json")
    kept.write_text(text)
    window = open_window(image)
    assert "cannot be taken up again" in window.panel.session.message.text
    assert window.panel.session.palette is not None
    assert kept.read_text() == text


def test_a_folder_that_cannot_be_written_to_keeps_the_window_open(open_window, image, monkeypatch):
    from rgbcloud import ImageWriteError

    def refuse(path, data, overwrite):
        raise ImageWriteError(f"{path} cannot be written: read-only file system")

    window = open_window(image)
    recolor_and_lock(window.panel)
    monkeypatch.setattr("rgbcloud_app.desktop.files_host.write_file", refuse)
    window.close()
    gui.answer(window, "Keep them")
    assert window.isVisible()
    assert "read-only file system" in window.panel.message.text.text()


EDITED = EditedPalette(
    Palette.from_hex(["#102030", "#405060"]), (("#102030", "#ff0000"),), ("#405060",), True
)
LOOKS = [
    Look(Settings(7, seed=3, effort="best", dither="bayer"), None, EDITED),
    Look(Settings(2, locked=("#ffffff",), recolored=(("#ffffff", "#000000"),))),
    Look(Settings(9, locked=("#ffffff",)), Goal(psnr=30)),
]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("mask", ["", "mask.png"])
def test_work_goes_through_text(look, mask):
    work = Work(look, mask)
    assert Work.of_text(work.to_text()) == work


def test_a_recipe_is_work_too():
    recipe = Recipe.of(palette=EDITED.clusters, recolored=EDITED.recolored, mask="mask.png")
    work = Work.of_text(recipe.to_json())
    assert work.look.recipe(work.mask) == recipe
    assert Work.of_text(Recipe.of(psnr=30).to_json()).look == Look(Settings(), Goal(psnr=30))


def test_what_is_no_work_is_refused():
    with pytest.raises(InvalidArgumentError):
        Work.of_text("[1]")


def test_a_host_that_knows_what_was_made_shows_it(session, host, run):
    """As Maya's node remembers by which recipe it was reduced."""
    from dataclasses import replace

    recipe = Recipe.of(palette=Palette.from_hex(["#102030", "#e0c080"]))
    refs = host.textures()
    host.textures = lambda: [replace(refs[0], work=recipe.to_json()), *refs[1:]]
    session.refresh()
    look_at(session, "flower1")
    assert session.palette.to_hex() == ["#102030", "#e0c080"]


def test_a_scene_keeps_what_was_made_as_it_is_made(session, host, run):
    look_at(session, "flower1")
    assert not host.works
    session.recolor(2, (10, 200, 30))
    session.lock([2])
    session.settle()
    made = session.palette.to_hex()
    later = Session(host, run)
    later.start()
    look_at(later, "flower1")
    assert later.palette.to_hex() == made
    assert later.locked == {2}
    assert "as it was left" in later.message.text
    later.reset()
    later.settle()
    assert host.works == {"flower1": ""}


def test_a_texture_of_the_next_scene_is_another_one(session, host, monkeypatch):
    look_at(session, "flower1")
    session.recolor(2, (10, 200, 30))
    session.settle()
    host.works.clear()
    textures = [replace(ref, scene=1) for ref in host.textures()]
    monkeypatch.setattr(host, "textures", lambda: textures)
    session.refresh()
    assert not session.is_by_hand
    assert not host.works
