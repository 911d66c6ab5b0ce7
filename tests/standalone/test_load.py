"""What tests/benchmarks/batch_load.py does at length, in short: kills, memory, seeing that all is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tracemalloc

import pytest
from PIL import Image

from rgbcloud import Recipe
from rgbcloud_app.batches.outcome import Options
from rgbcloud_app.batches.planning import Job
from rgbcloud_app.batches.receipts import FOLDER_NAME
from rgbcloud_app.batches.work import carry_out

# Runs the command line, and kills the process at the n-th call of a function of the operating system.
DYING = """
import os, signal, sys
name, left = sys.argv.pop(1), int(sys.argv.pop(1))
real = getattr(os, name)
def counted(*arguments, **options):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **options)
setattr(os, name, counted)
from rgbcloud_app.cli import main
main(sys.argv[1:])
"""


@pytest.fixture
def textures(tmp_path, photo):
    folder = tmp_path / "textures"
    folder.mkdir()
    for number in range(3):
        Image.fromarray(photo[number : number + 20, :20]).save(folder / f"t{number}.png")
    return folder


@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX has them")
@pytest.mark.parametrize(
    ("name", "number"),
    [("fsync", 1), ("fsync", 2), ("fsync", 3), ("fsync", 5), ("link", 2)],
)
def test_after_a_kill_resume_ends_well(run, textures, tmp_path, name, number):
    out = tmp_path / "out"
    command = ["reduce", textures, "-r", "-k", 4, "--resume", "--threads", 1, "-d"]
    assert run(*command, tmp_path / "whole").code == 0
    dying = [sys.executable, "-c", DYING, name, number, *command, out]
    killed = subprocess.run([str(word) for word in dying], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert run(*command, out).code == 0
    for path in (out / FOLDER_NAME).iterdir():
        assert path.suffix == ".json"
    found, expected = (
        {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        for folder in (out, tmp_path / "whole")
    )
    assert found == expected


def test_memory_stays_flat(wood, photo, tmp_path):
    options = Options(Recipe.of(colors=4), overwrite=True)
    job = Job(str(wood), str(tmp_path / "t0.png"))

    def kept(count):
        for _ in range(count):
            assert carry_out(job, options).error is None
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        first = kept(3)
        assert kept(6) - first < photo.nbytes  # six images, of which not one is kept
    finally:
        tracemalloc.stop()


def test_that_all_is_done_is_decided_without_reading_an_image(run, textures, tmp_path, monkeypatch):
    command = ["reduce", textures, "-r", "-d", tmp_path / "out", "--resume"]
    assert run(*command).code == 0

    def fail(*_arguments, **_options):
        raise AssertionError("a file was read")

    for name in ("work.reduce_texture", "resuming.read", "receipts.digest_of"):
        monkeypatch.setattr(f"rgbcloud_app.batches.{name}", fail)
    digest, resolve, digests, resolved = Recipe.digest, os.path.realpath, [], []
    monkeypatch.setattr(Recipe, "digest", lambda recipe: digests.append(recipe) or digest(recipe))
    monkeypatch.setattr(os.path, "realpath", lambda path: resolved.append(path) or resolve(path))
    ended = run(*command)
    assert (ended.code, "unchanged  3" in ended.errors) == (0, True)
    assert len(digests) == 1  # for all of them together
    assert not [path for path in resolved if str(path).endswith(".png")]  # a folder says where its files are
