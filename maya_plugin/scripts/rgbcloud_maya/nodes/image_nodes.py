"""The scene's image nodes: which there are, what leads to them, which files they show."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from maya import cmds

from rgbcloud.progress import silent
from rgbcloud_maya.nodes.mesh_faces import groups_of_faces
from rgbcloud_maya.nodes.node_values import NodeValues
from rgbcloud_maya.scene import messages
from rgbcloud_maya.scene.project_paths import ProjectPaths
from rgbcloud_maya.scene.scene_errors import SceneError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rgbcloud import Progress
    from rgbcloud_maya.nodes.plug_meanings import Meaning


@dataclass(frozen=True)
class ImageKind:
    """A type of node that shows an image file, and the attributes that say how; "" where it has none."""

    node_type: str
    path: str
    color_space: str = ""
    ignore_rules: str = ""
    pattern: str = ""
    """Holds the path with ``<UDIM>`` and the like for the number."""
    token: str = ""
    """What stands for the number of a UDIM tile in a path."""
    holds: Meaning | None = None
    """What its image is by the node's own type, whatever that feeds."""


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
        # Their token: rmanwiki, and SideFX's page of pxrbaketexture.
        ImageKind("PxrTexture", "filename", token="_MAPID_"),
        ImageKind("PxrBump", "filename", token="_MAPID_", holds="height"),
        ImageKind("PxrNormalMap", "filename", token="_MAPID_", holds="normal"),
        ImageKind("RedshiftNormalMap", "tex0", holds="normal"),
        # More of Redshift's: the lists of paths that Conductor's ciomaya and OpenPype's
        # ValidatePluginPathAttributes look through (index ids 25478772541, 7845183954).
        ImageKind("RedshiftCameraMap", "tex0"),
        ImageKind("RedshiftLightGobo", "tex0"),
        ImageKind("RedshiftSprite", "tex0"),
    )
}
"""To support another renderer's node, add a line that names the source of its attributes."""

REDUCTION = "rgbcloudReduction"
"""The attribute by which a node remembers its original; see `node_state`."""
_OTHERS = (
    "psdFileTex movie imagePlane PxrPtexture PxrMultiTexture RedshiftTextureSampler VRayPtex"
    # Of the same lists: several images, or those of lights and lenses.
    " RedshiftBokeh RedshiftDomeLight RedshiftEnvironment RedshiftLensDistortion"
)
NOT_REDUCED = frozenset(_OTHERS.split())
"""Nodes that show images, too, by which they are named in a warning: nobody shall believe them reduced."""
_NAMED = 8  # nodes in one sentence
EXPLICIT_TILES = 4  # of file.uvTilingMode: each tile has a file name of its own (RenderMan's manual)
_IMAGE_SUFFIX = re.compile(r"\.(bmp|dds|exr|gif|hdr|jpe?g|png|psd|sgi|tga|tiff?|tx|webp)", re.IGNORECASE)


