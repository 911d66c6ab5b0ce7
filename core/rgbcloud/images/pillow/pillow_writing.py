"""A reduced image as the bytes of a file: indexed wherever alpha allows it, and never more than needed."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import PIL.Image

from rgbcloud.color.codes import to_codes, to_colors
from rgbcloud.errors import ImageWriteError, InvalidArgumentError
from rgbcloud.formats import DEEP_FORMATS, LONGEST_SIDES
from rgbcloud.images.image import Encoded
from rgbcloud.images.pillow.metadata import Metadata
from rgbcloud.images.png.png_chunks import COLOR_CHUNKS, Chunk, with_chunks
from rgbcloud.images.png.png_writing import encode_indexed, squeezed_png, verify_indexed

if TYPE_CHECKING:
    from pathlib import Path

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.images.image import Image, Reduced
    from rgbcloud.settings import Settings

_WITHOUT_PROFILE = ("TGA", "BMP", "GIF")  # as Pillow writes them
_SAVE_OPTIONS: dict[str, dict[str, object]] = {
    "TIFF": {"compression": "tiff_adobe_deflate"},
    "TGA": {"compression": "tga_rle"},
    "WEBP": {"lossless": True, "exact": True},
    "JPEG": {"quality": 95, "subsampling": 0},
}


class _Indexed(NamedTuple):
    """Texels as indices into RGBA entries."""

    indices: UInt8Array
    entries: UInt8Array  # (n, 4), n <= 256


class PillowCodec:
    """Writes images of 8 bits a channel; see `rgbcloud.images.image.Codec`."""

    def check_format(self, image: Image, file_format: str | None) -> str:
        """See `Codec.check_format`: PNG if none is asked for."""
        if file_format in DEEP_FORMATS.values():
            msg = f"{image.name} holds 8 bits a channel, which are not written as {file_format}; write a PNG"
            raise ImageWriteError(msg)
        if file_format == "JPEG" and image.alpha is not None:
            raise ImageWriteError(f"{image.name} has alpha, which JPEG cannot hold; write a PNG")
        longest = LONGEST_SIDES.get(file_format or "PNG", max(image.size))
        if max(image.size) > longest:
            size = "{} x {}".format(*image.size)
            msg = f"{image.name} has {size} texels, and {file_format} files hold at most {longest:,} a side"
            raise ImageWriteError(f"{msg}; write a PNG or TIFF")
        return file_format or "PNG"

    def with_alpha_as(self, image: Image, *, opacity: bool) -> Image:
        """See `Codec.with_alpha_as`."""
        return replace(image, alpha_is_opacity=opacity)

    def with_texels(self, image: Image, texels: UInt8Array) -> Image:
        """See `Codec.with_texels`."""
        return replace(image, texels=texels, full_size=image.full_size or image.size)

    def encode(
        self,
        image: Image,
        reduced: Reduced,
        file_format: str,
        settings: Settings,
        folder: Path | None = None,  # noqa: ARG002 # it needs none
    ) -> Encoded:
        """See `Codec.encode`.

        Indexed where the format has palettes and the alpha values fit in: an entry per pair of colour and
        alpha, at most 256 with those of fully transparent texels, which are kept as they are. Otherwise RGB
        or RGBA, alpha exact. What a PNG says beside its texels, a PNG says again.
        """
        if settings.squeeze:
            check_squeezable(image, file_format)
        return _encode(image, reduced, file_format, settings)


PILLOW = PillowCodec()


def check_squeezable(image: Image, file_format: str) -> None:
    """Raise `InvalidArgumentError` where a file is no PNG, which are all that can be squeezed."""
    if file_format != "PNG":
        msg = f"{image.name}: squeeze compresses PNGs, and this is written as {file_format}"
        raise InvalidArgumentError(f"{msg}; leave it out, or write a PNG")


def rebuild_texels(image: Image, reduced: Reduced) -> UInt8Array:
    """Return the texels of a reduced image, of the source's shape: alpha, and RGB where it is 0, stay."""
    colors = reduced.palette.take(reduced.indices, axis=0)
    if image.alpha is None:
        return colors
    texels = image.texels.copy()
    seen = True if image.visible is None else image.visible[..., np.newaxis]
    np.copyto(texels[..., :3], colors, where=seen)
    return texels


