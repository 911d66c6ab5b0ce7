"""`maya.app.general.fileTexturePathResolver`: patterns of tiles and frames, and the files that fit.

Described in section 4 of the fact sheet from maya-mock-completion's copy of the module.
"""

from __future__ import annotations

import os
import re

from maya_standin.evaluate import tagged_pattern

_TOKENS = {
    "<udim>": r"(?P<udim>1\d{3})", "<u>": r"(?P<u>\d+)", "<v>": r"(?P<v>\d+)", "<f>": r"(?P<f>\d+)",
}  # fmt: skip


def getFilePatternString(filePath: str, useFrameExtension: bool, uvTilingMode: int) -> str:
    """Return the path with its tile and frame numbers replaced by tokens."""
    return tagged_pattern(filePath, bool(useFrameExtension), uvTilingMode)


def findAllFilesForPattern(pattern: str, frameNumber: int | None) -> list[str]:
    """Return the files in the pattern's folder that fit it, or the pattern alone if none does."""
    folder, name = os.path.split(pattern)
    regex = _regex(name)
    found = []
    for entry in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        match = regex.fullmatch(entry)
        if match and (frameNumber is None or "f" not in match.groupdict() or int(match["f"]) == frameNumber):
            found.append(f"{folder}/{entry}")
    return found or [pattern]


def computeUVForFile(filePath: str, filePattern: str) -> list[int] | None:
    """Return the tile (u, v) of a file, counted from 0."""
    match = _regex(os.path.basename(filePattern)).fullmatch(os.path.basename(filePath))
    if not match:
        return None
    groups = match.groupdict()
    if groups.get("udim"):
        number = int(groups["udim"]) - 1001
        return [number % 10, number // 10]
    if groups.get("u"):
        shift = 1 if "<U>" in filePattern else 0
        return [int(groups["u"]) - shift, int(groups["v"]) - shift]
    return None


def computeUVForFiles(filePaths: list[str], filePattern: str) -> list[int]:
    """Return the tiles of several files in one flat list."""
    return [number for path in filePaths for number in (computeUVForFile(path, filePattern) or (0, 0))]


def _regex(name: str) -> re.Pattern[str]:
    parts = re.split(r"(<udim>|<u>|<v>|<f>)", name, flags=re.IGNORECASE)
    return re.compile("".join(_TOKENS.get(part.lower(), re.escape(part)) for part in parts))
