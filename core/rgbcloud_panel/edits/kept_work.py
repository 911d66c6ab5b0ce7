"""What an artist has made of a texture, as a text that stands beside the picture from day to day."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import NamedTuple

from rgbcloud import Goal, InvalidArgumentError, Recipe, Settings
from rgbcloud_panel.edits.editing import EditedPalette
from rgbcloud_panel.edits.history import Look


class Work(NamedTuple):
    """A look, and the mask by which its colours are counted; see `rgbcloud.Recipe.mask`."""

    look: Look
    mask: str = ""

    def to_text(self) -> str:
        """Return it as JSON; empty where no hand has made anything."""
        look = self.look
        if not (look.is_by_hand or self.mask):
            return ""
        values = {
            "recipe": json.loads(look.recipe(self.mask).to_json()),
            "settings": asdict(look.settings),
            "goal": look.goal and asdict(look.goal),
            "locked": look.edited.locked if look.edited else (),
            "is_made": look.edited is not None and look.edited.is_made,
        }
        return json.dumps(values, indent=1)

    @classmethod
    def of_text(cls, text: str) -> Work:
        """Return what `to_text` wrote, or what a recipe in JSON leads to.

        Raises
        ------
        InvalidArgumentError
            If it is none of these, or another release's.
        """
        try:
            values = json.loads(text)
            if "recipe" not in values:
                return cls._of_recipe(Recipe.from_json(text))
            recipe = Recipe.from_json(json.dumps(values["recipe"]))
            settings = Settings.from_json(json.dumps(values["settings"]))
            goal = values["goal"] and Goal(**values["goal"])
            look = Look(settings, goal)
            if recipe.palette is not None:
                pairs, locked = recipe.settings.recolored, tuple(values["locked"])
                look = replace(look, edited=EditedPalette(recipe.palette, pairs, locked, values["is_made"]))
            return cls(look, recipe.mask)
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, InvalidArgumentError):
                raise
            raise InvalidArgumentError(f"not what rgbcloud keeps of a texture: {error}") from error

    @classmethod
    def _of_recipe(cls, recipe: Recipe) -> Work:
        if recipe.palette is None:
            return cls(Look(recipe.settings, recipe.goal), recipe.mask)
        edited = EditedPalette(recipe.palette, recipe.settings.recolored, is_made=True)
        return cls(Look(replace(recipe.settings, recolored=()), edited=edited), recipe.mask)
