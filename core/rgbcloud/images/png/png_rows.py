"""Whether a PNG holds all of its rows: Pillow leaves those black that its compressed data ends before.

References
----------
Portable Network Graphics (PNG) Specification, Third Edition, https://www.w3.org/TR/png-3/: 7.2 (scanlines),
8.1 (interlace methods), 11.2.1 (IHDR).
"""

from __future__ import annotations

import contextlib
import struct
import zlib
from math import ceil
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from rgbcloud.errors import ImageReadError
from rgbcloud.images.png.png_chunks import SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by the colour type
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_BLOCK = 1 << 20


def check_rows(image: Image, stream: BinaryIO, name: str) -> None:
    """Raise `ImageReadError` where a PNG's data ends before its last row.

    Parameters
    ----------
    image : PIL.Image.Image
        As it was loaded. Only where its last row is nothing but zeros, as rows that are missing are, is the
        data looked at, which takes as long as inflating it does.
    stream : binary file
        The PNG.
    name : str
        What the error calls it.
    """
    width, height = image.size
    last = height - 1
    if image.info.get("interlace"):  # the last pass holds the odd rows
        last = (height // 2) * 2 - 1
    if last >= 0 and np.asarray(image.crop((0, last, width, last + 1))).any():
        return
    stream.seek(len(SIGNATURE))
    width, height, depth, color, interlaced = struct.unpack(">8xIIBB2xB4x", stream.read(25))
    bits = depth * _CHANNELS.get(color, 0)
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    rows = [
        (ceil((height - top) / down), 1 + ceil(ceil((width - left) / across) * bits / 8))
        for left, top, across, down in passes
        if left < width and top < height
    ]
    found, there = _inflated_size(stream), 0
    for count, stride in rows:
        whole = min(count, found // stride)
        there, found = there + whole, found - whole * stride
    total = sum(count for count, _ in rows)
    if there < total:
        told = f"{there:,} of its {total:,} {'rows of passes' if interlaced else 'rows'} are there"
        raise ImageReadError(f"{name} is damaged or cut short ({told}); export it again")


def _inflated_size(stream: BinaryIO) -> int:
    """Return how many bytes the texels' chunks that follow hold when they are inflated."""
    inflater = zlib.decompressobj()
    size = 0
    with contextlib.suppress(zlib.error):  # what Pillow did not stumble over is after the last row
        for data in _pixel_data(stream):
            size += len(inflater.decompress(data, _BLOCK))
            while inflater.unconsumed_tail:
                size += len(inflater.decompress(inflater.unconsumed_tail, _BLOCK))
    return size


def _pixel_data(stream: BinaryIO) -> Iterator[bytes]:
    while len(head := stream.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IDAT":
            yield stream.read(length)
            stream.read(4)
        elif kind == b"IEND":
            return
        else:
            stream.seek(length + 4, 1)
