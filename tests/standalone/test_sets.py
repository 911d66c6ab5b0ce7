"""Several images, and sets, wherever one image is understood."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
import pytest
from PIL import Image
from ways import reduced_texture

from rgbcloud import ColorHistogram, PointCloud, Recipe, Settings, Texture, cluster, reduce
from rgbcloud.textures import load_shared_palette

TILES = {1001: np.s_[:60, :80], 1002: np.s_[:60, 80:], 1011: np.s_[60:, :]}


def save(path, pixels):
    """Write 8 bits as they are, and more as light, through OpenImageIO."""
    if pixels.dtype == np.uint8:
        Image.fromarray(pixels).save(path)
        return
    buffer = oiio.ImageBuf(oiio.ImageSpec(pixels.shape[1], pixels.shape[0], 3, "half"))
    buffer.set_pixels(oiio.ROI(), np.ascontiguousarray(pixels))
    assert buffer.write(str(path)), buffer.geterror()


def save_set(folder, suffix, pixels):
    """Write three tiles whose colours differ, and return their pattern."""
    for tile, part in TILES.items():
        save(folder / f"wood.{tile}{suffix}", pixels[part])
    return folder / f"wood.<UDIM>{suffix}"


@pytest.fixture
def png_set(tmp_path, photo):
    """A set of 8 bits."""
    return save_set(tmp_path, ".png", photo)


@pytest.fixture(params=[".png", ".exr"])
def pattern(request, tmp_path, photo):
    """A set of 8 bits or of half floats."""
    pixels = photo if request.param == ".png" else (photo / np.float32(90)).astype(np.float32)
    return save_set(tmp_path, request.param, pixels)


@pytest.fixture
def tiles(tmp_path, photo):
    """The same as three files of 8 bits that are no set."""
    paths = [tmp_path / f"{name}.png" for name in ("wood", "bark", "moss")]
    for path, part in zip(paths, TILES.values()):
        save(path, photo[part])
    return paths


def texels(path):
    return oiio.ImageBuf(str(path)).get_pixels()


def rgbcloud(*arguments):
    command = [sys.executable, "-m", "rgbcloud_app", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True)


# --- a farm: the palette in one task, the tiles in others ---


@pytest.mark.parametrize(
    "options", [(), ("--space", "oklab"), ("--kind", "data"), ("--lock", "#ff8000", "--effort", "best")]
)
def test_tiles_reduced_one_by_one_to_the_palette_of_their_set_are_those_of_the_set(run, pattern, options):
    palette = pattern.with_name("wood.json")
    assert run("palette", pattern, "--colors", 16, *options, "--output", palette).code == 0
    folder = pattern.parent / "together"
    assert run("reduce", pattern, "--colors", 16, *options, "--output-dir", folder).code == 0
    for tile in TILES:
        source = pattern.with_name(pattern.name.replace("<UDIM>", str(tile)))
        alone = pattern.parent / "alone" / source.name
        assert run("reduce", source, "--palette", palette, "--output", alone).code == 0
        np.testing.assert_array_equal(texels(alone), texels(folder / source.name))


@pytest.mark.parametrize("options", [("--linear",), ("--color-space", "ACEScg", "--space", "cielab")])
def test_what_images_are_said_to_hold_is_said_again_or_told(run, png_set, options):
    palette, folder = png_set.with_name("wood.json"), png_set.parent / "together"
    assert run("palette", png_set, *options, "--output", palette).code == 0
    assert run("reduce", png_set, *options, "--output-dir", folder).code == 0
    source = png_set.with_name("wood.1001.png")
    said = [option for option in options if option not in ("--space", "cielab")]
    again = run("reduce", source, "--palette", palette, *said, "--output", source.with_name("again.png"))
    np.testing.assert_array_equal(texels(source.with_name("again.png")), texels(folder / source.name))
    assert "its colours were converted" not in again.errors
    other = run("reduce", source, "--palette", palette, "--output", source.with_name("other.png"))
    assert other.code == 0
    assert "its colours were converted to sRGB" in other.errors


def test_the_same_in_another_process_and_through_the_library(pattern):
    palette, folder = pattern.with_name("wood.json"), pattern.parent / "together"
    rgbcloud("palette", pattern, "--colors", 16, "--output", palette)
    reduced_texture(Texture.find(pattern), Settings(16), folder=folder, suffix=pattern.suffix)
    source = pattern.with_name(pattern.name.replace("<UDIM>", "1001"))
    code = f"""
