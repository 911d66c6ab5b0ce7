"""The cloud in the scene: what it holds, and that rebuilding keeps what the user did to it."""

from __future__ import annotations

import numpy as np
import pytest
from maya import cmds
from PIL import Image
from scene_tools import checker, differences, snapshot, texture

import rgbcloud_maya
from rgbcloud import Palette, Recipe, cluster, count, palette_for
from rgbcloud.cloud import AXES, axis_positions
from rgbcloud.color import find_color_space, srgb8_to_linear
from rgbcloud_maya import CloudOptions, SceneError


def part(root, name):
    children = cmds.listRelatives(root, children=True, fullPath=True)
    return next(child for child in children if cmds.getAttr(f"{child}.rgbcloudPart") == name)


def particles(root):
    return cmds.listRelatives(part(root, "points"), shapes=True, fullPath=True)[0]


def locators(root):
    return cmds.listRelatives(part(root, "locators"), children=True, fullPath=True, type="transform")


def locators_below(group):
    return cmds.listRelatives(group, children=True, fullPath=True, type="transform")


def array(plug):
    return np.array(cmds.getAttr(plug))


def test_points_stand_at_their_colours_times_the_size(node, wood):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(size=5.0))
    histogram = count(wood).histogram
    shape = particles(root)
    np.testing.assert_allclose(array(f"{shape}.position0"), histogram.colors / 255 * 5)
    np.testing.assert_allclose(array(f"{shape}.rgbPP0"), srgb8_to_linear(histogram.colors))
    np.testing.assert_allclose(array(f"{shape}.rgbcloudWeight0"), histogram.counts)


def test_points_know_their_clusters_and_can_have_their_colours(node, wood):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(color_by="cluster"))
    palette = cluster(count(wood).histogram, 4)
    clusters = array(f"{particles(root)}.rgbcloudCluster0").astype(int)
    assert set(clusters) == {0, 1, 2, 3}
    shown = srgb8_to_linear(palette.colors[clusters])
    np.testing.assert_allclose(array(f"{particles(root)}.rgbPP0"), shown)


def test_maya_shows_the_points_without_dynamics_and_does_not_render_them(node):
    shape = particles(rgbcloud_maya.build_cloud(node))
    assert cmds.nodeType(shape) == "particle"
    assert not cmds.getAttr(f"{shape}.isDynamic")
    assert cmds.getAttr(f"{shape}.particleRenderType") == 3
    for switch in ("primaryVisibility", "castsShadows", "receiveShadows", "visibleInReflections"):
        assert not cmds.getAttr(f"{shape}.{switch}")


def test_arnold_does_not_render_them_either(node):
    cmds.loadPlugin("mtoa", quiet=True)
    shape = particles(rgbcloud_maya.build_cloud(node))
    switches = [name for name in cmds.listAttr(shape) if name.startswith("aiVisibleIn")] + ["aiSelfShadows"]
    assert len(switches) == 6
    assert not any(cmds.getAttr(f"{shape}.{switch}") for switch in switches)


def test_attributes_that_are_there_already_are_not_added(node, monkeypatch):
    # Some Maya may add them with the particle object or with its render type: maya_build.py of maya-mcp asks.
    make = cmds.particle

    def with_colors(*arguments, **flags):
        made = make(*arguments, **flags)
        if not flags.get("query"):
            for name in ("rgbPP", "rgbPP0"):
                cmds.addAttr(made[1], longName=name, dataType="vectorArray")
            cmds.addAttr(made[1], longName="pointSize", attributeType="long", minValue=1, maxValue=60)
        return made

    monkeypatch.setattr(cmds, "particle", with_colors)
    shape = particles(rgbcloud_maya.build_cloud(node))
    assert cmds.getAttr(f"{shape}.rgbPP") == cmds.getAttr(f"{shape}.rgbPP0")
    assert cmds.getAttr(f"{shape}.pointSize") == 2


@pytest.fixture
def visited(monkeypatch):
    """The frames that the scene is sent to."""
    frames, go = [], cmds.currentTime

    def send(*arguments, **flags):
        if not flags.get("query"):
            frames.append(arguments[0])
        return go(*arguments, **flags)

    monkeypatch.setattr(cmds, "currentTime", send)
    return frames


