"""A mask that says which texels count: in the session, and by clicks."""

from __future__ import annotations

import gui
import numpy as np
import pytest
from at_once import WHOLE, look_at
from PIL import Image
from Qt import QtWidgets

from rgbcloud import Recipe, read, reduce


@pytest.fixture
def mask(tmp_path):
    """Of the flower, the left half."""
    texels = np.zeros((64, 96), np.uint8)
    texels[:, :48] = 255
    Image.fromarray(texels).save(tmp_path / "left.png")
    return tmp_path / "left.png"


@pytest.fixture
def session(session):
    return look_at(session, "flower1")


def look(session):
    session.bench.look_at(WHOLE)
    session.settle()


def test_only_white_texels_count_in_what_is_shown_and_written(session, host, mask):
    session.choose_mask(mask)
    look(session)
    expected = reduce(session.chosen[0].files[0], Recipe(mask=str(mask)))
    assert session.state.counted.histogram.total == 64 * 48
    assert session.state.exact.palette.to_hex() == expected.palette.to_hex()
    session.reduce()
    written = read(host.nodes["flower1"].current[0]).values
    assert (written == expected.palette.colors[expected.indices]).all()


def test_a_mask_belongs_to_its_texture(session, mask):
    session.choose_mask(mask)
    session.choose(["china1"])
    assert session.mask == ""
    look(session)
    assert session.state.counted.histogram.total == 64 * 96
    session.choose(["flower1"])
    assert session.mask == str(mask)
    session.choose_mask(None)
    assert session.state.counted.histogram.total == 64 * 96


def test_textures_that_share_a_palette_heed_the_mask_of_each(session, mask):
    session.choose(["flower1", "china1"])
    session.share(True)
    assert session.state.counted.histogram.total == 2 * 64 * 96
    session.choose_mask(mask)
    assert session.state.counted.histogram.total == 64 * 96 + 64 * 48
    session.share(False)
    assert session.state.counted.histogram.total == 64 * 48
    session.choose_mask(None)
    session.share(True)
    assert session.state.counted.histogram.total == 2 * 64 * 96


def test_a_mask_that_does_not_fit_is_told(session, mask, tmp_path):
    Image.new("L", (8, 8)).save(tmp_path / "small.png")
    session.choose_mask(tmp_path / "small.png")
    assert "a mask must be of the same size" in session.message.text
    session.choose_mask(mask)
    look(session)
    assert session.state.exact is not None
    Image.new("L", (96, 64)).save(tmp_path / "black.png")
    session.choose_mask(tmp_path / "black.png")
    assert session.message.is_error
    assert session.state.exact is None


def test_one_mask_is_laid_on_every_tile(session, host, tmp_path):
    texels = np.zeros((48, 64), np.uint8)
    texels[:10] = 255
    Image.fromarray(texels).save(tmp_path / "top.png")
    session.choose(["wall1"])
    session.choose_mask(tmp_path / "top.png")
    assert session.state.counted.histogram.total == 2 * 640
    session.reduce()
    assert not session.message.is_error
    assert len(host.nodes["wall1"].current) == 2


def test_each_tile_gets_its_own_mask_where_there_is_one_for_each(session, host, tmp_path):
    for number, rows in ((1001, 10), (1002, 20)):
        texels = np.zeros((48, 64), np.uint8)
        texels[:rows] = 255
        Image.fromarray(texels).save(tmp_path / f"uv.{number}.png")
    session.choose(["wall1"])
    session.choose_mask(tmp_path / "uv.1002.png")
    assert session.mask.endswith("uv.<UDIM>.png")
    assert session.state.counted.histogram.total == 64 * 30
    look(session)
    assert session.state.exact.reduction.histogram.total == 640
    (task,) = (host.plan(session.chosen[0], Recipe(mask=session.mask)),)
    reports = task.write(lambda _fraction, _message: None).reports
    assert [report.colors_before for report in reports] == [
        len(np.unique(read(path).values[:rows].reshape(-1, 3), axis=0))
        for path, rows in zip(session.chosen[0].files, (10, 20))
    ]


def test_what_a_hand_has_edited_outlives_another_mask(session, mask):
    session.recolor(2, (255, 0, 255))
    session.settle()
    picture = session.state.picture
    session.choose_mask(mask)
    assert session.state.picture is picture
    assert session.state.counted.histogram.total == 64 * 48
    session.settle()
    assert session.palette.to_hex()[2] == "#ff00ff"
    session.undo()
    assert not session.is_by_hand


def test_it_is_chosen_in_a_dialog_and_taken_away_by_a_click(panel, mask):
    control = panel.controls.mask_row
    assert not control.button.isEnabled()
    gui.choose(panel, 0)
    gui.settle(panel)
    assert not control.clear.isEnabled()
    gui.press(control.button, gui.KEY.Key_Space)
    (dialog,) = control.findChildren(QtWidgets.QFileDialog)
    dialog.fileSelected.emit(str(mask))
    dialog.filesSelected.emit([str(mask)])
    dialog.close()
    gui.settle(panel)
    assert control.button.text() == "left.png"
    assert str(mask) in control.button.toolTip()
    assert panel.session.state.counted.histogram.total == 64 * 48
    gui.click(control.clear)
    gui.settle(panel)
    assert panel.session.state.counted.histogram.total == 64 * 96
    assert control.button.text() == "None …"
