"""k-means to watch: the steps of the core, in the panel's picture, cloud and palette."""

from __future__ import annotations

import gui
import pytest
from at_once import look_at
from Qt import QtCore

from rgbcloud import InvalidArgumentError, Palette, iterations
from rgbcloud_panel.work.kmeans_steps import bad_start, error_of, half_steps


@pytest.fixture
def watched(shown):
    """The panel with the flower in 7 colours, at the start of k-means."""
    gui.click(shown.controls.colors.stops[7])
    gui.settle(shown)
    gui.click(shown.watch_button)
    gui.wait_until(lambda: shown.session.watching.is_on)
    return shown


def test_the_steps_are_those_of_the_core(watched):
    session = watched.session
    palettes = iterations(session.state.counted.histogram, 7, most=60)
    assert session.watching.last == 2 * (len(palettes) - 1)
    assert watched.kmeans.isVisible()
    assert session.palette.to_hex() == palettes[0].to_hex()
    assert watched.kmeans.label.text().startswith("start, iteration 0 of ")
    gui.click(watched.kmeans.step)
    assert session.palette.to_hex() == palettes[1].to_hex()
    assert session.state.edited.clusters.to_hex() == palettes[0].to_hex()  # texels did not move yet
    assert watched.kmeans.label.text().startswith("update, iteration 1")
    gui.click(watched.kmeans.step)
    assert session.state.edited.clusters.to_hex() == palettes[1].to_hex()
    assert watched.kmeans.label.text().startswith("assign, iteration 1")
    state = session.state
    gui.wait_until(lambda: state.exact or (state.rebuilt and state.rebuilt.edited == state.edited))
    gui.click(watched.kmeans.back)
    gui.click(watched.kmeans.back)
    assert session.palette.to_hex() == palettes[0].to_hex()
    assert not watched.kmeans.back.isEnabled()


def test_leaving_brings_back_what_was_there_and_keep_keeps(watched):
    session = watched.session
    watched.kmeans.slider.setValue(watched.kmeans.slider.maximum())
    last = session.palette.to_hex()
    gui.click(watched.watch_button)
    gui.settle(watched)
    assert not session.is_by_hand
    assert not watched.kmeans.isVisible()
    gui.click(watched.watch_button)
    gui.wait_until(lambda: session.watching.is_on)
    watched.kmeans.slider.setValue(watched.kmeans.slider.maximum())
    gui.click(watched.kmeans.take)
    gui.settle(watched)
    assert session.state.exact.palette.to_hex() == last


def test_run_goes_to_the_end_by_itself(watched):
    watched.kmeans._pace.setInterval(1)
    gui.click(watched.kmeans.run)
    gui.wait_until(lambda: watched.session.watching.position == watched.session.watching.last)
    assert not watched.kmeans.run.isChecked()


def test_starts_good_and_bad(watched):
    session = watched.session
    start = session.palette.to_hex()
    gui.click(watched.kmeans.restart)
    gui.wait_until(lambda: session.palette.to_hex() != start)
    gui.click(watched.kmeans.bad)
    gui.wait_until(lambda: session.palette.colors.sum(axis=1).max() < 200)
    gui.click(watched.kmeans.ten)
    gui.wait_until(lambda: "10 starts: MSE " in watched.kmeans.label.text())
    assert session.watching.position == session.watching.last


def test_centres_are_dragged_and_k_means_goes_on_from_there(watched):
    session, cloud = watched.session, watched.cloud
    session.pick(0)
    at = cloud.place_of(0)
    gui.drag(cloud, at, at + QtCore.QPoint(25, 10))
    moved = session.palette.to_hex()
    gui.click(watched.kmeans.here)
    gui.wait_until(lambda: session.watching.position == 0 and not session.state.edited.recolored)
    assert sorted(session.palette.to_hex()) == sorted(moved)


def test_another_texture_ends_it(watched):
    state = watched.session.state
    gui.choose(watched, 1)
    assert not watched.session.watching.is_on
    gui.settle(watched)
    assert state.look.edited is None


def test_another_number_of_colours_is_watched_from_its_start_and_stays(session):
    look_at(session, "flower1")
    session.watching.start()
    session.watching.go_to(4)
    session.change(colors=5)
    assert (session.watching.is_on, session.watching.position, len(session.palette)) == (True, 0, 5)
    assert session.message is None
    session.change(dither="bayer")
    session.watching.stop()
    session.settle()
    assert not session.is_by_hand
    assert (session.settings.colors, session.settings.dither, len(session.palette)) == (5, "bayer", 5)


def test_undo_leaves_it(session):
    look_at(session, "flower1")
    before = session.palette
    session.watching.start()
    session.watching.go_to(2)
    session.settle()
    session.undo()
    session.settle()
    assert not session.watching.is_on
    assert session.palette == before


def test_half_steps_show_new_means_before_texels_move(session):
    look_at(session, "flower1")
    palettes = iterations(session.state.counted.histogram, 3, most=4)
    steps = half_steps(palettes)
    assert len(steps) == 2 * len(palettes) - 1
    assert [step.palette.to_hex() for step in steps[1::2]] == [palette.to_hex() for palette in palettes[1:]]


def test_a_bad_start_is_worse(session):
    look_at(session, "flower1")
    histogram = session.state.counted.histogram
    start = bad_start(histogram, 7)
    steps = iterations(histogram, 7, start=start, most=60)
    assert sorted(steps[0].to_hex()) == sorted(start.to_hex())
    assert error_of(steps[0]) > error_of(iterations(histogram, 7)[0]) > 0
    with pytest.raises(InvalidArgumentError, match="start must have 7 colours, got 2"):
        iterations(histogram, 7, start=Palette.from_hex(["#000000", "#ffffff"]))
