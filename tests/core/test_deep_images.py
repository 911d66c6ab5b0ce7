"""Images of more than 8 bits a channel, made by OpenImageIO and Pillow, read back by them."""

from __future__ import annotations

import sys

import numpy as np
import OpenEXR
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
import pytest
from PIL import Image
from ways import reduced, reduced_file

from rgbcloud import (
    ImageReadError,
    ImageWriteError,
    InvalidArgumentError,
    MissingDependencyError,
    Palette,
    Settings,
)
from rgbcloud import read as read_image
from rgbcloud.color import LINEAR_SRGB, SRGB


def write(path, pixels, kind, *, names=None, formats=(), attributes=(), extra=()):
    """Write one subimage, and more of them in `extra`, with OpenImageIO."""
    height, width = pixels.shape[:2]
    specs, blocks = [], [pixels, *extra]
    for number, block in enumerate(blocks):
        spec = oiio.ImageSpec(width, height, block.shape[2], kind)
        if block is pixels:
            if names:
                spec.channelnames = names
            if formats:
                spec.channelformats = tuple(oiio.TypeDesc(name) for name in formats)
        if extra:
            spec.attribute("name", f"part {number}")  # which OpenEXR asks for
        for name, value in attributes:
            spec.attribute(name, value)
        specs.append(spec)
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), specs[0] if len(specs) == 1 else tuple(specs)), output.geterror()
    for number, (spec, block) in enumerate(zip(specs, blocks)):
        if number:
            assert output.open(str(path), spec, "AppendSubimage"), output.geterror()
        assert output.write_image(block), output.geterror()
    output.close()
    return path


def read(path, kind, subimage=0):
    config = oiio.ImageSpec()
    config.attribute("oiio:UnassociatedAlpha", 1)
    source = oiio.ImageInput.open(str(path), config)
    assert source, oiio.geterror()
    assert source.seek_subimage(subimage, 0)
    spec = oiio.ImageSpec(source.spec())
    pixels = np.array(source.read_image(subimage, 0, 0, spec.nchannels, kind))
    source.close()
    return pixels, spec


def distinct(pixels):
    return len(np.unique(pixels.reshape(-1, pixels.shape[-1]), axis=0))


@pytest.fixture
def light(rng):
    """A picture in linear light, 48 x 64, some of it brighter than white."""
    ramp = np.broadcast_to(np.linspace(0.01, 1, 64), (48, 64))
    return np.stack([ramp, rng.uniform(0, 0.5, (48, 64)), 3 * ramp**2], axis=2).astype(np.float16)


# --- in and out ---


@pytest.mark.parametrize(
    ("suffix", "kind", "dtype"),
    [
        (".exr", "half", np.float16),
        (".exr", "float", np.float32),
        (".tif", "float", np.float32),
        (".tif", "uint16", np.uint16),
        (".png", "uint16", np.uint16),
        (".hdr", "float", np.float32),
        (".tx", "float", np.float32),
        (".tx", "uint8", np.uint8),
    ],
)
def test_the_result_is_of_the_same_type_and_depth(tmp_path, light, suffix, kind, dtype):
    pixels = light.astype(dtype)
    if np.issubdtype(dtype, np.integer):
        pixels = (light.astype(float).clip(0, 1) * np.iinfo(dtype).max).astype(dtype)
    path = tmp_path / f"wood{suffix}"
    if suffix == ".tx":
        buffer = oiio.ImageBuf(str(write(tmp_path / "wood.tif", pixels, kind)))
        config = oiio.ImageSpec()
        config.set_format(oiio.TypeDesc(kind))
        assert oiio.ImageBufAlgo.make_texture(oiio.MakeTxTexture, buffer, str(path), config)
    else:
        write(path, pixels, kind)
    reduction = reduced_file(path, path.with_name(f"wood.k6{suffix}"), settings=Settings(6, kind="color"))
    result, spec = read(tmp_path / f"wood.k6{suffix}", kind)
    assert str(spec.format) == kind
    assert reduction.palette.values.dtype == dtype
    assert distinct(result) == len(reduction.palette.values) == 6
    if suffix != ".hdr":  # whose pixels share an exponent
        expected = reduction.palette.values[reduction.indices]
        np.testing.assert_array_equal(result, expected)
    if suffix == ".tx":
        assert spec.tile_width > 0
        source = oiio.ImageInput.open(str(tmp_path / "wood.k6.tx"))
        assert source.seek_subimage(0, 1)
        source.close()


