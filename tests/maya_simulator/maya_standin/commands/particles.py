"""Particles (section 2 of the fact sheet).

The runtime arrays (position, rgbPP …) follow their initial-state twins (position0, rgbPP0 …) when the time
comes to the shape's start frame, as on a rewind, or when `MFnParticleSystem.evaluateDynamics` runs them up;
not while isDynamic is off, which the recipe (GPS) turns off last. That nothing else moves them is the less
convenient assumption.
"""

from __future__ import annotations

from maya_standin import evaluate, new_scene, resolve, setting
from maya_standin.commands.nodes import initialize, namespaced
from maya_standin.errors import NotSimulatedError
from maya_standin.node_types import ARRAYS, Attribute
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command, edit, query
from maya_standin.session import Session


@command("particle", undoable=True)
def particle(session: Session, *, name=None, position=None, conserve=None, inherit=None, cache=None):
    """``particle(name=, position=[...])`` -> [transform, shape], as scripts take it apart (GPS, PC2)."""
    if cache is not None or inherit is not None:
        raise NotSimulatedError("particle: cache and inherit")
    scene = session.scene
    transform, shape = _make(session, "particle", name or "particle1")
    _fill(session, shape, _points(position))
    if conserve is not None:
        setting.set_number(session, Plug(shape, (("conserve", None),)), conserve)
    scene.select([transform])
    return [scene.shortest_name(transform), scene.shortest_name(shape)]


def _make(session: Session, kind: str, name: str) -> tuple[Node, Node]:
    scene = session.scene
    transform = scene.add_node(new_scene.find_type(session, "transform"), namespaced(session, name))
    stem = transform.leaf.rstrip("0123456789")
    prefix = f"{transform.namespace}:" if transform.namespace else ""
    wanted = f"{prefix}{stem}Shape{transform.leaf[len(stem) :]}"
    shape = scene.add_node(new_scene.find_type(session, kind), wanted, transform)
    initialize(session, shape)
    return transform, shape


def _points(position) -> list:
    """One point or a list of points."""
    if not position:
        return []
    return [position] if isinstance(position[0], (int, float)) else list(position)


def _fill(session: Session, shape: Node, points: list) -> None:
    count = len(points)
    if not count:
        return
    values = {
        "position0": [tuple(map(float, point)) for point in points],
        "velocity0": [(0.0, 0.0, 0.0)] * count,
        "acceleration0": [(0.0, 0.0, 0.0)] * count,
        "mass0": [1.0] * count,
        "particleId0": [float(i) for i in range(count)],
        "birthTime0": [0.0] * count,
        "age0": [0.0] * count,
    }
    for attribute, value in values.items():
        session.scene.set_value(Plug(shape, ((attribute, None),)), value)
        session.scene.set_value(Plug(shape, ((attribute[:-1], None),)), value)
    for attribute in ("nextId0", "nextId"):
        session.scene.set_value(Plug(shape, ((attribute, None),)), count)


@command("nParticle", undoable=True)
def n_particle(session: Session, *, name=None, position=None):
    """``nParticle(position=[...])`` -> [transform, shape], wired to a nucleus and to its own ramps.

    The ramps drive rgbPP, opacityPP and radiusPP (section 2; MA-cube). The shaders that come along are not
    simulated.
    """
    scene = session.scene
    transform, shape = _make(session, "nParticle", name or "nParticle1")
    for attribute, kind in (
        ("rgbPP", "vectorArray"),
        ("opacityPP", "doubleArray"),
        ("radiusPP", "doubleArray"),
    ):
        scene.add_attribute(shape, Attribute(attribute, attribute, kind, storable=False, dynamic=True))
    solvers = scene.of_type("nucleus")
    nucleus = solvers[0] if solvers else scene.add_node(new_scene.find_type(session, "nucleus"), "nucleus1")
    time = scene.by_default_name("time1")
    wiring = [
        (shape, "currentState", nucleus, "inputActive"),
        (shape, "startState", nucleus, "inputActiveStart"),
        (nucleus, "outputObjects", shape, "nextState"),
        (nucleus, "startFrame", shape, "startFrame"),
        (shape, "internalColorRamp", shape, "rgbPP"),
        (shape, "internalOpacityRamp", shape, "opacityPP"),
        (shape, "internalRadiusRamp", shape, "radiusPP"),
    ]
    if not solvers:
        wiring.append((time, "outTime", nucleus, "currentTime"))
    for source, first, target, second in wiring:
        ends = [Plug(node, ((attribute, None),)) for node, attribute in ((source, first), (target, second))]
        ends = [end.element((end.indices() or [-1])[-1] + 1) if end.spec.multi else end for end in ends]
        scene.connect(*ends)
    _fill(session, shape, _points(position))
    scene.select([transform])
    return [scene.shortest_name(transform), scene.shortest_name(shape)]


