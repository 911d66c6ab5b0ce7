from __future__ import annotations

import numpy as np
import pytest

from rgbcloud import CancelledError, ColorHistogram, InvalidArgumentError, Preview, cluster
from rgbcloud.color.distance import DistanceSpace, nearest_values


@pytest.fixture(scope="module")
def preview(photo_histogram):
    return Preview(photo_histogram)


@pytest.mark.parametrize("colors", [1, 2, 5, 16, 32, 33, 64, 150, 256])
def test_palettes_are_close_to_those_of_cluster(preview, photo_histogram, colors):
    palette = preview.palette(colors)
    assert len(palette) == colors
    exact = cluster(photo_histogram, colors)
    assert palette.measure_on(photo_histogram).inertia <= 1.03 * exact.inertia
    assert palette.populations.sum() == pytest.approx(photo_histogram.total)


@pytest.mark.parametrize("space", ["linear", "oklab", "cielab"])
@pytest.mark.parametrize("colors", [5, 16, 100])
def test_in_another_space_palettes_are_close_there(preview, photo_histogram, space, colors):
    def error(palette):
        there = DistanceSpace(space)
        labels = nearest_values(photo_histogram.colors, palette.colors, there)
        off = there.coordinates(photo_histogram.colors) - there.coordinates(palette.colors)[labels]
        return ((off**2).sum(axis=1) * photo_histogram.coverage).sum()

    palette = preview.palette(colors, DistanceSpace(space))
    assert len(palette) == colors
    exact = error(cluster(photo_histogram, colors, space=DistanceSpace(space)))
    assert error(palette) <= 1.1 * exact
    assert error(palette) < error(preview.palette(colors))


def test_the_curve_falls_and_meets_the_exact_errors(preview, photo_histogram):
    errors = preview.errors
    assert errors.shape == (255,)
    assert (np.diff(errors) < 0).all()
    for colors in (2, 16, 100, 256):
        exact = cluster(photo_histogram, colors).inertia / photo_histogram.total
        assert errors[colors - 2] == pytest.approx(exact, rel=0.12)


def test_asking_in_another_order_changes_nothing(preview, photo_histogram):
    other = Preview(photo_histogram)
    palettes = [preview.palette(colors) for colors in (7, 40, 200)]
    assert palettes == [other.palette(colors) for colors in (200, 40, 7)][::-1]


def test_few_colours_are_shown_exactly(quadrants):
    preview = Preview(ColorHistogram.from_array(quadrants))
    assert preview.palette(4).to_hex() == ["#0000ff", "#00ff00", "#ff0000", "#ffffff"]
    assert preview.palette(256) == preview.palette(4)
    assert preview.errors[0] > 0
    assert (preview.errors[2:] == 0).all()


def test_one_colour_has_no_error():
    preview = Preview(ColorHistogram.from_array(np.full((4, 4), 9, np.uint8)))
    assert (preview.errors == 0).all()
    assert preview.palette(16).to_hex() == ["#090909"]


def test_preparing_can_be_cancelled(photo_histogram):
    def stop(_fraction, message):
        raise CancelledError(message)

    with pytest.raises(CancelledError, match="preparing the preview"):
        Preview(photo_histogram, progress=stop)


def test_an_empty_histogram_is_refused():
    with pytest.raises(InvalidArgumentError, match="no colour to cluster"):
        Preview(ColorHistogram.merge([]))


@pytest.mark.parametrize("colors", [0, 257, 2.5])
def test_an_impossible_size_is_refused(preview, colors):
    with pytest.raises(InvalidArgumentError, match=r"colors must be an int in 1\.\.256"):
        preview.palette(colors)
