"""Every field of a recipe at every depth and in every form: it works, or it is refused by its name."""

from __future__ import annotations

import io

import numpy as np
import pytest
from deep_files import write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from ways import reduced

from rgbcloud import (
    FIELDS,
    Goal,
    Output,
    Recipe,
    RgbcloudError,
    Settings,
    Texture,
    read,
    reduce,
    reduce_texture,
)
from rgbcloud.color.spaces import linear_to_srgb
from rgbcloud.counting import take_alpha
from rgbcloud.counting.kind import asked_color_space
from rgbcloud.images import FORMATS
from rgbcloud.textures import psnr

DEPTHS = {"uint8": ".png", "uint16": ".png", "float16": ".exr", "float32": ".exr"}
KINDS = {"uint16": "uint16", "float16": "half", "float32": "float"}


def levels(alpha, size=24):
    """A small picture in sRGB, 0 … 1: two ramps, some noise, and flat parts."""
    random = np.random.default_rng(20261128)
    across, down = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size))
    picture = np.stack([across, down, random.random((size, size)) * across], axis=2)
    picture[:6, :6] = 0.25, 0.5, 0.75
    if not alpha:
        return picture
    opacity = np.where(across + down < 0.4, 0, np.where(across > 0.7, 0.5, 1))
    return np.dstack([picture, opacity])