def test_by_default_the_result_is_named_like_its_source(tmp_path, light):
    path = write(tmp_path / "wood.exr", light, "half")
    before = path.read_bytes()
    reduced_file(path, settings=Settings(4))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["wood.exr", "wood.k4.exr"]
    assert path.read_bytes() == before


def test_what_is_not_reduced_comes_through_bit_by_bit(tmp_path, light, rng):
    height, width = light.shape[:2]
    others = rng.uniform(-1, 1, (height, width, 2))
    alpha = rng.uniform(0.2, 1, (height, width, 1))
    pixels = np.dstack([light * alpha, alpha, others]).astype(np.float64)
    second = rng.uniform(0, 9, (height, width, 4)).astype(np.float32)
    path = write(
        tmp_path / "beauty.exr",
        pixels,
        "half",
        names=("R", "G", "B", "A", "Z", "diffuse.R"),
        formats=("half", "half", "half", "half", "float", "half"),
        attributes=[("studio:note", "from the set"), ("compression", "zip")],
        extra=[second],
    )
    reduced_file(path, tmp_path / "out.exr", settings=Settings(5))
    before, spec = read(path, "float")
    after, kept = read(tmp_path / "out.exr", "float")
    assert [str(kind) for kind in kept.channelformats] == [str(kind) for kind in spec.channelformats]
    assert kept.channelnames == spec.channelnames
    for channel, name in enumerate(spec.channelnames):
        same = np.array_equal(after[..., channel], before[..., channel])
        assert same == (name not in ("R", "G", "B")), name
    assert {(item.name, str(item.value)) for item in spec.extra_attribs} == {
        (item.name, str(item.value)) for item in kept.extra_attribs
    }
    assert kept.get_string_attribute("studio:note") == "from the set"
    np.testing.assert_array_equal(read(tmp_path / "out.exr", "half", 1)[0], read(path, "half", 1)[0])


@pytest.mark.parametrize("compression", ["NO", "RLE", "ZIPS", "ZIP", "PIZ", "PXR24", "B44", "DWAA"])
@pytest.mark.parametrize("parts", [1, 2])
def test_integers_beside_half_floats_come_through_bit_by_bit(tmp_path, light, rng, compression, parts):
    """Written and read by OpenEXR itself: OpenImageIO rounds such integers to 24 bits."""
    height, width = light.shape[:2]
    kept = {
        "A": np.ones((height, width), np.float16),
        "Z": rng.uniform(-9, 9, (height, width)).astype(np.float16),
        "id": rng.integers(0, 2**32, (height, width), dtype=np.uint32),
        "crypto.id": rng.integers(0, 2**32, (height, width), dtype=np.uint32),
    }
    colors = {name: np.ascontiguousarray(light[..., place]) for place, name in enumerate("RGB")}
    sources = [{**colors, **kept}, kept][:parts]
    head = {"compression": getattr(OpenEXR, f"{compression}_COMPRESSION"), "type": OpenEXR.scanlineimage}
    OpenEXR.File(
        [
            OpenEXR.Part({**head, "name": f"part {number}"}, dict(source))
            for number, source in enumerate(sources)
        ]
    ).write(str(tmp_path / "beauty.exr"))
    reduced_file(tmp_path / "beauty.exr", tmp_path / "out.exr", settings=Settings(5))
    before, after = (
        OpenEXR.File(str(tmp_path / name), separate_channels=True).parts for name in ("beauty.exr", "out.exr")
    )
    assert len(before) == len(after) == parts
    for number in range(parts):
        assert set(after[number].channels) == set(sources[number])
        for name in kept:
            found = after[number].channels[name].pixels
            assert found.dtype == kept[name].dtype
            if compression not in ("B44", "DWAA") or name not in ("A", "Z"):  # which lose bits of halves
                np.testing.assert_array_equal(found, before[number].channels[name].pixels)
        assert set(after[number].header) >= set(before[number].header)
        assert not after[number].header.get("capDate")  # nobody knows when it was taken
    assert not np.array_equal(after[0].channels["R"].pixels, before[0].channels["R"].pixels)
    np.testing.assert_array_equal(after[0].channels["id"].pixels, kept["id"])