from rgbcloud import Recipe, reduce
reduction = reduce({str(source)!r}, Recipe.of(palette={str(palette)!r}))
reduction.save({str(source.with_name(f"alone{source.suffix}"))!r})
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    rebuilt = texels(source.with_name(f"alone{source.suffix}"))
    (together,) = folder.glob("*.1001.*")
    np.testing.assert_array_equal(rebuilt, texels(together))
    assert (rebuilt != texels(source)).any()


# --- one palette, one cloud, figures for each and for all ---


def test_a_palette_of_several_images_is_that_of_all_their_texels(run, tiles, photo):
    expected = cluster(ColorHistogram.from_array(photo), 7)
    assert run("palette", *tiles, "--colors", 7).output.split() == expected.to_hex()
    told = json.loads(run("palette", *tiles, "--colors", 7, "--json").output)
    assert told["sources"] == [str(tile) for tile in tiles]
    assert told["populations"] == expected.populations.tolist()
    target = tiles[0].with_name("all.gpl")
    assert run("palette", *tiles, "--output", target).output == (
        f"{tiles[0]} and 2 more -> {target}: 16 colours\n"
    )


def test_a_file_a_set_and_standard_input_go_together(run, png_set, photo):
    first, *rest = (png_set.with_name(f"wood.{tile}.png") for tile in TILES)
    data = first.read_bytes()
    first.unlink()
    rest[1].rename(rest[1].with_name("other.png"))
    ended = run("palette", "-", png_set, rest[1].with_name("other.png"), "-k", 7, stdin=data)
    assert ended.output.split() == cluster(ColorHistogram.from_array(photo), 7).to_hex()


def test_a_cloud_of_a_set_shows_the_colours_of_all_its_files(run, pattern, photo):
    target = pattern.with_name("cloud.csv")
    told = json.loads(run("cloud", pattern, "--colors", 5, "--output", target, "--json").output)
    assert told["sources"] == [str(pattern)]
    assert told["palette"] == run("palette", pattern, "--colors", 5).output.split()
    rows = np.genfromtxt(target, delimiter=",", names=True)
    assert len(rows) == told["points"]
    assert rows["weight"].sum() == photo.shape[0] * photo.shape[1]
    assert set(rows["cluster"]) == set(range(5))


def test_points_of_a_set_belong_to_the_clusters_of_all_its_texels(run, png_set, photo):
    target = png_set.with_name("cloud.csv")
    assert run("cloud", png_set, "--colors", 5, "--output", target).code == 0
    histogram = ColorHistogram.from_array(photo)
    cloud = PointCloud.from_histogram(histogram, cluster(histogram, 5))
    rows = np.genfromtxt(target, delimiter=",", names=True)
    np.testing.assert_array_equal(rows["cluster"], cloud.clusters)


def test_a_page_names_what_it_shows(run, tiles):
    target = tiles[0].with_name("cloud.html")
    assert run("cloud", *tiles, "--output", target).code == 0
    assert "<title>wood.png and 2 more</title>" in target.read_text("utf-8")


def test_info_tells_of_each_file_and_of_all(run, pattern):
    lines = [json.loads(line) for line in run("info", pattern, "--json").output.splitlines()]
    files = [pattern.with_name(pattern.name.replace("<UDIM>", str(tile))) for tile in TILES]
    assert [line.get("source") for line in lines] == [*map(str, files), None]
    for file, line in zip(files, lines):
        assert json.loads(run("info", file, "--json").output) == line
    *each, together = lines
    assert (together["sources"], together["files"]) == ([str(pattern)], 3)
    assert together["bytes"] == sum(file.stat().st_size for file in files)
    everything = np.concatenate([texels(file).reshape(-1, 3) for file in files])
    assert together["colors"] == len(np.unique(everything, axis=0)) < sum(line["colors"] for line in each)
    assert together["mse"]["16"] > 0
    text = run("info", pattern).output
    assert f"all 3 files together\nbytes     {together['bytes']:,}\n" in text
    assert text.count("K = 16") == 4


