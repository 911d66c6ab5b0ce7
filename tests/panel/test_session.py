"""The panel's state, without a widget: work is done at once, on the spot."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from at_once import SIZE, WHOLE, look_at
from icc_files import P3
from memory_host import MemoryHost

from rgbcloud import DistanceSpace, Goal, Palette, Recipe, Settings, cluster, read
from rgbcloud.color import SRGB, find_color_space
from rgbcloud.progress import silent
from rgbcloud_panel.state.outputs import file_size
from rgbcloud_panel.state.session import Session
from rgbcloud_panel.work.loading import thumbnail
from rgbcloud_panel.work.pyramid import Pyramid, Region, sample_indices


@pytest.fixture
def shown(session):
    """The session with the flower in view."""
    return look_at(session, "flower1")


def colors_of(path):
    return {tuple(color) for color in read(path).values.reshape(-1, 3).tolist()}


def test_it_works_without_qt():
    script = """
import sys
sys.modules.update(dict.fromkeys(["Qt", "PySide2", "PySide6"]))
import rgbcloud_panel.state.session
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_it_lists_the_hosts_textures_with_thumbnails(session):
    assert [ref.name for ref in session.textures] == ["flower1", "china1", "wall1"]
    assert (session.thumbnails["flower1"].width, session.thumbnails["flower1"].height) == SIZE
    assert max(session.thumbnails["flower1"].pixels.shape[:2]) == 96


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_thumbnail_is_in_the_colours_that_the_picture_has(tmp_path, mode):
    path = tmp_path / "p3.png"
    PIL.Image.new("RGB", (200, 100), (200, 60, 30)).convert(mode, palette=PIL.Image.Palette.ADAPTIVE).save(
        path, icc_profile=P3
    )
    color = read(path).to_display()[0, 0, :3]
    assert (color != (200, 60, 30)).any()
    assert (thumbnail([path], silent).pixels[..., :3] == color).all()


def test_choosing_a_texture_ends_in_its_exact_reduction(shown):
    image = read(shown.chosen[0].files[0])
    assert shown.palette == cluster(shown.state.counted.histogram, 16)
    assert np.array_equal(shown.state.exact.reduction.indices, shown.palette.remap(image.texels))
    assert shown.state.report.colors_after == 16
    assert shown.state.report.ssim is None
    shown.bench.measure_similarity()
    assert 0 < shown.state.report.ssim < 1
    assert (shown.state.cloud.clusters < 16).all()
    assert shown.progress is None


def test_a_quick_look_comes_before_the_exact_result_and_is_close_to_it(session, run):
    run.held.add("exact")
    session.choose(["flower1"])
    session.bench.look_at(WHOLE)
    session.settle()
    quick = session.state.rebuilt.pixels
    assert session.state.exact is None
    run.release("exact")
    exact = session.state.exact.pyramid.levels[0]
    assert np.abs(quick.astype(int) - exact).mean() < 4


def test_a_quick_look_is_close_in_other_spaces_too(shown, run):
    def after(space):
        run.held.add("exact")
        shown.change(colors=7, space=space)
        shown.settle()
        quick = shown.state.rebuilt.pixels.astype(int)
        run.release("exact")
        return quick, shown.state.exact.pyramid.levels[0]

    (srgb, _), (quick, exact) = after("srgb"), after("cielab")
    assert np.abs(quick - exact).mean() < 0.5 * np.abs(srgb - exact).mean()


def test_the_exact_result_waits_for_the_quick_one(shown, run):
    told = []
    shown.events.subscribe(lambda: told.append("unsettled"), "unsettled")
    run.held |= {"view", "exact"}
    shown.change(colors=7)
    shown.settle()
    assert "exact" not in run.waiting
    run.release("view")
    assert told == ["unsettled", "unsettled"]
    shown.settle()
    assert "exact" in run.waiting


def test_settings_are_remembered_and_lead_to_another_palette(shown, host, run):
    shown.change(colors=7, seed=3)
    shown.settle()
    assert len(shown.palette) == 7
    assert Session(host, run).settings == Settings(7, seed=3)


