"""k-means++ starts, and what a whole search makes of them against certified optima."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from sklearn.cluster import kmeans_plusplus

from rgbcloud import ColorHistogram, DistanceSpace, Settings, cluster
from rgbcloud.clustering.cluster import clustering_of
from rgbcloud.clustering.grids import GridPyramid
from rgbcloud.clustering.lloyd import Points, refine, to_steps
from rgbcloud.clustering.starts import best_starts, random_numbers, steady_start

NONE_FIXED = np.empty((0, 3))


def start(points, colors, starts=1, seed=0, fixed=NONE_FIXED):
    return best_starts(points, colors, starts, 1, random_numbers(seed), fixed)[0]


@pytest.mark.parametrize("colors", [2, 8, 32, 128])
def test_starts_are_as_good_as_those_of_scikit_learn(photo_histogram, colors):
    """On the average of ten, each followed by the same three iterations."""
    points = GridPyramid(photo_histogram.colors, photo_histogram.coverage.astype(float)).at_least(500)
    coordinates = points.coordinates[:3].T.astype(float)
    ours, theirs = [], []
    for seed in range(10):
        ours.append(refine(points, start(points, colors, seed=seed), 1)[1])
        centers, _ = kmeans_plusplus(coordinates, colors, sample_weight=points.weights, random_state=seed)
        theirs.append(refine(points, refine(points, centers, 3)[0], 1)[1])
    assert np.mean(ours) <= 1.05 * np.mean(theirs)
    steady = steady_start(points, colors, 1.0, NONE_FIXED)
    assert refine(points, steady, 1)[1] <= 1.05 * np.mean(theirs)


def test_more_starts_are_no_worse(photo_histogram):
    points = GridPyramid(photo_histogram.colors, photo_histogram.coverage.astype(float)).at_least(500)
    few, many = (
        np.mean([refine(points, start(points, 6, starts, seed), 1)[1] for seed in range(8)])
        for starts in (1, 12)
    )
    assert many < few


def test_weights_of_any_size_are_heeded():
    # Three colours, two centres: the heavy ones get them, whatever the weights are counted in.
    moments = np.array([[-100.0, 0, 3], [0, 0, 0], [0, 0, 0]])
    for unit in (1, 255, 2**40):
        weights = np.array([1000.0, 1, 1000]) * unit
        centers = start(Points.of(weights, moments * weights), 2, starts=4)
        assert sorted(np.rint(centers[:, 0] / 8).tolist()) == [-100, 3]


def test_fixed_centres_stay_and_the_others_go_elsewhere():
    colors = np.array([[0, 0, 0], [10, 0, 0], [250, 0, 0]], np.uint8)
    points = GridPyramid(colors, np.array([5.0, 5, 1]) * 255).everything()
    fixed = to_steps(np.array([[5.0, 0, 0]]))
    np.testing.assert_array_equal(steady_start(points, 1, 1.0, fixed), fixed)
    for seed in range(5):
        centers = start(points, 2, seed=seed, fixed=fixed)
        np.testing.assert_array_equal(centers, to_steps(np.array([[5.0, 0, 0], [250, 0, 0]])))


def test_fewer_points_than_centres_are_no_trouble():
    colors = np.array([[0, 0, 0], [10, 0, 0], [250, 0, 0]], np.uint8)
    points = GridPyramid(colors, np.array([5.0, 5, 1]) * 255).everything()
    assert start(points, 7, starts=2).shape == (7, 3)


def test_more_colours_than_a_texture_has_besides_many_locked_ones():
    colors = np.array([[0, 0, 0], [10, 0, 0], [250, 0, 0], [0, 90, 0]], np.uint8)
    locked = ["#0000ff", "#ffff00", "#00ffff", "#ff00ff"]
    palette = cluster(ColorHistogram(colors, [5, 5, 1, 1]), Settings(7, locked=locked))
    assert palette.to_hex()[:4] == locked
    assert len(set(palette.to_hex())) == 7


# --- against certified optima ---


def cost(colors, counts):
    """Return the inertia of one cluster."""
    mean = np.average(colors, axis=0, weights=counts)
    return float((((colors - mean) ** 2).sum(axis=1) * counts).sum())


def found(histogram, colors):
    """Return the inertia of the clusters that are found, before their means are rounded to 8 bits."""
    palette, labels = clustering_of(histogram, Settings(colors, effort="best"), DistanceSpace())
    return sum(
        cost(histogram.colors[labels == label].astype(float), histogram.counts[labels == label])
        for label in range(len(palette))
    )


def partitions(count, most):
    """Yield every way to put `count` things into at most `most` groups, as labels."""
    for labels in itertools.product(range(most), repeat=count - 1):
        whole = (0, *labels)
        if all(label <= max(whole[:place], default=-1) + 1 for place, label in enumerate(whole)):
            yield np.array(whole)


@pytest.mark.parametrize(("size", "colors"), [(8, 2), (8, 3), (7, 4)])
@pytest.mark.parametrize("seed", range(6))
def test_best_is_the_optimum_of_tiny_images(size, colors, seed):
    """By trying every partition."""
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (size, 3)).astype(np.uint8)
    histogram = ColorHistogram(pixels, random.integers(1, 20, size))
    places, counts = histogram.colors.astype(float), histogram.counts
    least = min(
        sum(cost(places[labels == group], counts[labels == group]) for group in np.unique(labels))
        for labels in partitions(size, colors)
    )
    assert found(histogram, colors) <= 1.001 * least


def least_of_greys(histogram, colors):
    """Return the least inertia of clusters of greys, which are intervals, by dynamic programming."""
    greys, counts = histogram.colors.astype(float), histogram.counts
    whole = np.full((len(greys) + 1, len(greys) + 1), math.inf)
    for first, last in itertools.combinations(range(len(greys) + 1), 2):
        whole[first, last] = cost(greys[first:last], counts[first:last])
    least = whole[0]
    for _ in range(colors - 1):
        least = (least[:, np.newaxis] + whole).min(axis=0)
    return least[-1]


@pytest.mark.parametrize("colors", [2, 3, 5, 8, 16])
def test_best_is_close_to_the_optimum_of_grey_images(colors):
    """Within 0.1 % on the average, and none by more than 1 %."""
    ratios = []
    for seed in range(8):
        random = np.random.default_rng(seed)
        greys = random.normal([[60], [150], [220]], [[20], [9], [30]], (3, 40)).clip(0, 255)
        histogram = ColorHistogram.from_array(greys.astype(np.uint8))
        ratios.append(found(histogram, colors) / least_of_greys(histogram, colors))
    assert min(ratios) >= 1 - 1e-9
    assert np.mean(ratios) <= 1.001
    assert max(ratios) <= 1.01


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_random_numbers_are_those_of_numpy(seed):
    numbers = random_numbers(seed)
    assert [numbers.random() for _ in range(700)] == np.random.RandomState(seed).random_sample(700).tolist()
