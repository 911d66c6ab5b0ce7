"""``--resume``: what an earlier run did is passed over, whatever became of that run."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rgbcloud_app.batches.receipts import FOLDER_NAME


@pytest.fixture
def textures(tmp_path, photo):
    """A folder of five small images, no two of them alike."""
    folder = tmp_path / "textures"
    folder.mkdir()
    for number in range(5):
        Image.fromarray(photo[number : number + 40, :60]).save(folder / f"t{number}.png")
    return folder


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def resume(run, textures, out):
    """Reduce the folder with ``--resume``; return how the command ended, and the state of each image."""

    def call(*more):
        ended = run("reduce", textures, "-r", "-d", out, "-k", 8, "--resume", "--json", *more)
        lines = [json.loads(line) for line in ended.output.splitlines()]
        states = {
            Path(line["source"]).name: "error" if "error" in line else line.get("unchanged", False)
            for line in lines
        }
        return ended, states

    return call


def receipts(out):
    return sorted((out / FOLDER_NAME).iterdir())


def receipt_of(out, target):
    return next(file for file in receipts(out) if json.loads(file.read_text())["target"] == target)


def test_what_is_done_and_unchanged_is_passed_over(resume, out):
    _, first = resume()
    assert set(first.values()) == {False}
    before = {path: path.stat().st_mtime_ns for path in out.glob("*.png")}
    ended, second = resume()
    assert (ended.code, set(second.values())) == (0, {True})
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_what_has_changed_is_done_again(resume, textures, out):
    resume()
    Image.new("RGB", (9, 9), "red").save(textures / "t3.png")
    (out / "t4.png").unlink()
    ended, states = resume()
    assert ended.code == 0
    assert sorted(name for name, state in states.items() if state is False) == ["t3.png", "t4.png"]
    with Image.open(out / "t3.png") as picture:
        assert picture.convert("RGB").getpixel((0, 0)) == (255, 0, 0)
    _, states = resume("--colors", 5)
    assert states.pop("t3.png") is True  # which one colour is enough for: the bytes would be the same
    assert set(states.values()) == {False}


def test_files_that_were_only_copied_are_unchanged(resume, textures, out):
    resume()
    for path in [*textures.iterdir(), *out.glob("*.png")]:
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    ended, states = resume()
    assert (ended.code, set(states.values())) == (0, {True})


def test_a_result_without_a_receipt_is_done_if_it_is_what_would_be_written(resume, out):
    resume()
    shutil.rmtree(out / FOLDER_NAME)
    Image.new("RGB", (4, 4)).save(out / "t3.png")
    before = {path: path.stat().st_mtime_ns for path in out.glob("*.png")}
    ended, states = resume()
    assert ended.code == 3  # nothing failed but for what is there already
    assert states == {"t0.png": True, "t1.png": True, "t2.png": True, "t3.png": "error", "t4.png": True}
    assert f"{out / 't3.png'} exists already" in ended.errors
    assert before == {path: path.stat().st_mtime_ns for path in before}
    assert len(receipts(out)) == 4


def test_a_result_that_somebody_changed_is_not_lost(resume, out):
    resume()
    touched = out / "t3.png"
    Image.new("RGB", (40, 60), "green").save(touched)
    retouched = touched.read_bytes()
    ended, states = resume()
    assert (ended.code, states["t3.png"]) == (3, "error")
    assert touched.read_bytes() == retouched
    assert "t3.png exists already" in ended.errors


@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: bytes(len(data))]
)
def test_a_result_that_a_crash_damaged_is_done_again(resume, out, damage):
    resume()
    whole = (out / "t3.png").read_bytes()
    (out / "t3.png").write_bytes(damage(whole))
    ended, states = resume()
    assert (ended.code, states["t3.png"]) == (0, False)
    assert (out / "t3.png").read_bytes() == whole


def test_another_release_does_it_again(resume, out):
    resume()
    for file in receipts(out):
        file.write_text(file.read_text().replace('"version": "', '"version": "0.0.'))
    Image.new("RGB", (1, 1)).save(out.parent / "textures" / "t0.png")
    ended, states = resume()
    assert ended.code == 0
    assert states["t0.png"] is False  # a result of the other release is ours to replace
    assert [states[f"t{number}.png"] for number in range(1, 5)] == [True] * 4  # the bytes would be the same


def test_a_failure_is_told_from_what_is_there(resume, textures, out):
    out.mkdir()
    Image.new("RGB", (4, 4)).save(out / "t3.png")
    assert resume()[0].code == 3
    (textures / "t0.png").write_bytes(b"")
    assert resume()[0].code == 1


@pytest.mark.parametrize(
    "damage",
    [
        b'{"target": "t3.png", "key": "12',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"[]",
        b'{"target": "t3.png", "key": 1, "version": "", "sources": [7], "results": []}',
        b"",
    ],
    ids=["cut", "bytes", "deep", "list", "numbers", "empty"],
)
def test_a_damaged_receipt_is_set_aside_and_told(resume, out, damage):
    resume()
    file = receipt_of(out, "t3.png")
    file.write_bytes(damage)
    ended, states = resume()
    assert (ended.code, states["t3.png"]) == (0, True)
    aside = file.with_name(f"{file.name}.damaged1")
    assert f"the receipt of {out / 't3.png'} is damaged, and was set aside as {aside}" in ended.errors
    assert aside.read_bytes() == damage
    assert json.loads(file.read_text())["target"] == "t3.png"
    assert resume()[0].errors == ""


def fifo(path):
    os.mkfifo(path)


def link(path):
    elsewhere = path.parent.parent / "precious"
    elsewhere.write_text("precious")
    path.symlink_to(elsewhere)


@pytest.mark.skipif(os.name == "nt", reason="no such files on Windows")
@pytest.mark.parametrize("make", [fifo, link, Path.touch])
def test_what_is_no_folder_of_receipts_is_set_aside(resume, out, make):
    out.mkdir()
    make(out / FOLDER_NAME)
    ended, states = resume()
    assert (ended.code, set(states.values())) == (0, {False})
    assert "what should be the folder of receipts is damaged, and was set aside" in ended.errors
    assert resume()[1] == dict.fromkeys(states, True)
    assert not (out.parent / "precious").exists() or (out.parent / "precious").read_text() == "precious"


@pytest.mark.skipif(os.name == "nt", reason="no such files on Windows")
@pytest.mark.parametrize("make", [fifo, link, Path.mkdir])
def test_what_is_no_receipt_is_set_aside(resume, out, make):
    resume()
    file = receipt_of(out, "t3.png")
    file.unlink()
    make(file)
    ended, states = resume()
    assert (ended.code, set(states.values())) == (0, {True})
    assert "was set aside as" in ended.errors
    assert resume()[0].errors == ""


def test_receipts_that_cannot_be_written_cost_no_result(resume, out, monkeypatch):
    def fail(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rgbcloud_app.batches.receipts.write_file", fail)
    ended, states = resume()
    assert (ended.code, set(states.values())) == (0, {False})
    assert ended.errors.count("its receipt cannot be written (No space left on device): --resume will") == 5


def test_all_that_decides_a_result_is_in_its_key(run, textures, out, tmp_path, monkeypatch):
    mask, palette = tmp_path / "mask.png", tmp_path / "p.gpl"
    Image.new("L", (60, 40), 255).save(mask)
    palette.write_text("GIMP Palette\n255 0 0\n0 0 255\n")
    source = textures / "t0.png"

    def is_unchanged(*more, name=source):
        ended = run("reduce", name, "-o", tmp_path / "one.png", "--resume", "--json", *more)
        assert ended.code == 0, ended
        return json.loads(ended.output).get("unchanged", False)

    assert not is_unchanged("--mask", mask)
    assert is_unchanged("--mask", mask)
    half = np.zeros((40, 60), np.uint8)
    half[:5, :5] = 255
    Image.fromarray(half).save(mask)
    assert not is_unchanged("--mask", mask)
    assert not is_unchanged("--palette", palette)
    assert is_unchanged("--palette", palette)
    palette.write_text("GIMP Palette\n255 0 0\n0 9 255\n")
    assert not is_unchanged("--palette", palette)
    # The name tells the kind: directions are clustered in another way than colours.
    normals = np.random.default_rng(0).normal((0, 0, 2), size=(40, 60, 3))
    normals /= np.linalg.norm(normals, axis=2, keepdims=True)
    Image.fromarray(np.rint(normals * 127.5 + 127.5).astype(np.uint8)).save(textures / "t.png")
    renamed = shutil.copy(textures / "t.png", textures / "t_normal.png")
    assert not is_unchanged(name=textures / "t.png")
    assert is_unchanged(name=textures / "t.png")
    assert not is_unchanged(name=renamed)


def test_a_set_is_resumed_file_by_file(run, tmp_path, photo):
    for tile, part in ((1001, photo[:40, :40]), (1002, photo[40:80, :40])):
        Image.fromarray(part).save(tmp_path / f"wood.{tile}.png")
    command = ["reduce", tmp_path / "wood.<UDIM>.png", "-k", 8, "--resume", "--json"]
    for expected in (False, True):
        assert json.loads(run(*command).output).get("unchanged", False) == expected
    first, second = (tmp_path / f"wood.k8.{tile}.png" for tile in (1001, 1002))
    whole = second.read_bytes()
    second.unlink()  # as if a crash had come between the two
    shutil.rmtree(tmp_path / FOLDER_NAME)
    before = first.stat().st_mtime_ns
    ended = run(*command)
    assert ended.code == 0, ended
    assert (first.stat().st_mtime_ns, second.read_bytes()) == (before, whole)
    Image.new("RGB", (4, 4)).save(tmp_path / "wood.1003.png")
    assert "unchanged" not in json.loads(run(*command).output)
