"""Clouds, palettes, locators and iterations of images of more than 8 bits a channel."""

from __future__ import annotations

import numpy as np
import pytest
from maya import cmds
from scene_tools import differences, snapshot, texture

import rgbcloud_maya
from rgbcloud import DistanceSpace, Recipe, RgbcloudError, cluster, count, iterations, palette_for, read
from rgbcloud.color import LINEAR_SRGB, srgb8_to_linear
from rgbcloud_maya import CloudOptions, SceneError

deep_files = pytest.importorskip("deep_files", reason="OpenImageIO is not installed", exc_type=ImportError)

BRIGHT = 8.0  # of the lamp in the picture
KINDS = {".exr": "half", ".hdr": "float", ".tx": "half", ".png": "uint16"}
every_kind = pytest.mark.parametrize("suffix", KINDS)


def picture():
    """Four fields with some noise: dark red, green, blue, and a lamp brighter than white."""
    fields = np.zeros((16, 16, 3))
    fields[:8, :8], fields[:8, 8:], fields[8:, :8] = (0.4, 0.02, 0.02), (0.02, 0.5, 0.05), (0.02, 0.05, 0.6)
    fields[8:, 8:] = BRIGHT, BRIGHT, BRIGHT * 0.9
    return fields * np.random.default_rng(3).uniform(0.9, 1.0, fields.shape)


@pytest.fixture
def deep(tmp_path):
    """Return what makes an image file, and a node that shows it."""

    def make(suffix, color_space="scene-linear Rec.709-sRGB"):
        texels = picture().astype(np.float32)
        if suffix == ".png":
            texels = (texels.clip(0, 1) * 65535).astype(np.uint16)
        path = deep_files.write(tmp_path / f"sky{suffix}", texels, KINDS[suffix])
        return texture("sky", path, color_space), path

    return make


def locators(root):
    group = next(
        child for child in cmds.listRelatives(root, children=True, fullPath=True) if "locators" in child
    )
    return cmds.listRelatives(group, children=True, fullPath=True, type="transform")


def values_in(path):
    return np.unique(read(path).values.reshape(-1, 3), axis=0)


@every_kind
@pytest.mark.usefixtures("loaded_plugin")
def test_cloud_palette_and_reduction_agree(deep, suffix):
    node, _ = deep(suffix)
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4))
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    found = result.reduction.palette
    assert [cmds.getAttr(f"{locator}.rgbcloudHex") for locator in locators(root)] == found.to_hex()
    assert list(cmds.rgbCloudPalette(node, colors=4)) == found.to_hex()
    held, wanted = values_in(result.path), np.unique(found.values, axis=0)
    np.testing.assert_allclose(held, wanted, rtol=0, atol=wanted.max() / 256 if suffix == ".hdr" else 0)


@every_kind
@pytest.mark.parametrize("axes", ["file", "srgb"])
def test_points_stand_at_the_files_numbers_or_where_a_display_shows_them(deep, suffix, axes):
    node, path = deep(suffix)
    rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(size=1, axes=axes))
    shown = count(path).histogram.to_display(LINEAR_SRGB)
    expected = shown.colors / 255 if axes == "srgb" else srgb8_to_linear(shown.colors)
    places = np.array(cmds.getAttr(f"{cmds.ls(type='particle')[0]}.position0"))
    np.testing.assert_allclose(places, expected, rtol=1e-5)


@pytest.mark.parametrize(
    "values", [{"space": "oklab"}, {"locked": ["#ff8000"]}, {"kind": "data"}, {"linear": False}]
)
def test_what_a_palette_depends_on_counts_for_the_cloud(deep, values):
    node, path = deep(".exr", "")
    recipe = Recipe.of(colors=4, **values)
    root = rgbcloud_maya.build_cloud(node, recipe)
    shown = [cmds.getAttr(f"{locator}.rgbcloudHex") for locator in locators(root)]
    assert shown == palette_for(path, recipe).to_hex()


