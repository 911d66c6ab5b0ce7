"""From the strings that a script passes to nodes and plugs, with Maya's complaints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from maya_standin import faces, plugs
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Node, Plug
from maya_standin.scene import Scene

_COMPONENT = re.compile(r"\.(f|vtx|e|map|cv|pt|u|v|vtxFace)\[[\d:*]+\]$")
_FACES = re.compile(r"\.f\[(\d+)(?::(\d+))?\]$")


def flatten(args: Iterable[Any]) -> list[Any]:
    """Maya takes objects one by one, in lists, and in lists of lists."""
    flat = []
    for item in args:
        flat.extend(flatten(item) if isinstance(item, (list, tuple)) else [item])
    return flat


def check_strings(items: Iterable[Any], command: str) -> None:
    for item in items:
        if not isinstance(item, str):
            raise TypeError(f"{command}: object names must be strings, got {type(item).__name__}")


def nodes(scene: Scene, text: str) -> list[Node]:
    """Return the nodes that a name, path or pattern stands for."""
    if not text or not isinstance(text, str):
        return []
    if _is_uuid(text):
        return [scene.nodes[text]] if text in scene.nodes else []
    # "without a qualified namespace, name lookup is limited to ... the root namespace" (PyMEL docs of select)
    return scene.at_path(text)


def node(scene: Scene, text: str, error: type[Exception] = ValueError) -> Node:
    """Return the one node of this name.

    Raises
    ------
    ValueError
        If there is none, or more than one, as Maya words it (section 9.2: the wording is unconfirmed).
    """
    if not isinstance(text, str):
        raise TypeError(f"object names must be strings, got {type(text).__name__}")
    found = nodes(scene, text)
    if len(found) == 1:
        return found[0]
    if found:
        raise error(f"More than one object matches name: {text}")
    raise error(f"No object matches name: {text}")


def plug(scene: Scene, text: str, error: type[Exception] = ValueError) -> Plug:
    """Return the one plug of this name, as `node.attribute`."""
    if not isinstance(text, str):
        raise TypeError(f"attribute names must be strings, got {type(text).__name__}")
    if _COMPONENT.search(text):
        return _faces(scene, text, error, {})
    owner, dot, attribute = text.partition(".")
    if not dot or not attribute:
        raise error(f"No attribute was specified: {text}" if text else "No attribute was specified.")
    found = nodes(scene, owner)
    if not found:
        raise error(f"No object matches name: {text}")
    if len(found) > 1:
        raise error(f"More than one object matches name: {text}")
    try:
        return _parse(found[0], attribute)
    except LookupError:
        raise error(f"No object matches name: {text}") from None


def _faces(scene: Scene, text: str, error: type[Exception], meshes: dict[str, Node]) -> Plug:
    """Return a range of faces of the mesh that a shape's or transform's name stands for.

    `meshes` are those of names that one command has asked for before.
    """
    match = _FACES.search(text)
    if match is None:
        raise NotSimulatedError(f"components other than ranges of faces: {text}")
    name = text[: match.start()]
    if name not in meshes:
        owner = node(scene, name, error)
        found = [shape for shape in (owner, *owner.shapes) if shape.type.isa("mesh")]
        if not found:
            raise error(f"No object matches name: {text}")
        meshes[name] = found[0]
    mesh = meshes[name]
    first, last = int(match[1]), int(match[2] or match[1])
    if not first <= last < faces.count_of(mesh):
        raise error(f"No object matches name: {text}")
    return faces.Faces(mesh, (("f", (first, last)),))


def _parse(owner: Node, attribute: str) -> Plug:
    try:
        return plugs.parse(owner, attribute)
    except (LookupError, NotSimulatedError):
        # Maya finds a shape's attribute through its transform: `locator1.localScale`.
        for shape in owner.shapes[:1]:
            try:
                return plugs.parse(shape, attribute)
            except LookupError:
                pass
        raise


def items(scene: Scene, texts: Iterable[str], error: type[Exception] = ValueError) -> list[Node | Plug]:
    """Return nodes and plugs for a list of names; each must match something."""
    found: list[Node | Plug] = []
    meshes: dict[str, Node] = {}
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"object names must be strings, got {type(text).__name__}")
        if _FACES.search(text):
            found.append(_faces(scene, text, error, meshes))
            continue
        if "." in text:
            found.append(plug(scene, text, error))
            continue
        matching = nodes(scene, text)
        if not matching:
            raise error(f"No object matches name: {text}")
        if len(matching) > 1 and not any(sign in text for sign in "*?"):
            raise error(f"More than one object matches name: {text}")
        found.extend(matching)
    return found


def given_or_selected(
    scene: Scene, args: Iterable[Any], error: type[Exception] = ValueError
) -> list[Node | Plug]:
    texts = flatten(args)
    return items(scene, texts, error) if texts else list(scene.selection)


def only_nodes(found: Iterable[Node | Plug], command: str) -> list[Node]:
    result = []
    for item in found:
        if isinstance(item, Plug):
            raise RuntimeError(
                f"{command}: {item.node.name}.{item.attribute_path()} is an attribute, not an object"
            )
        result.append(item)
    return result


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4 and re.fullmatch(r"[0-9A-F-]{36}", text) is not None
