"""What a texture's numbers mean, and what follows from it: the space to cluster in, or exact labels."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.clustering.cluster import check_not_empty, cluster
from rgbcloud.color.codes import to_codes
from rgbcloud.color.distance import WorkingSpace
from rgbcloud.color.spaces import is_linear
from rgbcloud.images.oiio_reading import is_deep
from rgbcloud.palettes.palette import Palette, hex_to_colors
from rgbcloud.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud.color.codes import IntArray
    from rgbcloud.color.distance import StoredArray
    from rgbcloud.counting.histogram import ColorHistogram
    from rgbcloud.settings import KindName, Settings
    from rgbcloud.textures.texture import Texture

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
# Whether files hold linear light that say nothing of it; of .tx it depends on the depth. Others hold none.
_ARE_LINEAR = {".exr": True, ".hdr": True, ".tx": None}
_UNIT_LENGTH = 0.25  # how much longer or shorter than 1 a normal may be
_MOST = 0.9  # the part of the texels that must bear a guess out


class Meaning(NamedTuple):
    """What a texture holds, and what a user should be told about how that was found."""

    kind: KindName
    notes: list[str]


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


def heeding(settings: Settings, texture: Texture) -> tuple[Settings, list[str]]:
    """Return settings that say what a texture's colour space does, where they leave it open.

    Parameters
    ----------
    settings : Settings
    texture : Texture
        The name of its first file counts, too.

    Returns
    -------
    settings : Settings
        Raw textures hold data if their name says nothing else. Not so EXR, HDR and .tx files: Maya's default
        rules give Raw to all of these, which holds linear light then, as such files say themselves.
    notes : list of str
        What the colour space has told, a sentence each.
    """
    path, color_space = texture.paths[0], texture.color_space
    linear, notes = is_linear(color_space), []
    guess = guess_kind(path.name, color_space)
    if settings.kind == "auto" and guess != guess_kind(path.name) and not is_deep(path):
        settings = replace(settings, kind=guess)
        notes.append(f"taken for {_CALLED[guess]}, as its colour space is {color_space}; {_IF_NOT}")
    if (
        settings.linear is None
        and linear is not None
        and linear != _ARE_LINEAR.get(path.suffix.lower(), False)
    ):
        settings = replace(settings, linear=linear)
        light = "linear light" if linear else "sRGB"
        notes.append(
            f"taken for {light}, as its colour space is {color_space}; say whether it is linear if not"
        )
    return settings, notes


def meaning_of(
    settings: Settings,
    name: str,
    values: StoredArray,
    coverage: IntArray,
    *,
    space: WorkingSpace | None = None,
    color_space: str = "",
) -> Meaning:
    """Return what settings say a texture holds; where they leave it open, what name and content say.

    Parameters
    ----------
    settings : Settings
    name : str
        The file's.
    values : ndarray of shape (n, 3)
        Its distinct stored values,
    coverage : ndarray of shape (n,), int64
        and how much each of them covers.
    space : WorkingSpace, optional
        How the values are stored; 8-bit if left out.
    color_space : str, optional
        See `guess_kind`.

    Returns
    -------
    Meaning
        A guess is always told, and one that the content speaks against is not followed.
    """
    if settings.kind != "auto":
        return Meaning(settings.kind, [])
    guess = guess_kind(name, color_space)
    if guess == "color" or len(values) == 0:
        return Meaning("color", [])
    if guess == "normal" and not _are_normals(values, coverage, space or WorkingSpace()):
        note = "the name speaks of normals, but most texels are no unit vectors: taken for colours"
        return Meaning("color", [f"{note}; set the kind to normal to insist"])
    if guess == "labels" and not _are_labels(coverage, settings.colors):
        note = f"the name speaks of labels, but {settings.colors} do not cover it: taken for plain data"
        return Meaning("data", [f"{note}; set the kind to labels to insist"])
    source = "name" if guess == guess_kind(name) else "colour space"
    return Meaning(guess, [f"taken for {_CALLED[guess]}, from its {source}; {_IF_NOT}"])


def _are_normals(values: StoredArray, coverage: IntArray, space: WorkingSpace) -> bool:
    length = np.sqrt((space.vectors(values) ** 2).sum(axis=1))
    unit = np.abs(length - 1) <= _UNIT_LENGTH
    return bool(coverage[unit].sum() >= _MOST * coverage.sum())


def _are_labels(coverage: IntArray, colors: int) -> bool:
    return bool(np.sort(coverage)[-colors:].sum() >= _MOST * coverage.sum())


def working_space_of(settings: Settings, kind: KindName) -> WorkingSpace:
    """Return the space in which an 8-bit texture of some kind is clustered."""
    if kind == "color":
        return WorkingSpace(settings.space, linear=bool(settings.linear))
    return WorkingSpace(meaning="normal" if kind == "normal" else "data")


def settings_palette(
    histogram: ColorHistogram,
    settings: Settings,
    kind: KindName | None = None,
    *,
    progress: Progress = silent,
) -> Palette:
    """Return the palette of an 8-bit texture of some kind: clustered, or its most frequent labels.

    Without a kind it is that of the settings, and colours where these leave it open.

    Raises
    ------
    InvalidArgumentError
        If the histogram is empty.
    """
    if kind is None:
        kind = "color" if settings.kind == "auto" else settings.kind
    if kind == "labels":
        return frequent(histogram, settings.colors, settings.locked)
    return cluster(
        histogram,
        settings.colors,
        seed=settings.seed,
        effort=settings.effort,
        locked=settings.locked,
        weight_power=settings.weight_power,
        space=working_space_of(settings, kind),
        progress=progress,
    )


def frequent(histogram: ColorHistogram, colors: int, locked: Sequence[str] = ()) -> Palette:
    """Return the locked colours and those that most texels have, equal ones by red, green, blue.

    A label must come out as the very number that went in, so that there are no means. Should there be more
    labels than `colors`, texels of the others take the nearest of those kept, as antialiased edges want it.
    """
    check_not_empty(histogram)
    fixed = hex_to_colors(locked)
    free = np.flatnonzero(~np.isin(histogram.codes, to_codes(fixed)))
    order = free[np.argsort(-histogram.coverage[free], kind="stable")][: colors - len(fixed)]
    return Palette(np.concatenate([fixed, histogram.colors[order]])).measured(histogram)
