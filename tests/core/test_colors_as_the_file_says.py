"""Colours are what the file says they are: measured against OpenColorIO, and by twins of one picture."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest
from deep_files import write
from icc_files import P3 as P3_PROFILE
from icc_files import profile as made_profile
from PIL import Image
from ways import reduced

from rgbcloud import (
    Counts,
    Goal,
    InvalidArgumentError,
    Palette,
    Recipe,
    Settings,
    count,
    load_palette,
    palette_for,
    read,
    save_palette,
)
from rgbcloud.color import LINEAR_SRGB, SRGB, delta_e_2000, find_color_space
from rgbcloud.images.png.png_chunks import Chunk, read_chunks, with_chunks

oiio = pytest.importorskip("OpenImageIO", reason="it writes the files")
opencolorio = pytest.importorskip("opencolorio", reason="the truth is its", exc_type=ImportError)

REC709 = "Linear Rec.709 (sRGB)"
LINEAR = (
    "Linear Rec.2020",
    "Linear P3-D65",
    "Linear AdobeRGB",
    "ACEScg",
    "ACES2065-1",
    "CIE XYZ-D65 - Scene-referred",
    "Linear ARRI Wide Gamut 3",
    "Linear ARRI Wide Gamut 4",
    "Linear S-Gamut3",
    "Linear REDWideGamutRGB",
)
# IEC 61966-2-1, and CIE 15:2018, 8.2.1.
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(light):
    ratio = light @ TO_XYZ.T / TO_XYZ.sum(axis=1)
    x, y, z = np.moveaxis(np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * 841 / 108 + 4 / 29), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def true_delta_e(reduction, name):
    """Return the mean CIEDE2000 of a reduced picture, as OpenColorIO has its colours."""
    sides = (reduction.image.values, reduction.texels[..., :3])
    before, after = (lab(opencolorio.converted(side, name, REC709)) for side in sides)
    return delta_e_2000(before, after).mean()


def apart(one, other):
    """Return the farthest that a colour of one palette is from the other palette.

    As a display shows them, but not rounded to its 8 bits, one of which is up to 0.5 in dark colours.
    """
    sides = (lab(palette.found.space.color_space.to_linear_srgb(palette.values)) for palette in (one, other))
    before, after = sides
    difference = delta_e_2000(before[:, np.newaxis], after)
    return max(difference.min(axis=0).max(), difference.min(axis=1).max())


@pytest.fixture(scope="module")
def light(photo):
    """A photograph in linear light of Rec.709: 107 x 160 texels."""
    return opencolorio.converted(photo[::4, ::4] / 255, "sRGB Encoded Rec.709 (sRGB)", REC709)


@pytest.fixture(scope="module")
def stored(light, tmp_path_factory):
    """Write the photograph as an EXR in some space; return its path."""
    folder = tmp_path_factory.mktemp("stored")

    def store(name, kind="half", step=1):
        path = folder / (re.sub(r"\W", "_", name) + f"_{kind}_{step}.exr")
        if not path.exists():
            dtype = np.float16 if kind == "half" else np.float32
            write(path, opencolorio.converted(light[::step, ::step], REC709, name).astype(dtype), kind)
        return path

    return store


@pytest.mark.parametrize("name", opencolorio.NAMES)
def test_what_is_reported_is_true(stored, name):
    reduction = reduced(stored(name), Settings(16, space="oklab", color_space=name))
    assert reduction.report.delta_e == pytest.approx(true_delta_e(reduction, name), abs=0.02)


@pytest.fixture(scope="module", params=["half", "float"])
def from_rec709(stored, request):
    reduction = reduced(stored(REC709, request.param), Settings(16, space="oklab"))
    return request.param, reduction.palette, true_delta_e(reduction, REC709)


@pytest.mark.parametrize("name", LINEAR)
def test_one_picture_in_any_linear_space_gets_one_palette(stored, from_rec709, name):
    kind, palette, delta_e = from_rec709
    reduction = reduced(stored(name, kind), Settings(16, space="oklab", color_space=name))
    assert true_delta_e(reduction, name) == pytest.approx(delta_e, rel=0.005)
    assert apart(reduction.palette, palette) <= 1.0


@pytest.mark.parametrize("space", ["srgb", "linear", "oklab", "cielab"])
@pytest.mark.parametrize("name", ["ACEScg", "sRGB Encoded AP1", "ARRI LogC4", "Rec.2100-HLG - Display"])
def test_a_goal_of_delta_e_is_reached_in_truth(stored, space, name):
    settings = Settings(space=space, color_space=name)
    reduction = reduced(stored(name, step=2), settings, goal=Goal(delta_e=4))
    assert true_delta_e(reduction, name) <= 4


@pytest.mark.parametrize("name", opencolorio.NAMES)
def test_a_goal_of_delta_e_is_reached_in_every_space(stored, name):
    settings = Settings(space="oklab", color_space=name)
    reduction = reduced(stored(name, step=4), settings, goal=Goal(delta_e=5))
    assert true_delta_e(reduction, name) <= 5


# --- what files say ---


def png(path, pixels, *chunks, **info):
    """Write a PNG that says what chunks say."""
    Image.fromarray(pixels).save(path, **info)
    path.write_bytes(with_chunks(path.read_bytes(), chunks) if chunks else path.read_bytes())
    return path


def exr(path, pixels, kind="half", **attributes):
    """Write an EXR of some attributes."""
    spec = oiio.ImageSpec(pixels.shape[1], pixels.shape[0], 3, kind)
    for name, value in attributes.items():
        spec.attribute(name.replace("__", ":"), *value)
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    assert output.write_image(pixels.astype(np.float16 if kind == "half" else np.float32)), output.geterror()
    output.close()
    return path


CICP_P3 = Chunk(b"cICP", bytes([12, 13, 0, 1]))
P3_NAME = ("srgb_p3d65_scene",)


@pytest.fixture
def twins(photo, tmp_path):
    """One picture of Display P3: by an ICC profile, by cICP, and by its name in an EXR."""
    pixels = photo[::3, ::3]
    return (
        png(tmp_path / "icc.png", pixels, icc_profile=P3_PROFILE),
        png(tmp_path / "cicp.png", pixels, CICP_P3),
        exr(tmp_path / "named.exr", pixels / 255, "float", oiio__ColorSpace=P3_NAME),
    )


def deep_twin(path):
    """Write a PNG again with the same values in 16 bits."""
    deep = path.with_name(f"deep-{path.name}")
    write(deep, read(path).texels.astype(np.uint16) * 257, "uint16")
    chunks = [chunk for chunk in read_chunks(path.read_bytes()) if chunk.kind in (b"iCCP", b"cICP")]
    deep.write_bytes(with_chunks(deep.read_bytes(), chunks))
    return deep


@pytest.mark.parametrize("space", ["srgb", "oklab"])
def test_twins_of_display_p3_get_one_palette(twins, space):
    reductions = [reduced(path, Settings(16, space=space)) for path in twins]
    assert {reduction.report.color_space for reduction in reductions} == {"sRGB Encoded P3-D65"}
    assert [reduction.report.colors_by for reduction in reductions] == [
        *("its ICC profile", "its cICP", "its colour space srgb_p3d65_scene")
    ]
    for reduction in reductions:
        by = reduction.report.colors_by
        assert f"taken for sRGB Encoded P3-D65, as {by} says" in reduction.notes
        assert f"stored   sRGB Encoded P3-D65, by {by}" in str(reduction.report)
    first, twin, named = [reduction.palette for reduction in reductions]
    assert first == twin
    # The EXR's colours in the PNG's 8 bits, whose rounding alone can be a CIEDE2000 of 0.8 near black.
    rounded = np.rint(named.values * 255).astype(np.uint8)
    assert set(map(tuple, rounded.tolist())) == set(map(tuple, first.values.tolist()))
    assert apart(reduced(deep_twin(twins[0]), Settings(16, space=space)).palette, named) <= 0.5
    plain = reduced(png(twins[0].with_name("plain.png"), read(twins[0]).texels), Settings(16, space=space))
    assert apart(first, plain.palette) > 2


def test_what_a_png_says_stands_in_the_result_as_well(twins, tmp_path):
    for path, kind in zip(twins, (b"iCCP", b"cICP")):
        target = reduced(path, Settings(8)).save(tmp_path / "small.png", overwrite=True)
        assert kind in {chunk.kind for chunk in read_chunks(target.read_bytes())}
        assert read(target).color_space == find_color_space("Display P3")
    target = reduced(twins[1], Settings(8), file_format="TIFF")
    assert "TIFF files cannot say that their colours are sRGB Encoded P3-D65" in target.notes


@pytest.mark.parametrize(
    ("chunks", "name", "by"),
    [
        ([Chunk(b"gAMA", (100_000).to_bytes(4, "big"))], REC709, "its gAMA"),
        ([Chunk(b"sRGB", b"\0"), Chunk(b"gAMA", (100_000).to_bytes(4, "big"))], SRGB.name, "its sRGB chunk"),
        ([CICP_P3, Chunk(b"sRGB", b"\0")], "sRGB Encoded P3-D65", "its cICP"),
        ([Chunk(b"cICP", bytes([12, 13, 9, 1])), Chunk(b"sRGB", b"\0")], SRGB.name, "its sRGB chunk"),
    ],
)
@pytest.mark.parametrize("depth", ["uint8", "uint16"])
def test_chunks_count_in_their_order(photo, tmp_path, chunks, name, by, depth):
    path = tmp_path / "wood.png"
    if depth == "uint8":
        png(path, photo[:20, :20], *chunks)
    else:
        write(path, photo[:20, :20].astype(np.uint16) * 257, "uint16")
        path.write_bytes(with_chunks(path.read_bytes(), chunks))
    image = read(path)
    assert (image.depth, image.color_space.name, image.colors.by) == (depth, name, by)
    assert any("cICP" in note for note in image.notes) == (
        by == "its sRGB chunk" and len(chunks[0].data) == 4
    )


def test_an_exr_says_it_by_chromaticities(photo, tmp_path):
    ap0 = (0.7347, 0.2653, 0.0, 1.0, 0.0001, -0.077, 0.32168, 0.33767)
    path = exr(tmp_path / "wood.exr", photo[:20, :20] / 255, chromaticities=("float[8]", ap0))
    image = read(path)
    assert (image.color_space.name, image.colors.by) == ("ACES2065-1", "its chromaticities")
    bad = exr(tmp_path / "bad.exr", photo[:20, :20] / 255, chromaticities=("float[8]", (0.3,) * 8))
    assert read(bad).color_space == LINEAR_SRGB
    assert any("chromaticities" in note for note in read(bad).notes)


def test_what_the_caller_says_comes_first(twins):
    for path in twins:
        told = reduced(path, Settings(4, color_space="ACEScg"))
        assert (told.report.color_space, told.report.colors_by) == ("ACEScg", "the settings")
        assert not any("taken for" in note for note in told.notes)
        assert reduced(path, Settings(4, linear=False)).report.color_space == SRGB.name


def test_the_rules_of_a_configuration_count_where_a_file_says_nothing(twins, photo, tmp_path, monkeypatch):
    config = tmp_path / "studio.ocio"
    config.write_text(
        """ocio_profile_version: 2
