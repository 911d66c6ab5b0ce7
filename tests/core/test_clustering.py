from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.cluster import KMeans

from rgbcloud import CancelledError, ColorHistogram, InvalidArgumentError, Settings, cluster
from rgbcloud.clustering.samples import Samples
from rgbcloud.color.distance import DistanceSpace
from rgbcloud.color.nearest import nearest


def test_clusters_that_lie_apart_are_found(rng):
    centers = np.array([[40, 40, 40], [200, 60, 50], [60, 190, 210]])
    sizes = (300, 200, 100)
    texels = np.concatenate([center + rng.integers(-9, 10, (n, 3)) for center, n in zip(centers, sizes)])
    palette = cluster(ColorHistogram.from_array(texels.astype(np.uint8)[np.newaxis]), 3)
    assert palette.populations.tolist() == [300.0, 200.0, 100.0]
    for color, expected in zip(palette.colors, np.split(texels, np.cumsum(sizes)[:-1])):
        assert color.tolist() == np.rint(expected.mean(axis=0)).tolist()


def test_centres_are_rounded_not_truncated():
    histogram = ColorHistogram(np.array([[0, 0, 0], [1, 1, 1], [255, 255, 255]], np.uint8), [1, 3, 1])
    assert cluster(histogram, 2).to_hex() == ["#010101", "#ffffff"]  # 0.75 becomes 1


def test_the_weights_count():
    histogram = ColorHistogram(np.array([[0, 0, 0], [100, 0, 0]], np.uint8), [3, 1])
    assert cluster(histogram, 1).to_hex() == ["#190000"]  # a quarter of the way


@pytest.mark.parametrize("colors", [2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_best_is_the_best_there_is(seed, colors):
    """Of all ways to part eight colours, as brute force finds it, to within a thousandth."""
    numbers = np.random.default_rng(seed)
    values, counts = numbers.integers(0, 256, (8, 3), np.uint8), numbers.integers(1, 50, 8)
    ways = np.stack(np.meshgrid(*[np.arange(colors)] * 8), axis=-1).reshape(-1, 8)
    least = 0.0
    for cluster_number in range(colors):
        weights = (ways == cluster_number) * counts
        total = np.maximum(weights.sum(axis=1, keepdims=True), 1)
        centers = np.rint(weights @ values.astype(float) / total)
        squares = ((values - centers[:, np.newaxis].astype(float)) ** 2).sum(axis=2)
        least = least + (weights * squares).sum(axis=1)
    found = cluster(ColorHistogram(values, counts), Settings(colors, effort="best"))
    assert found.inertia <= 1.001 * least.min()


@pytest.mark.parametrize("colors", [1, 2, 3, 7, 16, 64, 200, 256])
def test_as_many_colours_as_asked_for_are_delivered_and_used(photo_histogram, colors):
    palette = cluster(photo_histogram, colors)
    assert len(palette) == len(set(palette.to_hex())) == colors
    assert (palette.populations > 0).all()
    assert palette.populations.sum() == photo_histogram.total


@settings(max_examples=60)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 8), st.integers(1, 8), st.just(3))),
    st.integers(1, 64),
)
def test_any_image_gets_its_colours_or_as_many_as_asked_for(pixels, colors):
    histogram = ColorHistogram.from_array(pixels)
    palette = cluster(histogram, colors)
    assert len(palette) == len(set(palette.to_hex())) == min(colors, len(histogram))
    assert (palette.populations > 0).all()


@settings(max_examples=30)
@given(st.integers(2, 256), st.integers(0, 5))
def test_colours_crowded_into_a_corner_are_still_told_apart(colors, spread):
    """A histogram of 7 x 7 x 7 neighbours leaves rounded centres no choice but to coincide."""
    grid = np.stack(np.meshgrid(*[np.arange(7)] * 3), axis=-1).reshape(-1, 3).astype(np.uint8)
    palette = cluster(ColorHistogram(grid, np.arange(len(grid)) % (spread + 1) * 50 + 1), colors)
    assert len(palette) == len(set(palette.to_hex())) == colors
    assert (palette.populations > 0).all()