@pytest.mark.parametrize("suffix", [".exr", ".hdr", ".tx"])
def test_a_locator_that_was_not_moved_keeps_a_value_brighter_than_white(deep, suffix):
    node, _ = deep(suffix)
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4))
    before = palette_for(count(read_texture(node)), Recipe.of(colors=4))
    moved = next(number for number, (red, green, _) in enumerate(before.values) if green < red < 1)
    cmds.setAttr(f"{locators(root)[moved]}.translate", 10, 0, 0)
    (result,) = rgbcloud_maya.apply_locators(root)
    expected = before.values.copy()
    expected[moved] = 1, 0, 0
    np.testing.assert_array_equal(result.reduction.palette.values, expected)
    found = values_in(result.path)
    assert found.max() > BRIGHT * 0.8
    assert [1, 0, 0] in found.tolist()
    assert rgbcloud_maya.apply_locators(root)[0].status == "unchanged"


def read_texture(node):
    return cmds.getAttr(f"{node}.fileTextureName")


@every_kind
def test_iterations_are_those_of_the_colours_that_are_shown(deep, suffix):
    node, path = deep(suffix)
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4, seed=2))
    group = rgbcloud_maya.show_iterations(root, most=20)
    travelling = [
        child for child in cmds.listRelatives(group, children=True, fullPath=True) if "|c_" in child
    ]
    shown = count(path).histogram.to_display(LINEAR_SRGB)
    expected = iterations(shown, 4, seed=2, most=20)[-1]
    assert [cmds.getAttr(f"{locator}.rgbcloudHex") for locator in travelling] == expected.to_hex()


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"space": "oklab"}, "space"),
        ({"locked": ["#ff8000"], "weight_power": 0.5}, "locked, weight_power"),
        ({"effort": "best"}, "effort"),
    ],
)
def test_iterations_refuse_by_name_what_plain_k_means_does_not_know(node, values, names):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=3, **values))
    before = snapshot()
    with pytest.raises(SceneError, match=f"iterations show plain k-means in sRGB; .*; leave out {names}$"):
        rgbcloud_maya.show_iterations(root)
    assert differences(before, snapshot()) == []


def test_iterations_of_normals_are_refused(tmp_path):
    directions = np.full((8, 8, 3), 0.5)
    directions[..., 2] = 1
    path = deep_files.write(tmp_path / "wood_normal.exr", directions.astype(np.float32), "half")
    root = rgbcloud_maya.build_cloud(str(path), Recipe.of(colors=1))
    with pytest.raises(SceneError, match="its textures hold normal, so set kind to color"):
        rgbcloud_maya.show_iterations(root)


def test_iterations_heed_the_mask(node, tmp_path, wood):
    from PIL import Image

    mask = np.zeros((16, 16), np.uint8)
    mask[:8, :8] = 255  # red alone
    Image.fromarray(mask).save(tmp_path / "mask.png")
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=2, mask=str(tmp_path / "mask.png")))
    group = rgbcloud_maya.show_iterations(root, most=3)
    colors = [
        cmds.getAttr(f"{child}.rgbcloudHex")
        for child in cmds.listRelatives(group, children=True, fullPath=True)
        if "|c_" in child
    ]
    assert all(color.startswith("#f") for color in colors)


def test_textures_of_different_depths_make_no_cloud_together(deep, node):
    sky, _ = deep(".exr")
    before = snapshot()
    with pytest.raises(RgbcloudError, match="must have one depth"):
        rgbcloud_maya.build_cloud([sky, node])
    assert differences(before, snapshot()) == []


def test_a_goal_is_no_business_of_clouds(node):
    with pytest.raises(SceneError, match=r"a goal is for reducing; .*; leave out psnr"):
        rgbcloud_maya.build_cloud(node, Recipe.of(psnr=30))


def test_several_textures_are_taken_for_colours(tmp_path):
    """Whatever the name of the first says."""
    from scene_tools import checker

    paths = [checker(tmp_path / name) for name in ("a_normal.png", "b.png")]
    rgbcloud_maya.build_cloud([str(path) for path in paths], Recipe.of(colors=4, space="srgb"))
    both = count(paths[0]) + count(paths[1])
    shown = sorted(
        cmds.getAttr(f"{name}.rgbcloudHex") for name in cmds.ls(type="transform") if name.startswith("c_")
    )
    assert shown == sorted(cluster(both.histogram, 4, DistanceSpace()).to_hex())
