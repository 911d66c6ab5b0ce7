"""Opening and saving scenes without a window: in their projects, with what is missing told."""

from __future__ import annotations

from pathlib import Path

from maya import cmds

from rgbcloud_maya.batch.batch_options import FILE_TYPES
from rgbcloud_maya.scene.scene_errors import SceneError

_HEADS = (b"//Maya ASCII", b"FOR4", b"FOR8")  # of .ma; of .mb, by the IFF groups that it is made of


def open_scene(scene: str, project: Path | None = None, *, ignore_errors: bool = False) -> list[str]:
    """Open a scene in its project, which its relative paths are relative to.

    Parameters
    ----------
    scene : str
        A .ma or .mb file.
    project : Path, optional
        Left out: Maya's current one.
    ignore_errors : bool, default False
        Whether to go on with what could be read.

    Returns
    -------
    list of str
        What is missing: plug-ins, references, what Maya said. Empty if nothing is.

    Raises
    ------
    SceneError
        If Maya does not open it; unless they are ignored, also if there are errors in it: what is not read
        would be missing from what is saved.
    """
    told: list[str] = []
    try:
        if project:
            cmds.workspace(project.as_posix(), openWorkspace=True)
        cmds.file(Path(scene).absolute().as_posix(), open=True, force=True, prompt=False, ignoreVersion=True)
    except RuntimeError as error:
        if not _is_scene(scene):
            raise SceneError(f"Maya cannot open {scene}: {_first_line(error)}") from error
        if not ignore_errors:
            msg = f"Maya cannot open {scene} without errors: {_first_line(error)}"
            raise SceneError(f"{msg}; --ignore-errors goes on with what it can read") from error
        told = [line for line in str(error).splitlines() if line.strip()]
    return [*told, *_missing()]


def save_scene(path: str) -> None:
    """Save the scene under another name, in the format that the name says.

    Raises
    ------
    SceneError
        If Maya cannot save it.
    """
    target = Path(path).absolute()
    try:
        cmds.file(rename=target.as_posix())
        cmds.file(save=True, force=True, type=FILE_TYPES[target.suffix.lower()])
    except RuntimeError as error:
        raise SceneError(f"Maya cannot save {path}: {_first_line(error)}") from error


def _missing() -> list[str]:
    """Return what the open scene refers to and Maya has not found."""
    unknown = cmds.ls(type=["unknown", "unknownDag"]) or ()
    missing = []
    if unknown:
        shown = ", ".join(unknown[:8]) + (" …" if len(unknown) > 8 else "")
        missing.append(f"{len(unknown)} nodes are of plug-ins that are not loaded: {shown}")
    for path in cmds.file(query=True, reference=True) or ():
        file = str(path).partition("{")[0]
        if not Path(file).is_file():
            missing.append(f"the reference {file} is missing")
    return missing


def _is_scene(path: str) -> bool:
    with Path(path).open("rb") as stream:
        return stream.read(12).startswith(_HEADS)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), "it does not say why")
