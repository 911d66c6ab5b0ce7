"""The error of a reduced texture on the model: its picture in the place of the texture, and gone again.

It is never saved: before Maya writes a scene it tells so (``MSceneMessage``, kBeforeSave and kBeforeExport in
Autodesk's Python API 2.0 reference), and the pictures, which lie in a temporary folder, are taken off then.
"""

from __future__ import annotations

import atexit
import posixpath
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from maya import cmds
from maya.api import OpenMaya

from rgbcloud import guess_kind
from rgbcloud.images import write_file
from rgbcloud.progress import portion, portions, silent
from rgbcloud.textures import compare_files, error_picture
from rgbcloud_maya.nodes.image_nodes import all_image_nodes, find_image_nodes
from rgbcloud_maya.reducing.node_jobs import texture_of
from rgbcloud_maya.reducing.node_state import original_of, show_file, state_of
from rgbcloud_maya.scene import messages, viewport
from rgbcloud_maya.scene.scene_errors import SceneError
from rgbcloud_maya.scene.undo import undo_step
from rgbcloud_maya.scene.waiting import while_waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rgbcloud import Progress, Texture
    from rgbcloud_maya.nodes.image_nodes import ImageNode
    from rgbcloud_maya.reducing.node_state import NodeState

_callbacks: list[int] = []


def toggle_errors(nodes: Sequence[str] | None = None, *, progress: Progress = silent) -> list[str]:
    """Show how far reduced textures are off in their place, or them again where one shows that already.

    One undo step. Bright is a CIEDE2000 of 10 and above, black none.

    Parameters
    ----------
    nodes : sequence of str or None
        What is or leads to textures; None: the selection.
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`, which leaves the scene as it is.

    Returns
    -------
    list of str
        The nodes that show their errors now.

    Raises
    ------
    SceneError
        If none of the textures is reduced, or one holds no colours.
    ImageReadError
        If an original or a reduced file is gone.
    """
    found = [(node, state_of(node)) for node in find_image_nodes(nodes)]
    reduced = [(node, state) for node, state in found if state is not None]
    if not reduced:
        raise SceneError(f"{found[0][0].name} shows its original; there is an error once it is reduced")
    shown = [(node, state) for node, state in reduced if state.error_path]
    if shown:
        _take_off(shown)
        return []
    textures = [texture_of(node) for node, _ in reduced]
    for (node, state), texture in zip(reduced, textures):
        _check(node, state, texture)
    folder = _new_folder()

    def draw(told: Progress) -> list[list[Path]]:
        parts = portions(told, len(reduced))
        return [
            _draw(folder / str(number), texture, node, state, part)
            for number, ((node, state), texture, part) in enumerate(zip(reduced, textures, parts))
        ]

    drawn = while_waiting(draw, portion(progress, 0.0, 0.95))
    watch()
    with undo_step("Show errors", portion(progress, 0.95, 0.95)) as changes:
        for (node, state), texture, pictures in zip(reduced, textures, drawn):
            path = _path_for(node, texture, pictures)
            space = str(cmds.colorManagementFileRules(evaluate=path))
            kept = replace(state, error_path=path, kept_space=node.color_space)
            show_file(changes, node, path, space, kept)
    viewport.show_textures([node.name for node, _ in reduced])
    return [node.name for node, _ in reduced]


def take_off_errors(*_told: object) -> None:
    """Let all textures that show their errors show what they are reduced to: a scene is to be saved."""
    states = [(node, state_of(node)) for node in all_image_nodes()]
    shown = [(node, state) for node, state in states if state is not None and state.error_path]
    if shown:
        _take_off(shown)
        names = ", ".join(node.name for node, _ in shown)
        messages.warning(f"rgbcloud: errors are never saved: {names} shows the texture again")


def watch() -> None:
    """Take errors off before scenes are saved or exported, until `stop_watching`."""
    if not _callbacks:
        message = OpenMaya.MSceneMessage
        _callbacks.extend(
            message.addCallback(event, take_off_errors)
            for event in (message.kBeforeSave, message.kBeforeExport)
        )


def stop_watching() -> None:
    """Let go of the callbacks."""
    while _callbacks:
        try:
            OpenMaya.MMessage.removeCallback(_callbacks.pop())
        except RuntimeError:  # noqa: PERF203 (it went with its session)
            continue


def _take_off(shown: Iterable[tuple[ImageNode, NodeState]]) -> None:
    with undo_step("Hide errors") as changes:
        for node, state in shown:
            kept = replace(state, error_path="", kept_space="")
            show_file(changes, node, state.reduced_path, state.kept_space, kept)
    viewport.show_textures([node.name for node, _ in shown])


def _check(node: ImageNode, state: NodeState, texture: Texture) -> None:
    node.check()
    kind = state.recipe.settings.kind
    if kind == "auto":
        kind = guess_kind(texture.name, texture.color_space)
    if kind not in ("auto", "color"):
        raise SceneError(f"{node.name} holds no colours, so that none look different")


def _draw(
    folder: Path, texture: Texture, node: ImageNode, state: NodeState, progress: Progress
) -> list[Path]:
    """Draw the errors of a texture's files, in whatever thread; return the pictures."""
    folder.mkdir()
    reduced = Path(node.project.resolve(state.reduced_path)).parent
    pictures = [path.with_suffix(".png") for path in texture.targets("error", folder)]
    settings, host = state.recipe.settings, texture.color_space
    parts = portions(progress, len(pictures))
    for source, name, target, part in zip(texture.paths, state.record.files, pictures, parts):
        part(0.0, "measuring errors")
        write_file(target, error_picture(compare_files(source, reduced / name, settings, host)))
    return pictures


def _path_for(node: ImageNode, texture: Texture, pictures: Sequence[Path]) -> str:
    """Return the path that a node is to hold: the tile that it held before, or the pattern with its token."""
    held, _ = original_of(node)
    names = [path.name for path in texture.paths]
    name = posixpath.basename(held.replace("\\", "/"))
    if name in names:
        return pictures[names.index(name)].as_posix()
    pattern = Path(texture.target_pattern("error", pictures[0].parent)).with_suffix(".png")
    token = node.kind.token
    return pattern.with_name(pattern.name.replace("<UDIM>", token) if token else pattern.name).as_posix()


def _new_folder() -> Path:
    """Make a folder that goes with the session."""
    folder = tempfile.mkdtemp(prefix="rgbcloud-error")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