def test_integers_beside_floats_go_into_no_other_format(tmp_path, light):
    channels = {name: light[..., place].astype(np.float32) for place, name in enumerate("RGB")}
    channels["id"] = np.zeros(light.shape[:2], np.uint32)
    OpenEXR.File({"type": OpenEXR.scanlineimage}, channels).write(str(tmp_path / "a.exr"))
    sentence = r"a\.exr holds integers beside floating-point numbers \(id\), as only \.exr files can"
    with pytest.raises(ImageWriteError, match=sentence):
        reduced_file(tmp_path / "a.exr", tmp_path / "out.tif", settings=Settings(5))


def test_few_colours_are_the_file_as_it_was(tmp_path, rng):
    colors = rng.uniform(0, 5, (7, 3)).astype(np.float32)
    pixels = colors[rng.integers(0, 7, (20, 20))]
    path = write(tmp_path / "flags.exr", pixels, "float")
    reduction = reduced_file(path, tmp_path / "out.exr", settings=Settings(8, kind="color"))
    np.testing.assert_array_equal(read(tmp_path / "out.exr", "float")[0], pixels)
    assert reduction.report.mse == 0
    assert reduction.report.colors_before == 7


def test_a_png_of_pillow_with_16_bit_grey(tmp_path):
    levels = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) * 16
    path = tmp_path / "grey.png"
    Image.fromarray(levels).save(path)
    reduced_file(path, tmp_path / "out.png", settings=Settings(16))
    result = np.asarray(Image.open(tmp_path / "out.png"))
    assert result.dtype == np.uint16
    assert len(np.unique(result)) == 16
    assert np.abs(result.astype(int) - levels).max() < 65536 / 16


def test_straight_alpha_stays_and_transparent_texels_too(tmp_path, rng):
    pixels = rng.integers(0, 65536, (16, 16, 4)).astype(np.uint16)
    pixels[:4, :, 3] = 0
    path = write(tmp_path / "a.png", pixels, "uint16", attributes=[("oiio:UnassociatedAlpha", 1)])
    reduced_file(path, tmp_path / "out.png", settings=Settings(3))
    result, _ = read(tmp_path / "out.png", "uint16")
    np.testing.assert_array_equal(result[..., 3], pixels[..., 3])
    np.testing.assert_array_equal(result[:4], pixels[:4])
    assert distinct(result[4:, :, :3]) == 3


# --- precision and range ---


def test_a_16_bit_gradient_of_two_levels_does_not_band(tmp_path):
    """512 codes are 2 levels of 8 bits: 64 colours tell them apart, 8 bits would make 3 of them."""
    ramp = np.broadcast_to(30_000 + np.arange(512, dtype=np.uint16), (8, 512))
    path = write(tmp_path / "sky.tif", np.dstack([ramp] * 3), "uint16")
    for space in ("srgb", "oklab"):
        reduction = reduced_file(
            path, tmp_path / "out.tif", settings=Settings(64, space=space), overwrite=True
        )
        result, _ = read(tmp_path / "out.tif", "uint16")
        assert len(np.unique(result[..., 0])) == len(reduction.palette.values) == 64
        assert np.abs(result[..., 0].astype(int) - ramp).max() <= 8
    assert len(np.unique(ramp >> 8)) == 3


@pytest.mark.parametrize("space", ["srgb", "linear", "oklab", "cielab"])
def test_one_bright_pixel_does_not_take_the_palette(tmp_path, rng, space):
    pixels = rng.uniform(0, 1, (200, 200, 3)).astype(np.float32)
    plain = write(tmp_path / "plain.exr", pixels, "float")
    pixels[5, 7] = 30_000
    sunny = write(tmp_path / "sunny.exr", pixels, "float")
    settings = Settings(8, space=space)
    found = [reduced(path, settings) for path in (plain, sunny)]
    assert (found[1].palette.values < 2).all()
    # what the bright pixel costs is its own error, not that of the others
    assert found[1].report.delta_e < found[0].report.delta_e * 1.05


