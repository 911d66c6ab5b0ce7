"""MFnTypedAttribute, MFnNumericAttribute and the like: attributes for `MDGModifier.addAttribute`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from maya_standin.api.constants import MFnData, MFnNumericData
from maya_standin.api.objects import MObject
from maya_standin.node_types import Attribute

_TYPED = {
    MFnData.kString: "string", MFnData.kStringArray: "stringArray", MFnData.kDoubleArray: "doubleArray",
    MFnData.kIntArray: "Int32Array", MFnData.kVectorArray: "vectorArray", MFnData.kPointArray: "pointArray",
    MFnData.kMatrix: "matrix",
}  # fmt: skip
_NUMERIC = {
    MFnNumericData.kBoolean: "bool", MFnNumericData.kByte: "byte", MFnNumericData.kChar: "char",
    MFnNumericData.kShort: "short", MFnNumericData.kInt: "long", MFnNumericData.kLong: "long",
    MFnNumericData.kFloat: "float", MFnNumericData.kDouble: "double",
}  # fmt: skip


class _FnAttribute:
    def __init__(self, obj: MObject | None = None) -> None:
        self._object = obj or MObject()

    def _make(self, spec: Attribute) -> MObject:
        self._object = MObject(spec)
        return self._object

    def object(self) -> MObject:
        return self._object

    def _flag(self, **changes: Any) -> None:
        self._object._target = replace(self._object._target, **changes)


def _property(name: str) -> property:
    return property(
        lambda self: getattr(self._object._target, name), lambda self, value: self._flag(**{name: value})
    )


for _maya, _own in (
    ("keyable", "keyable"), ("storable", "storable"), ("readable", "readable"), ("writable", "writable"),
    ("hidden", "hidden"), ("array", "multi"), ("usedAsColor", "used_as_color"), ("channelBox", "channel_box"),
):  # fmt: skip
    setattr(_FnAttribute, _maya, _property(_own))


class MFnTypedAttribute(_FnAttribute):
    """Attributes that hold data."""

    def create(self, longName: str, shortName: str, kind: int, default: MObject | None = None) -> MObject:
        value = default._target.value if default is not None and not default.isNull() else None
        return self._make(Attribute(longName, shortName, _TYPED[kind], default=value, dynamic=True))


class MFnNumericAttribute(_FnAttribute):
    """Attributes that hold one number."""

    def create(self, longName: str, shortName: str, kind: int, default: float = 0) -> MObject:
        return self._make(Attribute(longName, shortName, _NUMERIC[kind], default=default, dynamic=True))

    def setMin(self, value: float) -> _FnAttribute:
        self._flag(min=value)
        return self

    def setMax(self, value: float) -> _FnAttribute:
        self._flag(max=value)
        return self


class MFnMessageAttribute(_FnAttribute):
    """Attributes that only connect."""

    def create(self, longName: str, shortName: str) -> MObject:
        return self._make(Attribute(longName, shortName, "message", dynamic=True))


class MFnEnumAttribute(_FnAttribute):
    """Attributes with named values."""

    def create(self, longName: str, shortName: str, default: int = 0) -> MObject:
        return self._make(Attribute(longName, shortName, "enum", default=default, enum={}, dynamic=True))

    def addField(self, name: str, value: int) -> _FnAttribute:
        self._flag(enum={**self._object._target.enum, name: value})
        return self
