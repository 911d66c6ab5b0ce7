"""Write the scene as Maya ASCII, in the forms that real files use (section 10 of the fact sheet)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maya_standin import animation, mesh_files, new_scene, units
from maya_standin.evaluate import default_of
from maya_standin.mel_syntax import quote
from maya_standin.node_types import ARRAYS, COMPOUND_NUMERIC, NUMERIC, Attribute
from maya_standin.plugs import Node, Plug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from maya_standin.session import Session

CURVE_SHAPE = (("cached", None),)


def write(session: Session, name: str, only: list[Node] | None = None) -> str:
    """Return the text of the scene, or of some nodes of it."""
    lines = list(_header(session, name))
    lines += [line for reference in session.scene.references for line in reference.file_lines()]
    lines += [line for node in _in_order(session, only) for line in _node(session, node)]
    if only is None:
        lines += [
            line for node in session.scene.all() if node.default for line in _default_node(session, node)
        ]
    lines += list(_connections(session, only))
    lines += session.scene.raw_statements
    lines.append(f"// End of {name}")
    return "\n".join(lines) + "\n"


def _header(session: Session, name: str) -> Iterator[str]:
    year = session.version.year
    yield f"//Maya ASCII {year} scene"
    yield f"//Name: {name}"
    yield "//Codeset: UTF-8"
    yield f'requires maya "{year}";'
    for plugin in session.plugins.loaded.values():
        used = sorted({n.type.name for n in session.scene.all() if n.type.plugin == plugin.name})
        if used:
            yield (
                "requires "
                + "".join(f"-nodeType {quote(kind)} " for kind in used)
                + f'"{plugin.name}" "1.0";'
            )
    yield from session.scene.raw_requires
    linear = units.name_of_length(session.linear_unit, long=True)
    yield f"currentUnit -l {linear} -a degree -t {session.time_unit};"
    yield 'fileInfo "application" "maya";'
    yield f'fileInfo "product" "Maya {year}";'
    yield f'fileInfo "version" "{year}";'
    for keyword, value in session.scene.file_info.items():
        yield f"fileInfo {quote(keyword)} {quote(value)};"


def _in_order(session: Session, only: list[Node] | None) -> list[Node]:
    scene = session.scene
    dag = [part for root in scene.roots for part in (root, *root.descendants())]
    nodes = dag + [node for node in scene.all() if not node.type.dag]
    written = [node for node in nodes if node.reference is None and new_scene.is_written(node)]
    return written if only is None else [node for node in written if node in only]


def _node(session: Session, node: Node) -> Iterator[str]:
    parts = [f"createNode {node.unknown_type or node.type.name}"]
    if node.default:
        parts.append("-s")
    parts.append(f"-n {quote(node.name)}")
    if node.parent is not None:
        parts.append(f"-p {quote(session.scene.shortest_name(node.parent))}")
    yield " ".join(parts) + ";"
    yield f'\trename -uid "{node.uuid}";'
    yield from _content(session, node)
    if node.locked:
        yield "lockNode -l 1 ;"


def _default_node(session: Session, node: Node) -> Iterator[str]:
    if new_scene.is_written(node):
        return
    content = list(_content(session, node))
    if content:
        yield f"select -ne :{node.name};"
        yield from content


def _content(session: Session, node: Node) -> Iterator[str]:
    for spec in node.added.values():
        if not spec.from_reference:
            yield f"\t{add_attr_line(spec)}"
    yield from (f"\t{line}" for line in _values(node, session.linear_unit))
    if node.aliases:  # as in real scenes of Arnold lights and blend shapes
        names = ",".join(quote(word) for pair in node.aliases.items() for word in pair)
        yield '\taddAttr -ci true -h true -sn "aal" -ln "attributeAliasList" -dt "attributeAlias";'
        yield f'\tsetAttr ".aal" -type "attributeAlias" {{{names}}} ;'
    if node.type.name == "reference":
        yield from (
            line for r in session.scene.references if r.node is node for line in r.edit_lines(session)
        )
    yield from (f"\t{line}" for line in node.raw)


def add_attr_line(spec: Attribute, edit: bool = False) -> str:
    """Return the `addAttr` that makes an attribute."""
    flags = []
    if not spec.storable:
        flags.append("-s false")
    if spec.cached_internally:
        flags.append("-ci true")
    for state, flag in ((spec.internal_set, "-is"), (spec.hidden, "-h"), (spec.used_as_color, "-uac")):
        if state:
            flags.append(f"{flag} true")
    if spec.keyable:
        flags.append("-k true")
    if not spec.writable:
        flags.append("-w false")
    if not spec.readable:
        flags.append("-r false")
    flags += [f"-sn {quote(spec.short)}", f"-ln {quote(spec.long)}"]
    if spec.nice_name:
        flags.append(f"-nn {quote(spec.nice_name)}")
    if spec.parent:
        flags.append(f"-p {quote(spec.parent)}")
    for value, flag in (
        (spec.default, "-dv"),
        (spec.min, "-min"),
        (spec.max, "-max"),
        (spec.soft_min, "-smn"),
        (spec.soft_max, "-smx"),
    ):
        if value is not None and spec.type in NUMERIC:
            flags.append(f"{flag} {number(value)}")
    if spec.enum:
        flags.append("-en " + quote(":".join(f"{name}={value}" for name, value in spec.enum.items())))
    if spec.multi:
        flags.append("-m")
    is_data = spec.type in ARRAYS or spec.type in ("string",)
    if spec.type == "compound":
        flags.append(f'-at "compound" -nc {len(spec.children)}')
    elif spec.type in COMPOUND_NUMERIC:
        flags.append(f'-at "{spec.type}" -nc {len(spec.children)}')
    else:
        flags.append(f'-{"dt" if is_data else "at"} "{spec.type}"')
    return "addAttr " + " ".join(flags) + ";"


def _values(node: Node, unit: float) -> Iterator[str]:
    done: set[tuple] = set()
    if node.type.isa("animCurve"):
        yield from _keys(node, unit)
        done |= {animation.KEYS, animation.STEP}
    if node.type.isa("mesh") and CURVE_SHAPE in node.values:
        yield from mesh_files.lines(node)
        done |= {path for path in node.values if mesh_files.is_told(path)}
    elif CURVE_SHAPE in node.values:
        yield curve_line(node.values[CURVE_SHAPE])
        done.add(CURVE_SHAPE)
    paths = list(dict.fromkeys([*node.values, *node.locked_plugs]))
    for path in paths:
        if path in done:
            continue
        plug = Plug(node, path)
        parent = plug.parent
        if (
            parent is not None
            and parent.spec.type in COMPOUND_NUMERIC
            and plug.index is None
            and _whole(parent)
        ):
            done |= {child.path for child in parent.children()}
            yield set_attr_line(parent, unit=unit)
            continue
        done.add(path)
        if not plug.spec.storable or path in node.incoming:
            if path in node.locked_plugs:
                yield f'setAttr -l on ".{short_path(plug)}";'
            continue
        locked = path in node.locked_plugs
        stored = path in node.values and (locked or node.values[path] != default_of(plug))
        if stored:
            yield set_attr_line(plug, "-l on " if locked else "", unit)
        elif locked:
            yield f'setAttr -l on ".{short_path(plug)}";'
    for which, flag in (("keyable", "-k"), ("channel_box", "-cb")):
        for name, state in getattr(node, which).items():
            yield f'setAttr {flag} {"on" if state else "off"} ".{node.attribute(name).short}";'


def _whole(parent: Plug) -> bool:
    """Whether a numeric compound is written in one piece."""
    node = parent.node
    children = parent.children()
    plain = all(c.path not in node.locked_plugs and c.path not in node.incoming for c in children)
    values = [node.values.get(c.path, default_of(c)) for c in children]
    return (
        plain
        and parent.spec.storable
        and parent.path not in node.incoming
        and any(value != default_of(c) for value, c in zip(values, children))
    )


def short_path(plug: Plug) -> str:
    """Return the attribute as files name it: short names, down from the first compound with an index."""
    return plug.attribute_path(long=False)


def set_attr_line(plug: Plug, flags: str = "", unit: float = 1.0) -> str:
    """Return the `setAttr` of one plug."""
    return f'setAttr {flags}".{short_path(plug)}" {value_text(plug, unit)};'


def value_text(plug: Plug, unit: float = 1.0) -> str:
    """Return a plug's value as `setAttr` takes it in a file whose unit of length has so many centimetres."""
    spec = plug.spec
    if spec.type in COMPOUND_NUMERIC:
        children = plug.children()
        values = [
            plug.node.values.get(child.path, default_of(child)) / (unit if _is_length(child) else 1)
            for child in children
        ]
        return f'-type "{spec.type}" ' + " ".join(map(number, values)) + " "
    value = plug.node.values.get(plug.path, default_of(plug))
    if spec.type == "string":
        return f'-type "string" {quote(value or "")}'
    if spec.type in ("matrix", "fltMatrix"):
        return '-type "matrix" ' + " ".join(map(number, value)) + " "
    if spec.type in ARRAYS:
        flat = [part for item in value for part in (item if isinstance(item, tuple) else (item,))]
        words = [quote(part) if isinstance(part, str) else number(part) for part in flat]
        return f'-type "{spec.type}" {len(value)} ' + " ".join(words) + " "
    if spec.type == "bool":
        return "yes" if value else "no"
    return number(value / unit if _is_length(plug) else value)