def test_the_curve_of_several_images_is_that_of_one_palette_for_all(run, tiles, tmp_path, photo):
    save(tmp_path / "whole.png", photo)
    told = json.loads(run("info", *tiles, "--json").output.splitlines()[-1])
    assert told["mse"] == json.loads(run("info", tmp_path / "whole.png", "--json").output)["mse"]
    assert run("info", *tiles, "--curve", tmp_path / "curve.png").code == 0
    with Image.open(tmp_path / "curve.png") as picture:
        assert picture.size == (1000, 600)


# --- what cannot be one ---


@pytest.fixture
def mixed(tmp_path, photo):
    save(tmp_path / "wood.png", photo)
    save(tmp_path / "wood.exr", (photo / np.float32(255)).astype(np.float32))
    return tmp_path / "wood.png", tmp_path / "wood.exr"


def test_images_of_two_depths_share_no_palette_and_are_told_one_by_one(run, fails, mixed, tmp_path):
    for command in (("palette",), ("cloud", "--output", tmp_path / "c.csv"), ("info", "--curve", "c.png")):
        assert "files that share a palette must have one depth" in fails(*command, *mixed)
    ended = run("info", *mixed, "--json")
    assert (ended.code, len(ended.output.splitlines())) == (0, 2)
    assert "must have one depth" in ended.errors
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wood.exr", "wood.png"]


@pytest.mark.parametrize("command", [("palette",), ("info",), ("cloud", "--output", "cloud.csv")])
def test_what_a_set_lacks_is_told(run, pattern, monkeypatch, command):
    monkeypatch.chdir(pattern.parent)
    pattern.with_name(pattern.name.replace("<UDIM>", "1002")).rename(
        pattern.with_name(pattern.name.replace("<UDIM>", "1003"))
    )
    ended = run(*command, pattern)
    assert ended.code == 0
    missing = pattern.name.replace("<UDIM>", "1002")
    assert ended.errors == (f"rgbcloud: {pattern}: 1 missing between the files that are there: {missing}\n")


@pytest.mark.parametrize("command", [("palette", "--output", "a.json"), ("cloud", "--output", "a.csv")])
def test_what_is_not_there_is_one_sentence_and_nothing_is_written(fails, tiles, monkeypatch, command):
    folder = tiles[0].parent
    monkeypatch.chdir(folder)
    assert fails(*command, *tiles, folder / "none.png").endswith(
        "none.png: no such file or directory; check the path"
    )
    assert "no file on disk matches it" in fails(*command, tiles[0], folder / "none.####.png")
    assert fails(*command, "-", "-", code=2).startswith("standard input can be read once")
    (folder / "empty.png").touch()
    assert fails(*command, *tiles, folder / "empty.png").endswith("empty.png is empty; export it again")
    assert sorted(path.name for path in folder.iterdir()) == ["bark.png", "empty.png", "moss.png", "wood.png"]


@pytest.mark.parametrize("command", ["palette", "cloud", "info"])
def test_no_file_of_a_set_is_ever_written(fails, png_set, command):
    target = png_set.with_name("wood.1011.png")
    before = target.read_bytes()
    option = "--curve" if command == "info" else "--output"
    sentence = fails(command, png_set.with_name("wood.1001.png"), png_set, option, target, "--overwrite")
    assert sentence == f"{target} is the source, which is never written to; choose another output"
    assert target.read_bytes() == before


