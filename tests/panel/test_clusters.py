"""What clusters are good for: masks and ID maps, orders, an eyedropper, discs that are dragged."""

from __future__ import annotations

import gui
import numpy as np
import pytest
from host_contract import make_image
from Qt import QtCore, QtWidgets

from rgbcloud import Palette, read
from rgbcloud_panel.edits.editing import order_of
from rgbcloud_panel.views.splatting import Camera
from rgbcloud_panel.work.cluster_masks import id_colors

CONTROL = QtCore.Qt.KeyboardModifier.ControlModifier


def save_as(panel, action, path):
    """Choose what is in the menu of masks, and a file."""
    panel.mask_button.menu().actions()[action].trigger()
    dialog = panel.findChild(QtWidgets.QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    gui.wait_until(lambda: panel.session.message is not None)


def details_of(panel, row):
    """Return the second line of a row of the list."""
    return panel.textures.list.item(row).data(int(QtCore.Qt.ItemDataRole.UserRole) + 1)


def test_a_cluster_is_saved_as_a_mask(shown, tmp_path):
    gui.click(shown.swatches, shown.swatches.swatch_rect(2).center())
    save_as(shown, 0, tmp_path / "mask.png")
    assert shown.message.text.text() == "saved mask.png"
    indices = shown.session.state.exact.reduction.indices
    mask = read(tmp_path / "mask.png").texels[..., 0]
    assert np.array_equal(mask == 255, indices == 2)
    assert set(np.unique(mask)) == {0, 255}


def test_without_a_picked_cluster_there_is_no_mask_to_save(shown):
    assert not shown.mask_button.menu().actions()[0].isEnabled()
    assert shown.mask_button.menu().actions()[1].isEnabled()


def test_all_clusters_are_saved_as_an_id_map(shown, tmp_path):
    save_as(shown, 1, tmp_path / "id.png")
    indices = shown.session.state.exact.reduction.indices
    ids = read(tmp_path / "id.png").texels
    assert np.array_equal(ids, id_colors(16)[indices])


def test_a_mask_never_replaces_its_source(shown):
    source = shown.session.chosen[0].files[0]
    before = source.read_bytes()
    save_as(shown, 1, source)
    assert shown.session.message.is_error
    assert source.read_bytes() == before


@pytest.mark.parametrize("count", [1, 16, 256])
def test_ids_are_distinct_and_none_is_black(count):
    colors = id_colors(count)
    assert len(np.unique(colors, axis=0)) == count
    assert (colors.max(axis=1) > 100).all()


def test_colours_are_put_in_order():
    palette = Palette.from_hex(["#808080", "#0000ff", "#ff0000", "#101010", "#00ff00"])
    assert order_of(palette, "hue") == [2, 4, 1, 3, 0]
    assert order_of(palette, "lightness")[0] == 3
    counted = Palette(palette.colors, np.array([1, 5, 2, 9, 3]))
    assert order_of(counted, "share") == [3, 1, 4, 2, 0]


def test_sorting_keeps_clusters_and_can_be_undone(shown):
    session = shown.session
    names, picked = session.palette.to_hex(), session.palette.to_hex()[3]
    gui.click(shown.swatches, shown.swatches.swatch_rect(3).center())
    shown.sort_button.menu().actions()[2].trigger()
    gui.settle(shown)
    assert sorted(session.palette.to_hex()) == sorted(names) != names
    assert session.palette.to_hex()[session.state.picked] == picked
    gui.click(shown.undo_button)
    gui.settle(shown)
    assert session.palette.to_hex() == names


def test_the_eyedropper_takes_a_texels_colour(shown):
    session, picture = shown.session, shown.picture
    gui.click(shown.swatches, shown.swatches.swatch_rect(5).center())
    gui.click(shown.dropper_button)
    at = QtCore.QPoint(picture.width() // 3, picture.height() // 2)
    gui.move(picture, at)
    column, row = picture.texel_under_cursor
    gui.click(picture, at)
    assert session.palette.colors[5].tolist() == session.state.picture.pixels[row, column].tolist()
    assert not shown.dropper_button.isChecked()
    assert session.state.picked == 5


def test_what_is_picked_in_the_picture_can_be_locked_and_merged(shown):
    session, picture = shown.session, shown.picture
    places = {}
    for x in range(10, picture.width() - 10, 5):
        gui.move(picture, QtCore.QPoint(x, picture.height() // 2))
        texel = session.state.texel(*picture.texel_under_cursor)
        places.setdefault(texel.cluster, QtCore.QPoint(x, picture.height() // 2))
    (one, at), (other, there), *_ = places.items()
    gui.click(picture, at)
    assert shown.swatches.selection == (one,)
    gui.press(picture, gui.KEY.Key_L)
    assert session.locked == {one}
    gui.press(picture, gui.KEY.Key_L)
    gui.click(picture, there, CONTROL)
    assert shown.swatches.selection == tuple(sorted((one, other)))
    gui.press(picture, gui.KEY.Key_M)
    assert len(session.palette) == 15


def test_a_picked_disc_is_dragged_and_the_picture_follows(shown):
    cloud, session = shown.cloud, shown.session
    gui.click(shown.swatches, shown.swatches.swatch_rect(0).center())
    before, camera = session.palette.colors[0].astype(int), cloud.camera
    start = cloud.place_of(0)
    gui.drag(cloud, start, start + QtCore.QPoint(30, 0))
    assert cloud.camera == camera  # the cube was not turned
    assert (cloud.place_of(0) - start - QtCore.QPoint(30, 0)).manhattanLength() <= 3
    assert np.abs(session.palette.colors[0].astype(int) - before).max() > 5
    gui.settle(shown)
    reduction = session.state.exact.reduction
    assert (reduction.texels[reduction.indices == 0] == session.palette.colors[0]).all()


def test_a_place_is_where_it_is_seen():
    camera = Camera(20, 50, 1.5)
    place = np.array([[0.2, 0.7, 0.4]], np.float32)
    x, y, nearness = camera.project(place, 300, 200)[:, 0]
    assert camera.place(x, y, nearness, 300, 200) == pytest.approx(place[0], abs=1e-5)


def test_the_cloud_lies_in_the_space_of_its_clusters(shown):
    cloud, session = shown.cloud, shown.session
    assert cloud.axes == "file"
    session.change(space="oklab")
    gui.settle(shown)
    assert cloud.axes == "oklab"
    found, numbers, *_, cielab = shown.axes_button.menu().actions()
    places = [cloud.place_of(0)]
    for action, axes in ((numbers, "file"), (cielab, "cielab")):
        action.trigger()
        assert cloud.axes == axes
        assert [each for each in shown.axes_button.menu().actions() if each.isChecked()] == [action]
        assert cloud.place_of(0) not in places
        places.append(cloud.place_of(0))
    found.trigger()
    assert cloud.axes == "oklab"
    session.pick(None)
    gui.click(cloud, cloud.place_of(1))
    assert session.state.picked is not None


def test_a_broken_file_is_marked_and_cannot_be_reduced(panel, host):
    host.nodes["china1"].original[0].write_bytes(b"no image")
    gui.choose(panel, 1)
    gui.wait_until(panel.message.isVisible)
    assert not panel.actions_box.reduce.isEnabled()
    gui.wait_until(lambda: panel.session.progress is None)
    assert "cannot be read" in details_of(panel, 1)
    make_image(host.nodes["china1"].original[0])
    host.adopt([])
    gui.settle(panel)
    assert panel.actions_box.reduce.isEnabled()
    assert "cannot be read" not in details_of(panel, 1)


def test_the_colour_dialog_leaves_the_picture_free(shown):
    gui.double_click(shown.swatches, shown.swatches.swatch_rect(2).center())
    dialog = shown.swatches.findChild(QtWidgets.QColorDialog)
    middle = shown.picture.mapToGlobal(gui.center_of(shown.picture))
    assert not dialog.frameGeometry().contains(middle)
    dialog.reject()
