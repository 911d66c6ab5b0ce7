"""What a node's colour space says of its texture is heeded, told, and can be overridden."""

from __future__ import annotations

import sys

import pytest
from maya import cmds
from PIL import Image
from scene_tools import colors_in, texture

import rgbcloud_maya
from rgbcloud import DistanceSpace, Recipe, cluster, count
from rgbcloud.color import LINEAR_SRGB, SRGB

LINEAR = "scene-linear Rec.709-sRGB"


@pytest.fixture
def wood(tmp_path):
    """A ramp, whose palette of two colours depends on what distances are taken in."""
    Image.linear_gradient("L").resize((64, 64)).convert("RGB").save(tmp_path / "wood.png")
    return tmp_path / "wood.png"


def reduced(node, settings, **options):
    (result,) = rgbcloud_maya.reduce([node], settings, **options)
    assert result.status == "reduced"
    return result


def expected(wood, **space):
    palette = cluster(count(wood).histogram, 2, space=DistanceSpace(**space))
    return {tuple(value) for value in palette.values.tolist()}


@pytest.mark.usefixtures("loaded_plugin")
def test_linear_light_is_clustered_as_such(wood):
    node = texture("tex", wood, LINEAR)
    result = reduced(node, Recipe.of(colors=2))
    assert colors_in(result.path) == expected(wood, color_space=LINEAR_SRGB) != expected(wood)
    assert result.path.endswith("/wood.k2.png")
    taken_for = (
        f"taken for Linear Rec.709 (sRGB), as its colour space is {LINEAR}; set the colour space if not"
    )
    assert taken_for in result.reduction.notes
    assert cmds.rgbCloudReduce(node, query=True, storedLinear=True) is None  # nobody said
    assert cmds.getAttr(f"{node}.colorSpace") == LINEAR


def test_settings_override_the_colour_space(wood):
    node = texture("tex", wood, LINEAR)
    result = reduced(node, Recipe.of(colors=2, linear=False))
    assert colors_in(result.path) == expected(wood)
    assert not any("colour space" in note for note in result.reduction.notes)


def test_an_encoded_colour_space_changes_nothing(wood):
    for name in ("sRGB", "Utility - sRGB - Texture", "my studio space"):
        result = reduced(texture("tex", wood, name), Recipe.of(colors=2))
        assert result.path.endswith("/wood.k2.png")
        assert colors_in(result.path) == expected(wood)


def test_a_raw_texture_that_is_forced_holds_data(wood):
    node = texture("tex", wood, "Raw")
    result = reduced(node, Recipe.of(colors=2), force=True)
    assert result.reduction.members[0].report.kind == "data"
    assert colors_in(result.path) == expected(wood, kind="data")
    assert result.reduction.notes[0] == (
        "taken for plain data, as its colour space is Raw; set the kind to color if not"
    )
    for said in ({"kind": "color"}, {"space": "oklab"}):  # only colours have one
        insisted = reduced(node, Recipe.of(colors=2, **said), force=True)
        assert insisted.reduction.members[0].report.kind == "color"


def test_floating_point_files_that_the_rules_make_raw_hold_linear_light(wood, tmp_path):
    oiio = pytest.importorskip("OpenImageIO")
    exr = tmp_path / "wood.exr"
    oiio.ImageBuf(str(wood)).write(str(exr), "half")
    node = cmds.shadingNode("file", asTexture=True, isColorManaged=True)
    cmds.setAttr(f"{node}.fileTextureName", str(exr), type="string")
    assert cmds.getAttr(f"{node}.colorSpace") == "Raw"
    result = reduced(node, Recipe.of(colors=2), force=True)
    assert result.reduction.members[0].report.kind == "color"
    assert result.path.endswith("/wood.k2.exr")
    cmds.setAttr(f"{node}.colorSpace", "sRGB", type="string")
    result = reduced(node, Recipe.of(colors=2))
    assert result.reduction.palette.found.space.color_space == SRGB