def _encode(image: Image, reduced: Reduced, file_format: str, settings: Settings) -> Encoded:
    notes: list[str] = []
    profile = image.profile
    if profile and file_format in _WITHOUT_PROFILE:
        notes.append(f"{file_format} cannot hold the ICC profile; it was left out")
        profile = None
    is_grey = False
    if profile and describes_grey(profile):
        is_grey = bool((reduced.palette == reduced.palette[:, :1]).all())
        if not is_grey:
            notes.append("its ICC profile is one of grey, and the result has colours; it was left out")
            profile = None
    metadata = metadata_to_write(image.extra or Metadata(), settings)
    if file_format == "PNG":
        chunks = png_chunks_of(metadata, profile)
        return Encoded(_png(image, reduced, chunks, settings, notes, is_grey=is_grey), notes)
    options = {**metadata.save_options(file_format, notes), "icc_profile": profile}
    meant = rebuild_texels(image, reduced)
    if is_grey:
        picture = PIL.Image.fromarray(_grey(meant))
    elif file_format in ("JPEG", "WEBP"):
        picture = PIL.Image.fromarray(meant)
    else:
        entries = indices_and_entries(image, reduced, file_format == "GIF") if settings.indexed else None
        if file_format == "GIF" and entries is None:
            entries = indices_and_entries(image, reduced, True)
        picture, more = _palette_picture(image, meant, entries, file_format, notes)
        options.update(more)
    data = _save(picture, file_format, **options)
    held = _read_back(image, data, meant, file_format)
    if file_format == "JPEG":
        notes.append("JPEG changes colours when it compresses: the file holds more than the palette's")
    return Encoded(data, notes, held)


def metadata_to_write(known: Metadata, settings: Settings) -> Metadata:
    """Return what the result shall say beside its texels: stripped, nothing but what colours mean."""
    if not settings.strip:
        return known
    return Metadata(tuple(chunk for chunk in known.chunks if chunk.kind in COLOR_CHUNKS))


def png_chunks_of(metadata: Metadata, profile: bytes | None) -> list[Chunk]:
    """Return all that a PNG says beside its texels."""
    chunks = [chunk for chunk in metadata.as_chunks() if profile or chunk.kind != b"iCCP"]
    if profile and not any(chunk.kind == b"iCCP" for chunk in chunks):
        chunks.insert(0, Chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(profile, 9)))
    return chunks


def _png(
    image: Image,
    reduced: Reduced,
    chunks: list[Chunk],
    settings: Settings,
    notes: list[str],
    *,
    is_grey: bool,
) -> bytes:
    """Return a PNG, compressed as well as can be: indexed, but where a profile of grey forbids it."""
    entries = indices_and_entries(image, reduced) if settings.indexed and not is_grey else None
    if entries is not None:
        data = encode_indexed(entries.indices, entries.entries, chunks=chunks, squeeze=settings.squeeze)
        verify_indexed(data, entries.indices, entries.entries, image.name)
        return data
    meant = rebuild_texels(image, reduced)
    data = with_chunks(_save(PIL.Image.fromarray(_grey(meant) if is_grey else meant), "PNG"), chunks)
    if settings.squeeze:
        data = squeezed_png(data)
    _read_back(image, data, meant, "PNG")
    if settings.indexed and not is_grey and len(data) > image.file_size and _fits_as_channel(image, reduced):
        notes.append(
            "the colours under its transparent texels are kept, so that it takes more than before; "
            "--alpha channel reduces these, too, and writes an indexed image"
        )
    return data


def _fits_as_channel(image: Image, reduced: Reduced) -> bool:
    """Whether 256 pairs of colour and alpha would suffice, were hidden colours reduced as well."""
    if image.visible is None or image.alpha is None:
        return False
    pairs = reduced.indices.astype(np.uint16) << 8 | image.alpha
    return len(np.unique(pairs[image.visible])) + len(reduced.palette) <= 256


