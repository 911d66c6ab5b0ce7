from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from ways import reduced

from rgbcloud import ColorHistogram, Recipe, Settings, load_palette, palette_for, save_palette
from rgbcloud.clustering import clustering_of
from rgbcloud.color import LINEAR_SRGB, SRGB, DistanceSpace, find_color_space
from rgbcloud.counting import Origin, content_of, guess_kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("wood.jpg", "color"),
        ("/textures/normal/wood.jpg", "color"),  # of the file only
        ("abnormal_idea.png", "color"),
        ("rock_normal.png", "normal"),
        ("rock_Normal.1001.exr", "normal"),
        ("rockNormalMap.tif", "normal"),
        ("T_Rock_N.tga", "normal"),
        ("C:\\maps\\rock_nrm.png", "normal"),
        ("hero_ID.png", "labels"),
        ("hero-mask.0007.tif", "labels"),
        ("hero_mask_roughness.png", "data"),  # the last word counts
        ("hero_rough.png", "data"),
        ("hero_disp.exr", "data"),
        ("hero_baseColor.png", "color"),
    ],
)
def test_names_are_read_as_painters_write_them(name, kind):
    assert guess_kind(name) == kind


@pytest.mark.parametrize(
    ("color_space", "kind"),
    [
        ("sRGB", "color"),
        ("Raw", "data"),
        ("Utility - Raw", "data"),
        ("Non-Color", "data"),
        ("ACEScg", "color"),
    ],
)
def test_a_colour_space_speaks_where_the_name_does_not(color_space, kind):
    assert guess_kind("wood.exr", color_space) == kind
    assert guess_kind("wood_normal.exr", color_space) == "normal"


@pytest.mark.parametrize(
    ("file", "color_space", "heeded"),
    [
        ("wood.png", "sRGB", {}),
        ("wood.png", "", {}),
        ("wood.png", "Linear Rec.709 (sRGB)", {"colors": "Linear Rec.709 (sRGB)"}),
        ("wood.png", "Raw", {"kind": "data"}),
        ("wood_n.png", "Raw", {}),  # its name says what it is
        ("wood.exr", "Raw", {}),  # Maya's default rule for all such files
        ("wood.tx", "Raw", {}),
        ("wood.exr", "scene-linear Rec.709-sRGB", {}),
        ("wood.exr", "ACEScg", {"colors": "ACEScg"}),
        ("wood.exr", "sRGB", {"colors": "sRGB"}),
        ("wood.tx", "ACEScg", {"colors": "ACEScg"}),  # this one holds 8 bits
        ("wood.png", "my studio space", {"unknown": True}),
    ],
)
def test_a_hosts_colour_space_tells_what_settings_leave_open(file, color_space, heeded):
    histogram = ColorHistogram(np.array([[0, 0, 255], [128, 128, 255]], np.uint8), [1, 99])
    origin = Origin(file, LINEAR_SRGB if file.endswith("exr") else None, "itself", color_space)
    content = content_of(histogram, Settings(7), origin)
    by_name = {"wood_n.png": "normal"}.get(file, "color")
    assert content.kind == heeded.get("kind", by_name)
    expected = find_color_space(heeded["colors"]) if "colors" in heeded else origin.color_space or SRGB
    assert content.space.color_space == expected
    assert sum(color_space in note for note in content.notes if color_space) == len(heeded)
    told = content_of(histogram, Settings(7, kind="color", linear=False), origin)
    assert (told.kind, told.space.color_space, told.notes) == ("color", SRGB, ())


@pytest.fixture
def normals(tmp_path, rng):
    """A bumpy normal map."""
    vectors = rng.normal([0, 0, 1], 0.3, size=(48, 48, 3))
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    path = tmp_path / "rock_normal.png"
    Image.fromarray(np.rint((vectors + 1) / 2 * 255).astype(np.uint8)).save(path)
    return path


def test_a_normal_map_is_told_and_measured_in_degrees(normals):
    reduction = reduced(normals, Settings(16))
    assert reduction.report.kind == "normal"
    assert "taken for a normal map, from its name; set the kind to color if not" in reduction.notes
    before, after = (
        pixels.astype(float) / 127.5 - 1 for pixels in (reduction.image.texels, reduction.texels)
    )
    cosine = (before * after).sum(axis=2) / np.linalg.norm(before, axis=2) / np.linalg.norm(after, axis=2)
    angles = np.degrees(np.arccos(cosine.clip(-1, 1)))
    assert reduction.report.angle == pytest.approx(angles.mean(), abs=1e-3)
    assert reduction.report.angle_95 == pytest.approx(np.percentile(angles, 95), abs=0.1)
    assert reduction.report.delta_e is None
    assert f"angle    {reduction.report.angle:.2f} degrees" in str(reduction.report)
    plain = reduced(normals, Settings(16, kind="color"))
    assert plain.notes == ()
    assert plain.report.angle is None


def test_a_name_that_the_content_speaks_against_is_not_followed(tmp_path, photo):
    path = tmp_path / "road_to_n.png"
    Image.fromarray(photo).save(path)
    reduction = reduced(path, Settings(8))
    assert reduction.report.kind == "color"
    assert any("no unit vectors: taken for colours" in note for note in reduction.notes)
    assert reduced(path, Settings(8, kind="normal")).report.kind == "normal"


