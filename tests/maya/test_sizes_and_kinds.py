"""Smaller textures, clusters on models and errors there, for every kind of texture that a node shows."""

from __future__ import annotations

import numpy as np
import pytest
from maya import cmds
from maya.api import OpenMaya
from PIL import Image
from scene_tools import FOUR, bands, faces, material, one_undo_step, shown, strip, texture

from rgbcloud import read

pytestmark = [pytest.mark.usefixtures("loaded_plugin"), pytest.mark.by_turn]
KINDS = ("png", "tiles", "frames", "png16", "half", "reference")
SIZES = [{"maxSize": 8}, {"scale": "1/4", "enlarge": 2}]


def deep(path, kind):
    deep_files = pytest.importorskip(
        "deep_files", reason="OpenImageIO is not installed", exc_type=ImportError
    )
    with Image.open(bands(path.with_name("flat.png"))) as image:
        texels = np.asarray(image) / 255
    made = texels.astype(np.float32) if kind == "half" else (texels * 65535).astype(np.uint16)
    return deep_files.write(path, made, "half" if kind == "half" else "uint16")


@pytest.fixture
def worn(kind, tmp_path):
    """A texture of four bands on strips of four faces; returns its node."""
    place, attributes = tmp_path / "bands.png", {}
    if kind in ("tiles", "frames"):
        for number in (1001, 1002):
            place = bands(tmp_path / f"bands.{number}.png", 16 if number == 1001 else 32)
        place = tmp_path / "bands.1001.png"
        attributes = {"uvTilingMode": 3} if kind == "tiles" else {"useFrameExtension": True}
    elif kind in ("png16", "half"):
        place = deep(tmp_path / ("bands.exr" if kind == "half" else "bands.png"), kind)
    else:
        bands(place)
    node = texture("tex", place, **attributes)
    strip(group=material("skin", node)[1])
    if kind == "two shaders":
        strip("strip2", group=material("more", node)[1])
    if kind == "instance":
        cmds.instance("strip", name="strip2")
        cmds.setAttr("strip2.translateX", 9)
    if kind == "reference":
        cmds.file(rename=str(tmp_path / "asset.ma"))
        cmds.file(save=True, type="mayaAscii")
        cmds.file(new=True, force=True)
        cmds.file(str(tmp_path / "asset.ma"), reference=True, namespace="asset")
        return "asset:tex"
    return node


def sizes(node, folder):
    """Return the longer sides of what a node shows, tile by tile."""
    path = shown(node)
    names = [path.name.replace("1001", number) for number in ("1001", "1002")]
    return [max(read(path.with_name(name)).size) for name in dict.fromkeys(names)]


@pytest.mark.parametrize(("kind", "flags"), list(zip(KINDS, SIZES * 3)))
def test_a_size_is_one_undo_step_starts_from_the_original_and_reverts(kind, flags, worn, tmp_path):
    before, whole = shown(worn), sizes(worn, tmp_path)
    assert one_undo_step(lambda: cmds.rgbCloudReduce(worn, colors=4, **flags)) == [worn]
    wanted = [8 if "maxSize" in flags else side // 2 for side in whole]
    assert sizes(worn, tmp_path) == wanted
    assert not cmds.rgbCloudReduce(worn, colors=4, **flags)  # nothing has changed
    assert cmds.rgbCloudReduce(worn, colors=4) == [worn]  # of the original, not of the small one
    assert sizes(worn, tmp_path) == whole
    cmds.rgbCloudReduce(worn, colors=4, surface=True, **flags)
    assert sizes(worn, tmp_path) == wanted
    assert one_undo_step(lambda: cmds.rgbCloudError(worn)) == [worn]
    one_undo_step(lambda: cmds.rgbCloudRevert(worn))
    assert (shown(worn), sizes(worn, tmp_path)) == (before, whole)


@pytest.mark.parametrize("kind", [*KINDS, "two shaders", "instance"])
def test_clusters_are_on_the_faces_that_show_them(kind, worn):
    codes = cmds.rgbCloudPalette(worn, colors=4)
    near = [
        int(np.abs(np.array(FOUR) - [int(code[n : n + 2], 16) for n in (1, 3, 5)]).sum(axis=1).argmin())
        for code in codes
    ]
    for number, face in enumerate(near):
        found = cmds.rgbCloudSelect(worn, cluster=number, colors=4)
        assert faces(found) == [face] * (2 if kind == "two shaders" else 1)
    assert len(one_undo_step(lambda: cmds.rgbCloudSelect(worn, sets=True, colors=4, threshold=0.6))) == 4
    names = one_undo_step(lambda: cmds.rgbCloudSelect(worn, materials=True, colors=4))
    groups = {cmds.listConnections(f"{name}.outColor", source=False, destination=True)[0] for name in names}
    for shape in cmds.ls(type="mesh", long=True, noIntermediate=True):
        path = OpenMaya.MSelectionList().add(shape).getDagPath(0)
        for place in OpenMaya.MFnMesh(path).getAllPaths():  # of instances each
            shaders, slots = OpenMaya.MFnMesh(place).getConnectedShaders(place.instanceNumber())
            assert {OpenMaya.MFnDependencyNode(shader).name() for shader in shaders} == groups
            assert min(slots) >= 0
