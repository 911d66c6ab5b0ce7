"""Where a texture is seen: the surface that each of its texels stands for."""

from rgbcloud.surface.coverage import as_mask, coverage, with_mip_levels
from rgbcloud.surface.meshes import MESH_SUFFIXES, Surface, load_surface, mesh_parts, surface_mask

__all__ = [
    "MESH_SUFFIXES",
    "Surface",
    "as_mask",
    "coverage",
    "load_surface",
    "mesh_parts",
    "surface_mask",
    "with_mip_levels",
]
