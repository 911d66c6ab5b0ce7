"""``rgbcloud reduce --total-bytes``: files that fit together."""

import itertools
import json

import numpy as np
import pytest
from asset_files import gltf_asset, texture, usd_asset, usdz_asset
from PIL import Image

from rgbcloud import Recipe, reduce


@pytest.fixture
def textures(tmp_path, photo):
    folder = tmp_path / "in"
    folder.mkdir()
    for number, size in enumerate((64, 96, 48)):
        Image.fromarray(photo[:size, number * 20 :][:, :size]).save(folder / f"{number}.png")
    return folder


def sizes_of(folder):
    return {file.name: file.stat().st_size for file in folder.iterdir() if file.is_file()}


@pytest.mark.parametrize("total", [2500, 4000, 8000])
def test_the_files_fit_and_leave_little(total, textures, tmp_path, run):
    before = {file: file.read_bytes() for file in textures.iterdir()}
    ended = run("reduce", textures, "-r", "-d", tmp_path / "out", "--total-bytes", total)
    assert ended.code == 0, ended.errors
    assert 0.98 * total <= sum(sizes_of(tmp_path / "out").values()) <= total
    assert len(sizes_of(tmp_path / "out")) == 3
    assert [entry.name for entry in (tmp_path / "out").iterdir() if entry.is_dir()] == []
    assert "one more megabyte would lower the error by" in ended.errors
    assert {file: file.read_bytes() for file in before} == before


def test_the_error_is_about_the_least(tmp_path, run):
    """Of all numbers of colours for each of three textures, those are about the best that were chosen."""
    folder, rng = tmp_path / "in", np.random.default_rng(0)
    folder.mkdir()
    found = []
    for number, (size, spread) in enumerate(((32, 40), (24, 90), (40, 15))):
        colors = rng.normal(128, spread, (30, 3)).clip(0, 255).astype(np.uint8)
        path = folder / f"{number}.png"
        Image.fromarray(colors[rng.integers(0, 30, (size, size))]).save(path)
        reports = [reduce(path, Recipe.of(colors=count)).report for count in range(2, 31)]
        found.append([(each.bytes_after, each.mse * size * size) for each in reports])
    divisions = [
        (sum(size for size, _ in choice), sum(error for _, error in choice))
        for choice in itertools.product(*found)
    ]
    for total in (1200, 1500, 2200):
        folders = folder, "-r", "-d", tmp_path / str(total)
        ended = run("reduce", *folders, "--total-bytes", total, "--json")
        reports = [json.loads(line)["report"] for line in ended.output.splitlines()]
        error = sum(report["mse"] * report["width"] * report["height"] for report in reports)
        assert sum(report["bytes_after"] for report in reports) <= total
        assert error <= 1.02 * min(least for size, least in divisions if size <= total)


def test_a_budget_that_two_colors_exceed_is_told(textures, tmp_path, fails):
    told = fails("reduce", textures, "-r", "-d", tmp_path / "out", "--total-bytes", "100B")
    assert told.startswith("100 bytes are too few: with 2 colours each the files have")
    assert sizes_of(tmp_path / "out") == {}


def test_locked_colors_are_the_least_that_a_texture_gets(textures, tmp_path, run, fails):
    locked = [text for color in ("#ff8000", "#00ff00", "#0000ff", "#000000") for text in ("--lock", color)]
    command = ("reduce", textures, "-r", "-d", tmp_path / "out", *locked, "--json", "--total-bytes")
    ended = run(*command, 1500)
    assert ended.code == 0, ended.errors
    assert min(json.loads(line)["report"]["colors_after"] for line in ended.output.splitlines()) >= 4
    assert "with no colours but those that are locked the files have" in fails(*command, 300, "--overwrite")


def test_what_cannot_be_read_is_left_out_of_the_budget(textures, tmp_path, run):
    (textures / "broken.png").write_bytes(b"nothing")
    ended = run("reduce", textures, "-r", "-d", tmp_path / "out", "--total-bytes", "4k")
    assert ended.code == 1
    assert "broken.png" in ended.errors
    assert 0.98 * 4000 <= sum(sizes_of(tmp_path / "out").values()) <= 4000


