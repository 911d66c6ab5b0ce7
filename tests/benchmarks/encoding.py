"""Indexed PNGs of the CQ100 photographs, by what is installed: bytes, and seconds of the processor."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING
from unittest import mock

import images
import numpy as np

import rgbcloud
from rgbcloud.images.png import png_writing

if TYPE_CHECKING:
    import argparse

_OXIPNG_HIGHEST = {"level": 6, "palette_reduction": False}  # the order of a palette is kept
_LACKING = {
    "zlib": ("fits_libdeflate",),
    "libdeflate": (),
    "squeezed by libdeflate": ("find_oxipng",),
    "squeezed by oxipng": (),
}
"""By the ways: what the encoder is told that it does not find."""


def encoding(arguments: argparse.Namespace) -> list[dict]:
    """Every way for every K: bytes and seconds to those of zlib, and bytes to oxipng at its highest."""
    import oxipng  # optional

    rows = []
    for colors in arguments.colors:
        found: dict[str, list[tuple[int, float]]] = {way: [] for way in _LACKING}
        highest = []
        for _, pixels in images.chosen("small"):
            reduced = rgbcloud.quantize(pixels, colors)
            entries = np.insert(reduced.palette.colors, 3, 255, axis=1)
            for way, lacking in _LACKING.items():
                found[way].append(_encoded(way, lacking, reduced.indices, entries))
            plain = png_writing.encode_indexed(reduced.indices, entries)
            highest.append(len(oxipng.optimize_from_memory(plain, **_OXIPNG_HIGHEST)))
        base = np.array(found["zlib"])
        for way, figures in found.items():
            sizes, seconds = np.array(figures).T
            ratios = sizes / base[:, 0]
            row = {"K": colors, "peer": way, "bytes to zlib": float(ratios.mean())}
            row["worst"] = float(ratios.max())
            row["CPU to zlib"] = float(seconds.sum() / base[:, 1].sum())
            row["bytes to oxipng's highest"] = float(sizes.sum() / sum(highest))
            rows.append(row)
            print(row, flush=True)
    return rows


def _encoded(
    way: str, lacking: tuple[str, ...], indices: np.ndarray, entries: np.ndarray
) -> tuple[int, float]:
    """Return the bytes of a way, and its seconds, those of its processes among them."""
    with contextlib.ExitStack() as hidden:
        for name in lacking:
            hidden.enter_context(mock.patch.object(png_writing, name, return_value=None))
        begin = _seconds()
        data = png_writing.encode_indexed(indices, entries, squeeze=way.startswith("squeezed"))
        return len(data), _seconds() - begin


def _seconds() -> float:
    """Return the processor's seconds so far, those of processes that have ended among them."""
    return time.process_time() + sum(os.times()[2:4])