def test_the_scene_stays_at_its_frame(node, visited):
    cmds.currentTime(100)
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(budget=50))
    assert cmds.particle(particles(root), query=True, count=True) == 50
    rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(budget=30))
    assert cmds.particle(particles(root), query=True, count=True) == 30
    rgbcloud_maya.show_iterations(root, most=3)
    assert visited == [100]


def test_where_maya_shows_no_points_the_time_moves_by_one_frame_and_that_is_told(
    node, visited, script_editor, monkeypatch
):
    from maya import OpenMayaFX

    monkeypatch.delattr(OpenMayaFX, "MFnParticleSystem", raising=False)
    cmds.currentTime(100)
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(budget=50))
    assert cmds.particle(particles(root), query=True, count=True) == 50
    assert visited == [100, 101, 100]
    (text,) = script_editor("warning")
    assert text.startswith("rgbcloud left the current frame for a moment")


@pytest.fixture
def forgetful_arrays(monkeypatch):
    """A setAttr that drops large vector arrays in silence, as others met it (icarus-gps)."""
    put = cmds.setAttr

    def drop(*arguments, **flags):
        if flags.get("type") == "vectorArray" and arguments[1] > 100:
            return
        put(*arguments, **flags)

    monkeypatch.setattr(cmds, "setAttr", drop)


def test_points_that_maya_does_not_take_whole_are_emitted(node, wood, forgetful_arrays):
    for size in (3.0, 5.0):  # built, and rebuilt in place
        root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(size=size))
        shape, histogram = particles(root), count(wood).histogram
        np.testing.assert_allclose(array(f"{shape}.position0"), histogram.colors / 255 * size)
        np.testing.assert_allclose(array(f"{shape}.rgbPP"), srgb8_to_linear(histogram.colors))
        np.testing.assert_allclose(array(f"{shape}.rgbcloudWeight"), histogram.counts)
        assert not cmds.getAttr(f"{shape}.isDynamic")


def test_points_that_are_missing_in_the_end_are_told_and_nothing_is_left(node, forgetful_arrays, monkeypatch):
    monkeypatch.setattr(cmds, "emit", lambda **flags: None)
    before = snapshot()
    with pytest.raises(SceneError, match=r"Maya shows 0 of \d+ points of .*; lower the budget"):
        rgbcloud_maya.build_cloud(node)
    assert differences(before, snapshot()) == []


@pytest.mark.by_turn
def test_a_cloud_has_200_000_points_at_most(tmp_path, script_editor):
    levels = np.arange(512 * 512)
    texels = np.stack([levels & 255, levels >> 8 & 255, levels >> 16], axis=-1).astype(np.uint8)
    Image.fromarray(texels.reshape(512, 512, 3)).save(tmp_path / "all.png")
    options = CloudOptions(budget=250_000)
    root = rgbcloud_maya.build_cloud(str(tmp_path / "all.png"), Recipe.of(colors=4), options)
    assert cmds.particle(particles(root), query=True, count=True) == 200_000
    assert script_editor("warning") == [
        f"rgbcloud: {root} has 200,000 points, the most that a cloud in Maya may have"
    ]


def test_every_attribute_of_points_has_a_twin_that_is_saved(node):
    shape = particles(rgbcloud_maya.build_cloud(node))
    for name in cmds.listAttr(shape, userDefined=True):
        if cmds.getAttr(f"{shape}.{name}", type=True) in ("vectorArray", "doubleArray"):
            twin = name if name.endswith("0") else f"{name}0"
            assert cmds.attributeQuery(twin, node=shape, storable=True), name
            assert not name.endswith("0") or cmds.attributeQuery(name[:-1], node=shape, exists=True)


def test_points_move_to_the_start_frame_state_and_stay_there_on_playback(node):
    shape = particles(rgbcloud_maya.build_cloud(node))
    first = cmds.getAttr(f"{shape}.position0")
    cmds.currentTime(40)
    assert cmds.getAttr(f"{shape}.position0") == first


def test_the_size_of_points_can_be_set(node):
    root = rgbcloud_maya.build_cloud(node, options=CloudOptions(point_size=5))
    assert cmds.getAttr(f"{particles(root)}.pointSize") == 5
    cmds.setAttr(f"{particles(root)}.pointSize", 60)


