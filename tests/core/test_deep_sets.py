"""Sets of images of more than 8 bits a channel: one palette for all, each in its own type again."""

from __future__ import annotations

import numpy as np
import pytest
from deep_files import read, write
from PIL import Image
from ways import reduced, reduced_texture

from rgbcloud import InvalidArgumentError, Palette, Recipe, Settings, Texture, palette_for


@pytest.fixture
def light(rng):
    """A picture in linear light, 40 x 64; its right half is brighter than white."""
    ramp = np.broadcast_to(np.linspace(0.01, 1, 64), (40, 64))
    picture = np.stack([ramp, rng.uniform(0, 0.5, (40, 64)), ramp**2], axis=2)
    picture[:, 32:] *= 6
    return picture


def halves(folder, light, kind, suffix, dtype):
    """The picture cut into two tiles of very different range, and the whole."""
    if np.issubdtype(dtype, np.integer):
        light = light / light.max() * np.iinfo(dtype).max
    light = light.astype(dtype)
    write(folder / f"sky.1001{suffix}", light[:, :32], kind)
    write(folder / f"sky.1002{suffix}", light[:, 32:], kind)
    write(folder / f"whole{suffix}", light, kind)
    return Texture.find(folder / f"sky.<UDIM>{suffix}")


@pytest.mark.parametrize("space", ["srgb", "oklab"])
@pytest.mark.parametrize(
    ("kind", "suffix", "dtype"),
    [("half", ".exr", np.float16), ("float", ".exr", np.float32), ("uint16", ".tif", np.uint16)],
)
def test_tiles_get_the_palette_of_all_their_texels(tmp_path, light, kind, suffix, dtype, space):
    texture = halves(tmp_path, light, kind, suffix, dtype)
    settings = Settings(9, space=space)
    reduction = reduced_texture(texture, settings, suffix=suffix)
    whole = reduced(tmp_path / f"whole{suffix}", settings)
    np.testing.assert_array_equal(reduction.palette.values, whole.palette.values)
    assert reduction.palette.values.dtype == dtype
    rebuilt = whole.palette.values[whole.indices]
    names = [member.target.name for member in reduction.members]
    assert names == [f"sky.{settings.tag()}.{tile}{suffix}" for tile in (1001, 1002)]
    for member, columns in zip(reduction.members, (slice(0, 32), slice(32, 64))):
        np.testing.assert_array_equal(read(member.target, kind), rebuilt[:, columns])
    errors = [member.report.mse for member in reduction.members]
    assert errors[0] != errors[1]
    assert reduction.mse == pytest.approx(np.mean(errors), rel=1e-12)
    assert reduction.mse == pytest.approx(whole.report.mse, rel=1e-9)
    np.testing.assert_allclose(reduction.palette.populations, whole.palette.populations)


def test_neither_memory_nor_threads_change_the_bytes(tmp_path, light, threads):
    texture = halves(tmp_path, light, "half", ".exr", np.float16)
    results = []
    for number, (count, budget) in enumerate([(1, 0), (2, 20_000), (None, 1 << 30)]):
        threads(count)
        found = reduced_texture(texture, Settings(6), folder=tmp_path / str(number), budget=budget)
        results.append([member.target.read_bytes() for member in found.members])
    assert results[0] == results[1] == results[2]


def test_names_keep_what_only_such_files_can_hold(tmp_path, light):
    texture = halves(tmp_path, light, "half", ".exr", np.float16)
    assert texture.target_pattern("k3") == str(tmp_path / "sky.k3.<UDIM>.exr")
    written = [member.target for member in reduced_texture(texture, Settings(3)).members]
    assert written == texture.targets("k3")
    several = Texture.of_files(texture.paths)
    assert [path.name for path in several.targets("k3")] == ["sky.1001.k3.exr", "sky.1002.k3.exr"]


def test_given_and_like_palettes(tmp_path, light):
    texture = halves(tmp_path, light, "half", ".exr", np.float16)
    given = Palette.from_hex(["#808080", "#ff0000"])
    reduction = reduced_texture(texture, Settings(), palette=given, folder=tmp_path / "given")
    assert reduction.palette.to_hex() == ["#808080", "#ff0000"]
    np.testing.assert_allclose(reduction.palette.values[0], 0.2159, atol=1e-3)
    before = reduced_texture(texture, Settings(5), folder=tmp_path / "before").palette
    old = before.take(range(len(before))[::-1])
    after = reduced_texture(texture, Settings(5), like=old, folder=tmp_path / "after").palette
    np.testing.assert_array_equal(after.values, before.values[::-1])
    alone = reduced(tmp_path / "whole.exr", Settings(5), like=old)
    np.testing.assert_array_equal(alone.palette.values, before.values[::-1])


