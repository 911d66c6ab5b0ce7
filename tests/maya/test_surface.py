"""Textures weighed by the surfaces that show them, and by cameras."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from maya import cmds
from PIL import Image
from scene_tools import (
    bands,
    differences,
    material,
    mesh,
    one_undo_step,
    shown,
    snapshot,
    texture,
)
from test_batch import run, save  # noqa: F401 (a fixture)

from rgbcloud import Recipe, reduce

pytestmark = [pytest.mark.usefixtures("loaded_plugin"), pytest.mark.by_turn]


def mask_path(node):
    path = cmds.rgbCloudReduce(node, query=True, mask=True)
    return path if isinstance(path, str) else path[0]


def mask_of(node):
    with Image.open(mask_path(node)) as image:
        return np.asarray(image).copy()


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


@pytest.mark.parametrize("how", ["--surface", "--camera"])
def test_on_a_farm_weights_change_the_palette_and_both_errors_are_told(how, run, worn, tmp_path):  # noqa: F811
    _, group = worn
    cmds.delete("strip")
    mesh("half", [(0, 0, 0), (1, 0, 0), (1, 0, -1), (0, 0, -1)], [(0, 1, 2, 3)],
         [(0, 0), (0.3, 0), (0.3, 1), (0, 1)], group)  # fmt: skip
    cmds.setAttr("half.rotateX", -90)
    cmds.createNode("camera", name="shotShape", parent=cmds.createNode("transform", name="shot"))
    cmds.setAttr("shot.translate", 0.5, -0.5, 3, type="double3")
    scene, more = save(tmp_path / "shot.ma"), ("--surface",) if how == "--surface" else ("--camera", "shot")
    texels = {}
    for name, flags in (("plain", ()), ("weighed", more)):
        done = run(
            "reduce", scene, "--colors", 2, *flags, "-o", tmp_path / f"{name}.ma", "--json", tmp_path / name
        )
        assert done.returncode == 0, done.stderr
        assert ("of the whole file PSNR" in done.stdout) == bool(flags)
        told = json.loads((tmp_path / name).read_text())["textures"][0]
        texels[name] = np.asarray(Image.open(told["path"]).convert("RGB")).astype(int)
        assert len(told["palette"]) == 2
    (report,) = told["reports"]
    assert report["mse"] < report["file_mse"] / 3
    left = np.asarray(Image.open(tmp_path / "bands.png")).astype(int)[:, :6]
    errors = {name: ((made[:, :6] - left) ** 2).mean() for name, made in texels.items()}
    assert errors["weighed"] < errors["plain"] / 3
