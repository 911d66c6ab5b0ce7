"""Maya's scene as the host of the panel."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from maya import cmds

from rgbcloud import Palette, PointCloud, Recipe, RgbcloudError
from rgbcloud_maya.cloud.cloud_nodes import CloudModel, color_space_of, options_of, parts_of, show_model
from rgbcloud_maya.cloud.cloud_options import CloudOptions
from rgbcloud_maya.cloud.cloud_source import CloudSource
from rgbcloud_maya.cloud.locators import colors_of_locators, locators_of
from rgbcloud_maya.cloud.particles import points_of
from rgbcloud_maya.cloud.scene_cloud import cloud_of_nodes, remove_cloud
from rgbcloud_maya.models.face_clusters import select_faces, selected_uvs
from rgbcloud_maya.models.shown_errors import toggle_errors
from rgbcloud_maya.nodes.guards import verdict_on
from rgbcloud_maya.nodes.image_nodes import ImageNode, all_image_nodes, image_node
from rgbcloud_maya.nodes.node_recipes import alpha_of, config_of_maya, recipe_for_node
from rgbcloud_maya.nodes.scene_notes import Note, all_notes, keep_note
from rgbcloud_maya.nodes.scene_watch import SceneWatch
from rgbcloud_maya.nodes.texture_uses import uses_of
from rgbcloud_maya.reducing.node_jobs import NodeJob, adoption, target_for, texture_of, tiling_of
from rgbcloud_maya.reducing.node_reducing import revert
from rgbcloud_maya.reducing.node_state import original_of, resolve_original, state_of
from rgbcloud_maya.reducing.recipes import readable_by_maya, with_full_paths
from rgbcloud_maya.reducing.surface_weights import SurfaceWeights
from rgbcloud_maya.scene.progress_bar import main_progress_bar
from rgbcloud_maya.scene.scene_errors import SceneError
from rgbcloud_maya.scene.undo import undo_step
from rgbcloud_maya.scene.units import centimetres_per_unit
from rgbcloud_maya.scene.waiting import repaint_between
from rgbcloud_panel.host import PanelTexture, Task, WrittenTexture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import ColorBy, Progress, Texture
    from rgbcloud.color import FloatArray
    from rgbcloud.textures import ClusteredTexture
    from rgbcloud_maya.nodes.texture_uses import Uses
    from rgbcloud_maya.reducing.reduced_files import ReducedFiles

_MEMORY = "rgbcloud_"  # what this user's option variables begin with


@dataclass(frozen=True, eq=False)
class _Written(WrittenTexture):
    """What was written, with what it takes to let nodes show it."""

    job: NodeJob
    made: ReducedFiles


class MayaHost:
    """The textures of Maya's image nodes; a `rgbcloud_panel.host.Host`."""

    def __init__(self) -> None:
        self._changed: Callable[[], None] | None = None
        self._found: dict[tuple[object, ...], Texture | str] = {}
        self._described: dict[tuple[object, ...], PanelTexture] = {}
        self._is_told = False
        self.scene = _MayaScene(self._tell)
        self._watch = SceneWatch(self._tell_of_scene, self.scene.tell_of_faces)
        self.files = None

    def textures(self) -> list[PanelTexture]:
        """Return the textures of the scene by the names of their nodes.

        Files are looked for on the disk, but after what `watch` tells of: only those of other paths then.
        """
        if not self._is_told:
            self._found.clear()
            self._described.clear()
        nodes, told = all_image_nodes(), repaint_between()
        uses = uses_of([node.name for node in nodes])
        before, self._described = self._described, {}
        entries, notes = [], all_notes()
        for number, node in enumerate(nodes):
            told(number / len(nodes), "listing")
            entry, note = self._entry(node, uses[node.name], before), notes.get(node.name)
            if note is not None and note.original == original_of(node)[0]:
                entry = replace(entry, work=note.work)
            entries.append(replace(entry, scene=self._watch.scenes))
        return entries

    def watch(self, changed: Callable[[], None]) -> None:
        """Call `changed` after what this host did, and after whatever happens to what it lists.

        In batch Maya tells of nothing.
        """
        self.stop_watching()
        self._changed = changed
        self._watch.start()

    def stop_watching(self) -> None:
        """Tell nobody any more."""
        self._changed = None
        self._watch.stop()

    def plan(self, ref: PanelTexture, recipe: Recipe) -> Task:
        """Say what is to be done to reduce a texture; files that are there are never replaced."""
        node = image_node(ref.key)
        node.check()
        uses = uses_of([node.name])[node.name]
        config = config_of_maya()
        recipe = recipe_for_node(readable_by_maya(with_full_paths(recipe)), node, uses, config)
        return Task(ref, partial(_write, ref, NodeJob.of(node, texture_of(node), recipe, config=config)))

    def adopt(self, results: Sequence[WrittenTexture]) -> None:
        """Let the nodes show what was written, as one undo step."""
        written = [result for result in results if isinstance(result, _Written)]
        for result in written:
            image_node(result.ref.key).check()
        made = [(result.job, result.made) for result in written]
        with main_progress_bar() as progress, adoption("Reduce textures", made, progress):
            pass  # nothing else is done in this step
        self._tell()

    def recall(self, name: str) -> str | None:
        """Return the option variable of a name, None if there is none."""
        variable = _variable(name)
        return str(cmds.optionVar(query=variable)) if cmds.optionVar(exists=variable) else None

    def remember(self, name: str, value: str) -> None:
        """Store an option variable, which Maya saves with the user's preferences."""
        cmds.optionVar(stringValue=(_variable(name), value))

    def _tell(self) -> None:
        if self._changed is not None:
            self._changed()

    def _tell_of_scene(self) -> None:
        self._is_told = True
        try:
            self._tell()
        finally:
            self._is_told = False

    def _entry(
        self, node: ImageNode, uses: Uses, before: dict[tuple[object, ...], PanelTexture]
    ) -> PanelTexture:
        """Return what the list says of a node; what it said before if nothing is other."""
        key = (node, node.project, node.held, tuple(uses.inputs), tuple(uses.materials))
        self._described[key] = before.get(key) or self._describe(node, uses)
        return self._described[key]

    def _describe(self, node: ImageNode, uses: Uses) -> PanelTexture:
        found = self._texture(node)
        texture = None if isinstance(found, str) else replace(found, alpha=alpha_of(node, uses))
        problem = f"{node.name}: {found}" if isinstance(found, str) else ""
        state, verdict = state_of(node), verdict_on(node, uses)
        warning = f"{node.name} should rather stay as it is: {verdict.reason}" if verdict.reason else ""
        return PanelTexture(
            node.name,
            node.name,
            texture,
            tuple(uses.materials),
            Path(state.reduced_path.replace("\\", "/")).name if state else "",
            warning or (f"{node.name} {verdict.note}" if verdict.note else ""),
            problem,
            state.recipe.to_json() if state else "",
        )

    def _texture(self, node: ImageNode) -> Texture | str:
        """Return a node's texture, or why there is none."""
        key = (*resolve_original(node), *tiling_of(node), node.color_space)
        if key not in self._found:
            try:
                self._found[key] = texture_of(node)
            except RgbcloudError as error:
                self._found[key] = str(error)
        return self._found[key]


