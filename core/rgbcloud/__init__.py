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
    from rgbcloud.clustering.iterations import iterations
    from rgbcloud.clustering.preview import Preview
    from rgbcloud.color.distance import DistanceSpace
    from rgbcloud.counting.histogram import ColorHistogram
    from rgbcloud.counting.kind import guess_kind
    from rgbcloud.counting.value_histogram import ValueHistogram
    from rgbcloud.errors import (
        CancelledError,
        ImageReadError,
        ImageWriteError,
        InvalidArgumentError,
        LargerResultError,
        MissingDependencyError,
        PaletteReadError,
        RgbcloudError,
    )
    from rgbcloud.formats import FORMATS
    from rgbcloud.images.image import MAX_PIXELS, Image
    from rgbcloud.images.reading import read
    from rgbcloud.palettes.matching import ColorChange, palette_difference, with_stable_indices
    from rgbcloud.palettes.palette import Palette
    from rgbcloud.palettes.palette_files import load_palette, save_palette
    from rgbcloud.progress import Progress
    from rgbcloud.settings import FIELDS, MAX_COLORS, Field, Settings
    from rgbcloud.textures.counts import Counts, Limits, count
    from rgbcloud.textures.goals import knee, palette_for
    from rgbcloud.textures.quantize import Quantized, quantize
    from rgbcloud.textures.recipe import Goal, Recipe
    from rgbcloud.textures.reducing import Output, TextureReduction, reduce, reduce_texture
    from rgbcloud.textures.reduction import Reduction
    from rgbcloud.textures.report import Report, ssim
    from rgbcloud.textures.texture import Member, Texture
    from rgbcloud.threads import set_thread_count, thread_count

__version__ = "0.2.0"

_MODULES = {
    "CancelledError": "errors",
    "ColorBy": "cloud.point_cloud",
    "ColorChange": "palettes.matching",
    "ColorHistogram": "counting.histogram",
    "Counts": "textures.counts",
    "DistanceSpace": "color.distance",
    "FIELDS": "settings",
    "FORMATS": "formats",
    "Field": "settings",
    "Goal": "textures.recipe",
    "Image": "images.image",
    "ImageReadError": "errors",
    "ImageWriteError": "errors",
    "InvalidArgumentError": "errors",
    "LargerResultError": "errors",
    "Limits": "textures.counts",
    "MAX_COLORS": "settings",
    "MAX_PIXELS": "images.image",
    "Member": "textures.texture",
    "MissingDependencyError": "errors",
    "Output": "textures.reducing",
    "Palette": "palettes.palette",
    "PaletteReadError": "errors",
    "PointCloud": "cloud.point_cloud",
    "Preview": "clustering.preview",
    "Progress": "progress",
    "Recipe": "textures.recipe",
    "Reduction": "textures.reduction",
    "Quantized": "textures.quantize",
    "Report": "textures.report",
    "RgbcloudError": "errors",
    "Settings": "settings",
    "Texture": "textures.texture",
    "TextureReduction": "textures.reducing",
    "ValueHistogram": "counting.value_histogram",
    "cluster": "clustering.cluster",
    "count": "textures.counts",
    "guess_kind": "counting.kind",
    "iterations": "clustering.iterations",
    "knee": "textures.goals",
    "load_palette": "palettes.palette_files",
    "quantize": "textures.quantize",
    "palette_difference": "palettes.matching",
    "palette_for": "textures.goals",
    "read": "images.reading",
    "reduce": "textures.reducing",
    "reduce_texture": "textures.reducing",
    "save_cloud": "cloud.cloud_files",
    "save_palette": "palettes.palette_files",
    "set_thread_count": "threads",
    "ssim": "textures.report",
    "thread_count": "threads",
    "with_stable_indices": "palettes.matching",
}

__all__ = [
    "FIELDS",
    "FORMATS",
    "MAX_COLORS",
    "MAX_PIXELS",
    "CancelledError",
    "ColorBy",
    "ColorChange",
    "ColorHistogram",
    "Counts",
    "DistanceSpace",
    "Field",
    "Goal",
    "Image",
    "ImageReadError",
    "ImageWriteError",
    "InvalidArgumentError",
    "LargerResultError",
    "Limits",
    "Member",
    "MissingDependencyError",
    "Output",
    "Palette",
    "PaletteReadError",
    "PointCloud",
    "Preview",
    "Progress",
    "Quantized",
    "Recipe",
    "Reduction",
    "Report",
    "RgbcloudError",
    "Settings",
    "Texture",
    "TextureReduction",
    "ValueHistogram",
    "cluster",
    "count",
    "guess_kind",
    "iterations",
    "knee",
    "load_palette",
    "palette_difference",
    "palette_for",
    "quantize",
    "read",
    "reduce",
    "reduce_texture",
    "save_cloud",
    "save_palette",
    "set_thread_count",
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
