"""Files called as the world calls them."""

from __future__ import annotations

import shutil

import deep_files
import numpy as np
import pytest


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
