"""Assets among images, and held against rules: what belongs to one is done with it, once."""

import json

import pytest
from asset_files import gltf_asset, mtlx_asset, texture, usd_asset, usdz_asset


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
