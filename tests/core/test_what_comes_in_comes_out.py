"""What stands in a file beside its texels, and what must not be lost, or changed, in silence."""

from __future__ import annotations

import io
import pathlib
import shutil
import struct
import subprocess
import zlib

import numpy as np
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
import pytest
import tifffile
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from ways import reduced, reduced_file

from rgbcloud import ImageReadError, ImageWriteError, Output, Recipe, Settings, Texture, read, reduce_texture
from rgbcloud.images.oiio import oiio_writing
from rgbcloud.images.pillow import pillow_writing
from rgbcloud.images.png.png_chunks import read_chunks


def chunks_of(path):
    return {chunk.kind: chunk.data for chunk in read_chunks(path.read_bytes())}


def with_chunk(path, kind, data):
    """Put a chunk before the texels of a PNG, by hand."""
    png = path.read_bytes()
    place = png.index(b"IDAT") - 4
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    path.write_bytes(png[:place] + struct.pack(">I", len(data)) + kind + data + checksum + png[place:])


@pytest.mark.parametrize("depth", [8, 16])
def test_what_a_png_says_stands_there_afterwards_and_nothing_else(tmp_path, photo, depth):
    path = tmp_path / "wood.png"
    if depth == 8:
        Image.fromarray(photo[:40, :60]).save(path, dpi=(300, 300))
    else:
        deep = np.ascontiguousarray(photo[:40, :60]).astype(np.uint16) * 257
        output = oiio.ImageOutput.create(str(path))
        output.open(str(path), oiio.ImageSpec(60, 40, 3, "uint16"))
        output.write_image(deep)
        output.close()
    if depth == 8:  # the other has one already
        with_chunk(path, b"gAMA", struct.pack(">I", 100_000))
    with_chunk(path, b"tEXt", b"Author\0A painter")
    reduced_file(path, tmp_path / "out.png", settings=Settings(8))
    before, after = chunks_of(path), chunks_of(tmp_path / "out.png")
    critical = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
    assert {kind: data for kind, data in after.items() if kind not in critical} == {
        kind: data for kind, data in before.items() if kind not in critical
    }


def test_text_and_resolution_come_through_where_there_is_alpha_too(tmp_path, rng):
    info = PngInfo()
    info.add_text("Copyright", "somebody")
    pixels = rng.integers(0, 256, (32, 32, 4), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "w.png", pnginfo=info, dpi=(72, 72))
    reduced_file(tmp_path / "w.png", tmp_path / "out.png", settings=Settings(4))
    with Image.open(tmp_path / "out.png") as result:
        assert (result.mode, result.info["Copyright"]) == ("RGBA", "somebody")
        assert result.info["dpi"] == pytest.approx((72, 72), abs=0.1)


def grey_profile():
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[16:20] = b"GRAY"
    return bytes(profile)


def test_a_profile_of_another_kind_never_decides_the_texels(tmp_path, photo):
    path = tmp_path / "wood.png"
    Image.fromarray(photo[:40, :60]).save(path, icc_profile=grey_profile())
    result = reduced(path, Settings(16))
    assert any("profile is of another kind of image; it was left out" in note for note in result.notes)
    with Image.open(io.BytesIO(result.data)) as written:
        np.testing.assert_array_equal(np.asarray(written.convert("RGB")), result.texels)
        assert "icc_profile" not in written.info


def test_a_grey_image_that_gets_colours_loses_its_profile_of_grey(tmp_path):
    ramp = np.tile(np.arange(64, dtype=np.uint8) * 4, (8, 1))
    Image.fromarray(ramp).save(tmp_path / "grey.png", icc_profile=grey_profile())
    grey = reduced(tmp_path / "grey.png", Settings(4))
    assert Image.open(io.BytesIO(grey.data)).mode == "L"
    colored = reduced(tmp_path / "grey.png", Settings(4, locked=["#ff8000"]))
    assert any("profile is one of grey, and the result has colours" in note for note in colored.notes)
    with Image.open(io.BytesIO(colored.data)) as written:
        np.testing.assert_array_equal(np.asarray(written.convert("RGB")), colored.texels)


