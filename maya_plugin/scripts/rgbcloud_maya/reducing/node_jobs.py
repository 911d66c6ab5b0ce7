"""From image nodes to textures that are to be reduced, and from reduced files back to the nodes."""

from __future__ import annotations

import contextlib
import ntpath
import posixpath
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from rgbcloud import LargerResultError, RgbcloudError, Texture
from rgbcloud.progress import portion, silent
from rgbcloud_maya.nodes.guards import verdict_on
from rgbcloud_maya.nodes.node_recipes import config_of_maya, recipe_for_node
from rgbcloud_maya.nodes.texture_uses import uses_of
from rgbcloud_maya.reducing.node_state import (
    Places,
    original_of,
    resolve_original,
    show_reduced,
    shown_path,
    state_of,
)
from rgbcloud_maya.reducing.reduced_files import NewFiles, ReducedFiles, write_reduced
from rgbcloud_maya.scene import viewport
from rgbcloud_maya.scene.project_paths import ProjectPaths, is_relative
from rgbcloud_maya.scene.undo import undo_step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    from rgbcloud import Progress, Recipe, TextureReduction
    from rgbcloud.textures import Tiling
    from rgbcloud_maya.nodes.image_nodes import ImageNode
    from rgbcloud_maya.reducing.surface_weights import SurfaceMask, SurfaceWeights
    from rgbcloud_maya.scene.undo import Changes

Status = Literal["reduced", "unchanged", "left out", "failed", "reverted"]

WOULD_BE_HEAVIER = "would become heavier"
"""Why `NodeResult` was left out, of a recipe that skips larger results."""
_TILINGS: dict[int, Tiling] = {1: "0-based", 2: "1-based", 3: "udim"}  # of file.uvTilingMode


@dataclass(frozen=True)
class NodeResult:
    """What became of one node.

    Attributes
    ----------
    node : str
    status : {"reduced", "unchanged", "left out", "failed", "reverted"}
    path : str
        What the node shows now.
    message : str
        What the user should know: sentences that name the node; "" mostly.
    why : str
        The message without names, by which messages are put together.
    reduction : TextureReduction or None
        Palette and reports, where it was reduced.
    is_heavier : bool
        Whether the result takes more space than its source.
    """

    node: str
    status: Status
    path: str
    message: str = ""
    why: str = ""
    reduction: TextureReduction | None = None
    is_heavier: bool = False

    @classmethod
    def failed(cls, node: ImageNode, error: RgbcloudError) -> NodeResult:
        """Return what to say of a node that an error kept from being reduced."""
        message = str(error)
        if not message.startswith(node.name):
            message = f"{node.name}: {message}"
        if isinstance(error, LargerResultError):
            return cls(node.name, "left out", node.path, message, WOULD_BE_HEAVIER)
        return cls(node.name, "failed", node.path, message, message.rpartition(": ")[2])


class Target(NamedTuple):
    """Where the files of a texture go."""

    folder: Path
    note: str = ""
    """Why they go there, a part of a sentence; "" where that is what was asked for."""


