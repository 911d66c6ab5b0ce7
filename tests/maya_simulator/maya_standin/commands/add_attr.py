"""addAttr, deleteAttr, renameAttr and enum editing."""

from __future__ import annotations

import re
from dataclasses import replace

from maya_standin import resolve, setting
from maya_standin.errors import NotSimulatedError
from maya_standin.node_types import Attribute
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command, edit, query
from maya_standin.session import Session

# "-at for numeric types and compounds, -dt for data" (PyMEL docs of addAttr; its lists).
ATTRIBUTE_TYPES = {
    "bool", "long", "short", "byte", "char", "enum", "float", "double", "doubleAngle", "doubleLinear",
    "compound", "message", "time", "fltMatrix", "reflectance", "spectrum", "float2", "float3", "double2",
    "double3", "double4", "long2", "long3", "short2", "short3", "matrix",
}  # fmt: skip
DATA_TYPES = {
    "string", "stringArray", "matrix", "doubleArray", "floatArray", "Int32Array", "vectorArray", "pointArray",
    "double2", "double3", "float2", "float3", "long2", "long3", "short2", "short3", "reflectanceRGB",
    "spectrumRGB", "nurbsCurve", "nurbsSurface", "mesh", "lattice",
}  # fmt: skip
COMPOUND_SIZES = {name: int(name[-1]) for name in ATTRIBUTE_TYPES if name[-1].isdigit()}


@command("addAttr", undoable=True)
def add_attr(
    session: Session, *objects, longName=None, shortName=None, attributeType=None, dataType=None,
    defaultValue=None, minValue=None, maxValue=None, softMinValue=None, softMaxValue=None, hasMinValue=None,
    hasMaxValue=None, hasSoftMinValue=None, hasSoftMaxValue=None, enumName=None, keyable=None, storable=True,
    readable=True, writable=True, hidden=None, multi=None, indexMatters=True, cachedInternally=None,
    parent=None, numberOfChildren=None, usedAsColor=None, niceName=None, category=None, internalSet=None,
):  # fmt: skip
    """``addAttr(nodes, longName=, attributeType= | dataType=)``, on the selection if no node is given."""
    name = longName or shortName
    if not name:
        raise RuntimeError("addAttr: New attribute needs either a long (-ln) or short (-sn) attribute name.")
    for given in (name, shortName or name):
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", given):
            raise RuntimeError(f"addAttr: New attribute name '{given}' contains invalid characters.")
    if isinstance(dataType, list):
        if len(dataType) != 1:
            raise NotSimulatedError("addAttr with several data types")
        dataType = dataType[0]
    kind = _checked_type(name, attributeType, dataType)
    nodes = resolve.only_nodes(resolve.given_or_selected(session.scene, objects), "addAttr")
    if not nodes:
        raise RuntimeError("addAttr: No object was given, and none is selected.")
    spec = Attribute(
        long=name,
        short=shortName or name,
        type=kind,
        default=None,
        min=_limit(minValue, hasMinValue),
        max=_limit(maxValue, hasMaxValue),
        soft_min=_limit(softMinValue, hasSoftMinValue),
        soft_max=_limit(softMaxValue, hasSoftMaxValue),
        enum=_enum(enumName) if kind == "enum" else None,
        writable=bool(writable),
        readable=bool(readable),
        keyable=bool(keyable),
        storable=bool(storable),
        hidden=bool(hidden),
        multi=bool(multi),
        used_as_color=bool(usedAsColor),
        cached_internally=cachedInternally is not False,
        internal_set=bool(internalSet),
        nice_name=niceName,
        category=(category,) if isinstance(category, str) else tuple(category or ()),
        parent=parent,
        dynamic=True,
    )
    spec = replace(spec, default=setting.coerce_default(spec, defaultValue))
    if kind == "compound" and not numberOfChildren:
        raise RuntimeError(f"addAttr: the compound '{name}' needs its number of children (-nc).")
    if attributeType is not None:
        # "not actually added to the node until all of the children are defined" (PyMEL docs of addAttr)
        spec = replace(spec, awaits=numberOfChildren or COMPOUND_SIZES.get(kind, 0))
    for node in nodes:
        add(session, node, spec)
    return


def _checked_type(name: str, attribute_type: str | None, data_type: str | None) -> str:
    if attribute_type is not None and data_type is not None:
        raise RuntimeError(f"addAttr: '{name}' takes an attribute type (-at) or a data type (-dt), not both.")
    if attribute_type is None and data_type is None:
        return "double"  # PyMEL docs of addAttr
    if attribute_type is not None and attribute_type not in ATTRIBUTE_TYPES:
        raise RuntimeError(f"addAttr: Type specified for new attribute '{name}' is unknown: {attribute_type}")
    if data_type is not None and data_type not in DATA_TYPES:
        raise RuntimeError(f"addAttr: Type specified for new attribute '{name}' is unknown: {data_type}")
    return attribute_type or data_type


def _limit(value, has) -> float | None:
    return None if has is False or value is None else value


def _enum(text: str | None) -> dict[str, int]:
    """Read "Off:On=5:Auto" (PyMEL docs of addAttr -enumName)."""
    fields, number = {}, 0
    for part in (text or "").split(":"):
        name, _, value = part.partition("=")
        if not name:
            continue
        number = int(value) if value else number
        fields[name] = number
        number += 1
    if not fields:
        raise RuntimeError("addAttr: an enum needs its names (-enumName).")
    return fields


