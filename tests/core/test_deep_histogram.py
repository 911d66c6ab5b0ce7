"""Counting deep images: by definition, however they are cut into blocks and parts."""

from __future__ import annotations

import numpy as np
import pytest

from rgbcloud.color.distance import DistanceSpace
from rgbcloud.counting import cells as deep_histogram
from rgbcloud.counting.cells import DeepCells, box_of, count_deep
from rgbcloud.progress import silent

MOST = 300


def by_definition(values, coverage, space, box):
    """Cells of a box by plain loops: as fine as allowed, from how many cells on they are too many."""
    texels, weights = values.reshape(-1, 3), coverage.reshape(-1)
    texels, weights = texels[weights > 0], weights[weights > 0].astype(np.int64)
    coordinates = space.coordinates(texels)
    steps = 2**21 - 1
    places = np.rint((coordinates - box.lowest) * (steps / (box.highest - box.lowest).max())).astype(np.int64)
    shift = 0
    while len(np.unique(places >> shift, axis=0)) > MOST:
        shift += 1
    cells = {}
    for place, texel, weight, point in zip(
        (places >> shift).tolist(), texels.tolist(), weights.tolist(), coordinates
    ):
        first, whole, total = cells.get(tuple(place), (texel, 0, np.zeros(3)))
        cells[tuple(place)] = (first, whole + weight, total + weight * point)
    return shift, sorted((first, whole, total.tolist()) for first, whole, total in cells.values())


def told(cells):
    tally = cells.tally
    rows = zip(tally.values.tolist(), tally.coverage.tolist(), tally.sums.tolist())
    return cells.shift, sorted((value, whole, total) for value, whole, total in rows)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(deep_histogram, "_MOST", MOST)
    monkeypatch.setattr(deep_histogram, "_BLOCK", 256)


@pytest.fixture(params=["float16", "float32", "uint16"])
def picture(request, rng):
    """2,560 texels around some colours, each as often as others; a part of them does not count."""
    base = rng.uniform(0, 1, (40, 3))[rng.integers(0, 40, (80, 32))]
    values = base + rng.normal(0, 0.004, (80, 32, 1)) * rng.integers(0, 2, (80, 32, 1))
    if request.param == "uint16":
        values = np.rint(values.clip(0, 1) * 65535)
    else:
        values *= 4
    coverage = rng.integers(1, 256, (80, 32)).astype(np.uint8)
    coverage[16:32] = 0
    coverage[:, 3] = 0
    return values.astype(request.param), coverage


@pytest.mark.parametrize("name", ["srgb", "linear", "oklab"])
@pytest.mark.parametrize("colors", ["many", "few"])
def test_cells_are_as_defined(small, picture, name, colors, threads):
    values, coverage = picture
    if colors == "few":
        values = values[:, :5].repeat(4, axis=0)
        values, coverage = values[:80], coverage[:, :5]
        values[1:] = values[:1]
    space = DistanceSpace(name, linear=values.dtype.kind == "f", dtype=values.dtype.name)
    box = box_of(values, coverage, space)
    expected = by_definition(values, coverage, space, box)
    for count in (1, 2):
        threads(count)
        assert told(count_deep(values, coverage, space, box, silent)) == expected
    assert (expected[0] > 0) == (colors == "many")


def test_parts_add_up_to_the_whole_in_any_grouping(small, picture):
    values, coverage = picture
    space = DistanceSpace(linear=values.dtype.kind == "f", dtype=values.dtype.name)
    box = box_of(values, coverage, space)
    parts = [
        count_deep(values[rows], coverage[rows], space, box, silent)
        for rows in (slice(0, 40), slice(40, 44), slice(44, 45), slice(45, 80))
    ]
    one, two, three, four = parts
    pairs = DeepCells.merged([DeepCells.merged([one, two]), DeepCells.merged([three, four])])
    after = DeepCells.merged([one, DeepCells.merged([two, DeepCells.merged([three, four])])])
    expected = by_definition(values, coverage, space, box)
    for found in (DeepCells.merged(parts), pairs, after):
        assert told(found) == expected


def test_nothing_counts_in_most_blocks(small, picture):
    values, coverage = picture
    coverage[:79] = 0
    space = DistanceSpace("oklab", linear=values.dtype.kind == "f", dtype=values.dtype.name)
    box = box_of(values, coverage, space)
    cells = count_deep(values, coverage, space, box, silent)
    assert told(cells) == by_definition(values, coverage, space, box)
    assert len(cells) <= 31


@pytest.mark.parametrize("dtype", ["float16", "uint16"])
@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize(
    ("name", "meaning", "is_each"),
    [
        ("srgb", "color", True),
        ("linear", "color", True),
        ("oklab", "color", False),
        ("srgb", "data", True),
        ("srgb", "normal", False),
    ],
)
def test_coordinates_that_are_looked_up_are_those_that_are_computed(dtype, linear, name, meaning, is_each):
    space = DistanceSpace(name, meaning, linear, dtype, scale=2.0**-13)
    numbers = np.arange(1 << 16, dtype=np.uint16).view(dtype)
    values = np.stack([numbers, numbers[::-1], numbers], axis=1)
    values = values[np.isfinite(values).all(axis=1)]
    found = space.coordinates(values)
    few = np.concatenate(
        [space.coordinates(values[start : start + 999]) for start in range(0, len(values), 999)]
    )
    np.testing.assert_array_equal(found, few)
    assert (space.table() is not None) == is_each
