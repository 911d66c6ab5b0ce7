"""What a texture holds (colours, normals, labels, data), and in which space its numbers are clustered."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.color.distance import DistanceSpace
from rgbcloud.color.spaces import is_linear
from rgbcloud.images.formats import DEEP_FORMATS

if TYPE_CHECKING:
    from rgbcloud.counting.value_histogram import Histogram
    from rgbcloud.settings import KindName, Settings

# Words in file names, as texture painters and their exporters write them.
_WORDS: dict[KindName, frozenset[str]] = {
    "normal": frozenset(("n", "nor", "norm", "normal", "normals", "nrm", "nrml", "nmap", "normalmap")),
    "labels": frozenset(("id", "ids", "idmap", "label", "labels", "mask", "masks", "matid", "segmentation")),
    "data": frozenset(
        (
            *("ao", "bump", "cavity", "curvature", "depth", "disp", "displacement", "gloss", "glossiness"),
            *("height", "metal", "metallic", "metalness", "mtl", "occlusion", "opacity", "orm", "rma"),
            *("rgh", "rough", "roughness", "specularity", "thickness", "vdisp"),
        )
    ),
}
_RAW = re.compile(r"\b(raw|data|non-?colou?r)\b", re.IGNORECASE)  # names of colour spaces that hold none
_IF_NOT = "set the kind to color if not"
_CALLED = {"normal": "a normal map", "labels": "exact labels", "data": "plain data"}
_FLOATING = ("float16", "float32")
_LARGEST = 16.0  # coordinates whose squared distances are exact
_NEGATIVE = 0.01  # numbers below minus this are no noise
_UNIT_LENGTH = 0.25  # how much longer or shorter than 1 a normal may be
_MOST = 0.9  # the part of the texels that must bear a guess out


class Content(NamedTuple):
    """What the numbers of images are.

    Attributes
    ----------
    kind : {"color", "data", "normal", "labels"}
    space : DistanceSpace
        What the stored numbers mean, and where distances between them are taken.
    notes : tuple of str
        How that was found, as far as a user should be told: a sentence each.
    """

    kind: KindName
    space: DistanceSpace
    notes: tuple[str, ...] = ()


class Origin(NamedTuple):
    """What is known of images beside their texels.

    Attributes
    ----------
    name : str
        Of the first file.
    linear : bool
        Whether the files say, or their type means, that colours are linear light.
    color_space : str
        What the files call it; empty if nothing.
    host_color_space : str
        What the host calls it that shows the texture; empty if nothing.
    """

    name: str
    linear: bool = False
    color_space: str = ""
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
    stem = PurePath(name.replace("\\", "/")).name
    for word in reversed(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", stem.rpartition(".")[0] or stem)):
        for kind, words in _WORDS.items():
            if word.lower() in words:
                return kind
    return "data" if _RAW.search(color_space) else "color"


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
    """
    linear, light_notes = _light(settings, origin)
    space = DistanceSpace(linear=linear, dtype=histogram.dtype)
    kind, kind_notes = _kind(histogram, settings, origin, space)
    return Content(kind, _space(histogram, settings, kind, space), (*kind_notes, *light_notes))


def _light(settings: Settings, origin: Origin) -> tuple[bool, list[str]]:
    """Return whether colours are linear light, and what a user should be told about that."""
    if settings.linear is not None:
        return settings.linear, []
    host = is_linear(origin.host_color_space)
    if host is None or host == origin.linear:
        return origin.linear, []
    light = "linear light" if host else "sRGB"
    space = origin.host_color_space
    return host, [f"taken for {light}, as its colour space is {space}; say whether it is linear if not"]


def _kind(
    histogram: Histogram, settings: Settings, origin: Origin, space: DistanceSpace
) -> tuple[KindName, list[str]]:
    if settings.kind != "auto":
        return settings.kind, []
    host = "" if Path(origin.name).suffix.lower() in DEEP_FORMATS else origin.host_color_space
    color_space = host or origin.color_space
    guess = guess_kind(origin.name, color_space)
    if guess == "color" or len(histogram) == 0 or settings.space != "srgb":
        return "color", []
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
