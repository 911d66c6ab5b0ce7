"""ICC profiles: matrices, curves, grey, tables, and all that may be wrong with one."""

from __future__ import annotations

import io
import json
import pickle
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icc_files import P3, SRGB_CURV, SRGB_PARA, curv, description, fixed, matrix_profile, para, profile
from PIL import Image, ImageCms

from rgbcloud.color.color_names import color_space_from_json, find_color_space
from rgbcloud.color.color_space import LINEAR_SRGB, SRGB
from rgbcloud.color.icc import color_space_of_icc
from rgbcloud.color.spaces import linear_to_srgb

PCS_WHITE = np.array([0.9642, 1.0, 0.8249])


def by_littlecms(data, colors):
    """8-bit sRGB of 8-bit colours, by relative colorimetry."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(data))
    image = Image.fromarray(colors[np.newaxis])
    target = ImageCms.createProfile("sRGB")
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    return np.asarray(ImageCms.profileToProfile(image, source, target, intent, "RGB"))[0]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (matrix_profile("Linear Rec.709 (sRGB)", SRGB_PARA), SRGB.name),
        (matrix_profile("Linear Rec.709 (sRGB)", SRGB_CURV), SRGB.name),
        (matrix_profile("Linear Rec.709 (sRGB)", curv()), LINEAR_SRGB.name),
        (matrix_profile("Linear Rec.709 (sRGB)", para(0, 1.0)), LINEAR_SRGB.name),
        (P3, "sRGB Encoded P3-D65"),
        (matrix_profile("Linear AdobeRGB", curv(563)), "Gamma 2.2 Encoded AdobeRGB"),
        (matrix_profile("Linear ProPhoto RGB", para(3, 1.8, 1, 0, 1 / 16, 1 / 32)), "ProPhoto RGB"),
        (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), SRGB.name),
        (profile({"kTRC": SRGB_CURV}, b"GRAY"), SRGB.name),
        (profile({"kTRC": curv()}, b"GRAY"), LINEAR_SRGB.name),
    ],
)
def test_profiles_of_known_spaces_are_these_spaces(data, name):
    found = color_space_of_icc(data)
    assert found == (find_color_space(name), "")


@pytest.mark.parametrize(
    "curve",
    [
        curv(round(1.5 * 256)),
        para(0, 1.5),
        para(1, 2.0, 0.9, 0.1),
        para(2, 2.0, 0.9, 0.05, 0.04),
        para(3, 2.2, 0.95, 0.05, 0.1, 0.03),
        para(4, 2.2, 0.95, 0.04, 0.1, 0.02, 0.01, 0.005),
        curv(0, 9000, 30000, 65535),
        curv(*np.rint(np.linspace(0, 1, 4096) ** 2.5 * 65535).astype(int)),
    ],
)
def test_curves_and_primaries_are_those_of_littlecms(curve, rng):
    data = matrix_profile("Linear Rec.2020", curve)
    colors = rng.integers(0, 256, (500, 3), np.uint8)
    found = color_space_of_icc(data)
    assert found.space.name == "test Linear Rec.2020"
    shown = np.rint(linear_to_srgb(found.space.to_linear_srgb(colors)).clip(0, 1) * 255)
    apart = np.abs(shown - by_littlecms(data, colors))
    assert np.percentile(apart, 95) <= 1
    light = found.space.to_linear_srgb(colors)
    np.testing.assert_allclose(
        found.space.to_linear_srgb(found.space.from_linear_srgb(light)), light, atol=1e-9
    )


def lut16(steps, of_light, connection):
    """Return a lut16 whose grid holds what a function makes of the numbers."""
    axis = np.linspace(0, 1, steps)
    nodes = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    encoded = np.rint(of_light(nodes).clip(0, 1) * 65535).astype(">u2").tobytes()
    straight = np.tile(np.array([0, 65535], ">u2"), 3).tobytes()
    head = (
        b"mft2\0\0\0\0"
        + bytes((3, 3, steps, 0))
        + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
        + struct.pack(">HH", 2, 2)
    )
    return profile(
        {"desc": description("a table"), "A2B1": head + straight + encoded + straight}, connection=connection
    )


def lut_a_to_b(steps, of_light):
    """Return a lutAToB with all of its parts: curves that square, a grid, a matrix that halves."""
    axis = np.linspace(0, 1, steps)
    nodes = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    grid = (
        bytes((steps,) * 3)
        + bytes(13)
        + b"\x02\0\0\0"
        + np.rint(of_light(nodes) * 65535).astype(">u2").tobytes()
    )
    grid += b"\0" * (-len(grid) % 4)
    straight, squares = curv() * 3, para(0, 2.0) * 3
    matrix = fixed(0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5, 0, 0, 0)
    parts, offsets, start = b"", [], 32
    for part in (straight, matrix, straight, grid, squares):  # B, matrix, M, grid, A
        offsets.append(start + len(parts))
        parts += part
    head = b"mAB \0\0\0\0" + bytes((3, 3, 0, 0)) + struct.pack(">5I", *offsets)
    return profile({"A2B0": head + parts}, connection=b"XYZ ")


def encoded_xyz(nodes):
    """Return PCS XYZ of gamma-2 numbers of mixed, slightly crossed channels."""
    crossed = np.array([[0.4, 0.35, 0.2], [0.25, 0.65, 0.1], [0.05, 0.1, 0.6749]])
    return (nodes**2) @ crossed.T / (1 + 32767 / 32768)


def encoded_lab(nodes):
    """Return legacy 16-bit CIELAB of the same."""
    ratio = encoded_xyz(nodes) * (1 + 32767 / 32768) / PCS_WHITE
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (841 / 108) + 4 / 29)
    lab = np.stack(
        [116 * root[:, 1] - 16, 500 * (root[:, 0] - root[:, 1]), 200 * (root[:, 1] - root[:, 2])], axis=1
    )
    return (lab / [100, 255, 255] + [0, 128 / 255, 128 / 255]) * 65280 / 65535


TABLES = {
    "lut16 to XYZ": lut16(17, encoded_xyz, b"XYZ "),
    "lut16 to Lab": lut16(17, encoded_lab, b"Lab "),
    "lutAToB": lut_a_to_b(17, lambda nodes: encoded_xyz(np.sqrt(nodes))),
}


@pytest.mark.parametrize("which", TABLES)
def test_tables_are_those_of_littlecms(which, rng):
    colors = rng.integers(16, 256, (500, 3), np.uint8)
    found = color_space_of_icc(TABLES[which])
    assert found.note == ""
    shown = np.rint(linear_to_srgb(found.space.to_linear_srgb(colors)).clip(0, 1) * 255)
    apart = np.abs(shown - by_littlecms(TABLES[which], colors))
    # It interpolates in tetrahedra, and rounds to 8 and 16 bits on the way.
    assert np.percentile(apart, 95) <= 2
    assert apart.mean() < 0.5


@pytest.mark.parametrize("which", TABLES)
def test_numbers_of_tables_come_back(which, rng):
    space = color_space_of_icc(TABLES[which]).space
    colors = rng.integers(8, 256, (400, 3), np.uint8)
    light = space.to_linear_srgb(colors)
    np.testing.assert_array_equal(np.rint(space.from_linear_srgb(light) * 255), colors)
    beyond = space.from_linear_srgb(np.array([[9.0, -2.0, 0.1]]))
    assert ((beyond >= 0) & (beyond <= 1)).all()


def test_a_table_survives_pickle_and_json():
    space = color_space_of_icc(TABLES["lut16 to Lab"]).space
    assert (space.name, space.is_color, space.is_linear) == ("a table", True, False)
    assert pickle.loads(pickle.dumps(space)) == space
    assert color_space_from_json(json.loads(json.dumps(space.to_json()))) == space
    assert np.isnan(space.to_linear_srgb(np.array([[np.nan, 0, 0]]))).all()


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"", "has no signature"),
        (b"x" * 500, "has no signature"),
        (P3[:-4], "is cut short"),
        (P3[:128] + b"\xff\xff\xff\xff" + P3[132:], "is cut short"),
        (profile({}, b"CMYK"), "is of a 'CMYK' image"),
        (profile({}, b"Lab "), "is of a 'Lab' image"),
        (profile({}), "has no rTRC"),
        (profile({"kTRC": b"text"}, b"GRAY"), "has a curve of an unknown kind"),
        (profile({"kTRC": curv(0, 60000, 100, 65535)}, b"GRAY"), "does not rise from 0 to 1"),
        (profile({"kTRC": curv(65535, 0)}, b"GRAY"), "does not rise from 0 to 1"),
        (profile({"kTRC": para(0, -1.0)}, b"GRAY"), "has a curve of the gamma -1"),
        (
            matrix_profile("Linear P3-D65", SRGB_PARA, bXYZ=b"XYZ \0\0\0\0" + fixed(0, 0, 0)),
            "span no colours",
        ),
        (profile({"A2B0": TABLES["lutAToB"][144:600]}), "is cut short"),
        (profile({"A2B0": b"mft2\0\0\0\0\x04\x03\x09\0" + bytes(90)}), "has a table from 4 to 3 channels"),
    ],
)
def test_what_is_wrong_with_a_profile_is_told_in_a_sentence(data, note):
    found = color_space_of_icc(data)
    assert found.space is None
    assert note in found.note
    assert found.note.endswith(": its colours count as if there were none")
    assert "\n" not in found.note


SOURCES = [
    P3,
    matrix_profile("ACEScg", SRGB_CURV),
    lut16(3, encoded_lab, b"Lab "),
    lut_a_to_b(3, encoded_xyz),
]


@given(
    source=st.sampled_from(SOURCES),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=6
    ),
    end=st.integers(0, 400),
)
def test_no_profile_however_damaged_ends_in_an_error(source, changes, end):
    damaged = bytearray(source)
    for place, data in changes:
        # Half of the changes meet header, tag table and the beginnings of tags.
        start = int(place * 2 * len(source)) if place < 0.5 else int((place - 0.5) * 2 * 400)
        damaged[start : start + len(data)] = data
    found = color_space_of_icc(bytes(damaged[: len(damaged) - end] if end < 200 else damaged))
    assert (found.space is None) == (found.note != "")
    assert "\n" not in found.note
    if found.space is not None:
        light = found.space.to_linear_srgb(np.array([[0, 128, 255], [7, 7, 7]], np.uint8))
        assert np.isfinite(light).all()
        assert np.isfinite(found.space.from_linear_srgb(light)).all()
