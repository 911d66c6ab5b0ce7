"""Greys are clustered as well as can be: held to every way to cut them, and to kmeans1d."""

from __future__ import annotations

import itertools

import kmeans1d
import numpy as np
import pytest

from rgbcloud import ColorHistogram, Settings, cluster
from rgbcloud.clustering.cluster import clustering_of
from rgbcloud.clustering.line import clusters_on_line, places_on_line
from rgbcloud.color.distance import DistanceSpace
from rgbcloud.counting.value_histogram import count_values


def error_of(places, weights, labels, step=None):
    total = 0.0
    for label in np.unique(labels):
        mine = labels == label
        center = np.average(places[mine], weights=weights[mine])
        if step:
            center = np.rint(center / step) * step
        total += (weights[mine] * (places[mine] - center) ** 2).sum()
    return total


def least_error(places, weights, count, step=None):
    """The definition: all ways to cut the ascending values."""
    order = np.argsort(places)
    return min(
        error_of(
            places[order], weights[order], np.searchsorted(cuts, np.arange(len(places)), side="right"), step
        )
        for cuts in itertools.combinations(range(1, len(places)), count - 1)
    )


@pytest.mark.parametrize("step", [None, 1.0])
@pytest.mark.parametrize("number", range(12))
def test_no_other_cuts_are_better(number, step):
    random = np.random.default_rng(number)
    size = int(random.integers(4, 12))
    count = int(random.integers(2, size))
    places = random.choice(100, size, replace=False) + (0 if step else random.random(size))
    weights = random.integers(1, 50, size).astype(float)
    labels = clusters_on_line(places.astype(float), weights, count, step=step)
    assert len(np.unique(labels)) == count
    found = error_of(places, weights, labels, step)
    assert found == pytest.approx(least_error(places, weights, count, step))


@pytest.mark.parametrize("count", [2, 7, 40])
def test_it_is_as_good_as_kmeans1d(count):
    random = np.random.default_rng(count)
    places = np.unique(random.normal(0, 50, 600))
    ones = np.ones(len(places))
    found = clusters_on_line(places, ones, count)
    other = np.array(kmeans1d.cluster(places, count).clusters)
    assert error_of(places, ones, found) == pytest.approx(error_of(places, ones, other), rel=1e-9)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_grey_image_gets_the_best_palette_of_whole_levels(count):
    random = np.random.default_rng(5)
    levels = np.sort(random.choice(256, 10, replace=False)).astype(np.uint8)
    counts = random.integers(1, 500, 10)
    histogram = ColorHistogram(np.repeat(levels[:, np.newaxis], 3, axis=1), counts)
    palette = cluster(histogram, count)
    least = least_error(levels.astype(float), counts.astype(float), count, 1.0)
    assert palette.inertia == pytest.approx(3 * least)


@pytest.mark.parametrize("space", ["srgb", "linear", "oklab", "cielab"])
def test_greys_of_16_bits_in_any_space(space):
    random = np.random.default_rng(6)
    grey = random.choice(65536, 300, replace=False).astype(np.uint16).reshape(1, 300, 1)
    histogram = count_values(np.repeat(grey, 3, axis=2))
    where = DistanceSpace(space, dtype="uint16")
    found = clustering_of(histogram, Settings(6, space=space), where)
    places = places_on_line(where.coordinates(histogram.values))
    ones = np.ones(len(places))
    best = error_of(places, ones, np.array(kmeans1d.cluster(places, 6).clusters))
    assert error_of(places, ones, found.labels) == pytest.approx(best, rel=1e-6)


def test_colours_are_on_no_line_and_locked_ones_need_none():
    coordinates = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]])
    assert places_on_line(coordinates) is None
    ramp = ColorHistogram(np.repeat(np.arange(64, dtype=np.uint8)[:, np.newaxis], 3, axis=1), np.ones(64))
    assert "#ff8000" in cluster(ramp, Settings(4, locked=["#ff8000"])).to_hex()
