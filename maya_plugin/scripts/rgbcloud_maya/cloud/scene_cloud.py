"""The cloud in the scene: built, found again, rebuilt in place, removed, applied to the texture."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Callable

import numpy as np
from maya import cmds

from rgbcloud import Palette, Recipe, palette_for
from rgbcloud.progress import portion, portions, silent
from rgbcloud_maya.cloud.cloud_nodes import (
    OPTIONS,
    CloudLook,
    CloudModel,
    options_of,
    parts_of,
    recipe_of,
    show_model,
    source_of,
)
from rgbcloud_maya.cloud.cloud_options import CloudOptions
from rgbcloud_maya.cloud.cloud_source import CloudSource, counts_and_palette
from rgbcloud_maya.cloud.locators import INDEX, colors_of_locators, locators_of
from rgbcloud_maya.nodes.image_nodes import image_node, is_path
from rgbcloud_maya.reducing.node_jobs import NodeJob, adoption, plan, target_for
from rgbcloud_maya.reducing.recipes import readable_by_maya, refuse_others
from rgbcloud_maya.reducing.reduced_files import NewFiles, ReducedFiles
from rgbcloud_maya.scene.project_paths import ProjectPaths
from rgbcloud_maya.scene.scene_errors import SceneError
from rgbcloud_maya.scene.undo import undo_step
from rgbcloud_maya.scene.units import centimetres_per_unit
from rgbcloud_maya.scene.waiting import while_waiting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from rgbcloud import Counts, Progress, Texture
    from rgbcloud_maya.reducing.node_jobs import NodeResult

DEFAULT_OPTIONS = CloudOptions()
DEFAULT_RECIPE = Recipe()


def clouds() -> list[str]:
    """Return the transforms of the scene's clouds, as full paths."""
    return sorted(cmds.ls(f"*.{OPTIONS}", objectsOnly=True, recursive=True, long=True) or ())


def find_cloud(name: str | None = None) -> str:
    """Return the cloud that a node is or is part of.

    Parameters
    ----------
    name : str, optional
        Left out: the selected one, or the scene's only one.

    Returns
    -------
    str
        Full path of its transform.

    Raises
    ------
    SceneError
        If there is none, or more than one that it could be.
    """
    known = clouds()
    if not known:
        raise SceneError("there is no cloud in the scene; build one first")
    found = _clouds_around(_selected_nodes() if name is None else [name])
    if name is not None and not found:
        raise SceneError(f"{name} is no cloud; the scene has {', '.join(known)}")
    found = found or known
    if len(found) > 1:
        raise SceneError(f"there are {len(found)} clouds ({', '.join(found)}); select or name one of them")
    return found[0]


def cloud_of(source: str | Sequence[str] | None = None) -> str | None:
    """Return the cloud that `build_cloud` would rebuild, None if it would build a new one."""
    return _source_and_cloud(source)[1]


def cloud_of_nodes(source: CloudSource) -> str | None:
    """Return the scene's own cloud of just these textures, None if there is none."""
    same = [cloud for cloud in clouds() if source_of(cloud) == source and not _is_referenced(cloud)]
    return same[0] if same else None


def own_cloud(name: str | None) -> str:
    """Return what `find_cloud` does, unless it belongs to a referenced scene."""
    root = find_cloud(name)
    if _is_referenced(root):
        raise SceneError(f"{root} belongs to a referenced scene; change it there")
    return root


