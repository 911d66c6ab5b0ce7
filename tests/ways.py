"""Short ways to what many tests do."""

from __future__ import annotations

from pathlib import Path

from rgbcloud import Limits, Output, Recipe, Settings, Texture, reduce, reduce_texture
from rgbcloud.counting import Origin
from rgbcloud.images import format_of, result_suffix
from rgbcloud.progress import silent
from rgbcloud.textures import Counts, plan_for


def recipe_of(settings=None, **others):
    """Return a recipe; a mask may be a path or a texture."""
    mask = others.get("mask")
    if mask is not None:
        others["mask"] = (mask.pattern or str(mask.paths[0])) if isinstance(mask, Texture) else str(mask)
    return Recipe(settings or Settings(), **others)


def reduced(source, settings=None, *, file_format=None, progress=silent, **recipe):
    """Return an image reduced in memory; what else is given goes into the recipe."""
    return reduce(source, recipe_of(settings, **recipe), file_format=file_format, progress=progress)


def reduced_file(source, target=None, *, settings=None, overwrite=False, **recipe):
    """Reduce an image file and save it, beside its source if there is no target."""
    wanted, source = recipe_of(settings, **recipe), Path(source)
    if target is None:
        target = source.with_name(f"{source.stem}.{wanted.tag()}{result_suffix(source, '.png')}")
    reduction = reduce(source, wanted, file_format=format_of(target))
    reduction.save(target, overwrite=overwrite)
    return reduction


def reduced_texture(texture, settings=None, *, budget=None, targets=(), **options):
    """Reduce the files of a texture and save them."""
    places = {name: options.pop(name) for name in ("folder", "suffix", "overwrite") if name in options}
    ways = {name: options.pop(name) for name in ("ssim", "keep_going", "progress") if name in options}
    limits = Limits() if budget is None else Limits(budget=budget)
    output = Output(**places, targets=tuple(targets))
    return reduce_texture(texture, recipe_of(settings, **options), output, limits=limits, **ways)


def chosen(histogram, settings, goal, name=""):
    """Return the number of colours that a goal of quality asks for."""
    counts = Counts(histogram, Origin(name))
    plan = plan_for([], counts, Recipe(settings, goal=goal), "PNG", Limits(), progress=silent)
    return plan.recipe.settings.colors
