"""Indexed PNGs: encoded by trying a few ways on a sample of the rows, and read back.

A palette index says nothing of its neighbour, so unfiltered rows are nearly always best. Whether whole bytes
or few bits a texel make the smaller file depends on the texture: long repeats are found in bytes, noise is
smaller in bits. What holds little but runs of one value is smallest filtered and searched for runs alone.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.errors import ImageReadError, ImageWriteError, InvalidArgumentError, MissingDependencyError
from rgbcloud.images.png.deflating import Deflater, deflate, deflated_size, fits_libdeflate, libdeflate
from rgbcloud.images.png.png_chunks import SIGNATURE, chunk_bytes, read_chunks, with_chunks
from rgbcloud.images.png.png_scanlines import FILTERS, Scanlines
from rgbcloud.images.png.png_squeezing import find_oxipng, squeeze_png
from rgbcloud.threads import in_parallel, one_ahead, slices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.images.png.png_chunks import Chunk

_LARGE = 2 << 20  # texels; above that one way is chosen by a sample, and compressed less thoroughly
_BAND = 48 << 10  # texels of one band of rows that ways are tried on: further than deflate looks
_BANDS = 16  # at most
_FLAT, _NOISY = 0.02, 0.25  # shares of texels that are unlike their left neighbour
_LONGEST_DATA = 1 << 30  # of an IDAT chunk; the format's limit is twice as much
_INDEXED = 3  # the colour type
_CHECKED = 1 << 20  # bytes that are compared at a time when a file is read back


_WITHOUT_OXIPNG = 'squeezing needs oxipng; install it with: python -m pip install "rgbcloud[squeeze]"'


class _Way(NamedTuple):
    """A way to encode indices."""

    depth: int
    filtered: bool
    deflater: Deflater


def encode_indexed(
    indices: UInt8Array,
    entries: UInt8Array,
    *,
    chunks: Sequence[Chunk] = (),
    squeeze: bool = False,
) -> bytes:
    """Encode an indexed PNG.

    Parameters
    ----------
    indices : ndarray of shape (H, W), uint8
        Each below n.
    entries : ndarray of shape (n, 4), uint8
        RGBA, straight alpha; 1 to 256 of them. The palette keeps their order.
    chunks : sequence of Chunk
        What else the file says, as `png_chunks.kept_chunks` returns it.
    squeeze : bool, default False
        Whether to take several times as long for a smaller file: libdeflate's highest level, by oxipng where
        it is installed (which tries some filters, too), else by the package `deflate`.

    Returns
    -------
    bytes
        The file. The same on every machine and with any number of threads, as long as the same releases of
        zlib and of the optional packages `deflate` and oxipng are installed.

    Raises
    ------
    InvalidArgumentError
        If shapes, dtypes or values are others, or one of the chunks may not be taken over.
    MissingDependencyError
        If `squeeze` is on and neither oxipng nor `deflate` is installed.
    """
    _check(indices, entries)
    depths = sorted({_fewest_bits(len(entries)), 8})
    ways = _ways_to_squeeze(indices, depths) if squeeze else _ways(indices, depths)

    def encode(way: _Way) -> bytes:
        stream = deflate(Scanlines(indices, way.depth, way.filtered), way.deflater)
        png = _file(_header(indices, way.depth), entries, stream)
        oxipng = find_oxipng() if squeeze else None
        return png if oxipng is None else squeeze_png(png, oxipng)

    png = min(in_parallel(encode, ways), key=len)
    return with_chunks(png, chunks) if chunks else png


def verify_indexed(data: bytes, indices: UInt8Array, entries: UInt8Array, name: str = "the PNG") -> None:
    """Read an indexed PNG back and compare it with what was meant.

    Parameters
    ----------
    data : bytes
        The file.
    indices, entries
        What `encode_indexed` was given.
    name : str
        What an error calls the file.

    Raises
    ------
    ImageWriteError
        If a length or checksum is wrong, or size, palette or a texel is another one.
    """
    try:
        chunks = read_chunks(data, name)
    except ImageReadError as error:
        raise _not_as_meant(name, str(error)) from None
    head = next((chunk.data for chunk in chunks if chunk.kind == b"IHDR"), b"")
    depth = head[8] if len(head) == 13 else 0
    if head != _header(indices, depth) or depth not in (1, 2, 4, 8) or len(entries) > 1 << depth:
        raise _not_as_meant(name, "its header tells another size or kind")
    palette = [(chunk.kind, chunk.data) for chunk in chunks if chunk.kind in (b"PLTE", b"tRNS")]
    if palette != _palette_chunks(entries):
        raise _not_as_meant(name, "its palette is another one")
    stream = b"".join(chunk.data for chunk in chunks if chunk.kind == b"IDAT")
    try:
        _compare(stream, Scanlines(indices, depth), name)
    except zlib.error as error:
        raise _not_as_meant(name, f"its texels cannot be unpacked ({error})") from None


def _check(indices: UInt8Array, entries: UInt8Array) -> None:
    if indices.dtype != np.uint8 or indices.ndim != 2 or indices.size == 0:
        msg = f"indices must be uint8 of the shape (H, W), got {indices.dtype} {indices.shape}"
        raise InvalidArgumentError(msg)
    if entries.dtype != np.uint8 or entries.shape[1:] != (4,) or not 1 <= len(entries) <= 256:
        msg = f"entries must be 1 to 256 RGBA colours (n, 4) of uint8, got {entries.dtype} {entries.shape}"
        raise InvalidArgumentError(msg)
    highest = int(indices.max())
    if highest >= len(entries):
        raise InvalidArgumentError(f"an index is {highest}, but there are only {len(entries)} entries")


def _fewest_bits(entries: int) -> int:
    return next(depth for depth in (1, 2, 4, 8) if entries <= 1 << depth)


def _palette_chunks(entries: UInt8Array) -> list[tuple[bytes, bytes]]:
    """Return PLTE, and tRNS up to the last entry that is not opaque."""
    chunks = [(b"PLTE", entries[:, :3].tobytes())]
    clear = np.flatnonzero(entries[:, 3] != 255)
    if len(clear):
        chunks.append((b"tRNS", entries[: clear[-1] + 1, 3].tobytes()))
    return chunks


def _ways(indices: UInt8Array, depths: list[int]) -> list[_Way]:
    """Return the ways to encode in full: one, or of a small image without libdeflate two."""
    large, package = indices.size > _LARGE, fits_libdeflate(Scanlines(indices, 8))
    quick = Deflater(7 if package else 6, libdeflate=package)
    plain = [_Way(depth, False, quick) for depth in depths]
    # Level 10, which is too slow for large images, makes less of filtered rows than a search for runs does.
    runs = quick if package and not large else Deflater(6, zlib.Z_RLE)
    filtered = [_Way(depth, True, runs) for depth in depths[:-1]]
    if large:
        return [_best(indices, [*plain, *filtered])]
    if package:
        best = _best(indices, [*plain, *filtered])
        return [best._replace(deflater=Deflater(_level(indices, best.depth), libdeflate=True))]
    return [_best(indices, plain)._replace(deflater=Deflater(7)), *filtered]  # half as long again for 2 %


def _level(indices: UInt8Array, depth: int) -> int:
    """Return the level of libdeflate that makes little of a small image in little more time than zlib.

    Level 10, which weighs what each match costs, takes 5 to 8 % less than 9; where nearly nothing changes it
    can take more. Of noise in whole bytes it would take too long, and there 7 takes no more than 9.
    """
    changes = np.count_nonzero(indices[:, 1:] != indices[:, :-1]) / indices.size
    if changes < _FLAT:
        return 9
    return 10 if depth < 8 or changes < _NOISY else 7


def _best(indices: UInt8Array, ways: list[_Way]) -> _Way:
    """Return the way that makes the least of bands of rows: a third of the image, and 16 bands at most."""
    if len(ways) == 1:
        return ways[0]
    height, width = indices.shape
    rows = min(-(-_BAND // width), height)
    bands = min(_BANDS, max(1, height // (3 * rows)))
    starts = [((2 * band + 1) * height // bands - rows) // 2 for band in range(bands)]
    trials = [(way, start) for way in ways for start in starts]

    def size(trial: tuple[_Way, int]) -> int:
        (depth, filtered, deflater), start = trial
        return deflated_size(Scanlines(indices, depth, filtered).rows(slice(start, start + rows)), deflater)

    sizes = np.reshape(list(in_parallel(size, trials)), (len(ways), bands)).sum(axis=1)
    return ways[int(sizes.argmin())]


def _ways_to_squeeze(indices: UInt8Array, depths: list[int]) -> list[_Way]:
    """Return a way for each depth: as good as libdeflate can, or quick where oxipng will compress it anew."""
    thorough = Deflater(9) if libdeflate() is None else Deflater(12, libdeflate=True)
    ways = [_Way(depth, False, thorough) for depth in depths]
    if indices.size > _LARGE:
        ways = [_best(indices, ways)]
    if find_oxipng() is not None:
        return [way._replace(deflater=Deflater(1)) for way in ways]
    if libdeflate() is not None:
        return ways
    raise MissingDependencyError(_WITHOUT_OXIPNG)


def squeezed_png(png: bytes) -> bytes:
    """Return a PNG of any kind compressed further: the same texels, palette order, depth and chunks.

    Raises
    ------
    MissingDependencyError
        If oxipng is not installed.
    """
    oxipng = find_oxipng()
    if oxipng is None:
        raise MissingDependencyError(_WITHOUT_OXIPNG)
    return squeeze_png(png, oxipng)


def _header(indices: UInt8Array, depth: int) -> bytes:
    """Return the data of IHDR: width, height, depth, indexed, and no interlacing."""
    return np.array(indices.shape[::-1], ">u4").tobytes() + bytes([depth, _INDEXED, 0, 0, 0])


def _file(header: bytes, entries: UInt8Array, stream: bytes) -> bytes:
    palette = [chunk_bytes(kind, content) for kind, content in _palette_chunks(entries)]
    data = [chunk_bytes(b"IDAT", stream[part]) for part in slices(len(stream), _LONGEST_DATA)]
    return b"".join([SIGNATURE, chunk_bytes(b"IHDR", header), *palette, *data, chunk_bytes(b"IEND", b"")])


def _compare(stream: bytes, meant: Scanlines, name: str) -> None:
    """Raise `ImageWriteError` or `zlib.error` where a compressed stream is not that of some scanlines."""

    def compare(rows_and_lines: tuple[slice, bytes]) -> None:
        rows, lines = rows_and_lines
        found = np.frombuffer(lines, np.uint8).reshape(-1, meant.stride)
        kinds = found[:, 0]
        if kinds.max() >= FILTERS or not np.array_equal(found[:, 1:], meant.rows_filtered_by(kinds, rows)):
            raise _not_as_meant(name, f"a texel in the rows {rows.start} to {rows.stop - 1} is another one")

    for _ in one_ahead(compare, _inflate_rows(stream, meant)):
        pass


def _inflate_rows(stream: bytes, meant: Scanlines) -> Iterator[tuple[slice, bytes]]:
    """Yield some rows at a time, and their bytes in a zlib stream.

    Raises
    ------
    zlib.error
        If it is damaged, or does not end where the last row does.
    """
    inflater = zlib.decompressobj()
    inputs = (memoryview(stream)[part] for part in slices(len(stream), 64 << 10))

    def inflate(size: int) -> bytes:
        pieces = []
        while size and not inflater.eof:
            compressed = inflater.unconsumed_tail or next(inputs, b"")
            pieces.append(inflater.decompress(compressed, size))
            size -= len(pieces[-1])
            if not compressed and not pieces[-1]:
                break
        return b"".join(pieces)

    for rows in slices(meant.height, max(1, _CHECKED // meant.stride)):
        size = (rows.stop - rows.start) * meant.stride
        lines = inflate(size)
        if len(lines) < size:
            raise zlib.error("the stream ends before the texels do")
        yield rows, lines
    if inflate(1) or not inflater.eof or inflater.unused_data or next(inputs, b""):
        raise zlib.error("the stream does not end where the texels do")


def _not_as_meant(name: str, what: str) -> ImageWriteError:
    return ImageWriteError(
        f"{name} was not written as meant: {what}; see whether the disk is full or failing, then retry"
    )