def test_results_that_are_there_stay(textures, tmp_path, run):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "1.png").write_bytes(b"mine")
    ended = run("reduce", textures, "-r", "-d", tmp_path / "out", "--total-bytes", "4k")
    assert ended.code == 3
    assert (tmp_path / "out" / "1.png").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--total-bytes", "many"], "no number of bytes"),
        (["--total-bytes", "4k", "--psnr", "30"], "leave out the goal"),
        (["--total-bytes", "4k", "-k", "8"], "leave out --colors"),
        (["--total-bytes", "4k", "--shared-palette"], "leave out the palette"),
        (["--total-bytes", "4k", "--resume"], "leave out --resume"),
        (["--total-bytes", "4k", "--max-delta-e", "2"], "leave out one"),
        (["--max-delta-e", "2", "-k", "8"], "leave out --colors"),
        (["--max-delta-e", "2", "--also", "data"], "leave out --also"),
        (["--total-memory", "4k", "--max-size", "32"], "leave out max_size"),
        (["--total-memory", "4k", "--enlarge", "2"], "leave out enlarge"),
        (["--total-memory", "4k", "--frames", "all"], "leave out frames"),
        (["--total-memory", "4k", "--skip-larger"], "leave out skip_larger"),
        (["--total-memory", "4k", "--shared-palette"], "leave out --shared-palette"),
        (["--total-memory", "4k", "--export", "index+ramp"], "leave out --resume and --total-memory"),
        (["--plot", "p.png"], "add --total-bytes or --max-delta-e"),
    ],
)
def test_what_a_budget_contradicts_is_refused(more, told, textures, tmp_path, fails):
    assert told in fails("reduce", textures, "-r", "-d", tmp_path / "out", *more, code=2)


def asset(folder, suffix):
    """Write an asset of three textures of colours and one of normals."""
    images = folder / "packed" if suffix == ".usdz" else folder
    for number, name in enumerate(("wood", "light", "sheen")):
        texture(images / f"{name}.png", seed=number, size=40 + 20 * number)
    texture(images / "bumps.png", "normal")
    plugs = {"diffuseColor": "wood.png", "emissiveColor": "light.png", "specularColor": "sheen.png"}
    if suffix in (".gltf", ".glb"):
        names = ("baseColorTexture", "emissiveTexture", "sheen.png")
        plugs = {**dict(zip(names, plugs.values())), "normalTexture": "bumps.png"}
        sheen = {"KHR_materials_sheen": {"sheenColorTexture": {"index": "sheen.png"}}}
        embed = "view" if suffix == ".glb" else ""
        return gltf_asset(folder / f"chair{suffix}", plugs, embed=embed, extensions=sheen)
    plugs["normal"] = "bumps.png"
    if suffix == ".usdz":
        return usdz_asset(folder / "chair.usdz", plugs, images)
    return usd_asset(folder / f"chair{suffix}", plugs)


@pytest.mark.parametrize("suffix", [".usda", ".usdz", ".glb"])
def test_all_files_of_an_asset_fit(suffix, tmp_path, run):
    path = asset(tmp_path / "in", suffix)
    run("reduce", path, "-d", tmp_path / "plain", "-k", 20)
    total = sum(sizes_of(tmp_path / "plain").values())
    ended = run("reduce", path, "-d", tmp_path / "out", "--total-bytes", total)
    assert ended.code == 0, ended.errors
    spent = sum(sizes_of(tmp_path / "out").values())
    assert 0.98 * total <= spent <= total
    assert f"{spent:,} ({spent / total:.1%} of {total:,})" in ended.errors
    for told in ("all else of assets", f"{path}: ", "bumps", "one more megabyte would lower"):
        assert told in ended.errors


def test_assets_share_a_budget_with_images(tmp_path, run):
    path = asset(tmp_path / "in", ".glb")
    picture = texture(tmp_path / "more.png", seed=9, size=64)
    broken = tmp_path / "broken.glb"
    broken.write_bytes(b"glTF")
    total = 14_000
    ended = run("reduce", path, broken, picture, "-d", tmp_path / "out", "--total-bytes", total)
    assert ended.code == 1
    assert "broken.glb" in ended.errors
    files = sizes_of(tmp_path / "out")
    assert set(files) == {"chair.glb", "more.png"}
    assert 0.98 * total <= sum(files.values()) <= total


def test_what_an_asset_needs_anyhow_is_told(tmp_path, fails):
    path = asset(tmp_path / "in", ".glb")
    told = fails("reduce", path, "-d", tmp_path / "out", "--total-bytes", "4k")
    assert told.startswith("4,000 bytes are too few: with 2 colours each the files have")
    assert not list((tmp_path / "out").iterdir())


