"""Clustering and mapping in linear light, Oklab, CIELAB, and between unit vectors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.cluster import KMeans

from rgbcloud import ColorHistogram, InvalidArgumentError, Palette, Settings, cluster, quantize
from rgbcloud.clustering.samples import Samples
from rgbcloud.color import LINEAR_SRGB, SRGB
from rgbcloud.color.distance import DistanceSpace, nearest_values
from rgbcloud.color.spaces import srgb8_to
from rgbcloud.settings import field_of

OTHERS = [name for name in field_of("space").choices if name != "srgb"]
NORMALS = DistanceSpace(kind="normal")


def in_space(space):
    return DistanceSpace(space) if isinstance(space, str) else space


def nearest_by_brute_force(values, palette, space):
    """The definition: every distance, in exact multiples of 2**-40; of equal ones the first by r, g, b."""
    order = np.lexsort(palette.T[::-1])
    points, centers = (
        np.rint(space.coordinates(array) * 2**20).astype(object) for array in (values, palette[order])
    )
    squares = ((points[:, np.newaxis] - centers) ** 2).sum(axis=2)
    return order[squares.argmin(axis=1)]


@pytest.mark.parametrize("space", OTHERS)
def test_means_are_taken_in_the_space(space):
    pair = np.array([[0, 0, 0], [255, 255, 255]], np.uint8)
    halfway = {"linear": "#bcbcbc", "oklab": "#636363", "cielab": "#777777"}  # L = 0.5, L* = 50
    assert cluster(ColorHistogram(pair, [1, 1]), Settings(1), in_space(space)).to_hex() == [halfway[space]]


@pytest.mark.parametrize("space", OTHERS)
@pytest.mark.parametrize("colors", [1, 2, 7, 16, 64, 256])
def test_as_many_colours_as_asked_for_are_delivered_and_used(photo_histogram, space, colors):
    palette = cluster(photo_histogram, Settings(colors), in_space(space))
    assert len(set(palette.to_hex())) == colors
    assert (palette.populations > 0).all()
    assert palette.populations.sum() == pytest.approx(photo_histogram.total)
    keys = [(-population, color) for population, color in zip(palette.populations, palette.to_hex())]
    assert keys == sorted(keys)


@pytest.mark.slow
@pytest.mark.parametrize("space", OTHERS)
@pytest.mark.parametrize("colors", [8, 32])
def test_the_error_there_is_no_larger_than_that_of_a_full_fit(photo, space, colors):
    histogram = ColorHistogram.from_array(photo[::4, ::4])
    points, weights = srgb8_to(space, histogram.colors), histogram.counts
    best = min(
        KMeans(colors, n_init=1, random_state=seed).fit(points, sample_weight=weights).inertia_
        for seed in range(3)
    )
    palette = cluster(histogram, Settings(colors), in_space(space))
    labels = nearest_values(histogram.colors, palette.colors, DistanceSpace(space))
    error = ((points - srgb8_to(space, palette.colors)[labels]) ** 2).sum(axis=1) @ weights
    assert error < 1.03 * best
    # and that of a palette made in sRGB is larger
    other = cluster(histogram, colors)
    labels = nearest_values(histogram.colors, other.colors, DistanceSpace(space))
    assert error < ((points - srgb8_to(space, other.colors)[labels]) ** 2).sum(axis=1) @ weights


@settings(max_examples=40)
@given(
    colors=arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.just(3))),
    palette=arrays.arrays(np.uint8, st.tuples(st.integers(1, 12), st.just(3))),
    space=st.sampled_from(
        [*map(DistanceSpace, OTHERS), NORMALS, DistanceSpace("oklab", color_space=LINEAR_SRGB)]
    ),
)
def test_the_nearest_is_the_nearest(colors, palette, space):
    found = nearest_values(colors, palette, space)
    np.testing.assert_array_equal(found, nearest_by_brute_force(colors, palette, space))


@pytest.mark.parametrize("space", OTHERS)
def test_quantizing_is_clustering_and_remapping_in_one(photo, space):
    pixels = np.dstack([photo, np.where(photo[..., 0] > 30, 255, 0).astype(np.uint8)])
    histogram, palette, indices = quantize(pixels, Settings(9, space=space))
    assert palette == cluster(histogram, Settings(9), in_space(space))
    np.testing.assert_array_equal(indices, palette.remap(pixels, space=space))


@pytest.mark.parametrize("space", OTHERS)
def test_the_order_of_a_given_palette_changes_no_colour(photo, space, rng):
    palette = Palette(rng.integers(0, 256, (20, 3), np.uint8))
    shuffled = Palette(palette.colors[rng.permutation(20)])
    pictures = [one.rebuild(one.remap(photo, space=space)) for one in (palette, shuffled)]
    np.testing.assert_array_equal(*pictures)


@pytest.mark.parametrize("space", OTHERS)
def test_threads_change_nothing(photo_histogram, space, threads):
    palettes = []
    for count in (1, 2, 3):
        threads(count)
        palettes.append(cluster(photo_histogram, Settings(24), in_space(space)))
    assert palettes[0] == palettes[1] == palettes[2]


def test_few_colours_are_kept_as_they_are(quadrants):
    for space in OTHERS:
        palette = cluster(ColorHistogram.from_array(quadrants), Settings(16), in_space(space))
        assert palette.to_hex() == ["#0000ff", "#00ff00", "#ff0000", "#ffffff"]


def test_an_unknown_space_is_refused(photo_histogram):
    with pytest.raises(
        InvalidArgumentError, match="space must be one of srgb, linear, oklab, cielab, got 'hsv'"
    ):
        cluster(photo_histogram, Settings(4, space="hsv"))


# --- what is stored ---


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float16", "float32"])
@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize("space", field_of("space").choices)
def test_stored_numbers_come_back(space, linear, dtype, rng):
    working = DistanceSpace(space, color_space=LINEAR_SRGB if linear else SRGB, dtype=dtype)
    whole = np.iinfo(dtype).max if dtype.startswith("u") else 1
    values = (rng.uniform(0.05, 1, (500, 3)) * whole).astype(dtype)
    back = working.values(working.coordinates(values)).astype(float)
    # 2**-21 off in a coordinate is less than a step of 8 bits and a few of 16.
    np.testing.assert_allclose(back, values, atol=0 if dtype == "uint8" else 1e-4 * whole)


def test_what_is_stored_linear_is_not_decoded_again():
    grey = np.full((1, 3), 128, np.uint8)
    assert DistanceSpace("cielab", color_space=LINEAR_SRGB).coordinates(grey)[0, 0] == pytest.approx(
        0.7619, abs=1e-3
    )
    assert DistanceSpace("cielab").coordinates(grey)[0, 0] == pytest.approx(0.5359, abs=1e-3)


@pytest.mark.parametrize("space", field_of("space").choices)
def test_bright_light_is_compressed_and_comes_back(space):
    working = DistanceSpace(space, color_space=LINEAR_SRGB, dtype="float32")
    light = np.array([[0.5, 1, 2], [100, 2000, 65000], [-3, 0, 1e30]], np.float32)
    coordinates = working.coordinates(light)
    assert np.abs(coordinates).max() < 16
    light[2, 2] = 65504  # as bright as it gets
    np.testing.assert_allclose(working.values(coordinates), light, rtol=5e-4, atol=1e-4)


# --- directions ---


def test_normals_are_averaged_as_directions():
    # 60 degrees to either side: the mean is straight out, and of full length again.
    pair = np.array([[238, 128, 191], [17, 128, 191]], np.uint8)
    palette = cluster(ColorHistogram(pair, [1, 1]), Settings(1), NORMALS)
    np.testing.assert_allclose(palette.colors, [[128, 128, 255]], atol=1)


def test_palette_normals_are_of_unit_length(rng):
    vectors = rng.normal([0, 0, 2], size=(64, 64, 3))
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    pixels = np.rint((vectors + 1) / 2 * 255).astype(np.uint8)
    palette = cluster(ColorHistogram.from_array(pixels), Settings(32), NORMALS)
    lengths = np.linalg.norm(palette.colors / 127.5 - 1, axis=1)
    np.testing.assert_allclose(lengths, 1, atol=0.01)
    plain = np.linalg.norm(cluster(ColorHistogram.from_array(pixels), 32).colors / 127.5 - 1, axis=1)
    assert plain.min() < 0.98  # which plain means are not


def test_equal_directions_are_one_sample_each():
    # (0, 0, 0) points along (-1, -1, -1), as (64, 64, 64) does: two values, one direction.
    colors = np.array([[0, 0, 0], [64, 64, 64], [128, 128, 255]], np.uint8)
    histogram = ColorHistogram(colors, [1, 1, 1])
    samples = Samples.of(histogram, NORMALS, np.empty((0, 3), np.uint8))
    assert len(np.unique(samples.coordinates.round(2), axis=0)) == 2
    palette = cluster(histogram, Settings(3), NORMALS)
    assert 2 <= len(palette) <= 3
    assert (palette.populations > 0).all()


# --- locks and rare colours, as in sRGB ---


@pytest.mark.parametrize("space", [*OTHERS, NORMALS])
def test_locked_colours_come_first_as_they_are(photo_histogram, space):
    locked = ("#00ff00", "#123456", "#ffffff")
    palette = cluster(photo_histogram, Settings(12, locked=locked), in_space(space))
    assert palette.to_hex()[:3] == list(locked)
    assert len(set(palette.to_hex())) == 12
    assert (palette.populations[3:] > 0).all()


def test_nothing_but_locked_colours(photo_histogram):
    locked = ("#00ff00", "#123456")
    assert cluster(photo_histogram, Settings(2, space="oklab", locked=locked)).to_hex() == list(locked)


def test_rare_colours_can_weigh_more():
    colors = np.array([[250, 250, 250], [240, 240, 240], [255, 0, 0]], np.uint8)
    histogram = ColorHistogram(colors, [100_000, 100_000, 1])
    assert "#ff0000" not in cluster(histogram, Settings(2, space="linear")).to_hex()
    assert "#ff0000" in cluster(histogram, Settings(2, space="linear", weight_power=0)).to_hex()
