from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rgbcloud import ImageWriteError
from rgbcloud.images import files
from rgbcloud.images.files import check_not_source, write_file
from rgbcloud.images.temporary import temporary_file


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


@pytest.mark.parametrize("links", [True, False])
def test_of_two_that_write_one_new_file_one_is_refused(tmp_path, monkeypatch, links):
    """The other one comes after the first look, and before the file gets its name."""
    path = tmp_path / "wood.png"
    compare = files._check_content

    def late(temporary, data):
        compare(temporary, data)
        path.write_bytes(b"the other's")

    def no_links(*_names):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(files, "_check_content", late)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(ImageWriteError, match=r"wood\.png exists already; allow overwriting or choose"):
        write_file(path, b"ours")
    assert path.read_bytes() == b"the other's"
    assert names(tmp_path) == ["wood.png"]


def test_without_links_a_new_file_is_written_all_the_same(tmp_path, monkeypatch):
    def no_links(*_names):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert write_file(tmp_path / "wood.png", b"texels").read_bytes() == b"texels"
    assert names(tmp_path) == ["wood.png"]


def test_a_link_to_nothing_is_a_file_that_is_there(tmp_path):
    path = tmp_path / "wood.png"
    path.symlink_to(tmp_path / "nothing")
    with pytest.raises(ImageWriteError, match=r"wood\.png exists already"):
        write_file(path, b"texels")
    assert path.is_symlink()
    write_file(path, b"texels", overwrite=True)
    assert not path.is_symlink()
    assert names(tmp_path) == ["wood.png"]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: bytes(len(data)), lambda data: data + b"x"]
)
def test_what_does_not_stand_there_as_meant_replaces_nothing(tmp_path, monkeypatch, damage):
    path = tmp_path / "wood.png"
    path.write_bytes(b"the good old one")
    sync = os.fsync

    def lose(descriptor):
        sync(descriptor)
        (temporary,) = (file for file in tmp_path.iterdir() if file.name.startswith(".rgbcloud-"))
        temporary.write_bytes(damage(temporary.read_bytes()))

    monkeypatch.setattr(os, "fsync", lose)
    with pytest.raises(
        ImageWriteError, match=r"wood\.png: what was written is not what stands there; choose"
    ):
        write_file(path, b"texels" * 1000, overwrite=True)
    assert path.read_bytes() == b"the good old one"
    assert names(tmp_path) == ["wood.png"]


def test_a_name_of_as_many_bytes_as_a_file_can_have(tmp_path):
    path = tmp_path / f"{'x' * 251}.png"
    assert write_file(path, b"texels").read_bytes() == b"texels"


KILLED = """
import os, sys
from pathlib import Path
from rgbcloud.images.temporary import temporary_file
with temporary_file(Path(sys.argv[1]), ".exr") as file:
    file.write_bytes(b"half of i")
    os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_what_killed_processes_left_goes_and_nothing_else(tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    ended = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert ended.returncode == -9
    (left,) = folder.iterdir()
    elsewhere = folder / left.name.replace(left.name.split("-")[1], "0" * 8)  # of another machine
    elsewhere.touch()
    (folder / ".wood.png.abcd1234").touch()
    with temporary_file(tmp_path / "results" / ".") as mine:  # another process that runs
        write_file(folder / "wood.png", b"texels")
        kept = {".wood.png.abcd1234", "wood.png", elsewhere.name, mine.name}
        assert set(names(folder)) == kept
