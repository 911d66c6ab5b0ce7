"""The panel in a scene, by hand: clicks, drags and keys."""

from __future__ import annotations

import itertools

import gui
import numpy as np
import pytest
from memory_host import Node
from PIL import Image
from Qt import QtCore, QtGui, QtWidgets

from rgbcloud import Palette, Texture, read
from rgbcloud_panel.panel import Panel

CONTROL = QtCore.Qt.KeyboardModifier.ControlModifier
SHIFT = QtCore.Qt.KeyboardModifier.ShiftModifier
ALT = QtCore.Qt.KeyboardModifier.AltModifier


def middle_of(panel, index):
    return panel.swatches.swatch_rect(index).center()


def seen(widget):
    """Return what a widget shows: ndarray of shape (h, w, 3)."""
    image = widget.grab().toImage().convertToFormat(QtGui.QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return data[..., 2::-1].copy()


class TestTextures:
    def test_a_click_shows_a_texture_and_its_reduction(self, shown):
        assert shown.session.chosen[0].key == "flower1"
        assert len(shown.session.palette) == 16
        colors = len(shown.session.state.counted.histogram)
        assert shown.numbers.values["colours"].text() == f"{colors:,} → 16"
        gui.click(shown.numbers.measure)  # on demand: it takes longer than the reduction
        gui.wait_until(lambda: shown.session.state.ssim is not None)
        assert not shown.numbers.measure.isVisible()
        assert 0.7 < float(shown.numbers.values["SSIM"].text()) < 1

    def test_several_are_chosen_with_control_and_can_share_a_palette(self, shown):
        gui.choose(shown, 1, CONTROL)
        assert {ref.key for ref in shown.session.chosen} == {"flower1", "china1"}
        assert shown.textures.share.isVisible()
        gui.click(shown.textures.share, QtCore.QPoint(8, shown.textures.share.height() // 2))
        gui.settle(shown)
        photos = [read(ref.files[0]).texels for ref in shown.session.chosen]
        assert shown.session.state.counted.histogram.total == sum(photo[..., 0].size for photo in photos)

    def test_looking_at_another_texture_and_back_loses_nothing(self, shown, tmp_path):
        session, state = shown.session, shown.session.state
        gui.click(shown.controls.controls["colors"].stops[7])
        gui.settle(shown)
        gui.click(shown.swatches, middle_of(shown, 3))
        session.recolor(3, (1, 2, 3))
        session.lock([3])
        gui.settle(shown)
        counted, exact = state.counted, state.exact
        gui.choose(shown, 1)
        assert session.message is None
        assert not session.is_by_hand
        gui.click(shown.controls.controls["colors"].stops[3])
        gui.settle(shown)
        gui.choose(shown, 0)
        gui.settle(shown)
        assert session.state is state
        assert (state.counted, state.exact) == (counted, exact)  # nothing was computed again
        assert (session.settings.colors, session.palette.to_hex()[3], session.locked) == (7, "#010203", {3})
        assert state.picked == 3
        gui.click(shown.undo_button)
        gui.settle(shown)
        assert "#010203" not in session.palette.to_hex()
        gui.choose(shown, 1)
        gui.settle(shown)
        assert len(session.palette) == 3

    def test_the_filter_hides_what_does_not_match(self, shown):
        shown.textures.filter.setFocus()
        for letter in "WALL":
            gui.QtTest.QTest.keyClick(shown.textures.filter, letter)
        hidden = [shown.textures.list.item(row).isHidden() for row in range(3)]
        assert hidden == [True, True, False]

    def test_changes_of_the_scene_show_at_once(self, shown, host):
        host.adopt([])
        del host.nodes["china1"]
        host.undo()
        assert shown.textures.list.count() == 3

    def test_select_reaches_the_scene(self, shown, host):
        gui.click(shown.select_button)
        assert host.selected == ("flower1",)


class TestPicture:
    def test_the_divider_follows_the_hand(self, shown):
        picture = shown.picture
        start = QtCore.QPoint(picture.width() // 2, 60)
        gui.drag(picture, start, QtCore.QPoint(picture.width() // 4, 60))
        assert picture.divider == pytest.approx(0.25, abs=0.01)

    def test_both_sides_show_the_same_texels(self, shown):
        """Left of the divider stand the source's texels, right of it the rebuilt ones, pixel by pixel."""
        picture, session = shown.picture, shown.session
        gui.click(shown.actual_button)
        gui.wheel(picture, gui.center_of(picture), 10)
        picture.set_zoom(8)
        reduction = session.state.exact.reduction
        pixels = seen(picture)
        cut = round(picture.divider * picture.width())
        checked = 0
        for x in (cut - 100, cut - 50, cut + 50, cut + 100):
            for y in range(60, picture.height() - 60, 7):
                gui.move(picture, QtCore.QPoint(x, y))
                column, row = picture.texel_under_cursor
                expected = (reduction.image.texels if x < cut else reduction.texels)[row, column]
                assert pixels[y, x].tolist() == expected.tolist()
                checked += 1
        assert checked > 100

    def test_the_wheel_zooms_around_the_cursor(self, shown):
        picture = shown.picture
        at = gui.center_of(picture) - QtCore.QPoint(40, 20)
        gui.move(picture, at)
        before, zoom = picture.texel_under_cursor, picture.zoom
        gui.wheel(picture, at, 3)
        gui.move(picture, at + QtCore.QPoint(1, 0))
        gui.move(picture, at)
        assert picture.zoom > zoom
        assert np.abs(np.subtract(picture.texel_under_cursor, before)).max() <= 1

    def test_dragging_pans_and_f_fits_again(self, shown):
        picture = shown.picture
        fitted = picture.zoom
        picture.set_zoom(12)
        at = QtCore.QPoint(60, 80)
        gui.move(picture, at)
        before = picture.texel_under_cursor
        gui.drag(picture, at, QtCore.QPoint(100, 80))
        gui.move(picture, QtCore.QPoint(101, 80))
        assert picture.texel_under_cursor[0] == pytest.approx(before[0], abs=1)
        gui.press(picture, gui.KEY.Key_F)
        assert picture.zoom == fitted

    def test_space_flips_before_and_after(self, shown):
        picture = shown.picture
        gui.press(picture, gui.KEY.Key_Space)
        assert picture.divider == 0
        after = seen(picture)
        gui.press(picture, gui.KEY.Key_Space)
        assert picture.divider == 1
        assert not np.array_equal(seen(picture), after)
        gui.click(shown.split_button)
        assert picture.divider == 0.5

    def test_a_question_mark_lists_the_keys(self, shown):
        gui.press(shown.picture, gui.KEY.Key_Question, SHIFT)
        box = shown.findChild(QtWidgets.QMessageBox)
        assert "flip before and after" in box.text()
        box.close()
        gui.press(shown.picture, gui.KEY.Key_Plus)
        gui.press(shown.picture, gui.KEY.Key_0)
        assert shown.picture.zoom == min(shown.picture.width() / 96, shown.picture.height() / 64)

    def test_keys_do_what_the_mouse_does(self, shown):
        picture = shown.picture
        fitted, divider = picture.zoom, picture.divider
        gui.press(picture, gui.KEY.Key_Plus)
        assert picture.zoom > fitted
        gui.press(picture, gui.KEY.Key_Minus)
        assert picture.zoom == pytest.approx(fitted)
        gui.press(picture, gui.KEY.Key_1)
        assert picture.zoom == pytest.approx(1 / picture.devicePixelRatioF())
        gui.press(picture, gui.KEY.Key_Right, SHIFT)
        assert picture.divider > divider

    def test_a_click_picks_the_texels_cluster_and_another_click_lets_go(self, shown):
        picture, session = shown.picture, shown.session
        at = gui.center_of(picture) + QtCore.QPoint(40, 30)
        gui.move(picture, at)
        column, row = picture.texel_under_cursor
        gui.click(picture, at)
        assert session.state.picked == session.state.exact.reduction.indices[row, column]
        gui.click(picture, at)
        assert session.state.picked is None

    def test_what_stands_out_keeps_its_colours_and_the_rest_is_dimmed(self, shown):
        picture, session = shown.picture, shown.session
        gui.click(shown.actual_button)
        picture.set_zoom(6)
        plain = seen(picture)
        gui.press(picture, gui.KEY.Key_1)
        picture.set_zoom(6)
        session.pick(6)
        dimmed = seen(picture)
        y, cut = picture.height() // 2 + 40, round(picture.divider * picture.width())
        kept = 0
        for x in range(cut + 20, picture.width() - 30, 3):
            gui.move(picture, QtCore.QPoint(x, y))
            column, row = picture.texel_under_cursor
            if session.state.exact.reduction.indices[row, column] == 6:
                assert dimmed[y, x].tolist() == plain[y, x].tolist()
                kept += 1
            else:
                assert np.ptp(dimmed[y, x]) == 0
        assert kept

    def test_the_difference_is_shown_on_request(self, shown):
        before = seen(shown.picture)
        gui.click(shown.difference_button)
        gui.wait_until(lambda: shown.session.state.difference is not None)
        assert shown.picture.shows_difference
        assert not np.array_equal(seen(shown.picture), before)
        gui.press(shown.picture, gui.KEY.Key_D)
        assert not shown.picture.shows_difference


class TestCloud:
    def test_dragging_orbits(self, shown):
        yaw = shown.cloud.camera.yaw
        gui.drag(shown.cloud, QtCore.QPoint(100, 100), QtCore.QPoint(160, 100))
        assert shown.cloud.camera.yaw != yaw
        gui.press(shown.cloud, gui.KEY.Key_F)
        assert shown.cloud.camera.yaw == yaw

    def test_green_is_up_and_the_front_follows_the_hand(self, shown):
        """Whatever is nearest to the eye moves where it is dragged, as if the cube were held."""
        cloud = shown.cloud
        corners = np.array(list(itertools.product((0, 1), repeat=3)), np.float32)

        def seen(positions):
            return cloud.camera.project(np.asarray(positions, np.float32), cloud.width(), cloud.height())

        (left, right), (bottom, top) = seen([(0, 0, 0), (1, 0, 0)])[0], seen([(0, 0, 0), (0, 1, 0)])[1]
        assert left < right
        assert top < bottom  # pixels count from the top
        for moved in (QtCore.QPoint(30, 0), QtCore.QPoint(0, 30)):
            front = corners[seen(corners)[2].argmax()][np.newaxis]
            before = seen(front)[:2, 0]
            gui.drag(cloud, QtCore.QPoint(100, 100), QtCore.QPoint(100, 100) + moved)
            along = np.array([moved.x(), moved.y()])
            assert (seen(front)[:2, 0] - before) @ along > 0

    def test_the_wheel_and_keys_zoom_and_turn(self, shown):
        cloud = shown.cloud
        gui.wheel(cloud, gui.center_of(cloud), 2)
        assert cloud.camera.zoom > 1
        zoom, camera = cloud.camera.zoom, cloud.camera
        gui.press(cloud, gui.KEY.Key_Minus)
        assert cloud.camera.zoom < zoom
        gui.press(cloud, gui.KEY.Key_Left)
        gui.press(cloud, gui.KEY.Key_Up)
        assert cloud.camera.yaw != camera.yaw
        assert cloud.camera.pitch != camera.pitch

    def test_clusters_have_their_own_colours(self, shown):
        before = seen(shown.cloud)
        gui.click(shown.cluster_button)
        assert not np.array_equal(seen(shown.cloud), before)
        gui.click(shown.source_button)
        assert np.array_equal(seen(shown.cloud), before)

    def test_a_click_on_a_disc_picks_its_cluster(self, shown):
        cloud, session = shown.cloud, shown.session
        for index in range(16):
            session.pick(None)
            gui.click(cloud, cloud.place_of(index))
            hit = cloud.place_of(session.state.picked) - cloud.place_of(index)
            assert hit.manhattanLength() <= 9  # another disc may be in front of it
        gui.click(cloud, QtCore.QPoint(3, 3))
        assert session.state.picked is None


class TestPalette:
    def test_a_click_lets_a_cluster_stand_out(self, shown):
        gui.click(shown.swatches, middle_of(shown, 3))
        assert shown.session.state.picked == 3
        gui.click(shown.swatches, middle_of(shown, 3))
        assert shown.session.state.picked is None

    def test_a_double_click_changes_the_colour_while_it_is_chosen(self, shown, qtbot):
        gui.double_click(shown.swatches, middle_of(shown, 2))
        dialog = shown.swatches.findChild(QtWidgets.QColorDialog)
        dialog.setCurrentColor(QtGui.QColor(10, 200, 30))
        assert shown.session.palette.to_hex()[2] == "#0ac81e"
        dialog.accept()
        gui.settle(shown)
        assert shown.session.state.exact.palette.to_hex()[2] == "#0ac81e"

    def test_no_texel_changes_clusters_when_one_is_recoloured(self, shown, host):
        before = shown.session.state.exact.reduction.indices
        index = int(before[0, 0])
        other = shown.session.palette.colors[(index + 1) % 16]  # all of that cluster would be nearer to it
        gui.double_click(shown.swatches, middle_of(shown, index))
        dialog = shown.swatches.findChild(QtWidgets.QColorDialog)
        dialog.setCurrentColor(QtGui.QColor(*(255 - int(value) for value in other)))
        dialog.setCurrentColor(QtGui.QColor(*(int(value) for value in other)))
        dialog.accept()
        gui.settle(shown)
        reduction = shown.session.state.exact.reduction
        assert np.array_equal(reduction.indices, before)
        assert np.array_equal(reduction.texels[0, 0], other)
        gui.click(shown.actions_box.reduce)
        gui.wait_until(lambda: host.nodes["flower1"].current != host.nodes["flower1"].original)
        with Image.open(host.nodes["flower1"].current[0]) as written:
            assert np.array_equal(written.convert("RGB"), reduction.texels)

    def test_cancelling_the_dialog_brings_the_colour_back(self, shown):
        before = shown.session.palette
        gui.double_click(shown.swatches, middle_of(shown, 2))
        dialog = shown.swatches.findChild(QtWidgets.QColorDialog)
        dialog.setCurrentColor(QtGui.QColor(10, 200, 30))
        gui.press(dialog, gui.KEY.Key_Escape)
        gui.settle(shown)
        assert shown.session.palette == before
        assert not shown.session.is_by_hand

    def test_dragging_reorders(self, shown):
        names = shown.session.palette.to_hex()
        end = shown.swatches.swatch_rect(4)
        gui.drag(shown.swatches, middle_of(shown, 0), QtCore.QPoint(end.right() - 3, end.center().y()))
        assert shown.session.palette.to_hex() == [*names[1:5], names[0], *names[5:]]

    def test_two_are_merged_by_control_click_and_button(self, shown):
        gui.click(shown.swatches, middle_of(shown, 1))
        assert not shown.merge_button.isEnabled()
        gui.click(shown.swatches, middle_of(shown, 4), CONTROL)
        assert shown.swatches.selection == (1, 4)
        gui.click(shown.merge_button)
        assert len(shown.session.palette) == 15
        gui.settle(shown)
        assert len(shown.session.state.exact.palette) == 15

    def test_keys_reach_everything(self, shown):
        swatches, session = shown.swatches, shown.session
        names = session.palette.to_hex()
        gui.press(swatches, gui.KEY.Key_Right)
        gui.press(swatches, gui.KEY.Key_Space)
        assert session.state.picked == 1
        gui.press(swatches, gui.KEY.Key_Escape)
        assert session.state.picked is None
        gui.press(swatches, gui.KEY.Key_Right, ALT)
        assert session.palette.to_hex()[2] == names[1]
        gui.press(swatches, gui.KEY.Key_Right, SHIFT)
        assert swatches.selection == (2, 3)
        gui.press(swatches, gui.KEY.Key_M)
        assert len(session.palette) == 15
        gui.press(swatches, gui.KEY.Key_Return)
        assert swatches.findChild(QtWidgets.QColorDialog) is not None

    def test_a_lock_keeps_a_colour_as_it_is_and_clusters_nothing_anew(self, shown):
        gui.double_click(shown.swatches, middle_of(shown, 2))
        dialog = shown.swatches.findChild(QtWidgets.QColorDialog)
        dialog.setCurrentColor(QtGui.QColor(10, 200, 30))
        dialog.accept()
        gui.settle(shown)
        session = shown.session
        before, share = session.palette.to_hex(), session.palette.shares[2]
        indices = session.state.exact.reduction.indices
        assert shown.swatches.selection == (2,)
        gui.click(shown.lock_button)
        gui.settle(shown)
        assert session.locked == {2}
        assert session.palette.to_hex() == before
        assert session.palette.shares[2] == share > 0
        assert np.array_equal(session.state.exact.reduction.indices, indices)
        gui.press(shown.swatches, gui.KEY.Key_L)
        assert session.locked == set()

    def test_what_is_locked_or_recoloured_stays_when_others_are_clustered(self, shown):
        session = shown.session
        gui.click(shown.swatches, middle_of(shown, 5))
        gui.press(shown.swatches, gui.KEY.Key_L)
        gui.double_click(shown.swatches, middle_of(shown, 2))
        dialog = shown.swatches.findChild(QtWidgets.QColorDialog)
        dialog.setCurrentColor(QtGui.QColor(10, 200, 30))
        dialog.accept()
        gui.settle(shown)
        clusters = session.state.edited.clusters.to_hex()
        gui.click(shown.controls.controls["colors"].stops[7])
        gui.settle(shown)
        assert len(session.palette) == 7
        assert session.state.edited.clusters.to_hex()[:2] == [clusters[2], clusters[5]]
        assert session.palette.to_hex()[:2] == ["#0ac81e", clusters[5]]
        assert shown.swatches.selection == (0,)  # the recoloured one
        assert (session.palette.shares[:2] > 0).all()
        gui.click(shown.reset_button)
        gui.settle(shown)
        assert "#0ac81e" not in session.palette.to_hex()

    def test_dithers_and_file_settings_leave_a_hands_work_alone(self, shown, tmp_path):
        (tmp_path / "two.hex").write_text("102030\ne0c080\n808080\n")
        session = shown.session
        session.load_palette(tmp_path / "two.hex")
        session.recolor(1, (255, 0, 0))
        for name, key in (("dither", gui.KEY.Key_Down), ("dither", gui.KEY.Key_Down)):
            gui.press(gui.unfold(shown, name), key)
            gui.settle(shown)
            assert session.state.exact.palette.to_hex() == ["#102030", "#ff0000", "#808080"]
        for name in ("squeeze", "indexed"):
            gui.press(gui.unfold(shown, name), gui.KEY.Key_Space)
            gui.settle(shown)
            assert session.state.exact.palette.to_hex() == ["#102030", "#ff0000", "#808080"]
        assert session.state.exact.reduction.report.colors_after == 3
        assert session.message is None

    def test_a_loaded_palette_that_other_colours_replace_can_be_brought_back(self, shown, tmp_path):
        (tmp_path / "two.hex").write_text("102030\ne0c080\n")
        session = shown.session
        session.load_palette(tmp_path / "two.hex")
        gui.settle(shown)
        gui.click(shown.controls.controls["colors"].stops[7])
        gui.settle(shown)
        assert len(session.palette) == 7
        assert "palette that was loaded or edited is gone" in shown.message.text.text()
        gui.click(shown.message.action)
        gui.settle(shown)
        assert session.palette.to_hex() == ["#102030", "#e0c080"]
        assert session.message is None

    def test_the_picked_cluster_stays_the_same_one_while_its_colour_is_chosen(self, shown):
        session = shown.session
        gui.double_click(shown.swatches, middle_of(shown, 2))
        session.pick(2)
        dialog = shown.swatches.findChild(QtWidgets.QColorDialog)
        for color in [*session.palette.colors[8:12].tolist(), [255, 0, 255]]:
            dialog.setCurrentColor(QtGui.QColor(*color))
            assert session.state.picked == 2
        dialog.accept()
        gui.settle(shown)
        assert session.state.picked == 2

    def test_a_palette_is_loaded(self, shown, tmp_path):
        (tmp_path / "two.hex").write_text("102030\ne0c080\n")
        gui.click(shown.load_button)
        dialog = shown.findChild(QtWidgets.QFileDialog)
        dialog.filesSelected.emit([str(tmp_path / "two.hex")])
        dialog.close()
        gui.settle(shown)
        assert shown.session.state.exact.palette.to_hex() == ["#102030", "#e0c080"]
        shown.session.load_palette(tmp_path / "gone.hex")
        assert "gone.hex" in shown.message.text.text()

    def test_colours_are_copied_as_hex(self, shown):
        gui.click(shown.copy_button)
        clipboard = QtWidgets.QApplication.clipboard()
        assert clipboard.text().split() == shown.session.palette.to_hex()
        gui.click(shown.swatches, middle_of(shown, 5))
        gui.press(shown.swatches, gui.KEY.Key_C, CONTROL)
        assert clipboard.text() == shown.session.palette.to_hex()[5]

    def test_undo_redo_and_reset(self, shown):
        clustered = shown.session.palette
        gui.click(shown.swatches, middle_of(shown, 1))
        gui.click(shown.swatches, middle_of(shown, 4), CONTROL)
        gui.press(shown.swatches, gui.KEY.Key_M)
        gui.settle(shown)
        gui.press(shown.swatches, gui.KEY.Key_Z, CONTROL)
        gui.settle(shown)
        assert shown.session.palette == clustered
        gui.click(shown.redo_button)
        assert len(shown.session.palette) == 15
        gui.click(shown.reset_button)
        gui.settle(shown)
        assert shown.session.palette == clustered

    def test_a_palette_is_saved(self, shown, tmp_path):
        gui.click(shown.save_button)
        dialog = shown.findChild(QtWidgets.QFileDialog)
        dialog.fileSelected.emit(str(tmp_path / "mine.hex"))
        dialog.close()
        assert (tmp_path / "mine.hex").read_text().split() == [
            color[1:] for color in shown.session.palette.to_hex()
        ]

    @pytest.mark.parametrize("colors", [1, 2, 3, 7, 16, 100, 256])
    def test_swatches_fit_and_do_not_overlap(self, shown, colors):
        swatches = shown.swatches
        shown.session.take_palette(Palette((np.arange(3 * colors) % 256).astype(np.uint8).reshape(-1, 3)))
        rects = [swatches.swatch_rect(index) for index in range(colors)]
        assert all(swatches.rect().contains(rect) for rect in rects)
        assert not any(one.intersects(other) for one, other in zip(rects, rects[1:]))


class TestControls:
    def test_every_field_of_the_settings_has_a_control(self, shown):
        in_the_palette = {"locked", "recolored"}
        assert set(shown.controls.controls) == set(vars(shown.session.settings)) - in_the_palette

    def test_choices_are_called_what_they_are(self, shown):
        boxes = {
            name: shown.controls.controls[name] for name in ("effort", "kind", "space", "linear", "dither")
        }
        names = {name: [box.itemText(row) for row in range(box.count())] for name, box in boxes.items()}
        assert names["effort"] == ["Normal", "Best"]
        assert names["kind"] == [
            "Guess from its name", "Colours", "Data, such as roughness", "Normal map", "Labels, masks, IDs",
        ]  # fmt: skip
        assert names["space"] == ["sRGB", "Linear light", "Oklab", "CIELAB"]
        assert names["linear"] == ["As the file says", "No", "Yes"]
        assert names["dither"] == ["None", "Floyd steinberg", "Bayer", "Blue noise"]

    def test_no_letter_is_the_mnemonic_of_two(self, shown):
        texts = [label.text() for label in shown.findChildren(QtWidgets.QLabel) if label.buddy()]
        texts += [button.text() for button in shown.findChildren(QtWidgets.QAbstractButton)]
        letters = [text.split("&", 1)[1][0].lower() for text in texts if "&" in text.replace("&&", "")]
        assert len(letters) > 12
        assert sorted(letters) == sorted(set(letters))

    def test_what_says_nothing_is_greyed_out(self, shown):
        controls = shown.controls.controls
        assert not controls["dither_strength"].isEnabled()
        gui.press(gui.unfold(shown, "dither"), gui.KEY.Key_Down)
        assert shown.session.settings.dither == "floyd-steinberg"
        assert controls["dither_strength"].isEnabled()
        assert controls["serpentine"].isEnabled()
        gui.press(gui.unfold(shown, "dither"), gui.KEY.Key_Down)
        assert not controls["serpentine"].isEnabled()

    def test_headings_say_what_was_decided(self, shown, host):
        folds = shown.controls.folds
        assert not any(fold.content.isVisible() for fold in folds.values())
        assert folds["type"].heading.toolTip() == "Texture type: colours"
        assert folds["space"].heading.toolTip().startswith("Colour space: sRGB (from ")
        assert folds["dither"].heading.toolTip() == "Dither: none"
        gui.press(gui.unfold(shown, "dither"), gui.KEY.Key_Down)
        assert folds["dither"].content.isVisible()
        assert folds["dither"].heading.toolTip() == "Dither: Floyd-Steinberg"
        gui.press(gui.unfold(shown, "kind"), gui.KEY.Key_End)
        assert folds["type"].heading.toolTip() == "Texture type: labels, masks, IDs (chosen)"
        gui.click(folds["dither"].heading)
        assert not folds["dither"].content.isVisible()

    def test_what_was_unfolded_is_so_in_the_next_panel(self, shown, host, qtbot):
        gui.unfold(shown, "seed")
        other = Panel(host)
        qtbot.addWidget(other)
        assert [name for name, fold in other.controls.folds.items() if fold.is_open] == ["advanced"]
        other.close()

    def test_a_colour_space_is_typed_and_one_that_nobody_knows_is_refused(self, shown):
        session, line = shown.session, gui.unfold(shown, "color_space")

        def enter(text):
            line.setFocus()
            line.selectAll()
            for letter in text:
                gui.QtTest.QTest.keyClick(line, letter)
            gui.press(line, gui.KEY.Key_Return)

        enter("Display P3")
        assert session.settings.color_space == "Display P3"
        gui.settle(shown)
        assert shown.controls.folds["space"].heading.toolTip() == "Colour space: Display P3 (chosen)"
        enter("no such space")
        assert session.settings.color_space == "Display P3"
        assert line.text() == "Display P3"
        assert "no such space" in shown.message.text.text()
        gui.press(gui.unfold(shown, "linear"), gui.KEY.Key_End)  # says the same in other words
        assert (session.settings.linear, session.settings.color_space) == (True, "")
        gui.settle(shown)
        session.change(color_space="Display P3")
        assert "linear and color_space (Display P3) both say what colours are" in shown.message.text.text()

    def test_a_result_that_is_larger_than_its_source_says_so(self, panel, host):
        path = host.nodes["flower1"].original[0].with_suffix(".jpg")
        Image.effect_noise((64, 64), 90).convert("RGB").save(path, quality=1)
        host.nodes["flower1"] = Node(Texture.of_files([path]), (path,))
        host.adopt([])
        gui.choose(panel, 0)
        gui.settle(panel)
        gui.click(panel.controls.colors.stops[256])
        gui.settle(panel)
        value = panel.numbers.values["size"]
        assert value.text().endswith(", larger")
        assert "color" in value.styleSheet()

    def test_the_slider_previews_while_it_moves_and_ends_exact(self, shown):
        slider = shown.controls.controls["colors"].slider
        gui.press(slider, gui.KEY.Key_Left)
        assert shown.session.settings.colors == 15
        assert shown.session.state.exact is None
        state = shown.session.state
        gui.wait_until(lambda: state.rebuilt is not None or state.exact is not None)
        assert len(shown.session.palette) == 15
        gui.settle(shown)
        assert shown.session.state.report.colors_after == 15

    def test_the_usual_sizes_are_a_click_away(self, shown):
        control = shown.controls.controls["colors"]
        gui.click(control.stops[7])
        assert shown.session.settings.colors == 7
        assert control.stops[7].isChecked()
        assert not control.stops[16].isChecked()
        assert control.spin.value() == 7
        gui.click(control.stops[7])
        assert control.stops[7].isChecked()

    def test_any_number_can_be_typed(self, shown):
        spin = shown.controls.controls["colors"].spin
        spin.setFocus()
        spin.selectAll()
        for letter in "99":
            gui.QtTest.QTest.keyClick(spin, letter)
        gui.press(spin, gui.KEY.Key_Return)
        assert shown.session.settings.colors == 99

    def test_settings_come_back_with_the_next_panel(self, shown, host, qtbot):
        gui.click(shown.controls.controls["colors"].stops[7])
        other = Panel(host)
        qtbot.addWidget(other)
        assert other.controls.controls["colors"].spin.value() == 7
        other.close()

    def test_the_curve_chooses_a_number(self, shown):
        curve = shown.curve
        gui.click(curve, QtCore.QPoint(curve.width() // 2, curve.height() // 2))
        assert 14 <= shown.session.settings.colors <= 25
        before = shown.session.settings.colors
        gui.press(curve, gui.KEY.Key_Right)
        assert shown.session.settings.colors == before + 1
        gui.drag(curve, QtCore.QPoint(40, 40), QtCore.QPoint(2, 40))
        assert shown.session.settings.colors == 2

    def test_everything_has_a_tooltip_and_can_be_reached_by_tab(self, shown):
        kinds = (
            QtWidgets.QAbstractButton, QtWidgets.QAbstractSlider, QtWidgets.QAbstractSpinBox,
            QtWidgets.QComboBox, QtWidgets.QLineEdit, QtWidgets.QListWidget,
        )  # fmt: skip
        controls = [widget for kind in kinds for widget in shown.findChildren(kind)]
        own = [
            widget
            for widget in controls
            if not isinstance(widget.parent(), (QtWidgets.QAbstractSpinBox, QtWidgets.QLineEdit))
            and not isinstance(widget, QtWidgets.QScrollBar)
            and widget is not shown.message.action  # its text says it
            and widget.objectName() != "qt_toolbar_ext_button"  # Qt's own
        ]
        assert len(own) > 20
        assert [widget for widget in own if not widget.toolTip()] == []
        views = [shown.picture, shown.cloud, shown.swatches, shown.curve]
        tab = QtCore.Qt.FocusPolicy.TabFocus
        assert [widget for widget in [*own, *views] if not int(widget.focusPolicy()) & int(tab)] == []


class TestActions:
    def test_reduce_points_the_node_to_a_lighter_file(self, shown, host):
        gui.click(shown.actions_box.reduce)
        gui.wait_until(lambda: shown.session.message is not None)
        node = host.nodes["flower1"]
        assert node.current[0].name == "flower.k16.png"
        assert node.current[0].stat().st_size < node.original[0].stat().st_size
        assert shown.message.isVisible()
        assert shown.message.text.text().startswith("flower.k16.png: ")
        gui.click(shown.message.close_button)
        assert not shown.message.isVisible()

    def test_revert_brings_the_original_back(self, shown, host):
        assert not shown.actions_box.revert.isEnabled()
        gui.click(shown.actions_box.reduce)
        gui.wait_until(lambda: shown.session.message is not None)
        gui.click(shown.actions_box.revert)
        assert host.nodes["flower1"].current == host.nodes["flower1"].original
        assert not shown.actions_box.revert.isEnabled()

    def test_the_cloud_is_built_its_locators_applied_and_it_is_removed(self, shown, host):
        box = shown.actions_box
        gui.click(box.build_cloud)
        assert host.clouds["flower1"][1] == "source"
        host.locators["flower1"] = Palette.from_hex(["#203040", "#e0c080"])
        gui.click(box.locators)
        gui.settle(shown)
        assert shown.session.state.exact.palette.to_hex() == ["#203040", "#e0c080"]
        gui.click(box.remove_cloud)
        assert not host.clouds
        gui.click(box.remove_cloud)
        assert shown.message.text.text() == "flower1 has no cloud to remove; build one first"

    def test_cancel_stops_and_changes_nothing(self, shown, host, monkeypatch):
        import threading

        started = threading.Event()

        def slow(tasks, progress):
            started.set()
            while True:
                progress(0.5, "reducing")

        monkeypatch.setattr("rgbcloud_panel.work.writing.write_all", slow)
        gui.click(shown.actions_box.reduce)
        assert started.wait(60)
        assert not shown.actions_box.reduce.isEnabled()
        gui.wait_until(shown.progress.cancel.isVisible)
        gui.click(shown.progress.cancel)
        gui.wait_until(lambda: not shown.progress.cancel.isVisible())
        assert shown.message.text.text() == "cancelled"
        assert shown.actions_box.reduce.isEnabled()
        assert host.nodes["flower1"].current == host.nodes["flower1"].original

    def test_an_error_is_shown_where_it_arises(self, panel, host):
        host.nodes["china1"].original[0].write_bytes(b"no image")
        gui.choose(panel, 1)
        gui.wait_until(panel.message.isVisible)
        assert "china.png is not an image that can be read" in panel.message.text.text()


def test_closing_in_the_middle_of_work_ends_it(qtbot, host):
    panel = Panel(host)
    qtbot.addWidget(panel)
    panel.show()
    gui.choose(panel, 0)
    panel.close()
    qtbot.wait(300)
    assert panel.session.state.picture is None


def test_a_scene_panel_takes_no_drops(panel, tmp_path):
    assert not gui.drop(panel, [tmp_path / "a.png"])


def test_palettes_are_dropped_on_any_panel(shown, tmp_path):
    (tmp_path / "two.gpl").write_text("GIMP Palette\n16 32 48\n224 192 128\n")
    assert gui.drop(shown, [tmp_path / "two.gpl"])
    gui.settle(shown)
    assert shown.session.state.exact.palette.to_hex() == ["#102030", "#e0c080"]
