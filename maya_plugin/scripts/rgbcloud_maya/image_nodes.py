"""The scene's image nodes: which there are, what leads to them, which files they show."""

from __future__ import annotations

import ntpath
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from maya import cmds

from rgbcloud_maya.scene_errors import SceneError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class ImageKind:
    """A type of node that shows an image file, and the attributes that say how; "" where it has none."""

    node_type: str
    path: str
    color_space: str = ""
    ignore_rules: str = ""
    pattern: str = ""
    """Holds the path with ``<UDIM>`` and the like for the number."""


IMAGE_KINDS = {
    kind.node_type: kind
    for kind in (
        # Attributes of a real node: maya-mock-completion's attribute_properties.py.
        ImageKind(
            "file",
            "fileTextureName",
            "colorSpace",
            "ignoreColorSpaceFileRules",
            "computedFileTextureNamePattern",
        ),
        # Attributes of Arnold's node: a generated class of it, and ayon-maya's collect_look.py.
        ImageKind("aiImage", "filename", "colorSpace", "ignoreColorSpaceFileRules"),
        # RenderMan's and Redshift's: ayon-maya's collect_look.py.
        ImageKind("PxrTexture", "filename"),
        ImageKind("PxrBump", "filename"),
        ImageKind("PxrNormalMap", "filename"),
        ImageKind("RedshiftNormalMap", "tex0"),
    )
}
"""To support another renderer's node, add a line that names the source of its attributes."""

EXPLICIT_TILES = 4  # of file.uvTilingMode: each tile has a file name of its own (RenderMan's manual)
_IMAGE_SUFFIX = re.compile(r"\.(bmp|dds|exr|gif|hdr|jpe?g|png|psd|sgi|tga|tiff?|tx|webp)", re.IGNORECASE)


@dataclass(frozen=True)
class ImageNode:
    """A node that shows an image.

    Attributes
    ----------
    name : str
        Unique in the scene.
    kind : ImageKind
    """

    name: str
    kind: ImageKind

    @property
    def path_plug(self) -> str:
        """The attribute that holds the path."""
        return f"{self.name}.{self.kind.path}"

    @property
    def path(self) -> str:
        """The path as the node holds it: maybe relative, with variables, of another machine."""
        return str(cmds.getAttr(self.path_plug) or "")

    @property
    def pattern(self) -> str:
        """The path, with a token such as ``<UDIM>`` for the number where the node shows several files."""
        if self.kind.pattern and self._shows_several():
            pattern = cmds.getAttr(f"{self.name}.{self.kind.pattern}")
            if pattern:
                return str(pattern)
        return self.path

    @property
    def color_space(self) -> str:
        """The name of the colour space, "" where the node has none."""
        return str(self._optional(self.kind.color_space) or "")

    @property
    def ignore_rules(self) -> bool:
        """Whether the colour space stays when the path changes."""
        return bool(self._optional(self.kind.ignore_rules))

    @property
    def color_space_plug(self) -> str:
        """The attribute that holds the colour space, "" where there is none."""
        return self._plug(self.kind.color_space)

    @property
    def ignore_rules_plug(self) -> str:
        """The attribute that keeps the colour space from changing with the path, "" where there is none."""
        return self._plug(self.kind.ignore_rules)

    def check(self) -> None:
        """Raise `SceneError` where the node's path cannot be changed, or means more than we know."""
        if self.kind.node_type == "file" and cmds.getAttr(f"{self.name}.uvTilingMode") == EXPLICIT_TILES:
            msg = f"{self.name} has explicit tiles, each with a path of its own; use UDIM tiles instead"
            raise SceneError(msg)
        if not self.path:
            raise SceneError(f"{self.name} names no image; choose one for {self.path_plug} first")
        if cmds.getAttr(self.path_plug, lock=True):
            raise SceneError(f"{self.path_plug} is locked; unlock it first")
        if not cmds.getAttr(self.path_plug, settable=True):
            sources = cmds.listConnections(self.path_plug, source=True, destination=False, plugs=True)
            driver = f"driven by {sources[0]}" if sources else "not to be changed"
            raise SceneError(f"{self.path_plug} is {driver}; disconnect it, or change the path there")
        if any(cmds.lockNode(self.name, query=True, lock=True)):
            raise SceneError(f"{self.name} is locked; unlock it first (lockNode -lock off)")

    def _shows_several(self) -> bool:
        return any(bool(self._optional(attribute)) for attribute in ("uvTilingMode", "useFrameExtension"))

    def _plug(self, attribute: str) -> str:
        if attribute and cmds.attributeQuery(attribute, node=self.name, exists=True):
            return f"{self.name}.{attribute}"
        return ""

    def _optional(self, attribute: str) -> object:
        plug = self._plug(attribute)
        return cmds.getAttr(plug) if plug else None