@pytest.mark.parametrize("compression", ["dwaa:45", "dwab", "b44", "b44a", "pxr24"])
@pytest.mark.parametrize("kind", ["half", "float"])
def test_an_exr_is_written_without_loss(tmp_path, rng, compression, kind):
    path = tmp_path / "noise.exr"
    spec = oiio.ImageSpec(64, 64, 3, kind)
    spec.attribute("compression", compression)
    output = oiio.ImageOutput.create(str(path))
    output.open(str(path), spec)
    output.write_image(rng.random((64, 64, 3), dtype=np.float32))
    output.close()
    result = reduced_file(path, tmp_path / "out.exr", settings=Settings(16))
    assert len(np.unique(read(tmp_path / "out.exr").values.reshape(-1, 3), axis=0)) == 16
    is_lossy = not (compression == "pxr24" and kind == "half")
    assert any("changes texels; it was written with zip" in note for note in result.notes) == is_lossy


@pytest.mark.parametrize("suffix", [".png", ".gif", ".webp", ".tif"])
def test_further_frames_are_told(tmp_path, suffix):
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "green", "blue")]
    path = tmp_path / f"film{suffix}"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    notes = reduced(path, Settings(2)).notes
    assert any("of its 3 frames or pages the first one was read" in note for note in notes)


@pytest.mark.parametrize("suffix", [".exr", ".png", ".tif"])
def test_a_file_that_was_cut_short_in_silence_is_noticed(tmp_path, rng, monkeypatch, suffix):
    """OpenImageIO's writers do not tell that a disk is full."""
    kind = "half" if suffix == ".exr" else "uint16"
    spec = oiio.ImageSpec(64, 64, 3, kind)
    output = oiio.ImageOutput.create(str(tmp_path / f"a{suffix}"))
    output.open(str(tmp_path / f"a{suffix}"), spec)
    output.write_image(rng.random((64, 64, 3), dtype=np.float32))
    output.close()
    whole = oiio_writing._write

    def cut(module, target, specs, pixels):
        problem = whole(module, target, specs, pixels)
        data = target.read_bytes()
        target.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))
        return problem

    monkeypatch.setattr(oiio_writing, "_write", cut)
    target = tmp_path / f"out{suffix}"
    target.write_bytes(b"the good old one")
    with pytest.raises(Exception, match=r"a\.(exr|png|tif)") as caught:
        reduced_file(tmp_path / f"a{suffix}", target, settings=Settings(4), overwrite=True)
    assert type(caught.value).__module__ == "rgbcloud.errors"
    assert target.read_bytes() == b"the good old one"


@pytest.mark.parametrize("suffix", [".tif", ".webp", ".bmp", ".tga"])
def test_other_formats_are_read_back_before_they_count(tmp_path, photo, monkeypatch, suffix):
    Image.fromarray(photo[:32, :32]).save(tmp_path / "wood.png")
    save = pillow_writing._save

    def wrong(picture, file_format, **options):
        return save(Image.eval(picture.convert("RGB"), lambda level: level ^ 1), file_format)

    monkeypatch.setattr(pillow_writing, "_save", wrong)
    with pytest.raises(ImageWriteError, match=r"wood\.png: what was written does not hold the texels"):
        reduced_file(tmp_path / "wood.png", tmp_path / f"out{suffix}", settings=Settings(4))
    assert [path.name for path in tmp_path.iterdir()] == ["wood.png"]


EXIF = {0x013B: "A painter", 0x8298: "(c) the painter", 0x010E: "Oak", 0x0131: "By hand"}


def exif_of(orientation=1):
    exif = Image.Exif()
    for tag, value in EXIF.items():
        exif[tag] = value
    exif[0x0112] = orientation
    exif.get_ifd(0x8769)[0x829A] = 0.01  # the exposure
    exif[0x8769] = dict(exif.get_ifd(0x8769))
    return exif


def told_by(path):
    """What a file says of itself: tags, XMP and resolution."""
    with Image.open(path) as picture:
        exif, info = picture.getexif(), picture.info
        tags = {tag: exif.get(tag) for tag in EXIF}
        xmp = info.get("xmp") or info.get("XML:com.adobe.xmp") or b""
        dpi = tuple(round(float(number)) for number in info.get("dpi", (0, 0)))
        if dpi == (1, 1):  # what a TIFF says that says nothing
            dpi = (0, 0)
        return tags, xmp if isinstance(xmp, bytes) else xmp.encode(), dpi, 0x829A in exif.get_ifd(0x8769)


