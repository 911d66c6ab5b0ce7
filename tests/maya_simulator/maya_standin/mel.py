"""A little MEL: variables that are assigned and read, commands with flags, `python("…")`.

What shelves, menus and scripts hand to `mel.eval`. Procedures, control flow and arithmetic are not
simulated and say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maya_standin import checker
from maya_standin.errors import NotSimulatedError
from maya_standin.mel_syntax import Word, statements

if TYPE_CHECKING:
    from maya_standin.session import Session

_TYPES = {"string", "int", "float", "vector", "global"}
_UNKNOWN = {"proc", "if", "for", "while", "switch", "else", "do", "return"}
_MEL_ONLY = {"print", "source", "catch", "catchQuiet"}  # commands that `maya.cmds` has not


def evaluate(session: Session, source: str) -> Any:
    """Run MEL source and return the value of its last statement."""
    if not isinstance(source, str):
        raise TypeError("MEL source must be a string")
    variables = session.mel_variables
    result = None
    for words in statements(source):
        result = _statement(session, words, variables)
    return result


def is_known(session: Session, words: list[Word]) -> bool:
    """Return whether a statement begins with MEL's own words or with a command that this Maya has."""
    first = words[0]
    is_language = first in _TYPES | _UNKNOWN | _MEL_ONLY or first.startswith(("$", "{", "}", "`"))
    return is_language or session.has_command(first) or first in session.tables.runtime


def _statement(session: Session, words: list[Word], variables: dict[str, Any]) -> Any:
    if not words[0].quoted and words[0] in _UNKNOWN:
        raise NotSimulatedError(f"MEL {words[0]!r} is not simulated")
    while words and not words[0].quoted and words[0] in _TYPES:
        words = words[1:]
    if not words:
        return None
    if words[0].startswith("$") and not words[0].quoted:
        name = words[0]
        if len(words) == 1:
            return _value_of(session, name, variables)
        if words[1] == "=":
            variables[name] = _expression(session, words[2:], variables)
            return variables[name]
        raise NotSimulatedError(f"MEL statement {' '.join(words)!r}")
    return _command(session, words, variables)


def _value_of(session: Session, name: str, variables: dict[str, Any]) -> Any:
    if name in variables:
        return variables[name]
    known = session.ui.mel_globals()
    if name in known:
        return known[name]
    raise RuntimeError(f'"{name}" is an undeclared variable.')


def _expression(session: Session, words: list[Word], variables: dict[str, Any]) -> Any:
    if words and words[0] == "`" and words[-1] == "`":
        return _command(session, words[1:-1], variables)
    if len(words) == 1:
        return _word(session, words[0], variables)
    if len(words) >= 3 and words[1] == "(":
        return _command(session, words, variables)
    raise NotSimulatedError(f"MEL expression {' '.join(words)!r}")


def _word(session: Session, word: Word, variables: dict[str, Any]) -> Any:
    if word.quoted:
        return str(word)
    if word.startswith("$"):
        return _value_of(session, word, variables)
    return number(word)


def number(word: str) -> Any:
    """Return a bare word as the number, switch or string that MEL takes it for."""
    if word in ("true", "on", "yes"):
        return True
    if word in ("false", "off", "no"):
        return False
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return str(word)


def _command(session: Session, words: list[Word], variables: dict[str, Any]) -> Any:
    name, rest = str(words[0]), words[1:]
    if rest and rest[0] == "(" and rest[-1] == ")" and not rest[0].quoted:  # the form of a function call
        rest = [word for word in rest[1:-1] if word != "," or word.quoted]
    if name == "python":
        return _python(rest[0])
    if name == "evalDeferred":
        source = _word(session, rest[0], variables)
        session.idle.append(lambda: evaluate(session, source))
        return None
    if not session.has_command(name):
        raise RuntimeError(f'Cannot find procedure "{name}".')
    args, flags = _arguments(session, name, rest, variables)
    return session.call(name, tuple(args), flags)


def _python(source: str) -> Any:
    import __main__

    try:
        code = compile(source, "<mel python>", "eval")
    except SyntaxError:
        exec(compile(source, "<mel python>", "exec"), __main__.__dict__)
        return None
    return eval(code, __main__.__dict__)


def _arguments(
    session: Session, name: str, words: list[Word], variables: dict[str, Any]
) -> tuple[list, dict]:
    args: list[Any] = []
    flags: dict[str, Any] = {}
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if not word.quoted and word.startswith("-") and not _is_number(word):
            flag = word[1:]
            count, many = _flag_shape(session, name, flag, words)
            taken = [_word(session, item, variables) for item in words[position : position + count]]
            if len(taken) < count:
                raise RuntimeError(f"Flag '{word}' of {name} needs {count} arguments.")
            position += count
            value = True if count == 0 else taken[0] if count == 1 else tuple(taken)
            if many and count:
                flags.setdefault(flag, []).append(value)
            else:
                flags[flag] = value
        else:
            args.append(_word(session, word, variables))
    return args, flags


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _flag_shape(session: Session, name: str, flag: str, words: list[Word]) -> tuple[int, bool]:
    """Return how many arguments a flag takes here, and whether it can be used many times."""
    if session.plugins.has_command(name):
        return session.plugins.flag_shape(name, flag, querying="-q" in words or "-query" in words)
    info = session.tables.commands[name]
    long = checker.long_name(info, name, flag)
    spec = info["flags"][long]
    querying = name not in checker.VALUED_QUERY and any(word in ("-q", "-query") for word in words)
    if querying and "query" in spec.get("modes", ()):
        return 0, False
    return spec["numArgs"], "multiuse" in spec.get("modes", ())
