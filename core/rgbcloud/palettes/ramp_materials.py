"""Materials that look palette indices up in a strip of their colours, in nodes of MaterialX.

The index map is read raw and unfiltered; index i of K stands in its texels as i / 255, and in the middle of
the strip's texel i at (i + 1/2) / K.

References
----------
Academy Software Foundation (2024), MaterialX Specification 1.39, Standard Nodes: image, multiply, add and
combine2; the names of their definitions are the shader IDs of UsdShade.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Union
from xml.sax.saxutils import quoteattr


class _File(NamedTuple):
    """A texture, and what its numbers are."""

    name: str
    color_space: str


_Input = tuple[str, Union[str, float, _File]]


class _Node(NamedTuple):
    """A node of a material."""

    category: str
    type: str
    definition: str
    inputs: dict[str, _Input]
    """The type of each, and its value or, after a ``^``, the node that it is plugged into."""


_USD_TYPES = {"color3": "color3f", "vector2": "float2", "surfaceshader": "token"}


def ramp_material(index: str, ramp: str, colors: int, *, name: str, color_space: str, suffix: str) -> bytes:
    """Return a material file.

    Parameters
    ----------
    index, ramp : str
        The names of both images, beside the file; that of indices may have ``<UDIM>`` in it.
    colors : int
        Of the strip.
    name : str
        Of the material; what identifiers cannot have becomes ``_``.
    color_space : str
        Of the strip: ``"srgb_texture"`` or ``"lin_rec709"``.
    suffix : {".mtlx", ".usda"}
    """
    own = re.sub(r"\W", "_", name, flags=re.ASCII)
    own = f"_{own}" if own[:1].isdigit() else own
    nodes = _nodes(_File(index, "raw"), _File(ramp, color_space), colors)
    return (_mtlx(own, nodes) if suffix == ".mtlx" else _usda(own, nodes)).encode()


def _nodes(index: _File, ramp: _File, colors: int) -> dict[str, _Node]:
    unfiltered: _Input = ("string", "closest")
    number: dict[str, _Input] = {"file": ("filename", index), "filtertype": unfiltered}
    at: dict[str, _Input] = {"file": ("filename", ramp), "filtertype": unfiltered}
    at.update(
        texcoord=("vector2", "^place"), uaddressmode=("string", "clamp"), vaddressmode=("string", "clamp")
    )
    return {
        "index": _Node("image", "float", "ND_image_float", number),
        "scaled": _Node(
            "multiply",
            "float",
            "ND_multiply_float",
            {"in1": ("float", "^index"), "in2": ("float", 255 / colors)},
        ),
        "middle": _Node(
            "add", "float", "ND_add_float", {"in1": ("float", "^scaled"), "in2": ("float", 0.5 / colors)}
        ),
        "place": _Node(
            "combine2",
            "vector2",
            "ND_combine2_vector2",
            {"in1": ("float", "^middle"), "in2": ("float", 0.5)},
        ),
        "ramp": _Node("image", "color3", "ND_image_color3", at),
        "surface": _Node(
            "standard_surface",
            "surfaceshader",
            "ND_standard_surface_surfaceshader",
            {"base_color": ("color3", "^ramp")},
        ),
    }


def _mtlx(name: str, nodes: dict[str, _Node]) -> str:
    lines = ['<?xml version="1.0"?>', '<materialx version="1.38">']
    for own, node in nodes.items():
        lines.append(f'  <{node.category} name="{name}_{own}" type="{node.type}">')
        for plug, (kind, value) in node.inputs.items():
            given = f"value={quoteattr(str(value))}"
            if isinstance(value, _File):
                given = f"value={quoteattr(value.name)}"
                given += "" if value.color_space == "raw" else f' colorspace="{value.color_space}"'
            elif str(value).startswith("^"):
                given = f'nodename="{name}_{str(value)[1:]}"'
            lines.append(f'    <input name="{plug}" type="{kind}" {given} />')
        lines.append(f"  </{node.category}>")
    plug = f'<input name="surfaceshader" type="surfaceshader" nodename="{name}_surface" />'
    material = f'  <surfacematerial name="{name}" type="material">'
    return "\n".join([*lines, material, f"    {plug}", "  </surfacematerial>", "</materialx>", ""])


def _usda(name: str, nodes: dict[str, _Node]) -> str:
    lines = ["#usda 1.0", "(", f'    defaultPrim = "{name}"', ")", "", f'def Material "{name}"', "{"]
    lines.append(f"    token outputs:mtlx:surface.connect = </{name}/surface.outputs:out>")
    for own, node in nodes.items():
        lines += [
            "",
            f'    def Shader "{own}"',
            "    {",
            f'        uniform token info:id = "{node.definition}"',
        ]
        for plug, (kind, value) in node.inputs.items():
            typed = f"{_USD_TYPES.get(kind, kind)} inputs:{plug}"
            if isinstance(value, _File):
                space = f'( colorSpace = "{value.color_space}" )'
                lines.append(f"        asset inputs:{plug} = @@@{value.name}@@@ {space}")
            elif str(value).startswith("^"):
                lines.append(f"        {typed}.connect = </{name}/{str(value)[1:]}.outputs:out>")
            else:
                lines.append(f"        {typed} = " + (f'"{value}"' if kind == "string" else f"{value}"))
        lines += [f"        {_USD_TYPES.get(node.type, node.type)} outputs:out", "    }"]
    return "\n".join([*lines, "}", ""])
