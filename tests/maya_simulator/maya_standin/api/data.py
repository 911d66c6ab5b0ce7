"""Function sets that wrap array data into MObjects for plugs."""

from __future__ import annotations

from typing import Any

from maya_standin.api.arrays import MDoubleArray, MIntArray, MPointArray, MVectorArray
from maya_standin.api.objects import MObject


class Data:
    """A piece of data on its way to a plug."""

    def __init__(self, kind: str, value: Any) -> None:
        self.kind = kind
        self.value = value


class _ArrayData:
    _kind: str
    _array: Any

    def __init__(self, obj: MObject | None = None) -> None:
        self._object = MObject()
        if obj is not None:
            if not isinstance(obj._target, Data) or obj._target.kind != self._kind:
                raise ValueError("(kInvalidParameter): Object is incompatible with this method")
            self._object = obj

    def create(self, array: Any = ()) -> MObject:
        if not isinstance(array, self._array):
            array = self._array(array)
        plain = [tuple(item) if hasattr(item, "_values") else item for item in array]
        self._object = MObject(Data(self._kind, plain))
        return self._object

    def array(self) -> Any:
        return self._array(self._object._target.value)

    def object(self) -> MObject:
        return self._object

    def __len__(self) -> int:
        return len(self._object._target.value)


class MFnVectorArrayData(_ArrayData):
    """vectorArray data."""

    _kind, _array = "vectorArray", MVectorArray


class MFnDoubleArrayData(_ArrayData):
    """doubleArray data."""

    _kind, _array = "doubleArray", MDoubleArray


class MFnIntArrayData(_ArrayData):
    """Int32Array data."""

    _kind, _array = "Int32Array", MIntArray


class MFnPointArrayData(_ArrayData):
    """pointArray data."""

    _kind, _array = "pointArray", MPointArray


class MFnStringData:
    """String data."""

    def create(self, text: str = "") -> MObject:
        return MObject(Data("string", text))