def save(path, picture, depth, *, broken=False):
    """Write a picture in a depth, and with alpha who painted it.

    The numbers of floating-point files are taken for light as they are.
    """
    has_alpha = picture.shape[2] == 4
    artist = "a painter" * has_alpha
    if depth == "uint8":
        options = {"dpi": (300, 300)} if has_alpha else {}
        Image.fromarray(np.rint(picture * 255).astype(np.uint8)).save(path, **options)
        return path
    if depth == "uint16":
        return write(path, np.rint(picture * 65535).astype(np.uint16), "uint16", artist=artist)
    if has_alpha:  # OpenEXR stores colours multiplied with alpha
        picture = np.dstack([picture[..., :3] * picture[..., 3:], picture[..., 3]])
    if broken:
        picture[0, 0, 0] = np.nan
    names = ("R", "G", "B", "A")[: picture.shape[2]]
    return write(path, picture.astype(depth), KINDS[depth], names, artist)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One picture in every depth, with and without alpha; a mask in three depths; two tiles of each depth."""
    made = tmp_path_factory.mktemp("pictures")
    for depth, suffix in DEPTHS.items():
        for alpha in (False, True):
            save(made / f"{depth}{'-alpha' * alpha}{suffix}", levels(alpha), depth, broken=True)
        for tile in (1001, 1002):
            save(made / f"{depth}.{tile}{suffix}", levels(False) / (tile - 1000), depth)
        mask = np.zeros((24, 24, 3))
        mask[4:] = 1
        save(made / f"mask-{depth}{suffix}", mask, depth)
    Image.fromarray(np.arange(27, dtype=np.uint8).reshape(3, 3, 3) * 9).save(made / "palette.png")
    return made


OTHER_VALUES = {
    "colors": [1, 3, 200],
    "seed": [5],
    "effort": ["best"],
    "locked": [("#ff8000",), ("#ff8000", "#000000")],
    "weight_power": [0.3],
    "space": ["linear", "oklab", "cielab"],
    "kind": ["color", "data", "normal", "labels"],
    "alpha": ["opacity", "channel"],
    "linear": [True, False],
    "color_space": ["ACEScg", "Display P3", "ARRI LogC4", "Raw", "linear_srgb"],
    "ocio": ["ocio://cg-config-latest"],
    "recolored": [(("#4080bf", "#00ff00"),)],
    "dither": ["floyd-steinberg", "bayer", "blue-noise"],
    "dither_strength": [0.5],
    "serpentine": [True],
    "indexed": [False],
    "squeeze": [True],
    "strip": [True],
    "skip_larger": [True],
    "palette": ["palette.png"],
    "like": ["palette.png"],
    "mask": ["mask-uint8.png", "mask-uint16.png", "mask-float16.exr"],
    "psnr": [20.0, 30.0],
    "delta_e": [8.0],
    "max_bytes": [700, 4000],
    "knee": [True],
}
"""For every field values that are not its default."""


def test_every_field_is_tried():
    assert set(OTHER_VALUES) == {field.name for field in FIELDS}


def recipe_of(folder, values):
    files = {name: str(folder / values[name]) for name in ("palette", "like", "mask") if name in values}
    return Recipe.of(**{**values, **files})


sources = st.tuples(st.sampled_from(sorted(DEPTHS)), st.booleans(), st.booleans())
choices = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in OTHER_VALUES.items()}
).filter(lambda values: len(values) <= 4)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(source=sources, values=choices)
def test_any_fields_together_keep_every_promise(folder, source, values):
    depth, alpha, in_a_set = source
    suffix = DEPTHS[depth]
    try:
        recipe = recipe_of(folder, values)
        if in_a_set:
            texture = Texture.find(folder / f"{depth}.<UDIM>{suffix}")
            output = Output(folder / "out", suffix, overwrite=True)
            found = reduce_texture(texture, recipe, output)
            files = [(member.member.path, member.target, member.report) for member in found.members]
            palette, used = found.palette, found.recipe
        else:
            path = folder / f"{depth}{'-alpha' * alpha}{suffix}"
            result = reduce(path, recipe, file_format=FORMATS[suffix])
            target = result.save(folder / f"result{suffix}", overwrite=True)
            files, palette, used = [(path, target, result.report)], result.palette, recipe
    except RgbcloudError as error:
        told = str(error)
    else:
        told = ""
    if told:
        assert told.strip() == told
        assert "\n" not in told
        return
    assert len(palette) <= used.settings.colors or recipe.goal
    for path, target, report in files:
        assert_kept(read(path), read(target), palette, report, recipe)
    if recipe.goal is not None:
        assert_reached(recipe.goal, [report for _, _, report in files])


def assert_kept(before, after, palette, report, recipe):
    """The file's colours are the palette's, its alpha is the source's, and the report tells its error."""
    before = take_alpha(before, recipe.settings)
    after = after.with_alpha_as(opacity=before.alpha_is_opacity)
    assert before.depth == after.depth
    if before.alpha is None:
        assert after.alpha is None or (after.alpha == after.alpha.max()).all()
    else:
        np.testing.assert_array_equal(before.alpha, after.alpha)
    visible = np.ones(before.texels.shape[:2], bool) if before.visible is None else before.visible
    rounding = 2e-3 if before.depth.startswith("float") and before.alpha is not None else 0
    got = after.values[visible].astype(float)
    apart = np.abs(got[:, np.newaxis] - palette.values.astype(float)).max(axis=2).min(axis=1)
    assert (apart <= rounding * np.maximum(np.abs(got).max(axis=1), 1)).all()
    hidden = [np.nan_to_num(image.values[~visible].astype(float)) for image in (before, after)]
    np.testing.assert_array_equal(*hidden)
    if recipe.mask or before.alpha is not None or report.kind != "color":
        return
    space = asked_color_space(recipe.settings) or before.color_space
    one, other = (levels_of(image.values[visible], space) for image in (before, after))
    assert report.mse == pytest.approx(((one - other) ** 2).sum(axis=1).mean(), abs=1e-6, rel=1e-5)


def levels_of(values, space):
    """Return stored colours in levels of sRGB, not rounded; light above 1 counts as 1 + its logarithm."""
    light = space.to_linear_srgb(values)
    bright = np.abs(light) > 1
    light[bright] = np.copysign(1 + np.log(np.abs(light[bright])), light[bright])
    return linear_to_srgb(light) * 255


def assert_reached(goal, reports):
    texels = np.array([report.width * report.height for report in reports])
    if goal.psnr is not None:
        mse = np.average([report.mse for report in reports], weights=texels)
        assert psnr(mse) >= goal.psnr - 0.1
    if goal.delta_e is not None:
        assert np.average([report.delta_e for report in reports], weights=texels) <= goal.delta_e + 0.05
    if goal.max_bytes is not None:
        assert all(report.bytes_after <= goal.max_bytes for report in reports)


