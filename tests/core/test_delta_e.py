from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rgbcloud.color.difference import delta_e_2000, mean_and_percentile, srgb8_to_lab_planes
from rgbcloud.color.nearest import nearest
from rgbcloud.color.spaces import linear_to_cielab, srgb8_to

# Sharma, Wu and Dalal (2005), table 1: L*, a*, b* of two colours, and their difference.
SHARMA = [
    (50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425),
    (50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615),
    (50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412),
    (50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000),
    (50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000),
    (50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000),
    (50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669),
    (50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195),
    (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195),
    (50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045),
    (50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045),
    (50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461),
    (50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065),
    (50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492),
    (50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977),
    (50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030),
    (50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535),
    (50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000),
    (50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000),
    (50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000),
    (50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000),
    (60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644),
    (63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630),
    (61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731),
    (35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645),
    (22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373),
    (36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146),
    (90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441),
    (90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381),
    (6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377),
    (2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082),
]
# Pairs whose hues are opposite: which way round is shorter hangs on the last bit of the arctangent.
OPPOSITE = {13: (4.8045, 4.7461)}


@pytest.mark.parametrize("number", range(len(SHARMA)))
def test_the_published_pairs(number):
    pair = np.array(SHARMA[number])
    found = delta_e_2000(pair[:3], pair[3:6])
    assert any(found == pytest.approx(value, abs=5e-5) for value in OPPOSITE.get(number, pair[6:]))


def test_it_is_symmetric_and_zero_for_equal_colours(rng):
    one, other = (srgb8_to("cielab", rng.integers(0, 256, (5000, 3), np.uint8)) for _ in range(2))
    np.testing.assert_allclose(delta_e_2000(one, other), delta_e_2000(other, one), atol=1e-9)
    assert (delta_e_2000(one, one) == 0).all()


def test_greys_have_no_hue():
    grey, other = np.array([[50.0, 0, 0], [50.0, 0, 0]]), np.array([[60.0, 0, 0], [50.0, 10, 0]])
    differences = delta_e_2000(grey, other)
    assert np.isfinite(differences).all()
    assert (differences > 5).all()


def test_colour_science_agrees(rng):
    difference = pytest.importorskip("colour.difference", reason="the reference of other people")
    one, other = (srgb8_to("cielab", rng.integers(0, 256, (20_000, 3), np.uint8)) for _ in range(2))
    expected = difference.delta_E_CIE2000(one, other)
    np.testing.assert_allclose(delta_e_2000(one, other), expected, atol=1e-9)


def by_the_paper(one, other):
    """The equations one by one, of one pair, with angles in degrees."""
    (l_1, a_1, b_1), (l_2, a_2, b_2) = one, other
    mean_7 = ((math.hypot(a_1, b_1) + math.hypot(a_2, b_2)) / 2) ** 7
    g = 0.5 * (1 - math.sqrt(mean_7 / (mean_7 + 25**7)))
    c_1, c_2 = math.hypot((1 + g) * a_1, b_1), math.hypot((1 + g) * a_2, b_2)
    h_1, h_2 = (math.degrees(math.atan2(b, (1 + g) * a)) % 360 for a, b in ((a_1, b_1), (a_2, b_2)))
    turn, mean_h = h_2 - h_1, (h_1 + h_2) / 2
    if c_1 * c_2 == 0:
        turn, mean_h = 0, h_1 + h_2
    elif abs(turn) > 180:
        turn += -360 if turn > 0 else 360
        mean_h += 180 if h_1 + h_2 < 360 else -180
    d_l, d_c = l_2 - l_1, c_2 - c_1
    d_h = 2 * math.sqrt(c_1 * c_2) * math.sin(math.radians(turn / 2))
    mean_l, mean_c = (l_1 + l_2) / 2, (c_1 + c_2) / 2
    t = 1 - 0.17 * math.cos(math.radians(mean_h - 30)) + 0.24 * math.cos(math.radians(2 * mean_h))
    t += 0.32 * math.cos(math.radians(3 * mean_h + 6)) - 0.2 * math.cos(math.radians(4 * mean_h - 63))
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    theta = 30 * math.exp(-(((mean_h - 275) / 25) ** 2))
    r_t = -math.sin(math.radians(2 * theta)) * 2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7))
    lightness, chroma, hue = d_l / s_l, d_c / s_c, d_h / s_h
    return math.sqrt(max(lightness**2 + chroma**2 + hue**2 + r_t * chroma * hue, 0))


CHROMAS = st.one_of(st.sampled_from([0.0, 1e-9, 1.0, -1.0, 50.0]), st.floats(-110, 110))
COLORS = st.tuples(st.floats(0, 100), CHROMAS, CHROMAS)