def image_node(name: str) -> ImageNode:
    """Return the image node of a name.

    Raises
    ------
    SceneError
        If there is no such node, or it is none that shows an image.
    """
    found = cmds.ls(name)
    if not found:
        raise SceneError(f"there is no node {name} in the scene; is its name right?")
    if len(found) > 1:
        raise SceneError(f"{name} stands for {len(found)} nodes ({', '.join(found)}); name one of them")
    kind = IMAGE_KINDS.get(cmds.nodeType(found[0]))
    if kind is None or not cmds.attributeQuery(kind.path, node=found[0], exists=True):
        known = ", ".join(sorted(IMAGE_KINDS))
        raise SceneError(
            f"{found[0]} is a {cmds.nodeType(found[0])}, which has no image path that is known; "
            f"name a node of one of the types {known}"
        )
    return ImageNode(found[0], kind)


def all_image_nodes() -> list[ImageNode]:
    """Return all image nodes of the scene, by name."""
    known = set(cmds.allNodeTypes())  # `ls` does not know the types of plug-ins that are not loaded
    names = cmds.ls(type=sorted(known.intersection(IMAGE_KINDS))) or ()
    return [image_node(name) for name in sorted(names)]


def find_image_nodes(names: Sequence[str] | None = None) -> list[ImageNode]:
    """Return the image nodes that some nodes are or lead to: objects, materials, shading groups.

    Parameters
    ----------
    names : sequence of str, optional
        Nodes; left out: the selection.

    Returns
    -------
    list of ImageNode
        Each once, in the order in which they were found.

    Raises
    ------
    SceneError
        If a node does not exist, nothing is selected, or nothing leads to an image.
    """
    if names is None:
        names = cmds.ls(selection=True, objectsOnly=True, long=True)
        if not names:
            raise SceneError("nothing is selected; select file nodes, or objects or materials with textures")
    found: dict[str, ImageNode] = {}
    for name in names:
        matches = cmds.ls(name, objectsOnly=True, long=True)
        if not matches:
            raise SceneError(f"there is no node {name} in the scene; is its name right?")
        reached = [node for match in matches for node in _image_nodes_behind(match)]
        if not reached:
            raise SceneError(f"{name} has no texture; select a file node, or an object or material with one")
        found.update((node.name, node) for node in reached)
    return list(found.values())


def _image_nodes_behind(node: str) -> list[ImageNode]:
    """Return the image nodes that one node is or leads to."""
    if cmds.nodeType(node) in IMAGE_KINDS:
        return [image_node(node)]
    shapes = cmds.ls(node, dagObjects=True, shapes=True, noIntermediate=True, long=True)
    starts: Iterable[str] = [node]
    if shapes:
        starts = cmds.listConnections(shapes, source=False, destination=True, type="shadingEngine") or ()
    upstream = cmds.listHistory(list(dict.fromkeys(starts)), pruneDagObjects=True) if starts else ()
    return [image_node(name) for name in dict.fromkeys(upstream or ()) if cmds.nodeType(name) in IMAGE_KINDS]


def is_path(text: str) -> bool:
    """Return whether a text names an image file rather than a node, whose name has no slash."""
    return "/" in text or "\\" in text or bool(_IMAGE_SUFFIX.fullmatch(Path(text).suffix))


def resolve_path(path: str) -> str:
    """Return where Maya looks for a path that has no variables any more; a full one, with slashes.

    `dirmap` comes first, as it does when a scene is opened; a relative path then belongs to the project,
    to its folder for source images where it is not in the root.
    """
    path = path.replace("\\", "/")
    if cmds.dirmap(query=True, enable=True):
        path = cmds.dirmap(convertDirectory=path) or path
    if posixpath.isabs(path) or ntpath.isabs(path):
        return path
    in_root = str(cmds.workspace(expandName=path))
    in_images = posixpath.join(source_images_folder(), path)
    if _exists(in_images) and not _exists(in_root):
        return in_images
    return in_root


def source_images_folder() -> str:
    """Return the project's folder for source images, with slashes."""
    rule = cmds.workspace(fileRuleEntry="sourceImages") or "sourceimages"
    return str(cmds.workspace(expandName=rule))


def _exists(pattern: str) -> bool:
    """Return whether a file is there, or for a pattern the folder that it is in."""
    path = Path(pattern)
    return path.exists() or ("<" in path.name and path.parent.is_dir())
