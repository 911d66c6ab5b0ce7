"""How much of an asset's own meshes each texel of its textures shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rgbcloud import Texture
from rgbcloud.errors import ImageReadError, InvalidArgumentError, MissingDependencyError
from rgbcloud.surface import MESH_SUFFIXES, Surface, mesh_parts, parts_in_view
from rgbcloud.textures import write_surface_masks

if TYPE_CHECKING:
    from pathlib import Path

    from rgbcloud_app.assets.asset import Asset, AssetTexture


@dataclass
class AssetSurfaces:
    """The meshes of an asset, read once, and masks of its textures."""

    asset: Asset
    folder: Path  # for masks
    camera: str = ""  # by what it sees texels count; by all of the surface if empty
    notes: list[str] = field(default_factory=list)  # what a user should be told
    areas: dict[Path, float] = field(default_factory=dict)
    """Of textures whose masks were asked for: the area of the surface that shows them, or the part of the
    camera's frame; of none of those that may be shown by more than is known."""
    _parts: list[tuple[str, Surface]] | None = None

    def mask_of(self, texture: AssetTexture) -> str:
        """Return the mask of a texture, as `Recipe.mask` has it; empty if all texels count alike.

        That is so if the asset has no meshes, nothing says which of them wear the texture, or it is looked
        up in a way that is not known here.
        """
        materials = {use.material for use in texture.uses}
        if "" in materials:
            return ""
        surface = Surface.joined(part for name, part in self._read() if name in materials)
        if self.camera or len(surface.triangles):
            self.areas[texture.path] = float(surface.areas.sum())
        if not len(surface.triangles):
            return ""
        found = Texture.find(texture.path)
        place = self.folder / texture.path.with_suffix(".png").name
        try:
            return write_surface_masks(surface, found, place, overwrite=True)
        except InvalidArgumentError as error:
            self.notes.append(f"all texels count alike: {error}")
            return ""

    def _read(self) -> list[tuple[str, Surface]]:
        if self._parts is None:
            self._parts = []
            if self.camera:
                self._parts = parts_in_view(str(self.asset.path), self.camera)
            elif self.asset.path.suffix.lower() in MESH_SUFFIXES:
                try:
                    self._parts = mesh_parts(str(self.asset.path))
                except (ImageReadError, MissingDependencyError) as error:
                    self.notes.append(f"all texels count alike: {error}")
        return self._parts
