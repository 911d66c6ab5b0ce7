from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from PIL import Image, ImageCms

from rgbcloud import ImageWriteError, InvalidArgumentError, MissingDependencyError, Palette, Settings
from rgbcloud.images import PILLOW, Reduced, format_of
from rgbcloud.images.image import Image as Source
from rgbcloud.images.pillow.pillow_writing import rebuild_texels


@pytest.fixture
def reduced():
    """Reduce RGB or RGBA texels to a palette given as hex strings."""

    def reduce(pixels, colors, icc_profile=None):
        palette = Palette.from_hex(colors)
        source = Source(pixels, "wood.png", 1000, "PNG", PILLOW, profile=icc_profile)
        return source, Reduced(palette.colors, palette.remap(pixels))

    return reduce


def encode(image, file_format, **settings):
    source, texels = image
    return PILLOW.encode(source, texels, PILLOW.check_format(source, file_format), Settings(**settings))


RGBW = ["#ff0000", "#00ff00", "#0000ff", "#ffffff"]


def opened(encoded):
    picture = Image.open(io.BytesIO(encoded.data))
    picture.load()
    return picture


def test_an_opaque_png_is_indexed_in_the_palettes_order(reduced, quadrants):
    picture = opened(encode(reduced(quadrants, RGBW), "PNG"))
    assert picture.mode == "P"
    assert picture.getpalette()[:12] == [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]
    np.testing.assert_array_equal(np.asarray(picture)[[0, 0, 7, 7], [0, 7, 0, 7]], [0, 1, 2, 3])


def test_a_flat_png_takes_few_bits_and_a_busy_one_whole_bytes(reduced, rng):
    depth_at = 24  # of IHDR in the file (PNG specification, 11.2.2)
    flat = encode(reduced(np.zeros((64, 64, 3), np.uint8), RGBW), "PNG").data
    assert flat[depth_at] < 8
    # Runs of bytes that repeat at odd distances: deflate finds them in bytes, hardly in nibbles.
    pattern = np.tile(rng.integers(0, 16, 301), 200)[:60000].reshape(200, 300)
    palette = Palette(np.repeat(np.arange(16, dtype=np.uint8) * 17, 3).reshape(16, 3))
    busy = palette.rebuild(pattern)
    data = encode(reduced(busy, palette.to_hex()), "PNG").data
    assert data[depth_at] == 8
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")), busy)


@pytest.mark.parametrize("colors", [1, 2, 3, 16, 17, 255, 256])
def test_every_palette_size_comes_back_exactly(reduced, rng, colors):
    codes = rng.choice(1 << 24, colors, replace=False)
    palette = [f"{code:06x}" for code in codes]
    pixels = Palette.from_hex(palette).rebuild(rng.integers(0, colors, (40, 50)))
    picture = opened(encode(reduced(pixels, palette), "PNG"))
    np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), pixels)


def test_full_transparency_is_one_palette_entry(reduced, quadrants):
    alpha = np.full((8, 8, 1), 255, np.uint8)
    alpha[:4, :4] = 0
    picture = opened(encode(reduced(np.dstack([quadrants, alpha]), RGBW), "PNG"))
    assert picture.mode == "P"
    result = np.asarray(picture.convert("RGBA"))
    np.testing.assert_array_equal(result[..., 3], alpha[..., 0])
    np.testing.assert_array_equal(result[..., :3], quadrants)  # the red under it, too


def test_a_few_alpha_values_become_entries(reduced, quadrants):
    alpha = np.tile(np.array([255, 128, 3, 0], np.uint8), (8, 2))[..., np.newaxis]
    picture = opened(encode(reduced(np.dstack([quadrants, alpha]), RGBW), "PNG"))
    assert picture.mode == "P"
    result = np.asarray(picture.convert("RGBA"))
    np.testing.assert_array_equal(result[..., 3:], alpha)
    seen = alpha[..., 0] > 0
    np.testing.assert_array_equal(result[seen][:, :3], quadrants[seen])


def test_more_alpha_than_a_palette_holds_is_rgba(reduced, rng):
    pixels = rng.integers(0, 256, (32, 32, 4), np.uint8)
    pixels[:8, :8, 3] = 0
    image = reduced(pixels, RGBW)
    picture = opened(encode(image, "PNG"))
    assert picture.mode == "RGBA"
    result = np.asarray(picture)
    np.testing.assert_array_equal(result[..., 3], pixels[..., 3])
    clear = pixels[..., 3] == 0
    np.testing.assert_array_equal(result[clear], pixels[clear])  # the RGB under zero alpha is kept
    np.testing.assert_array_equal(result[~clear][:, :3], rebuild_texels(*image)[~clear][:, :3])


def test_exactly_256_pairs_of_colour_and_alpha_still_fit(reduced):
    colors = [f"{level:02x}{level:02x}{level:02x}" for level in range(255)]
    pixels = np.full((16, 16, 4), 255, np.uint8)
    pixels[..., :3] = np.minimum(np.arange(256), 254).astype(np.uint8).reshape(16, 16, 1)
    pixels[15, 15, 3] = 0
    assert opened(encode(reduced(pixels, colors), "PNG")).mode == "P"
    pixels[15, 14, 3] = 9  # the colour 254 in a second alpha, and 253 pairs beside: still 256
    assert opened(encode(reduced(pixels, colors), "PNG")).mode == "P"
    pixels[0, 0, 3], pixels[0, 1, :3] = 9, 0  # black twice, 1 gone
    pixels[1, 0, :3], pixels[1, 0, 3] = pixels[1, 1, :3], 77
    assert np.asarray(opened(encode(reduced(pixels, colors), "PNG")).convert("RGBA"))[1, 0, 3] == 77


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "TGA", "BMP", "GIF", "WEBP"])
def test_lossless_formats_hold_the_rebuilt_texels(reduced, photo, file_format):
    image = reduced(photo[:64, :64], [*RGBW, "#808080"])
    encoded = encode(image, file_format)
    np.testing.assert_array_equal(np.asarray(opened(encoded).convert("RGB")), rebuild_texels(*image))
    assert encoded.notes == []


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "TGA", "WEBP"])
def test_formats_with_alpha_hold_it_exactly(reduced, rng, file_format):
    pixels = rng.integers(0, 256, (32, 32, 4), np.uint8)
    image = reduced(pixels, RGBW)
    np.testing.assert_array_equal(
        np.asarray(opened(encode(image, file_format)).convert("RGBA")), rebuild_texels(*image)
    )


