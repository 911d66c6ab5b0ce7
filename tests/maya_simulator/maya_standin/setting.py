"""Setting a plug: what may be set, and to what."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, Any

from maya_standin import color_management, evaluate
from maya_standin.errors import NotSimulatedError
from maya_standin.node_types import ARRAYS, COMPOUND_NUMERIC, NUMERIC, Attribute
from maya_standin.plugs import Plug

if TYPE_CHECKING:
    from maya_standin.session import Session

_INTEGERS = {"long", "short", "byte", "char", "enum", "addr"}
_LIMITS = {
    "short": (-(2**15), 2**15 - 1),
    "byte": (0, 255),
    "char": (-128, 127),
    "long": (-(2**31), 2**31 - 1),
}


def plug_name(plug: Plug) -> str:
    return f"{plug.node.name}.{plug.attribute_path()}"


def why_not_settable(plug: Plug) -> str | None:
    """Return why a plug cannot be set, in Maya's words, or None if it can.

    "A destination attribute, locked or connected, cannot be changed" (PyMEL docs of setAttr and
    getAttr -settable); a locked compound locks its children, and the other way round.
    """
    if not plug.spec.writable:
        return f"The attribute '{plug_name(plug)}' is not writable and cannot be modified."
    related = [
        plug,
        *plug.ancestors(),
        *(leaf for child in plug.children() for leaf in (child, *child.leaves())),
    ]
    for other in related:
        if is_locked(other):
            return f"The attribute '{plug_name(plug)}' is locked or connected and cannot be modified."
        source = other.node.incoming.get(other.path)
        if source is not None and not source.node.type.isa("animCurve"):
            return f"The attribute '{plug_name(plug)}' is locked or connected and cannot be modified."
    return None


def is_locked(plug: Plug) -> bool:
    if plug.path in plug.node.locked_plugs:
        return True
    reference = plug.node.reference
    return reference is not None and reference.locked


def require_settable(plug: Plug, command: str = "setAttr") -> None:
    reason = why_not_settable(plug)
    if reason:
        raise RuntimeError(f"{command}: {reason}")


def set_number(session: Session, plug: Plug, value: Any, clamp: bool = False, scale: float = 1.0) -> None:
    """Set a numeric leaf plug, with the checks of `setAttr`; `scale` is the size of a length's unit in cm."""
    spec = plug.spec
    number = _as_number(plug, value)
    if spec.type == "doubleLinear":
        number *= scale
    low, high = spec.min, spec.max
    kind_low, kind_high = _LIMITS.get(spec.type, (None, None))
    if spec.type == "enum" and spec.enum:
        low, high = min(spec.enum.values()), max(spec.enum.values())
    if clamp:
        number = max(number, low) if low is not None else number
        number = min(number, high) if high is not None else number
    for limit, past, word in (
        (low, low is not None and number < low, "minimum"),
        (high, high is not None and number > high, "maximum"),
        (kind_low, kind_low is not None and number < kind_low, "minimum"),
        (kind_high, kind_high is not None and number > kind_high, "maximum"),
    ):
        if past:
            raise RuntimeError(
                f"setAttr: Cannot set the attribute '{plug_name(plug)}' past its {word} value of {limit}."
            )
    store(session, plug, number)


def _as_number(plug: Plug, value: Any) -> Any:
    kind = plug.spec.type
    if isinstance(value, str) or not isinstance(value, (int, float)):
        raise RuntimeError(
            f"setAttr: '{plug_name(plug)}' is a {kind} attribute: "
            f"cannot be set to {value!r} ({type(value).__name__})."
        )
    if kind == "bool":
        return bool(value)
    if kind in _INTEGERS:
        return int(value)
    return float(value)


def set_tuple(
    session: Session, plug: Plug, values: list[Any], clamp: bool = False, scale: float = 1.0
) -> None:
    """Set a numeric compound from as many numbers as it has children."""
    children = plug.children()
    if len(values) != len(children):
        raise RuntimeError(f"setAttr: '{plug_name(plug)}' needs {len(children)} values, got {len(values)}.")
    for child, value in zip(children, values):
        _as_number(child, value)
    for child, value in zip(children, values):
        set_number(session, child, value, clamp, scale)


def set_typed(session: Session, plug: Plug, kind: str, values: list[Any], scale: float = 1.0) -> None:
    """Set a plug as `setAttr -type` does; `values` are the arguments after the attribute's name."""
    spec = plug.spec
    if kind in COMPOUND_NUMERIC:
        if len(spec.children) != int(kind[-1]) and spec.type != kind:
            raise _wrong_type(plug, kind)
        if spec.type not in COMPOUND_NUMERIC:
            raise _wrong_type(plug, kind)
        flat = [number for item in values for number in (item if isinstance(item, (list, tuple)) else [item])]
        set_tuple(session, plug, flat, scale=scale)
        return
    if kind != spec.type:
        raise _wrong_type(plug, kind)
    if kind == "string":
        if len(values) != 1 or not isinstance(values[0], str):
            raise RuntimeError(f"setAttr: '{plug_name(plug)}' takes one string, got {values!r}.")
        store(session, plug, values[0])
    elif kind in ("matrix", "fltMatrix"):
        flat = [number for item in values for number in (item if isinstance(item, (list, tuple)) else [item])]
        if len(flat) != 16:
            raise RuntimeError(f"setAttr: '{plug_name(plug)}' takes 16 numbers, got {len(flat)}.")
        store(session, plug, [float(number) for number in flat])
    elif kind in ARRAYS:
        store(session, plug, array_argument(plug, kind, values))
    else:
        raise NotSimulatedError(f"setAttr -type {kind} is not simulated: {plug_name(plug)}")


