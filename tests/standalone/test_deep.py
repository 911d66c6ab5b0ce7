"""Images of more than 8 bits a channel on the command line."""

from __future__ import annotations

import json

import numpy as np
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
import pytest


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