def test_reducing_again_does_nothing_until_the_colour_space_says_something_else(wood):
    node = texture("tex", wood, LINEAR)
    reduced(node, Recipe.of(colors=2))
    assert rgbcloud_maya.reduce([node], Recipe.of(colors=2))[0].status == "unchanged"
    linear = cmds.getAttr(f"{node}.fileTextureName")
    cmds.setAttr(f"{node}.colorSpace", "ACEScg", type="string")  # linear as well
    assert rgbcloud_maya.reduce([node], Recipe.of(colors=2))[0].path == linear
    cmds.setAttr(f"{node}.colorSpace", "sRGB", type="string")
    assert colors_in(reduced(node, Recipe.of(colors=2)).path) == expected(wood)


def test_nodes_that_show_one_file_in_different_spaces_get_each_their_own(wood):
    nodes = [texture("bright", wood, LINEAR), texture("dark", wood), texture("other", wood)]
    results = rgbcloud_maya.reduce(nodes, Recipe.of(colors=2))
    bright, dark, other = (result.path for result in results)
    assert colors_in(bright) == expected(wood, color_space=LINEAR_SRGB)
    assert colors_in(dark) == expected(wood)
    assert bright != dark == other


@pytest.mark.usefixtures("loaded_plugin")
def test_the_cloud_and_the_palette_agree_with_the_reduction(wood):
    node = texture("tex", wood, LINEAR)
    palette = cluster(count(wood).histogram, 2, space=DistanceSpace(color_space=LINEAR_SRGB))
    wanted = sorted(palette.to_hex())  # as a display shows them
    assert sorted(cmds.rgbCloudPalette(node, colors=2)) == wanted
    rgbcloud_maya.build_cloud(node, Recipe.of(colors=2))
    rgbcloud_maya.apply_locators()
    assert colors_in(cmds.getAttr(f"{node}.fileTextureName")) == expected(wood, color_space=LINEAR_SRGB)


CONFIG = """ocio_profile_version: 2
roles:
  default: raw
  scene_linear: raw
  aces_interchange: aces
displays:
  screen:
    - !<View> {name: raw, colorspace: raw}
colorspaces:
  - !<ColorSpace> {name: raw, isdata: true}
  - !<ColorSpace> {name: aces}
  - !<ColorSpace>
    name: studio camera
    to_scene_reference: !<ExponentTransform> {value: 2.0}
"""


@pytest.mark.maya(2025)
def test_the_configuration_of_the_scene_tells_names_that_nobody_else_knows(wood, tmp_path):
    pytest.importorskip("OpenImageIO")
    config = tmp_path / "studio.ocio"
    config.write_text(CONFIG)
    cmds.colorManagementPrefs(edit=True, configFilePath=config.as_posix())
    strange, known = texture("strange", wood, "studio camera"), texture("known", wood, "ACEScg")
    results = rgbcloud_maya.reduce([strange, known], Recipe.of(colors=2))
    recipes = {ref.node: ref.recipe for ref in rgbcloud_maya.textures()}
    assert recipes[strange].settings.ocio == config.as_posix()
    assert recipes[known].settings.ocio == ""
    assert not any("no one knows" in note for note in results[0].reduction.notes)
    assert results[0].reduction.members[0].report.color_space == "studio camera"


@pytest.mark.maya(2025)
def test_maya_s_own_configuration_is_found_by_its_token(wood, tmp_path, monkeypatch):
    pytest.importorskip("OpenImageIO")
    monkeypatch.setenv("MAYA_LOCATION", str(tmp_path / "Maya"))
    token, _, rest = cmds.colorManagementPrefs(query=True, configFilePath=True).partition("/")
    assert token == "<MAYA_RESOURCES>"
    resources = tmp_path / "Maya" / ("Resources" if sys.platform == "darwin" else "resources")
    (resources / rest).parent.mkdir(parents=True)
    (resources / rest).write_text(CONFIG)
    rgbcloud_maya.reduce([texture("strange", wood, "studio camera")], Recipe.of(colors=2))
    (ref,) = rgbcloud_maya.textures()
    assert ref.recipe.settings.ocio == (resources / rest).as_posix()
