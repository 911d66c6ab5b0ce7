"""Clusters as images for other programs: one as a mask, all of them as an ID map."""

from __future__ import annotations

import colorsys
import io
from typing import TYPE_CHECKING

import numpy as np
import PIL.Image

if TYPE_CHECKING:
    from rgbcloud import Reduction
    from rgbcloud.color import UInt8Array

_GOLDEN = 0.618033988749895  # of a turn from one hue to the next: any number of them lie far apart


def mask_png(reduction: Reduction, index: int) -> bytes:
    """Return a PNG of one channel: 255 where texels are of a cluster, and visible, else 0."""
    texels = np.where(reduction.indices == index, 255, 0).astype(np.uint8)
    return _png(PIL.Image.fromarray(texels * _visible(reduction)))


def id_map_png(reduction: Reduction) -> bytes:
    """Return a PNG in which every cluster has a colour of its own, and what is transparent is black."""
    texels = id_colors(len(reduction.palette)).take(reduction.indices, axis=0)
    return _png(PIL.Image.fromarray(texels * _visible(reduction)[..., np.newaxis]))


def id_colors(count: int) -> UInt8Array:
    """Return bright colours, all distinct: ndarray of shape (count, 3), uint8."""
    rows = [
        colorsys.hsv_to_rgb(number * _GOLDEN % 1, 1 - 0.2 * (number % 3), 1 - 0.15 * (number % 4))
        for number in range(count)
    ]
    return np.round(255 * np.array(rows)).astype(np.uint8)


def _visible(reduction: Reduction) -> UInt8Array:
    visible = reduction.image.visible
    return np.ones(reduction.indices.shape, np.uint8) if visible is None else visible.astype(np.uint8)


def _png(image: PIL.Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
