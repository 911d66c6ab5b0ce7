from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rgbcloud import ColorHistogram, InvalidArgumentError, Settings, cluster, quantize


@pytest.mark.parametrize("colors", [1, 2, 16, 256])
def test_it_is_counting_clustering_and_remapping_in_one(photo, colors):
    histogram, palette, indices = quantize(photo, Settings(colors, seed=7))
    assert histogram == ColorHistogram.from_array(photo)
    assert palette == cluster(histogram, Settings(colors, seed=7))
    np.testing.assert_array_equal(indices, palette.remap(photo))
    np.testing.assert_allclose(palette.populations, np.bincount(indices.ravel(), minlength=colors))


@settings(max_examples=60)
@given(
    pixels=arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(4))),
    colors=st.integers(1, 12),
)
def test_every_texel_gets_its_nearest_even_where_it_is_transparent(nearest_by_brute_force, pixels, colors):
    if not pixels[..., 3].any():
        with pytest.raises(InvalidArgumentError, match="no texel is visible, finite and unmasked"):
            quantize(pixels, colors)
        return
    histogram, palette, indices = quantize(pixels, colors)
    np.testing.assert_array_equal(indices, nearest_by_brute_force(pixels[..., :3], palette.colors))
    assert len(palette) == min(colors, len(histogram))
    np.testing.assert_array_equal(indices, palette.remap(pixels))


def test_grey_is_quantized_as_grey(rng):
    grey = rng.integers(0, 256, (32, 32), np.uint8)
    _, palette, _ = quantize(grey, 4)
    assert (palette.colors == palette.colors[:, :1]).all()


def test_a_view_that_is_not_contiguous_is_read_right(photo):
    view = photo[::3, ::-2]
    np.testing.assert_array_equal(quantize(view, 8).indices, quantize(view.copy(), 8).indices)


@pytest.mark.parametrize("effort", ["best", "normal"])
def test_both_efforts_are_deterministic(photo_histogram, effort):
    assert cluster(photo_histogram, Settings(12, effort=effort)) == cluster(
        photo_histogram, Settings(12, effort=effort)
    )


def test_more_effort_is_no_worse(photo_histogram):
    for colors in (8, 32):
        best, normal = (
            cluster(photo_histogram, Settings(colors, effort=effort)) for effort in ("best", "normal")
        )
        assert best.inertia <= normal.inertia


def test_an_unknown_effort_is_refused(photo_histogram):
    with pytest.raises(InvalidArgumentError, match="effort must be one of normal, best, got 'most'"):
        cluster(photo_histogram, Settings(4, effort="most"))


def test_memory_beyond_the_indices_stays_bounded():
    """64 megapixels of 4,096 colours, of which only one row of texels is really held."""
    row = np.arange(4096, dtype=np.uint32)
    row = np.stack([row >> 8, row >> 4 & 255, row & 255], axis=1).astype(np.uint8)
    image = np.broadcast_to(row, (16_384, 4096, 3))
    tracemalloc.start()
    indices = quantize(image, 16).indices
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert np.array_equal(indices[0], indices[-1])
    assert peak < indices.nbytes + 80 * 2**20
