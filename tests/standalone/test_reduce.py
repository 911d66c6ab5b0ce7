from __future__ import annotations

import errno
import io
import json
import os
import shutil

import numpy as np
import pytest
from PIL import Image
from ways import reduced

from rgbcloud import Settings


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def texels(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def format_of(path):
    with Image.open(path) as picture:
        return picture.format


@pytest.fixture
def textures(tmp_path, wood):
    """A folder of four images and what is none of ours, and a second one to put results into."""
    folder = tmp_path / "textures"
    (folder / "bark" / "old").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for name in (
        "wood.png",
        "bark/oak.png",
        "bark/old/elm.tif",
        "stone.jpg",
        ".hidden/not.png",
        "bark/._oak.png",
    ):
        Image.open(wood).save(folder / name)
    (folder / "notes.txt").write_text("buy milk")
    return folder


def test_one_image_beside_its_source(run, wood):
    ended = run("reduce", wood, "--colors", 16)
    expected = reduced(wood, Settings(16))
    assert (ended.code, ended.errors) == (0, "")
    assert names(wood.parent) == ["wood.k16.png", "wood.png"]
    assert wood.with_name("wood.k16.png").read_bytes() == expected.data
    assert ended.output == f"{wood} -> {wood.with_name('wood.k16.png')}: {expected.report.summary()}\n"


def test_settings_reach_the_result(run, wood):
    options = ("--colors", 5, "--seed", 3, "--effort", "best", "--no-indexed", "--squeeze", "--ssim")
    ended = run("reduce", wood, *options, "--json")
    settings = Settings(5, 3, "best", indexed=False, squeeze=True)
    assert ended.code == 0
    expected = reduced(wood, settings)
    target = wood.with_name(f"wood.{settings.tag()}.png")
    assert target.read_bytes() == expected.data
    assert json.loads(ended.output) == {
        "source": str(wood),
        "target": str(target),
        "report": {**expected.report.as_dict(), "ssim": expected.ssim()},
        "palette": expected.palette.to_hex(),
        "notes": [],
    }


@pytest.mark.parametrize("name", ["new.png", "deep/folder/new.tif", "new.bmp"])
def test_a_named_output_chooses_format_and_folder(run, wood, name):
    assert run("reduce", wood, "-k", 4, "-o", wood.parent / name).code == 0
    data = (wood.parent / name).read_bytes()
    assert format_of(io.BytesIO(data)) == {"png": "PNG", "tif": "TIFF", "bmp": "BMP"}[name[-3:]]
    np.testing.assert_array_equal(texels(data), texels(reduced(wood, Settings(4)).data))


def test_an_existing_file_is_replaced_when_told_to(run, fails, wood):
    target = wood.with_name("wood.k16.png")
    target.write_bytes(b"precious")
    assert fails("reduce", wood, code=3).endswith("exists already; allow overwriting or choose another name")
    assert target.read_bytes() == b"precious"
    assert run("reduce", wood, "--overwrite").code == 0
    assert target.read_bytes() == reduced(wood, Settings(16)).data


def test_a_folder_keeps_its_structure(run, textures, tmp_path):
    target = tmp_path / "lighter"
    before = names(textures)
    ended = run("reduce", textures, "--recursive", "--output-dir", target, "--colors", 4)
    assert ended.code == 0
    assert names(target) == ["bark/oak.png", "bark/old/elm.png", "stone.png", "wood.png"]
    assert names(textures) == before
    order = [line.split(" -> ")[0].rsplit("textures/")[1] for line in ended.output.splitlines()]
    assert order == ["stone.jpg", "wood.png", "bark/oak.png", "bark/old/elm.tif"]


def test_results_within_the_folder_are_not_reduced_again(run, textures):
    for _ in range(2):
        ended = run(
            "reduce", textures, "-r", "-d", textures / "lighter", "--format", "same", "--overwrite", "--json"
        )
        assert ended.code == 0, ended
        assert len(ended.output.splitlines()) == 4
    assert names(textures / "lighter") == ["bark/oak.png", "bark/old/elm.tif", "stone.jpg", "wood.png"]


@pytest.mark.parametrize(
    ("suffix", "expected"), [("same", "TIFF"), ("png", "PNG"), ("tga", "TGA"), ("webp", "WEBP")]
)
def test_the_format_may_be_that_of_the_source(run, textures, tmp_path, suffix, expected):
    source = textures / "bark" / "old" / "elm.tif"
    assert run("reduce", source, "--output-dir", tmp_path / "out", "--format", suffix).code == 0
    (result,) = (tmp_path / "out").iterdir()
    assert result.stem == "elm"
    assert format_of(result) == expected


def test_each_failure_is_told_and_the_rest_done(run, wood):
    empty, missing = wood.with_name("empty.png"), wood.with_name("missing.png")
    empty.touch()
    folder = wood.with_name("folder")
    folder.mkdir()
    ended = run("reduce", empty, wood, missing, folder, "--colors", 4, "--json")
    assert ended.code == 1
    lines = [json.loads(line) for line in ended.output.splitlines()]
    assert [line["source"] for line in lines] == [str(path) for path in (empty, wood, missing, folder)]
    assert ["error" in line for line in lines] == [True, False, True, True]
    assert ended.errors.splitlines() == [
        f"rgbcloud: {lines[0]['error']}",
        f"rgbcloud: {lines[2]['error']}",
        f"rgbcloud: {lines[3]['error']}",
        "rgbcloud: 3 of 4 images could not be reduced",
    ]
    assert "add --recursive" in lines[3]["error"]
    assert names(wood.parent) == ["empty.png", "wood.k4.png", "wood.png"]


def test_a_folder_without_images_is_a_failure(fails, tmp_path):
    (tmp_path / "notes.txt").touch()
    sentence = fails("reduce", tmp_path, "--recursive", "--output-dir", tmp_path / "out")
    assert sentence.startswith(f"{tmp_path} is a folder without images")
    assert names(tmp_path) == ["notes.txt"]


def test_a_folder_that_is_closed_is_told_and_the_rest_done(run, textures, tmp_path, monkeypatch):
    scandir = os.scandir

    def refuse(path):
        if str(path).endswith("bark"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))  # root would be let in
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    ended = run("reduce", textures, "--recursive", "--output-dir", tmp_path / "out", "--colors", 4)
    monkeypatch.undo()
    assert ended.code == 1
    assert ended.errors.splitlines()[-2:] == [
        f"rgbcloud: {textures / 'bark'} cannot be looked into: Permission denied",
        "rgbcloud: 1 of 3 images could not be reduced",
    ]
    assert names(tmp_path / "out") == ["stone.png", "wood.png"]