BESIDE = {
    "dither_strength": {"dither": "floyd-steinberg"},
    "serpentine": {"dither": "floyd-steinberg"},
    "recolored": {"colors": 3, "locked": ("#4080bf",)},
    "ocio": {"color_space": "scene_linear"},  # a role, which is ACEScg there
}
"""What a field needs beside it to mean anything."""


@pytest.mark.parametrize("depth", sorted(DEPTHS))
@pytest.mark.parametrize("name", sorted(set(OTHER_VALUES) - {"seed", "effort"}))
def test_no_field_is_ignored(folder, depth, name):
    """Another value gives another file, or is refused by name."""
    path = folder / f"{depth}{'-alpha' * (name in ('alpha', 'strip'))}{DEPTHS[depth]}"
    beside = {"colors": 6, **BESIDE.get(name, {})}
    if name in ("psnr", "delta_e", "max_bytes", "knee", "palette", "colors"):
        del beside["colors"]
    plain = reduce(path, recipe_of(folder, beside))
    for value in OTHER_VALUES[name]:
        try:
            other = reduce(path, recipe_of(folder, {**beside, name: value}))
        except RgbcloudError as error:
            told = str(error)
            assert name.replace("recolored", "palette") in told or "colours" in told, told
            continue
        defaults = {
            "linear": value == depth.startswith("float"),
            "color_space": value == ("linear_srgb" if depth.startswith("float") else "Raw"),
            "kind": value == "color"
            or (value == "data" and depth.startswith("uint")),  # whose distances agree
            "alpha": value == "opacity",
            "indexed": depth != "uint8",  # there are no deeper files with indices
        }
        is_default = defaults.get(name, False)
        same = other.data == plain.data and other.palette.to_hex() == plain.palette.to_hex()
        assert same == is_default, (name, value)


@pytest.mark.parametrize("depth", sorted(DEPTHS))
def test_a_larger_result_is_told_at_every_depth(tmp_path, depth):
    path = tmp_path / f"noise{DEPTHS[depth]}"
    save(path, np.full((4, 4, 3), 0.5), depth)
    path.write_bytes(path.read_bytes())
    result = reduced(path, Settings(200))
    report = result.report
    told = any("larger than the source" in note for note in result.notes)
    assert told == (report.bytes_after > report.bytes_before)


def test_a_mask_and_a_file_size_go_together(tmp_path):
    """Noise, half of it masked: this read memory that was never written."""
    random = np.random.default_rng(3)
    Image.fromarray(random.integers(0, 256, (512, 512, 3), dtype=np.uint8)).save(tmp_path / "a.png")
    mask = np.zeros((512, 512), np.uint8)
    mask[:, 256:] = 255
    Image.fromarray(mask).save(tmp_path / "m.png")
    goal = Goal(max_bytes=60_000)
    result = reduced(tmp_path / "a.png", goal=goal, mask=tmp_path / "m.png")
    assert len(result.data) <= 60_000
    with Image.open(io.BytesIO(result.data)) as written:
        np.testing.assert_array_equal(np.asarray(written.convert("RGB")), result.texels)


@pytest.mark.parametrize(
    ("goal", "dither"),
    [(Goal(psnr=28), "blue-noise"), (Goal(delta_e=5), "floyd-steinberg"), (Goal(psnr=26), "bayer")],
)
def test_a_goal_is_measured_on_what_is_written(photo, tmp_path, goal, dither):
    Image.fromarray(photo[:160, :200]).save(tmp_path / "wood.png")
    report = reduced(tmp_path / "wood.png", Settings(dither=dither), goal=goal).report
    assert_reached(goal, [report])


@pytest.mark.parametrize("values", [{"palette": "palette.png", "locked": ("#ff0000",)}, {"serpentine": True}])
def test_what_says_nothing_beside_another_is_refused_by_name(folder, values):
    with pytest.raises(RgbcloudError, match=r"leave out locked|serpentine is how floyd-steinberg goes"):
        recipe_of(folder, values)
