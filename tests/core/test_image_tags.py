"""What chunks of PNG and attributes of EXR say of colours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageCms

from rgbcloud.color.color_space import LINEAR_SRGB, SRGB
from rgbcloud.color.image_tags import color_space_of_chromaticities, color_space_of_png

REC709 = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
D65 = (0.3127, 0.3290)
CHRM_709 = (*D65, *REC709)
CHRM_P3 = (*D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)
SRGB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def name_of(**chunks):
    return color_space_of_png(**chunks).space.name


def test_chunks_count_in_the_order_of_the_standard():
    chunks = {
        "gamma": 1 / 1.8,
        "chromaticities": CHRM_709,
        "srgb": 0,
        "icc": SRGB_PROFILE,
        "cicp": (12, 13, 0, 1),
    }
    assert name_of(**chunks) == "sRGB Encoded P3-D65"
    del chunks["cicp"]
    assert name_of(**chunks) == SRGB.name
    del chunks["icc"]
    assert name_of(**chunks) == SRGB.name
    del chunks["srgb"]
    assert name_of(**chunks) == "Gamma 1.8 Encoded Rec.709"
    assert color_space_of_png() == (None, "")


def test_of_a_damaged_profile_the_next_chunk_is_taken():
    damaged = color_space_of_png(icc=SRGB_PROFILE[:200], srgb=0)
    assert damaged.space is SRGB
    assert damaged.note == "the ICC profile is cut short: its colours count as if there were none"


@pytest.mark.parametrize(
    ("cicp", "name"),
    [
        ((1, 13, 0, 1), SRGB.name),
        ((1, 8, 0, 1), LINEAR_SRGB.name),
        ((1, 1, 0, 1), "Gamma 2.4 Encoded Rec.709"),  # OpenColorIO's Rec.1886 Rec.709 - Display
        ((12, 13, 0, 1), "sRGB Encoded P3-D65"),
        ((9, 16, 0, 1), "Rec.2100-PQ - Display"),
        ((12, 16, 0, 1), "ST2084-P3-D65 - Display"),
        ((12, 17, 0, 1), "Gamma 2.6 Encoded P3-D65"),
        ((9, 1, 0, 1), "Gamma 2.4 Encoded Rec.2020"),
        ((6, 13, 0, 1), "cICP 6-13-0-1"),
    ],
)
def test_cicp_names_built_in_spaces(cicp, name):
    assert name_of(cicp=cicp) == name


@pytest.mark.parametrize(
    "cicp",
    [(1, 13, 0, 0), (1, 13, 9, 1), (1, 13), (), (2, 13, 0, 1), (1, 2, 0, 1), (9, 18, 0, 1), (255, 255, 0, 1)],
)
def test_a_cicp_that_cannot_be_used_is_told_and_the_next_chunk_counts(cicp):
    found = color_space_of_png(cicp=cicp, gamma=1.0)
    assert found.space is LINEAR_SRGB
    assert found.note.startswith("the cICP ")


@pytest.mark.parametrize(
    ("gamma", "chromaticities", "name"),
    [
        (0.45455, None, "Gamma 2.2 Encoded Rec.709"),
        (0.45455, CHRM_709, "Gamma 2.2 Encoded Rec.709"),
        (1.0, CHRM_709, LINEAR_SRGB.name),
        (None, CHRM_709, SRGB.name),
        (None, CHRM_P3, "sRGB Encoded P3-D65"),
        (0.45471, (*D65, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06), "Gamma 2.2 Encoded AdobeRGB"),
        (0.5, None, "gAMA 0.5"),
    ],
)
def test_gama_and_chrm_are_a_curve_and_primaries(gamma, chromaticities, name):
    assert name_of(gamma=gamma, chromaticities=chromaticities) == name


def test_gama_is_the_inverse_of_the_exponent():
    light = color_space_of_png(gamma=0.5).space.to_linear_srgb(np.full((1, 3), 0.5))
    assert light.tolist() == [[0.25] * 3]


@pytest.mark.parametrize(
    ("numbers", "name"),
    [
        ((*REC709, *D65), LINEAR_SRGB.name),
        ((0.713, 0.293, 0.165, 0.83, 0.128, 0.044, 0.32168, 0.33767), "ACEScg"),
        ((0.7347, 0.2653, 0, 1, 0.0001, -0.077, 0.32168, 0.33767), "ACES2065-1"),
        ((0.708, 0.292, 0.17, 0.797, 0.131, 0.046, *D65), "Linear Rec.2020"),
        (np.array((0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290), np.float32), LINEAR_SRGB.name),
    ],
)
def test_chromaticities_name_built_in_linear_spaces(numbers, name):
    assert color_space_of_chromaticities(numbers).space.name == name


def test_other_chromaticities_are_a_linear_space_whose_white_is_white():
    space = color_space_of_chromaticities((0.6, 0.35, 0.3, 0.6, 0.15, 0.1, 0.3457, 0.3585)).space
    assert space.is_linear
    np.testing.assert_allclose(space.to_linear_srgb(np.ones((1, 3))), 1, atol=1e-12)


@pytest.mark.parametrize("numbers", [(0.0,) * 8, (*REC709,), (*REC709, 0.3, 0), (*REC709, float("nan"), 0.3)])
def test_chromaticities_that_span_no_colours_are_told(numbers):
    found = color_space_of_chromaticities(numbers)
    assert found.space is None
    assert found.note.startswith("chromaticities: ")
    assert color_space_of_png(chromaticities=[*numbers[6:], *numbers[:6]]).note.startswith("cHRM: ")


NUMBER = st.floats() | st.sampled_from([0.0, 0.3, 0.33, 0.64, 1.0])


@given(
    gamma=st.none() | NUMBER,
    chromaticities=st.none() | st.lists(NUMBER, max_size=9),
    cicp=st.none() | st.lists(st.integers(0, 255), max_size=5),
    icc=st.none() | st.binary(max_size=300),
)
def test_no_chunk_whatever_it_says_ends_in_an_error(gamma, chromaticities, cicp, icc):
    found = color_space_of_png(gamma, chromaticities, None, cicp, icc)
    assert "\n" not in found.note
    if found.space is not None:
        assert np.isfinite(found.space.to_linear_srgb(np.array([[0.0, 0.5, 1.0]]))).all()
    if chromaticities is not None:
        color_space_of_chromaticities(chromaticities)
