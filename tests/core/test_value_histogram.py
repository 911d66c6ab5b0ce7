"""Counting images of more than 8 bits a channel: by definition, however they are cut into blocks."""

from __future__ import annotations

import numpy as np
import pytest

from rgbcloud import InvalidArgumentError, ValueHistogram
from rgbcloud.color import LINEAR_SRGB, SRGB, DistanceSpace
from rgbcloud.color.codes import radix_order
from rgbcloud.counting import tallies, value_histogram, value_keys

MOST = 300


def ascending(values):
    """The number of each stored number among all of its type, from the least on."""
    if values.dtype == np.uint16:
        return values.astype(object)
    unsigned = values.view({"float16": np.uint16, "float32": np.uint32}[values.dtype.name]).astype(object)
    top = 1 << (8 * values.dtype.itemsize - 1)
    return np.where(values < 0, 2 * top - 1 - unsigned, np.where(values == 0, top, unsigned + top))


def by_definition(values, coverage):
    """By plain loops: values that differ in the lowest bits alone count together, if there are many."""
    texels, weights = values.reshape(-1, 3), coverage.reshape(-1)
    texels, weights = texels[weights > 0], weights[weights > 0]
    places = ascending(texels).tolist()
    shift = 0
    while len({tuple(number >> shift for number in place) for place in places}) > MOST:
        shift += 1
    found = {}
    for place, texel, weight in zip(places, texels.astype(np.float64), weights.tolist()):
        key = tuple(number >> shift for number in place)
        whole, total = found.get(key, (0, np.zeros(3)))
        found[key] = (whole + weight, total + weight * texel)
    return shift == 0, sorted((*(total / whole).tolist(), whole) for whole, total in found.values())


def told(histogram):
    rows = zip(histogram.means.astype(np.float64).tolist(), histogram.coverage.tolist())
    return histogram.is_exact, sorted((*mean, whole) for mean, whole in rows)


def assert_same(found, expected):
    assert found[0] == expected[0]
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-12)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(tallies, "MOST", MOST)
    monkeypatch.setattr(tallies, "_DEALT", 100)
    monkeypatch.setattr(tallies, "_BUCKET", 16)
    monkeypatch.setattr(tallies, "_SAMPLED", 2)
    monkeypatch.setattr(tallies, "_SUMMED", 50)
    monkeypatch.setattr(value_histogram, "_BLOCK", 1 << 9)
    monkeypatch.setattr(value_histogram, "_FLOATS", 1 << 8)
    monkeypatch.setattr(value_keys, "_CACHED", 100)


@pytest.fixture(params=["float16", "float32", "uint16"])
def picture(request, rng):
    """2,560 texels around some colours, some below 0; a part of them does not count, and is NaN."""
    base = rng.uniform(-0.3, 1, (40, 3))[rng.integers(0, 40, (80, 32))]
    values = base + rng.normal(0, 0.004, (80, 32, 1)) * rng.integers(0, 2, (80, 32, 1))
    coverage = rng.integers(1, 256, (80, 32)).astype(np.uint8)
    coverage[16:32] = 0
    coverage[:, 3] = 0
    if request.param == "uint16":
        return np.rint(values.clip(0, 1) * 65535).astype(np.uint16), coverage
    values[16:32] = np.nan
    values[0, 0], values[0, 1] = 0.0, -0.0
    return values.astype(request.param), coverage


@pytest.mark.parametrize("colors", ["many", "few"])
def test_values_are_counted_as_defined(small, picture, colors, threads):
    values, coverage = picture
    if colors == "few":
        values = np.repeat(values[:1], 80, axis=0)
        values[:, 8:] = values[:, :1]
    expected = by_definition(values, coverage)
    for count in (1, 2):
        threads(count)
        assert_same(told(ValueHistogram.from_array(values, coverage)), expected)
    assert expected[0] == (colors == "few")


def test_parts_add_up_to_the_whole_in_any_grouping_and_order(small, picture):
    values, coverage = picture
    parts = [
        ValueHistogram.from_array(values[rows], coverage[rows])
        for rows in (slice(0, 40), slice(40, 44), slice(44, 45), slice(45, 80))
    ]
    one, two, three, four = parts
    expected = by_definition(values, coverage)
    for found in (ValueHistogram.merge(parts), (one + two) + (three + four), one + (four + (two + three))):
        assert_same(told(found), expected)


def test_what_all_are_apart_comes_back_bit_by_bit(picture):
    values, coverage = picture
    histogram = ValueHistogram.from_array(values, coverage)
    seen = values[coverage > 0]
    np.testing.assert_array_equal(np.unique(histogram.values, axis=0), np.unique(seen, axis=0))
    assert histogram.values.dtype == values.dtype
    assert histogram.total == pytest.approx(coverage.sum() / 255)


def test_nothing_counts(picture):
    values, coverage = picture
    assert len(ValueHistogram.from_array(values, np.zeros_like(coverage))) == 0


def test_the_weight_of_frequent_values_is_lowered(picture):
    histogram = ValueHistogram.from_array(*picture)
    flat = histogram.raise_counts(0)
    assert (flat.coverage == 255).all()
    np.testing.assert_array_equal(flat.values, histogram.values)


def test_other_types_do_not_add_up():
    parts = [
        ValueHistogram.from_array(np.ones((2, 2, 3), dtype), np.full((2, 2), 255, np.uint8))
        for dtype in (np.float16, np.uint16)
    ]
    with pytest.raises(InvalidArgumentError, match=r"must have one dtype, got \['float16', 'uint16'\]"):
        ValueHistogram.merge(parts)


def test_a_display_shows_light_as_srgb_and_clips_it():
    values = np.array([[[0.0, 0.5, 4.0]], [[-1.0, 0.5, 9.0]]], np.float16)
    histogram = ValueHistogram.from_array(values, np.full((2, 1), 255, np.uint8))
    assert histogram.to_display(LINEAR_SRGB).colors.tolist() == [[0, 188, 255]]
    assert histogram.to_display(SRGB).colors.tolist() == [[0, 128, 255]]
    assert histogram.to_display(LINEAR_SRGB).total == 2


@pytest.mark.parametrize("dtype", ["float16", "uint16"])
@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize(
    ("name", "kind", "is_each"),
    [
        ("srgb", "color", True),
        ("linear", "color", True),
        ("oklab", "color", False),
        ("srgb", "data", True),
        ("srgb", "normal", False),
    ],
)
def test_coordinates_that_are_looked_up_are_those_that_are_computed(dtype, linear, name, kind, is_each):
    space = DistanceSpace(name, kind, LINEAR_SRGB if linear else SRGB, dtype, scale=2.0**-13)
    numbers = np.arange(1 << 16, dtype=np.uint16).view(dtype)
    values = np.stack([numbers, numbers[::-1], numbers], axis=1)
    values = values[np.isfinite(values).all(axis=1)]
    found = space.coordinates(values)
    few = np.concatenate(
        [space.coordinates(values[start : start + 999]) for start in range(0, len(values), 999)]
    )
    np.testing.assert_array_equal(found, few)
    assert (space.table() is not None) == is_each


@pytest.mark.parametrize("bits", [0, 16, 24, 48, 63])
def test_the_order_by_radix_is_that_of_a_stable_sort(rng, bits):
    keys = rng.integers(0, (1 << bits) - 1, 300, dtype=np.int64, endpoint=True).astype(np.uint64)
    keys[::3] = keys[5]
    np.testing.assert_array_equal(radix_order(keys), np.argsort(keys, kind="stable"))
    assert len(radix_order(keys[:0])) == 0
