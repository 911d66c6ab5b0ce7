"""Points, vectors, colours, and arrays of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, MutableSequence
from typing import Any


class _Tuple:
    """Named numbers with arithmetic as far as plug-ins use it."""

    _names: tuple[str, ...] = ()
    _defaults: tuple[float, ...] = ()

    def __init__(self, *values: Any) -> None:
        if len(values) == 1 and isinstance(values[0], Iterable):
            values = tuple(values[0])
        if len(values) > len(self._names):
            raise ValueError(
                f"{type(self).__name__} takes up to {len(self._names)} numbers, got {len(values)}"
            )
        if not all(isinstance(value, (int, float)) for value in values):
            raise TypeError(f"{type(self).__name__} takes numbers, got {values!r}")
        self._values = [float(v) for v in values] + list(self._defaults[len(values) :])

    @classmethod
    def of_floats(cls, values: tuple[float, ...]) -> Any:
        """Return one of as many floats as it has."""
        made = cls.__new__(cls)
        made._values = list(values)
        return made

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self):
        return iter(self._values)

    def __getitem__(self, index):
        return self._values[index]

    def __setitem__(self, index, value) -> None:
        self._values[index] = float(value)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and list(self) == list(other)

    __hash__ = None

    def __repr__(self) -> str:
        return f"maya.api.OpenMaya.{type(self).__name__}({', '.join(map(str, self._values))})"


def _named(index: int) -> property:
    return property(lambda self: self._values[index], lambda self, value: self.__setitem__(index, value))


class MVector(_Tuple):
    """Three numbers."""

    _names, _defaults = ("x", "y", "z"), (0.0, 0.0, 0.0)
    x, y, z = _named(0), _named(1), _named(2)

    def __add__(self, other):
        return MVector(*(a + b for a, b in zip(self, other)))

    def __sub__(self, other):
        return MVector(*(a - b for a, b in zip(self, other)))

    def __mul__(self, factor):
        if isinstance(factor, MVector):
            return sum(a * b for a, b in zip(self, factor))
        return MVector(*(a * factor for a in self))

    __rmul__ = __mul__

    def length(self) -> float:
        return sum(a * a for a in self) ** 0.5


class MPoint(_Tuple):
    """Three numbers and a weight."""

    _names, _defaults = ("x", "y", "z", "w"), (0.0, 0.0, 0.0, 1.0)
    x, y, z, w = _named(0), _named(1), _named(2), _named(3)


class MColor(_Tuple):
    """Red, green, blue, alpha."""

    _names, _defaults = ("r", "g", "b", "a"), (0.0, 0.0, 0.0, 1.0)
    kRGB, kHSV, kCMY, kCMYK = range(4)
    r, g, b, a = _named(0), _named(1), _named(2), _named(3)


class MMatrix:
    """Sixteen numbers, row by row."""

    def __init__(self, values: Iterable[float]) -> None:
        self._values = [float(value) for value in values]
        if len(self._values) != 16:
            raise ValueError(f"MMatrix takes 16 numbers, got {len(self._values)}")

    def __len__(self) -> int:
        return 16

    def __getitem__(self, index: int) -> float:
        return self._values[index]


class _Array(MutableSequence):
    """A typed list."""

    _item: Any = float

    def __init__(self, *args: Any) -> None:
        if len(args) == 2 and isinstance(args[0], int):
            self._list = [self._checked(args[1]) for _ in range(args[0])]
        elif len(args) == 1 and isinstance(args[0], int) and not isinstance(args[0], bool):
            self._list = [self._checked(self._item()) for _ in range(args[0])]
        elif len(args) <= 1:
            given = list(args[0] if args else ())
            self._list = given if self._are_plain(given) else [self._checked(item) for item in given]
        else:
            raise ValueError(f"{type(self).__name__} takes a sequence, or a length and a value")

    @classmethod
    def of(cls, items: list[Any]) -> Any:
        """Return an array of a list of items that are known to be such as it holds."""
        made = cls.__new__(cls)
        made._list = items
        return made

    @classmethod
    def _are_plain(cls, given: list[Any]) -> bool:
        """Whether items are what `_checked` returns, without a look at each."""
        return set(map(type, given)) <= {cls._item}

    @classmethod
    def _checked(cls, item: Any) -> Any:
        if cls._item is int and not isinstance(item, int):
            raise TypeError(f"{cls.__name__} holds ints, got {item!r}")
        if cls._item is float and not isinstance(item, (int, float)):
            raise TypeError(f"{cls.__name__} holds floats, got {item!r}")
        return cls._item(item)

    def __len__(self) -> int:
        return len(self._list)

    def __iter__(self):
        return iter(self._list)

    def __getitem__(self, index):
        return type(self)(self._list[index]) if isinstance(index, slice) else self._list[index]

    def __setitem__(self, index, value) -> None:
        self._list[index] = self._checked(value)

    def __delitem__(self, index) -> None:
        del self._list[index]

    def insert(self, index, value) -> None:
        # MArray.insert(value, index) in Maya; both orders of our own use are by append only.
        self._list.insert(index, self._checked(value))

    def append(self, value) -> _Array:
        self._list.append(self._checked(value))
        return self

    def setLength(self, length: int) -> _Array:
        self._list = self._list[:length] + list(type(self)(max(length - len(self._list), 0))._list)
        return self

    def copy(self, other) -> _Array:
        self._list = list(other._list)
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self._list == other._list

    __hash__ = None


class _TupleArray(_Array):
    """A list of named numbers, held as tuples: what it gives out is a copy."""

    @classmethod
    def _are_plain(cls, given: list[Any]) -> bool:
        if not (set(map(type, given)) <= {tuple} and set(map(len, given)) <= {len(cls._item._names)}):
            return False
        return set(map(type, itertools.chain.from_iterable(given))) <= {float}

    @classmethod
    def _checked(cls, item: Any) -> tuple[float, ...]:
        return tuple(cls._item(*item))

    def __getitem__(self, index):
        return super().__getitem__(index) if isinstance(index, slice) else self._item(*self._list[index])

    def __iter__(self) -> Iterator[Any]:
        return map(self._item.of_floats, self._list)


class MVectorArray(_TupleArray):
    """A list of MVector."""

    _item = MVector


class MPointArray(_TupleArray):
    """A list of MPoint."""

    _item = MPoint


class MColorArray(_TupleArray):
    """A list of MColor."""

    _item = MColor


class MDoubleArray(_Array):
    """A list of floats."""

    _item = float


class MFloatArray(_Array):
    """A list of floats."""

    _item = float


class MIntArray(_Array):
    """A list of ints."""

    _item = int