def test_the_kind_that_a_set_was_taken_for_is_told(run, tmp_path):
    tangent = np.dstack([np.full((8, 8), 128), np.full((8, 8), 128), np.full((8, 8), 255)]).astype(np.uint8)
    for tile in (1001, 1002):
        save(tmp_path / f"rock_normal.{tile}.png", tangent)
    ended = run("palette", tmp_path / "rock_normal.<UDIM>.png", "--output", tmp_path / "rock.json")
    assert "rock_normal.<UDIM>.png: taken for a normal map, from its name" in ended.errors
    reduction = reduce(tmp_path / "rock_normal.1001.png", Recipe.of(palette=tmp_path / "rock.json"))
    assert reduction.report.kind == "normal"


# --- versions of a set ---


def test_versions_of_a_set_are_compared(run, png_set, tmp_path):
    for name, colors in (("v1", 4), ("v2", 5)):
        assert run("reduce", png_set, "--colors", colors, "--output-dir", tmp_path / name).code == 0
    versions = [tmp_path / name / png_set.name for name in ("v1", "v2")]
    palettes = [tmp_path / name / "wood.1001.png" for name in ("v1", "v2")]
    assert run("compare", *versions).output == run("compare", *palettes).output
    same = run("compare", versions[0], versions[0]).output
    assert same.endswith("4 kept, 0 moved, 0 removed, 0 added\n")


def test_versions_of_a_set_without_tables_are_compared_by_all_their_colours(run, fails, tmp_path):
    for tile, color in ((1001, "red"), (1002, "blue")):
        Image.new("RGB", (4, 4), color).save(tmp_path / f"a.{tile}.png")
        Image.new("RGB", (4, 4), "red").save(tmp_path / f"b.{tile}.png")
    ended = run("compare", tmp_path / "a.<UDIM>.png", tmp_path / "b.<UDIM>.png")
    assert ended.output.splitlines() == [
        "kept     #ff0000 [0] -> #ff0000 [0]",
        "removed  #0000ff [1]",
        "1 kept, 0 moved, 1 removed, 0 added",
    ]
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    Image.fromarray(np.dstack([ramp, ramp, ramp])).save(tmp_path / "a.1003.png")
    assert "its files share no palette" in fails(
        "compare", tmp_path / "a.<UDIM>.png", tmp_path / "b.1001.png"
    )


def test_a_set_may_be_like_the_set_before(run, pattern, tmp_path):
    """Files that hold no table of colours share one all the same: each holds those that it needs."""
    suffix = pattern.suffix
    before = tmp_path / f"wood.k6.<UDIM>{suffix}"
    assert run("reduce", pattern, "-k", 6).code == 0
    target = tmp_path / f"next.<UDIM>{suffix}"
    ended = run("reduce", pattern, "-k", 6, "--like", before, "-o", target, "--json")
    assert ended.code == 0, ended
    told = json.loads(ended.output)["palette"]
    compared = run("compare", before, target).output
    assert compared.splitlines()[-1] == "6 kept, 0 moved, 0 removed, 0 added"
    assert told == load_shared_palette(before).to_hex()


def test_results_of_other_palettes_and_masks_have_other_names(run, png_set, tmp_path):
    tile = tmp_path / "wood.1001.png"
    for name in ("one.png", "two.png"):
        Image.new("L", (80, 60), 255).save(tmp_path / name)
    (tmp_path / "palette.hex").write_text("ff8000\n00ff00\n")
    targets = {
        json.loads(run("reduce", tile, "-k", 4, *options, "--json").output)["target"]
        for options in (
            [],
            ["--mask", tmp_path / "one.png"],
            ["--mask", tmp_path / "two.png"],
            ["--like", tmp_path / "one.png"],
            ["--like", tmp_path / "palette.hex"],
        )
    }
    assert len(targets) == 5


def test_what_is_noticed_while_a_shared_palette_is_found_is_told(run, tmp_path, photo):
    for name in ("left", "right"):
        Image.fromarray(photo[:40, :40]).save(tmp_path / f"{name}_roughness.png")
    files = [tmp_path / f"{name}_roughness.png" for name in ("left", "right")]
    ended = run("reduce", *files, "-k", 4, "-d", tmp_path / "out", "--shared-palette")
    assert ended.code == 0
    told = "rgbcloud: all images together: taken for plain data, from its name; set the kind to color if not"
    assert told in ended.errors.splitlines()
