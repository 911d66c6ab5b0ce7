"""What the page is told of a picture beforehand: the one place where the lesson asks the core."""

from __future__ import annotations

import base64
import io
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from rgbcloud import ColorHistogram, Counts, Recipe, Settings, read
from rgbcloud.textures import find_palette, reduce_image

if TYPE_CHECKING:
    from rgbcloud import Image as Texels
    from rgbcloud import Progress
    from rgbcloud.color import UInt8Array
    from rgbcloud.images import Source

MOST_COLORS = 32
SEEDS = 20
LARGEST = 512
"""Pixels of the longer side."""


def small_picture(source: Source, *, max_pixels: int) -> tuple[str, bytes]:
    """Return an image's name, and a PNG of it as a display shows it: small, and opaque on white."""
    image = read(source, max_pixels=max_pixels)
    picture = Image.fromarray(image.to_display()).convert("RGBA")
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
    image = read(io.BytesIO(png))
    counts = Counts.of(image)
    histogram = ColorHistogram.from_array(image.to_display())
    most = min(MOST_COLORS, len(histogram))
    rows = []
    for colors in range(1, most + 1):
        rows.append(_row(image, counts, colors))
        progress(colors / most, "trying numbers of colours")
    return {
        "name": name,
        "png": _text(png),
        "full": len(png),
        "seeds": SEEDS,
        "starts": _text(_starts(histogram, most).tobytes()),
        "rows": rows,
    }


def _row(image: Texels, counts: Counts, colors: int) -> dict[str, Any]:
    """Return the best palette of so many colours, its error, and what its file takes."""
    plan = find_palette(counts, Recipe(Settings(colors, kind="color")))
    found = reduce_image(image, plan, counts=counts)
    return {
        "colors": _text(found.palette.colors.tobytes()),
        "error": found.report.mse,
        "bytes": len(found.data),
        **_parts(found.data),
    }


def _starts(histogram: ColorHistogram, most: int) -> UInt8Array:
    """Return the starts of `rgbcloud.iterations`, for each number of colours, for each seed.

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
