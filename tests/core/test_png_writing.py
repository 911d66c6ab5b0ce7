"""Our own indexed PNGs, decoded by Pillow and OpenImageIO."""

from __future__ import annotations

import importlib.util
import io
import sys
import types
import zlib

import numpy as np
import OpenImageIO
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from rgbcloud import ImageWriteError, InvalidArgumentError, MissingDependencyError, quantize
from rgbcloud.images.png import png_writing
from rgbcloud.images.png.png_chunks import Chunk, chunk_bytes, read_chunks
from rgbcloud.images.png.png_writing import encode_indexed, verify_indexed

EXACT = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(params=["with libdeflate", "without"], autouse=True)
def libdeflate(request, monkeypatch):
    """Run every test with and without the optional package; zlib stands in where it is not installed."""
    if request.param == "without":
        monkeypatch.setitem(sys.modules, "deflate", None)
    elif importlib.util.find_spec("deflate") is None:
        stand_in = types.ModuleType("deflate")
        stand_in.zlib_compress = lambda data, level: bytearray(zlib.compress(data, min(level, 6)))
        monkeypatch.setitem(sys.modules, "deflate", stand_in)


@pytest.fixture
def without_oxipng(monkeypatch):
    monkeypatch.setitem(sys.modules, "oxipng", None)


@pytest.fixture(scope="module")
def reduced_photo(photo):
    """Return indices and opaque entries of the photograph at a number of colours."""

    def reduce(colors):
        result = quantize(photo, colors)
        return result.indices, np.insert(result.palette.colors, 3, 255, axis=1)

    return reduce


@st.composite
def indexed(draw, side=40):
    height, width = draw(st.integers(1, side)), draw(st.integers(1, side))
    count = draw(st.one_of(st.integers(1, 5), st.integers(1, 256), st.sampled_from([2, 4, 16, 17, 256])))
    rng = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    entries = rng.integers(0, 256, (count, 4), dtype=np.uint8)
    opaque_from = draw(st.integers(0, count))
    entries[opaque_from:, 3] = 255
    indices = rng.integers(0, count, (height, width)).astype(np.uint8)
    if draw(st.booleans()):  # runs
        indices = np.repeat(indices[:1], height, axis=0)
    return indices, entries


def by_pillow(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


def by_openimageio(data, folder):
    path = folder / "read.png"
    path.write_bytes(data)
    straight = OpenImageIO.ImageSpec()
    straight.attribute("oiio:UnassociatedAlpha", 1)
    reader = OpenImageIO.ImageInput.open(str(path), straight)
    pixels = reader.read_image(0, 0, 0, reader.spec().nchannels, "uint8")
    reader.close()
    if pixels.shape[2] == 3:
        return np.insert(pixels, 3, 255, axis=2)
    return pixels


def kinds(data):
    return [chunk.kind for chunk in read_chunks(data)]


def depth_of(data):
    return data[24]


@EXACT
@given(image=indexed())
def test_two_other_readers_see_what_was_meant(tmp_path, image):
    indices, entries = image
    data = encode_indexed(indices, entries)
    np.testing.assert_array_equal(by_pillow(data), entries[indices])
    np.testing.assert_array_equal(by_openimageio(data, tmp_path), entries[indices])
    verify_indexed(data, indices, entries)


@pytest.mark.parametrize("colors", [1, 2, 3, 16, 17, 256])
@pytest.mark.parametrize("shape", [(1500, 1501), (300, 4001), (1, 400_003), (400_003, 1)])
def test_images_of_many_strips_come_back(colors, shape, rng):
    # Texels that repeat at a distance, so that strips refer to what stands before them.
    indices = np.resize(rng.integers(0, colors, 20_011), shape).astype(np.uint8)
    entries = rng.integers(0, 256, (colors, 4), dtype=np.uint8)
    data = encode_indexed(indices, entries)
    np.testing.assert_array_equal(by_pillow(data), entries[indices])
    verify_indexed(data, indices, entries)


@EXACT
@given(image=indexed())
def test_palette_and_transparency_are_as_short_as_they_can_be(image):
    indices, entries = image
    chunks = {chunk.kind: chunk.data for chunk in read_chunks(encode_indexed(indices, entries))}
    assert chunks[b"PLTE"] == entries[:, :3].tobytes()
    transparency = chunks.get(b"tRNS", b"")
    assert transparency == entries[: len(transparency), 3].tobytes()
    assert transparency[-1:] != b"\xff"
    assert (entries[len(transparency) :, 3] == 255).all()


@pytest.mark.parametrize("colors", [2, 16, 64])
def test_the_bytes_do_not_depend_on_the_number_of_threads(reduced_photo, threads, colors):
    indices, entries = reduced_photo(colors)
    indices = np.tile(indices, (3, 3))  # above and below the size from which a sample decides
    for image in (indices, indices[:1000]):
        threads(1)
        alone = encode_indexed(image, entries)
        threads(4)
        assert encode_indexed(image, entries) == alone


@pytest.mark.parametrize("colors", [3, 7, 16, 64, 256])
def test_a_photograph_is_not_larger_than_pillow_writes_it(reduced_photo, colors):
    indices, entries = reduced_photo(colors)
    picture = Image.fromarray(indices)
    picture.putpalette(entries[:, :3].tobytes())
    sizes = []
    for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_RLE):
        stream = io.BytesIO()
        picture.save(stream, "PNG", compress_type=strategy)
        sizes.append(len(stream.getvalue()))
    assert len(encode_indexed(indices, entries)) <= min(sizes)