@pytest.mark.parametrize("name", [".", "..", "", "/"])
def test_a_folder_by_any_name_is_no_image(fails, name):
    assert "is a folder; name images, or add --recursive" in fails("reduce", name)


def test_two_sources_do_not_share_a_result(run, wood, tmp_path):
    twin = tmp_path / "wood.jpg"
    Image.open(wood).save(twin)
    ended = run("reduce", wood, twin, "--output-dir", tmp_path / "out", "--overwrite")
    assert ended.code == 1
    assert f"is the result of {wood} already; reduce {twin} into another folder" in ended.errors
    assert (tmp_path / "out" / "wood.png").read_bytes() == reduced(wood, Settings(16)).data


def test_a_result_never_replaces_another_source(run, wood, tmp_path):
    twin = tmp_path / "wood.jpg"
    Image.open(wood).save(twin)
    before = wood.read_bytes()
    for sources in ((twin, wood), (wood, twin)):
        ended = run("reduce", *sources, "--output-dir", tmp_path, "--overwrite")
        assert ended.code == 1
        assert (
            f"{wood} is a source, which is never written to; choose another output for {twin}" in ended.errors
        )
        assert wood.read_bytes() == before


def test_the_same_image_named_twice_is_reduced_once_more_only_if_told(run, wood):
    ended = run("reduce", wood, wood)
    assert ended.code == 3
    assert f"rgbcloud: {wood.with_name('wood.k16.png')} exists already" in ended.errors


def test_a_result_larger_than_its_source_is_told(run, tmp_path, photo):
    path = tmp_path / "wood.jpg"
    Image.fromarray(photo).save(path, quality=5)
    ended = run("reduce", path, "--colors", 256)
    assert ended.code == 0
    assert ended.errors.startswith(f"rgbcloud: {path}: the result is larger than the source: ")


