"""The RGB cube: its axes, its other edges, and its corners in their colours.

Displayed as Normal: Reference and Template have a colour of their own, which would take the place of ours
while a shape is not selected (mayaPrimCommon.cpp of Autodesk/maya-usd). So the cube can be selected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maya import cmds

from rgbcloud.cloud import AXES, CloudAxes
from rgbcloud_maya.cloud.locators import create_locator, let_color
from rgbcloud_maya.scene.undo import shape_of, short_name

if TYPE_CHECKING:
    from rgbcloud_maya.cloud.cloud_options import CloudOptions
    from rgbcloud_maya.scene.undo import Changes

_GREY = (0.3, 0.3, 0.3)
_CORNER = 0.02  # half the length of a corner's cross, in edges of the cube
_CORNERS = {
    "black": (0.0, 0.0, 0.0),
    "red": (1.0, 0.0, 0.0),
    "green": (0.0, 1.0, 0.0),
    "blue": (0.0, 0.0, 1.0),
    "yellow": (1.0, 1.0, 0.0),
    "cyan": (0.0, 1.0, 1.0),
    "magenta": (1.0, 0.0, 1.0),
    "white": (1.0, 1.0, 1.0),
}
_LINES = {
    "cube_red_axis": ("black red", _CORNERS["red"]),
    "cube_green_axis": ("black green", _CORNERS["green"]),
    "cube_blue_axis": ("black blue", _CORNERS["blue"]),
    # The nine other edges in one line, which goes over some twice.
    "cube_edges": ("red yellow green cyan blue magenta red magenta white yellow white cyan", _GREY),
}
_CORNER_COLORS = {f"cube_{name}": place for name, place in _CORNERS.items()}


def create_cube(changes: Changes, group: str) -> None:
    """Draw the cube with an edge of one scene unit; `size_cube` gives it its size and its colours."""
    for name, (corners, _) in _LINES.items():
        made = cmds.curve(name=name, degree=1, point=[_CORNERS[corner] for corner in corners.split()])
        changes.note_created(cmds.ls(made, long=True)[0])
        curve = changes.note_created(f"{group}|{short_name(cmds.parent(made, group, relative=True)[0])}")
        let_color(changes, shape_of(curve))
    for name, place in _CORNERS.items():
        corner, shape = create_locator(changes, group, f"cube_{name}")
        changes.set(f"{corner}.translate", *place)
        changes.set(f"{shape}.localScale", _CORNER, _CORNER, _CORNER)


def size_cube(changes: Changes, group: str, options: CloudOptions) -> None:
    """Give the cube its size; where its axes are others than red, green and blue, it is grey."""
    is_rgb = AXES[options.axes] == CloudAxes()
    colors = {**_CORNER_COLORS, **{name: color for name, (_, color) in _LINES.items()}}
    for child in cmds.listRelatives(group, children=True, fullPath=True, type="transform") or ():
        color = colors.get(short_name(child))
        if color is not None:
            changes.set(f"{shape_of(child)}.overrideColorRGB", *(color if is_rgb else _GREY))
    for axis in "XYZ":
        changes.set_free(f"{group}.scale{axis}", options.size)
