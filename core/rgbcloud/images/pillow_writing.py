"""A reduced image as the bytes of a file: indexed wherever alpha allows it, and never more than needed."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

from rgbcloud.color.codes import to_codes, to_colors
from rgbcloud.errors import ImageWriteError, MissingDependencyError
from rgbcloud.threads import in_parallel

if TYPE_CHECKING:
    from pathlib import Path

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.images.pillow_reading import SourceImage
    from rgbcloud.palettes.palette import Palette

FORMATS = {
    ".png": "PNG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".tga": "TGA",
    ".bmp": "BMP",
    ".gif": "GIF",
    ".webp": "WEBP",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
}
"""What can be written: file name suffix to Pillow's name of the format."""

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


@dataclass(frozen=True, eq=False)
class ReducedImage:
    """A source image and the palette index of each of its texels."""

    source: SourceImage
    palette: Palette
    indices: UInt8Array  # (H, W)

    @property
    def pixels(self) -> UInt8Array:
        """The rebuilt texels, of the source's shape; alpha, and the RGB where it is 0, as they were."""
        alpha = self.source.alpha
        rebuilt = self.palette.rebuild(self.indices)
        if alpha is None:
            return rebuilt
        pixels = self.source.pixels.copy()
        np.copyto(pixels[..., :3], rebuilt, where=(alpha > 0)[..., np.newaxis])
        return pixels


class Encoded(NamedTuple):
    """The bytes of a file, and what its reader should know."""

    data: bytes
    notes: list[str]


class _Indexed(NamedTuple):
    """Texels as indices into RGBA entries."""

    indices: UInt8Array
    entries: UInt8Array  # (n, 4), n <= 256


def format_of(path: Path) -> str:
    """Return the format that a file name asks for.

    Raises
    ------
    ImageWriteError
        If the suffix is none that can be written.
    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        choices = " ".join(FORMATS)
        msg = f"{path}: cannot write a {path.suffix or 'nameless'} file; choose one of {choices}"
        raise ImageWriteError(msg) from None


def encode(image: ReducedImage, file_format: str, *, indexed: bool = True, squeeze: bool = False) -> Encoded:
    """Encode a reduced image.

    Parameters
    ----------
    image : ReducedImage
    file_format : str
        One of the values of `FORMATS`.
    indexed : bool, default True
        Whether to write palette indices where format and alpha allow it.
    squeeze : bool, default False
        Whether to compress a PNG further with oxipng; other formats are left as they are.

    Returns
    -------
    Encoded
        Indexed where the format has palettes and the alpha values fit in: an entry per pair of colour and
        alpha, at most 256 with one for full transparency. Otherwise RGB or RGBA, alpha exact, and the RGB
        of fully transparent texels kept. PNGs are written in 8 bits a texel and in as few as will do, and
        the smaller file is taken: on photographs deflate does better on whole bytes.

    Raises
    ------
    ImageWriteError
        If the format cannot hold the image's alpha.
    MissingDependencyError
        If `squeeze` is on and oxipng is not installed.
    """
    encoded = _encoded(image, file_format, indexed=indexed)
    return Encoded(squeezed(encoded.data), encoded.notes) if squeeze and file_format == "PNG" else encoded


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


def _encoded(image: ReducedImage, file_format: str, *, indexed: bool) -> Encoded:
    notes = []
    options: dict[str, object] = {}
    profile = image.source.icc_profile
    if profile and file_format in _WITHOUT_PROFILE:
        notes.append(f"{file_format} cannot hold the ICC profile; it was left out")
        profile = None
    if profile and _describes_grey(profile):
        picture = Image.fromarray(_grey(image))
    elif file_format in ("JPEG", "WEBP"):
        picture = Image.fromarray(image.pixels)
    else:
        entries = _indexed(image) if indexed or file_format == "GIF" else None
        if file_format == "PNG" and entries:
            return Encoded(_smallest_png(entries, profile), notes)
        picture, options = _palette_picture(image, entries, file_format)
    if file_format == "JPEG":
        if image.source.alpha is not None:
            raise ImageWriteError(f"{image.source.name} has alpha, which JPEG cannot hold; write a PNG")
        notes.append("JPEG changes colours when it compresses: the file holds more than the palette's")
    return Encoded(_saved(picture, file_format, icc_profile=profile, **options), notes)


def _indexed(image: ReducedImage) -> _Indexed | None:
    """Return indices into RGBA entries, or None if there are more than 256 of these.

    An opaque image keeps the palette's order. With alpha the entries are the pairs of colour and alpha that
    occur, in the palette's order, the more opaque first, and one for all fully transparent texels at the end.
    """
    palette, alpha = image.palette, image.source.alpha
    if alpha is None or (alpha == 255).all():
        return _Indexed(image.indices, np.insert(palette.colors, 3, 255, axis=1))
    pairs = image.indices.astype(np.uint16) << 8 | (255 - alpha)
    clear = alpha == 0
    present = np.bincount(pairs[~clear], minlength=1 << 16) > 0
    found = np.flatnonzero(present)
    if len(found) + bool(clear.any()) > 256:
        return None
    entry_of = np.zeros(1 << 16, np.uint8)
    entry_of[found] = np.arange(len(found))
    indices = entry_of[pairs]
    entries = np.column_stack([palette.colors[found >> 8], 255 - (found & 0xFF)]).astype(np.uint8)
    if clear.any():
        indices[clear] = len(found)
        entries = np.vstack([entries, [*_most_frequent(image.source.rgb[clear]), 0]]).astype(np.uint8)
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
        picture = Image.fromarray(indexed.indices)
        picture.putpalette(entries[:, :3].tobytes())
        alpha = entries[:, 3]
        transparency = {} if (alpha == 255).all() else {"transparency": alpha.tobytes()}
        return _saved(picture, "PNG", icc_profile=profile, compress_type=strategy, **transparency)

    return min(in_parallel(attempt, attempts), key=len)


def _palette_picture(
    image: ReducedImage, indexed: _Indexed | None, file_format: str
) -> tuple[Image.Image, dict[str, object]]:
    """Return a Pillow image for a format other than PNG with a palette, and how to save it."""
    opaque = indexed is not None and (indexed.entries[:, 3] == 255).all()
    if indexed is not None and (opaque or file_format == "GIF"):
        clear = np.flatnonzero(indexed.entries[:, 3] == 0)
        if len(clear) + (indexed.entries[:, 3] == 255).sum() < len(indexed.entries):
            raise _no_alpha(image, "GIF")
        picture = Image.fromarray(indexed.indices)
        picture.putpalette(indexed.entries[:, :3].tobytes())
        return picture, {"transparency": int(clear[0])} if len(clear) else {}
    if file_format in ("GIF", "BMP"):
        raise _no_alpha(image, file_format)
    return Image.fromarray(image.pixels), {}


def _no_alpha(image: ReducedImage, file_format: str) -> ImageWriteError:
    return ImageWriteError(f"{image.source.name}: {file_format} cannot hold its alpha; write a PNG")


def _describes_grey(profile: bytes) -> bool:
    """Whether a profile is for grey images only (ICC.1:2022, 7.2.6: the data colour space signature)."""
    return profile[16:20] == b"GRAY"


def _grey(image: ReducedImage) -> UInt8Array:
    """Return the rebuilt texels of a grey image as (H, W), or as (H, W, 2) with alpha."""
    pixels = image.pixels
    return pixels[..., 0] if pixels.shape[2] == 3 else pixels[..., [0, 3]]


def _saved(picture: Image.Image, file_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, file_format, **{**_SAVE_OPTIONS.get(file_format, {}), **options})
    return stream.getvalue()
