"""All reduced files of a scene in one folder, with a list of what they are: for a share or a farm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rgbcloud.images import write_file
from rgbcloud_maya.nodes.image_nodes import all_image_nodes
from rgbcloud_maya.reducing.node_state import resolve_original, shown_path, state_of
from rgbcloud_maya.reducing.reduced_files import SourceFile
from rgbcloud_maya.scene.scene_errors import SceneError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud_maya.nodes.image_nodes import ImageNode
    from rgbcloud_maya.reducing.node_state import NodeState

MANIFEST = "rgbcloud.json"


def collect(
    folder: Path, nodes: Sequence[str] | None = None, *, overwrite: bool = False
) -> list[dict[str, Any]]:
    """Copy the reduced files that nodes show into one folder, and write `MANIFEST` there.

    A file that is there and is the same stays. Files of one name that differ go into folders named after
    their nodes.

    Parameters
    ----------
    folder : Path
    nodes : sequence of str, optional
        Names of image nodes; left out: all of the scene.
    overwrite : bool, default False
        Whether files that are there may be replaced.

    Returns
    -------
    list of dict
        Of each node: its name, original and recipe, and its files with size and digest.

    Raises
    ------
    SceneError
        If no node shows a reduced texture.
    ImageReadError, ImageWriteError
        If a reduced file is missing, or a file is there already.
    """
    taken: dict[str, str] = {}
    entries = []
    for node in all_image_nodes():
        state = state_of(node)
        if state is not None and (nodes is None or node.name in nodes):
            entries.append(_copy_files(node, state, folder, taken, overwrite=overwrite))
    if not entries:
        raise SceneError("no texture of the scene is reduced; reduce some first")
    text = json.dumps({"textures": entries}, indent=2, ensure_ascii=False) + "\n"
    write_file(folder / MANIFEST, text.encode(), overwrite=True)
    return entries


def _copy_files(
    node: ImageNode, state: NodeState, folder: Path, taken: dict[str, str], *, overwrite: bool
) -> dict[str, Any]:
    """Copy the files of one node; `taken` has the digests of what is in the folder by its name."""
    beside = Path(shown_path(node)).parent
    files = [SourceFile.of(beside / name) for name in state.record.files]
    is_taken = any(taken.get(file.name, file.digest) != file.digest for file in files)
    place = folder / node.name.replace(":", "_").replace("|", "_") if is_taken else folder
    copies = []
    for file in files:
        target = place / file.name
        if not (target.is_file() and SourceFile.of(target).digest == file.digest):
            write_file(target, (beside / file.name).read_bytes(), overwrite=overwrite)
        if not is_taken:
            taken[file.name] = file.digest
        copies.append(
            {"file": target.relative_to(folder).as_posix(), "bytes": file.size, "digest": file.digest}
        )
    return {
        "node": node.name,
        "original": resolve_original(node)[1],
        "color_space": state.record.color_space,
        "recipe": json.loads(state.recipe.to_json()),
        "files": copies,
    }
