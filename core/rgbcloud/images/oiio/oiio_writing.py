"""Writing an image of more than 8 bits a channel: like its source but for the colours."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from os import fspath
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rgbcloud.errors import ImageReadError, ImageWriteError
from rgbcloud.formats import FORMATS, split_suffix
from rgbcloud.images.image import Encoded
from rgbcloud.images.oiio.exr_header import with_integer_channels
from rgbcloud.images.oiio.oiio_files import error_of, opened_with_oiio, openimageio
from rgbcloud.images.oiio.oiio_specs import spec_upright, strip_attributes, turned_upright
from rgbcloud.images.pillow.pillow_writing import check_squeezable
from rgbcloud.images.png.png_chunks import COLOR_CHUNKS, kept_chunks, with_chunks
from rgbcloud.images.png.png_writing import squeezed_png
from rgbcloud.images.scaling import enlarge_texels, majority, mean_values, scale_texels
from rgbcloud.images.temporary import scratch_folders, temporary_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rgbcloud.color.distance import StoredArray
    from rgbcloud.images.image import Image, Reduced
    from rgbcloud.images.png.png_chunks import Chunk
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
_COLORS_OR_GREY = {1: (".hdr",), 2: (".hdr", ".png")}  # where so few channels mean something else
_FOUR_CHANNELS = ("PNG", "HDR")  # at most


class OiioCodec:
    """Writes images that OpenImageIO has read; see `rgbcloud.images.image.Codec`."""

    def check_format(self, image: Image, file_format: str | None) -> str:
        """See `Codec.check_format`: the image's own format if none is asked for."""
        return checked_format(image, file_format)

    def with_alpha_as(self, image: Image, *, opacity: bool) -> Image:
        """See `Codec.with_alpha_as`: what opacity had multiplied, no channel divides."""
        changed = replace(image, alpha_is_opacity=opacity)
        if image.extra.other_values is None or image.alpha is None:
            return changed
        texels = np.dstack([image.extra.other_values, image.alpha])
        return replace(changed, texels=texels, extra=replace(image.extra, other_values=image.values))

    def with_texels(self, image: Image, texels: StoredArray) -> Image:
        """See `Codec.with_texels`."""
        extra = replace(image.extra, other_values=None)
        return replace(image, texels=texels, extra=extra, full_size=image.full_size or image.size)

    def encode(
        self,
        image: Image,
        reduced: Reduced,
        file_format: str,
        settings: Settings,
        folder: Path | None = None,
    ) -> Encoded:
        """See `Codec.encode`: texels that are transparent or no numbers, and all other channels, stay."""
        if settings.squeeze:
            check_squeezable(image, file_format)
        suffix = split_suffix(image.extra.path)[1].lower()
        if FORMATS.get(suffix) != file_format:
            suffix = next(suffix for suffix, name in FORMATS.items() if name == file_format)
        meant = _meant(image, reduced, suffix, settings)
        encoded = _encode_in(scratch_folders() if folder is None else [folder], image, meant, suffix)
        if file_format != "PNG":
            return encoded
        data = with_chunks(encoded.data, _chunks_of(image, settings))
        return encoded._replace(data=squeezed_png(data) if settings.squeeze else data)


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
    if image.depth in _TYPES_HELD.get(wanted, ()) and not (image.extra.others and wanted in _FOUR_CHANNELS):
        return wanted
    able = " ".join(
        suffix
        for suffix, name in FORMATS.items()
        if image.depth in _TYPES_HELD.get(name, ()) and not (image.extra.others and name in _FOUR_CHANNELS)
    )
    holds = image.depth
    if image.extra.others:
        holds += f" and channels beside colour and alpha ({', '.join(image.extra.others[:4])})"
    raise ImageWriteError(f"{image.name} holds {holds}, which {wanted} files cannot; choose one of {able}")


class _Meant(NamedTuple):
    """What a file is to hold: for every subimage what OpenImageIO says of it, and all its channels."""

    specs: list[Any]
    pixels: list[Any]
    notes: list[str]


