"""Reducing the textures of image nodes: what changes, and what must not."""

from __future__ import annotations

import hashlib

import pytest
from maya import cmds
from PIL import Image
from scene_tools import checker, colors_in, differences, material, reverted, snapshot, texture

import rgbcloud_maya
from rgbcloud import ImageWriteError, Recipe
from rgbcloud_maya import SceneError
from rgbcloud_maya.reducing.png_support import reads_indexed_png


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_node_shows_a_lighter_file_with_the_palette(node, wood):
    before = digest(wood)
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert (result.node, result.status) == (node, "reduced")
    assert cmds.getAttr(f"{node}.fileTextureName") == result.path == f"{wood.parent.as_posix()}/wood.k3.png"
    assert len(colors_in(result.path)) == 3
    assert result.reduction.members[0].report.bytes_after < wood.stat().st_size
    assert digest(wood) == before


def test_the_colour_space_stays_though_file_rules_would_change_it(node):
    assert not cmds.getAttr(f"{node}.ignoreColorSpaceFileRules")
    rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert cmds.getAttr(f"{node}.colorSpace") == "Utility - sRGB - Texture"
    assert not cmds.getAttr(f"{node}.ignoreColorSpaceFileRules")


def test_nothing_else_of_the_scene_changes(node):
    material(color=node)
    cmds.setAttr(f"{node}.filterType", 0)
    before = snapshot()
    rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    changed = differences(before, snapshot())
    assert all(line.startswith(f"{node}.") for line in changed)
    attributes = {line.partition(".")[2].partition(":")[0] for line in changed}
    assert {name for name in attributes if not name.startswith("rgbcloud")} <= {
        "fileTextureName",
        "computedFileTextureNamePattern",
    }


def test_the_same_reduction_twice_changes_and_writes_nothing(node, wood):
    rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    files = {path: path.stat().st_mtime_ns for path in wood.parent.iterdir()}
    before = snapshot()
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert result.status == "unchanged"
    assert differences(before, snapshot()) == []
    assert {path: path.stat().st_mtime_ns for path in wood.parent.iterdir()} == files


