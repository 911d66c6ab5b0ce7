"""Deep images as other programs write them, and results as these read them back."""

from __future__ import annotations

import re

import imagemagick
import numpy as np
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
import pytest
from imagemagick import magick
from PIL import Image
from ways import reduced_file, reduced_texture

from rgbcloud import Settings, Texture, read

WRITERS = ["OpenImageIO", "Pillow", pytest.param("ImageMagick", marks=imagemagick.needed)]


def grey_png(writer, path, levels):
    """Write 16-bit grey as some program does."""
    height, width = levels.shape
    if writer == "Pillow":
        Image.fromarray(levels).save(path)
    elif writer == "OpenImageIO":
        buffer = oiio.ImageBuf(oiio.ImageSpec(width, height, 1, "uint16"))
        buffer.set_pixels(oiio.ROI(), levels[..., np.newaxis])
        assert buffer.write(str(path)), buffer.geterror()
    else:
        raw = path.with_suffix(".gray")
        raw.write_bytes(levels.astype("<u2").tobytes())
        magick("-size", f"{width}x{height}", "-depth", 16, "-endian", "LSB", raw, "-depth", 16, path)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("writer", WRITERS)
def test_16_bit_grey_of_several_programs_is_one_set(tmp_path, writer, suffix):
    levels = (30_000 + np.arange(2 * 32 * 32, dtype=np.uint16) % 300).reshape(2, 32, 32)
    for number in (0, 1):
        grey_png(writer, tmp_path / f"sky.{1001 + number}{suffix}", levels[number])
    texture = Texture.find(tmp_path / f"sky.<UDIM>{suffix}")
    for path, expected in zip(texture.paths, levels):
        np.testing.assert_array_equal(read(path).values[..., 0], expected)
    reduction = reduced_texture(texture, Settings(20), suffix=suffix)
    written = [np.asarray(Image.open(member.target)) for member in reduction.members]
    assert {pixels.dtype for pixels in written} == {np.dtype(np.uint16)}
    assert len(np.unique(written)) == 20
    assert np.abs(np.array(written).astype(int) - levels).max() <= 300 / 20


@imagemagick.needed
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_imagemagick_reads_the_very_colours_back(tmp_path, suffix):
    path = tmp_path / f"sky{suffix}"
    magick("-size", "40x64", "gradient:#102030-#f0c040", "-depth", 16, path)
    reduction = reduced_file(path, tmp_path / f"out{suffix}", settings=Settings(12))
    assert reduction.values.dtype == np.uint16
    raw = magick(tmp_path / f"out{suffix}", "-depth", 16, "-endian", "LSB", "rgb:-")
    expected = reduction.values[reduction.indices]
    np.testing.assert_array_equal(np.frombuffer(raw, "<u2").reshape(64, 40, 3), expected)
    assert len(np.unique(expected.reshape(-1, 3), axis=0)) == 12


@pytest.mark.parametrize("note", [None, "from the set"])
@pytest.mark.parametrize("kind", ["uint8", "uint16", "float"])
def test_the_attributes_of_a_tx_stay_but_for_those_of_its_pixels(tmp_path, rng, kind, note):
    """As maketx writes it."""
    buffer = oiio.ImageBuf(oiio.ImageSpec(64, 64, 3, kind))
    buffer.set_pixels(oiio.ROI(), rng.uniform(0, 1, (64, 64, 3)).astype(np.float32))
    config = oiio.ImageSpec()
    config.set_format(oiio.TypeDesc(kind))
    config.tile_width, config.tile_height = 32, 16
    config.attribute("wrapmodes", "periodic,clamp")
    config.attribute("Copyright", "the studio")
    config.attribute("worldtocamera", oiio.TypeDesc("matrix"), tuple(float(number) for number in range(16)))
    if note:
        config.attribute("ImageDescription", note)
    path = tmp_path / "wood.tx"
    assert oiio.ImageBufAlgo.make_texture(oiio.MakeTxTexture, buffer, str(path), config)
    reduced_file(path, tmp_path / "out.tx", settings=Settings(5, kind="color"))
    before, after = (_opened(name) for name in (path, tmp_path / "out.tx"))
    assert before["wrapmodes"] == "periodic,clamp"
    assert before["tiles"] == (32, 16)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed <= {"oiio:AverageColor", "oiio:ConstantColor", "oiio:SHA-1"}
    # maketx notes a hash of the pixels in the file's description: ours is that of the new ones, once.
    hashes = [re.findall(rb"SHA-1=(\w+)", name.read_bytes()) for name in (path, tmp_path / "out.tx")]
    assert not set(hashes[0]) & set(hashes[1])
    assert len(hashes[1]) == len(hashes[0])


def _opened(path):
    source = oiio.ImageInput.open(str(path))
    spec = source.spec()
    attributes = {item.name: str(item.value) for item in spec.extra_attribs}
    attributes["tiles"] = (spec.tile_width, spec.tile_height)
    attributes["format"] = str(spec.format)
    levels = 0
    while source.seek_subimage(0, levels):
        levels += 1
    attributes["levels"] = levels
    source.close()
    return attributes
