from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rgbcloud import ColorHistogram, InvalidArgumentError, Palette, PointCloud, Settings, cluster
from rgbcloud.cloud import axis_colors
from rgbcloud.color import find_color_space


@pytest.fixture(scope="module")
def palette(photo_histogram):
    return cluster(photo_histogram, 7)


def test_positions_are_red_green_blue_in_the_unit_cube(quadrants):
    cloud = PointCloud.from_histogram(ColorHistogram.from_array(quadrants))
    assert cloud.positions.dtype == np.float32
    assert cloud.positions.tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 1]]
    assert cloud.weights.tolist() == [16, 16, 16, 16]


def test_points_are_coloured_by_source_or_by_cluster():
    histogram = ColorHistogram(np.array([[0, 0, 9], [250, 0, 0]], np.uint8), [1, 1])
    cloud = PointCloud.from_histogram(histogram, Palette.from_hex(["#ff0000", "#000000"]))
    assert cloud.display_colors("source").tolist() == [[0, 0, 9], [250, 0, 0]]
    assert cloud.display_colors("cluster").tolist() == [[0, 0, 0], [255, 0, 0]]
    assert cloud.clusters.tolist() == [1, 0]


def test_a_cloud_without_palette_has_no_clusters(quadrants):
    cloud = PointCloud.from_histogram(ColorHistogram.from_array(quadrants))
    assert cloud.clusters is None
    with pytest.raises(InvalidArgumentError, match="no clusters to be coloured by"):
        cloud.display_colors("cluster")


def test_another_colouring_is_refused(quadrants):
    cloud = PointCloud.from_histogram(ColorHistogram.from_array(quadrants))
    with pytest.raises(InvalidArgumentError, match='"source" or "cluster", got \'hue\''):
        cloud.display_colors("hue")


@pytest.mark.parametrize("budget", [1, 2, 100, 5_000, 62_940, 62_941, 100_000])
def test_the_budget_is_used_up_and_kept_to(photo_histogram, palette, budget):
    cloud = PointCloud.from_histogram(photo_histogram, palette, budget=budget)
    assert len(cloud) == min(budget, len(photo_histogram))
    assert cloud.weights.sum() == pytest.approx(photo_histogram.total)
    assert (cloud.weights > 0).all()
    assert len(np.unique(cloud.colors, axis=0)) == len(cloud)


def test_points_are_colours_of_the_texture(photo_histogram):
    cloud = PointCloud.from_histogram(photo_histogram, budget=1000)
    known = {tuple(color) for color in photo_histogram.colors.tolist()}
    assert {tuple(color) for color in cloud.colors.tolist()} <= known


def test_thinning_is_deterministic(photo_histogram):
    clouds = [PointCloud.from_histogram(photo_histogram, budget=777) for _ in range(2)]
    assert np.array_equal(clouds[0].colors, clouds[1].colors)
    assert np.array_equal(clouds[0].weights, clouds[1].weights)


def test_one_texel_of_a_rare_colour_survives_among_a_million_others(rng):
    dull = rng.integers(90, 130, (1000, 1000, 3), np.uint8)
    dull[500, 500] = 255, 0, 255
    cloud = PointCloud.from_histogram(ColorHistogram.from_array(dull), budget=300)
    assert [255, 0, 255] in cloud.colors.tolist()


def test_the_shape_is_kept(photo_histogram):
    """No colour of the texture is farther from the thinned cloud than the cells it was thinned on."""
    cloud = PointCloud.from_histogram(photo_histogram, budget=2000)
    sample = photo_histogram.colors[::37].astype(int)
    distances = np.abs(sample[:, np.newaxis] - cloud.colors.astype(int)).max(axis=2).min(axis=1)
    assert distances.max() < 16


@pytest.mark.parametrize("budget", [0, -5])
def test_a_budget_below_one_is_refused(photo_histogram, budget):
    with pytest.raises(InvalidArgumentError, match=f"at least 1 point, got {budget}"):
        PointCloud.from_histogram(photo_histogram, budget=budget)


def test_an_empty_histogram_gives_an_empty_cloud():
    cloud = PointCloud.from_histogram(ColorHistogram.merge([]), Palette.from_hex(["#000000"]))
    assert len(cloud) == 0
    assert cloud.positions.shape == (0, 3)


def test_clusters_are_those_of_the_space_that_the_palette_was_made_in(photo_histogram):
    palette = cluster(photo_histogram, Settings(8, space="oklab"))
    cloud = PointCloud.from_histogram(photo_histogram, palette, budget=len(photo_histogram))
    populations = np.bincount(cloud.clusters, photo_histogram.counts)
    np.testing.assert_allclose(populations, palette.populations)
    colors = Palette(palette.colors)  # which were found in no space
    in_rgb = PointCloud.from_histogram(photo_histogram, colors, budget=len(photo_histogram))
    assert not np.array_equal(in_rgb.clusters, cloud.clusters)


COLORS = np.array([[0, 0, 0], [255, 0, 0], [128, 128, 128], [255, 255, 255]], np.uint8)


@pytest.mark.parametrize(
    ("axes", "expected"),
    [
        ("srgb", COLORS / 255),
        ("linear", [[0, 0, 0], [1, 0, 0], [0.2158605] * 3, [1, 1, 1]]),
        # Ottosson (2020): red is L 0.62796, a 0.22486, b 0.12585; grey has neither a nor b.
        ("oklab", [[0.5, 0.5, 0], [0.72486, 0.62585, 0.62796], [0.5, 0.5, 0.59987], [0.5, 0.5, 1]]),
        # Of D65: red is L* 53.24, a* 80.09, b* 67.2; the cube is 220 wide, and grey runs up its middle.
        ("cielab", [[0.5, 0.5, 0.27273], [0.864, 0.8055, 0.5147], [0.5, 0.5, 0.5163], [0.5, 0.5, 0.72727]]),
        # The primaries of Display P3: what sRGB's red is in them.
        ("file", [[0, 0, 0], [0.91749, 0.20029, 0.13856], [0.50196] * 3, [1, 1, 1]]),
    ],
)
def test_points_lie_along_the_axes_that_were_asked_for(axes, expected):
    histogram = ColorHistogram(COLORS, [1, 1, 1, 1])
    cloud = PointCloud.from_histogram(histogram).with_axes(axes)
    assert np.array_equal(cloud.colors, COLORS[[0, 2, 1, 3]])
    cloud = replace(cloud, color_space=find_color_space("Display P3"))
    np.testing.assert_allclose(cloud.positions[[0, 2, 1, 3]], expected, atol=2e-4)
    np.testing.assert_array_equal(axis_colors(cloud.positions, axes, cloud.color_space), cloud.colors)
    assert cloud.with_clusters(Palette.from_hex(["#000000"])).axes == axes


def test_other_axes_are_refused(quadrants):
    with pytest.raises(InvalidArgumentError, match=r"axes must be one of srgb.*got 'hsv'"):
        PointCloud.from_histogram(ColorHistogram.from_array(quadrants)).with_axes("hsv")


def test_a_cloud_knows_the_colour_space_of_its_file(photo_histogram):
    palette = cluster(photo_histogram, Settings(3, color_space="ACEScg"))
    assert PointCloud.from_histogram(photo_histogram, palette).color_space.name == "ACEScg"
