"""Where a texture is seen: the surface that each of its texels stands for."""

from rgbcloud.surface.coverage import as_mask, coverage, with_mip_levels
from rgbcloud.surface.faces import NO_CLUSTER, clusters_of_faces, look_up
from rgbcloud.surface.meshes import (
    MESH_SUFFIXES,
    Surface,
    UsdMesh,
    load_surface,
    mesh_parts,
    surface_mask,
    triangle_areas,
    usd_meshes,
)
from rgbcloud.surface.views import parts_in_view, surface_in_view

__all__ = [
    "MESH_SUFFIXES",
    "NO_CLUSTER",
    "Surface",
    "UsdMesh",
    "as_mask",
    "clusters_of_faces",
    "coverage",
    "load_surface",
    "look_up",
    "mesh_parts",
    "parts_in_view",
    "surface_in_view",
    "surface_mask",
    "triangle_areas",
    "usd_meshes",
    "with_mip_levels",
]