def build_cloud(
    source: str | Sequence[str] | None = None,
    recipe: Recipe = DEFAULT_RECIPE,
    options: CloudOptions = DEFAULT_OPTIONS,
    *,
    progress: Progress = silent,
) -> str:
    """Show a texture's colours as points in the RGB cube, and its palette as locators.

    A cloud of the same textures is rebuilt in place: its nodes stay and get new values, so that what the
    user connected, keyed, moved or renamed stays. One undo step; selection and current frame stay. Colours of
    any depth stand where a display shows them; they are clustered as the textures store them.

    Parameters
    ----------
    source : str or sequence of str, optional
        Image nodes, objects or materials with textures, or image files; or a cloud, to be rebuilt. Left out:
        the selection. Reduced textures show the colours of their originals.
    recipe : Recipe
        Of the palette; no goal. What is said of texels and files counts when locators are applied. Several
        textures together are taken for colours, unless the kind is said.
    options : CloudOptions
        What to build, and how it looks.
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`, which leaves the scene as it is.

    Returns
    -------
    str
        Full path of the cloud's transform, which sits at the origin if it is new.

    Raises
    ------
    RgbcloudError
        If there is no such source, or it cannot be read; if the recipe has a goal.
    """
    why = "a goal is for reducing; a cloud and its palette have the number of colours that is said"
    refuse_others(Recipe(goal=recipe.goal), (), why)
    found, root = _source_and_cloud(source)
    meant = found.recipe_for(recipe)
    look = CloudLook(found, options, centimetres_per_unit())
    work = partial(_model_of, found.textures(), recipe, meant, look)
    model = while_waiting(work, portion(progress, 0.0, 0.9))
    with undo_step("Build RGB cloud", portion(progress, 0.9, 0.9)) as changes:
        return show_model(changes, root, model)


def _model_of(
    textures: Sequence[Texture], recipe: Recipe, meant: Recipe, look: CloudLook, progress: Progress
) -> CloudModel:
    """Count colours and find their palette; of Maya nothing is asked."""
    counts, palette = counts_and_palette(textures, meant, progress)
    if look.options.isolate is not None and look.options.isolate >= len(palette):
        msg = f"isolate must be one of the clusters 0..{len(palette) - 1}, got {look.options.isolate}"
        raise SceneError(msg)
    return CloudModel.of(look, recipe, counts, palette)


def remove_cloud(cloud: str | None = None) -> None:
    """Remove a cloud and all that is in it, as one undo step.

    Parameters
    ----------
    cloud : str, optional
        See `find_cloud`.

    Raises
    ------
    SceneError
        See `find_cloud`; or if the cloud belongs to a referenced scene.
    """
    root = own_cloud(cloud)
    with undo_step("Remove RGB cloud") as changes:
        changes.delete_at_end([root])


def apply_locators(
    cloud: str | None = None,
    *,
    folder: str | PathLike[str] | None = None,
    progress: Progress = silent,
) -> list[NodeResult]:
    """Rebuild a cloud's textures with the colours that its locators were moved to.

    The colours are clamped to the cube, and the locators moved to what was applied. Of two locators in one
    place one is removed; one that was deleted leaves its texels to the nearest of the others. One undo step.

    Parameters
    ----------
    cloud : str, optional
        See `find_cloud`.
    folder : str or path-like, optional
        See `reduce`.
    progress : Progress
        See `build_cloud`.

    Returns
    -------
    list of NodeResult
        One per image node; none for image files, which are written all the same.

    Raises
    ------
    RgbcloudError
        If there is no such cloud, it has no locators, or a texture cannot be read, written or re-pointed:
        nothing is changed then.
    """
    root = own_cloud(cloud)
    source, recipe = source_of(root), recipe_of(root)
    options = replace(options_of(root), isolate=None)  # what was applied is to be seen, all of it
    group = parts_of(root).get("locators")
    locators = locators_of(group) if group else []
    if not locators:
        raise SceneError(f"{root} has no locators to apply; build the cloud with locators")
    meant = source.recipe_for(recipe)
    counts, found = while_waiting(
        partial(counts_and_palette, source.textures(), meant), portion(progress, 0.0, 0.3)
    )
    moved = _palette_of_locators(found, locators, options)
    applied = readable_by_maya(replace(meant, palette=moved, like=None))
    jobs, results = _jobs(source, applied, folder)
    look = CloudLook(source, options, centimetres_per_unit())
    new_files = NewFiles()
    write = partial(_write_textures, [partial(job.write, new_files=new_files) for job in jobs])
    work = partial(write, look, recipe, counts, applied)
    files, model = while_waiting(work, portion(progress, 0.3, 0.9), undo=new_files.remove)
    made = list(zip(jobs, files))
    adopting = adoption("Apply locators", made, portion(progress, 0.9, 1.0))
    with new_files.unless_cancelled(), adopting as (changes, adopted):
        results.update(adopted)
        show_model(changes, root, model)
    return list(results.values())


