"""Textures of more than 8 bits a channel in the panel, in files that OpenImageIO made."""

from __future__ import annotations

import gui
import numpy as np
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
import pytest
from at_once import WHOLE, look_at
from deep_files import write
from memory_host import MemoryHost
from PIL import Image
from Qt import QtCore

from rgbcloud import Goal, Output, Palette, Recipe, Texture, read, reduce, reduce_texture
from rgbcloud.color.spaces import linear_to_srgb, srgb_to_linear
from rgbcloud_app.desktop.files_host import FilesHost
from rgbcloud_panel import qt
from rgbcloud_panel.edits.kept_work import Work
from rgbcloud_panel.panel import Panel
from rgbcloud_panel.views.color_dialog import StoredNumbers


def write_exr(path, photo, gain=1.0):
    """Write a photograph as linear light in half floats, with a channel of whole numbers beside it."""
    light = srgb_to_linear(read(photo).values / 255) * gain
    pixels = np.dstack([light, np.arange(light[..., 0].size).reshape(light.shape[:2]) % 2048])
    return write(path, pixels.astype(np.float32), "half", ("R", "G", "B", "id"))


@pytest.fixture
def files(photos, tmp_path):
    return [
        write_exr(tmp_path / f"sky.{1001 + number}.exr", photo, gain)
        for number, (photo, gain) in enumerate(zip(photos, (1.0, 4.0)))
    ]


@pytest.fixture
def host(files, tmp_path):
    textures = {f"sky{number}": Texture.of_files([file]) for number, file in enumerate(files)}
    return MemoryHost({**textures, "set": Texture.find(tmp_path / "sky.<UDIM>.exr")})


def channels_of(path):
    return np.asarray(oiio.ImageBuf(str(path)).get_pixels(oiio.FLOAT))


def test_it_is_shown_as_a_display_shows_it(session, files, photos):
    look_at(session, "sky0")
    shown = session.state.picture.pixels.astype(int)
    assert np.abs(shown - read(photos[0]).values).max() <= 1
    assert session.state.report.colors_after == 16
    assert session.thumbnails["sky0"].width == 96
    texel = session.state.texel(60, 50)
    assert texel.after.tolist() == session.state.exact.pyramid.levels[0][50, 60].tolist()


def test_what_is_written_is_what_the_core_writes(session, host, files):
    look_at(session, "sky1")
    session.reduce()
    (target,) = host.nodes["sky1"].current
    assert target == files[1].with_name("sky.1002.k16.exr")
    assert target.read_bytes() == reduce(files[1], Recipe()).data
    before, after = channels_of(files[1]), channels_of(target)
    assert np.array_equal(before[..., 3], after[..., 3])
    assert after[..., :3].max() > 1  # brighter than a display's white


def test_a_set_shares_a_palette_in_its_own_numbers(session, host, files, tmp_path):
    look_at(session, "set")
    expected = reduce_texture(Texture.of_files(files), Recipe(), Output(tmp_path / "elsewhere"))
    assert np.array_equal(session.palette.values, expected.palette.values)
    session.reduce()
    held = [
        np.unique(channels_of(path)[..., :3].reshape(-1, 3), axis=0) for path in host.nodes["set"].current
    ]
    assert len(np.unique(np.concatenate(held), axis=0)) == 16


def test_masks_and_goals_hold(session, files, tmp_path):
    texels = np.zeros((64, 96), np.uint8)
    texels[:, :48] = 255
    Image.fromarray(texels).save(tmp_path / "left.png")
    look_at(session, "sky0")
    session.choose_mask(tmp_path / "left.png")
    session.settle()
    expected = reduce(files[0], Recipe(mask=str(tmp_path / "left.png")))
    assert np.array_equal(session.state.exact.reduction.indices, expected.indices)
    session.events.subscribe(session.settle, "unsettled")
    session.set_goal(Goal(psnr=26.0))
    assert session.state.report.psnr >= 26
    fewer = Recipe.of(colors=session.settings.colors - 1, mask=tmp_path / "left.png")
    assert reduce(files[0], fewer).report.psnr < 26


