"""What the page is told of a picture beforehand: the one place where the lesson asks the core."""

from __future__ import annotations

import base64
import io
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from rgbcloud import ColorHistogram, Settings, SourceImage, read_image, reduce_image
from rgbcloud.progress import portion
from rgbcloud.sources import read_any

if TYPE_CHECKING:
    from rgbcloud import Progress
    from rgbcloud.images import Source
    from rgbcloud.pixels import UInt8Array

MOST_COLORS = 32
SEEDS = 20
LARGEST = 512
"""Pixels of the longer side."""


def small_picture(source: Source, *, max_pixels: int) -> tuple[str, bytes]:
    """Return an image's name, and a PNG of it as a display shows it: small, and opaque on white."""
    image = read_any(source, max_pixels=max_pixels)
    shown = image if isinstance(image, SourceImage) else image.shown(linear=image.linear)
    picture = Image.fromarray(shown.pixels).convert("RGBA")
    opaque = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    opaque.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    opaque.save(stream, "PNG", optimize=True)
    return Path(image.name).name, stream.getvalue()


def lesson_data(name: str, png: bytes, progress: Progress) -> dict[str, Any]:
    """Return what the page is told of a picture, ready for JSON.

    Parameters
    ----------
    name : str
        Of the picture.
    png : bytes
        As `small_picture` makes it.
    progress : Progress
        Told after each number of colours.
    """
    source = read_image(io.BytesIO(png))
    histogram = ColorHistogram.from_array(source.pixels)
    most = min(MOST_COLORS, len(histogram))
    rows = [
        _row(source, histogram, colors, portion(progress, (colors - 1) / most, colors / most))
        for colors in range(1, most + 1)
    ]
    return {
        "name": name,
        "png": _text(png),
        "full": len(png),
        "seeds": SEEDS,
        "starts": _text(_starts(histogram, most).tobytes()),
        "rows": rows,
    }


def _row(source: SourceImage, histogram: ColorHistogram, colors: int, progress: Progress) -> dict[str, Any]:
    """Return the best palette of so many colours, its error, and what its file takes."""
    found = reduce_image(source, Settings(colors, kind="color"), histogram=histogram, progress=progress)
    return {
        "colors": _text(found.palette.colors.tobytes()),
        "error": found.report.mse,
        "bytes": len(found.data),
        **_parts(found.data),
    }


def _starts(histogram: ColorHistogram, most: int) -> UInt8Array:
    """Return the starts of `rgbcloud.iterations.iterations`, for each number of colours, for each seed.

    Returns
    -------
    ndarray of shape (n, 3), uint8
        One colour for K = 1 and seed 0, one for seed 1, …, two for K = 2 and seed 0, …
    """
    votes = histogram.counts / histogram.total

    def start(colors: int, seed: int) -> UInt8Array:
        random = np.random.RandomState(seed)
        return histogram.colors[random.choice(len(histogram), colors, replace=False, p=votes)]

    return np.concatenate([start(k, seed) for k in range(1, most + 1) for seed in range(SEEDS)])


def _parts(png: bytes) -> dict[str, int]:
    """Return the bits of an index, and how many bytes a PNG's palette and its indices take."""
    sizes: dict[bytes, int] = {}
    place = 8
    while place < len(png):
        length, name = struct.unpack(">I4s", png[place : place + 8])
        sizes[name] = sizes.get(name, 0) + length
        place += length + 12
    return {"depth": png[24], "palette": sizes.get(b"PLTE", 0), "indices": sizes[b"IDAT"]}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
