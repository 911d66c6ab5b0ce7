"""Reducing the textures of image nodes, and bringing the originals back."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from rgbcloud import Progress, Recipe, RgbcloudError
from rgbcloud.budget import check_recipe
from rgbcloud.progress import portion, portions, silent
from rgbcloud_maya.nodes.image_nodes import ImageNode, all_image_nodes, find_image_nodes
from rgbcloud_maya.reducing.node_jobs import NodeJob, NodeResult, adoption, is_done, plan, texture_of
from rgbcloud_maya.reducing.node_messages import ONE_BY_ONE, show_messages, summary
from rgbcloud_maya.reducing.node_state import resolve_original, show_original, state_of
from rgbcloud_maya.reducing.node_writing import write_all, write_within
from rgbcloud_maya.reducing.recipes import readable_by_maya, with_full_paths
from rgbcloud_maya.reducing.reduced_files import NewFiles, ReducedFiles
from rgbcloud_maya.reducing.renderer_copies import stale_copies, warning_of
from rgbcloud_maya.reducing.surface_weights import SurfaceWeights
from rgbcloud_maya.scene import viewport
from rgbcloud_maya.scene.scene_errors import SceneError
from rgbcloud_maya.scene.undo import undo_step
from rgbcloud_maya.scene.waiting import while_waiting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike
    from pathlib import Path

    from rgbcloud.budget import Budget
    from rgbcloud_maya.reducing.node_state import NodeState

DEFAULT_RECIPE = Recipe()


@dataclass(frozen=True)
class NodeTexture:
    """An image node as a list of textures shows it.

    Attributes
    ----------
    node : str
    node_type : str
    path : str
        As the node holds it.
    original : str
        Where the original is, all of the path; a pattern such as ``wood.<UDIM>.png`` where there are several.
    color_space : str
        "" where the node has none.
    recipe : Recipe or None
        How it was reduced; None where it is not.
    """

    node: str
    node_type: str
    path: str
    original: str
    color_space: str
    recipe: Recipe | None


def textures() -> list[NodeTexture]:
    """Return the image nodes of the scene, by name."""
    return [_describe(node) for node in all_image_nodes()]


def reduce(
    nodes: Sequence[str] | None = None,
    recipe: Recipe = DEFAULT_RECIPE,
    *,
    folder: str | PathLike[str] | None = None,
    force: bool = False,
    surface: bool | str = False,
    budget: Budget | None = None,
    progress: Progress = silent,
) -> list[NodeResult]:
    """Reduce textures to a palette each and let their nodes show the lighter files.

    Files are written before the scene is touched; what is done to the scene is one undo step. Colour spaces,
    connections, selection and current frame stay. Reducing again starts from the original; by the same recipe
    it does nothing. Files that are there are never replaced: where a name is taken by something else, the new
    file's name has six more letters.

    Parameters
    ----------
    nodes : sequence of str, optional
        Image nodes, or objects, materials and shading groups that lead to some; left out: the selection.
    recipe : Recipe
        A goal chooses the number of colours of each texture. A relative mask is the project's.
    folder : str or path-like, optional
        Where the reduced images go, a relative one in the project; left out: beside their sources, or where
        that folder cannot be written to, into the project's folder for source images.
    force : bool, default False
        Also reduces what feeds normals, bumps or displacements, or is marked Raw.
    surface : bool or str, default False
        Weighs texels by the surface that they show of the meshes that wear them, or by what a camera of this
        name sees of it. The weights are written as a mask, beside the reduced images.
    budget : Budget, optional
        What the files of all these textures may take together, those included that are left out: each gets as
        many colours as its share pays for, and the recipe says no number. It tells afterwards what each got.
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`, which leaves the scene as it is.

    Returns
    -------
    list of NodeResult
        One per node. The Script Editor shows the messages of those that were left out or failed, or are
        heavier now.

    Raises
    ------
    SceneError
        If nothing leads to an image, or all that was not left out failed; if texels are to be weighed by a
        surface as well as by a mask.
    ImageReadError
        If the mask cannot be read.
    InvalidArgumentError
        If the budget is too small, or the recipe says a number of colours beside it.
    """
    if budget is not None:
        check_recipe(recipe)
    found = find_image_nodes(nodes, portion(progress, 0.0, 0.02))
    meant = readable_by_maya(with_full_paths(recipe))
    planning = portion(progress, 0.02, 0.05)
    weights = _weights_of(found, meant, surface, portion(progress, 0.02, 0.02))
    jobs, results = plan(
        found, meant, folder=folder, force=force, weights=weights, anew=budget is not None, progress=planning
    )
    new_files, written = NewFiles(), []
    work = write_all
    if budget is not None:
        budget.names = {number: job.nodes[0].name for number, job in enumerate(jobs)}
        budget.rest = _bytes_of([node for node in found if node.name in results])
        budget.rest_name = "all that is left as it is"
        work = partial(write_within, budget)
        if not jobs and all(result.status == "left out" for result in results.values()):
            budget.check()
    if jobs:
        waiting = portion(progress, 0.05, 0.95)
        written = while_waiting(partial(work, jobs, new_files), waiting, undo=new_files.remove)
    made: list[tuple[NodeJob, ReducedFiles]] = []
    for job, files in zip(jobs, written):
        if isinstance(files, RgbcloudError):
            results.update({node.name: NodeResult.failed(node, files) for node in job.nodes})
        elif new_files.isdisjoint(files.paths) and all(
            is_done(node, job.texture, files.record.recipe, folder) for node in job.nodes
        ):
            results.update({node.name: NodeResult(node.name, "unchanged", node.path) for node in job.nodes})
        else:
            made.append((job, files))
    if made:
        adopting = adoption("Reduce textures", made, portion(progress, 0.95, 1.0))
        with new_files.unless_cancelled(), adopting as (_, adopted):
            results.update(adopted)
    return _tell_results([results[node.name] for node in found])


def _bytes_of(nodes: Sequence[ImageNode]) -> int:
    """Return what the originals of nodes take together, as far as they are there."""
    files: set[Path] = set()
    for node in nodes:
        with contextlib.suppress(RgbcloudError):
            files.update(texture_of(node).paths)
    return sum(file.stat().st_size for file in files)


def _weights_of(
    nodes: Sequence[ImageNode], recipe: Recipe, surface: bool | str, progress: Progress
) -> SurfaceWeights | None:
    if not surface:
        return None
    if recipe.mask:
        raise SceneError("the surface makes a mask of its own; leave out mask, or surface and camera")
    return SurfaceWeights(nodes, surface if isinstance(surface, str) else "", progress)


def revert(
    nodes: Sequence[str] | None = None, *, keep_missing: bool = False, progress: Progress = silent
) -> list[NodeResult]:
    """Bring the original textures of nodes back: path and colour space exactly as they were.

    One undo step; the reduced files stay on disk.

    Parameters
    ----------
    nodes : sequence of str, optional
        As in `reduce`.
    keep_missing : bool, default False
        Whether nodes whose originals are gone keep their reduced textures.
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`, which leaves the scene as it is.

    Returns
    -------
    list of NodeResult
        Of the nodes that were reverted, or left out as their originals are gone; those that show their
        originals already are not among them. The Script Editor shows the messages.

    Raises
    ------
    SceneError
        If nothing leads to an image, or a node's path is locked or driven: nothing is changed then.
    """
    reduced = _reduced_nodes(nodes, portion(progress, 0.0, 0.2))
    told = _told_of_originals(reduced, portion(progress, 0.2, 0.5))
    reverted = [pair for pair in reduced if not (keep_missing and told[pair[0].name].missing)]
    parts = portions(portion(progress, 0.5, 1.0), 2 * len(reverted))
    for (node, _), part in zip(reverted, parts):
        part(0.0, "reverting")
        node.check()
    if reverted:
        with undo_step("Revert textures") as changes:
            for (node, state), part in zip(reverted, parts[len(reverted) :]):
                part(0.0, "reverting")
                show_original(changes, node, state)
        viewport.show_textures([node.name for node, _ in reverted])
    kept = {node.name for node, _ in reduced} - {node.name for node, _ in reverted}
    return _tell_results(
        [_result_of_revert(node, told[node.name], is_kept=node.name in kept) for node, _ in reduced]
    )


def _reduced_nodes(nodes: Sequence[str] | None, progress: Progress) -> list[tuple[ImageNode, NodeState]]:
    """Return the image nodes behind some that are reduced, each with what it remembers."""
    found = find_image_nodes(nodes, portion(progress, 0.0, 0.5))
    reduced = []
    for node, part in zip(found, portions(portion(progress, 0.5, 1.0), len(found))):
        part(0.0, "looking for reductions")
        state = state_of(node)
        if state is not None:
            reduced.append((node, state))
    return reduced


class _Original(NamedTuple):
    """What the user should know of a node's original: why it is missing, that a renderer's copy is older."""

    missing: str = ""
    stale: str = ""


def _told_of_originals(
    reduced: Sequence[tuple[ImageNode, NodeState]], progress: Progress
) -> dict[str, _Original]:
    told = {}
    for (node, state), part in zip(reduced, portions(progress, len(reduced))):
        part(0.0, "looking for originals")
        try:
            paths = texture_of(node).paths
        except RgbcloudError as error:
            told[node.name] = _Original(missing=str(error))
            continue
        there = {path.name for path in paths}
        gone = [source.name for source in state.record.sources if source.name not in there]
        missing = ""
        if gone:
            more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
            missing = f"{paths[0].with_name(gone[0])}{more}: no such file, though others of the set are there"
        told[node.name] = _Original(missing, warning_of(stale_copies(paths)))
    return told


def missing_originals(nodes: Sequence[str] | None = None, *, progress: Progress = silent) -> dict[str, str]:
    """Return why the originals of some reduced nodes are not there any more, by the nodes' names."""
    reduced = _reduced_nodes(nodes, portion(progress, 0.0, 0.2))
    told = _told_of_originals(reduced, portion(progress, 0.2, 1.0))
    return {node: original.missing for node, original in told.items() if original.missing}


