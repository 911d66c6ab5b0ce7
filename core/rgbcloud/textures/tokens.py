"""Tokens in file names: what stands for a tile or a frame, how it is found in names, and written out.

References
----------
OpenImageIO's texture system (``<UDIM>``, ``%(UDIM)d``, ``<UVTILE>``, ``<u>``, ``<U>``):
https://docs.peregrinelabs.com/ref/samplers/texture.
Houdini, ``texprintf`` (``%(UDIM)d``, ``%(UVTILE)d``, ``%(U)d``, ``%(V)d``):
https://www.sidefx.com/docs/houdini/vex/functions/texprintf.
Maya 2023, Animated file textures (``name.ext.#`` and ``name.#.ext``):
https://help.autodesk.com/cloudhelp/2023/ENU/Maya-LightingShading/files/GUID-25A1CE65-0C66-4114-B8F1-51FE5A638218.htm.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from rgbcloud.errors import InvalidArgumentError
from rgbcloud.formats import split_suffix

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

TokenKind = Literal["tile", "frame"]

_UDIM_COLUMNS = 10  # tiles in a row: tile (u, v), counted from 0, is number 1001 + u + 10 v
_FIRST_UDIM = 1001
_KNOWN = "<UDIM>, <UVTILE>, u<u>_v<v> (from 0), u<U>_v<V> (from 1), or <f>, #### and %04d"


def _pair(first: str, second: str) -> str:
    """Return the expression of two tokens that are one tile, such as ``u<u>_v<v>``."""
    tokens = (
        rf"<{letter}>|%\({letter}\)d" if letter.isupper() else f"<{letter}>" for letter in (first, second)
    )
    marks = (f"[{letter.lower()}{letter.upper()}]?" for letter in (first, second))
    (mark_a, mark_b), (token_a, token_b) = marks, tokens
    name = first + second
    return rf"(?P<{name}>{mark_a}(?:{token_a})(?P<{name}_between>[^<>#%/]*?){mark_b}(?:{token_b}))"


_PAIRS = ("uv", "vu", "UV", "VU")
_TOKENS = re.compile(
    r"(?P<udim>(?i:<udim>|%\(udim\)d|_mapid_))"
    r"|(?P<uvtile>(?i:<uvtile>|%\(uvtile\)d))"
    r"|(?P<frame>(?i:<f>)|%(?:0(?P<padding>\d))?d|(?P<hashes>#+))|"
    + "|".join(_pair(*pair) for pair in _PAIRS)
)


class Place(NamedTuple):
    """What stands in a file's name for the tokens of a pattern."""

    text: str
    """From the first token to the last: ``1001``, ``u0_v1``, ``1001.0007``."""
    tile: tuple[int, int] | None
    """u and v, counted from 0 whatever the naming."""
    frame: int | None


class Token(NamedTuple):
    """One token of a pattern."""

    start: int
    stop: int
    kind: TokenKind
    order: str
    """Of u and v: "uv", "vu", from 1 "UV", "VU"; empty for the number of a UDIM, or a frame."""
    between: str = ""
    digits: int = 1
    """The fewest of a frame."""

    @classmethod
    def of(cls, match: re.Match[str]) -> Token:
        """Return what was found in a pattern."""
        if match["frame"]:
            digits = len(match["hashes"] or "") or int(match["padding"] or 1)
            return cls(*match.span(), "frame", "", digits=digits)
        if match["uvtile"]:
            return cls(*match.span(), "tile", "UV", "_")
        order = next((pair for pair in _PAIRS if match[pair]), "")
        return cls(*match.span(), "tile", order, match[f"{order}_between"] if order else "")

    def expression(self, before: str) -> str:
        """Return the regular expression of what stands for it, in a group of its kind's name.

        By what stands before it in the pattern, a minus is a frame's where it cannot be the name's.
        """
        if self.kind == "frame":
            negative = rf"-\d{{{max(self.digits - 1, 1)},}}|" if before[-1:] in (".", "_") else ""
            return rf"(?P<frame>{negative}\d{{{self.digits},}})"
        if not self.order:
            return r"(?P<tile>(?P<udim>(?!1000)[1-9]\d{3}))"
        number = r"[1-9]\d{,2}" if self.order.isupper() else r"\d{1,3}"
        first, second = (f"[{n}{n.upper()}]?(?P<{n}>{number})" for n in self.order.lower())
        return f"(?P<tile>{first}{re.escape(self.between)}{second})"

    def tile_of(self, match: re.Match[str]) -> tuple[int, int]:
        """Return u and v, counted from 0, of what `expression` found."""
        if not self.order:
            v, u = divmod(int(match["udim"]) - _FIRST_UDIM, _UDIM_COLUMNS)
            return u, v
        from_one = self.order.isupper()
        return int(match["u"]) - from_one, int(match["v"]) - from_one

    def written_tile(self, tile: tuple[int, int], like: str = "") -> str:
        """Return what stands for it in the name of a tile, counted from 0.

        `like` is what stands for it in another name, whose letters and digits are followed.
        """
        if not self.order:
            return str(_FIRST_UDIM + tile[0] + _UDIM_COLUMNS * tile[1])
        first, second = self.order[0].lower(), self.order[1].lower()
        like = like or f"{first}0{self.between}{second}0"
        old = list(re.finditer(r"\d+", like))
        numbers = dict(zip("uv", (number + self.order.isupper() for number in tile)))
        for place, letter in ((old[-1], second), (old[0], first)):
            number = str(numbers[letter]).zfill(len(place[0]))
            like = like[: place.start()] + number + like[place.end() :]
        return like

    def written_frame(self, frame: int, like: str = "") -> str:
        """Return what stands for it in the name of a frame, of as many digits as in another name."""
        fewest = self.digits - (frame < 0)  # printf counts the minus
        return "-" * (frame < 0) + str(abs(frame)).zfill(max(len(like.lstrip("-")), fewest))


