"""Which texels of each texture count: the mask images that the user has chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from rgbcloud import RgbcloudError, Texture
from rgbcloud.counting.votes import mask_of
from rgbcloud.textures.texture import TILINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rgbcloud_panel.host import TextureRef
    from rgbcloud_panel.session import Session


class Masks:
    """A mask for some of the textures, until the panel is closed: masks belong to textures, not to users.

    Parameters
    ----------
    session : Session
    changed : callable
        Called after the mask of the shown texture has become another one.
    """

    def __init__(self, session: Session, changed: Callable[[], object]) -> None:
        self._session = session
        self._changed = changed
        self._masks: dict[str, Texture] = {}

    @property
    def shown(self) -> Texture | None:
        """The mask of the texture in the picture, or None."""
        chosen = self._session.chosen
        return self.of(chosen[0]) if chosen else None

    def of(self, ref: TextureRef) -> Texture | None:
        """Return the mask of a texture: one image for all of its files, or one for each; or None."""
        return self._masks.get(ref.key)

    def by_file(self, refs: Sequence[TextureRef]) -> dict[Path, Path]:
        """Return the masks of some textures by the files that they are laid on."""
        return {
            member.path: mask_of(member, self._masks[ref.key])
            for ref in refs
            if ref.key in self._masks and ref.texture is not None
            for member in ref.texture.members
        }

    def choose(self, path: Path | None) -> None:
        """Let those texels of the shown texture count that are white in an image, or all.

        If the texture is a set, and the image one of a set that has a mask for each of its tiles or frames,
        these are laid on them.
        """
        chosen = self._session.chosen
        if not chosen or chosen[0].texture is None:
            return
        mask = None if path is None else _mask_for(chosen[0].texture, path)
        if mask == self.shown:
            return
        if mask is None:
            del self._masks[chosen[0].key]
        else:
            self._masks[chosen[0].key] = mask
        self._changed()


def _mask_for(texture: Texture, path: Path) -> Texture:
    """Return the set of masks that one of them stands for, if it fits a texture; else this one alone."""
    for tiling in TILINGS if len(texture.members) > 1 else ():
        try:
            masks = Texture.of_tile(path, tiling)
            for member in texture.members:
                mask_of(member, masks)
        except RgbcloudError:
            continue
        return masks
    return Texture.of_files([path])