def test_a_locator_for_every_colour_says_all_about_it(node, wood):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(size=2.0))
    palette = cluster(count(wood).histogram, 4)
    found = locators(root)
    assert [path.rpartition("|")[2] for path in found] == [f"c_{color[1:]}" for color in palette.to_hex()]
    for index, locator in enumerate(found):
        (shape,) = cmds.listRelatives(locator, shapes=True, fullPath=True)
        assert cmds.nodeType(shape) == "locator"
        np.testing.assert_allclose(cmds.getAttr(f"{locator}.translate")[0], palette.colors[index] / 255 * 2)
        assert cmds.getAttr(f"{locator}.rgbcloudIndex") == index
        assert cmds.getAttr(f"{locator}.rgbcloudPopulation") == palette.populations[index]
        assert cmds.getAttr(f"{locator}.rgbcloudHex") == palette.to_hex()[index]
        assert cmds.getAttr(f"{shape}.overrideEnabled")
        assert cmds.getAttr(f"{shape}.overrideRGBColors")
        np.testing.assert_allclose(
            cmds.getAttr(f"{shape}.overrideColorRGB")[0], palette.colors[index] / 255, atol=1e-6
        )


@pytest.mark.parametrize("linear", [False, True])
def test_locators_and_points_have_the_colours_that_the_view_wants(tmp_path, linear):
    path = checker(tmp_path / "grey.png", colors=((128, 128, 128),) * 4, noise=0)
    root = rgbcloud_maya.build_cloud(str(path), Recipe.of(colors=1), CloudOptions(linear=linear))
    (shape,) = cmds.listRelatives(locators(root)[0], shapes=True, fullPath=True)
    grey = 0.2158605 if linear else 128 / 255  # IEC 61966-2-1
    assert cmds.getAttr(f"{shape}.overrideColorRGB")[0] == pytest.approx((128 / 255,) * 3)
    assert cmds.getAttr(f"{particles(root)}.rgbPP0")[0] == pytest.approx((grey,) * 3)
    assert cmds.getAttr(f"{locators(root)[0]}.translate")[0] == pytest.approx((128 / 25.5,) * 3)
    rgbcloud_maya.show_iterations(root, most=2)
    for points in cmds.ls(type="particle", long=True):
        assert cmds.getAttr(f"{points}.rgbPP0")[0] == pytest.approx((grey,) * 3)


def test_locators_are_sized_by_the_share_of_texels(tmp_path):
    wide = checker(tmp_path / "wide.png", colors=((255, 0, 0),) * 3 + ((0, 0, 255),), noise=0)
    root = rgbcloud_maya.build_cloud(str(wide), Recipe.of(colors=2))
    large, small = (
        cmds.getAttr(f"{cmds.listRelatives(locator, shapes=True, fullPath=True)[0]}.localScale")[0][0]
        for locator in locators(root)
    )
    assert large / small == pytest.approx(3 ** (1 / 3))


def test_the_cube_has_coloured_corners_and_a_display_that_keeps_its_colours(node):
    root = rgbcloud_maya.build_cloud(node, options=CloudOptions(size=4.0))
    cube = part(root, "cube")
    assert cmds.getAttr(f"{cube}.scale")[0] == (4.0, 4.0, 4.0)
    children = cmds.listRelatives(cube, children=True, fullPath=True)
    shapes = [cmds.listRelatives(child, shapes=True, fullPath=True)[0] for child in children]
    corners = [shape for shape in shapes if cmds.nodeType(shape) == "locator"]
    assert len(corners) == 8
    assert len(shapes) - len(corners) == 4
    for shape in shapes:
        assert cmds.getAttr(f"{shape}.overrideEnabled")
        # Reference and Template are drawn in colours of their own: maya-usd's mayaPrimCommon.cpp, 962-975
        assert cmds.getAttr(f"{shape}.overrideDisplayType", asString=True) == "Normal"
    for corner in corners:
        place = cmds.getAttr(f"{corner.rpartition('|')[0]}.translate")[0]
        assert cmds.getAttr(f"{corner}.overrideColorRGB")[0] == place


def test_selection_and_frame_stay(node):
    cmds.currentTime(17)
    cmds.select(node)
    rgbcloud_maya.build_cloud()
    assert cmds.ls(selection=True) == [node]
    assert cmds.currentTime(query=True) == 17