def _write_textures(
    writers: Sequence[Callable[[Progress], ReducedFiles]],
    look: CloudLook,
    recipe: Recipe,
    counts: Counts,
    applied: Recipe,
    progress: Progress,
) -> tuple[list[ReducedFiles], CloudModel]:
    """Write a cloud's textures by an applied recipe, and make what the cloud shows of it."""
    files = [write(part) for write, part in zip(writers, portions(progress, len(writers)))]
    return files, CloudModel.of(look, recipe, counts, palette_for(counts, applied))


def _palette_of_locators(palette: Palette, locators: list[str], options: CloudOptions) -> Palette:
    """Return the palette that locators stand for now: those that were not moved keep the stored value.

    That value may be brighter than a locator can say. Of two colours in one place one is left.
    """
    found = palette.found
    assert found is not None  # it was found for images
    places = colors_of_locators(locators, options, found.space.color_space)
    indices = np.array([int(cmds.getAttr(f"{locator}.{INDEX}")) for locator in locators])
    there = np.minimum(indices, len(palette) - 1)
    is_same = (indices < len(palette)) & (palette.colors[there] == places).all(axis=1)
    values = np.where(is_same[:, np.newaxis], found.values[there], Palette(places).values_in(found.space))
    seen: set[object] = {place.tobytes() for place in places[is_same]}
    kept = []
    for number, place in enumerate(places):
        key = int(indices[number]) if is_same[number] else place.tobytes()
        if key not in seen:
            kept.append(number)
        seen.add(key)
    return Palette.of_values(values[kept], found.space, found.kind)


def _jobs(
    source: CloudSource, recipe: Recipe, folder: str | PathLike[str] | None
) -> tuple[list[NodeJob], dict[str, NodeResult]]:
    """Return what is to be written for a cloud's textures, whatever they are used for."""
    nodes = [image_node(name) for name in source.nodes]
    jobs, results = plan(nodes, recipe, folder=folder, force=True)
    failed = [result.message for result in results.values() if result.status == "failed"]
    if failed:
        raise SceneError("\n".join(failed))
    files = CloudSource(images=source.images).textures()
    project = ProjectPaths.current()
    for texture in files:
        jobs.append(NodeJob(texture, recipe, target_for(texture, folder, project), [], {}))
    return jobs, results


def _source_and_cloud(source: str | Sequence[str] | None) -> tuple[CloudSource, str | None]:
    """Return what a cloud is to show, and the cloud that shows it already."""
    names = _selected_nodes() if source is None else [source] if isinstance(source, str) else list(source)
    around = _clouds_around([name for name in names if not is_path(name)])
    if len(around) > 1:
        raise SceneError(f"{', '.join(around)} are {len(around)} clouds; rebuild them one by one")
    if around:
        root = own_cloud(around[0])
        found = source_of(root)
        if not (found.nodes or found.images):
            raise SceneError(f"the textures that {root} was made of are no longer in the scene; remove it")
        return found, root
    found = CloudSource.find(source)
    return found, cloud_of_nodes(found)


def _clouds_around(names: Sequence[str]) -> list[str]:
    """Return the clouds that nodes are or are part of."""
    paths = cmds.ls(names, long=True) if names else ()
    return [cloud for cloud in clouds() if any(f"{path}|".startswith(f"{cloud}|") for path in paths)]


def _is_referenced(node: str) -> bool:
    return bool(cmds.referenceQuery(node, isNodeReferenced=True))


def _selected_nodes() -> list[str]:
    return list(cmds.ls(selection=True, objectsOnly=True, long=True) or ())