def test_settings_of_another_release_do_not_stop_the_panel(host, run):
    host.memory["recipe"] = Recipe.of(colors=7).to_json().replace("7", "4096")
    assert Session(host, run).settings == Settings()


def test_impossible_settings_are_refused_in_the_cores_words(shown):
    shown.change(colors=300)
    assert shown.message.is_error
    assert shown.message.text == "colors must be an int in 1..256, got 300"
    assert shown.settings.colors == 16


def test_recolouring_changes_the_texels_of_that_cluster_alone(shown):
    before = shown.state.exact.reduction
    shown.recolor(2, (255, 0, 255))
    assert shown.is_by_hand
    shown.settle()
    assert shown.palette.to_hex()[2] == "#ff00ff"
    after = shown.state.exact.reduction
    same = (before.indices == after.indices) & (before.indices != 2)
    assert same.mean() > 0.8
    assert np.array_equal(after.texels[same], before.texels[same])
    assert (after.texels[after.indices == 2] == (255, 0, 255)).all()


def test_merging_leaves_one_colour_between_the_two(shown):
    before = shown.palette
    shown.merge([1, 3])
    assert len(shown.palette) == 15
    low, high = np.sort(before.colors[[1, 3]], axis=0)
    assert ((shown.palette.colors[1] >= low) & (shown.palette.colors[1] <= high)).all()
    assert shown.palette.populations[1] == before.populations[[1, 3]].sum()


def test_reordering_changes_indices_and_no_texel(shown):
    before = shown.state.exact.reduction
    shown.move(0, 5)
    shown.settle()
    after = shown.state.exact.reduction
    assert shown.palette.to_hex()[5] == before.palette.to_hex()[0]
    assert np.array_equal(after.texels, before.texels)
    assert np.array_equal(after.indices == 5, before.indices == 0)


def test_undo_and_redo_go_through_settings_and_edits(shown):
    clustered = shown.palette
    shown.change(colors=5)
    shown.settle()
    shown.recolor(0, (1, 2, 3))
    edited = shown.palette
    for _ in range(5):
        shown.undo()
        assert (shown.settings.colors, shown.is_by_hand) == (5, False)
        shown.undo()
        shown.settle()
        assert (shown.settings.colors, shown.is_by_hand, shown.state.history.can_undo) == (16, False, False)
        assert shown.palette == clustered
        shown.redo()
        shown.redo()
        assert shown.palette == edited
        assert shown.is_by_hand
        assert not shown.state.history.can_redo


def test_nothing_is_done_again_after_another_change(shown):
    shown.change(colors=5)
    shown.settle()
    shown.undo()
    shown.settle()
    shown.change(colors=9)
    assert not shown.state.history.can_redo
    shown.redo()
    assert shown.settings.colors == 9


def test_a_sliders_whole_way_is_one_step_of_undo(shown):
    for colors in (15, 12, 9, 7):
        shown.change(colors=colors)
    shown.settle()
    shown.undo()
    assert shown.settings.colors == 16


def test_reset_goes_back_to_the_clustered_palette(shown):
    clustered = shown.palette
    shown.recolor(0, (255, 0, 255))
    shown.reset()
    shown.settle()
    assert shown.palette == clustered


def test_a_picked_cluster_stays_the_one_of_its_colour(shown):
    shown.pick(0)
    color = shown.palette.to_hex()[0]
    shown.move(0, 9)
    assert shown.palette.to_hex()[shown.state.picked] == color


def test_a_merged_cluster_is_followed(shown):
    shown.pick(7)
    name = shown.palette.to_hex()[7]
    shown.merge([2, 5, 9])
    assert shown.palette.to_hex()[shown.state.picked] == name
    shown.merge([shown.state.picked, 0])
    assert shown.state.picked == 0


def test_a_dither_is_tried_on_an_edited_palette(shown):
    shown.merge([1, 3])
    shown.recolor(1, (255, 0, 255))
    before = shown.palette.to_hex()
    shown.change(dither="floyd-steinberg", space="oklab", squeeze=True, kind="color")
    shown.settle()
    assert shown.state.exact.palette.to_hex() == before
    assert shown.state.history.can_undo


