"""What the commands do: from flags to the functions' arguments, and back to what Maya can return."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from maya.api import OpenMaya

from rgbcloud import FIELDS, Palette, Recipe, RgbcloudError, save_palette
from rgbcloud.budget import Budget, bytes_of
from rgbcloud_maya.cloud.cloud_nodes import options_of, recipe_of
from rgbcloud_maya.cloud.cloud_options import CloudOptions
from rgbcloud_maya.cloud.cloud_source import CloudSource, counts_and_palette
from rgbcloud_maya.cloud.scene_cloud import (
    apply_locators,
    build_cloud,
    cloud_of,
    clouds,
    find_cloud,
    remove_cloud,
)
from rgbcloud_maya.cloud.timeline import hide_iterations, show_iterations
from rgbcloud_maya.commands.command_flags import OF_PALETTES, OF_REDUCTIONS
from rgbcloud_maya.models.face_clusters import assign_materials, make_sets, select_cluster
from rgbcloud_maya.models.shown_errors import toggle_errors
from rgbcloud_maya.nodes.image_nodes import all_image_nodes, find_image_nodes
from rgbcloud_maya.reducing.node_reducing import reduce, revert, textures
from rgbcloud_maya.reducing.node_state import original_of, state_of
from rgbcloud_maya.reducing.recipes import value_of, with_values
from rgbcloud_maya.scene.progress_bar import main_progress_bar
from rgbcloud_maya.scene.project_paths import ProjectPaths, resolve_path
from rgbcloud_maya.scene.scene_errors import SceneError
from rgbcloud_maya.scene.waiting import while_waiting

if TYPE_CHECKING:
    from rgbcloud import Field
    from rgbcloud_maya.commands.command_flags import Call
    from rgbcloud_maya.reducing.node_jobs import NodeResult

__all__ = [
    "RgbcloudError",
    "cloud",
    "find_palette",
    "reduce_textures",
    "revert_textures",
    "select_faces",
    "show_errors",
]

_OPTION_OF = {
    "parts": "parts",
    "colorBy": "color_by",
    "size": "size",
    "budget": "budget",
    "pointSize": "point_size",
    "linearDisplay": "linear",
    "axes": "axes",
}
_SHOWS_ALL = -1  # of isolate, since a flag cannot be None
_NOTHING = {"goal": 0, "source": ""}  # what a query returns of what is not in a recipe


def cloud(call: Call) -> Any:
    """Run `rgbCloud`."""
    if call.is_query:
        return _cloud_value(call)
    name = _one_or_none(call)
    if "remove" in call.flags:
        return remove_cloud(name)
    if "hideIterations" in call.flags:
        return hide_iterations(name)
    with main_progress_bar() as progress:
        if "applyLocators" in call.flags:
            return _names_of_reduced(apply_locators(name, folder=call.flags.get("folder"), progress=progress))
        if "iterations" in call.flags:
            return show_iterations(
                name,
                start=call.flags.get("startFrame"),
                step=call.flags.get("frameStep", 10.0),
                most=call.flags["iterations"],
                progress=progress,
            )
        there = cloud_of(call.objects or None)
        recipe = recipe_of(there) if there else Recipe()
        options = options_of(there) if there else CloudOptions()
        return build_cloud(
            call.objects or None,
            with_values(recipe, _values(call, OF_PALETTES)),
            replace(options, **_option_values(call)),
            progress=progress,
        )


def reduce_textures(call: Call) -> Any:
    """Run `rgbCloudReduce`."""
    if call.is_query:
        return _texture_value(call)
    nodes = [texture.node for texture in textures()] if "allTextures" in call.flags else call.objects or None
    budget = Budget(bytes_of(call.flags["totalBytes"])) if "totalBytes" in call.flags else None
    with main_progress_bar() as progress:
        results = reduce(
            nodes,
            Recipe.of(**_values(call, OF_REDUCTIONS)),
            folder=call.flags.get("folder"),
            force="force" in call.flags,
            surface=call.flags.get("camera") or "surface" in call.flags,
            budget=budget,
            progress=progress,
        )
    if budget is not None:
        OpenMaya.MGlobal.displayInfo("\n".join(budget.lines()))
    return _names_of_reduced(results)


def revert_textures(call: Call) -> Any:
    """Run `rgbCloudRevert`."""
    nodes = _reduced_nodes() if "allTextures" in call.flags else call.objects or None
    if nodes == []:
        return []
    with main_progress_bar() as progress:
        results = revert(nodes, keep_missing="keepMissing" in call.flags, progress=progress)
    return [result.node for result in results if result.status == "reverted"]


def select_faces(call: Call) -> Any:
    """Run `rgbCloudSelect`."""
    if call.is_query:
        raise SceneError("rgbCloudSelect cannot be queried; rgbCloudPalette tells the clusters")
    if sum(flag in call.flags for flag in ("cluster", "sets", "materials")) != 1:
        raise SceneError("rgbCloudSelect needs one of cluster, sets and materials")
    values = _values(call, OF_PALETTES)
    recipe = Recipe.of(**values) if values else None
    threshold = call.flags.get("threshold", 0.0)
    with main_progress_bar() as progress:
        for flag, work in (("sets", make_sets), ("materials", assign_materials)):
            if flag in call.flags:
                return work(call.objects or None, recipe, threshold=threshold, progress=progress)
        cluster = call.flags["cluster"]
        return select_cluster(call.objects or None, cluster, recipe, threshold=threshold, progress=progress)


def show_errors(call: Call) -> Any:
    """Run `rgbCloudError`."""
    if call.is_query:
        states = [(node.name, state_of(node)) for node in all_image_nodes()]
        return [name for name, state in states if state is not None and state.error_path]
    with main_progress_bar() as progress:
        return toggle_errors(call.objects or None, progress=progress)


def find_palette(call: Call) -> Any:
    """Run `rgbCloudPalette`."""
    recipe = Recipe.of(**_values(call, OF_PALETTES))
    with main_progress_bar() as progress:
        found = CloudSource.find(call.objects or None)
        meant = found.recipe_for(recipe)
        _, palette = while_waiting(partial(counts_and_palette, found.textures(), meant), progress)
    if "saveAs" in call.flags:
        save_palette(ProjectPaths.current().full(call.flags["saveAs"]), palette)
    return palette.shares.tolist() if "shares" in call.flags else palette.to_hex()


def _cloud_value(call: Call) -> Any:
    """Return what a query of `rgbCloud` asks for."""
    if "clouds" in call.flags:
        return clouds()
    root = find_cloud(_one_or_none(call))
    options = options_of(root)
    for field in FIELDS:
        if field.flag in call.flags:
            return _as_result(field, value_of(recipe_of(root), field))
    for flag in call.flags:
        if flag == "isolate":
            return _SHOWS_ALL if options.isolate is None else options.isolate
        if flag in _OPTION_OF:
            value = getattr(options, _OPTION_OF[flag])
            return list(value) if isinstance(value, tuple) else value
    raise SceneError("rgbCloud can be queried for clouds, for a cloud's palette flags, and for how it looks")


def _texture_value(call: Call) -> Any:
    """Return what a query of `rgbCloudReduce` asks for."""
    if "reduced" in call.flags:
        return _reduced_nodes()
    node = find_image_nodes(call.objects or None)[0]
    state = state_of(node)
    if "originalPath" in call.flags:
        return state.path if state else original_of(node)[0]
    if state is None:
        raise SceneError(f"{node.name} shows its original; only a reduced texture has settings")
    for field in FIELDS:
        if field.flag in call.flags:
            is_count = field.name == "colors"
            return state.record.colors if is_count else _as_result(field, value_of(state.recipe, field))
    raise SceneError("rgbCloudReduce can be queried for reduced, originalPath and a reduced node's settings")


def _reduced_nodes() -> list[str]:
    return [texture.node for texture in textures() if texture.recipe]


def _names_of_reduced(results: list[NodeResult]) -> list[str]:
    return [result.node for result in results if result.status == "reduced"]


def _values(call: Call, parts: tuple[str, ...]) -> dict[str, Any]:
    """Return what flags say of a recipe; relative paths are the project's."""
    values = call.values(*parts)
    for field in FIELDS:
        if field.form == "file" and values.get(field.name):
            values[field.name] = resolve_path(values[field.name])
    return values


def _as_result(field: Field, value: Any) -> Any:
    """Return what Maya takes as a result: pairs as they are given, with an equals sign."""
    if field.form == "pairs":
        return ["=".join(pair) for pair in value]
    if isinstance(value, Palette):
        return value.to_hex()
    if value is None:
        return _NOTHING.get(field.part)
    return list(value) if isinstance(value, tuple) else value


def _option_values(call: Call) -> dict[str, Any]:
    given = {name: call.flags[flag] for flag, name in _OPTION_OF.items() if flag in call.flags}
    if "isolate" in call.flags:
        isolate = call.flags["isolate"]
        given["isolate"] = None if isolate == _SHOWS_ALL else isolate
    return given


def _one_or_none(call: Call) -> str | None:
    if len(call.objects) > 1:
        raise SceneError(f"name one cloud, got {len(call.objects)}: {', '.join(call.objects)}")
    return call.objects[0] if call.objects else None
