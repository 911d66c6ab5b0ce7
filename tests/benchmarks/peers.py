"""What people use to reduce an image's colours, each as one function with the same signature.

In memory: pixels (H, W, 3) uint8 and K to a palette (k, 3) and indices (H, W), all without dithering.
File to file: a source file and K to an indexed PNG.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from typing import TYPE_CHECKING, Callable, NamedTuple

import numpy as np
from PIL import Image
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.metrics import pairwise_distances_argmin

import rgbcloud

if TYPE_CHECKING:
    from pathlib import Path

Reduced = "tuple[np.ndarray, np.ndarray]"


class Peer(NamedTuple):
    """A way to reduce an image, and how much of it can be waited for."""

    name: str
    run: Callable[[np.ndarray, int], Reduced]
    most_work: float = np.inf  # pixels times K: above it, the peer is left out, and that is said
    needs: str | None = None  # a module or, for a path, a program


def ours(pixels: np.ndarray, colors: int) -> Reduced:
    result = rgbcloud.quantize(pixels, colors)
    return result.palette.colors, result.indices


def ours_best(pixels: np.ndarray, colors: int) -> Reduced:
    result = rgbcloud.quantize(pixels, rgbcloud.Settings(colors, effort="best"))
    return result.palette.colors, result.indices


def tutorial(pixels: np.ndarray, colors: int) -> Reduced:
    """Fit KMeans on all pixels, as the tutorial does; it truncates the centres."""
    flat = pixels.reshape(-1, 3)
    engine = KMeans(n_clusters=colors, n_init=1, random_state=0).fit(flat)
    return engine.cluster_centers_.astype(np.uint8), engine.labels_.reshape(pixels.shape[:2])


def scikit_learn_example(pixels: np.ndarray, colors: int) -> Reduced:
    """Fit KMeans on 1,000 pixels and predict all: scikit-learn's colour quantization example."""
    flat = pixels.reshape(-1, 3) / 255
    sample = np.random.RandomState(0).choice(len(flat), 1000, replace=False)
    engine = KMeans(n_clusters=colors, n_init=1, random_state=0).fit(flat[sample])
    labels = engine.predict(flat)
    return _rounded(engine.cluster_centers_ * 255), labels.reshape(pixels.shape[:2])


def mini_batch(pixels: np.ndarray, colors: int) -> Reduced:
    flat = pixels.reshape(-1, 3).astype(np.float32)
    engine = MiniBatchKMeans(n_clusters=colors, n_init=1, random_state=0, batch_size=4096).fit(flat)
    return _rounded(engine.cluster_centers_), engine.labels_.reshape(pixels.shape[:2])


def _pillow(method: Image.Quantize) -> Callable[[np.ndarray, int], Reduced]:
    def run(pixels: np.ndarray, colors: int) -> Reduced:
        picture = Image.fromarray(pixels)
        if method == Image.Quantize.FASTOCTREE:
            picture = picture.convert("RGBA")
        result = picture.quantize(colors, method=method, dither=Image.Dither.NONE)
        mode = "RGBA" if method == Image.Quantize.FASTOCTREE else "RGB"
        palette = np.array(result.getpalette(mode), np.uint8).reshape(-1, len(mode))[:, :3]
        return palette, np.asarray(result)

    return run


def imagequant(pixels: np.ndarray, colors: int, dithering: float = 0.0) -> Reduced:
    import imagequant as library  # optional

    height, width = pixels.shape[:2]
    rgba = np.dstack([pixels, np.full((height, width), 255, np.uint8)]).tobytes()
    indices, palette = library.quantize_raw_rgba_bytes(rgba, width, height, dithering, colors)
    entries = np.array(palette, np.uint8).reshape(-1, 4)[:, :3]
    return entries, np.frombuffer(indices, np.uint8).reshape(height, width)


