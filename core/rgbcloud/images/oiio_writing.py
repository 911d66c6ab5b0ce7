"""Writing an image of more than 8 bits a channel: like its source but for the colours."""

from __future__ import annotations

import tempfile
from os import fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.errors import ImageReadError, ImageWriteError
from rgbcloud.formats import FORMATS, split_suffix
from rgbcloud.images.exr_header import with_integer_channels
from rgbcloud.images.image import Encoded
from rgbcloud.images.oiio_files import error_of, opened_with_oiio, openimageio
from rgbcloud.images.pillow_writing import check_squeezable
from rgbcloud.images.png_chunks import kept_chunks, with_chunks
from rgbcloud.images.png_writing import squeezed_png

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.distance import StoredArray
    from rgbcloud.images.image import Image, Reduced
    from rgbcloud.images.png_chunks import Chunk
    from rgbcloud.settings import Settings

# What make_texture computes of the pixels, and writes anew.
_OF_PIXELS = ("oiio:AverageColor", "oiio:ConstantColor", "oiio:SHA-1")
_LOSSY = ("b44", "b44a", "dwaa", "dwab", "jpeg")  # of the compressions that EXR and TIFF have
_TYPES_HELD = {
    "EXR": ("float16", "float32"),
    "HDR": ("float32",),
    "PNG": ("uint8", "uint16"),
    "TIFF": ("uint8", "uint16", "float32"),  # OpenImageIO makes float of half
    "TX": ("uint8", "uint16", "float32"),
}


class OiioCodec:
    """Writes images that OpenImageIO has read; see `rgbcloud.images.image.Codec`."""

    def check_format(self, image: Image, file_format: str | None) -> str:
        """See `Codec.check_format`: the image's own format if none is asked for."""
        return checked_format(image, file_format)

    def encode(self, image: Image, reduced: Reduced, file_format: str, settings: Settings) -> Encoded:
        """See `Codec.encode`: texels that are transparent or no numbers, and all other channels, stay."""
        if settings.squeeze:
            check_squeezable(image, file_format)
        values = reduced.palette.take(reduced.indices, axis=0)
        replaced = np.ones(reduced.indices.shape, bool) if image.visible is None else image.visible
        suffix = split_suffix(image.extra.path)[1].lower()
        if FORMATS.get(suffix) != file_format:
            suffix = next(suffix for suffix, name in FORMATS.items() if name == file_format)
        data, notes = _encode(image, values, replaced, suffix)
        if file_format == "PNG":
            data = with_chunks(data, _chunks_of(image))
        return Encoded(squeezed_png(data) if settings.squeeze else data, notes)


OIIO = OiioCodec()


def checked_format(image: Image, file_format: str | None) -> str:
    """Return the format to write an image in: the one that is asked for, or its own.

    Raises
    ------
    ImageWriteError
        If such files cannot hold the image's type.
    """
    suffix = split_suffix(image.extra.path)[1].lower()
    wanted = file_format or FORMATS.get(suffix, suffix or "such")
    if image.depth not in _TYPES_HELD.get(wanted, ()):
        able = " ".join(
            suffix for suffix, name in FORMATS.items() if image.depth in _TYPES_HELD.get(name, ())
        )
        msg = f"{image.name} holds {image.depth}, which {wanted} files cannot; choose one of"
        raise ImageWriteError(f"{msg} {able}")
    return wanted


def _encode(image: Image, values: StoredArray, replaced: npt.NDArray[np.bool_], suffix: str) -> Encoded:
    """Return a file like the image's own, with other values where they are replaced."""
    oiio = openimageio()
    source = opened_with_oiio(oiio, image.extra.path, image.name)
    is_texture = suffix == ".tx"
    try:
        specs: list[Any] = []
        pixels: list[Any] = []
        while source.seek_subimage(len(specs), 0):
            spec = oiio.ImageSpec(source.spec())
            if image.profile is None:
                spec.erase_attribute("ICCProfile")  # one that does not fit the texels
            pixels.append(_read(source, len(specs), spec, image.name))
            specs.append(spec)
            if is_texture:
                break
    finally:
        source.close()
    _replace(image, pixels[0], values, replaced)
    integers = [_among_floats(spec) for spec in specs]
    if any(integers) and suffix != ".exr":
        names = ", ".join(name for part in integers for name in part)
        msg = f"{image.name} holds integers beside floating-point numbers ({names}), as only .exr files can"
        raise ImageWriteError(f"{msg}; write one")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, f"image{suffix}")
        written_as = [_written_as(oiio, spec) for spec in specs]
        notes = _notes_of_compression(specs[0], written_as[0])
        if is_texture:
            problem = _write_texture(oiio, target, written_as[0], pixels[0], notes)
        else:
            problem = _write(oiio, target, written_as, pixels)
        if problem or not target.is_file():
            raise ImageWriteError(f"{image.name}: cannot be written as {suffix} ({problem}); choose another")
        if not is_texture and suffix != ".hdr":  # whose mip levels are new, and whose texels share exponents
            _verify(oiio, target, pixels, image.name)
        data = target.read_bytes()
    return Encoded(with_integer_channels(data, integers) if any(integers) else data, notes)


def _chunks_of(image: Image) -> tuple[Chunk, ...]:
    """Return what a PNG says beside its texels; nothing of other files."""
    if split_suffix(image.extra.path)[1].lower() != ".png":
        return ()
    with image.extra.path.open("rb") as stream:
        chunks = kept_chunks(stream, name=image.name).chunks
    return tuple(chunk for chunk in chunks if image.profile is not None or chunk.kind != b"iCCP")


