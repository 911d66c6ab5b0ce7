"""The images to measure on: real photographs where they are at hand, else ones that scikit-learn ships."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_images

_BESIDE = [folder / "shared" / "data" for folder in Path(__file__).resolve().parents]
DATA = next((folder for folder in _BESIDE if folder.is_dir()), _BESIDE[-1])
"""Beside the project, or beside any folder that holds it, as of a second working tree."""


def chosen(size: str, megapixels: float | None = None) -> list[tuple[str, np.ndarray]]:
    """Return names and pixels: "small", the twelve CQ100 photographs, or "large", one of 24 megapixels.

    Without the data: scikit-learn's two photographs, as they are or enlarged.
    """
    files = sorted((DATA / ("cq100" if size == "small" else "large")).glob("*.*"))
    found = [(file.stem, _read(file)) for file in files]
    if not found:
        samples = load_sample_images()
        found = [(Path(name).stem, pixels) for name, pixels in zip(samples.filenames, samples.images)]
        if size == "large":
            found = [(name, enlarged(pixels, 4000, 6000)) for name, pixels in found[:1]]
    if megapixels is not None:
        found = [(name, _cropped(pixels, megapixels)) for name, pixels in found]
    return found


def enlarged(pixels: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return an image of a given size: the photograph tiled or cut, with a little noise on all but one."""
    down, across = -(-height // pixels.shape[0]), -(-width // pixels.shape[1])
    random = np.random.default_rng(0)
    rows = []
    for row in range(down):
        tiles = []
        for column in range(across):
            tile = pixels
            if row or column:
                noise = random.integers(-2, 3, pixels.shape, np.int8)
                tile = (pixels.astype(np.int16) + noise).clip(0, 255).astype(np.uint8)
            tiles.append(tile)
        rows.append(np.concatenate(tiles, axis=1)[:, :width])
    return np.ascontiguousarray(np.concatenate(rows)[:height])


def _cropped(pixels: np.ndarray, megapixels: float) -> np.ndarray:
    scale = min(1.0, (megapixels * 1e6 / pixels.shape[0] / pixels.shape[1]) ** 0.5)
    height, width = (round(side * scale) for side in pixels.shape[:2])
    return np.ascontiguousarray(pixels[:height, :width])


def _read(file: Path) -> np.ndarray:
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"))
