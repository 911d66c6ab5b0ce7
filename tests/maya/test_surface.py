"""Textures on models: weighed by surfaces and cameras, faces by cluster, errors on the model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from maya import cmds
from PIL import Image
from scene_tools import differences, material, mesh, snapshot, strip, texture

from rgbcloud import Recipe, reduce

pytestmark = pytest.mark.usefixtures("loaded_plugin")

FOUR = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))


def bands(path, size=16, colors=FOUR):
    """Save a picture of upright bands of colours, with some noise within each."""
    wide = size // len(colors)
    texels = np.repeat(np.array(colors, np.int16), wide, axis=0)[np.newaxis].repeat(size, axis=0)
    texels = texels + np.random.default_rng(3).integers(-6, 7, texels.shape)
    Image.fromarray(texels.clip(0, 255).astype(np.uint8)).save(path)
    return path


@pytest.fixture
def worn(tmp_path):
    """A texture of four bands on a strip of four faces; returns its node and the shading group."""
    node = texture("tex", bands(tmp_path / "bands.png"))
    _, group = material("skin", node)
    strip(group=group)
    return node, group


def shown(node):
    return Path(cmds.getAttr(f"{node}.fileTextureName"))


def mask_path(node):
    path = cmds.rgbCloudReduce(node, query=True, mask=True)
    return path if isinstance(path, str) else path[0]


def mask_of(node):
    with Image.open(mask_path(node)) as image:
        return np.asarray(image).copy()


def faces(components):
    return sorted(
        number
        for text in components
        for low, _, high in [text[text.index("[") + 1 : -1].partition(":")]
        for number in range(int(low), int(high or low) + 1)
    )


def one_undo_step(call):
    """Call something and return what it returns, once undo and redo are found to be one step each."""
    before = snapshot()
    result = call()
    after = snapshot()
    cmds.undo()
    assert differences(before, snapshot()) == []
    cmds.redo()
    assert differences(after, snapshot()) == []
    return result


# Weights


def test_texels_that_no_surface_shows_have_no_vote_and_both_errors_are_told(worn, tmp_path, script_editor):
    node, group = worn
    cmds.delete("strip")
    mesh("half", [(0, 0, 0), (1, 0, 0), (1, 0, -1), (0, 0, -1)], [(0, 1, 2, 3)],
         [(0, 0), (0.49, 0), (0.49, 1), (0, 1)], group)  # fmt: skip
    one_undo_step(lambda: cmds.rgbCloudReduce(node, surface=True, colors=2))
    weights = mask_of(node)
    assert weights[:, :7].min() > 200
    assert weights[:, 12:].max() < 60
    mask = mask_path(node)
    assert Path(mask).parent == tmp_path
    assert shown(node).read_bytes() == reduce(tmp_path / "bands.png", Recipe.of(colors=2, mask=mask)).data
    told = [text for text in script_editor("info") if "of what counts dE2000" in text]
    assert "of the whole file dE2000" in told[0]
    assert not cmds.rgbCloudReduce(node, surface=True, colors=2)  # nothing has changed


def test_a_larger_face_counts_more_and_instances_and_scales_do(worn):
    node, group = worn
    cmds.delete("strip")
    left = [(0, 0), (0.5, 0), (0.5, 1), (0, 1)]
    square = [(0, 0, 0), (1, 0, 0), (1, 0, -1), (0, 0, -1)]
    mesh("sole", square, [(0, 1, 2, 3)], [(u + 0.5, v) for u, v in left], group)
    mesh("face", square, [(0, 1, 2, 3)], left, group)
    cmds.instance("face")
    cmds.setAttr("face.scaleX", 2)
    cmds.rgbCloudReduce(node, surface=True, colors=2)
    weights = mask_of(node).astype(float)
    assert weights[4:12, 2:6].mean() / weights[4:12, 10:14].mean() == pytest.approx(3, rel=0.05)


def test_faces_with_another_material_and_the_linked_uv_set_are_heeded(worn):
    from maya.api import OpenMaya

    node, _ = worn
    _, other = material("other")
    cmds.sets("strip.f[2:3]", edit=True, forceElement=other)
    made = OpenMaya.MFnMesh(OpenMaya.MSelectionList().add("strip").getDagPath(0).extendToShape())
    made.createUVSet("second")
    u, v = made.getUVs("map1")
    made.setUVs([1 - x for x in u], list(v), "second")
    made.assignUVs(*made.getAssignedUVs("map1"), "second")
    cmds.rgbCloudReduce(node, surface=True, colors=2)
    assert mask_of(node)[:, :6].min() > 200
    cmds.uvLink(make=True, uvSet=f"{made.name()}.uvSet[1].uvSetName", texture=node)
    cmds.rgbCloudReduce(node, surface=True, colors=2)
    assert mask_of(node)[:, 10:].min() > 200
    assert mask_of(node)[:, :6].max() < 60


def test_repeated_and_shifted_textures_are_followed(worn):
    node, group = worn
    cmds.delete("strip")
    mesh("quad", [(0, 0, 0), (1, 0, 0), (1, 0, -1), (0, 0, -1)], [(0, 1, 2, 3)],
         [(0, 0), (0.25, 0), (0.25, 1), (0, 1)], group)  # fmt: skip
    cmds.setAttr("tex_place.offset", 0.5, 0, type="float2")
    cmds.rgbCloudReduce(node, surface=True, colors=2)
    assert mask_of(node)[:, 9:11].min() > 200
    assert mask_of(node)[:, :4].max() < 60


def test_a_set_of_tiles_and_a_deep_texture_are_weighed(tmp_path):
    for number, size in ((1001, 16), (1002, 32)):
        bands(tmp_path / f"wall.{number}.png", size)
    node = texture("wall", tmp_path / "wall.1001.png", uvTilingMode=3)
    _, group = material("skin", node)
    square = [(0, 0, 0), (1, 0, 0), (1, 0, -1), (0, 0, -1)]
    mesh("quad", square, [(0, 1, 2, 3)], [(1, 0), (1.4, 0), (1.4, 1), (1, 1)], group)
    cmds.rgbCloudReduce(node, surface=True, colors=3)
    mask = mask_path(node)
    assert "<UDIM>" in mask
    tiles = [np.asarray(Image.open(mask.replace("<UDIM>", str(number)))) for number in (1001, 1002)]
    assert not tiles[0].any()
    assert tiles[1][:, :10].min() > 200
    deep = tmp_path / "deep.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 65535, (16, 16), np.uint16)).save(deep)
    cmds.setAttr(f"{node}.uvTilingMode", 0)
    cmds.setAttr(f"{node}.fileTextureName", str(deep), type="string")
    mesh("quad2", square, [(0, 1, 2, 3)], [(0, 0), (0.4, 0), (0.4, 1), (0, 1)], group)
    cmds.rgbCloudReduce(node, surface=True, colors=3, force=True)
    assert mask_of(node)[:, :4].min() > 200


def test_frames_share_a_mask_and_several_textures_have_one_each(tmp_path):
    square = [(0, 0, 0), (1, 0, 0), (1, 0, -1), (0, 0, -1)]
    for name, low in (("sea", 0), ("sky", 0.5)):
        for frame in (1, 2):
            bands(tmp_path / f"{name}.{frame:04}.png")
        node = texture(name, tmp_path / f"{name}.0001.png", useFrameExtension=True)
        uvs = [(low + u / 2.2, v) for u, v in [(0, 0), (1, 0), (1, 1), (0, 1)]]
        mesh(f"{name}Plane", square, [(0, 1, 2, 3)], uvs, material(f"{name}Skin", node)[1])
    assert sorted(cmds.rgbCloudReduce("sea", "sky", surface=True, colors=3)) == ["sea", "sky"]
    assert mask_of("sea")[:, :6].min() > 200
    assert mask_of("sky")[:, 10:14].min() > 200
    assert len(list(tmp_path.glob("*.surface.*"))) == 2


def test_nodes_that_show_one_image_are_weighed_together(worn, tmp_path):
    node, _ = worn
    cmds.delete("strip")
    second = texture("again", tmp_path / "bands.png")
    square = [(0, 0, 0), (1, 0, 0), (1, 0, -1), (0, 0, -1)]
    for name, user, low in (("left", node, 0), ("right", second, 0.75)):
        mesh(name, square, [(0, 1, 2, 3)], [(low + u / 4, v) for u, v in [(0, 0), (1, 0), (1, 1), (0, 1)]],
             material(f"{name}Skin", user)[1])  # fmt: skip
    assert sorted(cmds.rgbCloudReduce(node, second, surface=True, colors=2)) == ["again", "tex"]
    assert shown(node) == shown(second)
    weights = mask_of(node)
    assert weights[:, :3].min() > 100
    assert weights[:, 13:].min() > 100


@pytest.mark.parametrize("case", ["unworn", "no uvs", "elsewhere", "rotated", "mask", "camera"])
def test_what_cannot_be_weighed_is_told_in_a_sentence_and_nothing_is_done(case, worn, tmp_path):
    node, group = worn
    flags, told = {"surface": True}, ""
    square = [(0, 0, 0), (1, 0, 0), (1, 0, -1), (0, 0, -1)]
    if case == "unworn":
        cmds.delete("strip")
        told = "tex is worn by no polygon mesh; assign its material to one"
    elif case == "no uvs":
        cmds.delete("strip")
        mesh("bare", square, [(0, 1, 2, 3)], group=group)
        told = "which has no UVs; lay them out first"
    elif case == "elsewhere":
        cmds.delete("strip")
        mesh("bare", square, [(0, 1, 2, 3)], [(5.0, 5.0)] * 4, group)
        told = "the surface shows none of it"
    elif case == "rotated":
        cmds.setAttr("tex_place.rotateUV", 30)
        told = "tex_place.rotateUV is set, which is not followed"
    elif case == "mask":
        flags["mask"], told = str(tmp_path / "bands.png"), "leave out mask"
    else:
        flags, told = {"camera": "nobody"}, "there is no camera nobody in the scene"
    before, files = snapshot(), sorted(tmp_path.iterdir())
    with pytest.raises(RuntimeError, match=told):
        cmds.rgbCloudReduce(node, colors=2, **flags)
    assert differences(before, snapshot()) == []
    assert sorted(tmp_path.iterdir()) == files


def test_a_camera_weighs_by_what_it_sees(worn):
    node, _ = worn
    cmds.setAttr("strip.rotateX", -90)  # its faces stand upright now, and face the camera
    camera = cmds.createNode("camera", name="shotShape", parent=cmds.createNode("transform", name="shot"))
    cmds.setAttr("shot.translate", 1, -0.5, 3, type="double3")
    square = [(-9, -9, 1), (1, -9, 1), (1, 9, 1), (-9, 9, 1)]
    wall = mesh("wall", square, [(0, 1, 2, 3)], group="initialShadingGroup")  # hides the left face
    assert camera
    cmds.rgbCloudReduce(node, camera="shot", colors=2)
    weights = mask_of(node)
    assert weights[4:12, 1:3].max() < 60
    assert weights[4:12, 5:9].min() > 150
    cmds.setAttr(f"{wall}.visibility", False)
    cmds.rgbCloudReduce(node, camera="shot", colors=2)
    assert mask_of(node)[4:12, 1:3].min() > 150


# Faces


def test_the_faces_of_a_cluster_are_selected_as_one_undo_step(worn):
    node, _ = worn
    cmds.rgbCloudReduce(node, colors=4)
    codes = cmds.rgbCloudPalette(node, colors=4)
    for number, code in enumerate(codes):
        near = [abs(int(code[1:3], 16) - r) + abs(int(code[3:5], 16) - g) + abs(int(code[5:7], 16) - b)
                for r, g, b in FOUR]  # fmt: skip
        found = one_undo_step(lambda number=number: cmds.rgbCloudSelect(node, cluster=number))
        assert faces(found) == [int(np.argmin(near))]
        assert faces(cmds.ls(selection=True)) == faces(found)


def test_a_threshold_leaves_out_faces_that_show_less(worn):
    node, group = worn
    cmds.delete("strip")
    strip("strip", 3, group)  # faces 0 and 2 show mostly, but not only, a band; face 1 two halves
    assert len(faces(cmds.rgbCloudSelect(node, cluster=0, colors=4))) == 1
    for cluster in range(4):
        with pytest.raises(RuntimeError, match=f"shows cluster {cluster} most of which 90% is of it"):
            cmds.rgbCloudSelect(node, cluster=cluster, colors=4, threshold=0.9)


def test_sets_of_all_clusters_are_one_undo_step_and_are_replaced(worn):
    node, _ = worn
    cmds.rgbCloudReduce(node, colors=4)
    names = one_undo_step(lambda: cmds.rgbCloudSelect(node, sets=True))
    assert sorted(face for name in names for face in faces(cmds.sets(name, query=True))) == [0, 1, 2, 3]
    again = cmds.rgbCloudSelect(node, sets=True)
    assert len(again) == 4
    assert not [name for name in names if cmds.objExists(name)]


def test_materials_of_all_clusters_are_one_undo_step(worn):
    node, group = worn
    names = one_undo_step(lambda: cmds.rgbCloudSelect(node, materials=True, colors=4))
    for name in names:
        (shading,) = cmds.listConnections(f"{name}.outColor", source=False, destination=True)
        (face,) = faces(cmds.sets(shading, query=True))
        color = np.array(cmds.getAttr(f"{name}.color")[0])
        assert np.abs(color - [channel / 255 for channel in FOUR[face]]).max() < 0.15
    assert not cmds.sets(group, query=True)


def test_materials_that_cannot_be_assigned_leave_all_as_it_was(worn, monkeypatch):
    before, connect, made = snapshot(), cmds.connectAttr, []

    def stop(*arguments, **flags):
        made.append(arguments)
        if len(made) == 3:
            raise RuntimeError("stopped")
        return connect(*arguments, **flags)

    monkeypatch.setattr(cmds, "connectAttr", stop)
    with pytest.raises(RuntimeError, match="stopped"):
        cmds.rgbCloudSelect(worn[0], materials=True, colors=4)
    monkeypatch.undo()
    assert cmds.sets(worn[1], query=True)
    assert [node for node in snapshot()[0] if node not in before[0]] == []


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({}, "needs one of cluster, sets and materials"),
        ({"sets": True, "cluster": 1}, "needs one of cluster, sets and materials"),
        ({"cluster": 9, "colors": 4}, "tex has clusters 0 to 3, got 9"),
        ({"cluster": 0}, "tex is not reduced; reduce it first, or say how many colours"),
        ({"cluster": 0, "colors": 4, "threshold": 2.0}, "threshold is a part of a face, 0 to 1, got 2"),
    ],
)
def test_faces_that_cannot_be_found_are_told(worn, flags, told):
    before = snapshot()
    with pytest.raises(RuntimeError, match=told):
        cmds.rgbCloudSelect(worn[0], **flags)
    assert differences(before, snapshot()) == []


# Errors


def test_the_error_is_shown_and_gone_by_the_same_command_as_one_undo_step(worn):
    node, _ = worn
    cmds.rgbCloudReduce(node, colors=2)
    reduced, before = shown(node), snapshot()
    assert one_undo_step(lambda: cmds.rgbCloudError(node)) == [node]
    with Image.open(shown(node)) as picture:
        assert np.asarray(picture.convert("RGB")).max() > 100
    assert cmds.rgbCloudError(query=True, shown=True) == [node]
    assert not one_undo_step(lambda: cmds.rgbCloudError(node))
    assert shown(node) == reduced
    assert differences(before, snapshot()) == []


def test_reducing_and_reverting_end_it_and_colour_spaces_come_back(worn, tmp_path):
    node, _ = worn
    cmds.setAttr(f"{node}.colorSpace", "ACEScg", type="string")
    cmds.rgbCloudReduce(node, colors=2)
    cmds.rgbCloudError(node)
    assert cmds.getAttr(f"{node}.colorSpace") != "ACEScg"
    assert cmds.rgbCloudReduce(node, colors=3) == [node]
    assert (shown(node).parent, cmds.getAttr(f"{node}.colorSpace")) == (tmp_path, "ACEScg")
    cmds.rgbCloudError(node)
    cmds.rgbCloudRevert(node)
    assert (shown(node), cmds.getAttr(f"{node}.colorSpace")) == (tmp_path / "bands.png", "ACEScg")


def test_it_is_never_saved(wood, tmp_path):
    node = texture("tex", wood)
    cmds.rgbCloudReduce(node, colors=2)
    reduced = shown(node)
    cmds.rgbCloudError(node)
    cmds.file(rename=str(tmp_path / "scene.ma"))
    cmds.file(save=True, type="mayaAscii")
    assert shown(node) == reduced
    assert "error" not in (tmp_path / "scene.ma").read_text(encoding="utf-8")


def test_tiles_show_their_errors(tmp_path):
    for number in (1001, 1002):
        bands(tmp_path / f"wall.{number}.png")
    node = texture("wall", tmp_path / "wall.1002.png", uvTilingMode=3)
    cmds.rgbCloudReduce(node, colors=2)
    cmds.rgbCloudError(node)
    assert "1002" in shown(node).name
    assert shown(node).with_name(shown(node).name.replace("1002", "1001")).is_file()


def test_what_has_no_error_is_told(worn, tmp_path):
    with pytest.raises(RuntimeError, match="tex shows its original; there is an error once it is reduced"):
        cmds.rgbCloudError(worn[0])
    cmds.rgbCloudReduce(worn[0], colors=2, kind="data")
    with pytest.raises(RuntimeError, match="tex holds no colours"):
        cmds.rgbCloudError(worn[0])


# The panel


@pytest.mark.interactive
def test_the_panel_weighs_selects_and_hears_what_is_selected(worn, tmp_path):
    from maya import utils

    from rgbcloud import Texture
    from rgbcloud.textures import cluster_texture
    from rgbcloud_maya.ui.maya_host import MayaHost

    host = MayaHost()
    (ref,) = host.textures()
    mask = host.scene.surface_mask(ref)(lambda *_told: None)
    assert mask == ""  # the strip shows all of it alike
    told = []
    host.scene.watch_faces(lambda: told.append(host.scene.selected_uvs(ref)))
    host.watch(lambda: None)
    made = cluster_texture(Texture.find(tmp_path / "bands.png"), Recipe.of(colors=4))
    host.scene.select_faces(ref, made, int(made.labels[None][8, 6]))
    utils.processIdleEvents()
    host.stop_watching()
    assert faces(cmds.ls(selection=True)) == [1]
    assert told[-1].reshape(-1, 2).min(axis=0).tolist() == [0.25, 0]
    cmds.select(clear=True)
    assert len(host.scene.selected_uvs(ref)) == 0


def test_the_menu_reduces_by_the_surface_and_shows_errors(worn, script_editor):
    from rgbcloud_maya.ui import buttons

    node, group = worn
    cmds.delete("strip")
    mesh("half", [(0, 0, 0), (1, 0, 0), (1, 0, -1), (0, 0, -1)], [(0, 1, 2, 3)],
         [(0, 0), (0.4, 0), (0.4, 1), (0, 1)], group)  # fmt: skip
    cmds.select("half")
    buttons.reduce_by_surface(2)
    assert ".surface." in mask_path(node)
    buttons.show_error()
    assert cmds.rgbCloudError(query=True, shown=True) == [node]
    buttons.show_error()
    assert not cmds.rgbCloudError(query=True, shown=True)
