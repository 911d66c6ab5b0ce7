"""``rgbcloud reduce --error-map``: how different each texel looks."""

import numpy as np
import pytest
from deep_files import write
from PIL import Image

from rgbcloud import Recipe, reduce


def levels(path):
    with Image.open(path) as picture:
        assert picture.mode == "P"
        return np.asarray(picture)


@pytest.mark.parametrize("sizes", [{}, {"scale": "1/2", "enlarge": 3}])
def test_each_texel_tells_its_error(wood, tmp_path, run, sizes):
    options = [word for name, value in sizes.items() for word in (f"--{name}", value)]
    ended = run("reduce", wood, "-k", 6, "-d", tmp_path / "out", "--error-map", *options)
    assert ended.code == 0, ended.errors
    assert "wood.error.png: dE2000 up to" in ended.errors
    wanted = reduce(wood, Recipe.of(colors=6, **sizes)).delta_e_map()
    shown = levels(tmp_path / "out" / "wood.error.png")
    np.testing.assert_array_equal(shown, np.rint(wanted * 25.5).clip(0, 255))


def test_an_exact_result_is_dark_throughout(tmp_path, run):
    Image.new("RGB", (16, 16), "orange").save(tmp_path / "plain.png")
    assert run("reduce", tmp_path / "plain.png", "-k", 2, "-d", tmp_path / "out", "--error-map").code == 0
    assert not levels(tmp_path / "out" / "plain.error.png").any()


def test_floating_point_is_compared_as_what_it_is(tmp_path, run):
    ramp = np.linspace(0, 1, 32 * 32 * 3, dtype=np.float32).reshape(32, 32, 3)
    write(tmp_path / "sky.exr", ramp, "half")
    ended = run("reduce", tmp_path / "sky.exr", "-k", 4, "-d", tmp_path / "out", "--error-map")
    assert ended.code == 0, ended.errors
    assert levels(tmp_path / "out" / "sky.error.png").max() > 30


@pytest.mark.parametrize(
    ("more", "code", "told"),
    [
        (["--kind", "data"], 1, "holds no colours, so that none look different; leave out --error-map"),
        (["--resume"], 2, "--error-map writes beside results that are made anew; leave out --resume"),
    ],
)
def test_what_has_no_error_map_is_told(more, code, told, wood, tmp_path, fails):
    assert told in fails("reduce", wood, "-d", tmp_path / "out", "--error-map", *more, code=code)