def _is_length(plug: Plug) -> bool:
    return plug.spec.type == "doubleLinear"


def number(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:.17g}" if isinstance(value, float) else str(value)


def _keys(curve: Node, unit: float) -> Iterator[str]:
    scale = unit if curve.type.name == "animCurveTL" else 1
    table = {frame: value / scale for frame, value in animation.keys(curve).items()}
    last = len(table) - 1
    pairs = " ".join(f"{number(frame)} {number(value)}" for frame, value in table.items())
    if table:
        yield f'setAttr -s {len(table)} ".ktv[0:{last}]"  {pairs};'
        if curve.values.get(animation.STEP):
            yield f'setAttr -s {len(table)} ".kot[0:{last}]"  ' + " ".join(["5"] * len(table)) + ";"


def curve_line(shape: dict[str, Any]) -> str:
    """Return the `.cc` of a NURBS curve: degree, spans, form, rational, dimension; knots; points."""
    points, knots, degree = shape["points"], shape["knots"], shape["degree"]
    words = [
        f"{degree} {len(points) - degree} 0 no 3",
        f"{len(knots)} " + " ".join(map(number, knots)),
        str(len(points)),
    ]
    words += [" ".join(map(number, point)) for point in points]
    return 'setAttr ".cc" -type "nurbsCurve" \n\t\t' + "\n\t\t".join(words) + "\n\t\t;"