def test_the_budget_is_kept_and_no_texel_lost(node, wood):
    root = rgbcloud_maya.build_cloud(node, options=CloudOptions(budget=50))
    assert len(cmds.getAttr(f"{particles(root)}.position0")) == 50
    total = count(wood).histogram.total
    assert sum(cmds.getAttr(f"{particles(root)}.rgbcloudWeight0")) == pytest.approx(total)


def test_one_cluster_is_shown_alone(node):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(isolate=2))
    assert set(cmds.getAttr(f"{particles(root)}.rgbcloudCluster0")) == {2.0}
    assert [cmds.getAttr(f"{locator}.visibility") for locator in locators(root)] == [
        False,
        False,
        True,
        False,
    ]
    rgbcloud_maya.build_cloud(node, Recipe.of(colors=4))
    assert set(cmds.getAttr(f"{particles(root)}.rgbcloudCluster0")) == {0.0, 1.0, 2.0, 3.0}
    assert all(cmds.getAttr(f"{locator}.visibility") for locator in locators(root))


def test_only_the_parts_that_are_asked_for_are_built(node):
    root = rgbcloud_maya.build_cloud(node, options=CloudOptions(parts=("locators",)))
    assert len(cmds.listRelatives(root, children=True)) == 1
    rgbcloud_maya.build_cloud(node, options=CloudOptions(parts=("points", "cube")))
    tags = [cmds.getAttr(f"{root}|{child}.rgbcloudPart") for child in cmds.listRelatives(root, children=True)]
    assert sorted(tags) == ["cube", "points"]


def test_rebuilding_keeps_the_nodes_and_what_the_user_did_to_them(node, wood):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4))
    kept = {name: cmds.ls(name, uuid=True) for name in (root, particles(root), *locators(root)[:3])}
    cmds.setAttr(f"{root}.translateX", 100)
    watcher = cmds.createNode("transform", name="watcher")
    cmds.connectAttr(f"{locators(root)[0]}.translate", f"{watcher}.translate")
    cmds.setKeyframe(locators(root)[1], attribute="translateY", time=1, value=3.0)
    cmds.setAttr(f"{particles(root)}.pointSize", lock=True)
    renamed = cmds.rename(part(root, "points"), "my_points")

    assert rgbcloud_maya.build_cloud(node, Recipe.of(colors=3), CloudOptions(point_size=9)) == root

    new = cluster(count(wood).histogram, 3)
    assert len(locators(root)) == 3
    assert [cmds.ls(name, uuid=True) for name in (root, *locators(root))] == [
        uuid for name, uuid in kept.items() if name != f"{root}|points|pointsShape"
    ]
    assert cmds.getAttr(f"{root}.translateX") == 100
    assert cmds.listConnections(f"{watcher}.translate", plugs=True) == [
        f"{cmds.ls(locators(root)[0])[0]}.translate"
    ]
    assert cmds.getAttr(f"{locators(root)[1]}.translateY") == 3.0
    np.testing.assert_allclose(cmds.getAttr(f"{locators(root)[2]}.translate")[0], new.colors[2] / 255 * 10)
    assert cmds.getAttr(f"{particles(root)}.pointSize") == 2
    assert part(root, "points").endswith(renamed)


def test_undoing_another_number_of_colours_shows_without_a_rewind(node):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(color_by="cluster"))
    before = snapshot()
    rgbcloud_maya.build_cloud(node, Recipe.of(colors=2), CloudOptions(color_by="cluster"))
    assert len(set(cmds.getAttr(f"{particles(root)}.rgbPP"))) == 2
    cmds.undo()
    assert len(set(cmds.getAttr(f"{particles(root)}.rgbPP"))) == 4
    assert differences(before, snapshot()) == []


def test_locators_may_swap_their_colours_and_names(tmp_path):
    path = checker(tmp_path / "two.png", colors=((255, 0, 0),) * 3 + ((0, 0, 255),), noise=0)
    root = rgbcloud_maya.build_cloud(str(path), Recipe.of(colors=2))
    first, second = locators(root)
    assert (first.rpartition("|")[2], second.rpartition("|")[2]) == ("c_ff0000", "c_0000ff")
    checker(path, colors=((255, 0, 0),) + ((0, 0, 255),) * 3, noise=0)
    rgbcloud_maya.build_cloud(str(path), Recipe.of(colors=2))
    assert [name.rpartition("|")[2] for name in locators(root)] == ["c_0000ff", "c_ff0000"]


