from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rgbcloud.palettes.palette
from rgbcloud import CancelledError, ColorHistogram, DistanceSpace, InvalidArgumentError, Palette, Settings
from rgbcloud.color import to_srgb8

hex_colors = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(st.lists(hex_colors, min_size=1, max_size=256))
def test_hex_strings_come_back_in_their_order(colors):
    assert Palette.from_hex(colors).to_hex() == colors


def test_hex_strings_may_lack_the_hash_and_be_in_capitals():
    assert Palette.from_hex([" FF8000 ", "#00ff00"]).to_hex() == ["#ff8000", "#00ff00"]


@pytest.mark.parametrize("color", ["#fff", "red", "#12345g", "", "#1234567"])
def test_what_is_no_hex_colour_is_refused(color):
    with pytest.raises(InvalidArgumentError, match="six hexadecimal digits such as #ff8000, got"):
        Palette.from_hex(["#000000", color])


@pytest.mark.parametrize("count", [0, 257])
def test_no_or_too_many_colours_are_refused(count):
    with pytest.raises(InvalidArgumentError, match=f"1 to 256 colours, got {count}"):
        Palette(np.zeros((count, 3), np.uint8))


def test_other_arrays_are_refused():
    with pytest.raises(InvalidArgumentError, match=r"shape \(k, 3\), got float64 of shape \(2, 3\)"):
        Palette(np.zeros((2, 3)))
    with pytest.raises(InvalidArgumentError, match="populations must be 2 numbers"):
        Palette(np.zeros((2, 3), np.uint8), [1])


@pytest.mark.parametrize("count", [1, 7, 256])
def test_every_texel_is_remapped_to_its_nearest_colour(photo, nearest_by_brute_force, rng, count):
    palette = Palette(rng.integers(0, 256, (count, 3), np.uint8))
    pixels = photo[::5, ::5]
    assert np.array_equal(palette.remap(pixels), nearest_by_brute_force(pixels, palette.colors))


def test_remapping_in_pieces_on_threads_gives_the_same(photo, monkeypatch, threads):
    palette = Palette(photo[::50, ::50].reshape(-1, 3)[:100])
    threads(1)
    whole = palette.remap(photo)
    monkeypatch.setattr(rgbcloud.palettes.palette, "_BLOCK", 3000)
    threads(4)
    assert np.array_equal(palette.remap(photo), whole)


def test_grey_and_rgba_texels_are_remapped_by_their_colour(photo):
    palette = Palette.from_hex(["#000000", "#808080", "#ffffff"])
    grey = photo[..., 0]
    rgba = np.dstack([grey, grey, grey, np.zeros_like(grey)])
    assert np.array_equal(palette.remap(grey), palette.remap(rgba))


def test_a_colour_of_the_palette_maps_to_itself(rng):
    colors = rng.permutation(np.arange(256, dtype=np.uint8))[:, np.newaxis].repeat(3, axis=1)
    palette = Palette(colors)
    assert palette.remap(colors[np.newaxis]).tolist() == [list(range(256))]


def test_rebuilding_gives_every_index_its_colour():
    palette = Palette.from_hex(["#010203", "#040506"])
    assert palette.rebuild([[1, 0]]).tolist() == [[[4, 5, 6], [1, 2, 3]]]


@pytest.mark.parametrize(("indices", "sentence"), [([0, 2], "0..1, got 0..2"), ([-1], "got -1..-1")])
def test_indices_of_another_palette_are_refused(indices, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence):
        Palette.from_hex(["#000000", "#ffffff"]).rebuild(indices)


def test_indices_must_be_integers():
    with pytest.raises(InvalidArgumentError, match="integers, got float64"):
        Palette.from_hex(["#000000"]).rebuild([0.0])


def test_measuring_counts_texels_and_sums_their_squared_errors():
    histogram = ColorHistogram(np.array([[0, 0, 0], [3, 4, 0], [255, 255, 255]], np.uint8), [5, 2, 1])
    palette = Palette.from_hex(["#ffffff", "#000000"]).measure_on(histogram)
    assert palette.populations.tolist() == [1.0, 7.0]
    assert palette.shares.tolist() == [0.125, 0.875]
    assert palette.inertia == 2 * 25


def test_an_unmeasured_palette_has_no_shares():
    assert Palette.from_hex(["#000000"]).shares.tolist() == [0.0]


def test_palettes_are_equal_by_their_colours_in_order():
    one = Palette.from_hex(["#000000", "#ffffff"])
    same = Palette(np.array([[0, 0, 0], [255, 255, 255]], np.uint8), [1, 2], 3.0)
    other = Palette.from_hex(["#ffffff", "#000000"])
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != ["#000000", "#ffffff"]


def test_its_repr_shows_the_first_colours():
    assert repr(Palette.from_hex(["#000000", "#ffffff"])) == "<Palette of 2: #000000 #ffffff>"
    assert repr(Palette.from_hex(["#00000a"] * 9)).endswith("#00000a …>")


def test_it_keeps_no_handle_on_the_arrays_it_was_made_of():
    colors = np.zeros((1, 3), np.uint8)
    palette = Palette(colors)
    colors[:] = 9
    assert palette.to_hex() == ["#000000"]
    with pytest.raises(ValueError, match="read-only"):
        palette.colors[:] = 1


def test_remapping_can_be_cancelled(photo):
    def stop(_fraction, message):
        if message != "counting colours":
            raise CancelledError(message)

    with pytest.raises(CancelledError, match="finding nearest colours"):
        Palette.from_hex(["#000000"]).remap(photo, progress=stop)


@pytest.mark.parametrize(
    ("values", "numbers", "held"),
    [
        (np.array([[1, 2, 3]], np.uint8), "7, 8, 255", [7, 8, 255]),
        (np.array([[1, 2, 3]], np.uint16), "513 1026 65535", [513, 1026, 65535]),
        (
            np.array([[1, 2, 3]], np.float16),
            "2.5 0.1 -1e-3",
            np.array([2.5, 0.1, -1e-3], np.float16).tolist(),
        ),
    ],
)
def test_a_colour_becomes_another_in_the_images_own_numbers(values, numbers, held):
    palette = Palette.of_values(values, DistanceSpace(dtype=values.dtype.name), "color")
    (pair,) = Settings(recolored=[(palette.to_hex()[0], numbers)]).recolored
    recolored = palette.recolor([pair])
    assert recolored.values.tolist() == [held]
    assert np.array_equal(recolored.colors, to_srgb8(recolored.values, recolored.found.space.color_space))
    assert recolored.values.dtype == values.dtype


@pytest.mark.parametrize("numbers", ["0.5 1 1", "70000 1 1", "-1 0 0"])
def test_numbers_that_no_image_holds_are_refused(numbers):
    palette = Palette.of_values(np.array([[1, 2, 3]], np.uint16), DistanceSpace(dtype="uint16"), "color")
    with pytest.raises(
        InvalidArgumentError, match=f"{numbers}, but its images hold whole numbers up to 65535"
    ):
        palette.recolor([(palette.to_hex()[0], numbers)])
