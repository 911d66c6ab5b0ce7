"""What a PNG says beside its texels: kept byte for byte, put in order, understood."""

from __future__ import annotations

import contextlib
import io
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from rgbcloud import ImageReadError, InvalidArgumentError
from rgbcloud.images.png import png_color
from rgbcloud.images.png.png_chunks import Chunk, chunk_bytes, kept_chunks, read_chunks, with_chunks

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = Chunk(b"IHDR", bytes.fromhex("00000001 00000001 08 02 00 00 00"))
TEXELS = Chunk(b"IDAT", zlib.compress(b"\0abc"))
END = Chunk(b"IEND", b"")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

KEPT = [
    Chunk(b"cICP", bytes([9, 16, 0, 1])),
    Chunk(b"mDCV", bytes(24)),
    Chunk(b"cLLI", bytes(8)),
    Chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(PROFILE, 1)),
    Chunk(b"sRGB", b"\0"),
    Chunk(b"gAMA", (45455).to_bytes(4, "big")),
    Chunk(b"cHRM", np.array([31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000], ">u4").tobytes()),
    Chunk(b"pHYs", bytes.fromhex("00000b13 00000b13 01")),
    Chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\0"),
    Chunk(b"tEXt", b"Author\0Ada"),
    Chunk(b"tEXt", b"Copyright\0Ada"),
    Chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"red")),
    Chunk(b"iTXt", b"Title\0\0\0\0\0Kies"),
    Chunk(b"tIME", bytes([7, 234, 1, 2, 3, 4, 5])),
    Chunk(b"vpAg", b"private, safe to copy"),
]
NOT_KEPT = [
    Chunk(b"PLTE", b"abc"),
    Chunk(b"tRNS", b"\0a\0b\0c"),
    Chunk(b"bKGD", b"\0a\0b\0c"),
    Chunk(b"hIST", b"\0\1"),
    Chunk(b"sBIT", b"\5\6\5"),
    Chunk(b"sPLT", b"name\0\x08"),
    Chunk(b"acTL", bytes(8)),
    Chunk(b"fcTL", bytes(26)),
    Chunk(b"fdAT", bytes(9)),
    Chunk(b"prIV", b"private, not safe to copy"),
    Chunk(b"prib", b"reserved letter"),
]


def file(*chunks):
    return SIGNATURE + b"".join(chunk_bytes(chunk.kind, chunk.data) for chunk in chunks)


def source(*chunks):
    return file(HEADER, *chunks, TEXELS, END)


def test_chunks_are_read_as_they_stand():
    chunks = read_chunks(source(KEPT[5], NOT_KEPT[0]))
    assert chunks == (HEADER, KEPT[5], NOT_KEPT[0], TEXELS, END._replace(after_pixels=True))


def test_what_is_still_true_is_kept_byte_for_byte_and_the_rest_is_not():
    mixed = [chunk for pair in zip(KEPT, NOT_KEPT) for chunk in pair] + KEPT[len(NOT_KEPT) :]
    kept = kept_chunks(source(*mixed))
    assert list(kept.chunks) == KEPT
    assert kept.notes == ()
    assert kept_chunks(io.BytesIO(source(*mixed))) == kept


def test_of_what_may_stand_once_the_first_is_kept():
    again = Chunk(b"gAMA", (1).to_bytes(4, "big"))
    assert kept_chunks(source(KEPT[5], again, KEPT[9], KEPT[9])).chunks == (KEPT[5], KEPT[9], KEPT[9])


def test_they_stand_in_another_file_where_they_must_and_replace_its_own():
    data = file(HEADER, *NOT_KEPT[:1], TEXELS, *KEPT[8:], END)
    chunks = kept_chunks(data).chunks
    target = source(KEPT[4], Chunk(b"PLTE", b"xyz"), Chunk(b"tEXt", b"Software\0other"))
    kinds = [chunk.kind for chunk in read_chunks(with_chunks(target, (*chunks, KEPT[5])))]
    assert kinds == [
        *(b"IHDR", b"gAMA", b"PLTE", b"eXIf", b"IDAT"),
        *(b"tEXt", b"tEXt", b"zTXt", b"iTXt", b"tIME", b"vpAg", b"IEND"),
    ]


def test_a_file_of_pillows_says_the_same_as_its_source():
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Ada")
    text.add_itxt("Title", "Kies")
    stream = io.BytesIO()
    Image.new("RGB", (3, 2)).save(stream, "PNG", pnginfo=text, dpi=(72, 72), icc_profile=PROFILE)
    plain = io.BytesIO()
    Image.new("P", (3, 2)).save(plain, "PNG")
    result = Image.open(io.BytesIO(with_chunks(plain.getvalue(), kept_chunks(stream.getvalue()).chunks)))
    result.load()
    assert result.info["icc_profile"] == PROFILE
    assert result.text == {"Author": "Ada", "Title": "Kies"}
    assert result.info["dpi"] == pytest.approx((72, 72), abs=0.01)


def test_only_what_may_be_taken_over_is():
    with pytest.raises(InvalidArgumentError, match="chunk tRNS cannot be taken over"):
        with_chunks(source(), [NOT_KEPT[1]])


def exif_of(orientation, order):
    """Return Exif made by Pillow, in either byte order."""
    exif = Image.Exif()
    exif.endian = order
    exif[0x0112], exif[0x013B] = orientation, "Ada"
    return exif.tobytes()[6:]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
