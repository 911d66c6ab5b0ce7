"""Texture: what an artist calls one texture: a file, a UDIM set, a frame sequence, any list of files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from rgbcloud.errors import ImageReadError, ImageWriteError, InvalidArgumentError, check_choice, reason_of
from rgbcloud.formats import result_suffix, split_suffix
from rgbcloud.textures.tokens import Pattern, tagged_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike

    from rgbcloud.settings import AlphaName


Tiling = Literal["udim", "0-based", "1-based", "frames"]

TILINGS: tuple[Tiling, ...] = ("udim", "0-based", "1-based", "frames")

_MOST_MISSING = 1000  # of which names are given

_NO_VERSION = r"(?<!\d)(?<![^a-zA-Z][vV])(?<!^[vV])"  # wood_v1002 is not tile 1002
_IN_NAMES: dict[Tiling, re.Pattern[str]] = {
    "udim": re.compile(_NO_VERSION + r"(?!1000)[1-9]\d{3}(?!\d)"),
    "0-based": re.compile(r"[uU]\d{1,3}_[vV]\d{1,3}|[vV]\d{1,3}_[uU]\d{1,3}"),
    "1-based": re.compile(r"[uU][1-9]\d{,2}_[vV][1-9]\d{,2}|[vV][1-9]\d{,2}_[uU][1-9]\d{,2}"),
    "frames": re.compile(rf"(?<=[._])-\d+|{_NO_VERSION}\d+"),
}
_TOKEN_OF: dict[Tiling, str] = {
    "udim": "<UDIM>",
    "0-based": "u<u>_v<v>",
    "1-based": "u<U>_v<V>",
    "frames": "<f>",
}


class Member(NamedTuple):
    """One file of a texture."""

    path: Path
    token: str = ""
    """What stands in the name for the pattern's tokens: ``1001``, ``u0_v1``, ``0007``; mostly empty."""
    tile: tuple[int, int] | None = None
    """u and v of the tile, counted from 0 whatever the naming."""
    frame: int | None = None


