"""Standard input, output and error: results on one, messages and the progress bar on the other."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rgbcloud.errors import ImageWriteError, printable, reason_of
from rgbcloud.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rgbcloud.images import PipedFile

STANDARD = "-"
"""What stands for standard input or output in the place of a file name."""


SAME = "same"
"""What stands for the format that is the source's own."""

STANDARD_INPUT = "standard input"
"""What messages call it."""


def standard_input() -> PipedFile:
    """Return what comes in on standard input, all of it."""
    from rgbcloud.images import PipedFile  # which takes a while

    return PipedFile(sys.stdin.buffer, STANDARD_INPUT)


def path_or_stdin(image: str) -> str | PipedFile:
    """Return a path as it is, and for ``-`` what comes in on standard input."""
    return standard_input() if image == STANDARD else image


def check_output(output: str, sources: Iterable[Path], suffixes: Sequence[str], *, overwrite: bool) -> str:
    """Return a target's suffix, having complained, before any work, of a target that cannot be written.

    Parameters
    ----------
    output : str
        The path to write.
    sources : iterable of Path
        The files that are read.
    suffixes : sequence of str
        Those that the command writes.
    overwrite : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    ImageWriteError
        If the suffix is another one, the target is a source, or it is there and must not be replaced.
    """
    from rgbcloud.images import check_not_source, check_writable  # which takes a while

    target = Path(output)
    suffix = target.suffix.lower()
    if suffix not in suffixes:
        raise ImageWriteError(f"cannot write {output}: its name must end with one of {' '.join(suffixes)}")
    for source in sources:
        check_not_source(target, source)
    check_writable(target, overwrite=overwrite)
    return suffix


def say(*lines: str) -> None:
    """Print a result on standard output: lines, whatever names in them hold."""
    text = "\n".join(map(printable, lines))
    with _standard_output():
        click.echo(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace"))


def say_json(value: object) -> None:
    """Print a result for machines: one line."""
    say(json.dumps(value))


def say_bytes(data: bytes) -> None:
    """Put a file on standard output."""
    with _standard_output():
        click.echo(data, nl=False)


def complain(*lines: object) -> None:
    """Print a message on standard error, mostly of one line, whatever names in it hold."""
    click.echo("rgbcloud: " + "\n".join(printable(str(line)) for line in lines), err=True)


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """Yield a progress callback that draws a bar on standard error; nothing where that is no terminal.

    Within a job of Open Job Description it prints the lines that its scheduler shows.
    """
    if os.environ.get("RGBCLOUD_PROGRESS") == "openjd":
        yield _open_job_progress()
        return
    if not sys.stderr.isatty():
        yield silent
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn
        from rich.progress import Progress as Bars
    except ModuleNotFoundError:  # a comfort, not worth failing for
        yield silent
        return

    columns = (
        TextColumn("{task.description}", markup=False),  # a file may be called [wood]
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[step]}", markup=False),
    )
    # Standard output is left alone: it may be a pipe.
    with Bars(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bars:
        task = bars.add_task(printable(label), total=1.0, step="")
        yield lambda fraction, message: bars.update(task, completed=fraction, step=message)


def _open_job_progress() -> Progress:
    """Return a callback that prints a line where the percentage or the step has changed."""
    told: dict[str, str] = {}

    def report(fraction: float, message: str) -> None:
        for name, value in (("progress", f"{100 * fraction:.0f}"), ("status", message)):
            if told.get(name) != value:
                told[name] = value
                print(f"openjd_{name}: {value}", flush=True)  # noqa: T201 - a protocol

    return report


@contextlib.contextmanager
def _standard_output() -> Iterator[None]:
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_output()
        raise click.exceptions.Exit(1) from None  # whoever read it has left: nobody to tell
    except OSError as error:
        _abandon_output()
        msg = f"cannot write to standard output: {reason_of(error)}; write to a file"
        raise ImageWriteError(msg) from error


def _abandon_output() -> None:
    """Send what is still waiting to be written, which would fail again at the end, nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
