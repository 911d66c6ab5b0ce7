"""Animation curves: keys as (frame, value), linear between them, constant outside."""

from __future__ import annotations

from bisect import bisect_right

from maya_standin.plugs import Node, Plug

STEPPED = {"bool", "enum", "byte", "short", "long"}


def keys(curve: Node) -> dict[float, float]:
    """Return frame -> value of a curve, in the order of the frames."""
    return curve.values.get(KEYS, {})


# The keys of a curve live under one path of their own; Maya has keyTimeValue, a compound multi.
KEYS = (("keyTimeValue", None),)
STEP = (("(stepped)", None),)


def evaluate(curve: Node, frame: float) -> float:
    """Return the value of a curve at a frame."""
    table = keys(curve)
    if not table:
        return 0.0
    frames = list(table)
    position = bisect_right(frames, frame)
    if position == 0:
        return table[frames[0]]
    if position == len(frames) or curve.values.get(STEP):
        return table[frames[position - 1]]
    before, after = frames[position - 1], frames[position]
    share = (frame - before) / (after - before)
    return table[before] + share * (table[after] - table[before])


def curve_type(plug: Plug) -> str:
    """Return the type of curve that keys on this plug make (TL lengths, TA angles, TU the rest)."""
    kind = plug.spec.type
    return {"doubleLinear": "animCurveTL", "doubleAngle": "animCurveTA", "time": "animCurveTT"}.get(
        kind, "animCurveTU"
    )


def curve_of(plug: Plug) -> Node | None:
    """Return the animation curve that drives a plug, or None."""
    source = plug.node.incoming.get(plug.path)
    return source.node if source and source.node.type.isa("animCurve") else None