def _verify(oiio: Any, target: Path, pixels: list[Any], name: str) -> None:
    """Read a file back, which a full disk may have cut short in silence, and compare what it holds."""
    written = opened_with_oiio(oiio, target, name)
    try:
        for number, meant in enumerate(pixels):
            kind = oiio.TypeDesc(str(meant.dtype) if meant.dtype != np.float16 else "half")
            found = written.read_image(number, 0, 0, meant.shape[2], kind)
            if found is None or not np.array_equal(
                np.asarray(found), meant, equal_nan=meant.dtype.kind == "f"
            ):
                folder = target.parent
                msg = f"{name}: what was written does not hold the texels that were meant"
                raise ImageWriteError(f"{msg}; is there room in {folder}? TMPDIR may name another folder")
    finally:
        written.close()


def _notes_of_compression(spec: Any, written: Any) -> list[str]:
    before, after = (each.get_string_attribute("compression") for each in (spec, written))
    if before == after or not before:
        return []
    return [f"its compression, {before}, changes texels; it was written with {after}, which does not"]


def _among_floats(spec: Any) -> dict[str, int]:
    """Return the names and places of the channels of integers, if a subimage also has others."""
    types = [str(kind) for kind in spec.channelformats]
    if set(types) == {"uint"}:
        return {}
    return {spec.channelnames[place]: place for place, kind in enumerate(types) if kind == "uint"}


def _read(source: Any, number: int, spec: Any, name: str) -> Any:
    """Return all channels of a subimage exactly: integers among floats as the floats of the same bits.

    OpenImageIO would convert them, by way of a float, which has but 24 bits for the 32 of an integer.
    """

    def read(first: int, last: int, kind: str) -> Any:
        pixels = source.read_image(number, 0, first, last, kind)
        if pixels is None:
            raise ImageReadError(f"{name} is damaged or cut short ({error_of(source)})")
        return pixels

    types = {str(kind) for kind in spec.channelformats} or {str(spec.format)}
    whole = read(0, spec.nchannels, types.pop() if len(types) == 1 else "float")
    for place in _among_floats(spec).values():
        whole[..., place] = read(place, place + 1, "uint")[..., 0].view(np.float32)
    return whole


def _written_as(oiio: Any, spec: Any) -> Any:
    """Return what a subimage is written as, without today's date, and without integers to be rounded."""
    integers = _among_floats(spec).values()
    spec = oiio.ImageSpec(spec)
    if not spec.get_string_attribute("DateTime"):
        spec.attribute("DateTime", "")
    compression = spec.get_string_attribute("compression").partition(":")[0]
    if compression in _LOSSY or (compression == "pxr24" and str(spec.format) == "float"):
        spec.attribute("compression", "zip")
    if not integers:
        return spec
    spec.channelformats = tuple(
        oiio.TypeDesc("float") if place in integers else kind
        for place, kind in enumerate(spec.channelformats)
    )
    if compression == "pxr24":
        spec.attribute("compression", "zip")  # which keeps more than 24 bits
    return spec


def _replace(image: Image, block: Any, values: StoredArray, replaced: npt.NDArray[np.bool_]) -> None:
    """Write values into the colour channels of a block of all channels, multiplied with alpha if need be."""
    opacity = np.minimum(image.alpha, 1) if image.extra.divided and image.alpha is not None else None
    for place, channel in enumerate(image.extra.channels):
        new = values[..., place]
        if opacity is not None:
            with np.errstate(over="ignore", invalid="ignore"):  # of texels that stay as they are
                new = new * opacity
        np.copyto(block[..., channel], new, casting="unsafe", where=replaced)


def _write(oiio: Any, target: Path, specs: list[Any], pixels: list[Any]) -> str:
    """Write all subimages; return what went wrong, empty if nothing did."""
    output = oiio.ImageOutput.create(fspath(target))
    if output is None:
        return error_of(oiio)
    first = specs[0] if len(specs) == 1 else tuple(specs)
    if not output.open(fspath(target), first):
        return error_of(output)
    for number, (spec, block) in enumerate(zip(specs, pixels)):
        if number and not output.open(fspath(target), spec, "AppendSubimage"):
            return error_of(output)
        if not output.write_image(block):
            return error_of(output)
    # What it returns tells; OpenImageIO 3.2 leaves a message about Exif data behind every TIFF it wrote well.
    return "" if output.close() else error_of(output)


def _write_texture(oiio: Any, target: Path, spec: Any, pixels: Any, notes: list[str]) -> str:
    """Write a tiled texture with all its mip levels, made as maketx makes them."""
    buffer = oiio.ImageBuf(spec)
    buffer.set_pixels(oiio.ROI(), pixels)
    config = oiio.ImageSpec()
    config.set_format(spec.format)
    config.tile_width, config.tile_height = spec.tile_width, spec.tile_height
    for attribute in spec.extra_attribs:
        if attribute.name not in _OF_PIXELS:
            _copy_attribute(config, attribute, notes)
    if not oiio.ImageBufAlgo.make_texture(oiio.MakeTxTexture, buffer, fspath(target), config):
        return error_of(oiio) or error_of(buffer)
    return ""


def _copy_attribute(spec: Any, attribute: Any, notes: list[str]) -> None:
    try:
        spec.attribute(attribute.name, attribute.type, attribute.value)
    except RuntimeError:  # OpenImageIO takes back no text that is not UTF-8
        notes.append(f"its attribute {attribute.name} is no text in UTF-8; it was left out")
