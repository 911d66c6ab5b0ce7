"""Damaged files for every reader, in processes that are watched: ``python tests/fuzz/run.py 100000``.

Each input ends in a result or in the product's own error, within 20 seconds and 2 GB, or is told and kept.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # for what tests share

from fuzz import readers

SPAWN = multiprocessing.get_context("spawn")  # a fork of libraries' threads would hang
_START = 60  # seconds
_SECONDS = 20
_BYTES = 2 << 30


def work(name, numbers, state, pipe):
    """Use a reader on damaged files; `state` tells the parent where it is: the number, and since when."""
    resource.setrlimit(resource.RLIMIT_AS, (5 * _BYTES, 5 * _BYTES))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries' own lines
    reader = readers.readers()[name]
    for number in numbers:
        state[0], state[1] = number, time.monotonic()
        try:
            ended = readers.use(reader, readers.damaged(reader, number))
        except BaseException:  # noqa: BLE001 # whatever it is, it is a bug
            ended = traceback.format_exc()
        pipe.send(
            (
                number,
                ended,
                time.monotonic() - state[1],
                resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10,
            )
        )
    state[1] = 0.0
    pipe.send(None)


class Figures:
    """What came of one reader's inputs."""

    def __init__(self):
        self.ends = {"read": 0, "refused": 0}
        self.slowest, self.peak = (0.0, 0), 0
        self.bugs = []

    def add(self, number, ended, seconds, memory):
        """Take one input down."""
        self.slowest = max(self.slowest, (seconds, number))
        if ended in self.ends:
            self.ends[ended] += 1
        else:
            self.bugs.append((number, ended))
        if memory > max(_BYTES, self.peak):  # which never falls again
            self.bugs.append((number, f"took {memory:,} bytes"))
        self.peak = max(self.peak, memory)


def watch(name, numbers):
    """Have a reader read inputs; go on behind one that kills its process or takes too long."""
    figures, left = Figures(), list(numbers)
    while left:
        state = SPAWN.Array("d", [-1, time.monotonic() + _START], lock=False)
        receive, send = SPAWN.Pipe(duplex=False)
        process = SPAWN.Process(target=work, args=(name, left, state, send), daemon=True)
        process.start()
        send.close()
        why = "its process died"
        while True:
            if receive.poll(1):
                try:
                    message = receive.recv()
                except EOFError:
                    break
                if message is None:
                    process.join()
                    return figures
                figures.add(*message)
                left = left[1:]
            elif state[1] and time.monotonic() - state[1] > _SECONDS:
                why = f"took more than {_SECONDS} seconds"
                process.kill()
                break
        process.join()
        if state[0] < 0:
            sys.exit(f"the reader {name} cannot be started (exit code {process.exitcode})")
        figures.bugs.append((left[0], f"{why} (exit code {process.exitcode})"))
        left = left[1:]
    return figures


def main():
    """Print a line for each reader, and every bug; exit with 1 if there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, help="inputs for all readers together")
    parser.add_argument("--reader", help="only this one", choices=readers.readers())
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    asked = parser.parse_args()
    names = [asked.reader] if asked.reader else list(readers.readers())
    each = -(-asked.count // len(names))
    kept = Path(tempfile.gettempdir(), "rgbcloud-fuzz")
    bugs = total = 0
    print(f"{'reader':<15} {'inputs':>7} {'read':>7} {'refused':>7} {'bugs':>5}  slowest        memory")
    for name in names:
        figures = watch(name, range(asked.first, asked.first + each))
        total, bugs = total + each, bugs + len(figures.bugs)
        read, refused = figures.ends["read"], figures.ends["refused"]
        slow = f"{figures.slowest[0]:5.2f} s"
        print(
            f"{name:<15} {each:>7,} {read:>7,} {refused:>7,} {len(figures.bugs):>5}  {slow} "
            f" {figures.peak >> 20:>7,} MB",
            flush=True,
        )
        for number, told in figures.bugs:
            reader = readers.readers()[name]
            kept.mkdir(exist_ok=True)
            file = kept / f"{name.replace(' ', '-')}-{number}{reader.suffix}"
            file.write_bytes(readers.damaged(reader, number))
            print(f"  {file}: {told.strip().splitlines()[-1]}", flush=True)
    print(f"{total:,} inputs, {bugs} bugs")
    sys.exit(bool(bugs))


if __name__ == "__main__":
    main()
