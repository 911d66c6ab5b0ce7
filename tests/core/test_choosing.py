from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab
from ways import chosen, reduced, reduced_texture

from rgbcloud import (
    ColorHistogram,
    Goal,
    InvalidArgumentError,
    Recipe,
    Settings,
    Texture,
    cluster,
    count,
    knee,
    palette_for,
    read,
)
from rgbcloud.textures import find_palette
from rgbcloud.textures.goals import _first
from rgbcloud.textures.report import psnr


@pytest.fixture
def wood(tmp_path, photo):
    path = tmp_path / "wood.png"
    Image.fromarray(photo[::2, ::2]).save(path)
    return read(path)


@pytest.mark.parametrize("wanted", [20, 30, 38])
def test_the_fewest_colours_that_reach_a_psnr(photo_histogram, wanted):
    colors = chosen(photo_histogram, Settings(), Goal(psnr=wanted))

    def reached(count):
        return psnr(cluster(photo_histogram, count).inertia / photo_histogram.total)

    assert reached(colors) >= wanted > reached(colors - 1)


@pytest.mark.parametrize("goal", [Goal(psnr=30), Goal(delta_e=6)])
def test_no_palette_is_made_twice(photo_histogram, monkeypatch, goal):
    tried = []

    def counted(counts, recipe):
        tried.append(recipe.settings.colors)
        return find_palette(counts, recipe)

    monkeypatch.setattr("rgbcloud.textures.goals.find_palette", counted)
    assert chosen(photo_histogram, Settings(), goal) in tried
    assert len(set(tried)) == len(tried) < 10


@pytest.mark.slow
@pytest.mark.parametrize(("wanted", "space"), [(8, "srgb"), (3, "oklab"), (2, "cielab")])
def test_the_fewest_colours_that_reach_a_colour_difference(wood, wanted, space):
    """By an independent measure: scikit-image's."""
    settings = Settings(space=space)
    colors = len(reduced(wood, settings, goal=Goal(delta_e=wanted)).palette)

    def difference(count):
        rebuilt = reduced(wood, replace(settings, colors=count)).texels
        return deltaE_ciede2000(rgb2lab(wood.texels), rgb2lab(rebuilt)).mean()

    assert difference(colors) <= wanted < difference(colors - 1)


def test_a_colour_difference_of_what_holds_no_colours(tmp_path, photo):
    Image.fromarray(photo[:64, :64]).save(tmp_path / "rock_roughness.png")
    image = read(tmp_path / "rock_roughness.png")
    with pytest.raises(InvalidArgumentError, match="is about colours, but the texture was taken for data"):
        reduced(image, Settings(), goal=Goal(delta_e=2))


@pytest.mark.slow
def test_the_most_colours_whose_file_fits(wood):
    settings = Settings(indexed=True)
    limit = 30_000
    colors = len(reduced(wood, settings, goal=Goal(max_bytes=limit)).palette)
    sizes = [len(reduced(wood, replace(settings, colors=count)).data) for count in (colors, colors + 1)]
    assert sizes[0] <= limit < sizes[1]


def test_a_generous_limit_allows_all(wood):
    assert len(reduced(wood, goal=Goal(max_bytes=10**9)).palette) == 256


def test_an_image_of_few_colours_needs_no_more(quadrants):
    histogram = ColorHistogram.from_array(quadrants)
    assert chosen(histogram, Settings(), Goal(psnr=99)) == 4
    assert chosen(histogram, Settings(), Goal(delta_e=1)) == 4
    assert chosen(histogram, Settings(), Goal(knee=True)) in (2, 3, 4)


def test_locked_colours_are_the_least(photo_histogram):
    settings = Settings(3, locked=["#ff0000", "#00ff00", "#0000ff"])
    assert chosen(photo_histogram, settings, Goal(psnr=0.1)) == 3


@pytest.mark.parametrize("bend", [5, 17, 60])
def test_the_knee_of_a_bent_line_is_its_bend(bend):
    curve = np.interp(np.arange(2, 257), [2, bend, 256], [1000, 50, 0])
    assert knee(curve) == bend


def test_the_knee_of_a_photograph_pays_off(photo_histogram):
    colors = chosen(photo_histogram, Settings(), Goal(knee=True))
    errors = [cluster(photo_histogram, count).inertia for count in (2, colors, 256)]
    assert 4 <= colors <= 40
    assert errors[0] - errors[1] > 0.8 * (errors[0] - errors[2])


