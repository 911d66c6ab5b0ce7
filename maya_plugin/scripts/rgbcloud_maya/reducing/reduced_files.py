"""The files of a reduced texture: their names, what they were made of, and writing them.

Files that are there are never replaced: a scene that is undone, or another one, may show them. Nothing here
knows Maya, so that it may run in any thread.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rgbcloud import (
    CancelledError,
    ImageReadError,
    ImageWriteError,
    InvalidArgumentError,
    Output,
    Progress,
    TextureReduction,
    reduce_texture,
)
from rgbcloud.errors import reason_of
from rgbcloud.images import write_file
from rgbcloud.progress import portion, silent
from rgbcloud.textures import digest_of
from rgbcloud_maya.reducing.renderer_copies import renew_copies, warning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rgbcloud import Recipe, Texture

_naming = threading.Lock()  # between looking for a free name and having it
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


class SourceFile(NamedTuple):
    """A file as it was when it was read."""

    name: str
    size: int
    date: int  # of its last change, nanoseconds
    digest: str  # of its content

    @classmethod
    def of(cls, path: Path) -> SourceFile:
        """Look at a file.

        Raises
        ------
        ImageReadError
            If it is not there, or cannot be read.
        """
        size, date = _size_and_date(path)
        return cls(path.name, size, date, digest_of([path]))

    def is_still(self, path: Path) -> bool:
        """Return whether a file is this one: of its size, and of its date or else its content."""
        size, date = _size_and_date(path)
        if (path.name, size) != (self.name, self.size):
            return False
        return date == self.date or digest_of([path]) == self.digest


@dataclass(frozen=True)
class ReductionRecord:
    """What a reduction was made of and what came of it: tells whether it is up to date."""

    recipe: str  # the recipe's digest
    color_space: str  # what the host called that of the texture, which says what its numbers mean
    colors: int  # of the palette: what was asked for, or what a goal led to
    files: tuple[str, ...]  # names of the reduced files
    sources: tuple[SourceFile, ...]  # what they were made of, in the same order

    def is_of(self, texture: Texture, recipe_digest: str) -> bool:
        """Return whether reducing a texture by a recipe would give the same again."""
        return (
            (self.recipe, self.color_space) == (recipe_digest, texture.color_space)
            and len(self.sources) == len(texture.paths)
            and all(source.is_still(path) for source, path in zip(self.sources, texture.paths))
        )

    def to_json(self) -> str:
        """Return the record as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> ReductionRecord:
        """Return the record that `to_json` wrote.

        Raises
        ------
        InvalidArgumentError
            If the text is something else.
        """
        try:
            values = json.loads(text)
            sources = tuple(SourceFile(*source) for source in values.pop("sources"))
            return cls(files=tuple(values.pop("files")), sources=sources, **values)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InvalidArgumentError(f"this is no record of a reduction: {text[:80]!r}") from error


@dataclass(frozen=True, eq=False)
class ReducedFiles:
    """A texture reduced and saved."""

    reduction: TextureReduction
    recipe: Recipe  # as it was asked for
    record: ReductionRecord
    paths: tuple[Path, ...]  # the reduced file of each of the texture's members
    pattern: Path  # the path with the texture's token, or that of its one file
    stale: str  # a sentence about renderers' copies that are older than these files; mostly empty

    @property
    def sizes(self) -> tuple[int, int]:
        """Bytes before and after."""
        reports = [member.report for member in self.reduction.members]
        return sum(report.bytes_before for report in reports), sum(report.bytes_after for report in reports)


