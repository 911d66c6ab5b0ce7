"""Three pictures to try the program on, made by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

import numpy as np
from PIL import Image

from rgbcloud import ImageWriteError
from rgbcloud.errors import reason_of

if TYPE_CHECKING:
    from pathlib import Path

    from rgbcloud.color import FloatArray, UInt8Array

_HEIGHT, _WIDTH = 512, 768


def sample_picture(name: str, folder: Path) -> Path:
    """Return the file of a sample, which is written unless it is there.

    Parameters
    ----------
    name : str
        One of `SAMPLES`.
    folder : Path
        Made if it is missing.

    Raises
    ------
    ImageWriteError
        If it cannot be written.
    """
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            Image.fromarray(SAMPLES[name]()).save(path)
    except OSError as error:
        raise ImageWriteError(f"{path} cannot be written: {reason_of(error)}") from error
    return path


def _noise(cells: int, seed: int, octaves: int = 4) -> FloatArray:
    """Return smooth noise in 0..1: grids of random numbers, each finer and weaker than the one before."""
    rng, total = np.random.default_rng(seed), np.zeros((_HEIGHT, _WIDTH))
    for octave in range(octaves):
        size = cells << octave
        grid = Image.fromarray(rng.random((size, size * 3 // 2)).astype(np.float32))
        total += np.asarray(grid.resize((_WIDTH, _HEIGHT), Image.Resampling.BICUBIC)) / (1 << octave)
    low, high = total.min(), total.max()
    noise: FloatArray = (total - low) / (high - low)
    return noise


def _mix(share: FloatArray, colors: list[tuple[int, int, int]]) -> FloatArray:
    """Return colours between those of a list, by shares in 0..1."""
    places = np.linspace(0, 1, len(colors))
    table = np.array(colors, float)
    return np.stack([np.interp(share, places, table[:, channel]) for channel in range(3)], axis=-1)


def _round_texels(texels: FloatArray) -> UInt8Array:
    return np.clip(np.round(texels), 0, 255).astype(np.uint8)


def _sunset() -> UInt8Array:
    rows, columns = np.mgrid[0 : 1 : _HEIGHT * 1j, 0 : 1.5 : _WIDTH * 1j]
    sky = _mix(
        rows + 0.12 * (_noise(3, 1) - 0.5), [(28, 36, 84), (150, 70, 110), (250, 150, 80), (255, 220, 140)]
    )
    glow = np.exp(-(((columns - 1.0) ** 2 + (rows - 0.62) ** 2) / 0.012))[..., np.newaxis]
    texels = sky * (1 - glow) + np.array([255, 246, 210]) * glow
    for number, (top, color) in enumerate([(0.66, (96, 52, 88)), (0.76, (54, 36, 70)), (0.88, (22, 20, 40))]):
        ridge = top + 0.12 * (_noise(2 + number, 7 + number)[0] - 0.5)
        texels = np.where(
            (rows > ridge)[..., np.newaxis], np.array(color) + 18 * _noise(9, 3)[..., np.newaxis], texels
        )
    return _round_texels(texels + np.random.default_rng(0).normal(0, 2, texels.shape))


def _terracotta() -> UInt8Array:
    rows, columns = np.mgrid[0:_HEIGHT, 0:_WIDTH]
    shifted = columns + (rows // 64 % 2) * 48
    tile = rows // 64 * 11 + shifted // 96
    tone = np.random.default_rng(4).random(tile.max() + 1)[tile]
    clay = _mix(
        0.6 * tone + 0.4 * _noise(8, 5), [(120, 52, 34), (178, 84, 52), (206, 122, 78), (226, 168, 118)]
    )
    edge = np.minimum(np.minimum(rows % 64, 63 - rows % 64), np.minimum(shifted % 96, 95 - shifted % 96))
    grout = _mix(_noise(20, 6), [(120, 114, 104), (168, 160, 148)])
    texels = np.where(
        (edge < 3)[..., np.newaxis], grout, clay * (0.86 + 0.14 * np.minimum(edge, 8) / 8)[..., np.newaxis]
    )
    return _round_texels(texels + np.random.default_rng(1).normal(0, 3, texels.shape))


def _pebbles() -> UInt8Array:
    height = 40 * np.abs(_noise(8, 9) - 0.5)
    down, right = np.gradient(height)
    normals = np.stack([-right, down, np.full(height.shape, 0.5)], axis=-1)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    return _round_texels(127.5 * (normals + 1))


SAMPLES: dict[str, Callable[[], UInt8Array]] = {
    "sunset.png": _sunset,
    "terracotta.png": _terracotta,
    "pebbles_normal.png": _pebbles,
}
"""Makers of the pictures, by the names of their files."""
