"""From clusters to faces and back: which faces show a cluster, and what of a texture selected faces show.

Components are named as Maya names them, ``|wall|wallShape.f[3:9]``; sets as the page of `sets` has it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from maya import cmds

from rgbcloud.color import srgb8_to_linear
from rgbcloud.progress import portion, silent
from rgbcloud.surface import clusters_of_faces, look_up, triangle_areas
from rgbcloud.textures import cluster_texture
from rgbcloud_maya.nodes.image_nodes import find_image_nodes
from rgbcloud_maya.nodes.mesh_faces import selected_faces
from rgbcloud_maya.nodes.node_recipes import config_of_maya, recipe_for_node
from rgbcloud_maya.nodes.texture_uses import uses_of
from rgbcloud_maya.reducing.node_jobs import texture_of
from rgbcloud_maya.reducing.node_state import state_of
from rgbcloud_maya.scene.scene_errors import SceneError
from rgbcloud_maya.scene.undo import undo_step
from rgbcloud_maya.scene.waiting import while_waiting
from rgbcloud_maya.surfaces.worn_meshes import Meshes, WornMesh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import Progress, Recipe
    from rgbcloud.color import FloatArray, IntArray
    from rgbcloud.textures import ClusteredTexture
    from rgbcloud_maya.nodes.image_nodes import ImageNode

CLUSTER = "rgbcloudCluster"
"""The attribute by which a set of ours says of which texture it is."""


class ClusterFaces(NamedTuple):
    """The faces of one mesh by the clusters that they show most of."""

    shape: str
    faces: IntArray
    clusters: IntArray

    def components(self, cluster: int) -> list[str]:
        """Return the faces of a cluster as Maya names them, ranges of neighbours together."""
        numbers = self.faces[self.clusters == cluster]
        if not len(numbers):
            return []
        cuts = np.flatnonzero(np.diff(numbers) > 1)
        firsts, lasts = numbers[np.r_[0, cuts + 1]], numbers[np.r_[cuts, len(numbers) - 1]]
        return [
            f"{self.shape}.f[{first}:{last}]" if first != last else f"{self.shape}.f[{first}]"
            for first, last in zip(firsts.tolist(), lasts.tolist())
        ]


def faces_by_cluster(
    worn: Sequence[WornMesh], made: ClusteredTexture, threshold: float = 0.0, everywhere: bool = False
) -> list[ClusterFaces]:
    """Return the faces that wear a texture by cluster: of the first instance that does, or of all."""
    found: dict[str, ClusterFaces] = {}
    for part in worn:
        key = part.path if everywhere else part.shape
        if key in found or not len(part.faces):
            continue
        seen, areas = look_up(part.uvs, made.labels), triangle_areas(part.points)
        faces, clusters = clusters_of_faces(seen, part.faces, areas, threshold=threshold)
        found[key] = ClusterFaces(part.path, faces, clusters)
    return list(found.values())


def select_faces(
    texture: str, made: ClusteredTexture, cluster: int, threshold: float = 0.0, progress: Progress = silent
) -> list[str]:
    """Select the faces that show a cluster, as one undo step; return them.

    Raises
    ------
    SceneError
        If there is no such cluster, or no face shows it.
    """
    if not 0 <= cluster < len(made.palette):
        raise SceneError(f"{texture} has clusters 0 to {len(made.palette) - 1}, got {cluster}")
    worn = Meshes(progress).meshes_wearing(texture)
    found = while_waiting(lambda _told: faces_by_cluster(worn, made, threshold), progress)
    components = [component for mesh in found for component in mesh.components(cluster)]
    if not components:
        least = f" of which {threshold:.0%} is of it" if threshold else ""
        raise SceneError(f"no face that wears {texture} shows cluster {cluster} most{least}")
    cmds.select(components, replace=True)
    return components


def select_cluster(
    nodes: Sequence[str] | None,
    cluster: int,
    recipe: Recipe | None = None,
    *,
    threshold: float = 0.0,
    progress: Progress = silent,
) -> list[str]:
    """Select the faces whose texels lie in a cluster.

    Parameters
    ----------
    nodes : sequence of str or None
        What is or leads to one texture; None: the selection.
    cluster : int
        Index in the palette.
    recipe : Recipe, optional
        What the palette is found by; left out: what the texture was reduced by.
    threshold : float, default 0
        The part of a face, 0 to 1, that must show it.
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`.

    Returns
    -------
    list of str
        The faces.

    Raises
    ------
    SceneError
        If there is no such cluster, no face shows it, or it is not known by what to cluster.
    """
    node, made = _cluster(nodes, recipe, threshold, portion(progress, 0.0, 0.6))
    return select_faces(node.name, made, cluster, threshold, portion(progress, 0.6, 1.0))


def make_sets(
    nodes: Sequence[str] | None,
    recipe: Recipe | None = None,
    *,
    threshold: float = 0.0,
    progress: Progress = silent,
) -> list[str]:
    """Make a set of faces of every cluster that faces show, as one undo step; return the sets' names.

    Sets that were made of the same texture before are replaced. Parameters and errors: see `select_cluster`.
    """
    node, made, named = _components(nodes, recipe, threshold, portion(progress, 0.0, 0.9))
    stem, codes = re.sub(r"\W", "_", node.name), made.palette.to_hex()
    names = []
    with undo_step("Make sets of clusters", portion(progress, 0.9, 0.9)) as changes:
        changes.delete_at_end(_sets_of(node.name))
        for cluster, components in named:
            name = str(cmds.sets(components, name=f"{stem}_cluster{cluster}_faces"))
            names.append(changes.note_created(name))
            changes.add_attribute(name, CLUSTER, dataType="string")
            changes.set_text(f"{name}.{CLUSTER}", f"{node.name} {cluster} {codes[cluster]}", "")
    return names


def assign_materials(
    nodes: Sequence[str] | None,
    recipe: Recipe | None = None,
    *,
    threshold: float = 0.0,
    progress: Progress = silent,
) -> list[str]:
    """Give the faces of every cluster a material of its colour, as one undo step; return the materials.

    Instances get them wherever they wear the texture. What the faces wore is there again after an undo.
    Parameters and errors: see `select_cluster`.
    """
    node, made, named = _components(nodes, recipe, threshold, portion(progress, 0.0, 0.9), everywhere=True)
    stem, colors = re.sub(r"\W", "_", node.name), srgb8_to_linear(made.palette.colors)
    before = _members_of(uses_of([node.name])[node.name].groups)
    names = []
    with undo_step("Assign materials of clusters", portion(progress, 0.9, 0.9)) as changes:
        changes.note_undo(lambda: _assign(before))
        for cluster, components in named:
            material = cmds.shadingNode("lambert", asShader=True, name=f"{stem}_cluster{cluster}")
            names.append(changes.note_created(str(material)))
            group = str(cmds.sets(renderable=True, noSurfaceShader=True, empty=True, name=f"{material}SG"))
            changes.note_created(group)
            changes.connect(f"{material}.outColor", f"{group}.surfaceShader")
            changes.set(f"{material}.color", *colors[cluster], data_type="double3")
            cmds.sets(components, edit=True, forceElement=group)
    return names


def _members_of(groups: Sequence[str]) -> dict[str, list[str]]:
    return {group: cmds.sets(group, query=True) or [] for group in groups}


def _assign(members: dict[str, list[str]]) -> None:
    for group, held in members.items():
        if held:
            cmds.sets(held, edit=True, forceElement=group)


def _sets_of(texture: str) -> list[str]:
    sets = cmds.ls(f"*.{CLUSTER}", objectsOnly=True, recursive=True) or ()
    return [name for name in sets if str(cmds.getAttr(f"{name}.{CLUSTER}")).split(" ")[0] == texture]


def selected_uvs(texture: str, progress: Progress = silent) -> FloatArray:
    """Return where the selected faces that wear a texture look it up: (t, 3, 2), of their triangles."""
    chosen = selected_faces()
    if not chosen:
        return np.empty((0, 3, 2))
    try:
        worn = Meshes(progress).meshes_wearing(texture, placed=False)
    except SceneError:
        return np.empty((0, 3, 2))
    parts = [part.uvs[np.isin(part.faces, chosen[part.shape])] for part in worn if part.shape in chosen]
    return np.concatenate([np.empty((0, 3, 2)), *parts])


def _components(
    nodes: Sequence[str] | None,
    recipe: Recipe | None,
    threshold: float,
    progress: Progress,
    *,
    everywhere: bool = False,
) -> tuple[ImageNode, ClusteredTexture, list[tuple[int, list[str]]]]:
    """Return the one node that is meant, its texture by clusters, and faces, as Maya names them, by these."""
    node, made = _cluster(nodes, recipe, threshold, portion(progress, 0.0, 0.7))
    worn = Meshes(portion(progress, 0.7, 0.8)).meshes_wearing(node.name)

    def name(_told: Progress) -> list[tuple[int, list[str]]]:
        found = faces_by_cluster(worn, made, threshold, everywhere)
        named = (
            (cluster, [component for mesh in found for component in mesh.components(cluster)])
            for cluster in range(len(made.palette))
        )
        return [pair for pair in named if pair[1]]

    return node, made, while_waiting(name, portion(progress, 0.8, 1.0))


def _cluster(
    nodes: Sequence[str] | None, recipe: Recipe | None, threshold: float, progress: Progress
) -> tuple[ImageNode, ClusteredTexture]:
    """Return the one node that is meant, and its texture by clusters."""
    if not 0 <= threshold <= 1:
        raise SceneError(f"threshold is a part of a face, 0 to 1, got {threshold:g}")
    found = find_image_nodes(nodes)
    if len(found) > 1:
        names = ", ".join(node.name for node in found[:8])
        raise SceneError(f"clusters are those of one texture, got {len(found)}: {names}; name one")
    node = found[0]
    state = state_of(node)
    if recipe is not None:
        recipe = recipe_for_node(recipe, node, uses_of([node.name])[node.name], config_of_maya())
    elif state is not None:
        settings = replace(state.recipe.settings, colors=state.record.colors)
        recipe = replace(state.recipe, settings=settings, goal=None)
    else:
        raise SceneError(f"{node.name} is not reduced; reduce it first, or say how many colours")
    texture, meant = texture_of(node), recipe
    return node, while_waiting(lambda told: cluster_texture(texture, meant, progress=told), progress)
