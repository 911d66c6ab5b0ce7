from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rgbcloud.color.nearest import nearest, squared_distances


@settings(max_examples=200)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 40), st.just(3))),
    arrays(np.uint8, st.tuples(st.integers(1, 256), st.just(3))),
)
def test_it_finds_what_brute_force_finds(nearest_by_brute_force, colors, palette):
    assert np.array_equal(nearest(colors, palette), nearest_by_brute_force(colors, palette))


@pytest.mark.parametrize("count", [1, 2, 3, 16, 100, 256])
def test_every_colour_of_a_photograph_gets_its_nearest(photo_histogram, nearest_by_brute_force, rng, count):
    palette = rng.integers(0, 256, (count, 3), np.uint8)
    colors = photo_histogram.colors
    assert np.array_equal(nearest(colors, palette), nearest_by_brute_force(colors, palette))


def test_of_equally_near_colours_the_first_by_red_green_blue_is_taken_in_any_order():
    palette = np.array([[12, 0, 0], [8, 0, 0], [10, 2, 0]], np.uint8)
    color = np.array([[10, 0, 0]], np.uint8)
    assert palette[nearest(color, palette)].tolist() == [[8, 0, 0]]
    assert palette[::-1][nearest(color, palette[::-1])].tolist() == [[8, 0, 0]]


def test_of_equal_colours_the_first_is_taken():
    palette = np.array([[9, 9, 9], [1, 1, 1], [1, 1, 1]], np.uint8)
    assert nearest(np.array([[0, 0, 0]], np.uint8), palette).tolist() == [1]


def test_the_number_of_threads_changes_nothing(rng, threads):
    colors = rng.integers(0, 256, (200_000, 3), np.uint8)
    palette = rng.integers(0, 256, (64, 3), np.uint8)
    results = []
    for count in (1, 2, 5):
        threads(count)
        results.append(nearest(colors, palette))
    assert all(np.array_equal(results[0], result) for result in results)


def test_no_colour_has_no_nearest():
    assert nearest(np.empty((0, 3), np.uint8), np.zeros((1, 3), np.uint8)).shape == (0,)


def test_distances_reach_across_the_cube():
    black, white = np.zeros((1, 3), np.uint8), np.full((1, 3), 255, np.uint8)
    labels = np.zeros(1, np.uint8)
    assert squared_distances(black, white, labels).tolist() == [3 * 255**2]
    assert squared_distances(white, white, labels).tolist() == [0]
