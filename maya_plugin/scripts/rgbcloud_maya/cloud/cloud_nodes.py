"""A cloud's nodes: one tagged transform, its parts below it, what it remembers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from maya import cmds

from rgbcloud import PointCloud, Recipe
from rgbcloud.color import color_space_from_json
from rgbcloud_maya.cloud.cloud_options import CloudOptions
from rgbcloud_maya.cloud.cloud_source import CloudSource
from rgbcloud_maya.cloud.cube import create_cube, size_cube
from rgbcloud_maya.cloud.locators import update_locators
from rgbcloud_maya.cloud.particles import MAX_POINTS, create_points, fill_points, points_of, rewind
from rgbcloud_maya.scene import messages
from rgbcloud_maya.scene.undo import short_name

if TYPE_CHECKING:
    from rgbcloud import Counts, Palette
    from rgbcloud.color import ColorSpace
    from rgbcloud_maya.cloud.particles import Points
    from rgbcloud_maya.scene.undo import Changes

OPTIONS = "rgbcloudOptions"
"""The attribute by which a cloud's transform is found."""
RECIPE = "rgbcloudRecipe"
COLOR_SPACE = "rgbcloudColorSpace"
"""What the textures' numbers are: without it nobody could tell which colours moved locators stand for."""
IMAGES = "rgbcloudImages"
TEXTURES = "rgbcloudTextures"
PART = "rgbcloudPart"
ITERATIONS = "iterations"
HIDDEN = "rgbcloudHidden"
"""The parts that are hidden while iterations are shown, on the transform of these."""


class CloudLook(NamedTuple):
    """Whose colours a cloud shows, and how: what is known before they are counted."""

    source: CloudSource
    options: CloudOptions
    unit: float
    """Centimetres of the scene's unit of length."""


@dataclass(frozen=True, eq=False)
class CloudModel:
    """All that a cloud in the scene shows."""

    source: CloudSource
    recipe: Recipe
    """What the palette was found by, and what textures are written by when locators are applied."""
    options: CloudOptions
    palette: Palette  # measured on all texels
    points: Points
    color_space: ColorSpace  # of the textures

    @classmethod
    def of(cls, look: CloudLook, recipe: Recipe, counts: Counts, palette: Palette) -> CloudModel:
        """Make what is to be shown of counted colours and their palette, in whatever thread."""
        budget = min(look.options.budget, MAX_POINTS)
        cloud = PointCloud.from_histogram(counts.histogram, palette, budget=budget)
        points = points_of(cloud, look.options, look.unit)
        return cls(look.source, recipe, look.options, palette, points, cloud.color_space)


def show_model(changes: Changes, root: str | None, model: CloudModel) -> str:
    """Build a cloud, or give the one at `root` new values. Returns its transform."""
    if root is None:
        root = _create_root(changes, model.source)
    changes.set(f"{root}.{OPTIONS}", model.options.to_json(), data_type="string")
    changes.set(f"{root}.{RECIPE}", model.recipe.to_json(), data_type="string")
    changes.set(f"{root}.{COLOR_SPACE}", json.dumps(model.color_space.to_json()), data_type="string")
    leftover = end_iterations(changes, root)
    there = parts_of(root)
    leftover += [node for part, node in there.items() if part not in (*model.options.parts, ITERATIONS)]
    if "points" in model.options.parts:
        points = there.get("points") or _tag(changes, create_points(changes, root, "points"), "points")
        fill_points(changes, points, model.points, model.options)
        rewind([points])
        if model.options.budget > MAX_POINTS and len(model.points.positions) == MAX_POINTS:
            messages.warning(
                f"rgbcloud: {root} has {MAX_POINTS:,} points, the most that a cloud in Maya may have"
            )
    if "locators" in model.options.parts:
        group = there.get("locators") or create_part(changes, root, "locators")
        leftover += update_locators(changes, group, model.palette, model.options, model.color_space)
    if "cube" in model.options.parts:
        cube = there.get("cube")
        if cube is None:
            cube = create_part(changes, root, "cube")
            create_cube(changes, cube)
        size_cube(changes, cube, model.options)
    changes.delete_at_end(leftover)
    return root


def parts_of(root: str) -> dict[str, str]:
    """Return the transforms of a cloud's parts, which may have been renamed, by what they are."""
    children = cmds.listRelatives(root, children=True, fullPath=True, type="transform") or ()
    tagged = [child for child in children if cmds.attributeQuery(PART, node=child, exists=True)]
    return {str(cmds.getAttr(f"{child}.{PART}")): child for child in tagged}


def create_part(changes: Changes, root: str, part: str) -> str:
    """Make the transform of a part, tagged as such."""
    made = cmds.createNode("transform", name=part, parent=root, skipSelect=True)
    return _tag(changes, changes.note_created(f"{root}|{short_name(made)}"), part)


def end_iterations(changes: Changes, root: str) -> list[str]:
    """Show what iterations hide, and return their nodes, to be deleted when all else is done."""
    parts = parts_of(root)
    if ITERATIONS not in parts:
        return []
    group = parts[ITERATIONS]
    for part in str(cmds.getAttr(f"{group}.{HIDDEN}") or "").split():
        if part in parts:
            changes.set_free(f"{parts[part]}.visibility", True)
    return [group]


def source_of(root: str) -> CloudSource:
    """Return what a cloud was made of."""
    nodes = cmds.listConnections(f"{root}.{TEXTURES}", source=True, destination=False) or ()
    images = str(cmds.getAttr(f"{root}.{IMAGES}") or "")
    return CloudSource(tuple(sorted(nodes)), tuple(images.split("\n")) if images else ())


def recipe_of(root: str) -> Recipe:
    """Return the recipe of a cloud's palette."""
    return Recipe.from_json(cmds.getAttr(f"{root}.{RECIPE}"))


def options_of(root: str) -> CloudOptions:
    """Return how a cloud was asked to look."""
    return CloudOptions.from_json(cmds.getAttr(f"{root}.{OPTIONS}"))


def color_space_of(root: str) -> ColorSpace:
    """Return what the numbers of a cloud's textures are."""
    return color_space_from_json(json.loads(cmds.getAttr(f"{root}.{COLOR_SPACE}")))


def _create_root(changes: Changes, source: CloudSource) -> str:
    made = cmds.createNode("transform", name="rgbcloud", skipSelect=True)
    root = changes.note_created(cmds.ls(made, long=True)[0])
    for attribute in (OPTIONS, RECIPE, IMAGES, COLOR_SPACE):
        changes.add_attribute(root, attribute, dataType="string")
    changes.add_attribute(root, TEXTURES, attributeType="message", multi=True)
    changes.set(f"{root}.{IMAGES}", "\n".join(source.images), data_type="string")
    for index, node in enumerate(source.nodes):
        changes.connect(f"{node}.message", f"{root}.{TEXTURES}[{index}]")
    return root


def _tag(changes: Changes, node: str, part: str) -> str:
    changes.add_attribute(node, PART, dataType="string")
    changes.set(f"{node}.{PART}", part, data_type="string")
    return node