def test_a_cloud_is_found_again_after_renaming_and_rebuilt_when_it_is_selected(node):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4))
    group = cmds.createNode("transform", name="clouds")
    cmds.parent(root, group)
    cmds.rename(f"{group}|rgbcloud", "my_cloud")
    assert rgbcloud_maya.clouds() == ["|clouds|my_cloud"]
    cmds.select(locators("|clouds|my_cloud")[0])
    assert rgbcloud_maya.build_cloud(None, Recipe.of(colors=2)) == "|clouds|my_cloud"
    assert len(locators("|clouds|my_cloud")) == 2


def test_several_textures_make_one_cloud(tmp_path, wood):
    stone = checker(tmp_path / "stone.png", colors=((9, 9, 9), (99, 9, 9), (9, 99, 9), (9, 9, 99)))
    root = rgbcloud_maya.build_cloud([str(wood), str(stone)])
    both = count(wood).histogram + count(stone).histogram
    assert len(cmds.getAttr(f"{particles(root)}.position0")) == len(both)


def test_a_reduced_texture_shows_the_colours_of_its_original(node, wood):
    rgbcloud_maya.reduce([node], Recipe.of(colors=2))
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4))
    assert len(cmds.getAttr(f"{particles(root)}.position0")) == len(count(wood).histogram)
    assert len(locators(root)) == 4


@pytest.mark.parametrize("name", ["wood.png", "wood_mask.png", "wood_normal.png"])
def test_a_cloud_has_the_palette_that_reducing_finds(tmp_path, name):
    node = texture("tex", checker(tmp_path / name, noise=2))
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4))
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4), force=True)
    shown = [cmds.getAttr(f"{locator}.rgbcloudHex") for locator in locators(root)]
    assert shown == result.reduction.palette.to_hex()


def test_removing_leaves_nothing(node):
    before = snapshot()
    root = rgbcloud_maya.build_cloud(node)
    rgbcloud_maya.remove_cloud(root)
    assert differences(before, snapshot()) == []


def test_commands_do_not_grow_with_points(tmp_path, count_commands):
    totals = []
    for size in (8, 128):
        path = checker(tmp_path / f"{size}.png", size=size, noise=60)
        with count_commands() as counted:
            rgbcloud_maya.build_cloud(str(path), Recipe.of(colors=4))
        totals.append(len(counted))
        rgbcloud_maya.remove_cloud()
    assert totals[0] == totals[1]


@pytest.mark.parametrize(("unit", "centimetres"), [("m", 100.0), ("mm", 0.1), ("in", 2.54)])
def test_points_and_locators_meet_in_every_unit(node, unit, centimetres):
    cmds.currentUnit(linear=unit)
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(size=2.0))
    assert max(map(max, cmds.getAttr(f"{particles(root)}.position0"))) == pytest.approx(2 * centimetres)
    places = [cmds.getAttr(f"{locator}.translate")[0] for locator in locators(root)]
    assert max(map(max, places)) == pytest.approx(2, rel=0.1)
    rgbcloud_maya.apply_locators(root)  # which reads what it set
    assert [cmds.getAttr(f"{locator}.translate")[0] for locator in locators(root)] == places


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 0}, "size must be a number above 0, got 0"),
        ({"budget": 0}, "budget must be at least 1 point, got 0"),
        ({"color_by": "hue"}, 'color_by must be "source" or "cluster", got \'hue\''),
        ({"parts": ("sphere",)}, "parts must be some of points, locators, cube, got"),
        ({"axes": "hsv"}, "axes must be one of srgb, .*, got 'hsv'"),
        ({"point_size": 99}, r"point_size must be an int in 1..60, got 99"),
    ],
)
def test_options_that_make_no_cloud(options, message):
    with pytest.raises(ValueError, match=message):
        CloudOptions(**options)


def test_a_cluster_that_is_not_there(node):
    before = snapshot()
    with pytest.raises(SceneError, match=r"isolate must be one of the clusters 0..3, got 7"):
        rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(isolate=7))
    assert differences(before, snapshot()) == []