@pytest.mark.parametrize("before", [".jpg", ".tif", ".webp", ".png"])
@pytest.mark.parametrize("after", [".jpg", ".tif", ".webp", ".png"])
def test_what_8_bit_files_say_of_themselves_comes_through(tmp_path, photo, before, after):
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
    source, target = tmp_path / f"wood{before}", tmp_path / f"out{after}"
    options = {"exif": exif_of().tobytes(), "xmp": xmp, "dpi": (300, 300)}
    if before == ".tif":
        options = {"exif": exif_of(), "dpi": (300, 300)}
        options["exif"][700] = xmp
    elif before == ".png":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
    Image.fromarray(photo[:32, :32]).save(source, **options)
    notes = reduced_file(source, target, settings=Settings(4)).notes
    tags, written, dpi, has_exposure = told_by(target)
    assert (tags, written, has_exposure) == (EXIF, xmp, after != ".tif")
    assert dpi == (300, 300) or ".webp" in (before, after)
    assert any("TIFF cannot hold its Exif of exposure" in note for note in notes) == (after == ".tif")
    reduced_file(source, target, settings=Settings(4, strip=True), overwrite=True)
    assert told_by(target) == (dict.fromkeys(EXIF), b"", (0, 0), False)


@pytest.mark.parametrize(
    ("after", "lost"), [(".bmp", "Exif"), (".gif", "Exif, resolution"), (".tga", "Exif")]
)
def test_what_a_format_cannot_hold_is_told(tmp_path, photo, after, lost):
    Image.fromarray(photo[:32, :32]).save(tmp_path / "wood.jpg", exif=exif_of().tobytes(), dpi=(72, 72))
    notes = reduced_file(tmp_path / "wood.jpg", tmp_path / f"out{after}", settings=Settings(4)).notes
    assert any(f"cannot hold its {lost}" in note for note in notes), notes


def test_texts_of_a_png_become_tags_elsewhere(tmp_path, photo):
    info = PngInfo()
    info.add_text("Author", "A painter")
    info.add_text("Weather", "rain")
    Image.fromarray(photo[:32, :32]).save(tmp_path / "wood.png", pnginfo=info)
    notes = reduced_file(tmp_path / "wood.png", tmp_path / "out.tif", settings=Settings(4)).notes
    assert told_by(tmp_path / "out.tif")[0][0x013B] == "A painter"
    assert any("TIFF cannot hold its text (Weather)" in note for note in notes)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_16_bit_files_stand_upright_as_8_bit_ones_do(tmp_path, rng, suffix, orientation):
    texels = rng.integers(0, 256, (6, 4, 3), dtype=np.uint8)
    eight = tmp_path / "eight.tif"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(texels).save(eight, exif=exif)
    spec = oiio.ImageSpec(4, 6, 3, "uint16")
    spec.attribute("Orientation", orientation)
    path = tmp_path / f"wood{suffix}"
    output = oiio.ImageOutput.create(str(path))
    output.open(str(path), spec)
    output.write_image(texels.astype(np.uint16) * 257)
    output.close()
    upright = read(eight).values.astype(np.uint16) * 257
    np.testing.assert_array_equal(read(path).values, upright)
    reduced_file(path, tmp_path / f"out{suffix}", settings=Settings(200))
    np.testing.assert_array_equal(read(tmp_path / f"out{suffix}").values, upright)
    written = oiio.ImageInput.open(str(tmp_path / f"out{suffix}")).spec()
    assert written.get_int_attribute("Orientation", 1) == 1


def test_an_upright_mask_fits_a_turned_image_of_16_bits(tmp_path, rng):
    spec = oiio.ImageSpec(8, 6, 3, "uint16")
    spec.attribute("Orientation", 6)
    output = oiio.ImageOutput.create(str(tmp_path / "wood.png"))
    output.open(str(tmp_path / "wood.png"), spec)
    output.write_image(rng.integers(0, 65536, (6, 8, 3)).astype(np.uint16))
    output.close()
    Image.fromarray(np.full((8, 6), 255, np.uint8)).save(tmp_path / "mask.png")
    assert reduced(tmp_path / "wood.png", Settings(4), mask=tmp_path / "mask.png").report.width == 6