roles: {aces_interchange: ap0, default: ap0}
file_rules:
  - !<Rule> {name: plates, colorspace: show, pattern: "*plate*", extension: "*"}
  - !<Rule> {name: Default, colorspace: ap0}
displays: {d: [!<View> {name: v, colorspace: ap0}]}
colorspaces:
  - !<ColorSpace> {name: ap0}
  - !<ColorSpace> {name: show, to_scene_reference: !<ExponentTransform> {value: [2, 2, 2, 1]}}
"""
    )
    plate, other = (png(tmp_path / name, photo[:20, :20]) for name in ("plate.png", "other.png"))
    said = Settings(4, ocio=str(config))
    monkeypatch.setenv("OCIO", str(config))
    for settings in (said, Settings(4)):
        assert reduced(plate, settings).report.color_space == "show"
        assert reduced(other, settings).report.color_space == SRGB.name
        assert reduced(twins[0], settings).report.color_space == "sRGB Encoded P3-D65"
    assert Recipe(said).digest() != Recipe(Settings(4)).digest()
    before = Recipe(said).digest()
    config.write_text(config.read_text().replace("[2, 2, 2, 1]", "[3, 3, 3, 1]"))
    assert Recipe(said).digest() != before
    monkeypatch.setenv("OCIO", str(tmp_path / "missing.ocio"))
    assert any("its file rules are not heeded" in note for note in reduced(plate, Settings(4)).notes)
    with pytest.raises(InvalidArgumentError, match=r"missing\.ocio cannot be read"):
        reduced(plate, Settings(4, ocio=str(tmp_path / "missing.ocio")))


# --- palettes ---


def test_a_palette_file_keeps_the_colour_space(twins, tmp_path):
    palette = palette_for(twins[0], Recipe.of(colors=8))
    again = load_palette(save_palette(tmp_path / "p.json", palette))
    assert again.found.space == palette.found.space
    assert again == palette
    np.testing.assert_array_equal(again.values_in(palette.found.space), palette.values)


def test_a_palette_of_srgb_is_converted_on_the_way_in(twins):
    palette = Palette.from_hex(["#ff8000", "#336699", "#000000", "#ffffff"])
    reduction = reduced(twins[0], palette=palette)
    assert reduction.palette.to_hex() == palette.to_hex()
    np.testing.assert_allclose(reduction.palette.values[:2], [[239, 135, 51], [64, 101, 149]])


def test_locked_colours_are_what_a_display_shows(twins):
    reduction = reduced(twins[0], Settings(8, locked=("#ff8000",), recolored=(("#ff8000", "#00ff00"),)))
    assert reduction.palette.to_hex()[0] == "#00ff00"
    np.testing.assert_allclose(reduction.palette.values[0], [117, 251, 76], atol=1)


def test_colours_that_a_display_cannot_show_are_told(tmp_path):
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[:4] = 0, 255, 0
    reduction = reduced(png(tmp_path / "green.png", pixels, CICP_P3), Settings(2))
    assert any("1 of 2 palette colours are more saturated than sRGB" in note for note in reduction.notes)
    assert sorted(reduction.palette.to_hex()) == ["#000000", "#00ff00"]
    assert reduction.report.mse == 0


def test_counts_of_another_colour_space_share_no_palette(twins, photo, tmp_path):
    plain = png(tmp_path / "plain.png", photo[::3, ::3])
    counts = pickle.loads(pickle.dumps(count(twins[0]))) + Counts.of(read(plain))  # our own
    with pytest.raises(
        InvalidArgumentError,
        match=r"icc\.png holds sRGB Encoded P3-D65 and .*plain\.png holds sRGB .*; say what both hold",
    ):
        counts.content(Recipe())
    assert counts.content(Recipe.of(color_space="ACEScg")).space.color_space.name == "ACEScg"
    assert count(list(twins[:2])).content(Recipe()).space.color_space.name == "sRGB Encoded P3-D65"


def test_numbers_beyond_a_display_stay_finite_and_come_back(tmp_path):
    pixels = np.array([[[-0.5, 0.2, 0.1], [3.0, 0.0, 0.0]], [[0.0, 40.0, 2.0], [0.5, 0.5, 0.5]]])
    for name in ("ACES2065-1", "ACEScct", "Linear REDWideGamutRGB"):
        path = exr(tmp_path / "wide.exr", pixels)
        reduction = reduced(path, Settings(4, space="oklab", color_space=name))
        assert np.isfinite(reduction.texels).all()
        np.testing.assert_array_equal(reduction.texels, reduction.image.texels)


# --- what is wrong with input ---


@pytest.mark.parametrize(
    ("profile", "note"),
    [
        (P3_PROFILE[:300], "its colours count as if there were none"),
        (b"no profile at all", "its ICC profile is damaged; it was left out"),
        (made_profile({}, b"CMYK"), "its CMYK ICC profile is of another kind of image; it was left out"),
        (made_profile({}, b"GRAY"), "its GRAY ICC profile is of another kind of image; it was left out"),
    ],
)
@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg"])
def test_a_profile_that_says_nothing_is_told(photo, tmp_path, profile, note, suffix):
    path = tmp_path / f"wood{suffix}"
    Image.fromarray(photo[:20, :20]).save(path, icc_profile=profile)
    reduction = reduced(path, Settings(4))
    assert reduction.report.color_space == SRGB.name
    if not (suffix == ".png" and len(profile) < 128):  # too short for a chunk, which is damaged then
        assert any(note in each for each in reduction.notes)


def test_a_name_that_no_one_knows_is_refused_with_near_ones(twins):
    with pytest.raises(
        InvalidArgumentError,
        match="'ACESgc' is no colour space that is known here; the nearest names: ACEScg",
    ):
        Recipe.of(color_space="ACESgc")
    with pytest.raises(
        InvalidArgumentError,
        match="'ACESgc' is no colour space that is known here; the nearest names: ACEScg",
    ):
        reduced(twins[0], Settings(color_space="ACESgc"))
    with pytest.raises(InvalidArgumentError, match=r"linear and color_space \(ACEScg\) both say"):
        Settings(linear=True, color_space="ACEScg")


def test_raw_holds_no_colours(twins):
    assert reduced(twins[0], Settings(4, color_space="Raw")).report.kind == "data"
    with pytest.raises(
        InvalidArgumentError, match="the colour space Raw holds no colours; name one that does"
    ):
        reduced(twins[0], Settings(4, color_space="Raw", kind="color"))


def test_names_of_files_tell_the_colour_space():
    tags = [
        Settings(color_space=name).tag()
        for name in ("ACEScg", "sRGB", "Utility - Linear - Rec.709 - and a long name", "\u8272\u5f69")
    ]
    assert tags[:2] == ["k16.csacescg", "k16.cssrgb"]
    assert len(set(tags)) == 4
    assert all(re.fullmatch(r"[a-z0-9.]+", tag) and len(tag) < 40 for tag in tags)