def test_changing_colours_to_fewer_than_are_locked_is_refused_and_changes_nothing(shown):
    shown.lock([0, 1, 2])
    before = shown.state.look
    shown.change(colors=2)
    assert "set colors to 3 or more, or lock fewer" in shown.message.text
    assert shown.state.look == before


def test_settings_are_those_of_all_chosen_textures_and_so_is_their_undo(session, host):
    session.choose(["china1"])
    session.change(colors=5)
    session.settle()
    session.choose(["flower1", "china1"])
    session.bench.look_at(WHOLE)
    session.change(colors=3)
    session.settle()
    session.reduce()
    assert [len(colors_of(host.nodes[name].current[0])) for name in ("flower1", "china1")] == [3, 3]
    session.undo()
    session.choose(["china1"])
    assert session.settings.colors == 5


def test_each_is_reduced_as_it_was_left(session, host):
    look_at(session, "flower1")
    session.recolor(0, (255, 0, 255))
    session.settle()
    session.choose(["china1", "flower1"])
    session.reduce()
    assert (255, 0, 255) in colors_of(host.nodes["flower1"].current[0])
    assert (255, 0, 255) not in colors_of(host.nodes["china1"].current[0])


def test_a_shared_palette_is_edited_and_written_into_all(session, host):
    session.choose(["flower1", "china1"])
    session.share(True)
    session.bench.look_at(WHOLE)
    session.settle()
    session.recolor(4, (255, 0, 255))
    session.settle()
    session.choose(["china1", "flower1"])  # the other one in the picture
    session.bench.look_at(WHOLE)
    session.settle()
    assert session.palette.to_hex()[4] == "#ff00ff"
    session.reduce()
    together = colors_of(host.nodes["flower1"].current[0]) | colors_of(host.nodes["china1"].current[0])
    assert together == {tuple(color) for color in session.palette.colors.tolist()}


def test_messages_belong_to_their_textures(session, host):
    host.nodes["china1"].original[0].write_bytes(b"no image")
    look_at(session, "flower1")
    session.choose(["china1"])
    assert "china.png is not an image that can be read" in session.message.text
    session.choose(["flower1"])
    assert session.message is None
    session.change(colors=300)
    assert session.message.is_error
    session.choose(["china1"])
    assert "china.png is not an image" in session.message.text
    session.choose(["flower1"])
    assert "colors must be an int in 1..256" in session.message.text
    session.change(colors=30)
    assert session.message is None


def test_what_a_goal_cannot_reach_is_told_until_something_else_is_wanted(session):
    look_at(session, "flower1")
    session.events.subscribe(session.settle, "unsettled")
    session.set_goal(Goal(psnr=99.0))
    assert "no palette of 256 colours" in session.message.text
    session.set_goal(None)
    assert session.message is None


def test_a_file_that_was_painted_anew_is_read_again_and_the_work_stays(session, host, photos):
    look_at(session, "flower1")
    session.recolor(2, (255, 0, 255))
    session.settle()
    session.choose(["china1"])
    host.nodes["flower1"].original[0].write_bytes(photos[1].read_bytes())
    look_at(session, "flower1")
    assert np.array_equal(session.state.picture.pixels, read(photos[1]).texels)
    assert session.palette.to_hex()[2] == "#ff00ff"


def test_another_texture_of_the_same_name_has_nothing_of_the_first_one(session, host, photos):
    look_at(session, "flower1")
    session.recolor(2, (255, 0, 255))
    host.nodes["flower1"] = replace(host.nodes["china1"])
    session.refresh()
    session.bench.look_at(WHOLE)
    session.settle()
    assert "#ff00ff" not in session.palette.to_hex()


def test_what_is_computed_is_given_up_beyond_a_budget_and_work_is_not(session, monkeypatch):
    monkeypatch.setattr("rgbcloud_panel.state.texture_states._BUDGET", 1)
    look_at(session, "flower1")
    session.recolor(2, (255, 0, 255))
    session.settle()
    flower = session.state
    look_at(session, "china1")
    assert (flower.picture, flower.exact, flower.size) == (None, None, 0)
    look_at(session, "flower1")
    assert session.state is flower
    assert session.palette.to_hex()[2] == "#ff00ff"


