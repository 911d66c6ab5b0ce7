"""Which textures are meant by files that a user opens or drops: single ones, sets of tiles or frames."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud import FORMATS, InvalidArgumentError, Texture
from rgbcloud.images import split_suffix
from rgbcloud.textures import has_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rgbcloud.textures import Tiling

_NO_VERSION = r"(?<!\d)(?<![^a-zA-Z][vV])"
_UDIM = re.compile(_NO_VERSION + r"1[0-9]{3}$")  # above v 99 it is rather a number of a photograph
_UV = re.compile(r"u\d{1,3}_v\d{1,3}$", re.IGNORECASE)
_FRAME = re.compile(
    rf"({_NO_VERSION}\d{{3,}}|\.\d+)$"
)  # as renderers number frames; wood1 and wood2 are two textures


def textures_among(paths: Sequence[Path], *, apart: bool = False) -> Iterator[Texture]:
    """Yield the textures of some paths: files, patterns, and folders, of which the images right in them.

    Several files whose names differ in a tile's or frame's number alone stand for the set that they are of.

    Parameters
    ----------
    paths : sequence of Path
    apart : bool, default False
        Whether each file is a texture of its own, whatever its name.

    Raises
    ------
    RgbcloudError
        From a pattern that nothing fits.
    """
    patterns = [path for path in paths if has_tokens(path)]
    files = [image for path in paths if path not in patterns for image in images_of(path)]
    yield from (Texture.find(pattern) for pattern in patterns)
    left = dict.fromkeys(files)
    for file in files:
        if file not in left:
            continue
        found = None if apart else _set_of(file, left)
        for member in [file] if found is None else found.paths:
            left.pop(member, None)
        yield Texture.of_files([file]) if found is None else found


def _set_of(file: Path, others: Iterable[Path]) -> Texture | None:
    """Return the set that a file and at least one of the others are of, if there is one."""
    tiling = _tiling_of(split_suffix(file)[0])
    if tiling is None:
        return None
    try:
        found = Texture.of_tile(file, tiling)
        if tiling == "0-based" and all(member.tile and min(member.tile) > 0 for member in found.members):
            found = Texture.of_tile(file, "1-based")
    except InvalidArgumentError:  # a folder's name is like a pattern, for instance
        return None
    return found if len(set(found.paths).intersection(others)) > 1 else None


def _tiling_of(stem: str) -> Tiling | None:
    if _UV.search(stem):
        return "0-based"
    if _UDIM.search(stem):
        return "udim"
    return "frames" if _FRAME.search(stem) else None


def images_of(path: Path) -> Iterator[Path]:
    """Yield a path that is named like an image, or those that lie in a folder."""
    if path.is_dir():
        yield from (file for file in sorted(path.iterdir()) if split_suffix(file)[1].lower() in FORMATS)
    elif path.is_file() and split_suffix(path)[1].lower() in FORMATS:
        yield path


def work_path(texture: Texture) -> Path:
    """Return the file that keeps what was made of a texture, beside it."""
    path = Path(texture.pattern or texture.members[0].path)
    return path.with_name(re.sub(r'[<>#%:"|?*]', "", path.name) + ".rgbcloud.json")
