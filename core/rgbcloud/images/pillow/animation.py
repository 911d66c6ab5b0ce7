"""Animations of 8 bits: all frames as one tall image, which shares one palette, and back.

References
----------
Portable Network Graphics (PNG) Specification, Third Edition, https://www.w3.org/TR/png-3/: 13.2 (animation).
GIF89a Specification (CompuServe, 1990), 23 (graphic control extension).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import PIL.Image

from rgbcloud.errors import ImageReadError, ImageWriteError
from rgbcloud.formats import ANIMATED, LONGEST_SIDES
from rgbcloud.images.image import Encoded
from rgbcloud.images.pillow.metadata import Metadata
from rgbcloud.images.pillow.pillow_writing import (
    PillowCodec,
    check_squeezable,
    indices_and_entries,
    metadata_to_write,
    png_chunks_of,
    rebuild_texels,
)
from rgbcloud.images.png.png_chunks import with_chunks

if TYPE_CHECKING:
    from pathlib import Path

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.images.image import Image, Reduced
    from rgbcloud.settings import Settings

_OPAQUE = 255


class Film(NamedTuple):
    """The frames of an animation."""

    texels: UInt8Array  # (n * H, W, 3) or (n * H, W, 4), uint8: one below the other, each as it is seen
    height: int  # of one of them
    durations: list[float]  # how long each is seen, in ms
    disposals: list[int]
    """What becomes of each before the next: 0 and 1 it stays, 2 it is cleared, 3 the one before returns."""
    loop: int | None  # how often all are shown, 0 for ever; None: once, by saying nothing
    metadata: Metadata = Metadata()


def film_of(image: PIL.Image.Image, name: str, max_pixels: int) -> Film:
    """Return all frames of an opened animation.

    Raises
    ------
    ImageReadError
        If they have more pixels than allowed together, or the first is none of them.
    """
    count = int(getattr(image, "n_frames", 1))
    width, height = image.size
    if count * width * height > max_pixels:
        raise ImageReadError(
            f"{name} has {count} frames of {width} x {height} pixels, more than the limit of {max_pixels:,}; "
            "raise max_pixels if the file can be trusted, or take the first frame"
        )
    if image.info.get("default_image"):
        raise ImageReadError(f"{name} begins with an image that is no frame; take the first frame")
    texels = np.empty((count, height, width, 4), np.uint8)
    durations, disposals = [], []
    for number in range(count):
        image.seek(number)
        texels[number] = np.asarray(image.convert("RGBA"))
        durations.append(float(image.info.get("duration", 0)))
        disposals.append(_disposal_of(image))
    loop = image.info.get("loop")
    image.seek(0)
    tall = texels.reshape(count * height, width, 4)
    if (tall[..., 3] == _OPAQUE).all():
        tall = np.ascontiguousarray(tall[..., :3])
    return Film(tall, height, durations, disposals, None if loop is None else int(loop))


def _disposal_of(image: PIL.Image.Image) -> int:
    if image.format == "PNG":  # where 0 stays, 1 is cleared, 2 lets the one before return
        return int(image.info.get("disposal", 0)) + 1
    return int(getattr(image, "disposal_method", 0))


class AnimationCodec(PillowCodec):
    """Writes animations; see `rgbcloud.images.image.Codec`."""

    def check_format(self, image: Image, file_format: str | None) -> str:
        """See `Codec.check_format`: PNG if none is asked for."""
        wanted = file_format or "PNG"
        film: Film = image.extra
        if wanted not in ANIMATED:
            msg = f"{image.name} has {len(film.durations)} frames, which {wanted} files cannot hold"
            raise ImageWriteError(f"{msg}; write .png .gif or .webp, or take the first frame")
        longest = LONGEST_SIDES.get(wanted, 1 << 31)
        if max(image.size[0], film.height) > longest:
            msg = f"{image.name} has frames of {image.size[0]} x {film.height} texels"
            raise ImageWriteError(f"{msg}, and {wanted} files hold at most {longest:,} a side; write a PNG")
        return wanted

    def encode(
        self,
        image: Image,
        reduced: Reduced,
        file_format: str,
        settings: Settings,
        folder: Path | None = None,  # noqa: ARG002 # it needs none
    ) -> Encoded:
        """See `Codec.encode`: one palette for all frames, where alpha allows it; timing and disposal stay."""
        if settings.squeeze:
            check_squeezable(image, "an animation")
        film: Film = image.extra
        notes: list[str] = []
        meant = rebuild_texels(image, reduced)
        options = _saving(film, file_format)
        profile = image.profile if file_format != "GIF" else None
        if image.profile and profile is None:
            notes.append("GIF cannot hold the ICC profile; it was left out")
        metadata = metadata_to_write(film.metadata, settings)
        if file_format != "PNG":
            options.update(metadata.save_options(file_format, notes), icc_profile=profile)
        pictures = _pictures(image, reduced, meant, file_format, settings)
        stream = io.BytesIO()
        pictures[0].save(stream, file_format, save_all=True, append_images=pictures[1:], **options)
        data = stream.getvalue()
        _check(data, meant, film.height, image, file_format)
        hidden = meant[meant[..., 3] == 0] if meant.shape[2] == 4 and image.alpha_is_opacity else meant[:0]
        if file_format != "PNG" and hidden.any():
            notes.append(f"{file_format} animations keep no colours under full transparency; these are gone")
        if file_format == "PNG":
            data = with_chunks(data, png_chunks_of(metadata, profile))
        return Encoded(data, notes)


ANIMATION = AnimationCodec()


def _saving(film: Film, file_format: str) -> dict[str, Any]:
    """Return how Pillow is to save frames."""
    durations = [round(duration) for duration in film.durations]
    if file_format == "WEBP":
        options: dict[str, Any] = {"lossless": True, "exact": True, "duration": durations}
        return {**options, "loop": film.loop or 0}
    if file_format == "PNG":  # each frame replaces what it covers, so that nothing has to be disposed of
        return {"duration": durations, "loop": film.loop or 0}
    options = {"duration": durations, "disposal": film.disposals}
    return options if film.loop is None else {**options, "loop": film.loop}


def _pictures(
    image: Image, reduced: Reduced, meant: UInt8Array, file_format: str, settings: Settings
) -> list[PIL.Image.Image]:
    """Return the frames: indexed with one palette, or RGB or RGBA."""
    height = image.extra.height
    entries = None
    if file_format == "GIF" or (file_format == "PNG" and settings.indexed):
        entries = indices_and_entries(image, reduced, file_format == "GIF")
    if file_format == "GIF" and (entries is None or not np.isin(entries.entries[:, 3], (0, 255)).all()):
        raise ImageWriteError(f"{image.name}: GIF cannot hold its alpha; write a PNG")
    if file_format == "WEBP" and meant.shape[2] == 4:
        # libwebp keeps no colours there, and takes a film whose transparent texels are black for opaque.
        meant = meant.copy()
        meant[meant[..., 3] == 0, :3] = 1
    if entries is None:
        return [PIL.Image.fromarray(frame) for frame in np.split(meant, len(meant) // height)]
    pictures = []
    for frame in np.split(entries.indices, len(meant) // height):
        picture = PIL.Image.fromarray(frame)
        picture.putpalette(entries.entries[:, :3].tobytes())
        clear = np.flatnonzero(entries.entries[:, 3] == 0)
        if file_format == "GIF" and len(clear):
            picture.info["transparency"] = int(clear[0])
        elif file_format == "PNG" and (entries.entries[:, 3] != _OPAQUE).any():
            picture.info["transparency"] = entries.entries[:, 3].tobytes()
        pictures.append(picture)
    return pictures


def _check(data: bytes, meant: UInt8Array, height: int, image: Image, file_format: str) -> None:
    """Read an animation back; frames that became alike may have been joined.

    Raises
    ------
    ImageWriteError
        If other texels are seen.
    """
    mode = "RGB" if meant.shape[2] == 3 else "RGBA"
    with PIL.Image.open(io.BytesIO(data)) as found:
        last, number = int(getattr(found, "n_frames", 1)) - 1, 0
        for frame in np.split(meant, len(meant) // height):
            while not _is_alike(np.asarray(found.convert(mode)), frame, file_format):
                number += 1
                if number > last:
                    msg = f"{image.name}: what was written does not hold the frames that were meant"
                    raise ImageWriteError(f"{msg}; try another format")
                found.seek(number)


def _is_alike(found: UInt8Array, frame: UInt8Array, file_format: str) -> bool:
    if file_format == "PNG" or frame.shape[2] == 3:
        return np.array_equal(found, frame)
    seen = frame[..., 3] > 0  # of what is transparent, the others keep no colour
    return np.array_equal(found[..., 3], frame[..., 3]) and np.array_equal(found[seen], frame[seen])