def test_its_numbers_may_be_no_light(session):
    look_at(session, "sky0")
    session.change(linear=False)
    session.bench.look_at(WHOLE)
    session.settle()
    stored = channels_of(session.chosen[0].files[0])[..., :3]
    assert np.abs(session.state.picture.pixels - stored * 255).max() <= 0.51
    assert np.array_equal(session.state.picture.pixels, session.state.picture.pixels)
    session.undo()
    session.bench.look_at(WHOLE)
    assert np.abs(session.state.picture.pixels - linear_to_srgb(stored) * 255).max() <= 0.51


def test_its_palette_is_changed_by_hand(session, host):
    look_at(session, "sky1")
    before = session.palette
    brightest = int(before.values.max(axis=1).argmax())
    assert before.values[brightest].max() > 1
    session.recolor(0 if brightest else 1, (1, 2, 3))
    session.lock([brightest])
    session.settle()
    assert session.palette.to_hex()[0 if brightest else 1] == "#010203"
    assert np.array_equal(session.palette.values[brightest], before.values[brightest])
    session.reduce()
    held = np.unique(channels_of(host.nodes["sky1"].current[0])[..., :3].reshape(-1, 3), axis=0)
    expected = session.palette.values.astype(np.float32)
    assert np.array_equal(held, np.unique(expected, axis=0))


def test_what_is_brighter_than_white_is_locked_only_as_it_is(panel):
    session = panel.session
    gui.choose(panel, 1)
    gui.settle(panel)
    brightest = int(session.palette.values.max(axis=1).argmax())
    session.lock([brightest])
    gui.click(panel.controls.colors.stops[7])
    assert session.settings.colors == 16
    assert panel.controls.colors.spin.value() == 16
    assert "unlock it (L)" in session.message.text
    session.lock([brightest])
    gui.click(panel.controls.colors.stops[7])
    assert session.settings.colors == 7
    gui.settle(panel)


def open_dialog(panel, index):
    gui.double_click(panel.swatches, panel.swatches.swatch_rect(index).center())
    dialog = panel.swatches.findChild(gui.QtWidgets.QColorDialog)
    return dialog, dialog.findChild(StoredNumbers)


def test_colours_are_changed_in_the_file_s_own_numbers(panel, host):
    session = panel.session
    gui.choose(panel, 1)
    gui.settle(panel)
    brightest = int(session.palette.values.max(axis=1).argmax())
    dialog, numbers = open_dialog(panel, brightest)
    assert np.allclose(numbers.values, session.palette.values[brightest], atol=1e-6)
    assert max(numbers.values) > 1
    for box, text in zip(numbers.boxes, ("2.5", "0.123", "-0.25")):
        box.setFocus()
        box.selectAll()
        gui.QtTest.QTest.keyClicks(box, text.replace(".", box.locale().decimalPoint()))
    wanted = np.array([2.5, 0.123, -0.25], np.float16)
    assert session.palette.values[brightest].tolist() == wanted.tolist()
    assert dialog.currentColor() == qt.color_of(session.palette.colors[brightest])
    dialog.setCurrentColor(qt.color_of(np.array([255, 0, 0])))
    assert numbers.values == [1, 0, 0]
    numbers.boxes[0].setValue(0.3)
    dialog.accept()
    gui.settle(panel)
    session.change(dither="bayer")
    gui.settle(panel)
    gui.click(panel.actions_box.reduce)
    gui.wait_until(lambda: host.nodes["sky1"].current != host.nodes["sky1"].original)
    held = np.unique(channels_of(host.nodes["sky1"].current[0])[..., :3].reshape(-1, 3), axis=0)
    assert [np.float32(np.float16(0.3)), 0, 0] in held.tolist()


def test_a_change_in_own_numbers_outlives_other_colours_and_a_restart(session):
    look_at(session, "sky0")
    session.recolor_stored(3, [0.3, 0.2, 0.1])
    session.lock([3])
    session.settle()
    session.change(colors=9)
    assert session.state.exact is None
    (quick,) = session.locked
    wanted = np.array([0.3, 0.2, 0.1], np.float16).tolist()
    assert session.palette.values[quick].tolist() == wanted
    session.settle()
    assert session.state.exact.palette.values[0].tolist() == wanted
    assert Work.of_text(session.state.work.to_text()) == session.state.work