@pytest.mark.parametrize("libdeflate", ["with libdeflate"], indirect=True)
@pytest.mark.parametrize(("colors", "most"), [(3, 0.93), (7, 0.96), (16, 0.99), (64, 1.0), (256, 1.0)])
def test_libdeflate_makes_a_photograph_smaller(reduced_photo, monkeypatch, libdeflate, colors, most):
    image = reduced_photo(colors)
    found = encode_indexed(*image)
    if not hasattr(sys.modules["deflate"], "__file__"):
        most = 1.1  # what stands in for it makes no less
    monkeypatch.setitem(sys.modules, "deflate", None)
    assert len(found) <= most * len(encode_indexed(*image))


def test_few_bits_or_whole_bytes_are_taken_by_size(rng):
    entries = np.insert(rng.integers(0, 256, (16, 3), dtype=np.uint8), 3, 255, axis=1)
    noise = rng.integers(0, 16, (200, 300)).astype(np.uint8)
    assert depth_of(encode_indexed(noise, entries)) == 4
    # An odd number of texels repeats: in bytes deflate finds that, in nibbles only every other time.
    pattern = np.resize(rng.integers(0, 16, 30_001), (200, 300)).astype(np.uint8)
    assert depth_of(encode_indexed(pattern, entries)) == 8


def test_runs_of_few_values_are_filtered(rng):
    # Every row is the one above, with some texels changed: what the filter types for rows are made for.
    changes = rng.random((300, 400)) < 0.01
    indices = (np.cumsum(changes, axis=0) + rng.integers(0, 16, 400)).astype(np.uint8) % 16
    entries = np.insert(rng.integers(0, 256, (16, 3), dtype=np.uint8), 3, 255, axis=1)
    data = encode_indexed(indices, entries)
    unfiltered = zlib.compress(np.insert(indices[:, ::2] << 4 | indices[:, 1::2], 0, 0, axis=1).tobytes(), 9)
    assert len(data) < 0.9 * len(unfiltered)
    np.testing.assert_array_equal(by_pillow(data), entries[indices])
    verify_indexed(data, indices, entries)


