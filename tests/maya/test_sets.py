"""UDIM sets, tiles by u and v, frame sequences: one palette, and the tiling of the node as it was."""

from __future__ import annotations

import pytest
from maya import cmds
from scene_tools import checker, colors_in, texture

import rgbcloud_maya
from rgbcloud import Recipe
from rgbcloud_maya import SceneError

SHADES = {
    0: ((250, 0, 0), (200, 0, 0), (150, 0, 0), (100, 0, 0)),
    1: ((0, 0, 250), (0, 0, 200), (0, 0, 150), (0, 0, 100)),
}


def tiles(folder, *names):
    return [checker(folder / name, colors=SHADES[number], noise=0) for number, name in enumerate(names)]


@pytest.mark.parametrize(
    ("mode", "names", "reduced"),
    [
        (3, ("wood.1001.png", "wood.1002.png"), ("wood.k4.1001.png", "wood.k4.1002.png")),
        (1, ("wood_u0_v0.png", "wood_u1_v0.png"), ("wood.k4_u0_v0.png", "wood.k4_u1_v0.png")),
        (2, ("wood_u1_v1.png", "wood_u2_v1.png"), ("wood.k4_u1_v1.png", "wood.k4_u2_v1.png")),
    ],
)
def test_tiles_share_one_palette_and_the_mode_stays(tmp_path, mode, names, reduced):
    first, _ = tiles(tmp_path, *names)
    node = texture("tex", first, uvTilingMode=mode)
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert result.path == f"{tmp_path.as_posix()}/{reduced[0]}"
    assert cmds.getAttr(f"{node}.uvTilingMode") == mode
    assert {path.name for path in tmp_path.iterdir()} == {*names, *reduced}
    palettes = [colors_in(tmp_path / name) for name in reduced]
    assert len(palettes[0] | palettes[1]) == 4
    assert rgbcloud_maya.reduce([node], Recipe.of(colors=4))[0].status == "unchanged"
    rgbcloud_maya.revert([node])
    assert cmds.getAttr(f"{node}.fileTextureName") == str(first)


def test_frames_share_one_palette(tmp_path):
    first, _ = tiles(tmp_path, "wood.0001.png", "wood.0002.png")
    node = texture("tex", first, useFrameExtension=True)
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert result.path == f"{tmp_path.as_posix()}/wood.k4.0001.png"
    assert cmds.getAttr(f"{node}.useFrameExtension")
    palettes = [colors_in(tmp_path / f"wood.k4.000{frame}.png") for frame in (1, 2)]
    assert len(palettes[0] | palettes[1]) == 4


def test_the_number_of_a_frame_may_be_the_suffix(tmp_path):
    """As Maya's manual has it: name.ext.#."""
    for frame in (1, 2):
        checker(tmp_path / "wood.png").rename(tmp_path / f"wood.png.000{frame}")
    node = texture("tex", tmp_path / "wood.png.0001", useFrameExtension=True)
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert result.path == f"{tmp_path.as_posix()}/wood.k4.0001.png"
    assert len(list(tmp_path.glob("wood.k4.*.png"))) == 2


def test_one_new_tile_has_the_set_reduced_again(tmp_path):
    first, _ = tiles(tmp_path, "wood.1001.png", "wood.1002.png")
    node = texture("tex", first, uvTilingMode=3)
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    checker(tmp_path / "wood.1003.png")
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert result.status == "reduced"
    added, changed = (set(tmp_path.glob(f"wood.k4.*{number}.png")) for number in (1003, 1001))
    assert len(added) == 1
    assert len(changed) == 2  # the one before stays for what shows it
    assert colors_in(cmds.getAttr(f"{node}.fileTextureName")) <= {
        tuple(color) for color in result.reduction.palette.colors.tolist()
    }


def test_a_node_on_another_tile_stays_on_it(tmp_path):
    _, second = tiles(tmp_path, "wood.1001.png", "wood.1002.png")
    node = texture("tex", second, uvTilingMode=3)
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert result.path.endswith("/wood.k4.1002.png")


@pytest.mark.parametrize(
    ("typed", "mode", "names"),
    [
        ("wood.<UDIM>.png", 3, ("wood.1001.png", "wood.1002.png")),
        ("wood.<UDIM>.png", 0, ("wood.1001.png", "wood.1002.png")),
        ("wood.<udim>.png", 0, ("wood.1001.png", "wood.1002.png")),
        ("wood.<f>.png", 0, ("wood.0001.png", "wood.0002.png")),
    ],
)
def test_a_token_that_was_typed_is_written_back(tmp_path, typed, mode, names):
    tiles(tmp_path, *names)
    node = texture("tex", tmp_path / typed, uvTilingMode=mode)
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert result.path == f"{tmp_path.as_posix()}/{typed.replace('wood', 'wood.k4')}"
    assert {path.name for path in tmp_path.glob("wood.k4.*")} == {
        name.replace("wood", "wood.k4") for name in names
    }
    assert rgbcloud_maya.reduce([node], Recipe.of(colors=4))[0].status == "unchanged"
    rgbcloud_maya.revert([node])
    assert cmds.getAttr(f"{node}.fileTextureName").endswith(f"/{typed}")


def test_tiles_and_frames_together_are_one_texture(tmp_path):
    names = [f"wood.{tile}.000{frame}.png" for frame in (1, 2) for tile in (1001, 1002)]
    for name in names:
        checker(tmp_path / name)
    node = texture("tex", tmp_path / names[0], uvTilingMode=3, useFrameExtension=True)
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert {path.name for path in tmp_path.glob("wood.k4.*")} == {
        name.replace("wood", "wood.k4") for name in names
    }


def test_frames_below_zero_are_frames(tmp_path):
    names = ("wood.-002.png", "wood.-001.png", "wood.0000.png")
    for name in names:
        checker(tmp_path / name)
    node = texture("tex", tmp_path / "wood.-001.png", useFrameExtension=True)
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert len(list(tmp_path.glob("wood.k4.*"))) == 3


def test_of_several_numbers_the_one_with_neighbours_is_the_tile(tmp_path):
    tiles(tmp_path, "wood_v1002.1011.png", "wood_v1002.1012.png")
    node = texture("tex", tmp_path / "wood_v1002.1012.png", uvTilingMode=3)
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert result.path.endswith("/wood_v1002.k4.1012.png")
    assert (tmp_path / "wood_v1002.k4.1011.png").exists()


def test_without_a_tiling_mode_a_number_in_the_name_is_just_a_name(tmp_path):
    first, _ = tiles(tmp_path, "wood.1001.png", "wood.1002.png")
    node = texture("tex", first)
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert {path.name for path in tmp_path.iterdir()} == {
        "wood.1001.png",
        "wood.1002.png",
        "wood.1001.k4.png",
    }


def test_explicit_tiles_are_refused_with_a_way_out(tmp_path):
    node = texture("tex", checker(tmp_path / "wood.png"), uvTilingMode=4)
    with pytest.raises(SceneError, match=r"tex has explicit tiles, .* use UDIM tiles instead"):
        rgbcloud_maya.reduce([node], Recipe.of(colors=4))


def test_a_set_without_files_names_the_node(tmp_path):
    node = texture("tex", tmp_path / "gone.1001.png", uvTilingMode=3)
    with pytest.raises(SceneError, match=r"tex: .*gone\.<UDIM>\.png: no file on disk matches"):
        rgbcloud_maya.reduce([node], Recipe.of(colors=4))
