from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from rgbcloud import ImageReadError
from rgbcloud.images.pillow.pillow_reading import read_with_pillow as read


@pytest.fixture
def saved(tmp_path):
    """Save a Pillow image and return its path."""

    def save(picture, name="wood.png", **options):
        path = tmp_path / name
        picture.save(path, **options)
        return path

    return save


@pytest.fixture
def gradient(rng):
    """RGB noise, 5 texels wide and 4 high."""
    return rng.integers(0, 256, (4, 5, 3), np.uint8)


LOSSLESS = [
    ("wood.png", {}),
    ("wood.tif", {}),
    ("wood.tif", {"compression": "tiff_lzw"}),
    ("wood.tga", {}),
    ("wood.tga", {"compression": "tga_rle"}),
    ("wood.bmp", {}),
    ("wood.webp", {"lossless": True}),
]


@pytest.mark.parametrize(("name", "options"), LOSSLESS)
def test_lossless_formats_are_read_exactly(saved, gradient, name, options):
    image = read(saved(Image.fromarray(gradient), name, **options))
    np.testing.assert_array_equal(image.texels, gradient)
    assert image.alpha is None


@pytest.mark.parametrize("name", ["wood.png", "wood.tif", "wood.tga", "wood.webp"])
def test_alpha_is_straight_and_exact(saved, rng, name):
    pixels = rng.integers(0, 256, (4, 5, 4), np.uint8)
    pixels[0, 0, 3] = 0  # the RGB under it has to come through too
    options = {"lossless": True, "exact": True} if name.endswith("webp") else {}
    image = read(saved(Image.fromarray(pixels), name, **options))
    np.testing.assert_array_equal(image.texels, pixels)
    np.testing.assert_array_equal(image.alpha, pixels[..., 3])
    np.testing.assert_array_equal(image.values, pixels[..., :3])


def test_jpeg_is_what_pillow_decodes(saved, photo):
    path = saved(Image.fromarray(photo), "wood.jpg", quality=90)
    np.testing.assert_array_equal(read(path).texels, np.asarray(Image.open(path)))


def test_grey_and_grey_with_alpha(saved):
    grey = np.array([[0, 128], [200, 255]], np.uint8)
    image = read(saved(Image.fromarray(grey)))
    np.testing.assert_array_equal(image.texels, np.repeat(grey[..., np.newaxis], 3, axis=2))
    with_alpha = np.dstack([grey, grey.T])
    image = read(saved(Image.fromarray(with_alpha), "alpha.png"))
    np.testing.assert_array_equal(image.values[..., 1], grey)
    np.testing.assert_array_equal(image.alpha, grey.T)


def test_one_bit_images_are_black_and_white(saved):
    image = read(saved(Image.fromarray(np.array([[True, False]]))))
    np.testing.assert_array_equal(image.texels, [[[255] * 3, [0] * 3]])


def test_palette_images_with_and_without_transparency(saved):
    picture = Image.fromarray(np.array([[0, 1], [2, 1]], np.uint8))
    picture.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    expected = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [0, 255, 0]]], np.uint8)
    np.testing.assert_array_equal(read(saved(picture)).texels, expected)
    image = read(saved(picture, "clear.png", transparency=bytes([255, 0, 7])))
    np.testing.assert_array_equal(image.alpha, [[255, 0], [7, 0]])
    np.testing.assert_array_equal(image.values, expected)


def test_rgb_with_one_transparent_colour(saved, quadrants):
    image = read(saved(Image.fromarray(quadrants), transparency=(255, 0, 0)))
    np.testing.assert_array_equal(image.alpha == 0, (quadrants == [255, 0, 0]).all(axis=2))