def test_nan_and_infinity_do_no_harm_and_are_told(tmp_path, light):
    pixels = light.astype(np.float32)
    pixels[3, 4, 1], pixels[10, 10, 0], pixels[11, 20, 2] = np.nan, np.inf, -np.inf
    path = write(tmp_path / "broken.exr", pixels, "float")
    for settings in (Settings(4), Settings(4, dither="floyd-steinberg"), Settings(4, dither="bayer")):
        reduction = reduced_file(path, tmp_path / "out.exr", settings=settings, overwrite=True)
        assert reduction.notes == ("3 texels are NaN or infinite; they were left as they are",)
        result, _ = read(tmp_path / "out.exr", "float")
        broken = ~np.isfinite(pixels).all(axis=2)
        np.testing.assert_array_equal(result[broken], pixels[broken])
        assert distinct(result[~broken]) == 4
        assert np.isfinite(reduction.report.delta_e)


def test_nothing_but_nan(tmp_path):
    path = write(tmp_path / "nan.exr", np.full((4, 4, 3), np.nan, np.float32), "float")
    with pytest.raises(InvalidArgumentError, match=r"nan\.exr: there is no colour to cluster: no texel is"):
        reduced(path, Settings(2))


def test_floating_point_is_linear_and_integers_are_not_unless_told(tmp_path, light):
    exr = read_image(write(tmp_path / "a.exr", light, "half"))
    png = read_image(
        write(tmp_path / "a.png", (light.astype(float).clip(0, 1) * 65535).astype(np.uint16), "uint16")
    )
    assert (exr.color_space, png.color_space) == (LINEAR_SRGB, SRGB)
    told, untold = (reduced(png, Settings(1, linear=value, space="linear")) for value in (True, None))
    assert told.palette.values[0, 0] == pytest.approx(png.values[..., 0].mean(), rel=1e-3)
    assert untold.palette.values[0, 0] > told.palette.values[0, 0]


def test_signed_normals_are_directions(tmp_path, rng):
    vectors = rng.normal([0, 0, 1], 0.4, size=(32, 32, 3))
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    path = write(tmp_path / "rock_normal.exr", vectors.astype(np.float32), "float")
    reduction = reduced(path, Settings(12))
    assert reduction.report.kind == "normal"
    assert 0 < reduction.report.angle < 30
    np.testing.assert_allclose(np.linalg.norm(reduction.palette.values, axis=1), 1, atol=1e-6)


def test_displacement_is_clustered_as_numbers(tmp_path):
    heights = np.repeat(np.array([-40.0, -39.0, 250.0, 252.0], np.float32), 16).reshape(8, 8, 1)
    path = write(tmp_path / "rock_disp.exr", heights, "float", names=("Y",))
    reduction = reduced(path, Settings(2))
    assert reduction.report.kind == "data"
    assert sorted(reduction.palette.values[:, 0].tolist()) == [-39.5, 251.0]


def test_too_many_colours_for_memory_become_cells(tmp_path, rng, monkeypatch):
    pixels = rng.uniform(0, 1, (64, 64, 3)).astype(np.float32)
    path = write(tmp_path / "noise.exr", pixels, "float")
    exact = reduced(path, Settings(16))
    monkeypatch.setattr("rgbcloud.counting.tallies.MOST", 1000)
    coarse = reduced(path, Settings(16))
    assert len(coarse.palette.values) == 16
    assert coarse.report.space_mse < 1.05 * exact.report.space_mse


# --- settings ---


def test_a_given_palette_and_locked_colours(tmp_path, light):
    path = write(tmp_path / "a.exr", light, "half")
    given = reduced(path, Settings(), palette=Palette.from_hex(["#808080", "#ff0000"]))
    np.testing.assert_allclose(given.palette.values[0], 0.2159, atol=1e-3)
    locked = reduced(path, Settings(4, locked=("#00ff00",)))
    assert locked.palette.values[0].tolist() == [0, 1, 0]
    assert locked.palette.to_hex()[0] == "#00ff00"


