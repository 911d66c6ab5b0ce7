"""The command line, run as a shell does, and files to run it on."""

from __future__ import annotations

import io
import sys
from typing import NamedTuple

import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

from rgbcloud import set_thread_count
from rgbcloud_app.cli import main


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    output: str
    errors: str


@pytest.fixture
def run(capfdbinary, monkeypatch):
    """Run ``rgbcloud`` with the given arguments in this process; `output` is bytes if asked for."""

    def call(*arguments, stdin=b"", binary=False):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        output, errors = capfdbinary.readouterr()
        return Ended(end.value.code, output if binary else output.decode(), errors.decode())

    yield call
    set_thread_count(None)


@pytest.fixture
def fails(run):
    """Run ``rgbcloud`` and return its one sentence, having seen that it ended as a failure should."""

    def call(*arguments, code=1, stdin=b""):
        ended = run(*arguments, stdin=stdin)
        assert ended.code == code, ended
        assert ended.output == ""
        assert ended.errors.startswith("rgbcloud: ")
        assert ended.errors.endswith("\n")
        assert ended.errors.count("\n") == 1
        return ended.errors[len("rgbcloud: ") : -1]

    return call


@pytest.fixture(scope="session")
def photo():
    """A part of a photograph: 160 x 120 texels, some 12,000 colours."""
    return load_sample_image("flower.jpg")[100:220, 200:360]


@pytest.fixture
def wood(tmp_path, photo):
    """A photograph as a PNG file, alone in its folder."""
    path = tmp_path / "wood.png"
    Image.fromarray(photo).save(path)
    return path
