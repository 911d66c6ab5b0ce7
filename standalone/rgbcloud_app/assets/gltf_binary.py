"""The binary side of glTF 2.0: GLB files, and buffers in which images stand beside meshes.

References
----------
Khronos Group (2021), glTF 2.0 Specification, 3.6.2.4 (alignment) and 4 (GLB file format).
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAGIC, _JSON, _BIN = 0x46546C67, 0x4E4F534A, 0x004E4942
_ALIGNMENT = 4  # of chunks, and of the largest component that an accessor may have


def unpack_glb(data: bytes) -> tuple[bytes, bytes | None]:
    """Return the JSON of a .glb file, and its binary chunk if it has one.

    Raises
    ------
    ValueError
        If the file is none of version 2, or cut short.
    """
    if len(data) < 20:
        raise ValueError("it is cut short")
    magic, version, length = struct.unpack_from("<III", data)
    if magic != _MAGIC or version != 2:
        raise ValueError("it does not begin as a .glb file of version 2 does")
    if length > len(data):
        raise ValueError(f"it is cut short: {len(data):,} of {length:,} bytes are there")
    chunks: dict[int, bytes] = {}
    place = 12
    while place + 8 <= length:
        size, kind = struct.unpack_from("<II", data, place)
        if place + 8 + size > length:
            raise ValueError("a part of it is longer than the file")
        chunks.setdefault(kind, data[place + 8 : place + 8 + size])
        place += 8 + size
    if _JSON not in chunks:
        raise ValueError("it holds no JSON")
    return chunks[_JSON], chunks.get(_BIN)


def pack_glb(document: Mapping[str, Any], binary: bytes | None) -> bytes:
    """Return the .glb file of a document and its binary chunk."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    chunks = [(_JSON, text + b" " * (-len(text) % _ALIGNMENT))]
    if binary is not None:
        chunks.append((_BIN, binary + bytes(-len(binary) % _ALIGNMENT)))
    body = b"".join(struct.pack("<II", len(chunk), kind) + chunk for kind, chunk in chunks)
    return struct.pack("<III", _MAGIC, 2, 12 + len(body)) + body


def with_images_replaced(
    document: dict[str, Any], buffer: int, data: bytes, images: Mapping[int, bytes]
) -> bytes:
    """Return a buffer with other images in it; views of the document are told their new places.

    Parameters
    ----------
    document : dict
        Its `bufferViews` and `buffers` are changed.
    buffer : int
    data : bytes
        What the buffer holds.
    images : mapping of int to bytes
        By their numbers in the document; each has a view of this buffer.

    Returns
    -------
    bytes
        All that is no replaced image keeps its bytes, its order and its alignment; images follow it.
    """
    views = document["bufferViews"]
    numbers = {document["images"][image]["bufferView"] for image in images}
    places = _places(document, buffer)
    kept = [span for number, span in places if number not in numbers]
    cuts = _join_spans(
        (start, stop)
        for number, (start, stop) in places
        if number in numbers and not any(start < other_stop and other < stop for other, other_stop in kept)
    )
    parts: list[bytes] = []
    moved: list[tuple[int, int]] = []  # from which byte on things stand how much earlier
    place = shift = 0
    for start, stop in cuts:
        parts.append(data[place:start])
        gone = (stop - start) // _ALIGNMENT * _ALIGNMENT
        parts.append(bytes(stop - start - gone))
        shift += gone
        moved.append((stop, shift))
        place = stop
    parts.append(data[place:])
    for reference in _references(document, buffer):
        start = reference.get("byteOffset", 0)
        back = next((shift for stop, shift in reversed(moved) if start >= stop), 0)
        if back:
            reference["byteOffset"] = start - back
    after = b"".join(parts)
    for image, content in images.items():
        after += bytes(-len(after) % _ALIGNMENT)
        view = views[document["images"][image]["bufferView"]]
        view["byteOffset"], view["byteLength"] = len(after), len(content)
        after += content
    document["buffers"][buffer]["byteLength"] = len(after)
    return after


def _references(document: dict[str, Any], buffer: int) -> list[dict[str, Any]]:
    """Return all that points into a buffer: views, and what extensions of views say."""
    found = []
    for view in document.get("bufferViews", ()):
        candidates = [view, *(value for value in view.get("extensions", {}).values())]
        found += [each for each in candidates if isinstance(each, dict) and each.get("buffer") == buffer]
    return found


def _places(document: dict[str, Any], buffer: int) -> list[tuple[int | None, tuple[int, int]]]:
    """Return which bytes of a buffer each view, by its number, or an extension, by None, takes."""
    numbers = {id(view): number for number, view in enumerate(document["bufferViews"])}
    places = []
    for reference in _references(document, buffer):
        start = reference.get("byteOffset", 0)
        places.append((numbers.get(id(reference)), (start, start + reference["byteLength"])))
    return places


def _join_spans(spans: Any) -> list[tuple[int, int]]:
    """Return spans in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined
