"""The project: its root folder and its file rules (PyMEL docs of `workspace`)."""

from __future__ import annotations

import os
import tempfile

DEFAULT_RULES = {
    "scene": "scenes",
    "mayaAscii": "scenes",
    "mayaBinary": "scenes",
    "sourceImages": "sourceimages",
    "images": "images",
}


class Workspace:
    """The current project."""

    def __init__(self, root: str | None = None) -> None:
        self.root = (root or os.path.join(tempfile.gettempdir(), "maya", "projects", "default")).replace(
            os.sep, "/"
        )
        self.rules = dict(DEFAULT_RULES)
        self.maps: dict[str, str] = {}  # of `dirmap`
        self.mapping = False

    def full_path(self, path: str) -> str:
        """Return an absolute path for one that is relative to the project."""
        path = os.path.expandvars(path)
        return path if os.path.isabs(path) or path[1:3] in (":/", ":\\") else f"{self.root}/{path}"

    def project_path(self, path: str) -> str:
        """Return a path relative to the project where it lies in it."""
        prefix = self.root.rstrip("/") + "/"
        return path[len(prefix) :] if path.startswith(prefix) else path

    def mapped(self, path: str) -> str:
        """Return a path after `dirmap`, which is off by default and heeds case."""
        if self.mapping:
            for source, target in self.maps.items():
                if path.startswith(source):
                    return target + path[len(source) :]
        return path
