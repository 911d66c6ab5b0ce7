"""The palettes of a shot: one for each frame, with indices that stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rgbcloud.errors import InvalidArgumentError
from rgbcloud.progress import Progress, portions, silent
from rgbcloud.textures.goals import palette_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud.palettes.palette import Palette
    from rgbcloud.textures.counts import Counts
    from rgbcloud.textures.recipe import Recipe


def frame_palettes(frames: Sequence[Counts], recipe: Recipe, *, progress: Progress = silent) -> list[Palette]:
    """Return a palette for each frame, every colour at the index of the one before that it stands for.

    Parameters
    ----------
    frames : sequence of Counts
        In their order.
    recipe : Recipe
        What it is to be like, the first frame is.
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`.

    Raises
    ------
    InvalidArgumentError
        If the recipe has a goal, which may lead to another number of colours in each frame, or a palette.
    """
    if recipe.goal is not None or recipe.palette is not None:
        raise InvalidArgumentError(
            "the palettes of a shot have one number of colours; leave out goal and palette"
        )
    found: list[Palette] = []
    for counts, part in zip(frames, portions(progress, len(frames))):
        before = found[-1] if found else recipe.like
        found.append(palette_for(counts, replace(recipe, like=before), progress=part))
    return found
