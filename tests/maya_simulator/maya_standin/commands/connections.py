"""connectAttr, disconnectAttr, listConnections, connectionInfo, isConnected, listHistory."""

from __future__ import annotations

from maya_standin import resolve, setting
from maya_standin.errors import NotSimulatedError
from maya_standin.node_types import COMPOUND_NUMERIC, NUMERIC
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command
from maya_standin.scene import paths_below
from maya_standin.session import Session


@command("connectAttr", undoable=True)
def connect_attr(session: Session, source, target, *, force=False, nextAvailable=False):
    """``connectAttr(source, target)`` -> message; a connected target needs force."""
    first = resolve.plug(session.scene, source, RuntimeError)
    second = resolve.plug(session.scene, target, RuntimeError)
    if nextAvailable:
        if not second.spec.multi:
            raise RuntimeError(
                f"connectAttr: '{target}' is no multi attribute: it has no next available element."
            )
        second = second.element((second.indices() or [-1])[-1] + 1) if second.index is None else second
    connect(session, first, second, force)
    return f"Connected {setting.plug_name(first)} to {setting.plug_name(second)}."


def connect(session: Session, source: Plug, target: Plug, force: bool = False) -> None:
    """Connect two plugs with Maya's checks."""
    pair = f"'{setting.plug_name(source)}' to '{setting.plug_name(target)}'"
    if not source.spec.readable:
        raise RuntimeError(f"connectAttr: the source of {pair} is not readable.")
    if not target.spec.writable or not target.spec.connectable or not source.spec.connectable:
        raise RuntimeError(f"connectAttr: the destination of {pair} is not writable or not connectable.")
    if target.is_array and not source.is_array:
        raise RuntimeError(f"connectAttr: the destination of {pair} is a multi attribute: name an element.")
    if not compatible(source, target):
        raise RuntimeError(
            f"The attribute {pair} cannot be connected: {source.spec.type} and {target.spec.type} do not fit."
        )
    existing = target.node.incoming.get(target.path)
    if existing == source:
        raise RuntimeError(f"connectAttr: {pair} is already connected.")
    if any(setting.is_locked(part) for part in (target, *target.ancestors())):
        raise RuntimeError(f"connectAttr: The destination attribute of {pair} is locked.")
    if existing is not None:
        if not force:
            raise RuntimeError(
                f"The attribute '{setting.plug_name(target)}' already has an incoming connection "
                f"from '{setting.plug_name(existing)}'."
            )
        disconnect(session, existing, target)
    session.scene.connect(source, target)
    if target.node.reference is not None:
        target.node.reference.note_connected(session, source, target)


def compatible(source: Plug, target: Plug) -> bool:
    """Tell whether Maya connects these types: numbers with numbers, tuples of one size, equal data."""
    first, second = source.spec, target.spec
    if "message" in (first.type, second.type):
        return (
            second.type in ("message", "compound")
            or first.type == second.type
            or (first.type == "message" and second.type == "typed")
        )
    if first.type in NUMERIC and second.type in NUMERIC:
        return True
    if first.type in COMPOUND_NUMERIC and second.type in COMPOUND_NUMERIC:
        return len(first.children) == len(second.children)
    if "generic" in (first.type, second.type) or "typed" in (first.type, second.type):
        return True
    if first.is_compound and second.is_compound:
        return len(first.children) == len(second.children)
    return first.type == second.type or {first.type, second.type} == {"matrix", "fltMatrix"}


def disconnect(session: Session, source: Plug, target: Plug) -> None:
    """Break a connection; the target keeps the value that it had."""
    from maya_standin import evaluate

    held = []
    for leaf in target.leaves():
        if leaf.spec.type in NUMERIC and leaf.spec.writable:
            held.append((leaf, setting.coerce_default(leaf.spec, evaluate.value_of(session, leaf))))
    session.scene.disconnect(source, target)
    for leaf, value in held:
        session.scene.set_value(leaf, value)
    if target.node.reference is not None:
        target.node.reference.note_disconnected(session, source, target)


def disconnect_below(session: Session, plug: Plug) -> None:
    """Break everything that is connected to a plug or to its parts."""
    for path in paths_below(list(plug.node.incoming), plug):
        session.scene.disconnect(plug.node.incoming[path], Plug(plug.node, path))
    for path in paths_below(list(plug.node.outgoing), plug):
        for target in list(plug.node.outgoing[path]):
            session.scene.disconnect(Plug(plug.node, path), target)


@command("disconnectAttr", undoable=True)
def disconnect_attr(session: Session, source, target=None):
    """``disconnectAttr(source, target)``; raises if they are not connected."""
    first = resolve.plug(session.scene, source, RuntimeError)
    if target is None:
        disconnect_below(session, first)
        return None
    second = resolve.plug(session.scene, target, RuntimeError)
    if second.node.incoming.get(second.path) != first:
        raise RuntimeError(f"There is no connection from '{source}' to '{target}' to disconnect")
    if setting.is_locked(second):
        raise RuntimeError(f"disconnectAttr: the destination '{target}' is locked.")
    disconnect(session, first, second)
    return f"Disconnect {setting.plug_name(first)} from {setting.plug_name(second)}."


