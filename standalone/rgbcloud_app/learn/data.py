"""What the page knows of a picture beforehand: the one place where the lesson asks the core."""

from __future__ import annotations

import base64
import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from rgbcloud import ColorHistogram, Settings, SourceImage, read_image, reduce_image
from rgbcloud.deep_images import DeepImage
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


@dataclass(frozen=True)
class Row:
    """What the best palette of a number of colours costs.

    Attributes
    ----------
    colors : ndarray of shape (k, 3), uint8
    error : float
        Mean squared distance in RGB, 0 … 195,075.
    png : bytes
        The file that ``rgbcloud reduce`` writes.
    """

    colors: UInt8Array
    error: float
    png: bytes


def small_picture(source: Source, *, max_pixels: int) -> tuple[str, bytes]:
    """Return an image's name, and a PNG of it as a display shows it: small, and opaque on white."""
    image = read_any(source, max_pixels=max_pixels)
    shown = image.shown(linear=image.linear) if isinstance(image, DeepImage) else image
    picture = Image.fromarray(shown.pixels).convert("RGBA")
    opaque = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    opaque.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    opaque.save(stream, "PNG", optimize=True)
    return Path(image.name).name, stream.getvalue()


def best_rows(source: SourceImage, progress: Progress) -> list[Row]:
    """Return what palettes of 1 … 32 colours cost, or of as many as the picture has."""
    histogram = ColorHistogram.from_array(source.pixels)
    most = min(MOST_COLORS, len(histogram))
    rows = []
    for colors in range(1, most + 1):
        part = portion(progress, (colors - 1) / most, colors / most)
        found = reduce_image(source, Settings(colors, kind="color"), histogram=histogram, progress=part)
        rows.append(Row(found.palette.colors, found.report.mse, found.data))
    return rows


def starts(source: SourceImage, most: int) -> UInt8Array:
    """Return the starts of `rgbcloud.iterations.iterations`: for each number of colours, for each seed.

    Returns
    -------
    ndarray of shape (n, 3), uint8
        One colour for K = 1 and seed 0, one for seed 1, …, two for K = 2 and seed 0, …
    """
    histogram = ColorHistogram.from_array(source.pixels)
    votes = histogram.counts / histogram.total
    return np.concatenate(
        [
            histogram.colors[
                np.random.RandomState(seed).choice(len(histogram), colors, replace=False, p=votes)
            ]
            for colors in range(1, most + 1)
            for seed in range(SEEDS)
        ]
    )


def lesson_data(name: str, png: bytes, progress: Progress) -> dict[str, Any]:
    """Return what the page is given, ready for JSON."""
    source = read_image(io.BytesIO(png))
    rows = best_rows(source, progress)
    return {
        "name": name,
        "png": _text(png),
        "full": len(png),
        "seeds": SEEDS,
        "starts": _text(starts(source, len(rows)).tobytes()),
        "rows": [
            {
                "colors": _text(row.colors.tobytes()),
                "error": row.error,
                "bytes": len(row.png),
                **_parts(row.png),
            }
            for row in rows
        ],
    }


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _parts(png: bytes) -> dict[str, int]:
    """Return the bits of an index, and how many bytes a PNG's palette and its indices take."""
    sizes: dict[bytes, int] = {}
    place = 8
    while place < len(png):
        length, name = struct.unpack(">I4s", png[place : place + 8])
        sizes[name] = sizes.get(name, 0) + length
        place += length + 12
    return {"depth": png[24], "palette": sizes.get(b"PLTE", 0), "indices": sizes[b"IDAT"]}
