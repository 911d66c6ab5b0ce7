"""Texels weighed by the surface that they show: masks beside reduced files, which the surface names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud.progress import silent
from rgbcloud.textures import write_surface_masks
from rgbcloud_maya.reducing.node_state import resolve_original
from rgbcloud_maya.reducing.reduced_files import mark_of
from rgbcloud_maya.scene.waiting import while_waiting
from rgbcloud_maya.surfaces.camera_frames import CameraFrame
from rgbcloud_maya.surfaces.worn_meshes import Meshes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import Progress, Texture
    from rgbcloud.surface import Surface
    from rgbcloud_maya.nodes.image_nodes import ImageNode
    from rgbcloud_maya.reducing.reduced_files import NewFiles


@dataclass(frozen=True)
class SurfaceMask:
    """The mask of a texture, which may have to be written yet, in whatever thread: Maya is asked nothing."""

    texture: Texture
    surface: Surface
    place: Path  # the image, or of a set its pattern

    @classmethod
    def of(cls, texture: Texture, surface: Surface, folder: Path) -> SurfaceMask:
        """Return the mask of a texture in a folder: the same surface has the same name there."""
        digest = hashlib.sha1()
        for array in (surface.uvs, surface.triangles, surface.areas):
            digest.update(array.tobytes())
        for member in texture.members:
            digest.update(repr((member.tile, member.path.stat().st_size)).encode())
        tag = f"surface.{mark_of(digest.hexdigest())}"
        if texture.pattern is not None and len({member.tile for member in texture.members}) > 1:
            place = texture.target_pattern(tag, folder)
        else:
            place = str(texture.targets(tag, folder)[0])
        return cls(texture, surface, Path(place).with_suffix(".png"))

    @property
    def files(self) -> list[Path]:
        """The images."""
        tiles = {member.tile for member in self.texture.members}
        return self.texture.rename_members(self.place) if len(tiles) > 1 else [self.place]

    @property
    def is_there(self) -> bool:
        """Whether it was written before."""
        return all(file.is_file() for file in self.files)

    def write(self, new_files: NewFiles | None = None, progress: Progress = silent) -> str:
        """Write it unless it is there; return it as `Recipe.mask` has it, empty if all texels count alike.

        Raises
        ------
        RgbcloudError
            If none of the texture is on the surface, or it cannot be written.
        """
        if self.is_there:
            return str(self.place)
        before = [file for file in self.files if file.exists()]
        mask = write_surface_masks(self.surface, self.texture, self.place, overwrite=True, progress=progress)
        if mask and new_files is not None:
            for file in self.files:
                if file not in before:
                    new_files.add(file)
        return mask


class SurfaceWeights:
    """The masks of the textures of some nodes; what wears two nodes that show one image is taken together."""

    def __init__(self, nodes: Sequence[ImageNode], camera: str = "", progress: Progress = silent) -> None:
        self._meshes = Meshes(progress)
        self._camera = CameraFrame.of(camera) if camera else None
        self._alike: dict[tuple[str, str], list[str]] = {}
        for node in nodes:
            self._alike.setdefault(resolve_original(node), []).append(node.name)

    def mask_of(self, node: ImageNode, texture: Texture, folder: Path) -> SurfaceMask:
        """Return the mask of a node's texture.

        Raises
        ------
        SceneError
            If nothing wears it, or not with UVs.
        """
        surface = self._meshes.surface_of(self._alike[resolve_original(node)], self._camera)
        return while_waiting(lambda _told: SurfaceMask.of(texture, surface, folder), self._meshes.progress)
