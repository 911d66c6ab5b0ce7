"""Time and keys."""

from __future__ import annotations

from maya_standin import animation, evaluate, new_scene, resolve, setting, units
from maya_standin.errors import NotSimulatedError
from maya_standin.node_types import NUMERIC
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command, edit, query
from maya_standin.session import Session


@command("currentTime")
def current_time(session: Session, time=None, *, update=True):
    """``currentTime(frame)`` -> frame. Not undoable (section 5)."""
    return go_to(session, time)


@edit("currentTime", undoable=False)
def edit_current_time(session: Session, time=None, *, update=True):
    """Maya takes the frame in edit mode as well: ``currentTime(frame, edit=True)``."""
    return go_to(session, time)


def go_to(session: Session, time) -> float:
    from maya_standin.commands import particles

    frame = units.frames(session, time)
    changed = session.scene.time != frame
    session.scene.time = frame
    if (
        changed
    ):  # Autodesk, "Creation expression execution": rewinding again changes no value, so nothing runs
        particles.evaluate_all(session)
    return session.scene.time


@query("currentTime")
def query_current_time(session: Session):
    """``currentTime(query=True)`` -> frame."""
    return session.scene.time


def _plugs(session: Session, objects, attribute) -> list[Plug]:
    """The plugs of an animation command: `obj` with `attribute`, or "obj.attr"."""
    found = []
    attributes = [attribute] if isinstance(attribute, str) else list(attribute or ())
    for item in resolve.given_or_selected(session.scene, objects):
        if isinstance(item, Plug):
            found.append(item)
        elif attributes:
            found.extend(
                resolve.plug(session.scene, f"{item.full_path}.{name}", RuntimeError) for name in attributes
            )
        else:
            found.extend(
                Plug(item, ((spec.long, None),))
                for spec in item.attributes()
                if spec.keyable and spec.type in NUMERIC and not spec.multi and spec.parent is None
            )
            found.extend(
                Plug(item, ((spec.parent, None), (spec.long, None)))
                for spec in item.attributes()
                if spec.keyable and spec.type in NUMERIC and spec.parent
            )
    return [leaf for plug in found for leaf in plug.leaves()]


@command("setKeyframe", undoable=True)
def set_keyframe(
    session: Session, *objects, attribute=None, time=None, value=None, inTangentType=None,
    outTangentType=None,
):  # fmt: skip
    """``setKeyframe(objects, attribute=, time=, value=)`` -> number of keys set."""
    times = (
        [session.scene.time] if time is None else list(time) if isinstance(time, (list, tuple)) else [time]
    )
    count = 0
    plugs = _plugs(session, objects, attribute)
    if not plugs:
        raise RuntimeError("setKeyframe: No valid objects supplied to 'setKeyframe' command.")
    for plug in plugs:
        if plug.spec.type not in NUMERIC or (plug.spec.multi and plug.index is None):
            raise RuntimeError(f"setKeyframe: '{setting.plug_name(plug)}' cannot be keyed.")
        setting.require_settable(plug, "setKeyframe")
        for frame in times:
            _key(session, plug, units.frames(session, frame), value, outTangentType)
            count += 1
    return count


def _key(session: Session, plug: Plug, frame: float, value, tangent: str | None) -> None:
    scene = session.scene
    held = evaluate.value_of(session, plug) if value is None else _in_centimetres(session, plug, value)
    curve = animation.curve_of(plug)
    if curve is None:
        name = (
            f"{plug.node.name}_{plug.spec.long}"
            if plug.index is None
            else f"{plug.node.name}_{plug.spec.long}_{plug.index}_"
        )
        curve = scene.add_node(new_scene.find_type(session, animation.curve_type(plug)), name)
        scene.connect(Plug(curve, (("output", None),)), plug)
    table = {**animation.keys(curve), frame: float(held)}
    scene.set_value(Plug(curve, animation.KEYS), dict(sorted(table.items())))
    stepped = plug.spec.type in animation.STEPPED or tangent in ("step", "stepped")
    scene.set_value(Plug(curve, animation.STEP), stepped)


def _in_centimetres(session: Session, plug: Plug, value: float) -> float:
    return units.length(session, value) if plug.spec.type == "doubleLinear" else value


