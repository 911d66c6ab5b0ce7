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

from typing import TYPE_CHECKING

from rgbcloud.lazy_names import lazy_names

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
    from rgbcloud.fields import Field
    from rgbcloud.formats import FORMATS
    from rgbcloud.images.image import MAX_PIXELS, Image
    from rgbcloud.images.reading import read
    from rgbcloud.palettes.matching import ColorChange, palette_difference, with_stable_indices
    from rgbcloud.palettes.palette import Palette
    from rgbcloud.palettes.palette_files import load_palette, save_palette
    from rgbcloud.progress import Progress
    from rgbcloud.settings import FIELDS, MAX_COLORS, Settings
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

_MODULES = {
    "cloud.cloud_files": "save_cloud",
    "cloud.point_cloud": "ColorBy PointCloud",
    "clustering.cluster": "cluster",
    "clustering.iterations": "iterations",
    "clustering.preview": "Preview",
    "color.distance": "DistanceSpace",
    "counting.histogram": "ColorHistogram",
    "counting.kind": "guess_kind",
    "counting.value_histogram": "ValueHistogram",
    "errors": (
        "CancelledError ImageReadError ImageWriteError InvalidArgumentError LargerResultError "
        "MissingDependencyError PaletteReadError RgbcloudError"
    ),
    "fields": "Field",
    "formats": "FORMATS",
    "images.image": "Image MAX_PIXELS",
    "images.reading": "read",
    "palettes.matching": "ColorChange palette_difference with_stable_indices",
    "palettes.palette": "Palette",
    "palettes.palette_files": "load_palette save_palette",
    "progress": "Progress",
    "settings": "FIELDS MAX_COLORS Settings",
    "textures.counts": "Counts Limits count",
    "textures.goals": "knee palette_for",
    "textures.quantize": "Quantized quantize",
    "textures.recipe": "Goal Recipe",
    "textures.reducing": "Output TextureReduction reduce reduce_texture",
    "textures.reduction": "Reduction",
    "textures.report": "Report ssim",
    "textures.texture": "Member Texture",
    "threads": "set_thread_count thread_count",
}

__getattr__ = lazy_names(__name__, _MODULES)
