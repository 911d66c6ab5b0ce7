"""Disks that are full indeed, as far as the tests may mount some: nothing is lost, and it is told."""

from __future__ import annotations

import subprocess
import tempfile

import deep_files
import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def tiny(tmp_path):
    """A disk of 60 KB, of which 40 are taken."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=60k", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"this user may not mount a disk: {getattr(error, 'stderr', '') or error}")
    (folder / "taken").write_bytes(bytes(40_000))
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(params=[".png", ".exr", ".16.png", ".tif"])
def noise(request, tmp_path):
    """An image that does not become smaller than 30 KB."""
    path = tmp_path / f"noise{request.param}"
    pixels = np.random.default_rng(1).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    if request.param in (".png", ".tif"):
        Image.fromarray(pixels).save(path)
    elif request.param == ".exr":
        deep_files.write(path, pixels / np.float32(255), "half")
    else:
        deep_files.write(path, pixels.astype(np.uint16) * 257, "uint16")
    return path


def test_a_full_target_keeps_what_was_there(run, tiny, noise):
    target = tiny / f"noise{noise.suffix}"
    target.write_bytes(b"the old one")
    ended = run("reduce", noise, "-k", 256, "--no-squeeze", "-o", target, "--overwrite")
    assert (ended.code, ended.output) == (1, "")
    *_, sentence = ended.errors.splitlines()  # libraries may have lines of their own, but for a process
    assert sentence.startswith("rgbcloud: ")
    told = (f"cannot write {target}: no space left on device", f"is there room in {tiny}?")
    assert any(each in sentence for each in told), sentence
    assert target.read_bytes() == b"the old one"
    assert sorted(path.name for path in tiny.iterdir()) == [target.name, "taken"]


def test_a_full_temporary_folder_spoils_nothing(run, tiny, noise, monkeypatch, tmp_path):
    target = tmp_path / "out" / f"noise{noise.suffix}"
    wanted = run("reduce", noise, "-k", 256, "-o", target)
    assert wanted.code == 0, wanted
    expected = target.read_bytes()
    monkeypatch.setattr(tempfile, "tempdir", str(tiny))
    ended = run("reduce", noise, "-k", 256, "-o", target, "--overwrite")
    assert ended.code == 0 or str(tiny) in ended.errors, ended
    assert target.read_bytes() == expected
