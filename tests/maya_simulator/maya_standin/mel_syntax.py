"""MEL cut into statements and words, for `mel.eval` and for Maya ASCII files."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
  | (?P<string>"(?:\\.|[^"\\])*")
  | (?P<end>;)
  | (?P<punctuation>[{}()=,`\[\]]|<<|>>)
  | (?P<word>[^\s;"{}()=,`\[\]]+(?:\[[^\]\s]*\][^\s;"{}()=,`\[\]]*)*)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


class Word(str):
    """One word of MEL; `quoted` tells a string from a bare word."""

    __slots__ = ("quoted",)

    def __new__(cls, text: str, quoted: bool = False) -> Word:
        word = super().__new__(cls, text)
        word.quoted = quoted
        return word


def statements(source: str) -> Iterator[list[Word]]:
    """Yield the statements of MEL source, each as its words."""
    current: list[Word] = []
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise RuntimeError(f"Syntax error in MEL near: {source[position : position + 40]!r}")
        position = match.end()
        if match.lastgroup == "end":
            if current:
                yield current
            current = []
        elif match.lastgroup == "string":
            current.append(Word(unquote(match.group()), quoted=True))
        elif match.lastgroup != "space":
            current.append(Word(match.group()))
    if current:
        yield current


def unquote(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m.group(1), m.group(1)), text[1:-1], flags=re.DOTALL)


def quote(text: str) -> str:
    """Return a string as MEL writes it."""
    escaped = (
        text.replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("\n", "\\n")
        .replace("\t", "\\t")
        .replace("\r", "\\r")
    )
    return f'"{escaped}"'
