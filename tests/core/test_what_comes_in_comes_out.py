"""What stands in a file beside its texels, and what must not be lost, or changed, in silence."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from ways import reduced, reduced_file

from rgbcloud import ImageWriteError, Settings, read
from rgbcloud.images import oiio_writing, pillow_writing
from rgbcloud.images.png_chunks import read_chunks


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
