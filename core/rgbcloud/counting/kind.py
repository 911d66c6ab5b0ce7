"""What a texture holds (colours, normals, labels, data), and in which space its numbers are clustered."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.color.color_space import LINEAR_SRGB, SRGB
from rgbcloud.color.display import usual_color_space
from rgbcloud.color.distance import DistanceSpace
from rgbcloud.counting.map_names import kind_by_name
from rgbcloud.errors import InvalidArgumentError, MissingDependencyError
from rgbcloud.formats import DEEP_FORMATS, split_suffix

if TYPE_CHECKING:
    from rgbcloud.color.color_space import ColorSpace
    from rgbcloud.counting.value_histogram import Histogram
    from rgbcloud.settings import KindName, Settings

_RAW = re.compile(r"\b(raw|data|non-?colou?r)\b", re.IGNORECASE)  # names of colour spaces that hold none
_IF_NOT = "set the kind to color if not"
_CALLED = {"normal": "a normal map", "labels": "exact labels", "data": "plain data"}
_FLOATING = ("float16", "float32")
_LARGEST = 16.0  # coordinates whose squared distances are exact
_NEGATIVE = 0.01  # numbers below minus this are no noise
_UNIT_LENGTH = 0.25  # how much longer or shorter than 1 a normal may be
_MOST = 0.9  # the part of the texels that must bear a guess out
_FEW = 64  # more labels than that are not looked for
_LABEL = 0.002  # the part of the texels that each of them holds
_NEARLY_ALL = 0.95  # the part of the texels that an ID map's labels hold; the rest lies between two of them


class Content(NamedTuple):
    """What the numbers of images are.

    Attributes
    ----------
    kind : {"color", "data", "normal", "labels"}
    space : DistanceSpace
        What the stored numbers mean, and where distances between them are taken.
    notes : tuple of str
        How that was found, as far as a user should be told: a sentence each.
    colors_by : str
        What says which colour space it is, such as "its ICC profile".
    """

    kind: KindName
    space: DistanceSpace
    notes: tuple[str, ...] = ()
    colors_by: str = ""


class Origin(NamedTuple):
    """What is known of images beside their texels.

    Attributes
    ----------
    name : str
        Of the first file.
    color_space : ColorSpace or None
        What the files say that colours are; None if they say nothing.
    told_by : str
        What of the files says so, such as "its ICC profile".
    host_color_space : str
        What the host calls it that shows the texture; empty if nothing.
    """

    name: str
    color_space: ColorSpace | None = None
    told_by: str = ""
    host_color_space: str = ""


def guess_kind(name: str, color_space: str = "") -> KindName:
    """Guess from a file's name, and the name of its colour space, what a texture holds.

    Parameters
    ----------
    name : str
        Such as ``"rock_Normal.1001.exr"``. The last telling word counts.
    color_space : str, optional
        As a host or the file itself calls it; "Raw", "Utility - Raw", "data" and "Non-Color" hold data
        where the name says nothing.

    Returns
    -------
    {"color", "data", "normal", "labels"}

    Examples
    --------
    >>> guess_kind("rock_Normal.1001.exr"), guess_kind("rock.jpg"), guess_kind("rock.tif", "Raw")
    ('normal', 'color', 'data')
    """
    return kind_by_name(name) or ("data" if _RAW.search(color_space) else "color")


def content_of(histogram: Histogram, settings: Settings, origin: Origin) -> Content:
    """Return what the numbers of images are, by the settings; where these leave it open, by all else.

    Parameters
    ----------
    histogram : ColorHistogram or ValueHistogram
        Of all images that are to share a palette.
    settings : Settings
    origin : Origin
        The file's name tells the kind, and, where that says nothing, the colour space does. Not so of EXR,
        HDR and .tx files that a host marks Raw: Maya's default rules give Raw to all of these, which hold
        linear light then, as such files say themselves.

    Returns
    -------
    Content
        A guess is always told, and one that the content speaks against is not followed.

    Raises
    ------
    InvalidArgumentError
        If no one knows the colour space that the settings name, or it holds no colours although they say so.
    MissingDependencyError
        If the settings name an OpenColorIO configuration, and OpenColorIO is not installed.
    """
    told = _color_space(settings, origin, histogram.dtype)
    shown = _display_space(told, histogram.dtype)
    space = DistanceSpace(color_space=shown, dtype=histogram.dtype)
    kind, kind_notes = _kind(histogram, settings, origin, told, space)
    if kind == "color" and settings.color_space and told.space is not shown:
        msg = f"the colour space {settings.color_space} holds no colours"
        raise InvalidArgumentError(f"{msg}; name one that does, or take the kind data")
    by = told.by if told.space is shown else "its type of numbers"
    notes = (*kind_notes, *told.notes) if kind == "color" else tuple(kind_notes)
    return Content(kind, _space(histogram, settings, kind, space), notes, by)


def asked_color_space(settings: Settings) -> ColorSpace | None:
    """Return what settings say that colours are; None if they leave it open.

    Raises
    ------
    InvalidArgumentError
        If no one knows the name, or the configuration is missing or damaged.
    MissingDependencyError
        If a configuration was named, and OpenColorIO is not installed.
    """
    if settings.color_space:
        from rgbcloud.color.color_names import find_color_space  # which takes a while

        return find_color_space(settings.color_space, settings.ocio or None)
    if settings.linear is None:
        return None
    return LINEAR_SRGB if settings.linear else SRGB


def color_space_of(settings: Settings, origin: Origin, dtype: str) -> ColorSpace:
    """Return what the numbers of images are as light, as `content_of` does, before they are counted."""
    return _display_space(_color_space(settings, origin, dtype), dtype)


def _display_space(told: _Told, dtype: str) -> ColorSpace:
    """Return the space that is told, or, if it is none of colours, what such numbers mostly are."""
    return told.space if told.space is not None and told.space.is_color else usual_color_space(dtype)


class _Told(NamedTuple):
    """What colours are, if that is known, how, and what a user should be told."""

    space: ColorSpace | None
    by: str = ""
    notes: tuple[str, ...] = ()


def _color_space(settings: Settings, origin: Origin, dtype: str) -> _Told:
    """Return what colours are by the first that says so: settings, host, file, rules; None: the depth."""
    asked = asked_color_space(settings)
    if asked is not None:
        return _Told(asked, "the settings")
    host = _by_host(settings, origin)
    if host.space is not None and host.space.is_color:
        if host.space != (origin.color_space or usual_color_space(dtype)):
            note = f"taken for {host.space.name}, as its colour space is {origin.host_color_space}"
            host = host._replace(notes=(f"{note}; set the colour space if not",))
        return host
    if origin.color_space is not None:
        told = _Told(origin.color_space, origin.told_by, host.notes)
    else:
        rules = _by_rules(settings, origin)
        told = rules._replace(notes=(*host.notes, *rules.notes))
    if told.space is not None and told.space.is_color and told.space != usual_color_space(dtype):
        told = told._replace(notes=(*told.notes, f"taken for {told.space.name}, as {told.by} says"))
    return told


def _by_host(settings: Settings, origin: Origin) -> _Told:
    name = origin.host_color_space
    if not name:
        return _Told(None)
    from rgbcloud.color.color_names import find_color_space  # which takes a while

    try:
        return _Told(find_color_space(name, settings.ocio or None), f"its colour space {name}")
    except InvalidArgumentError as error:
        return _Told(None, notes=(f"{error}: colours are taken for what the file says",))


def _by_rules(settings: Settings, origin: Origin) -> _Told:
    config = settings.ocio or os.environ.get("OCIO", "")
    if not config:
        return _Told(None)
    from rgbcloud.color.ocio_space import color_space_by_rules  # which takes a while

    try:
        return _Told(color_space_by_rules(config, origin.name), f"a file rule of {config}")
    except (InvalidArgumentError, MissingDependencyError) as error:
        if settings.ocio:
            raise
        return _Told(None, notes=(f"{error}: its file rules are not heeded",))


def _kind(
    histogram: Histogram, settings: Settings, origin: Origin, told: _Told, space: DistanceSpace
) -> tuple[KindName, list[str]]:
    if settings.kind != "auto":
        return settings.kind, []
    host = "" if split_suffix(origin.name)[1].lower() in DEEP_FORMATS else origin.host_color_space
    color_space = settings.color_space or host or (told.space.name if told.space else "")
    guess = guess_kind(origin.name, color_space)
    if len(histogram) == 0 or settings.space != "srgb":
        return "color", []
    if guess == "color":
        return "color", _note_of_labels(histogram, settings.colors)
    if guess == "normal" and not _are_normals(histogram, _normals(histogram, space)):
        note = "the name speaks of normals, but most texels are no unit vectors: taken for colours"
        return "color", [f"{note}; set the kind to normal to insist"]
    if guess == "labels" and not _are_labels(histogram, settings.colors):
        note = f"the name speaks of labels, but {settings.colors} do not cover it: taken for plain data"
        return "data", [f"{note}; set the kind to labels to insist"]
    told_by = "from its name" if guess == guess_kind(origin.name) else f"as its colour space is {color_space}"
    return guess, [f"taken for {_CALLED[guess]}, {told_by}; {_IF_NOT}"]


def _space(histogram: Histogram, settings: Settings, kind: KindName, space: DistanceSpace) -> DistanceSpace:
    """Return the space that images of a kind are clustered in."""
    if kind == "color":
        return replace(space, space=settings.space)
    if kind == "normal":
        return _normals(histogram, space)
    if histogram.dtype not in _FLOATING or len(histogram) == 0:
        return replace(space, kind="data")
    largest = float(np.abs(histogram.values.astype(np.float64)).max())
    scale = 2.0 ** np.floor(np.log2(_LARGEST / largest)) if largest > 0 else 1.0
    return replace(space, kind="data", scale=float(scale))


def _normals(histogram: Histogram, space: DistanceSpace) -> DistanceSpace:
    signed = histogram.dtype in _FLOATING and bool((histogram.values < -_NEGATIVE).any())
    return replace(space, kind="normal", signed=signed)


def _are_normals(histogram: Histogram, space: DistanceSpace) -> bool:
    length = np.sqrt((space.vectors(histogram.values) ** 2).sum(axis=1))
    unit = np.abs(length - 1) <= _UNIT_LENGTH
    return bool(histogram.coverage[unit].sum() >= _MOST * histogram.coverage.sum())


def _are_labels(histogram: Histogram, colors: int) -> bool:
    return bool(np.sort(histogram.coverage)[-colors:].sum() >= _MOST * histogram.coverage.sum())


def _note_of_labels(histogram: Histogram, colors: int) -> list[str]:
    """Return what to tell of an image whose name says nothing, and which looks like an ID map."""
    if len(histogram) <= colors:
        return []  # all come out as they went in
    total = histogram.coverage.sum()
    most = np.sort(histogram.coverage[histogram.coverage >= _LABEL * total])[-_FEW:]
    labels = len(most)
    if labels < 2 or most.sum() < _NEARLY_ALL * total:
        return []
    more = "" if labels <= colors else f" and as many colours ({labels})"
    held = f"{labels} of its {len(histogram):,} colours hold nearly all texels"
    return [f"{held}: if it is an ID map, set the kind to labels{more}, which keeps these exactly"]
