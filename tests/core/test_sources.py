"""What images are read from: files, pipes, what must not be read, and what is not all there."""

from __future__ import annotations

import io
import os
import struct
import threading
import zlib

import deep_files
import numpy as np
import pytest
from ordinary_user import ordinary_user
from PIL import Image

from rgbcloud import ImageReadError, Recipe, Settings, read, reduce
from rgbcloud.images import PipedFile

on_unix = pytest.mark.skipif(os.name == "nt", reason="Windows has neither pipes with names nor these rights")


@pytest.fixture
def pipe(tmp_path):
    """Return the path of a pipe through which some bytes come."""
    writers = []

    def make(data, name="pipe"):
        path = tmp_path / name
        os.mkfifo(path)
        writers.append(threading.Thread(target=path.write_bytes, args=(data,)))
        writers[-1].start()
        return path

    yield make
    for writer in writers:
        writer.join()


@on_unix
@pytest.mark.parametrize("deep", [False, True])
def test_a_pipe_is_read_as_the_file_that_comes_through_it(pipe, tmp_path, photo, deep):
    path = tmp_path / ("wood.exr" if deep else "wood.png")
    if deep:
        deep_files.write(path, photo[:40, :40] / np.float32(255), "half")
    else:
        Image.fromarray(photo[:40, :40]).save(path)
    piped = reduce(pipe(path.read_bytes()), Recipe(Settings(8)))
    assert piped.data == reduce(path, Recipe(Settings(8))).data
    assert piped.report.name == str(tmp_path / "pipe")


@on_unix
def test_a_pipe_that_nothing_comes_through_is_empty(pipe):
    with pytest.raises(ImageReadError, match="pipe is empty; export it again"):
        read(pipe(b""))


def test_what_comes_through_a_pipe_ends_at_a_limit(monkeypatch):
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            return bytes(size)

    monkeypatch.setattr("rgbcloud.images.reading._MOST_PIPED", 1 << 20)
    with pytest.raises(ImageReadError, match=r"/dev/zero goes on after .* save it as a file, and read that"):
        PipedFile(Endless(), "/dev/zero")


@on_unix
def test_what_is_read_twice_must_not_be_a_pipe(tmp_path, photo):
    Image.fromarray(photo).save(tmp_path / "wood.png")
    os.mkfifo(tmp_path / "pipe")
    recipe = Recipe.of(mask=tmp_path / "pipe")
    for read_it in (lambda: reduce(tmp_path / "wood.png", recipe), recipe.digest):
        with pytest.raises(
            ImageReadError, match="pipe is a pipe, which can be read only once; save it as a file"
        ):
            read_it()


@on_unix
@pytest.mark.parametrize("suffix", [".png", ".exr", ".tif", ""])
def test_what_must_not_be_read_is_said_to_be_so(tmp_path, photo, suffix):
    path = tmp_path / f"wood{suffix}"
    Image.fromarray(photo).save(path, "PNG")
    if suffix != ".exr":
        read(path)
    path.chmod(0)
    with (
        ordinary_user(tmp_path),
        pytest.raises(ImageReadError, match=": permission denied; allow reading it"),
    ):
        read(path)


def png(rows, interlaced=0, size=(24, 8)):
    """Return a PNG of grey whose data holds so many bytes of rows."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, interlaced)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunks)


@pytest.mark.parametrize(
    ("rows", "interlaced", "told"),
    [
        (5 * 25, 0, "5 of its 8 rows"),
        (25, 0, "1 of its 8 rows"),
        (107, 1, "11 of its 15 rows of passes"),
    ],
)
def test_rows_that_are_missing_are_told(rows, interlaced, told):
    with pytest.raises(ImageReadError, match=rf"damaged or cut short \({told} are there\); export it again"):
        read(png(rows, interlaced))


@pytest.mark.parametrize(("rows", "interlaced"), [(8 * 25, 0), (9 * 25, 0), (24 * 8 + 15, 1)])
def test_black_rows_are_not_missing(rows, interlaced):
    assert not read(png(rows, interlaced)).texels.any()


def test_one_row_of_an_interlaced_png(tmp_path):
    assert read(png(24 + 5, 1, (24, 1))).size == (24, 1)
