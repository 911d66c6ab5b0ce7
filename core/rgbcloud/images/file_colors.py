"""What image files say of their colours: profiles, chunks, attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from rgbcloud.color.color_names import find_color_space
from rgbcloud.color.display import usual_color_space
from rgbcloud.color.icc import color_space_of_icc
from rgbcloud.color.image_tags import color_space_of_chromaticities, color_space_of_png
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images import png_color
from rgbcloud.images.image import ColorsTold
from rgbcloud.images.png_chunks import Chunk, kept_chunks

if TYPE_CHECKING:
    from rgbcloud.color.icc import FoundSpace

_COLOR_CHUNKS = (b"cICP", b"mDCV", b"cLLI", b"sRGB", b"gAMA", b"cHRM")  # iCCP is written as a profile
_PROFILE = "its ICC profile"


def fitting_profile(profile: bytes | None, *, grey: bool) -> tuple[bytes | None, str]:
    """Return an ICC profile if it is one for such images, and a sentence if it is not.

    Parameters
    ----------
    profile : bytes or None
    grey : bool
        Whether the file holds grey texels, which profiles of RGB describe as well.
    """
    if profile is None:
        return None, ""
    colors = profile[16:20]  # ICC.1:2022, 7.2.6: the data colour space
    if colors == b"RGB " or (grey and colors == b"GRAY"):
        return profile, ""
    kind = colors.decode("ascii", "replace").strip()
    of = f"is of {kind!r} images" if kind.isalnum() else "is damaged"
    return None, f"the ICC profile {of}, and this holds {'grey' if grey else 'RGB'}; it was left out"


def colors_by_profile(profile: bytes | None) -> ColorsTold:
    """Return what an ICC profile says, if there is one."""
    if profile is None:
        return ColorsTold()
    return _told([(_PROFILE, color_space_of_icc(profile))])


def colors_of_png(stream: BinaryIO, name: str, profile: bytes | None) -> tuple[ColorsTold, tuple[Chunk, ...]]:
    """Return what a PNG says, and the chunks that say so, which belong into its copies as well.

    Parameters
    ----------
    stream : binary file
    name : str
        What messages call it.
    profile : bytes or None
        Its ICC profile, if it fits the texels.
    """
    chunks, damaged = kept_chunks(stream, name=name)
    notes: list[str] = []
    gamma, chromaticities = png_color.gamma(chunks, notes), png_color.chromaticities(chunks, notes)
    cicp = png_color.code_points(chunks, notes)
    by_gamma = " and ".join(
        kind for kind, number in (("gAMA", gamma), ("cHRM", chromaticities)) if number is not None
    )
    told = _told(
        [
            ("its cICP chunk", color_space_of_png(cicp=cicp)),
            (_PROFILE, color_space_of_png(icc=profile)),
            ("its sRGB chunk", color_space_of_png(srgb=png_color.rendering_intent(chunks, notes))),
            (f"its {by_gamma}", color_space_of_png(gamma, chromaticities)),
        ]
    )
    kept = tuple(chunk for chunk in chunks if chunk.kind in _COLOR_CHUNKS)
    return told._replace(notes=(*damaged, *notes, *told.notes)), kept


def colors_of_attributes(spec: Any, dtype: str, profile: bytes | None) -> ColorsTold:
    """Return what the attributes say that OpenImageIO has read.

    Parameters
    ----------
    spec : OpenImageIO.ImageSpec
    dtype : str
        Of the texels. OpenImageIO says of files that say nothing what such mostly are.
    profile : bytes or None
        Their ICC profile, if it fits the texels.
    """
    found = []
    if profile is not None:
        found.append((_PROFILE, color_space_of_icc(profile)))
    chromaticities = spec.getattribute("chromaticities")
    if chromaticities is not None:
        numbers = np.ravel(chromaticities)
        found.append(("its chromaticities", color_space_of_chromaticities(numbers.tolist())))
    told = _told(found)
    name = spec.get_string_attribute("oiio:ColorSpace")
    if told.space is not None or not name:
        return told
    try:
        space = find_color_space(name)
    except InvalidArgumentError as error:
        return told._replace(notes=(*told.notes, f"{error}: it counts as if it said nothing"))
    if space == usual_color_space(dtype):
        return told
    return told._replace(space=space, by=f"its colour space {name}")


def _told(found: list[tuple[str, FoundSpace]]) -> ColorsTold:
    """Return the first space that is found, and why those before it are none."""
    notes = []
    for by, (space, note) in found:
        notes += [note] if note else []
        if space is not None:
            return ColorsTold(space, by, tuple(notes))
    return ColorsTold(notes=tuple(notes))