def test_what_looks_like_an_id_map_is_told_of_and_how_to_keep_its_ids(tmp_path, rng):
    """Eight ids with soft edges, some of which are rare."""
    ids = rng.integers(0, 256, (8, 3), dtype=np.uint8)
    picture = ids[np.arange(64) // 9].repeat(64, axis=0).reshape(64, 64, 3)
    picture[:, -1] = rng.integers(0, 256, (64, 3))
    path = tmp_path / "hero.png"
    Image.fromarray(picture).save(path)
    notes = reduced(path, Settings(3)).notes
    assert any(
        "set the kind to labels and as many colours (8), which keeps these exactly" in n for n in notes
    )
    assert not any("ID map" in note for note in reduced(path, Settings(3, kind="color")).notes)
    kept = reduced(path, Settings(8, kind="labels"))
    assert {tuple(color) for color in kept.palette.colors.tolist()} == {
        tuple(color) for color in ids.tolist()
    }


def test_a_photograph_is_not_taken_for_an_id_map(tmp_path, photo):
    path = tmp_path / "wood.png"
    Image.fromarray(photo).save(path)
    assert reduced(path, Settings(7)).notes == ()


@pytest.fixture
def labels(tmp_path):
    """An ID map: four flat labels and a few texels of antialiasing between them."""
    pixels = np.zeros((32, 32, 3), np.uint8)
    pixels[:16, 16:] = 10, 200, 30
    pixels[16:, :16] = 10, 201, 30
    pixels[16:, 16:] = 250, 1, 77
    pixels[16, 10:20] = 130, 100, 50
    path = tmp_path / "hero_id.png"
    Image.fromarray(pixels).save(path)
    return path


def test_labels_come_out_as_the_numbers_that_went_in(labels):
    reduction = reduced(labels, Settings(4))
    assert reduction.report.kind == "labels"
    assert any("taken for exact labels, from its name" in note for note in reduction.notes)
    source = reduction.image.texels
    assert set(reduction.palette.to_hex()) == {"#000000", "#0ac81e", "#0ac91e", "#fa014d"}
    kept = ~(source == [130, 100, 50]).all(axis=2)
    np.testing.assert_array_equal(reduction.texels[kept], source[kept])
    means = reduced(labels, Settings(3, kind="color"))
    assert not set(means.palette.to_hex()) <= {"#000000", "#0ac81e", "#0ac91e", "#fa014d", "#826432"}


def test_a_soft_mask_is_no_set_of_labels(tmp_path):
    path = tmp_path / "soft_mask.png"
    Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16)).save(path)
    reduction = reduced(path, Settings(16))
    assert reduction.report.kind == "data"
    assert any("16 do not cover it: taken for plain data" in note for note in reduction.notes)


def test_frequent_labels_are_ordered_by_frequency_then_colour():
    colors = np.array([[9, 0, 0], [1, 0, 0], [5, 0, 0]], np.uint8)
    histogram = ColorHistogram(colors, [2, 2, 7])
    found = clustering_of(histogram, Settings(2), DistanceSpace(kind="data"), "labels")
    assert found.palette.to_hex() == ["#050000", "#010000"]


def test_data_are_clustered_as_the_numbers_they_are(tmp_path, photo):
    path = tmp_path / "wood_rough.png"
    Image.fromarray(photo[..., 1]).save(path)
    data = reduced(path, Settings(8))
    plain = reduced(path, Settings(8, kind="color"))
    assert data.report.kind == "data"
    assert data.palette == plain.palette
    assert data.report.delta_e is None
    assert reduced(path, Settings(8, space="oklab")).report.kind == "color"  # whoever asks for it says so


def test_a_shared_palette_of_labels_is_exact_too(labels):
    assert palette_for([labels, labels], Recipe(Settings(2, kind="labels"))).to_hex() == [
        "#000000",
        "#0ac81e",
    ]


def test_nothing_visible_has_no_meaning(tmp_path):
    assert guess_kind("") == "color"
    path = tmp_path / "x_mask.png"
    pixels = np.full((4, 4, 4), 255, np.uint8)
    pixels[0, :, 3] = 0
    Image.fromarray(pixels).save(path)
    assert reduced(path, Settings(2)).report.kind == "labels"


def test_locked_labels_come_first(labels):
    palette = reduced(labels, Settings(3, kind="labels", locked=("#00ffff", "#fa014d"))).palette
    assert palette.to_hex() == ["#00ffff", "#fa014d", "#000000"]


def test_what_a_shared_palette_was_found_for_holds_for_every_image(normals, tmp_path):
    """Each image alone would be taken for something else, by its name."""
    tile = tmp_path / "tile.png"
    tile.write_bytes(normals.read_bytes())
    palette = palette_for([normals], Recipe(Settings(6)))
    report = reduced(tile, palette=palette).report
    assert report.kind == "normal"
    assert report.mse == reduced(normals, Settings(6)).report.mse
    assert reduced(tile, Settings(6)).report.kind == "color"


def test_a_shared_palette_goes_through_its_file_as_it_is(normals, tmp_path):
    palette = palette_for([normals], Recipe(Settings(6)))
    save_palette(tmp_path / "shared.json", palette)
    again = load_palette(tmp_path / "shared.json")
    assert again == palette
    assert again.found.space == palette.found.space
    assert reduced(normals, palette=again).data == reduced(normals, palette=palette).data
