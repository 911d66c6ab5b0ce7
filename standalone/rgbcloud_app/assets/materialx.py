"""MaterialX documents: what each image is plugged into, by the library; where it is, edited in the text.

References
----------
Smythe, D. and Stone, J. (2021), MaterialX: An Open Standard for Network-Based CG Object Looks,
specification 1.38: filename substitutions, file prefixes, colour spaces of inputs.
"""

from __future__ import annotations

import html
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rgbcloud.errors import MissingDependencyError, reason_of
from rgbcloud.images import write_file
from rgbcloud_app.assets.asset import Asset, AssetError, Found, Meaning, Use, is_within

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIXES = (".mtlx",)

_TAG = re.compile(r"""<!--.*?-->|<[\w:]+(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))+\s*/?>""", re.DOTALL)
_VALUE = re.compile(r"""(\svalue\s*=\s*)("[^"]*"|'[^']*')""")
_IS_FILE = re.compile(r"""\stype\s*=\s*["']filename["']""")
_PREFIX = re.compile(r"""\sfileprefix\s*=""")
_TILE, _OUR_TILE = "<UVTILE>", "u<U>_v<V>"  # counted from 1


@dataclass(frozen=True)
class MaterialXAsset(Asset):
    """A MaterialX document, opened; see `rgbcloud_app.assets.asset.Asset`."""

    files: Mapping[str, Path]  # what values stand for

    def save(self, folder: Path, lighter: Mapping[Path, Path]) -> None:
        """Write the documents; see `Asset.save`."""
        for document in self.documents:
            if not is_within(document, self.folder):
                continue
            text = _text_of(document)
            has_prefixes = _PREFIX.search(text) is not None

            def moved_tag(tag: re.Match[str], *, has_prefixes: bool = has_prefixes) -> str:
                if tag[0].startswith("<!--") or not _IS_FILE.search(tag[0]):
                    return tag[0]
                return _VALUE.sub(
                    lambda value: self._with_moved(value, folder, lighter, has_prefixes), tag[0]
                )

            target = folder / document.relative_to(self.folder)
            write_file(target, _TAG.sub(moved_tag, text).encode(), overwrite=True)

    def _with_moved(
        self, match: re.Match[str], folder: Path, lighter: Mapping[Path, Path], has_prefixes: bool
    ) -> str:
        """Return an attribute with what its value becomes in the copy."""
        quote = match[2][0]
        value = html.unescape(match[2][1:-1])
        path = self.files.get(value)
        if path is None:
            return match[0]
        reduced = lighter.get(path)
        if is_within(path, self.folder):
            if reduced is None:
                return match[0]
            own = re.split(r"[/\\]", value)[-1]
            after = value[: len(value) - len(own)] + reduced.name.replace(_OUR_TILE, _TILE)
            if Path(value).is_absolute():
                after = _relative(reduced, folder)
        elif has_prefixes:
            msg = f"{self.path}: {value} is outside its folder, and a fileprefix says so"
            raise AssetError(f"{msg}; put it into the folder, or take the fileprefix out")
        else:
            after = _relative(reduced or path.resolve(), folder)
        return f"{match[1]}{quote}{html.escape(after, quote=False).replace(quote, '&quot;')}{quote}"


def _relative(path: Path, folder: Path) -> str:
    name = Path(os.path.relpath(path, folder.resolve() if path.is_absolute() else folder)).as_posix()
    return name.replace(_OUR_TILE, _TILE)


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise AssetError(f"{path} cannot be read: {reason_of(error)}") from error
    except UnicodeDecodeError as error:
        raise AssetError(f"{path} is no UTF-8; save it as UTF-8") from error


