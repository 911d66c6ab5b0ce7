"""The hierarchy: group, parent, listRelatives, xform, locators and the few shapes that are simulated."""

from __future__ import annotations

from maya_standin import evaluate, matrices, new_scene, resolve, setting, units
from maya_standin.commands.nodes import namespaced, remove
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command, query
from maya_standin.session import Session


@command("group", undoable=True)
def group(
    session: Session,
    *objects,
    empty=False,
    name=None,
    parent=None,
    world=False,
    relative=False,
    absolute=False,
):
    """``group(objects, name=)`` -> name of the group; without objects the selection, with empty nothing."""
    scene = session.scene
    above = resolve.node(scene, parent, ValueError) if parent else None
    texts = resolve.flatten(objects)
    members: list[Node] = []
    if not empty:
        members = resolve.only_nodes(resolve.given_or_selected(scene, texts), "group")
        if not members:
            raise RuntimeError("group: Not enough objects or values.")
    elif texts:
        raise RuntimeError("group: an empty group takes no objects.")
    if above is None and members and not world:
        common = {member.parent for member in members}
        above = common.pop() if len(common) == 1 else None
    node = scene.add_node(
        new_scene.find_type(session, "transform"),
        namespaced(session, name or ("null1" if empty else "group1")),
        above,
    )
    for member in members:
        move_below(session, member, node, keep_world=not relative)
    scene.select([node])
    return scene.shortest_name(node)


@command("parent", undoable=True)
def parent(
    session: Session,
    *objects,
    world=False,
    relative=False,
    absolute=False,
    shape=False,
    removeObject=False,
    addObject=False,
):
    """``parent(children..., parent)`` -> the names that the children now have (VM:parent)."""
    if addObject or removeObject:
        raise NotSimulatedError("parent -addObject and -removeObject: instances are not simulated")
    scene = session.scene
    nodes = resolve.only_nodes(resolve.given_or_selected(scene, objects), "parent")
    for node in nodes:
        if not node.type.dag:
            raise RuntimeError(f"parent: {node.name} is no DAG object.")
    if world:
        target, children = None, nodes
    else:
        if len(nodes) < 2:
            raise RuntimeError("parent: Not enough objects or values.")
        target, children = nodes[-1], nodes[:-1]
    for child in children:
        _require_movable(child, target, bool(shape))
    moved = []
    for child in children:
        if child.parent is target:
            if world:
                continue
            raise RuntimeError(
                f"Object, '{child.name}', skipped. It is already a child of the parent, '{target.name}'."
            )
        move_below(session, child, target, keep_world=not relative and not child.type.is_shape)
        moved.append(child)
    scene.select(list(moved)) if moved else None
    return [scene.shortest_name(child) for child in moved]


def _require_movable(child: Node, target: Node | None, shape: bool) -> None:
    if child.type.is_shape and not shape:
        raise RuntimeError(f"parent: {child.name} is a shape: use the shape flag.")
    if child.type.is_shape and target is None:
        raise RuntimeError(f"parent: the shape {child.name} cannot lie under the world.")
    if target is not None and target.type.is_shape:
        raise RuntimeError(f"parent: {target.name} is a shape: nothing can be parented to it.")
    if child.locked or child.reference is not None:
        raise RuntimeError(f"parent: {child.name} is locked or read-only and cannot be moved.")
    if target is not None and (target is child or child in target.ancestors()):
        raise RuntimeError(f"parent: Cannot parent '{child.name}' to one of its children.")


def move_below(session: Session, child: Node, target: Node | None, keep_world: bool) -> None:
    """Reparent a node; keep its place in the world by giving it another local transformation."""
    scene = session.scene
    _require_movable(child, target, True)
    before = evaluate.world_matrix(session, child)
    name = scene.free_name(child.name, child.type, target, own=child)
    if name != child.name:
        scene.rename(child, name)
    scene.reparent(child, target)
    if keep_world and child.type.is_transform:
        above = evaluate.world_matrix(session, target)
        if above != list(matrices.IDENTITY) or before != evaluate.local_matrix(session, child):
            _set_matrix(session, child, matrices.multiply(before, matrices.inverse(above)))


def _set_matrix(session: Session, node: Node, matrix) -> None:
    values = zip(("translate", "rotate", "scale"), matrices.decompose(matrix))
    for name, value in values:
        plug = Plug(node, ((name, None),))
        current = evaluate.value_of(session, plug)
        if max(abs(a - b) for a, b in zip(current, value)) > 1e-10:
            setting.require_settable(plug, "xform")
            setting.set_tuple(session, plug, value)


