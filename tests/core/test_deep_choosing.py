"""How many colours are enough for images of more than 8 bits a channel, for each kind of goal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from deep_files import read, write
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab
from ways import reduced as reduced_image
from ways import reduced_texture

from rgbcloud import (
    Goal,
    ImageWriteError,
    InvalidArgumentError,
    Settings,
    Texture,
)
from rgbcloud.color.spaces import srgb_to_linear


@pytest.fixture
def levels(photo):
    """96 x 128 texels of a photograph in sRGB, 0 … 1."""
    return photo[100:196, 200:328] / 255


@pytest.fixture(params=["exr", "tif"])
def wood(tmp_path, levels, request):
    """The photograph in half floats of linear light, a part of it brighter than white, or in 16 bits."""
    if request.param == "tif":
        return write(tmp_path / "wood.tif", np.rint(levels * 65535).astype(np.uint16), "uint16")
    light = srgb_to_linear(levels)
    light[:, :30] *= 5
    return write(tmp_path / "wood.exr", light.astype(np.float16), "half")


def reduced(path, goal, settings=None, **options):
    options |= {"folder": path.parent / "out", "suffix": path.suffix, "overwrite": True}
    return reduced_texture(Texture.find(path), settings, goal=goal, **options)


@pytest.mark.slow
@pytest.mark.parametrize("wanted", [26, 33])
@pytest.mark.parametrize("space", ["srgb", "oklab"])
def test_the_fewest_colours_that_reach_a_psnr(wood, wanted, space):
    settings = Settings(space=space)
    found = reduced(wood, Goal(psnr=wanted), settings)
    count = found.recipe.settings.colors
    assert count == len(found.palette)
    assert found.psnr >= wanted > reduced_image(wood, replace(settings, colors=count - 1)).report.psnr
    again = reduced_image(wood, replace(settings, colors=count))
    np.testing.assert_array_equal(found.palette.values, again.palette.values)
    assert found.members[0].target.read_bytes() == again.data
    assert found.members[0].report.summary() == again.report.summary()


@pytest.mark.parametrize(("wanted", "space"), [(5, "srgb"), (3, "cielab")])
def test_the_fewest_colours_that_reach_a_colour_difference(tmp_path, levels, wanted, space):
    """By an independent measure: scikit-image's, of what was written."""
    path = write(tmp_path / "wood.tif", np.rint(levels * 65535).astype(np.uint16), "uint16")
    settings = Settings(space=space)
    found = reduced(path, Goal(delta_e=wanted), settings)
    fewer = reduced_texture(
        Texture.find(path), replace(settings, colors=found.recipe.settings.colors - 1), suffix=".tif"
    )

    def difference(reduction):
        before, after = (read(file, "uint16") / 65535 for file in (path, reduction.members[0].target))
        return deltaE_ciede2000(rgb2lab(before), rgb2lab(after)).mean()

    assert difference(found) <= wanted < difference(fewer)


@pytest.mark.slow
@pytest.mark.parametrize("goal", [Goal(psnr=30), Goal(delta_e=4), Goal(knee=True)])
def test_a_set_needs_as_many_colours_as_all_its_texels_together(tmp_path, levels, goal):
    light = srgb_to_linear(levels).astype(np.float16)
    for tile, columns in ((1001, slice(0, 64)), (1002, slice(64, 128))):
        write(tmp_path / f"sky.{tile}.exr", light[:, columns], "half")
    whole = write(tmp_path / "whole.exr", light, "half")
    found = reduced(tmp_path / "sky.<UDIM>.exr", goal)
    np.testing.assert_array_equal(found.palette.values, reduced(whole, goal).palette.values)
    assert len(found.members) == 2
    before = [reduced_image(path, Settings(2)).report.colors_before for path in found.texture.paths]
    assert [member.report.colors_before for member in found.members] == before


@pytest.mark.slow
def test_the_most_colours_whose_file_fits(wood):
    whole = len(reduced_image(wood, Settings(256)).data)
    least = len(reduced_image(wood, Settings(1)).data)
    limit = (whole + least) // 2
    found = reduced(wood, Goal(max_bytes=limit))
    count = found.recipe.settings.colors
    assert 1 < count < 256
    assert (
        found.members[0].target.stat().st_size <= limit < len(reduced_image(wood, Settings(count + 1)).data)
    )
    assert reduced(wood, Goal(max_bytes=10**9)).recipe.settings.colors == 256


def test_the_knee_pays_off(wood):
    count = reduced(wood, Goal(knee=True)).recipe.settings.colors
    assert 4 <= count <= 40
    errors = [reduced_image(wood, Settings(colors)).report.mse for colors in (2, count, 256)]
    assert errors[0] - errors[1] > 0.75 * (errors[0] - errors[2])