@dataclass
class NodeJob:
    """A texture that is to be reduced, and the nodes that show it."""

    texture: Texture
    recipe: Recipe
    target: Target
    nodes: list[ImageNode]
    notes: dict[str, str]
    """What the user should know of a node, parts of sentences."""
    mask: SurfaceMask | None = None
    """That of the recipe, if it is to be written first."""
    config: str = ""
    """The OpenColorIO configuration that the scene is managed by, "" if none."""

    @classmethod
    def of(
        cls,
        node: ImageNode,
        texture: Texture,
        recipe: Recipe,
        folder: str | PathLike[str] | None = None,
        note: str = "",
        config: str = "",
    ) -> NodeJob:
        """Return what is to be done for one node that shows a texture."""
        notes = {node.name: note} if note else {}
        target = target_for(texture, folder, node.project)
        return cls(texture, recipe, target, [node], notes, config=config)

    def write(self, progress: Progress, new_files: NewFiles | None = None) -> ReducedFiles:
        """Reduce the texture, in whatever thread: of Maya nothing is asked."""
        recipe = self.with_written_mask(new_files, portion(progress, 0.0, 0.2)).recipe
        part = portion(progress, 0.2, 1.0)
        made = write_reduced(
            self.texture,
            recipe,
            self.target.folder,
            config=self.config,
            new_files=new_files,
            progress=part,
        )
        if recipe.mask or self.mask is None:
            return made
        note = "its texels show the surface all alike: each of them counted"
        return replace(made, reduction=replace(made.reduction, notes=(*made.reduction.notes, note)))

    def with_written_mask(self, new_files: NewFiles | None, progress: Progress) -> NodeJob:
        """Return the job with its mask written, in whatever thread; without one if all texels count alike."""
        if self.mask is None or not self.recipe.mask:
            return self
        return replace(self, recipe=replace(self.recipe, mask=self.mask.write(new_files, progress)))

    def with_colors(self, colors: int) -> NodeJob:
        """Return the job with another number of colours."""
        settings = replace(self.recipe.settings, colors=colors)
        return replace(self, recipe=replace(self.recipe, settings=settings))

    def adopt(self, changes: Changes, files: ReducedFiles) -> dict[str, NodeResult]:
        """Let the nodes show the reduced files."""
        results = {}
        before, after = files.sizes
        for node in self.nodes:
            show_reduced(changes, node, _places_for(node, self.texture, files), files.recipe, files.record)
            texts = (self.target.note, self.notes.get(node.name, ""))
            notes = [(text, text) for text in texts if text]
            if files.stale:
                notes.append((f"was reduced; {files.stale}", "a renderer's copy is older"))
            if after > before:
                sizes = f"became heavier: {after:,} instead of {before:,} bytes"
                notes.insert(0, (f"{sizes}; revert it, or take fewer colours", "became heavier"))
            results[node.name] = NodeResult(
                node.name,
                "reduced",
                node.path,
                f"{node.name} " + "; ".join(text for text, _ in notes) if notes else "",
                "; ".join(why for _, why in notes),
                files.reduction,
                after > before,
            )
        return results


def plan(
    nodes: Sequence[ImageNode],
    recipe: Recipe,
    *,
    folder: str | PathLike[str] | None = None,
    force: bool = False,
    weights: SurfaceWeights | None = None,
    anew: bool = False,
    progress: Progress = silent,
) -> tuple[list[NodeJob], dict[str, NodeResult]]:
    """Return what is to be done for some nodes, and what became of those for which nothing is.

    Two nodes that show one texture become one job, unless their colour spaces tell different things of it.
    Parameters are those of `reduce`; `weights` make the masks, if the surface is to weigh texels. What is
    done already is done `anew` where the recipe does not say all.
    """
    digests: dict[Recipe, str] = {}
    config = config_of_maya()
    jobs: dict[tuple[object, ...], NodeJob] = {}
    results: dict[str, NodeResult] = {}
    uses = uses_of([node.name for node in nodes])
    for number, node in enumerate(nodes):
        progress(number / len(nodes), "looking for images")
        verdict = verdict_on(node, uses[node.name])
        if verdict.reason and not force:
            message = (
                f"{node.name} was left out: {verdict.reason}; force it if it is to be reduced all the same"
            )
            results[node.name] = NodeResult(node.name, "left out", node.path, message, verdict.kind)
            continue
        try:
            node.check()
            texture = texture_of(node)
            meant = recipe_for_node(recipe, node, uses[node.name], config)
            mask = None
            if weights is not None:
                mask = weights.mask_of(node, texture, target_for(texture, folder, node.project).folder)
                meant, mask = replace(meant, mask=str(mask.place)), None if mask.is_there else mask
            if mask is None and meant not in digests:
                digests[meant] = meant.digest()
            if mask is None and not anew and is_done(node, texture, digests[meant], folder):
                results[node.name] = NodeResult(node.name, "unchanged", node.path)
                continue
            job = NodeJob.of(node, texture, meant, folder, verdict.note, config)
            job.mask = mask
        except RgbcloudError as error:
            results[node.name] = NodeResult.failed(node, error)
            continue
        key = (digests.get(meant, meant), texture.color_space, *(path.resolve() for path in texture.paths))
        same = jobs.setdefault(key, job)
        if same is not job:
            same.nodes += job.nodes
            same.notes.update(job.notes)
    return list(jobs.values()), results