def opencv(pixels: np.ndarray, colors: int) -> Reduced:
    import cv2  # optional

    flat = pixels.reshape(-1, 3).astype(np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
    cv2.setRNGSeed(0)
    _, labels, centers = cv2.kmeans(flat, colors, None, criteria, 1, cv2.KMEANS_PP_CENTERS)
    return _rounded(centers), labels.reshape(pixels.shape[:2])


def faiss(pixels: np.ndarray, colors: int) -> Reduced:
    import faiss as library  # optional

    flat = pixels.reshape(-1, 3).astype(np.float32)
    engine = library.Kmeans(3, colors, niter=20, seed=1)
    engine.train(flat)
    labels = engine.index.search(flat, 1)[1]
    return _rounded(engine.centroids), labels.reshape(pixels.shape[:2])


def _rounded(centers: np.ndarray) -> np.ndarray:
    return np.rint(centers).clip(0, 255).astype(np.uint8)


IN_MEMORY = [
    Peer("rgbcloud", ours),
    Peer("rgbcloud best", ours_best),
    Peer("tutorial: KMeans on all pixels", tutorial, 2e8),
    Peer("scikit-learn example", scikit_learn_example, 2e9),
    Peer("MiniBatchKMeans", mini_batch, 5e7),  # 8 to 17 minutes on 24 megapixels
    Peer("Pillow median cut", _pillow(Image.Quantize.MEDIANCUT)),
    Peer("Pillow maximum coverage", _pillow(Image.Quantize.MAXCOVERAGE), 5e8),
    Peer("Pillow fast octree", _pillow(Image.Quantize.FASTOCTREE)),
    Peer("libimagequant", imagequant, needs="imagequant"),
    Peer("OpenCV kmeans", opencv, 5e8, needs="cv2"),
    Peer("faiss k-means", faiss, 2e9, needs="faiss"),
]


# --- file to file ---


def our_file(source: Path, target: Path, colors: int) -> None:
    rgbcloud.reduce(source, rgbcloud.Recipe.of(colors=colors)).save(target, overwrite=True)


def pillow_file(source: Path, target: Path, colors: int) -> None:
    with Image.open(source) as picture:
        reduced = picture.convert("RGB").quantize(
            colors, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
        reduced.save(target)


def pngquant_file(source: Path, target: Path, colors: int) -> None:
    """Decode to a PNG first: pngquant reads no other format."""
    decoded = target.with_suffix(".decoded.png")
    with Image.open(source) as picture:
        picture.convert("RGB").save(decoded, compress_level=1)
    command = ["pngquant", "--speed", "4", "--nofs", "--force", "--output", target, str(colors), decoded]
    subprocess.run(command, check=True)
    decoded.unlink()


def magick_file(source: Path, target: Path, colors: int) -> None:
    program = shutil.which("magick") or "convert"
    command = [program, source, "+dither", "-colors", str(colors), f"png8:{target}"]
    subprocess.run(command, check=True)


FILE_TO_FILE = [
    Peer("rgbcloud", our_file),
    Peer("Pillow median cut", pillow_file),
    Peer("pngquant --speed 4 --nofs", pngquant_file, needs="/pngquant"),
    Peer("ImageMagick", magick_file, needs="/magick"),
]


def missing(peer: Peer) -> str | None:
    """Return what a peer lacks on this machine, or None."""
    if peer.needs is None:
        return None
    if not peer.needs.startswith("/"):
        return None if importlib.util.find_spec(peer.needs) else f"the package {peer.needs}"
    program = peer.needs[1:]
    if program == "magick":
        return None if _is_imagemagick() else "the program magick (or convert)"
    return None if shutil.which(program) else f"the program {program}"


def _is_imagemagick() -> bool:
    program = shutil.which("magick") or shutil.which("convert")
    if program is None:
        return False
    answer = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    return "ImageMagick" in answer.stdout


def full_fits(pixels: np.ndarray, colors: int, fits: int) -> list[float]:
    """Return the MSE of some full fits on the weighted distinct colours, centres rounded."""
    histogram = rgbcloud.ColorHistogram.from_array(pixels)
    points = histogram.colors.astype(np.float64)
    inertias = []
    for seed in range(fits):
        engine = KMeans(colors, n_init=1, random_state=seed).fit(points, sample_weight=histogram.counts)
        palette = _rounded(engine.cluster_centers_)
        nearest = palette[pairwise_distances_argmin(points, palette)]
        inertias.append(float(((points - nearest) ** 2).sum(axis=1) @ histogram.counts))
    return [inertia / histogram.total for inertia in inertias]