def test_merging_takes_the_mean_of_light_by_population(session):
    look_at(session, "sky1")
    before = session.palette
    # Beyond white, distances are those of the logarithm.
    first, second = np.flatnonzero(before.values.max(axis=1) <= 1)[[0, -1]]
    weights = before.populations[[first, second]]
    assert weights[0] > 1.5 * weights[1]
    light = linear_to_srgb(before.values[[first, second]].astype(float).clip(0, 1))
    session.merge([first, second])
    mean = np.average(light, axis=0, weights=weights)
    assert np.abs(session.palette.colors[first] - mean * 255).max() <= 1
    assert session.palette.populations[first] == weights.sum()
    session.settle()
    assert len(session.state.exact.palette) == 15
    session.move(0, 3)
    session.settle()
    assert np.array_equal(session.palette.values[3], before.values[0])


def test_colours_are_locked_and_palettes_loaded(session, host):
    look_at(session, "sky0")
    name = session.palette.to_hex()[3]
    session.lock([3])
    session.change(colors=9)
    session.settle()
    assert session.palette.to_hex()[0] == name
    assert session.locked == {0}
    session.take_palette(Palette.from_hex(["#000000", "#808080", "#ffffff"]))
    session.settle()
    assert session.palette.to_hex() == ["#000000", "#808080", "#ffffff"]
    session.reduce()
    held = np.unique(channels_of(host.nodes["sky0"].current[0])[..., :3])
    assert np.allclose(held, [0, srgb_to_linear(np.array(128 / 255)), 1], atol=1e-3)


def test_several_that_are_no_set_can_share_a_palette(session, host, files, tmp_path):
    session.choose(["sky0", "sky1"])
    session.share(True)
    session.bench.look_at(WHOLE)
    session.settle()
    session.reduce()
    assert not session.message.is_error
    held = [channels_of(host.nodes[name].current[0])[..., :3].reshape(-1, 3) for name in ("sky0", "sky1")]
    expected = reduce_texture(Texture.of_files(files), Recipe(), Output(tmp_path / "elsewhere"))
    values = np.unique(expected.palette.values.astype(np.float32), axis=0)
    assert np.array_equal(np.unique(np.concatenate(held), axis=0), values)


def test_the_desktop_opens_and_saves_it(qtbot, files, tmp_path):
    memory = QtCore.QSettings(str(tmp_path / "memory.ini"), QtCore.QSettings.Format.IniFormat)
    panel = Panel(FilesHost(memory))
    qtbot.addWidget(panel)
    panel.resize(1280, 780)
    panel.show()
    panel.session.open([files[0]])
    gui.settle(panel)
    assert panel.session.state.report.colors_after == 16
    gui.press(panel.actions_box.save_as, gui.KEY.Key_Space)
    (dialog,) = panel.actions_box.findChildren(gui.QtWidgets.QFileDialog)
    assert dialog.selectedNameFilter().startswith("Images (*.exr ")
    dialog.fileSelected.emit(str(tmp_path / "other.exr"))
    dialog.close()
    gui.wait_until(lambda: panel.session.message is not None and not panel.session.is_writing)
    assert (tmp_path / "other.exr").read_bytes() == reduce(files[0], Recipe()).data
    panel.session.open(files)
    (tiles,) = [ref for ref in panel.session.textures if len(ref.files) == 2]
    panel.session.choose([tiles.key])
    gui.settle(panel)
    assert tiles.name == "sky.<UDIM>.exr"
    panel.session.tell(None)
    gui.click(panel.actions_box.reduce)
    gui.wait_until(lambda: panel.session.message is not None and not panel.session.is_writing)
    made = reduce_texture(
        Texture.find(tmp_path / "sky.<UDIM>.exr"), Recipe(), Output(folder=tmp_path / "b", suffix=".exr")
    )
    for member in made.members:
        assert (tmp_path / member.target.name).read_bytes() == member.target.read_bytes()
    panel.close()
