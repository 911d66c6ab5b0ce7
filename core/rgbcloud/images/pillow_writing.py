"""A reduced image as the bytes of a file: indexed wherever alpha allows it, and never more than needed."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import PIL.Image

from rgbcloud.color.codes import to_codes, to_colors
from rgbcloud.errors import ImageWriteError, InvalidArgumentError
from rgbcloud.formats import DEEP_FORMATS
from rgbcloud.images.image import Encoded
from rgbcloud.images.png_chunks import Chunk, with_chunks
from rgbcloud.images.png_writing import encode_indexed, squeezed_png, verify_indexed

if TYPE_CHECKING:
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
        return file_format or "PNG"

    def encode(self, image: Image, reduced: Reduced, file_format: str, settings: Settings) -> Encoded:
        """See `Codec.encode`.

        Indexed where the format has palettes and the alpha values fit in: an entry per pair of colour and
        alpha, at most 256 with one for full transparency. Otherwise RGB or RGBA, alpha exact, and the RGB
        of fully transparent texels kept. What a PNG says beside its texels, a PNG says again.
        """
        if settings.squeeze:
            check_squeezable(image, file_format)
        encoded = _encode(image, reduced, file_format, settings)
        if file_format not in ("PNG", "JPEG"):
            _verify(image, rebuild_texels(image, reduced), encoded.data)
        return encoded


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
    np.copyto(texels[..., :3], colors, where=(image.alpha > 0)[..., np.newaxis])
    return texels


def _encode(image: Image, reduced: Reduced, file_format: str, settings: Settings) -> Encoded:
    notes = []
    profile = image.profile
    if profile and file_format in _WITHOUT_PROFILE:
        notes.append(f"{file_format} cannot hold the ICC profile; it was left out")
        profile = None
    if profile and describes_grey(profile):
        if (reduced.palette == reduced.palette[:, :1]).all():
            return Encoded(_grey_file(image, reduced, file_format, profile), notes)
        notes.append("its ICC profile is one of grey, and the result has colours; it was left out")
        profile = None
    if file_format == "PNG":
        return Encoded(_png(image, reduced, profile, settings), notes)
    options: dict[str, object] = {}
    if file_format in ("JPEG", "WEBP"):
        picture = PIL.Image.fromarray(rebuild_texels(image, reduced))
    else:
        entries = _indices_and_entries(image, reduced) if settings.indexed or file_format == "GIF" else None
        picture, options = _palette_picture(image, reduced, entries, file_format)
    if file_format == "JPEG":
        notes.append("JPEG changes colours when it compresses: the file holds more than the palette's")
    return Encoded(_save(picture, file_format, icc_profile=profile, **options), notes)


def _png(image: Image, reduced: Reduced, profile: bytes | None, settings: Settings) -> bytes:
    """Return a PNG that says all that the source's says, and is compressed as well as can be."""
    chunks = [chunk for chunk in image.extra or () if profile or chunk.kind != b"iCCP"]
    if profile and not any(chunk.kind == b"iCCP" for chunk in chunks):
        chunks.insert(0, Chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(profile, 9)))
    entries = _indices_and_entries(image, reduced) if settings.indexed else None
    if entries is None:
        plain = with_chunks(_save(PIL.Image.fromarray(rebuild_texels(image, reduced)), "PNG"), chunks)
        return squeezed_png(plain) if settings.squeeze else plain
    data = encode_indexed(entries.indices, entries.entries, chunks=chunks, squeeze=settings.squeeze)
    verify_indexed(data, entries.indices, entries.entries, image.name)
    return data


def _grey_file(image: Image, reduced: Reduced, file_format: str, profile: bytes) -> bytes:
    """Return a file of one grey channel: a profile of grey must not stand beside indexed colours."""
    data = _save(PIL.Image.fromarray(_grey(image, reduced)), file_format, icc_profile=profile)
    return with_chunks(data, image.extra) if file_format == "PNG" and image.extra else data


