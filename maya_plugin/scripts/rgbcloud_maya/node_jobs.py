"""Reducing the textures of image nodes, and bringing the originals back."""

from __future__ import annotations

import ntpath
import posixpath
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from maya import cmds
from maya.api import OpenMaya

from rgbcloud import CancelledError, Progress, RgbcloudError, Settings
from rgbcloud.counting.kind import heeding
from rgbcloud.progress import portion, silent
from rgbcloud.textures.texture import Texture, Tiling
from rgbcloud_maya.errors import SceneError
from rgbcloud_maya.guards import reason_not_to_reduce
from rgbcloud_maya.image_nodes import (
    ImageNode,
    all_image_nodes,
    find_image_nodes,
    located,
    source_images_folder,
)
from rgbcloud_maya.node_state import original_of, show_original, show_reduced, state_of
from rgbcloud_maya.png_support import reads_indexed_png
from rgbcloud_maya.texture_files import ReducedFiles, is_up_to_date, reduced_paths, write_reduced
from rgbcloud_maya.undo import undo_step
from rgbcloud_maya.wishes import NO_WISHES, Wishes, path_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from rgbcloud import Goal
    from rgbcloud.textures.texture_reduction import TextureReduction
    from rgbcloud_maya.undo import Changes

Status = Literal["reduced", "unchanged", "left out", "failed"]

DEFAULT_SETTINGS = Settings()
_TILINGS: dict[int, Tiling] = {1: "0-based", 2: "1-based", 3: "udim"}  # of file.uvTilingMode