@settings(max_examples=500)
@given(COLORS, COLORS)
@example((0.0, 0.0, 4.8e-231), (0.0, 1.0, 0.0))
@example((0.0, 0.0, 1.4e-180), (0.0, 1e-9, 0.0))
def test_it_is_what_the_paper_says(one, other):
    (_, a_1, b_1), (_, a_2, b_2) = one, other
    across = abs(a_1 * b_2 - a_2 * b_1)
    # Of opposite hues the mean is either of two: how they are rounded decides.
    assume(a_1 * a_2 + b_1 * b_2 >= 0 or across > 1e-9 * math.hypot(a_1, b_1) * math.hypot(a_2, b_2))
    expected = by_the_paper(one, other)
    assert delta_e_2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-6)


def test_opposite_hues_are_taken_as_the_paper_takes_them():
    angles = np.radians(np.arange(0, 360, 7.0))
    one = np.stack([np.full(52, 40.0), 30 * np.cos(angles), 30 * np.sin(angles)], axis=1)
    for off in (0.001, 0.5, 2.0, 3.0):
        turned = angles + np.pi + np.radians(off)
        other = np.stack([np.full(52, 60.0), 20 * np.cos(turned), 20 * np.sin(turned)], axis=1)
        expected = [by_the_paper(*pair) for pair in zip(one.tolist(), other.tolist())]
        np.testing.assert_allclose(delta_e_2000(one, other), expected, atol=1e-6)


def test_shapes_are_broadcast(photo):
    lab = srgb8_to("cielab", photo[:40, :50])
    found = delta_e_2000(lab, lab[0, 0])
    assert found.shape == (40, 50)
    assert found[3, 4] == delta_e_2000(lab[3, 4], lab[0, 0])


# --- many pairs, weighted ---


@pytest.mark.parametrize("linear", [False, True])
def test_8_bit_colours_become_cielab(rng, linear):
    colors = rng.integers(0, 256, (100_000, 3), np.uint8)
    expected = linear_to_cielab(colors / 255.0) if linear else srgb8_to("cielab", colors)
    np.testing.assert_allclose(srgb8_to_lab_planes(colors, linear=linear).T, expected, atol=2e-4)


def weighted_percentile(figures, weights):
    order = np.argsort(figures)
    return figures[order][np.searchsorted(np.cumsum(weights[order]), (0.95 - 1e-9) * weights.sum())]


@pytest.mark.parametrize("count", [1, 2, 16, 256])
@pytest.mark.parametrize("few", [False, True])
def test_the_mean_and_the_percentile_are_those_of_all_pairs(photo_histogram, rng, count, few):
    colors, weights = photo_histogram.colors, photo_histogram.counts
    if few:
        colors, weights = colors[:10], weights[:10]
    palette = rng.integers(0, 256, (count, 3), np.uint8)
    labels = nearest(colors, palette)
    exact = delta_e_2000(srgb8_to("cielab", colors), srgb8_to("cielab", palette)[labels])
    mean, percentile = mean_and_percentile(
        srgb8_to_lab_planes(colors), srgb8_to_lab_planes(palette), labels, weights
    )
    assert mean == pytest.approx(np.average(exact, weights=weights), rel=1e-4)
    assert percentile == pytest.approx(weighted_percentile(exact, weights), rel=1e-4)


def test_colours_that_stay_have_no_difference(rng):
    lab = srgb8_to_lab_planes(rng.integers(0, 256, (256, 3), np.uint8))
    assert mean_and_percentile(lab, lab, np.arange(256, dtype=np.uint8), np.ones(256)) == (0, 0)


def test_what_has_no_weight_does_not_count():
    colors = np.array([[0, 0, 0], [255, 255, 255], [9, 9, 9]], np.uint8)
    planes = srgb8_to_lab_planes(colors)
    labels = np.zeros(3, np.uint8)
    mean, percentile = mean_and_percentile(planes, planes[:, :1], labels, [96, 0, 4])
    exact = delta_e_2000(*srgb8_to("cielab", colors[[0, 2]]))
    assert percentile == 0
    assert mean == pytest.approx(0.04 * exact, rel=1e-4)
    assert mean_and_percentile(planes, planes[:, :1], labels, [94, 0, 6])[1] == pytest.approx(exact, rel=1e-4)


def test_the_number_of_threads_changes_no_figure(rng, threads):
    lab = srgb8_to_lab_planes(rng.integers(0, 256, (150_000, 3), np.uint8))
    labels = rng.integers(0, 16, 150_000).astype(np.uint8)
    found = set()
    for count in (1, 2, 3):
        threads(count)
        found.add(mean_and_percentile(lab, lab[:, :16], labels, np.ones(150_000)))
    assert len(found) == 1
