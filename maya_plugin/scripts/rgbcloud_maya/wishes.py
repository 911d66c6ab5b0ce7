"""What a texture is reduced by beside its settings: palette files, a mask, a goal.

Nothing here knows Maya, so that it may run in any thread.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud import MAX_COLORS, Goal, ImageReadError, InvalidArgumentError, Palette, Texture, load_palette
from rgbcloud.textures.goals import check_one_way

if TYPE_CHECKING:
    from os import PathLike

    from rgbcloud import Settings

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


@dataclass(frozen=True)
class Wishes:
    """What is wanted of a reduction beside its settings.

    Attributes
    ----------
    palette, like, mask : str
        Files, or for a mask a pattern with tokens, as `reduce_texture` takes them; "" where left out.
    goal : Goal or None
        What the number of colours is chosen for.
    digest : str
        Six letters that stand for what the files hold; "" where there are none.

    Raises
    ------
    InvalidArgumentError
        If they contradict each other.
    """

    palette: str = ""
    like: str = ""
    mask: str = ""
    goal: Goal | None = None
    digest: str = ""

    def __post_init__(self) -> None:
        check_one_way(self.palette, self.like, self.goal)

    def with_digest(self) -> Wishes:
        """Return the same with the digest of what the files hold now.

        Raises
        ------
        PaletteReadError, ImageReadError
            If a file cannot be read.
        """
        if not (self.palette or self.like or self.mask):
            return self
        held = [str(palette and palette.to_hex()) for palette in (self.given_palette(), self.like_palette())]
        mask = self.mask_texture()
        held += [] if mask is None else [_digest_of(path) for path in mask.paths]
        return replace(self, digest=mark_of("\n".join(held)))

    def given_palette(self) -> Palette | None:
        """Return the palette whose colours are taken."""
        return load_palette(self.palette) if self.palette else None

    def like_palette(self) -> Palette | None:
        """Return the palette whose indices are kept."""
        return load_palette(self.like) if self.like else None

    def mask_texture(self) -> Texture | None:
        """Return the masks."""
        return Texture.find(self.mask) if self.mask else None

    def fixed(self, settings: Settings) -> Settings:
        """Return settings without what they do not decide beside these wishes, for comparisons."""
        if self.palette:
            return replace(settings, colors=MAX_COLORS, locked=())
        return settings if self.goal is None else replace(settings, colors=MAX_COLORS)

    def to_json(self) -> str:
        """Return the wishes as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Wishes:
        """Return the wishes that `to_json` wrote; none of a text that is empty.

        Raises
        ------
        InvalidArgumentError
            If the text is something else.
        """
        if not text:
            return cls()
        try:
            values = dict(json.loads(text))
            goal = values.pop("goal", None)
            return cls(**values, goal=Goal(**goal) if goal else None)
        except (TypeError, ValueError) as error:
            msg = f"wishes must be a JSON object as Wishes.to_json writes it, got {text!r}"
            raise InvalidArgumentError(msg) from error


NO_WISHES = Wishes()


def mark_of(text: str) -> str:
    """Return six letters that stand for a text: digits could be taken for a tile or frame."""
    return hashlib.sha256(text.encode()).hexdigest()[:6].translate(_LETTERS)


def path_text(path: str | PathLike[str] | None) -> str:
    """Return a path as wishes hold it, in full; "" for None or an empty one."""
    return Path(path).absolute().as_posix() if path else ""


def _digest_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ImageReadError(f"{path} cannot be read: {error.strerror or error}") from error
