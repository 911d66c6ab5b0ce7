"""Labels of deep texels by cells are those of a comparison with every palette value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rgbcloud.mapping.nearest_cells
from rgbcloud.color import LINEAR_SRGB, SRGB, find_color_space
from rgbcloud.color.distance import DistanceSpace, nearest_values
from rgbcloud.mapping.nearest_cells import NearestCells
from rgbcloud.settings import field_of

DTYPES = ("float16", "float32", "uint16", "uint8")
SPACES = [
    *(
        DistanceSpace(name, color_space=color_space)
        for name in field_of("space").choices
        for color_space in (SRGB, LINEAR_SRGB, find_color_space("Cineon"))
    ),
    DistanceSpace(kind="data"),
    DistanceSpace(kind="data", scale=1 / 64),
    DistanceSpace(kind="normal"),
    DistanceSpace(kind="normal", signed=True),
]


@pytest.fixture(autouse=True)
def cells_for_few(monkeypatch):
    """Few texels are compared with the palette right away; here they must not be."""
    monkeypatch.setattr(rgbcloud.mapping.nearest_cells, "_FEW", 0)


def stored(numbers, space):
    """Numbers in about [0, 1], as the space's files have them; of floating point some beyond."""
    if np.issubdtype(space.dtype, np.integer):
        top = np.iinfo(space.dtype).max
        return np.rint(numbers * top).clip(0, top).astype(space.dtype)
    if space.kind == "normal" and space.signed:
        numbers = numbers * 2 - 1
    return (numbers / space.scale).astype(space.dtype)


def by_comparison(values, palette, space):
    """The definition: exact squared distances as integers; of equal ones the first by red, green, blue."""
    order = np.lexsort(palette.T[::-1])
    points, centers = (
        np.rint(space.coordinates(part) * 2**20).astype(object) for part in (values, palette[order])
    )
    return order[((points[:, np.newaxis] - centers) ** 2).sum(axis=2).argmin(axis=1)]


@settings(max_examples=150, suppress_health_check=[])
@given(
    space=st.sampled_from(SPACES),
    dtype=st.sampled_from(DTYPES),
    count=st.sampled_from([1, 2, 3, 5, 16, 40]),
    spread=st.sampled_from([1e-3, 0.05, 1.0]),
    steps=st.sampled_from([2, 8, 1 << 20]),
    seed=st.integers(0, 2**32),
)
def test_labels_are_those_of_a_comparison(space, dtype, count, spread, steps, seed):
    space, rng = replace(space, dtype=dtype), np.random.default_rng(seed)
    middle = rng.random(3)
    texels, palette = (
        np.round((middle + spread * (rng.random((n, 3)) - 0.5)).clip(0, 1) * steps) / steps
        for n in (60, count)
    )
    if np.issubdtype(dtype, np.floating):
        texels[:5] = rng.normal(0, 3, (5, 3)) * (0.2 if space.kind == "normal" else 1)
        texels[5] = 0
    texels, palette = stored(texels, space), stored(palette, space)
    texels[-1] = palette[0]
    found = NearestCells(palette, space).labels(texels)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, by_comparison(texels, palette, space))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("space", SPACES, ids=str)
@pytest.mark.parametrize("count", [2, 24, 256])
def test_so_they_are_for_many_texels(photo, rng, space, dtype, count):
    space = replace(space, dtype=dtype)
    noisy = (photo[::2, ::2].reshape(-1, 3) + rng.random((214 * 320, 3))) / 256
    if space.kind == "color" and not np.issubdtype(dtype, np.integer):
        noisy[::50] *= 20  # brighter than white
    values = stored(noisy, space)
    palette = values[rng.choice(len(values), count, replace=False)]
    expected = nearest_values(values, palette, space)
    cells = NearestCells(palette, space)
    np.testing.assert_array_equal(cells.labels(values), expected)
    np.testing.assert_array_equal(cells.labels(values[::-1]), expected[::-1])  # what is remembered is right


def test_values_from_end_to_end_of_the_dtype():
    every = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    values = np.repeat(every[np.isfinite(every)][:, np.newaxis], 3, axis=1)
    values = np.concatenate([values, values * np.array([1, 0, -1], np.float16)])
    palette = np.array([[-60000, 0, 3], [0.5, 0.25, 0], [0.5, 0.25, 1e-3], [60000, 60000, 0]], np.float16)
    for name in field_of("space").choices:
        space = DistanceSpace(name, color_space=LINEAR_SRGB, dtype="float16")
        found = NearestCells(palette, space).labels(values)
        np.testing.assert_array_equal(found, nearest_values(values, palette, space))


def test_of_equally_near_values_the_first_by_red_green_blue_is_taken():
    space = DistanceSpace(kind="data", dtype="float16")
    palette = np.array([[0.75, 0, 0], [0.25, 0, 0], [0.5, 0.25, 0], [0.25, 0, 0]], np.float16)
    values = np.array([[0.5, 0, 0], [0.5, 0, 0.125]], np.float16)
    assert NearestCells(palette, space).labels(values).tolist() == [1, 1]
    assert NearestCells(palette[::-1], space).labels(values).tolist() == [0, 0]


def test_a_palette_of_one_number_is_no_trouble():
    space = DistanceSpace("oklab", color_space=LINEAR_SRGB, dtype="float16")
    palette = np.full((4, 3), 0.5, np.float16)
    assert NearestCells(palette, space).labels(palette[:2]).tolist() == [0, 0]


def test_the_number_of_threads_changes_nothing(rng, threads):
    space = DistanceSpace("cielab", color_space=LINEAR_SRGB, dtype="float16")
    values = rng.random((300_000, 3)).astype(np.float16)
    results = []
    for count in (1, 2, 5):
        threads(count)
        results.append(NearestCells(values[:16], space).labels(values))
    assert all(np.array_equal(results[0], result) for result in results)


def test_no_texel_has_no_label():
    space = DistanceSpace("linear", color_space=LINEAR_SRGB, dtype="float16")
    values = np.zeros((2, 3), np.float16)
    assert NearestCells(values, space).labels(values[:0]).shape == (0,)
