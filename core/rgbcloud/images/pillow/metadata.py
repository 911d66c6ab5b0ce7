"""What 8-bit files say beside their texels and colours: resolution, Exif, XMP, comments, text.

References
----------
TIFF Revision 6.0 (Adobe, 1992), section 2; Exif 2.32 (CIPA DC-008-2019), 4.6; XMP Specification Part 3
(Adobe, 2020): where the formats keep them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import PIL.Image

from rgbcloud.images.png.png_chunks import Chunk, is_kept, upright_xmp

if TYPE_CHECKING:
    from collections.abc import Iterable

_ORIENTATION = 0x0112
_XMP_TAG = 700
_PREFIX = b"Exif\0\0"
_DIRECTORIES = (34665, 34853, 40965)  # of Exif, GPS and interoperability
_RESOLUTION = (282, 283, 296)
# Tags of TIFF that say how texels are stored, or hold profile, XMP or what was made from the texels.
_OF_STORAGE = frozenset(
    (
        *(254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 284, 288),
        *(289, 290, 291, 292, 293, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330, 332, 333, 334),
        *(336, 337, 338, 339, 340, 341, 342, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531),
        *(532, _XMP_TAG, 34377, 34675, 37724),
    )
)
_TEXT_TAGS = {"Description": 270, "Software": 305, "Author": 315, "Copyright": 33432}
_METRE = 0.0254  # an inch
_XMP_CHUNK = b"XML:com.adobe.xmp\0\0\0\0\0"
_HOLDS = {
    "TIFF": {"exif", "xmp", "resolution"},
    "JPEG": {"exif", "xmp", "resolution", "comment"},
    "WEBP": {"exif", "xmp"},
    "BMP": {"resolution"},
    "GIF": {"comment"},
}
_CALLED = {"exif": "Exif", "xmp": "XMP", "resolution": "resolution", "comment": "comment", "texts": "text"}
_LONGEST_IN_JPEG = {"exif": 65_533, "xmp": 65_504, "comment": 65_533}


class Metadata(NamedTuple):
    """What a file says of itself, as far as it is still true when its colours are reduced."""

    chunks: tuple[Chunk, ...] = ()  # of a PNG, which says all in these
    exif: bytes = b""  # a TIFF structure without "Exif" before it, upright; empty if there is none
    xmp: bytes = b""
    resolution: tuple[float, float] | None = None  # texels an inch, across and down
    comment: bytes = b""
    texts: tuple[tuple[str, str], ...] = ()  # a PNG's, name and text

    def as_chunks(self) -> list[Chunk]:
        """Return what a PNG says with it: a PNG's own chunks, or such as hold what another file says."""
        if self.chunks:
            return list(self.chunks)
        chunks = []
        if self.resolution is not None:
            across, down = (max(0, round(number / _METRE)) for number in self.resolution)
            chunks.append(Chunk(b"pHYs", across.to_bytes(4, "big") + down.to_bytes(4, "big") + b"\1"))
        if self.exif:
            chunks.append(Chunk(b"eXIf", self.exif))
        if self.xmp:
            chunks.append(Chunk(b"iTXt", _XMP_CHUNK + self.xmp))
        if self.comment:
            chunks.append(Chunk(b"tEXt", b"Comment\0" + self.comment.replace(b"\0", b" ")))
        return chunks

    def save_options(self, file_format: str, notes: list[str]) -> dict[str, object]:
        """Return what Pillow is told to write of it; append what a format cannot hold to `notes`."""
        held = _HOLDS.get(file_format, set())
        options: dict[str, object] = {}
        exif = self._exif_with_texts(file_format) if "exif" in held else self.exif
        values = {"exif": exif, "xmp": self.xmp, "resolution": self.resolution, "comment": self.comment}
        lost = [_CALLED[name] for name, value in values.items() if value and name not in held]
        for name in ("exif", "xmp", "comment") if file_format == "JPEG" else ():
            if len(values[name] or b"") > _LONGEST_IN_JPEG[name]:
                lost.append(_CALLED[name])
                values[name] = b""
        others = [name for name, _ in self.texts if name not in _TEXT_TAGS or "exif" not in held]
        if others:
            lost.append(f"text ({', '.join(others)})")
        for name, value in values.items():
            if value and name in held:
                options["dpi" if name == "resolution" else name] = value
        if file_format == "TIFF" and ("exif" in options or "xmp" in options):
            options.pop("xmp", None)
            tags = _as_tiff_tags(exif, self.xmp)
            inner = [tag for tag in _DIRECTORIES if tag in tags]  # Pillow writes none beside compression
            for tag in inner:
                del tags[tag]
            lost += ["Exif of exposure and place"] * bool(inner)
            options["exif"] = tags
        elif "exif" in options:
            options["exif"] = _PREFIX + exif
        if lost:
            notes.append(f"{file_format} cannot hold its {', '.join(lost)}; left out")
        return options

    def _exif_with_texts(self, file_format: str) -> bytes:
        """Return Exif that says what a PNG's texts say, and in WebP the resolution, too."""
        exif = PIL.Image.Exif()
        if self.exif:
            exif.load(self.exif)
        added: dict[int, object] = {_TEXT_TAGS[name]: text for name, text in self.texts if name in _TEXT_TAGS}
        if self.resolution is not None and file_format == "WEBP":
            added.update(zip(_RESOLUTION, (*self.resolution, 2)))
        added = {tag: value for tag, value in added.items() if tag not in exif}
        if not added:
            return self.exif
        for tag, value in added.items():
            exif[tag] = value
        return exif.tobytes()[len(_PREFIX) :]


