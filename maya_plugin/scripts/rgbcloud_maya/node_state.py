"""What a node remembers of its original, in attributes that stay with the scene, and how it goes back."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maya import cmds

from rgbcloud import InvalidArgumentError, Recipe
from rgbcloud_maya.image_nodes import resolve_path
from rgbcloud_maya.reduced_files import ReductionRecord
from rgbcloud_maya.scene_errors import SceneError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud_maya.image_nodes import ImageNode
    from rgbcloud_maya.undo import Changes

ORIGINAL_PATH = "rgbcloudOriginalPath"
ORIGINAL_PATTERN = "rgbcloudOriginalPattern"
ORIGINAL_COLOR_SPACE = "rgbcloudOriginalColorSpace"
ORIGINAL_IGNORE_RULES = "rgbcloudOriginalIgnoreRules"
REDUCED_PATH = "rgbcloudReducedPath"
RECIPE = "rgbcloudRecipe"
RECORD = "rgbcloudRecord"
_STRINGS = (
    ORIGINAL_PATH,
    ORIGINAL_PATTERN,
    ORIGINAL_COLOR_SPACE,
    ORIGINAL_IGNORE_RULES,
    REDUCED_PATH,
    RECIPE,
    RECORD,
)


@dataclass(frozen=True)
class NodeState:
    """What is remembered of a node's texture before it was reduced, and of the reduction.

    Attributes
    ----------
    path, pattern : str
        Of the original, exactly as the node had them.
    color_space : str
        "" where the node has none.
    ignore_rules : bool
        Whether the colour space was kept from following the path.
    reduced_path : str
        What the node was made to show, as it read back.
    recipe : Recipe
        As it was asked for.
    record : ReductionRecord
    """

    path: str
    pattern: str
    color_space: str
    ignore_rules: bool
    reduced_path: str
    recipe: Recipe
    record: ReductionRecord


def state_of(node: ImageNode) -> NodeState | None:
    """Return what a node remembers, None if it shows its original.

    A node that shows a file of another name than the reduction's was given a new texture by its user: that
    is its original then. Folders may differ, since projects move and paths are mapped.

    Raises
    ------
    SceneError
        If what it remembers was edited and cannot be read.
    """
    reduced = _read(node, REDUCED_PATH)
    if not reduced or _file_name(node.path) != _file_name(reduced):
        return None
    try:
        recipe = Recipe.from_json(_read(node, RECIPE))
        record = ReductionRecord.from_json(_read(node, RECORD))
    except InvalidArgumentError as error:
        raise SceneError(f"{node.name}.{RECIPE}, {RECORD}: {error}; undo the change to them") from error
    return NodeState(
        _read(node, ORIGINAL_PATH),
        _read(node, ORIGINAL_PATTERN),
        _read(node, ORIGINAL_COLOR_SPACE),
        _read(node, ORIGINAL_IGNORE_RULES) == "1",
        reduced,
        recipe,
        record,
    )


def original_of(node: ImageNode) -> tuple[str, str]:
    """Return the path and the pattern of a node's original, with variables expanded."""
    if state_of(node) is None:
        path, pattern = node.path, node.pattern
        expanded = _expand_variables(node.path_plug)
    else:
        path, pattern = _read(node, ORIGINAL_PATH), _read(node, ORIGINAL_PATTERN)
        expanded = _expand_variables(f"{node.name}.{ORIGINAL_PATH}")
    if pattern == path:
        return expanded, expanded
    # The pattern's own plug is computed; of a pattern only the file name differs from the path.
    return expanded, posixpath.join(posixpath.dirname(_with_slashes(expanded)), _file_name(pattern))


def shown_path(node: ImageNode) -> str:
    """Return where Maya looks for what a node shows: a full path, with slashes; see `resolve_path`."""
    return resolve_path(_expand_variables(node.path_plug))


def show_reduced(
    changes: Changes,
    node: ImageNode,
    paths: Sequence[str],
    recipe: Recipe,
    record: ReductionRecord,
) -> None:
    """Point a node to a reduced image and let it remember its original.

    Parameters
    ----------
    changes : Changes
    node : ImageNode
    paths : sequence of str
        How the path may be written, the best way first; the last one in full. The first that leads Maya to
        the image is taken.
    recipe : Recipe
    record : ReductionRecord

    Raises
    ------
    SceneError
        If the node does not keep the path, or it does not lead to the image.
    """
    before = state_of(node)
    for attribute in _STRINGS:  # a reference may have brought some
        if not _has(node, attribute):
            changes.add_attribute(node.name, attribute, dataType="string")
    if before is None:
        original = (node.path, node.pattern, node.color_space, "1" if node.ignore_rules else "0")
        for attribute, value in zip(_STRINGS, original):
            changes.set(f"{node.name}.{attribute}", value, data_type="string")
    color_space = node.color_space
    for path in paths:
        _set_path(changes, node, path, color_space)
        if os.path.realpath(shown_path(node)) == os.path.realpath(paths[-1]):
            break
    else:
        raise SceneError(
            f"{node.path_plug} was set to {paths[-1]}, but leads to {shown_path(node)}; is it driven?"
        )
    changes.set(f"{node.name}.{REDUCED_PATH}", node.path, data_type="string")
    changes.set(f"{node.name}.{RECIPE}", recipe.to_json(), data_type="string")
    changes.set(f"{node.name}.{RECORD}", record.to_json(), data_type="string")


def show_original(changes: Changes, node: ImageNode, state: NodeState) -> None:
    """Bring a node's original back, exactly, and let it forget the reduction."""
    _set_path(changes, node, state.path, state.color_space)
    if node.ignore_rules_plug and node.ignore_rules != state.ignore_rules:
        changes.set_free(node.ignore_rules_plug, state.ignore_rules)
    is_referenced = cmds.referenceQuery(node.name, isNodeReferenced=True)
    for attribute in (attribute for attribute in _STRINGS if _has(node, attribute)):
        if is_referenced:  # maybe the reference brings the attributes, which then cannot be deleted
            changes.set(f"{node.name}.{attribute}", "", data_type="string")
        else:
            changes.delete_text_attribute(node.name, attribute)


def _set_path(changes: Changes, node: ImageNode, path: str, color_space: str) -> None:
    """Set a path and keep the colour space, which may follow the path by the scene's file rules.

    That it does is reported in ynput/OpenPype issue 2337 and daz3d/DazToMaya pull request 39.

    It is set after the path, and before it, too, so that the last thing that undoing does is to restore it:
    whether undoing a path applies the rules again is not documented.
    """
    if node.color_space_plug:
        changes.set_free(node.color_space_plug, node.color_space, data_type="string")
    changes.set(node.path_plug, path, data_type="string")
    if node.color_space_plug:
        changes.set_free(node.color_space_plug, color_space, data_type="string")


def _has(node: ImageNode, attribute: str) -> bool:
    return bool(cmds.attributeQuery(attribute, node=node.name, exists=True))


def _read(node: ImageNode, attribute: str) -> str:
    if not _has(node, attribute):
        return ""
    return str(cmds.getAttr(f"{node.name}.{attribute}") or "")


def _expand_variables(plug: str) -> str:
    return str(cmds.getAttr(plug, expandEnvironmentVariables=True) or "")


def _with_slashes(path: str) -> str:
    return path.replace("\\", "/")


def _file_name(path: str) -> str:
    return posixpath.basename(_with_slashes(path))
