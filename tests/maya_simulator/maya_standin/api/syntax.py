"""MSyntax, MArgList and the parsers.

Names: at most three letters short, at least four long [AD-flags]; -e/-edit and -q/-query are Maya's.
Objects come before the flags; a command has either arguments or objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from maya_standin import resolve
from maya_standin.api.selection import MSelectionList
from maya_standin.errors import NotSimulatedError
from maya_standin.session import current

MAX_ARGUMENTS = 6


class MSyntax:
    """The flags and objects that a command takes."""

    (
        kInvalidArgType,
        kNoArg,
        kBoolean,
        kLong,
        kDouble,
        kString,
        kUnsigned,
        kDistance,
        kAngle,
        kTime,
        kSelectionItem,
    ) = range(11)
    kInvalidObjectFormat, kNone, kStringObjects, kSelectionList = range(4)

    def __init__(self) -> None:
        self._flags: dict[str, tuple[str, tuple[int, ...]]] = {}  # long -> (short, types)
        self._multi: set[str] = set()
        self._query_with_arguments: set[str] = set()
        self._args: list[int] = []
        self._object_format = MSyntax.kNone
        self._object_range: tuple[int, int | None] = (0, None)
        self._selection_as_default = False
        self._edit = self._query = False

    def addFlag(self, short: str, long: str, types: Any = None, *more: Any) -> None:
        """Add a flag; `types` is one constant or a tuple of up to six."""
        given = (types, *more) if types is not None else ()
        kinds = tuple(kind for item in given for kind in (item if isinstance(item, Sequence) else (item,)))
        short, long = short.lstrip("-"), long.lstrip("-")
        if not 1 <= len(short) <= 3 or len(long) < 4:
            raise RuntimeError(
                f"(kFailure): Unexpected Internal Failure: flag -{short}/-{long}: the short name has at most "
                "three letters, the long name at least four"
            )
        if not (short.isidentifier() and long.isidentifier()):
            raise RuntimeError(f"(kFailure): flag -{short}/-{long} is no legal name")
        if short in ("e", "q") or long in ("edit", "query"):
            raise RuntimeError(f"(kFailure): flag -{short}/-{long} belongs to Maya")
        taken = {name for key, (other, _) in self._flags.items() for name in (key, other)}
        if {short, long} & taken:
            raise RuntimeError(f"(kFailure): flag -{short}/-{long} is there already")
        if len(kinds) > MAX_ARGUMENTS:
            raise RuntimeError(f"(kFailure): flag -{long} has more than {MAX_ARGUMENTS} arguments")
        self._flags[long] = (short, tuple(kind for kind in kinds if kind != MSyntax.kNoArg))

    def makeFlagMultiUse(self, flag: str) -> None:
        self._multi.add(self._long(flag))

    def makeFlagQueryWithFullArgs(self, flag: str, argsOptional: bool) -> None:
        self._query_with_arguments.add(self._long(flag))

    def addArg(self, kind: int) -> None:
        if self._object_format != MSyntax.kNone:
            raise RuntimeError("(kFailure): a command has either arguments or objects")
        self._args.append(kind)

    def setObjectType(self, kind: int, minimum: int = 0, maximum: int | None = None) -> None:
        if self._args:
            raise RuntimeError("(kFailure): a command has either arguments or objects")
        self._object_format = kind
        self._object_range = (minimum, maximum)

    def setMinObjects(self, count: int) -> None:
        self._object_range = (count, self._object_range[1])

    def setMaxObjects(self, count: int) -> None:
        self._object_range = (self._object_range[0], count)

    @property
    def minObjects(self) -> int:
        return self._object_range[0]

    @minObjects.setter
    def minObjects(self, count: int) -> None:
        self.setMinObjects(count)

    @property
    def maxObjects(self) -> int | None:
        return self._object_range[1]

    @maxObjects.setter
    def maxObjects(self, count: int) -> None:
        self.setMaxObjects(count)

    def useSelectionAsDefault(self, state: bool) -> None:
        if self._object_format != MSyntax.kSelectionList:
            raise RuntimeError("(kFailure): only kSelectionList takes the selection as default")
        self._selection_as_default = bool(state)

    @property
    def enableEdit(self) -> bool:
        return self._edit

    @enableEdit.setter
    def enableEdit(self, state: bool) -> None:
        self._edit = bool(state)

    @property
    def enableQuery(self) -> bool:
        return self._query

    @enableQuery.setter
    def enableQuery(self, state: bool) -> None:
        self._query = bool(state)

    def _long(self, flag: str) -> str:
        flag = flag.lstrip("-")
        if flag in self._flags:
            return flag
        for long, (short, _) in self._flags.items():
            if short == flag:
                return long
        raise RuntimeError(f"(kInvalidParameter): Invalid flag: {flag}")


_ACCEPTED = {
    MSyntax.kBoolean: (bool, int), MSyntax.kLong: int, MSyntax.kUnsigned: int, MSyntax.kDouble: (int, float),
    MSyntax.kString: str, MSyntax.kDistance: (int, float), MSyntax.kAngle: (int, float), MSyntax.kTime: (int,
    float), MSyntax.kSelectionItem: str,
}  # fmt: skip
_WORDS = {MSyntax.kBoolean: "int", MSyntax.kLong: "int", MSyntax.kUnsigned: "int", MSyntax.kString: "string"}


class MArgList:
    """What a command was called with: positional values, then flags."""

    kInvalidArgIndex = 0xFFFFFFFF

    def __init__(
        self, values: Sequence[Any] = (), flags: dict[str, Any] | None = None, mode: str = "create"
    ) -> None:
        self._values = list(values)
        self._flags = dict(flags or {})  # as the caller named them
        self._mode = mode

    def __len__(self) -> int:
        return len(self._values) + sum(2 for _ in self._flags)

    def asString(self, index: int) -> str:
        return str(self._values[index])

    def asInt(self, index: int) -> int:
        return int(self._values[index])

    def asDouble(self, index: int) -> float:
        return float(self._values[index])

    def asBool(self, index: int) -> bool:
        return bool(self._values[index])


class MArgParser:
    """The arguments of a command, held against its syntax."""

    def __init__(self, syntax: MSyntax, args: MArgList) -> None:
        if not isinstance(syntax, MSyntax) or not isinstance(args, MArgList):
            raise TypeError("MArgParser takes an MSyntax and an MArgList")
        self._syntax = syntax
        self.isQuery = args._mode == "query"
        self.isEdit = args._mode == "edit"
        if (self.isQuery and not syntax.enableQuery) or (self.isEdit and not syntax.enableEdit):
            raise RuntimeError(f"(kFailure): this command has no {args._mode} mode")
        self._uses: dict[str, list[tuple[Any, ...]]] = {}
        for flag, value in args._flags.items():
            uses = self._parse(flag, value)
            if uses:
                self._uses[syntax._long(flag)] = uses
        self._objects = self._positional(args._values)

    def _parse(self, flag: str, value: Any) -> list[tuple[Any, ...]]:
        syntax = self._syntax
        try:
            long = syntax._long(flag)
        except RuntimeError:
            raise TypeError(f"Invalid flag '{flag}'") from None
        kinds = syntax._flags[long][1]
        asked_only = self.isQuery and long not in syntax._query_with_arguments
        if not kinds or (asked_only and isinstance(value, (bool, int))):
            if not isinstance(value, (bool, int)):
                raise TypeError(f"Flag '{flag}' must be passed a boolean argument")
            return [()] if value else []
        if asked_only:
            raise TypeError(f"Flag '{flag}' must be passed a boolean argument")
        many = long in syntax._multi
        if len(kinds) == 1:
            items = list(value) if many and isinstance(value, (list, tuple)) else [value]
            uses = [(item,) for item in items]
        elif many and value and all(isinstance(item, (list, tuple)) for item in value):
            uses = [tuple(item) for item in value]
        else:
            uses = [tuple(value) if isinstance(value, (list, tuple)) else (value,)]
        for use in uses:
            if len(use) != len(kinds):
                raise TypeError(
                    f"Invalid arguments for flag '{flag}'.  Expected {len(kinds)} values, got {len(use)}"
                )
            for kind, item in zip(kinds, use):
                if not isinstance(item, _ACCEPTED[kind]):
                    raise TypeError(
                        f"Invalid arguments for flag '{flag}'.  "
                        f"Expected {_WORDS.get(kind, 'float')}, got {type(item).__name__}"
                    )
        return uses

    def _positional(self, values: list[Any]) -> list[Any]:
        syntax = self._syntax
        flat = resolve.flatten(values)
        if syntax._object_format == MSyntax.kNone:
            if len(flat) > len(syntax._args):
                raise RuntimeError(
                    f"(kFailure): too many arguments: {len(flat)} instead of {len(syntax._args)}"
                )
            for kind, item in zip(syntax._args, flat):
                if not isinstance(item, _ACCEPTED[kind]):
                    raise TypeError(
                        f"Invalid argument: expected {_WORDS.get(kind, 'float')}, got {type(item).__name__}"
                    )
            return flat
        resolve.check_strings(flat, "command")
        if syntax._object_format == MSyntax.kSelectionList:
            scene = current().scene
            items = (
                resolve.items(scene, flat, RuntimeError)
                if flat
                else list(scene.selection)
                if syntax._selection_as_default
                else []
            )
            flat = items
        low, high = syntax._object_range
        if len(flat) < low or (high is not None and len(flat) > high):
            raise RuntimeError(
                f"(kFailure): the command takes {low} to {'any number of' if high is None else high} "
                f"objects, got {len(flat)}"
            )
        return flat

    @property
    def numberOfFlagsUsed(self) -> int:
        return sum(map(len, self._uses.values()))

    def isFlagSet(self, flag: str) -> bool:
        return self._syntax._long(flag) in self._uses

    def numberOfFlagUses(self, flag: str) -> int:
        return len(self._uses.get(self._syntax._long(flag), ()))

    def _argument(self, flag: str, index: int) -> Any:
        uses = self._uses.get(self._syntax._long(flag))
        if not uses or index >= len(uses[0]):
            raise RuntimeError("(kFailure): Unexpected Internal Failure")
        return uses[0][index]

    def flagArgumentString(self, flag: str, index: int) -> str:
        return str(self._argument(flag, index))

    def flagArgumentInt(self, flag: str, index: int) -> int:
        return int(self._argument(flag, index))

    def flagArgumentDouble(self, flag: str, index: int) -> float:
        return float(self._argument(flag, index))

    flagArgumentFloat = flagArgumentDouble

    def flagArgumentBool(self, flag: str, index: int) -> bool:
        return bool(self._argument(flag, index))

    def getFlagArgumentList(self, flag: str, occurrence: int) -> MArgList:
        uses = self._uses.get(self._syntax._long(flag), [])
        if occurrence >= len(uses):
            raise RuntimeError("(kFailure): Unexpected Internal Failure")
        return MArgList(uses[occurrence])

    def commandArgumentString(self, index: int) -> str:
        return str(self._objects[index])

    def commandArgumentInt(self, index: int) -> int:
        return int(self._objects[index])

    def commandArgumentDouble(self, index: int) -> float:
        return float(self._objects[index])

    def commandArgumentBool(self, index: int) -> bool:
        return bool(self._objects[index])

    def getObjectStrings(self) -> tuple[str, ...]:
        if self._syntax._object_format != MSyntax.kStringObjects:
            raise RuntimeError("(kFailure): the syntax has no string objects")
        return tuple(self._objects)

    def __getattr__(self, name: str) -> Any:
        raise NotSimulatedError(f"{type(self).__name__}.{name}")


class MArgDatabase(MArgParser):
    """The parser that knows selection lists."""

    def getObjectList(self) -> MSelectionList:
        if self._syntax._object_format != MSyntax.kSelectionList:
            raise RuntimeError("(kFailure): the syntax has no selection list")
        return MSelectionList(self._objects)
