"""Receipts: what a batch has done already, so that it can go on where it stopped.

A small file of JSON for each result, in a hidden folder beside the results. Each is written whole or not at
all, by whoever wrote the result and as soon as this is in its place. What cannot be read is set aside.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import stat
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import rgbcloud
from rgbcloud.errors import RgbcloudError, reason_of
from rgbcloud.images import write_file
from rgbcloud.textures import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rgbcloud import Recipe

FOLDER_NAME = ".rgbcloud-receipts"
_MOST_BYTES = 1 << 26
# What reading one raises.
_DAMAGED = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class FileState:
    """What a file held, and how to see without reading it that it still does."""

    name: str  # for a source: all of it that has a say in what the result holds
    digest: str  # of its bytes
    stamp: tuple[int, ...]
    """Size, times of the last change to its bytes and to its entry, and number, as the file system has
    them."""

    @classmethod
    def of(cls, path: Path, name: str) -> FileState:
        """Look at a file.

        Raises
        ------
        ImageReadError
            If it cannot be read.
        """
        stamp = _stamp(path)  # first: should it change while it is read, the stamp is the old one
        return cls(name, digest_of([path]), stamp)

    def is_of(self, path: Path) -> bool:
        """Whether a file has not been touched since."""
        return bool(self.stamp) and _stamp(path) == self.stamp


@dataclass(frozen=True)
class Receipt:
    """What results were made of."""

    target: str  # the result, or the pattern of a set, from the folder that the receipts belong to
    key: str  # the digest of all that decides what it holds beside the sources
    # In the texture's order.
    sources: tuple[FileState, ...]
    results: tuple[FileState, ...] = ()
    version: str = rgbcloud.__version__  # of rgbcloud

    def is_for(self, key: str) -> bool:
        """Whether this release made it by the same recipe."""
        return (self.key, self.version) == (key, rgbcloud.__version__)

    def is_of(self, sources: Sequence[FileState]) -> bool:
        """Whether it was made of sources that hold what these hold."""
        ours = [(state.name, state.digest) for state in self.sources]
        return ours == [(state.name, state.digest) for state in sources]

    @classmethod
    def from_json(cls, data: bytes) -> Receipt:
        """Return the receipt that `to_json` wrote.

        Raises
        ------
        ValueError, TypeError, KeyError, RecursionError
            If it is none.
        """
        values = json.loads(data.decode("utf-8"))
        sources, results = (
            tuple(
                FileState(str(each["name"]), str(each["digest"]), tuple(map(int, each["stamp"])))
                for each in values[name]
            )
            for name in ("sources", "results")
        )
        return cls(str(values["target"]), str(values["key"]), sources, results, str(values["version"]))

    def to_json(self) -> bytes:
        """Return it as a file."""
        return (json.dumps(asdict(self)) + "\n").encode()


class Receipts:
    """The receipts of some folders.

    Parameters
    ----------
    folder : str or None
        The folder of the results, however deep below it they are; if None, each has its receipt beside it.
    """

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._known: set[str] = set()  # folders of receipts that are some
        self.notes: list[str] = []
        """What was found damaged and set aside, a sentence each."""

    def find(self, target: str) -> Receipt | None:
        """Return the receipt of a target, or of a pattern; one that is damaged is set aside."""
        file, name = self._place(target)
        try:
            if not self._is_folder(os.path.dirname(file)):  # noqa: PTH120
                return None
            if not _is_regular(file):
                if os.path.lexists(file):
                    self._set_aside(file, f"the receipt of {target}")
                return None
            receipt = Receipt.from_json(_content(file))
        except OSError as error:
            self.notes.append(f"{file} cannot be read: {reason_of(error)}")
            return None
        except _DAMAGED:
            self._set_aside(file, f"the receipt of {target}")
            return None
        return receipt if receipt.target == name else None

    def add(self, target: str, key: str, sources: Iterable[FileState], results: Sequence[Path]) -> Receipt:
        """Write down that results are done.

        Raises
        ------
        OSError, RgbcloudError
            If a result, or the receipt, cannot be read or written.
        """
        file, name = self._place(target)
        states = tuple(FileState.of(path, result_name(path, target)) for path in results)
        receipt = Receipt(name, key, tuple(sources), states)
        folder = os.path.dirname(file)  # noqa: PTH120
        self._is_folder(folder)
        write_file(file, receipt.to_json(), overwrite=True)
        _settle(folder)
        return receipt

    def _place(self, target: str) -> tuple[str, str]:
        # As strings: with a hundred thousand targets, most of the time would go into paths.
        folder = os.path.dirname(target) if self._folder is None else self._folder  # noqa: PTH120
        start = os.path.join(folder, "")  # noqa: PTH118
        is_below = target.startswith(start)
        name = target[len(start) :] if is_below else os.path.relpath(target, folder or os.curdir)
        if os.sep != "/":
            name = name.replace(os.sep, "/")
        digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:40]  # a name of any length
        return os.path.join(folder, FOLDER_NAME, f"{digest}.json"), name  # noqa: PTH118

    def _is_folder(self, folder: str) -> bool:
        """Whether the folder of receipts is there, having moved what has its name and is none."""
        if folder in self._known:
            return True
        try:
            mode = os.lstat(folder).st_mode
        except FileNotFoundError:
            return False
        if not stat.S_ISDIR(mode):
            self._set_aside(folder, "what should be the folder of receipts")
            return False
        self._known.add(folder)
        return True

    def _set_aside(self, path: str, what: str) -> None:
        """Give a file another name, and say so."""
        for number in itertools.count(1):
            aside = f"{path}.damaged{number}"
            if not os.path.lexists(aside):
                break
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            os.rename(path, aside)  # noqa: PTH104
            self.notes.append(f"{what} is damaged, and was set aside as {aside}")


def all_receipts(folder: Path) -> Iterator[Receipt]:
    """Yield the receipts that belong to a folder; what is damaged is passed over, and left where it is."""
    for file in sorted((folder / FOLDER_NAME).glob("*.json")):
        with contextlib.suppress(OSError, *_DAMAGED):
            if _is_regular(file):
                yield Receipt.from_json(file.read_bytes())


def result_name(path: Path, target: str) -> str:
    """Return what a receipt calls a file of a result: its place beside it, or below."""
    return Path(os.path.relpath(path, Path(target).parent)).as_posix()


def source_names(paths: Sequence[Path], recipe: Recipe) -> list[str]:
    """Return of every source's path what has a say in what its result holds.

    The name tells the kind; by OpenColorIO's file rules the whole path may tell the colour space.
    """
    has_rules = recipe.settings.ocio or os.environ.get("OCIO")
    return [str(path.absolute()) if has_rules else path.name for path in paths]


def are_untouched(states: Sequence[FileState], paths: Sequence[Path]) -> bool:
    """Whether files are those that were looked at, and were not touched since."""
    return len(states) == len(paths) and all(state.is_of(path) for state, path in zip(states, paths))


def hold_the_same(states: Sequence[FileState], paths: Sequence[Path]) -> bool:
    """Whether files hold what others held, byte for byte."""
    return len(states) == len(paths) and all(holds(state, path) for state, path in zip(states, paths))


def holds(state: FileState, path: Path) -> bool:
    """Whether a file holds what it, or another one, held."""
    try:
        return state.is_of(path) or digest_of([path]) == state.digest
    except RgbcloudError:
        return False


def _stamp(path: str | Path) -> tuple[int, ...]:
    """Return what changes when a file does; empty if there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - as fast as it gets
    except (OSError, ValueError):
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _content(path: str) -> bytes:
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        return os.read(handle, min(os.fstat(handle).st_size, _MOST_BYTES))
    finally:
        os.close(handle)


def _is_regular(path: str | Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False


def _settle(folder: str) -> None:
    """See to it that new names in a folder outlast a power cut, where the system offers that."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError:  # a file system that has no such thing
            pass
        finally:
            os.close(handle)
