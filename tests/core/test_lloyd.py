from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans

from rgbcloud import ColorHistogram
from rgbcloud.clustering.grids import GridPyramid, spread
from rgbcloud.clustering.lloyd import MIDDLE, STEPS, Points, assign, refine, to_levels, to_steps
from rgbcloud.clustering.relocation import relocate, relocate_steadily
from rgbcloud.progress import silent


def pyramid_of(histogram):
    return GridPyramid(histogram.colors, histogram.coverage.astype(float))


@pytest.fixture
def cloud(rng):
    """5,000 distinct colours and their counts."""
    codes = rng.choice(1 << 24, 5000, replace=False)
    colors = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.uint8)
    return ColorHistogram(colors, rng.integers(1, 50, 5000))


def test_steps_and_levels_are_inverses():
    levels = np.arange(0, 255 * STEPS).reshape(-1, 3) / STEPS
    np.testing.assert_array_equal(to_levels(to_steps(levels)), levels)


def test_every_point_goes_to_its_nearest_centre(cloud, rng):
    points = pyramid_of(cloud).everything()
    centers = rng.integers(-1024, 1017, (37, 3)).astype(float)
    difference = points.coordinates.T[:, np.newaxis, :3].astype(np.int64) - centers.astype(np.int64)
    np.testing.assert_array_equal(assign(points, centers), (difference**2).sum(axis=2).argmin(axis=1))


def test_equally_near_centres_are_taken_in_order():
    points = Points.of(np.array([1.0]), np.zeros((3, 1)))
    assert assign(points, np.array([[8.0, 0, 0], [-8, 0, 0], [0, 8, 0]])).tolist() == [0]


def test_one_iteration_is_one_of_lloyds_algorithm(cloud, rng):
    # As scikit-learn's KMeans does it, but for the rounding of centres to an eighth of a level.
    start = rng.integers(0, 256, (12, 3)).astype(float)
    centers, _ = refine(pyramid_of(cloud).everything(), to_steps(start), 1)
    engine = KMeans(12, init=start, n_init=1, max_iter=1, tol=0)
    engine.fit(cloud.colors.astype(float), sample_weight=cloud.counts)
    # Its centres are those that it moves to after the last assignment.
    np.testing.assert_allclose(to_levels(centers), engine.cluster_centers_, atol=1 / STEPS)


def test_refining_ends_where_lloyds_algorithm_rests(cloud, rng):
    start = rng.integers(0, 256, (12, 3)).astype(float)
    centers, inertia = refine(pyramid_of(cloud).everything(), to_steps(start), 300)
    engine = KMeans(12, init=to_levels(centers), n_init=1, max_iter=300, tol=0)
    engine.fit(cloud.colors.astype(float), sample_weight=cloud.counts)
    assert inertia / 255 == pytest.approx(engine.inertia_, rel=1e-3)
    np.testing.assert_allclose(to_levels(centers), engine.cluster_centers_, atol=3)


def test_the_inertia_is_that_of_the_last_assignment(cloud, rng):
    points = pyramid_of(cloud).everything()
    centers = to_steps(rng.integers(0, 256, (5, 3)).astype(float))
    labels = assign(points, centers)
    _, inertia = refine(points, centers, 1)
    expected = 0.0
    for label in range(5):
        members = labels == label
        colors, counts = cloud.colors[members].astype(float), cloud.coverage[members]
        expected += counts @ ((colors - np.average(colors, axis=0, weights=counts)) ** 2).sum(axis=1)
    assert inertia == pytest.approx(expected, rel=1e-9)


def test_a_centre_without_points_stays(cloud):
    near, far = to_steps(np.array([[128.0, 128, 128], [128.0, 128, 128]]))
    centers, _ = refine(pyramid_of(cloud).everything(), np.stack([near, far]), 1)
    np.testing.assert_array_equal(centers[1], far)


def test_threads_change_nothing(photo_histogram, rng, threads):
    results = []
    for count in (1, 2, 5):
        threads(count)
        points = pyramid_of(photo_histogram).everything()
        centers = to_steps(np.linspace([0, 0, 0], [255, 255, 255], 40))
        results.append(relocate(points, centers, 5, silent))
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


