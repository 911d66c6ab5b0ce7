"""``rgbcloud faces``: clusters as sets of faces, in a layer over a stage."""

import json

import numpy as np
import pytest
from asset_files import usd_asset
from PIL import Image
from pxr import Usd, UsdGeom


@pytest.fixture
def chair(tmp_path):
    """Two quads, one of which wears the red half of a texture, and one the blue half."""
    pixels = np.full((32, 32, 3), (200, 0, 0), np.uint8)
    pixels[:, 16:] = (0, 0, 200)
    (tmp_path / "in").mkdir()
    Image.fromarray(pixels).save(tmp_path / "in" / "wood.png")
    path = usd_asset(tmp_path / "in" / "chair.usda", {"diffuseColor": "./wood.png"})
    stage = Usd.Stage.Open(str(path))
    mesh = UsdGeom.Mesh.Get(stage, "/World/Quad")
    mesh.GetPointsAttr().Set([(x, y, 0) for y in (0, 1) for x in (0, 1, 2)])
    mesh.GetFaceVertexCountsAttr().Set([4, 4])
    mesh.GetFaceVertexIndicesAttr().Set([0, 1, 4, 3, 1, 2, 5, 4])
    uvs = [(0.1, 0), (0.4, 0), (0.4, 1), (0.1, 1), (0.6, 0), (0.9, 0), (0.9, 1), (0.6, 1)]
    UsdGeom.PrimvarsAPI(mesh).GetPrimvar("st").Set(uvs)
    stage.Save()
    return path


@pytest.mark.parametrize("suffix", [".usda", ".usdc"])
def test_clusters_become_subsets_of_a_layer_over_the_stage(suffix, chair, tmp_path, run):
    before, target = chair.read_bytes(), tmp_path / "sets" / f"chair{suffix}"
    picture = tmp_path / "chair.png"
    ended = run("faces", chair, "-k", 2, "-o", target, "--picture", picture, "--json")
    assert ended.code == 0, ended.errors
    assert json.loads(ended.output)["sets"] == 2
    assert ended.errors == ""
    assert chair.read_bytes() == before
    stage = Usd.Stage.Open(str(target))
    mesh = UsdGeom.Mesh.Get(stage, "/World/Quad")
    assert len(mesh.GetPointsAttr().Get()) == 6
    subsets = UsdGeom.Subset.GetGeomSubsets(mesh, UsdGeom.Tokens.face, "clusters")
    found = {
        subset.GetPrim().GetCustomDataByKey("rgbcloud:color"): list(subset.GetIndicesAttr().Get())
        for subset in subsets
    }
    assert found == {"#c80000": [0], "#0000c8": [1]}
    valid, told = UsdGeom.Subset.ValidateFamily(mesh, UsdGeom.Tokens.face, "clusters")
    assert valid, told
    shown = np.asarray(Image.open(picture).convert("RGB"), int)
    assert ((shown[..., 0] > shown[..., 2] + 60) & (shown[..., 1] < 40)).any()
    assert ((shown[..., 2] > shown[..., 0] + 60) & (shown[..., 1] < 40)).any()


def test_faces_that_show_too_little_of_any_cluster_are_left_out(chair, tmp_path, run):
    stage = Usd.Stage.Open(str(chair))
    mesh = UsdGeom.Mesh.Get(stage, "/World/Quad")
    uvs = [(0, 0), (1, 0), (1, 1), (0, 1), (0.6, 0), (0.9, 0), (0.9, 1), (0.6, 1)]
    UsdGeom.PrimvarsAPI(mesh).GetPrimvar("st").Set(uvs)
    stage.Save()
    ended = run("faces", chair, "-k", 2, "-o", tmp_path / "sets.usda", "--threshold", 0.8)
    assert ended.output.endswith("1 sets of 1 faces, 1 in none\n")


@pytest.mark.parametrize(
    ("name", "output", "told"),
    [
        ("chair.usda", "sets.obj", "must end with one of .usda .usdc"),
        ("chair.usda", "chair.usda", "is the source"),
        ("chair.glb", "sets.usda", "is no USD stage"),
        ("none.usda", "sets.usda", "no such file"),
        ("bare.usda", "sets.usda", "has no mesh with UVs that wears a texture of colours"),
    ],
)
def test_what_has_no_faces_to_sort_is_told(name, output, told, chair, fails):
    folder = chair.parent
    (folder / "bare.usda").write_text("#usda 1.0\n")
    assert told in fails("faces", folder / name, "-k", 2, "-o", folder / output)
    assert not (folder / "sets.usda").exists()
