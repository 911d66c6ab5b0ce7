"""attributeQuery, listAttr, attributeName: what attributes a node has."""

from __future__ import annotations

import fnmatch

from maya_standin import evaluate, resolve, setting
from maya_standin.commands.attributes import is_keyable
from maya_standin.node_types import COMPOUND_NUMERIC, Attribute
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command, query
from maya_standin.session import Session


def _find(session: Session, attribute: str, node, type_name) -> tuple[Node | None, Attribute]:
    if node is not None:
        owner = resolve.node(session.scene, node, RuntimeError)
        try:
            return owner, owner.attribute(attribute.rpartition(".")[2].partition("[")[0])
        except LookupError:
            raise RuntimeError(f"attributeQuery: Unable to find attribute: {attribute} on {node}") from None
    from maya_standin import new_scene

    node_type = new_scene.find_type(session, type_name)
    long = attribute if attribute in node_type.attributes else node_type.short_names.get(attribute)
    if long is None:
        raise RuntimeError(f"attributeQuery: Unable to find attribute: {attribute} on {type_name}")
    return None, node_type.attributes[long]


@command("attributeQuery")
def attribute_query(
    session: Session, *args, node=None, type=None, exists=False, attributeType=False, longName=False,
    shortName=False, niceName=False, listEnum=False, listDefault=False, minimum=False, maximum=False,
    minExists=False, maxExists=False, softMin=False, softMax=False, softMinExists=False, softMaxExists=False,
    softRange=False, softRangeExists=False, range=False, rangeExists=False, keyable=False, hidden=False,
    multi=False, storable=False, writable=False, readable=False, connectable=False, channelBox=False,
    usedAsColor=False, listChildren=False, listParent=False, numberOfChildren=False, message=False,
    enum=False, usedAsFilename=False, typeExact=None, internal=False, categories=False,
):  # fmt: skip
    """``attributeQuery(attr, node=, <one question>=True)`` (PyMEL docs of attributeQuery)."""
    names = resolve.flatten(args)
    type = type or typeExact
    if len(names) != 1:
        raise RuntimeError("attributeQuery: give exactly one attribute.")
    if node is None and type is None:
        raise RuntimeError("attributeQuery: No node or node type was specified.")
    if exists:
        try:
            _find(session, names[0], node, type)
        except RuntimeError:
            if node is not None:
                resolve.node(session.scene, node, RuntimeError)
            return False
        return True
    owner, spec = _find(session, names[0], node, type)
    number_range = spec.min is not None and spec.max is not None
    soft = spec.soft_min is not None and spec.soft_max is not None
    answers = (
        (attributeType, lambda: _attribute_type(spec)),
        (longName, lambda: spec.long),
        (shortName, lambda: spec.short),
        (niceName, lambda: spec.nice_name or nice(spec.long)),
        (listEnum, lambda: [_enum_text(spec)] if spec.enum else None),
        (listDefault, lambda: _defaults(owner, spec)),
        (minimum, lambda: _needs(spec, spec.min)),
        (maximum, lambda: _needs(spec, spec.max)),
        (minExists, lambda: spec.min is not None),
        (maxExists, lambda: spec.max is not None),
        (softMin, lambda: _needs(spec, spec.soft_min)),
        (softMax, lambda: _needs(spec, spec.soft_max)),
        (softMinExists, lambda: spec.soft_min is not None),
        (softMaxExists, lambda: spec.soft_max is not None),
        (softRange, lambda: [float(spec.soft_min), float(spec.soft_max)] if soft else None),
        (softRangeExists, lambda: soft),
        (range, lambda: [float(spec.min), float(spec.max)] if number_range else None),
        (rangeExists, lambda: number_range),
        (keyable, lambda: is_keyable(Plug(owner, ((spec.long, None),))) if owner else spec.keyable),
        (hidden, lambda: spec.hidden),
        (multi, lambda: spec.multi),
        (storable, lambda: spec.storable),
        (writable, lambda: spec.writable),
        (readable, lambda: spec.readable),
        (connectable, lambda: spec.connectable),
        (channelBox, lambda: spec.channel_box),
        (usedAsColor, lambda: spec.used_as_color),
        (internal, lambda: spec.internal_set),
        (listChildren, lambda: list(spec.children) or None),
        (listParent, lambda: [spec.parent] if spec.parent else None),
        (numberOfChildren, lambda: [len(spec.children)]),
        (message, lambda: spec.type == "message"),
        (enum, lambda: spec.type == "enum"),
        (usedAsFilename, lambda: False),
        (categories, lambda: list(spec.category) or None),
    )
    asked = [answer for flag, answer in answers if flag]
    if len(asked) != 1:
        raise RuntimeError("attributeQuery: ask exactly one question.")
    return asked[0]()