def _meant(image: Image, reduced: Reduced, suffix: str, settings: Settings) -> _Meant:
    """Return the image's own file with other colours."""
    oiio = openimageio()
    source = opened_with_oiio(oiio, image.extra.path, image.name)
    specs: list[Any] = []
    pixels: list[Any] = []
    notes: list[str] = []
    try:
        while source.seek_subimage(len(specs), 0):
            spec = oiio.ImageSpec(source.spec())
            if image.profile is None:
                spec.erase_attribute("ICCProfile")  # one that does not fit the texels
            if settings.strip:
                strip_attributes(spec)
            if not specs and spec.depth == 1 and _is_replaced(image, spec):
                block = np.empty((spec.height, spec.width, spec.nchannels), image.texels.dtype)
            else:
                block = _read(source, len(specs), spec, image.name)
            block = turned_upright(block, spec)
            spec = spec_upright(spec)
            if image.full_size is not None:
                block = _scaled(block, spec, image, settings.enlarge)
                if not specs and image.alpha is not None and block.dtype == image.alpha.dtype:
                    block[..., spec.alpha_channel] = image.alpha  # of labels it is no mean
            pixels.append(block)
            specs.append(spec)
    finally:
        source.close()
    channels = image.extra.channels
    are_held = len(channels) == 3 or suffix not in _COLORS_OR_GREY[len(channels)]
    if not are_held or not _suffices(reduced.palette, len(channels)):
        specs[0], pixels[0] = _with_three_colors(oiio, specs[0], pixels[0], channels)
        channels = (0, 1, 2)
        notes.append("it has fewer than three channels of colour, and the result has all three")
        if specs[0].getattribute("ICCProfile") is not None and len(image.extra.channels) == 1:
            specs[0].erase_attribute("ICCProfile")
            notes.append("its ICC profile is one of grey, and the result has colours; it was left out")
    _replace(image, pixels[0], channels, reduced)
    return _Meant(specs, pixels, notes)


def _is_replaced(image: Image, spec: Any) -> bool:
    """Whether every number of the image's subimage becomes another one, so that it need not be read again."""
    return spec.nchannels == len(image.extra.channels) and image.visible is None and image.full_size is None


def _scaled(block: Any, spec: Any, image: Image, times: int) -> Any:
    """Return a subimage as the image is, smaller and then enlarged, and say so in what is said of it."""
    scale = [new / old for new, old in zip(image.size, image.full_size or image.size)]
    old = spec.width, spec.height
    for axis, side, ratio in zip("xy", ("width", "height"), scale):
        for name in (side, f"full_{side}"):
            setattr(spec, name, times * max(1, round(getattr(spec, name) * ratio / times)))
        for name in (axis, f"full_{axis}"):
            setattr(spec, name, round(getattr(spec, name) * ratio))
    size = spec.width // times, spec.height // times
    if size == old:
        return enlarge_texels(block, times)
    if block.dtype.kind == "u" and block.dtype.itemsize > 2:
        return enlarge_texels(scale_texels(block, size, majority), times)  # numbers of objects
    scaled = scale_texels(block, size, mean_values)
    for place in _among_floats(spec).values():
        scaled[..., place] = scale_texels(block[..., [place]], size, majority)[..., 0]
    return enlarge_texels(scaled, times)


def _suffices(palette: StoredArray, channels: int) -> bool:
    """Return whether so many channels hold a palette: one if it is grey, two if it has no blue."""
    if channels == 1:
        return bool((palette == palette[:, :1]).all())
    return channels == 3 or not palette[:, 2].any()


def _with_three_colors(oiio: Any, spec: Any, block: Any, channels: tuple[int, ...]) -> tuple[Any, Any]:
    """Return a subimage of red, green and blue, and then whatever else it has."""
    others = [place for place in range(spec.nchannels) if place not in channels]
    wide = oiio.ImageSpec(spec)
    wide.nchannels = 3 + len(others)
    wide.channelnames = ("R", "G", "B", *(spec.channelnames[place] for place in others))
    wide.alpha_channel = 3 + others.index(spec.alpha_channel) if spec.alpha_channel in others else -1
    if spec.channelformats:
        kinds = [spec.channelformats[channels[0]]] * 3
        wide.channelformats = (*kinds, *(spec.channelformats[place] for place in others))
    return wide, np.ascontiguousarray(block[..., [channels[0], channels[-1], channels[0], *others]])


def _encode_in(folders: Sequence[Path], image: Image, meant: _Meant, suffix: str) -> Encoded:
    """Write a file in the first folder that has room for it."""
    for folder in folders[:-1]:
        with contextlib.suppress(ImageWriteError):
            return _encode(image, meant, suffix, folder)
    return _encode(image, meant, suffix, folders[-1])


