"""Recipes: their values by the names of fields, and what Maya makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rgbcloud import FIELDS, Recipe
from rgbcloud_maya.reducing.png_support import reads_indexed_png
from rgbcloud_maya.scene.project_paths import resolve_path
from rgbcloud_maya.scene.scene_errors import SceneError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from rgbcloud import Field


def value_of(recipe: Recipe, field: Field) -> Any:
    """Return what a recipe says of a field; None where it says nothing."""
    if field.part == "goal":
        return getattr(recipe.goal, field.name, None)
    return getattr(recipe if field.part == "source" else recipe.settings, field.name)


def changed_values(recipe: Recipe) -> dict[str, Any]:
    """Return the values that are not those of `Recipe()`, as `Recipe.of` takes them."""
    plain, values = Recipe(), {}
    for field in FIELDS:
        value = value_of(recipe, field)
        follows = field.name == "colors" and recipe.palette is not None
        if value != value_of(plain, field) and not follows:
            values[field.name] = value
    return values


def with_values(recipe: Recipe, values: Mapping[str, Any]) -> Recipe:
    """Return a recipe with some values exchanged, which are as `Recipe.of` takes them."""
    return Recipe.of(**{**changed_values(recipe), **values})


def with_full_paths(recipe: Recipe) -> Recipe:
    """Return a recipe whose mask is where Maya looks for it: a relative path is the project's."""
    return replace(recipe, mask=resolve_path(recipe.mask)) if recipe.mask else recipe


def readable_by_maya(recipe: Recipe) -> Recipe:
    """Return a recipe whose files this Maya reads: without palette indices if it does not."""
    if recipe.settings.indexed and not reads_indexed_png():
        return replace(recipe, settings=replace(recipe.settings, indexed=False))
    return recipe


def refuse_others(recipe: Recipe, heeded: Collection[str], why: str) -> None:
    """Raise `SceneError` where a recipe says anything beyond some fields."""
    idle = [name for name in changed_values(recipe) if name not in heeded]
    if idle:
        raise SceneError(f"{why}; leave out {', '.join(idle)}")
