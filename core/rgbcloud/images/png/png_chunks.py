"""The chunks of a PNG: reading them, keeping those that a reduced image still says, putting them in order.

References
----------
Portable Network Graphics (PNG) Specification, Third Edition, https://www.w3.org/TR/png-3/: 5.3 (layout),
5.4 (naming), 5.6 (order), 14.2 (what an editor may copy).
"""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from rgbcloud.errors import ImageReadError, InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SIGNATURE = b"\x89PNG\r\n\x1a\n"

COLOR_CHUNKS = (b"cICP", b"mDCV", b"cLLI", b"iCCP", b"sRGB", b"gAMA", b"cHRM")  # these stand before PLTE
_BEFORE_PIXELS = (*COLOR_CHUNKS, b"pHYs", b"eXIf")
_TEXT = (b"tEXt", b"zTXt", b"iTXt")  # of these there may be several
_KEPT = (*_BEFORE_PIXELS, *_TEXT, b"tIME")
_NOT_KEPT = (b"sBIT", b"bKGD", b"hIST", b"tRNS", b"sPLT", b"acTL", b"fcTL", b"fdAT")
_LONGEST = (1 << 31) - 1
_RAW_EXIF = (b"Raw profile type exif\0", b"Raw profile type APP1\0", b"Raw profile type xmp\0")
_XMP = b"XML:com.adobe.xmp\0"
_XMP_ORIENTATION = re.compile(rb"(tiff:Orientation(?:\s*=\s*[\"']|>)\s*)[2-8]")
_ORIENTATION = 0x0112  # of Exif


class Chunk(NamedTuple):
    """A chunk of a PNG: its four letters, its data, and whether it stands after the texels (IDAT)."""

    kind: bytes
    data: bytes
    after_pixels: bool = False


class KeptChunks(NamedTuple):
    """Chunks that a reduced PNG takes over, and what the user should know of those that it does not."""

    chunks: tuple[Chunk, ...]
    notes: tuple[str, ...]


def chunk_bytes(kind: bytes, data: bytes) -> bytes:
    """Return a chunk as it stands in a file: length, letters, data, CRC."""
    return b"".join([len(data).to_bytes(4, "big"), kind, data, _checksum(kind, data)])


def read_chunks(data: bytes, name: str = "the PNG") -> tuple[Chunk, ...]:
    """Return all chunks of a PNG, the critical ones too, in the order of the file.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        What an error calls it.

    Raises
    ------
    ImageReadError
        If it is no PNG, ends before its IEND chunk, or a chunk fails its CRC.
    """
    stream = io.BytesIO(data)
    _check_signature(stream, name)
    chunks = []
    after_pixels = False
    for kind, length in _heads(stream):
        content, checksum = stream.read(length), stream.read(4)
        if len(content) < length or len(checksum) < 4:
            break
        if checksum != _checksum(kind, content):
            raise ImageReadError(f"{name} is damaged: its chunk {_printable(kind)} fails its checksum")
        after_pixels = after_pixels or kind == b"IDAT"
        chunks.append(Chunk(kind, content, after_pixels and kind != b"IDAT"))
        if kind == b"IEND":
            return tuple(chunks)
    raise ImageReadError(f"{name} is damaged: it ends before its last chunk does; copy or export it again")