@query("attributeQuery")
def query_attribute_query(session: Session, *args, **flags):
    """Autodesk's examples ask for exists and type in query mode as well."""
    return attribute_query(session, *args, **flags)


def _attribute_type(spec: Attribute) -> str:
    # Data attributes are "typed" to attributeQuery (PyMEL docs: "typed" for all -dt attributes).
    return (
        spec.type
        if spec.type
        not in (
            "string",
            "vectorArray",
            "doubleArray",
            "Int32Array",
            "pointArray",
            "stringArray",
            "floatArray",
        )
        else "typed"
    )


def _needs(spec: Attribute, limit):
    if limit is None:
        raise RuntimeError(f"attributeQuery: attribute '{spec.long}' has no such limit.")
    return [float(limit)]


def _enum_text(spec: Attribute) -> str:
    parts, expected = [], 0
    for name, number in spec.enum.items():
        parts.append(name if number == expected else f"{name}={number}")
        expected = number + 1
    return ":".join(parts)


def _defaults(owner: Node | None, spec: Attribute):
    if spec.children and spec.type in COMPOUND_NUMERIC:
        if owner is None:
            return list(spec.default or ()) or None
        return [owner.attribute(child).default or 0.0 for child in spec.children]
    return None if spec.default is None else [spec.default]


def nice(long: str) -> str:
    """Return "Particle Render Type" for particleRenderType."""
    import re

    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", long).replace("_", " ")
    return words[:1].upper() + words[1:]


@command("listAttr")
def list_attr(
    session: Session, *objects, userDefined=False, keyable=False, string=None, connectable=False,
    locked=False, unlocked=False, multi=False, scalar=False, array=False, shortNames=False, settable=False,
    visible=False, hasData=False, write=False, read=False, leaf=False,
    category=None, channelBox=False, output=False,
):  # fmt: skip
    """``listAttr(objects, <filters>)`` -> long names, or None."""
    scene = session.scene
    found: list[str] = []
    patterns = [string] if isinstance(string, str) else string
    items = resolve.given_or_selected(scene, objects, ValueError)
    for item in items:
        node = item if isinstance(item, Node) else item.node
        specs = node.attributes() if isinstance(item, Node) else _with_children(item)
        for spec in specs:
            path = plug_path(node, spec)
            plug = Plug(node, path)
            name = spec.short if shortNames else spec.long
            if userDefined and not spec.dynamic:
                continue
            if keyable and not is_keyable(plug):
                continue
            if channelBox and not node.channel_box.get(spec.long, spec.channel_box):
                continue
            if patterns and not any(fnmatch.fnmatchcase(spec.long, p) for p in patterns):
                continue
            if (
                (connectable and not spec.connectable)
                or (write and not spec.writable)
                or (read and not spec.readable)
            ):
                continue
            if (locked and not setting.is_locked(plug)) or (unlocked and setting.is_locked(plug)):
                continue
            if settable and setting.why_not_settable(plug) is not None:
                continue
            if (visible and spec.hidden) or (leaf and spec.children):
                continue
            if (
                (scalar and (spec.multi or spec.type == "compound"))
                or (array and not spec.multi)
                or (multi and not spec.multi)
            ):
                continue
            if output and spec.writable:
                continue
            if hasData and evaluate.value_of(session, plug) is None:
                continue
            if category and category not in spec.category:
                continue
            found.append(name)
    return found or None


def plug_path(node: Node, spec: Attribute) -> tuple:
    """Return the path of an attribute with all its compounds, elements left open."""
    chain = [spec]
    while chain[-1].parent:
        chain.append(node.attribute(chain[-1].parent))
    return tuple((part.long, None) for part in reversed(chain))


def _with_children(plug: Plug) -> list[Attribute]:
    spec = plug.spec
    return [spec, *(plug.node.attribute(child) for child in spec.children)]