def open_materialx(path: Path) -> MaterialXAsset:
    """Open a .mtlx file, with what it includes.

    Raises
    ------
    AssetError
        If it is none, or damaged.
    MissingDependencyError
        If MaterialX is not installed.
    """
    try:
        import MaterialX as mx  # noqa: N813 # as all of its users call it
    except ModuleNotFoundError as error:
        raise MissingDependencyError(".mtlx files need MaterialX: python -m pip install MaterialX") from error
    _text_of(path)
    document = mx.createDocument()
    try:
        mx.readFromXmlFile(document, str(path.resolve()), mx.FileSearchPath(str(path.resolve().parent)))
    except (mx.ExceptionParseError, mx.ExceptionFileMissing, mx.Exception) as error:
        raise AssetError(
            f"{path} is no MaterialX document that can be understood: {_explain(error)}"
        ) from error
    folder = path.parent
    included = [folder / uri for uri in sorted(document.getReferencedSourceUris())]
    own = [Path(os.path.normpath(place)) for place in included if place.resolve() != path.resolve()]
    walk = _Walk(folder)
    for material in document.getMaterialNodes():
        walk.material(material)
    walk.others(document)
    parts = tuple(place for place in own if not is_within(place, folder))
    notes = tuple(f"{part} is outside the asset's folder: it stays where it is" for part in parts)
    files = dict(walk.files)
    return MaterialXAsset(path, folder, walk.found.textures(), (path, *own), (), notes, files)


def _explain(error: Exception) -> str:
    return " ".join(str(error).split())


class _Walk:
    """Goes up from materials to images."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.found = Found()
        self.files: dict[str, Path] = {}

    def material(self, material: Any) -> None:
        """Note the images that a material is made of."""
        edges: dict[str, list[tuple[Any, Any]]] = {}
        for edge in material.traverseGraph():
            down, up = edge.getDownstreamElement(), edge.getUpstreamElement()
            edges.setdefault(down.getNamePath(), []).append((edge.getConnectingElement(), up))
        seen: set[tuple[str, str, Meaning | None]] = set()
        waiting: list[tuple[Any, str, Meaning | None]] = [(material, "", None)]
        while waiting:
            node, where, meaning = waiting.pop()
            key = (node.getNamePath(), where, meaning)
            if key in seen:
                continue
            seen.add(key)
            if where:
                self._node(node, where, meaning)
            for connection, up in edges.get(node.getNamePath(), ()):
                waiting.append((up, *_step(material, node, connection, where, meaning)))

    def _node(self, node: Any, where: str, meaning: Meaning | None) -> None:
        for given in node.getInputs():
            if given.getType() != "filename":
                continue
            source = given.getInterfaceInput() or given
            own = node.getType()
            if own in ("float", "integer") or (own.startswith("vector") and meaning == "color"):
                meaning = "data"
            self._note(source, Use(where, meaning, source.getActiveColorSpace()))

    def others(self, document: Any) -> None:
        """Note all files that no material leads to."""
        for element in document.traverseTree():
            if element.getAttribute("type") == "filename" and element.getAttribute("value"):
                self._note(element, None)

    def _note(self, element: Any, use: Use | None) -> None:
        value = element.getAttribute("value")
        if not value:
            return
        resolved = element.getActiveFilePrefix() + value
        path = Path(os.path.normpath(self._folder / resolved.replace(_TILE, _OUR_TILE)))
        before = self.files.setdefault(value, path)
        hindrance = "" if before == path else "two file prefixes make two files of its name"
        self.found.add(resolved, path, use, hindrance=hindrance)


def _step(
    material: Any, node: Any, connection: Any, where: str, meaning: Meaning | None
) -> tuple[str, Meaning | None]:
    """Return where one gets to on the way up from a node by one of its inputs, and what that is."""
    name, kind = (connection.getName(), connection.getType()) if connection is not None else ("", "")
    if node.getNamePath() == material.getNamePath():
        return "", "data" if kind == "displacementshader" else None
    if kind in ("surfaceshader", "volumeshader", "BSDF", "EDF", "VDF"):
        return where, meaning
    if not where:  # an input of a shader
        where = f"{material.getName()}.{name}"
        if meaning == "data":
            return where, "data"
        if kind in ("color3", "color4"):
            return where, "color"
        return where, "normal" if kind == "vector3" and "normal" in name.lower() else "data"
    if node.getCategory() == "normalmap" and name == "in":
        return where, "normal"
    if meaning == "normal" and kind == "vector3":
        return where, "normal"
    return where, meaning if meaning == "color" and kind in ("color3", "color4") else "data"
