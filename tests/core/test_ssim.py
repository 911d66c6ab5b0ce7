from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.metrics import structural_similarity

from rgbcloud import InvalidArgumentError, Palette, ssim


@pytest.mark.parametrize("colors", [2, 16, 200])
def test_it_is_what_scikit_image_computes(photo, rng, colors):
    palette = Palette(rng.integers(0, 256, (colors, 3), np.uint8))
    rebuilt = palette.rebuild(palette.remap(photo))
    reference = structural_similarity(photo, rebuilt, channel_axis=2)
    assert ssim(photo, rebuilt) == pytest.approx(reference, abs=1e-6)


@settings(max_examples=60)
@given(
    height=st.integers(7, 150),
    width=st.sampled_from([7, 8, 50, 339, 346, 347, 700]),
    levels=st.sampled_from([1, 2, 4, 256]),
    seed=st.integers(0, 2**32),
)
def test_it_is_so_for_images_of_any_size_and_contrast(height, width, levels, seed):
    rng = np.random.default_rng(seed)
    one, other = rng.integers(256 - levels, 256, (2, height, width, 3)).astype(np.uint8)
    other[: height // 2] = one[: height // 2]
    reference = structural_similarity(one, other, channel_axis=2)
    assert ssim(one, other) == pytest.approx(reference, abs=1e-6)


def test_the_greatest_contrast_there_is_overflows_nothing():
    one = np.zeros((40, 40, 3), np.uint8)
    one[:20] = 255
    for other in (255 - one, one[:, ::-1], np.zeros_like(one), np.full_like(one, 255)):
        reference = structural_similarity(one, other, channel_axis=2)
        assert ssim(one, other) == pytest.approx(reference, abs=1e-6)


def test_the_number_of_threads_changes_nothing(photo, threads):
    figures = set()
    for count in (1, 2, 5):
        threads(count)
        figures.add(ssim(photo, photo & 0xF0))
    assert len(figures) == 1


def test_equal_images_are_perfectly_similar(photo):
    assert ssim(photo, photo) == 1.0


def test_grey_and_rgba_are_compared_by_their_colour(photo):
    grey, rebuilt = photo[..., 1], photo[..., 1] & 0xC0
    rgba = np.dstack([rebuilt, rebuilt, rebuilt, grey])
    reference = structural_similarity(grey, rebuilt)
    assert ssim(grey, rebuilt) == pytest.approx(reference, abs=1e-6)
    assert ssim(grey, rgba) == pytest.approx(reference, abs=1e-6)


def test_progress_is_told_up_to_the_end(photo):
    told = []
    ssim(photo, photo, progress=lambda fraction, _message: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize("shape", [(6, 100), (100, 6), (1, 1)])
def test_an_image_smaller_than_the_window_has_none(shape):
    assert ssim(np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)) is None


def test_images_of_two_sizes_cannot_be_compared():
    with pytest.raises(InvalidArgumentError, match="of one size, got 9 x 8 and 8 x 9"):
        ssim(np.zeros((8, 9), np.uint8), np.zeros((9, 8), np.uint8))