@dataclass(frozen=True)
class ImageNode:
    """A node that shows an image."""

    name: str  # unique in the scene
    kind: ImageKind
    project: ProjectPaths = field(compare=False, repr=False)  # what its relative paths are relative to

    @property
    def values(self) -> NodeValues:
        """Its attributes, as they are now."""
        return NodeValues(self.name)

    @property
    def held(self) -> tuple[object, ...]:
        """All that it holds of its texture: where this is the same, so is what can be said of it."""
        values, kind = self.values, self.kind
        texts = (kind.path, kind.color_space, kind.pattern, REDUCTION)
        switches = ("uvTilingMode", "useFrameExtension", "alphaIsLuminance")
        return (*map(values.text, texts), *map(values.number, switches))

    @property
    def path_plug(self) -> str:
        """The attribute that holds the path."""
        return f"{self.name}.{self.kind.path}"

    @property
    def path(self) -> str:
        """The path as the node holds it: maybe relative, with variables, of another machine."""
        return self.values.text(self.kind.path)

    @property
    def pattern(self) -> str:
        """The path, with a token such as ``<UDIM>`` for the number where the node shows several files."""
        values = self.values
        if any(values.number(attribute) for attribute in ("uvTilingMode", "useFrameExtension")):
            return values.text(self.kind.pattern) or self.path
        return self.path

    @property
    def color_space(self) -> str:
        """The name of the colour space, "" where the node has none."""
        return self.values.text(self.kind.color_space)

    @property
    def ignore_rules(self) -> bool:
        """Whether the colour space stays when the path changes."""
        return self.values.is_on(self.kind.ignore_rules)

    @property
    def ignore_rules_plug(self) -> str:
        """The attribute that keeps the colour space from changing with the path, "" where there is none."""
        return self._plug(self.kind.ignore_rules)

    def check(self) -> None:
        """Raise `SceneError` where the node's path cannot be changed, or means more than we know."""
        values = self.values
        if self.kind.node_type == "file" and values.number("uvTilingMode") == EXPLICIT_TILES:
            msg = f"{self.name} has explicit tiles, each with a path of its own; use UDIM tiles instead"
            raise SceneError(msg)
        if not values.text(self.kind.path):
            raise SceneError(f"{self.name} names no image; choose one for {self.path_plug} first")
        if values.is_locked(self.kind.path):
            raise SceneError(f"{self.path_plug} is locked; unlock it first")
        if not values.is_free(self.kind.path):
            sources = cmds.listConnections(self.path_plug, source=True, destination=False, plugs=True)
            driver = f"driven by {sources[0]}" if sources else "not to be changed"
            raise SceneError(f"{self.path_plug} is {driver}; disconnect it, or change the path there")
        if values.is_node_locked:
            raise SceneError(f"{self.name} is locked; unlock it first (lockNode -lock off)")

    def _plug(self, attribute: str) -> str:
        return f"{self.name}.{attribute}" if self.values.has(attribute) else ""


def image_node(name: str) -> ImageNode:
    """Return the image node of a name.

    Raises
    ------
    SceneError
        If there is no such node, or it is none that shows an image.
    """
    found = types_of([name])
    if not found:
        raise SceneError(f"there is no node {name} in the scene; is its name right?")
    if len(found) > 1:
        raise SceneError(f"{name} stands for {len(found)} nodes ({', '.join(found)}); name one of them")
    ((node, node_type),) = found.items()
    image = _as_image_node(node, node_type, ProjectPaths.current())
    if image is None:
        known = ", ".join(sorted(IMAGE_KINDS))
        raise SceneError(
            f"{node} is a {node_type}, which has no image path that is known; "
            f"name a node of one of the types {known}"
        )
    return image


def all_image_nodes() -> list[ImageNode]:
    """Return all image nodes of the scene, by name."""
    known = set(cmds.allNodeTypes())  # `ls` does not know the types of plug-ins that are not loaded
    listed = cmds.ls(type=sorted(known.intersection(IMAGE_KINDS)), showType=True) or ()
    project = ProjectPaths.current()
    images = (_as_image_node(*pair, project) for pair in sorted(zip(listed[::2], listed[1::2])))
    return [image for image in images if image is not None]


def types_of(names: Sequence[str]) -> dict[str, str]:
    """Return the types of the nodes that are there by their names, DAG nodes' full paths."""
    listed = cmds.ls(list(names), objectsOnly=True, long=True, showType=True) if names else ()
    return dict(zip(listed[::2], listed[1::2]))