@command("listRelatives")
def list_relatives(
    session: Session, *objects, shapes=False, parent=False, children=False, allDescendents=False,
    allParents=False, fullPath=False, path=False, type=None, noIntermediate=False,
):  # fmt: skip
    """``listRelatives(objects, <which>=True)`` -> names or None; children if nothing is asked."""
    scene = session.scene
    if sum(map(bool, (shapes, parent, children, allDescendents, allParents))) > 1:
        raise RuntimeError(
            "listRelatives: children, allDescendents, shapes, parent and allParents are mutually exclusive."
        )
    found: list[Node] = []
    for node in resolve.only_nodes(resolve.given_or_selected(scene, objects, ValueError), "listRelatives"):
        if parent or allParents:
            found += [node.parent] if node.parent else []
        elif allDescendents:
            found += _post_order(node)
        elif shapes:
            found += node.shapes
        else:
            found += node.children
    wanted = [type] if isinstance(type, str) else type
    if wanted:
        found = [node for node in found if any(node.type.isa(kind) for kind in wanted)]
    if noIntermediate:
        found = [node for node in found if not node.values.get((("intermediateObject", None),))]
    if fullPath:
        return [node.full_path for node in found] or None
    # Without -path Maya gives bare names, unique or not (PyMEL docs of listRelatives).
    return [scene.shortest_name(node) if path else node.name for node in found] or None


def _post_order(node: Node) -> list[Node]:
    """Maya lists descendants from the deepest up."""
    return [below for child in node.children for below in (*_post_order(child), child)]


@command("spaceLocator", undoable=True)
def space_locator(session: Session, *, name=None, position=None, absolute=False, relative=False):
    """``spaceLocator(name=, position=)`` -> [transform]; the position goes to the shape's localPosition."""
    scene = session.scene
    transform = scene.add_node(
        new_scene.find_type(session, "transform"), namespaced(session, name or "locator1")
    )
    shape = scene.add_node(new_scene.find_type(session, "locator"), _shape_name(transform), transform)
    if position is not None:
        setting.set_tuple(
            session,
            Plug(shape, (("localPosition", None),)),
            [units.length(session, value) for value in position],
        )
    scene.select([transform])
    return [scene.shortest_name(transform)]


def _shape_name(transform: Node) -> str:
    stem = transform.leaf.rstrip("0123456789")
    suffix = transform.leaf[len(stem) :]
    prefix = f"{transform.namespace}:" if transform.namespace else ""
    return f"{prefix}{stem}Shape{suffix}"


@command("curve", undoable=True)
def curve(session: Session, *args, degree=3, point=None, knot=None, name=None):
    """``curve(degree=1, point=[...])`` -> name of the transform (section 9.3)."""
    scene = session.scene
    if not point or len(point) < int(degree) + 1:
        raise RuntimeError(f"curve: a curve of degree {degree} needs at least {int(degree) + 1} points.")
    transform = scene.add_node(
        new_scene.find_type(session, "transform"), namespaced(session, name or "curve1")
    )
    shape = scene.add_node(new_scene.find_type(session, "nurbsCurve"), _shape_name(transform), transform)
    spans = len(point) - int(degree)
    knots = list(knot) if knot else None
    if knots is not None and len(knots) != spans + 2 * int(degree) - 1:
        raise RuntimeError(
            "curve: The number of knots must be the number of points plus the degree minus one."
        )
    knots = knots or [0.0] * (int(degree) - 1) + [float(i) for i in range(spans + 1)] + [float(spans)] * (
        int(degree) - 1
    )
    points = [tuple(units.length(session, number) for number in place) for place in point]
    scene.set_value(
        Plug(shape, (("cached", None),)),
        {"degree": int(degree), "points": points, "knots": knots},
    )
    scene.select([transform])
    return scene.shortest_name(transform)


@command("polyCube", undoable=True)
def poly_cube(session: Session, *, name=None, constructionHistory=True, width=1.0, height=1.0, depth=1.0):
    """``polyCube(constructionHistory=False)`` -> [transform]; the mesh has no geometry here, so no size."""
    return _primitive(session, name or "pCube1", constructionHistory)


@command("polyPlane", undoable=True)
def poly_plane(session: Session, *, name=None, constructionHistory=True, width=1.0, height=1.0):
    """``polyPlane(constructionHistory=False)`` -> [transform]."""
    return _primitive(session, name or "pPlane1", constructionHistory)


@command("polySphere", undoable=True)
def poly_sphere(session: Session, *, name=None, constructionHistory=True, radius=1.0):
    """``polySphere(constructionHistory=False)`` -> [transform]."""
    return _primitive(session, name or "pSphere1", constructionHistory)


def _primitive(session: Session, name: str, history: bool) -> list[str]:
    """Make a mesh to hang a material on, a member of the default shading group."""
    from maya_standin.commands import sets

    if history:
        raise NotSimulatedError("polygon primitives with history: pass constructionHistory=False")
    scene = session.scene
    transform = scene.add_node(new_scene.find_type(session, "transform"), namespaced(session, name))
    shape = scene.add_node(new_scene.find_type(session, "mesh"), _shape_name(transform), transform)
    sets.add_member(session, scene.by_default_name("initialShadingGroup"), shape)
    scene.select([transform])
    return [scene.shortest_name(transform)]


