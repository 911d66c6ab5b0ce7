"""Batches that are interrupted: by Ctrl-C, by a farm manager's SIGTERM, by the end of what started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil
import pytest
from PIL import Image

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

IMAGES = 400  # more than are done before a signal comes, on a busy machine too


@pytest.fixture
def textures(tmp_path, photo):
    folder = tmp_path / "textures"
    folder.mkdir()
    Image.fromarray(photo).save(folder / "t000.png")
    for number in range(1, IMAGES):
        os.link(folder / "t000.png", folder / f"t{number:03}.png")
    return folder


def heed_signals():
    """Begin as from a terminal: what nohup and the like start ignores some of them."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture
def batch(textures, tmp_path):
    """Start a batch on two processes, in a process group of its own; return it when it has done an image."""
    running = []

    def start(*more):
        command = [
            "reduce",
            textures,
            "-r",
            "-d",
            tmp_path / "out",
            "--threads",
            "2",
            "--verbose",
            "--resume",
            *more,
        ]
        process = subprocess.Popen(
            [sys.executable, "-m", "rgbcloud_app", *map(str, command)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=heed_signals,
        )
        running.append(process)
        assert process.stdout.readline()
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 2
        return process, children

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def assert_gone(children):
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive


def assert_whole(out):
    """Whatever is there is a whole image or belongs to the receipts."""
    for path in out.iterdir():
        if path.is_file():
            assert path.suffix == ".png", path
            with Image.open(path) as picture:
                picture.load()


@pytest.mark.parametrize(
    ("to", "number"),
    [(os.killpg, signal.SIGINT), (os.kill, signal.SIGTERM), (os.killpg, signal.SIGHUP)],
    ids=["ctrl-c", "term", "hangup"],
)
def test_a_signal_ends_all_of_it(batch, tmp_path, to, number):
    process, children = batch()
    to(process.pid, number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    name = "" if number == signal.SIGINT else f" by {number.name}"
    assert errors.strip("\n") == f"rgbcloud: interrupted{name}"
    assert_gone(children)
    assert_whole(tmp_path / "out")
    assert 1 <= output.count(" -> ") + 1 < IMAGES


def test_a_second_signal_ends_it_at_once():
    script = """
import signal
from rgbcloud_app.interruption import Interruptible
with Interruptible():
    try:
        signal.raise_signal(signal.SIGTERM)
    except KeyboardInterrupt:
        print("heeding", flush=True)
        signal.raise_signal(signal.SIGTERM)
        print("still there", flush=True)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (128 + signal.SIGTERM, "heeding\n", "")


def test_when_the_main_process_is_killed_its_workers_end(batch, run, textures, tmp_path):
    process, children = batch()
    process.kill()
    process.wait()
    assert_gone(children)
    count = len(list((tmp_path / "out").glob("*.png")))
    assert_whole(tmp_path / "out")
    assert count < IMAGES
    for number, path in enumerate(sorted(textures.iterdir())):
        if abs(number - count) > 3:  # those that were under way are near
            path.unlink()
    assert run("reduce", textures, "-r", "-d", tmp_path / "out", "--resume").code == 0
    assert run("reduce", textures, "-r", "-d", tmp_path / "whole").code == 0
    for path in textures.iterdir():
        assert (tmp_path / "out" / path.name).read_bytes() == (tmp_path / "whole" / path.name).read_bytes()