def kept_chunks(source: bytes | BinaryIO, *, upright: bool = False, name: str = "the PNG") -> KeptChunks:
    """Return what a source PNG says beside its texels, as far as it is still true when these are reduced.

    Parameters
    ----------
    source : bytes or binary file that can seek
        Its texels are not read.
    upright : bool, default False
        Whether the orientation that the file tells was applied to the texels. It is then changed to 1
        (upright) in Exif and XMP, byte for byte the same otherwise.
    name : str
        What an error or a note calls it.

    Returns
    -------
    KeptChunks
        Byte for byte and in the file's order: colour (cICP, mDCV, cLLI, iCCP, sRGB, gAMA, cHRM), pHYs, eXIf,
        tEXt, zTXt, iTXt, tIME and unknown ones that call themselves safe to copy. Of those of which there
        may be one, the first. A damaged chunk is left out, with a note; so is all that follows the place
        where a file ends too early.

    Raises
    ------
    ImageReadError
        If it is no PNG at all.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    stream.seek(0)
    _check_signature(stream, name)
    chunks: list[Chunk] = []
    notes: list[str] = []
    for chunk in _sound_chunks(stream, name, notes):
        once = chunk.kind in _KEPT and chunk.kind not in _TEXT
        if once and any(other.kind == chunk.kind for other in chunks):
            continue
        turned = _turned_upright(chunk) if upright else chunk
        if turned is None:
            kind = _printable(chunk.kind)
            notes.append(
                f"{name}: its {kind} chunk may tell the orientation, which was applied; it was left out"
            )
        else:
            chunks.append(turned)
    return KeptChunks(tuple(chunks), tuple(notes))


def with_chunks(png: bytes, chunks: Sequence[Chunk]) -> bytes:
    """Return a PNG that says what `chunks` say, and nothing else beside its texels.

    Parameters
    ----------
    png : bytes
        A PNG that another encoder wrote. Its own chunks of the kinds that `kept_chunks` keeps are left out.
    chunks : sequence of Chunk
        As `kept_chunks` returns them.

    Raises
    ------
    ImageReadError
        If `png` is damaged.
    InvalidArgumentError
        If one of the chunks is none that may be taken over, such as PLTE.
    """
    before, middle, after = _in_places(chunks)
    parts = [SIGNATURE]
    opened = False
    for chunk in read_chunks(png):
        if is_kept(chunk.kind):
            continue
        if chunk.kind == b"IEND":
            parts.append(after)
        elif chunk.kind == b"IDAT" and not opened:
            parts.append(middle)
            opened = True
        parts.append(chunk_bytes(chunk.kind, chunk.data))
        if chunk.kind == b"IHDR":
            parts.append(before)
    return b"".join(parts)


def _in_places(chunks: Iterable[Chunk]) -> tuple[bytes, bytes, bytes]:
    """Return chunks as written: those before PLTE, those between PLTE and IDAT, those after IDAT.

    Raises
    ------
    InvalidArgumentError
        If one of them is none that may be taken over.
    """
    places: tuple[list[bytes], list[bytes], list[bytes]] = ([], [], [])
    for chunk in chunks:
        if not is_kept(chunk.kind):
            raise InvalidArgumentError(
                f"a PNG chunk {_printable(chunk.kind)} cannot be taken over from another file"
            )
        if chunk.kind in COLOR_CHUNKS:
            place = 0
        else:
            place = 2 if chunk.after_pixels and chunk.kind not in _BEFORE_PIXELS else 1
        places[place].append(chunk_bytes(chunk.kind, chunk.data))
    return b"".join(places[0]), b"".join(places[1]), b"".join(places[2])


def is_kept(kind: bytes) -> bool:
    """Whether a chunk is still true when the texels change: a known one, or one that says so itself."""
    if kind in _KEPT:
        return True
    # Bit 5 of the letters: ancillary, of a registered or private kind, no reserved use, safe to copy (5.4).
    ancillary, reserved, safe = kind[0] & 32, kind[2] & 32, kind[3] & 32
    return bool(ancillary and not reserved and safe) and kind not in _NOT_KEPT


def _sound_chunks(stream: BinaryIO, name: str, notes: list[str]) -> Iterator[Chunk]:
    """Yield the chunks to keep that are whole; of the others, append a note."""
    after_pixels = False
    for kind, length in _heads(stream):
        if kind == b"IEND":
            return
        if not is_kept(kind):
            after_pixels = after_pixels or kind == b"IDAT"
            stream.seek(length + 4, io.SEEK_CUR)
            continue
        data, checksum = stream.read(length), stream.read(4)
        if checksum == _checksum(kind, data):
            yield Chunk(kind, data, after_pixels)
        else:
            notes.append(f"{name}: its {_printable(kind)} chunk is damaged and was left out")
    notes.append(f"{name} ends before its last chunk does")


def _heads(stream: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Yield letters and length of each chunk while they make sense; the caller reads or skips the data."""
    while True:
        head = stream.read(8)
        kind, length = head[4:], int.from_bytes(head[:4], "big")
        if len(head) < 8 or length > _LONGEST or not kind.isalpha():
            return
        yield kind, length


def _check_signature(stream: BinaryIO, name: str) -> None:
    if stream.read(len(SIGNATURE)) != SIGNATURE:
        raise ImageReadError(f"{name} is no PNG: it does not begin as one")


def _checksum(kind: bytes, data: bytes) -> bytes:
    return zlib.crc32(data, zlib.crc32(kind)).to_bytes(4, "big")


def _printable(kind: bytes) -> str:
    return kind.decode("ascii", "backslashreplace")


def _turned_upright(chunk: Chunk) -> Chunk | None:
    """Return a chunk that tells no other orientation than upright, or None where that cannot be had."""
    data: bytes | None = chunk.data
    if chunk.kind == b"eXIf":
        data = _upright_exif(chunk.data)
    elif chunk.kind in (b"tEXt", b"zTXt") and chunk.data.startswith(_RAW_EXIF):
        data = None
    elif chunk.kind == b"iTXt" and chunk.data.startswith(_XMP):
        compressed = chunk.data[len(_XMP) : len(_XMP) + 1] != b"\0"
        data = None if compressed else upright_xmp(chunk.data)
    return None if data is None else chunk._replace(data=data)


def upright_xmp(data: bytes) -> bytes:
    """Return XMP whose orientation, if it tells one, is 1."""
    return _XMP_ORIENTATION.sub(rb"\g<1>1", data)


def _upright_exif(data: bytes) -> bytes | None:
    """Return Exif whose orientation, if it tells one, is 1; None if it is damaged (TIFF 6.0, section 2)."""
    start = 6 if data.startswith(b"Exif\0\0") else 0  # not in PNG, yet some write it
    orders = {b"II*\0": "little", b"MM\0*": "big"}
    if data[start : start + 4] not in orders:
        return None
    little = orders[data[start : start + 4]] == "little"

    def number(place: int, size: int) -> int:
        return int.from_bytes(data[place : place + size], "little" if little else "big")

    directory = start + number(start + 4, 4)
    entries = range(directory + 2, directory + 2 + 12 * number(directory, 2), 12)
    if directory + 2 > len(data) or entries.stop > len(data):
        return None
    for entry in entries:
        if number(entry, 2) == _ORIENTATION:
            upright = (1).to_bytes(2, "little" if little else "big")
            return data[: entry + 8] + upright + data[entry + 10 :]
    return data