def test_a_palette_found_before_keeps_its_own_numbers(tmp_path, light):
    halves(tmp_path, light, "float", ".exr", np.float32)
    paths = [tmp_path / "sky.1001.exr", tmp_path / "sky.1002.exr"]
    palette = palette_for(paths, Recipe(Settings(7)))
    whole = reduced(tmp_path / "whole.exr", Settings(7))
    found = [reduced(path, Settings(7), palette=palette) for path in paths]
    for reduction in found:
        np.testing.assert_array_equal(reduction.palette.values, whole.palette.values)
    indices = np.hstack([reduction.indices for reduction in found])
    np.testing.assert_array_equal(indices, whole.indices)


def test_an_empty_tile_is_left_as_it_is(tmp_path, light):
    halves(tmp_path, light, "float", ".exr", np.float32)
    write(tmp_path / "sky.1003.exr", np.full((4, 4, 3), np.nan, np.float32), "float")
    reduction = reduced_texture(Texture.find(tmp_path / "sky.<UDIM>.exr"), Settings(4))
    assert np.isnan(read(reduction.members[2].target, "float")).all()
    assert "sky.1003.exr: 16 texels are NaN or infinite; they were left as they are" in reduction.notes


def test_labels_come_out_as_the_numbers_that_went_in(tmp_path, rng):
    labels = (rng.integers(0, 6, (2, 16, 16, 1)) * 1.25).astype(np.float32)
    for tile in (0, 1):
        write(tmp_path / f"rock_id.{1001 + tile}.exr", labels[tile], "float")
    reduction = reduced_texture(Texture.find(tmp_path / "rock_id.<UDIM>.exr"), Settings(8))
    for tile, member in enumerate(reduction.members):
        np.testing.assert_array_equal(read(member.target, "float"), labels[tile])
    assert reduction.notes == ("taken for exact labels, from its name; set the kind to color if not",)


def test_displacement_of_different_scale_is_clustered_as_numbers(tmp_path):
    for tile, heights in enumerate(([-40.0, -39.0], [2500.0, 2520.0])):
        pixels = np.repeat(np.array(heights, np.float32), 8).reshape(4, 4, 1)
        write(tmp_path / f"rock_disp.{1001 + tile}.exr", pixels, "float")
    reduction = reduced_texture(Texture.find(tmp_path / "rock_disp.<UDIM>.exr"), Settings(2))
    assert sorted(reduction.palette.values[:, 0].tolist()) == [-39.5, 2510.0]


@pytest.mark.parametrize("other", ["float", "uint8"])
def test_mixed_depths_are_refused_by_name(tmp_path, light, other):
    kinds = {"float": ("half", ".exr", "float16 .* float32"), "uint8": ("uint16", ".png", "uint16 .* uint8")}
    kind, suffix, held = kinds[other]
    light = light / light.max()
    one = write(tmp_path / f"sky.1001{suffix}", light, kind)
    two = tmp_path / f"sky.1002{suffix}"
    if other == "uint8":
        Image.fromarray((light * 255).astype(np.uint8)).save(two)
    else:
        write(two, light, other)
    sentence = f"sky.1001{suffix} holds {held}; files that share a palette must have one depth"
    for run in (
        lambda: reduced_texture(Texture.find(tmp_path / f"sky.<UDIM>{suffix}"), Settings(4)),
        lambda: palette_for([one, two], Recipe(Settings(4))),
    ):
        with pytest.raises(InvalidArgumentError, match=sentence.replace(" .* ", f" and .*sky.1002{suffix} ")):
            run()
    assert len(list(tmp_path.iterdir())) == 2


def test_what_holds_different_things_is_refused_by_name(tmp_path, light, rng):
    vectors = rng.normal([0, 0, 1], 0.3, size=(16, 16, 3))
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    normal = write(tmp_path / "rock_normal.exr", vectors, "half")
    color = write(tmp_path / "rock.exr", light, "half")
    with pytest.raises(
        InvalidArgumentError, match=r"rock\.exr was taken for color and .*rock_normal\.exr was not"
    ):
        palette_for([color, normal], Recipe(Settings(4)))
    assert len(palette_for([color, normal], Recipe(Settings(4, kind="data")))) == 4