def test_no_cloud_and_two_clouds_are_told(tmp_path, node):
    with pytest.raises(SceneError, match="there is no cloud in the scene; build one first"):
        rgbcloud_maya.remove_cloud()
    first = rgbcloud_maya.build_cloud(node)
    second = rgbcloud_maya.build_cloud(str(checker(tmp_path / "stone.png")))
    with pytest.raises(SceneError, match=r"there are 2 clouds .* select or name one of them"):
        rgbcloud_maya.remove_cloud()
    cmds.select(second)
    rgbcloud_maya.remove_cloud()
    assert rgbcloud_maya.clouds() == [first]
    with pytest.raises(SceneError, match=f"{node} is no cloud; the scene has"):
        rgbcloud_maya.remove_cloud(node)


def test_moved_locators_change_texture_points_and_themselves(node, wood):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4), CloudOptions(color_by="cluster"))
    first, second = locators(root)[:2]
    cmds.setAttr(f"{first}.translate", 5.0, 5.02, 4.99)
    cmds.setAttr(f"{second}.translate", 12.0, -3.0, 0.0)
    (result,) = rgbcloud_maya.apply_locators(root)
    wanted = Palette.from_hex(["#80807f", "#ff0000"])
    shown = {tuple(color) for color in result.reduction.palette.colors.tolist()}
    assert {tuple(color) for color in wanted.colors.tolist()} <= shown
    assert cmds.getAttr(f"{node}.fileTextureName") == result.path
    names = [locator.rpartition("|")[2] for locator in locators(root)]
    assert names[:2] == ["c_80807f", "c_ff0000"]
    assert cmds.getAttr(f"{locators(root)[1]}.translate")[0] == (10.0, 0.0, 0.0)
    np.testing.assert_allclose(
        cmds.getAttr(f"{locators(root)[0]}.translate")[0], np.array([128, 128, 127]) / 25.5
    )
    shown_light = {tuple(light) for light in srgb8_to_linear(np.array(sorted(shown), np.uint8)).round(6)}
    assert {tuple(light) for light in array(f"{particles(root)}.rgbPP0").round(6)} <= shown_light
    assert rgbcloud_maya.apply_locators(root)[0].status == "unchanged"
    rgbcloud_maya.revert([node])
    assert cmds.getAttr(f"{node}.fileTextureName") == str(wood)


@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("name", ["sRGB", "ACEScg"])
def test_points_and_locators_stand_along_the_axes(node, wood, axes, name):
    recipe = Recipe.of(colors=4, color_space=name)
    root = rgbcloud_maya.build_cloud(node, recipe, CloudOptions(axes=axes))
    palette = palette_for(wood, recipe)
    places = axis_positions(palette.colors, axes, find_color_space(name)) * 10
    stand = [cmds.getAttr(f"{locator}.translate")[0] for locator in locators(root)]
    np.testing.assert_allclose(stand, places, atol=1e-9)
    points = array(f"{particles(root)}.position0")
    assert (np.abs(points[:, np.newaxis] - places).sum(axis=2).min(axis=0) < 3).all()
    corner = next(child for child in locators_below(part(root, "cube")) if child.endswith("|cube_red"))
    is_red = cmds.getAttr(f"{corner}|cube_redShape.overrideColorRGB")[0] == (1.0, 0.0, 0.0)
    assert is_red == (axes in ("srgb", "linear", "file"))
    # What was not moved is what it was; what was moved is the colour that stands there.
    wanted = np.array([[30, 60, 200]], np.uint8)
    place = axis_positions(wanted, axes, find_color_space(name))[0] * 10
    cmds.setAttr(f"{locators(root)[0]}.translate", *place.tolist())
    (result,) = rgbcloud_maya.apply_locators(root)
    shown = set(map(tuple, result.reduction.palette.colors.astype(int)))
    distance = np.abs(np.array(sorted(shown)) - wanted.astype(int)).sum(axis=1).min()
    assert distance <= (0 if name == "sRGB" else 3)
    assert set(map(tuple, palette.colors[1:].astype(int))) <= shown


def test_a_deleted_locator_leaves_its_texels_to_the_others(node):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4))
    cmds.delete(locators(root)[1])
    (result,) = rgbcloud_maya.apply_locators(root)
    assert len(result.reduction.palette) == 3
    assert [cmds.getAttr(f"{locator}.rgbcloudIndex") for locator in locators(root)] == [0, 1, 2]


