"""Palettes as files that other programs write and open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Callable, NamedTuple

from rgbcloud.errors import ImageWriteError, PaletteReadError, reason_of
from rgbcloud.formats import FORMATS as IMAGE_FORMATS
from rgbcloud.images.files import write_file
from rgbcloud.palettes import palette_adobe as adobe
from rgbcloud.palettes import palette_images as images
from rgbcloud.palettes import palette_text as text
from rgbcloud.palettes.palette import Palette
from rgbcloud.palettes.palette_riff import decode_riff, looks_like_riff
from rgbcloud.settings import MAX_COLORS

if TYPE_CHECKING:
    from os import PathLike

    from rgbcloud.color.codes import UInt8Array


class _Format(NamedTuple):
    name: str
    fits: Callable[[bytes], bool]  # whether content looks like it
    decode: Callable[[bytes, list[str]], UInt8Array | Palette]
    encode: Callable[[Palette, str], bytes]


_FORMATS: dict[str, _Format] = {  # content is tried in this order: what has a mark first
    ".gpl": _Format("a GIMP palette", text.looks_like_gpl, text.decode_gpl, text.encode_gpl),
    ".pal": _Format(
        "a palette of Paint Shop Pro or Windows",
        lambda d: text.looks_like_jasc(d) or looks_like_riff(d),
        lambda d, notes: (decode_riff if looks_like_riff(d) else text.decode_jasc)(d, notes),
        text.encode_jasc,
    ),
    ".ase": _Format(
        "an ASE swatch exchange", lambda d: d.startswith(adobe.ASE_MARK), adobe.decode_ase, adobe.encode_ase
    ),
    ".png": _Format(
        "a PNG image", lambda d: d.startswith(b"\x89PNG"), images.decode_image, images.encode_swatches
    ),
    ".json": _Format("JSON", text.looks_like_json, text.decode_json, text.encode_json),
    ".hex": _Format("a list of hexadecimal colours", text.looks_like_hex, text.decode_hex, text.encode_hex),
    ".act": _Format(
        "an ACT colour table", lambda d: len(d) in adobe.ACT_SIZES, adobe.decode_act, adobe.encode_act
    ),
    ".aco": _Format("ACO swatches", adobe.looks_like_aco, adobe.decode_aco, adobe.encode_aco),
}

_MOST_BYTES = 1 << 27  # of an image whose colours are to be taken

SUFFIXES = tuple(_FORMATS)
"""What a palette file's name may end with when it is written."""


def load_palette(path: str | PathLike[str]) -> Palette:
    """Read a palette: .gpl, .aco, .act, .ase, .pal (JASC, RIFF), .hex, .json, .png or another image.

    Parameters
    ----------
    path : str or path-like
        A file whose suffix is none of these is read as what its content looks like. Of an image with a
        palette the entries are taken, of any other the colours in the order in which they are met.

    Returns
    -------
    Palette
        In the order of the file. A table or a list may hold a colour twice; the first one is then used.

    Raises
    ------
    PaletteReadError
        If the file is missing, cut short, of another format than its name, larger than 128 MB, or holds no or
        more than 256 colours, or none with a certain RGB (CMYK has none): some of these are left out, and the
        palette's notes say so.

    Notes
    -----
    Values are taken for sRGB, which is what these formats hold by convention. L*a*b* swatches are converted
    and clipped.
    """
    file = Path(path)
    data = _read_bytes(file)
    notes: list[str] = []
    try:
        colors = _decoder(file.suffix.lower(), data)(data, notes)
    except PaletteReadError as error:
        raise PaletteReadError(f"{file} is no palette that can be read: {error}") from error
    if not 1 <= len(colors) <= MAX_COLORS:
        raise PaletteReadError(
            f"{file} holds {len(colors):,} colours; a palette must have 1 to {MAX_COLORS}, choose another"
        )
    if isinstance(colors, Palette):
        return colors
    return Palette(colors, notes=[f"{file}: {note}" for note in notes])


def save_palette(path: str | PathLike[str], palette: Palette, *, overwrite: bool = False) -> Path:
    """Write a palette as .gpl, .pal, .ase, .png, .json, .hex, .act or .aco, as the suffix says.

    Parameters
    ----------
    path : str or path-like
        ``.hex``: six digits a line. ``.json``: colours, populations, shares, inertia. ``.png``: swatches of
        32 x 32 pixels, 16 a row. The others are what GIMP, Paint Shop Pro and Adobe's programs open.
    palette : Palette
    overwrite : bool, default False
        Whether a file that is there may be replaced.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ImageWriteError
        If the suffix is another one or the file cannot be written.
    """
    target = Path(path)
    try:
        encode = _FORMATS[target.suffix.lower()].encode
    except KeyError:
        msg = f"{target}: a palette is written as {', '.join(_FORMATS)}, got {target.suffix!r}"
        raise ImageWriteError(msg) from None
    return write_file(target, encode(palette, target.stem), overwrite=overwrite)


def _read_bytes(file: Path) -> bytes:
    """Return what a file holds, if that ends before any palette would have."""
    try:
        with file.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise PaletteReadError(f"{file}: {reason_of(error)}; check the path") from error
    if len(data) > _MOST_BYTES:
        msg = f"{file} has more than {_MOST_BYTES >> 20} MB, which no palette has; check the path"
        raise PaletteReadError(msg)
    return data


def _decoder(suffix: str, data: bytes) -> Callable[[bytes, list[str]], UInt8Array | Palette]:
    """Return how to read a file, or complain if its content is not what its name says."""
    if not data:
        raise PaletteReadError("it is empty")
    looks = next((other for other, form in _FORMATS.items() if form.fits(data)), None)
    if suffix in _FORMATS:
        expected = _FORMATS[suffix]
        if expected.fits(data) or (suffix == ".act" and looks is None):  # which says how long it should be
            return expected.decode
        if looks is not None:
            raise PaletteReadError(f"it holds {_FORMATS[looks].name}; rename it to {looks}")
        raise PaletteReadError(f"its content is not {expected.name}")
    if suffix in IMAGE_FORMATS:
        return images.decode_image
    if looks is None:
        raise PaletteReadError(f"its content is none of {', '.join(_FORMATS)}")
    return _FORMATS[looks].decode
