"""The files of a reduced texture: their names, and writing them without losing what is there.

Nothing here knows Maya, so that it may run in any thread.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud import ImageWriteError, Progress
from rgbcloud.images.files import write_file
from rgbcloud.progress import portion, silent
from rgbcloud.textures.texture_reduction import TextureReduction, reduce_texture
from rgbcloud_maya.wishes import NO_WISHES, Wishes, mark_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from rgbcloud import Settings
    from rgbcloud.textures.texture import Texture


@dataclass(frozen=True, eq=False)
class ReducedFiles:
    """A texture reduced and saved.

    Attributes
    ----------
    reduction : TextureReduction
    wishes : Wishes
        What it went by beside the reduction's settings.
    paths : tuple of Path
        The reduced file of each of the texture's members.
    pattern : Path
        The path with the texture's token, or that of its one file.
    replaced : bool
        Whether files of these names held something else before.
    """

    reduction: TextureReduction
    wishes: Wishes
    paths: tuple[Path, ...]
    pattern: Path
    replaced: bool = False


@dataclass(frozen=True)
class _Names:
    """What the files are called with one mark; see `_names`."""

    paths: tuple[Path, ...]
    pattern: Path


def write_reduced(
    texture: Texture,
    settings: Settings,
    folder: Path,
    *,
    replaceable: Collection[Path] = (),
    wishes: Wishes = NO_WISHES,
    progress: Progress = silent,
) -> ReducedFiles:
    """Reduce a texture and write its files, of which those that hold the same already are left alone.

    Parameters
    ----------
    texture : Texture
        Only read.
    settings : Settings
    folder : Path
        Where the files go.
    replaceable : collection of Path
        Files that may hold something else than before: reductions of this very texture.
    wishes : Wishes
        With their digest.
    progress : Progress
        Told from time to time.

    Returns
    -------
    ReducedFiles

    Raises
    ------
    RgbcloudError
        As `reduce_texture`, or if other files have the names. Nothing is written before all is computed.
    """
    with tempfile.TemporaryDirectory(prefix="rgbcloud") as scratch:
        reduction = reduce_texture(
            texture,
            settings,
            folder=scratch,
            palette=wishes.given_palette(),
            like=wishes.like_palette(),
            mask=wishes.mask_texture(),
            goal=wishes.goal,
            progress=portion(progress, 0.0, 0.95),
        )
        made = [member.target for member in reduction.members]
        possible = _names(texture, reduction.settings, wishes, folder)
        names = _free_names(possible, made, replaceable)
        progress(0.95, "saving")
        replaced = False
        for path, file in zip(names.paths, made):
            data = file.read_bytes()
            if not (path.exists() and path.read_bytes() == data):
                replaced |= path.exists()
                write_file(path, data, overwrite=True)
    members = tuple(member._replace(target=path) for member, path in zip(reduction.members, names.paths))
    progress(1.0, "done")
    return ReducedFiles(replace(reduction, members=members), wishes, names.paths, names.pattern, replaced)


def is_up_to_date(texture: Texture, paths: Sequence[Path]) -> bool:
    """Return whether a texture's reduced files are all there and newer than what they were made of."""
    if not all(path.exists() for path in paths):
        return False
    return min(path.stat().st_mtime for path in paths) >= max(path.stat().st_mtime for path in texture.paths)


def reduced_paths(texture: Texture, settings: Settings, wishes: Wishes, shown: Path) -> tuple[Path, ...]:
    """Return the files that a node shows, given the path of one or their pattern; none if it shows others."""
    for names in _names(texture, settings, wishes, shown.parent):
        if shown in (*names.paths, names.pattern):
            return names.paths
    return ()


def _free_names(possible: Sequence[_Names], made: Sequence[Path], replaceable: Collection[Path]) -> _Names:
    """Return the first names that nothing else has."""
    for names in possible:
        if all(
            not path.exists() or path in replaceable or path.read_bytes() == file.read_bytes()
            for path, file in zip(names.paths, made)
        ):
            return names
    msg = f"{names.paths[0]} is there already and holds another texture; choose another folder"
    raise ImageWriteError(msg)


def _names(texture: Texture, settings: Settings, wishes: Wishes, folder: Path) -> tuple[_Names, _Names]:
    """Return what the files may be called: after settings and wishes, and after their source as well.

    ``wood.jpg`` and ``wood.png`` of one folder, or of two that are reduced into one, would have one name.
    """
    source = mark_of(str(texture.paths[0].resolve()))
    wished = f".{wishes.digest}" if wishes.digest else ""
    return _named(texture, settings, folder, wished), _named(texture, settings, folder, f"{wished}.{source}")


def _named(texture: Texture, settings: Settings, folder: Path, mark: str) -> _Names:
    tag = f".{settings.tag()}"

    def marked(path: Path) -> Path:
        return path.with_name(path.name.replace(tag, tag + mark, 1))

    return _Names(
        tuple(marked(path) for path in texture.targets(settings, folder)),
        marked(Path(texture.target_pattern(settings, folder))),
    )
