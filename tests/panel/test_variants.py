"""Four variants side by side, by real clicks and keys."""

from __future__ import annotations

import gui
import pytest
from at_once import look_at
from Qt import QtCore, QtGui

from rgbcloud_panel.views.picture_viewport import paint_note


@pytest.fixture
def tried(shown):
    """The panel with all variants of 16 colours in view."""
    gui.click(shown.variants_button)
    gui.wait_until(lambda: has_all(shown))
    return shown


def has_all(panel):
    items = panel.session.variants.items
    return len(items) == 4 and all(item.report for item in items)


def names(panel):
    return [item.name for item in panel.session.variants.items]


def test_each_tells_its_bytes_and_error_as_it_would_be_saved(tried):
    session = tried.session
    assert names(tried) == ["16 colours, as it is", "8 colours", "32 colours", "Floyd-Steinberg"]
    reports = [item.report for item in session.variants.items]
    assert reports[0] == session.state.exact.reduction.report
    assert reports[1].mse > reports[0].mse > reports[2].mse
    assert reports[3].mse > reports[0].mse
    text = tried.variants.accessibleDescription()
    assert f"2: 8 colours, {reports[1].bytes_after / 1000:.1f} kB" in text
    assert f"dE2000 {reports[1].delta_e:.2f}" in text


def test_a_click_goes_on_with_one_and_undo_brings_back_what_was(tried):
    wanted = tried.session.variants.items[1].report
    gui.click(tried.variants, tried.variants.cell(1).center())
    assert tried.picture.isVisible()
    assert not tried.variants.isVisible()
    gui.settle(tried)
    assert tried.session.state.exact.reduction.report == wanted
    gui.click(tried.undo_button)
    assert tried.session.settings.colors == 16


@pytest.mark.parametrize(("key", "colors", "dither"), [("4", 16, "floyd-steinberg"), ("Escape", 16, "none")])
def test_a_key_goes_on_with_one_or_with_none(tried, key, colors, dither):
    gui.press(tried.variants, getattr(gui.KEY, f"Key_{key}"))
    assert (tried.session.settings.colors, tried.session.settings.dither) == (colors, dither)
    assert tried.picture.isVisible()
    assert tried.session.variants.items == []


def test_a_palette_by_hand_is_dithered_in_all_ways(shown):
    shown.session.recolor(0, [10, 200, 30])
    gui.settle(shown)
    gui.press(shown.picture, gui.KEY.Key_V)
    gui.wait_until(lambda: has_all(shown))
    assert names(shown) == ["16 colours, as it is", "Floyd-Steinberg", "Bayer", "blue noise"]
    gui.press(shown.variants, gui.KEY.Key_3)
    assert "#0ac81e" in shown.session.palette.to_hex()
    assert shown.session.settings.dither == "bayer"


def test_they_follow_another_texture(tried):
    gui.choose(tried, 1)
    assert tried.session.variants.items == []
    gui.wait_until(lambda: has_all(tried))
    assert tried.session.variants.items[0].report == tried.session.state.exact.reduction.report


def test_zoom_is_that_of_all_and_dragging_takes_none(tried):
    cell = tried.variants.cell(2)
    before = tried.variants.grab().toImage()
    gui.wheel(tried.variants, cell.center(), 6)
    gui.drag(tried.variants, cell.center(), cell.center() + gui.QtCore.QPoint(30, 10))
    assert tried.session.settings.colors == 16
    after = tried.variants.grab().toImage()
    for index in range(4):
        assert before.copy(tried.variants.cell(index)) != after.copy(tried.variants.cell(index))


@pytest.mark.parametrize("width", [90, 160, 400])
@pytest.mark.parametrize("at_bottom", [False, True])
def test_figures_take_as_many_lines_as_they_need(qtbot, width, at_bottom):
    image = QtGui.QImage(400, 200, QtGui.QImage.Format.Format_RGB32)
    painter, area = QtGui.QPainter(image), QtCore.QRect(6, 6, width, 180)
    label = paint_note(painter, "13.2 kB (14%), dE2000 3.43", area, at_bottom=at_bottom)
    painter.end()
    assert area.contains(label)
    assert (label.bottom() == area.bottom()) == at_bottom


def test_no_variant_has_fewer_colours_than_are_locked(session):
    look_at(session, "flower1")
    session.lock(range(5))
    session.change(colors=6)
    session.settle()
    session.variants.start()
    assert [len(session.state.look.settings.locked), session.settings.colors] == [5, 6]
    assert [item.name for item in session.variants.items[1:]] == [
        "12 colours",
        "24 colours",
        "Floyd-Steinberg",
    ]
    assert all(item.report for item in session.variants.items)
