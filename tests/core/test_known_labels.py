"""Deep texels take the labels of the values that they are among: the nearest, whatever else is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import rgbcloud.mapping.mapping
from rgbcloud import Palette, Recipe
from rgbcloud.clustering.cluster import clustering_of
from rgbcloud.color import find_color_space
from rgbcloud.color.distance import nearest_values
from rgbcloud.images.image import Image
from rgbcloud.images.pillow.pillow_writing import PILLOW
from rgbcloud.mapping.known_labels import KnownLabels
from rgbcloud.mapping.mapping import map_texels
from rgbcloud.textures.counts import Counts
from rgbcloud.textures.quantize import quantize

DEPTHS = ("float16", "float32", "uint16")


@pytest.fixture
def picture(rng):
    """80 x 80 texels, some of them equal, some below 0, some -0, some that differ in red by little."""
    values = rng.normal(0.4, 0.3, (80, 80, 3)).round(2)
    values[60:] = 0.25
    values[60:, :, 0] = rng.uniform(0, 1, (20, 80))
    values[::7] = values[0]
    values[3, :40], values[3, 40:] = 0.0, -0.0
    return values


def stored(numbers, dtype):
    return (numbers.clip(0, 1) * 65535).astype(dtype) if dtype == "uint16" else numbers.astype(dtype)


@pytest.mark.parametrize("dtype", DEPTHS)
def test_a_label_is_the_value_s_or_left_open(picture, rng, dtype):
    texels = stored(picture, dtype).reshape(-1, 3)
    values, places = np.unique(texels, axis=0, return_inverse=True)
    labels = rng.integers(0, 256, len(values)).astype(np.uint8)
    labels[values[:, 0] < np.median(values[:, 0])] = 255
    found, left = KnownLabels(values, labels).labels(texels)
    closed = np.ones(len(texels), bool)
    closed[left] = False
    assert 0.3 < closed.mean() < 1
    np.testing.assert_array_equal(found[closed], labels[places.reshape(-1)][closed])


@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("form", ["opaque", "alpha", "mask", "ACEScg"])
def test_every_visible_texel_gets_its_nearest_value(monkeypatch, picture, rng, dtype, form):
    monkeypatch.setattr(rgbcloud.mapping.mapping, "_MANY", 0)
    texels = stored(picture, dtype)
    if form == "alpha":
        opacity = stored(rng.uniform(0, 1, (80, 80, 1)).round(1), dtype)
        texels = np.where(opacity > 0, np.dstack([texels, opacity]), texels[0, 0, 0])
        texels[..., 3:] = opacity
    image = Image.of_array(texels, PILLOW).with_alpha_as(opacity=True)
    mask = rng.integers(0, 2, (80, 80)).astype(np.uint8) * 255 if form == "mask" else None
    counts = Counts.of(image, mask)
    recipe = Recipe.of(colors=24, space="oklab", kind="color")
    content = counts.content(recipe)
    if form == "ACEScg":
        space = replace(content.space, color_space=find_color_space("ACEScg"))
        content = content._replace(space=space)
    palette, labels = clustering_of(counts.histogram, recipe.settings, content.space, content.kind)
    indices = map_texels(image, palette.values, content, recipe.settings, counts.histogram, labels)
    seen = np.ones((80, 80), bool) if image.visible is None else image.visible
    expected = nearest_values(image.values[seen], palette.values, content.space)
    np.testing.assert_array_equal(indices[seen], expected)


def test_what_a_mask_leaves_out_is_searched_for(monkeypatch):
    monkeypatch.setattr(rgbcloud.mapping.mapping, "_MANY", 0)
    texels = np.array([[[0.1] * 3, [0.6] * 3, [0.9] * 3]], np.float16)
    mask = np.array([[255, 0, 255]], np.uint8)
    palette = Palette.from_hex(["#000000", "#ffffff"])
    assert quantize(texels, 2, palette=palette, mask=mask).indices.tolist() == [[0, 1, 1]]
    assert quantize(texels, 2, palette=palette).indices.tolist() == [[0, 1, 1]]