def indices_and_entries(image: Image, reduced: Reduced, one_clear: bool = False) -> _Indexed | None:
    """Return indices into RGBA entries, or None if there are more than 256 of these.

    An opaque image keeps the palette's order. With alpha the entries are the pairs of colour and alpha that
    occur, in the palette's order, the more opaque first, and at the end the colours of fully transparent
    texels, which are kept; where there can be but one of these, the one that most texels have.
    """
    alpha = image.alpha
    if alpha is None or (alpha == 255).all():
        return _Indexed(reduced.indices, np.insert(reduced.palette, 3, 255, axis=1))
    pairs = reduced.indices.astype(np.uint16) << 8 | (255 - alpha)
    seen = np.ones(alpha.shape, bool) if image.visible is None else image.visible
    present = np.bincount(pairs[seen], minlength=1 << 16) > 0
    found = np.flatnonzero(present)
    clear = to_codes(image.values[~seen])
    codes, places, counts = np.unique(clear, return_inverse=True, return_counts=True)
    if one_clear and len(codes):
        codes, places = codes[[counts.argmax()]], np.zeros_like(places)
    if len(found) + len(codes) > 256:
        return None
    entry_of = np.zeros(1 << 16, np.uint8)
    entry_of[found] = np.arange(len(found))
    indices = entry_of[pairs]
    indices[~seen] = len(found) + places
    entries = np.column_stack([reduced.palette[found >> 8], 255 - (found & 0xFF)])
    hidden = np.insert(to_colors(codes), 3, 0, axis=1)
    return _Indexed(indices, np.concatenate([entries, hidden]).astype(np.uint8))


def _palette_picture(
    image: Image, meant: UInt8Array, indexed: _Indexed | None, file_format: str, notes: list[str]
) -> tuple[PIL.Image.Image, dict[str, object]]:
    """Return a Pillow image for a format other than PNG with a palette, and how to save it."""
    opaque = indexed is not None and (indexed.entries[:, 3] == 255).all()
    if indexed is not None and (opaque or file_format == "GIF"):
        clear = np.flatnonzero(indexed.entries[:, 3] == 0)
        if len(clear) > 1 or len(clear) + (indexed.entries[:, 3] == 255).sum() < len(indexed.entries):
            raise _no_alpha(image, "GIF")
        if len(clear) and (meant[meant[..., 3] == 0] != indexed.entries[clear[0]]).any():
            notes.append(
                "GIF holds one colour for all that is fully transparent; what else lay there is gone"
            )
        picture = PIL.Image.fromarray(indexed.indices)
        picture.putpalette(indexed.entries[:, :3].tobytes())
        return picture, {"transparency": int(clear[0])} if len(clear) else {}
    if file_format in ("GIF", "BMP") and meant.shape[2] == 4:
        if not (meant[..., 3] == 255).all():
            raise _no_alpha(image, file_format)
        meant = meant[..., :3]
    return PIL.Image.fromarray(meant), {}


def _no_alpha(image: Image, file_format: str) -> ImageWriteError:
    return ImageWriteError(f"{image.name}: {file_format} cannot hold its alpha; write a PNG")


def describes_grey(profile: bytes) -> bool:
    """Whether a profile is for grey images only (ICC.1:2022, 7.2.6: the data colour space signature)."""
    return profile[16:20] == b"GRAY"


def _grey(meant: UInt8Array) -> UInt8Array:
    """Return grey texels as (H, W), or as (H, W, 2) with alpha."""
    return meant[..., 0] if meant.shape[2] == 3 else meant[..., [0, 3]]


def _read_back(image: Image, data: bytes, meant: UInt8Array, file_format: str) -> UInt8Array | None:
    """Return the colours that a file holds, where its format changes them; None: they are as meant.

    Raises
    ------
    ImageWriteError
        If they are others in a lossless format, or there are none.
    """
    try:
        with PIL.Image.open(io.BytesIO(data)) as picture:
            texels = np.asarray(picture.convert("RGBA" if meant.shape[2] == 4 else "RGB"))
    except (OSError, SyntaxError, ValueError) as error:
        raise _not_as_meant(image) from error
    if texels.shape != meant.shape:
        raise _not_as_meant(image)
    if file_format == "JPEG":
        return texels
    kept = slice(None) if file_format != "GIF" or image.visible is None else image.visible
    if not np.array_equal(texels[kept], meant[kept]):
        raise _not_as_meant(image)
    return None


def _not_as_meant(image: Image) -> ImageWriteError:
    msg = f"{image.name}: what was written does not hold the texels that were meant; try another format"
    return ImageWriteError(msg)


def _save(picture: PIL.Image.Image, file_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, file_format, **{**_SAVE_OPTIONS.get(file_format, {}), **options})
    return stream.getvalue()
