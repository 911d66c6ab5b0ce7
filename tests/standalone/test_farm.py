"""A real Dask scheduler and real workers, on this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import distributed
import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

IMAGES = 24


def started(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.fixture
def scheduler():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    process = started(
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.2)
    yield address
    process.kill()
    process.wait()


@pytest.fixture
def workers(scheduler):
    """Two workers, of which the first may be killed."""
    options = ("--nthreads", "1", "--nworkers", "1", "--no-nanny", "--no-dashboard")
    processes = [started("distributed.cli.dask_worker", scheduler, *options) for _ in range(2)]
    with distributed.Client(scheduler, timeout=120, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=120)
    yield processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def textures(tmp_path):
    """Images that take a while."""
    folder = tmp_path / "textures"
    folder.mkdir()
    photo = load_sample_image("flower.jpg")
    for number in range(IMAGES):
        Image.fromarray(np.roll(photo, number * 9, axis=0)[:, number:]).save(folder / f"t{number:02}.png")
    return folder


def results(folder):
    return {path.name: path.read_bytes() for path in folder.glob("t*.png")}


@pytest.mark.parametrize("share", [[], ["--shared-palette"]])
def test_a_farm_gives_the_bytes_of_one_machine_though_a_worker_is_lost(
    run, scheduler, workers, textures, tmp_path, share
):
    command = ["reduce", textures, "-r", "-k", "32", *share]
    where = ["-d", str(tmp_path / "farm"), "--scheduler", scheduler]
    farm = subprocess.Popen(
        [sys.executable, "-m", "rgbcloud_app", *map(str, command), *where],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if share:
        with distributed.Client(scheduler, timeout=120, set_as_default=False) as client:
            while not any(client.processing().values()):  # until the farm is in the middle of counting
                assert farm.poll() is None
                time.sleep(0.05)
    else:
        farm.stdout.readline()
    assert farm.poll() is None, "the batch was over before a worker could be lost"
    os.kill(workers[0].pid, signal.SIGKILL)
    _, errors = farm.communicate(timeout=300)
    assert farm.returncode == 0, errors
    assert f"rgbcloud: reduced    {IMAGES}\n" in errors
    assert run(*command, "-d", tmp_path / "here").code == 0
    assert len(results(tmp_path / "farm")) == IMAGES
    assert results(tmp_path / "farm") == results(tmp_path / "here")


def test_a_failure_on_a_worker_is_told_as_at_home(run, scheduler, workers, textures, tmp_path):
    (textures / "t00.png").write_text("no image")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "t01.png").write_text("precious")
    for path in sorted(textures.iterdir())[4:]:
        path.unlink()
    ended = run("reduce", textures, "-r", "-d", tmp_path / "out", "--scheduler", scheduler)
    assert ended.code == 1
    assert ended.errors.splitlines()[-3:] == [
        f"rgbcloud: {textures / 't00.png'} is not an image that can be read; is its name right?",
        f"rgbcloud: {tmp_path / 'out' / 't01.png'} exists already; allow overwriting or choose another name",
        "rgbcloud: 2 of 4 images could not be reduced",
    ]
    assert (tmp_path / "out" / "t01.png").read_text() == "precious"
    assert sorted(results(tmp_path / "out")) == ["t01.png", "t02.png", "t03.png"]


def test_a_scheduler_without_workers_is_told(fails, scheduler, wood):
    sentence = fails("reduce", wood, "--scheduler", scheduler)
    assert sentence == (
        f"the scheduler at {scheduler} has no workers; start some with `dask worker {scheduler}`"
    )


def test_a_farm_finds_the_palette_of_deep_images_too(run, scheduler, workers, tmp_path):
    folder = tmp_path / "skies"
    folder.mkdir()
    for number in range(10):  # more than one task merges
        levels = np.arange(48 * 48, dtype=np.uint16).reshape(48, 48) * (number + 1)
        Image.fromarray(levels).save(folder / f"t{number}.png")
    command = ["reduce", folder, "-r", "-k", "9", "--shared-palette"]
    assert run(*command, "-d", tmp_path / "farm", "--scheduler", scheduler).code == 0
    assert run(*command, "-d", tmp_path / "here").code == 0
    assert len(results(tmp_path / "farm")) == 10
    assert results(tmp_path / "farm") == results(tmp_path / "here")
    colors = {level for path in (tmp_path / "farm").iterdir() for level in np.unique(Image.open(path))}
    assert len(colors) == 9
