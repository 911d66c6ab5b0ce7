"""The colours of a texture as points in space, and the files that hold them."""

from rgbcloud.cloud.cloud_axes import AXES, AxesName, CloudAxes, axis_colors, axis_positions
from rgbcloud.cloud.cloud_files import SUFFIXES, save_cloud
from rgbcloud.cloud.point_cloud import DEFAULT_BUDGET, ColorBy, PointCloud

__all__ = [
    "AXES",
    "DEFAULT_BUDGET",
    "SUFFIXES",
    "AxesName",
    "CloudAxes",
    "ColorBy",
    "PointCloud",
    "axis_colors",
    "axis_positions",
    "save_cloud",
]
