from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import rgbcloud.counting.histogram
from rgbcloud import CancelledError, ColorHistogram, InvalidArgumentError

images = st.tuples(st.integers(1, 6), st.integers(1, 6), st.sampled_from([3, 4])).flatmap(
    lambda shape: arrays(np.uint8, shape, elements=st.sampled_from([0, 1, 127, 254, 255]))
)


def counted_by_hand(pixels):
    counts = {}
    for texel in pixels.reshape(-1, pixels.shape[2]).tolist():
        alpha = texel[3] if len(texel) == 4 else 255
        if alpha:
            counts[tuple(texel[:3])] = counts.get(tuple(texel[:3]), 0) + alpha
    return {color: alpha / 255 for color, alpha in sorted(counts.items())}


def as_dict(histogram):
    return dict(zip(map(tuple, histogram.colors.tolist()), histogram.counts.tolist()))


@given(images)
def test_it_counts_as_one_would_by_hand(pixels):
    assert as_dict(ColorHistogram.from_array(pixels)) == counted_by_hand(pixels)


@pytest.mark.parametrize("channels", [3, 4])
def test_large_images_are_counted_as_small_ones(photo, rng, channels, monkeypatch):
    pixels = photo
    if channels == 4:
        alpha = rng.choice(np.array([0, 3, 255], np.uint8), (*photo.shape[:2], 1))
        pixels = np.concatenate([photo, alpha], axis=2)
    small = ColorHistogram.from_array(pixels)
    monkeypatch.setattr(rgbcloud.counting.histogram, "_FEW", 0)
    monkeypatch.setattr(rgbcloud.counting.histogram, "_BLOCK", 10_000)
    assert ColorHistogram.from_array(pixels) == small


def test_colours_come_ordered_by_red_green_blue(quadrants):
    assert ColorHistogram.from_array(quadrants).colors.tolist() == [
        [0, 0, 255],
        [0, 255, 0],
        [255, 0, 0],
        [255, 255, 255],
    ]


def test_grey_counts_as_rgb():
    grey = np.array([[0, 7], [7, 7]], np.uint8)
    assert as_dict(ColorHistogram.from_array(grey)) == {(0, 0, 0): 1.0, (7, 7, 7): 3.0}


def test_alpha_weighs_and_full_transparency_has_no_vote():
    pixels = np.array([[[9, 9, 9, 0], [1, 2, 3, 51]], [[1, 2, 3, 204], [4, 5, 6, 255]]], np.uint8)
    histogram = ColorHistogram.from_array(pixels)
    assert as_dict(histogram) == {(1, 2, 3): 1.0, (4, 5, 6): 1.0}
    assert histogram.total == 2.0


def test_an_image_of_no_visible_texel_has_an_empty_histogram():
    histogram = ColorHistogram.from_array(np.zeros((3, 3, 4), np.uint8))
    assert len(histogram) == 0
    assert histogram.total == 0
    assert histogram.colors.shape == (0, 3)


def test_strips_give_the_same_as_the_whole(photo, photo_histogram, monkeypatch):
    monkeypatch.setattr(rgbcloud.counting.histogram, "_PENDING", 5000)
    strips = (ColorHistogram.from_array(photo[top : top + 20]) for top in range(0, len(photo), 20))
    assert ColorHistogram.merge(strips) == photo_histogram


def test_a_view_counts_as_its_copy_does(photo):
    view = photo[::2, ::-3, ::-1]
    assert ColorHistogram.from_array(view) == ColorHistogram.from_array(view.copy())


@given(images, images)
def test_the_sum_is_the_histogram_of_both(one, other):
    one, other = (ColorHistogram.from_array(pixels) for pixels in (one, other))
    both = counted = dict.fromkeys([*as_dict(one), *as_dict(other)], 0.0)
    for histogram in (one, other):
        for color, count in as_dict(histogram).items():
            counted[color] = round((counted[color] + count) * 255) / 255
    assert as_dict(one + other) == dict(sorted(both.items()))
    assert one + other == other + one