def test_gif_holds_full_transparency(reduced, quadrants):
    alpha = np.full((8, 8, 1), 255, np.uint8)
    alpha[0] = 0
    picture = opened(encode(reduced(np.dstack([quadrants, alpha]), RGBW), "GIF"))
    np.testing.assert_array_equal(np.asarray(picture.convert("RGBA"))[..., 3:], alpha)


@pytest.mark.parametrize("file_format", ["GIF", "BMP", "JPEG"])
def test_formats_that_cannot_hold_partial_alpha_say_so(reduced, rng, file_format):
    pixels = rng.integers(1, 255, (8, 8, 4), np.uint8)
    with pytest.raises(ImageWriteError, match=r"wood\.png.*(cannot hold).*; write a PNG"):
        encode(reduced(pixels, RGBW), file_format)


def test_jpeg_is_written_with_a_warning(reduced, photo):
    encoded = encode(reduced(photo, RGBW), "JPEG")
    assert opened(encoded).format == "JPEG"
    assert encoded.notes == [
        "JPEG changes colours when it compresses: the file holds more than the palette's"
    ]


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "WEBP", "JPEG"])
def test_the_icc_profile_comes_through(reduced, quadrants, file_format):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    encoded = encode(reduced(quadrants, RGBW, profile), file_format)
    assert opened(encoded).info["icc_profile"] == profile


@pytest.mark.parametrize("file_format", ["TGA", "BMP", "GIF"])
def test_formats_without_profiles_say_so(reduced, quadrants, file_format):
    encoded = encode(reduced(quadrants, RGBW, b"profile"), file_format)
    assert encoded.notes == [f"{file_format} cannot hold the ICC profile; it was left out"]


def test_a_grey_profile_stays_with_grey_texels(reduced):
    # A PNG of indexed colours must not carry a profile of grey (PNG specification, 11.3.2.3).
    profile = bytes(16) + b"GRAY" + bytes(108)
    grey = np.repeat(np.array([[[0], [255]]], np.uint8), 3, axis=2)
    picture = opened(encode(reduced(grey, ["000000", "ffffff"], profile), "PNG"))
    assert picture.mode == "L"
    assert picture.info["icc_profile"] == profile
    np.testing.assert_array_equal(np.asarray(picture), [[0, 255]])


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "TGA", "WEBP"])
def test_the_same_input_gives_the_same_bytes(reduced, photo, file_format):
    image = reduced(photo, RGBW)
    assert encode(image, file_format).data == encode(image, file_format).data


@pytest.mark.parametrize(("name", "expected"), [("a.PNG", "PNG"), ("a.tiff", "TIFF"), ("a.b.jpg", "JPEG")])
def test_the_suffix_chooses_the_format(tmp_path, name, expected):
    assert format_of(tmp_path / name) == expected


@pytest.mark.parametrize(("name", "said"), [("a.xyz", r"a \.xyz file"), ("a", "a nameless file")])
def test_other_suffixes_are_refused(tmp_path, name, said):
    with pytest.raises(ImageWriteError, match=rf"cannot write {said}; choose one of \.png"):
        format_of(tmp_path / name)


def test_squeezing_changes_nothing_but_the_size(reduced, photo):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    palette = Palette(np.random.default_rng(0).integers(0, 256, (16, 3), np.uint8))
    image = reduced(photo, palette.to_hex(), profile)
    plain, squeezed = (encode(image, "PNG", squeeze=value) for value in (False, True))
    assert len(squeezed.data) < 0.95 * len(plain.data)
    before, after = opened(plain), opened(squeezed)
    np.testing.assert_array_equal(np.asarray(after), np.asarray(before))
    assert after.getpalette() == before.getpalette()
    assert after.info["icc_profile"] == profile


def test_without_oxipng_squeezing_says_how_to_install_it(reduced, quadrants, monkeypatch):
    monkeypatch.setitem(sys.modules, "oxipng", None)
    monkeypatch.setitem(sys.modules, "deflate", None)
    with pytest.raises(
        MissingDependencyError, match=r'needs oxipng; install it with: .*"rgbcloud\[squeeze\]"'
    ):
        encode(reduced(quadrants, RGBW), "PNG", squeeze=True)


@pytest.mark.parametrize("file_format", ["TIFF", "WEBP"])
def test_what_is_no_png_is_not_squeezed_in_silence(reduced, quadrants, file_format):
    with pytest.raises(InvalidArgumentError, match=rf"wood\.png: squeeze .* written as {file_format}; leave"):
        encode(reduced(quadrants, RGBW), file_format, squeeze=True)


def test_bmp_holds_opaque_texels_that_are_not_indexed(reduced, quadrants):
    opaque = np.dstack([quadrants, np.full((8, 8), 255, np.uint8)])
    picture = opened(encode(reduced(opaque, RGBW), "BMP", indexed=False))
    np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), quadrants)
