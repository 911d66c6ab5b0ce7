"""A host whose scene is a dictionary: what the panel's tests stand in, and the simplest of all hosts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud import Palette, RgbcloudError
from rgbcloud.surface import Surface
from rgbcloud.textures import write_surface_masks
from rgbcloud_panel.host import PanelTexture, Task
from rgbcloud_panel.work.writing import write_texture

if TYPE_CHECKING:
    from pathlib import Path

    from rgbcloud import Texture


@dataclass(frozen=True)
class Node:
    """What an image node of this scene holds."""

    texture: Texture
    current: tuple[Path, ...]

    @property
    def original(self):
        return tuple(self.texture.paths)


class MemoryHost:
    """Fulfils `Host` and `Scene`. Every change of the scene is a step that `undo` takes back."""

    def __init__(self, textures: dict[str, Texture], memory: dict[str, str] | None = None):
        self.nodes = {name: Node(texture, tuple(texture.paths)) for name, texture in textures.items()}
        self.clouds: dict[str, tuple[int, str]] = {}
        self.locators: dict[str, Palette] = {}
        self.overwrites = True
        self.selected: tuple[str, ...] = ()
        self.works: dict[str, str] = {}
        self.memory = {} if memory is None else memory
        self.uvs = np.empty((0, 3, 2))  # where selected faces look every texture up
        self.selected_faces: list[tuple] = []
        self.faces_changed = lambda: None
        self.shows_error: tuple[str, ...] = ()
        self._changed = lambda: None
        self._steps: list[tuple] = []

    @property
    def scene(self):
        return self

    @property
    def files(self):
        return None

    def textures(self):
        return [
            PanelTexture(
                name,
                name,
                None if self._problem(node) else node.texture,
                users=(f"{name}_material",),
                reduced="" if node.current == node.original else node.current[0].name,
                problem=self._problem(node),
                work=self.works.get(name, ""),
            )
            for name, node in self.nodes.items()
        ]

    def _problem(self, node):
        missing = [path for path in node.original if not path.exists()]
        return f"{missing[0]}: no such file or directory; check the path" if missing else ""

    def watch(self, changed):
        self._changed = changed

    def plan(self, ref, recipe):
        targets = ref.texture.targets(recipe.tag())
        others = () if self.overwrites else tuple(path for path in targets if path.exists())
        return Task(ref, partial(write_texture, ref, targets, recipe), others)

    def adopt(self, results):
        for result in results:
            if result.ref.key not in self.nodes:
                raise RgbcloudError(f"{result.ref.key}: no such node; refresh the list")
        self._begin()
        for result in results:
            node = self.nodes[result.ref.key]
            self.nodes[result.ref.key] = replace(node, current=result.files)
        self._changed()

    def recall(self, name):
        return self.memory.get(name)

    def remember(self, name, value):
        self.memory[name] = value

    def select(self, refs):
        self._begin()
        self.selected = tuple(ref.key for ref in refs)

    def keep(self, ref, work):
        self.works[ref.key] = work

    def revert(self, refs):
        self._begin()
        for ref in refs:
            node = self.nodes[ref.key]
            self.nodes[ref.key] = replace(node, current=node.original)
        self._changed()

    def show_cloud(self, ref, recipe, cloud, color_by):
        self._begin()
        self.clouds[ref.key] = (len(cloud), color_by)
        self.locators[ref.key] = cloud.palette

    def remove_cloud(self, ref):
        if ref.key not in self.clouds:
            raise RgbcloudError(f"{ref.name} has no cloud to remove; build one first")
        self._begin()
        del self.clouds[ref.key]
        self.locators.pop(ref.key, None)

    def locator_palette(self, ref):
        if ref.key not in self.locators:
            raise RgbcloudError(f"{ref.name} has no locators; build its cloud first")
        return self.locators[ref.key]

    def surface_mask(self, ref):
        if ref.key not in self.nodes:
            raise RgbcloudError(f"{ref.key}: no such node; refresh the list")
        flat = np.array([[(0, 0), (0.5, 0), (0.5, 1)], [(0, 0), (0.5, 1), (0, 1)]])
        points = np.concatenate([flat, np.zeros((2, 3, 1))], axis=2)
        place = ref.files[0].with_name(f"{ref.files[0].stem}.surface.png")
        surface = Surface.of_corners(points, flat)
        return partial(_write_mask, surface, ref.texture, place)

    def select_faces(self, ref, made, cluster):
        if not any((labels == cluster).any() for labels in made.labels.values()):
            raise RgbcloudError(f"no face shows {cluster} of {ref.name}")
        self._begin()
        self.selected_faces = [(ref.key, sorted(made.labels, key=str), cluster)]

    def watch_faces(self, changed):
        self.faces_changed = changed

    def selected_uvs(self, ref):
        return self.uvs

    def toggle_error(self, refs):
        self._begin()
        self.shows_error = () if self.shows_error else tuple(ref.key for ref in refs)

    def undo(self):
        self.nodes, self.clouds, self.locators, self.selected = self._steps.pop()
        self._changed()

    def _begin(self):
        self._steps.append((dict(self.nodes), dict(self.clouds), dict(self.locators), self.selected))


def _write_mask(surface, texture, place, progress):
    return write_surface_masks(surface, texture, place, overwrite=True, progress=progress)