def test_any_grouping_of_parts_sums_to_the_same(photo, rng):
    alpha = rng.integers(0, 256, (*photo.shape[:2], 1), np.uint8)
    tiles = np.array_split(np.concatenate([photo, alpha], axis=2), 5)
    parts = [ColorHistogram.from_array(tile) for tile in tiles]
    left = (((parts[0] + parts[1]) + parts[2]) + parts[3]) + parts[4]
    right = parts[4] + (parts[3] + (parts[2] + (parts[1] + parts[0])))
    assert left == right == ColorHistogram.merge(parts)


def test_merging_nothing_gives_the_empty_histogram():
    assert len(ColorHistogram.merge([])) == 0


def test_it_can_be_made_of_colours_and_counts():
    histogram = ColorHistogram(np.array([[2, 0, 0], [1, 0, 0]], np.uint8), [0.2, 3])
    assert as_dict(histogram) == {(1, 0, 0): 3.0, (2, 0, 0): 0.2}


@pytest.mark.parametrize(
    ("colors", "counts", "sentence"),
    [
        (np.zeros((2, 3), np.uint8), [1, 1], "colors must be distinct"),
        (np.zeros((1, 3)), [1], "colors must be a uint8 array of shape .n, 3., got float64"),
        (np.zeros((1, 4), np.uint8), [1], r"got uint8 of shape \(1, 4\)"),
        (np.zeros((1, 3), np.uint8), [0], "counts must be 1 numbers of at least 1/255"),
        (np.zeros((1, 3), np.uint8), [1, 2], "counts must be 1 numbers"),
    ],
)
def test_colours_and_counts_that_do_not_fit_are_refused(colors, counts, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence):
        ColorHistogram(colors, counts)


@pytest.mark.parametrize(
    ("pixels", "sentence"),
    [
        (np.zeros((2, 2, 3)), "pixels must be uint8, got float64"),
        (np.zeros((2, 2, 2), np.uint8), r"shape \(H, W\), \(H, W, 3\) or \(H, W, 4\), got \(2, 2, 2\)"),
        (np.zeros(4, np.uint8), r"got \(4,\)"),
        (np.zeros((0, 4, 3), np.uint8), "at least one pixel"),
    ],
)
def test_what_is_no_image_is_refused(pixels, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence):
        ColorHistogram.from_array(pixels)


def test_it_is_immutable(photo_histogram):
    for array in (photo_histogram.colors, photo_histogram.counts):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_its_repr_says_how_much_it_holds(quadrants):
    assert repr(ColorHistogram.from_array(quadrants)) == "<ColorHistogram: 4 colours of 64 texels>"


def test_counting_can_be_cancelled_and_tells_its_progress(photo, monkeypatch):
    monkeypatch.setattr(rgbcloud.counting.histogram, "_FEW", 0)
    monkeypatch.setattr(rgbcloud.counting.histogram, "_BLOCK", 10_000)
    told = []

    def stop_half_way(fraction, message):
        told.append((fraction, message))
        if fraction > 0.5:
            raise CancelledError("enough")

    with pytest.raises(CancelledError, match="enough"):
        ColorHistogram.from_array(photo, progress=stop_half_way)
    assert 0.5 < told[-1][0] < 0.6
    assert told[0][1] == "counting colours"


def test_memory_stays_bounded_however_large_the_image():
    """64 megapixels of 4,096 colours, of which only one row of texels is really held."""
    row = np.arange(4096, dtype=np.uint32)
    row = np.stack([row >> 8, row >> 4 & 255, row & 255], axis=1).astype(np.uint8)
    image = np.broadcast_to(row, (16_384, 4096, 3))
    tracemalloc.start()
    histogram = ColorHistogram.from_array(image)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(histogram) == 4096
    assert histogram.total == 64 * 2**20
    assert peak < 160 * 2**20
