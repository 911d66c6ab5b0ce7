"""A real Dask scheduler and real workers, on this machine."""

from __future__ import annotations

import functools
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import distributed
import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

from rgbcloud import Recipe
from rgbcloud_app.batches.outcome import Options
from rgbcloud_app.batches.planning import Job
from rgbcloud_app.batches.work import carry_out
from rgbcloud_app.farm.dask_farm import Farm
from rgbcloud_app.farm.proofs import Answer, Proof, answer_question
from rgbcloud_app.farm.written import look_at_results, outcome_as_seen_here

IMAGES = 24


def started(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.fixture(scope="module")
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
def hire(scheduler):
    """Start a worker; lines of Python can be run in it first."""
    processes = []

    def call(*preload):
        more = [word for line in preload for word in ("--preload", line)]
        options = ("--nthreads", "1", "--nworkers", "1", "--no-nanny", "--no-dashboard", *more)
        processes.append(started("distributed.cli.dask_worker", scheduler, *options))
        return processes[-1]

    yield call
    for process in processes:
        process.kill()
        process.wait()
    wait_for_workers(scheduler, 0)


def wait_for_workers(scheduler, count):
    deadline = time.monotonic() + 120
    with distributed.Client(scheduler, timeout=120, set_as_default=False) as client:
        while len(client.nthreads()) != count and time.monotonic() < deadline:
            time.sleep(0.05)


@pytest.fixture
def workers(scheduler, hire):
    """Two workers, of which the first may be killed."""
    processes = [hire("import rgbcloud_app.farm.proofs, rgbcloud_app.farm.written") for _ in range(2)]
    wait_for_workers(scheduler, 2)
    return processes


@pytest.fixture
def textures(tmp_path):
    """Images that take a while."""
    folder = tmp_path / "textures"
    folder.mkdir()
    photo = load_sample_image("flower.jpg")
    for number in range(IMAGES):
        Image.fromarray(np.roll(photo, number * 9, axis=0)[::2, number:]).save(folder / f"t{number:02}.png")
    return folder


def results(folder):
    return {path.name: path.read_bytes() for path in folder.glob("t*.png")}


@pytest.mark.parametrize("share", [[], ["--shared-palette"]])
def test_a_farm_gives_the_bytes_of_one_machine_though_a_worker_is_lost(
    run, scheduler, workers, textures, tmp_path, share
):
    command = ["reduce", textures, "-r", "-k", "32", "--verbose", *share]
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


def test_a_farm_without_workers_is_waited_for_and_what_is_left_is_named(run, scheduler, wood):
    ended = run("reduce", wood, "--scheduler", scheduler, "--wait", 0.5)
    assert ended.code == 1
    assert ended.errors == (
        f"rgbcloud: {wood}: not done: no worker of {scheduler} took it within 0.5 s; "
        f"start some with `dask worker {scheduler}`, and run again with --resume\n"
    )
    assert [path.name for path in wood.parent.iterdir()] == ["wood.png"]


BLIND = """
from pathlib import Path
from rgbcloud_app.farm import proofs
proofs.Path = lambda path: Path(str(path).replace({before!r}, {after!r}))
"""
OLD = """
import rgbcloud
rgbcloud.__version__ = "0.0.1"
"""


def test_workers_that_see_other_files_get_none(run, scheduler, hire, textures, tmp_path):
    for path in sorted(textures.iterdir())[4:]:
        path.unlink()
    (tmp_path / "mirage").mkdir()
    out, elsewhere = str(tmp_path / "farm"), str(tmp_path / "mirage")
    hire(BLIND.format(before=out, after=elsewhere))
    hire(BLIND.format(before=str(textures), after=elsewhere))
    hire(OLD)
    wait_for_workers(scheduler, 3)
    farm = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "rgbcloud_app",
            "reduce",
            str(textures),
            "-r",
            "-d",
            out,
            "--scheduler",
            scheduler,
        ],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    told = "".join(sorted(farm.stderr.readline() for _ in range(3)))
    assert told.count(f"rgbcloud: the worker {scheduler.rpartition(':')[0]}:") == 3
    assert (
        f"gets no work: it does not see what was written into {elsewhere}; mount the same folder there\n"
        in told
    )
    assert f"gets no work: it does not see {textures / 't03.png'} as it is here; mount" in told
    assert "gets no work: it has rgbcloud 0.0.1, this is " in told
    assert farm.poll() is None
    hire()  # one that joins late
    with farm:
        errors = farm.stderr.read()
    assert (farm.returncode, errors.splitlines()[0]) == (0, "rgbcloud: reduced    4")
    assert {line.partition(" ")[0] for line in errors.splitlines()} == {"rgbcloud:"}  # no logs of Dask
    assert sorted(path.name for path in (tmp_path / "farm").iterdir()) == [
        f"t0{number}.png" for number in range(4)
    ]
    assert list((tmp_path / "mirage").iterdir()) == []