def _connections(session: Session, only: list[Node] | None) -> Iterator[str]:
    for node in session.scene.all():
        for path, source in node.incoming.items():
            target = Plug(node, path)
            if only is not None and not (node in only and source.node in only):
                continue
            if source.node.default and node.default:
                continue
            if _belongs_to_reference(source, target):
                continue
            next_available = (
                " -na"
                if path[-1][0]
                in ("dagSetMembers", "dnSetMembers", "sets", "textures", "shaders", "utilities")
                and path[-1][1] is not None
                else ""
            )
            array = Plug(node, (*path[:-1], (path[-1][0], None))) if next_available else target
            yield f"connectAttr {quote(end(session, source))} {quote(end(session, array))}{next_available};"


def _belongs_to_reference(source: Plug, target: Plug) -> bool:
    """Connections of a referenced file come with it; others to its nodes are edits of the reference."""
    if target.node.reference is not None:
        return True
    reference = source.node.reference
    return reference is not None and (source, target) in reference.own_connections


def end(session: Session, plug: Plug) -> str:
    colon = ":" if plug.node.default and not plug.node.type.dag else ""
    attribute = "iog" if plug.path == (("instObjGroups", 0),) else short_path(plug)
    return f"{colon}{session.scene.shortest_name(plug.node)}.{attribute}"
