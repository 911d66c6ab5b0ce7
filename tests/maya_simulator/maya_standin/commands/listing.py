"""ls, objExists, nodeType, objectType and the list of all types."""

from __future__ import annotations

from maya_standin import node_types, resolve
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command
from maya_standin.session import Session


@command("ls")
def ls(
    session: Session, *names, long=False, type=None, exactType=None, selection=False, dagObjects=False,
    shapes=False, transforms=False, assemblies=False, uuid=False, references=False, referencedNodes=False,
    showType=False, textures=False, materials=False, cameras=False, sets=False,
    objectsOnly=False, tail=None, head=None, orderedSelection=False, noIntermediate=False, leaf=False,
    defaultNodes=False, readOnly=False, lockedNodes=False, undeletable=False, recursive=False, geometry=False,
    excludeType=None,
    orderedComponentSelection=False,
):  # fmt: skip
    """``ls(names, <filters>)`` -> list of the shortest unique names, or full paths with long."""
    scene = session.scene
    kinds = _types(session, type)
    exact = _types(session, exactType)
    excluded = _types(session, excludeType)
    patterns = resolve.flatten(names)
    resolve.check_strings(patterns, "ls")
    found: list[Node | Plug] = []
    if selection or orderedSelection or orderedComponentSelection:
        found = list(scene.selection)
        if patterns:
            named = [item for pattern in patterns for item in _match(session, pattern, recursive)]
            found = [item for item in found if item in named]
    elif patterns:
        found = [item for pattern in patterns for item in _match(session, pattern, recursive)]
    else:
        found = _in_order(session)
    if dagObjects and (patterns or selection):
        found = [
            part
            for item in found
            if isinstance(item, Node) and item.type.dag
            for part in (item, *item.descendants())
        ]
    if objectsOnly:
        found = [item.node if isinstance(item, Plug) else item for item in found]
    found = list(dict.fromkeys(found))

    def keep(item: Node | Plug) -> bool:
        if isinstance(item, Plug):
            return not (kinds or exact)
        kind = item.type
        tests = (
            (kinds, lambda: any(kind.isa(name) for name in kinds)),
            (exact, lambda: kind.name in exact),
            (dagObjects, lambda: kind.dag),
            (shapes, lambda: kind.is_shape),
            (transforms, lambda: kind.is_transform),
            (assemblies, lambda: kind.dag and item.parent is None),
            (references, lambda: kind.name == "reference"),
            (referencedNodes, lambda: item.reference is not None),
            (textures, lambda: kind.isa("texture2d")),
            (materials, lambda: kind.isa("lambert") or kind.name == "standardSurface"),
            (cameras, lambda: kind.name == "camera"),
            (sets, lambda: kind.isa("objectSet")),
            (defaultNodes, lambda: item.default),
            (readOnly, lambda: item.reference is not None),
            (lockedNodes, lambda: item.locked),
            (undeletable, lambda: item.default or item.reference is not None),
            (geometry, lambda: kind.isa("geometryShape")),
            (leaf, lambda: kind.dag and not item.children),
        )
        wanted = all(test() for flag, test in tests if flag)
        hidden = noIntermediate and item.values.get((("intermediateObject", None),))
        return wanted and not hidden and not any(kind.isa(name) for name in excluded)

    found = [item for item in found if keep(item)]
    if head is not None:
        found = found[:head]
    if tail is not None:
        found = found[-tail:]
    result: list[str] = []
    for item in found:
        result.append(_printed(session, item, long, uuid))
        if showType:
            result.append(item.type.name if isinstance(item, Node) else item.spec.type)
    return result


def _printed(session: Session, item: Node | Plug, long: bool, uuid: bool) -> str:
    node = item if isinstance(item, Node) else item.node
    if uuid:
        return node.uuid
    return session.scene.printed(item, long=long)


def _in_order(session: Session) -> list[Node]:
    """Dependency nodes in the order of creation, DAG nodes from the top down."""
    dag = [part for root in session.scene.roots for part in (root, *root.descendants())]
    return [node for node in session.scene.all() if not node.type.dag] + dag


def _match(session: Session, pattern: str, recursive: bool) -> list[Node | Plug]:
    scene = session.scene
    if "." in pattern:
        owner, _, attribute = pattern.partition(".")
        found = []
        for node in _match(session, owner, recursive):
            if "*" in owner and node.type.complete is False and attribute not in node.added:
                continue  # a node of which we know no attributes has, for a pattern, none but those added
            try:
                found.append(resolve.plug(scene, f"{node.full_path}.{attribute}"))
            except ValueError:
                continue
        return found
    if recursive and "|" not in pattern:
        from maya_standin import names

        wanted = pattern.rpartition(":")[2]
        return [node for node in _in_order(session) if names.matches(wanted, node.leaf)]
    matched = resolve.nodes(scene, pattern)
    if len(matched) < 2:
        return list(matched)
    order = {node.uuid: position for position, node in enumerate(_in_order(session))}
    return sorted(matched, key=lambda node: order[node.uuid])


def _types(session: Session, given) -> list[str]:
    """Return the wanted types; an unknown one is an error, as in Maya ("Unknown object type")."""
    wanted = [given] if isinstance(given, str) else list(given or ())
    for name in wanted:
        if not is_known_type(session, name):
            raise RuntimeError(f"Unknown object type: {name}")
    return wanted


def is_known_type(session: Session, name: str) -> bool:
    known = node_types.from_file(name)
    if known and known.plugin:
        return session.plugins.is_loaded(known.plugin)
    return known is not None or name in session.tables.ancestors


@command("objExists")
def obj_exists(session: Session, name):
    """``objExists(name)`` -> bool; names of attributes and patterns as well."""
    if not isinstance(name, str):
        raise TypeError("objExists: the name must be a string")
    if "." in name:
        try:
            resolve.plug(session.scene, name)
        except ValueError:
            return False
        return True
    return bool(resolve.nodes(session.scene, name))


@command("nodeType")
def node_type(session: Session, name, *, inherited=False, isTypeName=False):
    """``nodeType(node)`` -> type; with inherited all base types, the farthest first."""
    if isTypeName:
        if not is_known_type(session, name):
            raise RuntimeError(f"nodeType: {name} is no node type.")
        kind = node_types.from_file(name)
        inherits = kind.inherits if kind else session.tables.ancestors[name]
        return [*reversed(inherits), name] if inherited else None
    node = resolve.node(session.scene, name.partition(".")[0], RuntimeError)
    return [*reversed(node.type.inherits), node.type.name] if inherited else node.type.name


@command("objectType")
def object_type(session: Session, name, *, isType=None, isAType=None):
    """``objectType(node, isAType=)`` -> bool, or the type's name."""
    node = resolve.node(session.scene, name.partition(".")[0], RuntimeError)
    if isType is not None:
        return node.type.name == isType
    if isAType is not None:
        return node.type.isa(isAType)
    return node.type.name


@command("allNodeTypes")
def all_node_types(session: Session):
    """``allNodeTypes()`` -> all type names, those of loaded plug-ins included."""
    own = {path.stem for path in node_types.NODES.glob("*.json") if is_known_type(session, path.stem)}
    return sorted(own | set(session.tables.ancestors))