def _wrong_type(plug: Plug, kind: str) -> RuntimeError:
    return RuntimeError(f"setAttr: '{plug_name(plug)}' is not of type {kind}, but {plug.spec.type}.")


def array_argument(plug: Plug, kind: str, values: list[Any]) -> list[Any]:
    """Return array data from the Python call forms of setAttr.

    vectorArray and pointArray: the count, then one tuple per element; stringArray: the count, then strings;
    doubleArray and Int32Array: one list (section 2 of the fact sheet: maya-usd's WriteUtil test, Cortex's
    FromMayaPlugConverter test).
    """
    if kind in ("doubleArray", "Int32Array", "floatArray"):
        if len(values) != 1 or not isinstance(values[0], (list, tuple)):
            raise RuntimeError(f"setAttr: '{plug_name(plug)}' ({kind}) takes one list of numbers.")
        if set(map(type, values[0])) <= {int if kind == "Int32Array" else float}:
            return list(values[0])
        for number in values[0]:
            if not isinstance(number, (int, float)) or (kind == "Int32Array" and not isinstance(number, int)):
                raise RuntimeError(f"setAttr: '{plug_name(plug)}' ({kind}) holds numbers, got {number!r}.")
        return [float(number) for number in values[0]] if kind != "Int32Array" else list(values[0])
    if not values or not isinstance(values[0], int):
        raise RuntimeError(f"setAttr: '{plug_name(plug)}' ({kind}) takes the count of its elements first.")
    count, elements = values[0], values[1:]
    if count != len(elements):
        raise RuntimeError(
            f"setAttr: '{plug_name(plug)}' ({kind}): {count} elements announced, {len(elements)} given."
        )
    if kind == "stringArray":
        if not all(isinstance(element, str) for element in elements):
            raise RuntimeError(f"setAttr: '{plug_name(plug)}' (stringArray) holds strings.")
        return list(elements)
    width = 3 if kind == "vectorArray" else 4
    are_tuples = set(map(type, elements)) <= {tuple} and set(map(len, elements)) <= {width}
    if are_tuples and set(map(type, itertools.chain.from_iterable(elements))) <= {float}:
        return list(elements)
    for element in elements:
        if not isinstance(element, (list, tuple)) or len(element) != width:
            raise RuntimeError(
                f"setAttr: '{plug_name(plug)}' ({kind}) holds {width}-tuples, got {element!r}."
            )
        for number in element:
            if not isinstance(number, (int, float)):
                raise RuntimeError(f"setAttr: '{plug_name(plug)}' ({kind}) holds numbers, got {number!r}.")
    return [tuple(map(float, element)) for element in elements]


def store(session: Session, plug: Plug, value: Any) -> None:
    """Store a checked value, with what setting it brings about."""
    session.scene.set_value(plug, value)
    if color_management.PATHS.get(plug.node.type.name) == plug.path[-1][0]:
        _follow_file_rules(session, plug)
    if plug.node.reference is not None:
        plug.node.reference.note_set(session, plug)


def _follow_file_rules(session: Session, plug: Plug) -> None:
    """Give the node the colour space that the file rules have for its new path (section 4).

    Undoing the path follows the rules too, instead of restoring the space: whether Maya does is unknown, and
    this is the less convenient of the two.
    """
    node = plug.node
    ignore, space = Plug(node, (("ignoreColorSpaceFileRules", None),)), Plug(node, (("colorSpace", None),))

    def follow() -> None:
        path = node.values.get(plug.path) or ""
        if not node.alive or not path or not session.colors.enabled or evaluate.value_of(session, ignore):
            return
        if why_not_settable(space) is None:
            node.values[space.path] = session.colors.space_of(os.path.expandvars(path))

    session.undo.apply(follow, lambda: None)
    # The undo of the path itself runs after this step's: put the rules behind it by wrapping that step.
    entry = session.undo.running
    if entry is not None:
        redo_path, undo_path = entry.steps[-2]
        entry.steps[-2] = (redo_path, lambda: (undo_path(), follow()))


def coerce_default(spec: Attribute, value: Any) -> Any:
    """Return a default value for a numeric attribute, of the attribute's own type."""
    if value is None or spec.type not in NUMERIC:
        return value
    if spec.type == "bool":
        return bool(value)
    return int(value) if spec.type in _INTEGERS else float(value)
