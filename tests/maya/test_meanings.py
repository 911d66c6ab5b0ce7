"""What a texture means follows from the inputs that it feeds, whatever stands between."""

from __future__ import annotations

import numpy as np
import pytest
from maya import cmds
from PIL import Image
from scene_tools import checker, texture

import rgbcloud_maya
from rgbcloud import Recipe, count
from rgbcloud.progress import silent
from rgbcloud_maya.nodes import plug_meanings
from rgbcloud_maya.nodes.plug_meanings import meaning_of
from rgbcloud_maya.nodes.texture_uses import uses_of
from rgbcloud_maya.ui.maya_host import MayaHost


@pytest.fixture
def wood(tmp_path):
    return texture("wood", checker(tmp_path / "wood.png"))


def surface(node_type="standardSurface", name="skin"):
    """Make a material that is in use."""
    shader = cmds.shadingNode(node_type, asShader=True, name=name)
    group = cmds.sets(renderable=True, noSurfaceShader=True, empty=True, name=f"{name}SG")
    cmds.connectAttr(f"{shader}.outColor", f"{group}.surfaceShader")
    return shader


def utility(name="between", channels=1):
    """Make a node that has nothing to do with shading, with as many outputs as inputs."""
    node = cmds.createNode("network", name=name)
    for number in range(channels):
        for side in ("in", "out"):
            cmds.addAttr(node, longName=f"{side}{number}", attributeType="double")
    return node


def reduced(*nodes):
    return rgbcloud_maya.reduce(list(nodes), Recipe.of(colors=2))


@pytest.mark.parametrize(
    ("output", "plug", "takes"),
    [
        ("outColorR", "specularRoughness", "smooth numbers"),
        ("outColorG", "metalness", "smooth numbers"),
        ("outAlpha", "coat", "smooth numbers"),
        ("outColor", "opacity", "opacity"),
        ("outColor", "normalCamera", "normals"),
    ],
)
def test_what_feeds_no_colour_is_left_alone_unless_asked(wood, output, plug, takes):
    shader = surface()
    cmds.connectAttr(f"{wood}.{output}", f"{shader}.{plug}")
    (result,) = reduced(wood)
    assert result.status == "left out"
    assert f"it feeds {shader}.{plug}, which takes {takes} rather than colours; force it" in result.message
    assert rgbcloud_maya.reduce([wood], Recipe.of(colors=2), force=True)[0].status == "reduced"


def test_a_packed_texture_of_three_scalars_is_left_alone(wood):
    shader = surface()
    for output, plug in (
        ("outColorR", "base"),
        ("outColorG", "specularRoughness"),
        ("outColorB", "metalness"),
    ):
        cmds.connectAttr(f"{wood}.{output}", f"{shader}.{plug}")
    assert reduced(wood)[0].status == "left out"


@pytest.mark.parametrize("plug", ["baseColor", "emissionColor", "subsurfaceColor", "coatColor"])
def test_colours_are_reduced(wood, plug):
    cmds.connectAttr(f"{wood}.outColor", f"{surface()}.{plug}")
    (result,) = reduced(wood)
    assert (result.status, result.message) == ("reduced", "")


def test_one_channel_of_a_colour_is_a_colour(wood):
    cmds.connectAttr(f"{wood}.outColorR", f"{surface()}.baseColorG")
    assert reduced(wood)[0].status == "reduced"


def bump_of(shader, node, output="outColorR"):
    bump = cmds.shadingNode("bump2d", asUtility=True, name="bumps")
    cmds.connectAttr(f"{node}.{output}", f"{bump}.bumpValue")
    cmds.connectAttr(f"{bump}.outNormal", f"{shader}.normalCamera")


def test_colour_with_a_little_bump_is_reduced_with_a_word(wood, script_editor):
    shader = surface()
    cmds.connectAttr(f"{wood}.outColor", f"{shader}.baseColor")
    bump_of(shader, wood)
    (result,) = reduced(wood)
    assert result.status == "reduced"
    assert result.message == "wood also feeds bumps.bumpValue, which takes heights: look there for steps"
    assert script_editor("warning") == [result.message]


@pytest.mark.parametrize(("is_luminance", "word"), [(False, ""), (True, "look there for steps")])
def test_alpha_is_kept_unless_it_is_made_of_the_colours(wood, is_luminance, word):
    shader = surface()
    cmds.setAttr(f"{wood}.alphaIsLuminance", is_luminance)
    cmds.connectAttr(f"{wood}.outColor", f"{shader}.baseColor")
    bump_of(shader, wood, "outAlpha")
    (result,) = reduced(wood)
    assert result.status == "reduced"
    assert word in result.message
    assert bool(word) == bool(result.message)


