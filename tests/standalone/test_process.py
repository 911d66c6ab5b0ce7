"""The command as a process: how it starts, how it ends, what it does about pipes and Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from importlib import metadata

import numpy as np
import pytest
from PIL import Image

import rgbcloud

RGBCLOUD = [sys.executable, "-m", "rgbcloud_app"]

posix = pytest.mark.skipif(os.name == "nt", reason="signals, pipes and terminals of POSIX")


def ended(*arguments, **options):
    return subprocess.run(
        [*RGBCLOUD, *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )


@pytest.fixture
def noise(tmp_path):
    """An image that takes some seconds to cluster: every texel has a colour of its own."""
    path = tmp_path / "noise.bmp"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (1500, 1500, 3), np.uint8)).save(path)
    return path


def test_the_command_is_installed():
    (entry,) = (
        point
        for point in metadata.distribution("rgbcloud").entry_points
        if (point.group, point.name) == ("console_scripts", "rgbcloud")
    )
    assert entry.value == "rgbcloud_app.cli:main"
    assert ended("--version").stdout == f"rgbcloud, version {rgbcloud.__version__}\n"


def test_help_is_printed_before_anything_heavy_is_imported():
    script = """
import sys
from rgbcloud_app.cli import main
for arguments in (["--help"], ["reduce", "--help"], ["cloud", "--help"], ["demo", "--help"]):
    try:
        main(arguments)
    except SystemExit as end:
        assert end.code == 0, end
print(sorted({"matplotlib", "rich", "scipy", "sklearn"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_click_a_sentence_says_what_to_install():
    script = """
import sys
sys.modules["click"] = None
from rgbcloud_app.cli import main
main([])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "rgbcloud: the command line needs click: python -m pip install click\n"


def test_without_what_draws_a_sentence_says_what_to_install(wood):
    target = wood.with_name("cloud.png")
    script = """
import sys
sys.modules["matplotlib"] = None
from rgbcloud_app.cli import main
main(["cloud", sys.argv[1], "--output", sys.argv[2]])
"""
    command = [sys.executable, "-c", script, str(wood), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(": python -m pip install matplotlib\n")
    assert not target.exists()


def test_no_command_at_all_shows_the_help():
    done = ended()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: rgbcloud ")


def test_a_bug_keeps_its_traceback(wood):
    script = """
import sys
from rgbcloud_app.cli import main
import rgbcloud
def fail(*_arguments, **_options):
    raise ZeroDivisionError("a bug")
rgbcloud.read = fail
main(["info", sys.argv[1]])
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(wood)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "ZeroDivisionError: a bug" in done.stderr


# A shell shows both as 130. Python ends by the signal itself where that came in the middle of an exec, as
# namedtuple does while modules are imported, whoever catches the exception afterwards.
INTERRUPTED = (130, -signal.SIGINT)


def heed_ctrl_c():
    """Begin as in a terminal: what a shell has put into the background is told to ignore Ctrl+C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@posix
def test_ctrl_c_in_the_middle_leaves_nothing(noise):
    target = noise.parent / "out" / "noise.png"
    command = [*RGBCLOUD, "reduce", "-", "--effort", "best", "--colors", "256", "--output", str(target)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heed_ctrl_c,
    ) as process:
        process.stdin.write(noise.read_bytes())  # returns when the command has begun to read
        process.stdin.close()
        time.sleep(1)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(60) in INTERRUPTED
        assert process.stdout.read() == b""
        assert process.stderr.read() == b"\nrgbcloud: interrupted\n"  # a new line after ^C
    assert [path.name for path in noise.parent.iterdir()] == ["noise.bmp"]


@posix
def test_ctrl_c_among_many_files_keeps_what_is_done(noise, wood):
    command = [*RGBCLOUD, "reduce", wood, noise, "--colors", "256", "--effort", "best", "--output-dir", "out"]
    done = noise.parent / "out" / "wood.png"
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=noise.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heed_ctrl_c,
    ) as process:
        assert process.stdout.readline().startswith(str(wood).encode())
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(60) in INTERRUPTED
        assert process.stderr.read() == b"\nrgbcloud: interrupted\n"  # a new line after ^C
    assert [path.name for path in done.parent.iterdir()] == ["wood.png"]
    with Image.open(done) as picture:
        picture.load()


@posix
def test_a_reader_that_leaves_early_is_no_drama(wood):
    reader, writer = os.pipe()
    os.close(reader)
    for arguments in (("palette", wood), ("info", wood), ("reduce", wood, "--output", "-")):
        with subprocess.Popen(
            [*RGBCLOUD, *map(str, arguments)], stdout=writer, stderr=subprocess.PIPE, text=True
        ) as process:
            errors = process.stderr.read()
        assert (process.returncode, errors) == (1, "")
    os.close(writer)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs the full device of Linux")  # noqa: PTH110
def test_a_full_standard_output_is_told(wood):
    for arguments in (("palette", wood), ("reduce", wood, "--output", "-")):
        with open("/dev/full", "wb") as full:  # noqa: PTH123
            done = subprocess.run(
                [*RGBCLOUD, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 1
        assert done.stderr == (
            "rgbcloud: cannot write to standard output: no space left on device; write to a file\n"
        )


def test_no_bar_in_a_pipe(wood):
    done = ended("reduce", wood)
    assert (done.returncode, done.stderr) == (0, "")


@posix
def test_a_bar_on_a_terminal_and_results_on_standard_output(wood):
    import pty  # Windows has none

    controller, terminal = pty.openpty()
    with subprocess.Popen(
        [*RGBCLOUD, "reduce", str(wood)],
        stdout=subprocess.PIPE,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"},
    ) as process:
        os.close(terminal)
        drawn = b""
        with contextlib.suppress(OSError):  # which tells that the other end is closed
            while block := os.read(controller, 1 << 16):
                drawn += block
        output = process.stdout.read()
    os.close(controller)
    assert process.returncode == 0
    assert b"100%" in drawn
    assert b"wood.png" in drawn
    assert output.startswith(f"{wood} -> ".encode())
    assert b"\x1b" not in output


def test_names_that_the_terminal_cannot_show_are_escaped(wood):
    named = wood.rename(wood.with_name("木.png"))
    done = ended("info", named, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].endswith("\\u6728.png")


def test_lines_of_foreign_libraries_are_kept_off(tmp_path):
    """A PNG that is cut short, under the name of a TIFF: libpng says so on standard error by itself."""
    whole = tmp_path / "wood.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)).save(whole)
    cut = tmp_path / "cut.tif"
    cut.write_bytes(whole.read_bytes()[:500])
    done = ended("reduce", cut)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"rgbcloud: {cut} is damaged or cut short")