class NewFiles:
    """Files that work has written, to be taken back if it is cancelled."""

    def __init__(self) -> None:
        self._paths: list[Path] = []

    def add(self, path: Path) -> None:
        """Note a file that was not there before."""
        self._paths.append(path)

    def isdisjoint(self, paths: Sequence[Path]) -> bool:
        """Return whether none of some files is among them."""
        return set(self._paths).isdisjoint(paths)

    def remove(self, but: Sequence[Path] = ()) -> None:
        """Delete them, some excepted: nothing shows them yet."""
        for path in set(self._paths).difference(but):
            path.unlink(missing_ok=True)
        self._paths = [path for path in self._paths if path in but]

    @contextlib.contextmanager
    def unless_cancelled(self) -> Iterator[None]:
        """Delete them if what is done with them is cancelled."""
        try:
            yield
        except CancelledError:
            self.remove()
            raise


def write_reduced(
    texture: Texture,
    recipe: Recipe,
    folder: Path,
    *,
    config: str = "",
    new_files: NewFiles | None = None,
    progress: Progress = silent,
) -> ReducedFiles:
    """Reduce a texture and write its files, of which those that are there already are left alone.

    Parameters
    ----------
    texture : Texture
        Only read.
    recipe : Recipe
    folder : Path
        Where the files go.
    config : str
        See `renew_copies`.
    new_files : NewFiles, optional
        Notes what was not there before.
    progress : Progress
        Told from time to time.

    Returns
    -------
    ReducedFiles

    Raises
    ------
    RgbcloudError
        As `reduce_texture`. Nothing is written before all is computed.
    """
    digest = recipe.digest()
    # First, so that what changes meanwhile is noticed. What is no file is told below.
    sources = tuple(SourceFile.of(path) for path in texture.paths if path.is_file())
    with tempfile.TemporaryDirectory(prefix="rgbcloud") as scratch:
        part = portion(progress, 0.0, 0.95)
        reduction = reduce_texture(texture, recipe, Output(scratch), progress=part)
        made = [member.target for member in reduction.members]
        progress(0.95, "saving")
        with _naming:
            tag = _free_tag(texture, _tag(recipe, digest), folder, made)
            paths = tuple(texture.targets(tag, folder))
            for path, file in zip(paths, made):
                if not path.exists():
                    write_file(path, file.read_bytes())
                    if new_files is not None:
                        new_files.add(path)
    progress(0.98, "renewing renderers' copies")
    copies = renew_copies(paths, config)
    progress(1.0, "done")
    members = tuple(member._replace(target=path) for member, path in zip(reduction.members, paths))
    record = ReductionRecord(
        digest,
        texture.color_space,
        reduction.recipe.settings.colors,
        tuple(path.name for path in paths),
        sources,
    )
    pattern = Path(texture.target_pattern(tag, folder))
    notes = [f"{copy} was older than the image, and is made anew" for copy in copies.made_anew]
    whole = replace(reduction, members=members, notes=(*reduction.notes, *notes))
    return ReducedFiles(whole, recipe, record, paths, pattern, warning_of(copies.stale))


def _tag(recipe: Recipe, digest: str) -> str:
    """Return what names carry: the recipe's tag, and a mark of the texels of a mask."""
    return f"{recipe.tag()}.{mark_of(digest)}" if recipe.mask else recipe.tag()


def _free_tag(texture: Texture, tag: str, folder: Path, made: Sequence[Path]) -> str:
    """Return a tag whose names nothing else has: it may come to carry a mark of what the files hold."""
    for possible in (tag, f"{tag}.{mark_of(digest_of(made))}"):
        paths = texture.targets(possible, folder)
        if all(not path.exists() or _are_alike(path, file) for path, file in zip(paths, made)):
            return possible
    raise ImageWriteError(f"{paths[0]} is there already and holds something else; choose another folder")


def _are_alike(path: Path, other: Path) -> bool:
    return (
        path.is_file()
        and _size_and_date(path)[0] == other.stat().st_size
        and (digest_of([path]) == digest_of([other]))
    )


def mark_of(digest: str) -> str:
    """Return six letters that stand for a digest: digits could be taken for a tile or frame."""
    return digest[:6].translate(_LETTERS)


def _size_and_date(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise ImageReadError(f"{path}: {reason_of(error)}; check the path") from error
    return found.st_size, found.st_mtime_ns
