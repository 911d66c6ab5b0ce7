"""The desktop as the panel's host: textures are image files that the user opens."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Callable

from Qt import QtCore

from rgbcloud import FORMATS, ImageReadError, Texture
from rgbcloud.images import split_suffix
from rgbcloud_panel.host import PanelTexture, Task
from rgbcloud_panel.work.writing import write_texture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rgbcloud import Recipe
    from rgbcloud_panel.host import OpenFiles, Scene, WrittenTexture


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

    def open(self, paths: Sequence[Path]) -> None:
        """See `rgbcloud_panel.host.OpenFiles`; of a folder, the images right in it are opened."""
        unknown = []
        for path in paths:
            images = list(_images(path))
            if not images:
                unknown.append(path.name)
            for image in images:
                ref = PanelTexture(str(image.resolve()), image.name, Texture.of_files([image]))
                self._refs.setdefault(ref.key, ref)
        self._tell()
        if unknown:
            advice = f"choose files that end in one of {' '.join(FORMATS)}"
            raise ImageReadError(f"no image to open: {', '.join(unknown)}; {advice}")

    def close(self, refs: Sequence[PanelTexture]) -> None:
        """See `rgbcloud_panel.host.OpenFiles`."""
        for ref in refs:
            self._refs.pop(ref.key, None)
        self._tell()

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


def _images(path: Path) -> Iterator[Path]:
    """Yield a path that is named like an image, or those that lie in a folder."""
    if path.is_dir():
        yield from (file for file in sorted(path.iterdir()) if split_suffix(file)[1].lower() in FORMATS)
    elif path.is_file() and split_suffix(path)[1].lower() in FORMATS:
        yield path