def test_an_orientation_that_was_applied_is_told_no_more(order, prefix):
    data = prefix + exif_of(6, order)
    assert kept_chunks(source(Chunk(b"eXIf", data))).chunks[0].data == data
    (chunk,), notes = kept_chunks(source(Chunk(b"eXIf", data)), upright=True)
    assert chunk.data == prefix + exif_of(1, order)
    assert not notes


def test_an_orientation_in_xmp_is_told_no_more():
    packet = b"<rdf tiff:Orientation='8' dc:rights='Ada'><tiff:Orientation>3</tiff:Orientation>"
    xmp = b"XML:com.adobe.xmp\0\0\0\0\0" + packet
    (chunk,), notes = kept_chunks(source(Chunk(b"iTXt", xmp)), upright=True)
    assert chunk.data == xmp.replace(b"'8'", b"'1'").replace(b">3<", b">1<")
    assert not notes


@pytest.mark.parametrize(
    "chunk",
    [
        Chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n")),
        Chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"<rdf>")),
        Chunk(b"eXIf", b"no TIFF at all"),
        Chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\x09"),
        Chunk(b"eXIf", b"II*\0\xff\xff\xff\xff"),
    ],
)
def test_what_may_tell_an_applied_orientation_is_left_out_and_told(chunk):
    kept = kept_chunks(source(chunk, KEPT[5]), upright=True, name="wood.png")
    assert kept.chunks == (KEPT[5],)
    kind = chunk.kind.decode()
    assert kept.notes == (
        f"wood.png: its {kind} chunk may tell the orientation, which was applied; it was left out",
    )


def test_a_damaged_chunk_is_left_out_and_told():
    data = bytearray(source(KEPT[5], KEPT[9]))
    data[data.index(b"gAMA") + 4] ^= 1
    kept = kept_chunks(bytes(data), name="wood.png")
    assert kept.chunks == (KEPT[9],)
    assert kept.notes == ("wood.png: its gAMA chunk is damaged and was left out",)
    with pytest.raises(ImageReadError, match="its chunk gAMA fails its checksum"):
        read_chunks(bytes(data))


def test_what_stands_before_the_end_of_a_cut_file_is_kept():
    data = source(KEPT[5], KEPT[9])
    kept = kept_chunks(data[: data.index(b"IDAT") + 2], name="wood.png")
    assert kept.chunks == (KEPT[5], KEPT[9])
    assert kept.notes == ("wood.png ends before its last chunk does",)


@pytest.mark.parametrize("data", [b"", b"GIF89a", SIGNATURE[:5]])
def test_what_is_no_png_is_said_to_be_none(data):
    for read in (read_chunks, kept_chunks):
        with pytest.raises(ImageReadError, match="no PNG"):
            read(data)


WHOLE = source(*KEPT, *NOT_KEPT)


@settings(max_examples=300)
@given(
    cut=st.integers(0, len(WHOLE)),
    changes=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=8),
    upright=st.booleans(),
)
def test_damaged_files_end_in_a_result_or_in_our_own_error(cut, changes, upright):
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    damaged = bytes(data[:cut])
    with contextlib.suppress(ImageReadError):
        read_chunks(damaged)
    with contextlib.suppress(ImageReadError):
        kept = kept_chunks(damaged, upright=upright)
        read_chunks(with_chunks(source(), kept.chunks))  # sound, whatever was kept


PARSERS = {
    b"gAMA": png_color.gamma,
    b"cHRM": png_color.chromaticities,
    b"cICP": png_color.code_points,
    b"sRGB": png_color.rendering_intent,
    b"iCCP": png_color.icc_profile,
}


def test_colour_chunks_are_understood():
    notes = []
    found = {kind: parse(KEPT, notes) for kind, parse in PARSERS.items()}
    assert found == {
        b"gAMA": 0.45455,
        b"cHRM": (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06),
        b"cICP": (9, 16, 0, 1),
        b"sRGB": 0,
        b"iCCP": PROFILE,
    }
    assert [parse([], notes) for parse in PARSERS.values()] == [None] * 5
    assert not notes


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (b"gAMA", b"\0\0"),
        (b"gAMA", bytes(4)),
        (b"gAMA", b"\xff" * 4),
        (b"cHRM", bytes(31)),
        (b"cHRM", bytes(32)),
        (b"cICP", b"\1\2\3"),
        (b"cICP", b"\1\2\3\4"),
        (b"sRGB", b""),
        (b"sRGB", b"\4"),
        (b"iCCP", b""),
        (b"iCCP", b"no end"),
        (b"iCCP", b"\0\0" + zlib.compress(PROFILE)),
        (b"iCCP", b"name\0\1" + zlib.compress(PROFILE)),
        (b"iCCP", b"name\0\0" + zlib.compress(PROFILE)[:-9]),
        (b"iCCP", b"name\0\0" + zlib.compress(b"short")),
        (b"iCCP", b"name\0\0not compressed"),
        (b"iCCP", b"name\0\0" + zlib.compress(bytes(65 << 20))),
    ],
)
def test_a_damaged_colour_chunk_says_nothing_and_is_told(kind, data):
    notes = []
    assert PARSERS[kind]([Chunk(kind, data)], notes) is None
    (note,) = notes
    assert note.startswith(f"its {kind.decode()} chunk was ignored: expected ")
    assert f"found {len(data)} bytes" in note


@given(kind=st.sampled_from(sorted(PARSERS)), data=st.binary(max_size=40))
def test_no_bytes_make_a_parser_fail(kind, data):
    notes = []
    value = PARSERS[kind]([Chunk(kind, data)], notes)
    assert (value is None) == bool(notes)
