"""Images of more than 8 bits a channel on the command line."""

from __future__ import annotations

import errno
import gc
import json
import shutil
import sys
import tempfile

import numpy as np
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
import pytest
from ways import reduced

from rgbcloud import Settings


@pytest.fixture
def sky(tmp_path):
    """A half-float gradient."""
    path = tmp_path / "sky.exr"
    spec = oiio.ImageSpec(64, 32, 3, "half")
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), spec)
    ramp = np.linspace(0, 4, 64 * 32 * 3, dtype=np.float32).reshape(32, 64, 3)
    assert output.write_image(ramp)
    output.close()
    return path


def test_the_result_is_an_exr_again(run, sky):
    told = json.loads(run("reduce", sky, "--colors", 5, "--space", "oklab", "--json").output)
    target = sky.with_name("sky.k5.oklab.exr")
    assert told["target"] == str(target)
    assert told["report"]["space"] == "oklab"
    buffer = oiio.ImageBuf(str(target))
    assert str(buffer.spec().format) == "half"
    assert len(np.unique(buffer.get_pixels().reshape(-1, 3), axis=0)) == 5


def test_a_format_that_cannot_hold_it_is_told(fails, sky):
    sentence = fails("reduce", sky, "--output", sky.with_name("sky.png"))
    assert "holds float16, which PNG files cannot; choose one of .exr" in sentence


def test_a_folder_is_searched_for_them_too(run, sky, tmp_path):
    ended = run("reduce", sky.parent, "--recursive", "--output-dir", tmp_path / "out", "--colors", 3)
    assert ended.code == 0
    assert (tmp_path / "out" / "sky.exr").is_file()


@pytest.mark.parametrize("dither", ["floyd-steinberg", "blue-noise"])
def test_dithered(run, sky, dither):
    assert run("reduce", sky, "--dither", dither, "--dither-strength", 0.8, "--colors", 4).code == 0
    assert len(list(sky.parent.glob("sky.k4.*.d0.8.exr"))) == 1


# --- standard input and output ---


@pytest.fixture
def spools(tmp_path, monkeypatch):
    """Where temporary files are made; looked into when the test is over."""
    folder = tmp_path / "spools"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    gc.collect()
    assert list(folder.iterdir()) == []


def saved(path, kind, pixels):
    height, width, channels = pixels.shape
    buffer = oiio.ImageBuf(oiio.ImageSpec(width, height, channels, kind))
    buffer.set_pixels(oiio.ROI(), np.ascontiguousarray(pixels, np.float32))
    assert buffer.write(str(path)), buffer.geterror()
    return path


@pytest.fixture(params=["sky.exr half", "sky.hdr float", "sky.png uint16", "sky.tif uint16", "sky.tif float"])
def any_sky(tmp_path, request):
    """A gradient in each of the formats; a float TIFF is none that Pillow knows."""
    name, kind = request.param.split()
    ramp = np.linspace(0, 1, 64 * 32 * 3).reshape(32, 64, 3)
    return saved(tmp_path / name, kind, ramp)


def test_from_standard_input_to_standard_output(run, any_sky, spools):
    ended = run("reduce", "-", "--colors", 5, "--format", "same", stdin=any_sky.read_bytes(), binary=True)
    expected = reduced(any_sky, Settings(5))
    assert ended.code == 0, ended
    assert ended.output == expected.data
    told = [f"rgbcloud: standard input: {note}\n" for note in expected.notes]
    assert ended.errors == "".join(told) + f"rgbcloud: standard input -> -: {expected.report.summary()}\n"


