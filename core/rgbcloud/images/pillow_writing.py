"""A reduced image as the bytes of a file: indexed wherever alpha allows it, and never more than needed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import PIL.Image

from rgbcloud.color.codes import to_codes, to_colors
from rgbcloud.errors import ImageWriteError, InvalidArgumentError, MissingDependencyError
from rgbcloud.images.formats import DEEP_FORMATS
from rgbcloud.images.image import Encoded
from rgbcloud.images.png_chunks import kept_chunks, with_chunks
from rgbcloud.threads import in_parallel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.images.image import Image, Reduced
    from rgbcloud.images.png_chunks import Chunk
    from rgbcloud.settings import Settings

# zlib's Z_DEFAULT_STRATEGY and Z_RLE. On photographs several texels a byte seldom repeat at a distance:
# looking for runs alone then makes files 5 to 10 % smaller, in a third of the time.
_REPEATS = 0
_RUN_LENGTHS = 3
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
        of fully transparent texels kept. PNGs are written in 8 bits a texel and in as few as will do, and
        the smaller file is taken: on photographs deflate does better on whole bytes.
        """
        data, notes = _encoded(image, reduced, file_format, indexed=settings.indexed)
        if settings.squeeze:
            check_squeezable(image, file_format)
            data = squeezed(data)
        if file_format == "PNG" and image.extra:
            data = with_color_chunks(data, image.extra)
        return Encoded(data, notes)


PILLOW = PillowCodec()


def check_squeezable(image: Image, file_format: str) -> None:
    """Raise `InvalidArgumentError` where a file is no PNG, which are all that can be squeezed."""
    if file_format != "PNG":
        msg = f"{image.name}: squeeze compresses PNGs, and this is written as {file_format}"
        raise InvalidArgumentError(f"{msg}; leave it out, or write a PNG")


def with_color_chunks(png: bytes, chunks: Sequence[Chunk]) -> bytes:
    """Return a PNG that says of its colours what chunks say, beside its own ICC profile."""
    profile = [chunk for chunk in kept_chunks(png).chunks if chunk.kind == b"iCCP"]
    return with_chunks(png, (*chunks, *profile))


def rebuilt(image: Image, reduced: Reduced) -> UInt8Array:
    """Return the texels of a reduced image, of the source's shape: alpha, and RGB where it is 0, stay."""
    colors = reduced.palette.take(reduced.indices, axis=0)
    if image.alpha is None:
        return colors
    texels = image.texels.copy()
    np.copyto(texels[..., :3], colors, where=(image.alpha > 0)[..., np.newaxis])
    return texels


def squeezed(png: bytes) -> bytes:
    """Return a PNG that is compressed better: the same texels, palette order, profile and bit depth.

    Raises
    ------
    MissingDependencyError
        If oxipng is not installed.
    """
    try:
        import oxipng
    except ImportError as error:
        msg = 'squeezing needs oxipng; install it with: python -m pip install "rgbcloud[squeeze]"'
        raise MissingDependencyError(msg) from error
    smaller: bytes = oxipng.optimize_from_memory(
        png,
        level=2,  # higher ones take several times as long for half a percent
        bit_depth_reduction=False,  # both depths were tried already
        color_type_reduction=False,
        grayscale_reduction=False,
        palette_reduction=False,  # it would put the palette in another order
    )
    return smaller


def _encoded(image: Image, reduced: Reduced, file_format: str, *, indexed: bool) -> Encoded:
    notes = []
    options: dict[str, object] = {}
    profile = image.profile
    if profile and file_format in _WITHOUT_PROFILE:
        notes.append(f"{file_format} cannot hold the ICC profile; it was left out")
        profile = None
    if profile and _describes_grey(profile):
        picture = PIL.Image.fromarray(_grey(image, reduced))
    elif file_format in ("JPEG", "WEBP"):
        picture = PIL.Image.fromarray(rebuilt(image, reduced))
    else:
        entries = _indexed(image, reduced) if indexed or file_format == "GIF" else None
        if file_format == "PNG" and entries:
            return Encoded(_smallest_png(entries, profile), notes)
        picture, options = _palette_picture(image, reduced, entries, file_format)
    if file_format == "JPEG":
        notes.append("JPEG changes colours when it compresses: the file holds more than the palette's")
    return Encoded(_saved(picture, file_format, icc_profile=profile, **options), notes)


def _indexed(image: Image, reduced: Reduced) -> _Indexed | None:
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


def _smallest_png(indexed: _Indexed, profile: bytes | None) -> bytes:
    """Return the smallest of an 8-bit and two minimal-depth PNGs."""
    attempts = [(8, _REPEATS)]
    if len(indexed.entries) <= 16:
        attempts += [(4, _REPEATS), (4, _RUN_LENGTHS)]

    def attempt(depth_and_strategy: tuple[int, int]) -> bytes:
        bits, strategy = depth_and_strategy
        # Pillow takes the depth from the number of entries (and `bits`, in older releases).
        # A palette of 17 entries, the last one repeated, makes it write whole bytes.
        shortfall = max(0, 17 - len(indexed.entries)) if bits == 8 else 0
        entries = np.vstack([indexed.entries, np.repeat(indexed.entries[-1:], shortfall, axis=0)])
        picture = PIL.Image.fromarray(indexed.indices)
        picture.putpalette(entries[:, :3].tobytes())
        alpha = entries[:, 3]
        transparency = {} if (alpha == 255).all() else {"transparency": alpha.tobytes()}
        return _saved(picture, "PNG", icc_profile=profile, compress_type=strategy, **transparency)

    return min(in_parallel(attempt, attempts), key=len)


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
    texels = rebuilt(image, reduced)
    if file_format in ("GIF", "BMP") and texels.shape[2] == 4:
        if not (texels[..., 3] == 255).all():
            raise _no_alpha(image, file_format)
        texels = texels[..., :3]
    return PIL.Image.fromarray(texels), {}


def _no_alpha(image: Image, file_format: str) -> ImageWriteError:
    return ImageWriteError(f"{image.name}: {file_format} cannot hold its alpha; write a PNG")


def _describes_grey(profile: bytes) -> bool:
    """Whether a profile is for grey images only (ICC.1:2022, 7.2.6: the data colour space signature)."""
    return profile[16:20] == b"GRAY"


def _grey(image: Image, reduced: Reduced) -> UInt8Array:
    """Return the rebuilt texels of a grey image as (H, W), or as (H, W, 2) with alpha."""
    pixels = rebuilt(image, reduced)
    return pixels[..., 0] if pixels.shape[2] == 3 else pixels[..., [0, 3]]


def _saved(picture: PIL.Image.Image, file_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, file_format, **{**_SAVE_OPTIONS.get(file_format, {}), **options})
    return stream.getvalue()