def test_chunks_stand_where_the_specification_wants_them():
    chunks = [
        Chunk(b"tEXt", b"Author\0Ada", after_pixels=True),
        Chunk(b"eXIf", b"MM\0*", after_pixels=True),
        Chunk(b"iTXt", b"Title\0\0\0\0\0Kies"),
        Chunk(b"gAMA", b"\0\0\xb1\x8f"),
        Chunk(b"pHYs", bytes(9)),
    ]
    data = encode_indexed(np.zeros((2, 2), np.uint8), np.zeros((1, 4), np.uint8), chunks=chunks)
    assert kinds(data) == [
        b"IHDR", b"gAMA", b"PLTE", b"tRNS", b"eXIf", b"iTXt", b"pHYs", b"IDAT", b"tEXt", b"IEND",
    ]  # fmt: skip


def test_long_streams_are_cut_into_several_chunks(monkeypatch, reduced_photo):
    monkeypatch.setattr(png_writing, "_LONGEST_DATA", 10_000)
    indices, entries = reduced_photo(16)
    data = encode_indexed(indices, entries)
    assert kinds(data).count(b"IDAT") > 2
    verify_indexed(data, indices, entries)
    np.testing.assert_array_equal(by_pillow(data), entries[indices])


@pytest.mark.parametrize("colors", [4, 256])
def test_squeezing_keeps_all_but_the_size(reduced_photo, colors, request):
    indices, entries = reduced_photo(colors)
    indices, entries = indices[:200, :300], entries.copy()
    entries[1, 3] = 7
    profile = Chunk(b"iCCP", b"loose\0\0" + zlib.compress(bytes(4000), 1))
    data = encode_indexed(indices, entries, chunks=[profile], squeeze=True)
    assert len(data) < len(encode_indexed(indices, entries, chunks=[profile]))
    assert profile in read_chunks(data)
    assert read_chunks(data)[2] == Chunk(b"PLTE", entries[:, :3].tobytes())
    verify_indexed(data, indices, entries)


@pytest.mark.usefixtures("without_oxipng")
def test_squeezing_without_oxipng_takes_libdeflates_highest_level(reduced_photo, libdeflate, request):
    indices, entries = reduced_photo(16)
    if sys.modules.get("deflate", "unknown") is None:
        with pytest.raises(MissingDependencyError, match=r'needs oxipng; .*"rgbcloud\[squeeze\]"'):
            encode_indexed(indices, entries, squeeze=True)
    else:
        data = encode_indexed(indices, entries, squeeze=True)
        assert len(data) <= len(encode_indexed(indices, entries))
        verify_indexed(data, indices, entries)


@pytest.mark.parametrize(
    ("indices", "entries", "sentence"),
    [
        (np.zeros((2, 2), np.int64), np.zeros((1, 4), np.uint8), "indices must be uint8"),
        (np.zeros((0, 2), np.uint8), np.zeros((1, 4), np.uint8), r"got uint8 \(0, 2\)"),
        (np.zeros(4, np.uint8), np.zeros((1, 4), np.uint8), r"shape \(H, W\)"),
        (np.zeros((2, 2), np.uint8), np.zeros((0, 4), np.uint8), "entries must be 1 to 256"),
        (np.zeros((2, 2), np.uint8), np.zeros((257, 4), np.uint8), "entries must be 1 to 256"),
        (np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8), "entries must be 1 to 256"),
        (np.full((2, 2), 2, np.uint8), np.zeros((2, 4), np.uint8), "an index is 2, .* only 2 entries"),
    ],
)
def test_what_is_no_indexed_image_is_refused(indices, entries, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence):
        encode_indexed(indices, entries)


def test_chunks_that_belong_to_the_texels_are_refused():
    with pytest.raises(InvalidArgumentError, match="chunk PLTE cannot be taken over"):
        encode_indexed(
            np.zeros((1, 1), np.uint8), np.zeros((1, 4), np.uint8), chunks=[Chunk(b"PLTE", b"abc")]
        )