def test_every_preview_newer_than_what_is_shown_is_shown(shown, run):
    run.held |= {"view", "exact"}
    shown.change(colors=7)
    first = run.waiting["view"]
    shown.change(colors=5)
    second = run.waiting["view"]
    _, work, done, _, told = first
    done(work(told))
    assert len(shown.palette) == 7
    shown.settle()
    assert "exact" not in run.waiting  # a newer preview is on its way
    done = second[2]
    done(second[1](told))
    assert len(shown.palette) == 5
    shown.settle()
    assert "exact" in run.waiting


def test_a_preview_of_before_does_not_undo_what_a_hand_does(shown, run):
    run.held |= {"view", "exact"}
    shown.change(colors=7)
    old = run.waiting["view"]
    old[2](old[1](old[4]))
    shown.change(colors=5)
    old = run.waiting["view"]
    shown.recolor(0, (255, 0, 255))
    old[2](old[1](old[4]))
    assert (len(shown.palette), shown.palette.to_hex()[0]) == (7, "#ff00ff")


def test_a_texel_tells_its_colour_and_what_it_becomes(shown):
    texel = shown.state.texel(60, 50)
    reduction = shown.state.exact.reduction
    assert texel.before.tolist() == reduction.image.texels[50, 60].tolist()
    assert texel.cluster == reduction.indices[50, 60]
    assert texel.after.tolist() == reduction.texels[50, 60].tolist()


def test_reducing_writes_a_file_that_the_host_adopts(shown, host):
    source = shown.chosen[0].files[0]
    before = source.read_bytes()
    shown.reduce()
    target = source.with_name("flower.k16.png")
    assert host.nodes["flower1"].current == (target,)
    assert target.read_bytes() == shown.state.exact.reduction.data
    assert source.read_bytes() == before
    assert shown.chosen[0].reduced == target.name
    assert shown.message.text.startswith("flower.k16.png: ")


def test_an_edited_palette_is_what_is_written(shown):
    shown.recolor(0, (1, 60, 60))
    shown.reduce()
    reduced = shown.chosen[0].files[0].with_name(shown.chosen[0].reduced)
    assert (1, 60, 60) in colors_of(reduced)


def test_several_are_reduced_in_one_step_each_with_its_own_palette(session, host):
    before = dict(host.nodes)
    session.choose(["flower1", "china1", "wall1"])
    session.change(colors=3)
    session.reduce()
    assert [len(node.current) for node in host.nodes.values()] == [1, 1, 2]
    colors = {name: [colors_of(path) for path in node.current] for name, node in host.nodes.items()}
    assert len(colors["wall1"][0] | colors["wall1"][1]) == 3  # one palette for all tiles
    assert colors["flower1"] != colors["china1"]
    host.undo()
    assert host.nodes == before


def test_several_can_share_a_palette(session, host):
    session.choose(["flower1", "china1"])
    session.share(True)
    session.bench.look_at(WHOLE)
    session.settle()
    session.reduce()
    shared = {tuple(color) for color in session.palette.colors.tolist()}
    for name in ("flower1", "china1"):
        assert colors_of(host.nodes[name].current[0]) <= shared


def test_what_fails_for_one_texture_is_told_and_the_others_are_done(session, host):
    session.choose(["flower1", "china1"])
    host.nodes["china1"].original[0].write_bytes(b"no image")
    session.reduce()
    assert session.message.is_error
    assert "china.png is not an image that can be read" in session.message.text
    assert host.nodes["flower1"].current != host.nodes["flower1"].original
    assert host.nodes["china1"].current == host.nodes["china1"].original


def test_a_host_that_refuses_is_quoted_and_nothing_is_changed(shown, host, run):
    run.held.add("write")
    shown.reduce()
    del host.nodes["flower1"]
    run.release("write")
    assert shown.message.is_error
    assert shown.message.text == "flower1: no such node; refresh the list"
    assert not shown.is_writing


def test_a_missing_file_is_told_in_the_cores_words(session, host):
    host.nodes["flower1"].original[0].unlink()
    session.choose(["flower1"])
    assert session.message.is_error
    assert "flower.png: no such file or directory; check the path" in session.message.text
    assert session.state.picture is None


