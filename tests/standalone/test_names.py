"""Files called as the world calls them."""

from __future__ import annotations

import json
import os
import shutil
import sys

import deep_files
import numpy as np
import pytest

from rgbcloud import (
    ImageReadError,
    ImageWriteError,
    Palette,
    PaletteReadError,
    Recipe,
    Texture,
    load_palette,
    read,
    reduce,
    save_palette,
)


@pytest.mark.parametrize("deep", [False, True])
def test_frames_whose_number_is_the_suffix_are_a_set(run, tmp_path, photo, wood, deep):
    suffix = ".exr" if deep else ".png"
    source = deep_files.write(tmp_path / "sea.exr", photo / np.float32(255), "half") if deep else wood
    for frame in (1, 2):
        shutil.copyfile(source, tmp_path / f"sea{suffix}.000{frame}")
    ended = run("reduce", tmp_path / f"sea{suffix}.####", "-k", 8, "-d", tmp_path / "out")
    assert ended.code == 0, ended
    names = [f"sea.0001{suffix}", f"sea.0002{suffix}"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    files = [tmp_path / f"sea{suffix}.000{frame}" for frame in (1, 2)]
    assert run("reduce", *files, "-k", 8, "-d", tmp_path / "each", "--format", "same").code == 0
    assert sorted(path.name for path in (tmp_path / "each").iterdir()) == names
    assert run("reduce", *files, "-k", 8).code == 0
    assert (tmp_path / f"sea.0002.k8{suffix}").is_file()


def test_frames_without_a_format_in_their_names(run, tmp_path, wood):
    shutil.copyfile(wood, tmp_path / "sea.0001")
    assert run("reduce", tmp_path / "sea.####", "-k", 8, "-d", tmp_path / "out").code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["sea.0001.png"]


def test_a_result_may_write_its_tokens_otherwise(run, tmp_path, wood):
    shutil.copyfile(wood, tmp_path / "w.0007.1002.png")
    ended = run("reduce", tmp_path / "w.####.<UDIM>.png", "-k", 8, "-o", tmp_path / "r_<UVTILE>.%03d.png")
    assert ended.code == 0, ended
    assert (tmp_path / "r_u2_v1.0007.png").is_file()


def test_an_unknown_token_is_refused(fails, tmp_path):
    sentence = fails("reduce", tmp_path / "w.<tile>.png")
    assert (
        "<tile> is no token that is known here; write it as <UDIM>, <UVTILE>, u<u>_v<v> (from 0)" in sentence
    )


FORGED = "wood\nrgbcloud: all is lost\x1b[2J.png"
SHOWN = r"wood\nrgbcloud: all is lost\x1b[2J.png"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only there may names hold any bytes")


@on_linux
@pytest.mark.parametrize("command", ["reduce", "info", "palette", "cloud"])
def test_a_name_forges_no_second_message_and_moves_no_cursor(run, tmp_path, wood, command):
    """Neither in results and notes, nor in errors."""
    path = wood.rename(tmp_path / FORGED)
    output = (
        [] if command == "info" else ["-o", tmp_path / f"{FORGED}.{'csv' if command == 'cloud' else 'png'}"]
    )
    ended = run(command, path, *output)
    assert ended.code == 0, ended
    path.write_bytes(b"no image")
    failed = run(command, path, *output, *(["--overwrite"] if output else []))
    assert failed.code == 1
    assert failed.errors.startswith("rgbcloud: ")
    for text in (ended.output, ended.errors, failed.output, failed.errors):
        assert "\x1b" not in text
        assert "\nrgbcloud: all is lost" not in text
    assert SHOWN in ended.output
    assert SHOWN in failed.errors


@on_linux
def test_a_name_that_is_not_utf8(run, tmp_path, wood):
    path = wood.rename(tmp_path / os.fsdecode(b"gr\xfcn.png"))
    ended = run("reduce", path, "-k", 8)
    assert (ended.code, ended.errors) == (0, "")
    assert r"gr\xfcn.png -> " in ended.output
    assert (tmp_path / os.fsdecode(b"gr\xfcn.k8.png")).is_file()
    assert json.loads(run("info", path, "--json").output)["source"] == str(path)
    assert run("reduce", path, "-k", 8, "-d", tmp_path / "out", "--resume").code == 0
    assert "unchanged" in run("reduce", path, "-k", 8, "-d", tmp_path / "out", "--resume").output


@on_linux
@pytest.mark.parametrize("length", [246, 250, 255])
def test_a_name_as_long_as_can_be(run, fails, tmp_path, wood, length):
    path = wood.rename(tmp_path / f"{'n' * (length - 4)}.png")
    assert run("reduce", path, "-k", 8, "-d", tmp_path / "out").code == 0
    assert (tmp_path / "out" / path.name).is_file()
    if length + len(".k8") > 255:
        assert fails("reduce", path, "-k", 8).endswith(": file name too long; choose another output")


def test_a_name_that_no_file_can_have():
    for read_it in (read, load_palette, Texture.find, lambda path: reduce(path, Recipe())):
        with pytest.raises((ImageReadError, PaletteReadError), match=r"embedded null (byte|character)"):
            read_it("wood\0.png")
    with pytest.raises(ImageWriteError, match=r"cannot write wood.*embedded null"):
        save_palette("wood\0.gpl", Palette.from_hex(["#ff8000"]))
