"""The files of what is shown, when it is a set of tiles, a sequence of frames, or several that share."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from rgbcloud_panel.work import loading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rgbcloud_panel.host import PanelTexture
    from rgbcloud_panel.work.background import Background
    from rgbcloud_panel.work.events import Events


class Tile(NamedTuple):
    """One file that shares its palette with others."""

    path: Path
    label: str
    """What tells it from the others: ``1001``, ``u0_v1``, ``0007``, or its name."""
    place: tuple[int, int] | None
    """u and v of a tile, None of any other file."""


def tiles_of(refs: Sequence[PanelTexture]) -> list[Tile]:
    """Return the files of some textures, each once, in the order in which they are counted."""
    is_alone = len(refs) == 1
    tiles: dict[Path, Tile] = {}
    for ref in refs:
        for member in ref.texture.members if ref.texture is not None else ():
            label = member.token if is_alone and member.token else member.path.name
            place = member.tile if is_alone and member.frame is None else None
            tiles.setdefault(member.path, Tile(member.path, label, place))
    return list(tiles.values())


def places_of(tiles: Sequence[Tile], columns: int) -> list[tuple[int, int]]:
    """Return column and row of each tile, v running upwards; of what is no tile, in rows of so many."""
    in_space = [tile.place for tile in tiles if tile.place is not None]
    if in_space and len(in_space) == len(tiles):
        left, top = min(u for u, _ in in_space), max(v for _, v in in_space)
        return [(u - left, top - v) for u, v in in_space]
    return [(index % columns, index // columns) for index in range(len(tiles))]


class TileThumbnails:
    """Small pictures of tiles, read one after the other while there is nothing better to do.

    Each is told as ``"tiles"``.
    """

    def __init__(self, background: Background, events: Events) -> None:
        self._background = background
        self._events = events
        self._read: dict[Path, loading.Thumbnail | None] = {}

    def of(self, path: Path) -> loading.Thumbnail | None:
        """Return the small picture of a file, None while there is none."""
        return self._read.get(path)

    def want(self, tiles: Sequence[Tile]) -> None:
        """Read those of some tiles, and give up the others."""
        wanted = {tile.path for tile in tiles}
        self._read = {path: known for path, known in self._read.items() if path in wanted}
        self._read_next([tile.path for tile in tiles if tile.path not in self._read])

    def _read_next(self, paths: list[Path]) -> None:
        if not paths:
            self._background.drop("tiles")
            return
        path, *rest = paths

        def keep(thumbnail: loading.Thumbnail | None) -> None:
            self._read[path] = thumbnail
            self._events.emit("tiles")
            self._read_next(rest)

        work = partial(loading.thumbnail, [path])
        self._background.run("tiles", work, keep, lambda _error: keep(None))