def shape_of(session: Session, name: str, command_name: str) -> Node:
    node = resolve.node(session.scene, name.partition(".")[0], RuntimeError)
    node = next((shape for shape in node.shapes if shape.type.isa("particle")), node)
    if not node.type.isa("particle"):
        raise RuntimeError(f"{command_name}: {name} is not a particle object.")
    return node


@query("particle")
def query_particle(
    session: Session, *objects, count=None, attribute=None, order=None, particleId=None,
    dynamicAttrList=None, perParticleDouble=None, perParticleVector=None, conserve=None, name=None,
):  # fmt: skip
    """``particle(shape, query=True, count=True)`` and per-particle reads by attribute and order or id."""
    shape = _given_or_selected(session, objects)
    if count:
        return _count(session, shape)
    if name:
        return session.scene.shortest_name(shape)
    if conserve:
        return evaluate.value_of(session, Plug(shape, (("conserve", None),)))
    if dynamicAttrList:
        return list(shape.added) or None
    if perParticleDouble or perParticleVector:
        kind = "doubleArray" if perParticleDouble else "vectorArray"
        return [
            spec.long for spec in shape.attributes() if spec.type == kind and not spec.long.endswith("0")
        ] or None
    if isinstance(attribute, str) and (order is not None or particleId is not None):
        plug, values = _per_particle(session, shape, attribute)
        value = values[_index_of(session, shape, order, particleId)] if values else _zero(plug)
        return list(value) if isinstance(value, tuple) else [value]
    raise NotSimulatedError("particle(query=True) in this form")


@edit("particle")
def edit_particle(
    session: Session, *objects, attribute=None, order=None, particleId=None, vectorValue=None, floatValue=None
):
    """``particle(shape, edit=True, attribute=, order= | id=, vectorValue= | floatValue=)``: one particle."""
    if not isinstance(attribute, str) or (order is None and particleId is None):
        raise NotSimulatedError("particle(edit=True) in this form")
    shape = _given_or_selected(session, objects)
    plug, values = _per_particle(session, shape, attribute)
    index = _index_of(session, shape, order, particleId)
    values = values or [_zero(plug)] * _count(session, shape)
    values[index] = tuple(map(float, vectorValue)) if plug.spec.type == "vectorArray" else float(floatValue)
    session.scene.set_value(plug, values)


def _given_or_selected(session: Session, objects) -> Node:
    """The particle object that is named, or the one that is selected (Autodesk's examples of particle)."""
    names = resolve.flatten(objects)
    if not names:
        names = [node.full_path for node in session.scene.selection if isinstance(node, Node)]
    if len(names) != 1:
        raise RuntimeError("particle: name or select one particle object.")
    return shape_of(session, names[0], "particle")


def _per_particle(session: Session, shape: Node, attribute: str) -> tuple[Plug, list]:
    plug = resolve.plug(session.scene, f"{shape.full_path}.{attribute}", RuntimeError)
    return plug, list(evaluate.value_of(session, plug) or ())


def _zero(plug: Plug) -> object:
    return (0.0, 0.0, 0.0) if plug.spec.type == "vectorArray" else 0.0


def _count(session: Session, shape: Node) -> int:
    return evaluate.value_of(session, Plug(shape, (("count", None),)))


def _index_of(session: Session, shape: Node, order, particle_id) -> int:
    count = _count(session, shape)
    if order is None:
        ids = [int(number) for number in _per_particle(session, shape, "particleId")[1]]
        if particle_id not in ids:
            raise RuntimeError(f"particle: there is no particle with the id {particle_id}.")
        return ids.index(particle_id)
    if not 0 <= order < count:
        raise RuntimeError(f"particle: there is no particle {order}: the object has {count}.")
    return order


@command("getParticleAttr")
def get_particle_attr(session: Session, *objects, attribute=None, array=False):
    """``getParticleAttr(shape, attribute=, array=True)`` -> flat floats."""
    shape = shape_of(session, resolve.flatten(objects)[0], "getParticleAttr")
    if not array or not isinstance(attribute, str):
        raise NotSimulatedError("getParticleAttr without array=True")
    values = (
        evaluate.value_of(
            session, resolve.plug(session.scene, f"{shape.full_path}.{attribute}", RuntimeError)
        )
        or []
    )
    return [
        number for value in values for number in (value if isinstance(value, tuple) else (value,))
    ] or None


