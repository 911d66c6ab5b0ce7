"""``rgbcloud reduce --total-bytes``: files that fit together."""

import itertools
import json

import numpy as np
import pytest
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
    ],
)
def test_what_a_budget_contradicts_is_refused(more, told, textures, tmp_path, fails):
    assert told in fails("reduce", textures, "-r", "-d", tmp_path / "out", *more, code=2)


def test_an_asset_has_no_budget(tmp_path, fails):
    (tmp_path / "chair.gltf").write_text("{}")
    told = fails("reduce", tmp_path / "chair.gltf", "-d", tmp_path / "out", "--total-bytes", "4k")
    assert "a budget is divided among files of images" in told
