"""Installing the packages: pip of Maya's own Python, into a folder of the module's, all or nothing."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from rgbcloud_setup.folders import move
from rgbcloud_setup.packages import IMPORTED, STAMP, UNPINNED, command_line, maya_python, requirements
from rgbcloud_setup.setup_errors import SetupError, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rgbcloud_setup.setup_errors import Report


def install(target: Path, *, wheels: Path | None = None, report: Report) -> None:
    """Install the packages for this Maya's Python into `target`, all of them or none.

    pip works in a fresh folder beside `target`; only once the packages there can be imported does it take
    the place of what was at `target`.

    Parameters
    ----------
    target : Path
        See `site_folder`.
    wheels : Path, optional
        A folder of wheels to install from, without any network; see `download`.
    report : Report
        Told as pip goes on.

    Raises
    ------
    SetupError
        If pip fails, the packages cannot be imported, or the folder cannot be written or replaced.
    CancelledError
        Let through from `report`.
    """
    options = ["install", *_pip_options(wheels), *requirements()]
    by_hand = _by_hand([*options, "--target", str(target)])
    if wheels is not None and not wheels.is_dir():
        raise SetupError(f"the folder of wheels must be a folder, got {wheels}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for old in target.parent.glob(f".{target.name}.old.*"):
            shutil.rmtree(old, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    except OSError as error:
        raise SetupError(f"cannot write to {target.parent}: {reason(error)}") from error
    try:
        _pip([*options, "--target", str(fresh)], by_hand, report)
        report(0.9, "trying the packages")
        _try(fresh, by_hand)
        (fresh / STAMP).write_text(json.dumps({"requirements": list(requirements())}), encoding="utf-8")
        fresh.chmod(0o755)  # mkdtemp lets nobody but its owner in
        _take_place(fresh, target, lambda: report(0.95, "waiting until the folders can be used"))
    except OSError as error:
        raise SetupError(f"cannot write {target}: {reason(error)}. {by_hand}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    report(1.0, "packages installed")


def download(folder: Path, *, report: Report) -> None:
    """Download this Python's wheels into `folder`, to install from where there is no network.

    Raises
    ------
    SetupError
        If pip fails.
    """
    options = ["download", *_pip_options(None), "--dest", str(folder), *requirements()]
    _pip(options, _by_hand(options), report)
    report(1.0, "wheels downloaded")


def _by_hand(options: Sequence[str]) -> str:
    return f"By hand: {command_line([*maya_python(), '-m', 'pip', *options])}"


def _pip_options(wheels: Path | None) -> list[str]:
    options = ["--only-binary", ":all:", "--disable-pip-version-check", "--no-input"]
    if requirements() is not UNPINNED:
        options.append("--no-deps")
    if wheels is not None:
        options += ["--no-index", "--find-links", str(wheels)]
    return options


def _pip(arguments: Sequence[str], by_hand: str, report: Report) -> None:
    """Run pip, telling `report` what it does."""
    report(0.0, "starting pip")
    # Settings of the user's that would contradict a folder of our own.
    environment = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    steps, seen, lines = len(requirements()) + 1, 0, []
    with _process([*maya_python(), "-m", "pip", *arguments], environment, by_hand) as process:
        for line in _lines(process):
            if line is not None:
                lines.append(line)
                seen += line.lstrip().startswith(("Collecting", "Processing", "Installing"))
            report(0.85 * min(1.0, seen / steps), lines[-1].strip()[:100] if lines else "starting pip")
    if process.returncode:
        said = [line for line in lines if line.startswith("ERROR")] or lines
        cause = " ".join(said[-3:]) or f"exit code {process.returncode}"
        offline = "Without a network, install from a folder of wheels (--wheels FOLDER)."
        raise SetupError(f"pip failed: {cause} {offline} {by_hand}")


@contextlib.contextmanager
def _process(
    command: Sequence[str], environment: dict[str, str], by_hand: str
) -> Iterator[subprocess.Popen[str]]:
    """Start a program whose output can be read, and end it with the block."""
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise SetupError(f"cannot start {command[0]}: {reason(error)}. {by_hand}") from error
    try:
        yield process
        process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _lines(process: subprocess.Popen[str]) -> Iterator[str | None]:
    """Yield the program's lines as they come, and None ten times a second while none comes."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        with process.stdout as stdout:
            for line in stdout:
                lines.put(line.rstrip())
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=0.1)
        except queue.Empty:
            yield None
            continue
        if line is None:
            return
        yield line


_ALONE = f"import sys; sys.path.insert(0, sys.argv[1]); import {', '.join(IMPORTED)}, scipy.optimize"
_AS_THEY_RUN = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from rgbcloud_setup import packages
del sys.path[0]
packages.use(Path(sys.argv[1]))
trouble = packages.packages_problem()
if trouble:
    sys.exit(trouble)
import scipy.optimize
"""


def _try(folder: Path, by_hand: str) -> None:
    """Import the packages by themselves, and then beside what is on the path, by the product's own rule.

    In processes of their own, so that nothing of the folder is in use here.
    """
    scripts = str(Path(__file__).absolute().parents[1])
    for code, what in ((_ALONE, "cannot be imported"), (_AS_THEY_RUN, "do not work beside others")):
        # Without byte code: it would be written for the folder's temporary name.
        command = [*maya_python(), "-B", "-c", code, str(folder), scripts]
        with _process(command, dict(os.environ), by_hand) as process:
            said = [line for line in _lines(process) if line]
        if process.returncode:
            cause = said[-1] if said else f"exit code {process.returncode}"
            raise SetupError(f"the packages were installed but {what}: {cause}. {by_hand}")


def _take_place(fresh: Path, target: Path, waiting: Callable[[], object]) -> None:
    """Put `fresh` where `target` is, or leave `target` as it was."""
    if not target.exists():
        move(fresh, target, waiting)
        return
    old = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.old."))
    try:
        try:
            move(target, old / "replaced", waiting)
        except OSError as error:
            in_use = "close every Maya that uses rgbcloud and run this again"
            raise SetupError(f"{target} cannot be replaced ({reason(error)}); {in_use}") from error
        try:
            move(fresh, target, waiting)
        except BaseException:
            move(old / "replaced", target)
            raise
    except BaseException:
        old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)  # what a running Maya keeps locked goes next time
