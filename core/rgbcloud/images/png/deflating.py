"""The compressed stream of a PNG, made on all cores by zlib, or by libdeflate where it is installed.

References
----------
RFC 1950 (zlib), RFC 1951 (deflate). M. Adler, pigz, https://zlib.net/pigz/: strips that are compressed at
the same time, each with the 32 KB before it as its dictionary, make one stream.
"""

from __future__ import annotations

import importlib
import zlib
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    from rgbcloud.images.png.png_scanlines import Scanlines

_STRIP = 128 << 10  # bytes; of a fixed size, so that the stream does not depend on the number of threads
_WINDOW = 32 << 10  # how far back deflate looks
_HEADER = b"\x78\x9c"  # deflate, a window of 32 KB, default level
_WHOLE_AT_MOST = 64 << 20  # bytes that libdeflate, which works on one core and in memory, is given
_ADLER = 65521


class Deflater(NamedTuple):
    """How to compress: a level of zlib and one of its strategies, or a level of libdeflate."""

    level: int
    strategy: int = zlib.Z_DEFAULT_STRATEGY
    libdeflate: bool = False


class _Libdeflate(Protocol):
    def zlib_compress(self, data: bytes, level: int, /) -> bytearray: ...


def libdeflate() -> _Libdeflate | None:
    """Return the optional package `deflate`, or None where it is not installed."""
    try:
        return cast("_Libdeflate", importlib.import_module("deflate"))
    except ImportError:
        return None


def fits_libdeflate(scanlines: Scanlines) -> bool:
    """Whether libdeflate is installed, and the scanlines are few enough to be compressed in one go."""
    return scanlines.height * scanlines.stride <= _WHOLE_AT_MOST and libdeflate() is not None


def deflate(scanlines: Scanlines, how: Deflater) -> bytes:
    """Compress scanlines into a zlib stream.

    The same scanlines give the same bytes with any number of threads and the same releases of zlib and
    libdeflate; other releases may find other bytes for the same texels.
    """
    if how.libdeflate:
        return _by_libdeflate(scanlines.rows(slice(0, scanlines.height)), how.level)
    strip = 2 * _STRIP if how.strategy == zlib.Z_RLE else _STRIP  # runs are found quickly
    count = -(-scanlines.height * scanlines.stride // strip)
    strips = slices(scanlines.height, -(-scanlines.height // count))
    parts = [_HEADER]
    adler = 1
    for part, checksum, length in in_parallel(lambda rows: _strip(scanlines, rows, how), strips):
        parts.append(part)
        adler = _joined_adler(adler, checksum, length)
    return b"".join([*parts, adler.to_bytes(4, "big")])


def deflated_size(data: bytes, how: Deflater) -> int:
    """Return how many bytes some data takes when it is compressed."""
    if how.libdeflate:
        return len(_by_libdeflate(data, how.level))
    compressor = zlib.compressobj(how.level, zlib.DEFLATED, zlib.MAX_WBITS, 9, how.strategy)
    return len(compressor.compress(data)) + len(compressor.flush())


def _by_libdeflate(data: bytes, level: int) -> bytes:
    package = libdeflate()
    assert package is not None  # it was looked for before this deflater was chosen
    return bytes(package.zlib_compress(data, level))


def _strip(scanlines: Scanlines, rows: slice, how: Deflater) -> tuple[bytes, int, int]:
    """Return some rows compressed, their Adler-32 checksum and how many bytes they were."""
    first = max(0, rows.start - -(-_WINDOW // scanlines.stride))
    lines = scanlines.rows(slice(first, rows.stop))
    start = (rows.start - first) * scanlines.stride
    strip = memoryview(lines)[start:]
    window = lines[max(0, start - _WINDOW) : start]
    raw = (how.level, zlib.DEFLATED, -zlib.MAX_WBITS, 9, how.strategy)
    compressor = zlib.compressobj(*raw, window) if window else zlib.compressobj(*raw)
    last = rows.stop == scanlines.height
    part = compressor.compress(strip) + compressor.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)
    return part, zlib.adler32(strip), len(strip)


def _joined_adler(first: int, second: int, length: int) -> int:
    """Return the Adler-32 checksum of two pieces of data, one after the other, the second one of `length`."""
    low, high = first & 0xFFFF, first >> 16
    joined_low = (low + (second & 0xFFFF) - 1) % _ADLER
    joined_high = (high + (second >> 16) + (low - 1) * length) % _ADLER
    return joined_high << 16 | joined_low