@pytest.mark.parametrize("dither", ["floyd-steinberg", "bayer", "blue-noise"])
def test_dithering_keeps_the_light(tmp_path, dither):
    ramp = np.broadcast_to(np.linspace(0, 1, 128, dtype=np.float32), (3, 128, 128)).transpose(1, 2, 0)
    path = write(tmp_path / "a.exr", np.ascontiguousarray(ramp), "float")
    settings = Settings(dither=dither, space="linear")
    reduction = reduced(path, settings, palette=Palette.from_hex(["#000000", "#ffffff"]))
    rebuilt = reduction.palette.values[reduction.indices]
    columns = [picture.reshape(128, 8, 16, 3).mean(axis=(0, 2, 3)) for picture in (rebuilt, ramp)]
    np.testing.assert_allclose(*columns, atol=0.02)
    assert rebuilt.mean() == pytest.approx(0.5, abs=0.01)


def test_threads_change_nothing(tmp_path, light, threads):
    path = write(tmp_path / "a.exr", light, "half")
    results = []
    for count in (1, 2):
        threads(count)
        results.append(reduced(path, Settings(8, space="oklab")))
    np.testing.assert_array_equal(results[0].indices, results[1].indices)
    np.testing.assert_array_equal(results[0].palette.values, results[1].palette.values)


def test_masked_texels_have_no_vote_but_are_rebuilt(tmp_path):
    pixels = np.zeros((4, 8, 3), np.float32)
    pixels[:, 4:] = 0.25, 0.5, 1.0
    path = write(tmp_path / "a.exr", pixels, "float")
    mask = tmp_path / "mask.png"
    Image.fromarray(np.repeat([[0] * 4 + [255] * 4], 4, axis=0).astype(np.uint8)).save(mask)
    reduction = reduced_file(path, tmp_path / "out.exr", settings=Settings(1), mask=mask)
    assert reduction.palette.values.tolist() == [[0.25, 0.5, 1.0]]
    assert distinct(read(tmp_path / "out.exr", "float")[0]) == 1


# --- what goes wrong ---


def test_without_openimageio_the_command_that_installs_it_is_told(tmp_path, light, monkeypatch):
    path = write(tmp_path / "a.exr", light, "half")
    monkeypatch.setitem(sys.modules, "OpenImageIO", None)
    with pytest.raises(
        MissingDependencyError, match=r"need OpenImageIO: python -m pip install 'rgbcloud\[deep\]'"
    ):
        reduced(path, Settings(2))


def test_a_format_that_cannot_hold_the_type(tmp_path, light):
    path = write(tmp_path / "a.exr", light, "half")
    with pytest.raises(
        ImageWriteError, match=r"a\.exr holds float16, which PNG files cannot; choose one of \.exr"
    ):
        reduced_file(path, tmp_path / "out.png", settings=Settings(2))
    assert not (tmp_path / "out.png").exists()


def test_8_bits_are_not_written_as_exr(tmp_path, photo):
    path = tmp_path / "wood.png"
    Image.fromarray(photo[:8, :8]).save(path)
    with pytest.raises(ImageWriteError, match=r"holds 8 bits a channel, which are not written as EXR"):
        reduced_file(path, tmp_path / "out.exr", settings=Settings(2))


def test_a_file_cut_short(tmp_path, light):
    path = write(tmp_path / "a.exr", light, "half", attributes=[("compression", "none")])
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(ImageReadError, match=r"a\.exr is damaged or cut short"):
        reduced_file(path, tmp_path / "out.exr", settings=Settings(2))
    assert not (tmp_path / "out.exr").exists()


def test_something_else_under_that_name(tmp_path):
    path = tmp_path / "a.exr"
    path.write_text("no image")
    with pytest.raises(ImageReadError, match=r"a\.exr is not an image that can be read"):
        reduced(path, Settings(2))


def test_an_image_over_the_limit(tmp_path, light):
    path = write(tmp_path / "a.exr", light, "half")
    with pytest.raises(ImageReadError, match="64 x 48 pixels, more than the limit of 100"):
        read_image(path, max_pixels=100)


def test_8_bit_files_are_read_as_ever(tmp_path, photo):
    path = tmp_path / "wood.tif"
    Image.fromarray(photo[:8, :8]).save(path)
    assert read_image(path).depth == "uint8"
