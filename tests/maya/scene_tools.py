"""What tests of the plug-in build scenes with, compare them by, and break them with."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
from maya import cmds
from maya.api import OpenMaya
from PIL import Image

import rgbcloud_maya

EDITING = [
    "addAttr",
    "connectAttr",
    "createNode",
    "currentTime",
    "curve",
    "delete",
    "deleteAttr",
    "disconnectAttr",
    "parent",
    "particle",
    "rename",
    "setAttr",
    "setKeyframe",
    "select",
]
"""The commands that the plug-in changes scenes with."""

UNREADABLE = (RuntimeError, ValueError, TypeError)  # what getAttr raises for attributes that hold no data


def snapshot():
    """Return all of a scene: nodes with parents, values and connections; selection and frame.

    Of Maya's own nodes (defaults, cameras) without the values.
    """
    nodes = {}
    defaults = {*cmds.ls(defaultNodes=True, long=True), *cmds.ls(cameras=True, long=True)}
    for node in sorted(cmds.ls(long=True)):
        nodes[node] = (
            cmds.nodeType(node),
            cmds.ls(node, uuid=True),
            {} if node in defaults else values_of(node),
            pairs(cmds.listConnections(node, source=True, destination=False, plugs=True, connections=True)),
        )
    return nodes, cmds.ls(selection=True, long=True), cmds.currentTime(query=True)


def pairs(connections):
    """Return connections without their order, which means nothing."""
    return sorted(zip((connections or ())[::2], (connections or ())[1::2]))


def rewind():
    """Let Maya load dynamic particles from their initial state, as it does when the user rewinds."""
    now = cmds.currentTime(query=True)
    shapes = cmds.ls(type="particle", long=True)
    held = [shape for shape in shapes if not cmds.getAttr(f"{shape}.isDynamic")]
    recording = cmds.undoInfo(query=True, state=True)
    cmds.undoInfo(stateWithoutFlush=False)
    for shape in held:
        cmds.setAttr(f"{shape}.isDynamic", True)
    for start in {cmds.getAttr(f"{shape}.startFrame") for shape in shapes}:
        cmds.currentTime(start + 1)
        cmds.currentTime(start)
    cmds.currentTime(now)
    for shape in held:
        cmds.setAttr(f"{shape}.isDynamic", False)
    cmds.undoInfo(stateWithoutFlush=recording)


def values_of(node):
    """Return the values of all attributes that can be set: the others follow from them.

    Parts are not read where the value of their whole has them.
    """
    node_type, values = cmds.nodeType(node), {}
    for name in cmds.listAttr(node, write=True) or ():
        if values.get(whole_of(node_type, name)) is None:
            values[name] = value_of(node, name)
    return values


@functools.cache
def whole_of(node_type, attribute):
    """Return the compound that an attribute of a type's own is a part of."""
    try:
        wholes = cmds.attributeQuery(attribute, type=node_type, listParent=True)
    except RuntimeError:  # an added attribute
        return None
    return wholes[0] if wholes else None


def value_of(node, attribute):
    try:
        return cmds.getAttr(f"{node}.{attribute}")
    except UNREADABLE:
        return None


def differences(before, after):
    """Return what is other in two snapshots, for an assertion to show."""
    (nodes, *rest), (other_nodes, *other_rest) = before, after
    result = [f"only before: {node}" for node in nodes if node not in other_nodes]
    result += [f"only after: {node}" for node in other_nodes if node not in nodes]
    for node in nodes.keys() & other_nodes.keys():
        for index, what in enumerate(("type", "uuid", "value", "connections")):
            old, new = nodes[node][index], other_nodes[node][index]
            if what == "value":
                result += [
                    f"{node}.{name}: {str(old.get(name))[:60]} -> {str(new.get(name))[:60]}"
                    for name in sorted(old.keys() | new.keys())
                    if old.get(name) != new.get(name)
                ]
            elif old != new:
                result.append(f"{node}: {what} {old} -> {new}")
    return result + [f"{old} -> {new}" for old, new in zip(rest, other_rest) if old != new]


class StoppedError(RuntimeError):
    """Raised in the middle of an operation, as a command of Maya would."""


def stop_at(monkeypatch, number):
    """Let the editing command of this number fail, once; returns the names of those that were run."""
    names = []

    def patched(name, command):
        def run(*args, **flags):
            if flags.get("query"):
                return command(*args, **flags)
            names.append(name)
            if len(names) == number:
                raise StoppedError(f"stopped at {name}")
            return command(*args, **flags)

        return run

    for name in EDITING:
        monkeypatch.setattr(cmds, name, patched(name, getattr(cmds, name)), raising=False)
    return names


