"""Whether batches hold what they promise under load; each prints its figures.

``python tests/benchmarks/batch_load.py kills --count 1000``: kills at random lines and times, of one file and
of a batch in one process, on two and on a Dask farm; each is followed by --resume, which has to end well,
with the bytes of a run that was left alone and no file too many.

``… memory --images 10000 --size 64`` and ``… memory --images 500 --size 2000``: the memory of a batch on two
processes, over time.

``… resume --images 100000``: how long --resume takes to find that nothing is to be done.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image
from sklearn.datasets import load_sample_image

from rgbcloud import Recipe
from rgbcloud_app.batches.receipts import FOLDER_NAME, FileState, Receipts

# Runs the command line, and kills the process when it comes to the line of our code that is asked for.
DYING = """
import os, signal, sys
left = int(sys.argv.pop(1))
def trace(frame, event, _argument):
    global left
    if "rgbcloud" not in frame.f_code.co_filename:
        return None
    left -= 1
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return trace
from rgbcloud_app.cli import main
sys.settrace(trace)
main(sys.argv[1:])
"""


def write_images(folder: Path, count: int, size: int) -> None:
    """Write parts of a photograph, no two of them alike."""
    folder.mkdir()
    photo, random_numbers = load_sample_image("flower.jpg"), np.random.default_rng(0)
    photo = np.tile(photo, (1 + size // photo.shape[0], 1 + size // photo.shape[1], 1))
    for number in range(count):
        row, column = (int(random_numbers.integers(0, length - size + 1)) for length in photo.shape[:2])
        part = photo[row : row + size, column : column + size].copy()
        part[0, 0] = number % 256, number // 256 % 256, number >> 16
        Image.fromarray(part).save(folder / f"t{number:06}.png", compress_level=1)


def results(folder: Path) -> dict[str, bytes]:
    """Return what stands in a folder; receipts by their names alone."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    kept = folder / FOLDER_NAME
    others = [path.name for path in kept.iterdir() if path.suffix != ".json"] if kept.is_dir() else []
    return {**found, **dict.fromkeys(others, b"")}


@contextlib.contextmanager
def dask_farm():
    """Yield the address of a scheduler with two workers."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        yield cluster.scheduler_address


def kill_often(count: int, seed: int) -> None:
    """See above."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name, dask_farm() as address:
        root = Path(name)
        write_images(root / "many", 10, 64)
        write_images(root / "one", 1, 64)
        forms = {
            "one file": (root / "one", ["--threads", "1"]),
            "batch": (root / "many", ["--threads", "1"]),
            "processes": (root / "many", ["--threads", "2"]),
            "farm": (root / "many", ["--scheduler", address]),
        }
        commands = {
            form: ["reduce", str(folder), "-r", "-k", "8", "--resume", *more]
            for form, (folder, more) in forms.items()
        }
        expected, lines, seconds = {}, {}, {}
        for form, command in commands.items():
            begin = time.perf_counter()
            run([*command, "-d", str(root / f"{form} whole")])
            seconds[form] = time.perf_counter() - begin
            expected[form] = results(root / f"{form} whole")
            lines[form] = 60_000 if form == "one file" else 400_000
        bad = killed = 0
        for number in range(count):
            form = chance.choice(list(forms))
            target = root / str(number)
            command = [*commands[form], "-d", str(target)]
            if form in ("one file", "batch"):
                start = [sys.executable, "-c", DYING, str(chance.randrange(1, lines[form])), *command]
                process = start_quietly(start)
            else:
                process = start_quietly([sys.executable, "-m", "rgbcloud_app", *command])
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(chance.uniform(0, seconds[form]))
                if process.poll() is None:
                    chance.choice((os.kill, os.killpg))(process.pid, signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
            code = run(command)
            if code or results(target) != expected[form]:
                bad += 1
                print(f"{number} ({form}): exit code {code}, {sorted(results(target))}", flush=True)
        print(f"{count} runs, {killed} of them killed, each followed by --resume: {bad} did not end well")


def start_quietly(command: list[str]) -> subprocess.Popen:
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def run(command: list[str]) -> int:
    return subprocess.run(
        [sys.executable, "-m", "rgbcloud_app", *command], capture_output=True, check=False
    ).returncode


def watch_memory(count: int, size: int) -> None:
    """See above."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_images(root / "many", count, size)
        command = [sys.executable, "-m", "rgbcloud_app", "reduce", str(root / "many"), "-r", "--threads", "2"]
        process = psutil.Popen([*command, "-d", str(root / "out")], stdout=subprocess.DEVNULL)
        begin, samples = time.perf_counter(), []
        while process.poll() is None:
            with contextlib.suppress(psutil.Error):
                family = [process, *process.children(recursive=True)]
                done = sum(1 for _ in os.scandir(root / "out")) if (root / "out").exists() else 0
                samples.append((done, sum(member.memory_info().rss for member in family) / 1e6))
            time.sleep(0.5)
        took = time.perf_counter() - begin
        print(f"{count} images of {size} x {size}: exit code {process.returncode}, {took:.0f} s")
        for part in range(5):
            some = [memory for done, memory in samples if part <= 5 * done / count < part + 1]
            if some:
                print(f"  fifth {part + 1}: {max(some):.0f} MB at the most, {np.median(some):.0f} MB mostly")


def resume_quickly(count: int) -> None:
    """See above."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "many").mkdir()
        (root / "out").mkdir()
        write_images(root / "some", 1, 64)
        data = (root / "some" / "t000000.png").read_bytes()
        receipts, key = Receipts(str(root / "out")), Recipe.of(colors=16).digest()
        os.fsync = lambda _handle: None  # of what is made up here
        for number in range(count):
            source, target = (root / folder / f"t{number:06}.png" for folder in ("many", "out"))
            source.write_bytes(data)
            target.write_bytes(data)
            receipts.add(str(target), key, [FileState.of(source, source.name)], [target])
        command = [sys.executable, "-m", "rgbcloud_app", "reduce", str(root / "many"), "-r", "--resume"]
        begin = time.perf_counter()
        done = subprocess.run(
            [*command, "-d", str(root / "out")], capture_output=True, text=True, check=False
        )
        took = time.perf_counter() - begin
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime
        told = "; ".join(done.stderr.splitlines())
        print(
            f"{count} files: exit code {done.returncode} after {took:.1f} s ({cpu:.1f} s of one core): {told}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, options in (
        ("kills", {"count": 1000, "seed": 0}),
        ("memory", {"images": 10_000, "size": 64}),
        ("resume", {"images": 100_000}),
    ):
        command = commands.add_parser(name)
        for option, default in options.items():
            command.add_argument(f"--{option}", type=int, default=default)
    chosen = parser.parse_args()
    if chosen.command == "kills":
        kill_often(chosen.count, chosen.seed)
    elif chosen.command == "memory":
        watch_memory(chosen.images, chosen.size)
    else:
        resume_quickly(chosen.images)


if __name__ == "__main__":
    main()
