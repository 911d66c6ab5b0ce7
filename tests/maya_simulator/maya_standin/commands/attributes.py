"""setAttr and getAttr."""

from __future__ import annotations

import os
import re
from typing import Any

from maya_standin import evaluate, resolve, setting, units
from maya_standin.errors import NotSimulatedError
from maya_standin.node_types import ARRAYS, COMPOUND_NUMERIC, NUMERIC, SETTABLE_DATA
from maya_standin.plugs import Plug
from maya_standin.registry import command, edit
from maya_standin.session import Session


@command("setAttr", undoable=True)
def set_attr(
    session: Session, *args, type=None, lock=None, keyable=None, channelBox=None, clamp=False, size=None,
):  # fmt: skip
    """``setAttr(plug, values..., type=)``; forms of array data in `setting.array_argument`."""
    if not args:
        raise RuntimeError("setAttr: No attribute was specified.")
    plug = resolve.plug(session.scene, args[0], RuntimeError)
    values = list(args[1:])
    if (
        not values
        and lock is None
        and keyable is None
        and channelBox is None
        and size is None
        and type is None
    ):
        raise RuntimeError(f"setAttr: no value was given for '{args[0]}'.")
    if lock is False:
        set_lock(session, plug, False)
    if values or type is not None:
        set_plug(session, plug, values, type, clamp)
    if lock:
        set_lock(session, plug, True)
    for which, state in (("keyable", keyable), ("channel_box", channelBox)):
        if state is not None:
            _require_own_attributes(plug, which)
            session.scene.set_flag(plug.node, which, plug.spec.long, bool(state))
    return


@edit("setAttr")
def edit_set_attr(session: Session, *args, lock=None, keyable=None, channelBox=None):
    """Autodesk's own example sets keyable in edit mode."""
    return set_attr(session, *args, lock=lock, keyable=keyable, channelBox=channelBox)


def set_lock(session: Session, plug: Plug, state: bool) -> None:
    if plug.node.reference is not None and plug.path in plug.node.locked_plugs and not state:
        raise RuntimeError(f"setAttr: '{setting.plug_name(plug)}' was locked in the referenced file.")
    if plug.node.locked:
        raise RuntimeError(
            f"setAttr: {plug.node.name} is locked: its attributes cannot be locked or unlocked."
        )
    session.scene.lock_plug(plug, state)


def _require_own_attributes(plug: Plug, what: str) -> None:
    if plug.node.locked:
        raise RuntimeError(f"setAttr: {plug.node.name} is locked: the {what} state cannot be changed.")


def set_plug(session: Session, plug: Plug, values: list[Any], kind: str | None, clamp: bool = False) -> None:
    """Set a plug from the arguments of setAttr."""
    spec = plug.spec
    if plug.is_array:
        raise NotSimulatedError(f"setAttr on a whole multi attribute: {setting.plug_name(plug)}")
    if spec.type == "message":
        raise RuntimeError(f"setAttr: '{setting.plug_name(plug)}' is a message attribute and holds no value.")
    setting.require_settable(plug)
    if kind is not None:
        setting.set_typed(session, plug, _KINDS.get(kind, kind), values, session.linear_unit)
        return
    if spec.type in SETTABLE_DATA:
        raise RuntimeError(
            f"setAttr: '{setting.plug_name(plug)}' holds {spec.type} data: "
            f'give its type (type="{spec.type}").'
        )
    if spec.type in COMPOUND_NUMERIC:
        flat = list(values[0]) if len(values) == 1 and isinstance(values[0], (list, tuple)) else values
        if flat is not values:
            raise RuntimeError(
                f"setAttr: '{setting.plug_name(plug)}' takes its values one by one, "
                f"not as a {type(values[0]).__name__}."
            )
        setting.set_tuple(session, plug, flat, clamp, session.linear_unit)
        return
    if spec.is_compound:
        raise RuntimeError(f"setAttr: '{setting.plug_name(plug)}' is a compound: set its children.")
    if spec.type not in NUMERIC:
        raise NotSimulatedError(f"setAttr of {spec.type} data is not simulated: {setting.plug_name(plug)}")
    if len(values) != 1:
        raise RuntimeError(f"setAttr: '{setting.plug_name(plug)}' takes one value, got {len(values)}.")
    setting.set_number(session, plug, values[0], clamp, session.linear_unit)