def test_locators_of_an_image_file_rebuild_the_file(tmp_path, wood):
    root = rgbcloud_maya.build_cloud(str(wood), Recipe.of(colors=2))
    cmds.setAttr(f"{locators(root)[0]}.translate", 0, 0, 0)
    assert rgbcloud_maya.apply_locators(root, folder=tmp_path / "light") == []
    (made,) = (tmp_path / "light").iterdir()
    assert made.name.startswith("wood.k2.")


def test_two_locators_in_one_place_become_one(node):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=3), CloudOptions(isolate=2))
    for locator in locators(root)[1:]:
        cmds.setAttr(f"{locator}.translate", 0, 0, 10)
    (result,) = rgbcloud_maya.apply_locators(root)
    assert len(result.reduction.palette) == 2
    assert [locator.rpartition("|")[2] for locator in locators(root)][1:] == ["c_0000ff"]
    assert set(cmds.getAttr(f"{particles(root)}.rgbcloudCluster0")) == {0.0, 1.0}


def test_a_cloud_whose_textures_were_deleted_says_so(node):
    root = rgbcloud_maya.build_cloud(node)
    cmds.delete(node)
    with pytest.raises(SceneError, match="are no longer in the scene; remove it"):
        rgbcloud_maya.build_cloud(root)
    rgbcloud_maya.remove_cloud(root)


def test_two_clouds_are_rebuilt_one_by_one(node, tmp_path):
    both = [rgbcloud_maya.build_cloud(name) for name in (node, str(checker(tmp_path / "stone.png")))]
    with pytest.raises(SceneError, match="are 2 clouds; rebuild them one by one"):
        rgbcloud_maya.build_cloud(both)


def test_a_cloud_without_locators_has_nothing_to_apply(node):
    root = rgbcloud_maya.build_cloud(node, options=CloudOptions(parts=("points",)))
    with pytest.raises(SceneError, match="has no locators to apply; build the cloud with locators"):
        rgbcloud_maya.apply_locators(root)


def test_iterations_travel_on_the_timeline(node):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=3), CloudOptions(budget=120))
    group = rgbcloud_maya.show_iterations(root, start=10, step=5, most=4)
    assert not cmds.getAttr(f"{part(root, 'points')}.visibility")
    children = cmds.listRelatives(group, children=True, fullPath=True)
    clouds = [child for child in children if cmds.listRelatives(child, type="particle")]
    travelling = [child for child in children if child not in clouds]
    assert len(travelling) == 3
    assert 2 <= len(clouds) <= 4
    points = 0
    for number, cloud in enumerate(clouds):
        shape = cmds.listRelatives(cloud, shapes=True, fullPath=True)[0]
        points += len(cmds.getAttr(f"{shape}.position0"))
        for frame in range(len(clouds)):
            shown = cmds.getAttr(f"{cloud}.visibility", time=10 + 5 * frame)
            assert bool(shown) == (frame == number)
            halfway = cmds.getAttr(f"{cloud}.visibility", time=12 + 5 * frame)
            assert bool(halfway) == (frame == number)
    assert points <= 120
    last = 10 + 5 * (len(clouds) - 1)
    for locator in travelling:
        color = cmds.getAttr(f"{locator}.rgbcloudHex")
        levels = [int(color[index : index + 2], 16) / 25.5 for index in (1, 3, 5)]
        arrived = [cmds.getAttr(f"{locator}.translate{axis}", time=last) for axis in "XYZ"]
        np.testing.assert_allclose(arrived, levels)


def test_iterations_are_replaced_and_hidden_again(node):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=3))
    before = snapshot()
    rgbcloud_maya.show_iterations(root, most=3)
    rgbcloud_maya.show_iterations(root, most=2)
    rgbcloud_maya.hide_iterations(root)
    assert differences(before, snapshot()) == []
    with pytest.raises(SceneError, match="shows no iterations"):
        rgbcloud_maya.hide_iterations(root)


def test_rebuilding_ends_the_iterations(node):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=3))
    rgbcloud_maya.show_iterations(root, most=2)
    rgbcloud_maya.build_cloud(node, Recipe.of(colors=4))
    assert cmds.getAttr(f"{part(root, 'points')}.visibility")
    assert not cmds.ls(type="animCurve")