def test_a_texture_without_files_is_listed_and_says_why_there_is_nothing_to_see(shown, host):
    file = host.nodes["flower1"].original[0]
    data = file.read_bytes()
    file.unlink()
    shown.refresh()
    assert [ref.name for ref in shown.textures] == ["flower1", "china1", "wall1"]
    assert shown.message.is_error
    assert shown.message.text == f"{file}: no such file or directory; check the path"
    assert shown.state.picture is None
    assert not shown.can_reduce
    file.write_bytes(data)
    shown.refresh()
    assert shown.state.picture is not None
    assert shown.can_reduce


def test_a_bug_is_told_without_a_traceback_and_logged(session, monkeypatch, caplog):
    def broken(*_arguments):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("rgbcloud_panel.work.loading.load", broken)
    session.choose(["flower1"])
    assert session.message.is_error
    assert "rgbcloud has a bug here (oh)" in session.message.text
    assert "ZeroDivisionError" in caplog.text


def test_files_that_are_there_are_replaced_only_on_request(shown, host):
    target = shown.chosen[0].files[0].with_name("flower.k16.png")
    target.write_bytes(b"somebody's work")
    host.overwrites = False
    shown.reduce()
    assert target.read_bytes() == b"somebody's work"
    assert shown.message.text == "flower.k16.png is there already."
    assert shown.message.action == "Replace"
    shown.message.act()
    assert target.read_bytes() == shown.state.exact.reduction.data


def test_cancelling_leaves_everything_as_it_was(shown, host, run):
    run.held.add("write")
    shown.reduce()
    assert shown.is_writing
    assert not shown.can_reduce
    shown.cancel()
    assert not shown.is_writing
    assert shown.message.text == "cancelled"
    assert host.nodes["flower1"].current == host.nodes["flower1"].original


def test_a_texture_that_vanishes_is_no_longer_worked_on(shown, host):
    del host.nodes["flower1"]
    shown.refresh()
    assert shown.chosen == ()
    assert shown.state.picture is None
    assert shown.palette is None


def test_scene_actions_reach_the_scene_and_their_errors_the_user(shown, host):
    shown.in_scene(lambda scene: scene.remove_cloud(shown.chosen[0]))
    assert shown.message.text == "flower1 has no cloud to remove; build one first"
    shown.in_scene(lambda scene: scene.show_cloud(shown.chosen[0], Recipe(), shown.state.cloud, "cluster"))
    assert host.clouds["flower1"] == (len(shown.state.cloud), "cluster")
    host.locators["flower1"] = Palette.from_hex(["#102030", "#ffffff"])
    shown.in_scene(lambda scene: shown.take_palette(scene.locator_palette(shown.chosen[0])))
    shown.settle()
    assert shown.palette.to_hex() == ["#102030", "#ffffff"]


def test_the_difference_grows_with_the_error(shown):
    shown.bench.compare(True)
    many = shown.state.difference
    shown.change(colors=2)
    shown.settle()
    assert shown.state.difference.mean > many.mean > 0
    assert shown.state.difference.heat.shape == (64, 96, 3)


def test_actions_on_open_files_do_nothing_in_a_scene(shown):
    shown.open([Path("wood.png")])
    shown.close_chosen()
    assert shown.message is None
    assert len(shown.textures) == 3


def test_topics_are_told_once_each_and_only_for_a_change(shown):
    told = []
    shown.events.subscribe(lambda: told.append("settings"), "settings")
    shown.events.subscribe(lambda: told.append("unsettled"), "unsettled")
    shown.change(colors=9)
    shown.change(colors=9)
    assert told == ["settings", "unsettled"]


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1234, "1.2 kB"),
        (352_600, "353 kB"),
        (999_949, "1.0 MB"),
        (5 * 10**9, "5.0 GB"),
    ],
)
def test_sizes_are_written_as_people_do(count, text):
    assert file_size(count) == text