def require_own_attributes(node: Node, command_name: str) -> None:
    """Locked nodes keep their attribute list; so do those of a locked reference."""
    if node.locked or (node.reference is not None and node.reference.locked):
        raise RuntimeError(f"{command_name}: {node.name} is locked: attributes cannot be added or removed.")


def add(session: Session, node: Node, spec: Attribute) -> None:
    """Add an attribute to a node with Maya's checks."""
    require_own_attributes(node, "addAttr")
    for name in {spec.long, spec.short}:
        if node.find_added(name) or node.find_attribute(name):
            raise RuntimeError(
                f"addAttr: Found an attribute '{name}' on node '{node.name}' already: names must be unique."
            )
    if spec.parent:
        parent = node.find_added(spec.parent)
        if parent is None:
            raise RuntimeError(f"addAttr: Parent attribute '{spec.parent}' of '{spec.long}' was not found.")
        spec = replace(spec, parent=parent.long)
        session.scene.replace_attribute(node, parent.with_children((*parent.children, spec.long)))
    session.scene.add_attribute(node, spec)
    if node.reference is not None:
        node.reference.note_added(session, node, spec)


@edit("addAttr")
def edit_attr(
    session: Session, *args, defaultValue=None, enumName=None, niceName=None, minValue=None, maxValue=None
):
    """Change an added attribute (PyMEL docs of addAttr: default, range and enum names can be edited)."""
    plug = resolve.plug(session.scene, resolve.flatten(args)[0], RuntimeError)
    spec = plug.spec
    if not spec.dynamic:
        raise RuntimeError(f"addAttr: '{setting.plug_name(plug)}' was not added: it cannot be edited.")
    changes = {
        "min": minValue,
        "max": maxValue,
        "nice_name": niceName,
        "default": setting.coerce_default(spec, defaultValue),
    }
    if enumName is not None:
        changes["enum"] = _enum(enumName)
    kept = {key: value for key, value in changes.items() if value is not None}
    session.scene.replace_attribute(plug.node, replace(spec, **kept))


@query("addAttr")
def query_attr(
    session: Session, *args, attributeType=None, dataType=None, defaultValue=None, enumName=None, exists=None,
    minValue=None, maxValue=None, keyable=None, hidden=None, storable=None, multi=None, shortName=None,
    longName=None, niceName=None, usedAsColor=None, parent=None,
):  # fmt: skip
    """``addAttr("node.attr", query=True, <flag>=True)``."""
    name = resolve.flatten(args)[0]
    if exists:
        try:
            return resolve.plug(session.scene, name, LookupError).spec.dynamic
        except LookupError:
            return False
    spec = resolve.plug(session.scene, name, RuntimeError).spec
    answers = (
        (attributeType, spec.type),
        (dataType, [spec.type]),
        (defaultValue, spec.default),
        (enumName, ":".join(f"{key}={number}" for key, number in (spec.enum or {}).items())),
        (minValue, spec.min),
        (maxValue, spec.max),
        (keyable, spec.keyable),
        (hidden, spec.hidden),
        (storable, spec.storable),
        (multi, spec.multi),
        (shortName, spec.short),
        (longName, spec.long),
        (niceName, spec.nice_name),
        (usedAsColor, spec.used_as_color),
        (parent, spec.parent),
    )
    asked = [answer for flag, answer in answers if flag]
    if len(asked) != 1:
        raise RuntimeError("addAttr: query one flag at a time.")
    return asked[0]


@command("deleteAttr", undoable=True)
def delete_attr(session: Session, *args, attribute=None):
    """``deleteAttr("node.attr")`` or ``deleteAttr("node", attribute="attr")``."""
    texts = resolve.flatten(args)
    if attribute:
        texts = [f"{text}.{attribute}" for text in texts]
    for text in texts:
        plug = resolve.plug(session.scene, text, RuntimeError)
        node, spec = plug.node, plug.spec
        if not spec.dynamic:
            raise RuntimeError(f"deleteAttr: '{text}' is not an added attribute: it cannot be deleted.")
        require_own_attributes(node, "deleteAttr")
        if spec.parent:
            raise RuntimeError(f"deleteAttr: '{text}' is a child: delete the complete compound.")
        if spec.from_reference:
            raise RuntimeError(f"deleteAttr: '{text}' comes from the referenced file: it cannot be deleted.")
        if any(setting.is_locked(part) for part in (plug, *plug.leaves())):
            raise RuntimeError(f"deleteAttr: '{text}' is locked.")
        delete(session, plug)
    return


def delete(session: Session, plug: Plug) -> None:
    from maya_standin.commands.connections import disconnect_below

    scene, node, spec = session.scene, plug.node, plug.spec
    for child in spec.children:
        delete(session, Plug(node, (*plug.path[:-1], (spec.long, None), (child, None))))
    disconnect_below(session, Plug(node, (*plug.path[:-1], (spec.long, None))))
    for path in [path for path in node.values if path[-1][0] == spec.long]:
        scene.clear_value(Plug(node, path))
    for path in [path for path in node.locked_plugs if path[-1][0] == spec.long]:
        scene.lock_plug(Plug(node, path), False)
    if spec.parent and spec.parent in node.added:
        parent = node.added[spec.parent]
        scene.replace_attribute(
            node, parent.with_children(tuple(c for c in parent.children if c != spec.long))
        )
    scene.remove_attribute(node, spec)