@pytest.mark.parametrize("kinds", [["unspecified"], ["unassalpha", "unspecified"]])
def test_further_channels_of_an_8_bit_tiff_are_kept_or_refused(tmp_path, rng, kinds):
    texels = rng.integers(1, 256, (16, 16, 3 + len(kinds)), dtype=np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", texels, photometric="rgb", extrasamples=kinds)
    reduced_file(tmp_path / "a.tif", tmp_path / "out.tif", settings=Settings(4))
    written = tifffile.imread(tmp_path / "out.tif")
    np.testing.assert_array_equal(written[..., 3:], texels[..., 3:])
    assert len(np.unique(written[..., :3].reshape(-1, 3), axis=0)) == 4
    with pytest.raises(ImageWriteError, match=r"a\.tif holds .* channels beside colour and alpha \(channel"):
        reduced_file(tmp_path / "a.tif", tmp_path / "out.png", settings=Settings(4))


@pytest.mark.parametrize(("kind", "called"), [("float64", "double"), ("int16", "int16")])
@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 3)])
def test_other_types_of_numbers_are_called_by_their_names(tmp_path, kind, called, shape):
    photometric = "rgb" if len(shape) == 3 else "minisblack"
    tifffile.imwrite(tmp_path / "a.tif", np.ones(shape, kind), photometric=photometric)
    with pytest.raises(
        ImageReadError, match=rf"a\.tif stores colours as {called}; convert it to 8 or 16 bits"
    ):
        read(tmp_path / "a.tif")


def test_a_bmp_of_5_6_and_5_bits_is_no_deep_image(tmp_path):
    texels = (np.arange(64, dtype="<u2") * 1021).reshape(8, 8)
    head = struct.pack("<IiiHHIIiiII", 40, 8, -8, 1, 16, 3, texels.nbytes, 2835, 2835, 0, 0)
    head += struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    size = 14 + len(head) + texels.nbytes
    (tmp_path / "a.bmp").write_bytes(
        b"BM" + struct.pack("<IHHI", size, 0, 0, 14 + len(head)) + head + texels.tobytes()
    )
    assert read(tmp_path / "a.bmp").depth == "uint8"
    assert Image.open(io.BytesIO(reduced(tmp_path / "a.bmp", Settings(4)).data)).mode == "P"


@pytest.mark.parametrize(
    ("size", "suffix"),
    [((16_384, 2), ".webp"), ((70_000, 1), ".jpg"), ((1, 70_000), ".gif"), ((70_000, 1), ".tga")],
)
def test_a_side_that_a_format_cannot_hold_is_told(tmp_path, size, suffix):
    Image.new("RGB", size, "red").save(tmp_path / "long.png")
    with pytest.raises(ImageWriteError, match=rf"long\.png has {size[0]} x {size[1]} texels, and .* at most"):
        reduced_file(tmp_path / "long.png", tmp_path / f"out{suffix}", settings=Settings(1))


@pytest.mark.parametrize("suffix", [".tif", ".png"])
def test_two_channels_are_reduced_both(tmp_path, rng, suffix):
    texels = rng.integers(0, 65536, (16, 16, 2)).astype(np.uint16)
    tifffile.imwrite(tmp_path / "flow.tif", texels, photometric="minisblack", planarconfig="contig")
    result = reduced_file(tmp_path / "flow.tif", tmp_path / f"out{suffix}", settings=Settings(4))
    written = read(tmp_path / f"out{suffix}").values
    np.testing.assert_array_equal(written, result.texels)
    assert len(np.unique(written.reshape(-1, 3), axis=0)) == 4
    assert written[..., 0].any()
    assert written[..., 1].any()


@pytest.mark.parametrize("suffix", [".tif", ".png", ".exr"])
def test_a_deep_grey_image_that_gets_colours_holds_them(tmp_path, suffix):
    kind = "half" if suffix == ".exr" else "uint16"
    output = oiio.ImageOutput.create(str(tmp_path / f"grey{suffix}"))
    spec = oiio.ImageSpec(16, 16, 1, kind)
    spec.channelnames = ("Y",)
    output.open(str(tmp_path / f"grey{suffix}"), spec)
    output.write_image(np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16, 1))
    output.close()
    settings = Settings(3, locked=["#808080"], recolored=[("#808080", "#ff8000")])
    result = reduced_file(tmp_path / f"grey{suffix}", tmp_path / f"out{suffix}", settings=settings)
    np.testing.assert_array_equal(read(tmp_path / f"out{suffix}").values, result.texels)
    assert any("fewer than three channels of colour" in note for note in result.notes)