def metadata_of(
    image: PIL.Image.Image, chunks: Iterable[Chunk], notes: list[str], *, is_turned: bool
) -> Metadata:
    """Return what an opened image, whose texels were decoded, says beside them; a PNG in chunks.

    What is left out is told in `notes`; `is_turned`: the orientation that the file tells was applied.
    """
    info = image.info
    exif = _exif_of(image, notes)
    xmp = info.get("xmp") or info.get("XML:com.adobe.xmp") or b""
    if image.format == "TIFF":
        xmp = getattr(image, "tag_v2", {}).get(_XMP_TAG, xmp)
    xmp = xmp.encode() if isinstance(xmp, str) else bytes(xmp)
    if is_turned:
        xmp = upright_xmp(xmp)
    comment = info.get("comment") or b""
    comment = comment.encode("utf-8", "replace") if isinstance(comment, str) else bytes(comment)
    kept = tuple(chunk for chunk in chunks if is_kept(chunk.kind))
    texts = () if image.format != "PNG" else _texts_of(image)
    return Metadata(kept, exif, xmp, _resolution_of(image), comment, texts)


def _resolution_of(image: PIL.Image.Image) -> tuple[float, float] | None:
    try:
        across, down = (float(number) for number in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 0 < across < 1e6 and 0 < down < 1e6 else None


def _texts_of(image: PIL.Image.Image) -> tuple[tuple[str, str], ...]:
    texts = getattr(image, "text", {})
    return tuple((name, str(text)) for name, text in texts.items() if not name.startswith(("XML:", "Raw ")))


def _exif_of(image: PIL.Image.Image, notes: list[str]) -> bytes:
    """Return an image's Exif, and a TIFF's tags that are no matter of storage, upright."""
    try:
        exif = image.getexif()
        if image.format != "TIFF" and not any(tag != _ORIENTATION for tag in exif):
            return b""
        exif = _without_storage(exif)
        return exif.tobytes()[len(_PREFIX) :] if len(exif) else b""
    except Exception as error:  # noqa: BLE001 # whatever Pillow meets in a damaged one
        notes.append(f"its Exif data is damaged ({error}); it was left out")
        return b""


def _without_storage(exif: PIL.Image.Exif) -> PIL.Image.Exif:
    kept = PIL.Image.Exif()
    kept.load(exif.tobytes())
    for tag in list(kept):
        if tag in _OF_STORAGE or tag in _RESOLUTION:  # which stands apart
            del kept[tag]
    return kept


def _as_tiff_tags(exif: bytes, xmp: bytes) -> PIL.Image.Exif:
    tags = PIL.Image.Exif()
    if exif:
        tags.load(exif)
    if xmp:
        tags[_XMP_TAG] = xmp
    return tags
