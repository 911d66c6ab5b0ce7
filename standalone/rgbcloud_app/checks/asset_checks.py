"""Assets against rules: their textures have to be there, and those of colours to keep to the rest."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud import Recipe
from rgbcloud.errors import RgbcloudError
from rgbcloud.images import FORMATS
from rgbcloud_app.assets.lighter import recipe_for
from rgbcloud_app.assets.opening import opened_asset
from rgbcloud_app.checks.known_results import problem_of_receipt
from rgbcloud_app.checks.rules import Finding, Rules, check_texture

if TYPE_CHECKING:
    from rgbcloud import Limits
    from rgbcloud_app.assets.asset import Asset, AssetTexture


def check_asset(
    path: str, rules: Rules, recipe: Recipe | None = None, limits: Limits | None = None
) -> list[Finding]:
    """Hold an asset against rules: itself, and each of its textures.

    Parameters
    ----------
    path : str
    rules : Rules
        About colours only those textures have to keep to them that hold colours.
    recipe : Recipe, optional
        Says what colours are where neither the asset nor the files do.
    limits : Limits, optional

    Raises
    ------
    RgbcloudError
        If the asset cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="rgbcloud-") as scratch:
        asset = opened_asset(path, Path(scratch))
        problem = problem_of_receipt(asset.path) if rules.receipts else None
        told = (f"it {problem}",) if problem else ()
        own = Finding(path, (*told, *asset.notes), note=f"textures: {len(asset.textures)}")
        found = [_check(asset, texture, rules, recipe or Recipe(), limits) for texture in asset.textures]
        return [own, *found]


def _check(
    asset: Asset, texture: AssetTexture, rules: Rules, recipe: Recipe, limits: Limits | None
) -> Finding:
    name = f"{asset.path}: {texture.name}"
    if not texture.hindrance and not texture.is_there:
        return Finding(name, ("is missing",))
    reason = texture.reason_to_leave(frozenset(["color"]))
    if texture.hindrance or texture.path.suffix.lower() not in FORMATS:
        return Finding(name, note=f"left as it is: {reason}")
    rules = replace(rules, resolve=True, receipts=rules.receipts and not (reason or texture.is_embedded))
    if reason:
        rules = replace(rules, palette=None, delta_e=0.0, max_colors=None)
    try:
        found = check_texture(texture.path, rules, recipe_for(texture, recipe)[0], limits)
    except RgbcloudError as error:
        return Finding(name, (str(error).replace(str(texture.path), texture.name),))
    note = f"left as it is: {reason}" if reason else f"holds colours ({texture.uses[0].where})"
    problems = tuple(problem.replace(str(texture.path), texture.name) for problem in found.problems)
    sizes = {texture.name if texture.is_embedded else file: size for file, size in found.sizes.items()}
    return replace(found, name=name, problems=problems, sizes=sizes, note=note)
