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

from rgbcloud.choosing import Goal, choose_colors, knee
from rgbcloud.cloud import ColorBy, PointCloud
from rgbcloud.cloud_files import save_cloud
from rgbcloud.clustering import cluster
from rgbcloud.encoding import ReducedImage
from rgbcloud.errors import (
    CancelledError,
    ImageReadError,
    ImageWriteError,
    InvalidArgumentError,
    MissingDependencyError,
    PaletteReadError,
    RgbcloudError,
)
from rgbcloud.histogram import ColorHistogram
from rgbcloud.images import MAX_PIXELS, SourceImage, read_image
from rgbcloud.matching import ColorChange, palette_difference, with_stable_indices
from rgbcloud.meaning import guess_kind
from rgbcloud.palette import Palette
from rgbcloud.palette_files import load_palette, save_palette
from rgbcloud.preview import Preview
from rgbcloud.progress import Progress
from rgbcloud.quantization import Quantized, quantize
from rgbcloud.reduction import Reduction, default_target, reduce_file, reduce_image, shared_palette
from rgbcloud.report import Report, ssim
from rgbcloud.settings import MAX_COLORS, Settings
from rgbcloud.texture_reduction import TextureReduction, reduce_texture
from rgbcloud.textures import Member, Texture
from rgbcloud.threads import set_thread_count, thread_count

__version__ = "0.1.0"

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
