"""Each of them: one clear sentence, a nonzero exit, nothing written, no traceback."""

from __future__ import annotations

import errno
import os
import struct
import zlib

import numpy as np
import pytest
from ordinary_user import ordinary_user
from PIL import Image


@pytest.fixture(autouse=True)
def nothing_written(tmp_path):
    """See that a test leaves the files that it set up, and no others, as they were."""
    watched = {}

    def watch():
        watched.update({path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()})

    yield watch
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert watched == after


@pytest.fixture(params=["reduce", "cloud", "palette", "info"])
def command(request, tmp_path):
    """Return the arguments of a command that reads an image."""

    def arguments(image):
        suffix = {"reduce": ".png", "cloud": ".csv", "palette": ".gpl"}.get(request.param)
        output = [] if suffix is None else ["--output", tmp_path / f"result{suffix}"]
        return [request.param, image, *output]

    return arguments


def test_a_missing_file(fails, command, tmp_path):
    sentence = fails(*command(tmp_path / "none.png"))
    assert sentence == f"{tmp_path / 'none.png'}: no such file or directory; check the path"


def test_a_folder(fails, command, tmp_path):
    folder = tmp_path / "textures"
    folder.mkdir()
    assert fails(*command(folder)).startswith(f"{folder} is a folder; name ")


def test_an_empty_file(fails, command, tmp_path, nothing_written):
    path = tmp_path / "wood.png"
    path.touch()
    nothing_written()
    assert fails(*command(path)) == f"{path} is empty; export it again"


def test_empty_standard_input(fails, command):
    assert fails(*command("-")) == "standard input is empty; export it again"


def test_a_text_in_disguise(fails, command, tmp_path, nothing_written):
    path = tmp_path / "wood.png"
    path.write_text("not a picture")
    nothing_written()
    assert fails(*command(path)) == f"{path} is not an image that can be read; is its name right?"


def test_a_truncated_jpeg(fails, command, tmp_path, photo, nothing_written):
    path = tmp_path / "wood.jpg"
    Image.fromarray(photo).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    nothing_written()
    sentence = fails(*command(path))
    assert sentence.startswith(f"{path} is damaged or cut short (")
    assert sentence.endswith("); export it again")


def test_an_image_of_no_size(fails, command, tmp_path, nothing_written):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 0, 5, 8, 2, 0, 0, 0)
    path = tmp_path / "wood.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    )
    nothing_written()
    assert fails(*command(path)).startswith(f"{path} ")


@pytest.mark.parametrize("name", ["reduce", "cloud", "palette"])
def test_nothing_but_transparency(fails, tmp_path, name, nothing_written):
    path = tmp_path / "clear.png"
    Image.new("RGBA", (4, 4), (9, 9, 9, 0)).save(path)
    nothing_written()
    output = tmp_path / ("result.csv" if name == "cloud" else "result.png")
    sentence = fails(name, path, "--alpha", "opacity", "--output", output)
    assert "there is no colour to cluster: no texel is visible, finite and unmasked" in sentence
    assert sentence.endswith("set alpha to channel if it is no opacity")
    assert sentence.startswith(f"{path}: ")


def test_an_image_over_the_limit(fails, command, wood, nothing_written):
    nothing_written()
    assert fails(*command(wood), "--max-pixels", 160 * 120 - 1) == (
        f"{wood} has 160 x 120 pixels, more than the limit of 19,199; "
        "raise max_pixels if the file can be trusted"
    )


def test_a_decompression_bomb_is_refused_by_default(fails, command, tmp_path, nothing_written):
    # 16385 x 16385 pixels of one bit, of which the file says that they are there.
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 16385, 16385, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1 << 20))
    path = tmp_path / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    nothing_written()
    assert "16385 x 16385 pixels, more than the limit of 268,435,456" in fails(*command(path))


@pytest.mark.parametrize(("value", "said"), [("0", "0"), ("-1", "-1"), ("257", "257")])
@pytest.mark.parametrize("name", ["reduce", "cloud", "palette"])
def test_a_number_of_colours_out_of_range(fails, wood, name, value, said, nothing_written):
    nothing_written()
    sentence = fails(name, wood, "--output", wood.with_name("result.png"), "--colors", value, code=2)
    assert sentence == f"colors must be an int in 1..256, got {said}; see rgbcloud {name} --help"