def test_what_stands_between_is_seen_through(wood):
    shader, between = surface(), utility()
    cmds.connectAttr(f"{wood}.outColorR", f"{between}.in0")
    cmds.connectAttr(f"{between}.out0", f"{shader}.specularRoughness")
    (result,) = reduced(wood)
    assert "it feeds skin.specularRoughness" in result.message


def test_a_circle_of_nodes_ends(wood):
    first, second = utility("first"), utility("second", 2)
    cmds.connectAttr(f"{wood}.outColorR", f"{first}.in0")
    cmds.connectAttr(f"{first}.out0", f"{second}.in0")
    cmds.connectAttr(f"{second}.out1", f"{first}.in0", force=True)
    cmds.connectAttr(f"{wood}.outColorR", f"{second}.in1")
    assert uses_of([wood])[wood].inputs == []


def test_a_material_that_nobody_knows_is_guessed_by_the_words_that_would_suffer(wood):
    strange = cmds.createNode("network", name="strange")
    cmds.addAttr(strange, longName="bumpAmount", attributeType="double")
    cmds.addAttr(strange, longName="glow", attributeType="double")
    cmds.connectAttr(f"{wood}.outColorR", f"{strange}.glow")
    assert reduced(wood)[0].status == "reduced"
    cmds.connectAttr(f"{wood}.outColorG", f"{strange}.bumpAmount")
    assert reduced(wood)[0].status == "left out"


@pytest.mark.by_turn
@pytest.mark.parametrize(
    ("attribute", "channels", "output", "takes"),
    [
        ("shine", "", "outColorR", "smooth numbers"),
        ("shine", "", "outAlpha", "smooth numbers"),
        ("coatGlossiness", "", "outColorR", "smooth numbers"),
        ("tint_roughness", "RGB", "outColor", "smooth numbers"),
        ("tint_roughness", "RGB", "outColorG", "smooth numbers"),
        ("layerMask", "RGB", "outColor", "smooth numbers"),
        ("ambientOcclusion", "RGB", "outColor", "smooth numbers"),
        ("cutoutAmount", "", "outColorR", "opacity"),
        ("coatNormalMap", "RGB", "outColor", "normals"),
        ("tint", "RGB", "outColor", None),
        ("tint", "RGB", "outColorR", None),
        ("baseColor", "RGB", "outColor", None),
    ],
)
def test_a_material_that_nobody_knows_is_guessed_by_words_and_types(wood, attribute, channels, output, takes):
    shader = unknown_material()
    add_input(shader, attribute, channels)
    of_one = channels and output != "outColor"
    cmds.connectAttr(f"{wood}.{output}", f"{shader}.{attribute}{output[-1] if of_one else ''}")
    (result,) = reduced(wood)
    assert result.status == ("reduced" if takes is None else "left out")
    assert takes is None or f"which takes {takes} rather than colours" in result.message


def unknown_material():
    """Make a material of a type that the table lacks, in use."""
    shader = cmds.createNode("network", name="strange")
    add_input(shader, "outColor", "RGB")
    group = cmds.sets(renderable=True, noSurfaceShader=True, empty=True, name="strangeSG")
    cmds.connectAttr(f"{shader}.outColor", f"{group}.surfaceShader")
    return shader


def add_input(node, name, channels):
    cmds.addAttr(node, longName=name, attributeType="float3" if channels else "double")
    for channel in channels:
        cmds.addAttr(node, longName=f"{name}{channel}", attributeType="float", parent=name)


@pytest.mark.by_turn
@pytest.mark.parametrize(
    ("name", "is_left"),
    [
        ("wood_roughness.png", True),
        ("wood_AO.png", True),
        ("wood_Normal.png", True),
        ("wood_albedo.png", False),
        ("wood_id.png", False),
        ("roughness_of_wood_basecolor.png", False),
    ],
)
@pytest.mark.parametrize("use", [None, "tint"])
def test_where_the_inputs_say_nothing_the_name_does(tmp_path, name, is_left, use):
    node = texture("wood", checker(tmp_path / name))
    if use:
        shader = unknown_material()
        add_input(shader, use, "RGB")
        cmds.connectAttr(f"{node}.outColor", f"{shader}.{use}")
    (result,) = reduced(node)
    assert (result.status == "left out") is is_left
    assert ("its name says that it holds" in result.message) is is_left


@pytest.mark.parametrize(("suffix", "is_left"), [("exr", False), ("png", True)])
def test_what_the_rules_make_raw_is_reduced_where_it_feeds_colours(tmp_path, suffix, is_left):
    path = checker(tmp_path / "wood.png")
    if suffix == "exr":
        pytest.importorskip("OpenImageIO").ImageBuf(str(path)).write(str(path.with_suffix(".exr")), "half")
    node = texture("wood", path.with_suffix(f".{suffix}"), "Raw")
    assert reduced(node)[0].status == "left out"
    cmds.connectAttr(f"{node}.outColor", f"{surface()}.baseColor")
    assert (reduced(node)[0].status == "left out") is is_left


