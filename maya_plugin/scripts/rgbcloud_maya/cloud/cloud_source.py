"""What a cloud is made of: image nodes of the scene, or image files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rgbcloud import Progress, Texture, count, palette_for
from rgbcloud.progress import portion, silent
from rgbcloud_maya.nodes.image_nodes import find_image_nodes, image_node, is_path
from rgbcloud_maya.nodes.node_recipes import config_of_maya, recipe_for_node
from rgbcloud_maya.nodes.texture_uses import uses_of
from rgbcloud_maya.reducing.node_jobs import texture_of
from rgbcloud_maya.reducing.recipes import with_full_paths
from rgbcloud_maya.scene.project_paths import resolve_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rgbcloud import Counts, Palette, Recipe


@dataclass(frozen=True)
class CloudSource:
    """Textures whose colours are shown together."""

    nodes: tuple[str, ...] = ()  # image nodes of the scene, sorted
    images: tuple[str, ...] = ()  # paths of image files, or their patterns, sorted

    @classmethod
    def find(cls, source: str | Sequence[str] | None) -> CloudSource:
        """Return what nodes and paths stand for, the selection if None.

        Raises
        ------
        SceneError
            If a node does not exist or has no texture, or nothing is selected.
        """
        if source is None:
            return cls(tuple(sorted(node.name for node in find_image_nodes())))
        names = [source] if isinstance(source, str) else list(source)
        images = tuple(sorted(name for name in names if is_path(name)))
        others = [name for name in names if not is_path(name)]
        nodes = find_image_nodes(others) if others or not images else []
        return cls(tuple(sorted(node.name for node in nodes)), images)

    def textures(self) -> list[Texture]:
        """Return the original textures.

        Raises
        ------
        RgbcloudError
            If a file is missing.
        """
        found = [texture_of(image_node(name)) for name in self.nodes]
        return found + [Texture.find(resolve_path(path)) for path in self.images]

    def recipe_for(self, recipe: Recipe) -> Recipe:
        """Return what a recipe means for these textures: several together hold colours if it does not say."""
        recipe = with_full_paths(recipe)
        if len(self.nodes) == 1 and not self.images:
            node = image_node(self.nodes[0])
            recipe = recipe_for_node(recipe, node, uses_of([node.name])[node.name], config_of_maya())
        if recipe.settings.kind != "auto" or len(self.nodes) + len(self.images) == 1:
            return recipe
        return replace(recipe, settings=replace(recipe.settings, kind="color"))


def counts_and_palette(
    textures: Sequence[Texture], recipe: Recipe, progress: Progress
) -> tuple[Counts, Palette]:
    """Count the colours of some textures and find their palette; of Maya nothing is asked."""
    counts = count_once(textures, recipe, portion(progress, 0.0, 0.7))
    return counts, palette_for(counts, recipe, progress=portion(progress, 0.7, 1.0))


def count_once(textures: Sequence[Texture], recipe: Recipe, progress: Progress = silent) -> Counts:
    """Count the colours of all files of some textures, each file once; of Maya nothing is asked.

    Raises
    ------
    RgbcloudError
        If a file cannot be read, or they differ in depth.
    """
    seen: set[Path] = set()
    others = []
    for texture in textures:
        members = tuple(member for member in texture.members if member.path not in seen)
        seen.update(texture.paths)
        if members:
            others.append(replace(texture, members=members))
    return count(others, recipe, progress=progress)
