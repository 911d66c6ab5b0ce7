from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from ways import reduced

from rgbcloud import (
    ColorHistogram,
    ImageReadError,
    InvalidArgumentError,
    Palette,
    Recipe,
    Settings,
    Texture,
    cluster,
    quantize,
    reduce,
    reduce_texture,
)
from rgbcloud.counting import coverage_of
from rgbcloud.images import PILLOW
from rgbcloud.images.image import Image as Texels


@pytest.fixture
def wood(tmp_path, photo):
    """A photograph whose left half is covered by UVs, and the mask that says so."""
    Image.fromarray(photo).save(tmp_path / "wood.png")
    mask = np.zeros(photo.shape[:2], np.uint8)
    mask[:, :320] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    return tmp_path / "wood.png"


def test_what_is_black_in_the_mask_has_no_vote_but_is_rebuilt(wood, photo):
    reduction = reduced(wood, Settings(8), mask=wood.with_name("mask.png"))
    expected = cluster(ColorHistogram.from_array(photo[:, :320]), 8)
    assert reduction.palette == expected
    np.testing.assert_array_equal(reduction.texels, expected.rebuild(expected.remap(photo)))
    assert reduction.report.mse == pytest.approx(expected.inertia / (320 * 427))


def test_grey_counts_in_proportion_and_times_alpha(rng):
    pixels = rng.integers(0, 256, (16, 16, 4), dtype=np.uint8)
    mask = rng.integers(0, 256, (16, 16), dtype=np.uint8)
    votes = coverage_of(Texels.of_array(pixels, PILLOW), mask)
    np.testing.assert_array_equal(votes, np.rint(pixels[..., 3] / 255 * mask))
    np.testing.assert_array_equal(coverage_of(Texels.of_array(pixels[..., :3], PILLOW), mask), mask)


def test_the_mask_leaves_alpha_alone(tmp_path, rng):
    pixels = rng.integers(0, 256, (16, 16, 4), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "w.png")
    Image.new("L", (16, 16), 128).save(tmp_path / "mask.png")
    reduction = reduced(tmp_path / "w.png", Settings(3), mask=tmp_path / "mask.png")
    np.testing.assert_array_equal(reduction.texels[..., 3], pixels[..., 3])


def test_tiles_have_masks_of_their_own_or_one_for_all(tmp_path, photo):
    for tile, part in (("1001", photo[:, :320]), ("1002", photo[:, 320:])):
        Image.fromarray(part).save(tmp_path / f"wood.{tile}.png")
        Image.new("L", (320, 427), "white" if tile == "1002" else "black").save(tmp_path / f"uv.{tile}.png")
    texture = Texture.find(tmp_path / "wood.<UDIM>.png")
    reduction = reduce_texture(texture, Recipe(Settings(6), mask=str(tmp_path / "uv.<UDIM>.png")))
    assert reduction.palette == cluster(ColorHistogram.from_array(photo[:, 320:]), 6)
    one = str(tmp_path / "uv.1002.png")
    everything = reduce_texture(texture, Recipe(Settings(7), mask=one))
    assert everything.palette == cluster(ColorHistogram.from_array(photo), 7)
    (tmp_path / "uv.1001.png").rename(tmp_path / "uv.1003.png")
    with pytest.raises(
        InvalidArgumentError, match=r"uv\.<UDIM>\.png has no mask for wood\.1001\.png; add it"
    ):
        reduce_texture(texture, Recipe(Settings(5), mask=str(tmp_path / "uv.<UDIM>.png")))
    assert not list(tmp_path.glob("wood.k5.*"))


def test_new_colours_take_the_indices_of_the_old_ones(wood, photo):
    old = Palette(cluster(ColorHistogram.from_array(photo), 8).colors[::-1])
    reduction = reduced(wood, Settings(8), like=old)
    assert reduction.palette == old
    np.testing.assert_array_equal(reduction.indices, old.remap(photo))
    assert reduce_texture(Texture.find(wood), Recipe(Settings(8), like=old)).palette == old
    covered = reduced(wood, Settings(8), like=old, mask=wood.with_name("mask.png")).palette
    assert sorted(covered.to_hex()) == sorted(cluster(ColorHistogram.from_array(photo[:, :320]), 8).to_hex())


def test_a_mask_that_does_not_fit_is_said(wood, tmp_path, photo):
    Image.new("L", (10, 20)).save(tmp_path / "small.png")
    message = r"small\.png has 10 x 20 pixels, .*wood\.png has 640 x 427; a mask must be of the same size"
    with pytest.raises(InvalidArgumentError, match=message):
        reduced(wood, Settings(4), mask=tmp_path / "small.png")
    with pytest.raises(ImageReadError, match=r"none\.png: no such file"):
        reduced(wood, Settings(4), mask=tmp_path / "none.png")
    with pytest.raises(InvalidArgumentError, match=r"a mask must be uint8 of shape \(427, 640\), got bool"):
        quantize(photo, 4, mask=np.ones((427, 640), bool))


def test_a_mask_that_covers_nothing_leaves_no_colours(wood, tmp_path):
    Image.new("L", (640, 427), 0).save(tmp_path / "black.png")
    with pytest.raises(InvalidArgumentError, match="there is no colour to cluster"):
        reduced(wood, Settings(4), mask=tmp_path / "black.png")


def test_a_digest_tells_which_mask_is_laid_on_which_tile(tmp_path):
    for tile, level in ((1001, 255), (1002, 99)):
        Image.new("L", (4, 4), level).save(tmp_path / f"uv.{tile}.png")
    recipe = Recipe(mask=str(tmp_path / "uv.<UDIM>.png"))
    digests = {recipe.digest()}
    Image.new("L", (4, 4), 98).save(tmp_path / "uv.1002.png")  # other contents
    digests.add(recipe.digest())
    for tile in (1002, 1001):  # the same contents, each on the next tile
        (tmp_path / f"uv.{tile}.png").rename(tmp_path / f"uv.{tile + 1}.png")
    digests.add(recipe.digest())
    assert len(digests) == 3


def test_a_mask_of_another_size_is_told_before_it_is_decoded(tmp_path, photo):
    """By its header: these rows are not there."""
    Image.fromarray(photo).save(tmp_path / "wood.png")
    mask = Image.new("L", (64, 4), 255)
    mask.save(tmp_path / "mask.png")
    (tmp_path / "mask.png").write_bytes((tmp_path / "mask.png").read_bytes()[:60])
    with pytest.raises(
        InvalidArgumentError, match=r"mask\.png has 64 x 4 pixels, .* a mask must be of the same size"
    ):
        reduce(tmp_path / "wood.png", Recipe.of(mask=tmp_path / "mask.png"))