@command("particleExists")
def particle_exists(session: Session, name):
    """``particleExists(name)`` -> bool."""
    return any(
        node.type.isa("particle") or any(shape.type.isa("particle") for shape in node.shapes)
        for node in resolve.nodes(session.scene, name)
    )


@command("saveInitialState", undoable=True)
def save_initial_state(session: Session, *objects, attribute=None, all=False):
    """Copy the runtime arrays into their initial-state twins -> names of the objects."""
    scene = session.scene
    shapes = (
        scene.of_type("particle")
        if all
        else [shape_of(session, name, "saveInitialState") for name in resolve.flatten(objects)]
    )
    wanted = [attribute] if isinstance(attribute, str) else attribute
    for shape in shapes:
        for runtime, initial in _twins(shape):
            if (wanted is None or runtime in wanted) and (
                runtime_plug := Plug(shape, ((runtime, None),))
            ).path in shape.values:
                scene.set_value(Plug(shape, ((initial, None),)), shape.values[runtime_plug.path])
    return [scene.shortest_name(shape) for shape in shapes]


@command("emit", undoable=True)
def emit(session: Session, *, object=None, position=None, attribute=None, vectorValue=None, floatValue=None):
    """``emit(object=, position=[...], attribute=, vectorValue=[...])`` -> ids of the new particles, or None.

    PyMEL docs of emit: only at frames from the start frame on; values beyond the given ones repeat the last;
    one attribute in a call, because Python keeps no order between flags.
    """
    if object is None:
        raise RuntimeError("emit: the particle object has to be named (-object).")
    shape = shape_of(session, object, "emit")
    points = [position] if position and isinstance(position[0], (int, float)) else list(position or ())
    if session.scene.time < _number(session, shape, "startFrame") or not points:
        return None
    if isinstance(attribute, list):
        raise NotSimulatedError("emit with several attributes in one call")
    first = evaluate.value_of(session, Plug(shape, (("nextId", None),)))
    ids = list(range(first, first + len(points)))
    new = {
        "position": [tuple(map(float, point)) for point in points],
        "velocity": [(0.0, 0.0, 0.0)] * len(points),
        "acceleration": [(0.0, 0.0, 0.0)] * len(points),
        "mass": [1.0] * len(points),
        "particleId": [float(number) for number in ids],
    }
    if attribute is not None:
        values = vectorValue if vectorValue is not None else floatValue
        values = list(values) if isinstance(values, list) else [values]
        kind = resolve.plug(session.scene, f"{shape.full_path}.{attribute}", RuntimeError).spec
        new[kind.long] = [values[min(i, len(values) - 1)] for i in range(len(points))]
    for name, values in new.items():
        plug = Plug(shape, ((name, None),))
        session.scene.set_value(plug, [*(evaluate.value_of(session, plug) or ()), *values])
    session.scene.set_value(Plug(shape, (("nextId", None),)), first + len(points))
    return ids


def _twins(shape: Node) -> list[tuple[str, str]]:
    longs = {spec.long: spec for spec in shape.attributes() if spec.type in ARRAYS}
    return [(name, f"{name}0") for name in longs if f"{name}0" in longs]


def evaluate_all(session: Session) -> None:
    """Rewind the particles whose start frame is the current time."""
    for shape in session.scene.of_type("particle"):
        if session.scene.time == _number(session, shape, "startFrame"):
            load_initial_state(session, shape)


def run_up(session: Session, shape: Node, time: float, from_start: bool) -> None:
    """Evaluate one particle object at a time that need not be the scene's (PyMEL API docs).

    Before its start frame nothing is calculated (Autodesk, "Control execution time of particle dynamics").
    """
    start = _number(session, shape, "startFrame")
    if time == start or (from_start and time > start):
        load_initial_state(session, shape)


def load_initial_state(session: Session, shape: Node) -> None:
    """Give the runtime arrays the values of their twins, unless the object is not dynamic."""
    if not _number(session, shape, "isDynamic"):
        return
    for runtime, initial in _twins(shape):
        path = ((initial, None),)
        if path in shape.values:
            shape.values[((runtime, None),)] = shape.values[path]
        else:  # emitted particles "disappear when the scene is rewound" (PyMEL docs of emit)
            shape.values.pop(((runtime, None),), None)
    shape.values[(("nextId", None),)] = shape.values.get((("nextId0", None),), 0)


def _number(session: Session, shape: Node, attribute: str) -> float:
    return evaluate.value_of(session, Plug(shape, ((attribute, None),)))
