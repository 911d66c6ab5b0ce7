"""The texture on models: weighed by their surface, clusters as faces and back, its error there."""

from __future__ import annotations

import gui
import numpy as np
import pytest
from at_once import WHOLE, look_at

from rgbcloud import RgbcloudError
from rgbcloud_panel.state.on_model import OnModel


@pytest.fixture
def session(session):
    session = look_at(session, "flower1")
    session.settle()
    return session


@pytest.fixture
def on_model(session):
    return OnModel(session)


def test_texels_count_by_the_surface_and_all_again(session, on_model):
    on_model.weigh(True)
    assert on_model.is_weighed
    session.bench.look_at(WHOLE)
    session.settle()
    assert session.state.report.file_delta_e is not None  # beside the error of what counts
    on_model.weigh(False)
    assert (session.mask, on_model.is_weighed) == ("", False)


def test_what_cannot_be_weighed_is_told(session, on_model, host, monkeypatch):
    def refuse(ref):
        raise RgbcloudError("flower1 is worn by no polygon mesh; assign its material to one")

    monkeypatch.setattr(host, "surface_mask", refuse)
    on_model.weigh(True)
    assert session.message.text.startswith("flower1 is worn by no polygon mesh")
    assert not on_model.is_weighed


def test_faces_of_the_cluster_that_stands_out_are_selected(session, on_model, host):
    on_model.select_faces()
    assert host.selected_faces == []
    session.pick(2)
    on_model.select_faces()
    assert host.selected_faces == [("flower1", [None], 2)]
    session.choose(["wall1"])
    session.bench.look_at(WHOLE)
    session.settle()
    session.pick(0)
    on_model.select_faces()
    assert host.selected_faces == [("wall1", [(0, 0), (1, 0)], 0)]


def test_selected_faces_let_their_cluster_stand_out(session, on_model, host):
    indices = session.state.exact.reduction.indices
    rows, columns = np.nonzero(indices == 3)
    height, width = indices.shape
    texel = np.array([(columns[0] + 0.5) / width, 1 - (rows[0] + 0.5) / height])
    host.uvs = texel + np.array([[(0, 0), (1e-6, 0), (0, 1e-6)]])
    host.faces_changed()
    assert session.state.picked == 3
    host.uvs = np.empty((0, 3, 2))
    host.faces_changed()
    assert session.state.picked == 3


def test_it_is_there_for_the_hand(shown, host):
    panel = shown
    box = panel.controls.mask_row.surface
    box.click()
    gui.settle(panel)
    assert box.isChecked()
    assert panel.on_model.is_weighed
    assert "whole file: " in panel.numbers.values["dE2000"].text()
    box.click()
    gui.settle(panel)
    assert panel.session.mask == ""
    buttons = panel.actions_box
    assert not buttons.select_faces.isEnabled()
    panel.session.pick(1)
    buttons.select_faces.click()
    assert host.selected_faces[0][2] == 1
    assert not buttons.show_error.isEnabled()
    panel.session.reduce()
    gui.settle(panel)
    buttons.show_error.click()
    assert host.shows_error == ("flower1",)