@pytest.mark.parametrize("value", ["3.5", "many", ""])
@pytest.mark.parametrize("name", ["reduce", "cloud", "palette"])
def test_no_number_of_colours_at_all(fails, wood, name, value, nothing_written):
    nothing_written()
    sentence = fails(name, wood, "--output", wood.with_name("result.png"), "--colors", value, code=2)
    assert sentence == (
        f"Invalid value for '-k' / '--colors': '{value}' is not a valid integer; see rgbcloud {name} --help"
    )


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("reduce", "new.png"),
        ("reduce", "new.tif"),
        ("palette", "new.gpl"),
        ("cloud", "new.ply"),
        ("cloud", "new.html"),
    ],
)
def test_a_full_disk(fails, wood, monkeypatch, step, name, target, nothing_written):
    nothing_written()

    def fail(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else type(wood), step, fail)
    sentence = fails(
        name, wood, "--output", wood.with_name(target), "--overwrite"
    )  # which replaces, not links
    assert (
        sentence == f"cannot write {wood.with_name(target)}: no space left on device; choose another output"
    )


@pytest.mark.parametrize("name", ["reduce", "cloud", "palette"])
def test_a_folder_that_cannot_be_made(fails, wood, name, nothing_written):
    nothing_written()
    sentence = fails(name, wood, "--output", wood / "result.png")
    assert sentence.startswith(f"cannot write {wood / 'result.png'}: ")


@pytest.mark.parametrize("name", ["reduce", "cloud", "palette"])
def test_a_folder_that_must_not_be_written_to(run, fails, wood, name, nothing_written):
    target = wood.with_name("result.png")
    assert run(name, wood, "--output", target).code == 0  # as a user who may: all is imported then
    target.unlink()
    nothing_written()
    wood.parent.chmod(0o555)
    with ordinary_user(wood.parent):
        sentence = fails(name, wood, "--output", target)
    assert sentence == f"cannot write {target}: permission denied; choose another output"


@pytest.mark.parametrize("name", ["reduce", "cloud", "palette"])
def test_an_output_that_is_the_input(fails, wood, name, monkeypatch, nothing_written):
    nothing_written()
    monkeypatch.chdir(wood.parent)
    for target in (wood, "wood.png", f"../{wood.parent.name}/wood.png"):
        sentence = fails(name, wood, "--output", target, "--overwrite")
        assert "source, which is never written to; choose another output" in sentence


@pytest.mark.parametrize("name", ["reduce", "cloud", "palette"])
def test_an_output_that_is_there(fails, wood, name, nothing_written):
    target = wood.with_name("other.png")
    target.write_bytes(b"precious")
    nothing_written()
    sentence = fails(name, wood, "--output", target, code=3)
    assert sentence == f"{target} exists already; allow overwriting or choose another name"


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("reduce", ".png .tif .tiff .tga .bmp .gif .webp .jpg .jpeg .exr .hdr .tx"),
        ("cloud", ".png .html .ply .csv .usda .usdc .ma"),
        ("palette", ".gpl .pal .ase .png .json .hex .act .aco"),
    ],
)
def test_an_output_of_unknown_kind(fails, wood, name, choices, nothing_written):
    nothing_written()
    sentence = fails(name, wood, "--output", wood.with_name("result.xyz"))
    assert "cannot write" in sentence
    assert sentence.endswith(choices)


@pytest.mark.parametrize("suffix", [".png", ".exr", ".tif"])
def test_a_name_that_no_file_can_have(fails, command, suffix, nothing_written):
    assert "file name too long" in fails(*command(f"{'x' * 300}{suffix}"))


@pytest.mark.parametrize("colors", [1, 16])
@pytest.mark.parametrize("pixels", [np.zeros((1, 1, 3), np.uint8), np.full((5, 7, 3), 200, np.uint8)])
def test_one_texel_or_one_colour_is_no_failure(run, tmp_path, pixels, colors, nothing_written):
    path = tmp_path / "flat.png"
    Image.fromarray(pixels).save(path)
    for arguments in (
        ("reduce", path, "--colors", colors, "--output", tmp_path / "reduced.png", "--ssim"),
        ("cloud", path, "--colors", colors, "--output", tmp_path / "cloud.png"),
        ("palette", path, "--colors", colors, "--output", tmp_path / "palette.hex"),
        ("info", path),
    ):
        ended = run(*arguments)
        assert ended.code == 0, ended
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "reduced.png").convert("RGB")), pixels)
    assert (tmp_path / "palette.hex").read_text() == f"{bytes(pixels[0, 0]).hex()}\n"
    nothing_written()
