"""A locator for every palette colour, at its place in the cube.

Its override colour has sRGB numbers: no source tells that a view transforms wires as it does surfaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from maya import cmds

from rgbcloud.cloud import axis_colors, axis_positions
from rgbcloud_maya.scene.undo import shape_of, short_name

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud import Palette
    from rgbcloud.color import ColorSpace
    from rgbcloud_maya.cloud.cloud_options import CloudOptions
    from rgbcloud_maya.scene.undo import Changes

INDEX = "rgbcloudIndex"
POPULATION = "rgbcloudPopulation"
HEX = "rgbcloudHex"

_LARGEST = 0.1  # half the length of the locator of all texels, in edges of the cube
_SMALLEST = 0.005  # a locator that nobody sees cannot be dragged


def locators_of(group: str) -> list[str]:
    """Return the locators' transforms in a group, by index, as full paths."""
    children = cmds.listRelatives(group, children=True, fullPath=True, type="transform") or ()
    found = [child for child in children if cmds.attributeQuery(INDEX, node=child, exists=True)]
    return sorted(found, key=lambda locator: int(cmds.getAttr(f"{locator}.{INDEX}")))


def update_locators(
    changes: Changes, group: str, palette: Palette, options: CloudOptions, color_space: ColorSpace
) -> list[str]:
    """Give a group one locator for each colour: those that are there get new values, missing ones are made.

    Returns
    -------
    list of str
        The locators that are left over, to be deleted when all else is done.
    """
    there = locators_of(group)
    wanted = [f"c_{code.lstrip('#')}" for code in palette.to_hex()]  # names have no #
    kept = _rename_all(changes, there[: len(wanted)], wanted)
    for index in range(len(kept), len(wanted)):
        kept.append(_create(changes, group, wanted[index]))
    for index, locator in enumerate(kept):
        _fill(changes, locator, index, palette, options)
    places = axis_positions(palette.colors, options.axes, color_space) * options.size
    for locator, place in zip(kept, places.tolist()):
        for axis, value in zip("XYZ", place):
            changes.set_free(f"{locator}.translate{axis}", value)
    return there[len(wanted) :]


def colors_of_locators(
    locators: list[str], options: CloudOptions, color_space: ColorSpace
) -> npt.NDArray[np.uint8]:
    """Return the colours where locators stand now, clamped to the cube: shape (n, 3), uint8, sRGB."""
    places = np.array([cmds.getAttr(f"{locator}.translate")[0] for locator in locators])
    return axis_colors(places / options.size, options.axes, color_space)


def create_locator(changes: Changes, group: str, name: str) -> tuple[str, str]:
    """Make a locator that has a colour of its own; return its transform and its shape."""
    made = cmds.createNode("transform", name=name, parent=group, skipSelect=True)
    locator = changes.note_created(f"{group}|{short_name(made)}")
    shape = cmds.createNode("locator", name=f"{short_name(made)}Shape", parent=locator, skipSelect=True)
    shape = f"{locator}|{short_name(shape)}"
    let_color(changes, shape)
    return locator, shape


def let_color(changes: Changes, shape: str) -> None:
    """Let a shape be drawn in the colour of its override."""
    changes.set(f"{shape}.overrideEnabled", True)
    changes.set(f"{shape}.overrideRGBColors", True)


def _create(changes: Changes, group: str, name: str) -> str:
    locator, _ = create_locator(changes, group, name)
    changes.add_attribute(locator, INDEX, attributeType="long")
    changes.add_attribute(locator, POPULATION, attributeType="double")
    changes.add_attribute(locator, HEX, dataType="string")
    return locator


def _rename_all(changes: Changes, locators: list[str], names: list[str]) -> list[str]:
    """Name locators after their new colours, all at once: two of them may swap names."""
    changing = [number for number, locator in enumerate(locators) if short_name(locator) != names[number]]
    result = list(locators)
    for number in changing:
        result[number] = changes.rename(result[number], f"rgbcloud_renaming_{number}")
    for number in changing:
        result[number] = changes.rename(result[number], names[number])
    return result


def _fill(changes: Changes, locator: str, index: int, palette: Palette, options: CloudOptions) -> None:
    shape = shape_of(locator)
    color = palette.colors[index : index + 1]
    changes.set(f"{locator}.{INDEX}", index)
    changes.set(f"{locator}.{POPULATION}", float(palette.populations[index]))
    changes.set(f"{locator}.{HEX}", palette.to_hex()[index], data_type="string")
    length = float(max(_SMALLEST, _LARGEST * np.cbrt(palette.shares[index])) * options.size)
    changes.set_free(f"{shape}.localScale", length, length, length)
    changes.set_free(f"{shape}.overrideColorRGB", *(color[0] / 255.0).tolist())
    changes.set_free(f"{locator}.visibility", options.isolate in (None, index))