@command("isConnected")
def is_connected(session: Session, source, target, *, ignoreUnitConversion=False):
    """``isConnected(source, target)`` -> bool."""
    first = resolve.plug(session.scene, source, RuntimeError)
    second = resolve.plug(session.scene, target, RuntimeError)
    return second.node.incoming.get(second.path) == first


@command("connectionInfo")
def connection_info(
    session: Session, name, *, sourceFromDestination=False, destinationFromSource=False, isSource=False,
    isDestination=False, isLocked=False, getExactDestination=False, getExactSource=False,
    isExactDestination=False, isExactSource=False,
):  # fmt: skip
    """``connectionInfo(plug, <question>=True)`` (PyMEL docs of connectionInfo)."""
    plug = resolve.plug(session.scene, name, RuntimeError)
    source = plug.node.incoming.get(plug.path)
    above = [part for part in plug.ancestors() if part.path in plug.node.incoming]
    targets = plug.node.outgoing.get(plug.path, [])
    if sourceFromDestination:
        return printed(session, source) if source else ""
    if destinationFromSource:
        return [printed(session, target) for target in targets] or None
    if isSource:
        return bool(targets)
    if isDestination:
        return source is not None or bool(above)
    if isExactDestination:
        return source is not None
    if isExactSource:
        return bool(targets)
    if getExactDestination:
        return name if source else (setting.plug_name(above[0]) if above else "")
    if getExactSource:
        return name if targets else ""
    return any(setting.is_locked(part) for part in (plug, *plug.ancestors()))


def printed(session: Session, plug: Plug) -> str:
    return f"{session.scene.shortest_name(plug.node)}.{plug.attribute_path()}"


@command("listConnections")
def list_connections(
    session: Session, *objects, source=None, destination=None, plugs=False, connections=False, type=None,
    exactType=False, shapes=False, skipConversionNodes=False, fullNodeName=False,
):  # fmt: skip
    """``listConnections(objects)`` -> nodes or plugs, or None.

    Without source and destination both sides; a shape is answered by its transform unless shapes is on
    (PyMEL docs of listConnections).
    """
    if fullNodeName and (plugs or connections):
        raise NotSimulatedError("listConnections: fullNodeName with plugs")
    take_source = True if (source is None and destination is not True) or source else source is None
    take_target = True if destination is None else bool(destination)
    result: list[str] = []
    for item in resolve.given_or_selected(session.scene, objects, ValueError):
        own = Plug(item, ()) if isinstance(item, Node) else item
        pairs = _pairs(own, take_source, take_target)
        for mine, other in pairs:
            if type is not None and not _is_type(other.node, type, exactType):
                continue
            if connections:
                result.append(printed(session, mine))
            if plugs:
                result.append(printed(session, other))
            else:
                result.append(_node_name(session, other.node, shapes, fullNodeName))
    return result or None


def _pairs(own: Plug, take_source: bool, take_target: bool) -> list[tuple[Plug, Plug]]:
    node = own.node
    pairs = []
    order = {spec.long: position for position, spec in enumerate(node.attributes())}

    def below(paths) -> list:
        chosen = list(paths) if own.path == () else paths_below(list(paths), own)
        return sorted(chosen, key=lambda path: (order.get(path[0][0], 0), [index or 0 for _, index in path]))

    if take_source:
        pairs += [(Plug(node, path), node.incoming[path]) for path in below(node.incoming)]
    if take_target:
        for path in below(node.outgoing):
            pairs += [(Plug(node, path), target) for target in node.outgoing[path]]
    return pairs


def _is_type(node: Node, wanted: str, exact: bool) -> bool:
    return node.type.name == wanted if exact else node.type.isa(wanted)


def _node_name(session: Session, node: Node, shapes: bool, full: bool) -> str:
    if node.type.is_shape and not shapes and node.parent is not None:
        node = node.parent
    if full:
        return node.full_path
    return session.scene.shortest_name(node)


@command("listHistory")
def list_history(
    session: Session, *objects, future=False, pruneDagObjects=False,
    allConnections=False, levels=None,
):  # fmt: skip
    """``listHistory(objects)`` -> they and all upstream of them (downstream with future), depth first."""
    scene = session.scene
    seen: list[Node] = []

    def visit(node: Node, depth: int) -> None:
        if node in seen:
            return
        if node.default and node.type.name in ("time", "partition", "colorManagementGlobals", "lightList"):
            return
        seen.append(node)
        if levels is not None and levels and depth >= levels:
            return
        linked = (
            [target.node for targets in node.outgoing.values() for target in targets]
            if future
            else [plug.node for plug in node.incoming.values()]
        )
        for other in linked:
            visit(other, depth + 1)

    for item in resolve.given_or_selected(scene, objects, RuntimeError):
        if isinstance(item, Plug):
            source = [item.node.incoming[path].node for path in paths_below(item.node.incoming, item)]
            seen.append(item.node) if item.node not in seen else None
            for node in source:
                visit(node, 1)
            continue
        start = item.shapes[0] if item.type.is_transform and item.shapes else item
        visit(start, 0)
    names = [scene.shortest_name(node) for node in seen if not (pruneDagObjects and node.type.dag)]
    return names or None