@pytest.mark.parametrize("errors", [[], [0.0], [1.0, 1.0, 1.0], [0.0, 0.0]])
def test_a_curve_without_a_knee_needs_two_colours(errors):
    assert knee(errors) == 2


@pytest.mark.parametrize("threshold", [1, 2, 7, 100, 255, 256])
@pytest.mark.parametrize("likely", [1, 7, 128, 256])
def test_the_search_finds_the_first_and_tries_little(threshold, likely):
    tried = []

    def holds(number):
        tried.append(number)
        return number >= threshold

    assert _first(holds, 1, 256, likely) == threshold
    assert len(tried) <= 2 * math.log2(256) + 2
    assert len(set(tried)) == len(tried)


def test_tags_name_the_goal():
    goals = (Goal(psnr=40), Goal(psnr=37.5), Goal(max_bytes=50000), Goal(knee=True), Goal(delta_e=1.5))
    assert [goal.tag() for goal in goals] == ["psnr40", "psnr37.5", "50000bytes", "knee", "de1.5"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "a goal must be one of psnr, max_bytes, knee and delta_e"),
        ({"psnr": 30, "knee": True}, "a goal must be one of psnr, max_bytes, knee and delta_e"),
        ({"psnr": -1}, "psnr must be a[n int umber]+ above 0, got -1"),
        ({"psnr": math.inf}, "psnr must be a[n int umber]+ above 0, got inf"),
        ({"psnr": 30, "delta_e": 2}, "a goal must be one of psnr, max_bytes, knee and delta_e"),
        ({"delta_e": 0}, "delta_e must be above 0, got 0"),
        ({"max_bytes": 0}, "max_bytes must be above 0, got 0"),
    ],
)
def test_what_is_no_goal_is_refused(values, message):
    with pytest.raises(InvalidArgumentError, match=message):
        Goal(**values)


def test_what_cannot_be_reached_is_said(photo_histogram, wood, tmp_path):
    files = [tmp_path / "wood.png", tmp_path / "wood2.png"]
    files[1].write_bytes(files[0].read_bytes())
    with pytest.raises(
        InvalidArgumentError,
        match=r"no palette of 256 colours reaches a PSNR of 99 dB: it comes to .* dB; ask for",
    ):
        chosen(photo_histogram, Settings(), Goal(psnr=99))
    with pytest.raises(
        InvalidArgumentError,
        match=r"no palette of 256 colours reaches a mean dE2000 of 0\.1: it comes to .*; ask for",
    ):
        chosen(photo_histogram, Settings(), Goal(delta_e=0.1))
    with pytest.raises(
        InvalidArgumentError, match=r"a file of 1 colours is larger than 20 bytes: it has [0-9,]+; allow more"
    ):
        reduced(wood, goal=Goal(max_bytes=20))
    with pytest.raises(InvalidArgumentError, match="a goal of max_bytes needs one image"):
        reduced_texture(Texture.of_files(files), goal=Goal(max_bytes=20))


@pytest.mark.parametrize("goal", [Goal(psnr=26), Goal(delta_e=8), Goal(knee=True)], ids=Goal.tag)
def test_a_palette_alone_is_that_of_the_set_that_is_reduced_to_the_goal(tmp_path, photo, goal):
    for tile, part in enumerate((photo[:60, ::3], photo[60:, ::3]), start=1001):
        Image.fromarray(part).save(tmp_path / f"wood.{tile}.png")
    texture = Texture.find(tmp_path / "wood.<UDIM>.png")
    reduction = reduced_texture(texture, goal=goal)
    recipe = Recipe(goal=goal)
    assert len(reduction.palette) != Settings().colors
    assert palette_for(texture, recipe) == reduction.palette
    assert palette_for(count(texture.paths[0]) + count(texture.paths[1]), recipe) == reduction.palette


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        (
            Recipe(Settings(dither="bayer"), goal=Goal(psnr=30)),
            "wood.png: a PSNR of 30 dB has to be measured",
        ),
        (Recipe(goal=Goal(max_bytes=9999)), "a goal of max_bytes needs one image, whose file it is about"),
    ],
)
def test_a_palette_alone_does_not_pretend_to_reach_what_only_a_file_can(wood, recipe, message):
    with pytest.raises(InvalidArgumentError, match=message):
        palette_for(wood, recipe)