@dataclass(frozen=True)
class Texture:
    """One file, or several that belong together and share a palette.

    Attributes
    ----------
    name : str
        What messages call it: the path, the pattern, or the first file of a list and how many more.
    members : tuple of Member
        At least one; a set in the order of frames, then tiles, a list in its own.
    missing : tuple of str
        Names of files that a set lacks: frames between the first and the last, tiles that have neighbours
        on both sides in their row or column (ragged edges are as UV layouts have them). The first 1000.
    pattern : str or None
        The path with tokens of a set, None for a file or a list.
    color_space : str
        As the host that shows it calls it; "" where it has none.
    alpha : {"auto", "opacity", "channel"}
        What the host that shows it does with its alpha; "auto" where it does nothing.

    Examples
    --------
    >>> texture = Texture.of_files(["wood.png"])
    >>> [target.name for target in texture.targets("k16")]
    ['wood.k16.png']
    """

    name: str
    members: tuple[Member, ...]
    missing: tuple[str, ...] = ()
    pattern: str | None = None
    color_space: str = ""
    alpha: AlphaName = "auto"

    @classmethod
    def find(cls, path: str | PathLike[str]) -> Texture:
        """Return the texture of a path, or of a pattern with tokens in its file name.

        Parameters
        ----------
        path : str or path-like
            A file; or a pattern with ``<UDIM>`` (``%(UDIM)d``, ``_MAPID_``), ``u<u>_v<v>`` or ``<u>_<v>``
            (counted from 0), ``u<U>_v<V>``, ``<U>_<V>``, ``<UVTILE>`` or ``%(UVTILE)d`` (from 1), v first if
            names say so, and a frame as ``<f>``, ``####`` (at least so many digits) or ``%04d``, which
            may be negative after a dot or an underscore. A tile and a frame may stand together, and stand
            for the suffix: ``sea.png.####``. Capitals matter in ``<u>`` and ``<U>`` only.

        Raises
        ------
        ImageReadError
            If there is no such file, or two files have the same tile and frame.
        InvalidArgumentError
            If a token is unknown, stands twice, or is part of a folder's name.
        """
        file = Path(path)
        try:
            file.stat()
        except (OSError, ValueError) as error:  # ValueError: a name that no file can have
            pattern = Pattern.parse(file)
            if pattern is not None:
                return _set_of(pattern)
            raise ImageReadError(f"{file}: {reason_of(error)}; check the path") from error
        return cls.of_files([file])

    @classmethod
    def of_tile(cls, path: str | PathLike[str], tiling: Tiling) -> Texture:
        """Return the set that a file belongs to: ``wood.1001.png`` stands for ``wood.<UDIM>.png``.

        Parameters
        ----------
        path : str or path-like
            One file of the set, which need not be there; or a pattern, as for `find`.
        tiling : {"udim", "0-based", "1-based", "frames"}
            What the last such number in the file's name is: ``1001``, ``u0_v0``, ``u1_v1``, or a frame.

        Raises
        ------
        InvalidArgumentError
            If `tiling` is none of these, or the name has no such number.
        ImageReadError
            See `find`.
        """
        check_choice("tiling", tiling, TILINGS)
        file = Path(path)
        pattern = Pattern.parse(file)
        if pattern is None:
            # Of sea.png.0001 the number is the suffix.
            searched = file.stem if split_suffix(file)[0] == file.stem else file.name
            found = list(_IN_NAMES[tiling].finditer(searched))
            if not found:
                raise InvalidArgumentError(f"{file}: its name has no {tiling} number; choose another tiling")
            start, stop = found[-1].span()
            token = _TOKEN_OF[tiling]
            if found[-1][0][0] in "vV":
                token = "_".join(reversed(token.split("_")))
            pattern = Pattern.parse(file.with_name(file.name[:start] + token + file.name[stop:]))
        if pattern is None:  # a token was just put in
            raise TypeError(path)
        return _set_of(pattern)

    @classmethod
    def of_files(cls, paths: Iterable[str | PathLike[str]]) -> Texture:
        """Return any files as one texture, in their order; a file that is named again counts once.

        Raises
        ------
        InvalidArgumentError
            If there are no files.
        """
        files: dict[Path, Path] = {}
        for path in paths:
            files.setdefault(Path(path).resolve(), Path(path))
        members = tuple(Member(file) for file in files.values())
        if not members:
            raise InvalidArgumentError("a texture must have at least one file, got none")
        name = str(members[0].path)
        if len(members) > 1:
            name += f" and {len(members) - 1} more"
        return cls(name, members)

    @property
    def paths(self) -> list[Path]:
        """The files, in order."""
        return [member.path for member in self.members]

    @property
    def gaps(self) -> str:
        """What is missing, as users are told; empty if nothing is."""
        if not self.missing:
            return ""
        shown = ", ".join(self.missing[:8]) + (" …" if len(self.missing) > 8 else "")
        return f"{len(self.missing)} missing between the files that are there: {shown}"

    def targets(
        self, tag: str, folder: str | PathLike[str] | None = None, suffix: str = ".png"
    ) -> list[Path]:
        """Return the file that each member is reduced to, tokens kept: ``wood.k16.1001.png``.

        Parameters
        ----------
        tag : str
            Of the recipe; see `Recipe.tag`.
        folder : str or path-like, optional
            Where they are to stand; beside their sources if left out.
        suffix : str, default ".png"
            Of 8-bit results; EXR, HDR and .tx files keep their own.

        Raises
        ------
        ImageWriteError
            If two members would become one file.
        """
        if self.pattern is None:
            targets = [tagged_path(path, tag, result_suffix(path, suffix)) for path in self.paths]
            if folder is not None:
                targets = [Path(folder) / target.name for target in targets]
        else:
            targets = self.rename_members(self.target_pattern(tag, folder, suffix))
        sources: dict[Path, Path] = {}
        for member, target in zip(self.members, targets):
            other = sources.setdefault(target, member.path)
            if other != member.path:
                raise ImageWriteError(
                    f"{other} and {member.path} would both be written to {target}; reduce them one by one"
                )
        return targets

    def target_pattern(
        self, tag: str, folder: str | PathLike[str] | None = None, suffix: str = ".png"
    ) -> str:
        """Return the path of the reduced texture, tokens and all: ``wood.k16.<UDIM>.png``.

        Raises
        ------
        InvalidArgumentError
            If the texture is a list of files, which has none.
        """
        if self.pattern is None and len(self.members) > 1:
            msg = f"{self.name} are a list of files, which no one path stands for; take its targets"
            raise InvalidArgumentError(msg)
        if self.pattern is None:
            return str(self.targets(tag, folder, suffix)[0])
        path = tagged_path(self.pattern, tag, result_suffix(self.members[0].path, suffix))
        return str(path if folder is None else Path(folder) / path.name)

    def member_like(self, member: Member) -> Path:
        """Return the file of this texture that is laid on a member of another one, as a mask is.

        Raises
        ------
        InvalidArgumentError
            If there is none of its tile and frame, and more than one file.
        """
        for candidate in self.members:
            if len(self.members) == 1 or candidate[2:] == member[2:]:
                return candidate.path
        raise InvalidArgumentError(
            f"{self.name} has no mask for {member.path.name}; add it or leave the mask out"
        )

    def rename_members(self, pattern: str | PathLike[str]) -> list[Path]:
        """Return the path of every member of a set by another pattern, whose tokens may be written otherwise.

        Raises
        ------
        ImageWriteError
            If the pattern lacks a token, so that members would have one name, or has one that the set lacks.
        InvalidArgumentError
            See `find`.
        """
        path = Path(pattern)
        asked, own = Pattern.parse(path), Pattern.parse(Path(self.pattern or ""))
        names: list[str] = []
        if asked is not None and own is not None:
            try:
                names = [asked.name_from(own, member.path.name) for member in self.members]
            except KeyError as error:
                msg = f"{path} has a token for a {error.args[0]}, of which {self.name} has none; take it out"
                raise ImageWriteError(msg) from error
        if len(set(names)) < len(self.members):
            raise ImageWriteError(
                f"{path} is one name for the {len(self.members)} files of {self.name}; "
                "its name needs their token, such as <UDIM>"
            )
        return [path.with_name(name) for name in names]


