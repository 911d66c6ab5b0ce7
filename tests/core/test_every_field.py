"""Every field of a recipe at every depth and in every form: it works, or it is refused by its name."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from fields_tried import DEPTHS, OTHER_VALUES, choices, recipe_of, save, sources, write_pictures
from hypothesis import HealthCheck, given, settings
from PIL import Image
from ways import reduced

from rgbcloud import (
    FIELDS,
    Goal,
    Output,
    RgbcloudError,
    Settings,
    Texture,
    read,
    reduce,
    reduce_texture,
)
from rgbcloud.color import find_color_space
from rgbcloud.color.spaces import linear_to_srgb
from rgbcloud.counting import resample, take_alpha
from rgbcloud.counting.kind import asked_color_space
from rgbcloud.images import FORMATS
from rgbcloud.textures import psnr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_pictures(tmp_path_factory.mktemp("pictures"))


def test_every_field_is_tried():
    assert set(OTHER_VALUES) == {field.name for field in FIELDS}


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
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
    before = resample(take_alpha(before, recipe.settings), recipe.settings)
    after = after.with_alpha_as(opacity=before.alpha_is_opacity)
    times = recipe.settings.enlarge
    small = after.texels[::times, ::times]
    np.testing.assert_array_equal(after.texels, small.repeat(times, axis=0).repeat(times, axis=1))
    after = replace(after, texels=small)
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
    if report.colors_by.startswith("a file rule of"):  # where nothing else says it
        assert recipe.settings.ocio
        space = find_color_space(report.color_space, recipe.settings.ocio)
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
@pytest.mark.parametrize("name", sorted(set(OTHER_VALUES) - {"seed", "effort", "skip_larger"}))
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
            "frames": True,  # there is but one
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