def test_a_texture_that_was_painted_again_is_reduced_again(node, wood):
    (first,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    checker(wood, colors=((9, 9, 9), (90, 90, 90), (180, 180, 180), (240, 240, 240)))
    before = colors_in(first.path)
    (second,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert second.status == "reduced"
    assert all(max(color) - min(color) < 12 for color in colors_in(second.path))
    cmds.undo()
    assert cmds.getAttr(f"{node}.fileTextureName") == first.path  # whose file nobody replaced
    assert colors_in(first.path) == before


def test_reduced_files_that_were_deleted_are_made_again(node, tmp_path):
    (first,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    (tmp_path / "wood.k3.png").unlink()
    (second,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert second.status == "reduced"
    assert len(colors_in(first.path)) == 3


def test_reducing_again_starts_from_the_original(node, wood):
    rgbcloud_maya.reduce([node], Recipe.of(colors=2))
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert result.path.endswith("/wood.k4.png")
    assert len(colors_in(result.path)) == 4
    rgbcloud_maya.revert([node])
    assert cmds.getAttr(f"{node}.fileTextureName") == str(wood)


def test_every_setting_gives_the_file_another_name(node):
    settings = [
        Recipe.of(colors=3),
        Recipe.of(colors=4),
        Recipe.of(colors=3, seed=1),
        Recipe.of(colors=3, effort="best"),
    ]
    settings += [Recipe.of(colors=3, indexed=False), Recipe.of(colors=3, locked=["#ff0000"])]
    paths = [rgbcloud_maya.reduce([node], one)[0].path for one in settings]
    assert len(set(paths)) == 6


def test_rgb_is_written_where_it_is_asked_for(node):
    (indexed,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    (rgb,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3, indexed=False))
    with Image.open(indexed.path) as light, Image.open(rgb.path) as heavy:
        assert (light.mode, heavy.mode) == ("P", "RGB")
    assert colors_in(indexed.path) == colors_in(rgb.path)


def test_a_given_palette_is_taken(node):
    settings = Recipe.of(colors=2, locked=["#ff0000", "#000080"])
    (result,) = rgbcloud_maya.reduce([node], settings)
    assert colors_in(result.path) == {(255, 0, 0), (0, 0, 128)}
    (again,) = rgbcloud_maya.reduce([node], settings)
    assert again.status == "unchanged"


def test_two_nodes_on_one_file_are_reduced_once(wood):
    nodes = [texture("first", wood), texture("second", wood)]
    first, second = rgbcloud_maya.reduce(nodes, Recipe.of(colors=3))
    assert first.reduction is second.reduction
    assert first.path == second.path


def test_another_scene_takes_the_files_that_are_there(node, wood):
    (first,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    written = (wood.parent / "wood.k3.png").stat().st_mtime_ns
    cmds.file(new=True, force=True)
    (second,) = rgbcloud_maya.reduce([texture("other", wood)], Recipe.of(colors=3))
    assert (second.status, second.path) == ("reduced", first.path)
    assert (wood.parent / "wood.k3.png").stat().st_mtime_ns == written


def test_textures_of_one_name_do_not_take_each_others_files(tmp_path):
    png = checker(tmp_path / "a" / "wood.png")
    bmp = checker(tmp_path / "b" / "wood.bmp", colors=((1, 1, 1), (90, 9, 9), (9, 90, 9), (9, 9, 90)))
    nodes = [texture("a", png), texture("b", bmp)]
    results = rgbcloud_maya.reduce(nodes, Recipe.of(colors=4), folder=tmp_path / "light")
    first, second = (result.path for result in results)
    assert first != second
    assert colors_in(first) != colors_in(second)
    again = rgbcloud_maya.reduce(nodes, Recipe.of(colors=4), folder=tmp_path / "light")
    assert [result.status for result in again] == ["unchanged", "unchanged"]


def test_a_file_of_the_user_is_not_replaced(node, wood):
    mine = wood.with_name("wood.k3.png")
    mine.write_bytes(b"not a picture, but mine")
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert mine.read_bytes() == b"not a picture, but mine"
    assert result.path != str(mine)


def test_images_go_into_the_folder_that_is_given(node, tmp_path):
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3), folder=tmp_path / "light" / "textures")
    assert result.path == f"{tmp_path.as_posix()}/light/textures/wood.k3.png"
    assert len(colors_in(result.path)) == 3


def test_images_go_into_the_project_where_the_source_is_write_protected(node, project, monkeypatch):
    # Tests may run as root, whom no folder refuses: so what asks the folder is made to.
    monkeypatch.setattr("rgbcloud_maya.reducing.node_jobs.is_writable", lambda folder: False)
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert result.path == f"{project.as_posix()}/sourceimages/wood.k3.png"


def test_revert_brings_back_path_and_colour_space_exactly(node):
    before = snapshot()
    rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    cmds.setAttr(f"{node}.colorSpace", "Raw", type="string")
    assert reverted([node]) == [node]
    assert differences(before, snapshot()) == []


def test_a_colour_space_that_was_chosen_after_reducing_stays_when_reducing_again(node):
    rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    cmds.setAttr(f"{node}.colorSpace", "scene-linear Rec.709-sRGB", type="string")
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert cmds.getAttr(f"{node}.colorSpace") == "scene-linear Rec.709-sRGB"


def test_reverting_an_original_does_nothing(node):
    before = snapshot()
    assert reverted([node]) == []
    assert differences(before, snapshot()) == []


def test_a_texture_that_the_user_chose_after_reducing_is_an_original(node, tmp_path):
    rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    stone = checker(tmp_path / "stone.png")
    cmds.setAttr(f"{node}.fileTextureName", str(stone), type="string")
    assert reverted([node]) == []
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert result.path.endswith("/stone.k3.png")
    rgbcloud_maya.revert([node])
    assert cmds.getAttr(f"{node}.fileTextureName") == str(stone)


def test_the_list_of_textures_says_what_is_reduced(node, wood):
    other = texture("other", wood)
    rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    listed = {ref.node: ref for ref in rgbcloud_maya.textures()}
    assert listed[node].recipe == Recipe.of(colors=3)
    assert listed[node].original == listed[other].path == wood.as_posix()
    assert listed[other].recipe is None


def test_a_palette_png_is_not_written_where_maya_cannot_read_it(node, unreadable_indexed_png):
    reads_indexed_png.cache_clear()
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert result.path.endswith("/wood.k3.rgb.png")
    with Image.open(result.path) as image:
        assert image.mode == "RGB"
    reads_indexed_png.cache_clear()


def test_cancelling_leaves_scene_and_folder_as_they_were(node, wood):
    from rgbcloud import CancelledError

    def cancel(fraction, message):
        if fraction > 0.5:
            raise CancelledError("cancelled")

    before = snapshot()
    with pytest.raises(CancelledError, match="cancelled"):
        rgbcloud_maya.reduce([node], Recipe.of(colors=3), progress=cancel)
    assert differences(before, snapshot()) == []
    assert [path.name for path in wood.parent.iterdir()] == ["wood.png"]


def test_a_full_disk_changes_nothing_in_the_scene(node, monkeypatch):
    def full(*args, **kwargs):
        raise ImageWriteError("cannot write wood.k3.png: no space left on device; choose another folder")

    monkeypatch.setattr("rgbcloud_maya.reducing.reduced_files.write_file", full)
    before = snapshot()
    with pytest.raises(SceneError, match=r"tex: cannot write wood.k3.png: no space left"):
        rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert differences(before, snapshot()) == []


@pytest.mark.interactive
def test_the_viewport_loads_a_texture_again_whose_file_was_gone(node, wood, count_commands):
    with count_commands() as counted:
        rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert "ogs" not in counted.names
    wood.with_name("wood.k3.png").unlink()
    with count_commands() as counted:
        rgbcloud_maya.reduce([node], Recipe.of(colors=3))
    assert counted.names.count("ogs") == 1
