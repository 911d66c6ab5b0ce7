"""Textures as clouds of points in RGB space: count, cluster, rebuild, look."""

__version__ = "0.1.0"
