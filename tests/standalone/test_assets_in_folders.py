"""Assets among images, held against rules, and damaged: what belongs to one is done with it, once."""

import json
import zipfile

import pytest
from asset_files import glb_parts, gltf_asset, mtlx_asset, texture, usd_asset, usdz_asset

from rgbcloud_app.assets.gltf_binary import pack_glb

WAYS = [(), ("--total-bytes", "9k"), ("--total-memory", "9k"), ("--max-delta-e", "4")]


@pytest.fixture
def folder(tmp_path):
    """A stage with two textures, a .glb that holds its own, and a loose image, in two folders."""
    folder = tmp_path / "in"
    for number, name in enumerate(("tex/wood.png", "tex/bumps.png", "loose.png", "more/seat.png")):
        texture(folder / name, "normal" if "bumps" in name else "color", number)
    usd_asset(folder / "chair.usda", {"diffuseColor": "./tex/wood.png", "normal": "./tex/bumps.png"})
    gltf_asset(folder / "more" / "stool.glb", {"baseColorTexture": "seat.png"}, embed="view")
    return folder


def names_below(folder):
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_no_image_of_a_folder_is_reduced_twice(folder, tmp_path, run):
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    ended = run("reduce", folder, "-r", "-k", 5, "-d", tmp_path / "out", "--verbose")
    assert ended.code == 0, ended.errors
    assert names_below(tmp_path / "out") == names_below(folder)
    told = f"{folder / 'chair.usda'}: files of this folder that belong to it, and are done with it: 2"
    assert told in ended.errors
    assert [line.split(" -> ")[0] for line in ended.output.splitlines() if not line.startswith("  ")] == [
        str(folder / "chair.usda"),
        str(folder / "loose.png"),
        str(folder / "more" / "seat.png"),
        str(folder / "more" / "stool.glb"),
    ]
    assert (tmp_path / "out" / "tex" / "bumps.png").read_bytes() == before[folder / "tex" / "bumps.png"]
    assert (tmp_path / "out" / "tex" / "wood.png").read_bytes() != before[folder / "tex" / "wood.png"]
    assert {file: file.read_bytes() for file in before} == before


def test_a_layer_is_done_with_the_stage_that_it_is_part_of(folder, tmp_path, run):
    from pxr import Usd

    stage = Usd.Stage.CreateNew(str(folder / "room.usda"))
    stage.DefinePrim("/Chair").GetReferences().AddReference("./chair.usda")
    stage.Save()
    ended = run("reduce", folder, "-r", "-k", 5, "-d", tmp_path / "out", "--json")
    assert ended.code == 0, ended.errors
    sources = [json.loads(line)["source"] for line in ended.output.splitlines()]
    assert sorted(source.rpartition("/")[2] for source in sources) == [
        "loose.png",
        "room.usda",
        "seat.png",
        "stool.glb",
    ]


def test_a_texture_that_two_assets_weigh_by_their_surfaces_is_told(folder, tmp_path, run):
    usd_asset(folder / "table.usda", {"diffuseColor": "./tex/wood.png"})
    ended = run("reduce", folder, "-r", "-k", 5, "-d", tmp_path / "out")
    assert ended.code == 1
    assert "table.usda shares" in ended.errors
    assert "reduce it into a folder of its own" in ended.errors
    assert not (tmp_path / "out" / "table.usda").exists()


@pytest.mark.parametrize("suffix", [".usda", ".usdz", ".mtlx", ".gltf", ".glb"])
def test_the_textures_of_an_asset_are_checked_by_what_they_hold(suffix, tmp_path, run):
    images = tmp_path / "packed" if suffix == ".usdz" else tmp_path
    texture(images / "wood.png")
    texture(images / "bumps.png", "normal", 1)
    path = tmp_path / f"chair{suffix}"
    if suffix == ".mtlx":
        mtlx_asset(path, {"base_color": "wood.png", "normal": "bumps.png"})
    elif suffix in (".gltf", ".glb"):
        plugs = {"baseColorTexture": "wood.png", "normalTexture": "bumps.png"}
        gltf_asset(path, plugs, embed="view" if suffix == ".glb" else "")
    elif suffix == ".usdz":
        usdz_asset(path, {"diffuseColor": "wood.png", "normal": "bumps.png"}, images)
    else:
        usd_asset(path, {"diffuseColor": "wood.png", "normal": "bumps.png"})
    ended = run("check", path)
    assert ended.code == 0, ended.output
    own, *found = ended.output.splitlines()
    assert own == f"{path}: well, textures: 2"
    assert sum("well, holds colours (" in line for line in found) == 1
    assert sum("well, left as it is: it holds normals (" in line for line in found) == 1
    ended = run("check", path, "--max-colors", 16, "--json")
    assert ended.code == 1
    wrong = [each for each in map(json.loads, ended.output.splitlines()) if not each["well"]]
    assert [each["problems"][0].partition(" ")[2] for each in wrong] == ["colours are more than 16"]
    assert run("reduce", path, "-k", 16, "-d", tmp_path / "out").code == 0
    assert run("check", tmp_path / "out" / path.name, "--max-colors", 16).code == 0