@command("xform", undoable=True)
def xform(
    session: Session, *objects, translation=None, rotation=None, scale=None, worldSpace=False,
    objectSpace=False, relative=False, absolute=False, matrix=None, pivots=None, centerPivots=False,
):  # fmt: skip
    """``xform(objects, translation=, worldSpace=)``."""
    if pivots is not None or centerPivots:
        raise NotSimulatedError("xform: pivots are not simulated")
    nodes = resolve.only_nodes(resolve.given_or_selected(session.scene, objects), "xform")
    if not nodes:
        raise RuntimeError("xform: No objects were given or selected.")
    for node in nodes:
        if not node.type.is_transform:
            raise RuntimeError(f"xform: {node.name} is no transform.")
        if matrix is not None:
            above = evaluate.world_matrix(session, node.parent) if worldSpace else matrices.IDENTITY
            _set_matrix(session, node, matrices.multiply(matrix, matrices.inverse(above)))
        for name, value in (("translate", translation), ("rotate", rotation), ("scale", scale)):
            if value is None:
                continue
            plug = Plug(node, ((name, None),))
            setting.require_settable(plug, "xform")
            if name == "translate":
                value = [units.length(session, number) for number in value]
            elif name == "rotate":
                value = [units.angle(number) for number in value]
            else:
                value = list(map(float, value))
            if relative:
                value = [a + b for a, b in zip(value, evaluate.value_of(session, plug))]
            elif worldSpace and name == "translate":
                above = evaluate.world_matrix(session, node.parent)
                value = matrices.transform_point(value, matrices.inverse(above))
            elif worldSpace and node.parent and name == "rotate":
                raise NotSimulatedError("xform: world space rotation below a parent")
            setting.set_tuple(session, plug, value)


@query("xform")
def query_xform(
    session: Session, *objects, translation=None, rotation=None, scale=None, matrix=None, worldSpace=None,
    objectSpace=None, boundingBox=None,
):  # fmt: skip
    """``xform(object, query=True, translation=True)`` -> floats."""
    node = resolve.only_nodes(resolve.given_or_selected(session.scene, objects), "xform")[0]
    if boundingBox:
        return bounding_box(session, [node])
    local = evaluate.world_matrix(session, node) if worldSpace else evaluate.local_matrix(session, node)
    if matrix:
        return list(local)
    if not worldSpace:
        names = {"translate": translation, "rotate": rotation, "scale": scale}
        asked = next(name for name, wanted in names.items() if wanted)
        scale = session.linear_unit if asked == "translate" else 1.0
        return [number / scale for number in evaluate.value_of(session, Plug(node, ((asked, None),)))]
    parts = matrices.decompose(local)
    scale_by = session.linear_unit if translation else 1.0
    return [number / scale_by for number in parts[(translation, rotation, scale).index(True)]]


@command("exactWorldBoundingBox")
def exact_world_bounding_box(session: Session, *objects, calculateExactly=False):
    """``exactWorldBoundingBox(objects)`` -> [xmin, ymin, zmin, xmax, ymax, zmax]."""
    nodes = resolve.only_nodes(
        resolve.given_or_selected(session.scene, objects, RuntimeError), "exactWorldBoundingBox"
    )
    return bounding_box(session, nodes)


def bounding_box(session: Session, nodes: list[Node]) -> list[float]:
    """Return the box around the points of particles and curves and around locators' places."""
    points = []
    for node in nodes:
        for part in (node, *node.descendants()):
            world = evaluate.world_matrix(session, part)
            if part.type.isa("particle"):
                local = evaluate.value_of(session, Plug(part, (("position", None),))) or ()
            elif part.type.isa("locator"):
                local = [evaluate.value_of(session, Plug(part, (("localPosition", None),)))]
            elif part.type.isa("nurbsCurve"):
                local = part.values.get((("cached", None),), {}).get("points", ())
            else:
                continue
            points += [matrices.transform_point(point, world) for point in local]
    if not points:
        return [0.0] * 6
    ends = [min(axis) for axis in zip(*points)] + [max(axis) for axis in zip(*points)]
    return [number / session.linear_unit for number in ends]


@command("reorder", undoable=True)
def reorder(session: Session, *objects, front=False, back=False, relative=None):
    """Change the order among siblings."""
    for node in resolve.only_nodes(resolve.given_or_selected(session.scene, objects), "reorder"):
        siblings = node.parent.children if node.parent else session.scene.roots
        place = (
            0
            if front
            else len(siblings) - 1
            if back
            else (siblings.index(node) + (relative or 0)) % len(siblings)
        )
        session.scene.reparent(node, node.parent, place)


@command("ungroup", undoable=True)
def ungroup(session: Session, *objects, world=False, relative=False):
    """``ungroup(groups)``: the children move up and the group goes."""
    for node in resolve.only_nodes(resolve.given_or_selected(session.scene, objects), "ungroup"):
        for child in list(node.children):
            move_below(session, child, None if world else node.parent, keep_world=not relative)
        remove(session, node)
