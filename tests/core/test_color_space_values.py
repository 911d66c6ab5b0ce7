"""Colour spaces against the formulas of other people: colour-science, and OpenColorIO."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rgbcloud.color.built_in_spaces import BUILT_IN
from rgbcloud.color.color_names import color_space_from_json, find_color_space
from rgbcloud.color.color_space import LINEAR_SRGB, RAW, SRGB, RgbColorSpace
from rgbcloud.color.difference import delta_e_2000
from rgbcloud.color.log_curves import PqCurve
from rgbcloud.color.primaries import REC709_TO_XYZ, Primaries, xyz_matrix
from rgbcloud.color.spaces import linear_to_cielab, linear_to_srgb, srgb_to_linear
from rgbcloud.color.transfer_curves import LinearCurve, SampledCurve, check_rises
from rgbcloud.errors import InvalidArgumentError

SPACES = [space for space in BUILT_IN.values() if space.is_color]
CURVES = sorted({curve for space in SPACES for curve in space.curves}, key=repr)
NUMBERS = np.linspace(0, 1, 1001)


def named(space):
    return space.name


@pytest.fixture(scope="module")
def grid():
    """9 x 9 x 9 numbers of 0 to 1."""
    axis = np.linspace(0, 1, 9)
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)


@pytest.fixture(scope="module")
def colour():
    return pytest.importorskip("colour", reason="the reference of other people")


@pytest.fixture(scope="module")
def opencolorio():
    return pytest.importorskip("opencolorio", reason="it is not installed", exc_type=ImportError)


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("ACEScct", "ACEScct"),
        ("ARRI LogC3 (EI800)", "ARRI LogC3"),
        ("ARRI LogC4", "ARRI LogC4"),
        ("BMDFilm WideGamut Gen5", "Blackmagic Film Generation 5"),
        ("Cineon", "Cineon"),
        ("D-Log D-Gamut", "D-Log"),
        ("DaVinci Intermediate WideGamut", "DaVinci Intermediate"),
        ("F-Log2 F-Gamut", "F-Log2"),
        ("Log3G10 REDWideGamutRGB", "Log3G10"),
        ("S-Log3 S-Gamut3", "S-Log3"),
        ("V-Log V-Gamut", "V-Log"),
        ("CanonLog2 CinemaGamut D55", "Canon Log 2"),
        ("CanonLog3 CinemaGamut D55", "Canon Log 3"),
    ],
)
def test_logarithms_are_those_of_their_makers(colour, name, method):
    decode = colour.log_decoding if method in colour.LOG_DECODINGS else colour.oetf_inverse
    light = find_color_space(name).curves[0].to_light(NUMBERS)
    np.testing.assert_allclose(light, decode(NUMBERS, function=method), 1e-5, 3e-6)


def test_the_bend_of_acescc_near_black_is_straight(colour):
    near_black = np.linspace(-0.358, 1.4, 2001)
    expected = colour.log_decoding(near_black, function="ACEScc")
    light = find_color_space("ACEScc").curves[0].to_light(near_black)
    np.testing.assert_allclose(light, expected, 1e-12, 3e-6)


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("sRGB", "sRGB"),
        ("ProPhoto RGB", "ProPhoto RGB"),
        ("adobergb", "Adobe RGB (1998)"),
        ("Gamma 2.6 Encoded P3-D65", "P3-D65"),
        ("Rec.1886 Rec.709 - Display", "ITU-R BT.1886"),
    ],
)
def test_powers_are_those_of_their_standards(colour, name, method):
    if method == "ITU-R BT.1886":
        expected = colour.eotf(NUMBERS, function=method)
    else:
        expected = colour.RGB_COLOURSPACES[method].cctf_decoding(NUMBERS)
    np.testing.assert_allclose(find_color_space(name).curves[0].to_light(NUMBERS), expected, atol=1e-7)


def test_television_and_pq_are_those_of_their_standards(colour):
    camera = find_color_space("Rec709").curves[0].to_light(NUMBERS)
    np.testing.assert_allclose(camera, colour.oetf_inverse(NUMBERS, function="ITU-R BT.709"), atol=1e-4)
    nits = find_color_space("pq_rec2020_display").curves[0].to_light(NUMBERS) * 100
    np.testing.assert_allclose(nits, colour.eotf(NUMBERS, function="ST 2084"), 1e-9, 1e-9)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Linear Rec.2020", "ITU-R BT.2020"),
        ("Linear P3-D65", "P3-D65"),
        ("Linear AdobeRGB", "Adobe RGB (1998)"),
        ("Linear ProPhoto RGB", "ProPhoto RGB"),
        ("ACEScg", "ACEScg"),
        ("ACES2065-1", "ACES2065-1"),
        ("Linear V-Gamut", "V-Gamut"),
        ("Linear REDWideGamutRGB", "REDWideGamutRGB"),
    ],
)
def test_primaries_are_those_of_their_standards(colour, name, other):
    spaces = [colour.RGB_COLOURSPACES[key].copy() for key in (other, "sRGB")]
    for space in spaces:
        space.use_derived_matrix_RGB_to_XYZ = space.use_derived_matrix_XYZ_to_RGB = True
    expected = colour.matrix_RGB_to_RGB(*spaces, "Bradford")
    np.testing.assert_allclose(find_color_space(name).to_linear_srgb(np.eye(3)).T, expected, atol=1e-6)


@pytest.mark.parametrize("space", SPACES, ids=named)
def test_numbers_come_back(space, grid):
    for numbers in (grid, grid * 1.5 - 0.25):
        back = space.from_linear_srgb(space.to_linear_srgb(numbers))
        # Near 0 a power is steep: light of 1e-17 is a number of 1e-7.
        assert np.abs(back - numbers).max() < 3e-6
        assert np.abs(space.to_linear_srgb(back) - space.to_linear_srgb(numbers)).max() < 1e-9 * max(
            1, np.abs(space.to_linear_srgb(numbers)).max()
        )


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: type(curve).__name__)
@given(encoded=st.floats(-2, 2))
def test_curves_come_back_to_the_precision_of_float64(curve, encoded):
    light = curve.to_light(np.array([encoded]))
    back = curve.to_encoded(light)
    flat = 7.5e-7 if isinstance(curve, PqCurve) else 0  # the standard has no light there
    # Where one step of the encoded number is many of light, it is light that comes back.
    assert abs(back[0] - encoded) <= max(1e-9, flat) or curve.to_light(back) == pytest.approx(light, 1e-12)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: type(curve).__name__)
def test_curves_rise_and_stay_finite_far_beyond_what_a_display_shows(curve):
    numbers = np.concatenate([-np.geomspace(1e12, 1e-9, 500), [0], np.geomspace(1e-9, 1e12, 500)])
    light = curve.to_light(numbers)
    assert np.isfinite(light).all()
    assert (np.diff(light) >= 0).all()
    assert np.isfinite(curve.to_encoded(numbers)).all()


@pytest.mark.parametrize("space", SPACES, ids=named)
def test_nan_and_infinities_stay_with_their_colour(space):
    numbers = np.array([[np.nan, 0.5, 0.5], [0.5, 0.5, 0.5], [np.inf, 0.5, 0.5]])
    with np.errstate(invalid="ignore"):
        light = space.to_linear_srgb(numbers)
    assert not np.isfinite(light[0]).all()
    assert not np.isfinite(light[2]).all()
    np.testing.assert_array_equal(light[1], space.to_linear_srgb(numbers[1:2])[0])


def test_srgb_is_what_it_was():
    numbers = np.linspace(-0.5, 2, 4001)[:, np.newaxis].repeat(3, axis=1)
    np.testing.assert_array_equal(SRGB.to_linear_srgb(numbers), srgb_to_linear(numbers))
    np.testing.assert_allclose(SRGB.from_linear_srgb(numbers), linear_to_srgb(numbers), atol=1e-8)
    np.testing.assert_array_equal(LINEAR_SRGB.to_linear_srgb(numbers), numbers)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("name", ["sRGB", "ARRI LogC4", "ProPhoto RGB", "ADX10"])
def test_integers_stand_for_0_to_1(opencolorio, name, dtype, rng):
    space, largest = find_color_space(name), np.iinfo(dtype).max
    values = rng.integers(0, largest, (50, 3), dtype, endpoint=True)
    np.testing.assert_array_equal(space.to_linear_srgb(values), space.to_linear_srgb(values / largest))


@pytest.mark.parametrize("space", SPACES, ids=named)
def test_a_colours_light_does_not_depend_on_its_place(space, rng):
    numbers = rng.random((1003, 3))
    together = space.to_linear_srgb(numbers)
    alone = np.concatenate([space.to_linear_srgb(numbers[place : place + 7]) for place in range(0, 1003, 7)])
    np.testing.assert_allclose(together, alone, 1e-14)


@pytest.mark.parametrize("space", [*SPACES, RAW], ids=named)
def test_spaces_survive_pickle_and_json(space):
    assert pickle.loads(pickle.dumps(space)) == space
    again = color_space_from_json(json.loads(json.dumps(space.to_json())))
    assert again == space
    assert hash(again) == hash(space)


def test_a_space_of_three_curves_survives_json_and_keeps_them_apart():
    curves = (LinearCurve(), SampledCurve((0.0, 0.1, 1.0)), SampledCurve((0.0, 0.3, 1.0)))
    space = RgbColorSpace("three", curves, REC709_TO_XYZ)
    half = np.full((1, 3), 0.5)
    assert space.to_linear_srgb(half).tolist() == [[0.5, 0.1, 0.3]]
    assert space.from_linear_srgb(space.to_linear_srgb(half)).tolist() == half.tolist()
    assert space.to_linear_srgb(np.array([[255, 0, 255]], np.uint8)).tolist() == [[1, 0, 1]]
    assert color_space_from_json(json.loads(json.dumps(space.to_json()))) == space


@pytest.mark.parametrize(
    "numbers", [{}, {"name": "x", "curves": [{"type": "Spline"}]}, {"name": 1, "curves": 2}]
)
def test_what_describes_no_space_is_refused(numbers):
    with pytest.raises(InvalidArgumentError, match="describes no colour space"):
        color_space_from_json(numbers)


def test_what_holds_no_colour_says_so():
    assert (RAW.is_color, RAW.is_linear) == (False, False)
    for convert in (RAW.to_linear_srgb, RAW.from_linear_srgb):
        with pytest.raises(InvalidArgumentError, match="Raw holds no colours; name a colour space"):
            convert(np.zeros((1, 3)))


@pytest.mark.parametrize(
    "samples", [(0.0, 0.6, 0.5, 1.0), (0.5, 0.5), (1.0, 0.0), (0.0, float("nan")), (0.0, float("inf"))]
)
def test_curves_that_do_not_rise_are_refused(samples):
    with pytest.raises(InvalidArgumentError, match=r"curve of x\.icc does not rise from 0 to 1; name the"):
        check_rises(SampledCurve(samples), "x.icc")


@pytest.mark.parametrize(
    "primaries",
    [
        Primaries((0.3, 0.3), (0.3, 0.3), (0.3, 0.3)),
        Primaries((0.1, 0.1), (0.2, 0.2), (0.3, 0.3)),
        Primaries((0.64, 0.33), (0.3, 0.6), (0.15, 0.06), (0.9, 0.05)),
        Primaries((0.64, 0.33), (0.3, 0.6), (0.15, 0.06), (0.3, 0.0)),
        Primaries((float("nan"), 0.33), (0.3, 0.6), (0.15, 0.06)),
        Primaries((1e300, 0.33), (0.3, -1e300), (0.15, 0.06)),
    ],
)
def test_primaries_that_span_no_colours_are_refused(primaries):
    with pytest.raises(InvalidArgumentError, match="name the colour space instead"):
        xyz_matrix(primaries)


def test_all_spaces_of_the_studio_configuration_are_those_of_opencolorio(opencolorio, grid):
    """Of all that a display nearly shows CIEDE2000 is within 0.003; OpenColorIO's powers are fast ones."""
    assert len(opencolorio.NAMES) > 50
    for name in opencolorio.NAMES:
        light, expected = find_color_space(name).to_linear_srgb(grid), opencolorio.converted(grid, name)
        shown = ((expected > -0.2) & (expected < 1.2)).all(axis=1)
        if name == "ACEScc":  # OpenColorIO clips it to AP0
            shown &= (opencolorio.converted(grid, "ACEScct", "lin_ap0") > 0).all(axis=1)
            shown &= (opencolorio.converted(grid, "ACEScc", "lin_ap0") > 1e-4).all(axis=1)
        difference = delta_e_2000(linear_to_cielab(light[shown]), linear_to_cielab(expected[shown]))
        assert difference.max() < 0.003, name
        assert np.abs(light - expected)[shown].max() < 5e-5, name


def test_a_pictures_error_is_told_as_opencolorio_has_it(opencolorio, rng):
    """Mean CIEDE2000 between a picture and its rounding to 4 bits: within 0.02, in every space."""
    light = rng.random((2000, 3)) ** 2 * 0.9
    for name in opencolorio.NAMES:
        stored = opencolorio.converted(light, "lin_rec709_scene", name)
        if not np.isfinite(stored).all():
            continue
        rounded, space = np.rint(stored * 15) / 15, find_color_space(name)
        told, true = (
            delta_e_2000(*(linear_to_cielab(convert(numbers)) for numbers in (stored, rounded))).mean()
            for convert in (
                space.to_linear_srgb,
                lambda numbers, name=name: opencolorio.converted(numbers, name),
            )
        )
        assert told == pytest.approx(true, abs=0.02), name
