"""What the commands do: from flags to the functions' arguments, and back to what Maya can return."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rgbcloud import Goal, RgbcloudError, Settings, save_palette
from rgbcloud_maya.cloud import (
    apply_locators,
    build_cloud,
    cloud_of,
    clouds,
    find_cloud,
    remove_cloud,
)
from rgbcloud_maya.cloud_nodes import options_of, settings_of
from rgbcloud_maya.errors import SceneError
from rgbcloud_maya.image_nodes import find_image_nodes
from rgbcloud_maya.node_state import original_of, state_of
from rgbcloud_maya.options import CloudOptions
from rgbcloud_maya.progress import main_progress_bar
from rgbcloud_maya.reducing import reduce, revert, textures
from rgbcloud_maya.sources import CloudSource
from rgbcloud_maya.timeline import hide_iterations, show_iterations

if TYPE_CHECKING:
    from rgbcloud_maya.commands import Call

USER_ERRORS = (RgbcloudError,)

_OPTION_OF = {
    "parts": "parts",
    "colorBy": "color_by",
    "size": "size",
    "budget": "budget",
    "pointSize": "point_size",
    "linearDisplay": "linear",
}
_SETTING_OF = {
    "colors": "colors",
    "seed": "seed",
    "effort": "effort",
    "locked": "locked",
    "weightPower": "weight_power",
    "space": "space",
    "kind": "kind",
    "storedLinear": "linear",
    "dither": "dither",
    "ditherStrength": "dither_strength",
    "serpentine": "serpentine",
    "indexed": "indexed",
    "recolored": "recolored",
    "squeeze": "squeeze",
}
_WISH_OF = {"palette": "palette", "like": "like", "mask": "mask"}
_GOAL_OF = {"psnr": "psnr", "deltaE": "delta_e", "maxBytes": "max_bytes", "knee": "knee"}
_SHOWS_ALL = -1  # of isolate, since a flag cannot be None


def cloud(call: Call) -> Any:
    """Run `rgbCloud`."""
    if call.is_query:
        return _cloud_value(call)
    name = _one_or_none(call)
    if "remove" in call.flags:
        return remove_cloud(name)
    if "hideIterations" in call.flags:
        return hide_iterations(name)
    with main_progress_bar() as progress:
        if "applyLocators" in call.flags:
            results = apply_locators(name, folder=call.flags.get("folder"), progress=progress)
            return [result.node for result in results if result.status == "reduced"]
        if "iterations" in call.flags:
            return show_iterations(
                name,
                start=call.flags.get("startFrame"),
                step=call.flags.get("frameStep", 10.0),
                most=call.flags["iterations"],
                progress=progress,
            )
        there = cloud_of(call.objects or None)
        settings = settings_of(there) if there else Settings()
        options = options_of(there) if there else CloudOptions()
        return build_cloud(
            call.objects or None,
            replace(settings, **_given_settings(call)),
            replace(options, **_given_options(call)),
            progress=progress,
        )


def reduce_textures(call: Call) -> Any:
    """Run `rgbCloudReduce`."""
    if call.is_query:
        return _texture_value(call)
    with main_progress_bar() as progress:
        results = reduce(
            call.objects or None,
            Settings(**_given_settings(call)),
            **_given(call, _WISH_OF),
            goal=Goal.asked(**_given(call, _GOAL_OF)),
            folder=call.flags.get("folder"),
            force="force" in call.flags,
            progress=progress,
        )
    return [result.node for result in results if result.status == "reduced"]


def revert_textures(call: Call) -> Any:
    """Run `rgbCloudRevert`."""
    if "allTextures" in call.flags:
        reduced = _reduced_nodes()
        return revert(reduced) if reduced else []
    return revert(call.objects or None)


def find_palette(call: Call) -> Any:
    """Run `rgbCloudPalette`."""
    settings = Settings(**_given_settings(call))
    with main_progress_bar() as progress:
        source = CloudSource.find(call.objects or None)
        palette = source.palette(source.histogram(progress), settings)
    if "saveAs" in call.flags:
        save_palette(call.flags["saveAs"], palette)
    return palette.shares.tolist() if "shares" in call.flags else palette.to_hex()


def _cloud_value(call: Call) -> Any:
    """Return what a query of `rgbCloud` asks for."""
    if "clouds" in call.flags:
        return clouds()
    root = find_cloud(_one_or_none(call))
    settings, options = settings_of(root), options_of(root)
    for flag in call.flags:
        if flag in _SETTING_OF:
            return _returnable(getattr(settings, _SETTING_OF[flag]))
        if flag == "isolate":
            return _SHOWS_ALL if options.isolate is None else options.isolate
        if flag in _OPTION_OF:
            return _returnable(getattr(options, _OPTION_OF[flag]))
    raise SceneError("rgbCloud can be queried for clouds, colors, seed, effort and how a cloud looks")


def _texture_value(call: Call) -> Any:
    """Return what a query of `rgbCloudReduce` asks for."""
    if "reduced" in call.flags:
        return _reduced_nodes()
    node = find_image_nodes(call.objects or None)[0]
    state = state_of(node)
    if "originalPath" in call.flags:
        return state.path if state else original_of(node)[0]
    for flag in call.flags:
        if state is not None and flag in _SETTING_OF:
            return _returnable(getattr(state.settings, _SETTING_OF[flag]))
        if state is not None and flag in _WISH_OF:
            return getattr(state.wishes, _WISH_OF[flag])
        if state is not None and flag in _GOAL_OF:
            return getattr(state.wishes.goal, _GOAL_OF[flag], None) or 0
    if state is None:
        raise SceneError(f"{node.name} shows its original; only a reduced texture has settings")
    raise SceneError("rgbCloudReduce can be queried for reduced, originalPath and a reduced node's settings")


def _reduced_nodes() -> list[str]:
    return [texture.node for texture in textures() if texture.settings]


def _given_settings(call: Call) -> dict[str, Any]:
    given = _given(call, _SETTING_OF)
    if "recolored" in given:
        given["recolored"] = [text.split("=") for text in given["recolored"]]
    return given


def _given(call: Call, names: dict[str, str]) -> dict[str, Any]:
    """Return the values of the flags that are among some, by other names."""
    return {names[flag]: value for flag, value in call.flags.items() if flag in names}


def _returnable(value: Any) -> Any:
    """Return what Maya takes as a result: pairs as they are given, with an equals sign."""
    if isinstance(value, tuple):
        return ["=".join(item) if isinstance(item, tuple) else item for item in value]
    return value


def _given_options(call: Call) -> dict[str, Any]:
    given = _given(call, _OPTION_OF)
    if "isolate" in call.flags:
        isolate = call.flags["isolate"]
        given["isolate"] = None if isolate == _SHOWS_ALL else isolate
    return given


def _one_or_none(call: Call) -> str | None:
    if len(call.objects) > 1:
        raise SceneError(f"name one cloud, got {len(call.objects)}: {', '.join(call.objects)}")
    return call.objects[0] if call.objects else None