def _result_of_revert(node: ImageNode, original: _Original, *, is_kept: bool) -> NodeResult:
    """Return what became of a node, with what the user should know."""
    if is_kept:
        message = f"{node.name} keeps its reduced texture, since its original is missing: {original.missing}"
        return NodeResult(node.name, "left out", node.path, message, "the original is missing")
    if original.missing:
        message = f"{node.name} shows its original again, which is missing: {original.missing}"
        message += "; undo to keep the reduced one"
        return NodeResult(node.name, "reverted", node.path, message, "the original is missing")
    message = f"{node.name} shows its original again; {original.stale}" if original.stale else ""
    return NodeResult(node.name, "reverted", node.path, message, "a renderer's copy is older")


def _describe(node: ImageNode) -> NodeTexture:
    state = state_of(node)
    return NodeTexture(
        node.name,
        node.kind.node_type,
        node.path,
        resolve_original(node)[1],
        node.color_space,
        state.recipe if state else None,
    )


def _tell_results(results: list[NodeResult]) -> list[NodeResult]:
    """Return results once the user knows of them; raise if nothing came of it."""
    failed = [result for result in results if result.status == "failed"]
    if failed and not any(result.status in ("reduced", "unchanged") for result in results):
        several = len({result.message for result in failed}) > ONE_BY_ONE
        raise SceneError(summary(failed) if several else "\n".join(result.message for result in failed))
    show_messages(results)
    return results