def _encode(image: Image, meant: _Meant, suffix: str, folder: Path) -> Encoded:
    """Write a file, read it back, and return its bytes."""
    oiio = openimageio()
    is_texture = suffix == ".tx"
    specs, pixels = (meant.specs[:1], meant.pixels[:1]) if is_texture else (meant.specs, meant.pixels)
    integers = [_among_floats(spec) for spec in specs]
    if any(integers) and suffix != ".exr":
        names = ", ".join(name for part in integers for name in part)
        msg = f"{image.name} holds integers beside floating-point numbers ({names}), as only .exr files can"
        raise ImageWriteError(f"{msg}; write one")
    written_as = [_written_as(oiio, spec, suffix) for spec in specs]
    notes = [*meant.notes, *_notes_of_compression(specs[0], written_as[0])]
    held = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary_file(folder, suffix) as target:
            if is_texture:
                problem = _write_texture(oiio, target, written_as[0], pixels[0], notes)
            else:
                problem = _write(oiio, target, written_as, pixels)
            if problem or not target.stat().st_size:
                msg = f"{image.name}: cannot be written as {suffix} ({problem}); is there room in {folder}?"
                raise ImageWriteError(f"{msg} Choose another output or format if not")
            found = _read_back(oiio, target, pixels, image.name)
            data = target.read_bytes()
    except OSError as error:
        msg = f"{image.name}: nothing can be written in {folder}: {error.strerror or error}"
        raise ImageWriteError(f"{msg}; choose another output") from error
    if suffix == ".hdr":
        held = found[0][..., list(image.extra.channels)].astype(np.float32)
        notes.append(
            "HDR stores the channels of a texel with one exponent: its colours are not quite the palette's"
        )
    return Encoded(with_integer_channels(data, integers) if any(integers) else data, notes, held)


def _chunks_of(image: Image, settings: Settings) -> tuple[Chunk, ...]:
    """Return what a PNG says beside its texels; nothing of other files."""
    if split_suffix(image.extra.path)[1].lower() != ".png":
        return ()
    with image.extra.path.open("rb") as stream:
        chunks = kept_chunks(stream, upright=image.extra.is_turned, name=image.name).chunks
    if settings.strip:
        chunks = tuple(chunk for chunk in chunks if chunk.kind in COLOR_CHUNKS)
    return tuple(chunk for chunk in chunks if image.profile is not None or chunk.kind != b"iCCP")


def _read_back(oiio: Any, target: Path, pixels: list[Any], name: str) -> list[Any]:
    """Return the texels that a file holds, which a full disk may have cut short in silence.

    Raises
    ------
    ImageWriteError
        If they are others than was meant: in a file of shared exponents, more than these explain.
    """
    written = opened_with_oiio(oiio, target, name)
    blocks = []
    try:
        for number, meant in enumerate(pixels):
            kind = oiio.TypeDesc(str(meant.dtype) if meant.dtype != np.float16 else "half")
            found = written.read_image(number, 0, 0, meant.shape[2], kind)
            if found is None or not _is_as_meant(np.asarray(found), meant, target.suffix):
                msg = f"{name}: what was written does not hold the texels that were meant"
                raise ImageWriteError(
                    f"{msg}; is there room in {target.parent}? Choose another output if not"
                )
            blocks.append(np.asarray(found))
    finally:
        written.close()
    return blocks


def _is_as_meant(found: Any, meant: Any, suffix: str) -> bool:
    if suffix != ".hdr":
        bits = f"u{meant.itemsize}"  # in which NaN equals itself, and half floats compare sooner
        return np.array_equal(found.view(bits), meant.view(bits)) or np.array_equal(
            found, meant, equal_nan=meant.dtype.kind == "f"
        )
    # Eight bits of the largest channel of each texel; negative numbers become 0.
    positive = np.maximum(np.nan_to_num(meant, nan=0, posinf=0), 0)
    step = positive.max(axis=2, keepdims=True) / 128
    known = np.isfinite(meant).all(axis=2)
    return found.shape == meant.shape and bool((np.abs(found - positive) <= step + 1e-30)[known].all())


def _notes_of_compression(spec: Any, written: Any) -> list[str]:
    before, after = (each.get_string_attribute("compression") for each in (spec, written))
    if before in (after, ""):
        return []
    if before == "none":
        return [f"it was stored without compression; it was written with {after}, which changes no texel"]
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


def _written_as(oiio: Any, spec: Any, suffix: str) -> Any:
    """Return what a subimage is written as, without today's date, and without integers to be rounded."""
    integers = _among_floats(spec).values()
    spec = oiio.ImageSpec(spec)
    if not spec.get_string_attribute("DateTime"):
        spec.attribute("DateTime", "")
    compression = spec.get_string_attribute("compression").partition(":")[0]
    is_lossy = compression in _LOSSY or (compression == "pxr24" and str(spec.format) == "float")
    if is_lossy or (compression == "none" and suffix in (".tif", ".tiff")):
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


def _replace(image: Image, block: Any, channels: tuple[int, ...], reduced: Reduced) -> None:
    """Write the palette's values into the colour channels of a block, multiplied with alpha if need be."""
    replaced = True if image.visible is None else image.visible
    opacity = None
    if image.extra.premultiplied and image.opacity is not None:
        opacity = np.minimum(image.opacity, 1)
    for place, channel in enumerate(channels):
        new = reduced.palette[:, place].take(reduced.indices)
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
    except (RuntimeError, TypeError):  # OpenImageIO takes back no text that is not UTF-8, nor one of many
        notes.append(f"its attribute {attribute.name} is no text in UTF-8; it was left out")