class TestLargerResults:
    @pytest.fixture
    def jpeg(self, tmp_path, photo):
        path = tmp_path / "wood.jpg"
        Image.fromarray(photo).save(path, quality=5)
        return path

    def test_they_are_left_out_with_an_exit_code_of_their_own(self, run, jpeg):
        ended = run("reduce", jpeg, "--colors", 256, "--skip-larger")
        assert ended.code == 98
        assert ended.output == ""
        assert ended.errors.startswith(f"rgbcloud: {jpeg} would take ")
        assert names(jpeg.parent) == ["wood.jpg"]

    def test_a_batch_counts_them_and_does_the_others(self, run, jpeg, textures):
        ended = run("reduce", jpeg, textures / "wood.png", "--colors", 256, "--skip-larger")
        assert ended.code == 98
        assert "larger     1 left as they are" in ended.errors
        assert "wood.png -> " in ended.output

    def test_a_failure_weighs_more(self, run, jpeg, tmp_path):
        (tmp_path / "broken.png").write_bytes(b"no picture")
        ended = run("reduce", jpeg, tmp_path / "broken.png", "--colors", 256, "--skip-larger")
        assert ended.code == 1

    def test_as_json_and_from_standard_input(self, run, jpeg):
        ended = run("reduce", jpeg, "--colors", 256, "--skip-larger", "--json")
        assert json.loads(ended.output)["larger"].startswith(f"{jpeg} would take ")
        ended = run("reduce", "-", "--colors", 256, "--skip-larger", stdin=jpeg.read_bytes(), binary=True)
        assert (ended.code, ended.output) == (98, b"")


def test_from_standard_input_to_standard_output(run, wood):
    ended = run("reduce", "-", "--colors", 7, stdin=wood.read_bytes(), binary=True)
    expected = reduced(wood, Settings(7))
    assert ended.code == 0
    assert ended.output == expected.data
    assert ended.errors == f"rgbcloud: standard input -> -: {expected.report.summary()}\n"


def test_from_standard_input_to_a_file_and_back(run, wood):
    target = wood.with_name("new.tga")
    ended = run("reduce", "-", "--output", target, stdin=wood.read_bytes())
    assert (ended.code, ended.errors) == (0, "")
    assert format_of(target) == "TGA"
    ended = run("reduce", wood, "--output", "-", "--format", "webp", binary=True)
    assert format_of(io.BytesIO(ended.output)) == "WEBP"
    ended = run("reduce", "-", "--format", "same", stdin=target.read_bytes(), binary=True)
    assert format_of(io.BytesIO(ended.output)) == "TGA"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["a.png", "b.png", "-o", "c.png"],
            "--output takes the result of one image; use --output-dir for several",
        ),
        (["a", "-r", "-o", "c.png"], "--output takes the result of one image; use --output-dir for several"),
        (["a.png", "-o", "c.png", "-d", "out"], "--output and --output-dir exclude each other"),
        (["a", "-r"], "--recursive needs --output-dir, so that results do not get among the sources"),
        (["-", "-"], "standard input can be read once"),
        (["-", "-d", "out"], "the result of standard input has no name for --output-dir; use --output FILE"),
        (["-", "--json"], "the image goes to standard output, where nothing else may go; use --output FILE"),
        (["-", "a.png"], "the image goes to standard output, where nothing else may go; use --output FILE"),
        ([], "Missing argument 'IMAGE...'"),
        (["a.png", "--format", "xyz"], "Invalid value for '--format'"),
        (["a.png", "--max-pixels", "0"], "Invalid value for '--max-pixels'"),
        (["a.png", "--threads", "0"], "Invalid value for '--threads'"),
        (["a.png", "--colours", "4"], "No such option"),
    ],
)
def test_wrong_use_is_told_before_anything_is_done(fails, arguments, sentence):
    said = fails("reduce", *arguments, code=2)
    assert said.startswith(sentence)
    assert said.endswith("; see rgbcloud reduce --help")


def test_awkward_names_are_no_trouble(run, wood, tmp_path):
    for name in ("two words.png", "[bold]wood.png", "木.png", "-wood.png"):
        shutil.copy(wood, tmp_path / name)
        ended = run("reduce", "--", tmp_path / name)
        assert (ended.code, ended.errors) == (0, "")
        assert name in ended.output
