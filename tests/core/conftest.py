"""Textures to test on: photographs that scikit-learn ships, and ones whose right answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import settings
from sklearn.datasets import load_sample_image

from rgbcloud import ColorHistogram, set_thread_count

# On a busy machine, too; and the same examples on every run: tests/fuzz looks for what nobody thought of.
settings.register_profile("rgbcloud", deadline=None, derandomize=True)
settings.load_profile("rgbcloud")


@pytest.fixture(scope="session")
def photo():
    """640 x 427 texels, 58,000 colours."""
    return load_sample_image("flower.jpg")


@pytest.fixture(scope="session")
def photo_histogram(photo):
    return ColorHistogram.from_array(photo)


@pytest.fixture
def rng():
    return np.random.default_rng(20261124)


@pytest.fixture
def quadrants():
    """Red, green, blue and white, a quarter each."""
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[:4, :4] = 255, 0, 0
    pixels[:4, 4:] = 0, 255, 0
    pixels[4:, :4] = 0, 0, 255
    pixels[4:, 4:] = 255, 255, 255
    return pixels


@pytest.fixture(scope="session")
def nearest_by_brute_force():
    """The definition: every distance, in integers; of equal ones the first by red, green, blue."""

    def search(colors, palette):
        order = np.lexsort(palette.T[::-1])
        difference = colors.reshape(-1, 1, 3).astype(np.int64) - palette[order]
        return order[(difference**2).sum(axis=2).argmin(axis=1)].reshape(colors.shape[:-1])

    return search


@pytest.fixture
def threads():
    """Set the number of threads; all cores again afterwards."""
    yield set_thread_count
    set_thread_count(None)