def _curves(session: Session, objects, attribute) -> list[Node]:
    nodes = [item for item in resolve.given_or_selected(session.scene, objects) if isinstance(item, Node)]
    direct = [node for node in nodes if node.type.isa("animCurve")]
    if direct:
        return direct
    driven = (animation.curve_of(plug) for plug in _plugs(session, objects, attribute))
    return [curve for curve in driven if curve]


@query("keyframe")
def query_keyframe(
    session: Session, *objects, attribute=None, time=None, keyframeCount=None, timeChange=None,
    valueChange=None, name=None, eval=None,
):  # fmt: skip
    """``keyframe(objects, query=True, timeChange=True)`` -> frames; valueChange -> values; or the count."""
    curves = _curves(session, objects, attribute)
    low, high = units.time_range(session, time)
    tables = [
        {frame: value for frame, value in animation.keys(curve).items() if low <= frame <= high}
        for curve in curves
    ]
    if name:
        return [curve.name for curve in curves] or None
    if eval:
        frame = low if time is not None else session.scene.time
        return [animation.evaluate(curve, frame) for curve in curves] or None
    if keyframeCount:
        return sum(map(len, tables))
    if timeChange and valueChange:
        return [number for table in tables for pair in table.items() for number in pair] or None
    if valueChange:
        return [value for table in tables for value in table.values()] or None
    return [frame for table in tables for frame in table] or None


@command("cutKey", undoable=True)
def cut_key(session: Session, *objects, attribute=None, time=None, clear=False):
    """``cutKey(objects, attribute=, time=, clear=True)`` -> number of keys removed."""
    from maya_standin.commands import nodes

    low, high = units.time_range(session, time)
    count = 0
    for curve in _curves(session, objects, attribute):
        table = animation.keys(curve)
        kept = {frame: value for frame, value in table.items() if not low <= frame <= high}
        count += len(table) - len(kept)
        if kept:
            session.scene.set_value(Plug(curve, animation.KEYS), kept)
            continue
        held = animation.evaluate(curve, session.scene.time)
        targets = [target for plugs in curve.outgoing.values() for target in plugs]
        nodes.remove(session, curve)
        for target in targets:
            session.scene.set_value(target, _typed(target, held))
    return count


def _typed(plug: Plug, value: float):
    return setting.coerce_default(plug.spec, value)


@command("keyTangent", undoable=True)
def key_tangent(
    session: Session, *objects, attribute=None, time=None, inTangentType=None, outTangentType=None
):
    """Set how keys are joined; of the types only "step" makes a difference here."""
    if time is not None:
        raise NotSimulatedError("keyTangent of single keys")
    curves = _curves(session, objects, attribute)
    for curve in curves:
        if outTangentType is not None:
            session.scene.set_value(Plug(curve, animation.STEP), outTangentType in ("step", "stepped"))
    return len(curves)


@edit("keyTangent")
def edit_key_tangent(
    session: Session, *objects, attribute=None, time=None, inTangentType=None, outTangentType=None
):
    """The same in edit mode, as Autodesk's examples call it."""
    return key_tangent(session, *objects, attribute=attribute, time=time, outTangentType=outTangentType)


@query("playbackOptions")
def query_playback_options(session: Session, **flags):
    """Minimum and maximum of the time slider."""
    names = {"minTime": "min", "maxTime": "max", "animationStartTime": "ast", "animationEndTime": "aet"}
    asked = [flag for flag in flags if flags[flag]]
    if len(asked) != 1 or asked[0] not in names:
        raise NotSimulatedError(f"playbackOptions(query=True, {', '.join(flags)}) is not simulated")
    return session.playback[names[asked[0]]]


@command("playbackOptions", undoable=True)
def playback_options(
    session: Session, *, minTime=None, maxTime=None, animationStartTime=None, animationEndTime=None
):
    """Set the range of the time slider."""
    wanted = {"min": minTime, "max": maxTime, "ast": animationStartTime, "aet": animationEndTime}
    before, table = dict(session.playback), session.playback
    changes = {key: units.frames(session, value) for key, value in wanted.items() if value is not None}
    session.undo.apply(lambda: table.update(changes), lambda: table.update(before))


@edit("playbackOptions")
def edit_playback_options(
    session: Session, *, minTime=None, maxTime=None, animationStartTime=None, animationEndTime=None
):
    """The same in edit mode."""
    playback_options(
        session,
        minTime=minTime,
        maxTime=maxTime,
        animationStartTime=animationStartTime,
        animationEndTime=animationEndTime,
    )