def _set_of(pattern: Pattern) -> Texture:
    """Find the files of a pattern."""
    members: dict[tuple[int, tuple[int, int]], Member] = {}
    for file in _files_in(pattern.path.parent):
        match = pattern.matcher.fullmatch(file.name)
        if not match:
            continue
        member = Member(file, *pattern.place_of(match))
        v, u = (member.tile or (0, 0))[::-1]
        other = members.setdefault((member.frame or 0, (v, u)), member)
        if other != member:
            raise ImageReadError(
                f"{pattern.path}: {other.path.name} and {file.name} are both the same frame or tile; "
                "move one of them away"
            )
    if not members:
        raise ImageReadError(f"{pattern.path}: no file on disk matches it; check the folder and the token")
    found = tuple(members[key] for key in sorted(members))
    return Texture(str(pattern.path), found, tuple(_missing_files(pattern, found)), str(pattern.path))


def _missing_files(pattern: Pattern, members: Sequence[Member]) -> list[str]:
    """Return the names of files that are not there, though their neighbours are."""
    present = {(member.frame, member.tile) for member in members}
    numbers = [member.frame for member in members if member.frame is not None]
    frames = range(min(numbers), max(numbers) + 1) if numbers else [None]
    found = {member.tile for member in members if member.tile is not None}
    tiles = sorted(found | _holes(found), key=lambda tile: tile[::-1]) if found else [None]
    absent = ((tile, frame) for frame in frames for tile in tiles if (frame, tile) not in present)
    like = pattern.texts_in(members[0].path.name)
    return [pattern.name(tile, frame, like) for tile, frame in islice(absent, _MOST_MISSING)]


def _files_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise ImageReadError(f"{folder}: {reason_of(error)}") from error


def _holes(tiles: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the tiles that lie between two others of their row or column."""
    rows: dict[int, list[int]] = {}
    columns: dict[int, list[int]] = {}
    for u, v in tiles:
        rows.setdefault(v, []).append(u)
        columns.setdefault(u, []).append(v)
    between = {(u, v) for v, row in rows.items() for u in range(min(row), max(row))}
    between |= {(u, v) for u, column in columns.items() for v in range(min(column), max(column))}
    return between - tiles