def test_a_gradient_within_two_levels_of_8_bits_has_its_fewest_colours(tmp_path):
    """In 8 bits it has 3 colours, which say nothing about how many 16 bits need."""
    ramp = np.broadcast_to(30_000 + np.arange(512, dtype=np.uint16), (8, 512))
    path = write(tmp_path / "sky.tif", np.dstack([ramp] * 3), "uint16")
    found = reduced(path, Goal(psnr=70))
    count = found.recipe.settings.colors
    assert found.psnr >= 70 > reduced_image(path, Settings(count - 1)).report.psnr
    assert 5 < reduced(path, Goal(knee=True)).recipe.settings.colors < 100


def test_few_values_need_no_more_colours(tmp_path, rng):
    values = rng.uniform(0, 5, (4, 3)).astype(np.float32)
    path = write(tmp_path / "flags.exr", values[rng.integers(0, 4, (16, 16))], "float")
    assert reduced(path, Goal(psnr=99)).recipe.settings.colors == 4
    assert reduced(path, Goal(delta_e=0.01)).recipe.settings.colors == 4
    one = write(tmp_path / "one.exr", np.full((8, 8, 3), 0.5, np.float32), "float")
    assert [reduced(one, goal).recipe.settings.colors for goal in (Goal(psnr=99), Goal(knee=True))] == [1, 1]


def test_locked_colours_masks_and_indices_of_before(tmp_path, levels):
    path = write(tmp_path / "wood.exr", srgb_to_linear(levels).astype(np.float16), "half")
    locked = Settings(3, locked=["#ff0000", "#00ff00", "#0000ff"])
    found = reduced(path, Goal(psnr=0.1), locked)
    assert found.palette.to_hex() == ["#ff0000", "#00ff00", "#0000ff"]
    mask = np.zeros(levels.shape[:2], np.uint8)
    mask[:20, :20] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    part = reduced(path, Goal(psnr=30), mask=Texture.find(tmp_path / "mask.png"))
    assert part.psnr >= 30
    assert part.recipe.settings.colors < reduced(path, Goal(psnr=30)).recipe.settings.colors
    plain = reduced(path, Goal(psnr=26)).palette
    like = plain.take(range(len(plain))[::-1])
    again = reduced(path, Goal(psnr=26), like=like).palette
    np.testing.assert_array_equal(again.values, plain.values[::-1])


def test_labels_are_taken_by_how_many_texels_have_them(tmp_path):
    labels = np.repeat(np.array([0, 1, 2, 5], np.float32), [100, 60, 30, 10]).reshape(10, 20, 1)
    path = write(tmp_path / "rock_id.exr", labels / 8, "float")
    found = reduced(path, Goal(psnr=99), Settings(4))
    assert found.palette.values[:, 0].tolist() == [0, 0.125, 0.25, 0.625]


# --- what goes wrong ---


def test_what_cannot_be_reached_is_said(wood):
    for goal, message in (
        (
            Goal(psnr=150),
            "no palette of 256 colours reaches a PSNR of 150 dB: it comes to .* dB; ask for less",
        ),
        (
            Goal(delta_e=0.001),
            r"no palette of 256 colours reaches a mean dE2000 of 0\.001: it comes to .*; ask for less",
        ),
        (
            Goal(max_bytes=20),
            rf"{wood.name}: a file of 1 colours is larger than 20 bytes: it has [0-9,]+; allow more",
        ),
    ):
        with pytest.raises(InvalidArgumentError, match=message):
            reduced(wood, goal)
    assert not (wood.parent / "out").exists()


def test_a_file_size_of_a_set_and_differences_of_no_colours(tmp_path, levels):
    light = srgb_to_linear(levels).astype(np.float16)
    for tile in (1001, 1002):
        write(tmp_path / f"sky.{tile}.exr", light, "half")
    with pytest.raises(InvalidArgumentError, match="a goal of max_bytes needs one image, whose file it is"):
        reduced(tmp_path / "sky.<UDIM>.exr", Goal(max_bytes=10_000))
    path = write(tmp_path / "rock_disp.exr", light, "half")
    with pytest.raises(InvalidArgumentError, match="is about colours, but the texture was taken for data"):
        reduced(path, Goal(delta_e=2))


def test_a_format_that_cannot_hold_it_is_told_before_the_search(wood):
    target = wood.with_name("out.hdr")
    with pytest.raises(ImageWriteError, match=r"holds (float16|uint16), which HDR files cannot"):
        reduced_texture(Texture.find(wood), Settings(), goal=Goal(max_bytes=10**6), targets=[target])