def test_moves_find_what_lloyd_cannot():
    # Two tight pairs far apart, and three centres on one of them: only a move brings one over.
    colors = np.array([[0, 0, 0], [4, 0, 0], [240, 0, 0], [250, 0, 0]], np.uint8)
    points = pyramid_of(ColorHistogram(colors, np.ones(4))).everything()
    stuck = to_steps(np.array([[0.0, 0, 0], [4, 0, 0], [245, 0, 0]]))
    np.testing.assert_array_equal(refine(points, stuck, 50)[0], stuck)
    for found in (relocate(points, stuck, 10, silent), relocate_steadily(points, stuck, silent)):
        assert sorted(to_levels(found)[:, 0].tolist()) == [2, 240, 250]


def test_moves_never_make_it_worse(photo_histogram, rng):
    points = pyramid_of(photo_histogram).at_least(1000)
    centers = to_steps(rng.integers(0, 256, (24, 3)).astype(float))
    _, before = refine(points, centers, 1)
    _, after = refine(points, relocate(points, centers, 20, silent), 1)
    assert after < before
    _, steadily = refine(points, relocate_steadily(points, centers, silent), 1)
    assert steadily < 1.01 * after


# --- grids ---


@pytest.mark.parametrize("wanted", [1, 100, 500, 2000, 20_000])
def test_a_grid_holds_all_weight_and_the_same_mean(photo_histogram, wanted):
    points = pyramid_of(photo_histogram).at_least(wanted)
    assert len(points) >= wanted
    assert points.weights.sum() == photo_histogram.coverage.sum()
    moments = (photo_histogram.colors.astype(np.int64) - MIDDLE).T @ photo_histogram.coverage
    np.testing.assert_array_equal(points.moments.sum(axis=1), moments)


def test_grids_get_finer_by_less_than_half_the_points_wanted(photo_histogram):
    pyramid = pyramid_of(photo_histogram)
    sizes = [len(pyramid.at_least(wanted)) for wanted in (200, 1000, 4000, 16_000)]
    assert sizes == sorted(sizes)
    assert all(size < 3 * wanted for size, wanted in zip(sizes, (200, 1000, 4000, 16_000)))


def test_nodes_of_a_lattice_keep_weight_and_mean_and_change_little_with_their_points(photo_histogram, rng):
    points = pyramid_of(photo_histogram).at_least(20_000)
    nodes = spread(points, 500)
    assert len(nodes) >= 500
    means = [side.moments.sum(axis=1) / side.weights.sum() for side in (points, nodes)]
    np.testing.assert_allclose(*means, atol=1e-4)

    shifts = rng.uniform(-0.02, 0.02, points.moments.shape)  # as half floats round
    moments = (points.moments + shifts * points.weights).clip(-MIDDLE * points.weights)
    moved = spread(Points.of(points.weights, moments), 500)
    before, after = np.zeros((2, 33, 33, 33))  # eight levels apart
    for table, side in ((before, nodes), (after, moved)):
        places = (side.coordinates[:3] / STEPS + MIDDLE) / 8
        table[tuple(places.astype(int))] = side.weights / side.weights.sum()
    assert np.abs(after - before).sum() < 2e-3


def test_a_cell_is_the_mean_of_its_colours():
    colors = np.array([[10, 20, 30], [11, 22, 31], [200, 100, 50]], np.uint8)
    points = pyramid_of(ColorHistogram(colors, [3, 1, 2])).at_least(2)
    expected = np.array([[10.25, 20.5, 30.25], [200, 100, 50]])
    np.testing.assert_array_equal(np.rint(points.coordinates[:3].T), np.rint((expected - MIDDLE) * STEPS))


def test_more_points_than_there_are_colours_are_all_colours(quadrants):
    histogram = ColorHistogram.from_array(quadrants)
    points = pyramid_of(histogram).at_least(100)
    np.testing.assert_array_equal(to_levels(points.coordinates[:3].T), histogram.colors)
