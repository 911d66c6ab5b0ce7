"""What image files say of their colours: profiles, chunks, attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.color.display import usual_color_space
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images.image import NOTHING_TOLD, ColorsTold
from rgbcloud.images.png.png_chunks import COLOR_CHUNKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud.color.icc import FoundSpace
    from rgbcloud.images.png.png_chunks import Chunk

_HEADER = 128  # bytes of an ICC profile
_PROFILE = "its ICC profile"


def fitting_profile(profile: bytes | None, notes: list[str], *, grey: bool) -> bytes | None:
    """Return an ICC profile if it is one for such images; if not, None, and append a sentence to `notes`.

    `grey` is whether the file holds grey texels.
    """
    if not profile:
        return None
    colors = profile[16:20]  # ICC.1:2022, 7.2.6: the data colour space
    if colors == (b"GRAY" if grey else b"RGB "):
        return profile
    kind = colors.decode("ascii", "replace").strip()
    if len(profile) >= _HEADER and kind.isalnum():
        notes.append(f"its {kind} ICC profile is of another kind of image; it was left out")
    else:
        notes.append("its ICC profile is damaged; it was left out")
    return None


def colors_by_profile(profile: bytes | None, notes: list[str]) -> ColorsTold:
    """Return what an ICC profile says, if there is one; this and those below append problems to `notes`."""
    if profile is None:
        return NOTHING_TOLD
    from rgbcloud.color.icc import color_space_of_icc  # only profiles need it

    return _first_space([(_PROFILE, color_space_of_icc(profile))], notes)


def colors_of_png(chunks: Sequence[Chunk], profile: bytes | None, notes: list[str]) -> ColorsTold:
    """Return what a PNG says; its ICC profile is given if it fits the texels."""
    if profile is None and not any(chunk.kind in COLOR_CHUNKS for chunk in chunks):
        return NOTHING_TOLD
    from rgbcloud.color.image_tags import color_space_of_png  # which takes a while
    from rgbcloud.images.png import png_color

    gamma, chromaticities = png_color.gamma(chunks, notes), png_color.chromaticities(chunks, notes)
    written = [kind for kind, number in (("gAMA", gamma), ("cHRM", chromaticities)) if number is not None]
    return _first_space(
        [
            ("its cICP", color_space_of_png(cicp=png_color.code_points(chunks, notes))),
            (_PROFILE, color_space_of_png(icc=profile)),
            ("its sRGB chunk", color_space_of_png(srgb=png_color.rendering_intent(chunks, notes))),
            (f"its {' and '.join(written)}", color_space_of_png(gamma, chromaticities)),
        ],
        notes,
    )


def colors_of_attributes(spec: Any, dtype: str, profile: bytes | None, notes: list[str]) -> ColorsTold:
    """Return what the attributes say that OpenImageIO has read; a profile is given if it fits the texels.

    OpenImageIO says of files that say nothing what such mostly are, by the type of their texels.
    """
    from rgbcloud.color.color_names import find_color_space
    from rgbcloud.color.icc import color_space_of_icc
    from rgbcloud.color.image_tags import color_space_of_chromaticities  # only deep images need them

    found = []
    if profile is not None:
        found.append((_PROFILE, color_space_of_icc(profile)))
    chromaticities = spec.getattribute("chromaticities")
    if chromaticities is not None:
        numbers = np.ravel(chromaticities)
        found.append(("its chromaticities", color_space_of_chromaticities(numbers.tolist())))
    told = _first_space(found, notes)
    name = spec.get_string_attribute("oiio:ColorSpace")
    if told.space is not None or not name:
        return told
    try:
        space = find_color_space(name)
    except InvalidArgumentError as error:
        notes.append(f"the file's colour space is not known ({error}); it counts as if it said nothing")
        return told
    return told if space == usual_color_space(dtype) else ColorsTold(space, f"its colour space {name}")


def _first_space(found: list[tuple[str, FoundSpace]], notes: list[str]) -> ColorsTold:
    """Return the first space that is found; append why those before it are none."""
    for by, (space, note) in found:
        notes += [note] if note else []
        if space is not None:
            return ColorsTold(space, by)
    return NOTHING_TOLD