# Names that setAttr -type takes beside the attribute types themselves (PyMEL docs of setAttr).
_KINDS = {"int32Array": "Int32Array"}


@command("getAttr")
def get_attr(
    session: Session, *args, type=False, lock=False, keyable=False, channelBox=False, settable=False,
    size=False, multiIndices=False, asString=False, time=None, expandEnvironmentVariables=False, silent=False,
    caching=False, noEvaluation=False,
):  # fmt: skip
    """``getAttr(plug)`` -> value: [(x, y, z)] for numeric compounds, [(x, y, z), ...] for vector arrays."""
    names = resolve.flatten(args)
    if len(names) != 1:
        if not names:
            raise RuntimeError("getAttr: No attribute was specified.")
        raise NotSimulatedError("getAttr of several attributes at once")
    plug = resolve.plug(session.scene, names[0], ValueError)
    if type:
        return _type_name(plug)
    if lock:
        return any(setting.is_locked(other) for other in (plug, *plug.ancestors()))
    if keyable:
        return is_keyable(plug)
    if channelBox:
        return plug.node.channel_box.get(plug.spec.long, plug.spec.channel_box)
    if settable:
        return setting.why_not_settable(plug) is None
    if size:
        return len(plug.indices()) if plug.is_array else 1  # "Returns 1 if non-multi" (docs)
    if multiIndices:
        if not plug.is_array:
            raise RuntimeError(f"getAttr: '{names[0]}' is not a multi attribute.")
        return plug.indices() or None
    now = session.scene.time
    if time is not None:
        session.scene.time = units.frames(session, time)
    try:
        value = evaluate.value_of(session, plug)
    finally:
        session.scene.time = now
    if plug.spec.type == "message":
        raise RuntimeError(
            f"getAttr: Message attributes, like '{setting.plug_name(plug)}', have no data values."
        )
    evaluate.refuse_opaque(plug)
    if asString and plug.spec.type == "enum":
        return next((name for name, number in plug.spec.enum.items() if number == value), "")
    if expandEnvironmentVariables and isinstance(value, str):
        return re.sub(r"^~", os.path.expanduser("~"), os.path.expandvars(value))
    return _as_result(plug, _in_units(session, plug, value))


def _in_units(session: Session, plug: Plug, value: Any) -> Any:
    """Lengths come in the scene's unit (PyMEL docs of currentUnit), array data in centimetres."""
    if session.linear_unit == 1.0:
        return value
    if plug.spec.type == "doubleLinear" and not plug.is_array:
        return value / session.linear_unit
    if plug.is_numeric_tuple() and not plug.is_array:
        return tuple(_in_units(session, child, part) for child, part in zip(plug.children(), value))
    return value


def is_keyable(plug: Plug) -> bool:
    return plug.node.keyable.get(plug.spec.long, plug.spec.keyable)


def _type_name(plug: Plug) -> str:
    return "TdataCompound" if plug.spec.type == "compound" or plug.is_array else plug.spec.type


def _as_result(plug: Plug, value: Any) -> Any:
    spec = plug.spec
    if plug.is_array:
        if spec.is_compound and spec.type not in COMPOUND_NUMERIC:
            raise NotSimulatedError(f"getAttr of a whole multi compound: {setting.plug_name(plug)}")
        return value or None
    if spec.type in COMPOUND_NUMERIC:
        return [tuple(value)]
    if spec.is_compound:
        if all(child.spec.type in NUMERIC for child in plug.children()):
            return [tuple(value)]
        raise NotSimulatedError(f"getAttr of the compound {setting.plug_name(plug)}")
    if spec.type in ARRAYS:
        # Empty arrays come back as None (section 2; unconfirmed for all types).
        return list(value) if value else None
    if spec.type in ("matrix", "fltMatrix"):
        return list(value)
    return value