def test_all_together_differ_no_more_than_they_may(textures, tmp_path, run):
    """... and files that differ no more each, by themselves, are no smaller together."""
    most, plot = 5, tmp_path / "plot.png"
    ended = run(
        "reduce", textures, "-r", "-d", tmp_path / "o", "--max-delta-e", most, "--json", "--plot", plot
    )
    assert ended.code == 0, ended.errors
    reports = [json.loads(line)["report"] for line in ended.output.splitlines()]
    texels = [report["width"] * report["height"] for report in reports]
    assert 0.95 * most <= np.average([report["delta_e"] for report in reports], weights=texels) <= most
    assert run("reduce", textures, "-r", "-d", tmp_path / "each", "--delta-e", most).code == 0
    together, each = (sum(sizes_of(tmp_path / name).values()) for name in ("o", "each"))
    assert together <= 1.01 * each
    with Image.open(plot) as picture:
        assert picture.size == (1000, 600)


def test_what_no_palette_keeps_is_told(tmp_path, fails):
    path = texture(tmp_path / "wood.png", size=20)
    told = fails("reduce", path, "-d", tmp_path / "out", "--max-delta-e", "0.01")
    assert told.startswith("no palettes reach max_delta_e 0.01: with 256 colours each the difference")
    assert sizes_of(tmp_path / "out") == {}


def memory_of(folder):
    found = {}
    for file in sorted(folder.rglob("*.png")):
        with Image.open(file) as image:
            found[file.name] = 4 * image.width * image.height
    return found


def test_sides_are_halved_where_least_is_lost(tmp_path, run):
    """Of noise and a ramp the ramp is made smaller; both fit; bytes and memory may both be divided."""
    folder, rng = tmp_path / "in", np.random.default_rng(0)
    folder.mkdir()
    Image.fromarray(rng.integers(0, 256, (64, 64, 3)).astype(np.uint8)).save(folder / "noise.png")
    ramp = np.dstack(np.broadcast_arrays(*np.mgrid[:64, :64] * 2, 60)).astype(np.uint8)
    Image.fromarray(ramp).save(folder / "ramp.png")
    for more in ([], ["--total-bytes", "3k"]):
        out = tmp_path / f"out{len(more)}"
        ended = run("reduce", folder, "-r", "-d", out, "--total-memory", "20000", *more)
        assert ended.code == 0, ended.errors
        assert memory_of(out)["noise.png"] == 4 * 64 * 64
        assert sum(memory_of(out).values()) <= 20_000
        assert "one more megabyte would lower what is lost by 100.0%" in ended.errors
        if more:
            assert sum(sizes_of(out).values()) <= 3000


@pytest.mark.parametrize("suffix", [".usda", ".glb"])
def test_the_memory_of_an_asset_holds_what_is_left_of_it_too(suffix, tmp_path, run, fails):
    path = asset(tmp_path / "in", suffix)
    rest = 4 * 32 * 32 + (4 * 80 * 80 if suffix == ".usda" else 0)  # of its normals, and what a float takes
    ended = run("reduce", path, "-d", tmp_path / "out", "--total-memory", 20_000 + rest)
    assert ended.code == 0, ended.errors
    assert f"{rest:,}" in next(line for line in ended.errors.splitlines() if "left as they are" in line)
    if suffix == ".usda":
        assert sum(memory_of(tmp_path / "out").values()) <= 20_000 + rest
    told = fails("reduce", path, "-d", tmp_path / "out2", "--total-memory", 4000)
    assert f"{rest:,} of them in textures that are left as they are; allow more" in told


def test_memory_goes_where_the_surface_is(tmp_path, run):
    """Two textures alike: that of the large quad keeps its size."""
    from pxr import Gf, Usd, UsdGeom

    for name in ("wood", "button"):
        texture(tmp_path / "in" / f"{name}.png", seed=1, size=64)
        usd_asset(tmp_path / "in" / f"{name}.usda", {"diffuseColor": f"{name}.png"})
    stage = Usd.Stage.CreateNew(str(tmp_path / "in" / "both.usda"))
    for name, size in (("wood", 20), ("button", 1)):
        prim = stage.DefinePrim(f"/{name}")
        prim.GetReferences().AddReference(f"{name}.usda")
        UsdGeom.Xformable(prim).AddScaleOp().Set(Gf.Vec3f(size))
    stage.Save()
    ended = run("reduce", tmp_path / "in" / "both.usda", "-d", tmp_path / "out", "--total-memory", 21_000)
    assert ended.code == 0, ended.errors
    assert memory_of(tmp_path / "out") == {"wood.png": 4 * 64 * 64, "button.png": 4 * 32 * 32}