@EXACT
@given(image=indexed(side=12), place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_no_changed_byte_passes(image, place, flip):
    indices, entries = image
    data = bytearray(encode_indexed(indices, entries))
    data[int(place * len(data))] ^= flip
    with pytest.raises(ImageWriteError, match=r"^wood\.png was not written as meant: "):
        verify_indexed(bytes(data), indices, entries, "wood.png")


@EXACT
@given(image=indexed(side=12), kept=st.floats(0, 1, exclude_max=True))
def test_no_file_that_ends_too_early_passes(image, kept):
    indices, entries = image
    data = encode_indexed(indices, entries)
    with pytest.raises(ImageWriteError, match="was not written as meant"):
        verify_indexed(data[: int(kept * len(data))], indices, entries)


def with_stream(indices, entries, stream):
    """Return a file of 8 bits a texel that is sound but for its compressed stream."""
    data = encode_indexed(indices, entries)
    chunks = [chunk._replace(data=stream) if chunk.kind == b"IDAT" else chunk for chunk in read_chunks(data)]
    return SIGNATURE + b"".join(chunk_bytes(chunk.kind, chunk.data) for chunk in chunks)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda lines, stream: zlib.compress(lines[:-1]), "ends before the texels do"),
        (lambda lines, stream: stream + b"more", "does not end where the texels do"),
        (lambda lines, stream: zlib.compress(lines + b"\0"), "does not end where the texels do"),
        (lambda lines, stream: zlib.compress(lines[:-1] + b"\1"), "a texel in the rows 0 to 29"),
        (lambda lines, stream: zlib.compress(b"\7" + lines[1:]), "a texel in the rows 0 to 29"),
        (lambda lines, stream: stream[:-4] + b"\0\0\0\0", "cannot be unpacked"),
        (lambda lines, stream: stream[:-2], "cannot be unpacked"),
        (lambda lines, stream: b"", "ends before the texels do"),
    ],
)
def test_a_wrong_stream_in_a_sound_file_is_found(change, sentence):
    indices, entries = np.full((30, 20), 19, np.uint8), np.full((20, 4), 255, np.uint8)
    lines = np.insert(indices, 0, 0, axis=1).tobytes()
    verify_indexed(with_stream(indices, entries, zlib.compress(lines)), indices, entries)
    data = with_stream(indices, entries, change(lines, zlib.compress(lines)))
    with pytest.raises(ImageWriteError, match=sentence):
        verify_indexed(data, indices, entries)


def test_another_size_or_palette_is_found():
    indices, entries = np.zeros((2, 3), np.uint8), np.full((20, 4), 255, np.uint8)
    data = encode_indexed(indices, entries)
    with pytest.raises(ImageWriteError, match="header tells another size"):
        verify_indexed(data, indices.T.copy(), entries)
    other = entries.copy()
    other[3, 3] = 0
    with pytest.raises(ImageWriteError, match="palette is another one"):
        verify_indexed(data, indices, other)


@pytest.mark.parametrize("colors", [2, 4, 16])
def test_the_filters_of_other_encoders_are_understood(reduced_photo, colors):
    indices, entries = reduced_photo(colors)
    picture = Image.fromarray(indices)
    picture.putpalette(entries[:, :3].tobytes())
    stream = io.BytesIO()
    picture.save(stream, "PNG")  # filters rows of less than 8 bits a texel
    verify_indexed(stream.getvalue(), indices, entries)
    other = indices.copy()
    other[-1, -1] ^= 1
    with pytest.raises(ImageWriteError, match="a texel in the rows"):
        verify_indexed(stream.getvalue(), other, entries)


def test_squeezing_beside_the_main_thread_lets_others_run_and_gives_the_same_bytes():
    """oxipng holds Python's lock: in a thread of its own it would stop a window for as long as it takes."""
    import threading

    from rgbcloud.images.png.png_squeezing import find_oxipng, squeeze_png

    class NotHere:
        __file__ = find_oxipng().__file__

        def optimize_from_memory(self, data, **options):
            raise AssertionError("it was not done by a process of its own")

    png = encode_indexed(np.arange(256, dtype=np.uint8).reshape(16, 16), np.zeros((256, 4), np.uint8))
    found = []
    thread = threading.Thread(target=lambda: found.append(squeeze_png(png, NotHere())))
    thread.start()
    thread.join()
    assert found == [squeeze_png(png, find_oxipng())]