def test_a_jpeg_is_reported_as_it_is_read_back(tmp_path, photo):
    Image.fromarray(photo[:64, :64]).save(tmp_path / "wood.png")
    report = reduced_file(tmp_path / "wood.png", tmp_path / "out.jpg", settings=Settings(4)).report
    written = np.asarray(Image.open(tmp_path / "out.jpg"))
    error = ((written.astype(float) - photo[:64, :64]) ** 2).sum(axis=2).mean()
    assert report.mse == pytest.approx(error)
    assert report.colors_after == len(np.unique(written.reshape(-1, 3), axis=0)) > 4


def test_deep_files_are_written_beside_their_targets(tmp_path, rng, monkeypatch):
    """A temporary folder that nothing can be written into is none of their business."""
    path = tmp_path / "a.exr"
    output = oiio.ImageOutput.create(str(path))
    output.open(str(path), oiio.ImageSpec(8, 8, 3, "half"))
    output.write_image(rng.random((8, 8, 3), dtype=np.float32))
    output.close()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere" / "at all"))
    (tmp_path / "nowhere").touch()
    texture = Texture.find(path)
    result = reduce_texture(texture, Recipe.of(colors=4), Output(tmp_path / "new", ".exr"))
    assert result.members[0].target.is_file()
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["a.k4.exr"]


@pytest.mark.skipif(not pathlib.Path("/dev/shm").is_dir(), reason="no memory that has a name among folders")
@pytest.mark.parametrize("is_piped", [False, True])
def test_what_stays_in_memory_needs_no_temporary_folder(tmp_path, rng, monkeypatch, is_piped):
    path = tmp_path / "a.exr"
    output = oiio.ImageOutput.create(str(path))
    output.open(str(path), oiio.ImageSpec(8, 8, 3, "half"))
    output.write_image(rng.random((8, 8, 3), dtype=np.float32))
    output.close()
    expected = reduced(path, Settings(4)).data
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere" / "at all"))
    (tmp_path / "nowhere").touch()
    assert reduced(io.BytesIO(path.read_bytes()) if is_piped else path, Settings(4)).data == expected


@pytest.mark.parametrize("compression", ["none", "lzw"])
def test_a_deep_tiff_is_compressed_and_that_is_told(tmp_path, rng, compression):
    path = tmp_path / "a.tif"
    spec = oiio.ImageSpec(16, 16, 3, "uint16")
    spec.attribute("compression", compression)
    output = oiio.ImageOutput.create(str(path))
    output.open(str(path), spec)
    output.write_image(rng.random((16, 16, 3), dtype=np.float32))
    output.close()
    result = reduced_file(path, tmp_path / "out.tif", settings=Settings(4))
    found = oiio.ImageInput.open(str(tmp_path / "out.tif")).spec().get_string_attribute("compression")
    assert found == ("zip" if compression == "none" else "lzw")
    told = any("stored without compression; it was written with zip" in note for note in result.notes)
    assert told == (compression == "none")


@pytest.fixture
def full_disk(tmp_path):
    """A file system of 60 KB, of which 40 KB are taken."""
    folder = tmp_path / "full"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=60k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a small file system")
    (folder / "taken").write_bytes(bytes(40_000))
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("is_target", [False, True])
def test_a_disk_that_is_full_indeed(tmp_path, rng, monkeypatch, full_disk, is_target):
    path = tmp_path / "noise.exr"
    output = oiio.ImageOutput.create(str(path))
    output.open(str(path), oiio.ImageSpec(128, 128, 3, "half"))
    output.write_image(rng.random((128, 128, 3), dtype=np.float32))
    output.close()
    monkeypatch.setattr("tempfile.tempdir", str(full_disk))
    folder = full_disk if is_target else tmp_path / "results"
    recipe = Recipe.of(colors=200, dither="blue-noise")
    if is_target:
        with pytest.raises(ImageWriteError, match=r"noise\.exr"):
            reduce_texture(Texture.find(path), recipe, Output(folder, ".exr"))
        assert [file.name for file in full_disk.iterdir()] == ["taken"]
    else:
        (member,) = reduce_texture(Texture.find(path), recipe, Output(folder, ".exr")).members
        assert len(np.unique(read(member.target).values.reshape(-1, 3), axis=0)) == 200