def _indices_and_entries(image: Image, reduced: Reduced) -> _Indexed | None:
    """Return indices into RGBA entries, or None if there are more than 256 of these.

    An opaque image keeps the palette's order. With alpha the entries are the pairs of colour and alpha that
    occur, in the palette's order, the more opaque first, and one for all fully transparent texels at the end.
    """
    alpha = image.alpha
    if alpha is None or (alpha == 255).all():
        return _Indexed(reduced.indices, np.insert(reduced.palette, 3, 255, axis=1))
    pairs = reduced.indices.astype(np.uint16) << 8 | (255 - alpha)
    clear = alpha == 0
    present = np.bincount(pairs[~clear], minlength=1 << 16) > 0
    found = np.flatnonzero(present)
    if len(found) + bool(clear.any()) > 256:
        return None
    entry_of = np.zeros(1 << 16, np.uint8)
    entry_of[found] = np.arange(len(found))
    indices = entry_of[pairs]
    entries = np.column_stack([reduced.palette[found >> 8], 255 - (found & 0xFF)]).astype(np.uint8)
    if clear.any():
        indices[clear] = len(found)
        entries = np.vstack([entries, [*_most_frequent(image.values[clear]), 0]]).astype(np.uint8)
    return _Indexed(indices, entries)


def _most_frequent(colors: UInt8Array) -> UInt8Array:
    """Return the colour that most texels have: filtering bleeds what stands under the transparent ones."""
    codes, counts = np.unique(to_codes(colors), return_counts=True)
    return to_colors(codes[counts.argmax()])


def _palette_picture(
    image: Image, reduced: Reduced, indexed: _Indexed | None, file_format: str
) -> tuple[PIL.Image.Image, dict[str, object]]:
    """Return a Pillow image for a format other than PNG with a palette, and how to save it."""
    opaque = indexed is not None and (indexed.entries[:, 3] == 255).all()
    if indexed is not None and (opaque or file_format == "GIF"):
        clear = np.flatnonzero(indexed.entries[:, 3] == 0)
        if len(clear) + (indexed.entries[:, 3] == 255).sum() < len(indexed.entries):
            raise _no_alpha(image, "GIF")
        picture = PIL.Image.fromarray(indexed.indices)
        picture.putpalette(indexed.entries[:, :3].tobytes())
        return picture, {"transparency": int(clear[0])} if len(clear) else {}
    texels = rebuild_texels(image, reduced)
    if file_format in ("GIF", "BMP") and texels.shape[2] == 4:
        if not (texels[..., 3] == 255).all():
            raise _no_alpha(image, file_format)
        texels = texels[..., :3]
    return PIL.Image.fromarray(texels), {}


def _no_alpha(image: Image, file_format: str) -> ImageWriteError:
    return ImageWriteError(f"{image.name}: {file_format} cannot hold its alpha; write a PNG")


def describes_grey(profile: bytes) -> bool:
    """Whether a profile is for grey images only (ICC.1:2022, 7.2.6: the data colour space signature)."""
    return profile[16:20] == b"GRAY"


def _grey(image: Image, reduced: Reduced) -> UInt8Array:
    """Return the rebuilt texels of a grey image as (H, W), or as (H, W, 2) with alpha."""
    pixels = rebuild_texels(image, reduced)
    return pixels[..., 0] if pixels.shape[2] == 3 else pixels[..., [0, 3]]


def _verify(image: Image, meant: UInt8Array, data: bytes) -> None:
    """Raise `ImageWriteError` where a lossless file does not hold the texels that were meant."""
    with PIL.Image.open(io.BytesIO(data)) as picture:
        texels = np.asarray(picture.convert("RGBA" if meant.shape[2] == 4 else "RGB"))
    seen = np.ones(meant.shape[:2], bool) if image.alpha is None else image.alpha > 0
    if texels.shape != meant.shape or not np.array_equal(texels[seen], meant[seen]):
        msg = f"{image.name}: what was written does not hold the texels that were meant; try another format"
        raise ImageWriteError(msg)


def _save(picture: PIL.Image.Image, file_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, file_format, **{**_SAVE_OPTIONS.get(file_format, {}), **options})
    return stream.getvalue()