def test_an_image_with_fewer_colours_keeps_its_own_exactly(quadrants):
    palette = cluster(ColorHistogram.from_array(quadrants), 16)
    assert palette.to_hex() == ["#0000ff", "#00ff00", "#ff0000", "#ffffff"]
    assert palette.inertia == 0


def test_the_order_is_by_population_then_by_colour(photo_histogram):
    palette = cluster(photo_histogram, 32)
    keys = [(-population, color) for population, color in zip(palette.populations, palette.to_hex())]
    assert keys == sorted(keys)


def test_inertia_and_populations_are_those_of_the_rounded_palette(photo_histogram):
    palette = cluster(photo_histogram, 16)
    measured = palette.measure_on(photo_histogram)
    assert palette.inertia == measured.inertia
    assert np.array_equal(palette.populations, measured.populations)


@pytest.mark.slow
@pytest.mark.parametrize("colors", [4, 16, 64])
def test_the_error_is_no_larger_than_that_of_the_best_of_three_full_fits(photo_histogram, colors):
    texels, weights = photo_histogram.colors.astype(float), photo_histogram.counts
    best = min(
        KMeans(colors, n_init=1, random_state=seed).fit(texels, sample_weight=weights).inertia_
        for seed in range(3)
    )
    assert cluster(photo_histogram, colors).inertia < 1.02 * best


def test_the_same_seed_gives_the_same_palette_and_another_may_not(photo_histogram):
    assert cluster(photo_histogram, Settings(16, seed=5)) == cluster(photo_histogram, Settings(16, seed=5))
    palettes = {cluster(photo_histogram, Settings(64, seed=seed)) for seed in range(4)}
    assert len(palettes) > 1


@pytest.mark.parametrize("colors", [3, 16, 100])
def test_the_number_of_threads_changes_nothing(photo_histogram, threads, colors):
    palettes = []
    for count in (1, 2, 4):
        threads(count)
        palettes.append(cluster(photo_histogram, colors))
    assert palettes[0] == palettes[1] == palettes[2]
    assert palettes[0].inertia == palettes[1].inertia == palettes[2].inertia


def test_two_textures_share_a_palette_through_their_sum(photo):
    left, right = ColorHistogram.from_array(photo[:, :320]), ColorHistogram.from_array(photo[:, 320:])
    assert cluster(left + right, 12) == cluster(ColorHistogram.from_array(photo), 12)


@pytest.mark.parametrize("colors", [0, -1, 257, 3.5, "many", True, None])
def test_a_number_of_colours_that_is_none_is_refused(photo_histogram, colors):
    with pytest.raises(InvalidArgumentError, match=f"colors must be an int in 1..256, got {colors!r}"):
        cluster(photo_histogram, colors)


def test_numpy_integers_are_integers(photo_histogram):
    assert len(cluster(photo_histogram, np.int64(3))) == 3


@pytest.mark.parametrize("seed", [-1, 2**32, 0.5])
def test_a_seed_out_of_range_is_refused(photo_histogram, seed):
    with pytest.raises(InvalidArgumentError, match=f"seed must be an int in 0..4294967295, got {seed}"):
        cluster(photo_histogram, Settings(3, seed=seed))


def test_nothing_visible_cannot_be_clustered():
    with pytest.raises(InvalidArgumentError, match="no texel is visible, finite and unmasked"):
        cluster(ColorHistogram.merge([]), 3)


def test_progress_never_falls_and_ends_at_one(photo_histogram):
    told = []
    cluster(photo_histogram, 32, progress=lambda fraction, _message: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 3


def test_clustering_can_be_cancelled(photo_histogram):
    def stop(fraction, message):
        raise CancelledError(message)

    with pytest.raises(CancelledError, match="clustering"):
        cluster(photo_histogram, 16, progress=stop)


def test_every_entry_that_coincides_or_is_unused_is_replaced(photo_histogram):
    colors = np.array([[0, 0, 0], [0, 0, 0], [255, 0, 255], [1, 255, 1]], np.uint8)
    samples = Samples.of(photo_histogram, DistanceSpace(), np.empty((0, 3), np.uint8))
    repaired = samples.fill_up(colors, 4).values
    assert len(np.unique(repaired, axis=0)) == 4
    assert len(np.unique(nearest(photo_histogram.colors, repaired))) == 4
