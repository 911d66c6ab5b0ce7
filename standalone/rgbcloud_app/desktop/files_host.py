"""The desktop as the panel's host: textures are image files that the user opens."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from Qt import QtCore

from rgbcloud import FORMATS, ImageReadError, ImageWriteError
from rgbcloud.errors import reason_of
from rgbcloud.images import write_file
from rgbcloud.textures import has_tokens
from rgbcloud_app.desktop.dropped_files import images_of, textures_among, work_path
from rgbcloud_panel.host import PanelTexture, Task
from rgbcloud_panel.work.writing import write_texture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import Recipe, Texture
    from rgbcloud_panel.host import OpenFiles, Scene, WrittenTexture


_MOST_RECENT = 10


class FilesHost:
    """Fulfils `rgbcloud_panel.host.Host`, and its `OpenFiles` too.

    Parameters
    ----------
    memory : QSettings, optional
        Where the user's settings are kept; the place that the operating system has for them if left out.
    """

    def __init__(self, memory: QtCore.QSettings | None = None) -> None:
        self._memory = memory if memory is not None else QtCore.QSettings("rgbcloud", "rgbcloud")
        self._refs: dict[str, PanelTexture] = {}
        self._written: set[Path] = set()
        self._changed: Callable[[], None] | None = None

    @property
    def scene(self) -> Scene | None:
        """There is none."""
        return None

    @property
    def files(self) -> OpenFiles:
        """Return this host."""
        return self

    def open(self, paths: Sequence[Path], *, apart: bool = False) -> None:
        """See `rgbcloud_panel.host.OpenFiles` and `textures_among`."""
        unknown = [path.name for path in paths if not (has_tokens(path) or any(images_of(path)))]
        try:
            for texture in textures_among(paths, apart=apart):
                ref = _ref_of(texture)
                self._refs.setdefault(ref.key, ref)
                self._remember_opened(ref.key)
        finally:
            self._tell()
        if unknown:
            advice = f"choose files that end in one of {' '.join(FORMATS)}"
            raise ImageReadError(f"no image to open: {', '.join(unknown)}; {advice}")

    def recent(self) -> list[Path]:
        """Return what was opened last, the latest first: files and patterns, up to ten."""
        try:
            names = json.loads(self.recall("recent") or "[]")
            return [Path(str(name)) for name in names][:_MOST_RECENT]
        except (TypeError, ValueError):  # someone has edited it
            return []

    def _remember_opened(self, path: str) -> None:
        others = [str(other) for other in self.recent() if str(other) != path]
        self.remember("recent", json.dumps([path, *others][:_MOST_RECENT]))

    def close(self, refs: Sequence[PanelTexture]) -> None:
        """See `rgbcloud_panel.host.OpenFiles`."""
        for ref in refs:
            self._refs.pop(ref.key, None)
        self._tell()

    def keep(self, ref: PanelTexture, work: str) -> None:
        """See `rgbcloud_panel.host.OpenFiles`: a small file beside the picture."""
        if ref.texture is None:
            return
        path = work_path(ref.texture)
        try:
            if work:
                write_file(path, work.encode(), overwrite=True)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise ImageWriteError(f"{path} cannot be removed: {reason_of(error)}") from error

    def textures(self) -> Sequence[PanelTexture]:
        """Return the files in the order in which they were opened."""
        return tuple(self._refs.values())

    def watch(self, changed: Callable[[], None]) -> None:
        """See `rgbcloud_panel.host.Host`."""
        self._changed = changed

    def plan(self, ref: PanelTexture, recipe: Recipe) -> Task:
        """Write beside the sources; what was written since the start may be replaced."""
        paths = ref.texture.targets(recipe.tag()) if ref.texture else []
        others = tuple(path for path in paths if path.exists() and path not in self._written)
        return Task(ref, partial(write_texture, ref, paths, recipe), others)

    def adopt(self, results: Sequence[WrittenTexture]) -> None:
        """Note what the reduced files are called."""
        for result in results:
            self._written.update(result.files)
            if result.ref.key in self._refs:
                self._refs[result.ref.key] = replace(result.ref, reduced=result.files[0].name)
        self._tell()

    def recall(self, name: str) -> str | None:
        """See `rgbcloud_panel.host.Host`."""
        value = self._memory.value(name)
        return None if value is None else str(value)

    def remember(self, name: str, value: str) -> None:
        """See `rgbcloud_panel.host.Host`."""
        self._memory.setValue(name, value)

    def _tell(self) -> None:
        if self._changed is not None:
            self._changed()


def _ref_of(texture: Texture) -> PanelTexture:
    """Return a texture as the panel knows it, with what was made of it before."""
    path = Path(texture.pattern or texture.members[0].path)
    try:
        work = work_path(texture).read_text()
    except (OSError, UnicodeError):
        work = ""  # mostly there is none
    gaps = f"{path.name}: {texture.gaps}" if texture.gaps else ""
    return PanelTexture(str(path.parent.resolve() / path.name), path.name, texture, warning=gaps, work=work)
