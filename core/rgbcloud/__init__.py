"""Textures as clouds of points in RGB space: count, cluster, rebuild, look.

The way of one texture, and of several that share a palette:

>>> import numpy as np
>>> from rgbcloud import ColorHistogram, cluster
>>> pixels = np.array([[[250, 10, 10], [255, 0, 0]], [[0, 0, 255], [0, 0, 250]]], np.uint8)
>>> palette = cluster(ColorHistogram.from_array(pixels), 2)
>>> palette.to_hex()
['#0000fc', '#fc0505']
>>> palette.remap(pixels).tolist()
[[1, 1], [0, 0]]
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rgbcloud.cloud.cloud_files import save_cloud
    from rgbcloud.cloud.point_cloud import ColorBy, PointCloud
    from rgbcloud.clustering.cluster import cluster
    from rgbcloud.clustering.preview import Preview
    from rgbcloud.counting.histogram import ColorHistogram
    from rgbcloud.counting.kind import guess_kind
    from rgbcloud.errors import (
        CancelledError,
        ImageReadError,
        ImageWriteError,
        InvalidArgumentError,
        MissingDependencyError,
        PaletteReadError,
        RgbcloudError,
    )
    from rgbcloud.images.pillow_reading import MAX_PIXELS, SourceImage, read_image
    from rgbcloud.images.pillow_writing import ReducedImage
    from rgbcloud.mapping.quantize import Quantized, quantize
    from rgbcloud.palettes.matching import ColorChange, palette_difference, with_stable_indices
    from rgbcloud.palettes.palette import Palette
    from rgbcloud.palettes.palette_files import load_palette, save_palette
    from rgbcloud.progress import Progress
    from rgbcloud.settings import MAX_COLORS, Settings
    from rgbcloud.textures.goals import Goal, choose_colors, knee
    from rgbcloud.textures.reduction import (
        Reduction,
        default_target,
        reduce_file,
        reduce_image,
        shared_palette,
    )
    from rgbcloud.textures.report import Report, ssim
    from rgbcloud.textures.texture import Member, Texture
    from rgbcloud.textures.texture_reduction import TextureReduction, reduce_texture
    from rgbcloud.threads import set_thread_count, thread_count

__version__ = "0.1.0"

_MODULES = {
    "CancelledError": "errors",
    "ColorBy": "cloud.point_cloud",
    "ColorChange": "palettes.matching",
    "ColorHistogram": "counting.histogram",
    "Goal": "textures.goals",
    "ImageReadError": "errors",
    "ImageWriteError": "errors",
    "InvalidArgumentError": "errors",
    "MAX_COLORS": "settings",
    "MAX_PIXELS": "images.pillow_reading",
    "Member": "textures.texture",
    "MissingDependencyError": "errors",
    "Palette": "palettes.palette",
    "PaletteReadError": "errors",
    "PointCloud": "cloud.point_cloud",
    "Preview": "clustering.preview",
    "Progress": "progress",
    "Quantized": "mapping.quantize",
    "ReducedImage": "images.pillow_writing",
    "Reduction": "textures.reduction",
    "Report": "textures.report",
    "RgbcloudError": "errors",
    "Settings": "settings",
    "SourceImage": "images.pillow_reading",
    "Texture": "textures.texture",
    "TextureReduction": "textures.texture_reduction",
    "choose_colors": "textures.goals",
    "cluster": "clustering.cluster",
    "default_target": "textures.reduction",
    "guess_kind": "counting.kind",
    "knee": "textures.goals",
    "load_palette": "palettes.palette_files",
    "palette_difference": "palettes.matching",
    "quantize": "mapping.quantize",
    "read_image": "images.pillow_reading",
    "reduce_file": "textures.reduction",
    "reduce_image": "textures.reduction",
    "reduce_texture": "textures.texture_reduction",
    "save_cloud": "cloud.cloud_files",
    "save_palette": "palettes.palette_files",
    "set_thread_count": "threads",
    "shared_palette": "textures.reduction",
    "ssim": "textures.report",
    "thread_count": "threads",
    "with_stable_indices": "palettes.matching",
}

__all__ = [
    "MAX_COLORS",
    "MAX_PIXELS",
    "CancelledError",
    "ColorBy",
    "ColorChange",
    "ColorHistogram",
    "Goal",
    "ImageReadError",
    "ImageWriteError",
    "InvalidArgumentError",
    "Member",
    "MissingDependencyError",
    "Palette",
    "PaletteReadError",
    "PointCloud",
    "Preview",
    "Progress",
    "Quantized",
    "ReducedImage",
    "Reduction",
    "Report",
    "RgbcloudError",
    "Settings",
    "SourceImage",
    "Texture",
    "TextureReduction",
    "choose_colors",
    "cluster",
    "default_target",
    "guess_kind",
    "knee",
    "load_palette",
    "palette_difference",
    "quantize",
    "read_image",
    "reduce_file",
    "reduce_image",
    "reduce_texture",
    "save_cloud",
    "save_palette",
    "set_thread_count",
    "shared_palette",
    "ssim",
    "thread_count",
    "with_stable_indices",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module when it is first used (PEP 562): numpy and Pillow take a while."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value