def texture(name="tex", path="", color_space="sRGB", **attributes):
    """Make a file node with its place2dTexture, connected as Maya connects them."""
    node = cmds.shadingNode("file", asTexture=True, isColorManaged=True, name=name)
    place = cmds.shadingNode("place2dTexture", asUtility=True, name=f"{name}_place")
    cmds.connectAttr(f"{place}.outUV", f"{node}.uvCoord")
    cmds.connectAttr(f"{place}.outUvFilterSize", f"{node}.uvFilterSize")
    cmds.setAttr(f"{node}.fileTextureName", str(path), type="string")
    cmds.setAttr(f"{node}.colorSpace", color_space, type="string")
    for attribute, value in attributes.items():
        cmds.setAttr(f"{node}.{attribute}", value)
    return node


def material(name="skin", color=None):
    """Make a lambert and its shading group; returns both."""
    shader = cmds.shadingNode("lambert", asShader=True, name=name)
    group = cmds.sets(renderable=True, noSurfaceShader=True, empty=True, name=f"{name}SG")
    cmds.connectAttr(f"{shader}.outColor", f"{group}.surfaceShader")
    if color:
        cmds.connectAttr(f"{color}.outColor", f"{shader}.color")
    return shader, group


def mesh(name, points, faces, uvs=None, group=None):
    """Make a mesh of faces by their corners, with a UV for each point; returns the shape's full path."""
    transform = cmds.createNode("transform", name=name, skipSelect=True)
    above = OpenMaya.MSelectionList().add(transform).getDependNode(0)
    made = OpenMaya.MFnMesh()
    counts, corners = [len(face) for face in faces], [corner for face in faces for corner in face]
    made.create(OpenMaya.MPointArray(points), counts, corners, parent=above)
    if uvs is not None:
        made.setUVs(*([float(uv[side]) for uv in uvs] for side in (0, 1)))
        made.assignUVs(counts, corners)
    path = OpenMaya.MSelectionList().add(transform).getDagPath(0)
    shape = path.extendToShape().fullPathName()
    if group:
        cmds.sets(shape, edit=True, forceElement=group)
    return shape


def strip(name="strip", count=4, group=None, size=1.0):
    """Make squares in a row, of which each shows its part of the texture's width."""
    points = [(x * size, 0, -z * size) for x in range(count + 1) for z in range(2)]
    faces = [(2 * x, 2 * x + 2, 2 * x + 3, 2 * x + 1) for x in range(count)]
    return mesh(name, points, faces, [(x / count, z) for x in range(count + 1) for z in range(2)], group)


def checker(path, colors=((255, 0, 0), (0, 0, 255), (0, 255, 0), (255, 255, 255)), size=16, noise=8):
    """Save a picture of four fields with some noise; a few hundred colours."""
    fields = np.zeros((size, size, 3), np.int16)
    half = size // 2
    for number, color in enumerate(colors):
        row, column = divmod(number, 2)
        fields[row * half : (row + 1) * half, column * half : (column + 1) * half] = color
    fields += np.random.default_rng(7).integers(-noise, noise + 1, fields.shape, np.int16)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(fields.clip(0, 255).astype(np.uint8)).save(path)
    return path


def reverted(nodes=None):
    """Bring originals back; returns the names of the nodes."""
    return [result.node for result in rgbcloud_maya.revert(nodes)]


def colors_in(path):
    """Return the distinct colours of a picture."""
    with Image.open(path) as image:
        return {tuple(color) for color in np.asarray(image.convert("RGB")).reshape(-1, 3).tolist()}


FOUR = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))


def bands(path, size=16, colors=FOUR):
    """Save a picture of upright bands of colours, with some noise within each."""
    wide = size // len(colors)
    texels = np.repeat(np.array(colors, np.int16), wide, axis=0)[np.newaxis].repeat(size, axis=0)
    texels = texels + np.random.default_rng(3).integers(-6, 7, texels.shape)
    Image.fromarray(texels.clip(0, 255).astype(np.uint8)).save(path)
    return path


def shown(node):
    """Return the file that a node shows."""
    return Path(cmds.getAttr(f"{node}.fileTextureName"))


def faces(components):
    """Return the numbers of faces in components such as `strip.f[1:3]`."""
    return sorted(
        number
        for text in components
        for low, _, high in [text[text.index("[") + 1 : -1].partition(":")]
        for number in range(int(low), int(high or low) + 1)
    )


def one_undo_step(call):
    """Call something and return what it returns, once undo and redo are found to be one step each."""
    before = snapshot()
    result = call()
    after = snapshot()
    cmds.undo()
    assert differences(before, snapshot()) == []
    cmds.redo()
    assert differences(after, snapshot()) == []
    return result
