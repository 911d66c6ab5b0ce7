"""Where Maya looks for paths: asked of the project once, worked out for any number of nodes."""

from __future__ import annotations

import ntpath
import os
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from maya import cmds

from rgbcloud_maya.scene.scene_errors import SceneError

if TYPE_CHECKING:
    from os import PathLike

_VARIABLE = re.compile(r"\$(?:\{\w+\}|\w+)" + (r"|%\w+%" if os.name == "nt" else ""))


@dataclass(frozen=True)
class ProjectPaths:
    """The current project."""

    root: str  # its folder, with slashes
    images: str  # its folder for source images, with slashes
    maps_folders: bool  # whether `dirmap` is on

    @classmethod
    def current(cls) -> ProjectPaths:
        """Ask Maya."""
        root = str(cmds.workspace(query=True, rootDirectory=True)).replace("\\", "/").rstrip("/")
        rule = str(cmds.workspace(fileRuleEntry="sourceImages") or "sourceimages")
        return cls(root, _join(root, rule), bool(cmds.dirmap(query=True, enable=True)))

    def resolve(self, path: str) -> str:
        """Return where Maya looks for a path: a full one, with slashes.

        Variables and ``~`` are expanded, as ``getAttr -expandEnvironmentVariables`` does. `dirmap` comes
        next, as it does when a scene is opened; a relative path then belongs to the project, to its folder
        for source images where it is not in the root.
        """
        path = expand_variables(path).replace("\\", "/")
        if self.maps_folders:
            path = cmds.dirmap(convertDirectory=path) or path
        if _is_full(path):
            return path
        in_root, in_images = _join(self.root, path), _join(self.images, path)
        return in_images if _exists(in_images) and not _exists(in_root) else in_root

    def full(self, path: str | PathLike[str]) -> str:
        """Return the full path of a file or folder to be written, whether or not it is there.

        Raises
        ------
        SceneError
            If a variable in it is not set.
        """
        expanded = expand_variables(str(path))
        unset = _VARIABLE.search(expanded)
        if unset:
            raise SceneError(f"{path}: {unset[0]} is not set; set it, or write the path without it")
        return _join(self.root, expanded)


def expand_variables(path: str) -> str:
    """Return a path with environment variables and ``~`` expanded."""
    if path.startswith("~"):
        path = os.path.expanduser(path)  # noqa: PTH111 (a Path would lose slashes)
    return os.path.expandvars(path) if "$" in path or "%" in path else path


def is_relative(path: str) -> bool:
    """Return whether a path is the project's: neither a full one nor one that begins with a variable."""
    return not (_is_full(path) or path.startswith(("$", "%", "~")))


def resolve_path(path: str) -> str:
    """Return where Maya looks for a path; see `ProjectPaths.resolve`."""
    return ProjectPaths.current().resolve(path)


def _join(folder: str, path: str) -> str:
    return path if _is_full(path) else posixpath.join(folder, path)


def _is_full(path: str) -> bool:
    return posixpath.isabs(path) or ntpath.isabs(path)


def _exists(pattern: str) -> bool:
    """Return whether a file is there, or for a pattern the folder that it is in."""
    path = Path(pattern)
    return path.exists() or ("<" in path.name and path.parent.is_dir())
