"""What a node remembers of its original, as JSON in one attribute of the scene, and how it goes back.

One attribute, not one for each thing that is remembered: a node of a referenced scene has few edits then.
"""

from __future__ import annotations

import functools
import json
import os
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rgbcloud import InvalidArgumentError, Recipe
from rgbcloud_maya.nodes.image_nodes import REDUCTION
from rgbcloud_maya.reducing.reduced_files import ReductionRecord
from rgbcloud_maya.scene.scene_errors import SceneError

if TYPE_CHECKING:
    from rgbcloud_maya.nodes.image_nodes import ImageNode
    from rgbcloud_maya.nodes.node_values import NodeValues
    from rgbcloud_maya.scene.undo import Changes

_OF_ERRORS = ("error_path", "kept_space")


@dataclass(frozen=True)
class NodeState:
    """What is remembered of a node's texture before it was reduced, and of the reduction."""

    # Of the original, exactly as the node had them.
    path: str
    pattern: str
    color_space: str  # "" where the node has none
    ignore_rules: bool  # whether the colour space was kept from following the path
    reduced_path: str  # what the node was made to show, as it read back
    recipe: Recipe  # as it was asked for
    record: ReductionRecord
    error_path: str = ""
    """Of the picture of its error that it shows in the place of the reduced texture; mostly empty."""
    kept_space: str = ""  # what its colour space was before it did

    def to_json(self) -> str:
        """Return the state as one line of JSON, the original's path first."""
        parts = {name: json.loads(getattr(self, name).to_json()) for name in ("recipe", "record")}
        held = {
            name: value for name, value in vars(self).items() if self.error_path or name not in _OF_ERRORS
        }
        return json.dumps({**held, **parts}, ensure_ascii=False)

    @classmethod
    @functools.lru_cache(
        maxsize=4096
    )  # a scene is listed again and again, and its nodes mostly stay as they are
    def from_json(cls, text: str) -> NodeState:
        """Return the state that `to_json` wrote.

        Raises
        ------
        InvalidArgumentError
            If the text is something else.
        """
        try:
            held = json.loads(text)
            parts = [json.dumps(held.pop(name)) for name in ("recipe", "record")]
            recipe, record = Recipe.from_json(parts[0]), ReductionRecord.from_json(parts[1])
            return cls(**held, recipe=recipe, record=record)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            msg = f"this is nothing that a reduction left there: {text[:80]!r}"
            raise InvalidArgumentError(msg) from error


class Places(NamedTuple):
    """Where a reduced texture is."""

    paths: list[str]
    """How the path may be written, the best way first."""
    targets: list[str]
    """Full paths, one of which it has to lead to."""


def state_of(node: ImageNode) -> NodeState | None:
    """Return what a node remembers, None if it shows its original.

    A node that shows a file of another name than the reduction's was given a new texture by its user: that
    is its original then. Folders may differ, since projects move and paths are mapped.

    Raises
    ------
    SceneError
        If what it remembers was edited and cannot be read.
    """
    values = node.values
    text = values.text(REDUCTION)
    if not text:
        return None
    try:
        state = NodeState.from_json(text)
    except InvalidArgumentError as error:
        raise SceneError(f"{node.name}.{REDUCTION}: {error}; undo the change to it") from error
    shown = state.error_path or state.reduced_path
    return state if _file_name(values.text(node.kind.path)) == _file_name(shown) else None


def original_of(node: ImageNode) -> tuple[str, str]:
    """Return the path and the pattern of a node's original, as the node held them."""
    state = state_of(node)
    return (node.path, node.pattern) if state is None else (state.path, state.pattern)


def resolve_original(node: ImageNode) -> tuple[str, str]:
    """Return where Maya looks for a node's original: its path and its pattern, in full, with slashes."""
    path, pattern = original_of(node)
    if pattern == path:
        resolved = _with_our_token(node, node.project.resolve(path))
        return resolved, resolved
    # The pattern's own plug is computed; of a pattern only the file name differs from the path.
    pattern = posixpath.join(posixpath.dirname(path.replace("\\", "/")), _file_name(pattern))
    return node.project.resolve(path), node.project.resolve(pattern)