def test_what_only_one_format_holds_needs_no_format(run, fails, sky, spools):
    expected = reduced(sky, Settings(5)).data
    assert run("reduce", "-", "--colors", 5, stdin=sky.read_bytes(), binary=True).output == expected
    assert run("reduce", sky, "--colors", 5, "--output", "-", binary=True).output == expected
    target = sky.with_name("new.exr")
    ended = run("reduce", "-", "--psnr", 30, "-o", target, stdin=sky.read_bytes())
    assert ended.code == 0, ended
    assert all("larger than the source" in line for line in ended.errors.splitlines()), ended
    sentence = fails("reduce", "-", "-o", sky.with_name("new.png"), stdin=sky.read_bytes())
    assert sentence.startswith("standard input holds float16, which PNG files cannot; choose one of .exr")


def test_channels_that_are_not_reduced_come_through_the_pipe(run, tmp_path, spools):
    path = saved(tmp_path / "beauty.exr", "float", np.random.default_rng(3).uniform(0, 1, (16, 16, 5)))
    ended = run("reduce", "-", "--colors", 3, stdin=path.read_bytes(), binary=True)
    (tmp_path / "after.exr").write_bytes(ended.output)
    before, after = (oiio.ImageBuf(str(tmp_path / name)).get_pixels() for name in ("beauty.exr", "after.exr"))
    np.testing.assert_array_equal(before[..., 3:], after[..., 3:])
    assert not np.array_equal(before, after)
    assert ended.output == reduced(path, Settings(3)).data


def test_a_texture_keeps_its_mip_levels(run, tmp_path, spools):
    ramp = np.linspace(0, 1, 64 * 64 * 3).reshape(64, 64, 3)
    source = oiio.ImageBuf(str(saved(tmp_path / "wood.tif", "uint16", ramp)))
    assert oiio.ImageBufAlgo.make_texture(oiio.MakeTxTexture, source, str(tmp_path / "wood.tx"))
    data = (tmp_path / "wood.tx").read_bytes()
    ended = run("reduce", "-", "--colors", 4, "--format", "same", stdin=data, binary=True)
    assert ended.code == 0, ended
    assert ended.output[:4] in (b"II*\0", b"MM\0*")
    (tmp_path / "after.tx").write_bytes(ended.output)
    opened = oiio.ImageInput.open(str(tmp_path / "after.tx"))
    assert opened.seek_subimage(0, 1)
    opened.close()


def test_other_commands_read_standard_input_too(run, sky, spools):
    data = sky.read_bytes()
    assert run("palette", "-", "-k", 5, stdin=data).output == run("palette", sky, "-k", 5).output
    told, expected = (
        json.loads(ended.output)
        for ended in (run("info", "-", "--json", stdin=data), run("info", sky, "--json"))
    )
    assert told == {**expected, "source": "standard input"}


