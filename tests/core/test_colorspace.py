from __future__ import annotations

import numpy as np
import pytest

from rgbcloud.color.spaces import (
    SPACES,
    is_linear,
    linear_to_srgb,
    linear_to_srgb8,
    srgb8_to,
    srgb8_to_linear,
    srgb_to_linear,
)
from rgbcloud.settings import field_of


@pytest.mark.parametrize(
    ("names", "answer"),
    [
        # OpenColorIO's ACES configurations (cg-config-v2.2.0 and studio-config-v2.2.0), names and aliases.
        ("ACEScg, ACES - ACEScg, lin_ap1, lin_ap1_scene, ACES2065-1, aces2065_1, lin_ap0", True),
        ("Linear Rec.709 (sRGB), lin_rec709_srgb, Utility - Linear - Rec.709, lin_srgb", True),
        ("Utility - Linear - sRGB, Linear Display P3, Input - ARRI - Linear - ALEXA Wide Gamut", True),
        ("sRGB - Display, srgb_display, sRGB Encoded Rec.709 (sRGB), srgb_rec709_scene, srgb_tx", False),
        ("Utility - sRGB - Texture, Input - Generic - sRGB - Texture, Gamma 2.2 Encoded Rec.709", False),
        ("g22_rec709, g18_rec709_tx, Rec.1886 Rec.709 - Display, Camera Rec.709, adobergb", False),
        (
            "Raw, Utility - Raw, ACEScc, ACEScct, acescct_ap1, ADX10, ARRI LogC4, Log3G10 REDWideGamutRGB",
            None,
        ),
        # Maya's own, as scenes carry them (maya-usd's color_management.ma).
        ("scene-linear Rec.709-sRGB, scene-linear DCI-P3 D65", True),
        # OpenImageIO's, and what people write.
        ("Linear, linear, scene_linear", True),
        ("GammaCorrected2.2", False),
        ("non-linear, nonlinear, collinear, my studio space", None),
        ("", None),
    ],
)
def test_names_of_colour_spaces_tell_whether_they_are_linear(names, answer):
    assert {is_linear(name) for name in names.split(", ")} == {answer}


@pytest.fixture(scope="module")
def every_17th():
    """16 x 16 x 16 sRGB colours, corners included."""
    axis = np.arange(0, 256, 17, dtype=np.uint8)
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)


@pytest.fixture(scope="module")
def colour():
    return pytest.importorskip("colour", reason="the reference of other people")


# Ottosson's table of XYZ pairs is not of sRGB colours; these are CSS Color 4's examples (section 9.4 and 10).
@pytest.mark.parametrize(
    ("space", "color", "expected", "tolerance"),
    [
        ("linear", (255, 188, 0), (1.0, 0.5029, 0.0), 1e-4),
        ("oklab", (255, 255, 255), (1.0, 0.0, 0.0), 1e-6),
        ("oklab", (255, 0, 0), (0.62796, 0.22486, 0.12585), 1e-5),
        ("cielab", (255, 255, 255), (100.0, 0.0, 0.0), 1e-12),
        ("cielab", (0, 0, 0), (0.0, 0.0, 0.0), 1e-12),
        ("cielab", (119, 119, 119), (50.03, 0.0, 0.0), 0.01),
    ],
)
def test_known_values(space, color, expected, tolerance):
    np.testing.assert_allclose(srgb8_to(space, np.array(color, np.uint8)), expected, atol=tolerance)


@pytest.mark.parametrize("space", field_of("space").choices)
def test_every_8_bit_colour_comes_back(space, every_17th):
    back = linear_to_srgb8(SPACES[space].to_linear(srgb8_to(space, every_17th)))
    np.testing.assert_array_equal(back, every_17th)


@pytest.mark.parametrize("space", field_of("space").choices)
def test_what_no_display_shows_comes_back_too(space, rng):
    light = rng.uniform(-0.5, 40, (2000, 3))
    back = SPACES[space].to_linear(SPACES[space].from_linear(light))
    np.testing.assert_allclose(back, light, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("space", field_of("space").choices)
def test_a_colour_does_not_depend_on_its_neighbours(space, every_17th):
    together = srgb8_to(space, every_17th)
    for part in (slice(0, 1), slice(5, 8), slice(4000, 4093)):
        np.testing.assert_array_equal(together[part], srgb8_to(space, every_17th[part]))


def test_nan_and_infinity_stay_what_they_are():
    assert np.isnan(srgb_to_linear(np.nan))
    assert np.isnan(linear_to_srgb(np.nan))
    assert linear_to_srgb(np.inf) == np.inf
    assert srgb_to_linear(-np.inf) == -np.inf


def test_clipping_and_rounding_to_8_bits():
    assert linear_to_srgb8(np.array([-1.0, 0.5, 7.0])).tolist() == [0, 188, 255]


def test_colour_science_agrees_on_the_srgb_curve(colour):
    light = np.linspace(0, 1, 5001)
    np.testing.assert_allclose(linear_to_srgb(light), colour.models.eotf_inverse_sRGB(light), atol=1e-12)
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_allclose(srgb8_to_linear(levels), colour.models.eotf_sRGB(levels / 255), atol=1e-12)


def test_colour_science_agrees_on_oklab(colour, every_17th):
    matrix = colour.RGB_COLOURSPACES["sRGB"].matrix_RGB_to_XYZ
    expected = colour.XYZ_to_Oklab(srgb8_to_linear(every_17th) @ matrix.T)
    # It goes through XYZ, with matrices of four digits.
    np.testing.assert_allclose(srgb8_to("oklab", every_17th), expected, atol=2e-4)


def test_colour_science_agrees_on_cielab(colour, every_17th):
    matrix = colour.RGB_COLOURSPACES["sRGB"].matrix_RGB_to_XYZ
    white = colour.XYZ_to_xy(matrix.sum(axis=1))
    expected = colour.XYZ_to_Lab(srgb8_to_linear(every_17th) @ matrix.T, white)
    np.testing.assert_allclose(srgb8_to("cielab", every_17th), expected, atol=1e-9)
