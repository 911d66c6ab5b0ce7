"""Alpha is opacity, by which texels count, or a channel like others, in which case all do."""

from __future__ import annotations

import io

import numpy as np
import pytest
from deep_files import read as read_deep
from deep_files import write
from PIL import Image
from ways import reduced, reduced_file

from rgbcloud import InvalidArgumentError, Settings, read
from rgbcloud.counting import guess_alpha

YY, XX = np.mgrid[:64, :64].astype(np.uint8)


def packed(alpha):
    """4,096 colours, and something else in alpha."""
    return np.dstack([XX * 4, YY * 4, 255 - XX * 4, np.broadcast_to(alpha, XX.shape)]).astype(np.uint8)


def colors_in(data):
    with Image.open(io.BytesIO(data)) as picture:
        texels = np.asarray(picture.convert("RGBA")).reshape(-1, 4)
    return len(np.unique(texels[:, :3], axis=0))


@pytest.mark.parametrize("name", ["Rock_MetallicSmoothness.png", "Rock_MaskMap.png", "rock_roughness.png"])
def test_a_name_that_speaks_of_a_channel_lets_all_texels_count(tmp_path, rng, name):
    alpha = rng.integers(0, 256, XX.shape)
    Image.fromarray(packed(alpha)).save(tmp_path / name)
    result = reduced(tmp_path / name, Settings(16))
    assert any("a channel like others, from the image's name" in note for note in result.notes)
    assert result.report.colors_before == 4096
    assert result.report.colors_after == colors_in(result.data) == 16
    with Image.open(io.BytesIO(result.data)) as picture:
        np.testing.assert_array_equal(np.asarray(picture.convert("RGBA"))[..., 3], alpha)


def test_opacity_keeps_what_lies_under_it_and_the_report_counts_it(tmp_path, rng):
    texels = packed(np.where(XX < 32, 0, rng.integers(1, 256, XX.shape)))
    Image.fromarray(texels).save(tmp_path / "leaf.png")
    result = reduced(tmp_path / "leaf.png", Settings(16))
    with Image.open(io.BytesIO(result.data)) as picture:
        written = np.asarray(picture.convert("RGBA"))
    np.testing.assert_array_equal(written[:, :32], texels[:, :32])
    assert result.report.colors_after == colors_in(result.data) > 2000
    channel = reduced(tmp_path / "leaf.png", Settings(16, alpha="channel"))
    assert channel.report.colors_after == colors_in(channel.data) == 16


def test_a_few_hidden_colours_stay_in_an_indexed_file(tmp_path):
    texels = packed(255)
    texels[:8, :, 3] = 0
    texels[:8, :, :3] = np.arange(8)[:, np.newaxis, np.newaxis] * 30
    Image.fromarray(texels).save(tmp_path / "leaf.png")
    result = reduced(tmp_path / "leaf.png", Settings(16))
    with Image.open(io.BytesIO(result.data)) as picture:
        assert picture.mode == "P"
        np.testing.assert_array_equal(np.asarray(picture.convert("RGBA"))[:8], texels[:8])


def test_a_tga_with_an_unused_alpha_is_reduced_by_its_colours(tmp_path):
    Image.fromarray(packed(0)).save(tmp_path / "wood.tga")
    result = reduced_file(tmp_path / "wood.tga", tmp_path / "out.tga", settings=Settings(16))
    assert any("a channel like others, as it is 0 throughout" in note for note in result.notes)
    assert (result.report.colors_before, result.report.colors_after) == (4096, 16)
    assert not read(tmp_path / "out.tga").alpha.any()
    with pytest.raises(
        InvalidArgumentError, match=r"wood\.tga: .*; set alpha to channel if it is no opacity"
    ):
        reduced(tmp_path / "wood.tga", Settings(16, alpha="opacity"))


def test_a_channel_of_an_exr_multiplies_nothing(tmp_path, rng):
    texels = rng.random((32, 32, 4)).astype(np.float16)
    path = write(tmp_path / "pack.exr", texels, "half", ("R", "G", "B", "A"))
    opaque = reduced(path, Settings(4))
    result = reduced_file(path, tmp_path / "out.exr", settings=Settings(4, alpha="channel"))
    assert not np.array_equal(opaque.image.values, result.image.values)  # which were divided by alpha
    np.testing.assert_array_equal(result.image.values, texels[..., :3])
    written = read_deep(tmp_path / "out.exr", "half")
    np.testing.assert_array_equal(written[..., 3], texels[..., 3])
    assert len(np.unique(written[..., :3].reshape(-1, 3), axis=0)) == 4


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("wood.png", "auto", "opacity"),
        ("wood.png", "data", "channel"),
        ("rock_normal.png", "auto", "channel"),
        ("rock_normal.png", "color", "opacity"),
        ("nomads.png", "auto", "opacity"),
        ("leaf_opacity.png", "auto", "opacity"),
        ("Wall_SpecularGloss.tga", "auto", "channel"),
    ],
)
def test_guesses(name, kind, expected):
    assert guess_alpha(name, Settings(kind=kind)) == expected


def test_a_sprite_that_grows_for_its_hidden_colours_names_the_way_out(tmp_path):
    texels = np.zeros((64, 64, 4), np.uint8)
    texels[..., :3] = np.add.outer(np.arange(64) * 4, np.arange(64))[..., np.newaxis] * (1, 2, 3) % 256
    texels[:, :8, 3] = 255
    Image.fromarray(texels).save(tmp_path / "sprite.webp", lossless=True, exact=True)
    kept = reduced(tmp_path / "sprite.webp", Settings(4))
    assert len(kept.data) > (tmp_path / "sprite.webp").stat().st_size
    assert any("--alpha channel reduces these, too" in note for note in kept.notes)
    channel = reduced(tmp_path / "sprite.webp", Settings(4, alpha="channel"))
    assert Image.open(io.BytesIO(channel.data)).mode == "P"
    assert len(channel.data) < len(kept.data)
    assert not any("--alpha channel" in note for note in channel.notes)