def test_what_comes_in_is_damaged_or_has_no_room(run, fails, sky, spools, monkeypatch):
    data = sky.read_bytes()
    assert fails("reduce", "-", stdin=data[:40]).startswith("standard input is not an image that can be read")
    ended = run("reduce", "-", stdin=data[:-200])
    assert (ended.code, ended.output) == (1, "")
    last = ended.errors.splitlines()[-1]  # OpenImageIO 3.0 itself complains before, on standard error
    assert last.startswith("rgbcloud: standard input is damaged or cut short")

    def full(source, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    assert fails("reduce", "-", stdin=data) == (
        f"standard input does not fit into {spools} (No space left on device); "
        "let TMPDIR name a folder with more room"
    )


def test_without_openimageio_the_pipe_is_told(fails, sky, spools, monkeypatch):
    monkeypatch.setitem(sys.modules, "OpenImageIO", None)
    sentence = fails("reduce", "-", stdin=sky.read_bytes())
    assert (
        sentence == "images of more bits or channels need OpenImageIO: python -m pip install 'rgbcloud[deep]'"
    )


# --- goals ---


def test_the_number_of_colours_is_chosen_for_a_goal(run, fails, sky):
    told = json.loads(run("reduce", sky, "--psnr", 30, "--json").output)
    assert told["target"] == str(sky.with_name("sky.psnr30.exr"))
    count = len(told["palette"])
    assert told["report"]["psnr"] >= 30 > reduced(sky, Settings(count - 1)).report.psnr
    exact = reduced(sky, Settings(count))
    assert sky.with_name("sky.psnr30.exr").read_bytes() == exact.data
    assert told["report"]["colors_before"] == exact.report.colors_before
    told = json.loads(run("reduce", sky, "--delta-e", 1.5, "--space", "oklab", "--json").output)
    assert told["report"]["delta_e"] <= 1.5
    assert run("reduce", sky, "--knee").code == 0
    assert "no palette of 256 colours reaches a PSNR of 90 dB" in fails("reduce", sky, "--psnr", 90)


def test_the_most_colours_that_fit_into_a_file(run, fails, sky):
    limit = len(reduced(sky, Settings(30)).data)
    target = sky.with_name("small.exr")
    told = json.loads(run("reduce", sky, "--max-bytes", limit, "-o", target, "--json").output)
    assert target.stat().st_size <= limit < len(reduced(sky, Settings(len(told["palette"]) + 1)).data)
    sentence = fails("reduce", sky, "--max-bytes", 20)
    assert sentence.startswith(f"{sky}: a file of 1 colours is larger than 20 bytes: it has ")


def test_what_an_image_was_taken_for_is_told_once(run, fails, sky):
    rough = sky.rename(sky.with_name("sky_rough.exr"))
    ended = run("reduce", rough, "--psnr", 30)
    assert ended.errors.count("taken for plain data, from its name") == 1
    sentence = fails("reduce", rough, "--delta-e", 2)
    assert "a goal of delta_e is about colours, but the texture was taken for data" in sentence


def test_a_set_has_one_number_of_colours(run, skies):
    told = json.loads(run("reduce", skies / "sky.<UDIM>.exr", "--psnr", 32, "--json").output)
    assert told["target"] == str(skies / "sky.psnr32.<UDIM>.exr")
    together = np.concatenate([halves(skies / f"sky.psnr32.{1001 + number}.exr") for number in range(8)])
    assert len(np.unique(together, axis=0)) == len(told["palette"]) > 2


# --- sets and shared palettes ---


@pytest.fixture
def skies(tmp_path):
    """Eight half-float tiles, each brighter than the one before."""
    folder = tmp_path / "skies"
    folder.mkdir()
    ramp = np.linspace(0, 1, 16 * 16 * 3, dtype=np.float32).reshape(16, 16, 3)
    for number in range(8):
        spec = oiio.ImageSpec(16, 16, 3, "half")
        output = oiio.ImageOutput.create(str(folder / f"sky.{1001 + number}.exr"))
        assert output.open(str(folder / f"sky.{1001 + number}.exr"), spec)
        assert output.write_image(ramp * (number + 1))
        output.close()
    return folder


def halves(path):
    buffer = oiio.ImageBuf(str(path))
    assert str(buffer.spec().format) == "half"
    return buffer.get_pixels(oiio.TypeDesc("half")).reshape(-1, 3)


def test_a_set_shares_one_palette_and_tells_each_files_error(run, skies):
    told = json.loads(run("reduce", skies / "sky.<UDIM>.exr", "--colors", 6, "--json").output)
    assert told["target"] == str(skies / "sky.k6.<UDIM>.exr")
    assert len({report["mse"] for report in told["reports"]}) == 8
    together = np.concatenate([halves(skies / f"sky.k6.{1001 + number}.exr") for number in range(8)])
    assert len(np.unique(together, axis=0)) == len(told["palette"]) == 6


@pytest.mark.parametrize("threads", [1, 2])
def test_one_palette_for_a_batch_is_that_of_the_set(run, skies, tmp_path, threads):
    run("reduce", skies / "sky.<UDIM>.exr", "--colors", 6, "-d", tmp_path / "set")
    out = tmp_path / "batch"
    ended = run("reduce", skies, "-r", "-d", out, "--colors", 6, "--shared-palette", "--threads", threads)
    assert ended.code == 0, ended
    for number in range(8):
        name = f"sky.{1001 + number}.exr"
        np.testing.assert_array_equal(halves(out / name), halves(tmp_path / "set" / name))


def test_depths_that_do_not_match_are_told(fails, skies, wood):
    sentence = fails("reduce", skies / "sky.1001.exr", wood, "--shared-palette")
    assert "sky.1001.exr holds float16 and " in sentence
    assert "wood.png uint8; files that share a palette must have one depth" in sentence


def test_a_damaged_member_is_told_and_the_others_share_their_palette(run, skies, tmp_path):
    (skies / "sky.1003.exr").write_text("no image")
    out = tmp_path / "out"
    ended = run("reduce", skies, "-r", "-d", out, "--colors", 6, "--shared-palette")
    assert ended.code == 1
    assert "sky.1003.exr is not an image that can be read" in ended.errors
    together = np.concatenate([halves(path) for path in out.iterdir()])
    assert (len(list(out.iterdir())), len(np.unique(together, axis=0))) == (7, 6)


def test_a_palette_file_and_stable_indices(run, skies, tmp_path):
    (tmp_path / "two.hex").write_text("ffffff\n000000\n")
    run("reduce", skies / "sky.<UDIM>.exr", "--palette", tmp_path / "two.hex", "-d", tmp_path / "given")
    assert set(halves(tmp_path / "given" / "sky.1001.exr").ravel().tolist()) == {0.0, 1.0}
    source = skies / "sky.1001.exr"
    told = json.loads(run("reduce", source, "--colors", 5, "-d", tmp_path / "a", "--json").output)
    (tmp_path / "old.hex").write_text("\n".join(color[1:] for color in told["palette"][::-1]))
    again = run(
        "reduce", source, "--colors", 5, "-d", tmp_path / "b", "--json", "--like", tmp_path / "old.hex"
    )
    assert json.loads(again.output)["palette"] == told["palette"][::-1]


# --- looking ---


def test_info_tells_depth_light_and_distinct_values(run, sky):
    told = json.loads(run("info", sky, "--json").output)
    values = halves(sky)
    assert (told["depth"], told["linear"], told["broken"], told["alpha"]) == ("float16", True, 0, False)
    assert (told["width"], told["height"]) == (64, 32)
    assert told["colors"] == len(np.unique(values, axis=0))
    assert told["mse"]["16"] > told["mse"]["64"] > 0
    assert "depth     float16, linear light" in run("info", sky).output


def test_info_tells_what_is_broken(run, tmp_path):
    path = tmp_path / "broken.exr"
    spec = oiio.ImageSpec(4, 4, 3, "float")
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), spec)
    pixels = np.full((4, 4, 3), 0.5, np.float32)
    pixels[0, 0, 1], pixels[2, 1, 0] = np.nan, np.inf
    assert output.write_image(pixels)
    output.close()
    ended = run("info", path)
    assert "broken    2 texels are NaN or infinite" in ended.output
    assert "colours   1\n" in ended.output
    assert "alpha     none\n" in ended.output


def test_the_palette_is_that_of_the_reduced_image(run, sky):
    told = json.loads(run("reduce", sky, "--colors", 5, "--json").output)
    assert run("palette", sky, "--colors", 5).output.split() == told["palette"]
    target = sky.with_name("sky.gpl")
    assert run("palette", sky, "--colors", 5, "--output", target).code == 0
    assert target.read_text().startswith("GIMP Palette")


def test_a_cloud_of_what_a_display_shows(run, sky):
    target = sky.with_name("cloud.csv")
    told = json.loads(run("cloud", sky, "--colors", 5, "--output", target, "--json").output)
    assert told["palette"] == run("palette", sky, "--colors", 5).output.split()
    rows = np.genfromtxt(target, delimiter=",", skip_header=1)
    assert len(rows) == told["points"] > 100
    assert (rows[:, :3].min(), rows[:, :3].max()) == (0, 1)
