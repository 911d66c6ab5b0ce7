"""The colours of a texture as points in space, and the files that hold them."""

from rgbcloud.cloud.cloud_files import SUFFIXES, save_cloud
from rgbcloud.cloud.point_cloud import DEFAULT_BUDGET, ColorBy, PointCloud

__all__ = [
    "DEFAULT_BUDGET",
    "SUFFIXES",
    "ColorBy",
    "PointCloud",
    "save_cloud",
]
