"""From image nodes to textures that are to be reduced, and from reduced files back to the nodes."""

from __future__ import annotations

import contextlib
import ntpath
import posixpath
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from maya import cmds

from rgbcloud import RgbcloudError, Texture
from rgbcloud_maya import viewport
from rgbcloud_maya.guards import reason_not_to_reduce
from rgbcloud_maya.image_nodes import ImageNode, resolve_path, source_images_folder
from rgbcloud_maya.node_state import original_of, show_reduced, shown_path, state_of
from rgbcloud_maya.reduced_files import ReducedFiles, write_reduced
from rgbcloud_maya.undo import undo_step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    from rgbcloud import Progress, Recipe, TextureReduction
    from rgbcloud.textures import Tiling
    from rgbcloud_maya.undo import Changes

Status = Literal["reduced", "unchanged", "left out", "failed", "reverted"]

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
        What the user should know: a sentence that names the node; "" mostly.
    reduction : TextureReduction or None
        Palette and reports, where it was reduced.
    """

    node: str
    status: Status
    path: str
    message: str = ""
    reduction: TextureReduction | None = None

    @classmethod
    def failed(cls, node: ImageNode, error: RgbcloudError) -> NodeResult:
        """Return what to say of a node that an error kept from being reduced."""
        message = str(error)
        if not message.startswith(node.name):
            message = f"{node.name}: {message}"
        return cls(node.name, "failed", node.path, message)


@dataclass
class NodeJob:
    """A texture that is to be reduced, and the nodes that show it."""

    texture: Texture
    recipe: Recipe
    folder: Path
    nodes: list[ImageNode]

    @classmethod
    def of(
        cls, node: ImageNode, texture: Texture, recipe: Recipe, folder: str | PathLike[str] | None = None
    ) -> NodeJob:
        """Return what is to be done for one node that shows a texture."""
        return cls(texture, recipe, folder_for(texture, folder), [node])

    def write(self, progress: Progress) -> ReducedFiles:
        """Reduce the texture, in whatever thread: of Maya nothing is asked."""
        return write_reduced(self.texture, self.recipe, self.folder, progress=progress)

    def adopt(self, changes: Changes, files: ReducedFiles) -> dict[str, NodeResult]:
        """Let the nodes show the reduced files."""
        results = {}
        for node in self.nodes:
            paths = _paths_for(node, self.texture, files)
            show_reduced(changes, node, paths, files.recipe, files.record)
            message = _weight_warning(node, *files.sizes)
            results[node.name] = NodeResult(node.name, "reduced", node.path, message, files.reduction)
        return results


def plan(
    nodes: Sequence[ImageNode],
    recipe: Recipe,
    *,
    folder: str | PathLike[str] | None = None,
    force: bool = False,
) -> tuple[list[NodeJob], dict[str, NodeResult]]:
    """Return what is to be done for some nodes, and what became of those for which nothing is.

    Two nodes that show one texture become one job, unless their colour spaces tell different things of it.
    Parameters are those of `reduce`.
    """
    digest = recipe.digest()
    jobs: dict[tuple[object, ...], NodeJob] = {}
    results: dict[str, NodeResult] = {}
    for node in nodes:
        reason = None if force else reason_not_to_reduce(node)
        if reason:
            message = f"{node.name} was left out: {reason}; force it if it is to be reduced all the same"
            results[node.name] = NodeResult(node.name, "left out", node.path, message)
            continue
        try:
            node.check()
            texture = texture_of(node)
            if _is_done(node, texture, digest, folder):
                results[node.name] = NodeResult(node.name, "unchanged", node.path)
                continue
            job = NodeJob.of(node, texture, recipe, folder)
        except RgbcloudError as error:
            results[node.name] = NodeResult.failed(node, error)
            continue
        key = (texture.color_space, *(path.resolve() for path in texture.paths))
        same = jobs.setdefault(key, job)
        if same is not job:
            same.nodes += job.nodes
    return list(jobs.values()), results


@contextlib.contextmanager
def adoption(
    name: str, made: Sequence[tuple[NodeJob, ReducedFiles]]
) -> Iterator[tuple[Changes, dict[str, NodeResult]]]:
    """Open an undo step of that name in which nodes come to show what was written for them.

    Yields
    ------
    tuple of Changes and dict of NodeResult
        For more changes in the same step; and what became of each node, by its name.
    """
    before = {node.name: node.path for job, _ in made for node in job.nodes}
    results: dict[str, NodeResult] = {}
    with undo_step(name) as changes:
        for job, files in made:
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
    path, pattern = original_of(node)
    tiling = _tiling(node) if pattern == path else None
    texture = Texture.of_tile(resolve_path(path), tiling) if tiling else Texture.find(resolve_path(pattern))
    return replace(texture, color_space=node.color_space)


def folder_for(texture: Texture, folder: str | PathLike[str] | None) -> Path:
    """Return the folder that reduced files go to; a relative one is the project's."""
    if folder is not None:
        return Path(project_path(folder))
    beside = texture.paths[0].parent
    return beside if is_writable(beside) else Path(source_images_folder())