@contextlib.contextmanager
def adoption(
    name: str, made: Sequence[tuple[NodeJob, ReducedFiles]], progress: Progress = silent
) -> Iterator[tuple[Changes, dict[str, NodeResult]]]:
    """Open an undo step of that name in which nodes come to show what was written for them.

    Yields
    ------
    tuple of Changes and dict of NodeResult
        For more changes in the same step; and what became of each node, by its name.
    """
    before = {node.name: node.path for job, _ in made for node in job.nodes}
    results: dict[str, NodeResult] = {}
    with undo_step(name, portion(progress, 1.0, 1.0)) as changes:
        for number, (job, files) in enumerate(made):
            progress(number / len(made), "showing")
            results.update(job.adopt(changes, files))
        yield changes, results
    # A path that stayed leads to a file that was missing: what the viewport has of it may be old.
    is_old = any(result.path == before[node] for node, result in results.items())
    viewport.show_textures(results, replaced=is_old)


def texture_of(node: ImageNode) -> Texture:
    """Return the original texture of a node: a file, its tiles, or its frames, in the node's colour space.

    Raises
    ------
    RgbcloudError
        If there is no such file, or its name is none that tiles or frames have.
    """
    path, pattern = resolve_original(node)
    tiles, has_frames = tiling_of(node)
    tiling = tiles or ("frames" if has_frames else None)
    texture = Texture.of_tile(path, tiling) if tiling and pattern == path else Texture.find(pattern)
    if tiling:
        texture = _larger_reading(path, tiling, texture)
    return replace(texture, color_space=node.color_space)


def _larger_reading(path: str, tiling: Tiling, texture: Texture) -> Texture:
    """Return the set of a file by the last number of its name, where more of that are on the disk.

    Of ``w_v1002.1012.png`` the first number could be meant, too.
    """
    try:
        other = Texture.of_tile(path, tiling)
    except RgbcloudError:
        return texture
    return other if len(other.members) > len(texture.members) else texture


def target_for(texture: Texture, folder: str | PathLike[str] | None, project: ProjectPaths) -> Target:
    """Return where reduced files go; a relative folder is the project's."""
    if folder:
        return Target(Path(project.full(folder)))
    beside = texture.paths[0].parent
    if is_writable(beside):
        return Target(beside)
    images = Path(project.images)
    return Target(images, f"was written to {images}, since {beside} cannot be written to")


def is_writable(folder: Path) -> bool:
    """Return whether files can be made in a folder; only trying tells on every system."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def tiling_of(node: ImageNode) -> tuple[Tiling | None, bool]:
    """Return what tiles a node shows, None if none, and whether it shows frames."""
    if node.kind.node_type != "file":
        return None, False
    values = node.values
    return _TILINGS.get(values.number("uvTilingMode")), values.is_on("useFrameExtension")


def is_done(
    node: ImageNode, texture: Texture, recipe_digest: str, folder: str | PathLike[str] | None
) -> bool:
    """Return whether a node shows what a texture becomes by a recipe, in a folder if one is asked for."""
    state = state_of(node)
    if state is None or state.error_path:
        return False
    shown = Path(shown_path(node)).parent
    if folder and shown.resolve() != Path(node.project.full(folder)).resolve():
        return False
    return all((shown / name).is_file() for name in state.record.files) and state.record.is_of(
        texture, recipe_digest
    )


def _places_for(node: ImageNode, texture: Texture, files: ReducedFiles) -> Places:
    """Return how the path that a node is to hold may be written.

    As the original's is written, where the folder is the same: so a relative path stays relative, and a
    variable a variable, and a token that was typed a token. In another folder of the project a path that was
    relative stays relative to it.
    """
    held, _ = original_of(node)
    source_names = [path.name for path in texture.paths]
    name = posixpath.basename(held.replace("\\", "/"))
    has_token = name not in source_names
    target = files.pattern if has_token else files.paths[source_names.index(name)]
    written = target.name.replace("<UDIM>", node.kind.token) if node.kind.token else target.name
    ways = [target.absolute().with_name(written).as_posix()]
    targets = [ways[0]]
    if target.parent.resolve() == texture.paths[0].parent.resolve():
        split = ntpath if "\\" in held else posixpath
        ways.insert(0, held[: len(held) - len(split.basename(held))] + written)
    elif is_relative(held):
        project = Path(node.project.root).resolve()
        if project in target.resolve().parents:
            ways.insert(0, target.resolve().with_name(written).relative_to(project).as_posix())
    if has_token and node.kind.node_type == "file":  # a Maya may keep no token in a path
        targets.append(files.paths[0].absolute().as_posix())
        ways.append(targets[-1])
    return Places(ways, targets)
