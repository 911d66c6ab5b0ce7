"""What should not be reduced: textures whose colours are no colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rgbcloud import guess_kind

if TYPE_CHECKING:
    from rgbcloud_maya.nodes.image_nodes import ImageNode
    from rgbcloud_maya.nodes.plug_meanings import Meaning
    from rgbcloud_maya.nodes.texture_uses import Uses

_TAKES: dict[Meaning, str] = {
    "color": "colours",
    "scalar": "smooth numbers rather than colours",
    "normal": "normals rather than colours",
    "height": "heights rather than colours",
    "opacity": "opacity rather than colours",
}
_RAW_BY_RULE = (".exr", ".hdr", ".tx")
_CALLED = {"data": _TAKES["scalar"], "normal": _TAKES["normal"]}


class Verdict(NamedTuple):
    """Whether a texture should be reduced."""

    reason: str = ""
    """Why it should be left as it is, a part of a sentence; "" if nothing is wrong with it."""
    kind: str = ""
    """The same without names, to put textures together by."""
    note: str = ""
    """What the user should know though it is reduced, a part of a sentence."""


def verdict_on(node: ImageNode, uses: Uses) -> Verdict:
    """Judge a texture by its colour space and by what it feeds.

    One that feeds no colour but smooth numbers, normals, heights or opacity would get steps from a palette,
    and one whose colour space is none, such as Raw, holds numbers: but for EXR, HDR and .tx files that feed
    colours, since Maya's default rules make Raw of all of these. One that feeds colours, too, is reduced.
    Of one that feeds nothing of which it is known what it takes, the file's name tells.
    """
    color_space = node.color_space
    is_linear = node.path.lower().endswith(_RAW_BY_RULE) and "color" in uses.meanings
    if guess_kind("", color_space) == "data" and not is_linear:
        kind = f"its colour space is {color_space}, so it holds numbers rather than colours"
        return Verdict(kind, kind)
    # With alphaIsLuminance, alpha is made of the colours.
    is_alpha_kept = not node.values.is_on("alphaIsLuminance")
    if node.kind.holds is not None:
        kind = f"it is a {node.kind.node_type}, which takes {_TAKES[node.kind.holds]}"
        return Verdict(kind, kind)
    others = [use for use in uses.inputs if use.meaning != "color"]
    if not others:
        return Verdict() if uses.inputs else _verdict_by_name(node.path)
    first = others[0]
    takes = _TAKES[first.meaning]
    if "color" not in uses.meanings:
        return Verdict(f"it feeds {first.plug}, which takes {takes}", f"it feeds what takes {takes}")
    stepped = [use for use in others if not (use.by_alpha and is_alpha_kept)]
    if not stepped:
        return Verdict()
    use = stepped[0]
    plain = _TAKES[use.meaning].partition(" rather")[0]
    return Verdict(note=f"also feeds {use.plug}, which takes {plain}: look there for steps")


def _verdict_by_name(path: str) -> Verdict:
    kind = guess_kind(path)
    if kind not in _CALLED:
        return Verdict()
    says = f"its name says that it holds {_CALLED[kind]}"
    return Verdict(says, says)
