"""Damaged files: each ends in a result, or in a sentence of the product's own."""

from __future__ import annotations

import struct
import zlib

import pytest
from fuzz.readers import damaged, readers, use

from rgbcloud.images.png.png_chunks import SIGNATURE, chunk_bytes

READERS = sorted(readers())


def png(width, height, data, color=2, depth=8, *others):
    """Return a PNG by its header and the data of its texels."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    chunks = ((b"IHDR", header), *others, (b"IDAT", data), (b"IEND", b""))
    return SIGNATURE + b"".join(chunk_bytes(*chunk) for chunk in chunks)


def tiff(*entries, first=8):
    """Return a TIFF with one directory of some entries: tag, type, count, value."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", first, len(entries)) + packed + struct.pack("<I", 8)


ROW = zlib.compress(bytes(1 + 3 * 4))
EXR = b"\x76\x2f\x31\x01\x02\0\0\0"
STATE = b'{"name": "", "digest": "", "stamp": [1e999]}'
CORPUS = [
    ("png", b""),
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("png", png(0, 5, ROW)),
    ("png", png(4, 1 << 31, ROW)),
    ("png", png(24, 1 << 20, zlib.compress(bytes(73 * 16)))),  # 75 MB of rows that are not there
    ("png", png(4, 1, zlib.compress(b"\x09" + bytes(12)))),  # a filter that does not exist
    ("png", png(4, 1, zlib.compress(bytes(5)), 3)),  # indices without a palette
    ("png", png(4, 1, ROW, 2, 8, (b"iCCP", b"x\0\0" + zlib.compress(b"no profile")))),
    ("png", png(4, 1, ROW, 2, 8, (b"cICP", b"\xff\xff\xff"))),
    ("png", png(4, 1, ROW, 2, 8, (b"gAMA", bytes(4)))),
    ("png", png(4, 1, ROW, 2, 8, (b"eXIf", b"II*\0\xff\xff\xff\x7f"))),
    ("png", png(4, 1, ROW, 2, 8, (b"zTXt", b"a\0\0" + zlib.compress(bytes(1 << 20))))),
    ("png16", png(4, 1, zlib.compress(bytes(9)), 0, 16)),
    ("png16", png(4, 9, zlib.compress(bytes(9)), 0, 16)),  # 1 of 9 rows
    ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    ("jpeg", b"\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\xff\xff\x01\x01\x11\0\xff\xd9"),
    ("tiff", tiff(first=0)),
    ("tiff", tiff(first=8)),  # which is followed by itself
    ("tiff", tiff((256, 4, 1, 0xFFFFFFFF), (257, 4, 1, 0xFFFFFFFF), (258, 3, 1, 8))),
    (
        "tiff",
        tiff(
            (256, 3, 1, 4), (257, 3, 1, 4), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 9999), (279, 4, 1, 16)
        ),
    ),
    ("exr", EXR),
    ("exr", EXR + b"\x85\xfc\x9e\0\xb0\0\x04\0\0\0\0\0\0\0\0"),  # what is wrong with it is no text
    ("exr", EXR + b"channels\0chlist\0\xff\xff\xff\x7f"),
    ("exr", EXR + b"dataWindow\0box2i\0\x10\0\0\0" + struct.pack("<4i", 0, 0, 1 << 30, 1 << 30) + b"\0"),
    ("hdr", b"#?RADIANCE\n"),
    ("hdr", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 99999 +X 99999\n"),
    ("hdr", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y -1 +X 4\n"),
    ("tx", b"II*\0"),
    ("tga", bytes(18)),
    ("tga", bytes((0, 0, 2)) + bytes(9) + struct.pack("<HHBB", 65535, 65535, 24, 0)),
    ("tga", bytes((0, 1, 9, 0, 0, 0, 0, 24)) + bytes(4) + struct.pack("<HHBB", 4, 4, 8, 0)),
    ("bmp", b"BM" + bytes(52)),
    ("bmp", b"BM" + struct.pack("<IIIIiiHHI", 0, 0, 54, 40, -4, -(1 << 31), 1, 24, 0) + bytes(20)),
    ("gif", b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(6) + b";"),
    ("gif", b"GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\x0c\1\0\0"),
    ("webp", b"RIFF\x04\0\0\0WEBP"),
    ("webp", b"RIFF\xff\xff\xff\xffWEBPVP8L\xff\xff\xff\xff\x2f\xff\xff\xff\xff"),
    ("mask", png(4, 1, ROW)),  # of another size
    ("palette .gpl", b"\xef\xbb\xbfGIMP Palette\n#\n1 2 3\n"),
    ("palette .gpl", b"GIMP Palette\n" + "\u0661 2 3\n".encode()),  # a digit to int()
    ("palette .act", bytes(1008)),
    ("palette .pal", "JASC-PAL\n0100\n²\n1 2 3\n".encode()),
    ("palette .pal", b"JASC-PAL\n0100\n" + b"9" * 5000 + b"\n"),
    ("palette .ase", b"ASEF\0\1\0\0\xff\xff\xff\xff"),
    ("palette .ase", b"ASEF\0\1\0\0\0\0\0\1\0\1\0\0\0\x16\0\1\0\0RGB \x7f\xc0\0\0" + bytes(10)),  # NaN
    ("palette .aco", b"\0\2\xff\xff"),
    ("palette .json", b"[" * 100_000),
    ("palette .json", b'{"colors": ["#ff8000"], "inertia": 1e999}'),
    ("palette .json", b'{"colors": ["#ff8000"], "populations": [[1]]}'),
    ("palette riff", b"RIFF\0\0\0\0PAL data\xff\xff\xff\xff"),
    ("recipe", b"[" * 100_000),
    ("recipe", b"null"),
    ("settings", b'{"colors": ' + b"1" + b"0" * 400 + b"}"),
    ("settings", b'{"colors": 1e400, "seed": "x"}'),
    ("receipt", b"\xff"),
    ("receipt", b'{"target": "", "key": "", "version": "", "results": [], "sources": [%s]}' % STATE),
    ("receipt", b"[" * 100_000),
    ("receipt", b'{"target": "wood.png", "key": "", "sources": null, "results": [], "version": 1}'),
]


@pytest.mark.parametrize(("name", "data"), CORPUS, ids=[f"{n}-{name}" for n, (name, _) in enumerate(CORPUS)])
def test_bad_files_end_well(name, data):
    assert use(readers()[name], data) in ("read", "refused")


@pytest.mark.parametrize("name", READERS)
def test_good_files_are_read_and_damaged_ones_end_well(name):
    """A few of those of which `tests/fuzz/run.py` takes as many as are asked for."""
    reader = readers()[name]
    assert {use(reader, seed) for seed in reader.seeds} == {"read"}
    # OpenUSD itself dies of some damaged binary layers: these are for run.py, which has processes to lose.
    for number in range(0 if name == "asset .usdc" else 8):
        assert use(reader, damaged(reader, number)) in ("read", "refused")
