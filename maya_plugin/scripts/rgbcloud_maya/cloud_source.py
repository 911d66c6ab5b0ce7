"""What a cloud is made of: image nodes of the scene, or image files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rgbcloud import ColorHistogram, Progress
from rgbcloud.counting.kind import heeding, meaning_of, settings_palette, distance_space_of
from rgbcloud.progress import portion, silent
from rgbcloud.textures.texture import Texture
from rgbcloud_maya.image_nodes import find_image_nodes, image_node, is_path, located
from rgbcloud_maya.reducing import texture_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import Palette, Settings
    from rgbcloud.color.distance import DistanceSpace
    from rgbcloud.settings import KindName


@dataclass(frozen=True)
class CloudSource:
    """Textures whose colours are shown together.

    Attributes
    ----------
    nodes : tuple of str
        Image nodes of the scene, sorted.
    images : tuple of str
        Paths of image files, or their patterns, sorted.
    """

    nodes: tuple[str, ...] = ()
    images: tuple[str, ...] = ()

    @classmethod
    def find(cls, source: str | Sequence[str] | None) -> CloudSource:
        """Return what nodes and paths stand for, the selection if None.

        Raises
        ------
        SceneError
            If a node does not exist or has no texture, or nothing is selected.
        """
        if source is None:
            return cls(tuple(sorted(node.name for node in find_image_nodes())))
        names = [source] if isinstance(source, str) else list(source)
        images = tuple(sorted(name for name in names if is_path(name)))
        others = [name for name in names if not is_path(name)]
        nodes = find_image_nodes(others) if others or not images else []
        return cls(tuple(sorted(node.name for node in nodes)), images)

    def textures(self) -> list[Texture]:
        """Return the original textures.

        Raises
        ------
        RgbcloudError
            If a file is missing.
        """
        found = [texture_of(image_node(name)) for name in self.nodes]
        return found + [Texture.find(located(path)) for path in self.images]

    def histogram(self, progress: Progress = silent) -> ColorHistogram:
        """Count the colours of all files, each once.

        Raises
        ------
        RgbcloudError
            If a file cannot be read.
        """
        paths = list(dict.fromkeys(path for texture in self.textures() for path in texture.paths))
        histogram = ColorHistogram.merge(())
        for number, path in enumerate(paths):
            part = portion(progress, number / len(paths), (number + 1) / len(paths))
            part(0.0, f"reading {path.name}")
            histogram += ColorHistogram.from_image(path, progress=part)
        return histogram

    def palette(self, histogram: ColorHistogram, settings: Settings, progress: Progress = silent) -> Palette:
        """Return the palette that reducing would find, given the colours that `histogram` counted."""
        settings, kind = self._meaning(histogram, settings)
        return settings_palette(histogram, settings, kind, progress=progress)

    def space(self, histogram: ColorHistogram, settings: Settings) -> DistanceSpace:
        """Return the space that `palette` clusters in."""
        return distance_space_of(*self._meaning(histogram, settings))

    def _meaning(self, histogram: ColorHistogram, settings: Settings) -> tuple[Settings, KindName]:
        """Tell what the numbers mean. Of several textures together it is colours unless settings say else."""
        textures = self.textures()
        if len(textures) != 1:
            return settings, "color" if settings.kind == "auto" else settings.kind
        settings, _ = heeding(settings, textures[0])
        name = textures[0].paths[0].name
        return settings, meaning_of(settings, name, histogram.colors, histogram.coverage).kind
