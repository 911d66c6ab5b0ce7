"""Whether the alpha of an image is opacity, or a channel like others."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from rgbcloud.counting.kind import guess_kind

if TYPE_CHECKING:
    from rgbcloud.images.image import Image
    from rgbcloud.settings import AlphaName, Settings

# What exporters for Unity call textures whose alpha holds smoothness, and packed maps are called.
_WORDS = re.compile(
    r"smoothness\b|\b(metallic|spec|specular) ?gloss\b|\bmask ?map\b|\b(mads|mras|packed)\b",
    re.IGNORECASE,
)
_OPACITY = re.compile(r"\b(alpha|opacity|cutout)\b", re.IGNORECASE)
_NUMBERS = ("data", "normal")


def guess_alpha(name: str, settings: Settings) -> AlphaName:
    """Guess from a file's name, and the kind that settings ask for, what its alpha is.

    Examples
    --------
    >>> from rgbcloud import Settings
    >>> guess_alpha("Rock_MetallicSmoothness.png", Settings()), guess_alpha("leaf.png", Settings())
    ('channel', 'opacity')
    """
    if settings.kind != "auto":
        return "channel" if settings.kind in _NUMBERS else "opacity"
    stem = PurePath(name.replace("\\", "/")).name
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-. ]+", " ", stem)
    if _OPACITY.search(words):
        return "opacity"
    return "channel" if _WORDS.search(words) or guess_kind(name) in _NUMBERS else "opacity"


def take_alpha(image: Image, settings: Settings, host: AlphaName = "auto", *, is_alone: bool = True) -> Image:
    """Return an image whose alpha is taken for what settings say; if they do not, for what it seems to be.

    Parameters
    ----------
    image : Image
    settings : Settings
        Their `alpha`, and their kind.
    host : {"auto", "opacity", "channel"}
        What the host does with it that shows the image, which counts more than its name.
    is_alone : bool
        Whether it is no file of a set, of which one may well be transparent throughout.

    Returns
    -------
    Image
        A guess of a channel is one of its notes.
    """
    if image.alpha is None:
        return image
    notes = tuple(note for note in image.notes if not note.endswith(_IF_NOT))
    if settings.alpha != "auto":
        taken = image.with_alpha_as(opacity=settings.alpha == "opacity")
        return replace(taken, notes=notes)
    reason = ""
    if is_alone and not image.alpha.any():
        reason = "as it is 0 throughout"
    elif host == "channel":
        reason = "as it is used as such"
    elif host == "auto" and guess_alpha(image.name, settings) == "channel":
        is_asked = settings.kind != "auto"
        reason = f"as the kind is {settings.kind}" if is_asked else "from the image's name"
    taken = image.with_alpha_as(opacity=not reason)
    told = (f"its alpha is taken for a channel like others, {reason}{_IF_NOT}",) if reason else ()
    return replace(taken, notes=(*notes, *told))


_IF_NOT = "; set alpha to opacity if not"