class _MayaScene:
    """What the panel does to Maya's scene."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._faces_changed: Callable[[], None] | None = None

    def select(self, refs: Sequence[PanelTexture]) -> None:
        """Select nodes."""
        cmds.select([ref.key for ref in refs], replace=True)

    def keep(self, ref: PanelTexture, work: str) -> None:
        """Keep what was made of a texture with the scene; a reduced one knows how it was reduced besides."""
        node = image_node(ref.key)
        is_known = work or state_of(node) is not None
        keep_note(node.name, Note(original_of(node)[0], work) if is_known else None)

    def revert(self, refs: Sequence[PanelTexture]) -> None:
        """Bring originals back, as one undo step."""
        if refs:
            with main_progress_bar() as progress:
                revert([ref.key for ref in refs], progress=progress)
            self._tell()

    def show_cloud(self, ref: PanelTexture, recipe: Recipe, cloud: PointCloud, color_by: ColorBy) -> None:
        """Build the cloud of a texture, or rebuild the one that is there."""
        source = CloudSource((ref.key,))
        root = cloud_of_nodes(source)
        options = replace(options_of(root) if root else CloudOptions(), color_by=color_by, isolate=None)
        palette = cloud.palette
        if palette is None:
            raise SceneError(f"{ref.name}: the cloud has no palette to make locators of; cluster it first")
        if recipe.goal is not None:  # it has led to a number of colours
            settings = replace(recipe.settings, colors=len(palette))
            recipe = replace(recipe, settings=settings, goal=None)
        points = points_of(cloud, options, centimetres_per_unit())
        model = CloudModel(source, recipe, options, palette, points, cloud.color_space)
        with main_progress_bar() as progress, undo_step("Build RGB cloud", progress) as changes:
            show_model(changes, root, model)

    def remove_cloud(self, ref: PanelTexture) -> None:
        """Remove the cloud of a texture."""
        remove_cloud(self._cloud(ref))

    def locator_palette(self, ref: PanelTexture) -> Palette:
        """Return the colours where the locators of a texture's cloud stand now."""
        root = self._cloud(ref)
        group = parts_of(root).get("locators")
        locators = locators_of(group) if group else []
        if not locators:
            raise SceneError(f"the cloud of {ref.name} has no locators; build it with locators")
        return Palette(colors_of_locators(locators, options_of(root), color_space_of(root)))

    def surface_mask(self, ref: PanelTexture) -> Callable[[Progress], str]:
        """Return what writes a mask of a texture by the surface that shows it."""
        node = image_node(ref.key)
        texture = texture_of(node)
        folder = target_for(texture, None, node.project).folder
        with main_progress_bar() as progress:
            mask = SurfaceWeights([node], progress=progress).mask_of(node, texture, folder)
        return partial(mask.write, None)

    def select_faces(self, ref: PanelTexture, made: ClusteredTexture, cluster: int) -> None:
        """Select the faces that show a cluster most."""
        with main_progress_bar() as progress:
            select_faces(ref.key, made, cluster, progress=progress)

    def watch_faces(self, changed: Callable[[], None]) -> None:
        """Call `changed` whenever other things are selected; in batch Maya tells of nothing."""
        self._faces_changed = changed

    def tell_of_faces(self) -> None:
        """Tell who watches that other things are selected."""
        if self._faces_changed is not None:
            self._faces_changed()

    def selected_uvs(self, ref: PanelTexture) -> FloatArray:
        """Return where selected faces look a texture up."""
        return selected_uvs(ref.key, repaint_between())

    def toggle_error(self, refs: Sequence[PanelTexture]) -> None:
        """Show errors in the place of reduced textures, or these again, as one undo step."""
        with main_progress_bar() as progress:
            toggle_errors([ref.key for ref in refs], progress=progress)

    def _cloud(self, ref: PanelTexture) -> str:
        root = cloud_of_nodes(CloudSource((ref.key,)))
        if root is None:
            raise SceneError(f"{ref.name} has no cloud in the scene; build one first")
        return root


def _write(ref: PanelTexture, job: NodeJob, progress: Progress) -> _Written:
    """Reduce a texture in whatever thread: of Maya nothing is asked."""
    made = job.write(progress)
    reduction = made.reduction
    reports = tuple(member.report for member in reduction.members)
    return _Written(ref, reduction.recipe, made.paths, reports, reduction.notes, job, made)


def _variable(name: str) -> str:
    return _MEMORY + re.sub(r"\W", "_", name)
