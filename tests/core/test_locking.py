"""Colours that a palette must hold, and colours that would be too rare for it."""

from __future__ import annotations

import numpy as np
import pytest
from ways import reduced

from rgbcloud import ColorHistogram, InvalidArgumentError, Palette, Settings, cluster
from rgbcloud.clustering import clustering_of
from rgbcloud.clustering.lloyd import Points, refine, to_steps
from rgbcloud.color import DistanceSpace

BRAND = ("#ff00ff", "#123456", "#fefefe")


@pytest.mark.parametrize(
    ("colors", "effort"),
    [(3, "normal"), (4, "normal"), (7, "normal"), (16, "normal"), (64, "normal"), (7, "best")],
)
def test_locked_colours_stand_first_and_the_rest_is_found(photo_histogram, colors, effort):
    palette = cluster(photo_histogram, Settings(colors, effort=effort, locked=BRAND))
    assert palette.to_hex()[:3] == list(BRAND)
    assert len(set(palette.to_hex())) == colors
    assert (np.diff(palette.populations[3:]) <= 0).all()


def test_the_palette_is_measured_with_its_locked_colours(photo, photo_histogram, nearest_by_brute_force):
    palette, labels = clustering_of(photo_histogram, Settings(7, locked=BRAND), DistanceSpace())
    nearest = nearest_by_brute_force(photo_histogram.colors, palette.colors)
    np.testing.assert_array_equal(palette.colors[labels], palette.colors[nearest])
    error = (photo_histogram.colors.astype(np.int64) - palette.colors[nearest]) ** 2
    assert palette.inertia == pytest.approx((error.sum(axis=1) * photo_histogram.counts).sum())


@pytest.mark.parametrize("colors", [4, 8, 20])
def test_what_is_free_makes_the_best_of_it(photo_histogram, colors):
    """Not far from a plain palette of the free colours, which cannot use the locked ones; never above it."""
    free = cluster(photo_histogram, Settings(colors - 1, effort="best"))
    with_lock = cluster(photo_histogram, Settings(colors, locked=["#ff00ff"]))
    assert with_lock.inertia <= free.inertia * 1.02
    everything = cluster(photo_histogram, Settings(colors, effort="best"))
    helpful = cluster(photo_histogram, Settings(colors, locked=everything.to_hex()[:2]))
    assert helpful.inertia <= everything.inertia * 1.02


def test_free_centres_are_where_k_means_leaves_them(photo_histogram):
    """No free colour can be moved by another step of Lloyd's algorithm further than it is rounded."""
    palette, labels = clustering_of(
        photo_histogram, Settings(5, effort="best", locked=["#00ff00"]), DistanceSpace()
    )
    for index in range(1, 5):
        mine = labels == index
        mean = np.average(photo_histogram.colors[mine], axis=0, weights=photo_histogram.counts[mine])
        assert np.abs(mean - palette.colors[index]).max() < 1.5


def test_few_colours_and_locked_ones_together(quadrants):
    histogram = ColorHistogram.from_array(quadrants)
    palette = cluster(histogram, Settings(8, locked=["#808080", "#0000ff"]))
    assert palette.to_hex()[:2] == ["#808080", "#0000ff"]
    assert sorted(palette.to_hex()[2:]) == ["#00ff00", "#ff0000", "#ffffff"]
    assert palette.inertia == 0
    squeezed = cluster(histogram, Settings(4, locked=["#808080", "#0000ff"]))
    assert squeezed.to_hex()[:2] == ["#808080", "#0000ff"]
    assert len(squeezed) == 4


def test_nothing_but_locked_colours(photo_histogram):
    palette = cluster(photo_histogram, Settings(3, locked=BRAND))
    assert palette == Palette.from_hex(BRAND)


def test_locked_clustering_is_deterministic(photo_histogram, threads):
    palettes = []
    for count in (1, 2):
        threads(count)
        palettes.append(cluster(photo_histogram, Settings(9, locked=BRAND)))
    assert palettes[0] == palettes[1]


def test_fixed_centres_keep_their_place_and_count_what_they_cost():
    moments = np.array([[-100.0, 0.0, 100.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    points = Points.of(np.ones(3), moments)
    centers = to_steps(np.array([[128.0 + 90, 128, 128], [100, 128, 128]]))
    moved, inertia = refine(points, centers, 10, fixed=1)
    assert moved[0].tolist() == centers[0].tolist()
    assert moved[1].tolist() == [-50 * 8, 0, 0]
    assert inertia == pytest.approx(10**2 + 2 * 50**2)


def test_a_rare_accent_survives_with_less_weight_on_counts():
    """Eleven greys of 5,000 texels each, and one red texel."""
    greys = np.arange(100, 111, dtype=np.uint8)[:, np.newaxis].repeat(3, axis=1)
    colors = np.concatenate([greys, np.array([[255, 0, 0]], np.uint8)])
    histogram = ColorHistogram(colors, [5000] * 11 + [1])
    assert "#ff0000" not in cluster(histogram, 2).to_hex()
    for power in (0.5, 0.0):
        assert cluster(histogram, Settings(2, weight_power=power)).to_hex() == ["#696969", "#ff0000"]


def test_weights_decide_the_palette_and_counts_its_figures(photo_histogram):
    palette = cluster(photo_histogram, Settings(16, weight_power=0.3))
    plain = cluster(photo_histogram, 16)
    assert palette != plain
    assert palette.populations.sum() == pytest.approx(photo_histogram.total)
    assert palette.inertia == pytest.approx(palette.measure_on(photo_histogram).inertia)
    assert palette.inertia > plain.inertia
    assert (np.diff(palette.populations) <= 0).all()
    flat = photo_histogram.raise_counts(0.0)
    assert flat.counts.tolist() == [1.0] * len(photo_histogram)
    assert palette.measure_on(flat).inertia < plain.measure_on(flat).inertia


def test_both_come_through_a_reduction(tmp_path, photo):
    from PIL import Image

    Image.fromarray(photo).save(tmp_path / "wood.png")
    settings = Settings(8, locked=BRAND, weight_power=0.5)
    reduction = reduced(tmp_path / "wood.png", settings)
    expected = cluster(ColorHistogram.from_array(photo), Settings(8, locked=BRAND, weight_power=0.5))
    assert reduction.palette == expected
    np.testing.assert_array_equal(reduction.texels, expected.rebuild(expected.remap(photo)))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"colors": 2, "locked": BRAND},
            r"locked must be no more colours than the palette has, which is 2, got 3; set colors to 3 or",
        ),
        ({"locked": ["#ff0000", "FF0000"]}, "locked must be distinct colours, got #ff0000 twice"),
        ({"locked": ["red"]}, "locked must be colours of six hexadecimal digits such as #ff8000, got 'red'"),
        ({"locked": "#ff0000"}, "locked must be a sequence of colours such as #ff8000, got '#ff0000'"),
        ({"weight_power": 1.5}, r"weight_power must be a number in 0\.\.1, got 1\.5"),
        ({"weight_power": float("nan")}, r"weight_power must be a number in 0\.\.1, got nan"),
    ],
)
def test_what_cannot_be_is_refused(photo_histogram, values, message):
    with pytest.raises(InvalidArgumentError, match=message):
        Settings(**values)
