"""What should not be reduced: textures whose colours are no colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maya import cmds

from rgbcloud import guess_kind

if TYPE_CHECKING:
    from rgbcloud_maya.image_nodes import ImageNode

# normalCamera, bumpValue, displacement; bump2d, aiNormalMap, PxrBump, RedshiftNormalMap, displacementShader
_NO_COLOR = re.compile(r"bump|displac|normal(?!i[sz])", re.IGNORECASE)


def reason_not_to_reduce(node: ImageNode) -> str | None:
    """Return why a texture should be left as it is, a part of a sentence; None if nothing is wrong with it.

    A texture that feeds a normal, bump or displacement input, however many nodes lie between, holds
    directions or heights, and one whose colour space is none, such as Raw, holds numbers: a palette would
    make steps of them.
    """
    if guess_kind("", node.color_space) == "data":
        return f"its colour space is {node.color_space}, so it holds numbers rather than colours"
    plug = _geometric_input(node.name)
    return f"it feeds {plug}, which takes normals or heights rather than colours" if plug else None


def _geometric_input(node: str) -> str | None:
    """Return the nearest normal, bump or displacement input downstream of a node."""
    waiting, seen = [node], {node}
    while waiting:
        connections = cmds.listConnections(
            waiting.pop(0), source=False, destination=True, plugs=True, connections=True
        )
        for source, target in zip((connections or ())[::2], (connections or ())[1::2]):
            follower, _, attribute = target.partition(".")
            if source.endswith(".message"):
                continue
            if _NO_COLOR.search(attribute) or _NO_COLOR.search(cmds.nodeType(follower)):
                return str(target)
            if follower not in seen and cmds.nodeType(follower) != "shadingEngine":
                seen.add(follower)
                waiting.append(follower)
    return None