def test_when_all_workers_go_what_is_left_is_named(scheduler, workers, textures, tmp_path):
    command = [
        "reduce",
        str(textures),
        "-r",
        "-d",
        str(tmp_path / "farm"),
        "--scheduler",
        scheduler,
        "--wait",
        "1",
        *("--effort", "best", "-k", "64"),  # so that there is something left to do
    ]
    farm = subprocess.Popen(
        [sys.executable, "-m", "rgbcloud_app", *command, "--verbose", "--resume"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    farm.stdout.readline()
    for process in workers:
        process.kill()
    _, errors = farm.communicate(timeout=120)
    assert farm.returncode == 1
    named = [line for line in errors.splitlines() if "not done: no worker of" in line]
    # The table counts: what had come with the first line is lost to the output.
    assert errors.startswith(f"rgbcloud: reduced    {IMAGES - len(named)}\n")
    assert 0 < len(named) < IMAGES
    assert errors.endswith(f"{len(named)} of {IMAGES} images could not be reduced\n")


def test_a_result_that_went_with_its_worker_is_not_waited_for(scheduler, workers, textures, tmp_path):
    class Deadly:
        """Takes its worker along when it is fetched."""

        error = "none"

        def __reduce__(self):
            import os

            os._exit(1)

    def work(job):
        return Deadly()

    jobs = [Job(str(textures / "t00.png"), str(tmp_path / "t00.png"))]
    farm = Farm(scheduler, jobs, wait=1)
    try:
        (outcome,) = farm.each(work, jobs)
    finally:
        farm.close()
    assert "not done: no worker of" in outcome.error


def test_a_result_that_does_not_arrive_does_not_count(textures, tmp_path):
    job = Job(str(textures / "t00.png"), str(tmp_path / "t00.png"))
    written = look_at_results(functools.partial(carry_out, options=Options(Recipe())), job)
    assert outcome_as_seen_here(written).error is None
    (tmp_path / "t00.png").write_bytes(b"something else")
    outcome = outcome_as_seen_here(written, pause=0)
    assert f"{tmp_path / 't00.png'} is not here as a worker says that it wrote it" in outcome.error
    assert outcome.reports == ()


def test_the_token_goes_both_ways_and_nothing_of_it_stays(textures, tmp_path):
    out = tmp_path / "out"
    jobs = [
        Job(str(textures / f"t0{number}.png"), str(out / name)) for number, name in enumerate(("a", "b/c"))
    ]
    proof = Proof(jobs)
    answer = answer_question(proof.question)
    assert proof.problem_of(answer) == ""
    (late,) = answer_question(proof.question).left
    Path(late).unlink()
    assert "what it writes into" in proof.problem_of(Answer(left=(late,)))
    answer_question(proof.question)  # whose answer is never looked at
    proof.close()
    assert list(out.iterdir()) == []


def test_tokens_of_a_run_that_was_killed_are_cleared_away_by_the_next(textures, tmp_path):
    job = Job(str(textures / "t00.png"), str(tmp_path / "out" / "t00.png"))
    asked = (
        f"import os; from {Job.__module__} import Job; from {Proof.__module__} import Proof, answer_question;"
        f"answer_question(Proof([{job!r}]).question); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 9
    assert len(list((tmp_path / "out").iterdir())) == 2
    Proof([job]).close()
    assert list((tmp_path / "out").iterdir()) == []


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