@pytest.mark.parametrize("size", [(1, 1), (640, 427), (1023, 5), (257, 513)])
def test_levels_halve_and_samples_fit_them(size):
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (size[1], size[0], 3), np.uint8)
    pyramid = Pyramid.of(pixels)
    assert pyramid.levels[0] is pixels
    assert max(pyramid.levels[-1].shape) <= 256
    for number, level in enumerate(pyramid.levels):
        height, width = level.shape[:2]
        assert (width, height) == (-(-size[0] // 2**number), -(-size[1] // 2**number))
        assert sample_indices(pixels[..., 0], Region(number, 0, 0, width, height)).shape == (height, width)
        assert abs(level.mean() - pixels.mean()) < 6


def test_an_empty_scene_is_an_empty_panel(run):
    session = Session(MemoryHost({}), run)
    session.start()
    session.reduce()
    session.settle()
    session.undo()
    assert session.textures == session.chosen == ()
    assert not session.can_reduce


def test_what_the_host_says_of_the_colour_space_is_heeded(session, host, run):
    look_at(session, "flower1")
    node = host.nodes["flower1"]
    host.nodes["flower1"] = replace(node, texture=replace(node.texture, color_space="ACEScg"))
    run.held.add("exact")
    session.refresh()
    session.bench.look_at(WHOLE)
    linear, counted = DistanceSpace(color_space=find_color_space("ACEScg")), session.state.counted
    assert session.state.picture.color_space.name == "ACEScg"
    assert session.state.rebuilt.edited.palette == counted.preview.palette(16)
    run.release("exact")
    session.settle()
    assert session.settings == Settings(16)
    assert session.palette == cluster(counted.counts.histogram, 16, space=linear)
    assert session.palette != cluster(counted.counts.histogram, 16)
    session.change(linear=False)
    session.bench.look_at(WHOLE)
    session.settle()
    assert session.state.picture.color_space == SRGB
    assert session.palette == cluster(counted.counts.histogram, 16)
    session.change(linear=None)
    session.reduce()
    assert "taken for ACEScg, as its colour space is ACEScg" in session.message.text


def test_a_first_look_is_there_before_colours_are_counted(session, run):
    run.held |= {"load"}
    session.choose(["flower1"])
    run.step("load")
    assert session.state.picture is not None
    assert session.palette is None
    run.step("load")
    assert session.state.counted is None
    assert len(session.palette) == 16
    assert session.state.rebuilt is not None
    assert session.state.cloud is not None
    run.release("load")
    assert session.state.points is session.state.cloud


def test_a_quick_look_has_the_alpha_of_the_exact_one(session, run, host):
    from PIL import Image

    path = host.nodes["flower1"].original[0]
    with Image.open(path) as image:
        image.putalpha(Image.linear_gradient("L").resize(image.size))
        image.save(path)
    session.refresh()
    run.held.add("exact")
    look_at(session, "flower1")
    quick = session.state.rebuilt.pixels
    run.release("exact")
    assert np.array_equal(quick[..., 3], session.state.exact.pyramid.levels[0][..., 3])


@pytest.mark.parametrize("dither", ["floyd-steinberg", "bayer", "blue-noise"])
def test_a_quick_look_is_dithered_once_the_hand_rests(shown, run, dither):
    run.held.add("exact")
    shown.take_palette(Palette.from_hex(["#102030", "#405060", "#908070", "#c0b0a0", "#f0e0d0"]))
    shown.change(dither=dither)
    quick = shown.state.rebuilt
    assert quick.is_dithered
    shown.settle()
    run.release("exact")
    exact = shown.state.exact.reduction.indices
    assert (quick.labels == exact).mean() > 0.99


@pytest.mark.parametrize("dither", ["floyd-steinberg", "bayer"])
def test_the_curve_of_errors_counts_the_dither(shown, dither):
    plain = shown.state.errors
    assert np.array_equal(plain, shown.state.counted.preview.errors)
    shown.change(dither=dither)
    shown.settle()
    mse = shown.state.report.mse
    assert mse > 1.1 * plain[14]
    assert shown.state.errors[14] == pytest.approx(mse, rel=0.1)
    shown.change(dither="none")
    assert np.array_equal(shown.state.errors, plain)


def test_texts_show_what_names_hold_as_the_command_line_does(session, host, tmp_path):
    session.load_palette(tmp_path / "a\n\x1b[2J.gpl")
    assert "a\\n\\x1b[2J.gpl" in session.message.text
