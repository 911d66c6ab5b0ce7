"""Which images a command line names, and where each result goes."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from rgbcloud.errors import ImageWriteError, RgbcloudError
from rgbcloud.images import FORMATS, result_suffix, split_suffix
from rgbcloud.textures import has_tokens, tagged_path
from rgbcloud_app.assets.opening import is_asset
from rgbcloud_app.terminal import SAME, STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rgbcloud import Recipe, Texture


@dataclass(frozen=True)
class Job:
    """One image, one set of images, or one asset, to reduce."""

    # Paths, or ``-`` for standard input and output; of a set patterns with the same tokens.
    source: str
    target: str
    problem: str | None = None  # why it cannot be done, where that is known already
    is_set: bool = False
    is_new: bool = False  # whether it is certain that the target was not there when the run began
    colors: int | None = None  # of its palette, where a budget says so; as the recipe has it if None
    recipe: Recipe | None = None  # of this one, where it is a part of an asset; that of the run if None
    area: float | None = None
    """Of the surface that shows it, or the part of a camera's frame, where that is known."""

    def targets(self, texture: Texture | None) -> list[Path]:
        """Return the file for each member of the texture that the source is; one file is not looked at."""
        return texture.rename_members(self.target) if self.is_set and texture else [Path(self.target)]


@dataclass(frozen=True)
class Places:
    """Where results go."""

    tag: str  # what names of results beside their sources carry
    suffix: str  # of result files; `SAME` for that of each source
    output: str | None = None  # the file for the only result, ``-`` for standard output
    output_dir: str | None = None
    """The folder for all of them, which keep their names and their place within the folder that was named."""

    def target(self, source: str, below: str = "") -> str:
        """Return where the result of `source` goes, which was found so far below a folder that was named."""
        if self.output is not None:
            return self.output
        if source == STANDARD:
            return STANDARD
        if is_asset(source):
            stem, suffix = os.path.splitext(os.path.basename(source))  # noqa: PTH119, PTH122 - see below
        else:
            stem, own = split_suffix(source)
            suffix = own if self.suffix == SAME else result_suffix(source, self.suffix)
        if self.output_dir is None:
            return str(tagged_path(source, self.tag, suffix))
        # As strings: a hundred thousand paths take seconds.
        return os.path.join(self._folder, below, f"{stem}{suffix}")  # noqa: PTH118

    @functools.cached_property
    def _folder(self) -> str:
        folder = str(Path(self.output_dir or ""))
        return "" if folder == os.curdir else folder


def plan_jobs(
    images: Iterable[str], places: Places, *, recursive: bool, tell: Callable[[str], object] = str
) -> Iterator[Job]:
    """Yield a job for every image and asset named, and for those in every folder named if `recursive`.

    Images that belong to an asset in such a folder have no job of their own, which `tell` is told.
    """
    for image in images:
        folder = Path(image)
        if not _is_folder(folder):
            yield Job(image, places.target(image), is_set=has_tokens(image))
        elif not recursive:
            problem = f"{folder} is a folder; name images, or add --recursive to reduce those in it"
            yield Job(image, "", problem)
        else:
            closed: list[OSError] = []
            is_empty = True
            found = _images_in(folder, places.output_dir, closed.append)
            for source, below, hindrance in _without_parts(found, tell):
                yield Job(source, places.target(source, below), hindrance)
                is_empty = False
            for error in closed:
                yield Job(error.filename, "", f"{error.filename} cannot be looked into: {error.strerror}")
            if is_empty and not closed:
                yield Job(image, "", f"{folder} is a folder without images ({' '.join(FORMATS)})")


def _images_in(
    folder: Path, output_dir: str | None, complain: Callable[[OSError], object]
) -> Iterator[tuple[str, str]]:
    """Yield images and assets in a folder and its subfolders, in order, but hidden ones and the results.

    With each image comes what lies between the folder and its name.
    """
    start = len(os.path.join(folder, ""))  # noqa: PTH118
    for parent, folders, names in os.walk(folder, onerror=complain):
        below = parent[start:]
        shown = below if folder == Path() else parent
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and not _is_same(Path(parent, name), output_dir)
        )
        for name in sorted(names):
            if not name.startswith(".") and (split_suffix(name)[1].lower() in FORMATS or is_asset(name)):
                yield os.path.join(shown, name), below  # noqa: PTH118


def _without_parts(
    found: Iterable[tuple[str, str]], tell: Callable[[str], object]
) -> Iterator[tuple[str, str, str | None]]:
    """Yield what is no part of an asset among the same, and why that cannot be done, if it cannot."""
    waiting = list(found)
    parts = {source: _parts_of(source) for source, _ in waiting if is_asset(source)}
    within = set[str]().union(*(files for files, _ in parts.values()))
    owners: dict[str, str] = {}
    reducers: dict[str, str] = {}
    problems: dict[str, str] = {}
    for asset, (files, reduced) in parts.items():
        if os.path.realpath(asset) not in within:
            owners.update((file, owners.get(file, asset)) for file in files)
            for file in reduced:
                first = reducers.setdefault(file, asset)
                if first != asset:
                    told = f"{asset} shares {file} with {first}, by whose surface that is reduced"
                    problems[asset] = f"{told}; reduce it into a folder of its own"
    counts: dict[str, int] = {}
    for source, below in waiting:
        owner = owners.get(os.path.realpath(source)) if owners else None
        if owner is None:
            yield source, below, problems.get(source)
        else:
            counts[owner] = counts.get(owner, 0) + 1
    for owner, count in counts.items():
        tell(f"{owner}: files of this folder that belong to it, and are done with it: {count:,}")


def _parts_of(asset: str) -> tuple[set[str], set[str]]:
    """Return all files of an asset but itself, and those of them that are reduced by what its meshes show.

    None if it cannot be read, which is told when it is tried.
    """
    from rgbcloud_app.assets.lighter import asset_files  # only assets need it

    try:
        files, colored = (set(map(os.path.realpath, each)) for each in asset_files(asset))
    except RgbcloudError:
        return set(), set()
    return files - {os.path.realpath(asset)}, set() if asset.lower().endswith(".mtlx") else colored


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 # Path.is_dir raises where a name is too long


def _is_same(folder: Path, output_dir: str | None) -> bool:
    return output_dir is not None and os.path.realpath(folder) == os.path.realpath(output_dir)


class Targets:
    """Sees to it that no result replaces a source, or another result, of the same run."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._folders: dict[str, str] = {}
        self._sources = {self._real_path(job.source) for job in jobs if job.source != STANDARD}
        self._taken: dict[str, str] = {}

    def claim(self, job: Job) -> None:
        """Raise `ImageWriteError` where a job's target belongs to another one, else note that it is taken."""
        if job.problem or job.target == STANDARD:
            return
        target = self._real_path(job.target)
        if target in self._sources:
            raise ImageWriteError(
                f"{job.target} is a source, which is never written to; choose another output for {job.source}"
            )
        first = self._taken.setdefault(target, job.source)
        if first != job.source:
            raise ImageWriteError(
                f"{job.target} is the result of {first} already; reduce {job.source} into another folder"
            )

    def _real_path(self, path: str) -> str:
        """Return what `os.path.realpath` does; each folder is looked at once."""
        folder, name = os.path.split(path)
        if name in ("", os.curdir, os.pardir) or os.path.islink(path):  # noqa: PTH114 - as fast as it gets
            return os.path.realpath(path)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return os.path.join(self._folders[folder], name)  # noqa: PTH118
