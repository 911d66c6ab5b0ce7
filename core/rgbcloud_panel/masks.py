"""Which texels of each texture count: the mask images that the user has chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

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
        self._masks: dict[str, Path] = {}

    @property
    def shown(self) -> Path | None:
        """The mask of the texture in the picture, or None."""
        chosen = self._session.chosen
        return self.of(chosen[0]) if chosen else None

    def of(self, ref: TextureRef) -> Path | None:
        """Return the mask of a texture, which is laid on each of its files, or None."""
        return self._masks.get(ref.key)

    def by_file(self, refs: Sequence[TextureRef]) -> dict[Path, Path]:
        """Return the masks of some textures by the files that they are laid on."""
        return {path: self._masks[ref.key] for ref in refs if ref.key in self._masks for path in ref.files}

    def choose(self, mask: Path | None) -> None:
        """Let those texels of the shown texture count that are white in an image, or all."""
        chosen = self._session.chosen
        if not chosen or mask == self.shown:
            return
        if mask is None:
            del self._masks[chosen[0].key]
        else:
            self._masks[chosen[0].key] = mask
        self._changed()
