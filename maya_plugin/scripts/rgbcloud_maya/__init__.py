"""rgbcloud in Maya: textures reduced in place, their colours as a cloud in the scene.

Functions for scripts in Maya and mayapy. They are loaded when they are first used, so that the package can
be imported in a Maya that lacks numpy, scipy or Pillow, and can say so.

    import rgbcloud_maya
    from rgbcloud import Recipe

    rgbcloud_maya.reduce(["file1"], Recipe.of(colors=7))
    rgbcloud_maya.build_cloud("file1", Recipe.of(colors=7))
    rgbcloud_maya.revert(["file1"])
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from rgbcloud_setup import packages

if TYPE_CHECKING:
    from rgbcloud_maya.cloud.cloud_options import CloudOptions
    from rgbcloud_maya.cloud.scene_cloud import apply_locators, build_cloud, clouds, find_cloud, remove_cloud
    from rgbcloud_maya.cloud.timeline import hide_iterations, show_iterations
    from rgbcloud_maya.models.face_clusters import make_sets, select_cluster
    from rgbcloud_maya.models.shown_errors import toggle_errors
    from rgbcloud_maya.reducing.node_jobs import NodeResult
    from rgbcloud_maya.reducing.node_reducing import NodeTexture, missing_originals, reduce, revert, textures
    from rgbcloud_maya.scene.scene_errors import SceneError

_MODULES = {
    "CloudOptions": "cloud.cloud_options",
    "NodeResult": "reducing.node_jobs",
    "NodeTexture": "reducing.node_reducing",
    "SceneError": "scene.scene_errors",
    "apply_locators": "cloud.scene_cloud",
    "build_cloud": "cloud.scene_cloud",
    "clouds": "cloud.scene_cloud",
    "find_cloud": "cloud.scene_cloud",
    "hide_iterations": "cloud.timeline",
    "make_sets": "models.face_clusters",
    "missing_originals": "reducing.node_reducing",
    "reduce": "reducing.node_reducing",
    "remove_cloud": "cloud.scene_cloud",
    "revert": "reducing.node_reducing",
    "select_cluster": "models.face_clusters",
    "show_iterations": "cloud.timeline",
    "textures": "reducing.node_reducing",
    "toggle_errors": "models.shown_errors",
}

__all__ = [
    "CloudOptions",
    "NodeResult",
    "NodeTexture",
    "SceneError",
    "apply_locators",
    "build_cloud",
    "clouds",
    "find_cloud",
    "hide_iterations",
    "make_sets",
    "missing_originals",
    "reduce",
    "remove_cloud",
    "revert",
    "select_cluster",
    "show_iterations",
    "textures",
    "toggle_errors",
]


packages.activate()


def __getattr__(name: str) -> Any:
    """Load a function from its module (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
