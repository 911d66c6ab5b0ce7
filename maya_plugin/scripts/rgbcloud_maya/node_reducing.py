"""Reducing the textures of image nodes, and bringing the originals back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maya.api import OpenMaya

from rgbcloud import CancelledError, Progress, Recipe, RgbcloudError
from rgbcloud.progress import portion, silent
from rgbcloud_maya import viewport
from rgbcloud_maya.image_nodes import ImageNode, all_image_nodes, find_image_nodes, resolve_path
from rgbcloud_maya.node_jobs import NodeJob, NodeResult, adoption, plan, texture_of
from rgbcloud_maya.node_state import original_of, show_original, state_of
from rgbcloud_maya.recipes import readable_by_maya, with_full_paths
from rgbcloud_maya.scene_errors import SceneError
from rgbcloud_maya.undo import undo_step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from rgbcloud_maya.reduced_files import ReducedFiles

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
        If nothing leads to an image, or all that was not left out failed.
    ImageReadError
        If the mask cannot be read.
    """
    found = find_image_nodes(nodes)
    jobs, results = plan(found, readable_by_maya(with_full_paths(recipe)), folder=folder, force=force)
    made: list[tuple[NodeJob, ReducedFiles]] = []
    for number, job in enumerate(jobs):
        part = portion(progress, number / len(jobs), (number + 1) / len(jobs))
        try:
            files = job.write(part)
        except CancelledError:
            raise
        except RgbcloudError as error:
            results.update({node.name: NodeResult.failed(node, error) for node in job.nodes})
            continue
        made.append((job, files))
    if made:
        with adoption("Reduce textures", made) as (_, adopted):
            results.update(adopted)
    return _show_messages([results[node.name] for node in found])


def revert(nodes: Sequence[str] | None = None) -> list[NodeResult]:
    """Bring the original textures of nodes back: path and colour space exactly as they were.

    One undo step; the reduced files stay on disk.

    Parameters
    ----------
    nodes : sequence of str, optional
        As in `reduce`.

    Returns
    -------
    list of NodeResult
        Of the nodes that were reverted; those that show their originals already are not among them. The
        Script Editor shows the messages of those whose originals are gone.

    Raises
    ------
    SceneError
        If nothing leads to an image, or a node's path is locked or driven: nothing is changed then.
    """
    states = [(node, state_of(node)) for node in find_image_nodes(nodes)]
    reduced = [(node, state, _missing_original(node)) for node, state in states if state is not None]
    for node, _, _ in reduced:
        node.check()
    if reduced:
        with undo_step("Revert textures") as changes:
            for node, state, _ in reduced:
                show_original(changes, node, state)
        viewport.show_textures([node.name for node, _, _ in reduced])
    return _show_messages(
        [NodeResult(node.name, "reverted", node.path, message) for node, _, message in reduced]
    )


def _missing_original(node: ImageNode) -> str:
    """Return a sentence where the original of a node is not there any more, "" otherwise."""
    try:
        texture_of(node)
    except RgbcloudError as error:
        return (
            f"{node.name} shows its original again, which is missing: {error}; undo to keep the reduced one"
        )
    return ""


def _describe(node: ImageNode) -> NodeTexture:
    state = state_of(node)
    return NodeTexture(
        node.name,
        node.kind.node_type,
        node.path,
        resolve_path(original_of(node)[1]),
        node.color_space,
        state.recipe if state else None,
    )


def _show_messages(results: list[NodeResult]) -> list[NodeResult]:
    """Show what the user should know; raise if nothing came of it."""
    failed = [result.message for result in results if result.status == "failed"]
    if failed and not any(result.status in ("reduced", "unchanged") for result in results):
        raise SceneError("\n".join(failed))
    for result in results:
        if result.message:
            OpenMaya.MGlobal.displayWarning(result.message)
        for note in result.reduction.notes if result.reduction else ():
            OpenMaya.MGlobal.displayInfo(f"{result.node}: {note}")
    return results