def test_a_texture_that_is_missing_is_a_problem(tmp_path, run):
    texture(tmp_path / "wood.png")
    path = usd_asset(tmp_path / "chair.usda", {"diffuseColor": "wood.png", "roughness": "gone.png"})
    ended = run("check", path)
    assert ended.code == 1
    assert f"{path}: gone.png: is missing" in ended.output


def test_receipts_of_an_asset_are_asked_for(tmp_path, run):
    texture(tmp_path / "wood.png")
    path = usd_asset(tmp_path / "chair.usda", {"diffuseColor": "wood.png"})
    assert run("reduce", path, "-k", 4, "-d", tmp_path / "out", "--resume").code == 0
    copy = tmp_path / "out" / "chair.usda"
    assert run("check", copy, "--receipts").code == 0
    copy.write_text(copy.read_text() + "\n")
    ended = run("check", copy, "--receipts")
    assert ended.code == 1
    assert f"{copy}: it is not as its receipt says that it was written" in ended.output


@pytest.mark.parametrize("more", WAYS)
def test_a_texture_outside_a_package_stays_there(more, tmp_path, run):
    """As packages may not have it, but some do."""
    texture(tmp_path / "wood.png")
    layer = usd_asset(tmp_path / "chair.usdc", {"diffuseColor": str(tmp_path / "wood.png")})
    with zipfile.ZipFile(tmp_path / "chair.usdz", "w") as package:
        package.write(layer, "chair.usdc")
    ended = run("reduce", tmp_path / "chair.usdz", "-d", tmp_path / "out", *more)
    assert ended.code == 0, ended.errors
    assert "wood.png is left as it is: it stands outside the package" in ended.errors
    assert names_below(tmp_path / "out") == ["chair.usdz"]


@pytest.mark.parametrize("more", WAYS)
def test_an_image_beyond_its_buffer_is_told(more, tmp_path, run, fails):
    texture(tmp_path / "seat.png")
    path = gltf_asset(tmp_path / "stool.glb", {"baseColorTexture": "seat.png"}, embed="view")
    document, binary = glb_parts(path)
    document["bufferViews"][document["images"][0]["bufferView"]]["byteLength"] = 10**9
    path.write_bytes(pack_glb(document, binary))
    told = fails("reduce", path, "-d", tmp_path / "out", *more)
    assert told.startswith(
        f"{path} is no glTF file that can be understood: the view of image 0 reaches beyond"
    )
    assert not list((tmp_path / "out").glob("*"))


@pytest.mark.parametrize("suffix", [".usda", ".mtlx", ".gltf"])
def test_what_has_two_meanings_leaves_nothing_to_divide(suffix, tmp_path, run, fails):
    texture(tmp_path / "wood.png")
    path = tmp_path / f"chair{suffix}"
    if suffix == ".gltf":
        gltf_asset(path, {"baseColorTexture": "wood.png", "metallicRoughnessTexture": "wood.png"})
    elif suffix == ".mtlx":
        mtlx_asset(path, {"base_color": "wood.png", "specular_roughness": "wood.png"})
    else:
        usd_asset(path, {"diffuseColor": "wood.png", "roughness": "wood.png"})
    ended = run("reduce", path, "-d", tmp_path / "out", "--max-delta-e", 4)
    assert ended.code == 0, ended.errors
    assert "wood.png is left as it is: it is shared by two meanings" in ended.errors
    assert "together" not in ended.errors
    told = fails("reduce", path, "-d", tmp_path / "out2", "--total-memory", "1k")
    assert "textures that are left as they are take 4,096 already; allow more" in told
    assert fails("reduce", path, "-d", tmp_path / "out2", "--total-bytes", "1k").endswith("; allow more")
    assert not list((tmp_path / "out2").iterdir())
