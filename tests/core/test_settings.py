from __future__ import annotations

import json

import numpy as np
import pytest

from rgbcloud import InvalidArgumentError, Recipe, Settings


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), "k16"),
        (Settings(3), "k3"),
        (Settings(7, seed=4), "k7.s4"),
        (Settings(7, weight_power=0.25, locked=["#FF8000"]), "k7.w0.25.lock7047a1"),
        (Settings(64, effort="best", indexed=False), "k64.best.rgb"),
        (Settings(space="oklab", kind="color", linear=True), "k16.oklab.color.lin"),
        (Settings(kind="labels", linear=False), "k16.labels.nonlin"),
        (Settings(dither="blue-noise", dither_strength=0.5), "k16.blue.d0.5"),
        (Settings(dither="floyd-steinberg", serpentine=True), "k16.fs.serpentine"),
        (Settings(8, squeeze=True), "k8.squeezed"),
        (Settings(max_size=2048), "k16.max2048"),
        (Settings(scale="1/2", enlarge=4), "k16.scale1-2.x4"),
        (Settings(8, recolored=[("#ff8000", "00ff00")]), "k8.recolor6896b5"),
    ],
)
def test_the_tag_names_what_differs_from_the_default(settings, expected):
    assert settings.tag() == expected


def test_json_brings_the_settings_back():
    recolored = [("ff8000", "#0000FF"), ("000000", "ffffff")]
    settings = Settings(
        12, 9, "best", indexed=False, locked=("ff8000",), recolored=recolored, weight_power=0.5
    )
    assert Settings.from_json(settings.to_json()) == settings


def test_json_of_another_release_is_read_as_far_as_it_is_known():
    text = json.dumps({"colors": 5, "sparkle": True})
    assert Settings.from_json(text) == Settings(5)


@pytest.mark.parametrize("text", ["", "16", "[1, 2]", "{"])
def test_what_is_no_settings_is_refused(text):
    with pytest.raises(InvalidArgumentError, match="settings must be a JSON object"):
        Settings.from_json(text)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"colors": 257}, r"colors must be an int in 1\.\.256, got 257"),
        ({"seed": -1}, r"seed must be an int in 0\.\.4294967295, got -1"),
        ({"effort": "worst"}, "effort must be one of normal, best, got 'worst'"),
        ({"space": "hsv"}, "space must be one of srgb, linear, oklab, cielab, got 'hsv'"),
        ({"kind": "bump"}, "kind must be one of auto, color, data, normal, labels, got 'bump'"),
        (
            {"dither": "random"},
            "dither must be one of none, .*, got 'random'",
        ),
        ({"dither_strength": 1.5}, r"dither_strength must be a number in 0\.\.1, got 1\.5"),
        ({"recolored": "#ff8000"}, "recolored must be a sequence of pairs of colours, got '#ff8000'"),
        ({"recolored": ["#ff8000"]}, r"recolored must be pairs of colours such as .*, got '#ff8000'"),
        ({"recolored": [("#ff8000", "red")]}, "recolored must be colours of six .*, got 'red'"),
        (
            {"recolored": [("#ff8000", "1 2 nan")]},
            "recolored must be colours .* or three numbers, got '1 2 nan'",
        ),
        (
            {"recolored": [("#ff8000", "#000000"), ("FF8000", "#ffffff")]},
            "recolored must give each colour one other colour, got #ff8000 twice",
        ),
        ({"linear": "yes"}, "linear must be one of True, False, None, got 'yes'"),
    ],
)
def test_values_are_checked_at_the_door(values, message):
    with pytest.raises(InvalidArgumentError, match=message):
        Settings(**values)


@pytest.mark.parametrize("name", ["psnr", "delta_e", "max_bytes"])
def test_a_goal_of_nothing_is_refused_and_not_passed_over(name):
    with pytest.raises(InvalidArgumentError, match=f"{name} must be above 0, got 0"):
        Recipe.of(**{name: 0})
    assert Recipe.of(**{name: None}) == Recipe.of(knee=False, mask="") == Recipe()


@pytest.mark.parametrize(
    "values", [{"psnr": 30}, {"delta_e": 2}, {"weight_power": 0}, {"colors": np.int64(7)}]
)
def test_equal_recipes_have_equal_digests_whatever_type_their_numbers_have(values):
    ((name, value),) = values.items()
    other = int(value) if name == "colors" else float(value)
    one, same = Recipe.of(**values), Recipe.of(**{name: other})
    assert one == same
    assert one.digest() == same.digest()