def test_the_first_frame_of_a_gif(saved):
    frames = [Image.new("RGB", (3, 2), color) for color in ("red", "blue")]
    path = saved(frames[0], "moving.gif", save_all=True, append_images=frames[1:])
    image = read(path)
    assert np.unique(image.values.reshape(-1, 3), axis=0).tolist() == [[255, 0, 0]]
    assert image.file_format == "GIF"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied_as_viewers_do(saved, gradient, orientation):
    # Exif 2.32, 4.6.4 A, tag 0x0112: where the stored first row and first column are to be seen.
    upright = {
        1: gradient,
        2: gradient[:, ::-1],
        3: gradient[::-1, ::-1],
        4: gradient[::-1],
        5: gradient.transpose(1, 0, 2),
        6: np.rot90(gradient, -1),
        7: gradient[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(gradient),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(Image.fromarray(gradient), exif=exif)
    np.testing.assert_array_equal(read(path).texels, upright)


def srgb_profile():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("name", ["wood.png", "wood.jpg", "wood.tif", "wood.webp"])
def test_the_icc_profile_comes_through(saved, gradient, name):
    profile = srgb_profile()
    assert read(saved(Image.fromarray(gradient), name, icc_profile=profile)).profile == profile


def test_cmyk_without_a_profile_is_converted_by_pillow(saved):
    path = saved(Image.new("CMYK", (2, 2), (0, 255, 255, 0)), "print.tif")
    np.testing.assert_array_equal(read(path).texels[0, 0], [255, 0, 0])


def test_cmyk_with_a_profile_goes_through_it(saved, monkeypatch):
    # A CMYK profile is too large to carry along: what is checked is that ours is the one that is used.
    seen = {}

    def convert(image, source, target, outputMode):  # noqa: N803 # ImageCms' own name
        seen.update(profile=source.read(), target=target, mode=outputMode)
        return Image.new("RGB", image.size, (1, 2, 3))

    monkeypatch.setattr(ImageCms, "profileToProfile", convert)
    path = saved(Image.new("CMYK", (2, 2)), "print.jpg", icc_profile=b"of a press")
    image = read(path)
    assert seen["profile"] == b"of a press"
    assert seen["mode"] == "RGB"
    assert image.texels[0, 0].tolist() == [1, 2, 3]
    assert image.profile is None  # it described the CMYK values


def test_a_stream_is_read_like_a_file(gradient):
    stream = io.BytesIO()
    Image.fromarray(gradient).save(stream, "PNG")
    image = read(stream)
    np.testing.assert_array_equal(image.texels, gradient)
    assert image.file_size == len(stream.getvalue())
    assert image.name == "the image"


def test_a_single_pixel(saved):
    assert read(saved(Image.new("RGB", (1, 1), "red"))).texels.tolist() == [[[255, 0, 0]]]


# --- what is refused, and in which words ---


def test_a_missing_file(tmp_path):
    with pytest.raises(ImageReadError, match=r"none\.png: no such file or directory; check the path"):
        read(tmp_path / "none.png")


def test_a_folder(tmp_path):
    with pytest.raises(ImageReadError, match="is a folder; name an image file"):
        read(tmp_path)


def test_an_empty_file(tmp_path):
    path = tmp_path / "wood.png"
    path.touch()
    with pytest.raises(ImageReadError, match=r"wood\.png is empty"):
        read(path)
    with pytest.raises(ImageReadError, match="the image is empty"):
        read(io.BytesIO())


def test_a_text_file_in_disguise(tmp_path):
    path = tmp_path / "wood.png"
    path.write_text("not a picture")
    with pytest.raises(ImageReadError, match=r"wood\.png is not an image that can be read"):
        read(path)


@pytest.mark.parametrize("name", ["wood.jpg", "wood.png", "wood.tif", "wood.webp"])
def test_a_truncated_file(saved, photo, name):
    path = saved(Image.fromarray(photo), name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ImageReadError, match=f"{name} is (damaged or cut short|not an image)"):
        read(path)


def test_an_image_of_no_size(tmp_path):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 0, 0, 8, 2, 0, 0, 0)
    path = tmp_path / "wood.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    )
    with pytest.raises(ImageReadError, match=r"wood\.png (has no pixels|is damaged|is not an image)"):
        read(path)


def test_an_image_over_the_limit_is_refused_before_it_is_decoded(saved):
    path = saved(Image.new("1", (2000, 1000)))
    with pytest.raises(ImageReadError, match=r"2000 x 1000 pixels, more than the limit of 1,999,999; raise"):
        read(path, max_pixels=1_999_999)
    assert read(path, max_pixels=2_000_000).texels.shape == (1000, 2000, 3)


def test_pillows_own_limit_is_lifted_for_our_file_only(saved, monkeypatch):
    path = saved(Image.new("1", (2000, 1000)))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert read(path).texels.shape == (1000, 2000, 3)
    assert Image.MAX_IMAGE_PIXELS == 100


@pytest.mark.parametrize("mode", ["I;16", "I", "F"])
def test_more_than_8_bits_a_channel(saved, mode):
    with pytest.raises(ImageReadError, match=r"does not hold 8-bit .*; convert it to 8 bits a channel first"):
        read(saved(Image.new(mode, (3, 3)), "deep.tif"))


def test_sixteen_bit_rgb_is_not_cut_in_silence(tmp_path):
    # Pillow opens such a file as RGB and drops the low bytes.
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0)
    row = zlib.compress(b"\0" + struct.pack(">HHH", 1000, 2000, 3000))
    path = tmp_path / "deep.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", row) + chunk(b"IEND", b"")
    )
    with pytest.raises(ImageReadError, match="does not hold 8-bit"):
        read(path)
