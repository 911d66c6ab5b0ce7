from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from rgbcloud import ImageWriteError
from rgbcloud.images.files import check_not_source, write_file


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_and_its_folder_are_made(tmp_path):
    path = tmp_path / "new" / "folder" / "wood.png"
    assert write_file(path, b"texels") == path
    assert path.read_bytes() == b"texels"
    assert names(path.parent) == ["wood.png"]


def test_a_file_that_is_there_stays_unless_it_may_go(tmp_path):
    path = tmp_path / "wood.png"
    path.write_bytes(b"old")
    with pytest.raises(ImageWriteError, match=r"wood\.png exists already; allow overwriting or choose"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    write_file(path, b"new", overwrite=True)
    assert path.read_bytes() == b"new"


def test_a_folder_is_not_replaced(tmp_path):
    with pytest.raises(ImageWriteError, match="it is a folder; name a file in it"):
        write_file(tmp_path, b"texels", overwrite=True)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "wood").touch()
    with pytest.raises(ImageWriteError, match=r"cannot write .*wood.grain\.png: .*; choose another output"):
        write_file(tmp_path / "wood" / "grain.png", b"texels")
    assert names(tmp_path) == ["wood"]


def test_a_name_that_no_file_can_have(tmp_path):
    target = tmp_path / f"{'x' * 300}.png"
    check_not_source(target, tmp_path / "wood.png")
    check_not_source(tmp_path / "wood.png", target)
    with pytest.raises(ImageWriteError, match=r"cannot write .*: .*; choose another output"):
        write_file(target, b"texels")
    assert names(tmp_path) == []


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize("before", [None, b"old"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step, before):
    path = tmp_path / "wood.png"
    if before:
        path.write_bytes(before)

    def fail(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(ImageWriteError, match=r"cannot write .*wood\.png: no space left on device; choose"):
        write_file(path, b"texels", overwrite=True)
    monkeypatch.undo()
    assert names(tmp_path) == (["wood.png"] if before else [])
    assert not before or path.read_bytes() == before


def test_an_interruption_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(_descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(tmp_path / "wood.png", b"texels")
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_the_file_has_the_rights_of_any_new_file(tmp_path):
    before = os.umask(0o027)
    try:
        path = write_file(tmp_path / "wood.png", b"texels")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_source_is_known_by_every_name(tmp_path, monkeypatch):
    source = tmp_path / "wood.png"
    source.touch()
    link, twin = tmp_path / "link.png", tmp_path / "twin.png"
    link.symlink_to(source)
    os.link(source, twin)
    monkeypatch.chdir(tmp_path)
    for target in (source, link, twin, Path("wood.png"), tmp_path / "x" / ".." / "wood.png"):
        with pytest.raises(ImageWriteError, match="is the source, which is never written to; choose another"):
            check_not_source(target, source)
    check_not_source(tmp_path / "other.png", source)