def find_image_nodes(names: Sequence[str] | None = None, progress: Progress = silent) -> list[ImageNode]:
    """Return the image nodes that some nodes are or lead to: objects, materials, shading groups.

    Parameters
    ----------
    names : sequence of str, optional
        Nodes; left out: the selection, of which what has no texture is named in a warning. Faces mean the
        materials that they themselves have.
    progress : Progress
        Told node by node; cancels by raising `CancelledError`.

    Returns
    -------
    list of ImageNode
        Each once, in the order in which they were found.

    Raises
    ------
    SceneError
        If a node or face does not exist, nothing is selected, or nothing leads to an image; if one of the
        `names` does not.
    """
    selected = names is None
    if names is None:
        chosen = cmds.ls(selection=True, long=True)
        names = _without_faces([name if ".f[" in name else name.partition(".")[0] for name in chosen])
        if not names:
            raise SceneError("nothing is selected; select file nodes, or objects or materials with textures")
    else:
        names = _without_faces(names)
    types = types_of(names)
    if len(types) != len(set(names)):
        _check_all_are_there(names)
    search, bare = _Search(), []
    found: dict[str, ImageNode] = {}
    for number, (node, node_type) in enumerate(types.items()):
        progress(number / len(types), "looking for textures")
        reached = search.behind(node, node_type)
        if not reached:
            bare.append(node)
        found.update((image.name, image) for image in reached)
    if search.others:
        names = _short_names(sorted(search.others))
        messages.warning(f"rgbcloud: {names}: rgbcloud does not know how to reduce such images; they stay")
    if bare and (not selected or not found):
        has_none = (
            f"{bare[0]} has no texture" if len(bare) == 1 else f"none of {_short_names(bare)} has a texture"
        )
        raise SceneError(f"{has_none}; select a file node, or an object or material with one")
    if bare:
        has = "has" if len(bare) == 1 else "have"
        messages.warning(
            f"rgbcloud: {_short_names(bare)} {has} no texture; the rest of the selection is done"
        )
    return list(found.values())


def _without_faces(names: Sequence[str]) -> list[str]:
    """Return names of nodes: instead of faces, the shading groups that they are in."""
    faces = [name for name in names if ".f[" in name]
    nodes = [name for name in names if ".f[" not in name]
    return list(dict.fromkeys([*nodes, *groups_of_faces(faces)]))


class _Search:
    """Looks for image nodes behind others; what is behind a shading group is looked for once."""

    def __init__(self) -> None:
        self._project = ProjectPaths.current()
        self._behind: dict[str, list[ImageNode]] = {}
        self.others: set[str] = set()
        """Nodes that show images which cannot be reduced, with their types."""

    def behind(self, node: str, node_type: str) -> list[ImageNode]:
        """Return the image nodes that one node is or leads to."""
        self._note_others({node: node_type})
        if node_type in IMAGE_KINDS:
            image = _as_image_node(node, node_type, self._project)
            return [] if image is None else [image]
        shapes = cmds.ls(node, dagObjects=True, shapes=True, noIntermediate=True, long=True)
        starts: Iterable[str] = [node]
        if shapes:
            starts = cmds.listConnections(shapes, source=False, destination=True, type="shadingEngine") or ()
        return [image for start in dict.fromkeys(starts) for image in self._upstream_of(start)]

    def _note_others(self, types: dict[str, str]) -> None:
        self.others.update(f"{node} ({kind})" for node, kind in types.items() if kind in NOT_REDUCED)

    def _upstream_of(self, start: str) -> list[ImageNode]:
        if start not in self._behind:
            types = types_of(cmds.listHistory(start, pruneDagObjects=True) or ())
            self._note_others(types)
            images = (_as_image_node(node, kind, self._project) for node, kind in types.items())
            self._behind[start] = [image for image in images if image is not None]
        return self._behind[start]


def _as_image_node(name: str, node_type: str, project: ProjectPaths) -> ImageNode | None:
    """Return an image node; None if it is none, or lacks the attribute that holds the path."""
    kind = IMAGE_KINDS.get(node_type)
    if kind is None or not NodeValues(name).has(kind.path):
        return None
    return ImageNode(name, kind, project)


def _check_all_are_there(names: Sequence[str]) -> None:
    """Raise `SceneError` if a name stands for no node."""
    for name in names:
        if not cmds.ls(name, objectsOnly=True):
            raise SceneError(f"there is no node {name} in the scene; is its name right?")


def _short_names(nodes: Sequence[str]) -> str:
    """Return nodes without their paths, the first of many."""
    names = [node.rpartition("|")[2] for node in nodes]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def is_path(text: str) -> bool:
    """Return whether a text names an image file rather than a node, whose name has no slash."""
    return "/" in text or "\\" in text or bool(_IMAGE_SUFFIX.fullmatch(Path(text).suffix))
