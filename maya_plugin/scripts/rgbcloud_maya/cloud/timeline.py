"""k-means on the timeline: scrubbing shows how a palette is found.

Per-particle arrays cannot be keyed. So each iteration has points of its own with keyed visibility, within
the cloud's budget, and one set of locators travels on keys.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from maya import cmds

from rgbcloud import FIELDS, PointCloud, Progress, iterations
from rgbcloud.cloud import axis_positions
from rgbcloud.progress import portion, silent
from rgbcloud_maya.cloud.cloud_nodes import (
    HIDDEN,
    ITERATIONS,
    CloudLook,
    create_part,
    end_iterations,
    options_of,
    parts_of,
    recipe_of,
    source_of,
)
from rgbcloud_maya.cloud.cloud_source import count_once
from rgbcloud_maya.cloud.locators import locators_of, update_locators
from rgbcloud_maya.cloud.particles import create_points, fill_points, points_of, rewind
from rgbcloud_maya.cloud.scene_cloud import own_cloud
from rgbcloud_maya.reducing.recipes import refuse_others
from rgbcloud_maya.scene.scene_errors import SceneError
from rgbcloud_maya.scene.undo import undo_step
from rgbcloud_maya.scene.units import centimetres_per_unit
from rgbcloud_maya.scene.waiting import while_waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import ColorHistogram, Palette, Recipe, Texture
    from rgbcloud.color import ColorSpace
    from rgbcloud_maya.cloud.cloud_options import CloudOptions
    from rgbcloud_maya.cloud.particles import Points
    from rgbcloud_maya.scene.undo import Changes


_HEEDED = ("colors", "seed", "kind", "linear", "mask")
_WHY = "iterations show plain k-means in sRGB; rebuild the cloud for that"
_OF_FILES = tuple(field.name for field in FIELDS if field.part in ("texels", "file"))


def show_iterations(
    cloud: str | None = None,
    *,
    start: float | None = None,
    step: float = 10.0,
    most: int = 12,
    progress: Progress = silent,
) -> str:
    """Lay the iterations of k-means out over frames, from random colours to where they come to rest.

    It is plain k-means on the colours as a display shows them, whatever the textures store: of the cloud's
    recipe it heeds the number of colours, the seed, the kind (colours or data), what light is stored, and the
    mask. What else a palette can depend on is refused, since this would show another one.

    The cloud's own points and locators are hidden meanwhile; `hide_iterations` brings them back. Iterations
    that are shown already are replaced. One undo step.

    Parameters
    ----------
    cloud : str, optional
        See `find_cloud`.
    start : float, optional
        Frame of the first iteration; left out: the current one.
    step : float, default 10
        Frames from one iteration to the next, above 0.
    most : int, default 12
        How many iterations are shown, at least 2.
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`, which leaves the scene as it is.

    Returns
    -------
    str
        Full path of the transform below which the iterations are.

    Raises
    ------
    RgbcloudError
        If there is no such cloud, its textures cannot be read, or a value is out of range; if the cloud's
        palette depends on what plain k-means does not know.
    """
    root = own_cloud(cloud)
    if not step > 0:
        raise SceneError(f"step must be a number of frames above 0, got {step!r}")
    if most < 2:
        raise SceneError(f"most must be at least 2 iterations, got {most!r}")
    recipe, source, options = recipe_of(root), source_of(root), options_of(root)
    refuse_others(recipe, (*_HEEDED, *_OF_FILES), _WHY)
    look = CloudLook(source, options, centimetres_per_unit())
    work = partial(_find_iterations, source.textures(), source.recipe_for(recipe), look, most)
    palettes, clouds, color_space = while_waiting(work, portion(progress, 0.0, 0.9))
    first = float(cmds.currentTime(query=True)) if start is None else start
    frames = [first + number * step for number in range(len(palettes))]
    with undo_step("Show k-means iterations", portion(progress, 0.9, 0.9)) as changes:
        before = end_iterations(changes, root)
        group = create_part(changes, root, ITERATIONS)
        _hide_others(changes, root, group)
        _create_points(changes, group, clouds, frames, options)
        update_locators(changes, group, palettes[-1], options, color_space)
        _let_locators_travel(group, palettes, frames, options, color_space)
        changes.delete_at_end(before)
    return group


def hide_iterations(cloud: str | None = None) -> None:
    """Remove the iterations of a cloud from the scene and show its own points and locators again.

    Parameters
    ----------
    cloud : str, optional
        See `find_cloud`.

    Raises
    ------
    SceneError
        If there is no such cloud, or it shows no iterations.
    """
    root = own_cloud(cloud)
    if ITERATIONS not in parts_of(root):
        raise SceneError(f"{root} shows no iterations")
    with undo_step("Hide k-means iterations") as changes:
        changes.delete_at_end(end_iterations(changes, root))


def _find_iterations(
    textures: Sequence[Texture], recipe: Recipe, look: CloudLook, most: int, progress: Progress
) -> tuple[list[Palette], list[Points], ColorSpace]:
    """Return each iteration's palette, what shows it, and what files hold; of Maya nothing is asked."""
    counts = count_once(textures, recipe, portion(progress, 0.0, 0.5))
    content = counts.content(recipe)
    if content.kind not in ("color", "data"):
        raise SceneError(f"{_WHY}; its textures hold {content.kind}, so set kind to color")
    color_space = content.space.color_space
    shown = counts.histogram.to_display(color_space)
    settings = recipe.settings
    part = portion(progress, 0.5, 0.95)
    palettes = iterations(shown, settings.colors, seed=settings.seed, most=most, progress=part)
    return list(palettes), _points_of_each(shown, palettes, look, color_space), color_space


def _hide_others(changes: Changes, root: str, group: str) -> None:
    """Hide the cloud's own points and locators, and remember which were visible."""
    parts = parts_of(root)
    shown = [
        part for part in ("points", "locators") if part in parts and cmds.getAttr(f"{parts[part]}.visibility")
    ]
    for part in shown:
        changes.set_free(f"{parts[part]}.visibility", False)
    changes.add_attribute(group, HIDDEN, dataType="string")
    changes.set(f"{group}.{HIDDEN}", " ".join(shown), data_type="string")


def _points_of_each(
    histogram: ColorHistogram, palettes: Sequence[Palette], look: CloudLook, color_space: ColorSpace
) -> list[Points]:
    """Return the points of every iteration, coloured by cluster: together no more than the budget."""
    budget = max(1, look.options.budget // len(palettes))
    thinned = replace(PointCloud.from_histogram(histogram, budget=budget), color_space=color_space)
    alike = replace(look.options, color_by="cluster")
    return [points_of(thinned.with_clusters(palette), alike, look.unit) for palette in palettes]


def _create_points(
    changes: Changes, group: str, clouds: Sequence[Points], frames: Sequence[float], options: CloudOptions
) -> None:
    made = []
    for number, points in enumerate(clouds):
        made.append(create_points(changes, group, f"iteration_{number:02d}"))
        fill_points(changes, made[-1], points, options)
    rewind(made)
    for number, node in enumerate(made):
        if number > 0:
            _key(node, "visibility", frames[0], 0.0, "step")
        _key(node, "visibility", frames[number], 1.0, "step")
        if number + 1 < len(made):
            _key(node, "visibility", frames[number + 1], 0.0, "step")


def _let_locators_travel(
    group: str,
    palettes: Sequence[Palette],
    frames: Sequence[float],
    options: CloudOptions,
    color_space: ColorSpace,
) -> None:
    """Let locators that stand as of the last palette come from where the first one has them."""
    for index, locator in enumerate(locators_of(group)):
        for frame, palette in zip(frames, palettes):
            color = palette.colors[index : index + 1]
            place = axis_positions(color, options.axes, color_space)[0] * options.size
            for axis, value in zip("XYZ", place.tolist()):
                _key(locator, f"translate{axis}", frame, value, "linear")


def _key(node: str, attribute: str, frame: float, value: float, tangent: str) -> None:
    cmds.setKeyframe(
        node, attribute=attribute, time=frame, value=value, inTangentType="linear", outTangentType=tangent
    )