def test_what_feeds_a_colour_is_one_whatever_its_name_says(tmp_path):
    node = texture("wood", checker(tmp_path / "wood_roughness.png"))
    cmds.connectAttr(f"{node}.outColor", f"{surface()}.baseColor")
    assert reduced(node)[0].status == "reduced"


@pytest.mark.parametrize("attribute", ["baseNormal", "coatRoughnessMap"])
def test_inputs_that_the_table_lacks_of_a_known_material_are_guessed_by_words(wood, attribute):
    shader = surface()
    add_input(shader, attribute, "RGB")
    cmds.connectAttr(f"{wood}.outColor", f"{shader}.{attribute}")
    assert reduced(wood)[0].status == "left out"


def test_the_panel_says_the_same(wood):
    shader = surface()
    cmds.connectAttr(f"{wood}.outColorR", f"{shader}.specularRoughness")
    (ref,) = MayaHost().textures()
    assert ref.warning.startswith("wood should rather stay as it is: it feeds skin.specularRoughness, which")
    assert ref.users == ("skin",)


def with_alpha(path):
    texels = np.random.default_rng(1).integers(0, 256, (16, 16, 4), np.uint8)
    texels[:4, :, 3] = 0
    Image.fromarray(texels).save(path)
    return path


@pytest.mark.parametrize(("plug", "alpha"), [("specularRoughness", "channel"), ("opacityR", "opacity")])
def test_alpha_is_a_channel_where_it_feeds_no_opacity(tmp_path, plug, alpha):
    node = texture("packed", with_alpha(tmp_path / "packed.png"))
    shader = surface()
    cmds.connectAttr(f"{node}.outColor", f"{shader}.baseColor")
    cmds.connectAttr(f"{node}.outAlpha", f"{shader}.{plug}")
    (result,) = reduced(node)
    assert rgbcloud_maya.textures()[0].recipe.settings.alpha == alpha
    (ref,) = MayaHost().textures()
    assert ref.texture.alpha == alpha
    assert len(count(ref.texture).histogram) == (256 if alpha == "channel" else 192)
    with Image.open(tmp_path / "packed.png") as before, Image.open(result.path) as after:
        kept = [np.asarray(image.convert("RGBA"))[..., 3] for image in (before, after)]
        np.testing.assert_array_equal(*kept)
        top = np.asarray(after.convert("RGBA"))[:4, :, :3].reshape(-1, 3)
    palette = {tuple(color) for color in result.reduction.palette.colors.tolist()}
    if alpha == "channel":
        assert {tuple(color) for color in top.tolist()} <= palette
    assert reduced(node)[0].status == "unchanged"
    task = MayaHost().plan(ref, Recipe.of(colors=3))
    assert task.write(silent).recipe.settings.alpha == alpha


class TestTable:
    def test_it_knows_many_inputs_each_with_its_source(self):
        rows = plug_meanings._TABLE
        count = sum(
            len(getattr(row, meaning).split()) * len(row.node_types.split())
            for row in rows
            for meaning in plug_meanings.MEANINGS
        )
        assert count >= 60
        assert all(row.source for row in rows)

    @pytest.mark.parametrize(
        ("node_type", "attribute", "meaning"),
        [
            ("StingrayPBS", "TEX_roughness_map", "scalar"),
            ("StingrayPBS", "TEX_color_map", "color"),
            ("StingrayPBS", "TEX_roughness_mapX", "scalar"),
            ("openPBRSurface", "baseMetalness", "scalar"),
            ("openPBRSurface", "geometryNormal", "normal"),
            ("openPBRSurface", "geometryOpacityR", "opacity"),
            ("usdPreviewSurface", "displacement", "height"),
            ("aiStandardSurface", "specularRoughness", "scalar"),
            ("aiStandardSurface", "baseColorR", "color"),
            ("aiNormalMap", "input", "normal"),
            ("bump2d", "bumpValue", "height"),
            ("VRayMtl", "reflectionGlossiness", "scalar"),
            ("RedshiftMaterial", "opacity_color", "opacity"),
            ("RedshiftStandardMaterial", "metalness", "scalar"),
            ("aiOpenPBRSurface", "geometryOpacity", "opacity"),
            ("layeredTexture", "inputs[2].alpha", "opacity"),
            ("layeredTexture", "inputs[2].color", None),
            ("blendColors", "blender", "scalar"),
            ("lambert", "transparency", "opacity"),
            ("lambert", "caching", None),
            ("multiplyDivide", "input1", None),
        ],
    )
    def test_what_an_input_takes(self, node_type, attribute, meaning):
        assert meaning_of(node_type, attribute) == meaning
