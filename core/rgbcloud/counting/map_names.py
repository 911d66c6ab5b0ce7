"""What a file's name says that a map is: the words of those who paint, scan and export textures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rgbcloud.formats import FORMATS, split_suffix

if TYPE_CHECKING:
    from rgbcloud.settings import KindName

# Words for what a map is, wherever they stand: nothing but a map is called so.
_ALWAYS: dict[KindName, frozenset[str]] = {
    "color": frozenset(
        (
            *("albedo", "basecolor", "basecolour", "basemap", "color", "colors", "colour", "colours"),
            *("dif", "diff", "diffuse", "emission", "emissive"),
        )
    ),
    "normal": frozenset(("nmap", "normal", "normalbump", "normalmap", "normals", "nrm", "nrml")),
    "labels": frozenset(("colorid", "idmap", "materialid", "matid", "objectid", "segmentation")),
    "data": frozenset(
        (
            *("anisotropy", "ao", "aorm", "curvature", "displacement", "dpra", "glossiness", "maskmap"),
            *("metallic", "metalness", "mrao", "msao", "occlusion", "opacity", "ord", "ordp", "orm", "rma"),
            *("roughness", "smoothness", "specularity", "vdisp"),
        )
    ),
}
# Words for what a map is of, too (a gas mask, rough wood, Norm): they count where the name ends in them.
_AT_THE_END: dict[KindName, frozenset[str]] = {
    "color": frozenset(("bc", "col", "d")),
    "normal": frozenset(("n", "nor", "norm")),
    "labels": frozenset(("id", "ids", "labels", "mask", "masks")),
    "data": frozenset(
        (
            *("alpha", "bump", "cavity", "clearcoat", "depth", "disp", "gloss", "height", "heights"),
            *("iridescence", "metal", "mr", "mtl", "occ", "position", "rgh", "rm", "rough", "thickness"),
            "transparency",
        )
    ),
}
# What a colour's alpha holds, told behind it: AlbedoTransparency.
_IN_ALPHA = frozenset(("alpha", "glossiness", "opacity", "smoothness", "transparency"))
_WORKFLOWS = frozenset(("metalness", "specular"))  # behind a size: Poliigon's COL_2K_METALNESS is a colour
# What may come after the last word that says something.
_SILENT = frozenset(
    (
        *("direct", "directx", "dx", "gl", "k", "lod", "map", "maps", "open", "opengl", "tex", "texture"),
        *("textures", "u", "udim", "v", "x", *(suffix[1:] for suffix in FORMATS)),
    )
)
_SIZE = r"\d+(?:\.\d+)?[kK](?![a-zA-Z])"
_WORD = re.compile(rf"{_SIZE}|(?:[^\W\d_]|[\udc80-\udcff])+")  # the bytes of names that are not UTF-8, too
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ALL = {word: kind for table in (_ALWAYS, _AT_THE_END) for kind, words in table.items() for word in words}
_LONG = sorted((word for word in {*_ALL, *_SILENT} if len(word) > 2), key=len, reverse=True)


def kind_by_name(name: str) -> KindName | None:
    """Return what the name of a file says that it holds; None if nothing.

    Parameters
    ----------
    name : str
        With or without folders, which say nothing. The last telling word counts.

    Examples
    --------
    >>> [kind_by_name(name) for name in ("gas_mask_BaseColor.png", "gas_mask.png", "rough_wood.png")]
    ['color', 'labels', None]
    """
    stem = split_suffix(name.replace("\\", "/"))[0]
    words = _words(re.sub(r"(?i)(?<![a-z])v\d+|\d+x\d+", " ", stem))
    is_end = True
    for number in range(len(words) - 1, -1, -1):
        word, before = words[number].lower(), [other.lower() for other in words[:number]]
        if re.fullmatch(_SIZE, word) or word in _SILENT:
            continue
        if word in _IN_ALPHA and before and (before[-1] == "specular" or _ALL.get(before[-1]) == "color"):
            continue
        if word in _WORKFLOWS and len(before) > 1 and re.fullmatch(_SIZE, before[-1]) and before[-2] in _ALL:
            continue
        for table in (_ALWAYS, _AT_THE_END) if is_end else (_ALWAYS,):
            for kind, known in table.items():
                if word in known:
                    return kind
        if is_end and _is_packed(words, number, stem):
            return "data"
        is_end = False
    return None


def _words(stem: str) -> list[str]:
    """Return a name in words, joined ones taken apart: ``occlusionroughnessmetal``, ``NormalGL``."""
    words: list[str] = []
    for chunk in _WORD.findall(stem):
        if chunk.lower() in _ALL or re.fullmatch(_SIZE, chunk):
            words.append(chunk)
            continue
        for part in _PART.findall(chunk) if chunk.isascii() else [chunk]:
            words += (part.lower() not in _ALL and _joined_words(part.lower())) or [part]
    return words


def _joined_words(part: str) -> list[str]:
    """Return the known words that a part is joined of; none where it is not (re compiles these for 10 ms)."""
    for word in _LONG:
        if part == word:
            return [word]
        if part.startswith(word) and (rest := _joined_words(part[len(word) :])):
            return [word, *rest]
    return []


def _is_packed(words: list[str], number: int, stem: str) -> bool:
    """Whether a word means data by its writing only: an arm is a limb, and ARM is occlusion to metalness."""
    word, after = words[number], words[number + 1 :]
    if word.lower() == "arm":
        return word == "ARM" or any(re.fullmatch(_SIZE, other) for other in after)
    return word == "H" and stem.startswith("T_")  # Unreal's height
