"""The palettes that k-means goes through."""

from __future__ import annotations

import numpy as np
import pytest

from rgbcloud import ColorHistogram, InvalidArgumentError, cluster
from rgbcloud.clustering.iterations import iterations


def test_every_iteration_is_better_than_the_one_before(photo_histogram):
    inertia = [palette.inertia for palette in iterations(photo_histogram, 8, most=12)]
    assert len(inertia) == 12
    assert all(later <= sooner * 1.001 for sooner, later in zip(inertia, inertia[1:]))
    assert inertia[-1] < 0.7 * inertia[0]


def test_the_start_takes_colours_of_the_histogram(photo_histogram):
    first = iterations(photo_histogram, 8, most=1)[0]
    assert first.inertia == first.measure_on(photo_histogram).inertia
    known = {tuple(color) for color in photo_histogram.colors.tolist()}
    assert {tuple(color) for color in first.colors.tolist()} <= known


def test_colours_keep_their_index_and_the_last_are_ordered_by_population(photo_histogram):
    palettes = iterations(photo_histogram, 5, most=30)
    for sooner, later in zip(palettes[10:], palettes[11:]):
        assert later.remap(sooner.colors[np.newaxis]).tolist() == [[0, 1, 2, 3, 4]]
    assert (np.diff(palettes[-1].populations) <= 0).all()


def test_it_comes_to_rest(quadrants):
    noise = np.random.default_rng(3).integers(0, 6, (64, 64, 3))
    pixels = (np.kron(quadrants, np.ones((8, 8, 1), np.uint8)).astype(int) - noise).clip(0, 255)
    histogram = ColorHistogram.from_array(pixels.astype(np.uint8))
    palettes = iterations(histogram, 4, most=50, seed=1)
    assert len(palettes) < 50
    assert palettes[-1].inertia >= cluster(histogram, 4).inertia * 0.99


def test_few_colours_are_their_own_palette():
    histogram = ColorHistogram(np.array([[1, 2, 3], [4, 5, 6]], np.uint8), [1, 3])
    (palette,) = iterations(histogram, 7)
    assert palette.to_hex() == ["#040506", "#010203"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"colors": 0}, r"colors must be an int in 1\.\.256, got 0"),
        ({"colors": 2, "seed": -1}, r"seed must be an int in 0\.\.4294967295, got -1"),
        ({"colors": 2, "most": 0}, "most must be at least 1 iteration, got 0"),
    ],
)
def test_arguments_that_make_no_sense(photo_histogram, arguments, message):
    with pytest.raises(InvalidArgumentError, match=message):
        iterations(photo_histogram, **arguments)


def test_an_empty_histogram():
    with pytest.raises(InvalidArgumentError, match="every texel is fully transparent"):
        iterations(ColorHistogram.merge(()), 3)