def project_path(path: str | PathLike[str]) -> str:
    """Return the full path of a file or folder to be written, whether or not it is there."""
    return str(cmds.workspace(expandName=str(path)))


def is_writable(folder: Path) -> bool:
    """Return whether files can be made in a folder; only trying tells on every system."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _tiling(node: ImageNode) -> Tiling | None:
    if node.kind.node_type != "file":
        return None
    tiling = _TILINGS.get(cmds.getAttr(f"{node.name}.uvTilingMode"))
    if tiling is None and cmds.getAttr(f"{node.name}.useFrameExtension"):
        return "frames"
    return tiling


def _is_done(
    node: ImageNode, texture: Texture, recipe_digest: str, folder: str | PathLike[str] | None
) -> bool:
    state = state_of(node)
    if state is None:
        return False
    shown = Path(shown_path(node)).parent
    if folder is not None and shown.resolve() != Path(project_path(folder)).resolve():
        return False
    return all((shown / name).is_file() for name in state.record.files) and state.record.is_of(
        texture, recipe_digest
    )


def _paths_for(node: ImageNode, texture: Texture, files: ReducedFiles) -> list[str]:
    """Return how the path that a node is to hold may be written, the best way first.

    As the original's is written, where the folder is the same: so a relative path stays relative, and a
    variable a variable. In another folder of the project a path that was relative stays relative to it. A
    `file` node gets the path of one tile or frame, since what Maya makes of a token in it is not documented.
    """
    state = state_of(node)
    held = state.path if state else node.path
    original, _ = original_of(node)
    source_names = [path.name for path in texture.paths]
    name = posixpath.basename(original.replace("\\", "/"))
    if name in source_names:
        target = files.paths[source_names.index(name)]
    else:
        target = files.paths[0] if node.kind.node_type == "file" else files.pattern
    ways = [target.absolute().as_posix()]
    if target.parent.resolve() == texture.paths[0].parent.resolve():
        split = ntpath if "\\" in held else posixpath
        ways.insert(0, held[: len(held) - len(split.basename(held))] + target.name)
    elif not (posixpath.isabs(held) or ntpath.isabs(held) or held.startswith(("$", "%", "~"))):
        project = Path(cmds.workspace(query=True, rootDirectory=True)).resolve()
        if project in target.resolve().parents:
            ways.insert(0, target.resolve().relative_to(project).as_posix())
    return ways


def _weight_warning(node: ImageNode, before: int, after: int) -> str:
    """Return a sentence where a result takes more space than its source, "" otherwise."""
    if after <= before:
        return ""
    return (
        f"{node.name} became heavier: {after:,} instead of {before:,} bytes; revert it, or take fewer colours"
    )