@dataclass(frozen=True)
class TextureRef:
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
    settings : Settings or None
        How it was reduced; None where it is not.
    """

    node: str
    node_type: str
    path: str
    original: str
    color_space: str
    settings: Settings | None


@dataclass(frozen=True)
class ReducedTexture:
    """What became of one node.

    Attributes
    ----------
    node : str
    status : {"reduced", "unchanged", "left out", "failed"}
    path : str
        What the node shows now.
    message : str
        Why it was left out or failed: a sentence that names the node; "" otherwise.
    reduction : TextureReduction or None
        Palette and reports, where it was reduced.
    """

    node: str
    status: Status
    path: str
    message: str = ""
    reduction: TextureReduction | None = None


@dataclass
class Job:
    """A texture that is to be reduced, and the nodes that show it."""

    texture: Texture
    folder: Path
    nodes: list[ImageNode]
    replaceable: set[Path]


def textures() -> list[TextureRef]:
    """Return the image nodes of the scene, by name."""
    return [_described(node) for node in all_image_nodes()]


def reduce(
    nodes: Sequence[str] | None = None,
    settings: Settings = DEFAULT_SETTINGS,
    *,
    palette: str | PathLike[str] | None = None,
    like: str | PathLike[str] | None = None,
    mask: str | PathLike[str] | None = None,
    goal: Goal | None = None,
    folder: str | PathLike[str] | None = None,
    force: bool = False,
    progress: Progress = silent,
) -> list[ReducedTexture]:
    """Reduce textures to a palette each and let their nodes show the lighter files.

    Files are written before the scene is touched; what is done to the scene is one undo step. Colour spaces,
    connections, selection and current frame stay. Reducing again starts from the original; with the same
    settings it does nothing.

    Parameters
    ----------
    nodes : sequence of str, optional
        Image nodes, or objects, materials and shading groups that lead to some; left out: the selection.
    settings : Settings
        16 colours if left out; colours that are locked are taken as they are.
    palette : str or path-like, optional
        A palette file whose colours are taken, in their order, instead of clustered ones.
    like : str or path-like, optional
        A palette file, of the version before, whose indices the colours keep.
    mask : str or path-like, optional
        An image, or a set by its pattern: white texels count, black ones do not.
    goal : Goal, optional
        Chooses the number of colours of each texture, instead of `settings.colors`.
    folder : str or path-like, optional
        Where the reduced images go; left out: beside their sources, or where that folder cannot be written
        to, into the project's folder for source images.
    force : bool, default False
        Also reduces what feeds normals, bumps or displacements, or is marked Raw.
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`, which leaves the scene as it is.

    Returns
    -------
    list of ReducedTexture
        One per node. The Script Editor shows the messages of those that were left out or failed.

    Raises
    ------
    SceneError
        If nothing leads to an image, or all that was not left out failed.
    InvalidArgumentError
        If there is more than one way to come to a palette.
    PaletteReadError, ImageReadError
        If a palette or a mask cannot be read.
    """
    palette, like, mask = (located(str(path)) if path else "" for path in (palette, like, mask))
    wishes = Wishes(path_text(palette), path_text(like), path_text(mask), goal).with_digest()
    found = find_image_nodes(nodes)
    settings = readable_by_maya(settings)
    jobs, results = plan(found, settings, wishes=wishes, folder=folder, force=force)
    made: list[tuple[Job, ReducedFiles]] = []
    for number, job in enumerate(jobs):
        part = portion(progress, number / len(jobs), (number + 1) / len(jobs))
        try:
            files = write_reduced(
                job.texture,
                settings,
                job.folder,
                replaceable=job.replaceable,
                wishes=wishes,
                progress=part,
            )
        except CancelledError:
            raise
        except RgbcloudError as error:
            results.update({node.name: _failed(node, error) for node in job.nodes})
            continue
        made.append((job, files))
    if made:
        with undo_step("Reduce textures") as changes:
            for job, files in made:
                results.update(adopt(changes, job, files))
        reload_replaced([files for _, files in made])
    return _told([results[node.name] for node in found])


def revert(nodes: Sequence[str] | None = None) -> list[str]:
    """Bring the original textures of nodes back: path and colour space exactly as they were.

    One undo step; the reduced files stay on disk.

    Parameters
    ----------
    nodes : sequence of str, optional
        As in `reduce`.

    Returns
    -------
    list of str
        The nodes that were reverted; those that show their originals already are not among them.

    Raises
    ------
    SceneError
        If nothing leads to an image, or a node's path is locked or driven: nothing is changed then.
    """
    states = [(node, state_of(node)) for node in find_image_nodes(nodes)]
    reduced = [(node, state) for node, state in states if state is not None]
    for node, _ in reduced:
        node.check()
    if reduced:
        with undo_step("Revert textures") as changes:
            for node, state in reduced:
                show_original(changes, node, state)
    return [node.name for node, _ in reduced]


def plan(
    nodes: Sequence[ImageNode],
    settings: Settings,
    *,
    wishes: Wishes = NO_WISHES,
    folder: str | PathLike[str] | None = None,
    force: bool = False,
) -> tuple[list[Job], dict[str, ReducedTexture]]:
    """Return what is to be done for some nodes, and what became of those for which nothing is.

    Two nodes that show one texture become one job, unless their colour spaces tell different things of it.
    Parameters are those of `reduce`.
    """
    jobs: dict[tuple[object, ...], Job] = {}
    results: dict[str, ReducedTexture] = {}
    for node in nodes:
        reason = None if force else reason_not_to_reduce(node)
        if reason:
            message = f"{node.name} was left out: {reason}; force it if it is to be reduced all the same"
            results[node.name] = ReducedTexture(node.name, "left out", node.path, message)
            continue
        try:
            node.check()
            texture = texture_of(node)
            heeded, _ = heeding(settings, texture)
            if _is_done(node, texture, heeded, wishes, folder):
                results[node.name] = ReducedTexture(node.name, "unchanged", node.path)
                continue
            job = job_of(node, texture, folder)
        except RgbcloudError as error:
            results[node.name] = _failed(node, error)
            continue
        same = jobs.setdefault((heeded, *(path.resolve() for path in texture.paths)), job)
        if same is not job:
            same.nodes += job.nodes
            same.replaceable |= job.replaceable
    return list(jobs.values()), results


def job_of(node: ImageNode, texture: Texture, folder: str | PathLike[str] | None = None) -> Job:
    """Return what is to be done for one node that shows a texture."""
    return Job(texture, folder_for(texture, folder), [node], set(_reduced_files(node, texture)))


def adopt(changes: Changes, job: Job, files: ReducedFiles) -> dict[str, ReducedTexture]:
    """Let the nodes of a job show its reduced files."""
    results = {}
    for node in job.nodes:
        path = _path_for(node, job.texture, files)
        show_reduced(changes, node, path, files.reduction.settings, files.wishes)
        results[node.name] = ReducedTexture(node.name, "reduced", node.path, "", files.reduction)
    return results


def reload_replaced(made: Sequence[ReducedFiles]) -> None:
    """Let the viewport load images again whose files have the names they had, but other content."""
    if any(files.replaced for files in made) and not cmds.about(batch=True):
        cmds.ogs(reloadTextures=True)


def texture_of(node: ImageNode) -> Texture:
    """Return the original texture of a node: a file, its tiles, or its frames, in the node's colour space.

    Raises
    ------
    RgbcloudError
        If there is no such file, or its name is none that tiles or frames have.
    """
    path, pattern = original_of(node)
    tiling = _tiling(node) if pattern == path else None
    texture = Texture.of_tile(located(path), tiling) if tiling else Texture.find(located(pattern))
    return replace(texture, color_space=node.color_space)


def readable_by_maya(settings: Settings) -> Settings:
    """Return settings whose files this Maya reads: without palette indices if it does not."""
    if settings.indexed and not reads_indexed_png():
        return replace(settings, indexed=False)
    return settings


def _tiling(node: ImageNode) -> Tiling | None:
    if node.kind.node_type != "file":
        return None
    tiling = _TILINGS.get(cmds.getAttr(f"{node.name}.uvTilingMode"))
    if tiling is None and cmds.getAttr(f"{node.name}.useFrameExtension"):
        return "frames"
    return tiling


def _is_done(
    node: ImageNode,
    texture: Texture,
    settings: Settings,
    wishes: Wishes,
    folder: str | PathLike[str] | None,
) -> bool:
    state = state_of(node)
    if state is None or state.wishes != wishes or wishes.fixed(state.settings) != wishes.fixed(settings):
        return False
    paths = _reduced_files(node, texture)
    if not paths or (folder is not None and paths[0].parent.resolve() != Path(folder).resolve()):
        return False
    return is_up_to_date(texture, paths)


def _reduced_files(node: ImageNode, texture: Texture) -> tuple[Path, ...]:
    """Return the files that the last reduction of a node made."""
    state = state_of(node)
    if state is None:
        return ()
    shown = Path(located(str(cmds.getAttr(node.path_plug, expandEnvironmentVariables=True))))
    return reduced_paths(texture, state.settings, state.wishes, shown)


def folder_for(texture: Texture, folder: str | PathLike[str] | None) -> Path:
    """Return the folder that reduced files go to."""
    if folder is not None:
        return Path(folder)
    beside = texture.paths[0].parent
    return beside if is_writable(beside) else Path(source_images_folder())


def is_writable(folder: Path) -> bool:
    """Return whether files can be made in a folder; only trying tells on every system."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _path_for(node: ImageNode, texture: Texture, files: ReducedFiles) -> str:
    """Return the path that a node is to hold: as the original's is written, where the folder is the same.

    So a relative path stays relative, and a variable a variable. A `file` node gets the path of one tile or
    frame, since what Maya makes of a token in it is not documented.
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
    if target.parent.resolve() == texture.paths[0].parent.resolve():
        split = ntpath if "\\" in held else posixpath
        return held[: len(held) - len(split.basename(held))] + target.name
    return target.as_posix()


def _failed(node: ImageNode, error: RgbcloudError) -> ReducedTexture:
    message = str(error)
    if not message.startswith(node.name):
        message = f"{node.name}: {message}"
    return ReducedTexture(node.name, "failed", node.path, message)


def _described(node: ImageNode) -> TextureRef:
    state = state_of(node)
    return TextureRef(
        node.name,
        node.kind.node_type,
        node.path,
        located(original_of(node)[1]),
        node.color_space,
        state.settings if state else None,
    )


def _told(results: list[ReducedTexture]) -> list[ReducedTexture]:
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