def _with_our_token(node: ImageNode, path: str) -> str:
    return path.replace(node.kind.token, "<UDIM>") if node.kind.token else path


def shown_path(node: ImageNode) -> str:
    """Return where Maya looks for what a node shows: a full path, with slashes."""
    return node.project.resolve(node.path)


def show_reduced(
    changes: Changes,
    node: ImageNode,
    places: Places,
    recipe: Recipe,
    record: ReductionRecord,
) -> None:
    """Point a node to a reduced image and let it remember its original.

    Parameters
    ----------
    changes : Changes
    node : ImageNode
    places : Places
        The first way to write the path that leads Maya there is taken.
    recipe : Recipe
    record : ReductionRecord

    Raises
    ------
    SceneError
        If the node does not keep the path, or it does not lead to the image.
    """
    before, values = state_of(node), node.values
    color_space, ignore_rules = values.text(node.kind.color_space), values.is_on(node.kind.ignore_rules)
    path, pattern = original_of(node)
    there = {os.path.realpath(target) for target in places.targets}
    if before is not None:
        kept_space, kept_rules = before.color_space, before.ignore_rules
        color_space = before.kept_space if before.error_path else color_space
    else:
        kept_space, kept_rules = color_space, ignore_rules
    for possible in places.paths:
        _set_path(changes, node, values, possible, color_space)
        if os.path.realpath(shown_path(node)) in there:
            break
    else:
        raise SceneError(
            f"{node.path_plug} was set to {places.paths[-1]}, but leads to {shown_path(node)}; is it driven?"
        )
    state = NodeState(path, pattern, kept_space, kept_rules, node.path, recipe, record)
    if not values.has(REDUCTION):  # a reference may have brought it
        changes.add_attribute(node.name, REDUCTION, dataType="string")
    changes.set_text(f"{node.name}.{REDUCTION}", state.to_json(), values.text(REDUCTION))


def show_file(changes: Changes, node: ImageNode, path: str, color_space: str, state: NodeState) -> None:
    """Point a reduced node to another file for a while, and let it remember what to show then."""
    values = node.values
    _set_path(changes, node, values, path, color_space)
    changes.set_text(f"{node.name}.{REDUCTION}", state.to_json(), values.text(REDUCTION))


def show_original(changes: Changes, node: ImageNode, state: NodeState) -> None:
    """Bring a node's original back, exactly, and let it forget the reduction."""
    values = node.values
    _set_path(changes, node, values, state.path, state.color_space)
    if node.ignore_rules_plug and node.ignore_rules != state.ignore_rules:
        changes.set_free(node.ignore_rules_plug, state.ignore_rules)
    if values.is_referenced:
        changes.empty_text_attribute(node.name, REDUCTION)
    else:
        changes.delete_text_attribute(node.name, REDUCTION)


def _set_path(changes: Changes, node: ImageNode, values: NodeValues, path: str, color_space: str) -> None:
    """Set a path and keep the colour space, which may follow the path by the scene's file rules.

    That it does is reported in ynput/OpenPype issue 2337 and daz3d/DazToMaya pull request 39.

    It is set after the path, and before it, too, so that the last thing that undoing does is to restore it:
    whether undoing a path applies the rules again is not documented.
    """
    attribute, plug = node.kind.color_space, f"{node.name}.{node.kind.color_space}"
    has_space = values.has(attribute) and values.is_free(attribute)
    if has_space:
        held = values.text(attribute)
        changes.set_text(plug, held, held)
    changes.set_text(node.path_plug, path, values.text(node.kind.path))
    if has_space:
        changes.set_text(plug, color_space, values.text(attribute))


def _file_name(path: str) -> str:
    return posixpath.basename(path.replace("\\", "/"))
