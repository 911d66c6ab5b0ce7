"""What a recipe means for one node: what Maya knows of it decides what the recipe leaves open."""

from __future__ import annotations

import functools
import importlib.util
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from maya import cmds

from rgbcloud import InvalidArgumentError, Recipe
from rgbcloud.color import find_color_space

if TYPE_CHECKING:
    from rgbcloud.settings import AlphaName
    from rgbcloud_maya.nodes.image_nodes import ImageNode
    from rgbcloud_maya.nodes.texture_uses import Uses


def recipe_for_node(recipe: Recipe, node: ImageNode, uses: Uses, config: str) -> Recipe:
    """Return a recipe that says of a node's alpha and colours what it leaves open, if Maya knows it.

    Parameters
    ----------
    recipe : Recipe
    node : ImageNode
    uses : Uses
        Alpha that feeds opacity is that, and what feeds anything else is a channel like others.
    config : str
        What `config_of_maya` says: it is taken for a colour space that is not built in.
    """
    settings = recipe.settings
    if settings.alpha == "auto":
        settings = replace(settings, alpha=alpha_of(node, uses))
    is_open = settings.linear is None and not (settings.ocio or settings.color_space)
    if config and is_open and not _is_known(node.color_space):
        settings = replace(settings, ocio=config)
    return recipe if settings is recipe.settings else replace(recipe, settings=settings)


def config_of_maya() -> str:
    """Return the OpenColorIO configuration that the scene is managed by, "" if none, or none to be read.

    Flags as Autodesk's page of `colorManagementPrefs` has them. Scenes name Maya's own configurations by a
    token (maya-usd's color_management.ma), which Arnold's Tx Manager expands so (index id 30558312821).
    """
    if importlib.util.find_spec("OpenImageIO") is None:
        return ""
    if not cmds.colorManagementPrefs(query=True, cmEnabled=True):
        return ""
    if not cmds.colorManagementPrefs(query=True, cmConfigFileEnabled=True):
        return ""
    resources = f"{os.environ.get('MAYA_LOCATION', '')}/{'R' if sys.platform == 'darwin' else 'r'}esources"
    path = str(cmds.colorManagementPrefs(query=True, configFilePath=True) or "")
    path = path.replace("<MAYA_RESOURCES>", resources)
    return path if Path(path).is_file() else ""


def alpha_of(node: ImageNode, uses: Uses) -> AlphaName:
    """Return what a node's alpha is by what it feeds; "auto": by nothing, or it is made of colours."""
    meanings = {use.meaning for use in uses.inputs if use.by_alpha}
    if not meanings or node.values.is_on("alphaIsLuminance"):
        return "auto"
    return "opacity" if "opacity" in meanings else "channel"


@functools.lru_cache(maxsize=256)
def _is_known(color_space: str) -> bool:
    """Return whether a colour space needs no configuration of Maya's."""
    if not color_space:
        return True
    try:
        find_color_space(color_space)
    except InvalidArgumentError:
        return False
    return True