class Pattern(NamedTuple):
    """A path with tokens, taken apart: at most one of a kind."""

    path: Path
    tokens: tuple[Token, ...]

    @classmethod
    def parse(cls, path: Path) -> Pattern | None:
        """Return the pattern that a path is, or None if it has no token.

        Raises
        ------
        InvalidArgumentError
            If a token is unknown, stands twice, or is part of a folder's name.
        """
        if re.search(r"<\w*>", str(path.parent)):
            raise InvalidArgumentError(f"{path}: tokens must be in the file's name, not in a folder's")
        unknown = re.search(r"<\w*>", _TOKENS.sub("", path.name))
        if unknown and unknown[0].lower() in ("<u>", "<v>"):
            raise InvalidArgumentError(
                f"{path}: {unknown[0]} stands alone; a tile is u<u>_v<v> counted from 0, or u<U>_v<V> "
                "from 1, and a version is written out"
            )
        if unknown:
            msg = f"{path}: {unknown[0]} is no token that is known here; write it as {_KNOWN}"
            raise InvalidArgumentError(msg)
        tokens = tuple(Token.of(match) for match in _TOKENS.finditer(path.name))
        kinds = [token.kind for token in tokens]
        if len(set(kinds)) < len(kinds):
            kind = next(kind for kind in kinds if kinds.count(kind) > 1)
            raise InvalidArgumentError(f"{path}: a {kind} must stand in a name once; take one token out")
        return cls(path, tokens) if tokens else None

    @property
    def matcher(self) -> re.Pattern[str]:
        """The expression of the names that it stands for; groups are called ``tile`` and ``frame``."""
        name, expression, end = self.path.name, "", 0
        for token in self.tokens:
            before = name[end : token.start]
            expression += re.escape(before) + token.expression(before)
            end = token.stop
        return re.compile(expression + re.escape(name[end:]), re.ASCII)

    def token(self, kind: TokenKind) -> Token | None:
        """Return the token of a kind, if there is one."""
        return next((token for token in self.tokens if token.kind == kind), None)

    def place_of(self, match: re.Match[str]) -> Place:
        """Return what stands for the tokens in a name that `matcher` found."""
        tile, frame = self.token("tile"), self.token("frame")
        start, stop = self.tokens[0].start, len(self.path.name) - self.tokens[-1].stop
        return Place(
            match.string[start : len(match.string) - stop],
            tile.tile_of(match) if tile else None,
            int(match["frame"]) if frame else None,
        )

    def name(
        self, tile: tuple[int, int] | None, frame: int | None, like: Mapping[TokenKind, str] | None = None
    ) -> str:
        """Return the name of a tile and frame, as far as there are tokens for them.

        `like` is what stands for them in another name, whose letters and digits are followed.

        Raises
        ------
        KeyError
            If there is a token for what is None.
        """
        name, like = self.path.name, like or {}
        for token in reversed(self.tokens):
            written = ""
            if token.kind == "tile" and tile is not None:
                written = token.written_tile(tile, like.get("tile", ""))
            elif token.kind == "frame" and frame is not None:
                written = token.written_frame(frame, like.get("frame", ""))
            if not written:
                raise KeyError(token.kind)
            name = name[: token.start] + written + name[token.stop :]
        return name

    def name_from(self, other: Pattern, name: str) -> str:
        """Return the name that the tile and frame of a file's name by another pattern have here.

        Raises
        ------
        KeyError
            If the other pattern has no token of a kind that stands here.
        """
        match = other.matcher.fullmatch(name)
        if match is None:
            raise ValueError(name)
        place = other.place_of(match)
        orders = {token.kind: token.order for token in self.tokens}
        like = {
            token.kind: match[token.kind] for token in other.tokens if orders.get(token.kind) == token.order
        }
        return self.name(place.tile, place.frame, like)

    def texts_in(self, name: str) -> dict[TokenKind, str]:
        """Return what stands for each token in a name that it stands for."""
        match = self.matcher.fullmatch(name)
        if match is None:
            raise ValueError(name)
        return {token.kind: match[token.kind] for token in self.tokens}


def has_tokens(path: str | PathLike[str]) -> bool:
    """Whether a path is a pattern: no file that is there, and a token in its name."""
    file = Path(path)
    return _TOKENS.search(file.name) is not None and not os.path.lexists(file)


def tagged_path(path: str | PathLike[str], tag: str, suffix: str) -> Path:
    """Return the path that names how it was reduced; in a pattern the tag stands before the tokens.

    Examples
    --------
    >>> [tagged_path(name, "k16", ".png").name for name in ("wood.jpg", "wood.<UDIM>.tif", "sea.png.####")]
    ['wood.k16.png', 'wood.k16.<UDIM>.png', 'sea.k16.####.png']
    """
    file = Path(path)
    stem, _ = split_suffix(file)
    tokens = [match.start() for match in _TOKENS.finditer(stem)]
    if not tokens:
        return file.with_name(f"{stem}.{tag}{suffix}")
    kept = stem[: tokens[0]].rstrip("._- ")
    rest = stem[len(kept) :]
    separator = "" if rest[:1] in "._- " else "."
    return file.with_name(f"{kept}.{tag}{separator}{rest}{suffix}".lstrip("."))
